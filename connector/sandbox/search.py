"""GET /search: words in names, and the documented filters (`artist:"…"`, `year:1990-1999`, `tag:new` …)."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.kinds import KINDS, Make
from connector.sandbox.operations import Operation
from connector.sandbox.pages import list_page
from connector.sandbox.parameters import ApiRequest, read_limit, read_market, read_offset, refuse
from connector.sandbox.playlists import SPOTIFY_USER, owner_of
from connector.sandbox.traits import SIZES, artist_genres, seeded, spread, track_artist

_REACH: Final = 1000
_WANDERS: Final = 8
_HIPSTER: Final = 10
"""Below this popularity an album is for `tag:hipster` (reference of "Search for Item")."""
#: A filter of the query: its name, and its value with or without quotes.
_FILTER = re.compile(r'\b(track|artist|album|year|genre|isrc|upc|tag):(?:"([^"]*)"|(\S+))')
#: What a result looks like, by kind; playlists stand apart because they can change.
_MAKERS: Final[dict[str, Make]] = {
    **{kind: KINDS[kind].simple for kind in ("album", "show", "episode", "audiobook")},
    **{kind: KINDS[kind].full for kind in ("artist", "track")},
}


def _search(request: ApiRequest) -> Answer:
    """Development mode allows 10 results a page (migration guide, February 2026), and nobody more than 1000 in all.

    `next` leads beyond the thousand, where there is nothing but a refusal, as it does live.
    """
    q = request.query.get("q", "")
    if not q.strip():
        raise refuse(400, "No search query")
    kinds = request.query.get("type", "").split(",")
    if not set(kinds) <= {*_MAKERS, "playlist"}:
        raise refuse(400, "Bad search type field")
    is_small = request.is_development
    limit = read_limit(request, default=5 if is_small else 20, maximum=10 if is_small else 50)
    if read_offset(request, maximum=_REACH) + limit > _REACH:
        raise refuse(400, "Bad request.")
    market = read_market(request)
    return json_answer({f"{kind}s": _search_kind(request, kind, q, market, limit) for kind in kinds})


def _search_kind(request: ApiRequest, kind: str, q: str, market: str | None, limit: int) -> Json:
    filters = {match[1]: (match[2] or match[3] or "").casefold() for match in _FILTER.finditer(q)}
    words = _FILTER.sub(" ", q).casefold().replace('"', " ").split()
    catalogue, playlists = request.state.catalogue, request.state.playlists

    def make_playlist(position: int) -> Json | None:
        is_hidden = request.is_development and owner_of(position) == SPOTIFY_USER
        return None if is_hidden else playlists.playlist(position)

    if kind == "playlist":
        found = [at for at in range(SIZES[kind]) if _has(playlists.playlist(at)["name"].casefold(), words)]
        make: Callable[[int], Any] = make_playlist
    else:
        every: Sequence[int] = range(SIZES[kind])
        if filters.get("tag") == "new":
            releases = request.state.sizes["new_releases"]
            every = [spread(place, releases, kind) for place in range(releases)] if kind == "album" else every
        found = [at for at in every if _fits(_facts(kind, at, catalogue.is_awkward), words, filters)]

        def make(position: int) -> Any:
            return _MAKERS[kind](catalogue, position, market)

    if request.state.search_is_unstable:
        request.state.searches += 1
        found = _shuffle_neighbours(found, request.state.searches)

    def make_items(start: int, stop: int) -> list[Any]:
        return [make(position) for position in found[start:stop]]

    return list_page(request, f"search_{kind}s", make_items, len(found), limit=limit)


def _shuffle_neighbours(found: list[int], searches: int) -> list[int]:
    """What was found, each a few places from where it stood."""
    rng = seeded("search", searches)
    order = sorted(range(len(found)), key=lambda place: place + rng.randrange(_WANDERS))
    return [found[place] for place in order]


@lru_cache(maxsize=8192)
def _facts(kind: str, position: int, is_awkward: bool) -> dict[str, tuple[str, ...]]:
    """What filters ask of a thing, in small letters; the words of a query ask of its name alone."""
    catalogue = Catalogue("")
    catalogue.is_awkward = is_awkward
    thing = _MAKERS[kind](catalogue, position, None)
    full = KINDS["album"].full(catalogue, position, None) if kind == "album" else {}
    album = thing.get("album", thing if kind == "album" else {})
    facts = {
        "name": [thing["name"]],
        "track": [thing["name"]] if kind == "track" else [],
        "album": [album["name"]] if album else [],
        "artist": [artist["name"] for artist in thing.get("artists", [thing] if kind == "artist" else [])],
        "year": [album["release_date"][:4]] if album else [],
        "genre": artist_genres(track_artist(position)) if kind == "track" else thing.get("genres", []),
        "isrc": [thing["external_ids"]["isrc"]] if kind == "track" else [],
        "upc": [full["external_ids"]["upc"]] if kind == "album" else [],
        "tag": ["new", "hipster"][: 1 + (full["popularity"] < _HIPSTER)] if kind == "album" else [],
    }
    return {name: tuple(value.casefold() for value in values) for name, values in facts.items()}


def _has(name: str, words: list[str]) -> bool:
    return all(word in name for word in words)


def _fits(facts: dict[str, tuple[str, ...]], words: list[str], filters: dict[str, str]) -> bool:
    """Whether a thing has what was asked for; a filter that its kind doesn't know is ignored."""
    if not _has(facts["name"][0], words):
        return False
    for name, wanted in filters.items():
        known = facts.get(name, ())
        if name == "year":
            first, _, last = wanted.partition("-")
            fits = any(first <= year <= (last or first) for year in known)
        elif name in ("genre", "isrc", "upc", "tag"):
            fits = wanted in known
        else:
            fits = any(wanted in text for text in known)
        if known and not fits:
            return False
    return True


OPERATIONS: Final = (Operation("GET /search", _search),)
"""Search."""
