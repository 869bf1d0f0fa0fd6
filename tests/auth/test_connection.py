"""A connection as a value: what it shows of itself, what it is kept as, what it refuses to be read from."""

import copy
import pickle

import pytest

from connector.auth import Connection, check_name
from connector.errors import InvocationFailed

DAY_S = 86_400
FULL = Connection(
    "alice",
    "an-id",
    "a-client-secret",
    ("one", "two"),
    "an-access-token",
    "a-refresh-token",
    1_000.0,
    500.0,
    "development",
    "a-refused-token",
    700.0,
)


def test_nothing_it_shows_is_a_secret():
    shown = f"{FULL} {FULL!r} {[FULL]} {FULL.name!r}"
    assert FULL.secrets == ("a-client-secret", "an-access-token", "a-refresh-token", "a-refused-token")
    assert [secret for secret in FULL.secrets if secret in shown] == []
    assert repr(FULL) == "<Connection alice: client secret, refused>"
    assert repr(Connection("bob", "x", refresh_token="y")) == "<Connection bob: PKCE, can be refreshed>"
    assert repr(Connection("bob", "x")) == "<Connection bob: PKCE, access token only>"


@pytest.mark.parametrize("connection", [FULL, Connection("bob", "x")], ids=["full", "bare"])
def test_it_comes_back_from_what_it_is_kept_as(connection):
    assert Connection.from_dict(connection.to_dict()) == connection
    assert pickle.loads(pickle.dumps(connection)) == connection  # noqa: S301 - made here
    assert copy.deepcopy(connection) == connection
    assert hash(connection) == hash(copy.copy(connection))


def test_what_is_none_is_not_kept():
    assert Connection("bob", "x").to_dict() == {"name": "bob", "client_id": "x", "quota_mode": "auto"}


def test_a_person_may_write_scopes_as_text_and_leave_the_name_out():
    read = Connection.from_dict({"client_id": "x", "scopes": "one  two", "client_secret": None})
    assert read == Connection("default", "x", scopes=("one", "two"))
    assert Connection.from_dict({"client_id": "x", "name": "a"}, "b").name == "b"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ("s3cret", "a connection is a JSON object"),
        ({}, "client_id is missing"),
        ({"client_id": ""}, "client_id is missing"),
        ({"client_id": "x", "s3cret": 1}, "a connection has no s3cret; it has name, client_id"),
        ({"client_id": "x", "access_token": ["s3cret"]}, "access_token has the wrong type"),
        ({"client_id": "x", "expires_at": "s3cret"}, "expires_at has the wrong type"),
        ({"client_id": "x", "expires_at": True}, "expires_at has the wrong type"),
        ({"client_id": "x", "scopes": [7]}, "scopes has an entry of the wrong type"),
        ({"client_id": "x", "quota_mode": "s3cret"}, "quota_mode is none of auto, development, extended"),
        ({"client_id": "x", "name": "../s3cret"}, "A connection's name must be 1 to 64 letters"),
    ],
)
def test_what_is_wrong_is_said_by_key(values, problem):
    with pytest.raises(ValueError, match=r".+") as caught:
        Connection.from_dict(values)
    assert str(caught.value).startswith(problem)
    if "s3cret" not in problem:
        assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("name", ["default", "alice@example.com", "a.b-c_d+e", "A" * 64, "7"])
def test_good_names(name):
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", ".", "..", "-x", "a/b", "a\\b", "a b", "a\n", "ä", "a" * 65, "a:b", None, 7])
def test_names_that_could_lead_elsewhere(name):
    with pytest.raises(InvocationFailed) as caught:
        check_name(name)
    assert caught.value.error.kind == "invalid_fields"


@pytest.mark.parametrize(
    ("now", "margin_s", "is_alive"), [(999, 0, True), (1000, 0, False), (800, 300, False), (699, 300, True)]
)
def test_how_long_a_token_lives(now, margin_s, is_alive):
    assert FULL.is_alive(now, margin_s) is is_alive


def test_a_token_without_an_end_lives_until_it_is_refused():
    assert Connection("a", "x", access_token="y").is_alive(10**10)
    assert not Connection("a", "x").is_alive(0)


@pytest.mark.parametrize(
    ("days_later", "left"), [(0, 183), (0.5, 182), (153, 30), (182, 1), (182.5, 0), (183, 0), (400, 0)]
)
def test_days_left(days_later, left):
    assert FULL.days_left(183, 500 + days_later * DAY_S) == left


def test_days_left_where_nobody_knows():
    assert FULL.days_left(None, 0) is None
    assert Connection("a", "x").days_left(183, 0) is None
