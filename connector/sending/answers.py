"""A server's answer → the JSON value in it, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Route
from connector.sending.service_errors import holds_markup, refuse, to_line

if TYPE_CHECKING:
    from connector.arguments.validation import Args
    from connector.wire.transport import Response

#: Answers that only a request with conditions or a range asks for, and none here has those (RFC 9110, 15.3.7, 15.4.5).
_UNASKED: Final[Mapping[int, str]] = {
    206: "a part of the answer, though all of it was asked for; a cache or proxy in between may be at fault.",
    304: "nothing has changed, though no one asked; a cache or proxy in between may be at fault.",
}
#: The longest content type that a message repeats, in characters.
_TYPE_LIMIT: Final = 80


def parse_answer(
    response: Response,
    block: Block,
    route: Route,
    manifest: Manifest,
    args: Args,
    secrets: Sequence[str],
    warn: Callable[[str], object],
    whole: tuple[Block, Args] | None = None,
) -> Any:
    """The JSON value that the service answered, `{}` for an empty answer and where the block doesn't read it, and for
    one to a write that is no JSON where the block promises nothing of what is in it: the status says that it is done,
    and `warn` is told that nothing of the answer could be read.

    Raises `InvocationFailed` for an error status and for an answer that can't be understood; what the service said is
    kept in the error, without `secrets`. What a user has not granted is told for the `whole`, a block made of others
    and what that was given, where `block` is a part of it.
    """
    status = response.status
    if status in _UNASKED:
        raise InvocationFailed(
            ErrorDetail("bad_answer", f"{block.name}: the server answered {status}, {_UNASKED[status]}", status=status)
        )
    if 200 <= status < 300:
        return _parse_json(response, block, warn) if block.reads_answer else {}
    if status < 400:
        raise InvocationFailed(
            ErrorDetail(
                "bad_answer",
                f"{block.name}: the server answered {status}, which leads elsewhere; redirects are not "
                "followed, so that the token stays where it belongs. Check the server's address.",
                status=status,
            )
        )
    raise refuse(response, block, route, manifest, secrets, whole or (block, args))


def _parse_json(response: Response, block: Block, warn: Callable[[str], object]) -> Any:
    if not response.content.strip():
        return {}
    # Loaded with the first answer: who only looks blocks up reads none.
    from connector.wire.json_bodies import parse_json

    try:
        return parse_json(response.content)
    except (ValueError, RecursionError):
        kind = to_line(response.headers.get("Content-Type", "an unknown type")[:_TYPE_LIMIT])
        what = f"{block.name}: the server's answer ({response.status}, {kind}) is no JSON; a proxy may be in between."
        if _is_done(response, block):
            warn(f"{what} By its status it was done.")
            return {}
        raise InvocationFailed(ErrorDetail("bad_answer", what, status=response.status)) from None


def _is_done(response: Response, block: Block) -> bool:
    """Whether a good status alone says that what `block` does is done, for nobody needs what the answer holds.

    A page of HTML is not the service's: that of a network which first wants a sign-in has a good status too.
    """
    if block.effect == "read" or holds_markup(response.content.decode("utf-8", "replace")):
        return False
    root = output = block.output_schema
    while ref := output.get("$ref"):
        output = root["$defs"][ref.rpartition("/")[2]]
    return output.get("type") == "object" and not output.get("required")
