"""Saving, following, checking and taking back, the old way and by `/me/library`."""

import pytest

from connector.sandbox.ids import EXAMPLES

TRACKS = ["1301WleyT98MSxVHPZCA6M", "11dFghVXANMlKmJXsNCbNl", "7ouMYWpwJ422jRcDASZB7P"]
ALBUMS = ["1A2GTWGtFfWp7KSQTwWOyo", "2noRn2Aes5aoNVsU6iWThc"]
ARTIST = "2CIMQHirSU0MQqyYHq0eOx"
PLAYLIST = "3cEYpjA9oz9GiPac4AsH4n"
UNKNOWN = "0" * 22


@pytest.fixture(autouse=True)
def _empty(control):
    control.seed(every_list=0, followed_users=[])


def uris(kind, ids):
    return {"uris": ",".join(f"spotify:{kind}:{identifier}" for identifier in ids)}


def outcome(answer):
    if answer.status_code < 400:
        return answer.status_code
    return answer.status_code, answer.json()["error"]["message"]


@pytest.mark.parametrize("place", ["query", "body", "array"])
@pytest.mark.each(
    ("kind", "ids"),
    [("tracks", TRACKS), ("albums", ALBUMS), *((f"{kind}s", EXAMPLES[kind]) for kind in ("episode", "show"))],
)
def test_saving_the_old_way(client, kind, ids, place):
    options = {"query": {"params": {"ids": ",".join(ids)}}, "body": {"json": {"ids": ids}}, "array": {"json": ids}}
    answer = client.put(f"/me/{kind}", **options[place])
    assert (answer.status_code, answer.content) == (200, b"")
    page = client.get(f"/me/{kind}").json()
    assert {item[kind[:-1]]["id"] for item in page["items"]} == set(ids)
    assert client.get(f"/me/{kind}/contains", ids=",".join([*ids, UNKNOWN])).json() == [True] * len(ids) + [False]
    answer = client.delete(f"/me/{kind}", **options[place])
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.get(f"/me/{kind}").json()["total"] == 0


def test_the_newest_comes_first_and_what_is_saved_again_is_new(client, control):
    client.put("/me/tracks", json={"ids": [TRACKS[0]]})
    control.clock(advance_s=60)
    client.put("/me/tracks", json={"ids": [TRACKS[1]]})
    assert [item["track"]["id"] for item in client.get("/me/tracks").json()["items"]] == [TRACKS[1], TRACKS[0]]
    control.clock(advance_s=60)
    client.put("/me/tracks", json={"ids": [TRACKS[0]]})
    items = client.get("/me/tracks").json()["items"]
    assert [item["track"]["id"] for item in items] == [TRACKS[0], TRACKS[1]]
    assert items[0]["added_at"] > items[1]["added_at"]


def test_removing_what_is_not_there_is_no_error(client):
    assert client.delete("/me/tracks", json={"ids": [TRACKS[0]]}).status_code == 200


def test_both_ways_share_one_library(client):
    client.put("/me/library", params=uris("track", TRACKS))
    assert client.get("/me/tracks/contains", ids=TRACKS[0]).json() == [True]
    client.delete("/me/tracks", json={"ids": TRACKS[:1]})
    assert client.get("/me/library/contains", **uris("track", TRACKS)).json() == [False, True, True]
    client.put("/me/following", params={"type": "artist", "ids": ARTIST})
    assert client.get("/me/library/contains", **uris("artist", [ARTIST])).json() == [True]
    client.delete("/me/library", params=uris("artist", [ARTIST]))
    assert client.get("/me/following/contains", type="artist", ids=ARTIST).json() == [False]


def test_the_library_takes_every_kind(client):
    mixed = [
        *uris("track", TRACKS[:1]).values(),
        *uris("album", ALBUMS[:1]).values(),
        *uris("artist", [ARTIST]).values(),
        *uris("playlist", [PLAYLIST]).values(),
        "spotify:user:smedjan",
        *(f"spotify:{kind}:{EXAMPLES[kind][0]}" for kind in ("episode", "show", "audiobook")),
    ]
    query = {"uris": ",".join(mixed)}
    assert client.get("/me/library/contains", **query).json() == [False] * 8
    answer = client.put("/me/library", params=query)
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.get("/me/library/contains", **query).json() == [True] * 8
    assert client.delete("/me/library", params=query).status_code == 200
    assert client.get("/me/library/contains", **query).json() == [False] * 8


def test_audiobooks_stand_in_their_list_as_they_are(client):
    """Without a date. Their own URIs are those of shows."""
    ids = EXAMPLES["audiobook"]
    client.put("/me/audiobooks", params={"ids": ids[0]})
    uri = client.get(f"/audiobooks/{ids[1]}").json()["uri"]
    assert uri == f"spotify:show:{ids[1]}"
    client.put("/me/library", params={"uris": uri})
    assert [book["id"] for book in client.get("/me/audiobooks").json()["items"]] == [ids[1], ids[0]]
    assert client.get("/me/audiobooks/contains", ids=",".join(ids)).json() == [True, True, False]
    assert client.get("/me/library/contains", uris=f"{uri},spotify:audiobook:{ids[1]}").json() == [True, True]
    client.delete("/me/library", params={"uris": uri})
    assert client.get("/me/audiobooks").json()["total"] == 1


def test_a_saved_episode_that_is_no_more(client, control):
    control.seed(saved_episodes=8)
    ghost = client.get("/me/episodes").json()["items"][6]["episode"]
    assert (ghost["id"], ghost["name"], ghost["show"]["name"], ghost["release_date"]) == (None, None, None, "0000")
    control.seed(awkward=False)
    assert client.get("/me/episodes").json()["items"][6]["episode"]["id"]


def test_uris_belong_in_the_query(client):
    answer = client.put("/me/library", json={"uris": [f"spotify:track:{TRACKS[0]}"]})
    assert outcome(answer) == (400, "Missing required field: uris")


def test_artists_may_be_refused(client, control):
    control.seed(library_takes_artists=False)
    for method in ("PUT", "DELETE"):
        answer = client.call(method, "/me/library", params=uris("artist", [ARTIST]))
        assert outcome(answer) == (400, "Invalid uri")
    assert client.get("/me/library/contains", **uris("artist", [ARTIST])).status_code == 200
    assert client.put("/me/library", params=uris("track", TRACKS)).status_code == 200


def test_forty_uris_and_no_more(client, control):
    ids = control.ids("track", 41)
    assert client.put("/me/library", params=uris("track", ids[:40])).status_code == 200
    assert outcome(client.put("/me/library", params=uris("track", ids))) == (400, "Too many uris requested")
    assert outcome(client.get("/me/library/contains", **uris("track", ids))) == (400, "Too many uris requested")


@pytest.mark.parametrize(
    ("path", "kind", "maximum"),
    [
        ("/me/tracks/contains", "track", 50),
        ("/me/albums/contains", "album", 20),
        ("/me/shows/contains", "show", 50),
        ("/me/following/contains?type=artist", "artist", 50),
    ],
)
def test_ids_a_call(client, control, path, kind, maximum):
    ids = control.ids(kind, maximum + 1)
    assert len(client.get(path, ids=",".join(ids[:maximum])).json()) == maximum
    assert outcome(client.get(path, ids=",".join(ids))) == (400, "Too many ids requested")


@pytest.mark.parametrize(
    ("method", "path", "options", "expected"),
    [
        ("PUT", "/me/tracks", {"json": {"ids": [UNKNOWN]}}, (404, "Resource not found")),
        ("PUT", "/me/tracks", {"json": {"ids": ["short"]}}, (400, "invalid id")),
        ("PUT", "/me/tracks", {"json": {"ids": []}}, (400, "Missing required field: ids")),
        ("PUT", "/me/tracks", {}, (400, "Missing required field: ids")),
        ("PUT", "/me/tracks", {"json": {"ids": "x"}}, (400, "Bad request")),
        ("PUT", "/me/tracks", {"data": "{"}, (400, "Error parsing JSON.")),
        ("PUT", "/me/tracks", {"data": "[" * 100_000}, (400, "Error parsing JSON.")),
        ("GET", "/me/tracks/contains", {}, (400, "Missing required field: ids")),
        ("GET", "/me/tracks/contains", {"params": {"ids": f"{UNKNOWN},"}}, (400, "invalid id")),
        ("PUT", "/me/library", {"params": {"uris": f"track:{UNKNOWN}"}}, (400, "Invalid uri")),
        ("PUT", "/me/library", {"params": {"uris": f"spotify:song:{UNKNOWN}"}}, (400, "Invalid uri")),
        ("PUT", "/me/library", {"params": {"uris": "spotify:show:short"}}, (400, "Invalid uri")),
        ("PUT", "/me/library", {"params": {"uris": f"spotify:track:{UNKNOWN}"}}, (404, "Resource not found")),
        ("PUT", "/me/following", {"params": {"ids": ARTIST}}, (400, "Missing parameter type")),
        ("PUT", "/me/following", {"params": {"type": "band", "ids": ARTIST}}, (400, "Invalid type")),
        ("PUT", "/me/following", {"params": {"type": "user", "ids": "nobody"}}, (404, "Resource not found")),
        ("GET", "/me/following", {"params": {"type": "user"}}, (400, "Invalid type")),
        ("GET", "/me/following", {"params": {"type": "artist", "limit": 0}}, (400, "Invalid limit")),
        ("PUT", f"/playlists/{UNKNOWN}/followers", {}, (404, "Resource not found")),
        ("PUT", f"/playlists/{PLAYLIST}/followers", {"json": {"public": "yes"}}, (400, "Bad request")),
        ("PUT", f"/playlists/{PLAYLIST}/followers", {"json": [1]}, (400, "Bad request")),
    ],
)
def test_what_is_refused(client, method, path, options, expected):
    assert outcome(client.call(method, path, **options)) == expected


def test_a_refused_request_changes_nothing(client):
    answer = client.put("/me/tracks", json={"ids": [TRACKS[0], UNKNOWN]})
    assert answer.status_code == 404
    assert client.get("/me/tracks").json()["total"] == 0


@pytest.mark.parametrize(("kind", "ids"), [("artist", [ARTIST]), ("user", ["smedjan", "thelinmichael"])])
@pytest.mark.parametrize("place", ["params", "json"])
def test_following(client, kind, ids, place):
    def options():
        if place == "params":
            return {"params": {"type": kind, "ids": ",".join(ids)}}
        return {"params": {"type": kind}, "json": {"ids": ids}}

    answer = client.put("/me/following", **options())
    assert (answer.status_code, answer.content) == (204, b"")
    contains = client.get("/me/following/contains", type=kind, ids=",".join(ids))
    assert contains.json() == [True] * len(ids)
    assert client.delete("/me/following", **options()).status_code == 204
    contains = client.get("/me/following/contains", type=kind, ids=",".join(ids))
    assert contains.json() == [False] * len(ids)


def test_following_goes_on_behind_a_cursor_that_was_unfollowed(client, control):
    control.seed(followed_artists=30)
    first = client.get("/me/following", type="artist", limit=10).json()["artists"]
    client.delete("/me/following", params={"type": "artist", "ids": first["cursors"]["after"]})
    second = client.get(first["next"]).json()["artists"]
    assert len(second["items"]) == 10
    assert not {a["id"] for a in first["items"]} & {a["id"] for a in second["items"]}


def test_following_a_playlist(client):
    path = f"/playlists/{PLAYLIST}/followers"
    answer = client.put(path, json={"public": False})
    assert (answer.status_code, answer.content) == (200, b"")
    followed = client.get("/me/playlists").json()["items"]
    assert [(playlist["id"], playlist["public"]) for playlist in followed] == [(PLAYLIST, False)]
    assert client.put(path).status_code == 200
    assert client.get("/me/playlists").json()["items"][0]["public"] is True
    assert client.delete(path).status_code == 200
    assert client.get("/me/playlists").json()["total"] == 0


def test_a_second_listener_has_a_library_and_playlists_of_their_own(client, control):
    control.seed(saved_tracks=120)
    other = type(client)(client.sandbox, client.session)
    other.token = control.demo_args("sandbox-second-listener")["access_token"]
    assert [each.get("/me").json()["id"] for each in (client, other)] == ["sandbox-listener", "sandbox-second-listener"]
    first = client.get("/me/tracks").json()["total"]
    assert (first, other.get("/me/tracks").json()["total"]) == (120, 12)
    control.seed(second_listener={"saved_tracks": 3, "followed_artists": 2})
    assert other.get("/me/tracks").json()["total"] == 3
    assert client.get("/me/tracks").json()["total"] == first

    made = [each.call("POST", "/me/playlists", json={"name": "Mine"}).json() for each in (client, other)]
    assert [playlist["owner"]["id"] for playlist in made] == ["sandbox-listener", "sandbox-second-listener"]
    assert [each["name"] for each in other.get("/me/playlists").json()["items"]] == ["Mine", "Road trip"]
    uri = {"uris": ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"]}
    tried = [other.call("POST", f"/playlists/{playlist['id']}/items", json=uri).status_code for playlist in made]
    assert tried == [403, 201]
    added = other.get(f"/playlists/{made[1]['id']}/items").json()["items"][0]["added_by"]["id"]
    assert added == "sandbox-second-listener"


def test_who_is_no_listener_gets_no_token_and_a_second_library_has_shelves_alone(client, control):
    refused = client.session.post(f"{client.url}/sandbox/demo", json={"user": "smedjan"})
    assert (refused.status_code, "sandbox-second-listener" in refused.json()["error"]) == (400, True)
    with pytest.raises(ValueError, match="second_listener has no 'playing'"):
        control.seed(second_listener={"playing": None})
