"""The Web API: which operations there are, and what every request passes before it reaches one.

In this order: a bearer token, the app's rate window, its developer's quota, its quota mode, a user behind the token, a
scope. The order is the sandbox's own; the service does not document one.
"""

from json import loads
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox import (
    artists,
    audio,
    browse,
    catalogue_reads,
    covers,
    me,
    my_library,
    player,
    playlist_edits,
    playlist_follows,
    playlist_reads,
    recently_played,
    recommend,
    search,
)
from connector.sandbox.answers import (
    JSON,
    Answer,
    Refused,
    api_error,
    json_answer,
    quota_exceeded,
    rate_limited,
    unauthorized,
)
from connector.sandbox.fields import Choice, choose, parse_fields
from connector.sandbox.grants import Grant
from connector.sandbox.operations import Operation
from connector.sandbox.parameters import ApiRequest, refuse, require_scope
from connector.sandbox.quota import omit_fields
from connector.sandbox.state import State

OPERATIONS: Final = (
    *catalogue_reads.OPERATIONS,
    *artists.OPERATIONS,
    *audio.OPERATIONS,
    *browse.OPERATIONS,
    *recommend.OPERATIONS,
    *search.OPERATIONS,
    *me.OPERATIONS,
    *my_library.OPERATIONS,
    *playlist_reads.OPERATIONS,
    *playlist_edits.OPERATIONS,
    *playlist_follows.OPERATIONS,
    *covers.OPERATIONS,
    *player.OPERATIONS,
    *recently_played.OPERATIONS,
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
    now_s = state.clock.now_s()
    if state.rate_limit is not None:
        wait_s = state.rate_window.admit(app.client_id, state.rate_limit, now_s)
        if wait_s is not None:
            return rate_limited(str(wait_s))
    if state.daily_calls is not None and app.quota_mode == "development":
        wait_s = state.day.admit(app.account, state.daily_calls, now_s)
        if wait_s is not None:
            return quota_exceeded(str(wait_s))
    api_request = ApiRequest(
        state=state,
        app=app,
        grant=grant,
        route=request.url.path.removeprefix("/v1"),
        names=request.path_params,
        query=dict(request.query_params),
        body=body,
        content_type=request.headers.get("content-type", ""),
    )
    if api_request.is_development and operation.closed is not None:
        return api_error(operation.closed, "Forbidden" if operation.closed == 403 else "Not Found")
    if operation.needs_user and grant.user is None:
        raise _refuse_app_token(operation)
    require_scope(api_request, *operation.scopes)
    fields = api_request.query.get("fields") if operation.takes_fields else None
    choice = parse_fields(fields) if fields else Choice()
    answer = operation.handle(api_request)
    sees_progress = "user-read-playback-position" in grant.scopes
    is_cut = api_request.is_development or not sees_progress
    if answer.media_type != JSON or not (is_cut or choice):
        return answer
    value = loads(answer.body)
    if is_cut:
        value = omit_fields(value, api_request.is_development, sees_progress)
    return json_answer(choose(choice, value), answer.status)


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
