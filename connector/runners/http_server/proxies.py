"""Proxies in front of the server: what those that are trusted say of a request is put in its place, before anything
looks at it. What anyone else says is not heard.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from connector.runners.http_server.addresses import (
    PORTS,
    Address,
    IpAddress,
    find_origin,
    is_loopback,
    normalise_path,
    parse_ip,
)

#: The two families of headers by which a proxy says for whom it asks. Only the one that is set is read: a proxy that
#: writes one hands the other on from whoever sent it.
FAMILIES: Final = ("x-forwarded", "forwarded")

_PAIR: Final = re.compile(r"""\s*([\w!#$%&'*+.^`|~-]+)=("(?:[^"\\]|\\.)*"|[^\s;,"]*)\s*(;|,|$)""", re.ASCII)

_LOCAL: Final = "127.0.0.1"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Told:
    """What proxies say of a request: the `client` that it comes from, the `scheme` and `host` that it was sent to, and
    the base `path` that they took off. What they don't say, or can't be read, is empty.
    """

    client: str
    scheme: str = ""
    host: str = ""
    path: str = ""


class TrustedProxies:
    """The proxies whose word counts: their `networks`, and which family of headers they write."""

    def __init__(self, networks: Iterable[Network], family: str) -> None:
        self._networks = tuple(networks)
        self._family = family

    def __bool__(self) -> bool:
        return bool(self._networks)

    def __contains__(self, address: object) -> bool:
        """Whether the address, a text or a number, is a trusted proxy's."""
        parsed = parse_ip(address) if isinstance(address, str) else address
        return any(parsed in network for network in self._networks)

    def read(self, peer: str, headers: Headers) -> Told | None:
        """What is said of the request that came from `peer`; `None` where nobody trusted says anything."""
        if peer not in self:
            return None
        return self._read_forwarded(peer, headers) if self._family == "forwarded" else self._read_x(peer, headers)

    def _read_x(self, peer: str, headers: Headers) -> Told:
        *_, client = self._follow(peer, _split(headers, "x-forwarded-for"))
        # The last value is the trusted neighbour's own; what stands before it may be anyone's.
        scheme, host, path = (
            (_split(headers, f"x-forwarded-{name}") or [""])[-1] for name in ("proto", "host", "prefix")
        )
        return Told(client, _check_scheme(scheme), _check_host(host), _check_path(path))

    def _read_forwarded(self, peer: str, headers: Headers) -> Told:
        elements = parse_forwarded(",".join(headers.getlist("forwarded")))
        clients = list(self._follow(peer, [element.get("for", "") for element in elements]))
        if not elements:
            return Told(peer)
        # Each proxy adds an element for what reached it; the farthest trusted one saw the client's own request.
        hops = len(clients) - 1 + (clients[-1] in self)
        seen = elements[-min(hops, len(elements))]
        return Told(clients[-1], _check_scheme(seen.get("proto", "")), _check_host(seen.get("host", "")))

    def _follow(self, peer: str, nodes: Sequence[str]) -> Iterator[str]:
        """The way back from `peer`: through trusted proxies to the first that is none, or of which nothing is said."""
        yield peer
        for node in reversed(nodes):
            address = parse_node(node)
            if address is None:
                return
            yield str(address)
            if address not in self:
                return


class BehindProxies:
    """Gives `app` each request as the client sent it, where trusted proxies stand between: its client, scheme and
    header `Host`, and its path without the base path. The scope's state holds `base_path`, and by `is_told` whether a
    trusted proxy gave the scheme.

    Args:
        app: what answers.
        proxies: those that are trusted.
        public: where browsers reach the server, where the settings say so.
        own_paths: how the server's own paths begin, such as `blocks`. A base path that begins so is left to the proxy
            to take off, since nobody could tell the two apart.
    """

    def __init__(
        self, app: ASGIApp, proxies: TrustedProxies, public: Address | None, own_paths: Iterable[str] = ()
    ) -> None:
        self._app = app
        self._proxies = proxies
        self._public = public
        base = unquote(public.path) if public else ""
        self._taken_off = "" if base.split("/")[1:2] and base.split("/")[1] in own_paths else base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; what is no request goes through."""
        await self._app(self._see_through(scope) if scope["type"] == "http" else scope, receive, send)

    def _see_through(self, scope: Scope) -> Scope:
        seen = dict(scope)
        told = self._proxies.read((scope.get("client") or ("",))[0], Headers(scope=scope))
        if told:
            seen["client"] = (told.client, 0)
            seen["scheme"] = told.scheme or scope["scheme"]
            if told.host:
                others = [(name, value) for name, value in scope["headers"] if name != b"host"]
                seen["headers"] = [(b"host", told.host.encode("ascii")), *others]
        base_path = self._public.path if self._public else told.path if told else ""
        seen["state"] = {
            **scope.get("state", {}),
            "base_path": base_path,
            "is_told": bool(told and told.scheme),
        }
        path = scope["path"]
        if self._taken_off and (path == self._taken_off or path.startswith(f"{self._taken_off}/")):
            seen["path"] = path.removeprefix(self._taken_off) or "/"
        return seen


def names_stranger(headers: Headers) -> bool:
    """Whether a proxy, trusted or not, says that the request comes from elsewhere than this computer."""
    nodes = [*_split(headers, "x-forwarded-for"), *_split(headers, "x-real-ip")]
    hosts = _split(headers, "x-forwarded-host")
    forwarded = ",".join(headers.getlist("forwarded"))
    elements = parse_forwarded(forwarded)
    for element in elements:
        nodes.append(element.get("for", _LOCAL))
        hosts.append(element.get("host", _LOCAL))
    is_unclear = bool(forwarded and not elements)
    is_from_elsewhere = any((address := parse_node(node)) is None or not address.is_loopback for node in nodes)
    return is_unclear or is_from_elsewhere or any(not is_loopback(_parse_name(host)) for host in hosts)


def parse_forwarded(text: str) -> list[dict[str, str]]:
    """The elements of a header `Forwarded` (RFC 7239), names in small letters; none of one that can't be read."""
    elements: list[dict[str, str]] = [{}]
    position = 0
    while position < len(text):
        found = _PAIR.match(text, position)
        if found is None:
            return []
        name, value, end = found.groups()
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        elements[-1][name.lower()] = value
        if end == ",":
            elements.append({})
        position = found.end()
    return elements if elements[-1] else []


def parse_node(text: str) -> IpAddress | None:
    """The address in a proxy's word for who sent a request, which may have a port; `None` for a word without one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return parse_ip(text)


def _split(headers: Headers, name: str) -> list[str]:
    """The values of a header, of all lines of it, that have commas between."""
    return [part for line in headers.getlist(name) for value in line.split(",") if (part := value.strip())]


def _check_scheme(text: str) -> str:
    return text.lower() if text.lower() in PORTS else ""


def _check_host(text: str) -> str:
    return (find_origin("", text) or "").removeprefix("://")


def _check_path(text: str) -> str:
    try:
        return normalise_path(text)
    except ValueError:
        return ""


def _parse_name(host: str) -> str:
    return Address(find_origin("http", host) or "").host
