"""The Web API: which operations there are, and what every request passes before it reaches one.

In this order: a bearer token, the app's rate window, its quota mode, a user behind the token, a scope. The order is the
sandbox's own; the service does not document one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from json import loads
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox import albums, browse, me, my_library, playlist_reads, recommend, search
from connector.sandbox.answers import (
    Answer,
    Refused,
    api_error,
    json_answer,
    rate_limited,
    unauthorized,
)
from connector.sandbox.fields import Choice, choose, parse_fields
from connector.sandbox.grants import Grant
from connector.sandbox.parameters import ApiRequest, refuse, require_scope
from connector.sandbox.quota import CLOSED_TO_DEVELOPMENT, omit_fields
from connector.sandbox.state import State


@dataclass(frozen=True)
class Operation:
    """One operation of the Web API.

    Attributes:
        request: method and path, e.g. "GET /me/tracks".
        handle: what answers it.
        scopes: any one of them is enough; none where no scope is needed, or where `handle` decides.
        needs_user: whether an app's own token is turned away.
        takes_fields: whether `fields` says what of the answer is wanted.
    """

    request: str
    handle: Callable[[ApiRequest], Answer]
    scopes: tuple[str, ...] = ()
    needs_user: bool = False
    takes_fields: bool = False

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.request.split(" ")[0]

    @property
    def path(self) -> str:
        """The path's pattern."""
        return self.request.split(" ")[1]


def _own(request: str, handle: Callable[[ApiRequest], Answer], *scopes: str) -> Operation:
    return Operation(request, handle, scopes, needs_user=True)


OPERATIONS: Final = (
    Operation("GET /albums/{id}", albums.get_album),
    Operation("GET /albums/{id}/tracks", albums.get_album_tracks),
    Operation("GET /artists/{id}", browse.get_artist),
    Operation("GET /audio-features/{id}", browse.get_audio_features),
    Operation("GET /browse/categories", browse.get_categories),
    Operation("GET /browse/categories/{id}", browse.get_category),
    Operation("GET /browse/categories/{id}/playlists", browse.get_category_playlists),
    Operation("GET /browse/featured-playlists", browse.get_featured_playlists),
    Operation("GET /browse/new-releases", browse.get_new_releases),
    Operation("GET /playlists/{id}", playlist_reads.get_playlist, takes_fields=True),
    Operation("GET /playlists/{id}/items", playlist_reads.get_playlist_items, takes_fields=True),
    Operation("GET /playlists/{id}/tracks", playlist_reads.get_playlist_tracks, takes_fields=True),
    Operation("GET /recommendations", recommend.get_recommendations),
    Operation("GET /search", search.search),
    Operation("GET /tracks/{id}", browse.get_track),
    Operation("GET /users/{id}", browse.get_user),
    _own("GET /me", me.get_profile),
    _own("GET /me/albums", me.get_saved_albums, "user-library-read"),
    _own("PUT /me/albums", me.save_albums, "user-library-modify"),
    _own("DELETE /me/albums", me.remove_albums, "user-library-modify"),
    _own("GET /me/albums/contains", me.check_albums, "user-library-read"),
    _own("GET /me/following", me.get_followed_artists, "user-follow-read"),
    _own("PUT /me/following", me.follow, "user-follow-modify"),
    _own("DELETE /me/following", me.unfollow, "user-follow-modify"),
    _own("GET /me/following/contains", me.check_following, "user-follow-read"),
    _own("PUT /me/library", my_library.save_to_library),
    _own("DELETE /me/library", my_library.remove_from_library),
    _own("GET /me/library/contains", my_library.check_library),
    _own("GET /me/playlists", me.get_my_playlists, "playlist-read-private"),
    _own("GET /me/top/{type}", me.get_top, "user-top-read"),
    _own("GET /me/tracks", me.get_saved_tracks, "user-library-read"),
    _own("PUT /me/tracks", me.save_tracks, "user-library-modify"),
    _own("DELETE /me/tracks", me.remove_tracks, "user-library-modify"),
    _own("GET /me/tracks/contains", me.check_tracks, "user-library-read"),
    _own("PUT /playlists/{id}/followers", me.follow_playlist),
    _own(
        "DELETE /playlists/{id}/followers",
        me.unfollow_playlist,
        "playlist-modify-public",
        "playlist-modify-private",
    ),
)
"""Every operation that the sandbox has."""


def build_routes(state: State) -> list[Route]:
    """Starlette routes for all operations, under `/v1`."""
    return [_build_route(state, operation) for operation in OPERATIONS]


def to_response(answer: Answer) -> Response:
    """An `Answer` as Starlette sends it."""
    return Response(answer.body, answer.status, answer.headers, answer.media_type)


def _build_route(state: State, operation: Operation) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            answer = _answer(state, operation, request, body)
        except Refused as refused:
            answer = refused.answer
        return to_response(answer)

    return Route(f"/v1{operation.path}", endpoint, methods=[operation.method])


def _answer(state: State, operation: Operation, request: Request, body: bytes) -> Answer:
    grant = _check_token(state, request.headers.get("authorization"))
    app = state.apps[grant.client_id]
    if state.rate_limit is not None:
        wait_s = state.window.admit(app.client_id, state.rate_limit, state.clock.now_s())
        if wait_s is not None:
            return rate_limited(str(wait_s))
    api_request = ApiRequest(
        state=state,
        app=app,
        grant=grant,
        route=request.url.path.removeprefix("/v1"),
        names=request.path_params,
        query=dict(request.query_params),
        body=body,
    )
    closed = CLOSED_TO_DEVELOPMENT.get(operation.request)
    if api_request.is_development and closed is not None:
        return api_error(closed, "Forbidden" if closed == 403 else "Not Found")
    if operation.needs_user and grant.user is None:
        raise _refuse_app_token(operation)
    require_scope(api_request, *operation.scopes)
    fields = api_request.query.get("fields") if operation.takes_fields else None
    choice = parse_fields(fields) if fields else Choice()
    answer = operation.handle(api_request)
    if api_request.is_development and answer.body:
        answer = json_answer(omit_fields(loads(answer.body)))
    return json_answer(choose(choice, loads(answer.body))) if choice else answer


def _check_token(state: State, authorization: str | None) -> Grant:
    if not authorization:
        raise Refused(unauthorized("No token provided"))
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise refuse(400, "Only valid bearer authentication supported")
    found = state.grants.find_access(token.strip())
    if found is None:
        raise Refused(unauthorized("Invalid access token"))
    grant, dies_s = found
    if dies_s <= state.clock.now_s():
        raise Refused(unauthorized("The access token expired"))
    return grant


def _refuse_app_token(operation: Operation) -> Refused:
    """Reported of the live service: the profile is 401, everything that asks for a scope lacks it."""
    if operation.path == "/me":
        return Refused(unauthorized("Unauthorized."))
    return refuse(403, "Insufficient client scope")
