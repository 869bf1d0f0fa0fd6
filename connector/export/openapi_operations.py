"""What operations that are no block's are made of, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from connector.export.openapi_problems import refer
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
