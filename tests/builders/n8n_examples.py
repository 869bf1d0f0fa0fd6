"""The published workflows as n8n has them, of the exported node and of n8n's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from builders.example_texts import MEASURE, NOTES, TRIGGERED
from builders.n8n_workflows import Workbench
from workflow_stories import ANY_PLAYLIST

from connector.manifest.manifest import Manifest

#: n8n finds the credential by this name, which it gives the first one itself.
CREDENTIAL: Final = "Spotify Blocks account"
FOLDER: Final = "/home/node/.n8n-files"
_STEP: Final = (220, 180)
_NIGHT: Final = {"field": "days", "triggerAtHour": 3}
_HOUR: Final = {"item": [{"mode": "everyHour", "minute": 0}]}
_MORNING: Final = {"field": "days", "triggerAtHour": 7}


class Sheet:
    """A workflow that grows node by node, from left to right."""

    def __init__(self, manifest: Manifest, name: str) -> None:
        self._manifest = manifest
        self._workbench = Workbench(manifest, {"id": "", "name": CREDENTIAL})
        self._title, self._note = {**NOTES, **TRIGGERED}[name]
        self._nodes: list[dict[str, Any]] = []
        self._links: dict[str, Any] = {}

    def start(self, every: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """A button, and where `every` says so a clock."""
        started = [self._add("Start", "n8n-nodes-base.manualTrigger", 1, {}, ())]
        if every is not None:
            rule = {"rule": {"interval": [dict(every)]}}
            started.append(self._add("Schedule", "n8n-nodes-base.scheduleTrigger", 1.2, rule, ()))
        return tuple(started)

    def block(
        self, name: str, block: str, args: Mapping[str, Any], after: Any, *, is_simple: bool = True, **more: Any
    ) -> str:
        """A block's node, its answer simplified as it is in a new one; `more` are settings of the node."""
        node = self._workbench.build_node(self._manifest.block(block), args)
        node["parameters"]["simplify"] = is_simple
        node["credentials"] = {kind: {"id": None, "name": CREDENTIAL} for kind in node["credentials"]}
        return self._put(name, node, after, more)

    def trigger(self, name: str, trigger: str, args: Mapping[str, Any], times: Mapping[str, Any]) -> str:
        """The trigger node at the workflow's start, polled at these `times`."""
        node = self._workbench.build_trigger(trigger, args, times)
        node["credentials"] = {kind: {"id": None, "name": CREDENTIAL} for kind in node["credentials"]}
        return self._put(name, node, (), {})

    def sheet(self) -> dict[str, Any]:
        """The workflow as n8n exports it."""
        top = min(node["position"][1] for node in self._nodes)
        note = {
            "id": "note",
            "name": "Note",
            "type": "n8n-nodes-base.stickyNote",
            "typeVersion": 1,
            "position": [-20, top - 220],
            "parameters": {"content": f"## {self._title}\n{self._note}", "width": 640, "height": 180},
        }
        return {
            "name": self._title,
            "nodes": [*self._nodes, note],
            "connections": self._links,
            "settings": {"executionOrder": "v1"},
            "pinData": {},
            "active": False,
        }

    def keep(
        self, name: str, conditions: Sequence[tuple[str, str, str, str]], after: Any, *, kind: str = "filter"
    ) -> str:
        """A Filter (or an If): conditions as left value, type, operation, right value."""
        told = [
            {
                "id": f"{name}-{place}",
                "leftValue": left,
                "rightValue": right,
                "operator": {"type": of, "operation": operation, **_tell_right(of, right)},
            }
            for place, (left, of, operation, right) in enumerate(conditions)
        ]
        options = {"caseSensitive": True, "leftValue": "", "typeValidation": "loose", "version": 2}
        parameters = {"conditions": {"options": options, "conditions": told, "combinator": "and"}, "options": {}}
        return self._add(name, f"n8n-nodes-base.{kind}", 2.2, parameters, after)

    def without(self, name: str, these: str, those: str, fields: Mapping[str, str]) -> str:
        """A Merge that keeps of `these` what `those` lack; `fields` are equal where they are the same."""
        pairs = [{"field1": one, "field2": other} for one, other in fields.items()]
        parameters = {
            "mode": "combine",
            "advanced": True,
            "mergeByFields": {"values": pairs},
            "joinMode": "keepNonMatches",
            "outputDataFrom": "input1",
            "options": {},
        }
        return self._add(name, "n8n-nodes-base.merge", 3.2, parameters, [(these, 0, 0), (those, 0, 1)])

    def gather(self, name: str, field: str, after: Any) -> str:
        """An Aggregate: one item whose `uris` are that field of all."""
        one = {"fieldToAggregate": field, "renameField": True, "outputFieldName": "uris"}
        parameters = {"fieldsToAggregate": {"fieldToAggregate": [one]}, "options": {}}
        return self._add(name, "n8n-nodes-base.aggregate", 1, parameters, after)

    def read(self, name: str, file: str, after: Any, **more: Any) -> str:
        """A file of n8n's own folder."""
        parameters = {"operation": "read", "fileSelector": f"{FOLDER}/{file}", "options": {}}
        return self._add(name, "n8n-nodes-base.readWriteFile", 1, parameters, after, **more)

    def stock(
        self, name: str, kind: str, version: float, parameters: Mapping[str, Any], after: Any, **more: Any
    ) -> str:
        """One of n8n's own nodes."""
        return self._add(name, f"n8n-nodes-base.{kind}", version, parameters, after, **more)

    def _add(self, name: str, kind: str, version: float, parameters: Mapping[str, Any], after: Any, **more: Any) -> str:
        node = {"type": kind, "typeVersion": version, "parameters": dict(parameters)}
        return self._put(name, node, after, more)

    def _put(self, name: str, node: Mapping[str, Any], after: Any, more: Mapping[str, Any]) -> str:
        links = [
            link if isinstance(link, tuple) else (link, 0, 0) for link in ([after] if isinstance(after, str) else after)
        ]
        column = 1 + max((self._column(source) for source, _, _ in links), default=-1)
        row = sum(each["position"][0] == column * _STEP[0] for each in self._nodes)
        place = [column * _STEP[0], row * _STEP[1]]
        self._nodes.append({**node, "id": name.lower().replace(" ", "-"), "name": name, "position": place, **more})
        for source, output, into in links:
            outputs = self._links.setdefault(source, {"main": []})["main"]
            outputs += [[] for _ in range(output + 1 - len(outputs))]
            outputs[output].append({"node": name, "type": "main", "index": into})
        return name

    def _column(self, name: str) -> int:
        [node] = [node for node in self._nodes if node["name"] == name]
        return int(node["position"][0]) // _STEP[0]


def _tell_right(of: str, right: str) -> dict[str, Any]:
    """What a condition says of its right value: what an array holds is of any type, and there may be none."""
    return {"singleValue": True} if not right else {"rightType": "any"} if of == "array" else {}


def build_all(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Every workflow by the name of its file."""
    built = {}
    for name, build in _BUILDERS.items():
        sheet = Sheet(manifest, name)
        build(sheet)
        built[name] = sheet.sheet()
    return built


def _put_new_on(sheet: Sheet, listed: str, field: str, uris: str = "={{ $json.uris }}", **more: Any) -> None:
    """What of `listed` is not on the playlist goes there."""
    there = sheet.block(
        "On it", "getPlaylistItems", {"playlist_id": "={{ $json.id }}"}, "Playlist", alwaysOutputData=True
    )
    new = sheet.without("New", listed, there, {field: "item.uri"})
    gathered = sheet.gather("In one list", field, new)
    target = {"playlist_id": "={{ $('Playlist').first().json.id }}", "uris": [uris], **more}
    sheet.block("Add", "addItemsToPlaylist", target, gathered)


def _liked_songs_to_playlist(sheet: Sheet) -> None:
    named = {"name": "Liked songs", "if_exists": "reuse"}
    playlist = sheet.block("Playlist", "createPlaylist", named, sheet.start(_NIGHT))
    liked = sheet.block("Liked songs", "getUserSavedTracks", {}, playlist)
    _put_new_on(sheet, liked, "track.uri", position=0)


def _keep_last_50(sheet: Sheet) -> None:
    listed = sheet.block("On it", "getPlaylistItems", {"playlist_id": ANY_PLAYLIST}, sheet.start(_NIGHT))
    by_age = {"sortFieldsUi": {"sortField": [{"fieldName": "added_at"}]}, "options": {}}
    aged = sheet.stock("Oldest first", "sort", 1, by_age, listed)
    kept = "={{ $('Oldest first').all().slice(-50).map((entry) => entry.json.item?.uri) }}"
    old = sheet.keep(
        "Old",
        [
            ("={{ $itemIndex < $('Oldest first').all().length - 50 }}", "boolean", "true", ""),
            (kept, "array", "notContains", "={{ $json.item?.uri }}"),
            # Files of one's own can't be taken off.
            ("={{ $json.item?.uri }}", "string", "notStartsWith", "spotify:local:"),
            ("={{ $json.item?.uri }}", "string", "exists", ""),
        ],
        aged,
    )
    gathered = sheet.gather("In one list", "item.uri", old)
    target = {"playlist_id": ANY_PLAYLIST, "uris": ["={{ $json.uris }}"]}
    sheet.block("Remove", "removeItemsFromPlaylist", target, gathered)


def _playlist_a_month(sheet: Sheet) -> None:
    month = "{{ $now.toUTC().toFormat('yyyy-MM') }}"
    liked = sheet.block("Liked songs", "getUserSavedTracks", {"max_items": 50}, sheet.start(_NIGHT))
    now = sheet.keep("This month", [("={{ $json.added_at }}", "string", "startsWith", f"={month}")], liked)
    sheet.block("Playlist", "createPlaylist", {"name": f"={month}", "if_exists": "reuse"}, now, executeOnce=True)
    # The first that was liked comes first.
    _put_new_on(sheet, now, "track.uri", "={{ $json.uris.reverse() }}")


def _log_plays(sheet: Sheet) -> None:
    columns = [{"name": name, "type": "string"} for name in ("played_at", "track", "artists", "uri")]
    made = {
        "resource": "table",
        "operation": "create",
        "tableName": "Plays",
        "columns": {"column": columns},
        "options": {"createIfNotExists": True},
    }
    played = sheet.trigger("Played", "playedTrack", {"also_last": 50}, _HOUR)
    # The upper branch is run first.
    sheet.stock("Table", "dataTable", 1, made, played, executeOnce=True)
    plays = sheet.keep("Plays", [("={{ $json.type }}", "string", "equals", "playedTrack")], played)
    values = {
        "played_at": "={{ $json.data.played_at }}",
        "track": "={{ $json.data.track.name }}",
        "artists": "={{ $json.data.track.artists.map((artist) => artist.name).join(', ') }}",
        "uri": "={{ $json.data.track.uri }}",
    }
    row = {
        "resource": "row",
        "operation": "upsert",
        "dataTableId": {"__rl": True, "mode": "name", "value": "Plays"},
        "matchType": "allConditions",
        "filters": {
            "conditions": [
                {"keyName": name, "condition": "eq", "keyValue": values[name]} for name in ("played_at", "uri")
            ]
        },
        "columns": {
            "mappingMode": "defineBelow",
            "value": values,
            "matchingColumns": [],
            "schema": [
                {"id": name, "displayName": name, "type": "string", "display": True, "required": False}
                for name in values
            ],
        },
        "options": {},
    }
    sheet.stock("One row a play", "dataTable", 1, row, plays)


def _queue_from_chat(sheet: Sheet) -> None:
    posted = {"httpMethod": "POST", "path": "queue-a-song", "responseMode": "responseNode", "options": {}}
    message = sheet.stock("Message", "webhook", 2, posted, (), webhookId="queue-a-song")
    asked = {"q": "={{ $json.body.text }}", "max_items": 1}
    song = sheet.block("Song", "searchTracks", asked, message, alwaysOutputData=True)
    found = sheet.keep("Found?", [("={{ $json.uri }}", "string", "exists", "")], song, kind="if")
    queue = sheet.block("Queue", "getQueue", {}, [(found, 0, 0)])
    uri = "={{ $('Song').first().json.uri }}"
    coming = "={{ [$json.currently_playing, ...$json.queue].map((entry) => entry?.uri) }}"
    there = sheet.keep("Queued already?", [(coming, "array", "contains", uri)], queue, kind="if")
    artists = "$('Song').first().json.artists.map((artist) => artist.name).join(', ')"
    words = f"={{{{ $('Song').first().json.name }}}} by {{{{ {artists} }}}}"
    added = sheet.block("Add", "addToQueue", {"uri": uri}, [(there, 1, 0)])

    def answer(name: str, text: str, after: Any) -> None:
        sheet.stock(name, "respondToWebhook", 1.1, {"respondWith": "text", "responseBody": text, "options": {}}, after)

    answer("Say it is there", f"{words} is in the queue already.", [(there, 0, 0)])
    answer("Say it is added", f"{words} is in the queue.", added)
    answer("Say nothing is found", "Nothing was found for that.", [(found, 1, 0)])


def _spreadsheet_to_playlist(sheet: Sheet) -> None:
    named = {"name": "From the spreadsheet", "if_exists": "reuse"}
    playlist = sheet.block("Playlist", "createPlaylist", named, sheet.start())
    file = sheet.read("Spreadsheet", "songs.csv", playlist)
    # Spreadsheet programs begin such files with a mark, which would be part of the first column's name.
    csv = {"operation": "csv", "options": {"enableBOM": True}}
    rows = sheet.stock("Rows", "extractFromFile", 1, csv, file)
    there = sheet.block(
        "On it", "getPlaylistItems", {"playlist_id": "={{ $json.id }}"}, playlist, alwaysOutputData=True
    )
    same = {"Title": "item.name", "Artist": "item.artists[0].name"}
    wanted = sheet.without("Not there yet", rows, there, same)
    asked = {"artist": "={{ $json.Artist }}", "track": "={{ $json.Title }}", "max_items": 1}
    song = sheet.block("Song", "searchTracks", asked, wanted)
    values = {"uri": "={{ $json.uri }}"} | {
        name: f"={{{{ $('Not there yet').item.json.{name} }}}}" for name in ("Artist", "Title")
    }
    assignments = [{"id": name, "name": name, "value": value, "type": "string"} for name, value in values.items()]
    found = sheet.stock("Found", "set", 3.4, {"assignments": {"assignments": assignments}, "options": {}}, song)
    sheet.without("Not found", wanted, found, {"Title": "Title", "Artist": "Artist"})
    new = sheet.without("New", found, there, {"uri": "item.uri"})
    once = {"compare": "selectedFields", "fieldsToCompare": "uri", "options": {}}
    unique = sheet.stock("Each once", "removeDuplicates", 2, once, new)
    gathered = sheet.gather("In one list", "uri", unique)
    target = {"playlist_id": "={{ $('Playlist').first().json.id }}", "uris": ["={{ $json.uris }}"]}
    sheet.block("Add", "addItemsToPlaylist", target, gathered)


def _playlist_by_name(sheet: Sheet) -> None:
    sheet.block("Playlist", "createPlaylist", {"name": "Sunday morning", "if_exists": "reuse"}, sheet.start())


def _playlist_with_cover(sheet: Sheet) -> None:
    named = {"name": "Sunday morning", "if_exists": "reuse"}
    playlist = sheet.block("Playlist", "createPlaylist", named, sheet.start())
    picture = sheet.read("Picture", "cover.jpg", playlist)
    sheet.block(
        "Cover",
        "uploadPlaylistCover",
        {"playlist_id": "={{ $('Playlist').first().json.id }}", "image": "data"},
        picture,
    )


def _wake_speaker(sheet: Sheet) -> None:
    devices = sheet.block("Devices", "getDevices", {}, sheet.start(_MORNING))
    chosen = [
        ("={{ $json.name }}", "string", "equals", "Kitchen"),
        ("={{ $json.is_restricted }}", "boolean", "false", ""),
    ]
    each = sheet.stock("Each device", "splitOut", 1, {"fieldToSplitOut": "devices", "options": {}}, devices)
    speaker = sheet.keep("Speaker", chosen, each)
    device = "={{ $('Speaker').first().json.id }}"
    woken = sheet.block("Wake it", "transferPlayback", {"device_id": device, "play": False}, speaker)
    loud = sheet.block("Volume", "setVolume", {"volume_percent": 30, "device_id": device}, woken)
    sheet.block("Play", "startPlayback", {"context_uri": ANY_PLAYLIST, "device_id": device}, loud)


def _remove_skipped(sheet: Sheet) -> None:
    # How long a song is stands in the whole answer.
    plays = sheet.block("Plays", "getRecentlyPlayed", {}, sheet.start(_NIGHT), is_simple=False)
    code = (
        f"const playlist = '{ANY_PLAYLIST}';\nconst plays = $input.all().map((item) => item.json);\n{MEASURE}"
        "return skipped.map((track) => ({ json: track }));\n"
    )
    skipped = sheet.stock("Cut short", "code", 2, {"jsCode": code}, plays)
    gathered = sheet.gather("In one list", "uri", skipped)
    target = {"playlist_id": ANY_PLAYLIST, "uris": ["={{ $json.uris }}"]}
    sheet.block("Remove", "removeItemsFromPlaylist", target, gathered)


_BUILDERS: Final = {
    build.__name__[1:]: build
    for build in (
        _liked_songs_to_playlist,
        _keep_last_50,
        _playlist_a_month,
        _log_plays,
        _queue_from_chat,
        _spreadsheet_to_playlist,
        _playlist_by_name,
        _playlist_with_cover,
        _wake_speaker,
        _remove_skipped,
    )
}
