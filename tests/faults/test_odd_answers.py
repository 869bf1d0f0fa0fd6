"""Answers that are unusual and all the same good: they are read as what they are, and the next answer as the next."""

import gzip

import pytest

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
FINE = {"id": "jane"}
JSON = b'{"id": "jane"}'
PACKED = gzip.compress(JSON[:5]) + gzip.compress(JSON[5:])
LENGTH = b"Content-Length: 14\r\n"
OK = HEAD + LENGTH + b"\r\n" + JSON


def say(*parts, is_last=False):
    def play(peer):
        for part in parts:
            peer.say(part)
        if is_last:
            peer.sock.shutdown(2)

    return play


#: name: (what the server says, the output)
ODD = {
    "in one go": (OK, FINE),
    "after 100": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, FINE),
    "after 102": (b"HTTP/1.1 102 Processing\r\n\r\n" + OK, FINE),
    "after two hints": (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 2 + OK, FINE),
    "in chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\nd\r\n" + JSON[1:] + b"\r\n0\r\n\r\n", FINE),
    "in chunks with more to say": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\ne;a=b\r\n" + JSON + b"\r\n0\r\nX-End: x\r\n\r\n",
        FINE,
    ),
    "with lines ended by LF": (OK.replace(b"\r\n", b"\n"), FINE),
    "with the length twice": (HEAD + LENGTH + LENGTH + b"\r\n" + JSON, FINE),
    "with a folded header": (HEAD + b"X-Folded: a\r\n b\r\n" + LENGTH + b"\r\n" + JSON, FINE),
    "with a header that is none": (HEAD + LENGTH + b"what is this\r\n\r\n" + JSON, FINE),
    "with a cookie": (HEAD + b"Set-Cookie: session=1; Path=/\r\n" + LENGTH + b"\r\n" + JSON, FINE),
    "without a reason": (OK.replace(b"200 OK", b"200"), FINE),
    "with a mark of the byte order": (HEAD + b"Content-Length: 17\r\n\r\n\xef\xbb\xbf" + JSON, FINE),
    "with a key twice": (HEAD + b'Content-Length: 27\r\n\r\n{"id": "joe", "id": "jane"} ', FINE),
    "empty": (HEAD + b"Content-Length: 0\r\n\r\n", {}),
    "blank": (HEAD + b"Content-Length: 2\r\n\r\n\r\n", {}),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", {}),
    "204 with a length": (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", {}),
    "204 with a body": (b"HTTP/1.1 204 No Content\r\n" + LENGTH + b"\r\n" + JSON, {}),
    "204 in chunks": (b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {}),
    "201": (OK.replace(b"200 OK", b"201 Created"), FINE),
    "packed in parts": (HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED) + PACKED, FINE),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_is_read(make_raw, call, name):
    said, output = ODD[name]
    server = make_raw(say(said))
    outcome = call(server.url)
    assert (outcome.output, outcome.error, len(server.requests)) == (output, None, 1)


@pytest.mark.parametrize("name", ODD)
def test_the_next_answer_is_the_next_answer(make_raw, call_steps, name):
    server = make_raw(say(ODD[name][0]), say(OK.replace(b"jane", b"john")))
    call_steps(server.url)
    assert call_steps(server.url).output == {"id": "john"}
    assert b"Cookie" not in server.requests[1]


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\n", id="HTTP/1.0"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 14\r\n\r\n", id="HTTP/1.0 with length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", id="close"),
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 14\r\n\r\n", id="close with length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", id="junk for a length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", id="length below zero"),
    ],
)
def test_an_answer_may_end_with_the_connection(make_raw, call_steps, head):
    server = make_raw(say(head + JSON, is_last=True))
    assert [call_steps(server.url).output for _ in range(2)] == [FINE, FINE]
    assert (len(server.requests), server.connections) == (2, 2)


@pytest.mark.parametrize("announced", [LENGTH, b"Transfer-Encoding: chunked\r\n"], ids=["length", "chunks"])
def test_a_body_announced_where_none_can_be_is_not_taken_for_the_next_answer(make_raw, call_steps, announced):
    """It may still come, so the connection is not used again."""
    server = make_raw(say(b"HTTP/1.1 204 No Content\r\n" + announced + b"\r\n"), say(OK))
    assert [call_steps(server.url).output for _ in range(2)] == [{}, FINE]
    assert server.connections == 2


def test_more_than_the_length_is_not_taken_for_the_next_answer(make_raw, call_steps):
    server = make_raw(say(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), say(OK))
    assert [call_steps(server.url).output for _ in range(2)] == [FINE, FINE]
