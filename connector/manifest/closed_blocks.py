"""Blocks and routes that are closed to some apps: the words for it, the same at every door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from connector.manifest.blocks import Block
from connector.manifest.routes import APP_MODES

#: The environment variable for the substitutes that an operator has turned on.
SUBSTITUTES: Final = "CONNECTOR_SUBSTITUTES"


def describe_closing(closed: Mapping[str, str]) -> str:
    """`closed to apps in development mode since 2024-11-27`, for the modes and dates in `closed`; empty for none."""
    times = [f"in {mode} mode since {since}" for mode, since in closed.items()]
    return f"closed to apps {' and '.join(times)}" if times else ""


def tell_closed(block: Block, closed: Mapping[str, str] | None = None) -> list[str]:
    """Sentences that say for whom a block is closed, for whom it works and what does the job instead.

    `closed` holds modes and dates where not all routes are in question, such as those of the one that was tried. Empty
    where nothing is closed.
    """
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


def describe_quota(block: Block) -> dict[str, str]:
    """For each mode, in the form of the documents that programs read: `open`, or `closed` and since when."""
    return {mode: f"closed {block.closed[mode]}" if mode in block.closed else "open" for mode in APP_MODES}
