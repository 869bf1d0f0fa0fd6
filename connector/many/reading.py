"""One list being read page by page: where the next page is, and whether all came that was promised.

A next page is asked for by our own numbers, never by a link from an answer, so no answer can lead a token elsewhere.
Pages with an offset are asked for side by side as far as the service's total reaches; each page's own word then says
where the next one is, and where that is not what was expected, the rest is asked for anew. Cursor pages come one by
one, the next under way while the last is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

from connector.errors import ErrorDetail, InvocationFailed, tell_break
from connector.manifest.routes import Page
from connector.many.page import (
    find_cursor,
    find_step,
    get_items,
    get_offset,
    get_page,
    get_total,
    has_more,
    parse_offset,
)
from connector.many.sender import Sender
from connector.many.side_by_side import Crew, Task, map_in_order
from connector.wire.request import Request

#: So many equal pages in a row are no list any more, but a service that goes round in a circle.
EQUAL_PAGES: Final = 250
#: So many pages in a row may come empty although more is promised, each of them twice, before the list is given up.
EMPTY_PAGES: Final = 3


@dataclass(slots=True)
class Reading:
    """One list being read: how, how far it has come, and the `place` (an offset or a cursor) of the next page."""

    request: Request
    page: Page
    sender: Sender
    max_items: int | None
    place: str | None
    came: int = 0
    #: How many of them are null.
    nulls: int = 0
    #: The entries of the page before, and how many pages since had the same.
    before: list[Any] | None = None
    equal: int = 0
    #: How many entries there are, by the latest page's word, and how far into them the reading has come, if known.
    total: int = 0
    reached: int | None = None
    #: Where the reading began, and whether it was said that entries may be missing.
    begun: int = 0
    is_hole_told: bool = False
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
        position = self.begun = parse_offset(self.place)
        step = self.size
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
                    self.place, self.reached = str(position), position
                    is_out_of_reach = self.page.reach is not None and position >= self.page.reach
                    is_last = is_out_of_reach or not has_more(part, self.page, position)
                    if is_last and self.hole is not None and int(self.hole) < self.total:
                        self._give_up("gives empty pages instead")
                    yield answer
                    if is_last or self._is_enough():
                        return
                    if granted != step:
                        step, self.is_planning = granted, True
                        break
            self.is_planning = False
            plan = self._plan(position, step)

    def iter_by_cursor(self) -> Iterator[Any]:
        seen, is_whole, asked = {self.place}, self.place is None, 0
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
                self.reached = self.came if is_whole else None
                if self.reached is not None and self.reached < self.total and not self._is_enough():
                    if cursor and cursor in seen:
                        self._give_up("leads round in a circle")
                    if not cursor and self.hole is not None:
                        self._give_up("gives empty pages instead")
                self.place = cursor
                task = None
                asked += self.size
                is_out_of_reach = self.page.reach is not None and asked >= self.page.reach
                # A cursor that comes back would lead round in a circle.
                if cursor and cursor not in seen and not is_out_of_reach and not self._is_enough():
                    seen.add(cursor)
                    task = crew.begin(cursor)
                yield answer

    def compare_with_total(self) -> None:
        """Says where the reading ended before the list's stated end, for the service alone knows why."""
        if self.reached is None or self._is_enough():
            return
        if self.reached >= self.total:
            # Services leave out what is no longer there, and fill the page with nothing instead.
            if 0 < self.came < (places := self.total - self.begun) and not self.is_hole_told:
                self.sender.warn(f"The service says that there are {places} entries, and gave {self.came} of them.")
            return
        if self.page.reach is not None and self.reached >= self.page.reach:
            text = f"The service gives no more than the first {self.page.reach} of {self.total} entries."
        else:
            text = f"The service says that there are {self.total} entries, and ended after {self.reached}."
        self.sender.warn(text)

    def tell_nulls(self) -> None:
        """Says how many entries are null, for they tell nobody anything."""
        if self.nulls:
            came = self.came if self.max_items is None else min(self.came, self.max_items)
            self.sender.warn(f"The service gave null in place of {self.nulls} of {came} entries.")

    def describe(self, failure: InvocationFailed) -> None:
        """Says in the failure's error how far the reading had come, where it had come anywhere."""
        error = failure.error
        # What the reading began with is no advice where just that was refused.
        is_refused = not self.came and error.kind in ("invalid_fields", "bad_request", "not_found")
        if not self.place or is_refused:
            return
        words = error.message + tell_break(self.came, self.place)
        failure.error = replace(error, message=words, came=self.came, resume=self.place)

    def _fetch_offset(self, position: int) -> Any:
        names = self.page.names
        size = self.size if self.page.reach is None else min(self.size, self.page.reach - position)
        query = {names["size"]: str(size)}
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
        self.total = get_total(part, self.page) or 0
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
        wanted = len(items) if self.max_items is None else max(0, self.max_items - self.came)
        self.nulls += items[:wanted].count(None)
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
                self.is_hole_told = True
            self.hole, self.empty = None, 0
        elif is_promised:
            self.hole = place if self.hole is None else self.hole
            self.empty += 1
            if self.empty > EMPTY_PAGES:
                self._give_up("gives empty pages instead")

    def _give_up(self, what: str) -> None:
        self.place = self.hole
        raise InvocationFailed(ErrorDetail("bad_answer", f"The service says that more entries follow, and {what}."))

    def _plan(self, position: int, step: int) -> range:
        """Where to ask next: as far as the total reaches, or for one page where it reaches no further or is no number,
        and for no page more than `max_items` needs. What the day's budget has left goes to the pages in their order."""
        end = max(self.total, position + 1)
        if self.page.reach is not None:
            end = min(end, self.page.reach)
        if self.max_items is not None:
            end = min(end, position + ceil((self.max_items - self.came) / step) * step)
        if (left := self.sender.count_left()) is not None:
            end = min(end, position + max(1, left) * step)
        return range(position, end, step)

    def _is_enough(self) -> bool:
        return self.max_items is not None and self.came >= self.max_items

    def _stop_what_is_under_way(self) -> None:
        if not self.is_planning:
            self.sender.cancel.set()
