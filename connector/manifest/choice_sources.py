"""What a field may hold where another block lists it: `x-choices` of a field's schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from connector.manifest.schema_files import Schema
from connector.manifest.schema_parts import split_pointer
from connector.result import Choice


@dataclass(frozen=True, slots=True)
class ChoiceSource:
    """The `block` that lists a field's values, and pointers such as `artists[].name` to the parts of its entries.

    What doesn't match the pattern `known` is a label, and stands for its value; without one only values are taken.
    """

    block: str
    value: str
    label: str
    hint: str | None = None
    known: str | None = None

    @property
    def pointers(self) -> tuple[str, ...]:
        return (self.value, self.label, *([self.hint] if self.hint else []))

    def read(self, entry: Any) -> Choice | None:
        """The choice that `entry` is, called by its value where it has no label; `None` where it has no value."""
        value = self.tell_value(entry)
        if value is None:
            return None
        label = self.tell_label(entry)
        return Choice(value, label if label and label.strip() else value, self.hint and _tell(entry, self.hint))

    def tell_value(self, entry: Any) -> str | None:
        """The value in `entry`, a text or a whole number, if it has one that can be sent."""
        value = next(_iter_at(entry, split_pointer(self.value)), None)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) and value.strip() else None

    def tell_label(self, entry: Any) -> str | None:
        """The label in `entry`, if it has one."""
        return _tell(entry, self.label)


def find_source(schema: Schema) -> ChoiceSource | None:
    """What lists the values of a field of this `schema`, or those in it where it is a list. `x-choices: null` says that
    nothing does, whatever the field's type says. Raises `TypeError` for a rule of another form."""
    items = schema.get("items")
    rule = schema.get("x-choices", items.get("x-choices") if isinstance(items, dict) else None)
    return None if rule is None else ChoiceSource(**rule)


def _tell(entry: Any, pointer: str) -> str | None:
    """The text at `pointer`, those in a list with commas between; `None` where there is none."""
    return ", ".join(text for text in _iter_at(entry, split_pointer(pointer)) if isinstance(text, str) and text) or None


def _iter_at(value: Any, steps: Sequence[str]) -> Iterator[Any]:
    """What stands at the `steps` in a JSON value: one thing at most, or one of each entry of a list."""
    if not steps:
        yield value
    elif steps[0] == "[]":
        for entry in value if isinstance(value, list) else ():
            yield from _iter_at(entry, steps[1:])
    elif isinstance(value, dict) and steps[0] in value:
        yield from _iter_at(value[steps[0]], steps[1:])
