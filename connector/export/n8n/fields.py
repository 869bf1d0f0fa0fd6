"""The fields of one form, whether a block's or a trigger's: their parameters in n8n, and what the runtime must know to
make arguments of them again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from connector.export.first_fields import find_first_fields
from connector.export.n8n.choices import Choices
from connector.export.n8n.locators import TICKED, build_ticked
from connector.export.n8n.widgets import Parameter, Show, build_parameter, find_kind, require
from connector.export.n8n.wording import to_label
from connector.manifest.blocks import Block, Field
from connector.manifest.manifest import Manifest

#: Lists of so many options the linter wants in alphabetical order.
_SORTED_FROM: Final = 5
_CONNECTION: Final[Parameter] = {
    "displayName": "Connection",
    "name": "connection",
    "type": "string",
    "default": "",
    "description": "The runner's name for whose account this acts on, instead of the credential's",
}


class FieldForms:
    """Makes forms that n8n shows when `show` says so. `choices` collects the long lists of codes in them; `taken` are
    names that the node has for parameters of its own."""

    def __init__(self, manifest: Manifest, choices: Choices, show: Show, taken: frozenset[str]) -> None:
        self._choices = choices
        self._show = show
        self._taken = taken
        schemes = [scheme for scheme in manifest.auth.values() if scheme]
        self._tokens = {scheme.options["token"] for scheme in schemes if "token" in scheme.options}
        self._kept = {name for scheme in schemes for name in scheme.fields}

    def iter_first(self, form: Block, entry: dict[str, Any], besides: str = "") -> Iterator[Parameter]:
        """The parameters that show at once. Puts into `entry`, by the parameters' names, what the runtime must know:
        under `fields` of these, and under `more` of the others. The field `besides` has parameters of n8n's own."""
        entry |= {"fields": {}, "more": {}}
        for field in form.fields.values():
            if field.name in self._tokens or field.name == besides:
                continue
            name = f"{field.name}Field" if field.name in self._taken else field.name
            told: dict[str, Any] = {"name": field.name, "title": to_label(field.title), "kind": find_kind(field)}
            if field.secret:
                told["isSecret"] = True
            if separator := field.schema.get("x-separator"):
                told["separator"] = separator
            if field.choices:
                told |= {"ticked": f"{name}{TICKED}"} if field.is_list else {"list": True}
            if not self._is_first(form, field):
                entry["more"][name] = told
                continue
            entry["fields"][name] = told
            parameter = build_parameter(field, name, self._choices, form.not_sent.get(field.name))
            parameter["displayOptions"] = self._show([form])
            # Where values can be ticked too, only the runner can tell that there is none.
            if field.required and "ticked" not in told:
                require(parameter)
            yield parameter

    def build_more(self, form: Block, entry: dict[str, Any]) -> Parameter | None:
        """The parameter that the other fields are added from; `None` where there are none."""
        options = [
            build_parameter(form.fields[told["name"]], name, self._choices, form.not_sent.get(told["name"]))
            for name, told in entry["more"].items()
        ]
        options += [
            build_ticked(form.fields[told["name"]], told["ticked"])
            for told in [*entry["fields"].values(), *entry["more"].values()]
            if "ticked" in told
        ]
        if not options:
            return None
        if len(options) >= _SORTED_FROM:
            options.sort(key=lambda option: option["displayName"].lower())
        return {
            "displayName": "Additional Fields",
            "name": "more",
            "type": "collection",
            "placeholder": "Add Field",
            "default": {},
            "displayOptions": self._show([form]),
            "options": options,
        }

    def build_simplify(self, forms: list[Block]) -> Iterator[Parameter]:
        """n8n's own word for short answers, and its own description."""
        if forms:
            yield {
                "displayName": "Simplify",
                "name": "simplify",
                "type": "boolean",
                "default": True,
                "description": "Whether to return a simplified version of the response instead of the raw data",
                "displayOptions": self._show(forms),
            }

    def _is_first(self, form: Block, field: Field) -> bool:
        """Whether a field shows at once; what a connection may bring along need not."""
        return field.name not in self._kept and field.name in find_first_fields(form)


def build_options(timeout_s: int, timeout_hint: str, *others: Parameter) -> Parameter:
    """What a maker may always set: for whom, how long to wait for the runner (`timeout_s` unless told otherwise), and
    what `others` are about."""
    timeout = {
        "displayName": "Timeout",
        "name": "timeout",
        "type": "number",
        "typeOptions": {"minValue": 1},
        "default": timeout_s,
        "description": timeout_hint,
    }
    return {
        "displayName": "Options",
        "name": "options",
        "type": "collection",
        "placeholder": "Add Option",
        "default": {},
        "options": [_CONNECTION, *others, timeout],
    }
