"""The HTTP runner's addresses that are no block's, for its OpenAPI document. Pages for browsers (`/docs`, sign-in
itself) and `/mcp`, which has a protocol of its own, are not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from connector.auth import SignIn
from connector.export import list_packages
from connector.export.openapi_problems import refer
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema

#: What the addresses are grouped by, and in words.
TAGS: Final[Mapping[str, str]] = {
    "Blocks": "Which blocks there are, and what each takes and gives.",
    "Connections": "Who is signed in, and links to sign in.",
    "Marketplace": "The same blocks on the hosted marketplace's wire: always status 200, and an envelope.",
    "Server": "Whether the server lives and works, and what it hands out.",
}
_TEXT: Final[Schema] = {"type": "string"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
_YES_NO: Final[Schema] = {"type": "boolean"}
_OBJECT: Final[Schema] = {"type": "object", "additionalProperties": True}


def _of(title: str, required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "title": title,
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }


_QUOTA: Final = {
    "type": "object",
    "description": "What an app of each quota mode may do with the block.",
    "additionalProperties": _TEXT,
}
_SUMMARY: Final = {
    "name": _TEXT,
    "title": _TEXT,
    "group": _TEXT,
    "description": _TEXT,
    "effect": {"title": "Effect", "type": "string", "enum": ["read", "write", "destructive"]},
    "idempotent": {"type": "boolean", "description": "Whether repeating it does no harm."},
    "scopes": {**_TEXTS, "description": "All scopes that it can make use of."},
    "scopes_needed": {
        "type": "array",
        "description": "What the user must have granted: one of each `any_of`, where `when` and `except` say so.",
        "items": _OBJECT,
    },
    "quota": _QUOTA,
    "instead": {"type": ["string", "null"], "description": "What to use where it is closed."},
}
_PACKAGE: Final = dict.fromkeys(("name", "title", "tagline", "description", "image", "domain", "version"), _TEXT)
_LISTING: Final = _of(
    "Block listing",
    {
        "package": _of("Package", _PACKAGE),
        "blocks": {"type": "array", "items": _of("Block summary", {**_SUMMARY, "is_paged": _YES_NO})},
    },
)
_DESCRIPTION: Final = _of(
    "Block description",
    {
        **_SUMMARY,
        "aliases": {**_TEXTS, "description": "Other names that it goes by."},
        "input": {**_OBJECT, "description": "JSON Schema of the fields."},
        "output": {**_OBJECT, "description": "JSON Schema of the output."},
        "routes": {"type": "array", "description": "The ways to do it, as they are tried.", "items": _OBJECT},
        "not_sent": {**_OBJECT, "description": "Fields that go nowhere, and why."},
        "example": {**_OBJECT, "description": "Arguments to try it with."},
        "sample": {"description": "What an answer looks like, invented."},
    },
)
_CHOICE: Final = _of(
    "Choice",
    {
        "value": {"type": "string", "description": "What the field takes."},
        "label": {"type": "string", "description": "What a person calls it."},
    },
    {"hint": {"type": "string", "description": "What tells it from others of that name."}},
)
_CHOICES: Final = _of(
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
_CONNECTION: Final = _of(
    "Connection status",
    {
        "name": _TEXT,
        "scopes": {"type": ["array", "null"], "items": _TEXT, "description": "What was granted; null where unknown."},
        "days_left": {"type": ["integer", "null"], "description": "Days until signing in again is due."},
        "needs_sign_in": _YES_NO,
    },
    {"problem": {"type": "string", "description": "Why what is stored can't be used."}},
)
_CONNECTIONS: Final = _of("Connection listing", {"connections": {"type": "array", "items": _CONNECTION}})
_LINK: Final = _of(
    "Sign-in link",
    {
        "url": {"type": "string", "format": "uri", "description": "Where the user signs in, in a browser."},
        "expires_in": {"type": "integer", "description": "Seconds that the link is good for."},
    },
)
_ENVELOPE: Final = _of(
    "Envelope",
    {
        "callback": {"title": "Callback", "type": "string", "enum": ["success", "error"]},
        "contextWrites": _of("Context writes", {"to": {"description": "The output, or the error."}}),
    },
    {"meta": {**_OBJECT, "description": "What is known beside it, such as `calls_left`."}},
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
_STATUS: Final = _of("Server status", {"status": _TEXT}, {"blocks": {"type": "integer"}})


def build_runner_paths(manifest: Manifest, connection: Schema, add: Callable[[str, Schema], Schema]) -> dict[str, Any]:
    """The path items of all addresses but the blocks' own. `connection` is the schema of a connection's name; `add`
    puts a schema among the document's under a name, and gives a reference to it."""
    package = f"/api/{manifest.package['name']}"
    status = _json(add("ServerStatus", _STATUS))
    name = add("BlockName", {"title": "Block name", "type": "string", "enum": list(manifest.names)})
    palette: Schema = {"title": "Palette", "type": "string", "enum": list_packages()}
    paths = {
        "/blocks": _get("listBlocks", "Blocks", "List the blocks", "What there is.", _json(_LISTING)),
        "/blocks/{block}/description": _get(
            "describeBlock", "Blocks", "Describe a block", "Its schemas, scopes, routes and quota.", _json(_DESCRIPTION)
        ),
        package: _get("getMetadata", "Marketplace", "Describe all blocks", "What a marketplace reads.", _json(_OBJECT)),
        f"{package}/{{block}}": _post(
            "invokeOnMarketplace", "Marketplace", "Run a block", "Says in an envelope what came.", _json(_ENVELOPE)
        ),
        "/openapi.json": _get("getOpenapi", "Server", "Read this document", "In OpenAPI 3.1.", _json(_OBJECT)),
        "/healthz": _get("getHealth", "Server", "See whether the server lives", "For probes.", status),
        "/readyz": _get("getReadiness", "Server", "See whether the server can work", "For probes.", status),
        "/metrics": _get("getMetrics", "Server", "Read figures", "For Prometheus.", {"text/plain": {"schema": _TEXT}}),
        "/export/{name}.tgz": _get(
            "getPalette", "Server", "Download a palette", "An archive (application/gzip), as npm installs it.", {}
        ),
    }
    for path in ("/openapi.json", "/healthz", "/readyz", "/export/{name}.tgz"):
        paths[path]["get"]["security"] = []
    paths["/readyz"]["get"]["responses"]["503"] = {"description": "Not now; `status` says why.", "content": status}
    paths["/export/{name}.tgz"]["parameters"] = [_parameter("name", palette)]
    choices = "/blocks/{block}/fields/{field}/choices"
    paths[choices] = _get(
        "listChoices",
        "Blocks",
        "List what a field may hold",
        "Values with labels, for fields whose schema, or that of their items, has `x-choices`.",
        _json(_CHOICES),
    )
    paths[choices]["get"]["parameters"] = [
        {"$ref": "#/components/parameters/Connection"},
        _parameter("block", name),
        _parameter("field", _TEXT),
        *({"name": word, "in": "query", "schema": schema} for word, schema in _CHOICES_QUERY.items()),
    ]
    for path in ("/blocks/{block}/description", f"{package}/{{block}}"):
        paths[path]["parameters"] = [_parameter("block", name)]
    paths[f"{package}/{{block}}"]["post"] |= {
        "parameters": [{"$ref": "#/components/parameters/Connection"}],
        "requestBody": {"required": True, "content": _json(_CALL)},
    }
    paths |= _build_connection_paths(connection) if SignIn.from_manifest(manifest) else {}
    for item in paths.values():
        for operation in (item[verb] for verb in ("get", "post") if verb in item):
            # A block keeps its name, whatever the runner's own operations are called.
            while operation["operationId"] in manifest.names:
                operation["operationId"] += "_"
    return paths


def _build_connection_paths(connection: Schema) -> dict[str, Any]:
    """What is there where the server has a store of connections."""
    link = _post(
        "makeSignInLink", "Connections", "Make a link to sign in", "For whoever shall sign in there.", _json(_LINK)
    )
    return {
        "/connections": _get(
            "listConnections", "Connections", "List the connections", "Those that the key may use.", _json(_CONNECTIONS)
        ),
        "/connect/{name}": {**link, "parameters": [_parameter("name", connection)]},
    }


def _parameter(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _get(name: str, tag: str, summary: str, description: str, content: Mapping[str, Any]) -> dict[str, Any]:
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


def _post(name: str, tag: str, summary: str, description: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return {"post": _get(name, tag, summary, description, content)["get"]}
