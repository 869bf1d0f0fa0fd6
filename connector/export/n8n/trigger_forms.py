"""The form of the trigger node: one list of all triggers, and a trigger's fields below it.

Also what the runtime must know to poll them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from connector.errors import tell_wait
from connector.export.n8n.choices import Choices
from connector.export.n8n.fields import FieldForms, build_options
from connector.export.n8n.notices import iter_scopes, iter_shared, quote_blocks, quote_label
from connector.export.n8n.taken_values import take
from connector.export.n8n.widgets import Parameter
from connector.export.n8n.wording import mark_closed, to_action, to_hint, to_label
from connector.manifest.blocks import Block
from connector.manifest.closed_blocks import tell_closed
from connector.manifest.field_rules import tell_rules
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import Trigger, iter_triggers

#: Names of the node's own parameters, and of those that n8n itself puts beside them.
_TAKEN: Final = frozenset({"authentication", "event", "more", "notice", "options", "pollTimes", "scopes", "simplify"})


class TriggerForms:
    """The trigger node's form for all triggers of a manifest, whose long lists of codes are collected in `choices`.

    `parameters` is n8n's `properties`; `events` are the triggers as n8n's options, by group, those that are closed to
    new apps marked and last; `triggers` is the runtime's table: of each trigger its title, the block that it watches,
    the seconds between two looks, whether events can be brief, and of each parameter what `Forms.blocks` has of it.
    """

    def __init__(self, manifest: Manifest, choices: Choices) -> None:
        triggers = list(iter_triggers(manifest))
        self._blocks = list(manifest)
        self.triggers: dict[str, Any] = {}
        self.parameters: list[Parameter] = []
        groups = {group: place for place, group in enumerate(manifest.groups)}
        ordered = sorted(triggers, key=lambda each: (groups.get(each.form.group, len(groups)), _is_closed(each)))
        self.events = [_build_event(trigger) for trigger in ordered]
        if triggers:
            self._build(manifest, triggers, choices)

    def _build(self, manifest: Manifest, triggers: list[Trigger], choices: Choices) -> None:
        forms = [trigger.form for trigger in triggers]
        by_name = {trigger.name: trigger for trigger in triggers}
        fields = FieldForms(manifest, choices, _show, _TAKEN)
        self.triggers = {trigger.name: _build_entry(trigger) for trigger in triggers}
        self.parameters = [
            {
                "displayName": "Event",
                "name": "event",
                "type": "options",
                "noDataExpression": True,
                "options": take("palette", "events"),
                "default": triggers[0].name,
            },
            *iter_shared("notice", forms, lambda form: self._tell_use(by_name[form.name]), _show),
            *(parameter for form in forms for parameter in fields.iter_first(form, self.triggers[form.name])),
            *fields.build_simplify([form for form in forms if by_name[form.name].brief]),
            *(more for form in forms if (more := fields.build_more(form, self.triggers[form.name]))),
            _OPTIONS,
            *iter_scopes(forms, _show),
        ]

    def _tell_use(self, trigger: Trigger) -> str:
        form, cost = trigger.form, trigger.cost
        more = f" while nothing happened; when something did: {cost.change}" if cost.change != cost.quiet else ""
        told = [
            *tell_closed(form, trigger.closed),
            *tell_rules(form, partial(quote_label, form)),
            f"A look takes {cost.quiet}{more}.",
            f"However often n8n polls, there is one each {tell_wait(trigger.every)} or so, and fewer where little "
            "happens or the day's calls want it.",
        ]
        return quote_blocks(" ".join(told), self._blocks)


def _show(forms: Iterable[Block]) -> dict[str, Any]:
    return {"show": {"event": [form.name for form in forms]}}


def _is_closed(trigger: Trigger) -> bool:
    return "development" in trigger.closed


def _build_event(trigger: Trigger) -> dict[str, Any]:
    """A row of the list, whose headings n8n has no place for: so the group stands before the title."""
    form = trigger.form
    label, action = to_label(f"{form.group}: {form.title}"), to_action(form.title)
    is_closed = _is_closed(trigger)
    return {
        "name": mark_closed(label, title_case=True) if is_closed else label,
        "value": trigger.name,
        "description": to_hint(form.description),
        "action": mark_closed(action) if is_closed else action,
    }


def _build_entry(trigger: Trigger) -> dict[str, Any]:
    entry = {"title": trigger.form.title, "isRead": True, "watches": trigger.block.name, "every": trigger.every}
    return {**entry, "hasBrief": True} if trigger.brief else entry


_OPTIONS: Final = build_options(
    120,
    "Seconds to wait for the runner's answer",
    {
        "displayName": "Look at Every Poll Time",
        "name": "always",
        "type": "boolean",
        "default": False,
        "description": "Whether to look even when the runner says that it is too early. Each look takes at least a "
        "call: polled every minute, 1,440 of the day's calls, and all polls of an account share what a day has.",
    },
)
