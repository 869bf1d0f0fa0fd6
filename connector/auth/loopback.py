"""The address on this machine that a sign-in leads back to (RFC 8252, section 7.3): `http://127.0.0.1:PORT/callback`.

It takes one answer, and only the one that belongs to the sign-in: an answer with another state, a second one, a
browser's request for an icon change nothing. Nothing is logged, for the address holds the code.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

from connector.auth.sign_in_attempt import SignInAttempt, SignInFailed
from connector.auth.sign_in_page import PAGE_HEADERS, render_page
from connector.errors import ConnectorError

CALLBACK_PATH: Final = "/callback"
#: The reasons that end a sign-in; after the others the right answer may still come.
_FINAL: Final = frozenset({"cancelled", "refused"})
_IDLE_S: Final = 10.0
#: How long an answer that comes before anybody waits for it is held, in seconds.
_EARLY_S: Final = 5.0
#: How long a code that came in time may take to be traded, in seconds.
_TRADE_S: Final = 60.0

T = TypeVar("T")


class PortTaken(ConnectorError):
    """The port can't be listened on; the text says which and what to do."""


class Loopback:
    """Listens on 127.0.0.1 from its making until it is closed, on `port` or (0) on any that is free.

    Raises `PortTaken`.
    """

    def __init__(self, port: int = 0) -> None:
        try:
            self._server = _Server(("127.0.0.1", port), self._build_handler())
        except OSError as problem:
            raise PortTaken(
                f"Port {port} on 127.0.0.1 can't be used: {problem.strerror}. Choose another with --port, or leave it "
                "out to take any that is free."
            ) from None
        self._lock = threading.Lock()
        self._is_awaited = threading.Event()
        self._is_over = threading.Event()
        self._attempt: SignInAttempt | None = None
        self._finish: Callable[[str], tuple[Any, str]] | None = None
        self._outcome: tuple[Any, Exception | None] | None = None
        self._stray: SignInFailed | None = None
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def redirect_uri(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{CALLBACK_PATH}"

    def wait(self, attempt: SignInAttempt, finish: Callable[[str], tuple[T, str]], timeout_s: float) -> T:
        """What `finish` makes of the code that comes back for `attempt`.

        `finish` gives its value and what the page shall say. Raises `SignInFailed` after `timeout_s` seconds and for
        a sign-in that was cancelled or refused, and whatever `ConnectorError` `finish` raises; the page shows its text.
        """
        with self._lock:
            self._attempt, self._finish = attempt, finish
        self._is_awaited.set()
        self._is_over.wait(timeout_s)
        with self._lock:
            self._attempt = None
            is_trading = self._outcome is not None
        if is_trading:
            self._is_over.wait(_TRADE_S)
        outcome = self._outcome
        if outcome is None:
            stray = f" One came that belonged to another: {self._stray}" if self._stray else ""
            raise SignInFailed("timeout", f"No answer came back within {timeout_s:g} s.{stray}")
        value, failure = outcome
        if failure is not None:
            raise failure
        found: T = value
        return found

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self, target: str) -> tuple[int, bytes, bool]:
        """Status and page for a request's target, and whether the sign-in is over with it."""
        if urlsplit(target).path != CALLBACK_PATH:
            return 404, b"", False
        # A browser in which the user has agreed before is back at once.
        self._is_awaited.wait(_EARLY_S)
        with self._lock:
            attempt, finish = self._attempt, self._finish
            if attempt is None or finish is None or self._outcome is not None:
                return 410, render_page("This sign-in is over", "Begin anew where it was begun.", is_good=False), False
            try:
                code = attempt.parse_callback(target)
            except SignInFailed as failure:
                self._stray = failure if failure.reason == "state" else self._stray
                is_over = failure.reason in _FINAL
                if is_over:
                    self._outcome = (None, failure)
                return 400, render_page("Not signed in", str(failure), is_good=False), is_over
            # From here on a second answer is turned away, while the first one's code is traded.
            self._outcome = (None, SignInFailed("timeout", "The code was still being traded when time was up."))
        try:
            value, text = finish(code)
        except ConnectorError as failure:
            self._outcome = (None, failure)
            return 502, render_page("Not signed in", str(failure), is_good=False), True
        except Exception as mistake:
            # It is raised where the sign-in is waited for, and not lost in a thread.
            self._outcome = (None, mistake)
            return 500, render_page("Not signed in", "The program made a mistake.", is_good=False), True
        self._outcome = (value, None)
        return 200, render_page("Signed in", text, is_good=True), True

    def _build_handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _IDLE_S
            server_version = "connector"
            sys_version = ""

            def do_GET(self) -> None:
                is_over = False
                try:
                    status, page, is_over = loopback._answer(self.path)
                    self.send_response(status)
                    for name, value in PAGE_HEADERS.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(page)))
                    self.end_headers()
                    self.wfile.write(page)
                    self.wfile.flush()
                except OSError:
                    # The browser has gone; what it brought counts all the same.
                    self.close_connection = True
                finally:
                    if is_over:
                        loopback._is_over.set()

            def log_message(self, *_args: object) -> None:
                return

        return Handler


class _Server(ThreadingHTTPServer):
    # Browsers open connections on which they say nothing: each has a thread, and none is waited for.
    daemon_threads = True
    block_on_close = False
    # On Windows this would let another program listen on the same port.
    allow_reuse_address = os.name == "posix"

    def handle_error(self, *_args: object) -> None:
        return
