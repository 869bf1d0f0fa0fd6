"""What the signed-in user has saved and whom they follow, by the endpoints of each kind and by `/me/library`.

All of them work on the same shelves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.catalogue_reads import full_thing
from connector.sandbox.clock import to_iso
from connector.sandbox.ids import is_id, parse_uri, position_of
from connector.sandbox.library import Key, Shelf
from connector.sandbox.operations import Operation, own
from connector.sandbox.pages import cursor_page, list_page
from connector.sandbox.parameters import (
    ApiRequest,
    read_choice,
    read_ids,
    read_limit,
    read_market,
    refuse,
    require_scope,
)
from connector.sandbox.spoken import audiobook, ghost_episode, show

_MOST_URIS: Final = 40
_MOST_FOLLOWED: Final = 50
_GHOST_PLACE: Final = 6


@dataclass(frozen=True)
class _Saved:
    """How a kind is saved by endpoints of its own.

    Attributes:
        kind: its name.
        most_ids: how many ids one call takes.
        entry: what stands in the list for a position, a market and the moment it was saved.
    """

    kind: str
    most_ids: int
    entry: Callable[[ApiRequest, int, str | None, str], Json]


def _dated(kind: str) -> Callable[[ApiRequest, int, str | None, str], Json]:
    return lambda request, position, market, added_at: {
        "added_at": added_at,
        kind: None
        if (kind, position) in request.state.catalogue.unavailable
        else full_thing(request, kind, position, market),
    }


def _saved_show(request: ApiRequest, position: int, market: str | None, added_at: str) -> Json:
    return {"added_at": added_at, "show": show(request.state.catalogue, position, market)}


def _saved_audiobook(request: ApiRequest, position: int, market: str | None, _: str) -> Json:
    return audiobook(request.state.catalogue, position, market)


_SAVED: Final = (
    _Saved("album", 20, _dated("album")),
    _Saved("audiobook", 50, _saved_audiobook),
    _Saved("episode", 50, _dated("episode")),
    _Saved("show", 50, _saved_show),
    _Saved("track", 50, _dated("track")),
)


def _saved_operations(saved: _Saved) -> Iterator[Operation]:
    kind, most_ids = saved.kind, saved.most_ids

    def get_saved(request: ApiRequest) -> Answer:
        market, shelf = read_market(request), request.shelves[kind]

        def make_items(start: int, stop: int) -> list[Json]:
            entries = shelf.newest(start, stop - start)
            items = [saved.entry(request, int(key), market, to_iso(entry.added_s)) for key, entry in entries]
            if kind == "episode" and request.state.catalogue.is_awkward and start <= _GHOST_PLACE < stop:
                items[_GHOST_PLACE - start]["episode"] = ghost_episode(request.state.catalogue)
            return items

        return json_answer(list_page(request, f"saved_{kind}s", make_items, len(shelf)))

    def save(request: ApiRequest) -> Answer:
        return _change(request, kind, most_ids, is_adding=True)

    def remove(request: ApiRequest) -> Answer:
        read_market(request)
        return _change(request, kind, most_ids, is_adding=False)

    def check(request: ApiRequest) -> Answer:
        return _check(request, kind, most_ids)

    path = f"/me/{kind}s"
    yield own(f"GET {path}", get_saved, "user-library-read")
    yield own(f"PUT {path}", save, "user-library-modify", closed=403)
    yield own(f"DELETE {path}", remove, "user-library-modify", closed=403)
    yield own(f"GET {path}/contains", check, "user-library-read", closed=403)


def _get_followed_artists(request: ApiRequest) -> Answer:
    """Pages by cursor in the order of ids, as recorded answers have it."""
    read_choice(request, "type", ("artist",), None)
    limit = read_limit(request, minimum=1)
    state = request.state
    shelf, most = request.shelves["artist"], request.shelves.rules.most_followed
    ids, has_more = shelf.after(request.query.get("after"), limit, most or None)
    artists = [state.catalogue.artist(position_of("artist", identifier) or 0) for identifier in ids]
    after = ids[-1] if has_more else None
    total = min(len(shelf), most or len(shelf))
    return json_answer({"artists": cursor_page(request, artists, total=total, limit=limit, after=after)})


def _follow(request: ApiRequest) -> Answer:
    _change(request, _followed_kind(request), _MOST_FOLLOWED, is_adding=True)
    return Answer(204)


def _unfollow(request: ApiRequest) -> Answer:
    _change(request, _followed_kind(request), _MOST_FOLLOWED, is_adding=False)
    return Answer(204)


def _check_following(request: ApiRequest) -> Answer:
    return _check(request, _followed_kind(request), _MOST_FOLLOWED)


def _followed_kind(request: ApiRequest) -> str:
    return read_choice(request, "type", ("artist", "user"), None)


def _change(request: ApiRequest, kind: str, most_ids: int, *, is_adding: bool) -> Answer:
    shelf = request.shelves[kind]
    keys = [
        _find_key(shelf, identifier) for identifier in read_ids(request, maximum=most_ids, are_names=kind == "user")
    ]
    if is_adding:
        shelf.add(keys, request.state.clock.now_s())
    else:
        shelf.remove(keys)
    return Answer()


def _check(request: ApiRequest, kind: str, most_ids: int) -> Answer:
    ids = read_ids(request, maximum=most_ids, are_names=kind == "user")
    return json_answer([request.shelves[kind].holds(identifier) for identifier in ids])


def _find_key(shelf: Shelf, identifier: str) -> Key:
    """The key under which something stands on a shelf; 404 for what does not exist."""
    key = shelf.find(identifier)
    if key is None:
        raise refuse(404, "Resource not found")
    return key


# By URI, any kinds mixed

_CHANGING_SCOPES: Final = {
    "artist": ("user-follow-modify",),
    "user": ("user-follow-modify",),
    "playlist": ("playlist-modify-public", "playlist-modify-private"),
}
_READING_SCOPES: Final = {
    "artist": ("user-follow-read",),
    "user": ("user-follow-read",),
    "playlist": ("playlist-read-private",),
}


def _save_to_library(request: ApiRequest) -> Answer:
    for shelf, key in _library_entries(request):
        shelf.add([key], request.state.clock.now_s())
    return Answer()


def _remove_from_library(request: ApiRequest) -> Answer:
    for shelf, key in _library_entries(request):
        shelf.remove([key])
    return Answer()


def _check_library(request: ApiRequest) -> Answer:
    """A boolean a URI, in the order asked."""
    uris = _read_uris(request)
    for kind, _ in uris:
        require_scope(request, *_READING_SCOPES.get(kind, ("user-library-read",)))
    return json_answer([request.shelves[kind].holds(identifier) for kind, identifier in uris])


def _library_entries(request: ApiRequest) -> list[tuple[Shelf, Key]]:
    uris = _read_uris(request)
    for kind, _ in uris:
        require_scope(request, *_CHANGING_SCOPES.get(kind, ("user-library-modify",)))
        if kind == "artist" and not request.state.library_takes_artists:
            raise refuse(400, "Invalid uri")
    shelves = request.shelves
    return [(shelves[kind], _find_key(shelves[kind], identifier)) for kind, identifier in uris]


def _read_uris(request: ApiRequest) -> list[tuple[str, str]]:
    """The query's `uris`, as (kind, id): they are not taken from a body (changelog of February 2026).

    An audiobook's own URI is one of a show.
    """
    texts = request.query.get("uris", "").split(",")
    if not any(texts):
        raise refuse(400, "Missing required field: uris")
    if len(texts) > _MOST_URIS:
        raise refuse(400, "Too many uris requested")
    uris = []
    for text in texts:
        parsed = parse_uri(text)
        kind, identifier = parsed or ("", "")
        if kind not in request.shelves or not (kind == "user" or is_id(identifier)):
            raise refuse(400, "Invalid uri")
        is_book = kind == "show" and position_of("audiobook", identifier) is not None
        uris.append(("audiobook" if is_book else kind, identifier))
    return uris


OPERATIONS: Final = (
    *(operation for saved in _SAVED for operation in _saved_operations(saved)),
    own("GET /me/following", _get_followed_artists, "user-follow-read"),
    own("PUT /me/following", _follow, "user-follow-modify", closed=403),
    own("DELETE /me/following", _unfollow, "user-follow-modify", closed=403),
    own("GET /me/following/contains", _check_following, "user-follow-read", closed=403),
    own("PUT /me/library", _save_to_library),
    own("DELETE /me/library", _remove_from_library),
    own("GET /me/library/contains", _check_library),
)
"""Library and following."""
