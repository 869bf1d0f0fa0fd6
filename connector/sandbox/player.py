"""Endpoints of the player: what plays, on which device, what comes next, what was played; and the commands."""

from collections.abc import Callable
from functools import partial
from typing import Final, cast

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.contexts import context_items, context_object
from connector.sandbox.devices import Device
from connector.sandbox.kinds import KINDS
from connector.sandbox.operations import Operation, own
from connector.sandbox.parameters import (
    ApiRequest,
    knows_episodes,
    read_choice,
    read_market,
    read_number,
    read_object,
    refuse,
)
from connector.sandbox.playables import Playable, find_playable
from connector.sandbox.playback import Playback, Repeat

_LONGEST_MS: Final = 10**9

_Act = Callable[[ApiRequest, Playback, Device], None]
"""Does what a command says: the request, the player, and the device that is meant."""


def get_state(request: ApiRequest) -> Answer:
    """Everything about what plays, 204 for nothing."""
    playing = _playing(request)
    if playing is None:
        return Answer(204)
    player, devices = request.state.playback, request.state.devices
    device = {"device": (devices.active or devices.all[0]).to_json(player.rules.is_private_session)}
    modes = {"repeat_state": player.repeat, "shuffle_state": player.is_shuffled, "smart_shuffle": False}
    return json_answer({**device, **modes, **playing})


def get_currently_playing(request: ApiRequest) -> Answer:
    """What plays, without the device and the modes."""
    playing = _playing(request)
    return Answer(204) if playing is None else json_answer(playing)


def get_devices(request: ApiRequest) -> Answer:
    """All devices that are there."""
    is_private = request.state.playback.rules.is_private_session
    return json_answer({"devices": [device.to_json(is_private) for device in request.state.devices.all]})


def get_queue(request: ApiRequest) -> Answer:
    """What plays and the next 20."""
    player = request.state.playback
    player.catch_up()
    return json_answer(
        {
            "currently_playing": None if player.current is None else _show(request, player.current),
            "queue": [_show(request, item) for item in player.upcoming()],
        }
    )


def _playing(request: ApiRequest) -> Json | None:
    """What the two endpoints tell of the current item; of an advertisement and in a private session little."""
    market, is_episode_known = read_market(request), knows_episodes(request)
    player = request.state.playback
    player.catch_up()
    if player.current is None:
        return None
    kind = "ad" if player.rules.is_ad else "unknown" if player.rules.is_private_session else player.current.kind
    is_told = kind == "track" or (kind == "episode" and is_episode_known)
    has_context = player.context_uri is not None and kind != "unknown"
    return {
        "timestamp": int(player.changed_s * 1000),
        "context": context_object(request.state.catalogue, str(player.context_uri)) if has_context else None,
        "progress_ms": round(player.progress_ms),
        "item": _show(request, player.current, market) if is_told else None,
        "currently_playing_type": kind,
        "actions": {"disallows": {"resuming" if player.is_playing else "pausing": True}},
        "is_playing": player.is_playing,
    }


def _show(request: ApiRequest, item: Playable, market: str | None = None) -> Json:
    return KINDS[item.kind].full(request.state.catalogue, item.position, market)


def _command(act: _Act, request: ApiRequest, device_id: str | None = None) -> Answer:
    player = request.state.playback
    player.catch_up()
    if not player.rules.is_premium:
        raise refuse(403, "Player command failed: Premium required", "PREMIUM_REQUIRED")
    act(request, player, _find_device(request, device_id or request.query.get("device_id")))
    return Answer(200, b"sandbox-command", "application/json") if player.rules.answers_text else Answer(204)


def _find_device(request: ApiRequest, device_id: str | None) -> Device:
    """The device that a command is for: the one named, else the active one."""
    devices = request.state.devices
    device = devices.active if device_id is None else devices.find(device_id)
    if device is None and device_id is None:
        raise refuse(404, "Player command failed: No active device found", "NO_ACTIVE_DEVICE")
    if device is None:
        raise refuse(404, "Device not found")
    if device.is_restricted:
        raise refuse(403, "Player command failed: Device not controllable", "DEVICE_NOT_CONTROLLABLE")
    return device


def _refuse_unless(is_possible: bool) -> None:
    if not is_possible:
        raise refuse(403, "Player command failed: Restriction violated", "UNKNOWN")


def _transfer(request: ApiRequest) -> Answer:
    """What plays goes on elsewhere; `play` starts what is paused. It wakes a device where none is active."""
    ids = read_object(request).get("device_ids")
    if not isinstance(ids, list) or len(ids) != 1:
        raise refuse(400, "Exactly one device_id must be provided")

    def act(request: ApiRequest, player: Playback, device: Device) -> None:
        request.state.devices.activate(device)
        if read_object(request).get("play") and player.current is not None:
            player.resume()

    return _command(act, request, str(ids[0]))


def _play(request: ApiRequest, player: Playback, device: Device) -> None:
    """Begin a context or a list of items, or go on."""
    body = read_object(request)
    position_ms = body.get("position_ms", 0)
    if not isinstance(position_ms, int) or not 0 <= position_ms <= _LONGEST_MS:
        raise refuse(400, "Invalid position_ms")
    if "context_uri" in body or "uris" in body:
        items = _read_items(request, body)
        player.play(items, body.get("context_uri"), _read_offset(body, items), position_ms)
    else:
        _refuse_unless(player.current is not None and not (player.is_playing and player.rules.refuses_repeats))
        player.resume()
        if "position_ms" in body:
            player.seek(position_ms)
    request.state.devices.activate(device)


def _read_items(request: ApiRequest, body: Json) -> list[Playable]:
    if "context_uri" in body and "uris" in body:
        raise refuse(400, 'Only one of either "context_uri" or "uris" can be specified')
    if "context_uri" in body:
        items = context_items(request.state.playlists, str(body["context_uri"]))
        if not items:
            raise refuse(400, "Non supported context uri")
        return items
    uris = body["uris"] if isinstance(body["uris"], list) else []
    found = [find_playable(str(uri)) for uri in uris]
    if not found or None in found:
        raise refuse(400, "Invalid track uri")
    return cast("list[Playable]", found)


def _read_offset(body: Json, items: list[Playable]) -> int | None:
    """With which item to begin, by `offset.position` or `offset.uri`; None where it isn't said."""
    offset = body.get("offset", {})
    if not offset:
        return None
    if str(body.get("context_uri")).startswith("spotify:artist:"):
        raise refuse(400, "Can't have offset for context type: ARTIST")
    uris = [item.uri for item in items]
    position = offset.get("position", uris.index(offset["uri"]) if offset.get("uri") in uris else None)
    if not isinstance(position, int) or not 0 <= position < len(items):
        raise refuse(400, "Invalid offset")
    return position


def _pause(_: ApiRequest, player: Playback, __: Device) -> None:
    _refuse_unless(player.current is not None and (player.is_playing or not player.rules.refuses_repeats))
    player.pause()


def _skip(_: ApiRequest, player: Playback, __: Device) -> None:
    _refuse_unless(player.current is not None)
    player.skip()


def _go_back(_: ApiRequest, player: Playback, __: Device) -> None:
    _refuse_unless(player.current is not None)
    player.go_back()


def _seek(request: ApiRequest, player: Playback, _: Device) -> None:
    position_ms = read_number(request, "position_ms", None, 0, _LONGEST_MS)
    _refuse_unless(player.current is not None)
    player.seek(position_ms)


def _set_repeat(request: ApiRequest, player: Playback, _: Device) -> None:
    player.repeat = cast("Repeat", read_choice(request, "state", ("off", "track", "context"), None))


def _set_shuffle(request: ApiRequest, player: Playback, _: Device) -> None:
    player.shuffle(read_choice(request, "state", ("true", "false"), None) == "true")


def _set_volume(request: ApiRequest, _: Playback, device: Device) -> None:
    volume_percent = read_number(request, "volume_percent", None, 0, 100)
    if not device.supports_volume:
        raise refuse(403, "Player command failed: Cannot control device volume", "VOLUME_CONTROL_DISALLOW")
    device.volume_percent = volume_percent


def _enqueue(request: ApiRequest, player: Playback, _: Device) -> None:
    item = find_playable(request.query.get("uri", ""))
    if item is None:
        raise refuse(400, "Invalid track uri" if "uri" in request.query else "Missing parameter uri")
    player.enqueue(item)


_COMMANDS: Final[dict[str, _Act]] = {
    "PUT /me/player/play": _play,
    "PUT /me/player/pause": _pause,
    "POST /me/player/next": _skip,
    "POST /me/player/previous": _go_back,
    "PUT /me/player/seek": _seek,
    "PUT /me/player/repeat": _set_repeat,
    "PUT /me/player/volume": _set_volume,
    "PUT /me/player/shuffle": _set_shuffle,
    "POST /me/player/queue": _enqueue,
}
_COMMAND_SCOPE: Final = "user-modify-playback-state"

OPERATIONS: Final[tuple[Operation, ...]] = (
    own("GET /me/player", get_state, "user-read-playback-state"),
    own("GET /me/player/devices", get_devices, "user-read-playback-state"),
    own("GET /me/player/currently-playing", get_currently_playing, "user-read-currently-playing"),
    own("GET /me/player/queue", get_queue, "user-read-currently-playing", "user-read-playback-state"),
    own("PUT /me/player", _transfer, _COMMAND_SCOPE),
    *(own(request, partial(_command, act), _COMMAND_SCOPE) for request, act in _COMMANDS.items()),
)
"""The player."""
