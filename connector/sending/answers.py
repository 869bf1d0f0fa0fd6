"""A server's answer → the JSON value in it, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block, Route
from connector.manifest.manifest import Manifest
from connector.sending.service_errors import explain_error

if TYPE_CHECKING:
    from connector.wire.transport import Response

#: Answers that only a request with conditions or a range asks for, and none here has those (RFC 9110, 15.3.7, 15.4.5).
_UNASKED: Final[Mapping[int, str]] = {
    206: "a part of the answer, though all of it was asked for; a cache or proxy in between may be at fault.",
    304: "nothing has changed, though no one asked; a cache or proxy in between may be at fault.",
}


def parse_answer(response: Response, block: Block, route: Route, manifest: Manifest, secrets: Sequence[str]) -> Any:
    """The JSON value that the service answered, `{}` for an empty answer.

    Raises `InvocationFailed` for an error status and for an answer that can't be understood; what the service said is
    kept in the error, without `secrets`.
    """
    status = response.status
    if status in _UNASKED:
        raise InvocationFailed(
            ErrorDetail("bad_answer", f"{block.name}: the server answered {status}, {_UNASKED[status]}", status=status)
        )
    if 200 <= status < 300:
        return _parse_json(response, block)
    if status < 400:
        raise InvocationFailed(
            ErrorDetail(
                "bad_answer",
                f"{block.name}: the server answered {status}, which leads elsewhere; redirects are not "
                "followed, so that the token stays where it belongs. Check the server's address.",
                status=status,
            )
        )
    raise InvocationFailed(explain_error(response, block, route, manifest, secrets))


def _parse_json(response: Response, block: Block) -> Any:
    if not response.content.strip():
        return {}
    # Loaded with the first answer: who only looks blocks up reads none.
    from connector.wire.json_bodies import parse_json

    try:
        return parse_json(response.content)
    except (ValueError, RecursionError):
        kind = response.headers.get("Content-Type", "an unknown type")
        message = (
            f"{block.name}: the server's answer ({response.status}, {kind}) is no JSON; a proxy may be in between."
        )
        raise InvocationFailed(ErrorDetail("bad_answer", message, status=response.status)) from None
