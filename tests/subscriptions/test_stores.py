"""What every store of subscriptions holds to: nothing kept is lost, and no turn is taken twice."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from subscriptions.kept import BEGUN, EVENT, PROGRESS, add, build, lease, names

from connector.subscriptions.redis_store import RedisSubscriptions
from connector.subscriptions.sqlite_store import SqliteSubscriptions
from connector.subscriptions.subscription import Progress


@pytest.fixture(params=["sqlite", "redis"])
def open_store(request, tmp_path):
    """Opens the place once more, as another process would."""
    redis = request.getfixturevalue("redis_server") if request.param == "redis" else None
    with contextlib.ExitStack() as stack:

        def begin():
            if redis:
                opened = RedisSubscriptions(redis.url, "harbour")
            else:
                opened = SqliteSubscriptions(tmp_path / "subscriptions.db")
            return stack.enter_context(contextlib.closing(opened))

        yield begin


@pytest.fixture
def store(open_store):
    return open_store()


def test_what_was_added_is_there_as_it_was_for_whoever_opens_the_place(open_store, store):
    assert store.get("one") is None
    add(store, "one", PROGRESS)
    assert open_store().get("one") == (build("one"), PROGRESS)


def test_an_owner_has_its_own_the_oldest_first_and_no_more_than_it_may(store):
    assert (store.read_all("n8n"), store.count("n8n")) == ([], 0)
    add(store, "later", created=2000.0)
    add(store, "first", created=1000.0)
    add(store, "other", owner="zapier")
    assert names(store.read_all("n8n")) == ["first", "later"]
    assert store.count("n8n") == 2
    assert not store.add(build("third"), BEGUN, 2)
    assert store.get("third") is None
    assert store.remove("later")
    assert store.add(build("third"), BEGUN, 2)


def test_what_is_removed_is_gone_whoever_has_a_lease(store):
    add(store, "one")
    [leased] = lease(store, 0)
    assert store.remove("one")
    assert not store.remove("one")
    assert not store.keep(leased, PROGRESS, lease_until=None)
    assert (store.get("one"), store.read_all("n8n"), lease(store, 1e6)) == (None, [], [])


def test_what_is_due_is_leased_to_one_taker_the_longest_due_first(open_store, store):
    for name, due in (("soon", 100), ("first", 10), ("second", 20), ("third", 30)):
        add(store, name, Progress(next_poll=due))
    assert names(lease(store, 50, 2)) == ["first", "second"]
    assert names(lease(open_store(), 50)) == ["third"]
    assert lease(store, 50) == []


def test_what_waits_for_delivery_is_due_when_that_is(store):
    add(store, "one", Progress(events=(EVENT,), next_poll=100, next_delivery=20))
    assert lease(store, 19) == []
    assert store.read_next_due() == 20
    [leased] = lease(store, 20)
    assert store.keep(leased, Progress(next_poll=100, next_delivery=20), lease_until=None)
    assert store.read_next_due() == 100


def test_a_lease_goes_on_as_long_as_is_said_and_no_longer(store):
    add(store, "one")
    [leased] = lease(store, 0, lease_s=60)
    assert store.read_next_due() == 60
    assert store.keep(leased, PROGRESS, lease_until=90)
    assert (lease(store, 89), store.read_next_due()) == ([], 90)
    assert store.get("one") == (build("one"), PROGRESS)
    assert store.keep(leased, PROGRESS, lease_until=None)
    assert store.read_next_due() == PROGRESS.due
    assert names(lease(store, PROGRESS.due)) == ["one"]


def test_whose_lease_another_took_changes_nothing_any_more(store):
    add(store, "one")
    [late] = lease(store, 0, lease_s=60)
    # It had ended, but nobody else has begun.
    assert store.keep(late, Progress(next_poll=61), lease_until=None)
    [late] = lease(store, 61, lease_s=60)
    [other] = lease(store, 121, lease_s=60)
    assert not store.keep(late, Progress({"of": "late"}), lease_until=None)
    assert store.keep(other, PROGRESS, lease_until=None)
    assert store.get("one") == (build("one"), PROGRESS)


def test_what_is_paused_or_rests_is_not_taken_until_it_goes_on(store):
    add(store, "one")
    assert store.set_status("one", "resting", "Sign in again.")
    assert store.get("one") == (build("one", status="resting", why="Sign in again."), BEGUN)
    assert (lease(store, 1e6), store.read_next_due()) == ([], None)
    assert store.set_status("one", "active")
    assert store.get("one") == (build("one"), BEGUN)
    assert names(lease(store, 0)) == ["one"]
    assert not store.set_status("other", "paused")


def test_what_goes_on_is_due_at_once_unless_it_is_leased(store):
    add(store, "one", Progress(next_poll=100.0))
    assert store.set_status("one", "active")
    assert store.read_next_due() == 0
    [leased] = lease(store, 1, lease_s=60)
    assert store.set_status("one", "active")
    assert (lease(store, 60), store.read_next_due()) == ([], 61)
    assert store.keep(leased, Progress(next_poll=100.0), lease_until=None)
    assert store.read_next_due() == 100


def test_what_was_paused_in_the_middle_of_a_turn_keeps_how_far_it_came(store):
    add(store, "one")
    [leased] = lease(store, 0)
    store.set_status("one", "paused")
    assert store.keep(leased, PROGRESS, lease_until=None)
    assert store.get("one") == (build("one", status="paused"), PROGRESS)
    assert (lease(store, 1e6), store.read_next_due()) == ([], None)


def test_nothing_due_means_nothing_to_wait_for(store):
    assert (store.read_next_due(), lease(store, 1e6)) == (None, [])


def test_many_takers_at_once_get_each_one_once(open_store, store):
    for number in range(60):
        add(store, f"s{number:02}")
    takers = [open_store() for _ in range(6)]

    def take(taker):
        taken = []
        while found := lease(taker, 0, 3):
            taken += names(found)
            assert all(taker.keep(leased, Progress(next_poll=100), lease_until=None) for leased in found)
        return taken

    with ThreadPoolExecutor(len(takers)) as pool:
        taken = [name for names_ in pool.map(take, takers) for name in names_]
    assert sorted(taken) == [f"s{number:02}" for number in range(60)]
