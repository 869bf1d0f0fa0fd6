"""Choices that were read a short while ago: forms ask for the same at each key press, and each call counts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from connector.forks import renew_in_child
from connector.manifest.choice_sources import ChoiceSource
from connector.result import Choice

#: How long they are kept, in seconds.
_KEPT_S: Final = 60.0
#: How much is kept: pages, and characters in all of them.
_MOST_PAGES: Final = 500
_MOST_CHARACTERS: Final = 2_000_000


class ReadPage(NamedTuple):
    """The choices on one page of a list, and the place of the `following` one, if any."""

    choices: tuple[Choice, ...]
    following: str | None

    @property
    def size(self) -> int:
        """How many characters it holds."""
        return sum(len(text) for choice in self.choices for text in choice if text)


class KeptChoices:
    """Pages of choices by who reads them, which is a digest of the secrets that the service told them by, so that no
    one gets what another read. Shared by threads; bounded, the oldest go first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pages: dict[tuple[str, ChoiceSource, str | None], tuple[float, ReadPage]] = {}
        self._characters = 0
        self._renew_lock()
        renew_in_child(self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def find(self, who: str, source: ChoiceSource, place: str | None) -> ReadPage | None:
        """What `who` read of the page at `place`, where that is no longer ago than it is kept."""
        with self._lock:
            self._drop_old()
            found = self._pages.get((who, source, place))
        return found[1] if found else None

    def keep(self, who: str, source: ChoiceSource, place: str | None, page: ReadPage) -> None:
        """Keeps what `who` has read."""
        with self._lock:
            self._drop((who, source, place))
            self._pages[who, source, place] = self._clock(), page
            self._characters += page.size
            self._drop_old()
            while len(self._pages) > _MOST_PAGES or self._characters > _MOST_CHARACTERS:
                self._drop(next(iter(self._pages)))

    def forget(self, who: str) -> None:
        """Drops what `who` has read, which a write may have changed."""
        with self._lock:
            for key in [key for key in self._pages if key[0] == who]:
                self._drop(key)

    def _drop_old(self) -> None:
        # They stand in the order in which they were read.
        oldest = self._clock() - _KEPT_S
        for key in [key for key, (read_at, _) in self._pages.items() if read_at < oldest]:
            self._drop(key)

    def _drop(self, key: tuple[str, ChoiceSource, str | None]) -> None:
        _, page = self._pages.pop(key, (0.0, None))
        self._characters -= page.size if page else 0
