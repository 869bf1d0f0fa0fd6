"""What the HTTP runner answers where a call fails, for its OpenAPI document: one schema of problem documents, and a
response for every status.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from connector.errors import CODES
from connector.manifest.schema_files import Schema
from connector.manifest.wording import join_words

#: Statuses of problem documents: what each means, and the kinds of error that have it.
PROBLEMS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "400": (
        "The service refused the request, or it can't be read here.",
        ("bad_request", "bad_http", "bad_json", "bad_detail"),
    ),
    "401": ("The access token, the sign-in or the API key is not valid.", ("unauthorized", "reauthorize", "api_key")),
    "403": ("Not allowed, or closed to this app.", ("forbidden", "unavailable", "connection", "origin")),
    "404": (
        "Nothing is there.",
        ("not_found", "unknown_block", "unknown_field", "unknown_trigger", "unknown_subscription", "unknown_path"),
    ),
    "405": ("The address takes another method.", ("method",)),
    "408": ("The request took too long to come.", ("head_timeout", "body_timeout")),
    "413": ("The body is too large.", ("too_large",)),
    "422": ("Fields are missing or don't fit.", ("missing_fields", "invalid_fields", "connection_name")),
    "429": ("Too many calls; `Retry-After` says when to come back.", ("rate_limited", "mcp_sessions", "subscriptions")),
    "431": ("The headers are too large.", ("head_too_large",)),
    "500": ("The server failed.", ("internal",)),
    "502": ("The service gave no usable answer.", ("server_error", "network", "bad_answer")),
    "503": (
        "Busy, shutting down or not set up for it; `Retry-After` says when to come back.",
        ("busy", "cancelled", "store", "subscription_store", "public_url"),
    ),
    "504": ("The service took too long.", ("timeout",)),
}
#: What an invoked block may answer besides 200.
OF_BLOCKS: Final = tuple(status for status in PROBLEMS if status != "405")

_RETRY_AFTER: Final = {
    "Retry-After": {"description": "Seconds after which to come back.", "schema": {"type": "integer"}}
}
_HEADERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "401": {"WWW-Authenticate": {"description": "How to show an API key.", "schema": {"type": "string"}}},
    "429": _RETRY_AFTER,
    "503": _RETRY_AFTER,
}

PROBLEM: Final[Schema] = {
    "title": "Problem",
    "description": "Why a call failed (RFC 9457). `detail` says what was wrong and what to do next.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "kind"],
    "properties": {
        "type": {"type": "string", "description": "`urn:connector:error:` and the kind."},
        "title": {"type": "string", "description": "The kind in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What was wrong and what to do next."},
        "kind": {
            "title": "Kind",
            "type": "string",
            "description": "What to react to.",
            "enum": [kind for _, kinds in PROBLEMS.values() for kind in kinds],
        },
        "code": {
            "title": "Code",
            "type": "string",
            "description": "The marketplace's word for it; absent where the server itself refuses.",
            "enum": list(dict.fromkeys(CODES.values())),
        },
        "fields": {
            "type": "array",
            "description": "Every field that needs attention.",
            "items": {
                "title": "Field problem",
                "type": "object",
                "required": ["name", "problem"],
                "properties": {
                    "name": {"type": "string", "description": "The field."},
                    "problem": {"type": "string", "description": "What is wrong with its value."},
                    "fits": {"type": "string", "description": "What fits instead."},
                },
            },
        },
        "retry_after": {"type": "number", "description": "Seconds after which to come back."},
        "next_s": {"type": "number", "description": "Of a poll: seconds until another is worth its calls."},
        "sign_in": {"type": "string", "description": "The path at this server at which the user signs in."},
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


def build_responses(problem: Schema) -> dict[str, Any]:
    """What an operation can refer to: the response of each status of `OF_BLOCKS`, and of all that begin alike (`4XX`,
    `5XX`). `problem` refers to the schema of problem documents."""
    told = {status: _tell(PROBLEMS[status]) for status in OF_BLOCKS}
    told |= {"4XX": "The request can't be answered.", "5XX": "The server can't answer."}
    return {
        status: {
            "description": text,
            "headers": _HEADERS.get(status, {}),
            "content": {"application/problem+json": {"schema": problem}},
        }
        for status, text in told.items()
    }


def _tell(problem: tuple[str, tuple[str, ...]]) -> str:
    text, kinds = problem
    return f"{text} `kind` is {join_words([f'`{kind}`' for kind in kinds], 'or')}."


def refer(statuses: Iterable[str]) -> dict[str, Any]:
    """References to the responses of `statuses`, by status."""
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}
