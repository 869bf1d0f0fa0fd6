"""A connection's token, kept alive: before its end, after a 401, through outages, and for six months."""

import contextlib
import json
import threading
import time
from dataclasses import replace

import pytest

from connector.auth import Connection, Keeper, StoreFailed
from connector.auth.stores.memory_store import MemoryStore
from connector.errors import InvocationFailed
from connector.wire.deadline import Cancel, Deadline
from connector.wire.transport import Response

HOUR_S = 3600
DAY_S = 86_400
PROOFS = pytest.mark.parametrize("secret", ["sandbox-secret-not-real", None], ids=["secret", "PKCE"])
REFUSALS = pytest.mark.parametrize("fault", ["invalid_grant_revoked", "invalid_grant_expired"])


def deadline(seconds=10.0):
    return Deadline(seconds)


@contextlib.contextmanager
def fail_with(kind):
    with pytest.raises(InvocationFailed) as caught:
        yield caught
    assert caught.value.error.kind == kind, caught.value.error


@PROOFS
def test_a_token_that_lives_is_used_as_it_is(user, store, keeper, count_token_calls, is_accepted, secret):
    store.save(user.sign_in(secret=secret))
    before = count_token_calls()
    assert is_accepted(keeper.get("alice", deadline()))
    assert keeper.get("alice", deadline()) == store.load("alice")
    assert count_token_calls() == before


@PROOFS
@pytest.mark.parametrize("seconds", [HOUR_S - 200, HOUR_S + 5], ids=["before its end", "after its end"])
def test_a_token_near_its_end_is_refreshed_and_stored(user, store, keeper, control, is_accepted, secret, seconds):
    signed_in = user.sign_in(secret=secret)
    store.save(signed_in)
    control.clock(seconds)
    fresh = keeper.get("alice", deadline())
    assert is_accepted(fresh)
    assert fresh.access_token != signed_in.access_token
    assert store.load("alice") == fresh
    assert (fresh.refresh_token == signed_in.refresh_token) == (secret is not None)
    assert fresh.signed_in_at == signed_in.signed_in_at
    assert keeper.warnings("alice") == []


@PROOFS
def test_rotated_tokens_lead_on_from_one_to_the_next(user, store, keeper, control, is_accepted, secret):
    store.save(user.sign_in(secret=secret))
    seen = set()
    for _ in range(4):
        control.clock(HOUR_S)
        fresh = keeper.get("alice", deadline())
        assert is_accepted(fresh)
        seen.add(fresh.refresh_token)
    assert len(seen) == (1 if secret else 4)


def test_the_new_token_is_stored_before_it_is_given_out(user, keeper, store, control, sign_in, transport, sandbox):
    """What a process that dies right after the refresh would leave behind."""
    store.save(user.sign_in(secret=None))
    control.clock(HOUR_S)
    stored = []

    class Watching(type(store)):
        def save(self, connection):
            super().save(connection)
            stored.append(self.load(connection.name))

    fresh = Keeper(Watching(store.folder), sign_in, transport.send, now=control.clock).get("alice", deadline())
    assert stored == [fresh]


def test_after_a_401_one_refresh_serves_everyone_with_the_dead_token(user, store, keeper, count_token_calls):
    signed_in = user.sign_in()
    store.save(signed_in)
    before = count_token_calls()
    fresh = keeper.renew("alice", signed_in.access_token, deadline())
    assert fresh.access_token != signed_in.access_token
    assert keeper.renew("alice", signed_in.access_token, deadline()) == fresh
    assert count_token_calls() == before + 1


def test_another_process_s_refresh_is_found_in_the_store(user, store, make_keeper, control, count_token_calls):
    store.save(user.sign_in(secret=None))
    mine, theirs = make_keeper(), make_keeper()
    dead = mine.get("alice", deadline()).access_token
    control.clock(HOUR_S)
    fresh = theirs.get("alice", deadline())
    before = count_token_calls()
    assert mine.renew("alice", dead, deadline()) == fresh
    assert mine.get("alice", deadline()) == fresh
    assert count_token_calls() == before


def test_a_new_sign_in_is_noticed_within_seconds(user, store, keeper, control):
    store.save(user.sign_in())
    keeper.get("alice", deadline())
    again = user.sign_in(scopes=["user-library-read"])
    store.save(again)
    control.clock(11)
    assert keeper.get("alice", deadline()) == again


# What goes wrong while the token still lives


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "unavailable", "times": None},
        {"name": "server_error", "times": None},
        {"name": "html_502", "times": None},
        {"name": "html", "times": None},
        {"name": "no_json", "times": None},
        {"name": "drop", "times": None},
        {"name": "rate_limited", "retry_after": 60},
        {"name": "invalid_client"},
        {"name": "invalid_grant_revoked"},
    ],
    ids=lambda fault: fault["name"],
)
def test_while_the_token_lives_a_failed_refresh_is_a_warning(user, store, keeper, control, is_accepted, fault):
    signed_in = user.sign_in()
    store.save(signed_in)
    control.clock(HOUR_S - 100)
    control.fault(**{"match": "/api/token", **fault})
    assert keeper.get("alice", deadline()).access_token == signed_in.access_token
    assert is_accepted(keeper.get("alice", deadline()))
    assert len(keeper.warnings("alice")) == 1
    assert "Until its token ends, alice goes on working." in keeper.warnings("alice")[0]


def test_a_failed_early_refresh_is_not_repeated_by_every_call(user, store, keeper, control, count_token_calls):
    store.save(user.sign_in())
    control.clock(HOUR_S - 100)
    control.fault("unavailable", times=None, match="/api/token")
    keeper.get("alice", deadline())
    before = count_token_calls()
    for _ in range(5):
        keeper.get("alice", deadline())
    assert count_token_calls() == before
    control.clock(31)
    keeper.get("alice", deadline())
    assert count_token_calls() > before


def test_the_warning_goes_when_refreshing_works_again(user, store, keeper, control):
    store.save(user.sign_in())
    control.clock(HOUR_S - 100)
    control.fault("invalid_client", match="/api/token")
    keeper.get("alice", deadline())
    assert keeper.warnings("alice") != []
    control.clock(31)
    keeper.get("alice", deadline())
    assert keeper.warnings("alice") == []


def test_whoever_finds_a_refresh_under_way_uses_the_token_that_lives(user, store, keeper, control, count_token_calls):
    signed_in = user.sign_in()
    store.save(signed_in)
    control.clock(HOUR_S - 100)
    before = count_token_calls()
    with store.lock("alice", 1):
        assert keeper.get("alice", deadline()).access_token == signed_in.access_token
    assert count_token_calls() == before


# What goes wrong when the token has ended


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"name": "unavailable", "times": None}, "server_error"),
        ({"name": "rate_limited", "retry_after": 60}, "rate_limited"),
        ({"name": "drop", "times": None}, "network"),
        ({"name": "html", "times": None}, "bad_answer"),
        ({"name": "no_json", "times": None}, "bad_answer"),
        ({"name": "invalid_client"}, "unauthorized"),
        ({"name": "custom", "status": 302, "headers": {"Location": "/"}}, "bad_answer"),
        ({"name": "custom", "status": 400, "body": {"error": "invalid_request"}}, "bad_request"),
        ({"name": "custom", "status": 403, "body": "no"}, "forbidden"),
        ({"name": "custom", "status": 200, "body": {"access_token": 7}, "times": None}, "bad_answer"),
        ({"name": "custom", "status": 200, "body": ["a"], "times": None}, "bad_answer"),
        ({"name": "custom", "status": 200, "body": {"refresh_token": "x"}, "times": None}, "bad_answer"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["name"],
)
@PROOFS
def test_nothing_but_invalid_grant_costs_the_token(user, store, keeper, control, is_accepted, fault, kind, secret):
    signed_in = user.sign_in(secret=secret)
    store.save(signed_in)
    control.clock(HOUR_S)
    control.fault(**{"match": "/api/token", **fault})
    with fail_with(kind) as caught:
        keeper.get("alice", deadline())
    assert caught.value.error.message.startswith("Refreshing the connection alice: ")
    assert store.load("alice") == signed_in


def test_a_limit_of_the_token_endpoint_is_kept(user, store, keeper, control, count_token_calls):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    control.fault("rate_limited", retry_after=60, match="/api/token")
    with fail_with("rate_limited") as caught:
        keeper.get("alice", deadline())
    assert caught.value.error.retry_after == 60
    before = count_token_calls()
    with fail_with("rate_limited"):
        keeper.get("alice", deadline())
    assert count_token_calls() == before


@pytest.mark.parametrize("fault", ["drop", "unavailable", "html"])
def test_one_bad_answer_is_not_the_end(user, store, keeper, control, is_accepted, fault):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    control.fault(fault, match="/api/token")
    assert is_accepted(keeper.get("alice", deadline()))


def _spoil(transport, times):
    """Has as many answers to a refresh lose their access token on the way."""
    left = [times]

    def send(request, deadline):
        response = transport.send(request, deadline)
        if response.status == 200 and left[0]:
            left[0] -= 1
            body = {**json.loads(response.content), "access_token": ""}
            return Response(200, response.headers, json.dumps(body).encode())
        return response

    return send


@pytest.mark.parametrize("times", [1, 100])
def test_a_replaced_refresh_token_outlives_an_answer_without_an_access_token(
    user, store, sign_in, transport, control, is_accepted, times
):
    signed_in = user.sign_in(secret=None)
    store.save(signed_in)
    control.clock(HOUR_S - 100)
    keeper = Keeper(store, sign_in, _spoil(transport, times), now=control.clock)
    assert is_accepted(keeper.get("alice", deadline()))
    assert store.load("alice").refresh_token != signed_in.refresh_token
    assert ["but no access token" in text for text in keeper.warnings("alice")] == ([True] if times > 1 else [])
    control.clock(HOUR_S)
    assert is_accepted(Keeper(store, sign_in, transport.send, now=control.clock).get("alice", deadline()))


def test_an_answer_without_an_access_token_says_so_where_the_old_one_has_ended(
    user, store, sign_in, transport, control, is_accepted
):
    store.save(user.sign_in(secret=None))
    control.clock(HOUR_S)
    with fail_with("bad_answer") as caught:
        Keeper(store, sign_in, _spoil(transport, 100), now=control.clock).get("alice", deadline())
    assert "with a new refresh token, but no access token; call again." in caught.value.error.message
    assert is_accepted(Keeper(store, sign_in, transport.send, now=control.clock).get("alice", deadline()))


class CountingLock:
    """A lock that knows which threads have asked for it."""

    def __init__(self):
        self.lock, self.asked = threading.Lock(), set()

    def acquire(self, timeout):
        self.asked.add(threading.get_ident())
        return self.lock.acquire(timeout=timeout)

    def release(self):
        self.lock.release()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response(400, {}, b'{"error": "invalid_client"}'), "unauthorized"),
        (Response(200, {}, b'{"access_token": "a-brand-new-token", "expires_in": 3600}'), None),
    ],
    ids=["what went wrong", "the new token"],
)
def test_those_who_wait_behind_a_refresh_share_its_outcome(user, store, sign_in, control, answer, kind):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    requests, outcomes, go = [], [], threading.Event()

    def send(request, deadline):
        requests.append(request)
        go.wait(30)
        return answer

    keeper = Keeper(store, sign_in, send, now=control.clock)
    lock = keeper._slot("alice").lock = CountingLock()

    def ask():
        try:
            outcomes.append(keeper.get("alice", deadline(30)).access_token)
        except InvocationFailed as failure:
            outcomes.append(failure.error.kind)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    while len(lock.asked) < len(threads):
        time.sleep(0.005)
    go.set()
    for thread in threads:
        thread.join()
    assert outcomes == [kind or "a-brand-new-token"] * len(threads)
    assert len(requests) == 1


def test_waiting_for_another_thread_s_refresh_ends_with_the_deadline(user, store, keeper, control):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    with keeper._slot("alice").lock, fail_with("timeout"):
        keeper.get("alice", deadline(0.1))


def test_waiting_for_another_thread_s_refresh_ends_where_it_is_cancelled(user, store, keeper, control):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    cancel = Cancel()
    cancel.set()
    with keeper._slot("alice").lock, fail_with("cancelled"):
        keeper.get("alice", Deadline(5, cancel=cancel))


def test_nobody_waits_for_another_thread_s_refresh_while_the_token_lives(user, store, keeper, control):
    signed_in = user.sign_in()
    store.save(signed_in)
    control.clock(HOUR_S - 100)
    with keeper._slot("alice").lock:
        assert keeper.get("alice", deadline()) == signed_in


# A lost answer to a refresh that took effect


def test_a_lost_answer_costs_nothing_where_the_token_stays(user, store, keeper, control, is_accepted):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    control.fault("drop", match="/api/token", applied=True)
    assert is_accepted(keeper.get("alice", deadline()))


def test_a_lost_answer_costs_nothing_within_the_time_of_grace(user, store, keeper, control, is_accepted):
    control.seed(rotation_grace_s=60)
    store.save(user.sign_in(secret=None))
    control.clock(HOUR_S)
    control.fault("drop", match="/api/token", applied=True)
    assert is_accepted(keeper.get("alice", deadline()))
    control.clock(HOUR_S)
    assert is_accepted(keeper.get("alice", deadline()))


def test_without_grace_a_lost_answer_leaves_the_token_that_lives(user, store, keeper, control, is_accepted):
    """What can't be avoided: the new token went with the answer, and the old one is dead."""
    signed_in = user.sign_in(secret=None)
    store.save(signed_in)
    control.clock(HOUR_S - 100)
    control.fault("drop", match="/api/token", applied=True)
    assert is_accepted(keeper.get("alice", deadline()))
    assert "spotify-blocks login --name alice" in keeper.warnings("alice")[0]
    control.clock(200)
    with fail_with("reauthorize"):
        keeper.get("alice", deadline())


# invalid_grant


@REFUSALS
@PROOFS
def test_a_refused_token_is_put_aside_and_the_user_sent_to_sign_in(
    user, store, keeper, control, count_token_calls, fault, secret
):
    signed_in = user.sign_in(secret=secret)
    store.save(signed_in)
    control.clock(HOUR_S)
    control.fault(fault, times=None, match="/api/token")
    with fail_with("reauthorize") as caught:
        keeper.get("alice", deadline())
    assert caught.value.error.message == (
        "Spotify no longer accepts the sign-in of alice. Sign in again: spotify-blocks login --name alice"
    )
    assert caught.value.error.status == 400
    kept = store.load("alice")
    assert (kept.refresh_token, kept.refused_token) == (None, signed_in.refresh_token)
    before = count_token_calls()
    for _ in range(3):
        with fail_with("reauthorize"):
            keeper.get("alice", deadline())
    assert count_token_calls() == before


@PROOFS
def test_an_outage_that_refuses_wrongly_destroys_nothing(user, store, make_keeper, control, is_accepted, secret):
    store.save(user.sign_in(secret=secret))
    control.clock(HOUR_S)
    control.fault("invalid_grant_revoked", times=2, match="/api/token")
    for _ in range(2):
        with fail_with("reauthorize"):
            make_keeper().get("alice", deadline())
        control.clock(HOUR_S + 1)
    fresh = make_keeper().get("alice", deadline())
    assert is_accepted(fresh)
    assert (fresh.refused_token, fresh.refused_at) == (None, None)
    assert store.load("alice") == fresh


def test_a_refused_token_is_tried_again_once_an_hour_by_all_processes_together(
    user, store, make_keeper, control, count_token_calls
):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    control.seed(revoke_grants=True)
    before = count_token_calls()
    for _ in range(3):
        for keeper in (make_keeper(), make_keeper()):
            with fail_with("reauthorize"):
                keeper.get("alice", deadline())
        control.clock(HOUR_S + 1)
    assert count_token_calls() == before + 3


def test_the_second_chance_counts_even_where_it_is_not_answered(user, store, make_keeper, control, count_token_calls):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    control.fault("invalid_grant_revoked", match="/api/token")
    with fail_with("reauthorize"):
        make_keeper().get("alice", deadline())
    control.clock(HOUR_S + 1)
    control.fault("invalid_client", match="/api/token")
    with fail_with("unauthorized"):
        make_keeper().get("alice", deadline())
    assert store.load("alice").refused_token is not None
    before = count_token_calls()
    with fail_with("reauthorize"):
        make_keeper().get("alice", deadline())
    assert count_token_calls() == before


def test_after_a_401_and_a_refusal_the_dead_token_is_not_sent_again(user, store, keeper, control):
    signed_in = user.sign_in()
    store.save(signed_in)
    control.seed(revoke_grants=True)
    with fail_with("reauthorize"):
        keeper.renew("alice", signed_in.access_token, deadline())
    assert store.load("alice").access_token is None
    with fail_with("reauthorize"):
        keeper.get("alice", deadline())


def test_a_new_sign_in_ends_the_refusal(user, store, keeper, control, is_accepted):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    control.seed(revoke_grants=True)
    with fail_with("reauthorize"):
        keeper.get("alice", deadline())
    store.save(user.sign_in())
    control.clock(11)
    assert is_accepted(keeper.get("alice", deadline()))


# Six months


@PROOFS
def test_six_months_by_the_sandbox_s_clock(user, store, make_keeper, control, is_accepted, secret):
    """A call a week: the token is refreshed each time, the warning comes 30 days before the end, then the user signs
    in again and everything begins anew."""
    store.save(user.sign_in(secret=secret))
    keeper = make_keeper()
    warned = []
    for day in range(0, 183, 7):
        assert is_accepted(keeper.get("alice", deadline())), f"day {day}"
        left = keeper.days_left("alice")
        assert 182 - day <= left <= 183 - day
        warned.append((left, keeper.warnings("alice")))
        control.clock(7 * DAY_S)
    assert [bool(warnings) for _, warnings in warned] == [left <= 30 for left, _ in warned]
    (left, (warning,)), (last, (final_warning,)) = warned[-2:]
    assert warning == (
        f"The sign-in of alice ends in {left} days, and refreshing doesn't extend it. Sign in again: "
        "spotify-blocks login --name alice"
    )
    assert last == 0
    assert "has ended or ends today" in final_warning
    with fail_with("reauthorize") as caught:
        keeper.get("alice", deadline())
    assert "spotify-blocks login --name alice" in caught.value.error.message
    assert keeper.days_left("alice") == 0
    assert "has ended or ends today" in keeper.warnings("alice")[0]

    store.save(user.sign_in(secret=secret))
    control.clock(11)
    assert is_accepted(keeper.get("alice", deadline()))
    assert keeper.days_left("alice") == 182
    assert keeper.warnings("alice") == []


# Stores in trouble


class Full(MemoryStore):
    """A store on a disk that is full, as long as `is_full`."""

    is_lasting = True
    is_full = False

    def save(self, connection):
        if self.is_full:
            raise StoreFailed("The connections in the cupboard can't be written: No space left on device.")
        super().save(connection)


def test_a_replaced_token_that_cannot_be_stored_is_said_and_not_lost(user, make_keeper, control, is_accepted):
    store = Full([user.sign_in(secret=None)])
    keeper = make_keeper(store)
    control.clock(HOUR_S)
    store.is_full = True
    for _ in range(2):
        with fail_with("unauthorized") as caught:
            keeper.get("alice", deadline())
        assert "No space left on device" in caught.value.error.message
    store.is_full = False
    fresh = keeper.get("alice", deadline())
    assert is_accepted(fresh)
    assert store.load("alice") == fresh
    control.clock(HOUR_S)
    assert is_accepted(keeper.get("alice", deadline()))


def test_a_new_sign_in_wins_over_what_could_not_be_stored(user, make_keeper, control, is_accepted):
    store = Full([user.sign_in(secret=None)])
    keeper = make_keeper(store)
    control.clock(HOUR_S)
    store.is_full = True
    with fail_with("unauthorized"):
        keeper.get("alice", deadline())
    store.is_full = False
    again = user.sign_in(secret=None)
    store.save(again)
    assert keeper.get("alice", deadline()) == again


def test_where_the_token_stays_an_unwritable_store_is_a_warning(
    user, make_keeper, control, is_accepted, count_token_calls
):
    store = Full([user.sign_in()])
    keeper = make_keeper(store)
    control.clock(HOUR_S)
    store.is_full = True
    assert is_accepted(keeper.get("alice", deadline()))
    assert "No space left on device" in keeper.warnings("alice")[0]
    before = count_token_calls()
    control.clock(60)
    assert is_accepted(keeper.get("alice", deadline()))
    assert count_token_calls() == before
    store.is_full = False
    control.clock(HOUR_S)
    assert is_accepted(keeper.get("alice", deadline()))
    assert keeper.warnings("alice") == []


def test_a_store_that_ends_with_the_process_is_no_place_for_replaced_tokens(user, make_keeper, control):
    keeper = make_keeper(MemoryStore([user.sign_in(secret=None)], "the environment"))
    control.clock(HOUR_S)
    keeper.get("alice", deadline())
    assert "the environment keeps the new one for this process only" in keeper.warnings("alice")[0]


def test_a_store_that_cannot_be_read_is_an_answer_and_no_crash(store, keeper):
    store.folder.mkdir()
    (store.folder / "alice.json").write_text("{", "utf-8")
    with fail_with("unauthorized") as caught:
        keeper.get("alice", deadline())
    assert "it is no JSON" in caught.value.error.message


def test_a_store_that_goes_away_costs_nothing_while_the_token_lives(user, store, keeper, control, is_accepted):
    store.save(user.sign_in())
    keeper.get("alice", deadline())
    file = store.folder / "alice.json"
    text = file.read_text("utf-8")
    file.write_text("{", "utf-8")
    control.clock(60)
    assert is_accepted(keeper.get("alice", deadline()))
    assert "it is no JSON" in keeper.warnings("alice")[0]
    file.write_text(text, "utf-8")
    control.clock(60)
    keeper.get("alice", deadline())
    assert keeper.warnings("alice") == []
    file.write_text("{", "utf-8")
    control.clock(HOUR_S)
    with fail_with("unauthorized"):
        keeper.get("alice", deadline())
    file.write_text(text, "utf-8")
    assert is_accepted(keeper.get("alice", deadline()))
    assert keeper.warnings("alice") == []


def test_a_connection_that_was_removed_is_gone_though_its_token_lives(user, store, keeper, control):
    store.save(user.sign_in())
    keeper.get("alice", deadline())
    store.delete("alice")
    control.clock(11)
    with fail_with("reauthorize"):
        keeper.get("alice", deadline())


def test_a_lock_that_cannot_be_taken_is_an_answer_and_no_crash(user, store, keeper, control):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    (store.folder / "alice.lock").mkdir()
    with fail_with("unauthorized"):
        keeper.get("alice", deadline())


def test_waiting_for_another_process_s_refresh_ends_with_the_deadline(user, store, keeper, control):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    with store.lock("alice", 1), fail_with("timeout"):
        keeper.get("alice", deadline(0.2))


def test_a_cancelled_invocation_ends_its_refresh(user, store, keeper, control, is_accepted):
    store.save(user.sign_in())
    control.clock(HOUR_S)
    control.fault("unavailable", match="/api/token")
    cancel = Cancel()
    cancel.set()
    with fail_with("cancelled"):
        keeper.get("alice", Deadline(10, cancel=cancel))
    assert is_accepted(keeper.get("alice", deadline()))


# Connections by name and by value


def test_an_unknown_name_says_how_to_sign_in(keeper, store):
    with fail_with("reauthorize") as caught:
        keeper.get("bob", deadline())
    assert caught.value.error.message == (
        f"There is no connection bob in the folder {store.folder}. Sign in: spotify-blocks login --name bob"
    )
    assert keeper._slots == {}
    assert keeper.days_left("bob") is None
    assert keeper.warnings("bob") == []
    assert keeper._slots == {}


@pytest.mark.parametrize("name", ["../alice", "", "a/b", ".hidden", "a" * 65, "a\n"])
def test_a_name_that_leads_elsewhere_is_a_wrong_field(keeper, name):
    with fail_with("invalid_fields") as caught:
        keeper.get(name, deadline())
    assert [problem.name for problem in caught.value.error.fields] == ["connection"]


@PROOFS
def test_a_connection_given_as_a_value_is_refreshed_in_memory(user, keeper, store, control, is_accepted, secret):
    given = user.sign_in("visitor", secret=secret)
    for _ in range(3):
        control.clock(HOUR_S)
        assert is_accepted(keeper.get(given, deadline()))
    fresh = keeper.get(given, deadline())
    assert keeper.renew(given, fresh.access_token, deadline()) != fresh
    assert store.names() == []
    assert keeper.days_left(given) == 182


@pytest.mark.each(
    "wrong",
    [
        {"refresh_token": "a\ud800"},
        {"access_token": "a\nb"},
        {"access_token": 7},
        {"signed_in_at": float("nan")},
        {"signed_in_at": float("inf")},
        {"expires_at": 10**400},
        {"client_secret": True},
    ],
)
def test_a_value_of_which_no_request_can_be_made_is_a_wrong_field(keeper, wrong):
    with fail_with("invalid_fields") as caught:
        keeper.get(Connection(**{"name": "visitor", "client_id": "x", **wrong}), deadline())
    assert [problem.name for problem in caught.value.error.fields] == ["connection"]


def test_the_line_end_behind_the_secret_of_a_value_is_not_sent(keeper):
    assert keeper.get(Connection("visitor", "x", access_token="t\n"), deadline()).access_token == "t"
    assert keeper.get(Connection("visitor", "", access_token="t"), deadline()).client_id == ""


def test_values_are_told_apart_though_they_have_one_name(user, keeper):
    one, other = user.sign_in("visitor"), user.sign_in("visitor", scopes=["user-library-read"])
    assert keeper.get(one, deadline()) == one
    assert keeper.get(other, deadline()) == other


def test_of_many_values_the_oldest_are_forgotten(keeper, monkeypatch):
    monkeypatch.setattr("connector.auth.keeper._MOST_GIVEN", 3)
    for number in range(9):
        keeper.get(Connection("visitor", "sandbox-client", access_token=f"token-{number}"), deadline())
    assert len(keeper._slots) == 3


@PROOFS
def test_only_a_refresh_token_is_enough(user, store, keeper, is_accepted, secret):
    store.save(replace(user.sign_in(secret=secret), access_token=None, expires_at=None))
    assert is_accepted(keeper.get("alice", deadline()))


def test_without_a_refresh_token_the_user_signs_in_when_the_token_ends(user, store, keeper, control, is_accepted):
    store.save(replace(user.sign_in(), refresh_token=None))
    control.clock(HOUR_S - 60)
    assert is_accepted(keeper.get("alice", deadline()))
    control.clock(60)
    with fail_with("reauthorize") as caught:
        keeper.get("alice", deadline())
    assert "has no refresh token" in caught.value.error.message


def test_no_error_and_no_repr_holds_a_secret(user, store, keeper, control):
    signed_in = user.sign_in(secret=None)
    store.save(signed_in)
    control.clock(HOUR_S)
    body = {"error": "odd", "error_description": f"What is {signed_in.refresh_token}?"}
    control.fault("custom", status=400, body=body, match="/api/token")
    with fail_with("bad_request") as caught:
        keeper.get("alice", deadline())
    shown = f"{caught.value!r} {caught.value.error!r} {signed_in!r} {signed_in} {keeper!r} {keeper._slots!r}"
    assert "What is ***?" in shown
    for secret in signed_in.secrets:
        assert secret not in shown
