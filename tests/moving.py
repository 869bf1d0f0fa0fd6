"""What differs between two answers to the same call, for time goes on between them."""

from typing import Any

MOVING = {"access_token", "refresh_token", "timestamp", "progress_ms", "played_at", "cursors", "href", "snapshot_id"}


#: Fields by which a block leaves nothing to chance.
_SETTLING = {"seed": "not by chance"}


def leave_nothing_to_chance(block: Any) -> dict[str, Any]:
    """Arguments by which the block does the same each time."""
    return {name: value for name, value in _SETTLING.items() if name in block.fields}


def without_what_moves(output: Any) -> Any:
    """A sign-in gives other tokens each time, and a player moves on."""
    if isinstance(output, list):
        return [without_what_moves(entry) for entry in output]
    if not isinstance(output, dict):
        return output
    return {name: name if name in MOVING else without_what_moves(value) for name, value in output.items()}
