"""Covers of playlists: the endpoints that read and set them, and the address where an uploaded one lies."""

from binascii import a2b_base64
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.answers import Answer, Refused, api_error, json_answer, unauthorized
from connector.sandbox.ids import position_of
from connector.sandbox.operations import Operation, own
from connector.sandbox.parameters import ApiRequest, find_in_path, refuse
from connector.sandbox.playlist_edits import find_own_playlist
from connector.sandbox.state import State

_MOST: Final = 256 * 1024
_JPEG: Final = b"\xff\xd8\xff"


def get_cover(request: ApiRequest) -> Answer:
    """The pictures of a playlist, none where it has none."""
    return json_answer(request.state.playlists.playlist(find_in_path(request, "playlist"))["images"] or [])


def put_cover(request: ApiRequest) -> Answer:
    """A JPEG as base64, 256 KB at most in that form."""
    if "ugc-image-upload" not in request.grant.scopes:
        raise Refused(unauthorized("Unauthorized."))
    position = find_own_playlist(request, owner_only=True)
    if position is None:
        raise refuse(403, "Forbidden")
    if len(request.body) > _MOST:
        raise Refused(api_error(413, "Payload too large"))
    try:
        picture = a2b_base64(request.body, strict_mode=True)
    except ValueError:
        picture = b""
    if request.content_type != "image/jpeg" or not picture.startswith(_JPEG):
        raise refuse(400, "Bad request.")
    kept = request.state.playlists.keep(position)
    kept.cover = picture
    kept.touch(request.state.clock.now_s())
    return Answer(202)


def build_routes(state: State) -> list[Route]:
    """Where uploaded covers lie."""

    async def show(request: Request) -> Response:
        position = position_of("playlist", request.path_params["id"])
        cover = None if position is None else state.playlists.cover(position)
        return Response(status_code=404) if cover is None else Response(cover, media_type="image/jpeg")

    return [Route("/covers/{id}", show, methods=["GET"])]


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("GET /playlists/{id}/images", get_cover),
    own("PUT /playlists/{id}/images", put_cover),
)
"""Covers."""
