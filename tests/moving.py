"""What differs between two answers to the same call, for time goes on between them."""

from typing import Any

MOVING = {"access_token", "refresh_token", "timestamp", "progress_ms", "played_at", "cursors", "href", "snapshot_id"}


def without_what_moves(output: Any) -> Any:
    """A sign-in gives other tokens each time, and a player moves on."""
    if isinstance(output, list):
        return [without_what_moves(entry) for entry in output]
    if not isinstance(output, dict):
        return output
    return {name: name if name in MOVING else without_what_moves(value) for name, value in output.items()}
