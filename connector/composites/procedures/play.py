"""Acts on what plays: puts things into the queue, plays on a device, keeps what plays now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from connector.composites.entries import Entry
from connector.composites.kept_list import KeptList, find
from connector.composites.several import Fillings, Wish
from connector.composites.task import Task
from connector.composites.told import tell_entries, tell_left_out, tell_why
from connector.composites.waking import play_on
from connector.composites.wanted import add_missing
from connector.errors import InvocationFailed
from connector.manifest.procedures import ListKind


def run(task: Task) -> dict[str, Any]:
    """Does what the manifest's `as` says. Raises `InvocationFailed`."""
    return _CHOICES[task.words["as"]](task)


def is_in_order(wanted: Sequence[str], told: Sequence[str]) -> bool:
    """Whether what of `wanted` is `told`, which may be its beginning alone, comes in that order."""
    rest, others = list(wanted), []
    for uri in told:
        if rest and uri == rest[0]:
            del rest[0]
        else:
            others.append(uri)
    return not set(rest) & set(others)


def _queue(task: Task) -> dict[str, Any]:
    count = task.args.get("count", task.words["most"])
    kind, entries = _find_entries(task, count)
    usable = [entry for entry in entries if not entry.is_fixed]
    chosen = usable[:count]
    if len(usable) > count:
        task.warn(f"{len(usable) - count} more were not queued: count says how many are.")
    left = [(entry, tell_why(kind, entry, "queued")) for entry in entries if entry.is_fixed]

    def tell(task: Task) -> dict[str, Any]:
        task.did = f"{'Would queue' if task.is_dry else 'Queued'} {len(chosen)}"
        return {
            "queued": tell_entries(kind, chosen),
            "left_out": tell_left_out(kind, left),
            "calls": {"read": task.reads, "write": len(chosen) if task.is_dry else task.writes},
            "dry_run": task.is_dry,
        }

    task.propose(tell)
    if not task.is_dry:
        _queue_each(task, [entry.key for entry in chosen])
    return tell(task)


def _find_entries(task: Task, most: int) -> tuple[ListKind, list[Entry]]:
    """What is to be queued, in order, so many of a list at `most`; and of which kind of list it is."""
    lists = task.procedure.lists
    named = next(part for part, kind in lists.items() if "find" in kind.blocks)
    if "uris" in task.args:
        return lists[named], [Entry(uri, frozenset([uri])) for uri in map(str, task.args["uris"])]
    text = task.args["source"]
    kept: KeptList | None = None
    for part, kind in lists.items():
        if task.is_reference(text, part):
            kept = task.open(kind, task.read_id(text))
    if kept is None:
        kept = task.require_list(named, "source", text)
    return kept.kind, kept.read(most=most)


def _queue_each(task: Task, uris: Sequence[str]) -> None:
    """Raises `InvocationFailed`, with what was queued and what was not."""
    device = {name: task.args[name] for name in (task.words["device"],) if name in task.args}
    for place, uri in enumerate(uris):
        try:
            task.write(task.procedure.blocks["add"], {task.words["key"]: uri, **device})
        except InvocationFailed as failure:
            error = failure.error
            uncertain = (uri,) if error.is_uncertain else ()
            left = tuple(uris[place + len(uncertain) :])
            # Another run would queue what is done once more.
            again = (
                f" What is not_done can be given again as {task.procedure.names.get('uris', 'uris')}." if left else ""
            )
            message = f"{error.message}{again}"
            failure.error = replace(
                error, message=message, done=tuple(uris[:place]), not_done=left, uncertain=uncertain
            )
            raise
    try:
        told = task.read(task.procedure.blocks["queue"], {}).entries
    except InvocationFailed as failure:
        if failure.error.kind == "bad_answer":
            # What answers may be no service at all, such as a network's page to sign in: it took nothing then.
            failure.error = replace(failure.error, uncertain=tuple(uris))
            raise
        # All of it is done, and whoever takes this for a failure does it once more.
        task.warn("The queue could not be looked at: whether it is in this order is not known.")
        return
    if not is_in_order(uris, [find(task.words["told"], entry) for entry in told if entry]):
        task.warn("The player tells another order, or not all of it: it may have taken some later than others.")


def _keep(task: Task) -> dict[str, Any]:
    said = task.read(task.procedure.blocks["playing"], {}).output
    playing = {name: find(expression, said) for name, expression in task.words["playing"].items()}
    # In the service's words, such as that an advertisement plays.
    why = playing.get("why_not") or (None if isinstance(playing["uri"], str) else "Nothing plays.")

    def tell(task: Task, facts: Mapping[str, Any], writes: int) -> dict[str, Any]:
        name = playing["title"] or "what plays"
        reason = why or (None if facts["added"] else "It is there already.")
        task.did = reason.removesuffix(".") if reason else f"{'Would add' if task.is_dry else 'Added'} {name}"
        return {
            "item": {"uri": playing["uri"], "name": playing["title"]} if playing["uri"] else None,
            "dry_run": task.is_dry,
            **facts,
            "why": reason,
            "calls": {"read": task.reads, "write": writes if task.is_dry else task.writes},
        }

    if why is not None:
        return tell(task, {"added": False}, 0)
    return (_put_on_list if "target" in task.args else _put_into_library)(task, playing["uri"], tell)


#: What is told of what was put somewhere, and how many calls that takes.
_Tell = Callable[[Task, Mapping[str, Any], int], dict[str, Any]]


def _put_on_list(task: Task, uri: str, tell: _Tell) -> dict[str, Any]:
    target = task.find_list("target", "target")
    if target is None and not task.args.get("create", True):
        target = task.require_list("target", "target")
    entries = [Entry(uri, frozenset([uri]))]
    wish = Wish(str(task.args["target"]), target, entries, lambda before: add_missing(before, entries))
    fillings = Fillings(task, "target", [wish])

    def tell_facts(task: Task) -> dict[str, Any]:
        (one,) = fillings.tell()
        facts = {"added": bool(one["added"]), "target": one["target"], "created": one["created"]}
        return tell(task, facts, fillings.writes)

    task.propose(tell_facts)
    fillings.write()
    return tell_facts(task)


def _put_into_library(task: Task, uri: str, tell: _Tell) -> dict[str, Any]:
    kind = task.procedure.lists["library"]
    # Saved anew it would count as saved now.
    keys = kind.words["insert"]["keys"]
    is_there = find(task.words["there"], task.read(task.procedure.blocks["check"], {keys: [uri]}).output)
    facts = {"added": not is_there}
    task.propose(lambda dry: tell(dry, facts, not is_there))
    if not is_there and not task.is_dry:
        task.open(kind).insert([uri])
    return tell(task, facts, not is_there)


_CHOICES: Final[Mapping[str, Callable[[Task], dict[str, Any]]]] = {
    "queue": _queue,
    "device": play_on,
    "current": _keep,
}
