"""Triggers on the connection itself: its sign-in and its account's calls, told without a call, each limit once."""

import time

import pytest

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.manifest.manifest import Manifest
from connector.sandbox import Sandbox

HARBOUR = Manifest.load("tests/harbour/manifest.yaml")
DAY_S = 86_400


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


def sign_in(days, **more):
    """A connection whose user signs in again in so many days, and whose token has ended."""
    kept = {"access_token": "old-not-real", "refresh_token": "refresh-not-real", **more}
    return Connection(
        "me", "the-app", expires_at=1.0, signed_in_at=time.time() - (183 - days - 0.5) * DAY_S, account="studio", **kept
    )


class Poller:
    """Goes on from poll to poll, and gives what each told."""

    def __init__(self, connector, trigger, args=None, **options):
        self._look = lambda state, **more: connector.poll(trigger, args, state, **{**options, **more})
        self.state, self.ids = None, []

    def look(self, **options):
        seen = self._look(self.state, **options)
        assert (seen.error, seen.meta.requests) == (None, 0)
        again = self._look(self.state, **options)
        assert [event.id for event in again.events] == [event.id for event in seen.events]
        self.state = seen.state
        self.ids += [event.id for event in seen.events]
        return [(event.data["from"], event.data["to"]) for event in seen.events]


def test_a_sign_in_that_ends_is_told_once_a_limit_and_again_after_the_next(sandbox):
    with Connector.load(servers=sandbox.servers, store=MemoryStore([])) as connector:
        poller = Poller(connector, "signInEndsSoon")
        told = [poller.look(connection=sign_in(days)) for days in (20, 14, 13, 6, 9, 5, 2, 183, 10)]
    none = []
    assert told == [
        none,
        [({"days_left": 20}, {"days_left": 14})],
        none,
        [({"days_left": 13}, {"days_left": 6})],
        # Back above one limit, and not above all of them.
        none,
        none,
        [({"days_left": 5}, {"days_left": 2})],
        none,
        [({"days_left": 183}, {"days_left": 10})],
    ]
    assert len(set(poller.ids)) == 4
    assert sandbox.control.calls() == []


def test_what_is_so_at_first_is_told_where_it_is_asked_for(sandbox):
    with Connector.load(servers=sandbox.servers, store=MemoryStore([])) as connector:
        for days, count in ((5, 1), (100, 0)):
            asked = Poller(connector, "signInEndsSoon", {"also_last": 1}, connection=sign_in(days))
            assert len(asked.look()) == count
            assert asked.look() == []


def test_a_sign_in_that_was_refused_is_over_and_one_that_there_is_not_is_an_error(sandbox):
    over = sign_in(100, refresh_token=None, refused_token="refused-not-real", refused_at=time.time())
    with Connector.load(servers=sandbox.servers, store=MemoryStore([])) as connector:
        poller = Poller(connector, "signInEndsSoon")
        assert poller.look(connection=sign_in(100)) == []
        assert poller.look(connection=over) == [({"days_left": 100}, {"days_left": 0})]
        seen = connector.poll("signInEndsSoon", connection="nobody")
        assert (seen.error.kind, seen.meta.requests) == ("reauthorize", 0)
        assert seen.error.message.startswith("signInEndsSoon: ")
        # Nobody knows of a token's sign-in.
        assert Poller(connector, "signInEndsSoon", {"access_token": "t", "also_last": 1}).look() == []


def test_the_end_of_the_day_s_calls_is_told_once_until_there_were_more(sandbox):
    token = {"access_token": sandbox.demo_args["access_token"]}
    with Connector.load(servers=sandbox.servers, daily_calls=20) as connector:
        poller = Poller(connector, "quotaExceeded", token)
        assert poller.look() == []
        for _ in range(18):
            assert connector.invoke("getCurrentUserProfile", token).ok
        assert poller.look() == [({"percent_left": 100}, {"percent_left": 10})]
        assert poller.look() == []
        assert [connector.invoke("getCurrentUserProfile", token).ok for _ in range(3)] == [True, True, False]
        assert poller.look() == [({"percent_left": 10}, {"percent_left": 0})]
        assert poller.look() == []


def test_what_the_service_says_of_the_day_s_calls_is_told_without_a_budget_too(sandbox):
    with Connector.load(servers=sandbox.servers, store=MemoryStore([])) as connector:
        poller = Poller(connector, "quotaExceeded", connection=sign_in(100))
        assert poller.look() == []
        budget = connector._shared.budget
        gate = budget.gate
        for _ in range(2):
            budget.close("studio", 600)
            assert poller.look() == [({"percent_left": None}, {"percent_left": 0})]
            assert poller.look() == []
            budget.gate = type(gate)()
            assert poller.look() == []
    assert len(set(poller.ids)) == 2


def test_another_manifest_s_triggers_watch_its_connections():
    captain = Connection("captain", "the-app", access_token="pass-not-real", account="studio")
    with Connector(HARBOUR, daily_calls=3, store=MemoryStore([])) as harbour:
        poller = Poller(harbour, "callsRunOut", connection=captain)
        assert poller.look() == []
        harbour._shared.budget.begin("studio")
        assert poller.look() == [({"calls": 3}, {"calls": 2})]
        for _ in range(2):
            harbour._shared.budget.begin("studio")
        assert poller.look() == [({"calls": 2}, {"calls": 0})]
