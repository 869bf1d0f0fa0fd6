"""`Connector`: what all else calls, be it the command line, a runner, a builder, or people who import it."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Generator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from connector.errors import InvocationFailed
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.result import Choices, Meta, Result
from connector.way.call import Call, MayUse, OnPlan, OnProgress, Switch
from connector.way.looking_up import LookUp
from connector.way.polling import Polling
from connector.way.shared import Shared
from connector.wire.deadline import Cancel, Deadline, check_seconds

if TYPE_CHECKING:
    from connector.auth import Connection, Store
    from connector.limits.day_budget import DayBudget
    from connector.limits.local_gate import Gate


class Connector(Polling, LookUp):
    """All blocks of one manifest, ready to be invoked; safe to share between threads and cheap to call.

    Get one with `Connector.load()`; close it, or use it in a `with` statement, to close its connections.

    >>> with Connector.load(connection="alice") as connector:
    ...     names = [block.name for block in connector.blocks()]
    ...     result = connector.invoke(names[0], {"q": "garden", "max_items": 10})
    ...     if result.ok:
    ...         print(result.entries)
    ...     else:
    ...         print(result.error.kind, result.error.message)
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
        concurrency: int = 10,
        gate: Gate | None = None,
        daily_calls: int | DayBudget | None = None,
        substitutes: Collection[str] | None = None,
    ) -> None:
        self.manifest = manifest
        self.servers = manifest.locate_servers(servers or {})
        self.quota_mode, self.max_wait, self.concurrency = quota_mode, max_wait, concurrency
        self._connection = connection
        self._timeout = check_seconds("timeout", timeout)
        self._deadline = None if deadline is None else check_seconds("deadline", deadline)
        self._shared = Shared(
            manifest,
            self.servers,
            store=store,
            quota_mode=quota_mode,
            max_wait=check_seconds("max_wait", max_wait),
            concurrency=concurrency,
            gate=gate,
            daily_calls=daily_calls,
            substitutes=substitutes,
        )

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
        concurrency: int = 10,
        gate: Gate | None = None,
        daily_calls: int | DayBudget | None = None,
        substitutes: Collection[str] | None = None,
    ) -> Self:
        """A connector for the manifest at `path`, or for the packaged one.

        `servers` says where the manifest's servers are, by name, before the environment (`CONNECTOR_SERVER_API` and
        so on) and the manifest. `connection`, a name or a `Connection`, stands in for the access token that a block
        is not given; names are looked up in `store` (see `connector.auth.open_store`). None is taken by itself, as the
        command line takes `default`: a server made of this connector would let strangers act as its owner, so say
        `connection="default"`. `quota_mode` is what the app
        may call: `auto` finds out; a connection's own mode goes before it. `timeout` (s) is the longest that an
        invocation may go without finishing a request, `deadline` (s) bounds a whole one, `max_wait` (s) is the
        longest single wait for a rate limit, `concurrency` the number of pages that are read at a time. `gate` keeps
        what the service said of its limits; by default for this process. `daily_calls` is the most calls of a developer
        account in any 24 hours, by default what `CONNECTOR_DAILY_CALLS` says, if anything; they are counted on Redis
        where a `RedisGate` keeps the limits, else for this process. `substitutes` are those of the manifest that
        stand in for closed blocks, by default what `CONNECTOR_SUBSTITUTES` names. Raises `ManifestError` for a manifest
        that can't be used, `UnknownServer` for a server that it doesn't have, `ConnectorError` for a server's address
        that can't be called and an unknown substitute, `ValueError` for a time that is not finite, for no number of
        calls or requests and for no quota mode.
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
            daily_calls=daily_calls,
            substitutes=substitutes,
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
        on_plan: OnPlan | None = None,
        meta: Meta | None = None,
        may_use: MayUse | None = None,
    ) -> Result:
        """Runs the block and gives its `Result`; what a user or a server did wrong is in it, and never raised.

        `connection` and `deadline` (s) go before the connector's own; `cancel` ends the invocation from another
        thread; `on_progress` is called with the account so far after each page or batch, and a `meta` that is given is
        the account, to be looked at from another thread meanwhile. `on_plan` is given what a block made of others is
        about to write, before the first write: the `Result` of a dry run, which takes no further calls; unless it gives
        true, nothing is written, and the error is `cancelled`. `may_use` says which other connections the
        arguments may name, where a block works with two; all without it. Raises `UnknownBlock` where there is no such
        block, `ManifestError` where its output's schema can't be read, `ValueError` for a deadline that is not finite.
        """
        found = self.manifest.block(block)
        call = (found, args, connection, deadline, cancel, meta or Meta(), on_progress)
        return self._run(*self._begin("invoke", *call, may_use=may_use, on_plan=on_plan))

    def _run(self, call: Call, switch: Switch) -> Result:
        output, error = None, None
        try:
            # Looked up before anything is sent: where a schema can't be read, no write has taken effect.
            brief = call.block.brief
            # Loaded with the first call: who only looks blocks up sends none.
            from connector.way.invocation import collect, iter_answers

            output = collect(iter_answers(call, self._shared))
        except InvocationFailed as failure:
            error = failure.error
        finally:
            switch.release()
            call.meta.duration = time.monotonic() - call.started
        return Result(call.block.name, output, error, call.meta, call.block.listing, brief)

    def stream(
        self,
        block: str,
        args: Mapping[str, Any] | None = None,
        *,
        connection: str | Connection | None = None,
        deadline: float | None = None,
        cancel: Cancel | None = None,
        meta: Meta | None = None,
        may_use: MayUse | None = None,
    ) -> Generator[Any, None, None]:
        """The entries of a paged block one by one, in the memory of a few pages; a list's entries, or the one output,
        of any other block. Closing the iterator ends what is under way.

        Takes what `invoke` takes; a `meta` that is given is filled with the account as entries come. Raises
        `UnknownBlock` and `ValueError` as that does, and `InvocationFailed` where it would give an error.
        """
        from connector.way.invocation import iter_entries

        if deadline is not None:
            check_seconds("deadline", deadline)
        call = (self.manifest.block(block), args, connection, deadline, cancel, meta or Meta())
        return iter_entries(partial(self._begin, "stream", *call, may_use=may_use), self._shared)

    def choices(
        self,
        block: str,
        field: str,
        search: str | None = None,
        *,
        args: Mapping[str, Any] | None = None,
        after: str | None = None,
        limit: int = 50,
        connection: str | Connection | None = None,
        deadline: float | None = None,
        cancel: Cancel | None = None,
    ) -> Choices:
        """What the block's `field`, or a value in it where it is a list, may hold, as the block lists it that
        `x-choices` of the field names: `Choices`, in its order; what a user or a server did wrong is in it.

        `search` leaves those whose label holds this text, whatever its capitals and accents. `after` is an earlier
        answer's `next`. `limit` is the most choices, from 1 to 100. One page is read, with `search` up to ten; what was
        read is kept for a minute, for the same token alone and until it writes. `args` has secrets where no connection
        stands in for them; the rest is as with `invoke`. Raises `UnknownBlock`, `UnknownField` where nothing lists such
        a field's values, and `ValueError` for a deadline that is not finite.
        """
        from connector.way.choices import list_choices

        source = self.manifest.block(block).find_choices(field)
        begun = self._begin("choices", self.manifest.block(source.block), args, connection, deadline, cancel, Meta())
        return list_choices(*begun, self._shared, source, search, after, limit)

    def _begin(
        self,
        what: str,
        block: Block,
        args: Mapping[str, Any] | None,
        connection: str | Connection | None,
        deadline: float | None,
        cancel: Cancel | None,
        meta: Meta,
        on_progress: OnProgress | None = None,
        budget: DayBudget | None = None,
        may_use: MayUse | None = None,
        on_plan: OnPlan | None = None,
    ) -> tuple[Call, Switch]:
        from connector.way.spans import TRACER, name_attributes

        total = self._deadline if deadline is None else check_seconds("deadline", deadline)
        switch = Switch(cancel)
        # It doesn't become the current span: a stream may be closed in another context than it was begun in.
        span = TRACER.start_span(f"{what} {block.name}", attributes=name_attributes(block=block.name))
        given = {} if args is None else args
        left = Deadline(self._timeout, total, switch.own)
        who = connection or self._connection
        call = Call(block, given, who, left, meta, span, on_progress, on_plan, budget=budget, may_use=may_use)
        return call, switch
