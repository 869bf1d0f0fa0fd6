"""Many pages → one answer.

A next page is asked for by our own numbers, never by a link from an answer, so no answer can lead a token elsewhere.
Pages with an offset are asked for side by side as far as the service's total reaches; each page's own word then says
where the next one is, and where that is not what was expected, the rest is asked for anew. Cursor pages come one by
one, the next under way while the last is read.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil
from typing import Any, ClassVar, Final

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.blocks import Page
from connector.manifest.dotted_paths import follow
from connector.many.page import find_cursor, find_step, get_items, get_offset, get_page, get_total, has_more
from connector.many.sender import Sender
from connector.many.side_by_side import Crew, Task, map_in_order
from connector.wire.request import Request

#: So many equal pages in a row are no list any more, but a service that goes round in a circle.
EQUAL_PAGES: Final = 250
#: So many pages in a row may come empty although more is promised, each of them twice, before the list is given up.
EMPTY_PAGES: Final = 3


@dataclass(frozen=True, slots=True)
class Pages:
    """A list in pages: the `request` for the first one, how it is paged, the most entries that are wanted (`None` for
    all), and the text to `resume` with where an earlier reading broke off."""

    request: Request
    page: Page
    max_items: int | None = None
    resume: str | None = None

    #: Lists are read, never written, and further requests may be under way with the first.
    is_read: ClassVar[bool] = True
    is_many: ClassVar[bool] = True

    def send(self, sender: Sender) -> Generator[Any, None, None]:
        """The service's answers, one for each page in order, until the last or until `max_items` entries have come.

        The first page is asked for alone; the next ones when what follows it is wanted. A page that comes empty
        although more is promised is asked for again, and passed over where entries follow. Closing the iterator, or a
        failure, ends what is under way, and returns when that has ended.

        Raises what `sender` raises; `InvocationFailed` (`bad_answer`) where an answer holds no page, or the same page
        again and again, or where promised entries don't come; and `invalid_fields` for a `resume` that is none. Where
        a later page fails, the error says how many entries `came` before and the text to `resume` with.
        """
        reading = _Reading(self.request, self.page, sender, self.max_items, place=self.resume)
        try:
            yield from reading.iter_by_cursor() if self.page.style == "cursor" else reading.iter_by_offset()
        except InvocationFailed as failure:
            reading.describe(failure)
            raise

    def join(self, answers: Sequence[Any]) -> Any:
        """All pages in the first one's shape. The first answer is changed in place.

        `items` holds all entries in order, nulls too; `total` is what the service said first; nothing is left that
        leads to a next page.
        """
        names = self.page.names
        first = answers[0]
        part = get_page(first, self.page)
        part[names["items"]] = list(self.iter_entries(answers))
        if names["next"] in part:
            part[names["next"]] = None
        if self.page.style == "cursor":
            *holder, last = names["cursor"].split(".")
            if isinstance(cursors := follow(part, holder), dict):
                cursors[last] = None
        return first

    def iter_entries(self, answers: Iterable[Any]) -> Iterator[Any]:
        """The entries of all pages, in order, `max_items` at most."""
        items = self.page.names["items"]
        return islice((entry for answer in answers for entry in get_page(answer, self.page)[items]), self.max_items)


@dataclass(slots=True)
class _Reading:
    """One list being read: how, how far it has come, and the `place` (an offset or a cursor) of the next page."""

    request: Request
    page: Page
    sender: Sender
    max_items: int | None
    place: str | None
    came: int = 0
    #: The entries of the page before, and how many pages since had the same.
    before: list[Any] | None = None
    equal: int = 0
    #: Where the first stands of the latest pages that came empty although more was promised, and how many they are.
    hole: str | None = None
    empty: int = 0
    #: Set where what is under way is of no use but the reading goes on.
    is_planning: bool = False

    @property
    def size(self) -> int:
        """How many entries to ask for at a time."""
        return self.page.size if self.max_items is None else min(self.page.size, self.max_items)

    def iter_by_offset(self) -> Iterator[Any]:
        position, step = _parse_offset(self.place), self.size
        plan = range(position, position + 1)
        while plan:
            answers = map_in_order(
                self._fetch_offset,
                plan,
                self.sender.width,
                pressure=self.sender.feel_pressure,
                on_stop=self._stop_what_is_under_way,
            )
            with closing(answers):
                for came in answers:
                    answer, part = came, self._accept(came, position)
                    if is_promised := not get_items(part, self.page) and has_more(part, self.page, position):
                        answer = self._fetch_offset(position)
                        part = self._accept(answer, position)
                    self._note_empty(part, str(position), is_promised)
                    position += (granted := find_step(part, self.page, self.size))
                    self.place = str(position)
                    is_last = not has_more(part, self.page, position)
                    if is_last and self.hole is not None and int(self.hole) < (get_total(part, self.page) or 0):
                        self._give_up()
                    yield answer
                    if is_last or self._is_enough():
                        return
                    if granted != step:
                        step, self.is_planning = granted, True
                        break
            self.is_planning = False
            plan = self._plan(part, position, step)

    def iter_by_cursor(self) -> Iterator[Any]:
        seen, is_whole = {self.place}, self.place is None
        with Crew(self._fetch_cursor, 1, self._stop_what_is_under_way) as crew:
            task: Task[str | None, Any] | None = Task(self.place)
            while task is not None:
                answer = crew.finish(task)
                part = self._accept(answer)
                if is_promised := not get_items(part, self.page) and find_cursor(part, self.page) is not None:
                    answer = self._fetch_cursor(task.value)
                    part = self._accept(answer)
                self._note_empty(part, task.value or "", is_promised)
                cursor = find_cursor(part, self.page)
                if not cursor and self.hole is not None and is_whole and self.came < (get_total(part, self.page) or 0):
                    self._give_up()
                self.place = cursor
                task = None
                # A cursor that comes back would lead round in a circle.
                if cursor and cursor not in seen and not self._is_enough():
                    seen.add(cursor)
                    task = crew.begin(cursor)
                yield answer

    def describe(self, failure: InvocationFailed) -> None:
        """Says in the failure's error how far the reading had come, where it had come anywhere."""
        error = failure.error
        # What the reading began with is no advice where just that was refused.
        is_refused = not self.came and error.kind in ("invalid_fields", "bad_request", "not_found")
        if not self.place or is_refused:
            return
        words = f"{error.message} {self.came} entries came before that; resume {self.place} goes on from there."
        failure.error = replace(error, message=words, came=self.came, resume=self.place)

    def _fetch_offset(self, position: int) -> Any:
        names = self.page.names
        query = {names["size"]: str(self.size)}
        if position:
            query[names["offset"]] = str(position)
        return self.sender.send(self.request.with_query(**query))

    def _fetch_cursor(self, cursor: str | None) -> Any:
        names = self.page.names
        query = {names["size"]: str(self.size)}
        if cursor is not None:
            query[names["after"]] = cursor
        return self.sender.send(self.request.with_query(**query))

    def _accept(self, answer: Any, position: int | None = None) -> dict[str, Any]:
        """The page in `answer`, which was asked for at `position`."""
        part = get_page(answer, self.page)
        items = get_items(part, self.page)
        self.equal = self.equal + 1 if items == self.before else 0
        if self.equal and position is not None:
            # Equal entries may follow each other in a list; a page from another place than was asked for may not.
            is_elsewhere = get_offset(part, self.page) != position
            if is_elsewhere and any(entry is not None for entry in items) and has_more(part, self.page, position):
                raise InvocationFailed(ErrorDetail("bad_answer", "The service gave the same page again."))
        if self.equal >= EQUAL_PAGES:
            raise InvocationFailed(ErrorDetail("bad_answer", f"The service gave the same page {EQUAL_PAGES} times."))
        # Whoever takes the page may change its entries.
        self.before = [entry.copy() if isinstance(entry, dict) else entry for entry in items]
        self.came += len(items)
        return part

    def _note_empty(self, part: dict[str, Any], place: str, is_promised: bool) -> None:
        """Keeps account of pages that came empty, the last of which stands at `place`; `is_promised`: the page said
        that more entries follow. Raises `InvocationFailed` (`bad_answer`) where too many do so."""
        if get_items(part, self.page):
            if self.hole is not None:
                self.sender.warn(
                    f"The page at {self.hole} came empty twice and was passed over; entries may be missing."
                )
            self.hole, self.empty = None, 0
        elif is_promised:
            self.hole = place if self.hole is None else self.hole
            self.empty += 1
            if self.empty > EMPTY_PAGES:
                self._give_up()

    def _give_up(self) -> None:
        self.place = self.hole
        words = "The service says that more entries follow, and gives empty pages instead."
        raise InvocationFailed(ErrorDetail("bad_answer", words))

    def _plan(self, part: dict[str, Any], position: int, step: int) -> range:
        """Where to ask next: as far as the total reaches, or for one page where it reaches no further or is no number,
        and for no page more than `max_items` needs."""
        total = get_total(part, self.page)
        end = position + 1 if total is None else max(total, position + 1)
        if self.max_items is not None:
            end = min(end, position + ceil((self.max_items - self.came) / step) * step)
        return range(position, end, step)

    def _is_enough(self) -> bool:
        return self.max_items is not None and self.came >= self.max_items

    def _stop_what_is_under_way(self) -> None:
        if not self.is_planning:
            self.sender.cancel.set()


def _parse_offset(resume: str | None) -> int:
    if resume is None:
        return 0
    if resume.isascii() and resume.isdecimal() and len(resume) <= 18:
        return int(resume)
    problem = FieldProblem("resume", "is no place in this list", "the resume of an error")
    raise InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)))
