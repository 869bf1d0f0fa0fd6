"""The collector of cyclic garbage is held back while much is read, and never for good."""

import gc
import os
import threading
import weakref

import pytest

from connector.wire import collector
from connector.wire.collector import Hold


class Knot:
    """Garbage that only the collector can find."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def _collector_is_on():
    gc.enable()
    yield
    assert gc.isenabled()


@pytest.mark.parametrize("is_long", [False, True])
def test_the_collector_is_off_within_and_on_after(is_long):
    with Hold(is_long=is_long):
        assert not gc.isenabled()
        with Hold():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_exception_lets_go():
    with pytest.raises(KeyError), Hold():
        raise KeyError
    assert gc.isenabled()


def test_the_last_of_several_threads_lets_go():
    inside, leave = threading.Event(), threading.Event()

    def hold():
        with Hold():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    with Hold():
        thread.start()
        assert inside.wait(10)
    assert not gc.isenabled()
    leave.set()
    thread.join()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off(monkeypatch):
    gc.disable()
    monkeypatch.setattr(collector, "BREATH_S", 0)
    monkeypatch.setattr(gc, "collect", lambda: pytest.fail("Whoever turned it off collects when they want."))
    with Hold(is_long=True) as hold:
        hold.breathe()
    assert not gc.isenabled()
    gc.enable()


def test_what_is_made_within_a_long_hold_is_old_afterwards():
    with Hold(is_long=True):
        made = [[] for _ in range(1000)]
    assert {id(one) for one in made} <= {id(one) for one in gc.get_objects(generation=2)}


def test_objects_that_somebody_froze_stay_frozen():
    gc.freeze()
    frozen = gc.get_freeze_count()
    try:
        with Hold(is_long=True):
            pass
        # Frozen objects that nothing refers to any more go.
        assert gc.get_freeze_count() > frozen // 2
    finally:
        gc.unfreeze()


def test_garbage_goes_while_the_collector_is_held_back(monkeypatch):
    monkeypatch.setattr(collector, "BREATH_S", 3600)
    with Hold(is_long=True) as hold:
        knot = weakref.ref(Knot())
        hold.breathe()
        assert knot() is not None
        monkeypatch.setattr(collector, "BREATH_S", 0)
        hold.breathe()
        assert knot() is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_starts_with_the_collector_on():
    with Hold():
        child = os.fork()
        if not child:
            os._exit(0 if gc.isenabled() else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
