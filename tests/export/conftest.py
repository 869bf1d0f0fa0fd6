"""The Node.js in which the JavaScript of the palettes is tried."""

import json
import re
import subprocess
from functools import cache
from html import unescape

import pytest
from builders.provision import CannotInstall, find_node
from giving_up import give_up

from connector.export.handwritten import read_file
from connector.export.node_red import build_package
from connector.export.node_red.palette import build_service

SCRIPT = """\
const module = {};
%s
process.stdout.write(JSON.stringify(%s) ?? "null");
"""

#: Runs the script of a palette's page, with as much of an editor around it as it needs to complete forms and helps.
EDITOR = """\
const parts = %s;
globalThis.RED = { nodes: { registerType() {} }, validators: { number() {} } };
globalThis.$ = (of) => typeof of === "string"
    ? { each: (act) => parts.filter((part) => of === `script[${part[0]}]`).forEach((part) => act.call(part)) }
    : { attr: () => of[1], html: () => of[2], text: (text) => { of[2] = text; } };
%s
process.stdout.write(JSON.stringify(parts));
"""
PART = re.compile(r'<script type="text/html" (data-[a-z]+-name)="([^"]+)">\n(.*?)</script>', re.DOTALL)
PAGE_SCRIPT = re.compile(r'<script type="text/javascript">\n(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="session")
def node() -> str:
    """Node.js as a command."""
    try:
        return str(find_node().program)
    except CannotInstall as problem:
        give_up(problem)


@pytest.fixture(scope="session")
def evaluate(node):
    """The value of a JavaScript expression beside the functions of one of the runtime's files."""

    def evaluate(file, expression):
        code = SCRIPT % (read_file(f"runtime/{file}"), expression)
        return json.loads(subprocess.run([node, "-e", code], capture_output=True, text=True, check=True).stdout)

    return evaluate


@pytest.fixture(scope="session")
def open_block(node):
    """The form and the help of each block, by its name, as the editor's script completes them in a package's page."""

    @cache
    def complete(manifest):
        page = build_package(manifest)["nodes/palette.html"].decode()
        parts = [(kind, unescape(node_type), text) for kind, node_type, text in PART.findall(page)]
        [script] = PAGE_SCRIPT.findall(page)
        code = EDITOR % (json.dumps(parts), script)
        done = subprocess.run([node, "-"], input=code, capture_output=True, text=True, check=True)
        return {(kind, node_type): text for kind, node_type, text in json.loads(done.stdout)}

    def find(manifest, name):
        node_type = f"{build_service(manifest)}-{name}"
        return [complete(manifest)[kind, node_type] for kind in ("data-template-name", "data-help-name")]

    return find
