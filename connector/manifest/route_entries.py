"""A route's entry in the manifest → `Route`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from connector.manifest.routes import Batch, Consent, Content, First, Page, Param, Route

#: What a batch says besides the list that is split.
READ_BACK: Final = "read_back"
BATCH_WORDS: Final = ("advance", "then", READ_BACK, "by")
_REQUEST = re.compile(r"^(?P<method>[A-Z]+) (?:(?P<server>[a-z_]+):)?(?P<path>/[^?]*)(?:\?(?P<query>.+))?$")


def build_route(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Route:
    """The route that `entry` declares in the manifest `data`. Raises `ValueError` and `KeyError` for another form."""
    match = _REQUEST.match(entry["request"])
    if match is None:
        raise ValueError(f"request {entry['request']!r} is not METHOD [server:]/path[?name=value]")
    constants = tuple(
        Param(wire=wire, value=value)
        for wire, _, value in (pair.partition("=") for pair in (match["query"] or "").split("&") if pair)
    )
    return Route(
        method=match["method"],
        server=match["server"] or next(iter(data["servers"])),
        path=match["path"],
        query=constants + _build_params(entry.get("query", ())),
        form=_build_params(entry.get("form", ())),
        body=_build_params(entry.get("body", ())),
        page=_build_page(entry.get("page"), data),
        batch=_build_batch(entry.get("batch"), data),
        closed={
            mode: state.removeprefix("closed ")
            for mode, state in entry.get("quota", {}).items()
            if state.startswith("closed")
        },
        cannot=entry.get("except", {}),
        falls_back_on=frozenset(entry.get("falls_back_on", ())),
        content=Content(**entry["content"]) if "content" in entry else None,
        each=entry.get("each"),
        collect=entry.get("collect"),
        first=tuple(build_first(name, first) for name, first in entry.get("first", {}).items()),
        consent=Consent(entry["consent"], data["substitutes"][entry["consent"]]) if "consent" in entry else None,
        reshape=entry.get("reshape"),
        match=entry.get("match", {}),
        warning=entry.get("warning"),
    )


def build_first(name: str, entry: Mapping[str, Any]) -> First:
    """What `entry` declares under `name`. Raises `KeyError` for another form."""
    return First(name, entry["block"], entry.get("with", {}), entry["at"])


def _build_batch(entry: Mapping[str, Any] | None, data: Mapping[str, Any]) -> Batch | None:
    if entry is None:
        return None
    [(field, size)] = ((name, size) for name, size in entry.items() if name not in BATCH_WORDS)
    method, _, path = entry.get("then", "").partition(" ")
    return Batch(
        field,
        size if isinstance(size, int) else data["batch_sizes"][size],
        entry.get("advance"),
        (method, path) if path else None,
        build_first(READ_BACK, entry[READ_BACK]) if READ_BACK in entry else None,
        entry.get("by"),
    )


def _build_page(entry: Mapping[str, Any] | None, data: Mapping[str, Any]) -> Page | None:
    if entry is None:
        return None
    names = data["paging"][entry["style"]]
    size = entry["size"]
    sizes = {} if isinstance(size, int) else size
    return Page(
        style=names.get("style", entry["style"]),
        size=min(sizes.values()) if sizes else size,
        at=tuple(entry["at"].split(".")) if "at" in entry else (),
        names=names,
        sizes=sizes,
        reach=entry.get("reach"),
    )


def _build_params(entries: Any) -> tuple[Param, ...]:
    params: list[Param] = []
    for entry in entries:
        if isinstance(entry, str):
            params.append(Param(wire=entry, field=entry))
            continue
        for wire, source in entry.items():
            params.append(Param(wire, source) if isinstance(source, str) else _build_param(wire, source))
    return tuple(params)


def _build_param(wire: str, source: Mapping[str, Any]) -> Param:
    return Param(
        wire,
        source.get("field"),
        source.get("value", source.get("default")),
        source.get("prefix", ""),
        source.get("each"),
        source.get("as") == "list",
        tuple(source.get("terms", {}).items()),
    )
