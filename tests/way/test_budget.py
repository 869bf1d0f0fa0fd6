"""A call and the day's budget: what is counted, what is refused before it is sent, whom the service holds back."""

import pytest

from connector import Connector
from connector.auth import Connection
from connector.limits.count import DAY_S

ALICE = Connection("alice", "app-1", access_token="alice-token-not-real", account="studio")
BOB = Connection("bob", "app-2", access_token="bob-token-not-real", account="studio")
CAROL = Connection("carol", "app-3", access_token="carol-token-not-real")
PROFILE = (200, {}, {"type": "user", "id": "jane"})
USED_UP = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}


@pytest.fixture
def make(manifest, server):
    """A connector whose service is the test's server; it answers a profile."""
    made = []

    def build(**options):
        servers = dict.fromkeys(manifest.servers, server.url)
        made.append(Connector(manifest, servers=servers, timeout=20, max_wait=0, **options))
        return made[-1]

    server.answer = lambda _: PROFILE
    yield build
    for connector in made:
        connector.close()


def test_a_call_beyond_the_budget_is_not_sent_and_says_when_there_is_room(make, server):
    connector = make(daily_calls=2)
    results = [connector.invoke("getCurrentUserProfile", connection=ALICE) for _ in range(3)]
    assert [result.ok for result in results] == [True, True, False]
    error = results[2].error
    assert (error.kind, error.reason, error.is_uncertain) == ("rate_limited", "quota_exceeded", False)
    assert error.retry_after == pytest.approx(DAY_S, abs=60)
    assert error.message.startswith("getCurrentUserProfile: the 2 calls of the day's budget")
    assert len(server.requests) == 2


def test_what_is_left_stands_in_meta_and_in_the_envelope(make):
    result = make(daily_calls=7).invoke("getCurrentUserProfile", connection=ALICE)
    assert result.meta.calls_left == 6
    assert result.envelope()["meta"] == {"calls_left": 6}
    without = make().invoke("getCurrentUserProfile", connection=ALICE)
    assert (without.meta.calls_left, "meta" in without.envelope()) == (None, False)


def test_apps_of_one_account_count_together_and_other_apps_by_themselves(make):
    connector = make(daily_calls=2)
    left = [
        connector.invoke("getCurrentUserProfile", connection=who).meta.calls_left for who in (ALICE, BOB, CAROL, ALICE)
    ]
    assert left == [1, 0, 1, None]


def test_each_try_counts(make, server):
    server.queue = [(503, {}, b""), PROFILE]
    result = make(daily_calls=5).invoke("getCurrentUserProfile", connection=ALICE)
    assert (result.meta.requests, result.meta.calls_left) == (2, 3)


def test_a_server_that_gives_out_tokens_is_not_counted(make, server):
    server.queue = [(200, {}, {"access_token": "new-token-not-real", "token_type": "Bearer", "expires_in": 3600})]
    given = {"client_id": "app-1", "client_key": "not-a-real-key", "refresh_token": "old-token-not-real"}
    assert make(daily_calls=1).invoke("refreshToken", given).meta.calls_left is None


def test_a_list_that_takes_more_calls_than_are_left_is_refused_before_any_is_sent(make, server):
    ids = [f"{number:022d}" for number in range(100)]
    result = make(daily_calls=2, quota_mode="extended").invoke("checkSavedTrack", {"id": ids}, connection=ALICE)
    assert result.error.kind == "rate_limited"
    assert "takes 3 calls and 2 of the day's 2" in result.error.message
    assert server.requests == []


def test_many_by_id_in_development_mode_cost_a_call_each_and_are_refused_together(make, server):
    server.answer = lambda seen: (200, {}, {"id": seen.path.rpartition("/")[2], "type": "track"})
    ids = [f"{number:022d}" for number in range(4)]
    connector = make(daily_calls=5, quota_mode="development")
    result = connector.invoke("getTracks", {"ids": ids}, connection=ALICE)
    assert ([entry["id"] for entry in result.entries], result.meta.requests, result.meta.calls_left) == (ids, 4, 1)
    refused = connector.invoke("getTracks", {"ids": ids[:2]}, connection=ALICE).error
    assert "takes 2 calls and 1 of the day's 5" in refused.message
    assert len(server.requests) == 4


def test_a_list_read_in_pages_ends_where_the_budget_does_and_says_how_to_go_on(make, server):
    def page(seen):
        offset = int(seen.query.get("offset", 0))
        items = [{"added_at": "2026-01-01T00:00:00Z", "track": {"id": str(offset + place)}} for place in range(50)]
        following = f"https://api.example/?offset={offset + 50}"
        return 200, {}, {"items": items, "total": 500, "offset": offset, "limit": 50, "next": following}

    server.answer = page
    result = make(daily_calls=3).invoke("getUserSavedTracks", connection=ALICE)
    error = result.error
    assert (error.kind, error.reason, error.came, error.resume) == ("rate_limited", "quota_exceeded", 150, "150")
    assert len(server.requests) == 3


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "48925"}, 48925), ({}, 3600)])
def test_the_service_s_word_that_the_day_s_calls_are_used_up_holds_for_the_whole_account(make, server, headers, wait):
    connector = make()
    server.queue = [(429, headers, USED_UP)]
    first = connector.invoke("getCurrentUserProfile", connection=ALICE).error
    assert (first.kind, first.reason, first.status, first.retry_after) == ("rate_limited", "quota_exceeded", 429, wait)
    for who in (ALICE, BOB):
        error = connector.invoke("getCurrentUserProfile", connection=who).error
        assert (error.kind, error.reason) == ("rate_limited", "quota_exceeded")
        assert "the service said that the day's calls" in error.message
        assert error.retry_after == pytest.approx(wait, abs=60)
    assert len(server.requests) == 1
    assert connector.invoke("getCurrentUserProfile", connection=CAROL).ok


def test_a_limit_of_calls_in_a_short_time_holds_back_the_app_alone(make, server):
    connector = make()
    server.queue = [(429, {"Retry-After": "60"}, {"error": {"status": 429, "message": "API rate limit exceeded"}})]
    assert connector.invoke("getCurrentUserProfile", connection=ALICE).error.reason is None
    assert connector.invoke("getCurrentUserProfile", connection=BOB).ok


def test_the_environment_sets_a_budget(make, monkeypatch):
    monkeypatch.setenv("CONNECTOR_DAILY_CALLS", "9")
    assert make().invoke("getCurrentUserProfile", connection=ALICE).meta.calls_left == 8


def test_what_is_read_before_a_call_counts_for_what_is_left(make, server):
    server.answer = lambda seen: (404, {}, {}) if seen.method == "PUT" else (200, {}, {"devices": []})
    result = make(daily_calls=7).invoke("pausePlayback", {"access_token": "t", "device_id": "Kitchen"})
    assert (result.error.kind, result.meta.requests, result.meta.calls_left) == ("invalid_fields", 1, 6)
