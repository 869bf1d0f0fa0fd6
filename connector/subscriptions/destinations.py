"""Where events may be sent: judged by its form as a subscription is made, and by its address as it is connected to."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.wire.outside import ALLOWED, Address, is_open, read_address

#: The most characters of an address.
_LONGEST: Final = 2048
_FITS: Final = "an https address on the open internet"
#: Hosts that programs take for IPv4 addresses in another writing, such as 127.1 and 0x7f000001 (URL Standard, 3.5).
_NUMBER: Final = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")
#: Names that stand for this machine or for others near it (RFC 6761, 6.3; RFC 6762, 3; RFC 8375, 4), and
#: what ICANN keeps for private networks.
_NEAR: Final = re.compile(r"(.*\.)?(localhost|local|internal|home\.arpa)")


def check_destination(url: str, field: str = "url") -> Address:
    """The address to send events to, taken apart. Its name is not looked up: it may lead elsewhere by the next event.

    Args:
        url: https, on the open internet; http and private networks too, where the operator allows the host by name.
        field: what the address is called where it was given.

    Raises:
        InvocationFailed: `invalid_fields`, which says what is wrong with it, and repeats nothing of it.
    """
    if len(url) > _LONGEST:
        raise _refuse(field, f"is longer than {_LONGEST} characters")
    try:
        address = read_address(url)
    except ValueError as problem:
        why = f"{problem}; deliveries are signed instead" if "user name" in str(problem) else str(problem)
        raise _refuse(field, why) from None
    if address.is_allowed:
        return address
    if address.scheme != "https":
        raise _refuse(field, f"begins with something else than https://; the operator may allow the host by {ALLOWED}")
    if not _may_be_open(address.host):
        raise _refuse(field, f"leads to this computer or its network; its operator may let it in by {ALLOWED}")
    return address


def _may_be_open(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host and not _NUMBER.fullmatch(host) and not _NEAR.fullmatch(host)
    return is_open(host)


def _refuse(field: str, why: str) -> InvocationFailed:
    problem = FieldProblem(field, why, _FITS)
    return InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)))
