"""The published workflows as Node-RED has them, of the exported palette and of Node-RED's own nodes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from builders.example_texts import MEASURE, NOTES
from workflow_stories import ANY_PLAYLIST

from connector.export.node_red.flows import build_node, build_runner
from connector.export.node_red.palette import build_palette
from connector.manifest.manifest import Manifest

FOLDER: Final = "/home/me/music"
#: The name of the debug node at which every run ends.
DONE: Final = "done"
_STEP: Final = (230, 60)
#: So many nodes stand beside each other; more than that nobody sees at once.
_WIDTH: Final = 5
_NIGHT: Final = {"crontab": "00 03 * * *"}
_HOUR: Final = {"repeat": "3600"}
_MORNING: Final = {"crontab": "00 07 * * *"}
_FRIDAY: Final = {"crontab": "00 08 * * 5"}
_FULL: Final = {"t": "nempty"}
_THERE: Final = {"t": "nnull"}
_HEADINGS: Final = ("played_at", "track", "artists", "uri")


class Tab:
    """A flow that grows node by node, from left to right; a node comes after the one that was added last."""

    def __init__(self, manifest: Manifest, name: str) -> None:
        self._palette = build_palette(manifest)
        self._entries = {entry["name"]: entry for entry in self._palette["blocks"]}
        self._id = _build_id(name)
        self._runner = _build_id("runner")
        self._title, note = NOTES[name]
        self._nodes: list[dict[str, Any]] = []
        self._place: list[float] = [0.5, 1]
        self._last: tuple[str, int] | None = None
        self._add("comment", self._title, info=note, is_alone=True)
        self._place = [0, 2]

    def start(self, **clock: str) -> None:
        """A button, and where `clock` says so a clock."""
        times = {"repeat": "", "crontab": "", "once": False, "onceDelay": 0.1, **clock}
        self._add("inject", "start", props=[{"p": "payload"}], payload="", payloadType="str", topic="", **times)

    def block(self, block: str, args: Mapping[str, Any], **from_message: str) -> None:
        """A block's node; `from_message` are fields that take a property of the message."""
        node = build_node(self._entries[block], dict(args), runner=self._runner)
        for field, path in from_message.items():
            node |= {f"arg_{field}": path, f"argtype_{field}": "msg"}
        self._put(node)

    def set(self, name: str, **values: str) -> None:
        """A Change node: properties of the message, each by a JSONata expression."""
        rules = [{"t": "set", "p": path, "pt": "msg", "to": to, "tot": "jsonata"} for path, to in values.items()]
        self._add("change", name, rules=rules)

    def go_on_if(self, path: str, rule: Mapping[str, str], otherwise: str) -> None:
        """A Switch: goes on where a property of the message is so; else it ends with `otherwise`, in JSONata."""
        rules = [dict(rule), {"t": "else"}]
        self._add("switch", "", property=path, propertyType="msg", rules=rules, checkall="false", outputs=2)
        switch, place = self._last, list(self._place)
        assert switch is not None
        self._next_row()
        self._place[0] = min(self._place[0], _WIDTH - 2)
        self._last = (switch[0], 1)
        self.set("say so", payload=otherwise)
        self.end()
        self._last, self._place = switch, place

    def stock(self, kind: str, name: str, **settings: Any) -> None:
        """One of Node-RED's own nodes."""
        self._add(kind, name, **settings)

    def end(self) -> None:
        """Shows what came of it; a message that came by HTTP is answered with it."""
        if self._is_called:
            self._add("http response", "", statusCode="", headers={})
        else:
            self._debug(DONE)

    def show(self, path: str) -> None:
        """Shows a property of the message beside what comes next."""
        last, place = self._last, list(self._place)
        self._next_row()
        self._debug(path, complete=path)
        self._last, self._place = last, place

    def flow(self) -> list[dict[str, Any]]:
        """The tab with all that is on it, and the runner's settings."""
        self._next_row()
        self._place[0], self._last = 0, None
        self._add("catch", "", scope=None, uncaught=False)
        if self._is_called:
            # Whoever waits for an answer gets one.
            self.set("what failed", payload="error.message", statusCode="502")
            self.end()
        else:
            self._debug("what failed", complete="true")
        tab = {"id": self._id, "type": "tab", "label": self._title, "disabled": False, "info": ""}
        return [tab, build_runner(self._palette, self._runner), *self._nodes]

    @property
    def _is_called(self) -> bool:
        return any(node["type"] == "http in" for node in self._nodes)

    def _next_row(self) -> None:
        self._place[1] = 1 + max(int(node["y"]) // _STEP[1] for node in self._nodes)

    def _debug(self, name: str, complete: str = "payload") -> None:
        shown = {"active": True, "tosidebar": True, "console": False, "tostatus": False, "complete": complete}
        self._add("debug", name, **shown, targetType="full" if complete == "true" else "msg")

    def _add(self, kind: str, name: str, *, is_alone: bool = False, **settings: Any) -> None:
        self._put({"type": kind, "name": name, **settings}, is_alone)

    def _put(self, node: Mapping[str, Any], is_alone: bool = False) -> None:
        node_id = _build_id(f"{self._id}/{len(self._nodes)}")
        if self._place[0] == _WIDTH:
            self._next_row()
            self._place[0] = 0
        column, row = self._place
        place = {"id": node_id, "z": self._id, "x": 140 + int(column * _STEP[0]), "y": int(row * _STEP[1])}
        self._nodes.append({**node, **place, "wires": [[] for _ in range(node.get("outputs", 1))]})
        if self._last is not None:
            [before] = [each for each in self._nodes if each["id"] == self._last[0]]
            before["wires"][self._last[1]].append(node_id)
        self._last = None if is_alone else (node_id, 0)
        self._place[0] += 1


def _build_id(text: str) -> str:
    """An id that is the same each time, in the form of Node-RED's own."""
    return hashlib.sha256(f"workflow/{text}".encode()).hexdigest()[:16]


def build_all(manifest: Manifest) -> dict[str, list[dict[str, Any]]]:
    """Every flow by the name of its file."""
    built = {}
    for name, build in _BUILDERS.items():
        tab = Tab(manifest, name)
        build(tab)
        built[name] = tab.flow()
    return built


def _find_playlist(tab: Tab, name: str, **made: Any) -> None:
    """The playlist of that name, in `msg.playlist`; one that is missing is `made` so."""
    tab.block("createPlaylist", {"name": name, "if_exists": "reuse", **made})
    tab.set("its id", playlist="payload.id")


def _liked_songs_to_playlist(tab: Tab) -> None:
    tab.start(**_NIGHT)
    # A playlist that mirrorSavedTracks makes is private.
    _find_playlist(tab, "Liked songs", public=True)
    tab.block("mirrorSavedTracks", {}, target="playlist")
    changes = "$count([payload.added, payload.removed, payload.moved])"
    names = "'New: ' & $join(payload.added.name, ', ') & '\\nGone: ' & $join(payload.removed.name, ', ')"
    tab.set("what changed", changes=changes, payload=f"did & '\\n' & {names}")
    tab.go_on_if("changes", {"t": "gt", "v": "0", "vt": "num"}, "'Nothing has changed.'")
    tab.end()


def _keep_last_50(tab: Tab) -> None:
    tab.start(**_NIGHT)
    tab.block("getPlaylistItems", {"playlist_id": ANY_PLAYLIST})
    old = """(
    $date := function($entry) { $entry.added_at ? $entry.added_at : "" };
    $aged := $sort(payload[item], function($one, $other) { $date($one) > $date($other) });
    $kept := $aged[[-50..-1]].item.uri;
    [$distinct($aged.item.uri[$not($ in $kept) and $not($contains($, "spotify:local:"))])]
)"""
    tab.set("what is old", uris=old)
    tab.go_on_if("uris", _FULL, "'Nothing is old.'")
    tab.block("removeItemsFromPlaylist", {"playlist_id": ANY_PLAYLIST}, uris="uris")
    tab.end()


def _playlist_a_month(tab: Tab) -> None:
    tab.start(**_NIGHT)
    first = "$now('[Y0001]-[M01]') & '-01T00:00:00Z'"
    tab.set("since last month", since=f"$fromMillis($toMillis({first}) - 1, '[Y0001]-[M01]') & '-01'")
    tab.block("collectByPeriod", {"every": "month", "time_zone": "UTC"}, since="since")
    tab.end()


def _new_releases(tab: Tab) -> None:
    tab.start(**_FRIDAY)
    # Adding nothing makes the file where it is missing.
    _write(tab, "make the file", "new_releases.json")
    _read(tab, "new_releases.json")
    tab.block("newReleasesToPlaylist", {"target": "New releases"}, state="payload")
    tab.show("payload.found")
    tab.set("the state", payload="payload.state")
    _write(tab, "keep it", "new_releases.json", overwriteFile="true")
    tab.end()


def _log_plays(tab: Tab) -> None:
    tab.start(**_HOUR)
    # Adding nothing makes the file where it is missing.
    _write(tab, "make the file", "plays.csv")
    _read(tab, "plays.csv")
    _parse(tab)
    tab.set("what is logged", logged='[payload.(played_at & " " & uri)]')
    tab.block("getRecentlyPlayed", {})
    row = "{'played_at': played_at, 'track': track.name, 'artists': $join(track.artists.name, ', '), 'uri': track.uri}"
    headings = "{" + ", ".join(f"'{name}': '{name}'" for name in _HEADINGS) + "}"
    new = f"""(
    $new := $reverse([payload[$not((played_at & " " & track.uri) in $$.logged)].{row}]);
    $count(logged) = 0 ? $append([{headings}], $new) : $new
)"""
    tab.set("what is new", payload=new)
    tab.go_on_if("payload", _FULL, "'Nothing is new.'")
    columns = ",".join(_HEADINGS)
    tab.stock(
        "csv", "lines", spec="rfc", sep=",", hdrin="", hdrout="none", multi="one", ret="\\n", temp=columns, skip="0"
    )
    _write(tab, "log them", "plays.csv")
    tab.end()


def _queue_from_chat(tab: Tab) -> None:
    tab.stock("http in", "a message", url="/queue-a-song", method="post", upload=False)
    tab.block("searchTracks", {"max_items": 1}, q="payload.text")
    name = "payload[0].(name & ' by ' & $join(artists.name, ', '))"
    tab.set("the song", song=name, uri="payload[0].uri")
    tab.go_on_if("uri", _THERE, "'Nothing was found for that.'")
    tab.block("getQueue", {})
    tab.set("is it there?", coming="$count([payload.currently_playing, payload.queue][uri = $$.uri])")
    tab.go_on_if("coming", {"t": "eq", "v": "0", "vt": "num"}, "song & ' is in the queue already.'")
    tab.block("addToQueue", {}, uri="uri")
    tab.set("the answer", payload="song & ' is in the queue.'")
    tab.end()


def _spreadsheet_to_playlist(tab: Tab) -> None:
    tab.start()
    tab.stock("file in", "songs.csv", filename=f"{FOLDER}/songs.csv", filenameType="str", format="", encoding="none")
    tab.block("importPlaylist", {"target": "From the spreadsheet"}, file="payload")
    tab.show("did")
    tab.set("what is left", file=f"'{FOLDER}/' & payload.not_imported.name", payload="payload.not_imported.text")
    tab.go_on_if("payload", _THERE, "'Every song was found.'")
    _write(tab, "to be corrected", "file", filenameType="msg", overwriteFile="true")
    tab.end()


def _playlist_by_name(tab: Tab) -> None:
    tab.start()
    tab.block("createPlaylist", {"name": "Sunday morning", "if_exists": "reuse"})
    tab.set("its id and link", playlist="payload.id", payload="payload.external_urls.spotify")
    tab.end()


def _playlist_with_cover(tab: Tab) -> None:
    tab.start()
    _find_playlist(tab, "Sunday morning")
    tab.stock("file in", "the picture", filename=f"{FOLDER}/cover.jpg", filenameType="str", format="", encoding="none")
    tab.block("uploadPlaylistCover", {}, playlist_id="playlist", image="payload")
    tab.end()


def _alarm_clock(tab: Tab) -> None:
    tab.start(**_MORNING)
    tab.block("playOn", {"device": "Kitchen", "source": ANY_PLAYLIST, "volume": 30, "fade": 300, "wait": 60})
    tab.end()


def _remove_skipped(tab: Tab) -> None:
    tab.start(**_NIGHT)
    tab.block("getRecentlyPlayed", {})
    code = (
        f"const playlist = '{ANY_PLAYLIST}';\nconst plays = msg.payload;\n{MEASURE}"
        "msg.uris = skipped.map((track) => track.uri);\nreturn msg;\n"
    )
    tab.stock("function", "cut short", func=code, outputs=1, noerr=0, initialize="", finalize="", libs=[])
    tab.go_on_if("uris", _FULL, "'Nothing was cut short.'")
    tab.block("removeItemsFromPlaylist", {"playlist_id": ANY_PLAYLIST}, uris="uris")
    tab.end()


def _read(tab: Tab, file: str) -> None:
    path = {"filename": f"{FOLDER}/{file}", "filenameType": "str"}
    tab.stock("file in", file, **path, format="utf8", chunk=False, sendError=False, encoding="none", allProps=False)


def _write(tab: Tab, name: str, file: str, **settings: str) -> None:
    """Appends the payload to a file, unless `settings` say otherwise."""
    path = file if settings.get("filenameType") == "msg" else f"{FOLDER}/{file}"
    usual = {"filenameType": "str", "overwriteFile": "false"}
    tab.stock(
        "file", name, filename=path, appendNewline=False, createDir=False, encoding="none", **{**usual, **settings}
    )


def _parse(tab: Tab) -> None:
    tab.stock("csv", "rows", spec="rfc", sep=",", hdrin=True, hdrout="none", multi="mult", ret="\\n", temp="", skip="0")


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
