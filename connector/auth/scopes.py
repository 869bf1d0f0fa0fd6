"""Which scopes a sign-in asks for."""

from __future__ import annotations

from collections.abc import Iterable

from connector.manifest.manifest import Manifest


def choose_scopes(manifest: Manifest, blocks: Iterable[str] = ()) -> tuple[str, ...]:
    """The scopes to ask for so that these blocks can be used, without any all that there are; in the manifest's order.

    Raises `UnknownBlock`.
    """
    chosen = [manifest.block(name) for name in blocks]
    wanted = {scope for block in chosen for scope in block.scopes_to_ask}
    if not chosen:
        wanted = {scope for block in manifest for scope in block.scopes}
    return tuple(scope for scope in manifest.data.get("scopes", {}) if scope in wanted)


def find_unknown_scopes(manifest: Manifest, scopes: Iterable[str]) -> list[str]:
    """Those of `scopes` that the manifest doesn't have: the service would refuse the whole sign-in for one of them."""
    return [scope for scope in scopes if scope not in manifest.data.get("scopes", {})]
