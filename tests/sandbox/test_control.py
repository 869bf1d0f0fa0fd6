"""Setting the stage, from Python and over HTTP."""

import json

import pytest

LISTS = {
    "saved_tracks": ("/me/tracks", None),
    "saved_albums": ("/me/albums", None),
    "saved_episodes": ("/me/episodes", None),
    "saved_shows": ("/me/shows", None),
    "saved_audiobooks": ("/me/audiobooks", None),
    "followed_artists": ("/me/following?type=artist", "artists"),
    "followed_playlists": ("/me/playlists", None),
    "new_releases": ("/browse/new-releases", "albums"),
    "categories": ("/browse/categories", "categories"),
    "category_playlists": ("/browse/categories/dinner/playlists", "playlists"),
    "featured_playlists": ("/browse/featured-playlists", "playlists"),
    "top_tracks": ("/me/top/tracks", None),
    "top_artists": ("/me/top/artists", None),
}


def post(client, name, value=None):
    answer = client.session.post(f"{client.url}/sandbox/{name}", json=value)
    return answer.status_code, answer.json()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("count", [1, 230])
def test_every_list_can_have_any_length(client, control, name, count):
    control.seed({name: count})
    path, key = LISTS[name]
    answer = client.get(path, limit=50).json()
    page = answer if key is None else answer[key]
    assert page["total"] == count
    assert len(page["items"]) == min(count, 50)
    assert (page["next"] is None) == (count < 50)


@pytest.mark.parametrize("name", [name for name in LISTS if name != "category_playlists"])
def test_every_list_can_be_empty(client, control, name):
    control.seed({name: 0})
    path, key = LISTS[name]
    page = client.get(path).json()
    page = page if key is None else page[key]
    assert (page["items"], page["total"], page["next"]) == ([], 0, None)


def test_a_category_can_be_empty(client, control):
    control.seed(category_playlists=0)
    assert client.get("/browse/categories/dinner/playlists").json()["playlists"]["items"] == []


def test_whoever_tries_it_gets_tokens_that_work(client):
    status, demo = post(client, "demo")
    assert status == 200
    answer = client.session.get(f"{client.url}/v1/me", headers={"Authorization": f"Bearer {demo['access_token']}"})
    assert answer.status_code == 200
    assert {"client_id", "client_key", "refresh_token", "code", "redirect_uri"} <= demo.keys()


def test_a_hundred_thousand_tracks(client, control):
    control.seed({"saved_tracks": 100_000})
    last = client.get("/me/tracks", limit=50, offset=99_970).json()
    assert (len(last["items"]), last["total"], last["next"]) == (30, 100_000, None)
    ids = [item["track"]["id"] for item in last["items"]]
    assert client.get("/me/tracks/contains", ids=",".join(ids)).json() == [True] * 30
    assert client.get(f"/tracks/{ids[0]}").json()["id"] == ids[0]


def test_shelves_take_ids_too(client, control):
    ids = control.ids("album", 3)
    control.seed(saved_albums=ids)
    assert [item["album"]["id"] for item in client.get("/me/albums").json()["items"]] == ids[::-1]
    with pytest.raises(ValueError, match="no such artist: nobody"):
        control.seed(followed_artists=["nobody"])


def test_null_entries_where_they_are_wanted(client, control):
    control.seed(page_null_at={"saved_tracks": [0, 21], "new_releases": [1]}, awkward=True)
    assert None not in client.get("/me/tracks").json()["items"]
    control.seed(page_null_at={"saved_tracks": [0, 21], "new_releases": [1]})
    assert client.get("/me/tracks").json()["items"][0] is None
    assert client.get("/me/tracks", offset=20).json()["items"][1] is None
    assert client.get("/browse/new-releases").json()["albums"]["items"][1] is None
    control.seed(page_null_at={"search_shows": [2], "artist_albums": [0]})
    assert client.get("/search", q="e", type="show").json()["shows"]["items"][2] is None
    assert client.get("/artists/0TnOYISbd1XYRBk9myaseg/albums").json()["items"][0] is None


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"saved_songs": 3}, "nothing to seed is called 'saved_songs'"),
        ({"saved_tracks": -1}, "saved_tracks takes a whole number"),
        ({"top_tracks": True}, "top_tracks takes a whole number"),
        ({"followed_users": 3}, "followed_users takes a list"),
        ({"token_scopes": ["mind-read"]}, "no such scope: mind-read"),
        ({"app": {"colour": "red"}}, "an app has no colour"),
        ({"app": {"quota_mode": "huge"}}, "quota_mode must be one of development, extended"),
    ],
)
def test_what_cannot_be_seeded(client, control, parts, message):
    with pytest.raises(ValueError, match=message):
        control.seed(parts)
    status, answer = post(client, "seed", parts)
    assert status == 400
    assert message in answer["error"]


def test_reset_brings_everything_back(client, control, sandbox):
    first = client.get("/me/tracks").json()
    control.seed(saved_tracks=3, app={"quota_mode": "development"}, awkward=False, rate_limit=1)
    control.fault("server_error", times=None)
    control.clock(advance_s=10_000)
    control.reset()
    assert control.calls() == []
    assert client.get("/me").json()["error"]["message"] == "Invalid access token"
    client.token = sandbox.demo_args["access_token"]
    assert client.token == "sandbox-access-000001"
    assert client.get("/me/tracks").json() == first
    assert client.get("/browse/new-releases").status_code == 200


def test_the_same_over_http(client, control):
    assert post(client, "seed", {"saved_tracks": 2, "new_releases": 0}) == (
        200,
        {"seeded": ["new_releases", "saved_tracks"]},
    )
    assert client.get("/me/tracks").json()["total"] == 2
    fault = {"name": "rate_limited", "retry_after": 3, "match": "GET /me", "after": 1, "times": 1}
    assert post(client, "fault", fault) == (200, {"queued": "rate_limited"})
    assert [client.get("/me").status_code for _ in range(3)] == [200, 429, 200]
    assert post(client, "fault", {"name": "drop", "applied": True})[0] == 200
    status, answer = post(client, "clock", {"advance_s": 3600})
    assert (status, answer.keys()) == (200, {"now"})
    assert post(client, "reset") == (200, {"reset": True})
    assert client.get("/me").status_code == 401
    calls = client.session.get(f"{client.url}/sandbox/calls").json()["calls"]
    assert [(call["method"], call["path"], call["status"]) for call in calls] == [("GET", "/v1/me", 401)]
    assert calls == control.calls()


@pytest.mark.parametrize(
    ("name", "body"),
    [("seed", "[1]"), ("seed", "{"), ("clock", '{"advance_s": -1}'), ("fault", "{}"), ("fault", '{"name": "tired"}')],
)
def test_misfits_over_http(client, name, body):
    answer = client.session.post(f"{client.url}/sandbox/{name}", data=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_calls_are_recorded_without_secrets(client, control, sandbox):
    args = sandbox.demo_args
    form = {"grant_type": "authorization_code", "code": args["code"], "redirect_uri": args["redirect_uri"]}
    client.token_call(data=form, auth=(args["client_id"], args["client_key"]))
    client.put("/me/tracks", json={"ids": ["1301WleyT98MSxVHPZCA6M"]})
    client.put("/me/tracks", data="{", headers={"Authorization": ""})
    token, put, bare = control.calls()
    assert token["body"] == {**form, "code": "(not recorded)"}
    assert (token["authorization"], token["path"], token["status"]) == ("basic", "/api/token", 200)
    assert (put["authorization"], put["method"], put["path"], put["status"]) == ("bearer", "PUT", "/v1/me/tracks", 200)
    assert put["body"] == {"ids": ["1301WleyT98MSxVHPZCA6M"]}
    assert (bare["authorization"], bare["body"], bare["status"]) == (None, "{", 401)
    kept = json.dumps(control.calls())
    assert not [secret for secret in (args["code"], args["access_token"], args["client_key"]) if secret in kept]


def test_the_index_says_what_it_is_and_is_not(client):
    index = client.session.get(f"{client.url}/sandbox").json()
    assert "GET /v1/me/tracks" in index["api"]
    assert {"description", "faults", "control", "apps", "does_not"} <= index.keys()
    assert [rules.partition(":")[0] for rules in index["rules"]] == ["library", "playlists", "player", "plays"]
    page = client.session.get(f"{client.url}/sandbox", headers={"Accept": "text/html"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert "GET /v1/me/tracks" in page.text


def test_a_save_may_be_told_late_at_its_own_place(client, control):
    control.clock(runs=False)
    control.seed(saved_tracks=0, library={"late_s": 40})
    ids = control.ids("track", 4)
    for identifier in ids:
        client.put("/me/library", params={"uris": f"spotify:track:{identifier}"})
        control.clock(1)

    def show():
        page = client.get("/me/tracks").json()
        return page["total"], [item["track"]["id"] for item in page["items"]]

    assert show() == (2, [ids[2], ids[0]])
    control.clock(40)
    assert show() == (4, ids[::-1])


def test_only_some_followed_artists_may_be_told_of(client, control):
    control.seed(followed_artists=70, library={"most_followed": 50})
    page = client.get("/me/following", type="artist", limit=50).json()["artists"]
    assert (len(page["items"]), page["total"], page["cursors"]["after"]) == (50, 50, None)


def test_a_track_may_be_gone_or_shown_as_another(client, control):
    control.seed(saved_tracks=3, relinking=True)
    uris = [item["track"]["uri"] for item in client.get("/me/tracks").json()["items"]]
    in_a_market = [item["track"] for item in client.get("/me/tracks", market="SE").json()["items"]]
    assert [track.get("linked_from", track)["uri"] for track in in_a_market] == uris
    assert [track["uri"] for track in in_a_market] != uris
    control.seed(unavailable=uris[:1])
    items = client.get("/me/tracks").json()["items"]
    assert [item["track"] and item["track"]["uri"] for item in items] == [None, *uris[1:]]
    assert all(item["added_at"] for item in items)


def test_episodes_come_out_and_go_and_several_on_a_day(client, control):
    show = client.get("/me/shows").json()["items"][0]["show"]["id"]
    control.seed(episodes={show: [0, 1, 2, 4]}, episodes_a_day=2)
    page = client.get(f"/shows/{show}/episodes").json()
    dates = sorted(item["release_date"] for item in page["items"])
    assert page["total"] == 4
    assert dates[0] == dates[1] < dates[2] < dates[3]


def test_artists_bring_something_out_and_tops_change(client, control):
    [artist] = control.ids("artist", 1)
    control.seed(
        releases={artist: [{"album_group": "single", "name": "Now", "release_date": "2099-01-01"}]},
        top={"artists": [artist]},
    )
    albums = client.get(f"/artists/{artist}/albums", include_groups="single").json()["items"]
    assert albums[0]["name"] == "Now"
    assert [item["id"] for item in client.get("/me/top/artists").json()["items"]] == [artist]


def test_a_search_may_rank_anew_each_time(client, control):
    control.seed(unstable_search=True)
    query = {"q": "a", "type": "track", "limit": 10}
    found = [[item["id"] for item in client.get("/search", **query).json()["tracks"]["items"]] for _ in range(2)]
    assert found[0] != found[1]
