"""How far a call is, in a line that a terminal draws again and again while it is under way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from connector.errors import tell_wait
from connector.result import Meta


@dataclass(frozen=True)
class Progress:
    """A line of what `meta` says at the moment when it is drawn."""

    meta: Meta

    def __rich__(self) -> str:
        return tell_progress(self.meta, time.monotonic())


def tell_progress(meta: Meta, now: float) -> str:
    """How far the call is, and for how long it waits; `now` is on the clock `time.monotonic`, in seconds."""
    if meta.step:
        far = f"{meta.step[:1].upper()}{meta.step[1:]}"
    elif meta.came and meta.total is not None:
        far = f"{meta.came} of {meta.total}"
    elif meta.pages and meta.came:
        far = f"{meta.came} entries in {meta.pages} page{'s' if meta.pages > 1 else ''} so far"
    else:
        far = ""
    left = max(_iter_ends(meta), default=now) - now
    if left > 0:
        wait = f"Next call in {tell_wait(left)} (rate limit, or trouble at the service) …"
        return f"{far}. {wait}" if far else wait
    return f"{far} …" if far else "Waiting for the answer …"


def _iter_ends(meta: Meta) -> Iterator[float]:
    """Until when the call, and those that it is made of, wait."""
    if meta.waits_until is not None:
        yield meta.waits_until
    for part in meta.parts:
        yield from _iter_ends(part)
