"""Where the user of a connection signs in, for problems that end when they have."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request

from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest


def find_sign_in(request: Request, manifest: Manifest, block: Block, connection: str | None) -> str | None:
    """The path at this server at which the user of `connection` signs in, for a call of `block` or a poll of a trigger
    with that form; `None` where no connection stands behind it, or none can."""
    auth = manifest.auth[block.server]
    can_sign_in = connection and auth and auth.can_sign_in
    return f"{request.state.base_path}/connect/{quote(str(connection))}" if can_sign_in else None
