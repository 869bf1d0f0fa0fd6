"""A trigger watched on and on: none lost over an end, what passes is waited for, and the rest is raised."""

import json
import threading
import time
from contextlib import closing
from functools import partial
from types import SimpleNamespace

import pytest
from patience import wait_until

from connector import Cancel, Connector, ConnectorError, InvocationFailed
from connector.sandbox import Sandbox
from connector.way import watching
from connector.way.watching import _find_pause, look_daily


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def connector(sandbox):
    sandbox.control.reset()
    with Connector.load(servers=sandbox.servers) as loaded:
        yield loaded


@pytest.fixture
def token(sandbox):
    return {"access_token": sandbox.demo_args["access_token"]}


@pytest.fixture
def save(connector, sandbox, token):
    ids = iter(sandbox.control.ids("track", 95)[70:])

    def save():
        saved = next(ids)
        assert connector.invoke("saveTrack", {**token, "id": saved}).ok
        return f"spotify:track:{saved}"

    return save


def follow(connector, token, count, **options):
    """The first `count` tracks that are told."""
    with closing(connector.watch("newSavedTrack", token, every=0.05, **options)) as events:
        return [next(events).data["track"]["uri"] for _ in range(count)]


def test_what_happens_between_two_runs_is_told_by_the_later_one(connector, token, save, tmp_path):
    store = tmp_path / "saved.json"
    cancel = Cancel()
    first = threading.Thread(
        target=lambda: list(connector.watch("newSavedTrack", token, every=0.05, store=store, cancel=cancel))
    )
    first.start()
    wait_until(store.exists)
    cancel.set()
    first.join(30)
    saved = [save(), save()]
    assert follow(connector, token, 2, store=store) == saved
    # The last one wasn't done with when the run ended, so both come again.
    assert follow(connector, token, 2, store=store) == saved
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".new"] == []


def test_a_fault_that_passes_is_waited_for_and_another_is_raised(connector, sandbox, token, save, tmp_path):
    store = tmp_path / "saved.json"
    store.write_text(json.dumps(connector.poll("newSavedTrack", token).state), "utf-8")
    saved = save()
    sandbox.control.fault("custom", match="GET /me/tracks", status=400, headers={}, body="{}")
    with pytest.raises(InvocationFailed, match=r"^newSavedTrack: "):
        follow(connector, token, 1, store=store)
    sandbox.control.fault("unavailable", times=5, match="GET /me/tracks")
    assert follow(connector, token, 1, store=store) == [saved]


def test_a_time_between_looks_that_is_given_does_not_go_before_the_end_of_a_rate_limit(connector, sandbox, token):
    sandbox.control.fault("unavailable", times=5, match="GET /me/albums")
    assert _find_pause(connector.poll("newSavedAlbum", token), 1) == 1
    sandbox.control.fault("rate_limited", match="GET /me/tracks", retry_after=600)
    refused = connector.poll("newSavedTrack", token)
    assert _find_pause(refused, 1) == refused.next_s > 600
    assert _find_pause(refused, 9_000) == 9_000


def test_once_a_day_a_look_reads_all(connector, token, monkeypatch):
    days = [0]
    monkeypatch.setattr(watching, "time", SimpleNamespace(time=lambda: time.time() + days[0] * 86_400))
    poll = partial(connector.poll, "savedTrackRemoved")
    seen = look_daily(poll, token, None)
    # What is as it was known need not be read twice.
    whole = seen.meta.requests // 2

    def count_calls(day, **more):
        days[0] = day
        nonlocal seen
        seen = look_daily(poll, {**token, **more}, seen.state)
        return seen.meta.requests

    assert whole > 1
    assert [count_calls(day) for day in (0, 1, 1, 1.5, 2)] == [1, whole, 1, 1, whole]
    assert count_calls(3, thorough=False) == 1
    # A clock that was set back is no reason to leave anything out.
    assert [count_calls(-1), count_calls(-1)] == [whole, 1]
    # A state from elsewhere, which doesn't say when that was.
    seen = connector.poll("savedTrackRemoved", token)
    assert [count_calls(0), count_calls(1)] == [1, whole]


def test_two_never_go_on_with_one_state_at_once(connector, token, tmp_path, monkeypatch):
    monkeypatch.setattr("connector.way.watching.StateFile.hold.__wrapped__.__defaults__", (0.1,))
    store = tmp_path / "saved.json"
    with closing(connector.watch("playedTrack", {**token, "also_last": 1}, store=store)) as held:
        next(held)
        with pytest.raises(ConnectorError, match="by another process"):
            next(connector.watch("playedTrack", token, store=store))


@pytest.mark.parametrize("text", ["", "{", "\xff"])
def test_a_file_that_holds_no_state_is_left_as_it_is(connector, token, tmp_path, text):
    store = tmp_path / "state.json"
    store.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConnectorError, match="Remove it to begin anew"):
        next(connector.watch("newSavedTrack", token, store=store))
    assert store.read_bytes() == text.encode("latin-1")


def test_a_place_that_can_not_be_written_is_told(connector, token, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConnectorError, match="can't be"):
        next(connector.watch("newSavedTrack", token, store=tmp_path / "file" / "state.json"))


def test_wrong_times_and_names_are_told_at_once(connector):
    with pytest.raises(ValueError, match="every"):
        connector.watch("newSavedTrack", every=float("nan"))
    with pytest.raises(ConnectorError, match="no trigger"):
        connector.watch("newSaved")
