"""The sandbox as a server: in a thread beside a test, or in the foreground.

The event loop's thread alone touches the state; what other threads ask of it through `Sandbox` is handed over to it.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, ClassVar, Final, Self

import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from connector.sandbox.apps import make_demo_app
from connector.sandbox.control import Control
from connector.sandbox.front import Front
from connector.sandbox.reccobeats import PATH as RECCOBEATS
from connector.sandbox.state import State

_HOST: Final = "127.0.0.1"
_PATHS: Final = {"api": "/v1", "accounts": "", "reccobeats": RECCOBEATS}
_START_TIMEOUT_S: Final = 10.0


class Sandbox:
    """A stand-in for Spotify on a port of this computer; use it in a `with` statement.

    Args:
        port: the port on 127.0.0.1, 0 for any that is free.
        quota_mode: "development" or "extended", for the demo app.
        rate_limit: calls an app may make in 30 s, None for no limit.
        daily_calls: calls that all apps of a developer account in development mode may make in a day, None for no
            limit.

    Attributes:
        stands_in_for: the servers that it replaces, by name.
        control: sets the stage, see `Control`; there once the sandbox was started, and readable after it stopped.

    Raises:
        ValueError: `quota_mode` is neither "development" nor "extended".
    """

    stands_in_for: ClassVar[dict[str, str]] = {
        "api": "https://api.spotify.com/v1",
        "accounts": "https://accounts.spotify.com",
        "reccobeats": "https://api.reccobeats.com/v1",
    }
    control: Control

    def __init__(
        self,
        port: int = 0,
        quota_mode: str = "development",
        rate_limit: int | None = None,
        daily_calls: int | None = None,
    ) -> None:
        make_demo_app(quota_mode)
        self._port = port
        self._quota_mode = quota_mode
        self._limits = rate_limit, daily_calls
        self._url: str | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> Self:
        """Begin to listen; answers are given when this returns.

        Raises:
            OSError: the port is taken.
        """
        listener = _listen(_HOST, self._port)
        self._url = f"http://{_HOST}:{listener.getsockname()[1]}"
        self._state = State(self._url, self._quota_mode, *self._limits)
        self._server = _Server(self._state)
        self.control = Control(self._state, self._server.call)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="spotify-sandbox", daemon=True
        )
        self._thread.start()
        self._server.is_ready.wait(_START_TIMEOUT_S)
        return self

    def stop(self) -> None:
        """Close every connection and end the thread; harmless when it runs no more."""
        if self._server is not None and self._thread is not None:
            self._server.end()
            self._thread.join()
            self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`.

        Raises:
            RuntimeError: the sandbox was not started.
        """
        if self._url is None:
            raise RuntimeError("the sandbox has no address before start()")
        return self._url

    @property
    def servers(self) -> dict[str, str]:
        """The addresses to use instead of those in `stands_in_for`."""
        return {name: f"{self.url}{path}" for name, path in _PATHS.items()}

    @property
    def demo_args(self) -> dict[str, str]:
        """Working values for the demo user: access_token, client_id, client_key, code, redirect_uri, refresh_token.

        Every reading gives a fresh code, since a code is spent by its use.
        """
        if self._server is None:
            raise RuntimeError("the sandbox has nobody to ask before start()")
        args: dict[str, str] = self._server.call(self._state.make_demo_args)
        return args


def serve(host: str = _HOST, port: int = 8900, quota_mode: str = "development") -> None:
    """Run a sandbox in the foreground until Ctrl-C.

    Args:
        host: address to listen at.
        port: port to listen at, 0 for any that is free.
        quota_mode: "development" or "extended", for the demo app.

    Raises:
        OSError: the port is taken.
        ValueError: `quota_mode` is neither "development" nor "extended".
    """
    make_demo_app(quota_mode)
    listener = _listen(host, port)
    url = f"http://{host}:{listener.getsockname()[1]}"
    server = _Server(State(url, quota_mode))
    print(f"Spotify sandbox at {url} ({quota_mode} mode); what it can do: {url}/sandbox. Ctrl-C ends it.", flush=True)
    # Whether the interrupt still comes out of the loop that it ended is chance.
    with suppress(KeyboardInterrupt):
        server.run([listener])
    print("Sandbox ended.", flush=True)


class _Server(uvicorn.Server):
    """Uvicorn, but ended by an event instead of being polled, and able to hang up on a client."""

    def __init__(self, state: State) -> None:
        transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._transports = transports

        class Protocol(H11Protocol):
            """HTTP/1.1 that remembers its open connections by the client's address."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    transports[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                super().connection_lost(exc)
                if self.client is not None:
                    transports.pop(self.client, None)

        config = uvicorn.Config(
            Front(state, self._hang_up),
            http=Protocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=60,
        )
        super().__init__(config)
        self.is_ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None

    async def main_loop(self) -> None:
        """Wait for the end; uvicorn's own loop would notice it a tenth of a second late."""
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        if self.should_exit:
            self._ending.set()
        await self.on_tick(0)
        self.is_ready.set()
        await self._ending.wait()
        for transport in list(self._transports.values()):
            transport.abort()
        self.force_exit = True
        self._loop = None

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Ctrl-C."""
        super().handle_exit(sig, frame)
        self.end()

    def end(self) -> None:
        """Stop serving; safe to call from any thread."""
        loop, ending = self._loop, self._ending
        if loop is not None and ending is not None:
            loop.call_soon_threadsafe(ending.set)

    def call(self, action: Callable[[], Any]) -> Any:
        """Do `action` where no handler is in the middle of something, and give back its result."""
        loop = self._loop
        if loop is None:
            return action()
        done: Future[Any] = Future()

        def run() -> None:
            try:
                done.set_result(action())
            except Exception as error:
                done.set_exception(error)

        loop.call_soon_threadsafe(run)
        return done.result()

    def _hang_up(self, scope: Scope) -> None:
        transport = self._transports.get(tuple(scope["client"]))
        if transport is not None:
            transport.abort()


def _listen(host: str, port: int) -> socket.socket:
    # Asyncio switches Nagle's algorithm off for sockets that say that they are TCP; each answer would take 40 ms else.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # From here on nobody is turned away: who comes before the loop runs waits in the queue.
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener
