"""What a field may hold, as another block lists it: read a page at a time, searched by label, kept for a while."""

from __future__ import annotations

import re
import time
import unicodedata
from contextlib import closing
from typing import Any, Final

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.choice_sources import ChoiceSource
from connector.manifest.dotted_paths import follow
from connector.many.page import find_following
from connector.many.paging import Pages
from connector.result import Choice, Choices
from connector.way.call import Call, Switch
from connector.way.credentials import find_caller, find_stand_in, identify
from connector.way.invocation import telling, walk
from connector.way.kept_choices import ReadPage
from connector.way.shared import Shared

#: How many choices one answer has at most.
MOST: Final = 100
#: How many pages one answer reads at most.
_MOST_PAGES: Final = 10
#: Where the next answer begins: how many choices of a page are passed over, and the page's place.
_AFTER: Final = re.compile(r"([0-9]{1,6})\.([0-9A-Za-z_=-]{0,200})", re.ASCII)


def list_choices(
    call: Call,
    switch: Switch,
    shared: Shared,
    source: ChoiceSource,
    search: str | None,
    after: str | None,
    limit: int,
) -> Choices:
    """What `call`, of the block that lists them, gives of the choices behind `after`, `limit` at most: those of one
    page, or those whose label holds the text to `search`. The call is over with it."""
    try:
        return Choices(*_find(call, shared, source, search, after, limit), meta=call.meta)
    except InvocationFailed as failure:
        return Choices(error=failure.error, meta=call.meta)
    finally:
        switch.release()
        call.meta.duration = time.monotonic() - call.started


def _find(
    call: Call, shared: Shared, source: ChoiceSource, search: str | None, after: str | None, limit: int
) -> tuple[tuple[Choice, ...], str | None]:
    """The choices, and where the next ones are."""
    with telling(call):
        passed, place = _parse(after, limit)
        who = _identify_who_calls(call, shared)
        wanted = _fold(search or "")
        found: list[Choice] = []
        for _ in range(_MOST_PAGES):
            page = _read(call, shared, source, who, place)
            for position, choice in enumerate(page.choices[passed:], start=passed + 1):
                if wanted in _fold(choice.label):
                    found.append(choice)
                if len(found) == limit and position < len(page.choices):
                    return tuple(found), f"{position}.{place or ''}"
            if page.following is None:
                return tuple(found), None
            passed, place = 0, page.following
            if len(found) == limit or (found and not wanted):
                break
        return tuple(found), f"0.{place}"


def _parse(after: str | None, limit: int) -> tuple[int, str | None]:
    """How many choices are passed over, and of which page."""
    parts = _AFTER.fullmatch(after or "0.")
    problems = []
    if parts is None:
        problems.append(FieldProblem("after", "is no place in this list", "the next of an earlier answer"))
    if not 1 <= limit <= MOST:
        problems.append(FieldProblem("limit", "is out of bounds", f"a whole number from 1 to {MOST}"))
    if problems or parts is None:
        raise InvocationFailed(
            ErrorDetail("invalid_fields", f"{'; '.join(map(str, problems))}.", fields=tuple(problems))
        )
    return int(parts[1]), parts[2] or None


def _identify_who_calls(call: Call, shared: Shared) -> str:
    """A name for who makes `call`. Raises `InvocationFailed` where nobody can, or may."""
    stand_in = find_stand_in(call.block, shared.manifest, call.connection)
    args = shared.validator(call.block).validate(call.given, stand_in.fields, call.deadline)
    return identify(find_caller(call.block, args, stand_in, shared, call))


def _read(call: Call, shared: Shared, source: ChoiceSource, who: str, place: str | None) -> ReadPage:
    """The choices on the page at `place`: kept, or read now."""
    if kept := shared.kept_choices.find(who, source, place):
        return kept
    block, given = call.block, dict(call.given)
    if block.page:
        given["max_items"] = block.page.size
        if place is not None:
            given["resume"] = place
    inner = call.begin_inner(block, given)
    try:
        with closing(walk(inner, shared)) as answers:
            plan, answer = next(answers)
    finally:
        call.meta.add(inner.meta)
        call.meta.route, call.meta.days_left = inner.meta.route, inner.meta.days_left
    entries: Any = follow(answer, block.listing.at if block.listing else ())
    if not isinstance(entries, list):
        raise InvocationFailed(ErrorDetail("bad_answer", "The answer holds no list."))
    choices = tuple(choice for entry in entries if (choice := source.read(entry)) is not None)
    page = ReadPage(choices, find_following(answer, plan.page, place) if isinstance(plan, Pages) else None)
    if choices:
        # Who sees an empty list does something about it, such as opening the player on a device, and looks again.
        shared.kept_choices.keep(who, source, place, page)
    return page


def _fold(text: str) -> str:
    """`text` by which labels are compared: without accents and capitals."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().strip()
