"""Endpoints about what an artist made, what of it is liked most, and who is like them."""

from functools import lru_cache
from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.operations import Operation
from connector.sandbox.pages import list_page
from connector.sandbox.parameters import ApiRequest, find_in_path, read_limit, read_market, refuse
from connector.sandbox.traits import ALBUMS, SIZES, album_type, popularity, seeded

_GROUPS: Final = ("album", "single", "compilation", "appears_on")
_TOP: Final = 10
_LATER: Final = 1_000
_RELATED: Final = 20


@lru_cache(maxsize=SIZES["artist"])
def album_positions(artist: int) -> tuple[int, ...]:
    """Positions of the albums of the artist at a position; the first of the examples has several pages."""
    count = 34 if artist == 0 else 2 + artist * 7 % 15
    return tuple(artist + place * SIZES["artist"] for place in range(count))


def _get_albums(request: ApiRequest) -> Answer:
    """Group after group, each newest first, 10 a page (description of August 2026)."""
    artist, market = find_in_path(request, "artist"), read_market(request)
    asked = request.query.get("include_groups", ",".join(_GROUPS)).split(",")
    if not set(asked) <= set(_GROUPS):
        raise refuse(400, "Invalid include_groups")
    catalogue, listed = request.state.catalogue, []
    for group in _GROUPS:
        # Albums of others where the artist is a guest: their neighbour's.
        owner = (artist + 1) % SIZES["artist"] if group == "appears_on" else artist
        positions = album_positions(owner)[: 3 if group == "appears_on" else None]
        albums = [
            {**catalogue.album(position, market), "album_group": group}
            for position in positions
            if group in asked and group in ("appears_on", album_type(position))
        ]
        # Of one day, what came last stands first.
        for number, (its_group, differs) in reversed(list(enumerate(catalogue.releases.get(artist, ())))):
            if its_group == group and group in asked:
                position = artist + (_LATER + number) * SIZES["artist"]
                albums.append({**catalogue.album(position, market), **differs, "album_group": group})
        listed += sorted(albums, key=lambda album: album["release_date"], reverse=True)

    def make_items(start: int, stop: int) -> list[Json]:
        return listed[start:stop]

    limit = read_limit(request, default=5, maximum=10)
    return json_answer(list_page(request, "artist_albums", make_items, len(listed), limit=limit))


def _get_top_tracks(request: ApiRequest) -> Answer:
    artist, market = find_in_path(request, "artist"), read_market(request)
    tracks = [ALBUMS.first(album) + place for album in album_positions(artist) for place in range(ALBUMS.size(album))]
    liked = sorted(tracks, key=popularity, reverse=True)[:_TOP]
    return json_answer({"tracks": [request.state.catalogue.track(position, market) for position in liked]})


def _get_related(request: ApiRequest) -> Answer:
    artist = find_in_path(request, "artist")
    others = [other for other in range(SIZES["artist"]) if other != artist]
    related = seeded("related", artist).sample(others, _RELATED)
    return json_answer({"artists": [request.state.catalogue.artist(other) for other in related]})


OPERATIONS: Final = (
    Operation("GET /artists/{id}/albums", _get_albums),
    Operation("GET /artists/{id}/top-tracks", _get_top_tracks, closed=403),
    Operation("GET /artists/{id}/related-artists", _get_related, closed=403),
)
"""What belongs to an artist."""
