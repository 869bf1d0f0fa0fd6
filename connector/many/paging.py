"""Many pages → one answer, as a plan that is a value."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

from connector.errors import InvocationFailed
from connector.manifest.dotted_paths import follow
from connector.manifest.routes import Page
from connector.many.page import get_items, get_page, get_total
from connector.many.reading import Reading
from connector.many.sender import Sender
from connector.wire.request import Request


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
    #: How many requests it takes is known when the answers are there.
    calls: ClassVar[int] = 1

    def send(self, sender: Sender) -> Generator[Any, None, None]:
        """The service's answers, one for each page in order, until the last or until `max_items` entries have come.

        The first page is asked for alone; the next ones when what follows it is wanted. A page that comes empty
        although more is promised is asked for again, and passed over where entries follow. Closing the iterator, or a
        failure, ends what is under way, and returns when that has ended.

        Raises what `sender` raises; `InvocationFailed` (`bad_answer`) where an answer holds no page, or the same page
        again and again, or where promised entries don't come; and `invalid_fields` for a `resume` that is none. Where
        a later page fails, the error says how many entries `came` before and the text to `resume` with.
        """
        reading = Reading(self.request, self.page, sender, self.max_items, place=self.resume)
        try:
            yield from reading.iter_by_cursor() if self.page.style == "cursor" else reading.iter_by_offset()
            reading.compare_with_total()
            reading.tell_nulls()
        except InvocationFailed as failure:
            reading.describe(failure)
            raise

    def measure(self, answer: Any, place: int) -> tuple[int, int | None]:  # noqa: ARG002 - a page tells it by itself
        """How many entries are in `answer`, the one at a `place`, and how many are to come in all, where that is
        known."""
        part = get_page(answer, self.page)
        known = [most for most in (get_total(part, self.page), self.max_items) if most is not None]
        return len(get_items(part, self.page)), min(known, default=None)

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
