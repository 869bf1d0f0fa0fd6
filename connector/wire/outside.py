"""What anybody may name as an address: on the open internet alone, in bounds, and told nothing but what it is sent.

Whoever gives an address to a server that runs here could otherwise have it reach what only this machine or its network
can reach. So each address that a name has is looked at as it is connected to, and redirects are not followed.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from connector.errors import ErrorDetail, InvocationFailed
from connector.version import __version__
from connector.wire.deadline import Deadline
from connector.wire.request import Request
from connector.wire.transport import Response, Transport

#: Names hosts, HOST or HOST:PORT, that may be reached though they are not on the open internet, with commas between.
ALLOWED: Final = "CONNECTOR_ALLOWED_HOSTS"
#: The most characters of a host's name (RFC 1035, 2.3.4).
_LONGEST_HOST: Final = 253
#: A part of a host's name in ASCII (RFC 1035, 2.3.1). An underscore stands in many within private networks.
_LABEL: Final = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(rf"(?=.{{1,{_LONGEST_HOST}}}$){_LABEL}(\.{_LABEL})*")
#: What of IPv6 is given out to hosts (RFC 4291, 2.4), but for what documents are written with (RFC 9637), and where
#: IPv4 addresses stand for hosts of the other internet (RFC 6052, 2.1).
_UNICAST: Final = IPv6Network("2000::/3")
_DOCUMENTATION: Final = IPv6Network("3fff::/20")
_NAT64: Final = IPv6Network("64:ff9b::/96")
#: What looks open and leads to the machine's host: protocols' own addresses (RFC 6890, 2.2.2), among them one at which
#: a cloud tells its machines their secrets, and the one at which another does.
_INWARD: Final = (IPv4Network("192.0.0.0/24"), IPv4Network("168.63.129.16/32"))
_USER_AGENT: Final = f"connector/{__version__}"
#: How many connections are kept to one server that is posted to.
_KEPT: Final = 32


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A web address taken apart. `host` is a name in ASCII and small letters, without a dot at its end, or an IP
    address; `target` is the path and the query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def server(self) -> str:
        """The base URL of the server."""
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_allowed(self) -> bool:
        """Whether the operator lets this host, or this port of it, be reached, wherever it is."""
        return any(self._is_meant(entry.strip()) for entry in os.environ.get(ALLOWED, "").split(","))

    def _is_meant(self, entry: str) -> bool:
        if _normalize(entry) == self.host:
            return True
        host, _, port = entry.rpartition(":")
        return port == str(self.port) and _normalize(host) == self.host and (":" not in host or host[0] == "[")


def read_address(text: str) -> Address:
    """Takes apart an http or https address.

    Raises `ValueError`, which says what is wrong with it as the end of a sentence, and repeats nothing of it.
    """
    if not text.isprintable() or " " in text:
        raise ValueError("holds spaces or letters that no address has")
    try:
        parts = urlsplit(text)
        host = _normalize(parts.hostname or "")
        port = parts.port
    except ValueError:
        raise ValueError("is no web address") from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or host is None or port == 0:
        raise ValueError("is no web address")
    if parts.username is not None:
        raise ValueError("has a user name in it")
    target = parts.path or "/"
    target = f"{target}?{parts.query}" if parts.query else target
    return Address(scheme, host, port or {"http": 80, "https": 443}[scheme], target)


def fetch(address: str, deadline: Deadline) -> bytes:
    """What is to be had at `address` (https).

    Raises `InvocationFailed`: `invalid_fields` where the address is none or not on the open internet, and
    where nothing is to be had there; what `Transport.send` raises.
    """
    try:
        found = read_address(address)
    except ValueError as problem:
        raise _refuse(str(problem)) from None
    if found.scheme != "https":
        raise _refuse("begins with something else than https://")
    guard = None if found.is_allowed else is_open
    transport = Transport({"outside": found.server}, _USER_AGENT, 1, guard=guard)
    try:
        response = transport.send(Request("GET", "outside", found.target), deadline)
    except InvocationFailed as failure:
        if failure.error.kind != "invalid_fields":
            raise
        raise _refuse(f"leads to this computer or its network; its operator may let it in by {ALLOWED}") from None
    finally:
        transport.close()
    if 300 <= response.status < 400:
        raise _refuse("leads elsewhere; give the address that it leads to")
    if response.status != 200:
        raise _refuse(f"leads to nothing: {found.host} answers {response.status}")
    return response.content


class Poster:
    """Posts to addresses that anybody may name; used by many threads at once. Connections are kept for the next post.

    `is_own`: whoever gives the addresses owns this computer, and may name it and its network. Without that, a host that
    is not allowed by name is reached on the open internet alone, and no proxy is asked, for it would connect to any.
    """

    def __init__(self, *, is_own: bool = False) -> None:
        self._free = Transport(None, _USER_AGENT, _KEPT, is_head_enough=True)
        self._guarded = Transport(None, _USER_AGENT, _KEPT, guard=None if is_own else is_open, is_head_enough=True)

    def post(
        self, address: Address, content: bytes, headers: Iterable[tuple[str, str]], deadline: Deadline
    ) -> Response:
        """The head of the answer; its content is never kept. A redirect is an answer as any other.

        Raises what `Transport.send` raises; `invalid_fields` where the address may not be connected to.
        """
        transport = self._free if address.is_allowed else self._guarded
        request = Request("POST", address.server, address.target, headers=tuple(headers), content=content)
        try:
            return transport.send(request, deadline)
        except InvocationFailed as failure:
            if not failure.is_stale:
                raise
        return transport.send(request, deadline)

    def close(self) -> None:
        """Closes the connections that are kept."""
        self._free.close()
        self._guarded.close()


def is_open(address: str) -> bool:
    """Whether an IP `address` is on the open internet, what a gateway makes of it included, and not this machine's."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _find_behind_nat(found)
        if inner is None and (found not in _UNICAST or found in _DOCUMENTATION):
            return False
        found = inner or found
    if not found.is_global or found.is_multicast:
        return False
    return not any(found in network for network in _INWARD) and not _is_of_this_machine(str(found))


def _is_of_this_machine(address: str) -> bool:
    """Whether what goes to `address` would come from it. Nothing is sent to find out."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
            return bool(probe.getsockname()[0] == address)
    except OSError:
        # There is no way there at all.
        return False


def _find_behind_nat(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else None


def _normalize(host: str) -> str | None:
    """A host as `Address` has it; `None` where it is none."""
    host = host.strip("[]").lower().removesuffix(".")
    if len(host) > _LONGEST_HOST:
        return None
    try:
        return ip_address(host).compressed if "%" not in host else None
    except ValueError:
        pass
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode().removesuffix(".")
        except UnicodeError:
            return None
    return host if _NAME.fullmatch(host) else None


def _refuse(why: str) -> InvocationFailed:
    return InvocationFailed(ErrorDetail("invalid_fields", why))
