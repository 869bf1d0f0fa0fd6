"""Why a request had no answer: a library's exception → the error that a caller is told."""

from __future__ import annotations

import re
import ssl
from http.client import IncompleteRead
from socket import gaierror
from typing import Final

import urllib3
from urllib3.exceptions import DecodeError

from connector.bounded_wait import NoThreadError
from connector.errors import ErrorDetail, ErrorKind, InvocationFailed
from connector.wire.attempts import Attempt
from connector.wire.connecting import ClosedAddressError, SlowResolverError
from connector.wire.deadline import fail_cancelled

#: What the standard library says of a proxy that answers CONNECT with an error; the proxy's own words follow.
_TUNNEL_REFUSED: Final = re.compile(r"Tunnel connection failed: (\d{3})")


def explain(error: Exception, attempt: Attempt, base: str, *, has_begun: bool) -> InvocationFailed:
    """What a library's exception means for the caller, by what happened to the attempt."""
    is_unsent = not attempt.is_connected
    if attempt.ended_by == "cancelled":
        return fail_cancelled(is_unsent=is_unsent)
    is_timeout = _is_caused_by(error, TimeoutError, urllib3.exceptions.TimeoutError)
    if attempt.ended_by == "timeout" or (is_timeout and attempt.left <= 0):
        what = "the answer did not end in the time allowed" if has_begun else "no answer in the time allowed"
        if _is_caused_by(error, SlowResolverError):
            what = "its name was not resolved in the time allowed; check the network's name server"
        return fail_sending("timeout", base, what, is_unsent=is_unsent)
    if _is_caused_by(error, ClosedAddressError):
        what = "its address may not be connected to"
        return fail_sending("invalid_fields", base, what, is_unsent=True, is_lasting=True)
    if is_unsent:
        is_refused = _is_caused_by(error, ssl.SSLCertVerificationError)
        if is_refused or _is_caused_by(error, ssl.SSLError):
            what = "no trusted connection (TLS); check the address and the CA bundle"
        elif _is_caused_by(error, gaierror):
            what = "its name can't be resolved; check the address and the network"
        elif refusal := _TUNNEL_REFUSED.search(str(error)):
            what = f"the proxy refused to lead there ({refusal[1]})"
        elif _is_caused_by(error, NoThreadError):
            what = "the system lets this process start no further thread; it would have bounded the time"
        else:
            what = "no connection; check the network and proxies"
        return fail_sending("network", base, what, is_unsent=True, is_lasting=is_refused)
    if _is_caused_by(error, DecodeError):
        return fail_sending("bad_answer", base, "the answer can't be decompressed")
    is_broken_off = _is_caused_by(error, OSError, IncompleteRead)
    if not has_begun and not is_broken_off:
        return fail_sending("bad_answer", base, "the answer is no HTTP; a proxy may be in between")
    what = "the connection broke off before the answer was complete"
    return fail_sending("network", base, what, is_stale=attempt.is_reused and not has_begun)


def _is_caused_by(error: BaseException, *kinds: type[BaseException]) -> bool:
    """Whether an exception or one that it wraps, as these libraries do it, is of one of these kinds."""
    if isinstance(error, kinds):
        return True
    causes = (error.__cause__, *error.args)
    return any(_is_caused_by(cause, *kinds) for cause in causes if isinstance(cause, BaseException))


def fail_sending(kind: ErrorKind, base: str, what: str, **flags: bool) -> InvocationFailed:
    """What is raised where a request to the server at `base` has no answer; `flags` are those of `InvocationFailed`."""
    return InvocationFailed(ErrorDetail(kind, f"{base}: {what}."), **flags)
