"""A stateful stand-in for Spotify: its accounts service and its Web API, on this computer.

    from connector.sandbox import Sandbox

    with Sandbox() as sandbox:
        print(sandbox.servers, sandbox.demo_args)

It imports nothing of the rest of `connector`, so that the two can disagree. Endpoints, faults and what it does not
do are listed at `/sandbox` of a running one.
"""

from connector.sandbox.control import Control
from connector.sandbox.faults import FAULT_NAMES
from connector.sandbox.playlists import SECOND_USER as SECOND_LISTENER
from connector.sandbox.server import Sandbox, serve

__all__ = ["FAULT_NAMES", "SECOND_LISTENER", "Control", "Sandbox", "serve"]
