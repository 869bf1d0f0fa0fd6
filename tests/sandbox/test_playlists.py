"""Making and changing playlists: order, snapshots, covers, and what is refused."""

from base64 import b64encode

import pytest

OWN = "3cEYpjA9oz9GiPac4AsH4n"
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
LOCAL = "spotify:local:Garage+Neighbours:Demo+Tape:Rehearsal+3:215"


@pytest.fixture
def tracks(control):
    return [f"spotify:track:{identifier}" for identifier in control.ids("track", 150)]


@pytest.fixture
def shared(control):
    """A friend's list that the listener works on."""
    return control.ids("playlist", 14)[13]


@pytest.fixture
def others(control):
    return control.ids("playlist", 4)[3]


@pytest.fixture
def made(client):
    """The id of a new, empty and private list."""
    return client.call("POST", "/me/playlists", json={"name": "Kitchen", "public": False}).json()["id"]


def write(client, method, identifier, body, under="items", **query):
    return client.call(method, f"/playlists/{identifier}/{under}", json=body, params=query)


def on_it(client, identifier):
    uris, page = [], client.get(f"/playlists/{identifier}/items", limit=50).json()
    while True:
        uris += [entry["item"] and entry["item"]["uri"] for entry in page["items"]]
        if page["next"] is None:
            return uris
        page = client.get(page["next"]).json()


def outcome(answer):
    return answer.status_code, answer.json()["error"]["message"]


def test_a_new_list_is_public_unless_told_otherwise_and_stands_first_among_the_listeners(client):
    answer = client.call("POST", "/me/playlists", json={"name": "Sunday"})
    playlist = answer.json()
    assert answer.status_code == 201
    assert (playlist["name"], playlist["public"], playlist["collaborative"]) == ("Sunday", True, False)
    assert (playlist["owner"]["id"], playlist["items"]["total"]) == ("sandbox-listener", 0)
    by_id = client.call("POST", "/users/sandbox-listener/playlists", json={"name": "Monday", "public": False}).json()
    listed = client.get("/me/playlists").json()["items"]
    assert [(entry["id"], entry["public"]) for entry in listed[:2]] == [(by_id["id"], False), (playlist["id"], True)]
    assert client.get(f"/playlists/{by_id['id']}").json()["name"] == "Monday"


def test_nobody_makes_lists_for_others(client):
    answer = client.call("POST", "/users/smedjan/playlists", json={"name": "Theirs"})
    assert outcome(answer) == (403, "You cannot create a playlist for another user")


def test_details_change_one_by_one(client, made):
    before = client.get(f"/playlists/{made}").json()
    assert client.put(f"/playlists/{made}", json={"description": "Loud"}).content == b""
    assert client.put(f"/playlists/{made}", json={"name": "Hall", "public": True}).status_code == 200
    after = client.get(f"/playlists/{made}").json()
    assert (after["name"], after["description"], after["public"]) == ("Hall", "Loud", True)
    assert after["snapshot_id"] != before["snapshot_id"]
    assert client.get("/me/playlists").json()["items"][0]["public"] is True


@pytest.mark.parametrize(
    "details",
    [
        {"name": ""},
        {"name": 3},
        {"public": "yes"},
        {"description": "two\nlines"},
        {"public": True, "collaborative": True},
    ],
)
def test_details_that_do_not_fit(client, made, details):
    assert client.put(f"/playlists/{made}", json=details).status_code == 400
    assert client.call("POST", "/me/playlists", json={"name": "New", **details}).status_code == 400


def test_a_list_needs_a_name(client):
    assert client.call("POST", "/me/playlists", json={}).status_code == 400


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("playlist-modify-public", {"public": True}), ("playlist-modify-private", {"public": False})],
)
def test_the_scope_follows_who_sees_the_list(client, control, scope, allowed):
    control.seed(token_scopes=[scope])
    wanted = ({"public": True}, {"public": False}, {"public": False, "collaborative": True})
    statuses = [client.call("POST", "/me/playlists", json={"name": "A", **more}).status_code for more in wanted]
    assert statuses == [201 if more == allowed else 403 for more in wanted]


def test_a_private_list_is_read_with_a_scope_only(client, control, made):
    assert client.get(f"/playlists/{made}").status_code == 200
    control.seed(token_scopes=["playlist-modify-private"])
    assert client.get(f"/playlists/{made}").status_code == 403


@pytest.mark.parametrize("under", ["items", "tracks"])
def test_items_are_added_in_order_at_the_end_or_at_a_position(client, made, tracks, under):
    first = write(client, "POST", made, {"uris": tracks[:100]}, under)
    assert first.status_code == 201
    write(client, "POST", made, {"uris": tracks[100:103], "position": 1}, under)
    write(client, "POST", made, None, under, uris=",".join(tracks[103:105]), position=0)
    write(client, "POST", made, tracks[105:106], under)
    assert on_it(client, made) == [*tracks[103:105], tracks[0], *tracks[100:103], *tracks[1:100], tracks[105]]
    assert write(client, "POST", made, {"uris": tracks[:1]}).json().keys() == {"snapshot_id"}
    assert on_it(client, made)[-1] == tracks[0], "what is there already is added again"


def test_an_episode_looks_like_a_track_to_clients_that_know_only_those(client, control, made):
    [episode] = control.ids("episode", 1)
    write(client, "POST", made, {"uris": [f"spotify:episode:{episode}"]})
    [known] = client.get(f"/playlists/{made}/items", additional_types="track,episode").json()["items"]
    [unknown] = client.get(f"/playlists/{made}/items").json()["items"]
    assert (known["item"]["id"], known["item"]["episode"], known["item"]["track"]) == (episode, True, False)
    assert (unknown["item"]["id"], unknown["item"]["type"]) == (episode, "episode")
    assert unknown["item"]["album"]["name"] == known["item"]["show"]["name"]
    write(client, "DELETE", made, {"items": [{"uri": known["item"]["uri"]}]})
    assert on_it(client, made) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"uris": []},
        {"uris": "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"},
        {"uris": ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"] * 101},
        {"uris": ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"], "position": 1},
        {"uris": ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"], "position": -1},
        {"uris": ["spotify:track:0000000000000000000000"]},
        {"uris": ["spotify:album:382ObEPsp2rxGrnsizN5TX"]},
        {"uris": [LOCAL]},
    ],
)
def test_what_cannot_be_added(client, made, body):
    assert write(client, "POST", made, body).status_code == 400
    assert on_it(client, made) == []


def test_replacing_takes_up_to_a_hundred_and_makes_every_date_new(client, control, tracks):
    old = client.get(f"/playlists/{OWN}/items").json()["items"][0]["added_at"]
    assert write(client, "PUT", OWN, {"uris": tracks[:101]}).status_code == 400
    assert write(client, "PUT", OWN, {"uris": tracks[:100]}).json().keys() == {"snapshot_id"}
    page = client.get(f"/playlists/{OWN}/items").json()
    assert page["total"] == 100
    assert page["items"][0]["added_at"] > old
    write(client, "PUT", OWN, {"uris": []})
    assert on_it(client, OWN) == []


@pytest.mark.parametrize(
    ("range_start", "range_length", "insert_before", "order"),
    [(0, 1, 5, "bcdea"), (4, 1, 0, "eabcd"), (1, 2, 4, "adbce"), (3, 2, 1, "adebc"), (1, 3, 2, "abcde")],
)
def test_reordering_moves_a_range_and_keeps_its_dates(
    client, control, made, tracks, range_start, range_length, insert_before, order
):
    for uri in tracks[:5]:
        write(client, "POST", made, {"uris": [uri]})
        control.clock(advance_s=60)
    dates = {
        entry["item"]["uri"]: entry["added_at"] for entry in client.get(f"/playlists/{made}/items").json()["items"]
    }
    body = {"range_start": range_start, "range_length": range_length, "insert_before": insert_before}
    assert write(client, "PUT", made, body).status_code == 200
    items = client.get(f"/playlists/{made}/items").json()["items"]
    assert "".join("abcde"[tracks.index(entry["item"]["uri"])] for entry in items) == order
    assert all(entry["added_at"] == dates[entry["item"]["uri"]] for entry in items)
    assert len(set(dates.values())) == 5


@pytest.mark.parametrize(
    "body",
    [
        {"range_start": 0},
        {"range_start": 2, "insert_before": 0},
        {"range_start": 0, "insert_before": 3},
        {"range_start": 0, "insert_before": 0, "range_length": 3},
        {"range_start": 0, "insert_before": 2, "snapshot_id": "of another list"},
    ],
)
def test_ranges_that_are_not_there(client, made, tracks, body):
    write(client, "POST", made, {"uris": tracks[:2]})
    assert write(client, "PUT", made, body).status_code == 400
    assert on_it(client, made) == tracks[:2]


@pytest.mark.parametrize(("under", "other"), [("items", "tracks"), ("tracks", "items")])
def test_removing_takes_every_copy(client, made, tracks, under, other):
    a, b, c = tracks[:3]
    snapshot = write(client, "POST", made, {"uris": [a, b, a, c, a]}).json()["snapshot_id"]
    removed = [{"uri": a, "positions": [0]}]
    to_come = {under: removed, "snapshot_id": f"{snapshot}9"}
    assert write(client, "DELETE", made, to_come, under).status_code == 400
    assert write(client, "DELETE", made, {other: removed}, under).status_code == 400
    answer = write(client, "DELETE", made, {under: removed, "snapshot_id": snapshot}, under)
    assert answer.json()["snapshot_id"] != snapshot
    assert on_it(client, made) == [b, c]


def test_local_files_stay_when_removed_by_uri(client):
    assert LOCAL in on_it(client, OWN)
    assert write(client, "DELETE", OWN, {"items": [{"uri": LOCAL}]}).status_code == 400
    assert LOCAL in on_it(client, OWN)


def test_snapshots_waver_for_a_while_after_a_write(client, control, made, tracks):
    def reads():
        return [client.get(f"/playlists/{made}", fields="snapshot_id").json()["snapshot_id"] for _ in range(3)]

    [old] = set(reads())
    control.seed(playlists={"snapshot_delay_s": 30})
    new = write(client, "POST", made, {"uris": tracks[:1]}).json()["snapshot_id"]
    seen = reads()
    assert {old, new} < set(seen)
    assert len(set(seen)) == 3, "one of them nobody has seen before"
    assert on_it(client, made) == tracks[:1], "the items are there at once"
    control.clock(advance_s=30)
    assert set(reads()) == {new}


def test_lists_that_nobody_changed_are_as_short_as_asked_for(client, control):
    control.seed(playlists={"first_items": 5})
    answer = client.get(f"/playlists/{OWN}").json()
    assert (answer["items"]["total"], len(answer["items"]["items"])) == (5, 5)


@pytest.mark.parametrize("status", [500, 403])
def test_a_full_list_takes_nothing_more(client, control, made, tracks, status):
    control.seed(playlists={"max_items": 3, "full_status": status})
    write(client, "POST", made, {"uris": tracks[:2]})
    assert write(client, "POST", made, {"uris": tracks[:2]}).status_code == status
    assert on_it(client, made) == tracks[:2]


def test_others_lists_are_not_changed(client, others):
    for method, path, body in (
        ("PUT", "", {"name": "Mine now"}),
        ("POST", "/items", {"uris": ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"]}),
        ("PUT", "/items", {"uris": []}),
        ("DELETE", "/items", {"items": [{"uri": "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"}]}),
        ("PUT", "/images", None),
    ):
        answer = client.call(method, f"/playlists/{others}{path}", json=body)
        assert answer.status_code == 403, (method, path)


def test_development_mode_reads_the_items_of_lists_that_the_listener_works_on(client, control, shared, others, tracks):
    control.seed(app={"quota_mode": "development"}, awkward=False)
    assert client.get(f"/playlists/{OWN}").json()["items"]["total"] == 75
    assert write(client, "POST", shared, {"uris": tracks[:1]}).status_code == 201
    assert on_it(client, shared)[-1] == tracks[0]
    assert client.put(f"/playlists/{shared}", json={"name": "Ours"}).status_code == 403
    assert client.put(f"/playlists/{shared}/images").status_code == 403
    assert outcome(client.get(f"/playlists/{others}/items")) == (403, "Forbidden")
    metadata = client.get(f"/playlists/{others}").json()
    assert metadata["name"]
    assert not {"items", "tracks"} & metadata.keys()
    made = client.call("POST", "/me/playlists", json={"name": "Small"})
    assert made.status_code == 201
    assert "tracks" not in made.json()


def test_lists_of_a_user_are_the_public_ones(client, made):
    own = client.get("/users/sandbox-listener/playlists", limit=50).json()
    assert own["total"] > 0
    assert made not in [playlist["id"] for playlist in own["items"]]
    friends = client.get("/users/sandbox-friend-003/playlists").json()["items"]
    assert {playlist["owner"]["id"] for playlist in friends} == {"sandbox-friend-003"}
    assert client.get("/users/nobody/playlists").status_code == 404


def test_following_can_be_asked_of_oneself(client, others):
    client.put(f"/playlists/{others}/followers", json={})
    address = f"/playlists/{others}/followers/contains"
    assert client.get(address).json() == [True]
    assert client.get(address, ids="sandbox-listener").json() == [True]
    assert client.get(address, ids="smedjan").json() == [False]


def upload(client, identifier, body, content_type="image/jpeg"):
    return client.put(f"/playlists/{identifier}/images", data=body, headers={"Content-Type": content_type})


def test_a_cover_is_a_jpeg_in_base64(client, made):
    assert client.get(f"/playlists/{made}/images").json() != []
    answer = upload(client, made, b64encode(JPEG))
    assert (answer.status_code, answer.content) == (202, b"")
    [cover] = client.get(f"/playlists/{made}/images").json()
    assert client.get(f"/playlists/{made}").json()["images"] == [cover]
    shown = client.session.get(cover["url"])
    assert (shown.content, shown.headers["Content-Type"]) == (JPEG, "image/jpeg")


def test_covers_that_do_not_fit(client, made):
    largest = b64encode(JPEG[:4] + bytes(192 * 1024 - 4))
    assert len(largest) == 256 * 1024
    assert upload(client, made, largest).status_code == 202
    assert upload(client, made, largest + b"AAAA").status_code == 413
    for body, content_type in (
        (JPEG, "image/jpeg"),
        (b64encode(b"\x89PNG" + bytes(64)), "image/jpeg"),
        (b64encode(JPEG) + b"\n", "image/jpeg"),
        (b64encode(JPEG), "application/json"),
        (b"", "image/jpeg"),
    ):
        assert upload(client, made, body, content_type).status_code == 400
    assert client.session.get(f"{client.url}/covers/{OWN}").status_code == 404


def test_a_cover_needs_its_own_scope(client, control, made):
    control.seed(token_scopes=["playlist-modify-public", "playlist-modify-private"])
    assert upload(client, made, b64encode(JPEG)).status_code == 401


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"colour": "red"}, "no setting is called 'colour'; there are snapshot_delay_s, max_items, full_status"),
        ({"max_items": "many"}, "max_items takes a value like 10000"),
    ],
)
def test_rules_that_there_are_not(control, rules, message):
    with pytest.raises(ValueError, match=message):
        control.seed(playlists=rules)
