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
_TABLE: Final = "n8n-nodes-base.dataTable"
_NIGHT: Final = {"field": "days", "triggerAtHour": 3}
_HOUR: Final = {"item": [{"mode": "everyHour", "minute": 0}]}
_MORNING: Final = {"field": "days", "triggerAtHour": 7}
_FRIDAY: Final = {"field": "weeks", "triggerAtDay": [5], "triggerAtHour": 8}


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

    def table(self, name: str, table: str, columns: Sequence[str], after: Any) -> str:
        """One of n8n's data tables, made where it is missing, with these columns of texts."""
        told = [{"name": column, "type": "string"} for column in columns]
        parameters = {
            "resource": "table",
            "operation": "create",
            "tableName": table,
            "columns": {"column": told},
            "options": {"createIfNotExists": True},
        }
        return self._add(name, _TABLE, 1, parameters, after, executeOnce=True)

    def find_row(self, name: str, table: str, values: Mapping[str, str], after: Any) -> str:
        """The table's row with these values, or an empty item."""
        parameters = {"operation": "get", **_tell_rows(table, values), "returnAll": False, "limit": 1}
        return self._add(name, _TABLE, 1, parameters, after, alwaysOutputData=True)

    def put_row(self, name: str, table: str, values: Mapping[str, str], keys: Sequence[str], after: Any) -> str:
        """A row with these values, in the place of the one that has the same `keys`."""
        schema = [
            {"id": column, "displayName": column, "type": "string", "display": True, "required": False}
            for column in values
        ]
        parameters = {
            "operation": "upsert",
            **_tell_rows(table, {key: values[key] for key in keys}),
            "columns": {
                "mappingMode": "defineBelow",
                "value": dict(values),
                "matchingColumns": [],
                "schema": schema,
            },
            "options": {},
        }
        return self._add(name, _TABLE, 1, parameters, after)

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


def _tell_rows(table: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The rows of a table that have all these values."""
    same = [{"keyName": column, "condition": "eq", "keyValue": value} for column, value in values.items()]
    return {
        "resource": "row",
        "dataTableId": {"__rl": True, "mode": "name", "value": table},
        "matchType": "allConditions",
        "filters": {"conditions": same},
    }


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


def _liked_songs_to_playlist(sheet: Sheet) -> None:
    # A playlist that mirrorSavedTracks makes is private.
    named = {"name": "Liked songs", "public": True, "if_exists": "reuse"}
    playlist = sheet.block("Playlist", "createPlaylist", named, sheet.start(_NIGHT))
    mirrored = sheet.block("Mirror", "mirrorSavedTracks", {"target": "={{ $json.id }}"}, playlist)
    count = "={{ $json.added.length + $json.removed.length + $json.moved.length }}"
    changed = sheet.keep("Something changed", [(count, "number", "gt", "0")], mirrored)
    names = {"New": "added", "Gone": "removed"}
    lists = [f"{word}: {{{{ $json.{part}.map((song) => song.name).join(', ') }}}}" for word, part in names.items()]
    text = "\n".join(["={{ $('Playlist').first().json.name }}: {{ $json.did }}", *lists])
    told = {"assignments": [{"id": "text", "name": "text", "value": text, "type": "string"}]}
    sheet.stock("What changed", "set", 3.4, {"assignments": told, "options": {}}, changed)


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
    since = "={{ $now.toUTC().minus({ months: 1 }).toFormat('yyyy-MM') }}-01"
    sheet.block(
        "Months", "collectByPeriod", {"every": "month", "time_zone": "UTC", "since": since}, sheet.start(_NIGHT)
    )


def _new_releases(sheet: Sheet) -> None:
    table = sheet.table("Table", "New releases", ("playlist", "state"), sheet.start(_FRIDAY))
    key = {"playlist": "New releases"}
    last = sheet.find_row("Last run", "New releases", key, table)
    given = {"target": key["playlist"], "state": "={{ $json.state }}"}
    new = sheet.block("New releases", "newReleasesToPlaylist", given, last)
    sheet.put_row("Keep the state", "New releases", {**key, "state": "={{ $json.state }}"}, tuple(key), new)


def _log_plays(sheet: Sheet) -> None:
    played = sheet.trigger("Played", "playedTrack", {"also_last": 50}, _HOUR)
    # The upper branch is run first.
    sheet.table("Table", "Plays", ("played_at", "track", "artists", "uri"), played)
    plays = sheet.keep("Plays", [("={{ $json.type }}", "string", "equals", "playedTrack")], played)
    values = {
        "played_at": "={{ $json.data.played_at }}",
        "track": "={{ $json.data.track.name }}",
        "artists": "={{ $json.data.track.artists.map((artist) => artist.name).join(', ') }}",
        "uri": "={{ $json.data.track.uri }}",
    }
    sheet.put_row("One row a play", "Plays", values, ("played_at", "uri"), plays)


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
    file = sheet.read("Spreadsheet", "songs.csv", sheet.start())
    put = sheet.block("Import", "importPlaylist", {"file": "data", "target": "From the spreadsheet"}, file)
    left = sheet.keep("Some left out", [("={{ $json.not_imported }}", "object", "exists", "")], put)
    path = f"={FOLDER}/{{{{ $json.not_imported.name }}}}"
    written = {"operation": "write", "fileName": path, "dataPropertyName": "data", "options": {}}
    sheet.stock("To be corrected", "readWriteFile", 1, written, left)


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


def _alarm_clock(sheet: Sheet) -> None:
    alarm = {"device": "Kitchen", "source": ANY_PLAYLIST, "volume": 30, "fade": 300, "wait": 60}
    sheet.block("Play", "playOn", alarm, sheet.start(_MORNING))


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
        _new_releases,
        _log_plays,
        _queue_from_chat,
        _spreadsheet_to_playlist,
        _playlist_by_name,
        _playlist_with_cover,
        _alarm_clock,
        _remove_skipped,
    )
}
