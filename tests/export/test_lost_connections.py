"""The palettes' calls where a connection ends before the answer: what may be repeated is, and a write says so."""

import json
import socket
import subprocess
from pathlib import Path

import pytest

from connector.export import load_package_builder
from connector.manifest.manifest import Manifest

ROOT = Path(__file__).resolve().parents[2]
DOUBT = "may have taken effect all the same"


@pytest.fixture
def run_script(node, tmp_path):
    """`run_script(palette, script, *values)`: what a script beside a palette's files prints, as JSON."""

    def run(palette, script, *values):
        for name, content in load_package_builder(palette)(Manifest.load(ROOT / "manifest.yaml")).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
        stub = tmp_path / "node_modules" / "n8n-workflow" / "index.js"
        stub.parent.mkdir(parents=True)
        stub.write_text(N8N_ERRORS, "utf-8")
        given = f"const GIVEN = {json.dumps(values)};"
        done = subprocess.run(
            [node, "-e", given + script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


#: What n8n's errors hold of what they are given.
N8N_ERRORS = """\
class Failed extends Error {
    constructor(_node, _cause, options) {
        super(options.message);
        Object.assign(this, { description: options.description, context: {} });
    }
}
module.exports = { NodeApiError: Failed, NodeOperationError: Failed };
"""

BY_NODE_RED = """\
const { startCall } = require("./nodes/runner.js");
const [url, timeout, calls] = GIVEN;
const runner = { url, timeout, agent: "test", program: "serve" };
const call = (isRead) => startCall(runner, { method: "POST", path: "blocks/x", isRead, body: {} }).answer.then(
    (answer) => answer,
    (problem) => problem.toProblem()
);
(async () => {
    const found = [];
    for (const isRead of calls) {
        found.push(await call(isRead));
        // The socket goes back to its agent in a later turn.
        await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(JSON.stringify(found));
})();
"""


def answer_once_a_connection(server):
    """Each connection answers its first request, and ends at the second one as if it had just been closed for idling.
    Gives the list of the connections by which requests came."""
    came = []

    def answer(_seen):
        def write(handler):
            is_first = handler.client_address not in came
            came.append(handler.client_address)
            if not is_first:
                handler.close_connection = True
                handler.connection.shutdown(socket.SHUT_RDWR)
                return
            handler.send_response(200)
            handler.send_header("Content-Length", "2")
            handler.end_headers()
            handler.wfile.write(b"{}")

        return write

    server.answer = answer
    return came


def test_a_read_that_met_a_closing_connection_is_repeated_on_a_new_one(run_script, server):
    came = answer_once_a_connection(server)
    assert run_script("node-red", BY_NODE_RED, server.url, 30, [True, True]) == [{}, {}]
    assert len(came) == 3
    assert came[0] == came[1] != came[2]


def test_a_write_takes_no_connection_that_was_idle(run_script, server):
    came = answer_once_a_connection(server)
    assert run_script("node-red", BY_NODE_RED, server.url, 30, [True, False, False]) == [{}, {}, {}]
    assert len(set(came)) == 3


def break_off(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def break_off_midway(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "20")
    handler.end_headers()
    handler.wfile.write(b"{")
    break_off(handler)


def say_nothing(server):
    return lambda _handler: server.stopping.wait(30)


def test_a_write_without_an_answer_says_that_it_may_have_happened(run_script, server):
    for answer in (break_off, break_off_midway):
        server.queue += [answer, answer]
    server.queue.append((504, {"Content-Type": "text/html"}, b"<h1>504 Gateway Time-out</h1>"))
    calls = [False, True, False, True, False]
    found = run_script("node-red", BY_NODE_RED, server.url, 30, calls)
    assert [problem.get("is_uncertain", False) for problem in found] == [True, False, True, False, True]
    assert [DOUBT in problem["message"] for problem in found] == [True, False, True, False, True]


def test_a_write_whose_answer_takes_too_long_says_so_too(run_script, server):
    server.queue.append(say_nothing(server))
    [problem] = run_script("node-red", BY_NODE_RED, server.url, 1, [False])
    assert (problem["kind"], problem["is_uncertain"]) == ("timeout", True)


def test_a_write_that_was_never_sent_did_not_happen(run_script):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    [problem] = run_script("node-red", BY_NODE_RED, url, 30, [False])
    assert "can't be reached" in problem["message"]
    assert "is_uncertain" not in problem


def test_an_answer_of_the_runner_s_own_speaks_for_itself(run_script, server):
    server.queue.append((404, {}, {"kind": "not_found", "detail": "No such thing."}))
    [problem] = run_script("node-red", BY_NODE_RED, server.url, 30, [False])
    assert (problem["message"], "is_uncertain" in problem) == ("No such thing.", False)


BY_N8N = """\
const { runBlocks } = require("./dist/runtime/blocks.js");
const [operation, answers] = GIVEN;
let asked = 0;
const context = {
    getCredentials: async () => ({ url: "http://127.0.0.1:8800", connection: "alice" }),
    getInputData: () => [{}],
    getNodeParameter: (name, _item, otherwise) => ({ operation })[name] ?? otherwise,
    getTimezone: () => "UTC",
    getNode: () => ({}),
    continueOnFail: () => true,
    helpers: {
        httpRequestWithAuthentication: async () => {
            asked += 1;
            const answer = answers.shift();
            if (typeof answer === "string") throw Object.assign(new Error(answer), { code: answer });
            return answer;
        },
    },
};
runBlocks(context, require("./dist/runtime/palette.json")).then(([[item]]) => {
    console.log(JSON.stringify({ asked, ...item.json }));
});
"""
FINE = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": {"id": "me"}}
STRANGE = {"statusCode": 502, "headers": {"content-type": "text/html"}, "body": "<h1>502</h1>"}
READ, WRITE = "getCurrentUserProfile", "followArtist"


@pytest.mark.parametrize(
    ("block", "output"), [("getUserSavedTracks", {"items": [None, {"id": "me"}]}), (READ, {"id": "me"})]
)
def test_n8n_gives_no_item_for_a_null_in_a_page(run_script, block, output):
    assert run_script("n8n", BY_N8N, block, [{**FINE, "body": output}]) == {"asked": 1, "id": "me"}


@pytest.mark.parametrize("code", ["ECONNRESET", "EPIPE"])
def test_n8n_repeats_a_read_once(run_script, code):
    assert run_script("n8n", BY_N8N, READ, [code, FINE]) == {"asked": 2, "id": "me"}


@pytest.mark.parametrize(
    ("block", "answers", "asked", "is_uncertain"),
    [
        (READ, ["ECONNRESET", "ECONNRESET", FINE], 2, False),
        (READ, ["ECONNREFUSED", FINE], 1, False),
        (WRITE, ["ECONNRESET", FINE], 1, True),
        (WRITE, ["ECONNABORTED", FINE], 1, True),
        (WRITE, ["no such code", FINE], 1, True),
        (WRITE, ["ECONNREFUSED", FINE], 1, False),
        (WRITE, ["ENOTFOUND", FINE], 1, False),
        (WRITE, ["DEPTH_ZERO_SELF_SIGNED_CERT", FINE], 1, False),
        (WRITE, [STRANGE, FINE], 1, True),
        (WRITE, [{**STRANGE, "statusCode": 404}, FINE], 1, False),
        (READ, [STRANGE, FINE], 1, False),
    ],
    ids=str,
)
def test_n8n_says_of_a_write_that_it_may_have_happened(run_script, block, answers, asked, is_uncertain):
    told = run_script("n8n", BY_N8N, block, answers)
    assert told["asked"] == asked
    assert told["details"].get("is_uncertain", False) is is_uncertain
    assert (DOUBT in told["details"].get("description", "")) is is_uncertain


@pytest.mark.parametrize("palette", ["n8n", "node-red"])
def test_a_palette_knows_what_only_reads(palette, manifest):
    files = load_package_builder(palette)(manifest)
    [content] = [content for name, content in files.items() if name.endswith("/palette.json")]
    blocks = json.loads(content)["blocks"]
    entries = {entry["name"]: entry for entry in blocks} if isinstance(blocks, list) else blocks
    reads = {name for name, entry in entries.items() if entry["isRead"]}
    assert reads == {block.name for block in manifest if block.effect == "read"}
