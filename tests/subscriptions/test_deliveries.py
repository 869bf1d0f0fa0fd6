"""What arrives at a webhook, and what becomes of an event that a receiver doesn't take. Receivers are real sockets."""

import itertools
import json
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme
from cloudevents.core.bindings.http import HTTPMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from patience import PATIENCE_S, wait_until
from standardwebhooks import Webhook, WebhookVerificationError

from connector.errors import InvocationFailed
from connector.subscriptions.deliveries import (
    GIVEN_UP_S,
    Delivery,
    WebhookSender,
    explain_rest,
    plan_retry,
)
from connector.subscriptions.sealing import make_secret
from connector.wire.deadline import Cancel, Deadline
from connector.wire.outside import ALLOWED

EVENT = {"id": "5f1d", "type": "shipArrived", "time": "2026-03-04T05:06:07Z", "data": {"name": "Ålesund", "n": [1]}}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#: What a receiver that never ends is given, in seconds.
SHORT_S = 0.5


def say(text):
    content = text if isinstance(text, bytes) else text.encode()
    return lambda peer: peer.say(content)


def answer(status, *headers):
    return say("\r\n".join([f"HTTP/1.1 {status} Said", *headers, "Content-Length: 0", "", ""]))


def take_apart(request):
    """Headers and body of what a receiver got."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


@pytest.fixture
def deliver(monkeypatch):
    """Sends an event to a receiver on this machine, which the operator allows."""
    monkeypatch.setenv(ALLOWED, "127.0.0.1, localhost")
    sender = WebhookSender("harbour")

    def run(url, event=EVENT, *, secret=None, timeout=PATIENCE_S, cancel=None, source="/subscriptions/s1"):
        return sender.deliver(
            event,
            url,
            secret or make_secret(),
            source=source,
            trigger="shipArrived",
            deadline=Deadline(timeout, cancel=cancel),
        )

    yield run
    sender.close()


def test_a_receiver_of_the_libraries_own_takes_it(make_raw, deliver):
    receiver = make_raw(say(OK))
    secret = make_secret()
    assert deliver(f"{receiver.url}/hook?key=a%20b", secret=secret) == Delivery(200)
    first, headers, body = take_apart(receiver.requests[0])
    assert first == "POST /hook?key=a%20b HTTP/1.1"
    assert Webhook(secret).verify(body, headers)["data"] == EVENT
    found = from_structured(HTTPMessage(headers, body), JSONFormat())
    assert found.get_data() == EVENT
    assert found.get_attributes() == {
        "specversion": "1.0",
        "id": EVENT["id"],
        "source": "/subscriptions/s1",
        "type": "harbour.shipArrived",
        "subject": "shipArrived",
        "datacontenttype": "application/json",
        "time": datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(make_secret()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"shipArrived", b"shipSunk"), headers)


def test_a_receiver_of_two_subscriptions_takes_their_event_twice(make_raw, deliver):
    receiver = make_raw(say(OK), say(OK))
    assert all(deliver(receiver.url, source=source).ok for source in ("/subscriptions/s1", "/subscriptions/s2"))
    ids = [
        (take_apart(request)[1]["webhook-id"], json.loads(take_apart(request)[2])["id"])
        for request in receiver.requests
    ]
    assert ids[0][0] != ids[1][0]
    assert ids[0][1] == ids[1][1] == EVENT["id"]


@pytest.mark.each(
    ("time", "told"),
    [
        ("2026-03-04T05:06:07.123Z", "2026-03-04T05:06:07.123000Z"),
        ("2026-03-04t05:06:07+05:30", "2026-03-04T05:06:07+05:30"),
        # No whole moment: CloudEvents has no word for it, and when it was sent is not when it happened.
        *((time, None) for time in (None, "", "2026", "2026-03-04", "2026-03-04T05:06:07", "2016-12-31T23:59:60Z")),
        *((time, None) for time in ("2026-03-04T24:00:01Z", "2026-13-04T05:06:07Z", "20260304T050607Z", "soon")),
    ],
)
def test_the_time_is_told_where_it_is_a_moment(make_raw, deliver, time, told):
    receiver = make_raw(say(OK))
    assert deliver(receiver.url, {**EVENT, "time": time}).ok
    message = json.loads(take_apart(receiver.requests[0])[2])
    assert message.get("time") == told
    assert message["data"]["time"] == time


def test_each_try_of_an_event_has_one_id_and_the_connection_is_used_again(make_raw, deliver):
    receiver = make_raw(answer(500), answer(204), say(OK))
    assert [deliver(receiver.url).status for _ in range(3)] == [500, 204, 200]
    assert len({take_apart(request)[1]["webhook-id"] for request in receiver.requests}) == 1
    assert receiver.connections == 1


@pytest.mark.each("status", [200, 201, 202, 204, 299])
def test_a_2xx_is_delivered(make_raw, deliver, status):
    assert deliver(make_raw(answer(status)).url) == Delivery(status)


@pytest.mark.each("status", [400, 401, 404, 418, 500, 502, 600])
def test_any_other_status_is_told_and_nothing_else_of_what_the_receiver_says(make_raw, deliver, status):
    receiver = make_raw(say(f"HTTP/1.1 {status} Whatever\r\nContent-Length: 6\r\n\r\nsecret"))
    assert deliver(receiver.url) == Delivery(status, f"127.0.0.1 answered {status}.")


@pytest.mark.each("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(make_raw, deliver, status):
    other = make_raw(say(OK))
    receiver = make_raw(answer(status, f"Location: {other.url}"))
    found = deliver(receiver.url)
    assert (found.status, found.ok, found.is_gone) == (status, False, False)
    assert "no redirect is followed" in found.why
    assert other.connections == 0


def test_a_receiver_that_is_gone_wants_no_more(make_raw, deliver):
    found = deliver(make_raw(answer(410)).url)
    assert found.is_gone
    assert plan_retry(found, 1, 0.0, 0.0) is None
    assert "410 Gone" in explain_rest(found, 1)


@pytest.mark.each(
    ("status", "asked", "told"),
    [
        (429, "90", 90),
        (503, "1.5", 1.5),
        (429, "in a while", None),
        (503, "-5", None),
        (500, "90", None),
        (404, "9", None),
    ],
)
def test_a_receiver_that_is_busy_says_when_to_come_back(make_raw, deliver, status, asked, told):
    assert deliver(make_raw(answer(status, f"Retry-After: {asked}")).url).retry_after == told


def test_when_to_come_back_may_be_a_date(make_raw, deliver):
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3000 < deliver(make_raw(answer(503, f"Retry-After: {date}")).url).retry_after <= 3600


# What hostile receivers do


@pytest.mark.each(
    "play",
    [
        lambda peer: peer.drip(b"HTTP/1.1 200 OK\r\n"),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\nX: "), peer.drip(b"x")),
        lambda peer: peer.drip(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        lambda peer: peer.hang(),
    ],
)
def test_a_receiver_that_never_answers_has_its_time_and_no_more(make_raw, deliver, play):
    found = deliver(make_raw(play).url, timeout=SHORT_S)
    assert (found.status, found.ok) == (None, False)
    assert "in the time allowed" in found.why


def test_a_receiver_that_never_reads_has_its_time_and_no_more(deliver):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        # More than the system takes for later.
        event = {**EVENT, "data": "x" * 8_000_000}
        found = deliver(f"http://127.0.0.1:{listener.getsockname()[1]}/", event, timeout=2)
    assert "no answer in the time allowed" in found.why


@pytest.mark.each("greeting", [b"", b"\x16\x03\x03\x40\x00"])
def test_tls_that_never_begins_has_its_time_and_no_more(make_raw, deliver, greeting):
    receiver = make_raw(greeting=greeting)
    found = deliver(f"https://localhost:{receiver.port}/", timeout=SHORT_S)
    assert "in the time allowed" in found.why


@pytest.mark.each(
    "play",
    [
        say(b""),
        say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
        say(b"no HTTP at all\r\n\r\n"),
        say(b"HTTP/1.1 2OO OK\r\n\r\n"),
        say(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"),
        say(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\n"), peer.pour(b"X: y\r\n")),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\n"), peer.pour(b"X: " + b"y" * 60_000 + b"\r\n")),
        lambda peer: peer.pour(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        lambda peer: (peer.say(b"HTTP/1.1 "), peer.reset()),
        lambda peer: peer.reset(),
    ],
)
def test_what_is_no_answer_is_a_failure_that_says_so(make_raw, deliver, play):
    def once(peer):
        play(peer)
        peer.sock.close()

    found = deliver(make_raw(once).url)
    assert (found.status, found.ok) == (None, False)
    assert any(word in found.why for word in ("broke off", "no HTTP", "not asked for"))


@pytest.mark.each(
    "play",
    [
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), peer.drip(b"x", every_s=0.2)),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\n\r\n"), peer.hang()),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"), peer.pour(b"x" * 65536)),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), peer.pour(b"5\r\nhello\r\n")),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"), peer.reset()),
        say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"),
        lambda peer: (peer.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"), peer.pour(b"X: y\r\n")),
        say(b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n" + OK),
        say(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
    ],
)
def test_what_a_receiver_says_after_a_2xx_changes_nothing(make_raw, deliver, play):
    receiver = make_raw(play, say(OK))
    assert deliver(receiver.url, timeout=SHORT_S).ok
    # Nor is any of it taken for the next answer.
    receiver.plays = [answer(503)]
    assert deliver(receiver.url).status == 503


def test_an_answer_that_was_sent_beforehand_is_for_nobody(make_raw, deliver):
    receiver = make_raw(say(OK + OK), answer(503))
    assert deliver(receiver.url).status == 200
    assert deliver(receiver.url).status == 503


def test_a_kept_connection_that_was_closed_meanwhile_costs_no_try(make_raw, deliver):
    def answer_once(peer):
        peer.say(OK)
        peer.read_request()
        peer.reset()

    receiver = make_raw(answer_once, say(OK))
    assert [deliver(receiver.url).status for _ in range(2)] == [200, 200]
    assert receiver.connections == 2


def test_tls_that_is_not_trusted_is_a_failure(make_raw, deliver, monkeypatch, tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    receiver = make_raw(say(OK), tls=context)
    url = f"https://localhost:{receiver.port}/hook"
    found = deliver(url)
    assert (found.ok, receiver.requests) == (False, [])
    assert "no trusted connection (TLS)" in found.why
    assert "hook" not in found.why
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    sender = WebhookSender("harbour")
    found = sender.deliver(EVENT, url, make_secret(), source="s", trigger="t", deadline=Deadline(PATIENCE_S))
    sender.close()
    assert found == Delivery(200)


def test_a_delivery_is_cancelled_at_once(make_raw, deliver):
    receiver = make_raw(lambda peer: peer.hang())
    cancel = Cancel()
    threading.Thread(target=lambda: (wait_until(lambda: receiver.requests), cancel.set())).start()
    with pytest.raises(InvocationFailed) as caught:
        deliver(receiver.url, cancel=cancel)
    assert caught.value.error.kind == "cancelled"


def test_slow_receivers_hold_nobody_up(make_raw, deliver):
    slow = make_raw(lambda peer: peer.hang())
    cancel = Cancel()

    def wait_in_vain():
        with pytest.raises(InvocationFailed):
            deliver(slow.url, cancel=cancel)

    waiting = [threading.Thread(target=wait_in_vain) for _ in range(40)]
    for thread in waiting:
        thread.start()
    wait_until(lambda: len(slow.requests) == 40)
    assert deliver(make_raw(say(OK)).url).ok
    cancel.set()
    for thread in waiting:
        thread.join()


# When it is sent again


def test_pauses_grow_until_three_days_are_over():
    failed = Delivery(500, "x answered 500.")
    now, tried = 0.0, [0.0]
    for failures in itertools.count(1):
        again = plan_retry(failed, failures, 0.0, now)
        if again is None:
            break
        now = again
        tried.append(now)
    pauses = [after - before for before, after in itertools.pairwise(tried)]
    assert now == GIVEN_UP_S
    assert 4 <= pauses[0] <= 6
    assert all(1.3 < after / before < 3.1 for before, after in itertools.pairwise(pauses[:10]))
    assert max(pauses) <= 1.2 * 7200
    assert 40 < len(tried) < 60
    assert explain_rest(failed, len(tried)).startswith("The receiver took no event for 3 days, in ")
    assert "At last: x answered 500." in explain_rest(failed, len(tried))


def test_a_machine_that_was_off_for_days_tries_for_some_hours_more():
    failed = Delivery(500, "x answered 500.", retry_after=1e9)
    assert plan_retry(failed, 1, 0.0, GIVEN_UP_S + 5.0) == GIVEN_UP_S + 86_405.0
    assert plan_retry(Delivery(500, "x answered 500."), 11, 0.0, GIVEN_UP_S + 5.0) is not None
    assert plan_retry(Delivery(500, "x answered 500."), 12, 0.0, GIVEN_UP_S + 5.0) is None


def test_what_failed_together_comes_back_apart():
    failed = Delivery(None, "no connection.")
    assert len({plan_retry(failed, 10, 0.0, 0.0) for _ in range(50)}) > 40


def test_a_receiver_is_left_alone_for_as_long_as_it_asks_but_not_for_ever():
    assert plan_retry(Delivery(429, "busy", retry_after=5000), 1, 0.0, 100.0) == 5100
    assert plan_retry(Delivery(503, "busy", retry_after=1), 12, 0.0, 100.0) > 5000
    assert plan_retry(Delivery(503, "busy", retry_after=1e9), 1, 0.0, 100.0) == 86_500
    assert plan_retry(Delivery(503, "busy", retry_after=1e9), 9, 0.0, GIVEN_UP_S - 10.0) == GIVEN_UP_S
    assert plan_retry(Delivery(503, "busy"), 5_000, 0.0, 100.0) < 100 + 1.2 * 7201
