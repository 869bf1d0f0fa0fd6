"""One tool for all triggers: what has changed since an earlier call.

The state of a poll stays with the server under a short name, which the model gives back; programs find it whole in the
answer's `_meta` too, and may give that back instead, after the server has ended as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any, Final, Protocol

from mcp.server.context import ServerRequestContext
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed, tell_wait
from connector.manifest.manifest import Manifest
from connector.manifest.schema_files import Schema
from connector.manifest.triggers import Trigger, iter_triggers
from connector.runners.mcp_server.answers import META_KEY, build_error
from connector.runners.mcp_server.brief_text import write_brief
from connector.runners.mcp_server.dialects import read_object, write, write_any_object
from connector.runners.mcp_server.door import ToolDoor
from connector.runners.mcp_server.kept_states import KeptStates, refuse
from connector.runners.mcp_server.offer import Offer
from connector.triggers import Event, Poll
from connector.way.watching import look_daily
from connector.wire.deadline import Cancel

NAME: Final = "whats_new"
#: The key of the whole state in an answer's `_meta`.
STATE_KEY: Final = "connector/state"
_OUTPUT: Final[Schema] = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    "time": {"type": ["string", "null"]},
                    "data": {},
                    "brief": {},
                },
                "required": ["id", "type", "time", "data"],
            },
        },
        "since": {"type": "string"},
        "more": {"type": "boolean"},
        "next_s": {"type": "number"},
    },
    "required": ["events", "since", "more", "next_s"],
}


class Door(Protocol):
    """What answers clients about tools."""

    async def list_tools(
        self, context: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None, /
    ) -> ListToolsResult: ...

    async def call_tool(
        self, context: ServerRequestContext[Any, Any], params: CallToolRequestParams, /
    ) -> CallToolResult: ...


def find_offered(manifest: Manifest, offer: Offer, blocks: Iterable[str]) -> dict[str, Trigger]:
    """The triggers that the `offer` allows, by name: those of the `blocks` that it names, all where it names none."""
    offered = frozenset(blocks)
    return {
        trigger.name: trigger for trigger in iter_triggers(manifest) if not offer.only or trigger.block.name in offered
    }


class WhatsNewDoor:
    """Answers for the `triggers` by a tool of its own, and for all others by the `door`, whose blocks are those of
    `tools`."""

    def __init__(self, door: Door, tools: ToolDoor, triggers: Mapping[str, Trigger], offer: Offer) -> None:
        self._door = door
        self._tools = tools
        self._triggers = triggers
        self._offer = offer
        self._states = KeptStates()
        self._tool = build_tool(triggers, offer)

    async def list_tools(
        self, context: ServerRequestContext[Any, Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        """The other door's tools, and this one's."""
        others = await self._door.list_tools(context, params)
        return ListToolsResult(tools=[*others.tools, self._tool])

    async def call_tool(self, context: ServerRequestContext[Any, Any], params: CallToolRequestParams) -> CallToolResult:
        """Looks at what has changed, or lets the other door answer."""
        if params.name != NAME:
            return await self._door.call_tool(context, params)
        try:
            return await self._look(context, params.arguments or {})
        except InvocationFailed as failure:
            return build_error(failure.error)

    async def _look(self, context: ServerRequestContext[Any, Any], given: Mapping[str, Any]) -> CallToolResult:
        rest = dict(given)
        trigger = self._find(rest.pop("trigger", None))
        state = self._states.find(rest.pop("since", None))
        args = rest.pop("args", None) or {}
        if (own := read_object(args)) is None:
            raise _refuse("args", "is no object", "the trigger's fields by name")
        connection = self._tools.find_connection(context)
        # Beside them is where models put fields too.
        args = self._tools.complete(trigger.form, {**rest, **own}, is_bound=connection is not None)
        cancel = Cancel()
        poll = partial(self._tools.connector.poll, trigger.name, connection=connection, cancel=cancel)
        try:
            seen = await self._tools.run(context.request, trigger.form, partial(look_daily, poll, args, state), cancel)
        finally:
            cancel.set()
        if seen.error is not None:
            return build_error(_name_since(seen.error), {META_KEY: asdict(seen.meta)})
        return self._tell(seen, is_first=state is None)

    def _find(self, name: Any) -> Trigger:
        if isinstance(name, str) and name in self._triggers:
            return self._triggers[name]
        raise _refuse("trigger", "is none that is offered here", f"one of {', '.join(self._triggers)}")

    def _tell(self, seen: Poll, *, is_first: bool) -> CallToolResult:
        since = self._states.keep(seen.state)
        data = {"events": [event.to_dict() for event in seen.events], "since": since, "more": seen.more}
        data["next_s"] = round(seen.next_s, 1)
        if self._offer.has_output_schemas:
            texts = [json.dumps(data, ensure_ascii=False)]
        else:
            count = len(seen.events)
            quiet = "The mark is set: what happens from now on is told." if is_first else "Nothing new."
            told = write_brief([_shorten(event) for event in seen.events], self._tools.references, is_list=True)
            later = "More wait: call again now" if seen.more else f"It pays to look again in {tell_wait(seen.next_s)}"
            texts = [told if count else quiet, f"{later}, with since={since} and the same trigger and args."]
        return CallToolResult(
            content=[TextContent(type="text", text=text) for text in (*texts, *seen.meta.warnings)],
            structured_content=data if self._offer.has_output_schemas else None,
            _meta={META_KEY: asdict(seen.meta), STATE_KEY: seen.state},
        )


def build_tool(triggers: Mapping[str, Trigger], offer: Offer) -> Tool:
    """The tool for the `triggers` as the `offer` has it."""
    lines = [
        "Tell what changed since an earlier call, missing nothing, for few calls. The first sets the mark; each answer "
        "gives the next one's since. Triggers, with the args they need:",
        *(_summarise(trigger) for trigger in triggers.values()),
    ]
    fields: Schema = {
        "trigger": {"type": "string", "enum": list(triggers)},
        "args": write_any_object("The trigger's fields by name.", offer.dialect),
        "since": {"type": "string", "description": "The since of the last answer; none at first."},
        "also_last": {"type": "integer", "description": "At first, tell the latest few too."},
    }
    return Tool(
        name=NAME,
        title="What's new",
        description="\n".join(lines),
        input_schema=write({"type": "object", "properties": fields, "required": ["trigger"]}, offer.dialect),
        output_schema=_OUTPUT if offer.has_output_schemas else None,
        annotations=ToolAnnotations(read_only_hint=True),
    )


def _summarise(trigger: Trigger) -> str:
    needed = [field.name for field in trigger.form.fields.values() if field.required and not field.secret]
    return f"{trigger.name}{' (' + ', '.join(needed) + ')' if needed else ''}: {trigger.form.title}"


def _shorten(event: Event) -> dict[str, Any]:
    """An event as a model reads it: its type only where that is not the trigger's name."""
    told = event.data if event.brief is None else event.brief
    return {**({"time": event.time} if event.time else {}), "event": event.type, "data": told}


def _name_since(error: ErrorDetail) -> ErrorDetail:
    """`error` in the words of this tool, where it is about the state."""
    if [field.name for field in error.fields] != ["state"]:
        return error
    return replace(refuse(error.fields[0].problem).error)


def _refuse(field: str, problem: str, fits: str) -> InvocationFailed:
    found = FieldProblem(field, problem, fits)
    return InvocationFailed(ErrorDetail("invalid_fields", f"{NAME}: {found}.", fields=(found,)))
