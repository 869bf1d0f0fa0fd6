"""The wire of the hosted marketplace: metadata, and an envelope with status 200 for every invoked block."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.errors import ErrorDetail
from connector.manifest.documents import build_metadata
from connector.manifest.manifest import Manifest
from connector.result import Result
from connector.runners.http_server.bodies import Bodies, NoJson, parse_object
from connector.runners.http_server.calls import Call, Caller, split_connection, to_json


class MarketplaceEndpoints:
    """`GET /api/{package}` and `POST /api/{package}/{block}`, with `{"args": {…}}`, the same object as JSON text,
    or the arguments themselves."""

    def __init__(self, manifest: Manifest, caller: Caller, bodies: Bodies) -> None:
        self._manifest = manifest
        self._caller = caller
        self._bodies = bodies

    @property
    def routes(self) -> list[Route]:
        base = f"/api/{self._manifest.package['name']}"
        return [
            Route(base, self._describe, methods=["GET"]),
            Route(f"{base}/{{block}}", self._invoke, methods=["POST"]),
        ]

    async def _describe(self, _request: Request) -> Response:
        return _json(build_metadata(self._manifest))

    async def _invoke(self, request: Request) -> Response:
        block = self._manifest.block(request.path_params["block"])
        body = await self._bodies.read(request)
        with self._bodies.working_on(body):
            try:
                rest, connection = split_connection(request, block, parse_object(body))
                args: Any = rest.get("args", rest) if "args" not in block.fields else rest
                if args is not rest and isinstance(args, str):
                    args = parse_object(args) if args.strip() else {}
            except NoJson as problem:
                error = ErrorDetail("invalid_fields", f"{block.name}: {problem}")
                return _render(Result(block.name, error=error))
            return await self._caller.invoke(request, Call(block, args, connection), _render)


def _render(result: Result) -> Response:
    return _json(result.envelope())


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type="application/json")
