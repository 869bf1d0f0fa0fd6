"""Endpoints that make and change playlists, their items under today's name and the one before."""

from typing import Any, Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.kept_playlists import Item, KeptPlaylist
from connector.sandbox.operations import Operation, own
from connector.sandbox.parameters import (
    ApiRequest,
    find_in_path,
    read_json,
    read_number,
    read_object,
    refuse,
    require_scope,
)
from connector.sandbox.playables import Playable, find_playable
from connector.sandbox.playlist_reads import full_playlist
from connector.sandbox.playlists import is_shared, owner_of

_MOST: Final = 100
_DETAILS: Final = {"name": str, "description": str, "public": bool, "collaborative": bool}


def create_playlist(request: ApiRequest) -> Answer:
    """An empty list of the signed-in user's, public unless said otherwise."""
    details = {"description": None, "public": True, "collaborative": False, **_read_details(request)}
    if not details.get("name"):
        raise refuse(400, "Missing required field: name")
    _check_details(request, details)
    position = request.state.playlists.create(details, request.user)
    request.shelves["playlist"].add([position], request.state.clock.now_s(), details["public"])
    return json_answer(full_playlist(request, position), 201)


def create_playlist_for_user(request: ApiRequest) -> Answer:
    """The same, by the user's id."""
    if request.names["id"] != request.grant.user:
        raise refuse(403, "You cannot create a playlist for another user")
    return create_playlist(request)


def change_details(request: ApiRequest) -> Answer:
    """Any of name, description, public and collaborative."""
    position = _find_own(request, "change the details of", owner_only=True)
    changed = _read_details(request)
    _check_details(request, {**request.state.playlists.details(position), **changed})
    kept = request.state.playlists.keep(position)
    kept.details.update(changed)
    kept.touch(request.state.clock.now_s())
    shelf = request.shelves["playlist"]
    if "public" in changed and shelf.holds(request.names["id"]):
        shelf.add([position], request.state.clock.now_s(), changed["public"])
    return Answer()


def add_items(request: ApiRequest) -> Answer:
    """Up to 100, in order, at a position or at the end. Doing it twice adds twice."""
    position = _find_own(request, "add tracks to")
    # A bare list of URIs, as spotipy sends it, is taken too.
    bare = read_json(request)
    body = {"uris": bare} if isinstance(bare, list) else read_object(request)
    total = len(request.state.playlists.items(position))
    place = _read_place(request, body, "position", total, default=total)
    contents = _read_contents(_read_uris(request, body))
    rules = request.state.playlists.rules
    if total + len(contents) > rules.max_items:
        raise refuse(rules.full_status, "Playlist size limit reached" if rules.full_status == 403 else "Server error.")
    kept = request.state.playlists.keep(position)
    kept.insert(_make_items(request, contents), place)
    return _answer_snapshot(request, kept, 201)


def put_items(request: ApiRequest) -> Answer:
    """Replace everything by up to 100, or move a range of what is there."""
    position, body = _find_own(request, "change tracks of"), read_object(request)
    total = len(request.state.playlists.items(position))
    if "uris" in body or "uris" in request.query:
        contents = _read_contents(_read_uris(request, body), least=0)
        kept = request.state.playlists.keep(position)
        kept.items = _make_items(request, contents)
        return _answer_snapshot(request, kept)
    start = _read_place(request, body, "range_start", total - 1)
    length = _read_place(request, body, "range_length", total - start, default=1)
    before = _read_place(request, body, "insert_before", total)
    _check_snapshot(request, position, body)
    kept = request.state.playlists.keep(position)
    kept.move(start, length, before)
    return _answer_snapshot(request, kept)


def remove_items(request: ApiRequest) -> Answer:
    """Every copy of up to 100 URIs; places of single copies, as there were once, are passed over."""
    position, body = _find_own(request, "remove tracks from"), read_object(request)
    entries = body.get(request.route.rsplit("/", 1)[1])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise refuse(400, "No tracks specified.")
    contents = _read_contents([entry.get("uri") for entry in entries])
    _check_snapshot(request, position, body)
    kept = request.state.playlists.keep(position)
    kept.remove(contents)
    return _answer_snapshot(request, kept)


def find_own_playlist(request: ApiRequest, owner_only: bool = False) -> int | None:
    """The position of the path's playlist where the signed-in user may change it, None where not.

    Args:
        request: the request, whose token must have the scope for lists of that visibility.
        owner_only: whether working on it together with its owner is not enough.
    """
    position = find_in_path(request, "playlist")
    is_own = owner_of(position) == request.user or (is_shared(position, request.user) and not owner_only)
    is_private = request.state.playlists.details(position)["public"] is False
    require_scope(request, f"playlist-modify-{'private' if is_private else 'public'}")
    return position if is_own else None


def _find_own(request: ApiRequest, doing: str, owner_only: bool = False) -> int:
    position = find_own_playlist(request, owner_only)
    if position is None:
        raise refuse(403, "Forbidden" if request.is_development else f"You cannot {doing} a playlist you don't own.")
    return position


def _read_details(request: ApiRequest) -> Json:
    body = read_object(request)
    details = {name: body[name] for name in _DETAILS if name in body}
    for name, value in details.items():
        if not isinstance(value, _DETAILS[name]):
            raise refuse(400, f"Invalid {name}")
    return details


def _check_details(request: ApiRequest, details: Json) -> None:
    """Answer 400 where details don't go together, 403 where they need a scope that the token lacks."""
    if details["name"] == "":
        raise refuse(400, "Invalid name")
    if "\n" in (details["description"] or "") or "\r" in (details["description"] or ""):
        raise refuse(400, "Invalid description")
    if details["collaborative"] and details["public"]:
        raise refuse(400, "Collaborative playlists can only be private.")
    if details["public"] or details["collaborative"]:
        require_scope(request, "playlist-modify-public")
    if not details["public"]:
        require_scope(request, "playlist-modify-private")


def _read_uris(request: ApiRequest, body: Json) -> list[Any]:
    """`uris` of the query, which go before those of the body."""
    listed = request.query.get("uris")
    uris = body.get("uris") if listed is None else [uri.strip() for uri in listed.split(",") if uri]
    if not isinstance(uris, list):
        raise refuse(400, "Missing required field: uris")
    return uris


def _read_contents(uris: list[Any], least: int = 1) -> list[Playable]:
    if not least <= len(uris) <= _MOST:
        raise refuse(400, f"You can add a maximum of {_MOST} tracks per request." if uris else "No uris provided")
    contents = []
    for uri in uris:
        content = find_playable(uri) if isinstance(uri, str) else None
        if content is None:
            # So are local files, which the service takes from nobody.
            raise refuse(400, f"Invalid track uri: {uri}")
        contents.append(content)
    return contents


def _read_place(request: ApiRequest, body: Json, name: str, last: int, default: int | None = None) -> int:
    """A place on the playlist, from 0 to `last`; with `default` None it must be there."""
    value = read_number(request, name, None, 0, last) if name in request.query else body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse(400, f"Invalid {name}" if name in body else f"Missing required field: {name}")
    if not 0 <= value <= last:
        raise refuse(400, "Index out of bounds.")
    return value


def _check_snapshot(request: ApiRequest, position: int, body: Json) -> None:
    snapshot_id = body.get("snapshot_id")
    if snapshot_id is not None and not request.state.playlists.keep(position).knows(str(snapshot_id)):
        raise refuse(400, "Invalid snapshot_id")


def _make_items(request: ApiRequest, contents: list[Playable]) -> list[Item]:
    now_s = request.state.clock.now_s()
    return [Item(content, now_s, request.user) for content in contents]


def _answer_snapshot(request: ApiRequest, kept: KeptPlaylist, status: int = 200) -> Answer:
    return json_answer({"snapshot_id": kept.touch(request.state.clock.now_s())}, status)


_MODIFY: Final = ("playlist-modify-public", "playlist-modify-private")
OPERATIONS: Final[tuple[Operation, ...]] = (
    own("POST /me/playlists", create_playlist, *_MODIFY),
    own("POST /users/{id}/playlists", create_playlist_for_user, *_MODIFY, closed=403),
    own("PUT /playlists/{id}", change_details, *_MODIFY),
    *(
        own(f"{method} /playlists/{{id}}/{name}", handle, *_MODIFY, closed=closed)
        for name, closed in (("items", None), ("tracks", 403))
        for method, handle in (("POST", add_items), ("PUT", put_items), ("DELETE", remove_items))
    ),
)
"""Making and changing playlists."""
