"""How tests wait for what must come: by looking again and again, for so long that a busy machine fails none of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

#: When all goes well nothing waits so long.
PATIENCE_S = 60.0
_GLANCE_S = 0.005


def wait_until(holds: Callable[[], Any], patience_s: float = PATIENCE_S, glance_s: float = _GLANCE_S) -> Any:
    """Waits until `holds` gives something true, and gives that; fails after `patience_s`. Looks each `glance_s`."""
    end = time.monotonic() + patience_s
    while not (found := holds()):
        assert time.monotonic() < end, f"it did not come about in {patience_s:g} s"
        time.sleep(glance_s)
    return found


def wait_until_still(count: Callable[[], Any], still_s: float = 0.5) -> Any:
    """Waits until `count` has given the same for `still_s`, and gives it."""
    end = time.monotonic() + PATIENCE_S
    last, since = count(), time.monotonic()
    while time.monotonic() - since < still_s:
        assert time.monotonic() < end, f"it did not come to rest in {PATIENCE_S:g} s"
        time.sleep(_GLANCE_S)
        if (now := count()) != last:
            last, since = now, time.monotonic()
    return last
