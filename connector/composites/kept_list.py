"""A list that somebody keeps, read and edited through blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from connector.arguments.validation import Args
from connector.composites.edits import Edit, Insert, Move, Remove, Replace
from connector.composites.entries import UNREADABLE, Entry, name_recording
from connector.manifest.dotted_paths import follow
from connector.manifest.expressions import compile_expression
from connector.manifest.procedures import ListKind
from connector.many.page import get_total
from connector.result import Result

#: Invokes the block of this name, always anew. Raises `InvocationFailed`.
Invoke = Callable[[str, Args], Result]


class Glance(NamedTuple):
    """What a cheap call tells of a list: how many entries there are, which version it is of, and what it is called."""

    total: int | None
    version: Any
    title: str | None


class KeptList:
    """The list `id` of a `kind`, or the things of several ids; `None` for the only one. `read` and `write` invoke a
    block that does so, and raise `InvocationFailed`; `finish` is for a write without which the one before it would lose
    something, and `check_room` raises it where there is no room for two such. Entries of one recording are the same
    where that is told apart `by_recording`."""

    def __init__(
        self,
        kind: ListKind,
        id_: str | list[str] | None,
        read: Invoke,
        write: Invoke,
        *,
        finish: Invoke | None = None,
        check_room: Callable[[], None] = lambda: None,
        by_recording: bool = False,
    ) -> None:
        self.kind = kind
        self.id = id_
        #: Whether it was made a moment ago, and nothing was put on it.
        self.is_new = False
        self.check_room = check_room
        self._read = read
        self._write = write
        self._finish = finish or write
        self._by_recording = by_recording

    def look(self) -> Glance:
        """What a cheap call tells."""
        told = self._ask("look", {}).output
        words = self.kind.words["look"]
        total, version, title = (find(words[name], told) for name in ("total", "version", "title"))
        return Glance(total if isinstance(total, int) else None, version, title)

    def read(self, start: int = 0, most: int | None = None) -> list[Entry]:
        """The entries from the place `start` on, in order, or so many of them at `most`; nulls have their places. A
        list that can't be read from a place on is read whole."""
        return self.read_part(start, most)[0]

    def read_part(
        self, start: int, most: int | None, also: Mapping[str, Any] = MappingProxyType({})
    ) -> tuple[list[Entry], int | None]:
        """The same, and how many entries there are, where that is told; `also` are further arguments."""
        if self.kind.part_size is None and (start or most is not None):
            entries, total = self.read_part(0, None, also)
            return entries[start:][:most], total
        args: dict[str, Any] = {**also} if most is None else {**also, "max_items": most}
        if start:
            args["resume"] = str(start)
        result = self._ask("read", args)
        if most is None and self._has_shifted(result):
            result = self._ask("read", args)
        found = follow(result.output, result.listing.at if result.listing else ())
        entries = found if isinstance(found, list) else []
        read = result.listing.read if result.listing else (lambda entry: entry)
        built = [
            build_entry(self.kind, read(data), start + place, by_recording=self._by_recording, of=f"{self.id or ''}")
            for place, data in enumerate(entries)
        ]
        return built, result.meta.total

    def _has_shifted(self, result: Result) -> bool:
        """Whether the list was longer or shorter at the end of the reading than at its start: then its pages shifted
        meanwhile, and an entry was read twice or not at all."""
        page = self.kind.page
        part = follow(result.output, page.at) if page else None
        first = get_total(part, page) if page and isinstance(part, dict) else None
        return None not in (first, result.meta.total) and first != result.meta.total

    def apply(self, edit: Edit, *, is_due: bool = False) -> None:
        """Makes the edit; where it `is_due`, what was taken off is put back by it."""
        if isinstance(edit, Remove):
            self._ask("remove", self._say_keys("remove", edit.keys))
        elif isinstance(edit, Insert):
            self.insert(edit.keys, edit.at, is_due=is_due)
        elif isinstance(edit, Replace):
            self._ask("replace", self._say_keys("replace", edit.keys))
        else:
            self._ask("move", self._say_move(edit))

    def insert(self, keys: Iterable[str], at: int | None = None, *, is_due: bool = False) -> None:
        """Puts `keys` in, in order, at a place or at the end."""
        place = {} if at is None or "at" not in self.kind.words["insert"] else {self._word("insert", "at"): at}
        self._ask("insert", {**self._say_keys("insert", keys), **place}, is_due=is_due)

    def _say_keys(self, what: str, keys: Iterable[str]) -> dict[str, Any]:
        given = list(keys)
        # A field for one thing is given one, as there are no more in a call then.
        return {self._word(what, "keys"): given[0] if what in self.kind.singles else given}

    def _say_move(self, move: Move) -> dict[str, int]:
        numbers = {"start": move.start, "count": move.count, "before": move.before}
        return {self._word("move", name): number for name, number in numbers.items()}

    def _word(self, what: str, name: str) -> str:
        return str(self.kind.words[what][name])

    def _ask(self, what: str, args: Args, *, is_due: bool = False) -> Result:
        own = {self.kind.field: self.id} if self.kind.field else {}
        write = self._finish if is_due else self._write
        invoke = self._read if what in ("look", "read") else write
        return invoke(self.kind.blocks[what], {**own, **args})


def build_entry(kind: ListKind, data: Any, place: int, *, by_recording: bool = False, of: str = "") -> Entry:
    """The entry that `data` is. One that nothing tells apart, such as a null, is itself alone, by its place and the
    list that it is `of`, and stays. What is known of its recording is among its names where it is the same
    `by_recording`."""
    key = read_text(find(kind.entry["key"], data))
    if key is None:
        own = f"{UNREADABLE}{of and f'{of} '}{place}"
        return Entry(own, frozenset([own]), is_fixed=True, data=data)
    also, added, is_fixed = (
        find(kind.entry[name], data) if name in kind.entry else None for name in ("also", "added", "fixed")
    )
    names = [name for each in (also if isinstance(also, list) else [also]) if (name := read_text(each)) is not None]
    if by_recording:
        parts = ("isrc", "title", "artist", "length_ms")
        names += name_recording(*(find(kind.entry[name], data) if name in kind.entry else None for name in parts))
    title = find(kind.entry["title"], data) if "title" in kind.entry else None
    added, title = (each if isinstance(each, str) else None for each in (added, title))
    return Entry(key, frozenset([key, *names]), bool(is_fixed), added, data, title)


def read_text(value: Any) -> str | None:
    """An id as text, whether the service writes it as text or as a number; `None` for what is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def find(expression: str, thing: Any) -> Any:
    """What a JMESPath `expression` finds in `thing`."""
    parsed, options = compile_expression(expression)
    return parsed.search(thing, options)
