"""A sandbox within this process: the connector's requests go into it without a socket, one at a time and in the same
order each time, so that a year of polls takes seconds and a seed always plays the same story."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.sandbox.control import Control
from connector.sandbox.front import Front
from connector.sandbox.state import State
from connector.wire.request import Request
from connector.wire.transport import Response

MANIFEST = Manifest.load()


@functools.cache
def load_with_pages_of(size: int | None) -> Manifest:
    """The manifest; with pages of `size` entries at most where that is given, so that a short list has many."""
    if size is None:
        return MANIFEST
    data = copy.deepcopy(MANIFEST.data)
    for block in data["blocks"].values():
        for page in (route["page"] for route in block.get("routes", ()) if "page" in route):
            page["size"] = size
            if "reach" in page and page["style"] != "offset":
                page["reach"] = size
    for trigger in data["triggers"].values():
        if "doubted_size" in trigger:
            trigger["doubted_size"] = 50
    return Manifest(data, MANIFEST.folder)


class Inside:
    """A sandbox's `state` and `control`, and a `connector` that asks it. `meanwhile` is called before each request, and
    `calls` counts them."""

    def __init__(self, page_size: int | None = None) -> None:
        self.state = State("http://sandbox.invalid", "extended")
        self.control = Control(self.state, lambda action: action())
        self.state.clock.run(False)
        # Stories begin at midnight, whenever they are played.
        self.state.clock.advance(-self.state.clock.now_s() % 86_400)
        self.meanwhile: Callable[[], None] | None = None
        self.calls = 0
        catalogue = self.state.catalogue
        for make in ("album", "artist", "simple_artist", "simple_track"):
            # They are the same at each call.
            setattr(catalogue, make, functools.cache(getattr(catalogue, make)))
        self._front = Front(self.state, _refuse)
        self.manifest = load_with_pages_of(page_size)
        self.connector = Connector(self.manifest, gate=OpenGate(), max_wait=0, concurrency=1)
        self.connector._shared._transport = self

    @property
    def token(self) -> dict[str, str]:
        return {"access_token": self.state.make_demo_args()["access_token"]}

    def send(self, request: Request, _deadline: Any) -> Response:
        """In the place of `Transport.send`."""
        self.calls += 1
        if self.meanwhile:
            self.meanwhile()
        path, _, query = request.target.partition("?")
        path = f"/v1{path}" if request.server == "api" else path
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in request.headers],
            "client": ("127.0.0.1", 1),
            "server": ("sandbox.invalid", 80),
            "root_path": "",
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": request.content or b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        # Nothing that the sandbox does waits for anything, so no loop is needed to drive it.
        with pytest.raises(StopIteration):
            self._front(scope, receive, send).send(None)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Response(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]))

    def close(self) -> None:
        """In the place of `Transport.close`."""


class OpenGate:
    """Lets everything pass: whoever polls in a story waits by the sandbox's clock."""

    def left(self, _app: str) -> float:
        return 0.0

    def close(self, _app: str, _seconds: float) -> None:
        pass


def _refuse(_scope: Any) -> None:
    raise AssertionError("nothing hangs up here")
