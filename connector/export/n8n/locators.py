"""Fields whose values a block lists, as n8n offers them: a resource locator where one value is wanted; beside a list,
a box that is filled by ticking."""

from __future__ import annotations

from typing import Any, Final

from connector.export.n8n.wording import to_label
from connector.manifest.blocks import Field

#: Behind the name of a list's parameter, for the one that its values are ticked in.
TICKED: Final = "FromList"


def build_locator(field: Field, name: str) -> dict[str, Any]:
    """The part of the parameter `name` that says how the value of `field` is found: in a list that is searched, and as
    before by typing it."""
    modes: list[dict[str, Any]] = [
        {
            "displayName": "From List",
            "name": "list",
            "type": "list",
            "placeholder": "Select...",
            "typeOptions": {"searchListMethod": name, "searchable": True},
        }
    ]
    kinds = field.schema.get("x-reference", ())
    if kinds:
        modes.append({"displayName": "By Link", "name": "url", "type": "string", **_tell_link(kinds)})
    example = field.schema["examples"][0]
    modes.append({"displayName": _tell_typed(field), "name": "id", "type": "string", "placeholder": f"e.g. {example}"})
    return {"type": "resourceLocator", "default": {"mode": "list", "value": ""}, "modes": modes}


def build_ticked(field: Field, name: str) -> dict[str, Any]:
    """The parameter `name`, whose values go to those that are typed into the list `field`."""
    return {
        # Title and description end as n8n's linter wants them.
        "displayName": f"{to_label(field.title)} by Names or IDs",
        "name": name,
        "type": "multiOptions",
        "typeOptions": {"loadOptionsMethod": name},
        "default": [],
        "description": "Choose from the list, or specify IDs using an "
        '<a href="https://docs.n8n.io/code/expressions/">expression</a>',
    }


def _tell_typed(field: Field) -> str:
    # What has no form of its own may be a name.
    if (field.choices and field.choices.known) or "pattern" not in field.schema:
        return "By Name or ID"
    return "By URI" if field.schema.get("x-as") == "uri" else "By ID"


def _tell_link(kinds: str | list[str]) -> dict[str, Any]:
    """What n8n makes of a link when it is to become an id. The runner takes the link itself, and knows more forms; of
    what may be of several kinds the id alone is not enough."""
    if not isinstance(kinds, str):
        return {}
    return {"extractValue": {"type": "regex", "regex": rf"(?:^|[/:]){kinds}[/:]([^/:?#\s]+)"}}
