"""Setting the sandbox's stage: from Python by `Control`, over HTTP by `/sandbox/…`.

Both do the same to the same state.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Final, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.sandbox.answers import html_answer, json_answer
from connector.sandbox.api import OPERATIONS, to_response
from connector.sandbox.clock import to_iso
from connector.sandbox.faults import FAULT_NAMES, Fault
from connector.sandbox.playlists import DEMO_USER
from connector.sandbox.reccobeats import PATH as RECCOBEATS
from connector.sandbox.seeding import RULED, seed
from connector.sandbox.signin_page import render_index
from connector.sandbox.state import State

_Value = TypeVar("_Value")

_DESCRIPTION: Final = "Spotify sandbox: an accounts service and a Web API that exist on this computer only"
_CONTROLS: Final = (
    "POST /sandbox/reset: everything as at the start",
    "POST /sandbox/seed: set parts of the state, e.g. {\"saved_tracks\": 230}, and rules, e.g. "
    "{\"playlists\": {\"max_items\": 50}, \"player\": {\"is_premium\": false}, \"playing\": null}",
    "POST /sandbox/clock: {\"advance_s\": 3600} puts the sandbox's clock forward, {\"runs\": false} stops it",
    "POST /sandbox/fault: {\"name\": …, \"times\": 1, \"match\": \"GET /me\", \"after\": 0} queues a fault",
    "POST /sandbox/demo: working tokens of the listener, and a code to trade; of the other with {\"user\": "
    "\"sandbox-second-listener\"}",
    "GET /sandbox/calls: the requests since the last reset, without secrets",
)  # fmt: skip
_LIMITS: Final = (
    "two listeners, signed in without a password, the second by /sandbox/demo alone; they share player, plays and "
    "favourites; tokens end by the sandbox's own clock",
    "ignored: `locale`, `include_external`, and parameters that the service does not have",
    "`country` and `market` are checked; a market puts `is_playable` in the place of `available_markets`, but neither "
    "changes what a list holds; nothing is relinked unless `relinking` is set, and nothing restricted",
    "search knows a fixed part of each kind and looks for the words of `q` in names alone; `tag:new` finds what new "
    "releases list; what is found keeps its order unless `unstable_search` is set",
    "an artist appears on records of one other artist only, and no record has several ids",
    "`fields` is taken where playlists are read; a name in it that does not exist is passed over",
    "a JSON body is read whatever its content type; cross-origin requests of web pages are not allowed (OPTIONS)",
    "the rate limit and the day's quota are off until they are set or staged; what is written is read back at once, "
    "but for a playlist's snapshot where a delay is set; a change against an older snapshot meets the list as it is",
    "the player's devices keep their ids and take commands in the order in which they come; when a context ends, "
    "playing ends; an artist's context is the tracks of one album; collections can't be played",
    "links to open.spotify.com lead to the real site, which knows nothing of them; those of a saved episode that is no "
    "more lead to nothing, as live",
)


class Control:
    """Sets up a sandbox from Python.

    Args:
        state: the sandbox's state.
        run: calls a function where the state may be touched, and gives back what it returns.
    """

    def __init__(self, state: State, run: Callable[[Callable[[], Any]], Any]) -> None:
        self._state = state
        self._run = run

    def reset(self) -> None:
        """Back to the state at the start; tokens given out before are unknown afterwards."""
        self._do(self._state.reset)

    def seed(self, parts: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Set parts of the state, e.g. `seed({"saved_tracks": 230})` or `seed(saved_tracks=230)`.

        Args:
            parts: see `connector.sandbox.seeding.seed`.
            more: further parts.

        Raises:
            ValueError: a part is unknown, or its value doesn't fit.
        """
        self._do(lambda: seed(self._state, {**(parts or {}), **more}))

    def clock(self, advance_s: float = 0.0, runs: bool | None = None) -> float:
        """Put the sandbox's clock forward by `advance_s` seconds and give its time (s since 1970).

        Args:
            advance_s: how far.
            runs: false stops the clock, true lets it run again, None leaves it as it is.

        Raises:
            ValueError: `advance_s` is negative.
        """
        return self._do(lambda: _set_clock(self._state, advance_s, runs))

    def fault(
        self,
        name: str,
        *,
        times: int | None = 1,
        match: str | None = None,
        after: int = 0,
        applied: bool = False,
        **options: Any,
    ) -> None:
        """Queue a fault.

        Args:
            name: one of `connector.sandbox.faults.FAULT_NAMES`.
            times: how many requests it meets; None is all until the next reset.
            match: `"METHOD /path-prefix"`, either part alone, the path with or without `/v1`; None fits all requests of
                the Web API, of the token endpoint and of ReccoBeats, as far as the fault is about them.
            after: how many fitting requests pass first.
            applied: whether the request takes effect before the fault answers.
            options: `retry_after` (s, None for no header) of "rate_limited" and "quota_exceeded"; `seconds` of "slow";
                `status`, `headers` and `body` of "custom".

        Raises:
            ValueError: no such fault or option.
        """
        self._do(lambda: self._state.faults.add(Fault(name, times, match, after, applied, options)))

    def calls(self) -> list[dict[str, Any]]:
        """The requests since the last reset, oldest first; keys as in `connector.sandbox.calls.Call`."""
        return self._do(self._state.calls.to_list)

    def demo_args(self, user: str = DEMO_USER) -> dict[str, str]:
        """Working values for a listener, as `Sandbox.demo_args` are for the demo user.

        Args:
            user: `sandbox-listener`, or `sandbox-second-listener`.

        Raises:
            ValueError: there is no such listener.
        """
        return self._do(lambda: self._state.make_demo_args(user))

    def ids(self, kind: str, count: int) -> list[str]:
        """The first `count` ids of the catalogue, `kind` one of "artist", "album", "track", "playlist", "category"."""
        return self._do(lambda: self._state.example_ids(kind, count))

    def _do(self, action: Callable[[], _Value]) -> _Value:
        result: _Value = self._run(action)
        return result


def build_routes(state: State) -> list[Route]:
    """Starlette routes for `/sandbox` and below."""

    def set_parts(value: Mapping[str, Any]) -> dict[str, Any]:
        seed(state, value)
        return {"seeded": sorted(value)}

    def advance(value: Mapping[str, Any]) -> dict[str, Any]:
        return {"now": to_iso(_set_clock(state, value.get("advance_s", 0), value.get("runs")))}

    def queue(value: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: value[name] for name in ("name", "times", "match", "after") if name in value}
        options = {name: item for name, item in value.items() if name not in (*known, "applied")}
        state.faults.add(Fault(**known, is_applied=bool(value.get("applied")), options=options))
        return {"queued": value["name"]}

    def reset(_: Mapping[str, Any]) -> dict[str, Any]:
        state.reset()
        return {"reset": True}

    async def calls(_: Request) -> Response:
        return JSONResponse({"calls": state.calls.to_list()})

    async def index(request: Request) -> Response:
        sections = _describe(state)
        if "text/html" in request.headers.get("accept", ""):
            return to_response(html_answer(200, render_index(_DESCRIPTION, sections)))
        return to_response(json_answer({"description": _DESCRIPTION, **sections}))

    return [
        Route("/sandbox", index, methods=["GET"]),
        Route("/sandbox/calls", calls, methods=["GET"]),
        _post("/sandbox/reset", reset),
        _post("/sandbox/seed", set_parts),
        _post("/sandbox/clock", advance),
        _post("/sandbox/fault", queue),
        _post("/sandbox/demo", lambda given: state.make_demo_args(**given)),
    ]


def _post(path: str, act: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            return JSONResponse(act(_parse_object(body)))
        except (ValueError, TypeError, RecursionError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return Route(path, endpoint, methods=["POST"])


def _parse_object(body: bytes) -> dict[str, Any]:
    value = json.loads(body or b"{}")
    if not isinstance(value, dict):
        raise TypeError("the body must be a JSON object")
    return value


def _set_clock(state: State, advance_s: float, runs: bool | None) -> float:
    if runs is not None:
        state.clock.run(runs)
    state.clock.advance(advance_s)
    return state.clock.now_s()


def _describe(state: State) -> dict[str, list[str]]:
    apps = [f"{app.client_id} ({app.quota_mode} mode), secret {app.client_secret}" for app in state.apps.values()]
    return {
        "accounts": ["GET /authorize", "POST /api/token"],
        "api": [operation.request.replace(" ", " /v1", 1) for operation in OPERATIONS],
        "reccobeats": [f"GET {RECCOBEATS}/audio-features", f"GET {RECCOBEATS}/track/recommendation"],
        "control": list(_CONTROLS),
        "rules": [f"{name}: {json.dumps(asdict(ruled(state).rules))}" for name, ruled in RULED.items()],
        "faults": list(FAULT_NAMES),
        "apps": apps,
        "does_not": list(_LIMITS),
    }
