"""What procedures do to the lists and blocks that they are given: what they can't do without and what they may need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple


class Use(NamedTuple):
    """What is done to a list: what is always `needed`, and what only some arguments or some lists call for."""

    needed: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()

    @property
    def either(self) -> Use:
        """The same of a list in whose place another may be taken."""
        return Use((), self.needed + self.maybe)


_NAMED: Final = ("find", "me")
#: A list is read; one is looked up by its name; one gets further entries; one becomes another, or comes into order.
_READ: Final = Use(("read",), ("look",))
_FIND: Final = Use(("read",), ("look", *_NAMED))
_ADD: Final = Use(("look", "read", "insert"), ("create", *_NAMED))
_TIDY: Final = Use(("look", "read", "insert", "remove"), ("move", "replace", *_NAMED))
_EDIT: Final = Use(("look", "read", "insert", "remove"), ("move", "create", *_NAMED))
#: By procedure: what is done to a list by its part, and to all others as under the empty name.
_USES: Final[Mapping[str, Mapping[str, Use]]] = {
    "sync": {"target": _EDIT, "source": _FIND, "": _READ.either},
    "collect": {"target": _ADD, "": _READ.either},
    "copy": {"": Use((), ("look", "read", "insert", "create", *_NAMED))},
    "gather": {"target": _ADD, "": _READ},
    "play": {"target": _ADD.either, "library": Use((), ("insert",)), "": _FIND.either},
    "tidy": {"": _TIDY},
    "match": {},
    "export": {"": _FIND},
    "import": {"target": Use(_ADD.needed, ("remove", "move", *_ADD.maybe))},
}
#: The same where the word `as` says what is done.
_USES_AS: Final[Mapping[tuple[str, str], Mapping[str, Use]]] = {("sync", "missing"): {"target": _ADD}}
#: Blocks that only some arguments call for.
_MAYBE: Final[Mapping[str, frozenset[str]]] = {
    "play": frozenset({"check", "transfer", "volume"}),
    "import": frozenset({"match"}),
}


def find_uses(name: str, words: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Use]:
    """What the procedure called `name`, with these `words`, does to the list in each of its `parts`."""
    uses = {**_USES.get(name, {}), **_USES_AS.get((name, str(words.get("as"))), {})}
    found = {part: uses.get(part, uses.get("", Use())) for part in parts}
    # Another list may stand in for the source; of several that are exported, only some may be wanted.
    if (name == "sync" and parts.keys() & {"default", "given"}) or (name == "export" and len(parts) > 1):
        found |= {part: use.either for part, use in found.items() if part != "target"}
    return found


def is_needed(name: str, part: str) -> bool:
    """Whether the procedure can't do without the block that is its `part`."""
    return part not in _MAYBE.get(name, ())
