"""The HTTP runner as an OpenAPI 3.1 document: one operation a block or trigger, and the runner's own. What schema
files name stands once, as a component.

Describes the REST form of the HTTP runner. Sends nothing and reads no answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from connector.auth.connection import NAME_PATTERN
from connector.export import RUNNER_URL
from connector.export.folder import write_export
from connector.export.openapi_operations import build_form
from connector.export.openapi_problems import OF_BLOCKS, PROBLEM, build_responses, refer
from connector.export.openapi_runner import TAGS, build_runner_paths
from connector.export.openapi_sharing import SharedSchemas, share_answers, share_schemas
from connector.export.openapi_subscriptions import TAG as OF_SUBSCRIPTIONS
from connector.export.openapi_subscriptions import build_webhooks
from connector.export.openapi_triggers import Polls
from connector.export.package import to_json
from connector.manifest.beforehand import tell_beforehand
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import describe_quota
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema
from connector.manifest.scope_needs import ScopeNeed, tell_needs
from connector.manifest.triggers import iter_triggers
from connector.version import __version__

#: SPDX's name for the licence that the connector, and all that it exports, comes with.
_LICENSE: Final = {"name": "MIT License", "identifier": "MIT"}

_CONNECTION: Final[Schema] = {
    "type": "string",
    "description": "Name of the connection to use, in place of the secret fields.",
    "pattern": f"^{NAME_PATTERN}$",
    "examples": ["alice"],
}
#: What holds for all calls.
_HOW: Final = (
    "A block is run by a POST of its fields as a JSON object. The header `X-Connection`, or `connection` among the "
    "fields, names who calls; people sign in to a connection at `/connect/{name}`, in a browser. What goes wrong is "
    "told in a problem document (RFC 9457): react to its `kind`.\n\n"
    "Answers have other forms too: with `?detail=brief` behind a block's address they have of each entry the dozen "
    "fields that a person wants, and with `Accept: application/x-ndjson` a list comes entry by entry, one a line, with "
    "a last line that has `error` where reading failed. The header `X-Warnings` tells what to know of an answer: texts "
    "with commas between them, each percent-encoded.\n\n"
    "A trigger tells what has changed since the poll before, the oldest first: hand back the `state` that it gave "
    "once its events are delivered; what comes twice has the same `id`. With `?detail=brief` their data is what a "
    "person wants of it. Nothing is kept here meanwhile but subscriptions, whose events are sent to your address."
)
#: In words: as schemas they would make every client's answer a choice of types.
_BRIEF: Final = "`?detail=brief` shortens it."
_LINES: Final = "`Accept: application/x-ndjson` gives it line by line."


def export(manifest: Manifest, folder: Path) -> list[Path]:
    """Writes the document, for a runner where one listens by default, as `openapi.json` into `folder`; gives back the
    file. Raises `CannotWrite`."""
    files = {"openapi.json": to_json(build_openapi(manifest, RUNNER_URL), step=1)}
    return write_export("openapi", files, folder, manifest)


def build_openapi(manifest: Manifest, server_url: str = "/", *, has_subscriptions: bool = True) -> dict[str, Any]:
    """The document for all blocks and triggers of `manifest`, for a server at `server_url`, which takes subscriptions
    to the triggers where it `has_subscriptions`."""
    shared = share_schemas(manifest)
    problem = shared.add("Problem", PROBLEM)
    connection = shared.add("ConnectionName", _CONNECTION)
    package = manifest.package
    lent = {server: auth.fields if auth and auth.can_sign_in else () for server, auth in manifest.auth.items()}
    # A block's path stands first: by it an export is known.
    paths = {
        f"/blocks/{block.name}": {"post": _describe(block, shared, connection, lent[block.server])}
        for block in manifest
    }
    triggers = list(iter_triggers(manifest))
    has_subscriptions = has_subscriptions and bool(triggers)
    webhooks: dict[str, Any] = {}
    if triggers:
        polls = Polls(shared, connection, lent)
        paths |= {f"/triggers/{trigger.name}": {"post": polls.describe(trigger)} for trigger in triggers}
        webhooks = {"webhooks": build_webhooks(polls.event)} if has_subscriptions else {}
    paths_of_runner = build_runner_paths(manifest, connection, shared.add, has_subscriptions=has_subscriptions)
    answers = share_answers([item["post"]["responses"] for item in paths.values()])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": package["title"],
            "summary": package["tagline"],
            "description": f"{package['description']}\n\n{_HOW}",
            "version": __version__,
            "license": _LICENSE,
            "contact": _build_contact(manifest),
        },
        "servers": [{"url": server_url}],
        "security": [{}, {"bearer": []}, {"header": []}],
        "tags": _build_tags(manifest, {**TAGS, **(OF_SUBSCRIPTIONS if has_subscriptions else {})}),
        "paths": paths | paths_of_runner,
        **webhooks,
        "components": {
            "schemas": shared.named,
            "responses": answers | build_responses(problem),
            "parameters": {
                "Connection": {
                    "name": "X-Connection",
                    "in": "header",
                    "description": _CONNECTION["description"],
                    "schema": connection,
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


def _build_contact(manifest: Manifest) -> dict[str, str]:
    contact = {"name": f"The {manifest.command} authors"}
    repository = manifest.package["repo"]
    return {**contact, "url": repository} if repository.startswith("http") else contact


def _build_tags(manifest: Manifest, own: Mapping[str, str]) -> list[dict[str, str]]:
    told = {name: group.description or f"{name}." for name, group in manifest.groups.items()}
    return [{"name": name, "description": text} for name, text in {**own, **told}.items()]


def _describe(block: Block, shared: SharedSchemas, connection: Schema, lent: tuple[str, ...]) -> dict[str, Any]:
    body = build_form(block, {"connection": connection, **shared.inputs[block.name]}, lent)
    headers = {"headers": {"X-Did": {"$ref": "#/components/headers/Did"}}} if block.done or block.procedure else {}
    return {
        "operationId": block.name,
        "tags": [block.group],
        "summary": block.title,
        "description": "\n\n".join(_tell(block)),
        "parameters": [{"$ref": "#/components/parameters/Connection"}],
        "requestBody": {
            **({"required": True} if "required" in body or _wants_any(block) else {}),
            "content": {"application/json": {"schema": body, "example": block.example}},
        },
        "responses": {
            "200": {
                "description": " ".join(_tell_forms(block)),
                **headers,
                "content": {"application/json": {"schema": shared.outputs[block.name]}},
            },
            **refer(OF_BLOCKS),
        },
        "x-effect": block.effect,
        "x-idempotent": block.is_idempotent,
        "x-scopes": list(block.scopes),
        **_describe_needs(block),
        **({"x-quota": describe_quota(block)} if block.closed else {}),
    }


def _tell_forms(block: Block) -> Iterator[str]:
    yield "The block's output."
    if block.brief:
        yield _BRIEF
    if block.page:
        yield _LINES


def _wants_any(block: Block) -> bool:
    """Whether one of several fields has to be given."""
    return bool(block.together and block.together.at_least) or bool(block.one_of and () not in block.one_of)


def _describe_needs(block: Block) -> dict[str, Any]:
    """What of the block's scopes is needed when, where that isn't simply all of them."""
    if block.scope_needs == tuple(ScopeNeed((scope,)) for scope in block.scopes):
        return {}
    return {"x-scopes-needed": [need.to_dict() for need in block.scope_needs]}


def _tell(block: Block) -> Iterator[str]:
    yield block.description
    yield from tell_rules(block)
    if block.scopes:
        yield f"Scopes that the user grants: {tell_needs(block.scope_needs, '`{}`'.format)}."
    if closed := tell_beforehand(block):
        yield " ".join(closed)
