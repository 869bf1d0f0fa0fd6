"""What `doctor` finds of triggers: which can be polled, what polls may take, and whether subscriptions can be kept."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import Final

from connector.auth.stores.choosing import locate_files
from connector.cli.findings import Finding
from connector.cli.terminal import to_plain
from connector.errors import ConnectorError
from connector.limits.budget_places import read_daily_calls
from connector.limits.poll_budget import POLLS_A_DAY, share_of_polls
from connector.limits.shared_redis import REDIS_URL
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import iter_triggers

_CHEAP: Final = ("no call", "1 call")


def look_at_triggers(manifest: Manifest, granted: Collection[str] | None) -> Iterator[Finding]:
    """Which triggers the connection that was `granted` these scopes can poll; `None` where that is not known."""
    triggers = list(iter_triggers(manifest))
    if not triggers:
        return
    cheap = sum(trigger.cost.quiet in _CHEAP for trigger in triggers)
    lacking = [
        trigger.name
        for trigger in triggers
        if granted is not None
        and any(not need.is_optional and not set(need.any_of) & set(granted) for need in trigger.form.find_needs({}))
    ]
    told = f"{len(triggers)}, and {cheap} of them cost at most one call a quiet look"
    if not lacking:
        yield Finding("ok", "triggers", told)
        return
    yield Finding(
        "note", "triggers", f"{told}; not granted: {', '.join(lacking)}", "Sign in again to grant what they read."
    )


def look_at_polls(manifest: Manifest) -> Iterator[Finding]:
    """What polls may take of a day's calls, and where their turns are kept. Raises `ConnectorError`."""
    most = read_daily_calls()
    calls = (
        f"{share_of_polls(most)} calls a day of {most}" if most else f"{POLLS_A_DAY} calls a day, for no budget is set"
    )
    if os.environ.get(REDIS_URL):
        yield Finding("ok", "polls", f"share {calls}; their turns are in Redis")
        return
    folder = locate_files(manifest.command)
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(place, os.W_OK):
        yield Finding(
            "ok", "polls", f"share {calls}; their turns and subscriptions are kept in {to_plain(str(folder))}"
        )
    else:
        yield Finding(
            "bad", "polls", f"{to_plain(str(folder))} can't be written", "CONNECTOR_STORE=file:PATH chooses another."
        )


def look_at_subscriptions(manifest: Manifest) -> Iterator[Finding]:
    """Whether subscriptions can be read and their secrets opened, and where events may be sent. Raises
    `ConnectorError`."""
    from connector.subscriptions.places import open_place
    from connector.subscriptions.sealing import find_keys
    from connector.wire.outside import ALLOWED

    place = open_place(manifest.command)
    try:
        next_due = place.store.read_next_due()
    finally:
        place.store.close()
    waiting = "none is active" if next_due is None else "some are active"
    yield Finding("ok", "subscriptions", f"{to_plain(place.store.label)} can be read, {waiting}")
    try:
        keys = find_keys(place.folder)
    except ConnectorError as problem:
        yield Finding("bad", "sealing key", to_plain(str(problem)))
    else:
        yield Finding("ok", "sealing key", f"in {to_plain(keys)}" if keys else "is made with the first subscription")
    hosts = [entry.strip() for entry in os.environ.get(ALLOWED, "").split(",") if entry.strip()]
    told = ", ".join(map(to_plain, hosts)) if hosts else f"the open internet alone: {ALLOWED} is not set"
    yield Finding("ok", "webhooks to", f"the open internet, and {told}" if hosts else told)
