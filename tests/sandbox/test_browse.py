"""The catalogue through the Web API."""

import digest
import pytest

NEW = "/browse/new-releases"
FEATURED = "/browse/featured-playlists"
CATEGORIES = "/browse/categories"


def walk(client, path, key=None, **query):
    """Follow `next` to the end; every page's items in one list."""
    items, address = [], path
    page = {"next": None}
    while address:
        answer = client.get(address, **query).json()
        query = {}
        page = answer if key is None else answer[key]
        items += page["items"]
        assert len(items) <= page["total"], "it goes on for ever"
        address = page["next"]
        assert address is None or address.startswith(client.url)
    assert len(items) == page["total"]
    return items


def error(answer):
    assert answer.json()["error"]["status"] == answer.status_code
    return answer.status_code, answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "key", "total"),
    [
        (NEW, "albums", 64),
        (FEATURED, "playlists", 60),
        (CATEGORIES, "categories", 64),
        (f"{CATEGORIES}/dinner/playlists", "playlists", 55),
        (f"{CATEGORIES}/party/playlists", "playlists", 62),
        ("/me/tracks", None, 120),
        ("/me/albums", None, 60),
        ("/me/following?type=artist", "artists", 70),
        ("/me/top/artists", None, 60),
        ("/me/top/tracks", None, 60),
        ("/me/playlists", None, 15),
        ("/playlists/3cEYpjA9oz9GiPac4AsH4n/items", None, 75),
    ],
)
@pytest.mark.parametrize("limit", [7, 50])
def test_lists_can_be_walked_to_the_end(client, path, key, total, limit):
    items = walk(client, path, key, limit=limit)
    assert len(items) == total
    things = [item.get("track") or item.get("album") or item for item in items if item]
    ids = [thing["id"] for thing in things if thing.get("id")]
    if "items" not in path:
        assert len(set(ids)) == len(ids)


def test_a_page_says_where_it_is_and_keeps_the_query(client):
    page = client.get(NEW, country="SE", limit=10, offset=20).json()["albums"]
    base = f"{client.url}/v1/browse/new-releases?country=SE&limit=10"
    assert page["href"] == f"{base}&offset=20"
    assert page["next"] == f"{base}&offset=30"
    assert page["previous"] == f"{base}&offset=10"
    assert (page["limit"], page["offset"], page["total"]) == (10, 20, 64)


def test_the_ends_of_a_list(client):
    first = client.get(NEW, limit=50).json()["albums"]
    assert (first["previous"], len(first["items"])) == (None, 50)
    last = client.get(NEW, limit=50, offset=50).json()["albums"]
    assert (last["next"], len(last["items"])) == (None, 14)
    beyond = client.get(NEW, offset=1000).json()["albums"]
    assert (beyond["items"], beyond["next"], beyond["total"]) == ([], None, 64)
    nothing = client.get(NEW, limit=0).json()["albums"]
    assert (nothing["items"], nothing["next"]) == ([], None)


def test_followed_artists_page_by_cursor(client):
    first = client.get("/me/following", type="artist", limit=50).json()["artists"]
    assert first["cursors"]["after"] == first["items"][-1]["id"]
    assert f"after={first['cursors']['after']}" in first["next"]
    last = client.get(first["next"]).json()["artists"]
    assert (len(last["items"]), last["next"], last["cursors"]) == (20, None, {"after": None})
    ids = [artist["id"] for artist in first["items"] + last["items"]]
    assert ids == sorted(ids)


@pytest.mark.parametrize("path", [NEW, FEATURED, CATEGORIES, "/me/tracks", "/me/top/tracks", "/me/albums"])
@pytest.mark.parametrize(("name", "value"), [("limit", "51"), ("limit", "-1"), ("limit", "x"), ("offset", "-1")])
def test_limits_and_offsets_out_of_range(client, path, name, value):
    assert error(client.get(path, **{name: value})) == (400, f"Invalid {name}")


@pytest.mark.parametrize("path", [NEW, FEATURED, CATEGORIES, f"{CATEGORIES}/party", f"{CATEGORIES}/party/playlists"])
def test_countries_have_two_letters(client, path):
    assert client.get(path, country="se").status_code == 200
    assert error(client.get(path, country="SWE")) == (400, "Invalid country code")


@pytest.mark.parametrize("path", ["/me/tracks", "/me/albums", "/tracks/4iV5W9uYEdYUVa79Axb7Rh"])
def test_a_market_has_two_letters_and_replaces_the_markets(client, path):
    assert error(client.get(path, market="SWE")) == (400, "Invalid market code")
    assert '"available_markets"' in client.get(path).text
    for market in ("SE", "from_token"):
        text = client.get(path, market=market).text
        assert '"available_markets"' not in text
        assert '"is_playable":true' in text


def test_unknown_parameters_are_ignored_and_recorded(client, control):
    assert client.get(CATEGORIES, locale="sv_SE", colour="red").status_code == 200
    assert control.calls()[-1]["query"] == {"locale": "sv_SE", "colour": "red"}


def test_the_featured_message_follows_the_local_time(client):
    hours = {"03": "Still awake?", "08": "Good morning", "13": "Good afternoon", "22": "Good evening"}
    for hour, message in hours.items():
        assert client.get(FEATURED, timestamp=f"2026-11-24T{hour}:30:00").json()["message"] == message
    assert error(client.get(FEATURED, timestamp="2026-11-24 03:30")) == (400, "Invalid timestamp")


def test_categories(client, control):
    assert client.get(f"{CATEGORIES}/dinner").json()["name"] == "Dinner"
    generated = control.ids("category", 10)[9]
    assert client.get(f"{CATEGORIES}/{generated}").json()["id"] == generated
    assert error(client.get(f"{CATEGORIES}/brunch")) == (404, "Resource not found")
    assert error(client.get(f"{CATEGORIES}/brunch/playlists")) == (404, "Resource not found")
    assert client.get(f"{CATEGORIES}/{generated}/playlists").json()["playlists"]["total"] == 3


@pytest.mark.parametrize("kind", ["track", "album", "artist", "playlist"])
def test_single_things(client, control, kind):
    for identifier in control.ids(kind, 30):
        thing = client.get(f"/{kind}s/{identifier}").json()
        assert (thing["id"], thing["type"], thing["uri"]) == (identifier, kind, f"spotify:{kind}:{identifier}")
        assert thing["href"] == f"{client.url}/v1/{kind}s/{identifier}"
        assert thing["name"]
    assert error(client.get(f"/{kind}s/{'0' * 22}")) == (404, "Resource not found")
    assert error(client.get(f"/{kind}s/short")) == (400, "Invalid base62 id")


@pytest.mark.each(
    ("kind", "most"),
    [("track", 50), ("album", 20), ("artist", 50), *((kind, 50) for kind in ("episode", "audiobook", "chapter"))],
)
def test_several_things_at_once(client, control, kind, most):
    ids = control.ids(kind, most + 1)
    things = client.get(f"/{kind}s", ids=",".join([*ids[1:most], "0" * 22]), market="SE").json()[f"{kind}s"]
    assert things == [*(client.get(f"/{kind}s/{identifier}", market="SE").json() for identifier in ids[1:most]), None]
    assert error(client.get(f"/{kind}s", ids=",".join(ids))) == (400, "Too many ids requested")
    assert error(client.get(f"/{kind}s", ids="short")) == (400, "invalid id")
    assert error(client.get(f"/{kind}s")) == (400, "Missing required field: ids")


def test_several_shows_come_without_their_episodes(client, control):
    ids = control.ids("show", 3)
    shows = client.get("/shows", ids=",".join(ids)).json()["shows"]
    assert [show["id"] for show in shows] == ids
    assert not any("episodes" in show for show in shows)


def test_an_artist_s_records_come_group_after_group_each_newest_first(client):
    path = "/artists/0TnOYISbd1XYRBk9myaseg/albums"
    records = walk(client, path, limit=10)
    groups = [record["album_group"] for record in records]
    assert list(dict.fromkeys(groups)) == ["album", "single", "compilation", "appears_on"]
    for group in set(groups):
        dates = [record["release_date"] for record in records if record["album_group"] == group]
        assert dates == sorted(dates, reverse=True)
    singles = walk(client, path, limit=3, include_groups="single,appears_on")
    assert [record["id"] for record in singles] == [
        record["id"] for record in records if record["album_group"] in ("single", "appears_on")
    ]
    assert client.get(path).json()["limit"] == 5
    assert error(client.get(path, limit=11)) == (400, "Invalid limit")
    assert error(client.get(path, include_groups="bootleg")) == (400, "Invalid include_groups")


def test_an_artist_s_most_liked_tracks_are_theirs(client):
    artist = "2CIMQHirSU0MQqyYHq0eOx"
    tracks = client.get(f"/artists/{artist}/top-tracks").json()["tracks"]
    assert len(tracks) == 10
    assert {track["artists"][0]["id"] for track in tracks} == {artist}
    liked = [track["popularity"] for track in tracks]
    assert liked == sorted(liked, reverse=True)


def test_artists_that_are_like_one(client):
    artist = "2CIMQHirSU0MQqyYHq0eOx"
    others = [other["id"] for other in client.get(f"/artists/{artist}/related-artists").json()["artists"]]
    assert (len(set(others)), artist in others) == (20, False)


@pytest.mark.each(("place", "is_serial"), [(0, False), (1, True)])
def test_episodes_come_newest_first_but_those_of_a_serial_show_oldest_first(client, control, place, is_serial):
    show = control.ids("show", 2)[place]
    episodes = walk(client, f"/shows/{show}/episodes", limit=50)
    dates = [episode["release_date"] for episode in episodes]
    assert dates == sorted(dates, reverse=not is_serial)
    assert len(set(dates)) == client.get(f"/shows/{show}").json()["total_episodes"]
    assert client.get(f"/episodes/{episodes[0]['id']}").json()["show"]["id"] == show


def test_chapters_are_numbered(client, control):
    book = control.ids("audiobook", 1)[0]
    chapters = walk(client, f"/audiobooks/{book}/chapters", limit=50)
    assert [chapter["chapter_number"] for chapter in chapters] == list(range(62))
    assert client.get(f"/chapters/{chapters[9]['id']}").json()["audiobook"]["id"] == book


@pytest.mark.each("path", ["/shows/{}", "/episodes/{}", "/audiobooks/{}", "/shows/{}/episodes"])
def test_an_app_by_itself_hears_podcasts_and_books_only_in_a_market(client, control, path):
    client.token = client.token_call(
        data={"grant_type": "client_credentials"}, auth=("sandbox-client", "sandbox-secret-not-real")
    ).json()["access_token"]
    address = path.format(control.ids(path.split("/")[1].removesuffix("s"), 1)[0])
    assert error(client.get(address)) == (404, "Resource not found")
    assert client.get(address, market="SE").status_code == 200


def test_how_far_somebody_got_is_told_with_the_scope_only(client, control):
    show = control.ids("show", 1)[0]
    assert '"resume_point":{"fully_played":' in client.get(f"/shows/{show}").text
    control.seed(token_scopes=["user-library-read"])
    assert "resume_point" not in client.get(f"/shows/{show}").text


def test_album_and_track_agree(client, control):
    for identifier in control.ids("album", 12):
        album = client.get(f"/albums/{identifier}").json()
        tracks = album["tracks"]["items"]
        assert len(tracks) == album["total_tracks"] == album["tracks"]["total"]
        assert [track["track_number"] for track in tracks] == list(range(1, len(tracks) + 1))
        for track in tracks:
            assert client.get(f"/tracks/{track['id']}").json()["album"]["id"] == identifier


def test_audio_features(client, control):
    example, whole_as_float = control.ids("track", 2)
    features = client.get(f"/audio-features/{example}").json()
    assert features["type"] == "audio_features"
    assert features["track_href"] == f"{client.url}/v1/tracks/{example}"
    assert 0 <= features["energy"] <= 1
    assert features["duration_ms"] == client.get(f"/tracks/{example}").json()["duration_ms"]
    assert '.0,"' in client.get(f"/audio-features/{whole_as_float}").text
    assert error(client.get(f"/audio-features/{control.ids('track', 41)[40]}")) == (404, "analysis not found")


def test_users(client):
    assert client.get("/users/smedjan").json()["id"] == "smedjan"
    assert client.get("/users/sandbox-friend-007").status_code == 200
    assert error(client.get("/users/nobody")) == (404, "No such user")


def test_a_playlist_and_its_items(client):
    playlist = client.get("/playlists/3cEYpjA9oz9GiPac4AsH4n").json()
    assert playlist["owner"]["id"] == "sandbox-listener"
    assert playlist["tracks"]["items"][:50] == playlist["items"]["items"]
    more = client.get(playlist["items"]["next"]).json()
    assert more["offset"] == 50
    old = client.get("/playlists/3cEYpjA9oz9GiPac4AsH4n/tracks", limit=6).json()
    assert old["href"].startswith(f"{client.url}/v1/playlists/3cEYpjA9oz9GiPac4AsH4n/tracks?")
    local, nothing = old["items"][3], old["items"][5]
    assert (local["is_local"], local["track"]["id"], local["track"]["href"]) == (True, None, None)
    assert nothing["track"] is None


def test_search(client):
    answer = client.get("/search", q="Amber", type="artist,track", limit=3).json()
    assert answer.keys() == {"artists", "tracks"}
    assert answer["artists"]["items"]
    assert all("amber" in track["name"].lower() for track in answer["tracks"]["items"])
    assert client.get("/search", q="Dinner", type="playlist,album").json()["playlists"]["limit"] == 20
    assert error(client.get("/search", type="artist")) == (400, "No search query")
    assert error(client.get("/search", q="x", type="mood")) == (400, "Bad search type field")
    assert error(client.get("/search", q="x", type="artist", offset=1001)) == (400, "Invalid offset")


@pytest.mark.each(
    ("kind", "q", "has"),
    [
        ("track", 'artist:"Ferry"', lambda track: "ferry" in str(track["artists"]).lower()),
        ("track", 'album:"Every Kite"', lambda track: track["album"]["name"] == "Every Kite"),
        ("track", "amber year:1980-1989", lambda track: "1980" <= track["album"]["release_date"] < "1990"),
        ("track", "isrc:XXSBX0000007", lambda track: track["external_ids"]["isrc"] == "XXSBX0000007"),
        ("album", "year:1999", lambda album: album["release_date"].startswith("1999")),
        ("album", "tag:hipster year:1970-1979", lambda album: album["release_date"].startswith("197")),
        ("artist", "genre:jazz", lambda artist: "jazz" in artist["genres"]),
        ("track", "kite every", lambda track: track["name"] == "Every Kite"),
        ("show", "hour", lambda show: "Hour" in show["name"]),
        ("episode", "1. every", lambda episode: "1. Every" in episode["name"]),
        ("audiobook", "every", lambda book: "Every" in book["name"]),
    ],
)
def test_search_finds_what_has_the_words_and_fits_the_filters(client, kind, q, has):
    found = walk(client, "/search", f"{kind}s", q=q, type=kind, limit=50)
    assert found
    assert all(map(has, found))


def test_the_tag_for_what_few_know_finds_the_least_popular_albums(client):
    found = walk(client, "/search", "albums", q="tag:hipster", type="album", limit=50)
    ids = [album["id"] for album in found]
    albums = client.get("/albums", ids=",".join(ids[:20])).json()["albums"]
    assert max(album["popularity"] for album in albums) < 10
    assert len(ids) < client.get("/search", q="year:0-9999", type="album").json()["albums"]["total"] / 4


def test_search_ends_at_a_thousand_though_its_links_lead_on(client):
    page = client.get("/search", q="e", type="track", limit=50, offset=950).json()["tracks"]
    assert page["total"] > 1000
    assert len(page["items"]) == 50
    assert error(client.get(page["next"])) == (400, "Bad request.")
    assert client.get("/search", q="e", type="track", limit=10, offset=990).status_code == 200


def test_the_tag_for_what_is_new_finds_what_new_releases_list(client, control):
    control.seed(new_releases=9)
    found = client.get("/search", q="tag:new", type="album").json()["albums"]["items"]
    assert found == client.get(NEW).json()["albums"]["items"]


def test_top_lists_differ_by_time_range(client):
    ranges = ("short_term", "medium_term", "long_term")
    first = [client.get("/me/top/tracks", time_range=name).json()["items"][0]["id"] for name in ranges]
    assert len(set(first)) == 3
    assert client.get("/me/top/tracks").json()["items"][0]["id"] == first[1]
    assert error(client.get("/me/top/tracks", time_range="all_time")) == (400, "Invalid time_range")
    assert error(client.get("/me/top/genres")) == (404, "Service not found")


def test_awkward_entries_are_there_and_can_be_switched_off(client, control):
    playlists = walk(client, FEATURED, "playlists", limit=50)
    assert playlists[4] is None
    kept = [playlist for playlist in playlists if playlist]
    assert {None, True} <= {playlist["public"] for playlist in kept}
    assert {type(playlist["images"]) for playlist in kept} == {list, type(None)}
    assert not all(playlist["images"] for playlist in kept if playlist["images"] is not None)
    images = [image for playlist in kept for image in playlist["images"] or []]
    assert {True, False} == {"width" in image for image in images}
    assert None in [image.get("width", 0) for image in images]
    assert not all("description" in playlist for playlist in kept)
    assert not all("snapshot_id" in playlist for playlist in kept)
    albums = walk(client, NEW, "albums", limit=50)
    assert "ALBUM" in {album["album_type"] for album in albums}
    assert ("0000", "year") in {(album["release_date"], album["release_date_precision"]) for album in albums}
    control.seed(awkward=False)
    playlists = walk(client, FEATURED, "playlists", limit=50)
    assert all(playlist["images"] and playlist["public"] for playlist in playlists)
    control.seed(awkward=True)
    assert None in walk(client, FEATURED, "playlists", limit=50)


def test_pictures_are_drawn_here(client):
    image = client.get("/artists/0TnOYISbd1XYRBk9myaseg").json()["images"][0]
    assert image["url"].startswith(client.url)
    picture = client.session.get(image["url"])
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert f'width="{image["width"]}"' in picture.text
    assert 'width="2000"' in client.session.get(f"{client.url}/images/x/999999").text


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/", "/v1/tracks/a/b"])
def test_what_is_not_there(client, path):
    answer = client.session.get(client.url + path)
    assert answer.json() == {"error": {"status": 404, "message": "Service not found"}}


@pytest.mark.each(
    ("method", "path", "allowed"),
    [
        ("POST", "/me/tracks", "DELETE, GET, HEAD, PUT"),
        ("OPTIONS", "/me", "GET, HEAD"),
        ("PATCH", "/playlists/3cEYpjA9oz9GiPac4AsH4n/followers", "DELETE, PUT"),
    ],
)
def test_methods_that_are_not_there_are_told_from_those_that_are(client, method, path, allowed):
    answer = client.call(method, path)
    assert (error(answer), answer.headers["Allow"]) == ((405, "Method not allowed"), allowed)


def test_head_is_get_without_a_body(client):
    whole, head = client.get("/me"), client.call("HEAD", "/me")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.parametrize(("name", "largest"), [("items", 50), ("tracks", 100)])
def test_the_older_name_of_a_playlist_s_items_has_larger_pages(client, name, largest):
    path = f"/playlists/3cEYpjA9oz9GiPac4AsH4n/{name}"
    page = client.get(path, limit=largest).json()
    assert (page["limit"], len(page["items"])) == (largest, min(largest, page["total"]))
    assert error(client.get(path, limit=largest + 1)) == (400, "Invalid limit")
    inside = client.get("/playlists/3cEYpjA9oz9GiPac4AsH4n").json()[name]
    assert (inside["limit"], inside["href"].partition("?")[0]) == (largest, f"{client.url}/v1{path}")


PLAYLIST = "/playlists/3cEYpjA9oz9GiPac4AsH4n"


@pytest.mark.each(
    ("path", "fields", "shape"),
    [
        (PLAYLIST, "description,uri", {"description", "uri"}),
        (PLAYLIST, " name , owner( id ) ", {"name", "owner", "owner.id"}),
        (f"{PLAYLIST}/items", "total,limit", {"total", "limit"}),
        (
            f"{PLAYLIST}/items",
            "items(added_at,added_by.id)",
            {"items", "items[]", "items[].added_at", "items[].added_by", "items[].added_by.id"},
        ),
        (
            f"{PLAYLIST}/tracks",
            "items(track(name,album(name)))",
            {"items", "items[]", *(f"items[].track{rest}" for rest in ("", ".name", ".album", ".album.name"))},
        ),
        (
            f"{PLAYLIST}/items",
            "items.added_by(!external_urls,href,uri)",
            {"items", "items[]", "items[].added_by", "items[].added_by.id", "items[].added_by.type"},
        ),
        (PLAYLIST, "nothing", set()),
    ],
)
def test_fields_say_what_is_wanted_of_a_playlist(client, path, fields, shape):
    assert digest.take_shape([client.get(path, fields=fields, limit=3).json()]).keys() - {""} == shape


@pytest.mark.each("fields", ["(", "items(", "items)", "a,,b", "a.", "!", "items((a))", "a b", "a(b)c", "*", "a,"])
def test_fields_that_make_no_sense_are_refused(client, fields):
    assert error(client.get(PLAYLIST, fields=fields)) == (400, "Invalid fields")


def test_all_but_some_fields(client):
    whole = client.get(PLAYLIST).json()
    assert client.get(PLAYLIST, fields="!tracks,items").json().keys() == whole.keys() - {"tracks", "items"}
    assert client.get(PLAYLIST, fields="").json() == whole


def test_an_album_s_tracks_are_a_list_of_their_own(client):
    album = client.get("/albums/382ObEPsp2rxGrnsizN5TX", market="SE").json()
    alone = client.get("/albums/382ObEPsp2rxGrnsizN5TX/tracks", market="SE", limit=50).json()
    assert alone["items"] == album["tracks"]["items"]
    assert client.get(album["tracks"]["href"]).json() == {**alone, "href": album["tracks"]["href"]}
    assert walk(client, "/albums/382ObEPsp2rxGrnsizN5TX/tracks", limit=3, market="SE") == alone["items"]


def test_a_trailing_slash_makes_no_difference(client):
    assert client.get("/me/tracks/").json() == client.get("/me/tracks").json()
