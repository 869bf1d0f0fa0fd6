"""The queue, a device that is woken, and what plays now."""

import pytest

from connector.composites.kept_list import find
from connector.composites.procedures.play import is_in_order
from connector.composites.run import run
from connector.composites.task import Task
from connector.composites.waking import Device, Step, choose_device, plan_fade
from connector.errors import InvocationFailed
from connector.manifest.manifest import Manifest
from connector.result import Listing, Meta, Result
from connector.wire.deadline import Deadline

MANIFEST = Manifest.load()
KITCHEN = "74ASZWbe4lXaubB36ztrGX"
LAPTOP = "0d1841b0976bae2a3a310dd74c0f3df354899bc8"


@pytest.fixture
def sent(sandbox):
    """What was sent since the last time, as method and address."""
    seen = [0]

    def since():
        calls = sandbox.control.calls()[seen[0] :]
        seen[0] += len(calls)
        return [f"{call['method']} {call['path']}" for call in calls]

    return since


def device(id_="1", name="Kitchen", **facts):
    return Device(id_, name, **{"is_active": False, "is_restricted": False, "has_volume": True, "volume": 50, **facts})


def test_a_device_is_called_by_its_id_or_its_name():
    devices = [device("1", "Kitchen"), device("2", "Living room"), device("3", "Kitchen")]
    assert choose_device(devices, "3").id == "3"
    assert choose_device(devices, " living ROOM").id == "2"
    assert choose_device(devices, "Garage") is None
    with pytest.raises(InvocationFailed, match="is the name of 2: 1, 3"):
        choose_device(devices, "kitchen")


@pytest.mark.parametrize(
    ("end", "seconds", "steps"),
    [
        (2, 4, [Step(2.0, 1), Step(2.0, 2)]),
        (3, 1, [Step(0.5, 2), Step(0.5, 3)]),
        (0, 5, []),
    ],
)
def test_a_fade_takes_few_calls_and_ends_as_loud_as_is_said(end, seconds, steps):
    assert plan_fade(0, end, seconds) == steps


def test_a_long_fade_takes_no_more_calls_and_never_falls():
    steps = plan_fade(0, 100, 600)
    assert len(steps) == 50
    assert sum(step.wait_s for step in steps) == pytest.approx(600)
    volumes = [step.volume for step in steps]
    assert volumes == sorted(set(volumes))
    assert volumes[-1] == 100


@pytest.mark.parametrize(
    ("wanted", "told", "is_so"),
    [
        ("abc", "xabcy", True),
        ("abc", "xab", True),
        ("abc", "xacb", False),
        ("aa", "a", True),
        ("ab", "ba", False),
        ("", "xy", True),
    ],
)
def test_the_queue_tells_the_order_as_far_as_it_reaches(wanted, told, is_so):
    assert is_in_order(list(wanted), list(told)) is is_so


@pytest.mark.parametrize(
    ("playing", "why"),
    [
        ({"item": {"uri": "spotify:track:1", "is_local": False}, "currently_playing_type": "track"}, None),
        (
            {"item": {"uri": "spotify:local:1", "is_local": True}, "currently_playing_type": "track"},
            "A file of one's own plays, which can't be put elsewhere.",
        ),
        ({"item": None, "currently_playing_type": "ad"}, "An advertisement plays."),
        ({"currently_playing_type": "unknown"}, "It isn't told what plays, as in a private session."),
        ({}, None),
    ],
)
def test_why_what_plays_is_not_kept_is_told(playing, why):
    words = MANIFEST.block("addCurrentTrack").procedure.words["playing"]
    assert find(words["why_not"], playing) == why


def test_an_album_is_queued_in_its_order(invoke, sandbox, sent, give):
    identifiers = sandbox.control.ids("album", 20)
    album = next(each for each in identifiers if invoke("getAlbum", id=each).output["total_tracks"] > 3)
    tracks = [track["uri"] for track in invoke("getAlbumTracks", id=album).entries]
    source = f"spotify:album:{album}"
    sent()
    plan = give(invoke("queueItems", source=source, count=3, dry_run=True))
    assert all(call.startswith("GET") for call in sent())
    told = give(invoke("queueItems", source=source, count=3))
    queue = "/v1/me/player/queue"
    assert sent() == [f"GET /v1/albums/{album}/tracks", *[f"POST {queue}"] * 3, f"GET {queue}"]
    assert [entry["uri"] for entry in told["queued"]] == tracks[:3]
    assert plan["calls"]["write"] == told["calls"]["write"] == 3
    assert [entry["uri"] for entry in invoke("getQueue").entries][:3] == tracks[:3]


def test_an_own_playlist_is_queued_by_its_name_without_what_can_not_be(invoke, make, tracks, give):
    make("Dinner", tracks[:2])
    told = give(invoke("queueItems", source="dinner"))
    assert [entry["uri"] for entry in told["queued"]] == tracks[:2]
    own = give(invoke("queueItems", source="3cEYpjA9oz9GiPac4AsH4n", dry_run=True))
    assert {entry["why"] for entry in own["left_out"]} == {"A file of one's own can't be queued.", "It can't be read."}


def test_no_more_is_queued_than_is_said_and_what_is_not_is_told(invoke, make, tracks):
    target = make("Long", tracks[:100])
    invoke("addItemsToPlaylist", playlist_id=target, uris=tracks[100:110]).unwrap()
    plan = invoke("queueItems", source="Long", dry_run=True)
    assert [entry["uri"] for entry in plan.output["queued"]] == tracks[:100]
    some = invoke("queueItems", uris=tracks[:5], count=2)
    assert [entry["uri"] for entry in some.output["queued"]] == tracks[:2]
    assert some.meta.warnings == ["3 more were not queued: count says how many are."]


def test_a_failure_while_queueing_tells_what_is_in_the_queue(invoke, sandbox, tracks):
    sandbox.control.fault("forbidden_no_message", match="POST /me/player/queue", after=2)
    error = invoke("queueItems", uris=tracks[:4]).error
    assert (list(error.done), list(error.not_done), error.uncertain) == (tracks[:2], tracks[2:4], ())
    assert error.message.endswith(" What is not_done can be given again as uris.")
    sandbox.control.fault("bad_gateway", match="POST /me/player/queue", after=1, times=None)
    error = invoke("queueItems", uris=tracks[:4]).error
    assert (list(error.done), list(error.uncertain), list(error.not_done)) == (tracks[:1], tracks[1:2], tracks[2:4])


def test_what_is_queued_stays_told_where_the_queue_can_not_be_looked_at(invoke, sandbox, tracks, give):
    sandbox.control.fault("forbidden_no_message", match="GET /me/player/queue", times=None)
    result = invoke("queueItems", uris=tracks[:2])
    assert [entry["uri"] for entry in give(result)["queued"]] == tracks[:2]
    assert result.meta.warnings == ["The queue could not be looked at: whether it is in this order is not known."]


def test_a_device_is_woken_made_quiet_and_then_plays(invoke, sent, tracks, give):
    plan = give(invoke("playOn", device="laptop", uris=tracks[:2], volume=3, fade=1, dry_run=True))
    sent()
    told = give(invoke("playOn", device="laptop", uris=tracks[:2], volume=3, fade=1))
    assert sent() == [
        "GET /v1/me/player/devices",
        "PUT /v1/me/player",
        "GET /v1/me/player/devices",
        "PUT /v1/me/player/volume",
        "PUT /v1/me/player/play",
        "PUT /v1/me/player/volume",
        "PUT /v1/me/player/volume",
    ]
    assert (told["device"], told["woken"], told["volume"]) == ({"id": LAPTOP, "name": "Laptop"}, True, 3)
    assert plan["calls"]["write"] == told["calls"]["write"] == 5
    state = invoke("getPlaybackState").output
    assert (state["device"]["id"], state["device"]["volume_percent"]) == (LAPTOP, 3)
    assert (state["item"]["uri"], state["is_playing"]) == (tracks[0], True)


def test_a_device_on_which_nothing_starts_is_as_loud_as_before(invoke, sandbox, tracks):
    loud = next(each["volume_percent"] for each in invoke("getDevices").entries if each["id"] == LAPTOP)
    sandbox.control.fault("forbidden_no_message", match="PUT /me/player/play")
    error = invoke("playOn", device="laptop", uris=tracks[:2], volume=3, fade=1).error
    assert (error.kind, loud > 0) == ("forbidden", True)
    assert next(each["volume_percent"] for each in invoke("getDevices").entries if each["id"] == LAPTOP) == loud


def test_a_fade_may_take_longer_than_a_request(invoke, monkeypatch, tracks, give):
    sleeps = []
    monkeypatch.setattr(Deadline, "sleep", lambda deadline, seconds: sleeps.append((seconds, deadline.left > seconds)))
    give(invoke("playOn", device=KITCHEN, uris=tracks[:1], volume=2, fade=600))
    assert sleeps == [(300, True)] * 2


def make_task(answers, sleeps, **args):
    """A task of the manifest's own block, on devices that look like one of `answers` after the other."""
    asked = []

    def invoke(block, given, who=None, **_):
        asked.append((block, given.get("volume_percent")))
        if block != "getDevices":
            return Result(block, {}, meta=Meta(requests=1))
        output = {"devices": answers.pop(0) if len(answers) > 1 else answers[0]}
        return Result(block, output, meta=Meta(requests=1), listing=Listing(("devices",)))

    procedure = MANIFEST.block("playOn").procedure
    return Task(procedure, {"device": "Kitchen", **args}, invoke, MANIFEST.references, sleeps.append), asked


def tell_device(**facts):
    return {"id": KITCHEN, "name": "Kitchen", "supports_volume": True, "volume_percent": 50, **facts}


def test_nothing_is_heard_before_the_device_is_awake_and_as_loud_as_is_said():
    asleep, awake = [tell_device(is_active=False)], [tell_device(is_active=True)]
    sleeps = []
    task, asked = make_task([[], asleep, asleep, awake], sleeps, volume=3, fade=6)
    assert run(task)["woken"] is True
    look = ("getDevices", None)
    start = ("transferPlayback", None)
    volumes = [("setVolume", str(volume)) for volume in (0, 1, 2, 3)]
    assert asked == [look, look, ("transferPlayback", None), look, look, volumes[0], start, *volumes[1:]]
    assert sleeps == [1.0, 1.0, 2.0, 2.0, 2.0]


def test_a_device_that_never_says_that_it_is_awake_plays_all_the_same():
    task, asked = make_task([[tell_device(is_active=False)]], [], wait=0)
    run(task)
    assert asked[-1] == ("transferPlayback", None)
    assert "did not say that it is active" in task.warnings[0]


def test_an_active_device_goes_on_with_what_plays(invoke, sent, give):
    sent()
    told = give(invoke("playOn", device=KITCHEN))
    assert sent() == ["GET /v1/me/player/devices", "PUT /v1/me/player"]
    assert (told["woken"], told["volume"]) == (False, None)


def test_a_device_that_takes_no_volume_plays_all_the_same(invoke, tracks, give):
    result = invoke("playOn", device="Phone", uris=tracks[:1], volume=10)
    assert give(result)["volume"] is None
    assert "takes no volume" in result.meta.warnings[0]


def test_a_device_that_sleeps_is_waited_for(connector, sandbox, tracks, give):
    sandbox.control.seed(devices=[{"id": LAPTOP, "name": "Laptop"}])
    looks = []

    def appear(progress):
        looks.append(progress.step)
        if len(looks) == 1:
            sandbox.control.seed(devices=[{"id": KITCHEN, "name": "Kitchen"}])

    args = {"access_token": sandbox.demo_args["access_token"], "device": "Kitchen", "uris": tracks[:1]}
    told = give(connector.invoke("playOn", args, on_progress=appear))
    assert (told["woken"], told["device"]["id"]) == (True, KITCHEN)
    assert "waiting for the device" in looks


def test_a_device_that_does_not_come_is_told_with_those_that_are_there(invoke, sent):
    error = invoke("playOn", device="Garage", wait=0).error
    assert error.kind == "not_found"
    assert "there are: Kitchen, Laptop" in error.message
    assert invoke("playOn", device="Living room").error.kind == "forbidden"
    assert not any(call.startswith("PUT") for call in sent())


def test_what_plays_is_kept_once(invoke, sent, make, read, give, tracks):
    invoke("startPlayback", uris=tracks[:1]).unwrap()
    target = make("Found")
    sent()
    plan = give(invoke("addCurrentTrack", target="Found", dry_run=True))
    told = give(invoke("addCurrentTrack", target="Found"))
    assert (plan["added"], told["added"], told["item"]["uri"]) == (True, True, tracks[0])
    assert plan["calls"]["write"] == told["calls"]["write"] == 1
    again = give(invoke("addCurrentTrack", target="Found"))
    assert (again["added"], again["why"], read(target)) == (False, "It is there already.", tracks[:1])


def test_what_plays_is_kept_in_the_library_unless_it_is_there(invoke, sandbox, sent, give, tracks):
    sandbox.control.seed(saved_tracks=0)
    invoke("startPlayback", uris=tracks[:1]).unwrap()
    sent()
    assert give(invoke("addCurrentTrack"))["added"] is True
    assert sent() == ["GET /v1/me/player/currently-playing", "GET /v1/me/library/contains", "PUT /v1/me/library"]
    assert give(invoke("addCurrentTrack"))["why"] == "It is there already."
    assert sent() == ["GET /v1/me/player/currently-playing", "GET /v1/me/library/contains"]


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"playing": None}, "Nothing plays."),
        ({"player": {"is_ad": True}}, "An advertisement plays."),
        ({"player": {"is_private_session": True}}, "It isn't told what plays, as in a private session."),
    ],
)
def test_what_can_not_be_kept_is_told(invoke, sandbox, sent, give, parts, why):
    sandbox.control.seed(parts)
    result = invoke("addCurrentTrack", target="Found")
    told = give(result)
    assert (told["added"], told["item"], told["why"]) == (False, None, why)
    # Doors end it with a point.
    assert f"{result.meta.did}." == why
    assert sent()[-1] == "GET /v1/me/player/currently-playing"
