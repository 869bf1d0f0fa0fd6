"""What a service says and JSON can't carry: the MCP server answers on, and what leaves is JSON."""

import json
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("spotify-blocks")
REST = b'"id": "jane", "type": "user", "uri": "spotify:user:jane", "display_name": '
#: What the service says, and what the block gives: its name, or the error's kind.
SAID = {
    "half a surrogate": (200, b"{" + REST + b'"a\\ud800b"}', "a\ufffdb"),
    "half a surrogate in a key": (200, b"{" + REST + b'"a", "\\udc00": 1}', "a"),
    "a number without end": (200, b"{" + REST + b'"a", "followers": 1e999}', "bad_answer"),
    "no number": (200, b"{" + REST + b'"a", "followers": NaN}', "bad_answer"),
    "half a surrogate in an error": (400, b'{"error": {"status": 400, "message": "a\\ud800b"}}', "bad_request"),
    "no number in an error": (400, b'{"error": {"status": 400, "message": "a", "more": NaN}}', "bad_request"),
}


@pytest.fixture
def say(server):
    def answer(status, content):
        server.answer = lambda _seen: (status, {}, content)

    return answer


@pytest.mark.parametrize("name", SAID)
def test_what_leaves_is_json(connect, say, name):
    status, content, expected = SAID[name]
    say(status, content)
    result = connect().invoke("getCurrentUserProfile", {"access_token": "t"})
    text = json.dumps(result.envelope(), ensure_ascii=False, allow_nan=False).encode().decode()
    assert json.loads(text) == result.envelope()
    assert (result.output["display_name"] if result.ok else result.error.kind) == expected


def test_the_mcp_server_answers_on(open_mcp, server, say):
    words = [COMMAND, "mcp", "--server", f"api={server.url}"]
    with open_mcp(words, CONNECTOR_ACCESS_TOKEN="t", CONNECTOR_SERVER_ACCOUNTS=server.url) as client:
        for status, content, expected in SAID.values():
            say(status, content)
            answer = client.call("getCurrentUserProfile", {})
            told = answer.content[0].text if answer.is_error else json.loads(answer.content[0].text)["display_name"]
            assert told == expected or (answer.is_error and "getCurrentUserProfile: " in told)
