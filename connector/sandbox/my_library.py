"""`/me/library`, which saves, removes and checks things of any kind by their URIs."""

from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.ids import parse_uri
from connector.sandbox.library import Key, Shelf
from connector.sandbox.me import find_key
from connector.sandbox.parameters import ApiRequest, refuse, require_scope

_MAX_URIS: Final = 40
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


def save_to_library(request: ApiRequest) -> Answer:
    """PUT /me/library."""
    for shelf, key in _library_entries(request):
        shelf.add([key], request.state.clock.now_s())
    return Answer()


def remove_from_library(request: ApiRequest) -> Answer:
    """DELETE /me/library."""
    for shelf, key in _library_entries(request):
        shelf.remove([key])
    return Answer()


def check_library(request: ApiRequest) -> Answer:
    """GET /me/library/contains: a boolean a URI, in the order asked."""
    uris = _read_uris(request)
    for kind, _ in uris:
        require_scope(request, *_READING_SCOPES.get(kind, ("user-library-read",)))
    return json_answer([request.state.library[kind].holds(identifier) for kind, identifier in uris])


def _library_entries(request: ApiRequest) -> list[tuple[Shelf, Key]]:
    uris = _read_uris(request)
    for kind, _ in uris:
        require_scope(request, *_CHANGING_SCOPES.get(kind, ("user-library-modify",)))
        if kind == "artist" and not request.state.library_takes_artists:
            raise refuse(400, "Invalid uri")
    shelves = request.state.library
    return [(shelves[kind], find_key(shelves[kind], identifier)) for kind, identifier in uris]


def _read_uris(request: ApiRequest) -> list[tuple[str, str]]:
    """The query's `uris`, as (kind, id): they are not taken from a body (changelog of February 2026)."""
    texts = request.query.get("uris", "").split(",")
    if not any(texts):
        raise refuse(400, "Missing required field: uris")
    if len(texts) > _MAX_URIS:
        raise refuse(400, "Too many uris requested")
    uris = []
    for text in texts:
        parsed = parse_uri(text)
        if parsed is None or parsed[0] not in request.state.library:
            raise refuse(400, "Invalid uri")
        uris.append(parsed)
    return uris
