"""A connected socket in the time that an attempt has: the name resolved, then each of its addresses tried."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any, Final

from urllib3.util.connection import allowed_gai_family

from connector.bounded_wait import BoundedWait
from connector.wire.attempts import Attempt

#: The longest that one address is tried, in seconds: the kernel has sent its question four times by then.
CONNECT_S: Final = 10.0
#: The system's resolver takes its own time, and can't be interrupted; this many look-ups may hang at a time.
_RESOLVERS: Final = BoundedWait("connector-resolver", 32)
#: For names that anybody may give, whose own name servers may never answer: they hold up nobody but each other.
_OUTSIDE: Final = BoundedWait("connector-outside-resolver", 32)


class SlowResolverError(TimeoutError):
    """A name was not resolved in the time that was left."""


class ClosedAddressError(OSError):
    """An address that the attempt may not connect to."""


def connect(attempt: Attempt, host: str, port: int, options: Any) -> socket.socket:
    """A connection to `host`, by the first of its addresses that answers in its share of the time.

    urllib3 would give the whole time to each address. Raises `OSError`: `socket.gaierror` for an unknown name,
    `SlowResolverError` for one that is not resolved in time, `ClosedAddressError` where the attempt's guard lets no
    address by.
    """
    addresses = _resolve(attempt, host.strip("[]"), port)
    if attempt.guard is not None:
        addresses = [found for found in addresses if attempt.guard(found[4][0])]
        if not addresses:
            raise ClosedAddressError("no address that may be connected to")
    failure = OSError("no address")
    for position, (family, kind, protocol, _, address) in enumerate(addresses):
        left = attempt.left
        if left <= 0:
            raise TimeoutError("no time left to connect")
        sock = socket.socket(family, kind, protocol)
        try:
            attempt.connect_by(sock)
            for option in options or ():
                sock.setsockopt(*option)
            sock.settimeout(min(CONNECT_S, left / (len(addresses) - position)))
            sock.connect(address)
            sock.settimeout(max(0.001, attempt.left))
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def connect_elsewhere(attempt: Attempt, connect: Callable[[], socket.socket]) -> socket.socket:
    """The connection that `connect` opens, which knows nothing of the attempt and may hang. Raises `OSError`."""
    return attempt.wait_for(_RESOLVERS.begin(connect, socket.socket.close))


def _resolve(attempt: Attempt, host: str, port: int) -> list[Any]:
    if is_address(host):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 0, "", (host, port))]
    resolvers = _RESOLVERS if attempt.guard is None else _OUTSIDE
    try:
        return attempt.wait_for(
            resolvers.begin(lambda: socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM))
        )
    except UnicodeError:
        raise socket.gaierror(socket.EAI_NONAME, "no such name") from None
    except TimeoutError:
        raise SlowResolverError("the name was not resolved in time") from None


def is_address(host: str) -> bool:
    """Whether `host` is an address that needs no resolver."""
    try:
        return bool(ip_address(host)) and "%" not in host
    except ValueError:
        return False
