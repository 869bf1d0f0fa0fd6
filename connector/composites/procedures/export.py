"""Writes lists into a file: CSV, JSON or M3U8, an entry a row, those among them of which nothing is left.

A reading that breaks off tells in its error where another goes on, and the file so far is its `partial`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from connector.composites.entries import UNREADABLE
from connector.composites.files import tell_file
from connector.composites.kept_list import Glance, KeptList, build_entry
from connector.composites.named_lists import refuse
from connector.composites.tables import Row, Table, build_table, tell_meanings
from connector.composites.task import Task
from connector.errors import InvocationFailed, tell_break
from connector.manifest.dotted_paths import follow
from connector.manifest.procedures import ListKind

#: Between a list's part in the procedure and where its reading goes on.
_AT: Final = "="


def run(task: Task) -> dict[str, Any]:
    """A file with all that the lists hold. Raises `InvocationFailed`."""
    is_many = len(task.procedure.lists) > 1
    wanted = task.args.get("parts", ()) or tuple(task.procedure.lists)
    kinds = {part: kind for part, kind in task.procedure.lists.items() if part in wanted}
    if task.args.get("format") == "m3u8":
        # Players know things that are played, each by its address.
        kinds = {part: kind for part, kind in kinds.items() if any(each.means == "uri" for each in kind.columns)}
    if not kinds:
        raise refuse("parts", "hold nothing that players play", "other parts, or another format")
    part, at = _read_resume(task, tuple(kinds), is_many=is_many)
    kept = None if is_many else task.require_list(part, part)
    glance = kept.look() if kept else None
    export = _Export(task, tuple(kinds.values()), glance.title if glance else None)
    for name in tuple(kinds)[tuple(kinds).index(part) :]:
        try:
            export.add(kinds[name], _read(task, kinds[name], kept, at if name == part else None))
        except InvocationFailed as failure:
            error = failure.error
            if error.resume is None and not export.rows:
                raise
            if error.resume is not None:
                export.add(kinds[name], error.partial)
            where = f"{name}{_AT}{error.resume or ''}" if is_many else error.resume
            task.came, task.resume, task.partial = len(export.rows), where, export.tell(where)
            own = error.message.replace(tell_break(error.came, error.resume), "")
            words = f"{own} {task.came} rows came before that; resume {where} goes on from there."
            raise InvocationFailed(replace(error, message=words)) from None
    if kept and glance:
        _compare(task, kept, glance)
    count = len(export.rows)
    task.did = f"Exported {count} row{'' if count == 1 else 's'}"
    return export.tell(None)


def _read_resume(task: Task, parts: Sequence[str], *, is_many: bool) -> tuple[str, str | None]:
    """With which list it goes on, and where in it."""
    text = task.args.get("resume")
    if text is None or not is_many:
        return parts[0], text
    part, _, at = text.partition(_AT)
    if part not in parts:
        raise refuse("resume", "is of no export of these lists", "the resume of an error")
    return part, at or None


def _read(task: Task, kind: ListKind, kept: KeptList | None, at: str | None) -> Any:
    own = {kind.field: kept.id} if kept and kind.field else {}
    return task.read(kind.blocks["read"], {**own, **({"resume": at} if at else {})}).output


def _compare(task: Task, kept: KeptList, before: Glance) -> None:
    """Warns where the list is another one now than before it was read, or may be."""
    try:
        now = kept.look()
    except InvocationFailed:
        # All of it has come, and is not thrown away for that.
        task.warn("Whether the list was changed while it was read could not be looked up.")
        return
    if now != before:
        task.warn("The list was changed while it was read; run it again for all of one moment.")


@dataclass(slots=True)
class _Export:
    """The rows that were read of lists of these `kinds`, of which the one is called `title`."""

    task: Task
    kinds: tuple[ListKind, ...]
    title: str | None
    rows: list[Row] = field(default_factory=list)
    own_files: int = 0
    unreadable: int = 0

    def add(self, kind: ListKind, output: Any) -> None:
        """What the block that reads a list gave."""
        found = follow(output, kind.listing.at) if kind.listing else output
        read = kind.listing.read if kind.listing else (lambda entry: entry)
        entries = [read(entry) for entry in found] if isinstance(found, list) else []
        for place, data in enumerate(entries):
            entry = build_entry(kind, data, place)
            is_lost = entry.key.startswith(UNREADABLE)
            self.unreadable += is_lost
            self.own_files += entry.is_fixed and not is_lost
        column = self.task.words.get("list")
        first = {column: kind.title} if column else {}
        self.rows += [{**first, **row} for row in build_table(None, kind.columns, entries).rows]

    def tell(self, resume: str | None) -> dict[str, Any]:
        """The file, what is in it, and where another reading goes on."""
        columns = {column.name: column for kind in self.kinds for column in kind.columns if column.at is not None}
        first = (self.task.words["list"],) if "list" in self.task.words else ()
        names = (*first, *columns)
        form = self.task.args.get("format", "csv")
        table = Table(names, self.rows, tell_meanings(names, columns.values()), self.title, form)
        return {
            **tell_file(table, self.title or self.task.words["file"], has_heading="resume" not in self.task.args),
            "rows": len(table.rows),
            "own_files": self.own_files,
            "unreadable": self.unreadable,
            "resume": resume,
        }
