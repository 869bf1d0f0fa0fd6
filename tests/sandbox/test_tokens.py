"""What tokens are worth, and until when."""

import pytest

from connector.sandbox.api import OPERATIONS
from connector.sandbox.grants import challenge_of

DAY_S = 86_400
SECRET = ("sandbox-client", "sandbox-secret-not-real")


def refresh(client, token, **options):
    options = options or {"auth": SECRET}
    form = {"grant_type": "refresh_token", "refresh_token": token, **options.pop("fields", {})}
    return client.token_call(data=form, **options)


def refusal(response):
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_grant"
    return response.json()["error_description"]


@pytest.fixture
def public_token(client):
    """A refresh token that PKCE gave."""
    asked = {
        "client_id": "sandbox-client",
        "response_type": "code",
        "redirect_uri": "https://example.com/callback",
        "code_challenge": challenge_of("v" * 50),
        "code_challenge_method": "S256",
        "decision": "agree",
    }
    answer = client.session.post(f"{client.url}/authorize", data=asked, allow_redirects=False)
    form = {
        "grant_type": "authorization_code",
        "code": answer.headers["Location"].split("code=")[1],
        "redirect_uri": asked["redirect_uri"],
        "client_id": "sandbox-client",
        "code_verifier": "v" * 50,
    }
    return client.token_call(data=form).json()["refresh_token"]


def test_access_tokens_live_an_hour(client, control):
    assert client.get("/me").status_code == 200
    control.clock(advance_s=3590)
    assert client.get("/me").status_code == 200
    control.clock(advance_s=10)
    answer = client.get("/me")
    assert answer.status_code == 401
    assert answer.json() == {"error": {"status": 401, "message": "The access token expired"}}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        ({}, 401, "No token provided"),
        ({"Authorization": "Bearer made-up"}, 401, "Invalid access token"),
        ({"Authorization": "Bearer"}, 400, "Only valid bearer authentication supported"),
        ({"Authorization": "Basic abc"}, 400, "Only valid bearer authentication supported"),
    ],
)
def test_no_proper_token(client, header, status, message):
    answer = client.session.get(f"{client.url}/v1/me", headers=header)
    assert answer.json() == {"error": {"status": status, "message": message}}
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


def test_refreshing_with_the_secret_keeps_the_refresh_token(client, sandbox, control):
    token = sandbox.demo_args["refresh_token"]
    control.clock(advance_s=4000)
    answer = refresh(client, token)
    assert answer.status_code == 200
    assert answer.json().keys() == {"access_token", "token_type", "expires_in", "scope"}
    client.token = answer.json()["access_token"]
    assert client.get("/me").status_code == 200
    assert refresh(client, token).status_code == 200


def test_refreshing_with_pkce_rotates(client, public_token):
    as_public = {"fields": {"client_id": "sandbox-client"}}
    answer = refresh(client, public_token, fields=as_public["fields"])
    assert answer.status_code == 200
    new_token = answer.json()["refresh_token"]
    assert new_token != public_token
    assert refusal(refresh(client, public_token, fields=as_public["fields"])) == "Refresh token revoked"
    assert refresh(client, new_token, fields=as_public["fields"]).status_code == 200


def test_a_refresh_token_serves_only_the_way_it_was_given(client, sandbox, public_token):
    assert refusal(refresh(client, public_token)) == "Invalid refresh token"
    without_secret = {"client_id": "sandbox-client"}
    confidential = sandbox.demo_args["refresh_token"]
    assert refusal(refresh(client, confidential, fields=without_secret)) == "Invalid refresh token"
    assert refusal(refresh(client, "made-up")) == "Invalid refresh token"


def test_refresh_tokens_die_six_months_after_signing_in(client, sandbox, control):
    token = sandbox.demo_args["refresh_token"]
    control.clock(advance_s=182 * DAY_S)
    assert refresh(client, token).status_code == 200
    control.clock(advance_s=1 * DAY_S)
    assert refusal(refresh(client, token)) == "Refresh token expired"


def test_rotating_does_not_extend_the_six_months(client, control, public_token):
    without_secret = {"client_id": "sandbox-client"}
    control.clock(advance_s=100 * DAY_S)
    rotated = refresh(client, public_token, fields=without_secret).json()["refresh_token"]
    control.clock(advance_s=83 * DAY_S)
    assert refusal(refresh(client, rotated, fields=without_secret)) == "Refresh token expired"


def test_revoking_ends_everything(client, sandbox, control):
    token = sandbox.demo_args["refresh_token"]
    assert client.get("/me").status_code == 200
    control.seed(revoke_grants=False)
    assert client.get("/me").status_code == 200
    control.seed(revoke_grants=True)
    assert client.get("/me").json()["error"]["message"] == "Invalid access token"
    assert refusal(refresh(client, token)) == "Refresh token revoked"
    client.token = None
    assert client.get("/me").status_code == 200


def test_an_app_by_itself_sees_the_catalogue_and_no_user(client):
    answer = client.token_call(data={"grant_type": "client_credentials"}, auth=SECRET)
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    client.token = answer.json()["access_token"]
    assert client.get("/browse/new-releases").status_code == 200
    assert client.get("/me").status_code == 401
    refused = client.get("/me/tracks")
    assert refused.json() == {"error": {"status": 403, "message": "Insufficient client scope"}}


def test_an_app_by_itself_is_turned_away_from_all_that_is_a_user_s(client):
    """An operation is the user's where the description has it under `/me`, or where it writes."""
    answer = client.token_call(data={"grant_type": "client_credentials"}, auth=SECRET)
    client.token = answer.json()["access_token"]
    theirs = [operation for operation in OPERATIONS if operation.path.startswith("/me") or operation.method != "GET"]
    refused = {
        operation.request: client.call(operation.method, operation.path.replace("{", "").replace("}", "")).status_code
        for operation in theirs
    }
    assert len(refused) == 57
    assert {request: status for request, status in refused.items() if status != 403} == {"GET /me": 401}


def test_an_app_by_itself_needs_its_secret(client):
    answer = client.token_call(data={"grant_type": "client_credentials", "client_id": "sandbox-client"})
    assert answer.json() == {"error": "invalid_client", "error_description": "Invalid client secret"}


TRACK = "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"
ARTIST = "spotify:artist:0TnOYISbd1XYRBk9myaseg"
PLAYLIST = "spotify:playlist:3cEYpjA9oz9GiPac4AsH4n"
TRACK_IDS = {"json": {"ids": ["4iV5W9uYEdYUVa79Axb7Rh"]}}
PLAYLIST_PATH = "/playlists/3cEYpjA9oz9GiPac4AsH4n/followers"


@pytest.mark.parametrize(
    ("method", "path", "options", "scope"),
    [
        ("GET", "/me/tracks", {}, "user-library-read"),
        ("GET", "/me/albums", {}, "user-library-read"),
        ("GET", "/me/tracks/contains?ids=4iV5W9uYEdYUVa79Axb7Rh", {}, "user-library-read"),
        ("PUT", "/me/tracks", TRACK_IDS, "user-library-modify"),
        ("DELETE", "/me/tracks", TRACK_IDS, "user-library-modify"),
        ("GET", "/me/following?type=artist", {}, "user-follow-read"),
        ("PUT", "/me/following?type=user&ids=smedjan", {}, "user-follow-modify"),
        ("DELETE", "/me/following?type=user&ids=smedjan", {}, "user-follow-modify"),
        ("GET", "/me/following/contains?type=user&ids=smedjan", {}, "user-follow-read"),
        ("GET", "/me/top/artists", {}, "user-top-read"),
        ("GET", "/me/playlists", {}, "playlist-read-private"),
        ("PUT", PLAYLIST_PATH, {}, "playlist-modify-public"),
        ("PUT", PLAYLIST_PATH, {"json": {"public": False}}, "playlist-modify-private"),
        ("DELETE", PLAYLIST_PATH, {}, "playlist-modify-private"),
        ("DELETE", PLAYLIST_PATH, {}, "playlist-modify-public"),
        ("PUT", f"/me/library?uris={TRACK}", {}, "user-library-modify"),
        ("PUT", f"/me/library?uris={ARTIST}", {}, "user-follow-modify"),
        ("PUT", "/me/library?uris=spotify:user:smedjan", {}, "user-follow-modify"),
        ("DELETE", f"/me/library?uris={PLAYLIST}", {}, "playlist-modify-private"),
        ("GET", f"/me/library/contains?uris={TRACK}", {}, "user-library-read"),
        ("GET", f"/me/library/contains?uris={ARTIST}", {}, "user-follow-read"),
        ("GET", f"/me/library/contains?uris={PLAYLIST}", {}, "playlist-read-private"),
    ],
)
def test_each_operation_needs_its_scope_and_no_other(client, control, method, path, options, scope):
    control.seed(token_scopes=[scope])
    assert client.call(method, path, **options).status_code in (200, 204)
    others = {"user-library-read", "user-follow-read", "user-read-email", "streaming"} - {scope}
    control.seed(token_scopes=sorted(others))
    refused = client.call(method, path, **options)
    assert (refused.status_code, refused.json()["error"]["message"]) == (403, "Insufficient client scope")


def test_a_mixed_library_request_needs_every_scope(client, control):
    control.seed(token_scopes=["user-library-modify", "user-library-read"])
    answer = client.put("/me/library", params={"uris": f"{TRACK},{ARTIST}"})
    assert answer.status_code == 403


def test_the_profile_shows_what_the_scopes_allow(client, control):
    control.seed(token_scopes=["user-read-email"])
    assert client.get("/me").json()["email"] == "listener@example.com"
    assert "country" not in client.get("/me").json()
    control.seed(token_scopes=["user-read-private"])
    assert "email" not in client.get("/me").json()
    assert client.get("/me").json()["product"] == "premium"


def test_a_replaced_token_works_on_for_the_time_of_grace(client, control, public_token):
    without_secret = {"client_id": "sandbox-client"}
    control.seed(rotation_grace_s=60)
    assert refresh(client, public_token, fields=without_secret).status_code == 200
    control.clock(advance_s=50)
    assert refresh(client, public_token, fields=without_secret).status_code == 200
    control.clock(advance_s=20)
    assert refusal(refresh(client, public_token, fields=without_secret)) == "Refresh token revoked"
