"""What the token endpoint answers: tokens whatever else is odd about it, or why there are none."""

import json

import pytest

from connector.auth.token_answers import parse_tokens
from connector.errors import InvocationFailed
from connector.wire.transport import Response

FOUND = {"access_token": "a-token", "refresh_token": "another", "expires_in": 3600, "scope": "read write"}


def parse(content, status=200, secrets=(), old=None):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return parse_tokens(Response(status, {}, raw), {}, what="Refreshing", title="Harbour", secrets=secrets, old=old)


def facts(tokens):
    return tokens.access_token, tokens.refresh_token, tokens.expires_in, tokens.scopes


def test_an_answer_holds_tokens_their_lifetime_and_what_they_may_do():
    assert facts(parse(FOUND)) == ("a-token", "another", 3600.0, ("read", "write"))


def test_what_an_answer_leaves_out_is_not_known():
    assert facts(parse({"access_token": "a-token"})) == ("a-token", None, None, None)


@pytest.mark.each("scope", [7, {}, [1, None], ["read", {}], "read \ud800"])
def test_scopes_that_are_none_are_not_known(scope):
    assert parse({**FOUND, "scope": scope}).scopes is None


def test_a_letter_in_another_encoding_costs_no_token():
    assert facts(parse(b'{"access_token": "a-token", "refresh_token": "another", "hint": "f\xf6r"}'))[:2] == (
        "a-token",
        "another",
    )


def test_an_answer_may_be_a_form():
    assert facts(parse(b"access_token=a-token&expires_in=60&scope=a+b")) == ("a-token", None, 60.0, ("a", "b"))


@pytest.mark.each(
    ("written", "seconds"),
    [
        (b"3600", 3600.0),
        (b"0.5", 0.5),
        (b'"3600"', 3600.0),
        (b"null", None),
        (b"0", None),
        (b"-1", None),
        (b"1" * 400, None),
        (b"-" + b"1" * 400, None),
        (b"1e300", None),
        (b'"' + b"9" * 400 + b'"', None),
        (b'"nan"', None),
        (b'"-inf"', None),
        (b"9" * 5_000, None),
        *((odd, None) for odd in (b"NaN", b"-Infinity", b"1e999", b'"soon"', b'""', b"true", b"[3600]", b"{}")),
    ],
)
def test_a_lifetime_that_can_be_none_costs_no_token(written, seconds):
    tokens = parse(b'{"access_token": "a-token", "refresh_token": "another", "expires_in": %s}' % written)
    assert facts(tokens) == ("a-token", "another", seconds, None)


@pytest.mark.each(
    "content",
    [
        *({**FOUND, "access_token": value} for value in ("", None, 7, ["a-token"])),
        *({**FOUND, "refresh_token": value} for value in (7, True, ["another"])),
        {"error": "invalid_grant"},
        ["a-token"],
        "a-token",
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_token_is_a_bad_answer_that_repeats_nothing(content):
    with pytest.raises(InvocationFailed) as caught:
        parse(content)
    error = caught.value.error
    assert (error.kind, error.message) == (
        "bad_answer",
        "Refreshing: Harbour answered 200, but with no token; a proxy may be in between.",
    )


def test_tokens_are_not_read_from_where_a_redirect_leads():
    with pytest.raises(InvocationFailed, match="answered 302, but with no token"):
        parse(FOUND, status=302)


@pytest.mark.each("token", ["a\nb", "a\ud800b", "tök", " \x00"])
def test_a_token_that_no_header_can_carry_is_none(token):
    for key in ("access_token", "refresh_token"):
        with pytest.raises(InvocationFailed, match="but with no token"):
            parse({**FOUND, key: token})


@pytest.mark.each("token", ["", None, 7, ["a-token"], "tök"])
def test_a_new_refresh_token_is_not_lost_for_want_of_an_access_token(token):
    tokens = parse({**FOUND, "access_token": token}, old="the-old-one")
    assert facts(tokens)[:2] == ("", "another")
    assert (tokens.lack.kind, tokens.lack.status) == ("bad_answer", 200)
    assert "another" not in tokens.lack.message


def test_a_refresh_token_that_was_there_before_is_no_token_by_itself():
    with pytest.raises(InvocationFailed, match="but with no token"):
        parse({**FOUND, "access_token": ""}, old="another")
