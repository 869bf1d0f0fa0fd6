"""What anybody may name as an address: fetched from the open internet alone, in bounds, and told nothing.

Whoever gives an address to a server that runs here could otherwise have it read what only this machine or its network
can reach. So each address that a name has is looked at as it is connected to, and redirects are not followed.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from connector.errors import ErrorDetail, InvocationFailed
from connector.version import __version__
from connector.wire.deadline import Deadline
from connector.wire.request import Request
from connector.wire.transport import Transport

#: Names hosts that may be fetched from though they are not on the open internet, with commas between them.
ALLOWED: Final = "CONNECTOR_ALLOWED_HOSTS"
#: The most characters of a host's name (RFC 1035, 2.3.4).
_LONGEST_HOST: Final = 253
#: What of IPv6 is given out to hosts (RFC 4291, 2.4), but for what documents are written with (RFC 9637), and where
#: IPv4 addresses stand for hosts of the other internet (RFC 6052, 2.1).
_UNICAST: Final = IPv6Network("2000::/3")
_DOCUMENTATION: Final = IPv6Network("3fff::/20")
_NAT64: Final = IPv6Network("64:ff9b::/96")


def fetch(address: str, deadline: Deadline) -> bytes:
    """What is to be had at `address` (https).

    Raises `InvocationFailed`: `invalid_fields` where the address is none or not on the open internet, and
    where nothing is to be had there; what `Transport.send` raises.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", 443 if parts.port is None else parts.port
    except ValueError:
        raise _refuse("is no address that can be fetched") from None
    is_host = 0 < len(host) <= _LONGEST_HOST and host.isprintable() and " " not in host
    if parts.scheme.lower() != "https" or not (is_host and port) or parts.username is not None:
        raise _refuse("is no address that can be fetched")
    name = f"[{host}]" if ":" in host else host
    guard = None if host in os.environ.get(ALLOWED, "").lower().replace(" ", "").split(",") else _check_open
    transport = Transport({"outside": f"https://{name}:{port}"}, f"connector/{__version__}", 1, guard=guard)
    target = parts.path or "/"
    request = Request("GET", "outside", f"{target}?{parts.query}" if parts.query else target)
    try:
        response = transport.send(request, deadline)
    except InvocationFailed as failure:
        if failure.error.kind != "invalid_fields":
            raise
        raise _refuse(f"leads to this computer or its network; its operator may let it in by {ALLOWED}") from None
    finally:
        transport.close()
    if 300 <= response.status < 400:
        raise _refuse("leads elsewhere; give the address that it leads to")
    if response.status != 200:
        raise _refuse(f"leads to nothing: {host} answers {response.status}")
    return response.content


def _check_open(address: str) -> bool:
    """Whether an IP `address` is on the open internet, and what a gateway makes of it too."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _find_behind_nat(found)
        if inner is None and (found not in _UNICAST or found in _DOCUMENTATION):
            return False
        found = inner or found
    return found.is_global and not found.is_multicast


def _find_behind_nat(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFF_FFFF) if address in _NAT64 else None


def _refuse(why: str) -> InvocationFailed:
    return InvocationFailed(ErrorDetail("invalid_fields", why))
