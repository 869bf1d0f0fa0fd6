"""Many pages → one answer. Works on requests and JSON values; how a request is sent is the caller's business.

A next page is asked for by our own numbers, never by a link from an answer, so no answer can lead a token elsewhere.
Pages with an offset are asked for side by side as far as the service's total reaches; each page's own word then says
where the next one is, and where that is not what was expected, the rest is asked for anew. Cursor pages come one by
one, the next under way while the last is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.blocks import Page
from connector.manifest.dotted_paths import follow
from connector.many.side_by_side import Crew, Task, map_in_order
from connector.wire.request import Request

if TYPE_CHECKING:
    from connector.wire.deadline import Cancel

Fetch = Callable[[Request], Any]

#: So many equal pages in a row are no list any more, but a service that goes round in a circle.
EQUAL_PAGES: Final = 250


def iter_pages(
    request: Request,
    page: Page,
    fetch: Fetch,
    max_items: int | None = None,
    *,
    width: int = 8,
    resume: str | None = None,
    cancel: Cancel | None = None,
    pressure: Callable[[], int] | None = None,
) -> Iterator[Any]:
    """The service's answers, one for each page in order, until the last or until `max_items` entries have come.

    `fetch` is called from up to `width` threads, fewer while `pressure` (see `map_in_order`) grows. The first page is
    asked for alone; the next ones when what follows it is wanted. `resume` is where an earlier reading broke off.
    Closing the iterator, or a failure, sets `cancel` where requests are still under way, and returns when they ended.

    Raises what `fetch` raises; `InvocationFailed` (`bad_answer`) where an answer holds no page, or the same page again
    and again; and `invalid_fields` for a `resume` that is none. Where a later page fails, the error says how many
    entries `came` before and the text to `resume` with.
    """
    reading = _Reading(request, page, fetch, max_items, width, cancel, pressure, place=resume)
    try:
        yield from reading.iter_by_cursor() if page.style == "cursor" else reading.iter_by_offset()
    except InvocationFailed as failure:
        reading.describe(failure)
        raise


def get_page(answer: Any, page: Page) -> dict[str, Any]:
    """The page inside `answer`; raises `InvocationFailed` (`bad_answer`) where there is none."""
    part = follow(answer, page.at)
    if not isinstance(part, dict) or not isinstance(part.get(page.names["items"]), list):
        place = ".".join((*page.at, page.names["items"]))
        raise InvocationFailed(ErrorDetail("bad_answer", f"The answer holds no list at {place}."))
    return part


def merge_pages(answers: Iterator[Any], page: Page, max_items: int | None = None) -> Any:
    """All pages in the first one's shape. The first answer is changed in place.

    `items` holds all entries in order, nulls too; `total` is what the service said first; nothing is left that
    leads to a next page.
    """
    names = page.names
    first: Any = None
    items: list[Any] = []
    for answer in answers:
        first = answer if first is None else first
        items += get_page(answer, page)[names["items"]]
    part = get_page(first, page)
    part[names["items"]] = items if max_items is None else items[:max_items]
    if names["next"] in part:
        part[names["next"]] = None
    if page.style == "cursor":
        *holder, last = names["cursor"].split(".")
        if isinstance(cursors := follow(part, holder), dict):
            cursors[last] = None
    return first


@dataclass(slots=True)
class _Reading:
    """One list being read: how, how far it has come, and the `place` (an offset or a cursor) of the next page."""

    request: Request
    page: Page
    fetch: Fetch
    max_items: int | None
    width: int
    cancel: Cancel | None
    pressure: Callable[[], int] | None
    place: str | None
    came: int = 0
    #: The entries of the page before, and how many pages since had the same.
    before: list[Any] | None = None
    equal: int = 0
    #: Set where what is under way is of no use but the reading goes on.
    is_planning: bool = False

    def iter_by_offset(self) -> Iterator[Any]:
        position, step = _parse_offset(self.place), self.page.size
        plan = range(position, position + 1)
        while plan:
            answers = map_in_order(
                self._fetch_offset, plan, self.width, pressure=self.pressure, on_stop=self._stop_what_is_under_way
            )
            with closing(answers):
                for answer in answers:
                    part = self._accept(answer, position)
                    granted = _step(part, self.page)
                    position += granted
                    self.place = str(position)
                    yield answer
                    if self._is_enough() or not _has_more(part, self.page, position):
                        return
                    if granted != step:
                        step, self.is_planning = granted, True
                        break
            self.is_planning = False
            plan = self._plan(part, position, step)

    def iter_by_cursor(self) -> Iterator[Any]:
        seen = {self.place}
        with Crew(self._fetch_cursor, 1, self._stop_what_is_under_way) as crew:
            task: Task[str | None, Any] | None = Task(self.place)
            while task is not None:
                answer = crew.finish(task)
                part = self._accept(answer)
                cursor = follow(part, self.page.names["cursor"].split("."))
                self.place = str(cursor) if cursor else None
                task = None
                # A cursor that comes back would lead round in a circle.
                if self.place and self.place not in seen and not self._is_enough():
                    seen.add(self.place)
                    task = crew.begin(self.place)
                yield answer

    def describe(self, failure: InvocationFailed) -> None:
        """Says in the failure's error how far the reading had come, where it had come anywhere."""
        if self.place is None:
            return
        error = failure.error
        words = f"{error.message} {self.came} entries came before that; resume {self.place} goes on from there."
        failure.error = replace(error, message=words, came=self.came, resume=self.place)

    def _fetch_offset(self, position: int) -> Any:
        names = self.page.names
        query = {names["size"]: str(self.page.size)}
        if position:
            query[names["offset"]] = str(position)
        return self.fetch(self.request.with_query(**query))

    def _fetch_cursor(self, cursor: str | None) -> Any:
        names = self.page.names
        query = {names["size"]: str(self.page.size)}
        if cursor is not None:
            query[names["after"]] = cursor
        return self.fetch(self.request.with_query(**query))

    def _accept(self, answer: Any, position: int | None = None) -> dict[str, Any]:
        """The page in `answer`, which was asked for at `position`."""
        names = self.page.names
        part = get_page(answer, self.page)
        items = part[names["items"]]
        self.equal = self.equal + 1 if items == self.before else 0
        if self.equal and position is not None:
            # Equal entries may follow each other in a list; a page from another place than was asked for may not.
            is_elsewhere = _to_whole(part.get(names.get("offset", ""))) != position
            if is_elsewhere and any(entry is not None for entry in items) and _has_more(part, self.page, position):
                raise InvocationFailed(ErrorDetail("bad_answer", "The service gave the same page again."))
        if self.equal >= EQUAL_PAGES:
            raise InvocationFailed(ErrorDetail("bad_answer", f"The service gave the same page {EQUAL_PAGES} times."))
        # Whoever takes the page may change its entries.
        self.before = [entry.copy() if isinstance(entry, dict) else entry for entry in items]
        self.came += len(items)
        return part

    def _plan(self, part: dict[str, Any], position: int, step: int) -> range:
        """Where to ask next: as far as the total reaches, or for one page where it reaches no further or is no number,
        and for no page more than `max_items` needs."""
        total = _to_whole(part.get(self.page.names.get("total", "")))
        end = position + 1 if total is None else max(total, position + 1)
        if self.max_items is not None:
            end = min(end, position + ceil((self.max_items - self.came) / step) * step)
        return range(position, end, step)

    def _is_enough(self) -> bool:
        return self.max_items is not None and self.came >= self.max_items

    def _stop_what_is_under_way(self) -> None:
        if self.cancel is not None and not self.is_planning:
            self.cancel.set()


def _parse_offset(resume: str | None) -> int:
    if resume is None:
        return 0
    if resume.isascii() and resume.isdecimal() and len(resume) <= 18:
        return int(resume)
    problem = FieldProblem("resume", "is no place in this list", "the resume of an error")
    raise InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)))


def _step(part: dict[str, Any], page: Page) -> int:
    """How far the next page is: services may grant less than the size that was asked for, with or without saying so.

    A page may hold fewer entries than the size that it states, where some were filtered out.
    """
    came = len(part[page.names["items"]])
    granted = _to_whole(part.get(page.names["size"]))
    if granted is not None and 0 < granted <= page.size:
        return max(granted, came)
    return came or page.size


def _has_more(part: dict[str, Any], page: Page, position: int) -> bool:
    if not part[page.names["items"]]:
        return False
    if page.names["next"] in part:
        return bool(part[page.names["next"]])
    total = _to_whole(part.get(page.names["total"]))
    return total is not None and position < total


def _to_whole(value: Any) -> int | None:
    """`value` as a whole number, which some services write as a float; `None` for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
