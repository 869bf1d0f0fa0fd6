"""An n8n community package: a node whose operations are the manifest's blocks, and one that starts workflows by its
triggers, both through the HTTP runner."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from connector.export import Files
from connector.export.file_names import name_files, to_slug
from connector.export.folder import write_export
from connector.export.handwritten import read_files
from connector.export.n8n.choices import Choices
from connector.export.n8n.forms import Forms
from connector.export.n8n.icons import build_icons
from connector.export.n8n.names import Names
from connector.export.n8n.operations import list_operations, list_resources
from connector.export.n8n.outputs import build_item_schema
from connector.export.n8n.readme import build_readme
from connector.export.n8n.scripts import build_credential, build_node, build_trigger
from connector.export.n8n.trigger_forms import TriggerForms
from connector.export.package import build_license, to_json
from connector.manifest.manifest import Manifest
from connector.version import __version__

#: Hand-written JavaScript that knows no block; it comes into every package as it is.
_RUNTIME: Final = (
    *(
        f"n8n/runtime/{name}.js"
        for name in (
            "arguments",
            "blocks",
            "calls",
            "choices",
            "done_texts",
            "lists",
            "markup",
            "problems",
            "triggers",
            "values",
        )
    ),
    *(f"runtime/{name}.js" for name in ("form_values", "lost_connections", "runner_address")),
)


def export(manifest: Manifest, folder: Path) -> list[Path]:
    """Writes the package into `folder` and gives back the files written. Raises `CannotWrite`."""
    return write_export("n8n", build_package(manifest), folder, manifest)


def build_package(manifest: Manifest) -> Files:
    """The package's files by path. The same manifest gives the same bytes."""
    names = Names.from_manifest(manifest)
    choices = Choices()
    forms, triggers = Forms(manifest, choices), TriggerForms(manifest, choices)
    nodes = {names.node_file: build_node(manifest, names, forms)}
    if triggers.events:
        nodes[names.trigger_file] = build_trigger(manifest, names, triggers)
    files = {
        "package.json": to_json(_build_package_json(manifest, names, list(nodes))),
        "README.md": build_readme(manifest, names, triggers.events).encode(),
        "LICENSE": build_license(manifest),
        names.credential_file: build_credential(manifest, names).encode(),
        "dist/runtime/palette.json": to_json(_build_palette(manifest, names, forms, triggers)),
    }
    for file, script in nodes.items():
        files[file] = script.encode()
        node = names.node if file == names.node_file else names.trigger
        files[file.replace(".node.js", ".node.json")] = to_json(_build_codex(manifest, names, node))
    files |= build_icons(manifest, names)
    files |= read_files(_RUNTIME, "dist/runtime")
    # Where n8n looks for them: by the values of resource and operation.
    resources, operations = name_files(manifest.groups), name_files(manifest.names)
    for block in manifest:
        if schema := build_item_schema(block):
            path = f"{resources[block.group]}/{operations[block.name]}.json"
            files[f"{names.node_folder}/__schema__/v1.0.0/{path}"] = to_json(schema)
    return files


def _build_package_json(manifest: Manifest, names: Names, nodes: list[str]) -> dict[str, Any]:
    package = manifest.package
    described: dict[str, Any] = {
        "name": names.package,
        "version": __version__,
        "description": f"{package['tagline']}: the node {names.title} for n8n.",
        "keywords": ["n8n-community-node-package", *package["keywords"]],
        "license": "MIT",
        "homepage": names.documentation,
        "author": {"name": f"The {manifest.command} authors", "email": f"authors@{to_slug(manifest.command)}.invalid"},
        "main": names.node_file,
        "files": ["dist"],
        "n8n": {"n8nNodesApiVersion": 1, "credentials": [names.credential_file], "nodes": nodes},
        "peerDependencies": {"n8n-workflow": "*"},
    }
    if repository := package.get("repo"):
        described["repository"] = {"type": "git", "url": repository}
    return described


def _build_codex(manifest: Manifest, names: Names, node: str) -> dict[str, Any]:
    """What n8n's search of nodes goes by."""
    return {
        "node": f"{names.package}.{node}",
        "nodeVersion": "1.0",
        "codexVersion": "1.0",
        "categories": ["Miscellaneous"],
        "alias": [manifest.package["title"], *manifest.package["keywords"]],
        "resources": {
            "primaryDocumentation": [{"url": names.documentation}],
            "credentialDocumentation": [{"url": names.documentation}],
        },
    }


def _build_palette(manifest: Manifest, names: Names, forms: Forms, triggers: TriggerForms) -> dict[str, Any]:
    """What the runtime must know."""
    return {
        "credential": names.credential,
        "program": manifest.command,
        "choices": forms.choices.to_dict(),
        "resources": list_resources(manifest),
        "operations": list_operations(manifest),
        "blocks": forms.blocks,
        "events": triggers.events,
        "triggers": triggers.triggers,
    }
