"""How far a call is, in a line that a terminal draws again and again while it is under way."""

from __future__ import annotations

import time
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
    if meta.came and meta.total is not None:
        far = f"{meta.came} of {meta.total}"
    elif meta.pages:
        far = f"{meta.came} entries in {meta.pages} page{'s' if meta.pages > 1 else ''} so far"
    else:
        far = ""
    left = (meta.waits_until or now) - now
    if left > 0:
        wait = f"Next call in {tell_wait(left)} (rate limit, or trouble at the service) …"
        return f"{far}. {wait}" if far else wait
    return f"{far} …" if far else "Waiting for the answer …"
