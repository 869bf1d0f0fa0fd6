"""Locks and threads after a fork: a child process gets the locks as they are held, and none of the threads."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, Final

#: Objects, and the name of each one's method.
_renewals: Final[weakref.WeakKeyDictionary[Any, str]] = weakref.WeakKeyDictionary()


def renew_in_child(renew: Callable[[], Any]) -> None:
    """Has the bound method `renew` called first of all in each process that is forked from this one, for as long as
    its object lives. It makes anew what another thread may have held or begun."""
    _renewals[renew.__self__] = renew.__name__  # type: ignore[attr-defined]


def _renew_all() -> None:
    for thing, name in list(_renewals.items()):
        getattr(thing, name)()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
