"""Locks and threads after a fork: a child process gets the locks as they are held, and none of the threads."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, Final

_renewals: Final[dict[int, weakref.WeakMethod[Callable[[], Any]]]] = {}


def renew_in_child(renew: Callable[[], Any]) -> None:
    """Has the bound method `renew` called first of all in each process that is forked from this one, for as long as
    its object lives. It makes anew what another thread may have held or begun."""
    key = id(renew.__self__)  # type: ignore[attr-defined]
    _renewals[key] = weakref.WeakMethod(renew, lambda _: _renewals.pop(key, None))


def _renew_all() -> None:
    for reference in list(_renewals.values()):
        if renew := reference():
            renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
