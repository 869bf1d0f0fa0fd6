"""What composite blocks and scripts are compared by: the lists that they begin with, and the ways to each outcome."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import script_ways
import spotipy
from outcomes import Stage
from ready_made import Entry, Outcome, Scene, Way, pass_time, read

from connector.sandbox.state import State

#: A playlist of the listener's own with a file of theirs, and an entry that shows nothing.
OWN = "3cEYpjA9oz9GiPac4AsH4n"
#: How many copies there are, and how many of the newest are kept.
_COPIES = 40
_NEWEST = 100
_ROWS = 100
#: How people and exports write a title: {title} is the service's own.
_SPELLINGS = ("{artist} - {title}", "{artist} - {title} (Official Video)", "{artist} - {title} (feat. Someone Else)")
_MONTH = re.compile(r"20[0-9]{2}-[0-9]{2}")
_TRACKS = [f"spotify:track:{each}" for each in State("http://127.0.0.1").example_ids("track", 9_000)]


def build_outcomes(tracks: int, items: int, sorted_: int, one_a_call: int) -> Iterator[Outcome]:
    """The outcomes: for so many saved tracks, for a playlist of so many items, and for one that is sorted; with so many
    is measured what takes a call a track."""
    mirror = {
        "ours": _ours("mirrorSavedTracks", target="target"),
        "clear, add 100 a call": _script(script_ways.clear_and_mirror),
        "add what is missing, one a call": _script(script_ways.add_one_a_call),
        "by sets": _script(script_ways.mirror_by_sets),
    }
    scaled = {"add what is missing, one a call": one_a_call}
    yield Outcome(f"{tracks} saved tracks into an empty playlist", _build_empty, mirror, tracks, scaled)
    yield Outcome("the same again, nothing changed", _build_unchanged, mirror, tracks)
    yield Outcome("the same again, 3 added and 2 removed", _build_changed, mirror, tracks)
    dedupe = {
        "ours": _ours("dedupePlaylist", playlist="target"),
        "remove copies by place": _script(script_ways.remove_copies_by_place),
        "remove all copies, add one back": _script(script_ways.remove_copies_and_add_back),
        "clear, add each once": _script(script_ways.clear_and_add_once),
    }
    yield Outcome(f"{items} items and {_COPIES} copies: one of each", _build_copies, dedupe, items)
    sort = {
        "ours": _ours("sortPlaylist", playlist="target", by="title"),
        "clear, add sorted": _script(script_ways.clear_and_sort),
        "one move a track": _script(script_ways.sort_one_move_a_track),
    }
    yield Outcome(f"{sorted_} items by title", _build_unsorted, sort, sorted_)
    plain = {
        "ours, how=replace": _ours("sortPlaylist", playlist="target", by="title", how="replace"),
        "clear, add sorted": _script(script_ways.clear_and_sort),
    }
    yield Outcome(f"{sorted_} tracks alone by title, dates given up", _build_unsorted_tracks, plain, sorted_)
    keep = {
        "ours": _ours("keepLastItems", source="source", target="target", count=_NEWEST),
        "clear, add the newest": lambda stage, scene: script_ways.keep_newest(_NEWEST, scene.source)(
            stage.spotipy, scene.target
        ),
    }
    yield Outcome(f"the newest {_NEWEST} of {items}, 5 of them new", _build_newest, keep, items)
    bring_in = {
        "ours": _ours("importPlaylist", target="target", file="source"),
        "search each, take the first": lambda stage, scene: script_ways.import_rows(scene.source)(
            stage.spotipy, scene.target
        ),
    }
    yield Outcome(f"{_ROWS} rows Artist - Title in four spellings", _build_rows, bring_in, _ROWS)
    archive = {
        "ours": _ours("collectByPeriod"),
        "add one a call": _script(script_ways.archive_one_a_call),
        "by months, add 100 a call": _script(script_ways.archive_by_months),
    }
    yield Outcome(f"{sorted_} saved tracks, a playlist a month", _build_archive, archive, sorted_, read=_read_archive)


def _ours(block: str, **args: Any) -> Way:
    """Our way: the block with these arguments, of which lists are named by their parts in the scene."""

    def run(stage: Stage, scene: Scene) -> object:
        given = {
            name: getattr(scene, value) if value in ("target", "source") else value for name, value in args.items()
        }
        return stage.ours.invoke(block, {"access_token": stage.token, **given}).unwrap()

    return run


def _script(act: Callable[[spotipy.Spotify, str], object]) -> Way:
    return lambda stage, scene: act(stage.spotipy, scene.target)


def _make(stage: Stage, name: str, uris: Sequence[str | None] = ()) -> str:
    playlist: str = stage.invoke("createPlaylist", name=name)["id"]
    _add(stage, playlist, uris)
    return playlist


def _add(stage: Stage, playlist: str, uris: Sequence[str | None], **place: int) -> None:
    if uris:
        stage.invoke("addItemsToPlaylist", playlist_id=playlist, uris=list(uris), **place)


def _read_saved(stage: Stage) -> list[str | None]:
    return [item["track"]["uri"] for item in stage.invoke("getUserSavedTracks")["items"]]


def _build_empty(stage: Stage, _: int) -> Scene:
    return Scene(_make(stage, "Saved"), [], _read_saved(stage))


def _build_unchanged(stage: Stage, _: int) -> Scene:
    saved = _read_saved(stage)
    target = _make(stage, "Saved", saved)
    return Scene(target, read(stage, target), saved)


def _build_changed(stage: Stage, size: int) -> Scene:
    """Since the playlist was as the library is, three were saved and two taken out of it."""
    saved = _read_saved(stage)
    known, before = set(saved), saved[3:]
    for place, uri in zip((size // 3, size // 2), [uri for uri in _TRACKS if uri not in known], strict=False):
        before.insert(place, uri)
    target = _make(stage, "Saved", before)
    return Scene(target, read(stage, target), saved)


def _build_copies(stage: Stage, size: int) -> Scene:
    """Each copy came later than what it is a copy of, and stands somewhere behind it."""
    _fill_own(stage, size)
    pass_time(stage)
    chance = random.Random(1)  # noqa: S311 - a story, no secret
    there = read(stage, OWN)
    places = [place for place, entry in enumerate(there) if entry.uri and not entry.uri.startswith("spotify:local")]
    for count, place in enumerate(chance.sample(places[: len(places) // 2], _COPIES)):
        _add(stage, OWN, [there[place].uri], position=chance.randrange(len(there) // 2 + count, len(there) + count))
    before = read(stage, OWN)
    first: dict[str | None, int] = {}
    for place, entry in enumerate(before):
        first.setdefault(entry.uri, place)
    return Scene(OWN, before, [before[place].uri for place in sorted(first.values())])


def _build_unsorted(stage: Stage, size: int) -> Scene:
    _fill_own(stage, size)
    return _sort(stage, OWN)


def _build_unsorted_tracks(stage: Stage, _: int) -> Scene:
    return _sort(stage, _make(stage, "Tracks", _read_saved(stage)))


def _build_newest(stage: Stage, _: int) -> Scene:
    """The target was as it should be until five came."""
    saved = _read_saved(stage)
    source = _make(stage, "Source", saved[5:])
    target = _make(stage, "Newest", _find_newest(stage, source))
    pass_time(stage)
    _add(stage, source, saved[:5], position=0)
    return Scene(target, read(stage, target), _find_newest(stage, source), source)


def _find_newest(stage: Stage, source: str) -> list[str | None]:
    entries = sorted(read(stage, source), key=lambda entry: entry.added or "", reverse=True)
    return [entry.uri for entry in entries[:_NEWEST]]


def _fill_own(stage: Stage, size: int) -> None:
    """Makes so many of the entries of the playlist with what can't be put on a list again, none of them twice."""
    known = {entry.uri for entry in read(stage, OWN)}
    _add(stage, OWN, [uri for uri in _read_saved(stage) if uri not in known][: max(0, size - len(known))])


def _sort(stage: Stage, target: str) -> Scene:
    items = stage.invoke("getPlaylistItems", playlist_id=target)["items"]
    titles = {place: (item["item"] or {}).get("name") for place, item in enumerate(items)}
    places = sorted(titles, key=lambda place: (titles[place] is None, (titles[place] or "").casefold()))
    before = read(stage, target)
    return Scene(target, before, [before[place].uri for place in places])


def _build_rows(stage: Stage, size: int) -> Scene:
    """Rows of a file, each in one of four spellings."""
    tracks = [item["track"] for item in stage.invoke("getUserSavedTracks", max_items=size)["items"]]
    rows = []
    for place, track in enumerate(tracks):
        row = _SPELLINGS[place % 4 % len(_SPELLINGS)].format(artist=track["artists"][0]["name"], title=track["name"])
        rows.append(row.upper() if place % 4 == len(_SPELLINGS) else row)
    return Scene(_make(stage, "Imported"), [], [track["uri"] for track in tracks], "\n".join(rows))


def _build_archive(stage: Stage, _: int) -> Scene:
    """Months follow each other, the first of them first, and so does what was saved in each."""
    return Scene("", [], _read_saved(stage)[::-1])


def _read_archive(stage: Stage, _: Scene) -> list[Entry]:
    lists = stage.invoke("getUserPlaylists")["items"]
    months = sorted((each["name"], each["id"]) for each in lists if each and _MONTH.fullmatch(each["name"]))
    return [entry for _, playlist in months for entry in read(stage, playlist)]
