"""Endpoints about the signed-in user: profile, library, follows, favourites.

The type-specific endpoints here and `/me/library` work on the same shelves.
"""

from collections.abc import Callable
from typing import Final

from connector.sandbox.albums import full_album
from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.browse import with_nulls
from connector.sandbox.catalogue import Json
from connector.sandbox.clock import to_iso
from connector.sandbox.ids import position_of
from connector.sandbox.library import FOREIGN_KINDS, Key, Shelf
from connector.sandbox.pages import cursor_page, offset_page
from connector.sandbox.parameters import (
    ApiRequest,
    find_in_path,
    read_choice,
    read_ids,
    read_json,
    read_limit,
    read_market,
    read_offset,
    refuse,
    require_scope,
)
from connector.sandbox.playlists import DEMO_USER, owner_of
from connector.sandbox.traits import spread

_MAX_IDS: Final = {"track": 50, "album": 20, "artist": 50, "user": 50}
_TIME_RANGES: Final = ("short_term", "medium_term", "long_term")


def get_profile(request: ApiRequest) -> Answer:
    """GET /me; what it shows depends on the scopes."""
    return json_answer(request.state.playlists.demo_user(frozenset(request.grant.scopes)))


def get_saved_tracks(request: ApiRequest) -> Answer:
    """GET /me/tracks."""
    market = read_market(request)
    return _saved(request, "track", lambda key: request.state.catalogue.track(int(key), market))


def get_saved_albums(request: ApiRequest) -> Answer:
    """GET /me/albums."""
    market = read_market(request)
    return _saved(request, "album", lambda key: full_album(request, int(key), market))


def save_tracks(request: ApiRequest) -> Answer:
    """PUT /me/tracks."""
    return _change_shelf(request, "track", is_adding=True)


def remove_tracks(request: ApiRequest) -> Answer:
    """DELETE /me/tracks."""
    return _change_shelf(request, "track", is_adding=False)


def check_tracks(request: ApiRequest) -> Answer:
    """GET /me/tracks/contains."""
    return _check_shelf(request, "track")


def save_albums(request: ApiRequest) -> Answer:
    """PUT /me/albums."""
    return _change_shelf(request, "album", is_adding=True)


def remove_albums(request: ApiRequest) -> Answer:
    """DELETE /me/albums."""
    return _change_shelf(request, "album", is_adding=False)


def check_albums(request: ApiRequest) -> Answer:
    """GET /me/albums/contains."""
    return _check_shelf(request, "album")


def get_followed_artists(request: ApiRequest) -> Answer:
    """GET /me/following, pages by cursor in the order of ids, as recorded answers have it."""
    read_choice(request, "type", ("artist",), None)
    limit = read_limit(request, minimum=1)
    state = request.state
    ids, has_more = state.library["artist"].after(request.query.get("after"), limit)
    artists = [state.catalogue.artist(position_of("artist", identifier) or 0) for identifier in ids]
    after = ids[-1] if has_more else None
    total = len(state.library["artist"])
    return json_answer({"artists": cursor_page(request, artists, total=total, limit=limit, after=after)})


def follow(request: ApiRequest) -> Answer:
    """PUT /me/following."""
    _change_shelf(request, _followed_kind(request), is_adding=True)
    return Answer(204)


def unfollow(request: ApiRequest) -> Answer:
    """DELETE /me/following."""
    _change_shelf(request, _followed_kind(request), is_adding=False)
    return Answer(204)


def check_following(request: ApiRequest) -> Answer:
    """GET /me/following/contains."""
    return _check_shelf(request, _followed_kind(request))


def follow_playlist(request: ApiRequest) -> Answer:
    """PUT /playlists/{id}/followers; `public` decides which scope is needed (reference of "Follow Playlist")."""
    value = read_json(request)
    is_public = value.get("public", True) if isinstance(value, dict) else None
    if not isinstance(is_public, bool):
        raise refuse(400, "Bad request")
    require_scope(request, "playlist-modify-public" if is_public else "playlist-modify-private")
    position = find_in_path(request, "playlist")
    request.state.library["playlist"].add([position], request.state.clock.now_s(), is_public)
    return Answer()


def unfollow_playlist(request: ApiRequest) -> Answer:
    """DELETE /playlists/{id}/followers."""
    request.state.library["playlist"].remove([find_in_path(request, "playlist")])
    return Answer()


def get_my_playlists(request: ApiRequest) -> Answer:
    """GET /me/playlists: the ones that the user owns or follows, in the order of following."""
    shelf = request.state.library["playlist"]

    def make_items(start: int, stop: int) -> list[Json | None]:
        playlists = []
        for key, entry in shelf.newest(start, stop - start):
            playlist = request.state.playlists.playlist(int(key))
            if owner_of(int(key)) == DEMO_USER or not entry.is_public:
                playlist["public"] = entry.is_public
            playlists.append(playlist)
        return with_nulls(request, "followed_playlists", start, playlists)

    limit, offset = read_limit(request), read_offset(request)
    return json_answer(offset_page(request, make_items, total=len(shelf), limit=limit, offset=offset))


def get_top(request: ApiRequest) -> Answer:
    """GET /me/top/{type}; each time range ranks differently."""
    if request.names["type"] not in ("artists", "tracks"):
        raise refuse(404, "Service not found")
    kind = request.names["type"].removesuffix("s")
    time_range = read_choice(request, "time_range", _TIME_RANGES, "medium_term")
    name = f"top_{kind}s"
    total = request.state.sizes[name]
    shift = _TIME_RANGES.index(time_range)
    catalogue = request.state.catalogue

    def make_items(start: int, stop: int) -> list[Json | None]:
        items = []
        for place in range(start, stop):
            position = spread((place + shift) % total, total, kind)
            items.append(catalogue.artist(position) if kind == "artist" else catalogue.track(position))
        return with_nulls(request, name, start, items)

    limit, offset = read_limit(request), read_offset(request)
    return json_answer(offset_page(request, make_items, total=total, limit=limit, offset=offset))


def _saved(request: ApiRequest, kind: str, make: Callable[[Key], Json]) -> Answer:
    shelf = request.state.library[kind]

    def make_items(start: int, stop: int) -> list[Json | None]:
        entries = shelf.newest(start, stop - start)
        saved = [{"added_at": to_iso(entry.added_s), kind: make(key)} for key, entry in entries]
        return with_nulls(request, f"saved_{kind}s", start, saved)

    limit, offset = read_limit(request), read_offset(request)
    return json_answer(offset_page(request, make_items, total=len(shelf), limit=limit, offset=offset))


def _followed_kind(request: ApiRequest) -> str:
    return read_choice(request, "type", ("artist", "user"), None)


def _change_shelf(request: ApiRequest, kind: str, *, is_adding: bool) -> Answer:
    shelf = request.state.library[kind]
    ids = read_ids(request, maximum=_MAX_IDS[kind], are_names=kind == "user")
    keys = [find_key(shelf, identifier) for identifier in ids]
    if is_adding:
        shelf.add(keys, request.state.clock.now_s())
    else:
        shelf.remove(keys)
    return Answer()


def _check_shelf(request: ApiRequest, kind: str) -> Answer:
    ids = read_ids(request, maximum=_MAX_IDS[kind], are_names=kind == "user")
    return json_answer([request.state.library[kind].holds(identifier) for identifier in ids])


def find_key(shelf: Shelf, identifier: str) -> Key:
    """The key under which something stands on a shelf; 400 for a malformed id, 404 for an unknown one."""
    key = shelf.find(identifier)
    if key is None:
        is_malformed = shelf.kind in FOREIGN_KINDS
        raise refuse(400, "Invalid uri") if is_malformed else refuse(404, "Resource not found")
    return key
