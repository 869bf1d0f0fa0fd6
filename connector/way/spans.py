"""What spans hold: names of the manifest, counts, statuses and error kinds; an argument, an address or a body of a call
is never among it. Without a program that collects spans, the library does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from opentelemetry.trace import Span, SpanKind, StatusCode, get_tracer, set_span_in_context

from connector.errors import ErrorDetail, InvocationFailed
from connector.result import Meta

#: Attributes that OpenTelemetry's conventions name; the others stand under this engine's own name.
_CONVENTIONS: Final = {
    "method": "http.request.method",
    "status": "http.response.status_code",
    "resend_count": "http.request.resend_count",
}


#: Takes the program's provider as soon as there is one.
TRACER: Final = get_tracer("connector")


@contextmanager
def hold_request_span(call_span: Span, name: str, **attributes: Any) -> Iterator[Span]:
    """A span of a request, below its call's in whichever thread it is sent, current until it ends."""
    if not call_span.get_span_context().is_valid:
        # Nobody collects spans.
        yield call_span
        return
    with TRACER.start_as_current_span(
        name,
        set_span_in_context(call_span),
        SpanKind.CLIENT,
        name_attributes(**attributes),
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except Exception as problem:
            describe_error(span, problem)
            raise


@contextmanager
def hold_poll_span(trigger: str) -> Iterator[Callable[[Meta, int, ErrorDetail | None], None]]:
    """A span of a poll, above those of the calls that it makes. Gives what says in it how the poll came about: its
    `meta`, how many events it told, and its error."""
    with TRACER.start_as_current_span(
        f"poll {trigger}",
        attributes=name_attributes(trigger=trigger),
        record_exception=False,
        set_status_on_exception=False,
    ) as span:

        def tell(meta: Meta, events: int, error: ErrorDetail | None) -> None:
            describe_call(span, meta)
            span.set_attributes(name_attributes(events=events))
            if error is not None:
                describe_error(span, InvocationFailed(error))

        yield tell


def name_attributes(**attributes: Any) -> dict[str, Any]:
    """`attributes` under the names that spans give them, without those that are `None`."""
    return {
        _CONVENTIONS.get(name, f"connector.{name}"): value for name, value in attributes.items() if value is not None
    }


def describe_call(span: Span, meta: Meta) -> None:
    """Says in the span of a call how its answer came about."""
    span.set_attributes(
        name_attributes(
            route=meta.route, requests=meta.requests, pages=meta.pages, retries=meta.retries, waited_s=meta.waited
        )
    )


def describe_error(span: Span, problem: Exception) -> None:
    """Says in a span what it ended with: the kind of an invocation's error, or an exception's name."""
    kind = type(problem).__name__
    if isinstance(problem, InvocationFailed):
        kind = problem.error.kind
        span.set_attributes(name_attributes(status=problem.error.status))
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR, kind)
