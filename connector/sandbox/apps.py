"""Apps registered with the sandbox, and which redirect URIs they may use.

Rules: Spotify's "Redirect URIs" page, in force for all apps since 2025-11-27. A redirect URI is https, or http on a
loopback address literal; `localhost` is refused; a loopback URI registered without a port may be used with any.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit, urlunsplit

QUOTA_MODES: Final = ("development", "extended")
DEMO_CLIENT_ID: Final = "sandbox-client"
DEMO_CLIENT_SECRET: Final = "sandbox-secret-not-real"  # noqa: S105 - public on purpose
DEMO_REDIRECT_URIS: Final = ("http://127.0.0.1/callback", "https://example.com/callback")

_LOOPBACK: Final = ("127.0.0.1", "::1")


class RedirectRefused(Exception):
    """A redirect URI that may not be used; the text is what the sign-in page says after `INVALID_CLIENT:`."""


@dataclass
class App:
    """One registered app.

    Attributes:
        client_id: its public name.
        client_secret: what it proves itself with at the token endpoint.
        name: shown on the sign-in page.
        redirect_uris: where the sign-in page may send a user back to.
        quota_mode: "development" or "extended".
        account: the developer account that it belongs to, whose apps share the quota of development mode.
    """

    client_id: str
    client_secret: str
    name: str
    redirect_uris: list[str] = field(default_factory=lambda: list(DEMO_REDIRECT_URIS))
    quota_mode: str = "development"
    account: str = "sandbox-developer"

    def __post_init__(self) -> None:
        if self.quota_mode not in QUOTA_MODES:
            raise ValueError(f"quota_mode must be one of {', '.join(QUOTA_MODES)}, not {self.quota_mode!r}")


def make_demo_app(quota_mode: str) -> App:
    """The app that exists from the start.

    Raises:
        ValueError: `quota_mode` is neither "development" nor "extended".
    """
    return App(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, "Sandbox demo app", quota_mode=quota_mode)


def check_redirect_uri(app: App, uri: str) -> None:
    """Check that `app` may send users back to `uri`.

    Raises:
        RedirectRefused: the URI is insecure, or not registered.
    """
    parts = urlsplit(uri)
    is_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not is_loopback and parts.scheme != "https":
        raise RedirectRefused("Insecure redirect URI")
    if uri in app.redirect_uris:
        return
    if not is_loopback or _without_port(uri) not in app.redirect_uris:
        raise RedirectRefused("Invalid redirect URI")


def _without_port(uri: str) -> str:
    parts = urlsplit(uri)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return urlunsplit(parts._replace(netloc=host or ""))
