"""The REST form: blocks are listed, described and invoked. Answers are the plain output or a problem document."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import Any, Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.errors import ErrorDetail
from connector.export.samples import build_sample
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import describe_quota
from connector.manifest.documents import build_description
from connector.manifest.manifest import Manifest
from connector.result import Choices, Result
from connector.runners.http_server import problems
from connector.runners.http_server.bodies import Bodies, NoJson, parse_object
from connector.runners.http_server.calls import LINES_TYPE, Call, Caller, split_connection, to_json
from connector.runners.http_server.sign_in_paths import find_sign_in
from connector.version import __version__

#: How many choices an answer has without a word about it.
_LIMIT: Final = 50
#: The header that says what a block that writes has done.
DID: Final = "X-Did"
#: The header that says what of an answer a person should know: what was not found, left out, or read twice.
WARNINGS: Final = "X-Warnings"
#: Clients and proxies bound what headers may hold in all (nginx: 4 KiB); a text's letters as they are encoded.
_MOST_WARNINGS: Final = 10
_LONGEST: Final = 300


class BlockEndpoints:
    """`GET /blocks`, `GET /blocks/{block}/description`, `POST /blocks/{block}`, and what a field may hold by
    `GET /blocks/{block}/fields/{field}/choices`.

    A call's address answers nothing but POST: a client that made a GET of it, as many do when they are redirected,
    must not take another answer for the call's.
    """

    def __init__(self, manifest: Manifest, caller: Caller, bodies: Bodies) -> None:
        self._manifest = manifest
        self._caller = caller
        self._bodies = bodies

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/blocks/{block}", self._invoke, methods=["POST"]),
            Route("/blocks/{block}/description", self._describe, methods=["GET"]),
            Route("/blocks/{block}/fields/{field}/choices", self._list_choices, methods=["GET"]),
            Route("/blocks", self._list, methods=["GET"]),
        ]

    async def _list(self, _request: Request) -> Response:
        return _json(build_listing(self._manifest))

    async def _describe(self, request: Request) -> Response:
        block = self._manifest.block(request.path_params["block"])
        return _json({**build_description(block), "sample": build_sample(block.output_schema)})

    async def _list_choices(self, request: Request) -> Response:
        block, field = self._manifest.block(request.path_params["block"]), request.path_params["field"]
        query, limit = request.query_params, request.query_params.get("limit", str(_LIMIT))
        # Another text is out of bounds, as the engine says.
        count = int(limit) if re.fullmatch("[0-9]{1,9}", limit) else 0
        how = {"search": query.get("search"), "after": query.get("after"), "limit": count}
        return await self._caller.list_choices(request, block, field, how, _render_choices)

    async def _invoke(self, request: Request) -> Response:
        block = self._manifest.block(request.path_params["block"])
        body = await self._bodies.read(request)
        with self._bodies.working_on(body):
            try:
                given = parse_object(body) if body else {}
            except NoJson as problem:
                raise problems.Refused("bad_json", f"{block.name}: {problem}") from None
            args, connection = split_connection(request, block, given)
            call = Call(block, args, connection, is_brief(request))
            if block.page and LINES_TYPE in request.headers.get("accept", ""):
                return await self._caller.stream(request, call)
            chosen = self._caller.choose_connection(request.state.key, call.connection)

            def find_path(error: ErrorDetail) -> str | None:
                # A block may work with two connections.
                return find_sign_in(request, self._manifest, block, error.connection or chosen)

            return await self._caller.invoke(request, call, partial(_render, is_brief=call.is_brief, sign_in=find_path))


def build_listing(manifest: Manifest) -> dict[str, Any]:
    """What there is: the package, and of each block what a person needs to choose it."""
    package = manifest.package
    return {
        "package": {
            **{name: package[name] for name in ("name", "title", "tagline", "description", "image", "domain")},
            "version": __version__,
        },
        "blocks": [_summarise(block) for block in manifest],
    }


def _summarise(block: Block) -> dict[str, Any]:
    return {
        "name": block.name,
        "title": block.title,
        "group": block.group,
        "description": block.description,
        "effect": block.effect,
        "idempotent": block.is_idempotent,
        "scopes": list(block.scopes),
        "scopes_needed": [need.to_dict() for need in block.scope_needs],
        "quota": describe_quota(block),
        "instead": block.instead,
        "is_paged": block.page is not None,
    }


def is_brief(request: Request) -> bool:
    """Whether the address asks for what a person wants of each entry alone. Raises `Refused` for another word."""
    detail = request.query_params.get("detail", "full")
    if detail not in ("brief", "full"):
        raise problems.Refused("bad_detail", "detail in the address is brief or full.")
    return detail == "brief"


def _render(result: Result, *, is_brief: bool, sign_in: Callable[[ErrorDetail], str | None]) -> Response:
    """The output, with what was done and what to know of it in headers, in which all but plain letters is
    percent-encoded: a header holds no others. A comma ends a warning, so those in it are encoded too."""
    if result.error is not None:
        return problems.to_response(result.error, sign_in(result.error))
    response = _json(result.brief_output() if is_brief else result.output)
    if result.meta.did:
        response.headers[DID] = _encode(result.meta.did, " ,.:;'!?()")
    if warnings := result.meta.warnings[:_MOST_WARNINGS]:
        response.headers[WARNINGS] = ", ".join(_encode(text, " .:;'!?()") for text in warnings)
    return response


def _encode(text: str, safe: str) -> str:
    """`text` for a header, percent-encoded but for plain letters and what is `safe`; the beginning of a long one."""
    # What it tells of has happened: half of a character in a name must not make a failure of it.
    letters = [quote(letter, safe=safe, errors="replace") for letter in text[: _LONGEST + 1]]
    if sum(map(len, letters)) <= _LONGEST:
        return "".join(letters)
    more = quote("…")
    ends = accumulate(map(len, letters))
    return "".join(letter for letter, end in zip(letters, ends, strict=True) if end <= _LONGEST - len(more)) + more


def _render_choices(found: Choices) -> Response:
    if found.error is not None:
        return problems.to_response(found.error)
    choices = [{name: text for name, text in choice._asdict().items() if text is not None} for choice in found.choices]
    response = _json({"choices": choices, "next": found.next, "calls": found.meta.requests})
    # They are somebody's own.
    response.headers["Cache-Control"] = "no-store"
    return response


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type="application/json")
