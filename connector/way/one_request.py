"""One request of an invocation, sent well: by who calls, through the app's gate, again where that helps.

Safe to use from several threads: the pages and batches of an invocation share it, and the account of what it did.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from connector.errors import InvocationFailed
from connector.limits.local_gate import Gate
from connector.manifest.blocks import Block, Route
from connector.manifest.manifest import Manifest
from connector.result import Meta
from connector.sending.answers import parse_answer
from connector.sending.retry import send_well
from connector.way.credentials import Caller, Headers
from connector.way.telemetry import NO_SPAN, Span
from connector.wire.deadline import Deadline
from connector.wire.request import Request
from connector.wire.transport import Response, Transport


@dataclass(slots=True)
class Exchange:
    """What the requests of one invocation of `block` have in common. `max_wait` (s) is the longest single wait for a
    rate limit; `secrets` are the arguments that no error may repeat; `span` is the invocation's; `slots`, where many
    requests are sent, are as many as the service may see at once."""

    block: Block
    manifest: Manifest
    transport: Transport
    gate: Gate
    caller: Caller
    deadline: Deadline
    max_wait: float
    meta: Meta
    secrets: tuple[str, ...] = ()
    span: Span = NO_SPAN
    slots: threading.Semaphore | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, route: Route, request: Request) -> Any:
        """The service's answer to `request`, as a JSON value.

        A token that the service calls expired is renewed once, and the request repeated. Raises `InvocationFailed`,
        whose error says of a write whether any try of it may have taken effect.
        """
        headers = self.caller.headers
        is_uncertain = False
        try:
            try:
                return self._send(route, request, headers)
            except InvocationFailed as failure:
                # The 401 itself did nothing; a try before it may have.
                is_uncertain = failure.error.is_uncertain
                if failure.error.kind != "unauthorized" or not self.caller.renew(headers):
                    raise
            return self._send(route, request, self.caller.headers)
        except InvocationFailed as failure:
            is_uncertain = self.block.effect != "read" and (is_uncertain or failure.error.is_uncertain)
            failure.error = replace(failure.error, is_uncertain=is_uncertain)
            raise

    def _transmit(self, request: Request) -> Response:
        if self.slots is None:
            return self.transport.send(request, self.deadline)
        # Held for the wire only: what has come is read while the next request is on its way.
        with self.slots:
            response = self.transport.send(request, self.deadline)
        # Whoever waits for the slot sends now, and not after this thread has read a long answer.
        time.sleep(0)
        return response

    def _send(self, route: Route, request: Request, headers: Headers) -> Any:
        complete = request.with_headers(headers) if headers else request
        secrets = (*self.secrets, *self.caller.secrets)

        tries = count()

        def attempt() -> Any:
            with self._lock:
                self.meta.requests += 1
            with self.span.child(
                route.name, block=self.block.name, route=route.name, method=route.method, resend_count=next(tries)
            ) as span:
                response = self._transmit(complete)
                span.set(status=response.status)
                return parse_answer(response, self.block, route, self.manifest, secrets)

        return send_well(
            attempt,
            app=self.caller.app,
            gate=self.gate,
            deadline=self.deadline,
            max_wait=self.max_wait,
            is_repeatable=self.block.is_idempotent,
            meta=self.meta,
        )
