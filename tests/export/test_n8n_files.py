"""Text files in the n8n package: one of an item is sent as it is, and one that a block makes stands beside its item."""

import base64
import json
import subprocess

import pytest

from connector.export import load_exporter
from connector.export.n8n.forms import Forms
from connector.manifest.manifest import Manifest

MANIFEST = Manifest.load()
TEXT = "Titel;Interpret\r\nJóga;Björk\r\n".encode("utf-16")
#: Runs a block as n8n does, for one item that may have a file; tells what was sent, and what it gave.
RUN = """
const { runBlocks } = require('./blocks.js');
const palette = require('./palette.json');
const story = JSON.parse(process.argv[1]);
const sent = [];
const context = {
    getCredentials: async () => ({ url: 'http://runner.test', connection: 'me' }),
    getInputData: () => [{ json: {}, binary: story.file && { data: { mimeType: 'text/csv' } } }],
    getNodeParameter: (name, index, fallback) => story.form[name] ?? fallback,
    getTimezone: () => 'Europe/Stockholm',
    continueOnFail: () => false,
    helpers: {
        getBinaryDataBuffer: async (index, name) => Buffer.from(story.file, 'base64'),
        prepareBinaryData: async (content, fileName, mimeType) => ({ text: content.toString(), fileName, mimeType }),
        httpRequestWithAuthentication: async (type, request) => {
            sent.push(request.body);
            return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: story.answer };
        },
    },
};
runBlocks(context, palette).then(([items]) => process.stdout.write(JSON.stringify({ sent, items })));
"""


@pytest.fixture(scope="module")
def run(node, tmp_path_factory):
    """What a block sent, and its items."""
    folder = tmp_path_factory.mktemp("package")
    load_exporter("n8n")(MANIFEST, folder)
    stand_in = folder / "node_modules" / "n8n-workflow" / "index.js"
    stand_in.parent.mkdir(parents=True)
    stand_in.write_text("module.exports = {};", "utf-8")

    def invoke(block, answer, content=None, **form):
        story = {"form": {"operation": block, **form}, "answer": answer, "file": content}
        command = [node, "-e", RUN, json.dumps(story)]
        done = subprocess.run(command, cwd=folder / "dist/runtime", capture_output=True, text=True, check=True)
        told = json.loads(done.stdout)
        return told["sent"][0], told["items"]

    return invoke


@pytest.mark.each(("held", "given"), [("data", f"data:;base64,{base64.b64encode(TEXT).decode()}"), ("a\nb", "a\nb")])
def test_a_file_of_the_item_is_sent_with_all_its_bytes_and_a_text_as_it_is(run, held, given):
    sent, [item] = run("importPlaylist", {"kept": 1}, base64.b64encode(TEXT).decode(), file=held, target="Copy")
    assert (sent["file"], sent["target"]) == (given, "Copy")
    assert "binary" not in item


def test_a_file_that_a_block_makes_stands_beside_its_item(run):
    made = {"name": "Likes.csv", "type": "text/csv; charset=utf-8", "text": "Titel\r\nJóga\r\n"}
    _, [item] = run("exportPlaylist", made, playlist="Likes")
    assert item["json"]["name"] == "Likes.csv"
    assert item["binary"] == {"data": {"text": made["text"], "fileName": "Likes.csv", "mimeType": "text/csv"}}


def test_what_an_import_left_out_stands_beside_its_item(run):
    left = {"name": "Copy left out.csv", "type": "text/csv; charset=utf-8", "text": "Title,Why\r\nNo such song,…\r\n"}
    _, [item] = run("importPlaylist", {"kept": 1, "not_imported": left}, file="No such song", target="Copy")
    assert item["binary"] == {"data": {"text": left["text"], "fileName": left["name"], "mimeType": "text/csv"}}
    _, [item] = run("importPlaylist", {"kept": 1, "not_imported": None}, file="Every River", target="Copy")
    assert "binary" not in item


def test_the_form_has_room_for_a_text():
    [field] = [each for each in Forms(MANIFEST).parameters if each["name"] == "file"]
    assert field["typeOptions"] == {"rows": 4}
