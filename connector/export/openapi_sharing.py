"""What stands once in the OpenAPI document, and is referred to: schemas that files name, and answers that several
operations have.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from connector.manifest.accepted_schemas import accept
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema
from connector.manifest.triggers import iter_triggers

_DEFS: Final = "#/$defs/"
_SCHEMAS: Final = "#/components/schemas/"
_ANSWERS: Final = "#/components/responses/"


class SharedSchemas(NamedTuple):
    """By name the `outputs` of blocks, and the `inputs` of blocks and triggers, each a schema a field; and `named`, the
    schemas that those and others refer to."""

    outputs: Mapping[str, Schema]
    inputs: Mapping[str, Mapping[str, Schema]]
    named: dict[str, Schema]

    def add(self, name: str, schema: Schema) -> Schema:
        """A reference to `schema`, which is named like `name`, as none of the others is."""
        while name in self.named:
            name += "_"
        self.named[name] = schema
        return {"$ref": _SCHEMAS + name}

    def find_entry(self, block: Block) -> Schema:
        """The schema of an entry of the list in a block's output; of anything where there is none."""
        schema = self._follow(self.outputs[block.name])
        for step in block.listing.at if block.listing else ():
            schema = self._follow(schema.get("properties", {}).get(step, {}))
        items: Schema = schema.get("items", {})
        choices: list[Schema] = [choice for choice in items.get("anyOf", ()) if choice.get("type") != "null"]
        return choices[0] if len(choices) == 1 else items

    def _follow(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self.named[schema["$ref"].removeprefix(_SCHEMAS)]
        return schema


def share_schemas(manifest: Manifest) -> SharedSchemas:
    """The schemas of `manifest`, in which what several have in common has a name."""
    forms = (*manifest, *(trigger.form for trigger in iter_triggers(manifest)))
    outputs = {block.name: block.output for block in manifest}
    outputs |= {trigger.block.name: trigger.block.output for trigger in iter_triggers(manifest)}
    inputs = {form.name: {name: field.declared for name, field in form.fields.items()} for form in forms}
    whole = manifest.schema_files.bundle({"outputs": outputs, "inputs": inputs})
    moved = _move_refs(accept(whole))
    return SharedSchemas(moved["outputs"], moved["inputs"], moved.get("$defs", {}))


def share_answers(operations: list[dict[str, Any]]) -> dict[str, Any]:
    """The answers that several operations have, under names for them; the responses of the `operations` refer to
    them from then on."""
    shared: dict[str, Any] = {}
    counts = Counter(json.dumps(responses["200"]) for responses in operations)
    for responses in operations:
        answer = responses["200"]
        if counts[json.dumps(answer)] > 1:
            name = next((name for name, kept in shared.items() if kept == answer), f"Answer{len(shared) + 1}")
            shared[name] = answer
            responses["200"] = {"$ref": _ANSWERS + name}
    return shared


def _move_refs(node: Any) -> Any:
    if isinstance(node, list):
        return [_move_refs(entry) for entry in node]
    if not isinstance(node, Mapping):
        return node
    moved = {key: _move_refs(value) for key, value in node.items()}
    ref = node.get("$ref")
    if isinstance(ref, str) and ref.startswith(_DEFS):
        moved["$ref"] = _SCHEMAS + ref.removeprefix(_DEFS)
    return moved
