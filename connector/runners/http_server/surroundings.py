"""What stands around the server, as its settings say: parsed once, before it listens, and refused where it makes no
sense together.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, replace
from typing import Final

from connector.runners.http_server.addresses import (
    PORTS,
    Address,
    is_anywhere,
    is_loopback,
    parse_address,
)
from connector.runners.http_server.proxies import Network, TrustedProxies
from connector.runners.http_server.settings import CannotServe, Settings

#: What the header `Origin` says of a page that has none of its own, such as a file.
_NO_ORIGIN: Final = "null"
_NEED_KEY: Final = "so calls need an API key: set CONNECTOR_SERVE_KEYS, or give --keys-file."


@dataclass(frozen=True)
class Surroundings:
    """Where browsers reach the server by the settings' word (`public`), at which address it listens itself (`own`,
    `None` where that is no address for browsers), the `origins` of other pages that may call, and the `proxies` whose
    word counts.
    """

    public: Address | None
    own: Address | None
    origins: tuple[str, ...]
    proxies: TrustedProxies

    @property
    def address(self) -> Address | None:
        """Where a sign-in comes back to; `None` where nobody said so."""
        return self.public or self.own

    @property
    def own_origins(self) -> tuple[str, ...]:
        """Origins of the server's own pages, besides the one that a request names itself."""
        return (self.public.origin,) if self.public else ()

    def listening_at(self, host: str, own: Address) -> Surroundings:
        """The same, for a server that listens at `host`, a number, and is reached from there at `own`."""
        # Behind a proxy, whoever was led to the server's own address would not find it.
        return self if self.proxies or is_anywhere(host) else replace(self, own=own)


def build_surroundings(settings: Settings, *, has_keys: bool) -> Surroundings:
    """The surroundings that the settings name, of a server that does not listen yet.

    Raises `CannotServe` for what can't be read, and where strangers could reach a server that asks for no key.
    """
    public = _parse_public(settings)
    proxies = TrustedProxies([_parse_network(text) for text in settings.trusted_proxy], settings.proxy_headers)
    if settings.proxy_headers != Settings.proxy_headers and not proxies:
        raise CannotServe("--proxy-headers is what trusted proxies write: name them by --trusted-proxy.")
    if not has_keys:
        if not is_loopback(settings.host):
            raise CannotServe(f"{settings.host} can be reached by others, {_NEED_KEY} Or listen at 127.0.0.1.")
        if public and not is_loopback(public.host):
            raise CannotServe(f"Others reach the server at its public URL, {_NEED_KEY}")
        if proxies:
            raise CannotServe(f"A proxy lets others reach the server, {_NEED_KEY}")
    return Surroundings(public, None, tuple(map(_parse_origin, settings.cors_origin)), proxies)


def _parse_public(settings: Settings) -> Address | None:
    if settings.public_url is None:
        return None
    try:
        address = parse_address(settings.public_url)
    except ValueError as problem:
        raise CannotServe(
            f"The public URL can't be used: {problem}. Write it like https://blocks.example or "
            "https://example.org/blocks (--public-url, CONNECTOR_SERVE_PUBLIC_URL)."
        ) from None
    if is_anywhere(address.host):
        raise CannotServe("The public URL can't be used: no browser can go to all addresses. Name the host.")
    return address


def _parse_origin(text: str) -> str:
    text = text.strip()
    scheme, _, rest = text.partition("://")
    if text == _NO_ORIGIN or (rest and scheme.lower() not in PORTS and text.isascii()):
        # Of other schemes, such as an extension's, browsers send what the page's own address begins with.
        return text
    problem: object = "it can't have a path"
    try:
        address = parse_address(text)
    except ValueError as found:
        problem = found
    else:
        if not address.path:
            return address.origin
    raise CannotServe(
        f"An origin can't be used: {problem}. Write it like https://app.example (--cors-origin, "
        "CONNECTOR_SERVE_CORS_ORIGIN)."
    )


def _parse_network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text.strip())
    except ValueError:
        raise CannotServe(
            "The address of a proxy can't be used. Write an address or a network, such as 127.0.0.1 or 10.0.0.0/8; "
            "several with spaces between (--trusted-proxy, CONNECTOR_SERVE_TRUSTED_PROXY)."
        ) from None
