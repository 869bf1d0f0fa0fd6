"""What a poll leaves for the next one: JSON that nobody else need understand, bound to what it belongs to."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final, NamedTuple

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed

#: Goes up when a way keeps its memory in another form, which then says what becomes of the one before.
VERSION: Final = 2


class Opened(NamedTuple):
    """A way's `memory`, for how many polls nothing was seen, and whether it has the form of a version before."""

    memory: Any
    quiet: int
    is_old: bool


def open_state(state: Any, whose: Any) -> Opened | None:
    """The memory in `state`; `None` where there is no state yet. `whose` is what it must have been closed with.

    Raises `InvocationFailed` (`invalid_fields`) for what is no state, or belongs to another trigger, other arguments
    or another account, or was made by a newer version.
    """
    if state is None:
        return None
    if not isinstance(state, dict) or not isinstance(state.get("v"), int) or "memory" not in state:
        raise _refuse("is no state of a poll")
    if state["v"] not in (VERSION - 1, VERSION):
        raise _refuse("was made by another version of this program")
    if state.get("sum") != _sign(state["memory"]):
        raise _refuse("is not as it was given")
    if state.get("of") != _sign(whose):
        raise _refuse("belongs to another trigger, other arguments or another connection")
    quiet = state.get("quiet")
    is_old = state["v"] < VERSION
    return Opened(state["memory"], quiet if isinstance(quiet, int) and quiet >= 0 else 0, is_old)


def close_state(whose: Any, memory: Any, quiet: int) -> dict[str, Any]:
    """The state to hand on."""
    return {"v": VERSION, "of": _sign(whose), "quiet": quiet, "memory": memory, "sum": _sign(memory)}


def _sign(whose: Any) -> str:
    # A whole number is one, with a point or without: whoever keeps a state may write it as JavaScript does.
    plain = json.loads(json.dumps(whose), parse_float=_read_number)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


def _read_number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() else number


def _refuse(problem: str) -> InvocationFailed:
    fits = "the state that the last poll gave, or none to begin anew"
    return InvocationFailed(
        ErrorDetail("invalid_fields", f"The state {problem}.", fields=(FieldProblem("state", problem, fits),))
    )
