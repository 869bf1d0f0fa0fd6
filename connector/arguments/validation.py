"""Arguments as they came → arguments in normal form, or every problem at once.

Each field reads its own value; what is missing, unknown or wrong in combination is found here. A problem names its
field and what fits, and never repeats a value, which might be a secret in the wrong place. The work is bounded by the
arguments' size: whoever sends a million wrong names gets as short an answer as for twenty.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Protocol

from connector.arguments.field_reader import FieldReader
from connector.arguments.wording import Unfit, describe_fit
from connector.errors import REQUIRED, ErrorDetail, ErrorKind, FieldProblem, InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.field_rules import tell_groups
from connector.manifest.references import References

Args = dict[str, Any]
#: Unknown names that are told one by one; the others are counted.
_MOST_UNKNOWN: Final = 20
#: Letters of an unknown name that are shown, and that are worth a search for what it may have meant.
_LONGEST_NAME: Final = 60
#: Names that are looked at between two looks at the time.
_STRETCH: Final = 1_000


class TimeLeft(Protocol):
    """What an invocation's deadline tells here."""

    @property
    def left(self) -> float: ...

    @property
    def is_cancelled(self) -> bool: ...


class InputValidator:
    """Judges the arguments of one block; built once, used by any number of threads."""

    def __init__(self, block: Block, references: References) -> None:
        self._block = block
        self._readers = {
            name: FieldReader(field.schema, references, keeps_places=name in block.placed_fields)
            for name, field in block.fields.items()
        }
        self._required = {field.name: field for field in block.fields.values() if field.required}
        self._segments = frozenset(name for route in block.routes for name in route.path_fields)

    def validate(self, args: Any, bound: Collection[str] = (), deadline: TimeLeft | None = None) -> Args:
        """`args` in normal form, without the fields that were left empty. `bound` fields may be left out: a
        connection stands in for them.

        Raises `InvocationFailed`: `missing_fields` where something that must be given is not, `invalid_fields` where
        only values are wrong; its `fields` list all problems in either case. `timeout` and `cancelled` where there is
        so much to read that `deadline` ends it.
        """
        block = self._block
        if not isinstance(args, Mapping):
            raise InvocationFailed(
                ErrorDetail("invalid_fields", f"{block.name}: the arguments are not an object of fields and values.")
            )

        def look_at_time() -> None:
            if deadline is not None:
                check_time(deadline)

        normal, problems, uncounted = self._read(args, look_at_time)
        excused = {*bound, *(problem.name for problem in problems)} if problems else bound
        problems += self._find_missing(normal, excused)
        problems += self._find_crowded(normal)
        problems += self._find_crossed(normal, excused)
        if problems:
            raise InvocationFailed(_sum_up(block, problems, uncounted))
        return normal

    def _read(self, args: Mapping[Any, Any], look_at_time: Callable[[], None]) -> tuple[Args, list[FieldProblem], int]:
        """The normal form of what fits, the problems with the rest, and how many unknown names are not among them."""
        normal: Args = {}
        problems: list[FieldProblem] = []
        unknown = 0
        for place, (name, value) in enumerate(args.items(), start=1):
            if place % _STRETCH == 0:
                look_at_time()
            reader = self._readers.get(name)
            if reader is None:
                unknown += 1
                if unknown <= _MOST_UNKNOWN:
                    problems.append(self._describe_unknown(name))
                continue
            schema = self._block.fields[name].schema
            try:
                form = reader.read(value, look_at_time)
            except Unfit as problem:
                problems.append(FieldProblem(name, str(problem), problem.fits or describe_fit(schema)))
                continue
            if name in self._segments and form in (".", ".."):
                problems.append(FieldProblem(name, "is no id", describe_fit(schema)))
            elif form is not None:
                normal[name] = form
        return normal, problems, max(0, unknown - _MOST_UNKNOWN)

    def _describe_unknown(self, name: Any) -> FieldProblem:
        try:
            text = str(name)
        except ValueError:
            text = f"a name of the type {type(name).__name__}"
        near: list[str] = []
        if len(text) <= _LONGEST_NAME:
            near = difflib.get_close_matches(text, self._readers, 1)
        else:
            text = f"{text[:_LONGEST_NAME]}…"
        plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
        fits = self._find_pager(text) or (f"did you mean {near[0]}?" if near else None)
        return FieldProblem(plain, f"is not a field of {self._block.name}", fits)

    def _find_pager(self, name: str) -> str | None:
        """What to give in place of a service's own word for a page's size or place, which a block sends by itself."""
        page = self._block.page
        if page is None or "max_items" not in self._readers:
            return None
        if name == page.names.get("size"):
            return "did you mean max_items?"
        places = (page.names.get("offset"), page.names.get("after"))
        return "pages are read one after the other by themselves, max_items stops it" if name in places else None

    def _find_missing(self, normal: Args, excused: Collection[str]) -> list[FieldProblem]:
        problems = [
            FieldProblem(field.name, REQUIRED, describe_fit(field.schema))
            for name, field in self._required.items()
            if name not in normal and name not in excused
        ]
        together = self._block.together
        if together and together.at_least and not any(name in normal or name in excused for name in together.fields):
            fits = f"at least one of {', '.join(together.fields)}"
            problems += [FieldProblem(name, REQUIRED, fits) for name in together.fields]
        return problems

    def _find_crossed(self, normal: Args, excused: Collection[str]) -> list[FieldProblem]:
        """Fields of several groups of which exactly one may be given, or of none where one must be."""
        groups = self._block.one_of
        given = [group for group in groups if any(name in normal or name in excused for name in group)]
        if len(given) == 1 or not groups or (not given and () in groups):
            return []
        choices = tell_groups(groups)
        if not given:
            return [FieldProblem(name, REQUIRED, f"one of {choices}") for group in groups for name in group[:1]]
        names = [name for group in given for name in group if name in normal]
        return [FieldProblem(name, "is one too many", f"only one of {choices}") for name in names]

    def _find_crowded(self, normal: Args) -> list[FieldProblem]:
        together = self._block.together
        if together is None:
            return []
        given = [name for name in together.fields if name in normal]
        count = sum(len(normal[name]) if self._block.fields[name].is_list else 1 for name in given)
        if count <= together.at_most:
            return []
        names = ", ".join(together.fields)
        return [
            FieldProblem(name, f"is one value too many: {names} hold {count} together", f"{together.at_most} at most")
            for name in given
        ]


def check_time(deadline: TimeLeft) -> None:
    """Raises `InvocationFailed` (`timeout`, `cancelled`) where there is no time left to read arguments in."""
    if deadline.is_cancelled:
        raise InvocationFailed(ErrorDetail("cancelled", "cancelled before it was finished."), is_unsent=True)
    if deadline.left <= 0:
        why = "time was up while the arguments were read; nothing was sent. Give less, or more time."
        raise InvocationFailed(ErrorDetail("timeout", why), is_unsent=True)


def _sum_up(block: Block, problems: list[FieldProblem], uncounted: int) -> ErrorDetail:
    ordered = sorted(problems, key=lambda problem: problem.problem != REQUIRED)
    kind: ErrorKind = "missing_fields" if ordered[0].problem == REQUIRED else "invalid_fields"
    told = [str(problem) for problem in ordered]
    if uncounted:
        told.append(f"{uncounted} more names are no fields")
    return ErrorDetail(kind, f"{block.name}: {'; '.join(told)}.", fields=tuple(ordered))
