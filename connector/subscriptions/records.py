"""A subscription and its progress as texts of JSON, as stores keep them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import fields
from typing import Any, Final

from connector.subscriptions.subscription import Progress, Status, Subscription

#: What changes apart from the rest of a subscription.
_MOVING: Final = frozenset({"status", "why"})
_ASKED: Final = tuple(each.name for each in fields(Subscription) if each.name not in _MOVING)
_PROGRESS: Final = tuple(each.name for each in fields(Progress))


def write_asked(subscription: Subscription) -> str:
    """What was asked for, without its status, for that changes."""
    return _write(subscription, _ASKED)


def write_progress(progress: Progress) -> str:
    return _write(progress, _PROGRESS)


def read_record(
    asked: str | bytes, status: str, why: str | None, progress: str | bytes
) -> tuple[Subscription, Progress]:
    """What was written, but for what a newer version has put there. Raises `KeyError`, `TypeError` and `ValueError`
    where it can't be read."""
    known: Status = status  # type: ignore[assignment]
    subscription = Subscription(**_pick(asked, _ASKED), status=known, why=why)
    come = _pick(progress, _PROGRESS)
    return subscription, Progress(**{**come, "events": tuple(come["events"])})


def _write(value: Subscription | Progress, names: Collection[str]) -> str:
    # Not `asdict`, which would copy what may be large. In escapes, for a service's text may hold halves of characters.
    return json.dumps({name: getattr(value, name) for name in names}, separators=(",", ":"))


def _pick(text: str | bytes, names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in json.loads(text).items() if name in names}
