"""The usual ways of public scripts to what composite blocks give, each with spotipy.

They are written here after what such scripts do, as well as those do it: pages of 50, 100 items a call where the way
allows it, and what can't be put on a list again (files of one's own, entries that show nothing) passed over where
careless ones fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import spotipy

#: The most that one call may add or remove.
AT_ONCE = 100
Client = spotipy.Spotify
Item = dict[str, Any]


def clear_and_mirror(client: Client, playlist: str) -> None:
    """Takes everything off, and adds what is saved."""
    _fill_anew(client, playlist, [item["track"]["uri"] for item in _read_saved(client)])


def add_one_a_call(client: Client, playlist: str) -> None:
    """Adds what is saved and not there, one track a call; what is no longer saved stays."""
    there = {_uri(item) for item in _read_list(client, playlist)}
    for item in _read_saved(client):
        if item["track"]["uri"] not in there:
            client.playlist_add_items(playlist, [item["track"]["uri"]])


def mirror_by_sets(client: Client, playlist: str) -> None:
    """Adds what only the one holds, and removes what only the other does."""
    saved = [item["track"]["uri"] for item in _read_saved(client)]
    there = set(filter(None, map(_uri, _read_list(client, playlist))))
    for part in _cut([uri for uri in saved if uri not in there]):
        client.playlist_add_items(playlist, part)
    for part in _cut(sorted(there - set(saved))):
        client.playlist_remove_all_occurrences_of_items(playlist, part)


def remove_copies_by_place(client: Client, playlist: str) -> None:
    """Removes each copy by its place, which the service took once and passes over now."""
    seen, copies = set[str](), []
    for place, item in enumerate(_read_list(client, playlist)):
        if (uri := _uri(item)) in seen:
            copies.append({"uri": uri, "positions": [place]})
        elif uri:
            seen.add(uri)
    for part in _cut(copies):
        client.playlist_remove_specific_occurrences_of_items(playlist, part)


def remove_copies_and_add_back(client: Client, playlist: str) -> None:
    """Removes all that is there twice, with every copy, and adds it once."""
    counts = Counter(filter(None, map(_uri, _read_list(client, playlist))))
    doubled = [uri for uri, count in counts.items() if count > 1]
    for part in _cut(doubled):
        client.playlist_remove_all_occurrences_of_items(playlist, part)
    for part in _cut(doubled):
        client.playlist_add_items(playlist, part)


def clear_and_add_once(client: Client, playlist: str) -> None:
    """Takes everything off, and adds each thing once."""
    _fill_anew(client, playlist, list(dict.fromkeys(filter(None, map(_uri, _read_list(client, playlist))))))


def clear_and_sort(client: Client, playlist: str) -> None:
    """Takes everything off, and adds it by title."""
    known = [item for item in _read_list(client, playlist) if _uri(item)]
    _fill_anew(client, playlist, [_uri(item) or "" for item in sorted(known, key=_title)])


def sort_one_move_a_track(client: Client, playlist: str) -> None:
    """Moves each track that isn't at its place there, from the top down."""
    items = _read_list(client, playlist)
    places = sorted(range(len(items)), key=lambda place: _title(items[place]))
    now = list(range(len(items)))
    for place, wanted in enumerate(places):
        at = now.index(wanted)
        if at != place:
            client.playlist_reorder_items(playlist, range_start=at, insert_before=place)
            now.insert(place, now.pop(at))


def keep_newest(count: int, source: str) -> Callable[[Client, str], None]:
    """The way that takes everything off, and adds the newest `count` of the playlist `source`."""

    def keep(client: Client, playlist: str) -> None:
        items = sorted(_read_list(client, source), key=lambda item: item["added_at"] or "", reverse=True)
        _fill_anew(client, playlist, [uri for uri in map(_uri, items[:count]) if uri])

    return keep


def import_rows(text: str) -> Callable[[Client, str], None]:
    """The way that searches each row of "Artist - Title", takes the first that is found, and adds 100 a call."""

    def add(client: Client, playlist: str) -> None:
        uris = []
        for row in text.splitlines():
            artist, _, title = row.partition(" - ")
            found = client.search(f'track:"{title}" artist:"{artist}"', limit=1, type="track")["tracks"]["items"]
            uris += [found[0]["uri"]] if found else []
        for part in _cut(uris):
            client.playlist_add_items(playlist, part)

    return add


def archive_one_a_call(client: Client, _: str) -> None:
    """Adds each saved track, the oldest first, to the playlist of its month, which is made where it is missing."""
    months = _find_months(client)
    for item in reversed(_read_saved(client)):
        month = item["added_at"][:7]
        if month not in months:
            months[month] = client.current_user_playlist_create(month, public=False)["id"]
        client.playlist_add_items(months[month], [item["track"]["uri"]])


def archive_by_months(client: Client, _: str) -> None:
    """Adds those of each month together, to a playlist that is made where it is missing."""
    months = _find_months(client)
    saved: dict[str, list[str]] = {}
    for item in reversed(_read_saved(client)):
        saved.setdefault(item["added_at"][:7], []).append(item["track"]["uri"])
    for month, uris in saved.items():
        if month not in months:
            months[month] = client.current_user_playlist_create(month, public=False)["id"]
        for part in _cut(uris):
            client.playlist_add_items(months[month], part)


def _find_months(client: Client) -> dict[str, str]:
    return {each["name"]: each["id"] for each in _iter_pages(client, client.current_user_playlists()) if each}


def _fill_anew(client: Client, playlist: str, uris: Sequence[str]) -> None:
    client.playlist_replace_items(playlist, [])
    for part in _cut(uris):
        client.playlist_add_items(playlist, part)


def _read_saved(client: Client) -> list[Item]:
    return list(_iter_pages(client, client.current_user_saved_tracks(limit=50)))


def _read_list(client: Client, playlist: str) -> list[Item]:
    return list(_iter_pages(client, client.playlist_items(playlist, limit=50)))


def _iter_pages(client: Client, page: dict[str, Any]) -> Iterator[Item]:
    yield from page["items"]
    while page["next"]:
        page = client.next(page)
        yield from page["items"]


def _uri(item: Item) -> str | None:
    """What can be put on a list again."""
    thing = item["item"]
    return None if thing is None or item["is_local"] else thing["uri"]


def _title(item: Item) -> tuple[bool, str]:
    return (item["item"] is None, item["item"]["name"].casefold() if item["item"] else "")


def _cut(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (things[start : start + AT_ONCE] for start in range(0, len(things), AT_ONCE))
