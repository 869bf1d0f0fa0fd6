"""The player by its clock: what plays, what comes next, on which device; and what was played."""

import json

import pytest

ALBUM = "spotify:album:382ObEPsp2rxGrnsizN5TX"
KITCHEN = "74ASZWbe4lXaubB36ztrGX"
LAPTOP = "0d1841b0976bae2a3a310dd74c0f3df354899bc8"
PHONE = "5fbb3ba6aa454b5534c4ba43a8c7e8e45a63ad0e"
RESTRICTED = "b46689a4cb5c8d1ec9a0f2d2f8a6a8f1c7b3e0d5"
OWN = "3cEYpjA9oz9GiPac4AsH4n"


@pytest.fixture(autouse=True)
def _start(control):
    """The clock stands still, and the album of ten tracks has just begun in the kitchen."""
    control.clock(runs=False)
    control.seed(playing=ALBUM, recent_plays=0)


@pytest.fixture
def tracks(client):
    """The album's tracks: URI and length in ms."""
    items = client.get(f"/albums/{ALBUM[-22:]}/tracks", limit=50).json()["items"]
    return [(item["uri"], item["duration_ms"]) for item in items]


def state(client):
    return client.get("/me/player").json()


def command(client, name, body=None, **query):
    method = "POST" if name in ("next", "previous", "queue") else "PUT"
    return client.call(method, f"/me/player/{name}".rstrip("/"), json=body, params=query)


def where(client):
    """What plays, and how far it is in seconds."""
    now = state(client)
    return now["item"]["uri"], now["progress_ms"] // 1000


def plays(client, **query):
    return client.get("/me/player/recently-played", **query).json()


def played(client):
    return [play["track"]["uri"] for play in plays(client)["items"]]


def refusal(answer):
    return answer.status_code, answer.json()["error"].get("reason")


def test_time_moves_it_through_the_context_to_its_end(client, control, tracks):
    assert where(client) == (tracks[0][0], 0)
    control.clock(advance_s=12)
    assert where(client) == (tracks[0][0], 12)
    control.clock(advance_s=tracks[0][1] / 1000)
    assert where(client) == (tracks[1][0], 12)
    control.clock(advance_s=sum(length for _, length in tracks) / 1000)
    assert where(client) == (tracks[0][0], 0)
    assert state(client)["is_playing"] is False
    assert state(client)["context"]["uri"] == ALBUM


def test_both_endpoints_tell_the_same_and_only_one_the_device(client):
    whole = state(client)
    assert (whole["device"]["id"], whole["repeat_state"], whole["shuffle_state"]) == (KITCHEN, "off", False)
    bare = client.get("/me/player/currently-playing").json()
    assert bare.items() <= whole.items()
    assert not {"device", "repeat_state", "shuffle_state"} & bare.keys()


def test_nothing_plays(client, control):
    control.seed(playing=None)
    for path in ("/me/player", "/me/player/currently-playing"):
        answer = client.get(path)
        assert (answer.status_code, answer.content) == (204, b"")
    assert client.get("/me/player/queue").json() == {"currently_playing": None, "queue": []}
    assert not any(device["is_active"] for device in client.get("/me/player/devices").json()["devices"])
    assert refusal(command(client, "pause")) == (404, "NO_ACTIVE_DEVICE")
    assert refusal(command(client, "play")) == (404, "NO_ACTIVE_DEVICE")
    assert refusal(command(client, "next", device_id=LAPTOP)) == (403, "UNKNOWN")
    assert command(client, "play", {"context_uri": ALBUM}, device_id=LAPTOP).status_code == 204
    assert state(client)["device"]["id"] == LAPTOP


def test_pause_and_resume(client, control, tracks):
    control.clock(advance_s=5)
    command(client, "pause")
    control.clock(advance_s=500)
    assert where(client) == (tracks[0][0], 5)
    assert state(client)["is_playing"] is False
    command(client, "play")
    control.clock(advance_s=5)
    assert where(client) == (tracks[0][0], 10)


def test_the_timestamp_is_of_the_last_change(client, control):
    began_ms = state(client)["timestamp"]
    for name, query in (("seek", {"position_ms": 9000}), ("pause", {}), ("play", {}), ("next", {})):
        control.clock(advance_s=2)
        assert state(client)["timestamp"] == began_ms, "time alone changes nothing"
        command(client, name, **query)
        assert state(client)["timestamp"] - began_ms == pytest.approx(2000, abs=1)
        began_ms = state(client)["timestamp"]


@pytest.mark.parametrize(
    ("body", "place", "seconds"),
    [
        ({"context_uri": ALBUM}, 0, 0),
        ({"context_uri": ALBUM, "offset": {"position": 3}, "position_ms": 7000}, 3, 7),
        ({"context_uri": ALBUM, "offset": {"uri": "spotify:track:11dFghVXANMlKmJXsNCbNl"}}, 2, 0),
        ({"uris": ["spotify:track:1301WleyT98MSxVHPZCA6M", "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"]}, 1, 0),
        ({"uris": ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"] * 2, "offset": {"position": 1}}, 0, 0),
    ],
)
def test_play_begins_where_it_is_told(client, control, tracks, body, place, seconds):
    assert command(client, "play", body).status_code == 204
    assert where(client) == (tracks[place][0], seconds)
    assert (state(client)["context"] or {}).get("uri") == body.get("context_uri")


@pytest.mark.parametrize("kind", ["artist", "playlist", "show"])
def test_other_contexts(client, control, kind):
    uri = f"spotify:{kind}:{control.ids(kind, 3)[2]}"
    assert command(client, "play", {"context_uri": uri}).status_code == 204
    assert state(client)["context"]["uri"] == uri
    assert len(client.get("/me/player/queue").json()["queue"]) > 1


@pytest.mark.parametrize(
    "body",
    [
        {"context_uri": ALBUM, "uris": ["spotify:track:4iV5W9uYEdYUVa79Axb7Rh"]},
        {"context_uri": "spotify:track:4iV5W9uYEdYUVa79Axb7Rh"},
        {"context_uri": "spotify:album:0000000000000000000000"},
        {"context_uri": "spotify:artist:0TnOYISbd1XYRBk9myaseg", "offset": {"position": 0}},
        {"context_uri": ALBUM, "offset": {"position": 10}},
        {"context_uri": ALBUM, "offset": {"uri": "spotify:track:0000000000000000000000"}},
        {"context_uri": ALBUM, "position_ms": -1},
        {"uris": []},
        {"uris": ["spotify:album:382ObEPsp2rxGrnsizN5TX"]},
    ],
)
def test_what_cannot_be_played(client, tracks, body):
    assert command(client, "play", body).status_code == 400
    assert where(client) == (tracks[0][0], 0)


def test_next_and_previous(client, control, tracks):
    command(client, "next")
    command(client, "next")
    assert where(client)[0] == tracks[2][0]
    command(client, "previous")
    assert where(client)[0] == tracks[1][0]
    command(client, "previous")
    control.clock(advance_s=9)
    command(client, "previous")
    assert where(client) == (tracks[0][0], 0)


def test_the_queue_comes_before_the_context(client, control, tracks):
    for uri, _ in (tracks[7], tracks[7], tracks[5]):
        assert command(client, "queue", uri=uri).status_code == 204
    queue = client.get("/me/player/queue").json()
    assert queue["currently_playing"]["uri"] == tracks[0][0]
    assert [item["uri"] for item in queue["queue"]] == [tracks[place][0] for place in (7, 7, 5, *range(1, 10))]
    seen = []
    for _ in range(4):
        command(client, "next")
        seen.append(where(client)[0])
    assert seen == [tracks[place][0] for place in (7, 7, 5, 1)]
    command(client, "queue", uri=tracks[8][0])
    command(client, "next")
    command(client, "previous")
    assert where(client)[0] == tracks[1][0], "back to where the context was"
    for uri in ("", "spotify:album:382ObEPsp2rxGrnsizN5TX"):
        assert command(client, "queue", uri=uri).status_code == 400


def test_seeking_beyond_the_end_goes_on(client, tracks):
    command(client, "seek", position_ms=40_000)
    assert where(client) == (tracks[0][0], 40)
    command(client, "seek", position_ms=tracks[0][1])
    assert where(client) == (tracks[1][0], 0)
    assert command(client, "seek", position_ms=-1).status_code == 400


def test_repeat(client, control, tracks):
    command(client, "repeat", state="track")
    control.clock(advance_s=tracks[0][1] / 1000 + 3)
    assert where(client) == (tracks[0][0], 3)
    command(client, "next")
    assert where(client) == (tracks[1][0], 0)
    command(client, "repeat", state="context")
    command(client, "play", {"context_uri": ALBUM, "offset": {"position": 9}})
    assert [item["uri"] for item in client.get("/me/player/queue").json()["queue"]] == [uri for uri, _ in tracks]
    control.clock(advance_s=tracks[9][1] / 1000 + 3)
    assert where(client) == (tracks[0][0], 3)
    assert state(client)["repeat_state"] == "context"
    assert command(client, "repeat", state="always").status_code == 400


def test_shuffle_mixes_what_follows_and_loses_nothing(client, tracks):
    ahead = [uri for uri, _ in tracks[1:]]
    command(client, "shuffle", state="true")
    mixed = [item["uri"] for item in client.get("/me/player/queue").json()["queue"]]
    assert where(client)[0] == tracks[0][0]
    assert mixed != ahead
    assert sorted(mixed) == sorted(ahead)
    command(client, "shuffle", state="false")
    assert [item["uri"] for item in client.get("/me/player/queue").json()["queue"]] == ahead


def test_volume(client):
    assert command(client, "volume", volume_percent=71).status_code == 204
    assert state(client)["device"]["volume_percent"] == 71
    assert command(client, "volume", volume_percent=101).status_code == 400
    assert refusal(command(client, "volume", volume_percent=5, device_id=PHONE)) == (403, "VOLUME_CONTROL_DISALLOW")


def test_devices_differ(client):
    devices = client.get("/me/player/devices").json()["devices"]
    assert [device["id"] for device in devices] == [KITCHEN, LAPTOP, PHONE, RESTRICTED, None]
    assert [device["id"] for device in devices if device["is_restricted"]] == [RESTRICTED]
    assert [device["id"] for device in devices if not device["supports_volume"]] == [PHONE]
    assert [device["id"] for device in devices if device["is_active"]] == [KITCHEN]
    assert refusal(command(client, "pause", device_id=RESTRICTED)) == (403, "DEVICE_NOT_CONTROLLABLE")
    assert refusal(command(client, "pause", device_id="0" * 40)) == (404, None)


def test_transfer(client, control, tracks):
    control.clock(advance_s=20)
    assert command(client, "", {"device_ids": [LAPTOP]}).status_code == 204
    assert where(client) == (tracks[0][0], 20)
    assert (state(client)["device"]["id"], state(client)["is_playing"]) == (LAPTOP, True)
    command(client, "pause")
    command(client, "", {"device_ids": [PHONE], "play": False})
    assert state(client)["is_playing"] is False
    command(client, "", {"device_ids": [KITCHEN], "play": True})
    assert state(client)["is_playing"] is True
    for ids in ([], [KITCHEN, LAPTOP], "x"):
        assert command(client, "", {"device_ids": ids}).status_code == 400
    assert refusal(command(client, "", {"device_ids": [RESTRICTED]})) == (403, "DEVICE_NOT_CONTROLLABLE")


def test_transfer_wakes_a_device_where_none_is_active(client, control):
    control.seed(playing=None)
    assert command(client, "", {"device_ids": [LAPTOP]}).status_code == 204
    devices = client.get("/me/player/devices").json()["devices"]
    assert [device["id"] for device in devices if device["is_active"]] == [LAPTOP]


def test_other_devices_can_be_put_there(client, control):
    control.seed(devices=[{"id": None, "name": "Roof", "is_restricted": True}])
    assert state(client)["device"]["name"] == "Roof"
    assert (state(client)["is_playing"], state(client)["device"]["is_active"]) == (True, False)
    assert refusal(command(client, "pause")) == (404, "NO_ACTIVE_DEVICE")
    for devices in ([], [{"name": "No id"}], [{"id": "x", "name": "Odd", "colour": "red"}]):
        with pytest.raises(ValueError, match="devices are a list of objects with id, name"):
            control.seed(devices=devices)


def test_commands_need_premium_and_reading_does_not(client, control):
    control.seed(player={"is_premium": False})
    assert refusal(command(client, "pause")) == (403, "PREMIUM_REQUIRED")
    assert state(client)["is_playing"] is True
    assert client.get("/me").json()["product"] == "free"


def test_commands_may_be_answered_with_what_is_no_json(client, control):
    control.seed(player={"answers_text": True})
    answer = command(client, "pause")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert state(client)["is_playing"] is False


def test_repeating_a_command_may_be_refused(client, control):
    assert [command(client, "pause").status_code for _ in range(2)] == [204, 204]
    control.seed(player={"refuses_repeats": True})
    assert refusal(command(client, "pause")) == (403, "UNKNOWN")
    assert command(client, "play").status_code == 204
    assert refusal(command(client, "play")) == (403, "UNKNOWN")


@pytest.mark.parametrize(("rule", "kind"), [("is_ad", "ad"), ("is_private_session", "unknown")])
def test_advertisements_and_private_sessions_have_no_item(client, control, rule, kind):
    control.seed(player={rule: True})
    now = state(client)
    assert (now["item"], now["currently_playing_type"], now["is_playing"]) == (None, kind, True)
    assert now["device"]["is_private_session"] is (kind == "unknown")


def test_episodes_are_told_to_clients_that_know_them(client, control):
    [show] = control.ids("show", 1)
    listed = client.get(f"/shows/{show}/episodes").json()["items"]
    command(client, "play", {"context_uri": f"spotify:show:{show}"})
    assert (state(client)["item"], state(client)["currently_playing_type"]) == (None, "episode")
    known = client.get("/me/player/currently-playing", additional_types="track,episode").json()
    assert known["item"]["uri"] == listed[0]["uri"]
    assert client.get("/me/player/queue").json()["queue"][0]["uri"] == listed[1]["uri"]
    assert client.get("/me/player", additional_types="chapter").status_code == 400
    control.clock(advance_s=known["item"]["duration_ms"] / 1000 + 1)
    command(client, "pause")
    assert played(client) == [], "episodes are no plays"


# What was played


def test_plays_of_thirty_seconds_count(client, control, tracks):
    command(client, "next")
    control.clock(advance_s=29)
    command(client, "next")
    assert played(client) == []
    control.clock(advance_s=31)
    command(client, "seek", position_ms=1000)
    command(client, "next")
    control.clock(advance_s=5)
    command(client, "previous")
    command(client, "next")
    assert played(client) == [tracks[2][0]]
    control.clock(advance_s=(tracks[3][1] + tracks[4][1]) / 1000 + 1)
    assert played(client) == [tracks[place][0] for place in (4, 3, 2)]
    assert plays(client)["items"][0]["context"]["uri"] == ALBUM


def test_private_sessions_leave_no_trace(client, control, tracks):
    control.seed(player={"is_private_session": True})
    control.clock(advance_s=1000)
    assert played(client) == []


@pytest.mark.parametrize("tells_start", [False, True])
def test_played_at_is_the_end_or_the_start(client, control, tracks, tells_start):
    control.seed(plays={"tells_start": tells_start})
    began_ms = int(control.clock() * 1000)
    control.clock(advance_s=tracks[0][1] / 1000 + 1)
    [cursor] = {int(value) for value in plays(client)["cursors"].values()}
    assert abs(cursor - began_ms - (0 if tells_start else tracks[0][1])) <= 1


def test_only_fifty_are_told_and_nothing_before_them(client, control):
    control.seed(recent_plays=80)
    page = plays(client, limit=50)
    assert len(page["items"]) == 50
    assert page["next"] is None
    older = plays(client, before=page["cursors"]["before"])
    assert (older["items"], older["next"], older["cursors"]) == ([], None, None)


def test_pages_go_back_by_before_and_on_by_after(client, control):
    control.seed(recent_plays=45)
    whole = [play["played_at"] for play in plays(client, limit=50)["items"]]
    assert whole == sorted(whole, reverse=True)
    back, page = [], plays(client)
    while True:
        back += [play["played_at"] for play in page["items"]]
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    assert back == whole
    on, page = [], plays(client, after=page["cursors"]["after"])
    while True:
        on = [play["played_at"] for play in page["items"]] + on
        if page["next"] is None:
            break
        page = client.get(page["next"]).json()
    assert on == whole[:40]


@pytest.mark.parametrize(
    "query", [{"before": 5, "after": 5}, {"before": "x"}, {"after": -1}, {"limit": 0}, {"limit": 51}]
)
def test_cursors_that_do_not_fit(client, query):
    assert client.get("/me/player/recently-played", **query).status_code == 400


def test_plays_may_be_told_late(client, control, tracks):
    control.seed(plays={"late_s": 1000})
    control.clock(advance_s=sum(length for _, length in tracks[:4]) / 1000 + 1)
    assert played(client) == [tracks[2][0], tracks[0][0]]
    control.clock(advance_s=1000)
    command(client, "pause")
    assert [uri for uri in played(client) if uri in {uri for uri, _ in tracks[:4]}] == [
        uri for uri, _ in reversed(tracks[:4])
    ]


def test_plays_may_be_told_out_of_order(client, control):
    control.seed(recent_plays=5)
    in_order = played(client)
    control.seed(plays={"is_out_of_order": True})
    assert played(client) == [in_order[place] for place in (1, 0, 3, 2, 4)]
