"""Spans of invocations and their requests, collected by OpenTelemetry's own SDK."""

import subprocess
import sys

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from connector.sending import retry

TOKEN = {"access_token": "a-secret-token"}
PROFILE = {"id": "u", "type": "user", "uri": "spotify:user:u"}


@pytest.fixture(scope="module")
def exporter():
    """Where the process's spans go: OpenTelemetry takes a provider only once."""
    trace.set_tracer_provider(TracerProvider())
    exporter = InMemorySpanExporter()
    trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def collected(exporter):
    """Every span that has ended in this test, in order."""
    exporter.clear()
    return exporter.get_finished_spans


def page(start):
    return {"items": [{"added_at": start}] * 50, "total": 150, "limit": 50, "next": "more" if start < 100 else None}


def answer_pages(seen):
    return 200, {}, page(int(seen.query.get("offset", 0)))


def test_an_invocation_and_its_request_are_spans(connect, server, collected):
    server.queue.append((200, {}, PROFILE))
    connect().invoke("getCurrentUserProfile", TOKEN)
    request, invocation = collected()
    assert (invocation.name, invocation.kind, invocation.parent) == (
        "invoke getCurrentUserProfile",
        SpanKind.INTERNAL,
        None,
    )
    assert dict(invocation.attributes) == {
        "connector.block": "getCurrentUserProfile",
        "connector.route": "GET /me",
        "connector.requests": 1,
        "connector.pages": 0,
        "connector.retries": 0,
        "connector.waited_s": 0.0,
    }
    assert (request.name, request.kind, request.parent) == ("GET /me", SpanKind.CLIENT, invocation.context)
    assert dict(request.attributes) == {
        "connector.block": "getCurrentUserProfile",
        "connector.route": "GET /me",
        "http.request.method": "GET",
        "http.request.resend_count": 0,
        "http.response.status_code": 200,
    }
    assert {each.status.status_code for each in (request, invocation)} == {StatusCode.UNSET}


def test_an_invocation_belongs_to_the_caller_s_span(connect, server, collected):
    server.queue.append((200, {}, PROFILE))
    with trace.get_tracer("a workflow").start_as_current_span("workflow") as workflow:
        connect().invoke("getCurrentUserProfile", TOKEN)
    assert collected()[1].parent == workflow.get_span_context()


def test_a_poll_is_a_span_above_what_it_invokes(connect, server, collected):
    server.answer = answer_pages
    connector = connect()
    connector.poll("newSavedTrack", TOKEN)
    *_, invocation, poll = collected()
    assert (poll.name, poll.parent, invocation.parent) == ("poll newSavedTrack", None, poll.context)
    told = {name: poll.attributes[f"connector.{name}"] for name in ("trigger", "requests", "events")}
    assert told == {"trigger": "newSavedTrack", "requests": 3, "events": 0}
    assert poll.status.status_code is StatusCode.UNSET
    connector.poll("newSavedTrack", {**TOKEN, "max_events": 0})
    refused = collected()[-1]
    assert (refused.attributes["error.type"], refused.status.status_code) == ("invalid_fields", StatusCode.ERROR)
    assert "a-secret-token" not in str([each.to_json() for each in collected()])


def test_pages_that_are_read_at_a_time_belong_to_their_invocation(connect, server, collected):
    server.answer = answer_pages
    connect(concurrency=4).invoke("getUserSavedTracks", TOKEN)
    *requests, invocation = collected()
    assert [each.name for each in requests] == ["GET /me/tracks"] * 3
    assert [each.parent for each in requests] == [invocation.context] * 3
    assert (invocation.attributes["connector.pages"], invocation.attributes["connector.requests"]) == (3, 3)


def test_a_stream_s_span_ends_with_it_wherever_it_is_closed(connect, server, collected):
    server.answer = answer_pages
    entries = connect(concurrency=1).stream("getUserSavedTracks", TOKEN)
    with trace.get_tracer("a workflow").start_as_current_span("first half"):
        next(entries)
    with trace.get_tracer("a workflow").start_as_current_span("second half"):
        entries.close()
    by_name = {each.name: each for each in collected()}
    assert by_name["stream getUserSavedTracks"].parent == by_name["first half"].context
    assert by_name["stream getUserSavedTracks"].status.status_code == StatusCode.UNSET


def test_a_try_that_failed_and_the_next_are_told_apart(connect, server, collected, monkeypatch):
    monkeypatch.setattr(retry, "BACKOFF_S", 0)
    server.queue += [(503, {}, b""), (200, {}, PROFILE)]
    connect().invoke("getCurrentUserProfile", TOKEN)
    first, second, invocation = collected()
    assert first.status.status_code == StatusCode.ERROR
    names = ("error.type", "http.response.status_code", "http.request.resend_count")
    assert [first.attributes[name] for name in names] == ["server_error", 503, 0]
    assert [second.attributes[name] for name in names[1:]] == [200, 1]
    assert invocation.attributes["connector.retries"] == 1
    assert invocation.status.status_code == StatusCode.UNSET


@pytest.mark.parametrize(
    ("args", "answer", "kind"),
    [({}, None, "missing_fields"), (TOKEN, (403, {}, {"error": {"message": "a-secret-token"}}), "forbidden")],
)
def test_an_error_gives_its_kind_and_nothing_else(connect, server, collected, args, answer, kind):
    server.queue += [answer] if answer else []
    assert connect().invoke("saveTrack", {"id": "11dFghVXANMlKmJXsNCbNl", **args}).error.kind == kind
    for each in collected():
        assert (each.status.status_code, each.status.description) == (StatusCode.ERROR, kind)
        assert (each.attributes["error.type"], each.events) == (kind, ())
    assert "a-secret-token" not in "".join(each.to_json() for each in collected())


def test_nothing_of_an_invocation_s_arguments_is_in_a_span(connect, manifest, each_block, seam, send_back, collected):
    marked = {name: field.schema["examples"][0] for name, field in each_block.fields.items()}
    with seam(send_back(each_block)):
        connect().invoke(each_block.name, {**marked, **dict.fromkeys(TOKEN, "a-secret-token")})
    shown = "".join(each.to_json() for each in collected())
    assert shown
    values = [marked[name] for name, field in each_block.fields.items() if field.secret]
    assert [value for value in [*values, "a-secret-token"] if str(value) in shown] == []


def test_any_other_exception_passes_through_and_leaves_its_name(connect, server, collected):
    def divide(_):
        raise ZeroDivisionError

    server.queue.append((200, {}, PROFILE))
    with pytest.raises(ZeroDivisionError):
        connect().invoke("getCurrentUserProfile", TOKEN, on_progress=divide)
    ended = collected()[-1]
    assert (ended.attributes["error.type"], ended.status.description) == ("ZeroDivisionError", "ZeroDivisionError")


def test_looking_blocks_up_loads_no_part_of_the_library():
    code = (
        "import sys; from connector import Connector; Connector.load().manifest.block('getCurrentUserProfile');"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
