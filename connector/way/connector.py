"""The way of an invocation: args → validate → choose route → bind → send → page or batch → `Result`.

`Connector` is what everything else calls: the command line, the runners, the builders, and people who import it.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from connector.arguments.validation import InputValidator
from connector.errors import ConnectorError, ErrorDetail, InvocationFailed
from connector.manifest.blocks import Block, QuotaMode
from connector.manifest.manifest import Manifest
from connector.result import Meta, Result
from connector.version import __version__
from connector.way.call import Invocation, OnProgress
from connector.way.routes import RouteMemory
from connector.way.telemetry import NO_SPAN, Span, span
from connector.wire.deadline import Cancel, Deadline

if TYPE_CHECKING:
    from connector.auth import Connection, Keeper, Store
    from connector.limits.local_gate import Gate
    from connector.wire.transport import Transport

#: Connections to a server that are kept besides those of one invocation's pages: a platform runs many at a time.
_KEPT_CONNECTIONS = 64


class Connector:
    """All blocks of one manifest, ready to be invoked; safe to share between threads and cheap to call.

    Get one with `Connector.load()`; close it, or use it in a `with` statement, to close its connections.
    """

    def __init__(
        self,
        manifest: Manifest,
        *,
        servers: Mapping[str, str] | None = None,
        connection: str | Connection | None = None,
        store: str | Store | None = None,
        quota_mode: QuotaMode = "auto",
        timeout: float = 60,
        deadline: float | None = None,
        max_wait: float = 30,
        concurrency: int = 8,
        gate: Gate | None = None,
    ) -> None:
        self.manifest = manifest
        self.servers = manifest.locate_servers(servers or {})
        self.memory = RouteMemory()
        self.quota_mode: QuotaMode = quota_mode
        self.max_wait = max_wait
        self.concurrency = concurrency
        self._connection = connection
        self._store = store
        self._timeout = timeout
        self._deadline = deadline
        self._validators: dict[str, InputValidator] = {}
        self._transport: Transport | None = None
        self._gate = gate
        self._keeper: Keeper | None = None
        self._lock = threading.RLock()

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        servers: Mapping[str, str] | None = None,
        connection: str | Connection | None = None,
        store: str | Store | None = None,
        quota_mode: QuotaMode = "auto",
        timeout: float = 60,
        deadline: float | None = None,
        max_wait: float = 30,
        concurrency: int = 8,
        gate: Gate | None = None,
    ) -> Self:
        """A connector for the manifest at `path`, or for the packaged one.

        `servers` says where the manifest's servers are, by name, before the environment (`CONNECTOR_SERVER_API` and
        so on) and the manifest. `connection`, a name or a `Connection`, stands in for the access token that a block
        is not given; names are looked up in `store` (see `connector.auth.open_store`). `quota_mode` is what the app
        may call: `auto` finds out; a connection's own mode goes before it. `timeout` (s) is the longest that an
        invocation may go without finishing a request, `deadline` (s) bounds a whole one, `max_wait` (s) is the
        longest single wait for a rate limit, `concurrency` the number of pages that are read at a time. `gate` keeps
        what the service said of its limits; by default for this process. Raises `ManifestError` for a manifest that
        can't be used, `UnknownServer` for a server that it doesn't have.
        """
        return cls(
            Manifest.load(path),
            servers=servers,
            connection=connection,
            store=store,
            quota_mode=quota_mode,
            timeout=timeout,
            deadline=deadline,
            max_wait=max_wait,
            concurrency=concurrency,
            gate=gate,
        )

    def invoke(
        self,
        block: str,
        args: Mapping[str, Any] | None = None,
        *,
        connection: str | Connection | None = None,
        deadline: float | None = None,
        cancel: Cancel | None = None,
        on_progress: OnProgress | None = None,
    ) -> Result:
        """Runs the block and gives its `Result`; what a user or a server did wrong is in it, and never raised.

        `connection` and `deadline` (s) go before the connector's own; `cancel` ends the invocation from another
        thread; `on_progress` is called with the account so far after each page or batch. Raises `UnknownBlock` where
        there is no such block.
        """
        found = self.manifest.block(block)
        started = time.monotonic()
        meta = Meta()
        output, error = None, None
        switch = _Switch(cancel)
        try:
            with span(f"invoke {found.name}", block=found.name) as own:
                try:
                    output = self._prepare(found, args, connection, deadline, switch.own, meta, on_progress, own).run()
                finally:
                    own.account(meta)
        except InvocationFailed as failure:
            error = _name(found, failure.error)
        finally:
            switch.release()
        meta.duration = time.monotonic() - started
        return Result(found.name, output, error, meta)

    def stream(
        self,
        block: str,
        args: Mapping[str, Any] | None = None,
        *,
        connection: str | Connection | None = None,
        deadline: float | None = None,
        cancel: Cancel | None = None,
        meta: Meta | None = None,
    ) -> Generator[Any, None, None]:
        """The entries of a paged block one by one, in the memory of a few pages; a list's entries, or the one output,
        of any other block. Closing the iterator ends what is under way.

        Takes what `invoke` takes; a `meta` that is given is filled with the account as entries come. Raises
        `UnknownBlock`, and `InvocationFailed` where `invoke` would give an error.
        """
        return self._stream(self.manifest.block(block), args, connection, deadline, cancel, meta or Meta())

    def _stream(
        self,
        block: Block,
        args: Mapping[str, Any] | None,
        connection: str | Connection | None,
        deadline: float | None,
        cancel: Cancel | None,
        meta: Meta,
    ) -> Generator[Any, None, None]:
        started = time.monotonic()
        switch = _Switch(cancel)
        try:
            with span(f"stream {block.name}", block=block.name) as own:
                try:
                    yield from self._prepare(block, args, connection, deadline, switch.own, meta, own=own).stream()
                finally:
                    own.account(meta)
        except InvocationFailed as failure:
            raise InvocationFailed(_name(block, failure.error)) from None
        finally:
            switch.release()
            meta.duration = time.monotonic() - started

    def close(self) -> None:
        """Closes the kept connections. The connector may be used again."""
        if self._transport is not None:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Connector {self.manifest.package.get('name', '')} with {len(self.manifest)} blocks>"

    def _prepare(
        self,
        block: Block,
        given: Mapping[str, Any] | None,
        connection: str | Connection | None,
        deadline: float | None,
        cancel: Cancel,
        meta: Meta,
        on_progress: OnProgress | None = None,
        own: Span = NO_SPAN,
    ) -> Invocation:
        """The invocation with valid arguments; raises `InvocationFailed` where they aren't."""
        auth = self.manifest.auth[block.routes[0].server]
        who = connection or self._connection if auth and auth.can_sign_in else None
        bound = auth.fields if auth and who else ()
        args = self._validator(block).validate({} if given is None else given, bound)
        total = self._deadline if deadline is None else deadline
        return Invocation(self, block, args, who, Deadline(self._timeout, total, cancel), meta, on_progress, own)

    def _validator(self, block: Block) -> InputValidator:
        if block.name not in self._validators:
            self._validators[block.name] = InputValidator(block, self.manifest.references)
        return self._validators[block.name]

    @property
    def transport(self) -> Transport:
        """What sends requests; made when it is first needed, for its library takes long to load."""
        if self._transport is None:
            with self._lock:
                if self._transport is None:
                    from connector.wire.transport import Transport

                    size = _KEPT_CONNECTIONS + self.concurrency
                    self._transport = Transport(self.servers, f"connector/{__version__}", size)
        return self._transport

    @property
    def gate(self) -> Gate:
        """What stands before an app's requests while the service wants none."""
        if self._gate is None:
            with self._lock:
                if self._gate is None:
                    from connector.limits.local_gate import LocalGate

                    self._gate = LocalGate()
        return self._gate

    @property
    def keeper(self) -> Keeper:
        """What keeps connections' tokens alive. Raises `ConnectorError` where the manifest knows no sign-in."""
        if self._keeper is None:
            with self._lock:
                if self._keeper is None:
                    from connector.auth import Keeper, SignIn, open_store

                    sign_in = SignIn.from_manifest(self.manifest)
                    if sign_in is None:
                        raise ConnectorError("The manifest says nothing of how a user signs in.")
                    store = self._store
                    if store is None or isinstance(store, str):
                        store = open_store(store, self.manifest.command)
                    self._keeper = Keeper(store, sign_in, self.transport.send)
        return self._keeper


class _Switch:
    """An invocation's own switch, which ends what is left of it; `outer`, where given, sets it too."""

    def __init__(self, outer: Cancel | None) -> None:
        self.own = Cancel()
        self._unsubscribe = outer.subscribe(self.own.set) if outer else None

    def release(self) -> None:
        """The invocation is over, however it ended: nothing of it goes on."""
        if self._unsubscribe:
            self._unsubscribe()
        self.own.set()


def _name(block: Block, error: ErrorDetail) -> ErrorDetail:
    """The error with the block's name in front, which the steps further down don't know."""
    name = f"{block.name}: "
    return error if error.message.startswith(name) else replace(error, message=name + error.message)
