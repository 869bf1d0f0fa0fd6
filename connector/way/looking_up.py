"""What a connector tells without a call: its blocks, and what doors use of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.way.shared import Shared
from connector.wire.deadline import Deadline

if TYPE_CHECKING:
    from connector.auth import Keeper
    from connector.limits.local_gate import Gate
    from connector.manifest.triggers import Trigger
    from connector.wire.transport import Transport


class LookUp:
    """The part of `Connector` that sends nothing."""

    manifest: Manifest
    _shared: Shared
    _timeout: float
    _deadline: float | None

    def blocks(self, group: str | None = None) -> list[Block]:
        """All blocks, or those of a `group`, whatever its capitals, in the manifest's order: each with its `name`,
        `title`, `group`, `description` and `fields`. Empty for a group that is none."""
        return [block for block in self.manifest if group is None or block.group.lower() == group.lower()]

    def triggers(self, group: str | None = None) -> list[Trigger]:
        """All triggers, or those of a `group`, in the manifest's order: each with its `name`, the `block` that it
        watches, its `form` with title and fields, what looks `cost`, and `every` how many seconds one is worth it."""
        from connector.manifest.triggers import iter_triggers

        found = iter_triggers(self.manifest)
        return [each for each in found if group is None or each.form.group.lower() == group.lower()]

    def describe(self, block: str) -> dict[str, Any]:
        """All about a block or a trigger as JSON values, as `describe --json` prints it: `description`, the JSON
        Schemas `input` and `output`, `scopes_needed`, `routes`, `quota`, an `example` of arguments; of a trigger what
        looks `cost`, and its `state`, in place of output and routes. Raises `UnknownBlock`."""
        from connector.manifest.documents import build_description
        from connector.manifest.triggers import describe_trigger, find_trigger

        if block in self.manifest.data.get("triggers", {}):
            return describe_trigger(find_trigger(self.manifest, block))
        return build_description(self.manifest.block(block))

    def __repr__(self) -> str:
        return f"<Connector {self.manifest.package.get('name', '')} with {len(self.manifest)} blocks>"

    @property
    def transport(self) -> Transport:
        """What sends requests; doors use it for a sign-in."""
        return self._shared.transport

    @property
    def gate(self) -> Gate:
        """What stands before an app's requests while the service wants none."""
        return self._shared.gate

    @property
    def keeper(self) -> Keeper:
        """What keeps connections' tokens alive. Raises `ConnectorError` where the manifest knows no sign-in, and where
        the store can't be used or isn't open within the connector's `timeout` and `deadline`."""
        return self._shared.open_keeper(Deadline(self._timeout, self._deadline))

    def close(self) -> None:
        """Closes the kept connections. The connector may be used again."""
        self._shared.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
