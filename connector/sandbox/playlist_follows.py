"""Endpoints about which playlists the signed-in user has and follows."""

from collections.abc import Iterable
from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.ids import make_id
from connector.sandbox.operations import Operation, own
from connector.sandbox.pages import list_page
from connector.sandbox.parameters import ApiRequest, find_in_path, read_object, refuse, require_scope
from connector.sandbox.playlists import is_user, owner_of
from connector.sandbox.traits import SIZES


def follow_playlist(request: ApiRequest) -> Answer:
    """`public` decides which scope is needed (reference of "Follow Playlist")."""
    is_public = read_object(request).get("public", True)
    if not isinstance(is_public, bool):
        raise refuse(400, "Bad request")
    require_scope(request, "playlist-modify-public" if is_public else "playlist-modify-private")
    position = find_in_path(request, "playlist")
    request.shelves["playlist"].add([position], request.state.clock.now_s(), is_public)
    return Answer()


def unfollow_playlist(request: ApiRequest) -> Answer:
    """What isn't followed is no error."""
    request.shelves["playlist"].remove([find_in_path(request, "playlist")])
    return Answer()


def get_my_playlists(request: ApiRequest) -> Answer:
    """The ones that the user owns or follows, in the order of following."""
    shelf = request.shelves["playlist"]

    def make_items(start: int, stop: int) -> list[Json]:
        playlists = []
        for key, entry in shelf.newest(start, stop - start):
            playlist = request.state.playlists.playlist(int(key))
            if owner_of(int(key)) == request.user or not entry.is_public:
                playlist["public"] = entry.is_public
            playlists.append(playlist)
        return playlists

    return json_answer(list_page(request, "followed_playlists", make_items, len(shelf)))


def get_playlists_of_user(request: ApiRequest) -> Answer:
    """The public ones of anybody."""
    user = request.names["id"]
    if not is_user(user):
        raise refuse(404, "No such user")
    known: Iterable[int] = range(SIZES["playlist"])
    if library := request.state.libraries.get(user):
        known = [int(key) for key, _ in library["playlist"].newest(0, len(library["playlist"]))]
    mine = [key for key in known if owner_of(key) == user and request.state.playlists.details(key)["public"]]
    make = request.state.playlists.playlist
    return json_answer(
        list_page(request, "user_playlists", lambda start, stop: [make(key) for key in mine[start:stop]], len(mine))
    )


def check_follow(request: ApiRequest) -> Answer:
    """Whether the signed-in user follows a playlist; of others, whom `ids` may name, nothing is told."""
    if "," in request.query.get("ids", ""):
        raise refuse(400, "Too many ids requested")
    is_followed = request.shelves["playlist"].holds(make_id("playlist", find_in_path(request, "playlist")))
    return json_answer([is_followed and request.query.get("ids", request.user) == request.user])


OPERATIONS: Final = (
    Operation("GET /users/{id}/playlists", get_playlists_of_user, closed=403),
    Operation("GET /playlists/{id}/followers/contains", check_follow, closed=403),
    own("GET /me/playlists", get_my_playlists, "playlist-read-private"),
    own("PUT /playlists/{id}/followers", follow_playlist, closed=403),
    own(
        "DELETE /playlists/{id}/followers",
        unfollow_playlist,
        "playlist-modify-public",
        "playlist-modify-private",
        closed=403,
    ),
)
"""Playlists that a user has."""
