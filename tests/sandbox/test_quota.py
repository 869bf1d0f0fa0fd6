"""Development mode: what is closed, what is left out; and the rate window of either mode."""

import pytest

from connector.sandbox.api import OPERATIONS
from connector.sandbox.quota import RollingWindow

PLACES = {
    "/tracks/{id}": "4iV5W9uYEdYUVa79Axb7Rh",
    "/albums/{id}": "382ObEPsp2rxGrnsizN5TX",
    "/artists/{id}": "0TnOYISbd1XYRBk9myaseg",
    "/playlists/{id}": "3cEYpjA9oz9GiPac4AsH4n",
}


@pytest.fixture
def _development(control):
    control.seed(app={"quota_mode": "development"})


@pytest.mark.usefixtures("_development")
@pytest.mark.each("operation", [operation for operation in OPERATIONS if operation.closed])
def test_closed_operations(client, operation):
    path = operation.path
    answer = client.call(operation.method, path.replace("{id}", "party"))
    assert answer.status_code == (404 if path.startswith("/recommendations") else 403)
    assert answer.json()["error"]["status"] == answer.status_code
    if answer.status_code == 403:
        assert answer.json()["error"]["message"] == "Forbidden"


@pytest.mark.usefixtures("_development")
@pytest.mark.parametrize(
    "path",
    [
        "/me",
        "/me/tracks",
        "/me/albums",
        "/me/following?type=artist",
        "/me/top/artists",
        "/me/top/tracks",
        "/me/playlists",
    ],
)
def test_open_operations_leave_fields_out(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    for field in ("available_markets", "popularity", "followers", "genres", "country", "email", "product"):
        assert f'"{field}"' not in answer.text or (field, path) == ("genres", "/me/albums")


@pytest.mark.usefixtures("_development")
def test_single_things_in_development_mode(client):
    for path, identifier in PLACES.items():
        answer = client.get(path.replace("{id}", identifier))
        assert answer.status_code == 200
        assert '"available_markets"' not in answer.text
    items = client.get(f"/playlists/{PLACES['/playlists/{id}']}/items", limit=2).json()["items"]
    assert all("item" in item and "track" not in item for item in items)
    spotifys_own = client.get("/playlists/37i9dQZF1DXcBWIGoYBM5M")
    assert spotifys_own.json() == {"error": {"status": 404, "message": "Resource not found"}}


@pytest.mark.usefixtures("_development")
def test_search_is_small_in_development_mode(client):
    assert client.get("/search", q="a", type="track", limit=10).status_code == 200
    assert client.get("/search", q="a", type="track").json()["tracks"]["limit"] == 5
    assert client.get("/search", q="a", type="track", limit=11).json()["error"]["message"] == "Invalid limit"


@pytest.mark.usefixtures("_development")
def test_lists_that_the_service_makes_itself_are_null_in_a_search(client, control):
    found = client.get("/search", q="e", type="playlist", limit=10).json()["playlists"]["items"]
    assert None in found
    assert "spotify" not in {playlist["owner"]["id"] for playlist in found if playlist}
    control.seed(app={"quota_mode": "extended"})
    found = client.get("/search", q="e", type="playlist", limit=10).json()["playlists"]["items"]
    assert "spotify" in {playlist["owner"]["id"] for playlist in found}


@pytest.mark.usefixtures("_development")
def test_the_library_works_in_development_mode(client):
    query = {"uris": "spotify:user:thelinmichael,spotify:track:1301WleyT98MSxVHPZCA6M"}
    assert client.put("/me/library", params=query).status_code == 200
    assert client.get("/me/library/contains", **query).json() == [True, True]
    assert client.delete("/me/library", params=query).status_code == 200


def test_the_mode_is_the_apps(client, control):
    control.seed(app={"client_id": "small"})
    assert client.get("/browse/new-releases").status_code == 200
    answer = client.token_call(data={"grant_type": "client_credentials"}, auth=("small", "small-secret"))
    client.token = answer.json()["access_token"]
    assert client.get("/browse/new-releases").status_code == 403


def test_the_rate_window(client, control):
    control.seed(rate_limit=3)
    assert [client.get("/me").status_code for _ in range(3)] == [200, 200, 200]
    refused = client.get("/me")
    assert (refused.status_code, refused.text) == (429, "Too many requests")
    wait_s = int(refused.headers["Retry-After"])
    assert 28 <= wait_s <= 30
    control.clock(advance_s=wait_s)
    assert client.get("/me").status_code == 200
    control.seed(rate_limit=None)
    assert [client.get("/me").status_code for _ in range(5)] == [200] * 5


def test_calling_on_makes_the_wait_longer():
    window = RollingWindow(30, counts_refused=True)
    assert [window.admit("app", 2, now_s) for now_s in (0, 1)] == [None, None]
    assert window.admit("app", 2, 10) == 21
    assert window.admit("app", 2, 20) == 20
    assert window.admit("other", 2, 20) is None
    assert window.admit("app", 2, 50) is None


def test_the_day_s_quota_is_the_developer_s_and_counts_all_their_apps_in_development_mode(client, control):
    control.seed(daily_calls=3, app={"quota_mode": "development"})
    control.seed(app={"client_id": "second"})
    control.seed(app={"client_id": "large", "quota_mode": "extended"})
    control.seed(app={"client_id": "stranger", "account": "another-developer"})
    tokens = {"demo": None}
    for name in ("second", "large", "stranger"):
        answer = client.token_call(data={"grant_type": "client_credentials"}, auth=(name, f"{name}-secret"))
        tokens[name] = answer.json()["access_token"]

    def get(name):
        client.token = tokens[name]
        return client.get("/artists/0TnOYISbd1XYRBk9myaseg")

    assert [get(name).status_code for name in ("demo", "second", "demo")] == [200, 200, 200]
    refused = get("second")
    assert refused.status_code == 429
    assert refused.json() == {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
    wait_s = int(refused.headers["Retry-After"])
    assert 86_000 < wait_s <= 86_400
    assert [get(name).status_code for name in ("large", "stranger")] == [200, 200]
    control.clock(advance_s=wait_s)
    answer = client.token_call(data={"grant_type": "client_credentials"}, auth=("second", "second-secret"))
    tokens["second"] = answer.json()["access_token"]
    assert get("second").status_code == 200


def test_a_limit_of_nothing_still_names_a_wait():
    assert RollingWindow(30, counts_refused=True).admit("app", 0, 100.0) == 30
