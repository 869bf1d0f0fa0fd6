"""The MCP server on standard input and output, by what is written there: lines that are none, and how it ends."""

import json
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("spotify-blocks")
PING = {"jsonrpc": "2.0", "id": 99, "method": "ping"}
PONG = {"jsonrpc": "2.0", "id": 99, "result": {}}


def write(message):
    return json.dumps(message).encode() + b"\n"


OPENING = write(
    {
        "jsonrpc": "2.0",
        "id": 0,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }
) + write({"jsonrpc": "2.0", "method": "notifications/initialized"})


def call(tool, args, request_id=1):
    params = {"name": tool, "arguments": {"access_token": "a-token", **args}}
    return write({"jsonrpc": "2.0", "id": request_id, "method": "tools/call", "params": params})


class Talk:
    """One client's talk with a server of its own; `read` gives its next message."""

    def __init__(self, process):
        self.process = process

    def say(self, line):
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def read(self):
        line = self.process.stdout.readline()
        return json.loads(line, parse_constant=pytest.fail)


@pytest.fixture
def talk(server):
    @contextmanager
    def begin():
        words = [COMMAND, "mcp", "--all", f"--server=api={server.url}", f"--server=accounts={server.url}"]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            talk = Talk(process)
            talk.say(OPENING)
            assert talk.read()["id"] == 0
            yield talk
            if not process.stdin.closed:
                process.stdin.close()
            assert process.wait(60) in (0, -signal.SIGTERM, -signal.SIGINT)
            assert process.stderr.read() == b""

    return begin


LONG = call("getUserTopTracks", {"time_range": "x" * 10_000_000})
#: What is written, and the id and the code of the error that answers it.
UNREADABLE = [
    (b"{nonsense\n", None, -32700),
    (b"x" * 10_000_000 + b"\n", None, -32700),
    (b"\xff\xfe\n", None, -32700),
    (b"\x00\n", None, -32700),
    (b"[" * 100_000 + b"\n", None, -32700),
    (b'{"jsonrpc": "2.0", "id": 7, "method": "ping", "params": {"_meta": {"a": "\\ud800"}}}\n', 7, -32700),
    (b'{"jsonrpc": "2.0", "id": ' + b"9" * 5_000 + b', "method": "ping"}\n', None, -32700),
    (b'{"jsonrpc": "1.0", "id": "seven", "method": "ping"}\n', "seven", -32600),
    (b'{"jsonrpc": "2.0", "id": 7}\n', 7, -32600),
    (b"[]\n", None, -32600),
    (b"5\n", None, -32600),
    (write({"jsonrpc": "2.0", "id": 7, "method": "nothing/here"}), 7, -32601),
    (write({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": ["a"]}}), 7, -32602),
    (write({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "getNothing"}}), 7, -32602),
]


def test_each_line_is_answered_and_ends_nothing(talk):
    with talk() as client:
        for line, request_id, code in UNREADABLE:
            client.say(line)
            answer = client.read()
            assert (answer["id"], answer["error"]["code"]) == (request_id, code), line[:80]
            assert len(json.dumps(answer)) < 1000
        client.say(b"\n\r\n" + write(PING))
        assert client.read() == PONG


#: What stands where a number belongs.
VALUES = ["NaN", "1e999", "-Infinity", "9" * 400, '"' + "x" * 10_000_000 + '"']
BODIES = [b'{"id": "\\ud800"}', b'{"id": NaN}', b'{"id": 1e999}', b'{"id": "\xff"}', b"\x00"]


def test_values_that_json_doesn_t_have_and_long_ones_are_errors_of_the_tool(talk, server):
    with talk() as client:
        for value in VALUES:
            client.say(call("getUserTopTracks", {"max_items": "VALUE"}).replace(b'"VALUE"', value.encode()))
            answer = client.read()
            assert (answer["id"], answer["result"]["isError"]) == (1, True), value[:80]
            assert len(json.dumps(answer)) < 10_000
    assert server.requests == []


def test_what_the_service_says_leaves_as_json_or_as_an_error(talk, server):
    with talk() as client:
        for body in BODIES:
            server.answer = lambda _seen, body=body: (200, {"Content-Type": "application/json"}, body)
            client.say(call("getCurrentUserProfile", {}))
            assert client.read()["id"] == 1, body
        client.say(write(PING))
        assert client.read() == PONG


@pytest.fixture
def held(server):
    """A service that has begun to answer a write, and goes on when it is told to; `outcomes` is what became of that."""
    begun, go_on, outcomes = threading.Event(), threading.Event(), []

    def answer(_seen):
        begun.set()
        go_on.wait(60)

        def finish(handler):
            # What was cut off is closed from the other side.
            handler.connection.setblocking(False)
            try:
                outcomes.append("cut off" if handler.connection.recv(1) == b"" else "more")
            except BlockingIOError:
                outcomes.append("whole")
            handler.connection.setblocking(True)
            handler.send_response(200)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        return finish

    server.answer = answer
    yield begun, go_on, outcomes
    go_on.set()


SAVE = call("saveTrack", {"id": "4iV5W9uYEdYUVa79Axb7Rh"})


def test_a_write_under_way_is_finished_and_answered_though_the_client_cancels_it(talk, held):
    begun, go_on, outcomes = held
    with talk() as client:
        client.say(SAVE)
        assert begun.wait(30)
        client.say(write({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}))
        client.say(write(PING))
        assert client.read() == PONG
        go_on.set()
        answer = client.read()
        assert (answer["id"], answer["result"].get("isError", False)) == (1, False)
    assert outcomes == ["whole"]


def test_a_write_under_way_is_finished_though_the_client_leaves(talk, held):
    begun, go_on, outcomes = held
    with talk() as client:
        client.say(SAVE)
        assert begun.wait(30)
        client.process.stdin.close()
        with pytest.raises(subprocess.TimeoutExpired):
            client.process.wait(1)
        go_on.set()
        assert client.process.wait(60) == 0
    assert outcomes == ["whole"]


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_a_write_under_way_is_finished_and_answered_before_a_signal_ends_it(talk, held, which):
    begun, go_on, outcomes = held
    with talk() as client:
        client.say(SAVE)
        assert begun.wait(30)
        client.process.send_signal(which)
        client.say(SAVE.replace(b'"id": 1,', b'"id": 2,'))
        refused = client.read()
        assert (refused["id"], refused["result"]["isError"]) == (2, True)
        go_on.set()
        answer = client.read()
        assert (answer["id"], answer["result"].get("isError", False)) == (1, False)
        assert client.process.wait(60) == -which
    assert outcomes == ["whole"]


def test_a_second_signal_ends_it_at_once(talk, held):
    begun, _, outcomes = held
    with talk() as client:
        client.say(SAVE)
        assert begun.wait(30)
        client.process.send_signal(signal.SIGTERM)
        client.say(SAVE)
        client.read()
        client.process.send_signal(signal.SIGTERM)
        assert client.process.wait(60) == -signal.SIGTERM
    assert outcomes == []


def test_a_read_under_way_holds_up_no_end(talk, held):
    begun, _, _ = held
    with talk() as client:
        client.say(call("getCurrentUserProfile", {}))
        assert begun.wait(30)
        client.process.stdin.close()
        assert client.process.wait(60) == 0


def test_a_client_that_reads_no_more_is_an_end_without_a_word(talk):
    with talk() as client:
        client.process.stdout.close()
        client.say(write(PING))
        client.process.stdin.close()
        assert client.process.wait(60) == 0
