"""How a service writes that something is meant: addresses and links that say an id and its kind."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote


class References(NamedTuple):
    """Ways to write an id that also say its kind: `patterns` with the groups `kind` and `id`, or without any for links
    of which nobody can tell where they lead. `uri` is the way in which the service itself takes them, with `{kind}` and
    `{id}` in it; `None` where it takes ids alone."""

    patterns: tuple[re.Pattern[str], ...] = ()
    uri: str | None = None

    def match(self, text: str) -> re.Match[str] | None:
        """What the first pattern that knows `text` finds in it; `None` where none does."""
        return next((match for pattern in self.patterns if (match := pattern.match(text))), None)

    def read(self, text: str) -> tuple[str, str] | None:
        """The kind and the id of the thing that `text` is the URI or the address of; `None` where it is neither."""
        match = self.match(text)
        return (match["kind"].lower(), unquote(match["id"])) if match and match.groupdict() else None

    def write(self, kind: str, id_: str) -> str:
        """The thing of this `kind` as the service writes it. Raises `ValueError` where the manifest says no way."""
        if self.uri is None:
            raise ValueError("the manifest has no uri")
        # A user's id may hold what ends a URI.
        return self.uri.replace("{kind}", kind).replace("{id}", quote(id_, safe=""))
