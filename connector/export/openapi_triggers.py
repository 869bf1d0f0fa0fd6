"""The HTTP runner's addresses of triggers, for its OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from connector.export.openapi_operations import (
    OBJECT,
    TEXT,
    TEXTS,
    as_json,
    build_object,
    build_parameter,
    get,
    post,
)

_TRIGGER: Final = build_object(
    "Trigger",
    {
        **dict.fromkeys(("name", "title", "group", "description", "watches", "way"), TEXT),
        "every": {"type": "number", "description": "Seconds after which another look is worth its calls."},
        "scopes": TEXTS,
    },
)
_TRIGGERS: Final = build_object("Trigger listing", {"triggers": {"type": "array", "items": _TRIGGER}})
_POLL: Final = {
    "title": "Poll",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "args": {**OBJECT, "description": "The trigger's fields."},
        "state": {"type": ["object", "null"], "description": "What the poll before gave; without it, nothing is told."},
        "connection": TEXT,
    },
}
_SEEN: Final = build_object(
    "Seen",
    {
        "events": {
            "type": "array",
            "description": "Oldest first; one that comes twice has the same `id`.",
            "items": build_object(
                "Event", {"id": TEXT, "type": TEXT, "time": {"type": ["string", "null"]}, "data": {}}, {"brief": {}}
            ),
        },
        "state": {**OBJECT, "description": "To hand back next time, once the events are delivered."},
        "more": {"type": "boolean", "description": "Whether other events wait."},
        "meta": {**OBJECT, "description": "`requests` that it took, and seconds until the `next_s` look."},
    },
)


def build_trigger_paths() -> dict[str, Any]:
    """The path items of all addresses of triggers."""
    poll = post("pollTrigger", "Triggers", "Poll a trigger", "What has happened since `state`.", as_json(_SEEN))
    poll["post"] |= {
        "parameters": [{"$ref": "#/components/parameters/Connection"}, build_parameter("trigger", TEXT)],
        "requestBody": {"content": as_json(_POLL)},
    }
    described = get("describeTrigger", "Triggers", "Describe a trigger", "Its fields and scopes.", as_json(_TRIGGER))
    return {
        "/triggers": get("listTriggers", "Triggers", "List the triggers", "What there is.", as_json(_TRIGGERS)),
        "/triggers/{trigger}": poll,
        "/triggers/{trigger}/description": {**described, "parameters": [build_parameter("trigger", TEXT)]},
    }
