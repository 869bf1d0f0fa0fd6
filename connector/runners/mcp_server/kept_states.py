"""States of polls under short names, for models copy long texts badly."""

from __future__ import annotations

import json
import secrets
import threading
import zlib
from collections import OrderedDict
from typing import Any, Final

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed

#: The most states that are kept at a time, and bytes of them all, compressed; beyond, the oldest go.
_MOST: Final = 1_000
_MOST_BYTES: Final = 32 * 1024 * 1024


class KeptStates:
    """Keeps states for as long as the process lives; nobody guesses another's name for one. Safe to share between
    threads."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def keep(self, state: Any) -> str:
        """The name under which `state` is kept from now on."""
        name, text = secrets.token_hex(8), zlib.compress(json.dumps(state).encode())
        with self._lock:
            self._states[name] = text
            self._size += len(text)
            while len(self._states) > _MOST or (self._size > _MOST_BYTES and len(self._states) > 1):
                self._size -= len(self._states.popitem(last=False)[1])
        return name

    def find(self, since: Any) -> Any:
        """The state that `since` names, or that it is, also as JSON text; `None` for nothing. Raises `InvocationFailed`
        (`invalid_fields`) for a name that is not known."""
        if since in (None, ""):
            return None
        if not isinstance(since, str):
            return since
        if since.lstrip().startswith("{"):
            try:
                return json.loads(since)
            except ValueError:
                raise refuse("is neither a name nor JSON") from None
        with self._lock:
            text = self._states.get(since.strip())
        if text is None:
            raise refuse("is not known here, or not any more")
        return json.loads(zlib.decompress(text))


def refuse(problem: str) -> InvocationFailed:
    """What is said of a `since` that can't be gone on from."""
    fits = (
        "what the last answer gave as since, in this session, with the same trigger and args; without it the mark is "
        "set anew, and what happened before is not told, but for the latest few with also_last"
    )
    found = FieldProblem("since", problem, fits)
    return InvocationFailed(ErrorDetail("invalid_fields", f"since {problem}. Fits: {fits}.", fields=(found,)))
