"""What a block made of others did, or is about to do, as a person wants to see it: rows of what comes, goes, moves and
is left out, and what that takes. Lists are as long as those that were read, so of each the beginning is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from connector.cli.columns import name_of
from connector.cli.rows import show_entries, show_object
from connector.cli.terminal import to_plain

#: How many rows of a list are shown, and how many names of what such a row holds.
_MOST_ROWS: Final = 10
_MOST_NAMES: Final = 2
#: What the headings and the last lines tell.
_TOLD: Final = frozenset({"target", "playlist", "created", "kept", "dry_run", "calls", "ways"})
_NAMELESS: Final = "(can't be read)"


def show_made(
    console: Console, output: Mapping[str, Any], did: str | None, seen: Mapping[str, Any] | None = None
) -> None:
    """Prints what was done, in words as it `did` it, or the plan of it; what was `seen` in a plan is left out."""
    console.print(Text(_head(output, did), "bold"))
    parts = {name: part for name, part in output.items() if not (seen and _is_alike(part, seen.get(name)))}
    for name, part in parts.items():
        if isinstance(part, list) and part:
            _show_list(console, name, part)
    rest = {name: part for name, part in parts.items() if name not in _TOLD and not isinstance(part, list)}
    if rest:
        show_object(console, rest)
    for line in _iter_costs(output):
        console.print(line)


def _is_alike(part: Any, seen: Any) -> bool:
    """Whether both show the same: the id of a list that was made is known afterwards alone."""
    if isinstance(part, list) and isinstance(seen, list):
        return [_describe(entry) for entry in part] == [_describe(entry) for entry in seen]
    return bool(part == seen)


def _show_list(console: Console, name: str, entries: Sequence[Any]) -> None:
    """Prints the beginning of a list; what there is a reason for comes first, what nothing happened to not at all."""
    console.print(Text(f"{to_plain(name).replace('_', ' ')}: {len(entries):,}", "bold"))
    touched = [entry for entry in entries if not _is_untouched(entry)]
    # Apart from the others, so that the reasons find room.
    for part in ([each for each in touched if _has_reason(each)], [each for each in touched if not _has_reason(each)]):
        if part:
            show_entries(console, [_describe(entry) for entry in part[:_MOST_ROWS]])
        if len(part) > _MOST_ROWS:
            console.print(f"… and {len(part) - _MOST_ROWS:,} more", style="dim")
    if same := len(entries) - len(touched):
        console.print(f"{same:,} to which nothing comes", style="dim")


def count_removed(output: Mapping[str, Any]) -> tuple[int, int]:
    """How many entries of a list go, and of how many."""
    removed, kept = output.get("removed"), output.get("kept")
    gone = len(removed) if isinstance(removed, list) else 0
    return gone, gone + (kept if isinstance(kept, int) else 0)


def find_title(output: Mapping[str, Any]) -> str:
    """What the list is called that is worked on; nothing where there are several or none."""
    return to_plain(name_of(output.get("target") or output.get("playlist")))


def iter_names(output: Any) -> Iterator[tuple[str, str]]:
    """Each URI that the output tells with a name."""
    if isinstance(output, list):
        for entry in output:
            yield from iter_names(entry)
    elif isinstance(output, Mapping):
        uri, name = output.get("uri"), name_of(output)
        if isinstance(uri, str) and name:
            yield uri, name
        for part in output.values():
            yield from iter_names(part)


def name_all(keys: Sequence[Any], names: Mapping[str, str]) -> str:
    """The things of these keys by their names, as far as they are known, and how many more there are."""
    shown = [to_plain(names.get(str(key)) or str(key)) for key in keys[:_MOST_ROWS]]
    more = [f"and {len(keys) - _MOST_ROWS:,} more"] if len(keys) > _MOST_ROWS else []
    # Titles have commas of their own.
    return "; ".join([*shown, *more])


def _head(output: Mapping[str, Any], did: str | None) -> str:
    title = find_title(output) + (" (new)" if output.get("created") else "")
    told = to_plain(did or "done").removeprefix("Would be: ").rstrip(".")
    if output.get("dry_run"):
        return f"Plan for {title}: {told}." if title else f"Plan: {told}."
    return f"{title}: {told}." if title else f"{told[:1].upper()}{told[1:]}."


def _has_reason(entry: Any) -> bool:
    return isinstance(entry, Mapping) and bool(entry.get("why"))


def _is_untouched(entry: Any) -> bool:
    """Whether it is a list, or a part of a library, to which nothing comes."""
    parts = [part for part in entry.values() if isinstance(part, list)] if isinstance(entry, Mapping) else []
    return bool(parts) and not any(parts) and not entry.get("created")


def _describe(entry: Any) -> Any:
    """An entry as a row: what it is called, and of what it holds how much that is and how it begins."""
    if not isinstance(entry, Mapping):
        return entry
    name = name_of(entry) or next((told for part in entry.values() if (told := name_of(part))), None)
    row: dict[str, Any] = {} if name is None and "uri" not in entry else {"name": name or entry["uri"] or _NAMELESS}
    for key, part in entry.items():
        if isinstance(part, list) and any(isinstance(each, Mapping) for each in part):
            first = [told for each in part[:_MOST_NAMES] if (told := name_of(each))]
            row[key] = len(part)
            row["such as"] = ", ".join([*first, *(["…"] if len(part) > len(first) else [])])
        elif isinstance(part, list):
            row[key] = len(part)
        elif key == "created":
            row["new"] = part
        elif not isinstance(part, Mapping) and key not in ("name", "uri"):
            row[key] = part
    return row


def _iter_costs(output: Mapping[str, Any]) -> Iterator[str]:
    calls = output.get("calls")
    if not calls:
        return
    read, write = calls.get("read", 0), calls.get("write", 0)
    if output.get("dry_run"):
        yield f"{_count(write)} to write, after {read:,} that read."
    else:
        yield f"{_count(read + write)}: {read:,} read, {write:,} wrote."
    ways = output.get("ways") or {}
    if write and len(set(ways.values())) > 1:
        moves, anew = ways.get("moves", 0), ways.get("replace", 0)
        yield f"By moves it takes {moves:,}, put there anew {anew:,}; all would count as added now then."


def _count(calls: int) -> str:
    return f"{calls:,} call{'' if calls == 1 else 's'}"
