"""What type checkers and editors know of a manifest's blocks and triggers: names as literals, fields as typed mappings.

`build_types` gives the text of a stub, which nothing loads at run time: there any text is a block's name, and a
manifest of one's own has other blocks.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import iter_triggers

#: Where the packaged manifest's stub is kept.
STUB: Final = Path(__file__).resolve().parents[1] / "packaged.pyi"
_HEAD: Final = '''\
"""The packaged manifest's blocks and triggers, for type checkers. Written by `make types`; a change here is lost."""

# ruff: noqa
# fmt: off
from collections.abc import Collection, Generator, Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypedDict, Unpack, overload

from connector.auth import Connection, Store
from connector.limits.day_budget import DayBudget
from connector.limits.local_gate import Gate
from connector.manifest.routes import QuotaMode
from connector.result import Meta, Result
from connector.triggers import Event, Poll
from connector.way.call import OnPlan, OnProgress
from connector.way.connector import Connector as AnyConnector
from connector.wire.deadline import Cancel

class LoadOptions(TypedDict, total=False):
    servers: Mapping[str, str] | None
    connection: str | Connection | None
    store: str | Store | None
    quota_mode: QuotaMode
    timeout: float
    deadline: float | None
    max_wait: float
    concurrency: int
    gate: Gate | None
    daily_calls: int | DayBudget | None
    substitutes: Collection[str] | None

class CallOptions(TypedDict, total=False):
    connection: str | Connection | None
    deadline: float | None
    cancel: Cancel | None
    meta: Meta | None

class InvokeOptions(CallOptions, total=False):
    on_progress: OnProgress | None
    on_plan: OnPlan | None

class PollOptions(TypedDict, total=False):
    connection: str | Connection | None
    deadline: float | None
    cancel: Cancel | None

class WatchOptions(TypedDict, total=False):
    every: float | None
    store: str | PathLike[str] | None
    connection: str | Connection | None
    cancel: Cancel | None

class Connector(AnyConnector):
    @overload  # type: ignore[override]
    @classmethod
    def load(cls, path: None = None, **options: Unpack[LoadOptions]) -> PackagedConnector: ...
    @overload
    @classmethod
    def load(cls, path: str | PathLike[str], **options: Unpack[LoadOptions]) -> Connector: ...

'''


def build_types(manifest: Manifest) -> str:
    """The stub's text: `Connector`, whose `load` gives a `PackagedConnector` for the packaged manifest. That one's
    `invoke` and `stream` take the blocks' names alone, `poll` and `watch` the triggers', and all offer the fields."""
    blocks, forms = list(manifest), [trigger.form for trigger in iter_triggers(manifest)]
    parts = [_HEAD, *map(_build_fields, [*blocks, *forms]), "class PackagedConnector(Connector):\n"]
    for members, head, end in (
        (blocks, "invoke(self, block", "**options: Unpack[InvokeOptions]) -> Result"),
        (blocks, "stream(self, block", "**options: Unpack[CallOptions]) -> Generator[Any, None, None]"),
        (forms, "poll(self, trigger", "state: Any = None, **options: Unpack[PollOptions]) -> Poll"),
        (forms, "watch(self, trigger", "**options: Unpack[WatchOptions]) -> Generator[Event, None, None]"),
    ):
        for position, block in enumerate(members):
            names = ", ".join(f'"{name}"' for name in (block.name, *block.aliases))
            ignored = "" if position else "  # type: ignore[override]"
            args = f"args: {_name(block)} | Mapping[str, Any] | None = None"
            parts.append(f"    @overload{ignored}\n    def {head}: Literal[{names}], {args}, {end}: ...\n")
    return "".join(parts)


def _name(block: Block) -> str:
    return f"{block.name[:1].upper()}{block.name[1:]}"


def _build_fields(block: Block) -> str:
    fields = list(_iter_fields(block))
    if all(name.isidentifier() and not keyword.iskeyword(name) for name, _ in fields):
        lines = "".join(f"    {name}: {kind}\n" for name, kind in fields) or "    pass\n"
        return f"class {_name(block)}(TypedDict, total=False):\n{lines}\n"
    entries = ", ".join(f'"{name}": {kind}' for name, kind in fields)
    return f'{_name(block)} = TypedDict("{_name(block)}", {{{entries}}}, total=False)\n\n'


def _iter_fields(block: Block) -> Iterator[tuple[str, str]]:
    for field in block.fields.values():
        yield field.name, _tell_type(field.schema, takes_files=field.name in block.file_fields)


def _tell_type(schema: Any, *, takes_files: bool = False) -> str:
    """What may be given for a value of this form: its own type, and the text that is read as one."""
    if takes_files:
        return "str | bytes | PathLike[str]"
    if (choices := schema.get("enum")) and all(isinstance(choice, str) for choice in choices):
        return f"Literal[{', '.join(repr(choice) for choice in choices)}]".replace("'", '"')
    kinds = {
        "integer": "int | str",
        "number": "float | str",
        "boolean": "bool | str",
        "object": "Mapping[str, Any] | str",
        "array": "Sequence[Any] | str",
    }
    return kinds.get(str(schema.get("type")), "str")


if __name__ == "__main__":
    STUB.write_text(build_types(Manifest.load()), "utf-8")
