"""Cassettes: what each block sends and gets, recorded through vcrpy and replayed by the tests.

`iter_cases` derives from the manifest what is worth a recording; `record` brings each case about, in the sandbox or,
where that needs no staging, on the live service. A cassette's header holds the case, its arguments and what to expect,
so that replaying needs the file alone. Secrets are replaced by obvious fakes before anything is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connector.auth.environment_secrets import read_secret
from connector.cassettes.format import CassetteFormat, Scrubber
from connector.manifest.blocks import Auth, Block
from connector.manifest.manifest import Manifest
from connector.way.connector import Connector

if TYPE_CHECKING:
    from connector.auth import Store
    from connector.sandbox import Sandbox

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
    for block in (each for each in manifest if not each.connection_fields):  # A second account can't be recorded.
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
                yield block, case


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


def record(
    folder: Path,
    blocks: Iterable[str] = (),
    *,
    manifest: Path | None = None,
    live: bool = False,
    store: Store | None = None,
    connection: str | None = None,
) -> list[Path]:
    """Records every case of `blocks` (all without any) below `folder` and gives the files written.

    With `live` the real service answers, with the `connection` in `store`, else with the secrets that
    `CONNECTOR_<FIELD>` holds; cases that must be staged are left as they are, and without `blocks` only those that read
    are recorded. Raises `RuntimeError` where a case ends otherwise than it must: live, after all others were recorded.
    """
    from connector.sandbox import Sandbox

    source = Manifest.load(manifest)
    chosen = [source.block(name) for name in blocks] or [
        block for block in source if not live or block.effect == "read"
    ]
    declared = list(iter_cases(source))
    written: list[Path] = []
    failed: list[str] = []
    with nullcontext() if live else Sandbox(quota_mode="extended") as sandbox:
        for block in chosen:
            cases = [case for owner, case in declared if owner is block]
            _drop_others(folder / block.name, {f"{case.name}.yaml" for case in cases})
            for case in cases:
                if live and case.is_staged:
                    continue
                path = folder / block.name / f"{case.name}.yaml"
                try:
                    _record_case(source, block, case, path, sandbox, store, connection)
                except RuntimeError as problem:
                    if not live:
                        raise
                    # What the service does not let this account do is no recording of a success.
                    path.unlink(missing_ok=True)
                    failed.append(str(problem))
                else:
                    written.append(path)
    if failed:
        raise RuntimeError("\n".join(failed))
    return written


def _drop_others(folder: Path, names: set[str]) -> None:
    for path in folder.glob("*.yaml"):
        if path.name not in names:
            path.unlink()


def _record_case(
    manifest: Manifest,
    block: Block,
    case: Case,
    path: Path,
    sandbox: Sandbox | None,
    store: Store | None,
    connection: str | None,
) -> None:
    import vcr

    # At level DEBUG it tells of every answer before it is scrubbed.
    logging.getLogger("vcr").setLevel(logging.WARNING)
    secrets = {} if connection else _secrets_for(block, sandbox)
    args = {**case.args, **secrets, **dict.fromkeys(case.wrong, "wrong")}
    # Nothing is waited for, so that a refusal for "too many" is an answer as any other. One request at a time, for the
    # recorder lets a connection by that is opened while another is.
    servers = sandbox.servers if sandbox else None
    with Connector(
        manifest, servers=servers, max_wait=0, concurrency=1, store=store, connection=connection
    ) as connector:
        scrubber = Scrubber(manifest, connector.servers)
        header = {
            "block": block.name,
            "case": case.name,
            "args": scrubber.mask(args),
            "expect": case.kind or "success",
            "recorded_against": "the sandbox, not the live service" if sandbox else "the live service",
            "recorded_at": datetime.now(UTC).strftime("%Y-%m-%d"),
        }
        recorder = vcr.VCR(
            record_mode="all",
            before_record_request=scrubber.scrub_request,
            before_record_response=scrubber.scrub_response,
        )
        recorder.register_serializer("cassette", CassetteFormat(header))
        if sandbox:
            _stage(sandbox, case)
        path.unlink(missing_ok=True)
        with recorder.use_cassette(str(path), serializer="cassette"):
            error = connector.invoke(block.name, args).error
    if (error and error.kind) != case.kind:
        why = error.message if error else "it succeeded"
        raise RuntimeError(f"{block.name}, case {case.name}: expected {case.kind or 'success'}, but {why}")


def _stage(sandbox: Sandbox, case: Case) -> None:
    control = sandbox.control
    control.seed({"every_list": case.entries, "app": {"quota_mode": case.quota_mode}})
    if case.fault:
        # To the end of the case: a fault that passes is one that the connector gets over.
        control.fault(case.fault, after=case.after, times=None)


def _secrets_for(block: Block, sandbox: Sandbox | None) -> dict[str, Any]:
    if sandbox:
        sandbox.control.reset()
        return {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
    return {name: value for name in block.fields if (value := read_secret(name)) is not None}
