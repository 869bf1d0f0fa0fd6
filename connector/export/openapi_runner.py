"""The HTTP runner's addresses that are no block's, for its OpenAPI document. Pages for browsers (`/docs`, sign-in
itself) and `/mcp`, which has a protocol of its own, are not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from connector.auth import SignIn
from connector.export import list_packages
from connector.export.openapi_operations import (
    OBJECT,
    TEXT,
    TEXTS,
    YES_NO,
    as_json,
    build_object,
    build_parameter,
    get,
    post,
)
from connector.export.openapi_subscriptions import build_subscription_paths
from connector.export.openapi_triggers import build_trigger_paths
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema
from connector.manifest.triggers import iter_triggers

#: What the addresses are grouped by, and in words.
TAGS: Final[Mapping[str, str]] = {
    "Blocks": "Which blocks there are, and what each takes and gives.",
    "Triggers": "What has changed since a look before.",
    "Connections": "Who is signed in, and links to sign in.",
    "Marketplace": "The same blocks on the hosted marketplace's wire: always status 200, and an envelope.",
    "Server": "Whether the server lives and works, and what it hands out.",
}
_QUOTA: Final = {
    "type": "object",
    "description": "What an app of each quota mode may do with the block.",
    "additionalProperties": TEXT,
}
_SUMMARY: Final = {
    "name": TEXT,
    "title": TEXT,
    "group": TEXT,
    "description": TEXT,
    "effect": {"title": "Effect", "type": "string", "enum": ["read", "write", "destructive"]},
    "idempotent": {"type": "boolean", "description": "Whether repeating it does no harm."},
    "scopes": {**TEXTS, "description": "All scopes that it can make use of."},
    "scopes_needed": {
        "type": "array",
        "description": "What the user must have granted: one of each `any_of`, where `when` and `except` say so.",
        "items": OBJECT,
    },
    "quota": _QUOTA,
    "instead": {"type": ["string", "null"], "description": "What to use where it is closed."},
}
_PACKAGE: Final = dict.fromkeys(("name", "title", "tagline", "description", "image", "domain", "version"), TEXT)
_LISTING: Final = build_object(
    "Block listing",
    {
        "package": build_object("Package", _PACKAGE),
        "blocks": {"type": "array", "items": build_object("Block summary", {**_SUMMARY, "is_paged": YES_NO})},
    },
)
_DESCRIPTION: Final = build_object(
    "Block description",
    {
        **_SUMMARY,
        "aliases": {**TEXTS, "description": "Other names that it goes by."},
        "input": {**OBJECT, "description": "JSON Schema of the fields."},
        "output": {**OBJECT, "description": "JSON Schema of the output."},
        "routes": {"type": "array", "description": "The ways to do it, as they are tried.", "items": OBJECT},
        "not_sent": {**OBJECT, "description": "Fields that go nowhere, and why."},
        "example": {**OBJECT, "description": "Arguments to try it with."},
        "sample": {"description": "What an answer looks like, invented."},
    },
)
_CHOICE: Final = build_object(
    "Choice",
    {
        "value": {"type": "string", "description": "What the field takes."},
        "label": {"type": "string", "description": "What a person calls it."},
    },
    {"hint": {"type": "string", "description": "What tells it from others of that name."}},
)
_CHOICES: Final = build_object(
    "Choice listing",
    {
        "choices": {"type": "array", "items": _CHOICE},
        "next": {"type": ["string", "null"], "description": "Give it as `after` to go on; null at the end."},
        "calls": {"type": "integer", "description": "Calls that it took; 0 where it was read within a minute."},
    },
)
_CHOICES_QUERY: Final[Mapping[str, Schema]] = {
    "search": {"type": "string", "description": "Only those whose label holds this, whatever capitals and accents."},
    "after": {"type": "string", "description": "The `next` of an earlier answer."},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
}
_CONNECTION: Final = build_object(
    "Connection status",
    {
        "name": TEXT,
        "scopes": {"type": ["array", "null"], "items": TEXT, "description": "What was granted; null where unknown."},
        "days_left": {"type": ["integer", "null"], "description": "Days until signing in again is due."},
        "needs_sign_in": YES_NO,
    },
    {"problem": {"type": "string", "description": "Why what is stored can't be used."}},
)
_CONNECTIONS: Final = build_object("Connection listing", {"connections": {"type": "array", "items": _CONNECTION}})
_LINK: Final = build_object(
    "Sign-in link",
    {
        "url": {"type": "string", "format": "uri", "description": "Where the user signs in, in a browser."},
        "expires_in": {"type": "integer", "description": "Seconds that the link is good for."},
    },
)
_ENVELOPE: Final = build_object(
    "Envelope",
    {
        "callback": {"title": "Callback", "type": "string", "enum": ["success", "error"]},
        "contextWrites": build_object("Context writes", {"to": {"description": "The output, or the error."}}),
    },
    {"meta": {**OBJECT, "description": "What is known beside it, such as `calls_left`."}},
)
_CALL: Final = {
    "title": "Marketplace call",
    "type": "object",
    "properties": {
        "args": {"type": ["object", "string"], "description": "The arguments, as JSON text or as they are."}
    },
    "additionalProperties": True,
    "description": "`args`, or the arguments themselves.",
}
_STATUS: Final = build_object("Server status", {"status": TEXT}, {"blocks": {"type": "integer"}})


def build_runner_paths(
    manifest: Manifest, connection: Schema, add: Callable[[str, Schema], Schema], *, has_subscriptions: bool
) -> dict[str, Any]:
    """The path items of all addresses but the blocks' and triggers' own. `connection` is the schema of a connection's
    name; `add` puts a schema among the document's under a name, and gives a reference to it."""
    package = f"/api/{manifest.package['name']}"
    status = as_json(add("ServerStatus", _STATUS))
    name = add("BlockName", {"title": "Block name", "type": "string", "enum": list(manifest.names)})
    palette: Schema = {"title": "Palette", "type": "string", "enum": list_packages()}
    paths = {
        "/blocks": get("listBlocks", "Blocks", "List the blocks", "What there is.", as_json(_LISTING)),
        "/blocks/{block}/description": get(
            "describeBlock",
            "Blocks",
            "Describe a block",
            "Its schemas, scopes, routes and quota.",
            as_json(_DESCRIPTION),
        ),
        package: get("getMetadata", "Marketplace", "Describe all blocks", "What a marketplace reads.", as_json(OBJECT)),
        f"{package}/{{block}}": post(
            "invokeOnMarketplace", "Marketplace", "Run a block", "Says in an envelope what came.", as_json(_ENVELOPE)
        ),
        "/openapi.json": get("getOpenapi", "Server", "Read this document", "In OpenAPI 3.1.", as_json(OBJECT)),
        "/healthz": get("getHealth", "Server", "See whether the server lives", "For probes.", status),
        "/readyz": get("getReadiness", "Server", "See whether the server can work", "For probes.", status),
        "/metrics": get("getMetrics", "Server", "Read figures", "For Prometheus.", {"text/plain": {"schema": TEXT}}),
        "/export/{name}.tgz": get(
            "getPalette", "Server", "Download a palette", "An archive (application/gzip), as npm installs it.", {}
        ),
    }
    for path in ("/openapi.json", "/healthz", "/readyz", "/export/{name}.tgz"):
        paths[path]["get"]["security"] = []
    paths["/readyz"]["get"]["responses"]["503"] = {"description": "Not now; `status` says why.", "content": status}
    paths["/export/{name}.tgz"]["parameters"] = [build_parameter("name", palette)]
    choices = "/blocks/{block}/fields/{field}/choices"
    paths[choices] = get(
        "listChoices",
        "Blocks",
        "List what a field may hold",
        "Values with labels, for fields whose schema, or that of their items, has `x-choices`.",
        as_json(_CHOICES),
    )
    paths[choices]["get"]["parameters"] = [
        {"$ref": "#/components/parameters/Connection"},
        build_parameter("block", name),
        build_parameter("field", TEXT),
        *({"name": word, "in": "query", "schema": schema} for word, schema in _CHOICES_QUERY.items()),
    ]
    for path in ("/blocks/{block}/description", f"{package}/{{block}}"):
        paths[path]["parameters"] = [build_parameter("block", name)]
    paths[f"{package}/{{block}}"]["post"] |= {
        "parameters": [{"$ref": "#/components/parameters/Connection"}],
        "requestBody": {"required": True, "content": as_json(_CALL)},
    }
    triggers = [trigger.name for trigger in iter_triggers(manifest)]
    trigger = add("TriggerName", {"title": "Trigger name", **TEXT, **({"enum": triggers} if triggers else {})})
    paths |= build_trigger_paths(trigger, add)
    paths |= build_subscription_paths(trigger, connection, add) if has_subscriptions else {}
    paths |= _build_connection_paths(connection) if SignIn.from_manifest(manifest) else {}
    taken = {*manifest.names, *triggers}
    for item in paths.values():
        for operation in (item[verb] for verb in ("get", "post", "delete") if verb in item):
            # A block keeps its name, whatever the runner's own operations are called.
            while operation["operationId"] in taken:
                operation["operationId"] += "_"
    return paths


def _build_connection_paths(connection: Schema) -> dict[str, Any]:
    """What is there where the server has a store of connections."""
    link = post(
        "makeSignInLink", "Connections", "Make a link to sign in", "For whoever shall sign in there.", as_json(_LINK)
    )
    return {
        "/connections": get(
            "listConnections",
            "Connections",
            "List the connections",
            "Those that the key may use.",
            as_json(_CONNECTIONS),
        ),
        "/connect/{name}": {**link, "parameters": [build_parameter("name", connection)]},
    }
