"""A list that is kept as a service keeps it: copies go together, neighbours move, and whoever likes may edit it."""

import random
from dataclasses import replace

from connector.composites.kept_list import KeptList
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.procedures import ListKind
from connector.manifest.routes import Page
from connector.result import Listing, Meta, Result

DOES = ("read", "look", "insert", "remove", "move", "replace")
WORDS = {
    "look": {"total": "total", "version": "version", "title": "title"},
    "insert": {"keys": "keys", "at": "at"},
    "remove": {"keys": "keys"},
    "move": {"start": "start", "count": "count", "before": "before"},
    "replace": {"keys": "keys"},
}
KIND = ListKind(
    name="shelf",
    title="shelf",
    field=None,
    blocks={what: what for what in DOES},
    words=WORDS,
    entry={"key": "uri", "fixed": "own", "added": "added", "title": "uri", "group": "group"},
    sorts={"title": ["uri"]},
    sizes={"insert": 3, "remove": 3, "replace": 3},
    page=Page("offset", 50, (), {"items": "items"}),
)


def make_kind(**words):
    """A kind of shelf of which something else is said."""
    return replace(KIND, **words)


class Crash(Exception):
    """The process ends."""


class Shelf:
    """`entries` are objects with a `uri`, when they were `added`, and whether they are a file of one's `own`; or null.

    Before each call `meanwhile` may do something to them; with `trouble` calls fail before or after they took effect,
    or the process ends, by chance; the calls at the places in `faults` do so for certain."""

    def __init__(self, entries, seed=0, kind=KIND):
        self.kind = kind
        self.entries = list(entries)
        self.chance = random.Random(seed)  # noqa: S311 - a story, no secret
        self.meanwhile = None
        self.trouble = 0.0
        self.faults = {}
        #: URIs that the list holds, and takes no more.
        self.ghosts = frozenset()
        self.now = 100
        self.calls = []

    @property
    def uris(self):
        return [entry and entry["uri"] for entry in self.entries]

    def open(self):
        return KeptList(self.kind, None, self.call, self.call)

    def call(self, block, args):
        self.calls.append(block)
        if self.meanwhile:
            self.meanwhile(self)
        fails = self.chance.random() < self.trouble
        how = self.chance.choice(("before", "after", "crash before", "crash after")) if fails else ""
        how = self.faults.get(len(self.calls) - 1, how)
        if how == "crash before":
            raise Crash
        if how == "before":
            raise InvocationFailed(ErrorDetail("server_error", "It failed."))
        output = getattr(self, f"_{block}")(**args)
        if how == "crash after":
            raise Crash
        if how == "after":
            raise InvocationFailed(
                ErrorDetail("timeout", "It may have been done.", is_uncertain=block not in ("read", "look"))
            )
        return Result(block, output, meta=Meta(requests=1), listing=Listing(("items",)) if block == "read" else None)

    def _read(self, max_items=None, resume="0"):
        start = int(resume)
        return {"items": self.entries[start:][:max_items]}

    def _look(self):
        return {"total": len(self.entries), "version": repr(self.uris), "title": "Shelf"}

    def _insert(self, keys, at):
        self._check_place(at)
        assert len(keys) <= 3
        if self.ghosts.intersection(keys):
            raise InvocationFailed(ErrorDetail("bad_request", "Invalid URI."))
        self.now += 1
        self.entries[at:at] = [{"uri": key, "added": str(self.now), "own": False} for key in keys]

    def _remove(self, keys):
        assert len(keys) <= 3
        self.entries = [entry for entry in self.entries if not entry or entry["own"] or entry["uri"] not in keys]

    def _move(self, start, count, before):
        self._check_place(start + count)
        self._check_place(before)
        moved = self.entries[start : start + count]
        rest = self.entries[:start] + self.entries[start + count :]
        at = before if before <= start else before - count
        self.entries = [*rest[:at], *moved, *rest[at:]]

    def _check_place(self, place):
        assert place >= 0
        if place > len(self.entries):
            raise InvocationFailed(ErrorDetail("bad_request", "Index out of bounds."))

    def _replace(self, keys):
        assert len(keys) <= 3
        assert all(entry and not entry["own"] for entry in self.entries)
        self.now += 1
        self.entries = [{"uri": key, "added": str(self.now), "own": False} for key in keys]
