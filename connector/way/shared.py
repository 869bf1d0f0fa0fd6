"""What the calls of one connector share; what takes long to load is opened when it is first needed."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, get_args

from connector.arguments.validation import InputValidator
from connector.errors import ConnectorError
from connector.forks import renew_in_child
from connector.limits.budget_places import open_budget
from connector.limits.day_budget import DayBudget
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.manifest.routes import QuotaMode
from connector.version import __version__
from connector.way.kept_choices import KeptChoices
from connector.way.routes import RouteMemory

if TYPE_CHECKING:
    from connector.auth import Keeper, Store
    from connector.limits.local_gate import Gate
    from connector.wire.deadline import Deadline
    from connector.wire.transport import Transport

#: Connections to a server that are kept besides those of one call's pages: a platform runs many at a time.
_KEPT_CONNECTIONS = 64


class Shared:
    """The manifest, and what its calls use together; safe to share between threads. The arguments are those of
    `Connector.load`."""

    def __init__(
        self,
        manifest: Manifest,
        servers: Mapping[str, str],
        *,
        store: str | Store | None,
        quota_mode: QuotaMode,
        max_wait: float,
        concurrency: int,
        gate: Gate | None,
        daily_calls: int | DayBudget | None,
        substitutes: Collection[str] | None,
    ) -> None:
        if quota_mode not in get_args(QuotaMode):
            raise ValueError(f"quota_mode is one of {', '.join(get_args(QuotaMode))}.")
        if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
            raise ValueError("concurrency is a whole number of requests, one at least.")
        self.manifest = manifest
        self.servers = servers
        self.quota_mode: QuotaMode = quota_mode
        self.max_wait = max_wait
        self.concurrency = concurrency
        self.memory = RouteMemory()
        self.kept_choices = KeptChoices()
        self.substitutes = manifest.choose_substitutes(substitutes)
        self._store = store
        self._gate = gate
        self.budget = daily_calls if isinstance(daily_calls, DayBudget) else open_budget(daily_calls, gate)
        self._keeper: Keeper | None = None
        self._transport: Transport | None = None
        self._validators: dict[str, InputValidator] = {}
        self._renew_lock()
        renew_in_child(self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.RLock()

    def validator(self, block: Block) -> InputValidator:
        """What judges the arguments of `block`."""
        if block.name not in self._validators:
            self._validators[block.name] = InputValidator(block, self.manifest.references)
        return self._validators[block.name]

    @property
    def transport(self) -> Transport:
        """What sends requests."""
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

    def open_keeper(self, deadline: Deadline) -> Keeper:
        """What keeps connections' tokens alive. Raises `ConnectorError` where the manifest knows no sign-in or the
        store can't be used, `StoreSilent` where it isn't open by the `deadline`, and `InvocationFailed` (`cancelled`).
        """
        if self._keeper is None:
            from connector.auth import Keeper, SignIn, open_store

            sign_in = SignIn.from_manifest(self.manifest)
            if sign_in is None:
                raise ConnectorError("The manifest says nothing of how a user signs in.")
            store = self._store
            if store is None or isinstance(store, str):
                # Without the lock: others have deadlines of their own.
                store = open_store(store, self.manifest.command, deadline)
            with self._lock:
                if self._keeper is None:
                    self._keeper = Keeper(store, sign_in, self.transport.send)
        return self._keeper

    def close(self) -> None:
        """Closes the kept connections, which are opened again when they are needed."""
        if self._transport is not None:
            self._transport.close()
