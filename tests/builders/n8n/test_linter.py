"""n8n's own linter for community packages has no complaint, not even a warning."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from builders.patience import PATIENCE_S

from connector.export.n8n import build_package
from connector.manifest.manifest import Manifest

HARBOUR = Manifest.load(Path(__file__).resolve().parents[2] / "harbour" / "manifest.yaml")
SLIPS = {
    b'"Return All"': b'"return all"',
    b"usableAsTool: true,": b"",
    b'"Get a category"': b'"Get A Category"',
}
TRIGGER_SLIPS = {b"inputs: [],": b"inputs: [NodeConnectionTypes.Main],", b'"Look at Every Poll Time"': b'"look at all"'}
CLOSED = " (closed to new apps)"
#: The scanner's own gate of a package, told apart from its download; it counts errors, this one warnings too.
GATE = """
import { ESLint } from 'eslint';
import { globSync } from 'node:fs';
import { buildScanConfig } from '@n8n/scan-community-package/scanner/scanner.mjs';

const cwd = process.argv[2];
const eslint = new ESLint({
	cwd,
	allowInlineConfig: false,
	overrideConfigFile: true,
	overrideConfig: await buildScanConfig(),
});
const files = globSync('**/*.{js,ts,json}', { cwd }).map((file) => `${cwd}/${file}`);
const results = await eslint.lintFiles(files);
const messages = results.flatMap(({ filePath, messages }) =>
	messages.map(({ line, ruleId, message }) => `${filePath}:${line} ${ruleId} ${message}`),
);
console.log(JSON.stringify({ count: files.length, messages }));
"""


@pytest.fixture(scope="module")
def lint(node, linter):
    gate = linter / "gate.mjs"
    gate.write_text(GATE, "utf-8")

    def run(folder):
        command = [str(node.program), str(gate), str(folder)]
        done = subprocess.run(command, cwd=linter, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


@pytest.fixture(scope="module", params=["own", "harbour"])
def package(request, manifest):
    return build_package(manifest if request.param == "own" else HARBOUR)


def write(files, folder):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def to_source(package):
    """The package as its rules for TypeScript read it: the same classes, with the types that they keep to, and with the
    lists of the palette in their places: in the order of the alphabet and without brackets, as the rules have it, where
    makers want those that are closed marked and last."""
    palette, source = json.loads(package["dist/runtime/palette.json"]), {}

    def write_list(match):
        group = match[2] or (match[3] and json.loads(match[3]))
        found = palette["operations"][group] if group else palette[match[1]]
        found = [{word: text.replace(CLOSED, "") for word, text in option.items()} for option in found]
        ordered = json.dumps(sorted(found, key=lambda option: option["name"].lower()))
        return "options: " + re.sub(r'"(\w+)": ', r"\1: ", ordered)

    for name, content in package.items():
        name = name.removeprefix("dist/")
        if name.endswith((".node.js", ".credentials.js")):
            kind, held = ("INodeType", "description") if ".node." in name else ("ICredentialType", "properties")
            types = {"description": "INodeTypeDescription", "properties": "INodeProperties[]"}
            text = re.sub(r"^class (\w+) {", rf"export class \1 implements {kind} {{", content.decode(), flags=re.M)
            text = re.sub(rf"^\t{held} = ", f"\t{held}: {types[held]} = ", text, flags=re.M)
            text = re.sub(r"^module\.exports.*$", "", text, flags=re.M)
            text = re.sub(r'options: palette\.(resources|events|operations(?:\.(\w+)|\[("[^"]+")\]))', write_list, text)
            assert "options: palette" not in text
            assert kind in text
            assert types[held] in text
            name, content = f"{name[:-3]}.ts", text.encode()
        source[name] = content
    return source


def test_the_linter_has_no_complaint_about_the_package(lint, package, tmp_path):
    write(package, tmp_path)
    found = lint(tmp_path)
    assert found["messages"] == []
    assert found["count"] > 5


def test_the_rules_for_sources_have_none_either(lint, package, tmp_path):
    write(to_source(package), tmp_path)
    assert lint(tmp_path)["messages"] == []


def test_the_rules_see_what_is_wrong(lint, manifest, tmp_path):
    """Were the sources written so that no rule understands them, the test above would prove nothing."""
    source = to_source(build_package(manifest))
    (trigger, node) = sorted((name for name in source if name.endswith(".node.ts")), key=len, reverse=True)
    for name, slips in ((node, SLIPS), (trigger, TRIGGER_SLIPS)):
        for right, wrong in slips.items():
            assert right in source[name]
            source[name] = source[name].replace(right, wrong)
    write(source, tmp_path)
    messages = "".join(lint(tmp_path)["messages"])
    assert "node-usable-as-tool" in messages
    assert "node-param-display-name-miscased" in messages
    assert "node-param-operation-option-action-miscased" in messages
    assert "Trigger.node.ts" in messages
    assert "trigger-node-conventions" in messages
