"""Long lists of codes, such as countries and languages, kept once for all fields that offer them.

The codes are the manifest's; what each is called, the runtime asks of JavaScript.
"""

from __future__ import annotations

from typing import Any

from connector.export.n8n.taken_values import take
from connector.manifest.schema_files import Schema


class Choices:
    """Collects lists of codes, for parameters that take theirs from it."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, Any]] = {}

    def find(self, schema: Schema) -> str | None:
        """Where the list of codes that fit `schema` is taken from; `None` where it is no code that has a name."""
        kinds = schema.get("x-names")
        codes = schema.get("enum") or schema.get("x-suggestions")
        if not kinds or not codes:
            return None
        wanted = {"kinds": list(kinds), "codes": list(codes)}
        name = "_".join(kinds)
        while self._lists.setdefault(name, wanted) != wanted:
            name += "_"
        return take("choices", name)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """The lists by name: `kinds` says of what each part of a code is a code, `codes` are they."""
        return dict(self._lists)
