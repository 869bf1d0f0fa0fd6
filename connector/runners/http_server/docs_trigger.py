"""What the page at `/docs` shows of one trigger: its words, what looks cost, and a description of each control."""

from __future__ import annotations

from typing import Any, Final

from connector.errors import tell_wait
from connector.export.event_samples import build_event_sample
from connector.export.first_fields import find_first_fields
from connector.manifest.closed_blocks import describe_closing, tell_closed
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.scope_needs import tell_needs
from connector.manifest.triggers import POLLING, Trigger
from connector.runners.http_server.docs_block import describe_fields

#: With this field the first look shows something.
_TO_SEE: Final = "also_last"


def build_trigger(manifest: Manifest, trigger: Trigger) -> dict[str, Any]:
    """The trigger in words, where in an event stands what a person wants of it, a sample of one, and the fields in the
    order of the form; `how` names those that say how to look, and not at what. Words that are code stand between
    backticks."""
    form = trigger.form

    def call(name: str) -> str:
        return f"“{form.fields[name].title}”"

    return {
        "name": trigger.name,
        "title": form.title,
        "group": form.group,
        "description": form.description,
        # Nothing where it is no block that can be opened: the connection itself is read.
        "watches": trigger.block.name if trigger.block.name in manifest.names else None,
        "closed": describe_closing(trigger.closed),
        "about_closed": tell_closed(form, trigger.closed) if trigger.closed else [],
        "rules": tell_rules(form, call),
        "cost": trigger.cost._asdict(),
        "every": tell_wait(trigger.every),
        "scopes": tell_needs(form.scope_needs, "`{}`".format, call),
        "columns": list(_list_columns(trigger)),
        "sample": build_event_sample(trigger),
        "example": {name: value for name, value in form.example.items() if not form.fields[name].secret},
        "how": list(manifest.data[POLLING]),
        "fields": describe_fields(manifest, form, {*find_first_fields(form), _TO_SEE}),
    }


def _list_columns(trigger: Trigger) -> tuple[str, ...]:
    """Pointers into an event, to what a table of events shows."""
    kind = ("type",) if trigger.words.get("tells_gaps") else ()
    if trigger.way == "value":
        return "data.changed[]", *(f"data.to.{name}" for name in trigger.words["values"])
    # Where the entry's own time is shown, the event's would say it twice.
    time = () if trigger.words.get("time") in trigger.brief else ("time",)
    return *time, *kind, *(f"data.{pointer}" for pointer in trigger.brief)
