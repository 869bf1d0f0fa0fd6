"""Addresses as people write them → the one form in which browsers send them, so that two of them can be compared.

Judges the form only; which addresses the server takes is for `surroundings` to say.
"""

from __future__ import annotations

import ipaddress
import re
import string
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import idna

#: The schemes that browsers reach a server by, with the port of each that is left out.
PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PATH: Final = re.compile(r"(/([A-Za-z0-9._~@:+-]|%[0-9A-Fa-f]{2})+)*")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Address:
    """Where browsers reach a server: an `origin` such as `https://blocks.example`, and the base `path` below which its
    own paths begin, such as `/base`, percent-encoded; empty where there is none.
    """

    origin: str
    path: str = ""

    @property
    def url(self) -> str:
        """The whole, without a slash at the end."""
        return self.origin + self.path

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return self.origin.partition(":")[0]

    @property
    def host(self) -> str:
        """The name or the number alone, without brackets and port."""
        return urlsplit(self.origin).hostname or ""

    def is_at(self, host: str) -> bool:
        """Whether a request with this header `Host` was sent to here."""
        return find_origin(self.scheme, host) == self.origin


def parse_address(text: str) -> Address:
    """The address in a URL of http or https; raises `ValueError`, whose text says what is wrong and never holds the
    URL."""
    text = text.strip()
    scheme, _, rest = text.partition("://")
    if scheme.lower() not in PORTS or not rest:
        raise ValueError("it has to begin with https:// or http://")
    if "?" in rest or "#" in rest:
        raise ValueError("it can't have a query (?) or a fragment (#)")
    place, slash, path = rest.partition("/")
    return Address(build_origin(scheme, place), normalise_path(slash + path))


def build_origin(scheme: str, place: str) -> str:
    """The origin of a host with or without a port, as browsers write it: small letters, names in other scripts by
    their ASCII form, numbers in the shortest form, no port where it is the scheme's own. Raises `ValueError`."""
    scheme = scheme.lower()
    if "@" in place:
        raise ValueError("it can't have a user or a password (@)")
    if not place.isprintable() or set(place) & set(" \\/?#"):
        raise ValueError("its host holds a letter that no host has")
    try:
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("its host or its port can't be read") from None
    if port == 0:
        raise ValueError("nothing can be reached at port 0")
    shown = "" if port in (None, PORTS.get(scheme)) else f":{port}"
    return f"{scheme}://{_normalise_host(host or '')}{shown}"


def find_origin(scheme: str, host: str) -> str | None:
    """The origin that a request with this header `Host` was sent to; `None` where no browser would have sent it."""
    try:
        return build_origin(scheme, host) if host.isascii() else None
    except ValueError:
        return None


def normalise_path(path: str) -> str:
    """A base path, percent-encoded, without a slash at the end; raises `ValueError`."""
    quoted = quote(path.rstrip("/"), safe=string.punctuation)
    if not _PATH.fullmatch(quoted):
        raise ValueError("its path holds a letter that can't stand there, or two slashes that follow each other")
    for part in quoted.split("/")[1:]:
        if unquote(part) in (".", "..") or set(unquote(part)) & set("/\\"):
            raise ValueError("its path can't hold . or .. or a hidden slash")
    return quoted


def parse_ip(text: str) -> IpAddress | None:
    """The number that `text` is; an IPv4 address that is written as IPv6 is the IPv4 address. `None` for no number."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_loopback(host: str) -> bool:
    """Whether `host`, without port and brackets, is this computer for whoever uses the name."""
    address = parse_ip(host)
    return address.is_loopback if address else host.lower() == "localhost"


def is_anywhere(host: str) -> bool:
    """Whether `host` stands for all addresses of a machine, which is no address to go to."""
    address = parse_ip(host)
    return bool(address and address.is_unspecified)


def _normalise_host(host: str) -> str:
    if ":" in host:
        address = None if "%" in host else parse_ip(host)
        if address is None:
            raise ValueError("its IPv6 address can't be read")
        return f"[{ipaddress.IPv6Address(host)}]"
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise ValueError("its host is no name that a domain can have") from None
    if not _NAME.fullmatch(host):
        raise ValueError("its host is missing or is no name that a domain can have")
    # Browsers read a host whose last part is a number as an IPv4 address, however it is written.
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) and not isinstance(parse_ip(host), ipaddress.IPv4Address):
        raise ValueError("its IPv4 address can't be read: write it as four numbers")
    return host
