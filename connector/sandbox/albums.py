"""Endpoints about one album and its tracks."""

from dataclasses import replace
from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.ids import make_id
from connector.sandbox.pages import offset_page
from connector.sandbox.parameters import ApiRequest, find_in_path, read_limit, read_market, read_offset
from connector.sandbox.traits import CYCLE

_FIRST_PAGE: Final = 50


def get_album(request: ApiRequest) -> Answer:
    """GET /albums/{id}."""
    return json_answer(full_album(request, find_in_path(request, "album"), read_market(request)))


def get_album_tracks(request: ApiRequest) -> Answer:
    """GET /albums/{id}/tracks."""
    position = find_in_path(request, "album")
    return json_answer(_tracks(request, position, read_market(request), read_limit(request), read_offset(request)))


def full_album(request: ApiRequest, position: int, market: str | None) -> Json:
    """An AlbumObject with the first page of its tracks, which is linked as one of its own."""
    linked = replace(
        request,
        route=f"/albums/{make_id('album', position)}/tracks",
        query={} if market is None else {"market": market},
    )
    return request.state.catalogue.full_album(position, _tracks(linked, position, market, _FIRST_PAGE, 0), market)


def _tracks(request: ApiRequest, position: int, market: str | None, limit: int, offset: int) -> Json:
    _, total = CYCLE[position % len(CYCLE)]
    return offset_page(
        request,
        lambda start, stop: request.state.catalogue.album_tracks(position, market, start, stop),
        total=total,
        limit=limit,
        offset=offset,
    )
