"""Runs the application on uvicorn, in the foreground or in a thread, until it is told to end: then what runs is
finished.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final, Self

import uvicorn

from connector.auth import Store
from connector.runners.http_server.addresses import Address, build_origin
from connector.runners.http_server.app import App
from connector.runners.http_server.bounded_protocol import BoundedProtocol
from connector.runners.http_server.bounds import Bounds
from connector.runners.http_server.connecting import CALLBACK
from connector.runners.http_server.keys import KeyRing
from connector.runners.http_server.proxies import TrustedProxies
from connector.runners.http_server.settings import CannotServe, Settings
from connector.runners.http_server.surroundings import Surroundings, build_surroundings
from connector.subscriptions.places import Place
from connector.way.connector import Connector

try:
    import resource
except ImportError:  # Windows has no such bound
    resource = None  # type: ignore[assignment]

#: Connections that the system takes before the server does. With more of them, beside clients that come by the hundred
#: the others wait longer: all stand in one queue.
_BACKLOG: Final = 128
#: Files of libraries, stores and logs.
_OWN_FILES: Final = 64


class HttpServer:
    """The HTTP runner of `connector`. `run` serves in the foreground; in a `with` statement it serves in a thread.

    `store` is where the connector's connections are; without it nobody can sign in here. `subscriptions` is where they
    are kept; without it none are taken. The server lets go of that place in the end. The server listens from the
    moment that it is made: `url` is its address. How long a call may take, and wait for a rate limit, is the
    connector's to say: one for a server is made with a `max_wait` of about a second, for a call that waits holds a
    thread.

    Raises:
        CannotServe: others could reach it without an API key, its settings contradict each other, or the address can't
            be listened at.
        BadKeys: the API keys can't be read.
    """

    def __init__(
        self, connector: Connector, settings: Settings, store: Store | None = None, subscriptions: Place | None = None
    ) -> None:
        keys = KeyRing(settings.keys, settings.keys_file)
        surroundings = build_surroundings(settings, has_keys=keys.is_required)
        self._connector = connector
        self._store = store
        self._place = subscriptions
        self._settings = settings
        self._keys = keys
        self._listener = _listen(settings.host, settings.port)
        host, port = self._listener.getsockname()[:2]
        own = Address(build_origin("http", f"{f'[{host}]' if ':' in host else host}:{port}"))
        self.url = own.url
        self._surroundings = surroundings.listening_at(host, own)
        self._is_ready = threading.Event()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Serves until SIGINT or SIGTERM, or until `stop`; calls `on_ready` when it answers."""
        app = self.build_app(self._surroundings)
        self._server = _Server(app, self._settings, self._surroundings.proxies, on_ready)
        try:
            self._server.run([self._listener])
        finally:
            self._is_ready.set()

    @property
    def redirect_uri(self) -> str | None:
        """Where a sign-in comes back to, to be registered with the service; `None` where nobody said so."""
        address = self._surroundings.address
        return address.url + CALLBACK if address else None

    def build_app(self, surroundings: Surroundings) -> App:
        """The application, in its `surroundings`."""
        return App(self._connector, self._settings, self._keys, self._store, surroundings, self._place)

    def stop(self) -> None:
        """Ends the server that a `with` statement started: running invocations are finished first."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.run, args=(self._is_ready.set,), name="http-runner")
        self._thread.start()
        self._is_ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """Uvicorn, whose clients are bounded, and whose shutdown first lets no more work in, and in the end gives up reads
    but no writes."""

    def __init__(self, app: App, settings: Settings, proxies: TrustedProxies, on_ready: Callable[[], None]) -> None:
        self._bounds = Bounds(settings, _count_connections(settings), app.metrics.count_refusal, proxies)
        super().__init__(
            uvicorn.Config(
                app.asgi,
                http=partial(BoundedProtocol, self._bounds),  # type: ignore[arg-type]  # it is only called
                ws="none",
                lifespan="on",
                log_config=None,
                log_level=logging.WARNING,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=settings.keep_alive,  # type: ignore[arg-type]  # a loop's timer takes fractions
                backlog=_BACKLOG,
                # Reads are given up after the grace, and clients that take nothing a moment later; what still hangs
                # then is a write.
                timeout_graceful_shutdown=int(settings.shutdown_grace + settings.timeout + 5),
            )
        )
        self._app = app
        self._grace_s = settings.shutdown_grace
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._sweeping = asyncio.create_task(self._bounds.sweep())
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.close_doors()
        self._bounds.hurry(self._grace_s / 2)
        asyncio.get_running_loop().call_later(self._grace_s, self._give_up)
        await super().shutdown(sockets)
        self._sweeping.cancel()

    def _give_up(self) -> None:
        self._app.give_up()
        self._bounds.hurry(0)


def _count_connections(settings: Settings) -> int:
    """How many connections of clients fit into the files that the system lets this process open."""
    if resource is None:
        return settings.connections
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return settings.connections
    # A turn of the loop takes in as many as wait before it ends any; each invocation has some of its own.
    rest = files - _BACKLOG - 3 * settings.threads - _OWN_FILES
    return min(settings.connections, max(rest, files // 4))


def _listen(host: str, port: int) -> socket.socket:
    family: Any = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as problem:
        raise CannotServe(f"{host} port {port} can't be listened at: {problem.strerror}.") from None
