"""One run of a block that is made of blocks: what it was given, what it may call, and what it has cost."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from connector.arguments.typed_text import simplify
from connector.arguments.validation import Args
from connector.composites.kept_list import KeptList, find
from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.procedures import ListKind, Procedure
from connector.manifest.references import References
from connector.result import Result

#: How many calls as long as the longest so far have to fit into the time that is left, before anything is taken off a
#: list that the next call has to put back.
_SPARE_CALLS: Final = 4


class InvokeDue(Protocol):
    """Invokes the block of this name, always anew; where it `is_due`, though whoever waits for it has left. Raises
    `InvocationFailed`."""

    def __call__(self, name: str, given: Args, /, *, is_due: bool = False) -> Result: ...


#: Ids of things of one name that a message repeats.
_MOST_TOLD: Final = 5


class Task:
    """A run of `procedure` with `args`, which are valid and in normal form. `reads` and `writes` count requests;
    `time_left` says how many seconds there are."""

    def __init__(
        self,
        procedure: Procedure,
        args: Args,
        invoke: InvokeDue,
        references: References,
        time_left: Callable[[], float] = lambda: math.inf,
    ) -> None:
        self.args = args
        self.procedure = procedure
        self.words: Mapping[str, Any] = procedure.words
        self.reads = 0
        self.writes = 0
        self.warnings: list[str] = []
        #: What was done, in words.
        self.did: str | None = None
        self._invoke = invoke
        self._references = references
        self._time_left = time_left
        self._longest_s = 0.0

    @property
    def is_dry(self) -> bool:
        """Whether only the plan is wanted."""
        return bool(self.args.get("dry_run", False))

    def read(self, block: str, args: Args) -> Result:
        """Runs another block, which reads. Raises `InvocationFailed`."""
        result = self._measure(block, args)
        self.reads += result.meta.requests
        return result

    def write(self, block: str, args: Args) -> Result:
        """The same of one that writes."""
        result = self._measure(block, args)
        self.writes += result.meta.requests
        return result

    def finish(self, block: str, args: Args) -> Result:
        """The same of one without which what was written before it would be lost: cancelling comes after it."""
        result = self._measure(block, args, is_due=True)
        self.writes += result.meta.requests
        return result

    def has_time(self) -> bool:
        """Whether there is time for a call and the one that has to follow."""
        return self._time_left() > _SPARE_CALLS * self._longest_s

    def _measure(self, block: str, args: Args, *, is_due: bool = False) -> Result:
        began = time.monotonic()
        result = self._invoke(block, args, is_due=is_due)
        self._longest_s = max(self._longest_s, (time.monotonic() - began) / max(1, result.meta.requests))
        return result

    def open(self, kind: ListKind, id_: str | None = None) -> KeptList:
        """The list of that id; the only one of its kind without one."""
        by_recording = self.args.get("same") == "recording"
        return KeptList(
            kind, id_, self.read, self.write, finish=self.finish, has_time=self.has_time, by_recording=by_recording
        )

    def warn(self, text: str) -> None:
        """Has the result's account say so."""
        self.warnings.append(text)

    def find_list(self, part: str, field: str, text: str | None = None) -> KeptList | None:
        """The list that the field, or a `text` in it, names, by id, URI, link, or the name of one that the user owns;
        `None` where it is a name that none of them has. Raises `InvocationFailed`: `invalid_fields` for the name of
        several, and for what is a reference to something else."""
        kind = self.procedure.lists[part]
        if kind.field is None:
            return self.open(kind)
        text = self.args[field] if text is None else text
        words = kind.words["find"]
        if re.fullmatch(words["known"], text):
            return self.open(kind, text)
        if found := self._references.read(text):
            if found[0] != words["kind"]:
                raise refuse(field, f"is a link to another kind of thing than {kind.title}", words["fits"])
            return self.open(kind, found[1])
        return self._find_by_name(kind, field, text)

    def require_list(self, part: str, field: str, text: str | None = None) -> KeptList:
        """The same. Raises `InvocationFailed` where there is none of that name, too."""
        kept = self.find_list(part, field, text)
        if kept is None:
            kind = self.procedure.lists[part]
            raise refuse(field, f"is the name of no {kind.title} that you own", kind.words["find"]["fits"])
        return kept

    def make_list(self, part: str, title: str) -> KeptList:
        """A new list of that name."""
        kind = self.procedure.lists[part]
        words = kind.words["create"]
        made = self.write(kind.blocks["create"], {words["title"]: title, **words.get("with", {})})
        kept = self.open(kind, find(words["id"], made.output))
        kept.is_new = True
        return kept

    def _find_by_name(self, kind: ListKind, field: str, text: str) -> KeptList | None:
        words = kind.words["find"]
        me = find(kind.words["me"]["at"], self.read(kind.blocks["me"], {}).output)
        wanted = simplify(text).casefold()
        ids = [
            find(words["id"], entry)
            for entry in self.read(kind.blocks["find"], {}).entries
            if find(words["owner"], entry) == me and simplify(find(words["title"], entry) or "").casefold() == wanted
        ]
        if len(ids) > 1:
            told = ", ".join(ids[:_MOST_TOLD])
            raise refuse(field, f"is the name of {len(ids)} that you own: {told}", "the id of one of them")
        return self.open(kind, ids[0]) if ids else None


def refuse(field: str, why: str, fits: str | None = None) -> InvocationFailed:
    """The error for a field that doesn't fit."""
    problem = FieldProblem(field, why, fits)
    return InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)))
