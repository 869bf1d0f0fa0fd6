"""Cassettes: what each block sends and gets, recorded through vcrpy and replayed by the tests.

`cases` derives from the manifest what is worth a recording; `record` brings each case about, in the sandbox or, where
that needs no staging, on the live service. A cassette's header holds the case, its arguments and what to expect,
so that replaying needs the file alone. Secrets are replaced by obvious fakes before anything is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from connector.auth.environment_secrets import read_secret
from connector.auth.stores.stand_ins import open_stand_ins
from connector.cassettes.cases import Case, iter_cases
from connector.cassettes.format import CassetteFormat, Scrubber
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.way.connector import Connector

if TYPE_CHECKING:
    from connector.auth import Store
    from connector.sandbox import Sandbox

#: How many items playlists hold, or as many as lists do where that is more: a file of the listener's own and one that
#: is gone are among the first. With more of them recordings grow, and show the same.
_ITEMS: Final = 8


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

    from connector.sandbox import SECOND_LISTENER

    # At level DEBUG it tells of every answer before it is scrubbed.
    logging.getLogger("vcr").setLevel(logging.WARNING)
    secrets = {} if connection else _secrets_for(block, sandbox)
    args = {**case.args, **secrets, **dict.fromkeys(case.wrong, "wrong")}
    if sandbox:
        store = open_stand_ins(block, args, sandbox.control.demo_args(SECOND_LISTENER)["access_token"])
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
    playlists = {"first_items": max(case.entries, _ITEMS)}
    control.seed({"every_list": case.entries, "playlists": playlists, "app": {"quota_mode": case.quota_mode}})
    if case.fault:
        # To the end of the case: a fault that passes is one that the connector gets over.
        control.fault(case.fault, after=case.after, times=None)


def _secrets_for(block: Block, sandbox: Sandbox | None) -> dict[str, Any]:
    if sandbox:
        sandbox.control.reset()
        return {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
    return {name: value for name in block.fields if (value := read_secret(name)) is not None}
