"""What is worth a recording: derived from the manifest, block by block."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any, Final

from connector.manifest.blocks import Auth, Block
from connector.manifest.manifest import Manifest

#: Entries in a list that must take a second page; pages hold 50.
_TWO_PAGES: Final = 52


@dataclass(frozen=True, slots=True)
class Case:
    """One recording of a block.

    `kind` is the error kind to expect, `None` for success. `entries` is how many entries every list of the sandbox
    holds; `fault` is the sandbox's fault to stage and `after` the number of requests that it lets pass first.
    `wrong` names the secrets to send a wrong value of.
    """

    name: str
    args: Mapping[str, Any]
    kind: str | None = None
    entries: int = 3
    fault: str | None = None
    after: int = 0
    quota_mode: str = "extended"
    wrong: tuple[str, ...] = ()

    @property
    def is_staged(self) -> bool:
        """Whether only the sandbox can be made to answer like this."""
        return self.fault is not None or self.entries != 3 or self.quota_mode != "extended"


def shape_of(manifest: Manifest, block: Block) -> str:
    """What the engine does for a block: `sign-in`, `offset pages`, `batched`, `read`, `write` or a procedure's name."""
    auth = manifest.auth[block.server]
    if auth and auth.type == "basic":
        return "sign-in"
    if block.procedure:
        return block.procedure.name
    if block.page and not block.page.is_all:
        return f"{block.page.style} pages"
    if block.batch:
        return "batched"
    return "read" if block.effect == "read" else "write"


def iter_cases(manifest: Manifest) -> Iterator[tuple[Block, Case]]:
    """All that is recorded, block by block: of each block success in all its forms, and of the failures, which the
    engine meets alike, each once a shape. Arguments are without secrets."""
    seen: set[tuple[str, str]] = set()
    for block in manifest:
        every = {name: field.schema["examples"][0] for name, field in block.fields.items() if not field.secret}
        example = {name: value for name, value in block.example.items() if name in every}
        # Of groups of which one is given, the first is.
        others = {name for group in block.one_of[1:] for name in group} - example.keys()
        every = {name: value for name, value in every.items() if name not in others}
        for case in _iter_successes(block, every, example):
            yield block, case
        for case in _iter_failures(block, manifest.auth[block.server], example):
            if (of_a_shape := (shape_of(manifest, block), case.name)) not in seen:
                seen.add(of_a_shape)
                # Each other connection is asked first who it is.
                yield block, replace(case, after=case.after + len(block.connection_fields))


def _iter_successes(block: Block, every: Mapping[str, Any], example: Mapping[str, Any]) -> Iterator[Case]:
    yield Case("success", every if block.procedure else example)  # A seed makes it the same each time.
    if every.keys() - example.keys() and not block.procedure:
        # Fields that share a limit are given one value each, as many of them as fit under it.
        shared = block.together.fields if block.together else ()
        left_out = shared[block.together.at_most :] if block.together else ()
        ones = {name: every[name][:1] for name in shared if isinstance(every[name], list)}
        yield Case("all_fields", {name: ones.get(name, every[name]) for name in every if name not in left_out})
    if block.page and not block.page.is_all:
        yield Case("pages", example, entries=_TWO_PAGES)
    if block.batch:
        yield Case("batches", _fill_two_batches(block.batch.field, block.batch.size, example))


def _iter_failures(block: Block, auth: Auth | None, example: Mapping[str, Any]) -> Iterator[Case]:
    """What can go wrong or come out short, whatever the block's words are."""
    if block.page and not block.page.is_all:
        yield Case("max_items", {**example, "max_items": 51}, entries=_TWO_PAGES)
        yield Case("empty", example, entries=0)
        yield Case("second_page_fails", example, kind="server_error", entries=_TWO_PAGES, fault="server_error", after=1)
    if block.batch:
        many = _fill_two_batches(block.batch.field, block.batch.size, example)
        yield Case("second_batch_fails", many, kind="server_error", fault="server_error", after=1)
    if auth and auth.type == "bearer":
        yield Case("expired_token", example, kind="unauthorized", fault="expired_token")
        yield Case("not_registered", example, kind="forbidden", fault="not_registered")
        yield Case("premium_required", example, kind="forbidden", fault="premium_required")
        yield Case("bad_request", example, kind="bad_request", fault="bad_request")
    else:
        yield Case("invalid_client", example, kind="unauthorized", fault="invalid_client")
        own = tuple(name for name, field in block.fields.items() if field.secret and auth and name not in auth.fields)
        yield Case("invalid_grant", example, kind="reauthorize", wrong=own)
    if block.scopes:
        yield Case("insufficient_scope", example, kind="forbidden", fault="insufficient_scope")
    if block.closed_since("development"):
        yield Case("closed", example, kind="unavailable", quota_mode="development")
    if block.routes and block.routes[0].path_fields:
        yield Case("not_found", example, kind="not_found", fault="not_found")
    for name, kind in (
        ("rate_limited", "rate_limited"),
        ("server_error", "server_error"),
        ("html", "bad_answer"),
    ):
        yield Case(name, example, kind=kind, fault=name)


def _fill_two_batches(field: str, size: int, example: Mapping[str, Any]) -> dict[str, Any]:
    return {**example, field: list(islice(cycle(example[field]), size + 1))}
