"""What the fault tests share: two ways to call a server that says whatever a test wants.

A way is called by `call(…)` and gives an `Outcome`: the steps by themselves (`send_well` over `Transport`), or a block
through `Connector.invoke`.
"""

import dataclasses
import json
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from connector import Connector
from connector.errors import ErrorDetail, InvocationFailed
from connector.limits.local_gate import Gate, LocalGate
from connector.result import Meta
from connector.sending.answers import parse_answer
from connector.sending.retry import send_well
from connector.wire.deadline import Cancel, Deadline
from connector.wire.request import Request
from connector.wire.transport import Transport

TOKEN = "s3cret-t0ken"
#: Generous: it has to show that the deadline holds, on a computer that is busy with other things.
BOUND_S = 10.0


@dataclasses.dataclass
class Outcome:
    """What came of a call: an output or an error, how long it took, and what it left in a traceback."""

    output: Any
    error: ErrorDetail | None
    meta: Meta
    took_s: float
    trace: str = ""

    @property
    def kind(self) -> str | None:
        return self.error and self.error.kind


Call = Callable[..., Outcome]


@pytest.fixture
def call_steps(manifest: Any) -> Iterator[Call]:
    """Sends a request of the profile's block by the steps below the dispatcher."""
    transports: dict[str, Transport] = {}
    block = manifest.block("getCurrentUserProfile")

    def call(
        url: str,
        *,
        timeout: float = 5.0,
        total: float | None = None,
        cancel: Cancel | None = None,
        max_wait: float = 30.0,
        gate: Gate | None = None,
        is_repeatable: bool = True,
        token: str = TOKEN,
        content: bytes | None = None,
    ) -> Outcome:
        transport = transports.setdefault(url, Transport({"api": url}, "agent/1"))
        headers = (("Accept", "application/json"), ("Authorization", f"Bearer {token}"))
        request = Request("GET" if content is None else "PUT", "api", "/me", headers=headers, content=content)
        deadline = Deadline(timeout, total, cancel)
        meta = Meta()

        def attempt() -> Any:
            meta.requests += 1
            return parse_answer(
                transport.send(request, deadline), block, block.routes[0], manifest, {}, [token], [].append
            )

        started = time.monotonic()
        try:
            output = send_well(
                attempt,
                app="app",
                gate=gate or LocalGate(),
                deadline=deadline,
                max_wait=max_wait,
                is_repeatable=is_repeatable,
                meta=meta,
            )
        except InvocationFailed as failure:
            trace = "".join(traceback.format_exception(failure))
            return Outcome(None, failure.error, meta, time.monotonic() - started, trace)
        return Outcome(output, None, meta, time.monotonic() - started)

    yield call
    for transport in transports.values():
        transport.close()


@pytest.fixture
def call_block(manifest: Any) -> Iterator[Call]:
    """Invokes the profile's block, or `block`."""
    connectors: list[Connector] = []

    def call(url: str, *, timeout: float = 5.0, token: str = TOKEN, **options: Any) -> Outcome:
        connectors.append(Connector(manifest, servers=dict.fromkeys(manifest.servers, url), timeout=timeout, **options))
        started = time.monotonic()
        result = connectors[-1].invoke("getCurrentUserProfile", {"access_token": token})
        took_s = time.monotonic() - started
        return Outcome(result.output, result.error, result.meta, took_s, json.dumps(result.envelope()))

    yield call
    for connector in connectors:
        connector.close()


@pytest.fixture(params=["steps", "invoke"])
def call(request: pytest.FixtureRequest, check: Callable[[Outcome], Outcome]) -> Call:
    """Each way in turn; every outcome is checked for time and silence."""
    way: Call = request.getfixturevalue({"steps": "call_steps", "invoke": "call_block"}[request.param])
    return lambda *args, **options: check(way(*args, **options))


@pytest.fixture
def check(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[Outcome], Outcome]:
    """Fails where a call took too long, or where its token stands in the outcome, in a log or on the terminal."""
    caplog.set_level(0)

    def run(outcome: Outcome) -> Outcome:
        assert outcome.took_s < BOUND_S
        said = [repr(outcome), outcome.trace, caplog.text, *capfd.readouterr()]
        assert [text for text in said if TOKEN in text] == []
        return outcome

    return run
