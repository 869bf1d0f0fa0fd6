"""Endpoints that read one playlist and its items, under their name of today and the one before."""

from dataclasses import replace
from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.operations import Operation
from connector.sandbox.pages import offset_page
from connector.sandbox.parameters import (
    ApiRequest,
    find_in_path,
    knows_episodes,
    read_limit,
    read_market,
    read_offset,
    refuse,
    require_scope,
)
from connector.sandbox.playlist_items import build_item
from connector.sandbox.playlists import SPOTIFY_USER, is_shared, owner_of

_PAGES: Final = {"items": 50, "tracks": 100}
"""The largest page by the name that is asked for; `tracks` are as live answers have them, beyond the description."""


def full_playlist(request: ApiRequest, position: int) -> Json:
    """A PlaylistObject with the first page of its items, 50, and again under their older name, 100.

    In development mode the playlists of others come without.
    """
    playlist = request.state.playlists.full_playlist(position)
    if not _may_list(request, position):
        del playlist["items"], playlist["tracks"]
        return playlist
    query = {name: value for name, value in request.query.items() if name != "fields"}
    for name, size in _PAGES.items():
        linked = replace(request, route=f"/playlists/{playlist['id']}/{name}", query=query)
        playlist[name] = _items(linked, position, size, 0)
    return playlist


def get_playlist(request: ApiRequest) -> Answer:
    """One playlist."""
    return json_answer(full_playlist(request, _find_playlist(request)))


def get_playlist_items(request: ApiRequest) -> Answer:
    """In pages of 50; in development mode only where the user works on the playlist."""
    limit, position = read_limit(request, maximum=_PAGES["items"]), _find_playlist(request)
    if not _may_list(request, position):
        raise refuse(403, "Forbidden")
    return json_answer(_items(request, position, limit, read_offset(request)))


def get_playlist_tracks(request: ApiRequest) -> Answer:
    """In pages of 100, where the app may call it."""
    limit = read_limit(request, default=_PAGES["tracks"], maximum=_PAGES["tracks"])
    return json_answer(_items(request, _find_playlist(request), limit, read_offset(request)))


def _find_playlist(request: ApiRequest) -> int:
    position = find_in_path(request, "playlist")
    if request.is_development and owner_of(position) == SPOTIFY_USER:
        raise refuse(404, "Resource not found")
    if request.state.playlists.details(position)["public"] is False:
        require_scope(request, "playlist-read-private", "playlist-read-collaborative")
    return position


def _may_list(request: ApiRequest, position: int) -> bool:
    return (
        not request.is_development
        or owner_of(position) == request.grant.user
        or is_shared(position, request.grant.user)
    )


def _items(request: ApiRequest, position: int, limit: int, offset: int) -> Json:
    market, is_episode_known = read_market(request), knows_episodes(request)
    items = request.state.playlists.items(position)

    def make_items(start: int, stop: int) -> list[Json]:
        made = [build_item(request.state.catalogue, item, market, is_episode_known) for item in items[start:stop]]
        if request.is_development:
            for item in made:
                del item["track"]
        return made

    return offset_page(request, make_items, total=len(items), limit=limit, offset=offset)


OPERATIONS: Final = (
    Operation("GET /playlists/{id}", get_playlist, takes_fields=True),
    Operation("GET /playlists/{id}/items", get_playlist_items, takes_fields=True),
    Operation("GET /playlists/{id}/tracks", get_playlist_tracks, takes_fields=True, closed=403),
)
"""Reading playlists."""
