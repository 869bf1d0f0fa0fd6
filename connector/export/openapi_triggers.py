"""The HTTP runner's addresses of triggers, for its OpenAPI document: how each is polled, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from connector.export.openapi_operations import (
    OBJECT,
    TEXT,
    TEXTS,
    as_json,
    build_form,
    build_object,
    build_parameter,
    get,
)
from connector.export.openapi_problems import refer
from connector.export.openapi_sharing import SharedSchemas
from connector.manifest.closed_blocks import describe_quota, tell_closed
from connector.manifest.connection_block import CONNECTION
from connector.manifest.field_rules import tell_rules
from connector.manifest.schema_files import Schema
from connector.manifest.scope_needs import tell_needs
from connector.manifest.triggers import Trigger

_COST: Final = build_object(
    "Polling cost",
    {
        "quiet": {"type": "string", "description": "Calls of a look while nothing happened."},
        "change": {"type": "string", "description": "Calls of a look that finds something."},
    },
)
_SUMMARY: Final = {
    **dict.fromkeys(("name", "title", "group", "description"), TEXT),
    "watches": {"type": "string", "description": "The block that is read again."},
    "way": {"type": "string", "description": "How a change is seen."},
    "every": {"type": "number", "description": "Seconds after which another look is worth its calls."},
    "cost": _COST,
    "state": {"type": "string", "description": "How large the state gets."},
    "scopes": TEXTS,
    "scopes_needed": {"type": "array", "items": OBJECT},
    "quota": {"type": "object", "additionalProperties": TEXT},
    "instead": {"type": ["string", "null"]},
}
_INPUT: Final = build_object("Trigger input", {"input": {**OBJECT, "description": "JSON Schema of the fields."}})
_EVENT: Final = build_object("Event", {"id": TEXT, "type": TEXT, "time": {"type": ["string", "null"]}}, {"brief": {}})
_STATE: Final = {
    "type": ["object", "null"],
    "description": "What the poll before gave; without it the mark is set, and nothing told but what `also_last` says.",
}
_POLL: Final = build_object(
    "Poll",
    {
        "state": {**OBJECT, "description": "To hand back next time, once the events are delivered."},
        "more": {"type": "boolean", "description": "Whether other events wait."},
        "meta": build_object(
            "Poll meta",
            {"requests": {"type": "integer", "description": "Calls that it took."}},
            {"next_s": {"type": "number", "description": "Seconds until another look is worth its calls."}},
        ),
    },
)
_SEEN: Final = "What has happened since `state`."


class Polls:
    """The paths of triggers. `connection` refers to the schema of a connection's name, `lent` has by server the fields
    that a connection stands in for; what several triggers take or tell is put among the `shared` schemas once."""

    def __init__(self, shared: SharedSchemas, connection: Schema, lent: Mapping[str, tuple[str, ...]]) -> None:
        self._shared = shared
        self._connection = connection
        self._lent = lent
        self._state = shared.add("PollState", _STATE)
        #: Refers to the schema of what all events have.
        self.event = shared.add("Event", _EVENT)
        self._poll = shared.add("Poll", _POLL)
        self._calls: dict[str, Schema] = {}
        self._polls: dict[str, Schema] = {}

    def describe(self, trigger: Trigger) -> dict[str, Any]:
        """The operation by which `trigger` is polled."""
        form = trigger.form
        args = build_form(form, self._shared.inputs[trigger.name], self._lent[trigger.block.server])
        is_needed = "required" in args or bool(form.together and form.together.at_least)
        call = as_json(self._share_call(trigger, args, is_needed=is_needed))
        call["application/json"]["example"] = {"args": form.example}
        return {
            "operationId": trigger.name,
            "tags": ["Triggers"],
            "summary": form.title,
            "description": "\n\n".join(_tell(trigger)),
            "parameters": [{"$ref": "#/components/parameters/Connection"}],
            "requestBody": {**({"required": True} if is_needed else {}), "content": call},
            "responses": {
                "200": {"description": _SEEN, "content": as_json(self._share_poll(trigger))},
                **refer(("4XX", "5XX")),
            },
            "x-scopes": list(form.scopes),
            **({"x-quota": describe_quota(trigger)} if trigger.closed else {}),
        }

    def _share_call(self, trigger: Trigger, args: Schema, *, is_needed: bool) -> Schema:
        """A reference to the schema of a poll's body, which triggers share that watch one block and have just its
        fields. It is named by what it is of, for clients that are made of the document call it so."""
        owner = trigger.form if trigger.words.keys() & {"input", "without"} else trigger.block
        if owner.name not in self._calls:
            call: Schema = {
                "type": "object",
                "properties": {"args": args, "state": self._state, "connection": self._connection},
                "additionalProperties": False,
                **({"required": ["args"]} if is_needed else {}),
            }
            self._calls[owner.name] = self._shared.add(f"{_capitalise(owner.name)}PollCall", call)
        return self._calls[owner.name]

    def _share_poll(self, trigger: Trigger) -> Schema:
        name, data = self._build_data(trigger)
        if name not in self._polls:
            event = {"title": f"{name} event", "allOf": [self.event, build_object(f"{name} news", {"data": data})]}
            part = build_object(f"{name} events", {"events": {"type": "array", "items": event}})
            self._polls[name] = self._shared.add(f"{name}Poll", {"allOf": [self._poll, part]})
        return self._polls[name]

    def _build_data(self, trigger: Trigger) -> tuple[str, Schema]:
        """A name for what an event's data is, and its schema."""
        # Of one that is no block, all triggers tell the same.
        own = _capitalise(trigger.block.name if trigger.block.name == CONNECTION else trigger.name)
        if trigger.way == "value":
            now = self._shared.outputs[trigger.block.name]
            return own, build_object(f"{own} data", {"changed": TEXTS, "from": OBJECT, "to": OBJECT, "now": now})
        if trigger.words.get("tells") == "gone":
            return "Removal", {"description": "What was kept of it."}
        entry = self._shared.find_entry(trigger.told)
        if trigger.words.get("tells_gaps"):
            return own, {"anyOf": [entry, build_object(f"{own} gap", {"before": entry})]}
        return (entry["$ref"].rpartition("/")[2] if "$ref" in entry else own), entry


def build_trigger_paths(name: Schema, add: Callable[[str, Schema], Schema]) -> dict[str, Any]:
    """The path items of the addresses that tell which triggers there are. `name` is the schema of a trigger's; `add`
    puts a schema among the document's under a name, and gives a reference to it."""
    summary = add("TriggerSummary", build_object("Trigger summary", _SUMMARY))
    listing = build_object("Trigger listing", {"triggers": {"type": "array", "items": summary}})
    whole = {"title": "Trigger description", "allOf": [summary, _INPUT]}
    described = get("describeTrigger", "Triggers", "Describe a trigger", "Its fields, scopes and cost.", as_json(whole))
    return {
        "/triggers": get("listTriggers", "Triggers", "List the triggers", "What there is.", as_json(listing)),
        "/triggers/{trigger}/description": {**described, "parameters": [build_parameter("trigger", name)]},
    }


def _capitalise(name: str) -> str:
    return name[:1].upper() + name[1:]


def _tell(trigger: Trigger) -> Iterator[str]:
    form, cost = trigger.form, trigger.cost
    yield form.description
    yield from tell_rules(form)
    if form.scopes:
        yield f"Scopes that the user grants: {tell_needs(form.scope_needs, '`{}`'.format)}."
    if trigger.closed:
        yield " ".join(tell_closed(form, trigger.closed))
    yield f"Costs {cost.quiet}." if cost.quiet == cost.change else f"Costs {cost.quiet}; with news: {cost.change}."
