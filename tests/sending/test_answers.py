"""A server's answer becomes the output, or an error whose kind, words and body help without giving a secret away."""

import json
from datetime import UTC, datetime

import pytest

from connector.errors import CODES, InvocationFailed
from connector.manifest.dotted_paths import find_text, follow
from connector.sending.answers import parse_answer
from connector.sending.masking import mask
from connector.sending.service_errors import parse_retry_after
from connector.wire.transport import Response

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def answer(manifest):
    """The output that a block's route makes of an answer."""

    def run(status, content, *, block="getCurrentUserProfile", route=0, headers=JSON, secrets=()):
        chosen = manifest.block(block)
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        return parse_answer(Response(status, headers, raw), chosen, chosen.routes[route], manifest, list(secrets))

    return run


@pytest.fixture
def fail(answer):
    """The error that an answer ends in."""

    def run(*args, **options):
        with pytest.raises(InvocationFailed) as caught:
            answer(*args, **options)
        return caught.value.error

    return run


def web(status, message):
    return {"error": {"status": status, "message": message}}


@pytest.mark.parametrize("status", [200, 201, 202])
@pytest.mark.parametrize("value", [{}, {"a": 1}, [], [True, None], "text", 7, None, {"name": "smør"}])
def test_a_good_answer_is_its_json_value(answer, status, value):
    assert answer(status, value) == value


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize("content", [b"", b" ", b"\r\n"])
def test_an_empty_answer_is_an_empty_object(answer, status, content):
    assert answer(status, content) == {}


@pytest.mark.parametrize(
    "content", [b"<html>Sign in</html>", b"OK", b"{", b"\xff\xfe\xfd", b"[" * 100_000, b"9" * 5000]
)
def test_a_good_status_with_something_else_than_json_is_a_bad_answer(fail, content):
    error = fail(200, content, headers={"Content-Type": "text/html"})
    assert (error.kind, error.code, error.status, error.message) == (
        "bad_answer",
        "INTERNAL_PACKAGE_ERROR",
        200,
        "getCurrentUserProfile: the server's answer (200, text/html) is no JSON; a proxy may be in between.",
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [(206, "a part of the answer, though all of it was asked for"), (304, "nothing has changed, though no one asked")],
)
def test_an_answer_to_what_was_not_asked_is_a_bad_one(fail, status, words):
    error = fail(status, b"{}" if status == 206 else b"")
    assert (error.kind, error.status, error.message) == (
        "bad_answer",
        status,
        f"getCurrentUserProfile: the server answered {status}, {words}; a cache or proxy in between may be at fault.",
    )


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_a_bad_answer(fail, status):
    error = fail(status, b"", headers={"Location": "https://other.example/"})
    assert (error.kind, error.status, error.message) == (
        "bad_answer",
        status,
        f"getCurrentUserProfile: the server answered {status}, which leads elsewhere; redirects are not followed, so "
        "that the token stays where it belongs. Check the server's address.",
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "bad_request"),
        (401, "unauthorized"),
        (402, "bad_request"),
        (403, "forbidden"),
        (404, "not_found"),
        (405, "bad_request"),
        (409, "bad_request"),
        (410, "not_found"),
        (413, "bad_request"),
        (414, "bad_request"),
        (418, "bad_request"),
        (422, "bad_request"),
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("message", ["insufficient client scope", "INSUFFICIENT CLIENT SCOPE"])
def test_the_words_of_an_error_are_compared_in_any_case(fail, message):
    assert "user-top-read" in fail(403, web(403, message), block="getUserTopTracks").message


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_closed_endpoint_says_since_when_and_what_to_use_instead(fail, status):
    error = fail(status, web(status, "Forbidden"), block="getRecommendations")
    assert (error.kind, error.status, error.message) == (
        "unavailable",
        status,
        f"getRecommendations: Spotify answered {status}: Forbidden. Closed to apps in development mode since "
        "2024-11-27. It works in extended mode. Instead: Read getUserTopTracks, or search for "
        "tracks by genre and artist.",
    )


def test_every_closed_route_is_told_from_a_forbidden_one(fail, each_route):
    block, route = each_route
    error = fail(403, web(403, "Forbidden"), block=block.name, route=block.routes.index(route))
    if "development" not in route.closed:
        assert error.kind == "forbidden"
        return
    assert error.kind == "unavailable"
    assert f"since {route.closed['development']}" in error.message
    assert (block.instead is None) or error.message.endswith(f"Instead: {block.instead}")


def test_an_unknown_id_is_not_found_even_where_the_endpoint_may_be_closed(fail, each_filled_route):
    block, route = each_filled_route
    assert fail(404, web(404, "Not found"), block=block.name, route=block.routes.index(route)).kind == "not_found"


@pytest.mark.parametrize("text", ["Insufficient client scope", "User not registered in the Developer Dashboard"])
def test_a_forbidden_call_of_a_closable_endpoint_is_told_by_its_words(fail, text):
    assert fail(403, web(403, text), block="getCategories").kind == "forbidden"


NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
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
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 13:00:30 +0100", 30.0),
        ("Tue, 24 Nov 2026 12:00:30 -0000", 30.0),
        ("Tue, 24 Nov 2026 11:59:00 GMT", 0.0),
        ("Tue, 24 Nov 2026 25:00:00 GMT", None),
        ("Tue, 24 Nov 99999 12:00:00 GMT", None),
        ("Tue, 24 Nov 2026 12:00:00 +99999999999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value, seconds):
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize(("status", "seconds"), [(429, 7.0), (503, 7.0), (500, None), (403, None)])
def test_retry_after_counts_for_the_statuses_that_define_it(fail, status, seconds):
    assert fail(status, b"", headers={"Retry-After": "7"}).retry_after == seconds


def test_a_rate_limit_without_retry_after_gives_none(fail):
    assert fail(429, b"Too many requests", headers={}).retry_after is None


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("token s3cret is bad", "token *** is bad"),
        ("s3crets3cret", "******"),
        ({"s3cret": ["s3cret", 7, None, True, {"a": "(s3cret)"}]}, {"***": ["***", 7, None, True, {"a": "(***)"}]}),
        (7, 7),
        (None, None),
    ],
)
def test_secrets_are_masked_wherever_they_stand(value, clean):
    assert mask(value, ["s3cret"]) == clean


def test_a_secret_is_masked_as_it_stands_in_a_form_too():
    assert mask("code=a%2Fb%2Bc%3D&x=a/b+c=", ["a/b+c="]) == "code=***&x=***"


@pytest.mark.parametrize("secrets", [["abc", "abcdef"], ["abcdef", "abc"]])
def test_a_secret_that_holds_another_is_masked_whole(secrets):
    assert mask("abc and abcdef", secrets) == "*** and ***"


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, ["a", "b"], 1),
        ({"a": {"b": 1}}, [], {"a": {"b": 1}}),
        ({"a": {"b": 1}}, ["a", "c"], None),
        ({"a": [1]}, ["a", "0"], None),
        (None, ["a"], None),
    ],
)
def test_a_path_is_followed_through_objects(value, path, found):
    assert follow(value, path) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"error": {"message": "Bad"}}, "Bad"),
        ({"error": "Bad"}, "Bad"),
        ({"error": {"message": 7}}, ""),
        ([], ""),
    ],
)
def test_the_first_path_with_text_gives_the_text(value, text):
    assert find_text(value, ["error.message", "error"]) == text
