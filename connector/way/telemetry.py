"""Spans for OpenTelemetry, where the program that uses the engine has set it up; otherwise nothing at all.

Whoever collects spans has imported OpenTelemetry before the first invocation, so nothing is ever imported for it here:
without it a span costs one look-up. What spans hold are names of the manifest, counts, statuses and error kinds; an
argument, an address or a body of an invocation is never among it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, Final, Self

from connector.errors import InvocationFailed
from connector.result import Meta

_SCOPE: Final = "connector"
#: Attributes that OpenTelemetry's conventions name; the others stand under this engine's own name.
_CONVENTIONS: Final = {
    "method": "http.request.method",
    "status": "http.response.status_code",
    "resend_count": "http.request.resend_count",
}


class Span:
    """One step under way, ended by the `with` statement that holds it; an exception passes through, and the span tells
    its kind. Without OpenTelemetry it takes all that it is told and keeps nothing."""

    __slots__ = ("_inner", "_token", "_trace")

    def __init__(self, trace: Any = None, inner: Any = None, token: Any = None) -> None:
        self._trace = trace
        self._inner = inner
        self._token = token

    def set(self, **attributes: Any) -> None:
        """Adds attributes; those that are `None` are left out."""
        if self._inner is not None:
            self._inner.set_attributes(_name(attributes))

    def account(self, meta: Meta) -> None:
        """Adds how an invocation's answer came about."""
        self.set(route=meta.route, requests=meta.requests, pages=meta.pages, retries=meta.retries, waited_s=meta.waited)

    def child(self, name: str, **attributes: Any) -> Span:
        """A span of this one's own, for a request, in whichever thread it is sent. It is current until it ends, so that
        other libraries' spans become its children."""
        if self._inner is None:
            return self
        from opentelemetry.context import attach

        trace = self._trace
        above = trace.set_span_in_context(self._inner)
        tracer = trace.get_tracer(_SCOPE)
        inner = tracer.start_span(name, above, kind=trace.SpanKind.CLIENT, attributes=_name(attributes))
        return Span(trace, inner, attach(trace.set_span_in_context(inner, above)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _type: object, problem: BaseException | None, _traceback: object) -> None:
        if self._inner is None:
            return
        if isinstance(problem, Exception):
            self._tell(problem)
        self._inner.end()
        if self._token is not None:
            from opentelemetry.context import detach

            detach(self._token)

    def _tell(self, problem: Exception) -> None:
        kind = type(problem).__name__
        if isinstance(problem, InvocationFailed):
            kind = problem.error.kind
            self.set(status=problem.error.status)
        self._inner.set_attribute("error.type", kind)
        self._inner.set_status(self._trace.StatusCode.ERROR, kind)


#: What takes everything and keeps nothing.
NO_SPAN: Final = Span()


def span(name: str, **attributes: Any) -> Span:
    """A span for an invocation, below the one that is current.

    It doesn't become current itself: a stream may be closed in another context than it was begun in.
    """
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return NO_SPAN
    inner = trace.get_tracer(_SCOPE).start_span(name, attributes=_name(attributes))
    # The library may be there without anything that collects.
    return Span(trace, inner) if inner.get_span_context().is_valid else NO_SPAN


def _name(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        _CONVENTIONS.get(name, f"{_SCOPE}.{name}"): value for name, value in attributes.items() if value is not None
    }
