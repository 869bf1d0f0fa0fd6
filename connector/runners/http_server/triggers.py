"""The triggers over HTTP: listed, described and polled. Nothing is kept here; whoever polls hands the state back."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.manifest.manifest import Manifest
from connector.manifest.triggers import Trigger, describe_trigger, find_trigger, iter_triggers
from connector.runners.http_server import problems
from connector.runners.http_server.blocks import is_brief
from connector.runners.http_server.bodies import Bodies, NoJson, parse_object
from connector.runners.http_server.calls import Caller, to_json
from connector.runners.http_server.sign_in_paths import find_sign_in
from connector.triggers import Poll

_TAKEN = ("args", "state", "connection")
#: How many times as large as others a poll's body may be: what it was given as its state grows with what is watched,
#: by some 100 bytes an entry.
_TIMES = 8


class TriggerEndpoints:
    """`GET /triggers`, `GET /triggers/{trigger}/description`, and `POST /triggers/{trigger}` with
    `{"args": {…}, "state": {…}, "connection": "…"}`, all of which may be left out."""

    def __init__(self, manifest: Manifest, caller: Caller, bodies: Bodies) -> None:
        self._manifest = manifest
        self._caller = caller
        self._bodies = bodies

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/triggers/{trigger}", self._poll, methods=["POST"]),
            Route("/triggers/{trigger}/description", self._describe, methods=["GET"]),
            Route("/triggers", self._list, methods=["GET"]),
        ]

    async def _list(self, _request: Request) -> Response:
        return _json({"triggers": [_summarise(trigger) for trigger in iter_triggers(self._manifest)]})

    async def _describe(self, request: Request) -> Response:
        return _json(describe_trigger(find_trigger(self._manifest, request.path_params["trigger"])))

    async def _poll(self, request: Request) -> Response:
        trigger = find_trigger(self._manifest, request.path_params["trigger"])
        body = await self._bodies.read(request, _TIMES)
        with self._bodies.working_on(body):
            try:
                given = parse_object(body) if body else {}
            except NoJson as problem:
                raise problems.Refused("bad_json", f"{trigger.name}: {problem}") from None
            named = given.get("connection") or request.headers.get("x-connection")
            if unknown := given.keys() - set(_TAKEN):
                raise problems.Refused(
                    "bad_json",
                    f"{trigger.name}: the body has {len(unknown)} names besides args, state and connection; the "
                    "trigger's fields stand in args.",
                )
            if named is not None and not isinstance(named, str):
                raise problems.Refused("bad_json", "`connection` is the name of a connection, a text.")
            how = {"args": given.get("args"), "state": given.get("state"), "connection": named or None}
            chosen = self._caller.choose_connection(request.state.key, how["connection"])
            sign_in = find_sign_in(request, self._manifest, trigger.form, chosen)
            render = partial(_render, is_brief=is_brief(request), sign_in=sign_in)
            return await self._caller.poll(request, trigger.name, how, render)


def _summarise(trigger: Trigger) -> dict[str, Any]:
    whole = describe_trigger(trigger)
    del whole["input"]
    return whole


def _render(seen: Poll, *, is_brief: bool, sign_in: str | None) -> Response:
    if seen.error is not None:
        return problems.to_response(seen.error, sign_in, next_s=seen.next_s)
    response = _json(seen.to_dict(is_brief=is_brief))
    # It is somebody's own.
    response.headers["Cache-Control"] = "no-store"
    return response


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type="application/json")
