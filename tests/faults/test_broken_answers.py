"""Whatever a server says, a call ends in time, with the right kind of error, and gives no secret away.

Each fault is played for every try. `tries` says how often a request that may be repeated is sent: four times where
another try may help, once where it can't or where no time is left.
"""

import gc
import gzip
import tracemalloc
import zlib
from itertools import repeat

import pytest

import connector.wire.transport

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
FINE = {"id": "jane"}
JSON = b'{"id": "jane"}'
OK = HEAD + b"Content-Length: 14\r\n\r\n" + JSON


def say(*parts, then="close"):
    """A play that says `parts` and ends: by `close`, `reset`, `hang`, or `keep` to await the next request."""

    def play(peer):
        for part in parts:
            peer.say(part)
        if then == "close":
            peer.sock.shutdown(2)
        elif then != "keep":
            getattr(peer, then)()

    return play


def answer(content, *headers, status=b"200 OK", length=None):
    """A play that says one answer and keeps the connection."""
    length = len(content) if length is None else length
    lines = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % length, b"", content]
    return say(b"\r\n".join(lines), then="keep")


def drip(head, content):
    def play(peer):
        peer.say(head)
        peer.drip(content)

    return play


def pour(head, content):
    def play(peer):
        peer.say(head)
        peer.pour(content)

    return play


def chunked(*chunks):
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(chunks)


def pack_truncated(content):
    return gzip.compress(content)[:-12]


def pack_with_wrong_sum(content):
    return gzip.compress(content)[:-8] + bytes(8)


GZIP = b"Content-Encoding: gzip"

#: name: (what the server does, the kind, how often a request that may be repeated is sent)
FAULTS = {
    "hangs up": (say(), "network", 4),
    "resets": (say(then="reset"), "network", 4),
    "resets in the status line": (say(b"HTTP/1.1 20", then="reset"), "network", 4),
    "resets in the head": (say(HEAD, then="reset"), "network", 4),
    "hangs up in the head": (say(HEAD), "network", 4),
    "resets in the body": (say(HEAD, b'Content-Length: 14\r\n\r\n{"id"', then="reset"), "network", 4),
    "hangs up in the body": (say(HEAD, b'Content-Length: 14\r\n\r\n{"id"'), "network", 4),
    "hangs up before the body": (say(HEAD, b"Content-Length: 14\r\n\r\n"), "network", 4),
    # Whether a kept connection ends before its next use is chance, so this one is not kept.
    "says too small a length": (say(HEAD, b"Connection: close\r\nContent-Length: 7\r\n\r\n", JSON), "bad_answer", 4),
    "says two lengths": (say(HEAD, b"Content-Length: 14\r\nContent-Length: 15\r\n\r\n", JSON), "bad_answer", 4),
    "cuts a chunk": (say(chunked(b'ff\r\n{"id"')), "network", 4),
    "cuts between chunks": (say(chunked(b"e\r\n", JSON, b"\r\n")), "network", 4),
    "says no size of a chunk": (say(chunked(b"size\r\n")), "network", 4),
    # What reads on until nothing more comes waits for the deadline.
    "says a size below zero": (say(chunked(b"-1\r\n", JSON), then="hang"), "network", 4),
    "says an endless size of a chunk": (pour(chunked(), b"0" * 70_000), "network", 4),
    "says a huge size of a chunk": (say(chunked(b"f" * 30 + b"\r\n", JSON)), "network", 4),
    "speaks no HTTP": (say(b"220 mail.example ESMTP\r\n"), "bad_answer", 4),
    "speaks TLS": (say(b"\x15\x03\x01\x00\x02\x02\x16"), "bad_answer", 4),
    "has no status": (say(b"HTTP/1.1 OK\r\n\r\n"), "bad_answer", 4),
    "has too long a header": (say(HEAD, b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n"), "bad_answer", 4),
    "has a status line without end": (pour(b"HTTP/1.1 200 ", b"O" * 70_000), "bad_answer", 4),
    "has headers without end": (pour(HEAD, b"X-More: x\r\n"), "bad_answer", 4),
    "keeps on announcing": (pour(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "bad_answer", 4),
    "keeps on hinting": (pour(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), "bad_answer", 4),
    "is no JSON": (answer(b"<html>Sign in to the network</html>", b"Content-Type: text/html"), "bad_answer", 4),
    "is half of a JSON": (answer(b'{"id": "ja'), "bad_answer", 4),
    "is no UTF-8": (answer(b'{"id": "\xff\xfe\xfd"}'), "bad_answer", 4),
    "nests too deep": (answer(b"[" * 200_000 + b"]" * 200_000), "bad_answer", 4),
    "nests too deep in an error": (answer(b"[" * 200_000, status=b"400 Bad Request"), "bad_request", 1),
    "has too many digits": (answer(b'{"id": ' + b"9" * 100_000 + b"}"), "bad_answer", 4),
    "is no gzip": (answer(JSON, GZIP), "bad_answer", 4),
    "is half of a gzip": (answer(pack_truncated(JSON), GZIP), "bad_answer", 4),
    "has a wrong sum": (answer(pack_with_wrong_sum(JSON), GZIP), "bad_answer", 4),
    "is in a packing that was not asked for": (
        answer(b"\x0b\x06\x80" + JSON, b"Content-Encoding: br"),
        "bad_answer",
        4,
    ),
    "is packed too often": (answer(JSON, b"Content-Encoding: " + b", ".join([b"gzip"] * 9)), "bad_answer", 4),
    "says that nothing changed": (answer(b"", status=b"304 Not Modified"), "bad_answer", 1),
    "sends a part that was not asked for": (
        answer(b'{"id": "jane"}', b"Content-Range: bytes 0-13/99", status=b"206 Partial Content"),
        "bad_answer",
        4,
    ),
    "says another protocol": (say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "bad_answer", 4),
    "says that it is busy": (answer(b"", status=b"503 Service Unavailable"), "server_error", 4),
    "says that it failed": (answer(JSON, status=b"500 Internal Server Error"), "server_error", 4),
    "has no way to the service": (answer(b"<html>", status=b"502 Bad Gateway"), "server_error", 4),
    "has waited too long": (answer(b"", status=b"504 Gateway Timeout"), "server_error", 4),
    "can't do that": (answer(b"", status=b"501 Not Implemented"), "server_error", 1),
    "has a status of its own": (answer(b"", status=b"599 Whatever"), "server_error", 1),
    "wants less": (answer(b"", status=b"413 Content Too Large"), "bad_request", 1),
}


@pytest.fixture(autouse=True)
def leave_no_garbage(request):
    """Whatever other tests left behind is not finalised in the depth of what nests too deep."""
    if "too deep" in request.node.name:
        gc.collect()


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_answer_is_an_error_of_its_kind(make_raw, call, name):
    play, kind, _ = FAULTS[name]
    assert call(make_raw(play).url).kind == kind


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_answer_is_asked_for_again_where_that_may_help(make_raw, call_steps, name):
    play, _, tries = FAULTS[name]
    server = make_raw(play)
    outcome = call_steps(server.url)
    assert (len(server.requests), outcome.meta.requests, outcome.meta.retries) == (tries, tries, tries - 1)
    assert ("It was tried 4 times." in outcome.error.message) == (tries == 4)


@pytest.mark.parametrize("name", FAULTS)
def test_what_must_not_happen_twice_is_sent_once(make_raw, call_steps, name):
    play, kind, _ = FAULTS[name]
    server = make_raw(play)
    outcome = call_steps(server.url, is_repeatable=False)
    assert (outcome.kind, len(server.requests), outcome.meta.retries) == (kind, 1, 0)


@pytest.mark.parametrize("name", FAULTS)
def test_one_broken_answer_is_made_good_by_the_next(make_raw, call_steps, name):
    play, kind, tries = FAULTS[name]
    outcome = call_steps(make_raw(play, say(OK, then="keep")).url)
    assert (outcome.output, outcome.kind, outcome.meta.retries) == ((FINE, None, 1) if tries > 1 else (None, kind, 0))


#: Servers that take their time: what they do, which only the deadline ends.
SLOW = {
    "says nothing": lambda peer: peer.hang(),
    "says half of the head": say(HEAD, then="hang"),
    "says half of the body": say(HEAD, b'Content-Length: 14\r\n\r\n{"id"', then="hang"),
    "says half of a chunk": say(chunked(b'ff\r\n{"id"'), then="hang"),
    "drips the status line": drip(b"HTTP/1.1 200 ", b"O"),
    "drips a header": drip(HEAD + b"X-Slow: ", b"x"),
    "drips headers": drip(HEAD, b"X-Slow: x\r\n"),
    "drips the body": drip(HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
    "drips a body without length": drip(HEAD + b"Connection: close\r\n\r\n", b"x"),
    "drips chunks": drip(chunked(), b"1\r\nx\r\n"),
    "drips the end of the chunks": drip(chunked(b"e\r\n", JSON, b"\r\n0\r\n"), b"X-End: x\r\n"),
    "drips a packed body": drip(HEAD + GZIP + b"\r\nContent-Length: 100000\r\n\r\n" + gzip.compress(JSON)[:10], b"\0"),
    "pours empty packings": pour(HEAD + GZIP + b"\r\nContent-Length: 9999999999\r\n\r\n", gzip.compress(b"") * 1000),
    "pours ends of chunks": pour(chunked(b"e\r\n", JSON, b"\r\n0\r\n"), b"X-End: x\r\n" * 1000),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_answer_ends_at_the_deadline(make_raw, call, name):
    server = make_raw(SLOW[name])
    outcome = call(server.url, timeout=0.5)
    assert outcome.kind == "timeout"
    assert outcome.took_s >= 0.5
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", SLOW)
def test_the_end_of_the_whole_holds_where_the_stall_limit_would_not(make_raw, call_steps, check, name):
    assert check(call_steps(make_raw(SLOW[name]).url, timeout=60, total=0.5)).kind == "timeout"


@pytest.mark.parametrize(
    ("head", "content"),
    [
        pytest.param(b"Content-Length: 99999999999\r\n\r\n", b"x" * 65_536, id="length"),
        pytest.param(b"Connection: close\r\n\r\n", b"x" * 65_536, id="no length"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n", id="chunks"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n", b"x" * 65_536, id="one chunk"),
    ],
)
def test_a_body_without_end_is_read_up_to_the_limit_and_not_asked_for_again(make_raw, call, head, content):
    server = make_raw(pour(HEAD + head, content))
    outcome = call(server.url)
    assert (outcome.kind, len(server.requests)) == ("bad_answer", 1)
    assert "the answer is larger than 32 MiB" in outcome.error.message


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_a_bomb_is_not_unpacked_further_than_the_limit(make_raw, call, encoding):
    packer = zlib.compressobj(wbits=31 if "gzip" in encoding else 15)
    bomb = b"".join(map(packer.compress, repeat(bytes(2**20), 160))) + packer.flush()
    if encoding == "gzip, gzip":
        bomb = gzip.compress(bomb)
    server = make_raw(answer(bomb, b"Content-Encoding: " + encoding.encode()))
    tracemalloc.start()
    try:
        outcome = call(server.url)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (outcome.kind, len(server.requests)) == ("bad_answer", 1)
    # The list of bytes grows by an eighth at a time, and is copied when it does.
    assert peak < 3 * connector.wire.transport.BODY_LIMIT
