"""Signing in without a terminal and without a browser: the address, the answer, the code."""

import urllib.parse

import pytest

from connector.auth import SignIn, SignInFailed
from connector.auth.scopes import choose_scopes, find_unknown_scopes
from connector.errors import InvocationFailed, UnknownBlock
from connector.manifest.manifest import Manifest
from connector.wire.deadline import Deadline

REDIRECT = "http://127.0.0.1:49152/callback"
SECRET = "sandbox-secret-not-real"
PROOFS = pytest.mark.parametrize("secret", [SECRET, None], ids=["secret", "PKCE"])


@pytest.fixture
def begin(sandbox, sign_in):
    def start(secret=None, **changes):
        asked = {"client_id": "sandbox-client", "scopes": ["user-top-read"], "redirect_uri": REDIRECT, **changes}
        return sign_in.begin(sandbox.servers, client_secret=secret, **asked)

    return start


@pytest.fixture
def finish(sign_in, transport):
    def trade(attempt, code):
        return sign_in.finish(attempt, code, transport.send, Deadline(10), name="alice", now=lambda: 1000.0)

    return trade


def test_the_manifest_says_where_one_signs_in(manifest, sign_in):
    assert sign_in == SignIn(
        authorize=("accounts", "/authorize"),
        token=("accounts", "/api/token"),
        lifetime_days=183,
        id_field="client_id",
        secret_field="client_key",
        program="spotify-blocks",
        title="Spotify",
        app_grant="client_credentials",
        error_rules=manifest.data["errors"],
        apps_page="https://developer.spotify.com/dashboard",
        user_block="getCurrentUserProfile",
        user_names=("display_name", "id"),
    )


def test_a_manifest_without_sign_in_has_none(manifest):
    without = {**manifest.data, "auth": {"key": {"type": "header", "fields": {}}}}
    assert SignIn.from_manifest(Manifest(without, manifest.folder)) is None


@PROOFS
def test_the_address_asks_with_a_challenge_and_shows_no_secret(sandbox, begin, secret):
    attempt = begin(secret, scopes=["user-top-read", "user-library-read"])
    address, _, query = attempt.url.partition("?")
    assert address == f"{sandbox.url}/authorize"
    asked = dict(urllib.parse.parse_qsl(query))
    assert asked.pop("state") == attempt.state
    assert len(asked.pop("code_challenge")) == 43
    assert asked == {
        "response_type": "code",
        "client_id": "sandbox-client",
        "redirect_uri": REDIRECT,
        "scope": "user-top-read user-library-read",
        "code_challenge_method": "S256",
    }
    assert attempt.verifier not in attempt.url
    assert [word for word in (attempt.verifier, SECRET, attempt.state) if word in f"{attempt!r} {attempt}"] == []


def test_no_two_attempts_are_alike(begin):
    attempts = [begin() for _ in range(20)]
    assert len({attempt.state for attempt in attempts}) == 20
    assert len({attempt.verifier for attempt in attempts}) == 20


def test_no_scopes_are_asked_for_where_none_are_needed(begin):
    assert "scope" not in begin(scopes=[]).url


@PROOFS
def test_a_code_becomes_a_connection(begin, finish, agree, is_accepted, secret):
    attempt = begin(secret)
    connection = finish(attempt, attempt.parse_callback(agree(attempt)))
    assert is_accepted(connection)
    assert (connection.name, connection.client_id, connection.client_secret) == ("alice", "sandbox-client", secret)
    assert connection.scopes == ("user-top-read",)
    assert (connection.signed_in_at, connection.expires_at) == (1000.0, 4600.0)
    assert connection.refresh_token is not None


def test_the_scopes_are_those_that_were_granted(begin, finish, agree, control):
    attempt = begin()
    body = {"access_token": "an-access-token", "scope": "", "expires_in": 60}
    control.fault("custom", status=200, body=body, match="/api/token")
    assert finish(attempt, "any").scopes == ()
    control.fault("custom", status=200, body={"access_token": "an-access-token"}, match="/api/token")
    bare = finish(attempt, "any")
    assert (bare.scopes, bare.expires_at, bare.refresh_token) == (("user-top-read",), None, None)


@pytest.mark.parametrize(
    ("query", "reason", "words"),
    [
        ("", "no_code", "not the address"),
        ("?", "no_code", "not the address"),
        ("?code=x", "state", "another sign-in"),
        ("?code=x&state=other", "state", "another sign-in"),
        ("?error=access_denied&state=other", "state", "another sign-in"),
        ("?error=access_denied&state={state}", "cancelled", "was cancelled"),
        ("?error=server_error&state={state}", "refused", "refused the sign-in: server_error"),
        ("?state={state}", "no_code", "carries no code"),
        ("?code=&state={state}", "no_code", "carries no code"),
    ],
)
def test_an_answer_without_a_code_says_why(begin, query, reason, words):
    attempt = begin()
    with pytest.raises(SignInFailed, match=words) as caught:
        attempt.parse_callback(REDIRECT + query.format(state=attempt.state))
    assert caught.value.reason == reason


def test_a_state_that_is_no_text_is_another_one(begin):
    with pytest.raises(SignInFailed) as caught:
        begin().parse_callback(f"{REDIRECT}?code=abc&state=\udcff")
    assert caught.value.reason == "state"


def test_an_answer_steers_no_terminal(begin):
    attempt = begin()
    with pytest.raises(SignInFailed) as caught:
        attempt.parse_callback(f"{REDIRECT}?error=%1b[31mred&state={attempt.state}")
    assert "\x1b" not in str(caught.value)


def test_an_address_may_be_pasted_with_what_surrounds_it(begin):
    attempt = begin()
    assert attempt.parse_callback(f"  {REDIRECT}?code=abc&state={attempt.state}#_=_\n") == "abc"


def test_a_code_that_is_too_old(begin, finish, agree, control):
    attempt = begin()
    code = attempt.parse_callback(agree(attempt))
    control.clock(601)
    with pytest.raises(InvocationFailed) as caught:
        finish(attempt, code)
    assert caught.value.error.kind == "reauthorize"
    assert caught.value.error.message.startswith(
        "The sign-in of alice: Spotify answered 400: Authorization code expired. A code works once and for ten minutes"
    )
    assert code not in str(caught.value)


def test_a_code_is_worth_nothing_in_another_attempt(begin, finish, agree):
    attempt, other = begin(), begin()
    code = attempt.parse_callback(agree(attempt))
    with pytest.raises(InvocationFailed, match="code_verifier was incorrect"):
        finish(other, code)


def test_a_wrong_secret(begin, finish, agree):
    attempt = begin("wrong-secret")
    with pytest.raises(InvocationFailed) as caught:
        finish(attempt, attempt.parse_callback(agree(attempt)))
    assert caught.value.error.kind == "unauthorized"
    assert "wrong-secret" not in f"{caught.value} {caught.value.error}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "nobody"}, "INVALID_CLIENT: Invalid client"),
        ({"redirect_uri": "http://127.0.0.1:1/elsewhere"}, "INVALID_CLIENT: Invalid redirect URI"),
        ({"scopes": ["read-my-mind"]}, "INVALID_SCOPE: Invalid scope"),
    ],
)
def test_a_refusal_is_found_before_anyone_opens_a_browser(begin, sign_in, transport, changes, words):
    assert words in sign_in.find_refusal(begin(**changes), transport.send, Deadline(10))


def test_no_refusal(begin, sign_in, transport):
    assert sign_in.find_refusal(begin(), transport.send, Deadline(10)) is None


def test_a_service_that_does_not_answer_refuses_nothing(begin, sign_in):
    from connector.wire.transport import Transport

    transport = Transport({"accounts": "http://127.0.0.1:9"}, "tests")
    assert sign_in.find_refusal(begin(), transport.send, Deadline(5)) is None
    transport.close()


def test_the_scopes_of_blocks_come_from_the_manifest(manifest):
    assert choose_scopes(manifest, ["getUserTopTracks", "followArtist", "saveAlbum"]) == (
        "user-follow-modify",
        "user-library-modify",
        "user-top-read",
    )
    assert choose_scopes(manifest) == tuple(manifest.data["scopes"])
    with pytest.raises(UnknownBlock):
        choose_scopes(manifest, ["getNothing"])


def test_scopes_that_do_not_exist(manifest):
    assert find_unknown_scopes(manifest, ["user-top-read", "read-my-mind"]) == ["read-my-mind"]
