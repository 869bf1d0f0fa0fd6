"""What an operation of the Web API is here, so that every module can list its own.

`api` puts the lists together. A module with endpoints ends with `OPERATIONS`, a tuple of these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connector.sandbox.answers import Answer
from connector.sandbox.parameters import ApiRequest

Handler = Callable[[ApiRequest], Answer]


@dataclass(frozen=True)
class Operation:
    """One operation of the Web API.

    Attributes:
        request: method and path, e.g. "GET /me/tracks".
        handle: what answers it.
        scopes: any one of them is enough; none where no scope is needed, or where `handle` decides.
        needs_user: whether an app's own token is turned away.
        takes_fields: whether `fields` says what of the answer is wanted.
        closed: the status that an app in development mode gets, None where it may call it. Sources: blog of 2024-11-27
            and 2026-02-06, Web API changelogs of February and March 2026, migration guide of February 2026.
    """

    request: str
    handle: Handler
    scopes: tuple[str, ...] = ()
    needs_user: bool = False
    takes_fields: bool = False
    closed: int | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.request.split(" ")[0]

    @property
    def path(self) -> str:
        """The path's pattern."""
        return self.request.split(" ")[1]


def own(request: str, handle: Handler, *scopes: str, **more: Any) -> Operation:
    """An operation on what belongs to the signed-in user; `scopes` and `more` as in `Operation`."""
    return Operation(request, handle, scopes, needs_user=True, **more)
