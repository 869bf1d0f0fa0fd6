"""Puts on a list what is new of several things, such as releases of artists: since a day, or since the last run.

The state that a run gives says from which day on the next one looks, and what came since then was seen: what comes late
is still found, and nothing twice, even where the listener took it off the list meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final

from connector.composites.entries import Entry, Sameness, drop_copies
from connector.composites.kept_list import find
from connector.composites.named_lists import fold_name, refuse
from connector.composites.recent import is_since, read_since
from connector.composites.several import Fillings, Wish
from connector.composites.task import Task, read_day
from connector.composites.told import tell_entries, tell_left_out
from connector.composites.wanted import add_missing
from connector.manifest.procedures import ListKind

#: Days for which the next run looks back: what is new may be told of late, and its day is where it came out first.
_LATE_DAYS: Final = 14
#: Days for which the first run looks back, unless it is told since when.
_FIRST_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class State:
    """From which day on a run looks, and digests of what came since then and was seen before."""

    since: str
    seen: frozenset[str] = frozenset()

    def to_text(self) -> str:
        return json.dumps({"since": self.since, "seen": sorted(self.seen)}, separators=(",", ":"))


def run(task: Task) -> dict[str, Any]:
    """The target gets what is new, in the order of time. Raises `InvocationFailed`."""
    today = datetime.now(UTC).date()
    state = _read_state(task, today)
    # One recording comes out on a single, on an album, and in several editions.
    task.by_recording = True
    target = task.find_list("target", "target")
    title = str(task.args["target"])
    if target is None and not task.args.get("create", True):
        target = task.require_list("target", "target")
    blocked = Blocked([task.read_id(text) for text in task.args.get("without", ())], task.args.get("without_words", ()))
    found = _find_new(task, state.since, blocked)
    each = task.procedure.lists["each"]
    fresh, left = choose_new(found, state, lambda entry: blocked.tell(task.read_id(entry.key), *_names(each, entry)))
    items = _read_items(task, fresh)
    usable = [entry for entry in items if not entry.is_fixed]
    wish = Wish(title, target, usable, lambda before: add_missing(before, usable))
    fillings = Fillings(task, "target", [wish], may_be_empty=False)

    def tell(task: Task) -> dict[str, Any]:
        (told,) = fillings.tell()
        task.did = _say(told, len(fresh), each.title, is_dry=task.is_dry)
        return {
            **told,
            "found": tell_entries(each, fresh),
            "left_out": tell_left_out(each, left),
            "calls": {"read": task.reads, "write": fillings.writes if task.is_dry else task.writes},
            "dry_run": task.is_dry,
            "state": (state if task.is_dry else move_on(state, found, today)).to_text(),
        }

    task.propose(tell)
    fillings.write()
    return tell(task)


def choose_new(
    found: Sequence[Entry], state: State, tell_blocked: Callable[[Entry], str | None]
) -> tuple[list[Entry], list[tuple[Entry, str]]]:
    """What of `found` is new, in the order of time and each edition once; and what is left out, each with why. What was
    seen before is neither."""
    fresh: list[Entry] = []
    left: list[tuple[Entry, str]] = []
    same = Sameness(found)
    seen = {same.identify(entry) for entry in found if state.seen & _digest(entry)}
    for entry in drop_copies(sorted(found, key=lambda entry: entry.added or ""), same):
        if same.identify(entry) in seen:
            continue
        if why := tell_blocked(entry):
            left.append((entry, why))
        else:
            fresh.append(entry)
    return fresh, left


def move_on(state: State, found: Sequence[Entry], today: date) -> State:
    """The state after a run that found these: the next one looks back a while, but never before this one's day."""
    since = max(state.since, (today - timedelta(days=_LATE_DAYS)).isoformat())
    return State(since, frozenset().union(*(_digest(entry) for entry in found if is_since(entry.added, since))))


def name_edition(entry: Entry, owner: str, title: Any, artist: Any = None) -> Entry:
    """`entry` with a name that all editions have which came out on one day; `owner` made it where no artist is told."""
    if not isinstance(title, str):
        return entry
    maker = fold_name(artist) if isinstance(artist, str) else owner
    return replace(entry, names=entry.names | {f"edition {maker} {fold_name(title)} {entry.added}"})


class Blocked:
    """Says why something is left out: its id, its title or who made it is among `names`, each of them a name or an id,
    or one of the `words` is in its title."""

    def __init__(self, names: Collection[str], words: Collection[str]) -> None:
        self._names = {fold_name(name) for name in names}
        # Ids tell capitals apart.
        self._ids = set(names)
        # Spaces alone would be found between a title's words.
        folded = filter(None, map(fold_name, words))
        self._words = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in folded]

    def tell(self, id_: str, *names: Any) -> str | None:
        """Why, of what has this id, these names, and its title first among them; `None` where it isn't."""
        texts = [fold_name(name) for name in names if isinstance(name, str)]
        if id_ in self._ids or self._names & set(texts):
            return "You block it."
        if texts and any(word.search(texts[0]) for word in self._words):
            return "You block a word in its title."
        return None


def _digest(entry: Entry) -> frozenset[str]:
    return frozenset(hashlib.blake2b(name.encode(), digest_size=6).hexdigest() for name in entry.names)


def _read_state(task: Task, today: date) -> State:
    if "state" not in task.args:
        day = read_day(task.args, "since") or today - timedelta(days=_FIRST_DAYS)
        return State(day.isoformat())
    try:
        kept = json.loads(task.args["state"])
        return State(date.fromisoformat(kept["since"]).isoformat(), frozenset(map(str, kept["seen"])))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise refuse("state", "is no state that a run gave", "the state of the last run, as it is") from None


def _find_new(task: Task, since: str, blocked: Blocked) -> list[Entry]:
    """What came since then of each thing that is not blocked, read side by side."""
    lists = task.procedure.lists
    things = [
        thing
        for thing in task.open(lists["things"]).read()
        if not thing.is_fixed
        and not blocked.tell(task.read_id(thing.key), find(lists["things"].entry["title"], thing.data))
    ]
    kinds = task.args.get("kinds", task.words.get("kinds", [None]))
    wanted = [(thing, kind) for thing in things for kind in kinds]

    def read(one: tuple[Entry, str | None]) -> list[Entry]:
        thing, kind = one
        kept = task.open(lists["each"], thing.key)
        also = {} if kind is None else {task.words["kind"]: [kind]}
        part = partial(kept.read_part, also=also)
        found = read_since(part, since, task.words["size"])
        return [name_edition(entry, thing.key, *_names(lists["each"], entry)) for entry in found]

    return [
        entry for found in task.iter_each(read, wanted, "reading", f"lists of {lists['each'].title}") for entry in found
    ]


def _read_items(task: Task, fresh: Sequence[Entry]) -> list[Entry]:
    """What is put on the list: the items of each, or each itself where it has none."""
    kind = task.procedure.lists.get("items")
    if kind is None:
        return list(fresh)
    title = task.procedure.lists["each"].title
    read = task.iter_each(lambda entry: task.open(kind, entry.key).read(), fresh, "reading", title)
    return [item for items in read for item in items]


def _names(kind: ListKind, entry: Entry) -> list[Any]:
    """The title, and who made it where that is told."""
    return [find(kind.entry[word], entry.data) for word in ("title", "artist") if word in kind.entry]


def _say(told: Mapping[str, Any], count: int, what: str, *, is_dry: bool) -> str:
    added = len(told["added"])
    return f"{'Would be: ' if is_dry else ''}{added} added; new {what}: {count}" if count else f"no new {what}"
