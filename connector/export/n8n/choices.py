"""Long lists of codes, such as countries and languages, kept once for all fields that offer them.

The codes are the manifest's; what each is called, the runtime asks of JavaScript.
"""

from __future__ import annotations

import json
from typing import Any, Final

from connector.manifest.schema_files import Schema

_MARK: Final = "\ue000"


class Choices:
    """Collects lists of codes. A parameter holds a reference to its list until `resolve` makes JavaScript of it."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, Any]] = {}

    def find(self, schema: Schema) -> str | None:
        """A reference to the list of codes that fit `schema`; `None` where it is no code that has a name."""
        kinds = schema.get("x-names")
        codes = schema.get("enum") or schema.get("x-suggestions")
        if not kinds or not codes:
            return None
        wanted = {"kinds": list(kinds), "codes": list(codes)}
        name = "_".join(kinds)
        while self._lists.setdefault(name, wanted) != wanted:
            name += "_"
        return f"{_MARK}{name}{_MARK}"

    def resolve(self, script: str) -> str:
        """`script` with each reference, which is a JSON text in it, replaced by the runtime's list."""
        for name in self._lists:
            found = f"choices.{name}" if name.isidentifier() else f"choices[{json.dumps(name)}]"
            script = script.replace(json.dumps(f"{_MARK}{name}{_MARK}", ensure_ascii=False), found)
        return script

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """The lists by name: `kinds` says of what each part of a code is a code, `codes` are they."""
        return dict(self._lists)
