"""Which step a run is at, and how far it is, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from connector.result import Meta

Out = TypeVar("Out")


class Steps:
    """The steps of a run, each told by `tell`. `titles` are those of the lists that blocks read, by the blocks' names;
    `due` is how many calls that write there are to be, once that is known."""

    def __init__(self, titles: Mapping[str, str], tell: Callable[[str], None]) -> None:
        self._titles = titles
        self._tell = tell
        self._is_counting = False
        self.due: int | None = None

    def hear(self, block: str, meta: Meta) -> None:
        """A block that is under way has come so far."""
        if self._is_counting:
            # What each of many does is no step of the whole.
            return
        if meta.step:
            self._tell(meta.step)
        elif title := self._titles.get(block):
            of = "" if meta.total is None else f" of {meta.total:,}"
            self._tell(f"reading {title}: {meta.came:,}{of}")

    def count(self, found: Iterable[Out], of: int, doing: str, what: str) -> Iterator[Out]:
        """Hands on what is `found`, of so many things."""
        self._is_counting = True
        try:
            for done, each in enumerate(found, start=1):
                self._tell(f"{doing} {done:,} of {of:,} {what}")
                yield each
        finally:
            self._is_counting = False

    def wait(self, what: str) -> None:
        """Nothing is done before `what` is there."""
        self._tell(f"waiting for {what}")

    def write(self, done: int) -> None:
        """The next call writes, after so many that did."""
        of = f" of {self.due:,}" if self.due and done < self.due else ""
        self._tell(f"writing call {done + 1:,}{of}")
