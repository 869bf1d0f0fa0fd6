"""Validated arguments and a route → a `Request`: a pure function, tied to no HTTP library.

The result says everything that goes over the wire and nothing about how or when. Secrets stand in its headers and
form, so its repr shows method and path only.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.blocks import Auth
from connector.manifest.routes import Param, Route

#: Segments that are steps within a path, and also where they are percent-encoded (RFC 3986, 5.2.4 and 6.2.2.2).
_STEPS = frozenset({".", ".."})
#: What needs no quotes in a query.
_SINGLE_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request. `path` is percent-encoded, `query` holds decoded pairs, `content` is the encoded body."""

    method: str
    server: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    #: Whether sending it twice is the same as sending it once.
    is_repeatable: bool = True

    @property
    def target(self) -> str:
        """Path and query as they stand in a URL."""
        if not self.query:
            return self.path
        return f"{self.path}?{'&'.join([f'{_encode(name)}={_encode(value)}' for name, value in self.query])}"

    def with_query(self, **pairs: str) -> Request:
        """The same request with these query pairs set or replaced."""
        kept = tuple((name, value) for name, value in self.query if name not in pairs)
        return replace(self, query=kept + tuple(pairs.items()))

    def with_headers(self, headers: Iterable[tuple[str, str]]) -> Request:
        """The same request with these headers besides its own."""
        both = (*self.headers, *headers)
        return Request(self.method, self.server, self.path, self.query, both, self.content, self.is_repeatable)

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.server}:{self.path}>"


def build_request(route: Route, args: Args, *, is_repeatable: bool = True) -> Request:
    """The request that `route` sends for `args`, which are validated and in normal form; who calls is not in it yet.

    A list is joined by commas in a path, a query or a form, where its entries' own are percent-encoded, and stays a
    list in a JSON body, where dotted names make objects within objects. Fields that were not given are not sent. Raises
    `InvocationFailed` (`invalid_fields`) for a value of dots alone in a path.
    """
    headers = [("Accept", "application/json")]
    content: bytes | None = None
    if route.form:
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        content = urlencode(_build_pairs(route.form, args)).encode("ascii")
    elif route.body:
        headers.append(("Content-Type", "application/json"))
        content = json.dumps(_build_object(route.body, args), separators=(",", ":")).encode()
    elif route.content and route.content.field in args:
        headers.append(("Content-Type", route.content.type))
        content = str(args[route.content.field]).encode()
    query = tuple(_build_pairs(route.query, args))
    return Request(route.method, route.server, _fill(route, args), query, tuple(headers), content, is_repeatable)


def build_auth_headers(auth: Auth, args: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The headers that tell a server who calls; `args` hold the fields of `auth`."""
    options = auth.options
    if auth.type == "bearer":
        return [("Authorization", f"Bearer {args[options['token']]}")]
    if auth.type == "basic":
        pair = f"{args[options['username']]}:{args[options['password']]}"
        return [("Authorization", f"Basic {b64encode(pair.encode()).decode('ascii')}")]
    return [(options["name"], str(args[options["value"]]))]


def to_text(value: Any) -> str:
    """A value as it stands in a path, a query or a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = repr(value)
        # Only what is very large or very small has an exponent.
        return text if "e" not in text else format(Decimal(text), "f")
    if isinstance(value, list) and not any(isinstance(entry, dict | list) for entry in value):
        # A comma in an entry would make two of it.
        return ",".join([to_text(entry).replace(",", "%2C") for entry in value])
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def _fill(route: Route, args: Args) -> str:
    path = route.path
    for name in route.path_fields:
        text = to_text(args[name])
        if text in _STEPS:
            problem = FieldProblem(name, "would lead elsewhere in an address", "more than dots")
            raise InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)), is_unsent=True)
        path = path.replace(f"{{{name}}}", _encode(text))
    return path


def _encode(text: str) -> str:
    # All but the unreserved characters (RFC 3986, 2.3).
    return quote(text, safe="")


def _build_pairs(params: Iterable[Param], args: Args) -> list[tuple[str, str]]:
    return [(param.wire, to_text(_to_value(param, args))) for param in params if _is_given(param, args)]


def _build_object(params: Iterable[Param], args: Args) -> dict[str, Any]:
    """A JSON object; the steps of a dotted name are objects within it."""
    root: dict[str, Any] = {}
    for param in params:
        if _is_given(param, args):
            *steps, last = param.wire.split(".")
            inner = root
            for step in steps:
                inner = inner.setdefault(step, {})
            inner[last] = _to_value(param, args)
    return root


def _is_given(param: Param, args: Args) -> bool:
    if param.terms:
        return bool(_build_terms(param, args))
    return param.field is None or param.field in args or param.value is not None


def _build_terms(param: Param, args: Args) -> str:
    """A query in words: what was given as such, then `name:value` for each field that narrows it down; true stands for
    the name alone. A value of several words is quoted, and can't end its quotes."""
    words = [to_text(args[param.field])] if param.field in args else []
    empty: list[str] = []
    for name, field in param.terms:
        value = args.get(field, False)
        text = to_text(value).replace('"', " ").strip()
        if value is True:
            words.append(name)
        elif value is not False and text:
            words.append(f"{name}:{text}" if _SINGLE_WORD.fullmatch(text) else f'{name}:"{text}"')
        elif value is not False:
            empty.append(field)
    if empty and not words:
        problems = tuple(FieldProblem(field, "holds nothing to look for", "letters or digits") for field in empty)
        told = "; ".join(map(str, problems))
        raise InvocationFailed(ErrorDetail("invalid_fields", f"{told}.", fields=problems), is_unsent=True)
    return " ".join(words)


def _to_value(param: Param, args: Args) -> Any:
    if param.terms:
        return _build_terms(param, args)
    if param.field is None or param.field not in args:
        return param.value
    value = args[param.field]
    if param.prefix:
        # A prefix makes a URI, in which an id may hold no reserved character as it is.
        uris = [param.prefix + _encode(to_text(entry)) for entry in (value if isinstance(value, list) else [value])]
        value = uris if isinstance(value, list) else uris[0]
    if param.each:
        return [{param.each: entry} for entry in value]
    return [value] if param.as_list else value
