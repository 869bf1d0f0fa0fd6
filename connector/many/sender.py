"""What the plans of this room need of whoever sends their requests."""

from __future__ import annotations

from typing import Any, Protocol

from connector.wire.deadline import Cancel
from connector.wire.request import Request


class Sender(Protocol):
    """Sends requests of one call; used from several threads at once."""

    @property
    def width(self) -> int:
        """How many requests may be begun whose answers nobody has taken yet."""

    @property
    def cancel(self) -> Cancel:
        """Ends what is under way."""

    def send(self, request: Request) -> Any:
        """The answer to `request` as a JSON value. Raises `InvocationFailed`."""

    def feel_pressure(self) -> int:
        """How often the service, or the way to it, has pushed back so far."""

    def count_left(self) -> int | None:
        """How many requests may still be sent today; `None` where nobody counts."""

    def warn(self, text: str) -> None:
        """Tells the call's reader something of the answer that is no error."""
