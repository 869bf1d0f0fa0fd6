"""What operations are made of, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from connector.export.openapi_problems import refer
from connector.manifest.blocks import Block
from connector.manifest.schema_files import Schema

TEXT: Final[Schema] = {"type": "string"}
TEXTS: Final[Schema] = {"type": "array", "items": TEXT}
YES_NO: Final[Schema] = {"type": "boolean"}
OBJECT: Final[Schema] = {"type": "object", "additionalProperties": True}


def build_object(title: str, required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "title": title,
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }


def build_form(form: Block, fields: Mapping[str, Schema], lent: Collection[str]) -> Schema:
    """The schema of what a block or a trigger is given, with `fields` as its properties; those that are `lent` by a
    connection need not be given. What holds for several fields together is told in words: of a schema that says it,
    clients make none of the fields."""
    schema = {**form.input_schema, "properties": fields}
    schema.pop("anyOf", None)
    required = [name for name in schema.pop("required", ()) if name not in lent]
    return {**schema, "required": required} if required else schema


def build_parameter(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def as_json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def get(name: str, tag: str, summary: str, description: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A path item whose GET answers 200 with `content`, or a problem document."""
    described = {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "responses": {
            "200": {"description": description, **({"content": content} if content else {})},
            **refer(("4XX", "5XX")),
        },
    }
    return {"get": described}


def post(name: str, tag: str, summary: str, description: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"post": get(name, tag, summary, description, content)["get"]}
