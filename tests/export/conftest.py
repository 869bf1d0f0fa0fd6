"""The Node.js in which the JavaScript of the palettes is tried."""

import json
import subprocess

import pytest
from builders.provision import CannotInstall, find_node
from giving_up import give_up

from connector.export.handwritten import read_file

SCRIPT = """\
const module = {};
%s
process.stdout.write(JSON.stringify(%s) ?? "null");
"""


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
