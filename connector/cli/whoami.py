"""Who has signed in, in the service's own words."""

from __future__ import annotations

from typing import Final

from connector.auth import Connection, SignIn
from connector.cli.terminal import to_plain
from connector.errors import ConnectorError
from connector.manifest.manifest import Manifest
from connector.runners.environment import open_limits
from connector.way.connector import Connector

#: How long a greeting is worth waiting for, in seconds.
_USER_S: Final = 10.0


def read_user(manifest: Manifest, sign_in: SignIn, connection: Connection) -> str | None:
    """Who has signed in, by the name that the service has for them; `None` where that can't be read."""
    if sign_in.user_block is None:
        return None
    try:
        limits = open_limits(manifest)
    except ConnectorError:
        # The sign-in is stored all the same; the next block will say it.
        return None
    with Connector(manifest, connection=connection, timeout=_USER_S, max_wait=0, **limits) as connector:
        output = connector.invoke(sign_in.user_block).output
    names = (output.get(name) for name in sign_in.user_names) if isinstance(output, dict) else ()
    return next((to_plain(name) for name in names if isinstance(name, str) and name), None)
