"""What earlier answers told: things of the account's own, by kind, to ask the next blocks about.

The manifest says how a service refers to things, so nothing here knows any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from connector.arguments.text_form import find_kinds
from connector.manifest.blocks import Block, Field
from connector.manifest.dotted_paths import follow
from connector.manifest.references import References
from connector.manifest.schema_files import Schema
from connector.result import Result

#: Things of a kind that are kept; more are never asked about.
_KEPT: Final = 5


class Finds:
    """Things by kind, as the service refers to them, and what blocks that list choices answered."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._by_kind: dict[str, list[str]] = {}
        self._entries: dict[str, list[Any]] = {}

    def keep(self, result: Result) -> None:
        """Remembers what `result` tells of."""
        self._entries[result.block] = result.entries
        for kind, thing in self._iter_things(result.output):
            known = self._by_kind.setdefault(kind, [])
            if thing not in known and len(known) < _KEPT:
                known.append(thing)

    def put_first(self, kind: str, thing: str) -> None:
        """From now on this `thing` is taken before all others of its `kind`."""
        self._by_kind[kind] = [thing]

    def find_in(self, output: Any, kinds: Iterable[str]) -> tuple[str, str] | None:
        """The first thing of one of these `kinds` that `output` tells of, with its kind."""
        wanted = frozenset(kinds)
        return next((found for found in self._iter_things(output) if found[0] in wanted), None)

    def has_for(self, block: Block) -> bool:
        """Whether there is something for each field of `block` that refers to things and must be given."""
        return all(self._find(field.schema) for field in self._iter_referring(block))

    def iter_args(self, block: Block, most: int) -> Iterator[tuple[dict[str, Any], bool | None]]:
        """Arguments of `block` but for the secret ones, in the order in which they are to be tried, up to `most`; and
        whether what they refer to was found, `None` where they refer to nothing. The last are its example's."""
        example = {name: value for name, value in block.example.items() if not block.fields[name].secret}
        found = {field.name: self._find(field.schema) for field in self._iter_referring(block)}
        if found and all(found.values()):
            for position in range(min(most - 1, max(map(len, found.values())))):
                chosen = {name: things[min(position, len(things) - 1)] for name, things in found.items()}
                yield {**example, **{name: self._fit(block, name, thing) for name, thing in chosen.items()}}, True
        yield example, False if found else None

    def fill(self, block: Block, most: int) -> dict[str, Any]:
        """Arguments of `block` but for the secret ones: its example, with what was found in the place of the example's
        things; `most` of them in a list."""
        args = {name: value for name, value in block.example.items() if not block.fields[name].secret}
        for field in self._iter_referring(block):
            if found := self._find(field.schema):
                args[field.name] = found[:most] if field.is_list else found[0]
        return args

    def prefer(self, args: Mapping[str, Any]) -> None:
        """What could be asked about by `args` is taken first from now on."""
        given = [thing for value in args.values() for thing in (value if isinstance(value, list) else [value])]
        for known in self._by_kind.values():
            known.sort(key=lambda thing: thing not in given)

    def _fit(self, block: Block, name: str, thing: Any) -> Any:
        return [thing] if block.fields[name].is_list else thing

    def _iter_referring(self, block: Block) -> Iterator[Field]:
        for name in block.example:
            field = block.fields[name]
            if not field.secret and (get_kinds(field) or field.schema.get("x-choices")):
                yield field

    def _find(self, schema: Schema) -> list[Any]:
        each = schema.get("items", {}) if "items" in schema else schema
        if kinds := find_kinds(each) or find_kinds(schema):
            return [thing for kind in kinds for thing in self._by_kind.get(kind, ())]
        # What has no reference of its own, such as a device, is known by what lists it.
        choices = schema["x-choices"]
        entries = self._entries.get(choices["block"], ())
        return [found for entry in entries if (found := follow(entry, choices["value"].split(".")))]

    def _iter_things(self, node: Any) -> Iterator[tuple[str, str]]:
        """Kind and reference of all that `node`, a part of an answer, tells of, what stands further out first."""
        parts = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        for part in parts:
            if isinstance(part, str) and (thing := self._references.read(part)):
                kind, id_ = thing
                yield kind, self._references.write(kind, id_) if self._references.uri else part
        for part in parts:
            yield from self._iter_things(part)


def get_kinds(field: Field) -> tuple[str, ...]:
    """The kinds of things that a field may refer to."""
    return find_kinds(field.schema) or find_kinds(field.schema.get("items", {}))
