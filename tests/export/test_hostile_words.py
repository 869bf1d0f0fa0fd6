"""A manifest whose words try to break out of the files that they are written to, whatever the linter says of it."""

import json
import subprocess
from html.parser import HTMLParser

import markdown_it
import pytest

from connector.export import EXPORTS, RUNNER_URL, load_exporter
from connector.export.n8n.choices import Choices
from connector.export.n8n.names import Names
from connector.export.n8n.widgets import build_parameter
from connector.export.node_red.palette import build_palette, share_parts
from connector.manifest.blocks import Field
from connector.manifest.manifest import Manifest

BREAKING = (
    "</script><img src=x onerror=hit()>\"'`${hit()}\\\n\u2028| a | b |\n\n# [x](javascript:hit()) <b> {{ $json.x }}"
)
FIELDS = ["__proto__", "constructor", "toString", 'a"b><img>', "a'b`${hit()}", "class"]
#: Where a README may lead: to the tool, to its documentation, to the service, and to a runner's own page.
LINKS = {
    "https://n8n.io",
    "https://docs.n8n.io/integrations/community-nodes/",
    "https://harbour.example",
    f"{RUNNER_URL}/docs",
}
LOAD = """\
globalThis.hit = () => { throw new Error('broken out'); };
const { %(name)s } = require('./%(file)s');
const node = new %(name)s();
console.log(JSON.stringify(node.description ?? node.properties));
"""


@pytest.fixture(scope="module")
def hostile():
    harbour = Manifest.load("tests/harbour/manifest.yaml")
    block = harbour.data["blocks"]["listBerths"]
    place = block["input"]["properties"]["place"]
    size = {**block["input"]["properties"]["size"], "title": BREAKING, "description": BREAKING}
    said = {"title": BREAKING, "description": BREAKING}
    fields = {name: {**place, **said} for name in FIELDS}
    blocks = {
        **harbour.data["blocks"],
        "constructor": {
            **block,
            **said,
            "group": "../../../out",
            "input": {"properties": {**fields, "size": size}},
        },
        "../x</script>": {**block, **said, "group": f"../../../OUT{BREAKING}"},
        "__proto__": {**block, **said, "group": "__proto__"},
    }
    triggers = {
        name: {**harbour.data["triggers"]["berthFreed"], **said, "watches": "constructor", "group": "__proto__"}
        for name in ("toString", "../y</script>")
    }
    package = {**harbour.package, "title": f"日本{BREAKING}", "tagline": BREAKING, "description": BREAKING}
    package |= {"command": f"../x{BREAKING}", "keywords": [BREAKING]}
    return Manifest({**harbour.data, "package": package, "blocks": blocks, "triggers": triggers}, harbour.folder)


@pytest.fixture(scope="module", params=EXPORTS)
def written(request, hostile, tmp_path_factory):
    """The folder of an export, with nothing beside it."""
    outside = tmp_path_factory.mktemp("outside")
    folder = outside / "a" / "b" / "c"
    load_exporter(request.param)(hostile, folder)
    assert [path for path in outside.rglob("*") if path.is_file() and folder not in path.parents] == []
    return folder


def find(folder, *endings):
    return [path for path in folder.rglob("*") if path.name.endswith(endings)]


def test_every_json_file_says_what_the_manifest_says(written):
    found = "".join(json.dumps(json.loads(path.read_bytes())) for path in find(written, ".json"))
    assert json.dumps(BREAKING) in found or json.dumps(BREAKING)[1:-1] in found


def test_every_script_is_one(node, written):
    for path in find(written, ".js"):
        done = subprocess.run([node, "--check", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def stub_n8n(folder):
    """What n8n itself brings, as far as a package needs it to be loaded."""
    stub = folder / "node_modules/n8n-workflow"
    stub.mkdir(parents=True)
    (stub / "index.js").write_text("module.exports = { NodeConnectionTypes: { Main: 'main' } };", "utf-8")


class Tags(HTMLParser):
    """The tags and attributes of a page; what stands in its scripts of `text/html` counts as the page's own."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.scripts, self.inner = set(), set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.inner.append(tag == "script" and dict(attrs).get("type"))

    def handle_endtag(self, _tag):
        self.inner.pop()

    def handle_data(self, data):
        if self.inner and self.inner[-1] == "text/html":
            inner = Tags(data)
            self.tags |= inner.tags
            self.attributes |= inner.attributes
        elif self.inner and self.inner[-1]:
            self.scripts.append(data)


def test_a_page_has_no_tag_of_the_manifests(node, open_block, hostile, tmp_path):
    load_exporter("node-red")(hostile, tmp_path)
    page = Tags((tmp_path / "nodes/palette.html").read_text("utf-8"))
    for part in (page, *(Tags(text) for name in hostile.names for text in open_block(hostile, name))):
        assert not part.tags & {"img", "b"}
        assert not [name for name in part.attributes if not name.replace("-", "").isalpha() or name.startswith("on")]
    [script] = page.scripts
    data = script.split("const PALETTE = ")[1].split(';\n\n"use strict"')[0]
    done = subprocess.run(
        [node, "-"], input=f"console.log(JSON.stringify({data}))", capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == json.loads((tmp_path / "nodes/palette.json").read_bytes())
    assert json.loads(done.stdout) == json.loads(json.dumps(share_parts(build_palette(hostile))))


@pytest.mark.parametrize("name", ["node_file", "credential_file"])
def test_what_n8n_loads_says_what_the_manifest_says_and_runs_none_of_it(node, hostile, tmp_path, name):
    load_exporter("n8n")(hostile, tmp_path)
    stub_n8n(tmp_path)
    names = Names.from_manifest(hostile)
    loaded = names.node_class if name == "node_file" else names.credential_class
    code = LOAD % {"name": loaded, "file": getattr(names, name)}
    done = subprocess.run([node, "-"], input=code, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "onerror=hit()" in done.stdout


def test_n8n_works_no_text_of_the_manifest_out(node):
    text = "={{ hit() }} }} {{ hit() }}"
    schema = {"type": "string", "enum": [text], "default": text, "examples": [text]}
    for told in (schema, {key: value for key, value in schema.items() if key != "enum"}):
        field = Field(
            "x", "Select", "X", "What.", required=True, secret=False, documented=True, schema=told, declared=told
        )
        parameter = build_parameter(field, "x", Choices())
        for held in (parameter["default"], *(option["value"] for option in parameter.get("options", ()))):
            inner = held.removeprefix("={{").removesuffix("}}")
            assert not {"{{", "}}"} & {inner[place : place + 2] for place in range(len(inner))}
            done = subprocess.run([node, "-p", inner], capture_output=True, text=True, check=True)
            assert done.stdout == f"{text}\n"


def test_fields_called_like_what_every_object_has_are_sent_only_where_they_are_given(node, hostile, tmp_path):
    load_exporter("n8n")(hostile, tmp_path / "n8n")
    load_exporter("node-red")(hostile, tmp_path / "node-red")
    fields = [{"name": name, "widget": "text", "schema": {}} for name in FIELDS]
    script = """
        const { readArgs } = require('./nodes/values.js');
        const RED = { util: { evaluateNodeProperty: (text, type, node, msg, done) => done(null, text) } };
        const config = JSON.parse('{"arg___proto__": "one", "arg_class": "two"}');
        readArgs(RED, {}, config, { args: JSON.parse('{"constructor": "three"}') }, %s).then(
            (args) => console.log(JSON.stringify(args)));
    """
    command = [node, "-e", script % json.dumps(fields)]
    done = subprocess.run(command, cwd=tmp_path / "node-red", capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"constructor": "three", "__proto__": "one", "class": "two"}
    script = """
        const { runBlocks } = require('./dist/runtime/blocks.js');
        const field = (name) => ({ name, kind: 'text' });
        const more = ['constructor', 'toString', '__proto__'].map((name) => [name, field(name)]);
        const block = { fields: Object.fromEntries([['class', field('class')]]), more: Object.fromEntries(more) };
        const held = { operation: 'run', options: {}, class: 'two', more: JSON.parse('{"__proto__": "one"}') };
        const context = {
            getCredentials: async () => ({ url: 'http://127.0.0.1' }),
            getInputData: () => [0],
            getTimezone: () => 'UTC',
            getNodeParameter: (name) => held[name],
            helpers: { httpRequestWithAuthentication: async (_type, sent) => ({
                statusCode: 200, headers: { 'content-type': 'application/json' }, body: sent.body }) },
        };
        runBlocks(context, { blocks: { run: block } }).then(([[item]]) => console.log(JSON.stringify(item.json)));
    """
    stub_n8n(tmp_path / "n8n")
    command = [node, "-e", script]
    done = subprocess.run(command, cwd=tmp_path / "n8n", capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"class": "two", "__proto__": "one"}


def test_a_readme_is_text_in_tables(written):
    for path in find(written, "README.md"):
        tokens = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").parse(path.read_text("utf-8"))
        kinds = {token.type for token in tokens} | {part.type for token in tokens for part in token.children or ()}
        assert not {kind for kind in kinds if kind.startswith("html")}
        links = [part.attrGet("href") for token in tokens for part in token.children or () if part.type == "link_open"]
        assert set(links) <= LINKS
        headings = [token for token in tokens if token.type == "heading_open"]
        own = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
        assert len(headings) == len(own)
        rows = [token for token in tokens if token.type == "tr_open"]
        cells = [token for token in tokens if token.type in ("td_open", "th_open")]
        assert len(cells) % len(rows) == 0
