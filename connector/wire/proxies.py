"""The proxy that stands between this computer and a server, as the environment (or the system's settings) says."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import LocationParseError
from urllib3.util import make_headers, parse_url

from connector.wire.trust import SettingError

_SOCKS: Final = ("socks4", "socks4a", "socks5", "socks5h")


@dataclass(frozen=True, slots=True, repr=False)
class Proxy:
    """A proxy's `url`, in which a name and a password may stand, and the `headers` that it is shown."""

    url: str
    headers: dict[str, str]

    @property
    def is_socks(self) -> bool:
        return self.url.startswith("socks")


def find_proxy(url: str) -> Proxy | None:
    """The proxy for the server at `url`; `None` where it is called directly, as this computer's own servers are.

    Raises `SettingError` for a proxy that can't be used.
    """
    if is_loopback(urlsplit(url).hostname or ""):
        return None
    given = select_proxy(url, get_environ_proxies(url))
    if not given:
        return None
    where = _find_variable(urlsplit(url).scheme, given)
    try:
        parts = parse_url(given if "://" in given else f"http://{given}")
    except LocationParseError:
        parts = parse_url("")
    if not parts.host or parts.scheme not in ("http", "https", *_SOCKS):
        raise SettingError(
            f"the proxy in {where} can't be read; it is written http://HOST:PORT, https:// or socks5h://"
        )
    if parts.scheme in _SOCKS and find_spec("socks") is None:
        raise SettingError(f"the proxy in {where} needs a package: pip install 'requests[socks]'")
    headers = make_headers(proxy_basic_auth=unquote(parts.auth)) if parts.auth and parts.scheme not in _SOCKS else {}
    return Proxy(parts.url, headers)


def is_loopback(host: str) -> bool:
    """Whether `host` is this computer, by whichever of its own names and addresses."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name.split("%")[0])
    except ValueError:
        try:
            # An IPv4 address in one of its older forms, such as 127.1.
            address = ip_address(socket.inet_aton(name))
        except (OSError, ValueError):
            return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def _find_variable(scheme: str, value: str) -> str:
    names = [name for name, given in os.environ.items() if given == value]
    found = (name for kind in (scheme, "all") for name in names if name.lower() == f"{kind}_proxy")
    return next(found, "the system's settings")
