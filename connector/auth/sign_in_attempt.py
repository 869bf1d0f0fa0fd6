"""A sign-in under way: where the user is sent, and the code in the address that they are sent back to."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from connector.errors import ConnectorError

#: The longest word of the service's that a message repeats, in characters.
WORD_LIMIT: Final = 200


class SignInFailed(ConnectorError):
    """A sign-in that came to nothing. `reason` is `cancelled`, `state`, `no_code`, `refused` or `timeout`."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


@dataclass(frozen=True, slots=True, repr=False)
class SignInAttempt:
    """A sign-in under way: the address to send the user to, and what proves that the answer belongs to it."""

    url: str
    state: str
    verifier: str
    redirect_uri: str
    client_id: str
    client_secret: str | None
    scopes: tuple[str, ...]

    def is_own(self, state: str | None) -> bool:
        """Whether `state`, as a callback brought it, is this attempt's."""
        return hmac.compare_digest((state or "").encode("utf-8", "replace"), self.state.encode())

    def parse_callback(self, address: str) -> str:
        """The code in the address (or its query) that the user was sent back to; raises `SignInFailed`."""
        query = address.strip().partition("?")[2].partition("#")[0]
        found = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
        if not found.keys() & {"state", "code", "error"}:
            raise SignInFailed(
                "no_code", "This is not the address that the sign-in led back to: it has a ? with code=… and state=…."
            )
        # The state first: an answer from elsewhere must not even end the sign-in.
        if not self.is_own(found.get("state")):
            raise SignInFailed(
                "state",
                "This answer belongs to another sign-in (its state differs). Use the page that was opened last, or "
                "begin anew.",
            )
        if found.get("error") == "access_denied":
            raise SignInFailed("cancelled", "The sign-in was cancelled: nothing was granted. Begin anew to agree.")
        if "error" in found:
            word = "".join(letter for letter in found["error"][:WORD_LIMIT] if letter.isprintable())
            raise SignInFailed("refused", f"The service refused the sign-in: {word}.")
        if not found.get("code"):
            raise SignInFailed("no_code", "The answer carries no code; begin anew.")
        return found["code"]
