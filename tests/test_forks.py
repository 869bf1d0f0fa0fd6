"""What is renewed in a forked process: everything that lives, and nothing that doesn't."""

import gc
import os

import pytest

from connector import forks

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


class Thing:
    def __init__(self):
        self.renewed = 0
        forks.renew_in_child(self.renew)

    def renew(self):
        self.renewed += 1


def test_a_thing_is_renewed_in_the_child_alone():
    thing = Thing()
    if (child := os.fork()) == 0:
        os._exit(thing.renewed)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    assert thing.renewed == 0


def test_nothing_is_kept_of_a_thing_that_is_gone():
    gc.collect()
    before = len(forks._renewals)
    things = [Thing() for _ in range(100)]
    assert len(forks._renewals) == before + 100
    things.clear()
    gc.collect()
    assert len(forks._renewals) == before
