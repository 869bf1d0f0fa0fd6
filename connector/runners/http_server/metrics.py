"""What the server counts, for Prometheus. Each server has a registry of its own.

Labels are blocks, error kinds and statuses: few, and nothing of a caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from connector.result import Meta

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counters of one server. `running` and `waiting` tell how many invocations do so now."""

    def __init__(self, running: Callable[[], int], waiting: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        self._calls = Counter(
            "connector_invocations",
            "Invocations by block, error kind (ok without one) and HTTP status",
            ["block", "kind", "status"],
            registry=self._registry,
        )
        self._durations = Histogram(
            "connector_invocation_duration_seconds",
            "Time from a block's start to its result",
            ["block"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._requests = Counter(
            "connector_upstream_requests", "Requests sent to the service", ["block"], registry=self._registry
        )
        self._retries = Counter(
            "connector_upstream_retries", "Requests that were repeated", ["block"], registry=self._registry
        )
        self._refusals = Counter(
            "connector_refusals", "Requests that the server itself turned down", ["kind"], registry=self._registry
        )
        self._deliveries = Counter(
            "connector_deliveries",
            "Events sent to subscribers, by trigger and outcome (delivered, failed)",
            ["trigger", "outcome"],
            registry=self._registry,
        )
        for name, text, read in (
            ("running", "Invocations that run", running),
            ("waiting", "Invocations that wait for a thread", waiting),
        ):
            Gauge(f"connector_invocations_{name}", text, registry=self._registry).set_function(read)

    def count(self, block: str, kind: str | None, status: int, meta: Meta) -> None:
        """An invocation of the block ended, with an error of this `kind` or without one."""
        self._calls.labels(block, kind or "ok", status).inc()
        self._durations.labels(block).observe(meta.duration)
        self._requests.labels(block).inc(meta.requests)
        self._retries.labels(block).inc(meta.retries)

    def count_refusal(self, kind: str) -> None:
        """The server turned a request down."""
        self._refusals.labels(kind).inc()

    def count_delivery(self, trigger: str, is_delivered: bool) -> None:
        """An event was sent to a subscriber once."""
        self._deliveries.labels(trigger, "delivered" if is_delivered else "failed").inc()

    def render(self) -> bytes:
        """All figures in the text format."""
        return generate_latest(self._registry)
