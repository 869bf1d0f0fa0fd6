"""The HTTP runner's subscriptions, for its OpenAPI document: their addresses, and what a receiver is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from connector.export.openapi_operations import OBJECT, TEXT, as_json, build_object, build_parameter, get, post
from connector.manifest.schema_files import Schema

#: What a tag says of them.
TAG: Final = {"Subscriptions": "Events of triggers, sent to an address of yours."}
_TAG: Final = next(iter(TAG))
_MAYBE_TEXT: Final = {"type": ["string", "null"]}
_TIME: Final = {"type": ["string", "null"], "format": "date-time"}
_COUNT: Final = {"type": "integer"}
_EVERY: Final = {
    "type": ["number", "null"],
    "description": "Least seconds between two polls; the trigger's own pace without it.",
    "minimum": 1,
    "maximum": 86400,
}
_URL: Final = {"type": "string", "description": "Where events are sent: https on the open internet."}
_SUBSCRIPTION: Final = build_object(
    "Subscription",
    {
        "id": TEXT,
        "status": {"title": "Status", "type": "string", "enum": ["active", "paused", "resting"]},
        "why": {"type": ["string", "null"], "description": "Why it rests, and what to do."},
        "trigger": TEXT,
        "args": OBJECT,
        "connection": _MAYBE_TEXT,
        "url": _URL,
        "every": _EVERY,
        "created": {"type": "string", "format": "date-time"},
        **dict.fromkeys(("polled", "next_poll", "delivered", "next_delivery"), _TIME),
        "waiting": {**_COUNT, "description": "Events that are not delivered yet."},
        "failures": {**_COUNT, "description": "Tries in a row that failed."},
    },
)
_SECRET: Final = {"type": "string", "description": "Signs each delivery (Standard Webhooks). Told this once."}
_TRIED: Final = build_object(
    "Delivery test",
    {
        "delivered": {"type": "boolean"},
        "status": {"type": ["integer", "null"], "description": "What the receiver answered."},
        "problem": _MAYBE_TEXT,
    },
)
_HEADERS: Final[Mapping[str, str]] = {
    "webhook-id": "The same at each try, and another for each subscription.",
    "webhook-timestamp": "When it was sent, in Unix seconds.",
    "webhook-signature": "By the subscription's secret.",
}


def build_subscription_paths(
    triggers: Schema, connection: Schema, add: Callable[[str, Schema], Schema]
) -> dict[str, Any]:
    """The path items of subscriptions. `triggers` is the schema of a trigger's name, `connection` of a connection's;
    `add` names a schema, and gives a reference to it."""
    one = add("Subscription", _SUBSCRIPTION)
    asked = build_object(
        "Subscription call",
        {"trigger": triggers, "url": _URL},
        {"args": {**OBJECT, "description": "The trigger's fields."}, "connection": connection, "every": _EVERY},
    )
    made = {"title": "New subscription", "allOf": [one, build_object("Subscription secret", {"secret": _SECRET})]}
    listing = build_object("Subscription listing", {"subscriptions": {"type": "array", "items": one}})
    subscribe = post("subscribe", _TAG, "Subscribe", "Polls once; what happens from then on is sent.", as_json(made))
    responses = subscribe["post"]["responses"]
    responses["201"] = responses.pop("200")
    subscribe["post"] |= {
        "parameters": [{"$ref": "#/components/parameters/Connection"}],
        "requestBody": {"required": True, "content": as_json({**asked, "additionalProperties": False})},
    }
    removed = get("deleteSubscription", _TAG, "Delete a subscription", "Nothing is sent any more.", {})["get"]
    removed["responses"] = {"204": {"description": "It is gone."}, **removed["responses"]}
    del removed["responses"]["200"]
    whole = as_json(one)
    listed = get("listSubscriptions", _TAG, "List the subscriptions", "Those of the key.", as_json(listing))
    paths = {
        "": get("getSubscription", _TAG, "Read a subscription", "How it stands.", whole) | {"delete": removed},
        "/pause": post("pauseSubscription", _TAG, "Pause a subscription", "It is polled no more.", whole),
        "/resume": post("resumeSubscription", _TAG, "Resume a subscription", "It goes on where it was.", whole),
        "/test": post("testSubscription", _TAG, "Send a test event", "What the receiver said.", as_json(_TRIED)),
    }
    name = [build_parameter("id", TEXT)]
    return {
        "/subscriptions": listed | subscribe,
        **{f"/subscriptions/{{id}}{end}": {**item, "parameters": name} for end, item in paths.items()},
    }


def build_webhooks(event: Schema) -> dict[str, Any]:
    """What a receiver is sent, and what it may answer; `event` refers to the schema of an event."""
    cloud_event = build_object(
        "Delivery",
        {
            "specversion": {"const": "1.0"},
            "id": TEXT,
            "source": {"type": "string", "description": "`/subscriptions/{id}`."},
            "type": {"type": "string", "description": "`{command}.{trigger}`."},
            "datacontenttype": {"const": "application/json"},
            "data": {"allOf": [event, {"properties": {"data": {}}}]},
        },
        {
            "subject": {"type": "string", "description": "The trigger."},
            "time": {"type": "string", "format": "date-time"},
        },
    )
    headers = [
        {"name": name, "in": "header", "required": True, "description": text, "schema": TEXT}
        for name, text in _HEADERS.items()
    ]
    receive = {
        "operationId": "receiveEvent",
        "tags": [_TAG],
        "summary": "Receive an event",
        "description": "A CloudEvent, signed as Standard Webhooks says; sent again until it is taken, for three days.",
        "parameters": headers,
        "requestBody": {"required": True, "content": {"application/cloudevents+json": {"schema": cloud_event}}},
        "responses": {"2XX": {"description": "Taken."}, "410": {"description": "No further event is wanted."}},
        "security": [],
    }
    return {"event": {"post": receive}}
