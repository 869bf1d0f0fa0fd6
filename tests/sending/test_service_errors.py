"""A service's error becomes one whose kind, words and body help without giving a secret away."""

import json
from datetime import UTC, datetime

import pytest

from connector.errors import CODES, InvocationFailed
from connector.sending.service_errors import parse_retry_after


def web(status, message):
    return {"error": {"status": status, "message": message}}


@pytest.mark.each(
    ("status", "kind"),
    [
        (400, "bad_request"),
        (401, "unauthorized"),
        (402, "bad_request"),
        (403, "forbidden"),
        (404, "not_found"),
        (405, "bad_request"),
        (408, "server_error"),
        (409, "bad_request"),
        (410, "not_found"),
        (413, "bad_request"),
        (414, "bad_request"),
        (418, "bad_request"),
        (422, "bad_request"),
        (425, "server_error"),
        (429, "rate_limited"),
        (431, "bad_request"),
        (451, "bad_request"),
        (500, "server_error"),
        (501, "server_error"),
        (502, "server_error"),
        (503, "server_error"),
        (504, "server_error"),
        (520, "server_error"),
        (599, "server_error"),
    ],
)
@pytest.mark.each("content", [b"", b"{}", b"null", b"<html>", b'{"error": null}', b'{"error": {"status": 1}}'])
def test_the_kind_follows_from_the_status_where_the_text_says_nothing(fail, status, content, kind):
    error = fail(status, content)
    assert (error.kind, error.status, CODES[error.kind]) == (kind, status, "API_ERROR")


@pytest.mark.each(
    ("block", "status", "body", "kind", "message"),
    [
        (
            "getCurrentUserProfile",
            401,
            web(401, "The access token expired"),
            "unauthorized",
            "getCurrentUserProfile: Spotify answered 401: The access token expired. "
            "Get a new access token with refreshToken, or let the user sign in again.",
        ),
        (
            "getCurrentUserProfile",
            401,
            web(401, "Invalid access token"),
            "unauthorized",
            "getCurrentUserProfile: Spotify answered 401: Invalid access token. "
            "Get a new access token with refreshToken, or let the user sign in again.",
        ),
        (
            "getCurrentUserProfile",
            401,
            web(401, "No token provided"),
            "unauthorized",
            "getCurrentUserProfile: Spotify answered 401: No token provided. "
            "Get a new access token with refreshToken, or let the user sign in again.",
        ),
        (
            "getUserSavedTracks",
            403,
            web(403, "Insufficient client scope"),
            "forbidden",
            "getUserSavedTracks: Spotify answered 403: Insufficient client scope. It needs the scope "
            "user-library-read: `spotify-blocks login --for getUserSavedTracks` asks the user for it. "
            "Let the user sign in again and agree to what this block needs.",
        ),
        (
            "getCurrentUserProfile",
            403,
            b"User not registered in the Developer Dashboard",
            "forbidden",
            "getCurrentUserProfile: Spotify answered 403: User not registered in the Developer Dashboard. "
            "Add this user under User Management on your app's page in the developer dashboard.",
        ),
        (
            "getCurrentUserProfile",
            403,
            b"Active premium subscription required for the owner of the app.",
            "forbidden",
            "getCurrentUserProfile: Spotify answered 403: Active premium subscription required for the owner of the "
            "app. The owner of the app needs an active Premium subscription; a renewal can take hours to be noticed.",
        ),
        (
            "getCurrentUserProfile",
            403,
            {"error": {"status": 403}},
            "forbidden",
            "getCurrentUserProfile: Spotify answered 403. The app or the user lacks the right to do this.",
        ),
        (
            "getTrackAudioFeatures",
            404,
            web(404, "Resource not found"),
            "not_found",
            "getTrackAudioFeatures: Spotify answered 404: Resource not found. "
            "Check the ids; what they name may have been removed.",
        ),
        (
            "getUserTopTracks",
            400,
            web(400, "Invalid limit"),
            "bad_request",
            "getUserTopTracks: Spotify answered 400: Invalid limit. Check the fields' values.",
        ),
        (
            "getCurrentUserProfile",
            429,
            b"Too many requests",
            "rate_limited",
            "getCurrentUserProfile: Spotify answered 429: Too many requests. "
            "Call again when retry_after is over, not before: earlier calls make it longer.",
        ),
        (
            "getCurrentUserProfile",
            408,
            b"",
            "server_error",
            "getCurrentUserProfile: Spotify answered 408. The request did not arrive whole in time; call again.",
        ),
        (
            "getCurrentUserProfile",
            425,
            b"Too early",
            "server_error",
            "getCurrentUserProfile: Spotify answered 425: Too early. "
            "The service took the request for one that may have been sent twice; call again.",
        ),
        (
            "getCurrentUserProfile",
            502,
            web(502, "Bad gateway."),
            "server_error",
            "getCurrentUserProfile: Spotify answered 502: Bad gateway. "
            "The trouble is on the service's side; call again later.",
        ),
        (
            "getCurrentUserProfile",
            503,
            b"",
            "server_error",
            "getCurrentUserProfile: Spotify answered 503. The trouble is on the service's side; call again later.",
        ),
        (
            "refreshToken",
            400,
            {"error": "invalid_grant", "error_description": "Refresh token revoked"},
            "reauthorize",
            "refreshToken: Spotify answered 400: Refresh token revoked. "
            "The refresh token is dead (it lives six months from sign-in): let the user sign in again.",
        ),
        (
            "refreshToken",
            400,
            {"error": "invalid_grant", "error_description": "Refresh token expired"},
            "reauthorize",
            "refreshToken: Spotify answered 400: Refresh token expired. "
            "The refresh token is dead (it lives six months from sign-in): let the user sign in again.",
        ),
        (
            "refreshToken",
            400,
            {"error": "invalid_grant", "error_description": "Invalid refresh token"},
            "reauthorize",
            "refreshToken: Spotify answered 400: Invalid refresh token. "
            "The refresh token is dead (it lives six months from sign-in): let the user sign in again.",
        ),
        (
            "refreshToken",
            400,
            {"error": "invalid_grant"},
            "reauthorize",
            "refreshToken: Spotify answered 400: invalid_grant. "
            "The refresh token is dead (it lives six months from sign-in): let the user sign in again.",
        ),
        (
            "getAccessToken",
            400,
            {"error": "invalid_grant", "error_description": "Invalid authorization code"},
            "reauthorize",
            "getAccessToken: Spotify answered 400: Invalid authorization code. "
            "A code works once and for ten minutes: let the user sign in again and use the new code.",
        ),
        (
            "getAccessToken",
            400,
            {"error": "invalid_grant", "error_description": "Invalid redirect URI"},
            "bad_request",
            "getAccessToken: Spotify answered 400: Invalid redirect URI. "
            "Send the redirect URI of the sign-in, letter for letter.",
        ),
        (
            "getAccessToken",
            400,
            {"error": "invalid_client", "error_description": "Invalid client"},
            "unauthorized",
            "getAccessToken: Spotify answered 400: Invalid client. Compare the client id and the client secret with "
            "your app's page in the developer dashboard.",
        ),
        (
            "refreshToken",
            400,
            {"error": "invalid_client", "error_description": "Invalid client secret"},
            "unauthorized",
            "refreshToken: Spotify answered 400: Invalid client secret. Compare the client id and the client secret "
            "with your app's page in the developer dashboard.",
        ),
        (
            "getAccessToken",
            400,
            {"error": "unsupported_grant_type", "error_description": "grant_type is missing"},
            "bad_request",
            "getAccessToken: Spotify answered 400: grant_type is missing. Check the fields' values.",
        ),
    ],
)
def test_what_the_service_says_becomes_a_kind_and_what_to_do(fail, block, status, body, kind, message):
    error = fail(status, body, block=block)
    said = body.decode() if isinstance(body, bytes) else body
    assert (error.kind, error.message, error.body) == (kind, message, said)


@pytest.mark.each("message", ["insufficient client scope", "INSUFFICIENT CLIENT SCOPE"])
def test_the_words_of_an_error_are_compared_in_any_case(fail, message):
    assert "user-top-read" in fail(403, web(403, message), block="getUserTopTracks").message


@pytest.mark.each("status", [403, 404, 410])
def test_a_closed_endpoint_says_since_when_and_what_to_use_instead(fail, status):
    error = fail(status, web(status, "Forbidden"), block="getCategories")
    assert (error.kind, error.status, error.message) == (
        "unavailable",
        status,
        f"getCategories: Spotify answered {status}: Forbidden. Closed to apps in development mode since "
        "2026-03-09. It works in extended mode. Instead: Find playlists with searchPlaylists, with the "
        "mood or genre as the query.",
    )


def test_every_closed_route_is_told_from_a_forbidden_one(fail, each_route):
    block, route = each_route
    error = fail(403, web(403, "Forbidden"), block=block.name, route=block.routes.index(route))
    if "development" not in route.closed:
        # What stands in for a closed block is one more way that may be closed.
        assert error.kind == ("unavailable" if route.consent else "forbidden")
        return
    assert error.kind == "unavailable"
    assert f"since {route.closed['development']}" in error.message
    assert (block.instead is None) or f"Instead: {block.instead}" in error.message


def test_an_unknown_id_is_not_found_even_where_the_endpoint_may_be_closed(fail, each_filled_route):
    block, route = each_filled_route
    assert fail(404, web(404, "Not found"), block=block.name, route=block.routes.index(route)).kind == "not_found"


@pytest.mark.each("text", ["Insufficient client scope", "User not registered in the Developer Dashboard"])
def test_a_forbidden_call_of_a_closable_endpoint_is_told_by_its_words(fail, text):
    assert fail(403, web(403, text), block="getCategories").kind == "forbidden"


NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.each(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("1", 1.0),
        (" 30 ", 30.0),
        ("86400", 86400.0),
        ("999999999", 999999999.0),
        ("9999999999", 1e9),
        ("-1", None),
        ("1.5", 1.5),
        ("120.5", 120.5),
        ("120.", 120.0),
        ("-1.5", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("1_000", None),
        ("9" * 400, 1e9),
        ("soon", None),
        ("²", None),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 13:00:30 +0100", 30.0),
        ("Tue, 24 Nov 2026 12:00:30 -0000", 30.0),
        ("Tue, 24 Nov 2026 11:59:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 25:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 1e9),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 1e9),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("Tue, 24 Nov 99999 12:00:00 GMT", None),
        ("Tue, 24 Nov 2026 12:00:00 +99999999999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.each(
    ("date", "seconds"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 30.0),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 0.0),
        ("Mon, 01 Jan 1900 00:00:00 GMT", 1e9),
    ],
)
def test_a_date_is_reckoned_by_the_clock_of_the_answer_that_holds_it(fail, date, seconds):
    headers = {"Retry-After": "Sun, 06 Nov 1994 08:50:07 GMT", "Date": date}
    assert fail(429, b"", headers=headers).retry_after == seconds


def test_a_date_is_reckoned_by_our_clock_where_the_answer_tells_none(fail):
    headers = {"Retry-After": "Sun, 06 Nov 1994 08:50:07 GMT", "Date": "some day"}
    assert fail(429, b"", headers=headers).retry_after == 0


@pytest.mark.each(("status", "seconds"), [(429, 7.0), (503, 7.0), (500, None), (403, None)])
def test_retry_after_counts_for_the_statuses_that_define_it(fail, status, seconds):
    assert fail(status, b"", headers={"Retry-After": "7"}).retry_after == seconds


def test_a_rate_limit_without_retry_after_gives_none(fail):
    assert fail(429, b"Too many requests", headers={}).retry_after is None


@pytest.mark.each(
    "content",
    [
        web(400, "Bad token s3cret-token"),
        {"error": "invalid_grant", "error_description": "s3cret-token"},
        {"s3cret-token": {"list": ["s3cret-token"]}},
        b"plain s3cret-token text",
        b"<html>" + b"x" * 489 + b"s3cret-token</html>",
        b"[" * 800 + b'"s3cret-token"' + b"]" * 800,
    ],
)
def test_an_error_holds_no_secret_that_the_server_echoes(fail, content):
    error = fail(400, content, secrets=["s3cret-token"])
    assert "s3cret" not in repr(error)


def test_a_page_of_html_is_not_repeated_in_a_message(fail):
    error = fail(502, b"<html><body>Bad gateway</body></html>")
    assert error.message == (
        "getCurrentUserProfile: Spotify answered 502. The trouble is on the service's side; call again later."
    )


def test_a_text_stands_in_a_message_in_one_line(fail):
    assert "answered 500: too much sun." in fail(500, b"too much \r\n sun").message


def test_a_long_text_is_cut(fail):
    assert fail(500, b"x" * 10_000).body == "x" * 500


def test_a_kind_is_judged_by_what_the_service_said_and_not_by_what_is_shown_of_it(fail):
    body = {"error": "invalid_grant", "error_description": "Refresh token revoked"}
    error = fail(400, body, block="refreshToken", secrets=["grant", "e"])
    assert (error.kind, error.reason) == ("reauthorize", "invalid_grant")
    assert "Spotify answered 400: R***fr***sh tok***n r***vok***d. The refresh token is dead" in error.message


@pytest.mark.each(
    ("block", "status", "body", "kind", "reason", "advice"),
    [
        (
            "getUserSavedTracks",
            429,
            {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}},
            "rate_limited",
            "quota_exceeded",
            "The day's calls of the developer account, over all its apps, are used up",
        ),
        (
            "saveTrack",
            404,
            {"error": {"status": 404, "message": "Player command failed", "reason": "NO_ACTIVE_DEVICE"}},
            "not_found",
            "no_active_device",
            "Start playing on any of the listener's devices",
        ),
        (
            "saveTrack",
            403,
            {"error": {"status": 403, "message": "Player command failed", "reason": "PREMIUM_REQUIRED"}},
            "forbidden",
            "premium_required",
            "The listener needs Premium for this.",
        ),
        (
            "saveTrack",
            403,
            {"error": {"status": 403, "message": "Not now", "reason": "ALREADY_PAUSED"}},
            "forbidden",
            "already_paused",
            "The app or the user lacks the right to do this.",
        ),
    ],
)
def test_the_service_s_own_word_is_told_and_decides(fail, block, status, body, kind, reason, advice):
    error = fail(status, body, block=block)
    assert (error.kind, error.reason, error.to_facts()["reason"]) == (kind, reason, reason)
    assert advice in error.message


@pytest.mark.each(
    "body", [web(403, "No"), {"error": "Something went wrong."}, {"error": {"reason": 7}}, {"error": "x" * 65}, b"no"]
)
def test_what_is_no_word_is_no_reason(fail, body):
    assert fail(403, body).reason is None


def test_a_quota_of_the_day_is_not_asked_again_within_a_call(answer):
    body = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
    with pytest.raises(InvocationFailed) as caught:
        answer(429, body)
    assert caught.value.is_lasting


LONG = "x" * 5_000_000


@pytest.mark.parametrize(
    "body",
    [
        web(500, LONG),
        {"error": {"message": "Bad", "trace": [{"line": LONG}]}},
        {"error": {"message": "Bad", "trace": ["line"] * 100_000}},
        LONG.encode(),
        b'"' + LONG.encode() + b'"',
        b"[" * 900 + b"]" * 900,
    ],
    ids=["message", "trace", "many lines", "text", "JSON text", "depth"],
)
def test_an_error_is_short_however_long_the_answer_was(fail, body):
    error = fail(500, body, secrets=["s3cret"])
    assert len(error.message) < 600
    assert len(json.dumps(error.body)) <= 10_000


@pytest.mark.each("secret", ["s3cret-token", 'with "quotes"', "with/slash"])
def test_a_long_value_that_is_cut_to_text_holds_no_secret_either(fail, secret):
    error = fail(400, {"echo": secret, "more": "x" * 20_000}, secrets=[secret])
    assert error.body.startswith('{"echo": "***"')


@pytest.mark.each(
    "body",
    [
        b"<!DOCTYPE html><html><h1>502</h1></html>",
        b"\n <?xml version='1.0'?><e/>",
        b"Oops <br> no",
        b'{"error": {"message": "<html>no</html>"}}',
    ],
)
def test_markup_never_stands_in_a_message(fail, body):
    error = fail(502, body)
    assert "answered 502. The trouble" in error.message
    assert not isinstance(error.body, str)


@pytest.mark.each("words", ["No artist <id> of that name", "a < b", "<3", "<playlist>", "<abc"])
def test_words_in_angle_brackets_are_words(fail, words):
    assert f"answered 400: {words}." in fail(400, web(400, words)).message


def test_what_a_terminal_takes_for_a_command_is_not_repeated(fail):
    assert "answered 400: a [31m b. Check" in fail(400, web(400, "a\x1b[31m\n b")).message
