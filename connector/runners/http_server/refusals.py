"""What is answered where a request leads to nothing, and where something else than a refusal was raised."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from connector.errors import UnknownBlock, UnknownField, UnknownTrigger
from connector.runners.http_server.problems import Refused


async def _refuse_block(_request: Request, problem: Exception) -> Response:
    return Refused("unknown_block", str(problem)).to_response()


async def _refuse_field(_request: Request, problem: Exception) -> Response:
    return Refused("unknown_field", str(problem)).to_response()


async def _refuse_trigger(_request: Request, problem: Exception) -> Response:
    return Refused("unknown_trigger", str(problem)).to_response()


async def _refuse_path(request: Request, problem: Any) -> Response:
    if problem.status_code == 405:
        text = (
            f"{request.method} does nothing here; the address takes {problem.headers['Allow']}. If that is what you "
            "sent, a redirect changed it: call the address that it led to."
        )
        return Refused("method", text, headers=problem.headers).to_response()
    return Refused("unknown_path", "Nothing is here; /docs lists what there is.").to_response()


async def _answer_nobody(_request: Request, _problem: Exception) -> Response:
    return Response(status_code=499)


async def _own_up(_request: Request, _problem: Exception) -> Response:
    return Refused("internal", "The server failed; its log says why.").to_response()


#: By what was raised.
HANDLERS: Final[Mapping[Any, Callable[[Request, Any], Awaitable[Response]]]] = {
    UnknownBlock: _refuse_block,
    UnknownField: _refuse_field,
    UnknownTrigger: _refuse_trigger,
    HTTPException: _refuse_path,
    ClientDisconnect: _answer_nobody,
    Exception: _own_up,
}
