"""Python's collector of cyclic garbage, held back while thousands of objects are made of which none is garbage.

Reading a large body or a long list makes nothing but objects that are kept. The collector would look at all of them
again and again, which costs more than reading them.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from typing import Final, Self

#: So often garbage is collected all the same while lists are read (s).
BREATH_S: Final = 5.0


class Hold:
    """Holds the collector back within `with`, from however many threads at once; where it was off before, it stays off.

    `is_long`: what was made meanwhile is taken for long-lived at once, without being looked at first. Whoever holds
    that long calls `breathe` now and then, so that other threads' garbage goes too.
    """

    _lock = threading.Lock()
    _holders = 0
    _is_ours = False
    _is_any_long = False
    _last = time.monotonic()

    def __init__(self, *, is_long: bool = False) -> None:
        self._is_long = is_long

    def __enter__(self) -> Self:
        with Hold._lock:
            if not Hold._holders:
                Hold._is_ours = gc.isenabled()
                Hold._is_any_long = False
                gc.disable()
            Hold._holders += 1
            Hold._is_any_long |= self._is_long
        return self

    def __exit__(self, *_: object) -> None:
        with Hold._lock:
            Hold._holders -= 1
            if Hold._holders or not Hold._is_ours:
                return
            # Objects that somebody else has frozen must stay so.
            if Hold._is_any_long and not gc.get_freeze_count():
                # Moves all young objects among the old ones, in no time however many they are.
                gc.freeze()
                gc.unfreeze()
            gc.enable()

    def breathe(self) -> None:
        """Collects garbage if that was last done here `BREATH_S` ago."""
        now = time.monotonic()
        with Hold._lock:
            if not Hold._is_ours or now - Hold._last < BREATH_S:
                return
            Hold._last = now
        gc.collect()


def _begin_anew() -> None:
    """The threads that held the collector back were not forked."""
    Hold._lock = threading.Lock()
    if Hold._holders and Hold._is_ours:
        gc.enable()
    Hold._holders = 0


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
