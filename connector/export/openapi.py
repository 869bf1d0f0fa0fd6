"""The blocks as an OpenAPI 3.1 document: one operation a block. What schema files name stands once, as a component.

Describes the REST form of the HTTP runner. Sends nothing and reads no answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from connector.export import RUNNER_URL
from connector.export.folder import write_export
from connector.export.package import to_json
from connector.manifest.accepted_schemas import accept
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import describe_quota
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema
from connector.manifest.scope_needs import tell_needs
from connector.version import __version__

_DEFS: Final = "#/$defs/"
_COMPONENTS: Final = "#/components/schemas/"

#: Statuses that an invoked block may answer with besides 200, and what each means.
_PROBLEMS: Final = {
    "400": "The service refused the request, or the body is no JSON.",
    "401": "The access token, the sign-in or the API key is not valid.",
    "403": "Not allowed, or closed to this app.",
    "404": "The service knows no such thing.",
    "408": "The body took too long.",
    "413": "The body is too large.",
    "422": "Fields are missing or don't fit.",
    "429": "Too many calls; `Retry-After` says when to come back.",
    "431": "The headers are too large.",
    "500": "The server failed.",
    "502": "The service gave no usable answer.",
    "503": "Busy or shutting down; `Retry-After` says when to come back.",
    "504": "The service took too long.",
}

_PROBLEM: Final[Schema] = {
    "title": "Problem",
    "description": "Why a call failed (RFC 9457). `detail` says what was wrong and what to do next.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "kind"],
    "properties": {
        "type": {"type": "string", "description": "`urn:connector:error:` and the kind."},
        "title": {"type": "string"},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string"},
        "kind": {"type": "string", "description": "What to react to, such as `missing_fields` or `rate_limited`."},
        "code": {"type": "string", "description": "The marketplace's word for it."},
        "fields": {
            "type": "array",
            "description": "Every field that needs attention.",
            "items": {
                "type": "object",
                "required": ["name", "problem"],
                "properties": {
                    "name": {"type": "string"},
                    "problem": {"type": "string"},
                    "fits": {"type": "string", "description": "What fits instead."},
                },
            },
        },
        "retry_after": {"type": "number", "description": "Seconds after which to come back."},
        "upstream_status": {"type": "integer", "description": "The service's own HTTP status."},
        "reason": {"type": "string", "description": "The service's own word for it, in lower case."},
        "body": {"description": "The service's own answer."},
        "is_uncertain": {
            "type": "boolean",
            "description": "True where a write may have taken effect all the same; absent where it has not.",
        },
        "done": {"type": "array", "description": "Entries of a list that took effect.", "items": {}},
        "not_done": {"type": "array", "description": "Entries that did not.", "items": {}},
        "uncertain": {"type": "array", "description": "Entries of which nobody knows.", "items": {}},
        "came": {"type": "integer", "description": "How many entries had come before reading broke off."},
        "resume": {"type": "string", "description": "Give it as the field `resume` to go on reading from there."},
    },
}


_CONNECTION: Final[Schema] = {
    "type": "string",
    "description": "Name of the connection to use, in place of the secret fields.",
}


def export(manifest: Manifest, folder: Path) -> list[Path]:
    """Writes the document, for a runner where one listens by default, as `openapi.json` into `folder`; gives back the
    file. Raises `CannotWrite`."""
    files = {"openapi.json": to_json(build_openapi(manifest, RUNNER_URL))}
    return write_export("openapi", files, folder, manifest)


def build_openapi(manifest: Manifest, server_url: str = "/") -> dict[str, Any]:
    """The document for all blocks of `manifest`, for a server at `server_url`."""
    parts, schemas = _share_schemas(manifest)
    problem = _add(schemas, "Problem", _PROBLEM)
    connection = _add(schemas, "ConnectionName", _CONNECTION)
    package = manifest.package
    return {
        "openapi": "3.1.0",
        "info": {
            "title": package["title"],
            "summary": package["tagline"],
            "description": package["description"],
            "version": __version__,
        },
        "servers": [{"url": server_url}],
        "security": [{}, {"bearer": []}, {"header": []}],
        "tags": [{"name": group} for group in manifest.groups],
        "paths": {
            f"/blocks/{block.name}": {"post": _describe(block, manifest, parts[block.name], connection)}
            for block in manifest
        },
        "components": {
            "schemas": schemas,
            "responses": {
                status: {
                    "description": text,
                    "headers": _RETRY_AFTER if status in ("429", "503") else {},
                    "content": {"application/problem+json": {"schema": problem}},
                }
                for status, text in _PROBLEMS.items()
            },
            "parameters": {
                "Connection": {
                    "name": "X-Connection",
                    "in": "header",
                    "description": _CONNECTION["description"],
                    "schema": connection,
                },
                "Detail": {
                    "name": "detail",
                    "in": "query",
                    "description": "brief for the dozen fields that a person wants of each entry.",
                    "schema": {"type": "string", "enum": ["full", "brief"], "default": "full"},
                },
            },
            "headers": {
                "Did": {
                    "description": "What the block has done, in words; percent-encoded.",
                    "schema": {"type": "string"},
                }
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "An API key of this server."},
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "The same."},
            },
        },
    }


_RETRY_AFTER: Final = {
    "Retry-After": {"description": "Seconds after which to come back.", "schema": {"type": "integer"}}
}


def _describe(block: Block, manifest: Manifest, parts: Mapping[str, Any], connection: Schema) -> dict[str, Any]:
    answers = {"application/json": {"schema": parts["output"]}}
    body = _build_body(block, manifest, parts["input"], connection)
    if block.page:
        answers["application/x-ndjson"] = {
            "schema": {
                "type": "string",
                "description": "One entry a line; a last line with `error` where reading failed.",
            }
        }
    parameters = ["Connection", "Detail"] if block.brief else ["Connection"]
    headers = {"headers": {"X-Did": {"$ref": "#/components/headers/Did"}}} if block.done else {}
    return {
        "operationId": block.name,
        "tags": [block.group],
        "summary": block.title,
        "description": "\n\n".join(_tell(block)),
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters],
        "requestBody": {
            "required": bool(block.example),
            "content": {"application/json": {"schema": body, "example": block.example}},
        },
        "responses": {
            "200": {"description": "The block's output.", **headers, "content": answers},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _PROBLEMS},
        },
        "x-effect": block.effect,
        "x-idempotent": block.is_idempotent,
        "x-scopes": list(block.scopes),
        "x-quota": describe_quota(block),
    }


def _build_body(block: Block, manifest: Manifest, fields: Mapping[str, Schema], connection: Schema) -> Schema:
    """The schema of a call's body: the block's fields, of which a connection can give the secret ones, and
    `connection`."""
    auth = manifest.auth[block.routes[0].server]
    given_by_connection = auth.fields if auth and auth.can_sign_in else ()
    schema = {**block.input_schema, "properties": {"connection": connection, **fields}}
    required = [name for name in schema.pop("required", ()) if name not in given_by_connection]
    return {**schema, "required": required} if required else schema


def _tell(block: Block) -> Iterator[str]:
    yield block.description
    yield from tell_rules(block)
    if block.scopes:
        yield f"Scopes that the user grants: {tell_needs(block.scope_needs, '`{}`'.format)}."
    if closed := tell_beforehand(block):
        yield " ".join(closed)


def _share_schemas(manifest: Manifest) -> tuple[dict[str, Any], dict[str, Schema]]:
    """Each block's `output` and fields (`input`), and the schemas that they refer to, under names that are the same
    for all."""
    outputs = {block.name: block.output for block in manifest}
    inputs = {block.name: {name: field.declared for name, field in block.fields.items()} for block in manifest}
    whole = manifest.schema_files.bundle({"outputs": outputs, "inputs": inputs})
    moved = _move_refs(accept(whole))
    parts = {name: {"output": moved["outputs"][name], "input": moved["inputs"][name]} for name in outputs}
    return parts, moved.get("$defs", {})


def _add(schemas: dict[str, Schema], name: str, schema: Schema) -> Schema:
    """A reference to `schema`, which is put among `schemas` under a name like `name` that none of them has."""
    while name in schemas:
        name += "_"
    schemas[name] = schema
    return {"$ref": _COMPONENTS + name}


def _move_refs(node: Any) -> Any:
    if isinstance(node, list):
        return [_move_refs(entry) for entry in node]
    if not isinstance(node, Mapping):
        return node
    moved = {key: _move_refs(value) for key, value in node.items()}
    ref = node.get("$ref")
    if isinstance(ref, str) and ref.startswith(_DEFS):
        moved["$ref"] = _COMPONENTS + ref.removeprefix(_DEFS)
    return moved
