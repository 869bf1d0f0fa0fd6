"""GET /search: words in names, and the documented filters (`artist:"…"`, `year:1990-1999`, `tag:new` …)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.operations import Operation
from connector.sandbox.pages import offset_page
from connector.sandbox.parameters import ApiRequest, read_limit, read_market, read_offset, refuse

_SEARCH_DEPTH: Final = 300
_SEARCH_TYPES: Final = ("album", "artist", "playlist", "track")
#: A filter of the query: its name, and its value with or without quotes.
_FILTER = re.compile(r'\b(track|artist|album|year|genre|isrc|upc|tag):(?:"([^"]*)"|(\S+))')
#: What `tag:new` stands for: the sandbox has no releases of the last two weeks, so the last years' serve.
_NEW = "2024"


def search(request: ApiRequest) -> Answer:
    """GET /search; development mode allows 10 results a page (migration guide, February 2026).

    A result is anything among the first 300 of its kind that holds the words of `q` in its name and fits its filters.
    """
    q = request.query.get("q", "")
    if not q.strip():
        raise refuse(400, "No search query")
    kinds = request.query.get("type", "").split(",")
    if not set(kinds) <= set(_SEARCH_TYPES):
        raise refuse(400, "Bad search type field")
    is_small = request.is_development
    limit = read_limit(request, default=5 if is_small else 20, maximum=10 if is_small else 50)
    offset = read_offset(request, maximum=1000)
    market = read_market(request)
    return json_answer({f"{kind}s": _search_kind(request, kind, q, market, limit, offset) for kind in kinds})


def _search_kind(request: ApiRequest, kind: str, q: str, market: str | None, limit: int, offset: int) -> Json:
    catalogue, playlists = request.state.catalogue, request.state.playlists
    makers: dict[str, Callable[[int], Json]] = {
        "album": lambda position: catalogue.album(position, market),
        "artist": catalogue.artist,
        "playlist": playlists.playlist,
        "track": lambda position: catalogue.track(position, market),
    }
    filters = {match[1]: (match[2] or match[3] or "").casefold() for match in _FILTER.finditer(q)}
    words = " ".join(_FILTER.sub(" ", q).split()).casefold()
    entries = [makers[kind](position) for position in range(_SEARCH_DEPTH)]
    found = [entry for entry in entries if words in entry["name"].casefold() and _fits(kind, entry, filters)]
    return offset_page(request, lambda start, stop: found[start:stop], total=len(found), limit=limit, offset=offset)


def _fits(kind: str, entry: Json, filters: dict[str, str]) -> bool:
    """Whether a result has what the filters ask for; a filter that its kind doesn't know is ignored."""
    album: dict[str, Any] = entry if kind == "album" else entry.get("album", {})
    names = {
        "artist": [artist["name"] for artist in entry.get("artists", [entry] if kind == "artist" else [])],
        "album": [album["name"]] if album else [],
        "track": [entry["name"]] if kind == "track" else [],
    }
    for name, wanted in filters.items():
        if names.get(name) and not any(wanted in known.casefold() for known in names[name]):
            return False
        if name == "genre" and "genres" in entry and wanted not in entry["genres"]:
            return False
        if name == "isrc" and kind == "track" and entry["external_ids"]["isrc"].casefold() != wanted:
            return False
        if name in ("year", "tag") and album:
            first, _, last = (wanted if name == "year" else f"{_NEW}-9999").partition("-")
            if not first <= album["release_date"][:4] <= (last or first):
                return False
    return True


OPERATIONS: Final = (Operation("GET /search", search),)
"""Search."""
