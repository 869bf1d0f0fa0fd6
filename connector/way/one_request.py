"""One request of a call, sent well: by who calls, through the app's gate, again where that helps.

Safe to use from several threads: the pages and batches of a call share it, and the account of what it did.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from itertools import count
from typing import Any, Final

from connector.arguments.validation import Args
from connector.errors import InvocationFailed
from connector.manifest.routes import Route
from connector.sending.answers import parse_answer
from connector.sending.reshaping import reshape
from connector.sending.retry import send_well
from connector.way.call import Call
from connector.way.credentials import Caller, Headers
from connector.way.shared import Shared
from connector.way.spans import hold_request_span, name_attributes
from connector.wire.deadline import Cancel
from connector.wire.request import Request
from connector.wire.transport import Response

#: Requests begun for each that the service may see at once: while some wait to be taken in order, or read what has
#: come, others are on their way.
AHEAD: Final = 2


class CallSender:
    """Sends the requests of `call` on `route`, as a plan wants them (see `connector.many.sender`).

    `is_many`: several may be under way, of which the service sees as many at once as the connector's `concurrency`
    says. `args` are the call's own, whose secrets no error may repeat.
    """

    def __init__(self, call: Call, shared: Shared, caller: Caller, route: Route, args: Args, *, is_many: bool) -> None:
        self._call = call
        self._shared = shared
        self._caller = caller
        self._route = route
        self._args = args
        self._secrets = tuple(
            str(args[name]) for name, field in call.block.fields.items() if field.secret and name in args
        )
        self._slots = threading.Semaphore(shared.concurrency) if is_many else None
        self._budget = (call.budget or shared.budget) if route.server in shared.manifest.counted_servers else None

    @property
    def width(self) -> int:
        return self._shared.concurrency * AHEAD

    @property
    def cancel(self) -> Cancel:
        cancel = self._call.deadline.cancel
        assert cancel is not None  # noqa: S101 - every call has its own switch
        return cancel

    def feel_pressure(self) -> int:
        return self._call.meta.retries

    def count_left(self) -> int | None:
        return self._budget.left(self._caller.account) if self._budget else None

    def warn(self, text: str) -> None:
        warnings = self._call.meta.warnings
        with self._call.lock:
            # Many requests of a call may say the same.
            if text not in warnings:
                warnings.append(text)

    def check_budget(self, calls: int) -> None:
        """Raises `InvocationFailed` where the budget hasn't so many calls left, or where the service takes none."""
        if self._budget:
            self._budget.check(self._caller.account, calls)

    def send(self, request: Request) -> Any:
        """The service's answer to `request`, as a JSON value.

        A token that the service calls expired is renewed once, and the request repeated. Raises `InvocationFailed`,
        whose error says of a write whether any try of it may have taken effect.
        """
        headers = self._caller.headers
        is_uncertain = False
        try:
            try:
                return self._send_as(headers, request)
            except InvocationFailed as failure:
                # The 401 itself did nothing; a try before it may have.
                is_uncertain = failure.error.is_uncertain
                if failure.error.kind != "unauthorized" or not self._caller.renew(headers):
                    raise
            return self._send_as(self._caller.headers, request)
        except InvocationFailed as failure:
            is_uncertain = self._call.block.effect != "read" and (is_uncertain or failure.error.is_uncertain)
            failure.error = replace(failure.error, is_uncertain=is_uncertain)
            raise

    def _send_as(self, headers: Headers, request: Request) -> Any:
        call, route = self._call, self._route
        self.check_budget(1)
        complete = request.with_headers(headers) if headers else request
        tries = count()

        def attempt() -> Any:
            self._count()
            with hold_request_span(
                call.span,
                route.name,
                block=call.block.name,
                route=route.name,
                method=route.method,
                resend_count=next(tries),
            ) as span:
                response = self._transmit(complete)
                if span is not call.span:
                    span.set_attributes(name_attributes(status=response.status))
                secrets = (*self._secrets, *self._caller.secrets)
                try:
                    answer = parse_answer(
                        response,
                        call.block,
                        route,
                        self._shared.manifest,
                        self._args,
                        secrets,
                        self.warn,
                        self._call.whole,
                    )
                except InvocationFailed as failure:
                    self._note_end_of_calls(failure)
                    raise
            # Progress is an answer that serves; an error answer is none.
            call.deadline.renew()
            return answer

        answer = send_well(
            attempt,
            app=self._caller.app,
            gate=self._shared.gate,
            deadline=call.deadline,
            max_wait=self._shared.max_wait,
            is_repeatable=request.is_repeatable,
            meta=call.meta,
        )
        if route.reshape is None:
            return answer
        title = self._shared.manifest.title_of(route.server)
        return reshape(route, answer, self._args, title, call.block.output_schema)

    def _count(self) -> None:
        """Counts a request that is about to be sent. Raises `InvocationFailed` where the day's budget has none left."""
        left = self._budget.begin(self._caller.account) if self._budget else None
        with self._call.lock:
            self._call.meta.requests += 1
            self._call.meta.note_left(left)

    def _note_end_of_calls(self, failure: InvocationFailed) -> None:
        """Holds back all calls of the account where the service says that those of the day are used up."""
        if self._budget and failure.is_lasting and failure.error.kind == "rate_limited":
            wait = self._budget.close(self._caller.account, failure.error.retry_after)
            failure.error = replace(failure.error, retry_after=wait)

    def _transmit(self, request: Request) -> Response:
        transport, deadline = self._shared.transport, self._call.deadline
        if self._slots is None:
            return transport.send(request, deadline)
        # Held for the wire only: what has come is read while the next request is on its way.
        with self._slots:
            response = transport.send(request, deadline)
        # Whoever waits for the slot sends now, and not after this thread has read a long answer.
        time.sleep(0)
        return response
