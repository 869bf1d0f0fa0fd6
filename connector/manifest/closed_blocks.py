"""Blocks and routes that are closed to some apps: the words for it, the same at every door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from connector.manifest.blocks import Block
from connector.manifest.routes import APP_MODES

#: The environment variable for the substitutes that an operator has turned on.
SUBSTITUTES: Final = "CONNECTOR_SUBSTITUTES"


class Closable(Protocol):
    """What says to which modes it is closed, and since when: a block, or a trigger."""

    @property
    def closed(self) -> Mapping[str, str]: ...


def describe_closing(closed: Mapping[str, str]) -> str:
    """`closed to apps in development mode since 2024-11-27`, for the modes and dates in `closed`; empty for none."""
    times = [f"in {mode} mode since {since}" for mode, since in closed.items()]
    return f"closed to apps {' and '.join(times)}" if times else ""


def tell_closed(block: Block, closed: Mapping[str, str] | None = None) -> list[str]:
    """Sentences that say for whom a block is closed, for whom it works and what does the job instead; or for whom it
    does something near to it.

    `closed` holds modes and dates where not all routes are in question, such as those of the one that was tried. Empty
    where nothing is closed.
    """
    if closed is None and not block.closed:
        return _tell_near(block)
    closed = block.closed if closed is None else closed
    if not closed:
        return []
    told = [f"{describe_closing(closed).capitalize()}."]
    if still := [mode for mode in APP_MODES if mode not in closed]:
        told.append(f"It works in {' and '.join(still)} mode.")
    if block.instead:
        told.append(f"Instead: {block.instead}")
    told += [f"With {SUBSTITUTES}={name} another service does it: {text}" for name, text in block.consents]
    return told


def _tell_near(block: Block) -> list[str]:
    """What is near to the block's work and done for apps to which the service's own way is closed."""
    routes = [route for route in block.routes if route.consent is None]
    lacking = block.procedure.lacking if block.procedure else {}
    told = [f"In {mode} mode without {' and '.join(names)}, closed there." for mode, names in lacking.items()]
    for mode in APP_MODES if routes else ():
        is_open = [route for route in routes if mode not in route.closed]
        if len(is_open) < len(routes) and is_open[0].warning:
            told.append(f"In {mode} mode: {is_open[0].warning}")
    return told


def describe_quota(what: Closable) -> dict[str, str]:
    """For each mode, in the form of the documents that programs read: `open`, or `closed` and since when."""
    return {mode: f"closed {what.closed[mode]}" if mode in what.closed else "open" for mode in APP_MODES}
