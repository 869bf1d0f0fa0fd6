"""All reading blocks, one after the other, with what earlier answers told as arguments; and, where it is asked for,
the blocks that write, on a thing that is made for it and removed again.

Knows no service: what refers to what is in the manifest, and so is what may be made and removed (`verify`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from connector.errors import ConnectorError
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.result import Result
from connector.verifying.differences import Difference, find_differences, find_undeclared
from connector.verifying.finds import Finds, get_kinds
from connector.way.connector import Connector

#: Things of a kind that a block is tried with where the first one is refused, and entries that a write is given.
_TRIES: Final = 3
#: Kinds of error after which another thing of the same kind may do.
_OF_THE_THING: Final = frozenset({"forbidden", "not_found"})
#: Kinds of error that every further call would meet as well.
_OF_ALL: Final = frozenset({"unauthorized", "reauthorize", "rate_limited", "network"})
_WORD: Final = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one block: the `route` taken, `kind` of error (`None` for success) with the service's `status` and
    `reason`, requests (`calls`), the `differences` of the answer from its schema, and the fields that this doesn't
    declare. `is_expected`: the manifest says that it is closed to such an app. `is_found`: what it was asked about was
    found in other answers, and is no example; `None` where it is asked about nothing."""

    block: str
    route: str | None
    kind: str | None
    status: int | None
    reason: str | None
    calls: int
    is_expected: bool = False
    is_found: bool | None = None
    differences: tuple[Difference, ...] = ()
    undeclared: tuple[Difference, ...] = ()

    @property
    def is_good(self) -> bool:
        return not self.differences and (self.kind is None or self.is_expected)


@dataclass(frozen=True, slots=True)
class Story:
    """What is written: the block that `makes` a thing, those that work on it, and the one that `removes` it; with what
    the fields of all are `given` in place of their examples."""

    makes: Block
    given: Mapping[str, Any] = field(repr=False)
    works: tuple[Block, ...]
    removes: Block


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be run: the `reading` blocks, and a `story` of such as write."""

    reading: tuple[Block, ...]
    story: Story | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        story = self.story
        return (*self.reading, story.makes, *story.works, story.removes) if story else self.reading

    @property
    def most_calls(self) -> int:
        """How many calls it takes where every reading block is tried with further things, and all by all their
        routes; one for each block where each is done at once."""
        further = (_TRIES - 1 for block in self.reading if any(get_kinds(block.fields[name]) for name in block.example))
        return sum(len(block.routes) for block in self.blocks) + sum(further)


def make_plan(manifest: Manifest, *, writes: bool = False) -> Plan:
    """What there is to verify. Raises `ConnectorError` where `writes` are asked for and the manifest names none."""
    reading = (block for block in manifest if block.effect == "read" and _can_sign_in(manifest, block))
    # Those that need nothing come first: what they tell of is the account's own.
    ordered = tuple(sorted(reading, key=lambda block: any(not block.fields[name].secret for name in block.example)))
    if not writes:
        return Plan(ordered)
    declared = manifest.data.get("verify")
    if declared is None:
        raise ConnectorError("The manifest says nothing of writes to verify: `verify` in it would.")
    makes, removes = manifest.block(declared["makes"]), manifest.block(declared["removes"])
    works = tuple(manifest.block(name) for name in declared["works"])
    return Plan(ordered, Story(makes, declared.get("with", {}), works, removes))


def _can_sign_in(manifest: Manifest, block: Block) -> bool:
    auth = manifest.auth[block.server]
    return auth is None or auth.can_sign_in


class Survey:
    """Runs a plan by `connector`, whose connection or `secrets` (by field) say who calls. `report` hears of each block
    as it is done; `findings` has them all. `stopped_by` is the kind of an error that every further call would meet,
    `stopped_because` its words, which are for the user alone; `is_left`: something that was made is still there."""

    def __init__(
        self, connector: Connector, secrets: Mapping[str, Any], report: Callable[[Finding], None] = lambda _: None
    ) -> None:
        self.findings: list[Finding] = []
        self.stopped_by: str | None = None
        self.stopped_because: str | None = None
        self.is_left = False
        self._connector = connector
        self._secrets = secrets
        self._report = report
        self._finds = Finds(connector.manifest.references)

    def run(self, what: Plan) -> None:
        """Runs all of it, or as much as can be before an error that every further call would meet."""
        for block in self._iter_reading(what):
            if self.stopped_by is not None:
                return
            self._try(block)
        if what.story is not None and self.stopped_by is None:
            self._write(what.story)

    def _iter_reading(self, what: Plan) -> Iterator[Block]:
        """The reading blocks: each as soon as there is something to ask it about, and those for which there is nothing
        with their examples at last."""
        left = list(what.reading)
        while left:
            block = next((block for block in left if self._finds.has_for(block)), left[0])
            left.remove(block)
            yield block

    def _try(self, block: Block) -> None:
        """Runs a reading block, with another thing where it may not be asked about the first."""
        calls = 0
        for args, is_found in self._finds.iter_args(block, _TRIES):  # noqa: B007 - those of the last try count
            if block.page and "max_items" in block.fields:
                args["max_items"] = min(route.page.size for route in block.routes if route.page)
            result = self._connector.invoke(block.name, self._own(block) | args)
            calls += result.meta.requests
            if result.error is None or result.error.kind not in _OF_THE_THING:
                break
        if result.ok:
            self._finds.prefer(args)
        self._note(block, result, calls, is_found)

    def _write(self, story: Story) -> None:
        """Makes the thing, works on it, and removes it, whatever happened between."""
        made = self._do(story.makes, story, None)
        if not made.ok:
            self.is_left = made.error is not None and made.error.is_uncertain
            return
        self.is_left = True
        kinds = [kind for name in story.removes.example for kind in get_kinds(story.removes.fields[name])]
        thing = self._finds.find_in(made.output, kinds)
        if thing is None:
            return
        self._finds.put_first(*thing)
        try:
            for block in story.works:
                if self.stopped_by is None:
                    self._do(block, story, thing[1])
        finally:
            self.is_left = not self._do(story.removes, story, thing[1]).ok

    def _do(self, block: Block, story: Story, made: str | None) -> Result:
        """Runs a block of the story. Raises `ConnectorError` for one that would write to another thing than was
        `made`."""
        args = self._finds.fill(block, most=_TRIES)
        targets = [thing for value in args.values() for thing in (value if isinstance(value, list) else [value])]
        if made is not None and block.effect != "read" and made not in targets:
            raise ConnectorError(
                f"{block.name} would not write to what was made for it, so it was not run. Remove that by hand."
            )
        given = {name: value for name, value in story.given.items() if name in args or block is story.makes}
        result = self._connector.invoke(block.name, self._own(block) | args | given)
        self._note(block, result, result.meta.requests, is_found=None)
        return result

    def _own(self, block: Block) -> dict[str, Any]:
        return {name: value for name, value in self._secrets.items() if name in block.fields}

    def _note(self, block: Block, result: Result, calls: int, is_found: bool | None) -> None:
        error = result.error
        if error is None:
            self._finds.keep(result)
        elif error.kind in _OF_ALL:
            self.stopped_by, self.stopped_because = error.kind, error.message
        reason = error.reason if error is not None else None
        finding = Finding(
            block.name,
            result.meta.route,
            error.kind if error else None,
            error.status if error else None,
            reason if reason and _WORD.fullmatch(reason) else None,
            calls,
            is_expected=error is not None and error.kind == "unavailable" and bool(block.closed_since("development")),
            is_found=is_found,
            differences=() if error else tuple(find_differences(result.output, block.output_schema)),
            undeclared=() if error else tuple(find_undeclared(result.output, block.output_schema)),
        )
        self.findings.append(finding)
        self._report(finding)
