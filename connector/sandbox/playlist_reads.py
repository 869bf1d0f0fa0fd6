"""Endpoints that read one playlist and its items, under their name of today and the one before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.operations import Operation
from connector.sandbox.pages import offset_page
from connector.sandbox.parameters import (
    ApiRequest,
    find_in_path,
    read_limit,
    read_market,
    read_offset,
    refuse,
)
from connector.sandbox.playlists import SPOTIFY_USER, owner_of, playlist_total

_PAGES: Final = {"items": 50, "tracks": 100}
"""The largest page by the name that is asked for; `tracks` are as live answers have them, beyond the description."""


def get_playlist(request: ApiRequest) -> Answer:
    """GET /playlists/{id}, with the first page of its items, 50, and again under their older name, 100."""
    position = _find_playlist(request)
    query = {name: value for name, value in request.query.items() if name != "fields"}
    pages = {
        name: _items(request, position, f"/playlists/{request.names['id']}/{name}", query, size, 0)
        for name, size in _PAGES.items()
    }
    return json_answer(request.state.playlists.full_playlist(position, **pages))


def get_playlist_items(request: ApiRequest) -> Answer:
    """GET /playlists/{id}/items."""
    return _answer_page(request, read_limit(request, maximum=_PAGES["items"]))


def get_playlist_tracks(request: ApiRequest) -> Answer:
    """GET /playlists/{id}/tracks, where the app may call it."""
    return _answer_page(request, read_limit(request, default=_PAGES["tracks"], maximum=_PAGES["tracks"]))


def _answer_page(request: ApiRequest, limit: int) -> Answer:
    position, offset = _find_playlist(request), read_offset(request)
    return json_answer(_items(request, position, request.route, request.query, limit, offset))


def _find_playlist(request: ApiRequest) -> int:
    position = find_in_path(request, "playlist")
    if request.is_development and owner_of(position) == SPOTIFY_USER:
        raise refuse(404, "Resource not found")
    return position


def _items(request: ApiRequest, position: int, route: str, query: Mapping[str, str], limit: int, offset: int) -> Json:
    market = read_market(request)

    def make_items(start: int, stop: int) -> list[Json]:
        items = [request.state.playlists.playlist_item(position, place, market) for place in range(start, stop)]
        if request.is_development:
            for item in items:
                del item["track"]
        return items

    linked = replace(request, route=route, query=query)
    return offset_page(linked, make_items, total=playlist_total(position), limit=limit, offset=offset)


OPERATIONS: Final = (
    Operation("GET /playlists/{id}", get_playlist, takes_fields=True),
    Operation("GET /playlists/{id}/items", get_playlist_items, takes_fields=True),
    Operation("GET /playlists/{id}/tracks", get_playlist_tracks, takes_fields=True, closed=403),
)
"""Reading playlists."""
