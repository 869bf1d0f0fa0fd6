"""How a connection stands: what is known of its sign-in and of its account's calls, without sending one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from connector.arguments.validation import Args
from connector.manifest.blocks import Block
from connector.way.credentials import GivenCaller, StandIn, open_keeper

if TYPE_CHECKING:
    from connector.way.shared import Shared
    from connector.wire.deadline import Deadline


def read_standing(block: Block, args: Args, stand_in: StandIn, shared: Shared, deadline: Deadline) -> dict[str, Any]:
    """The output of the `block` that stands for connections, of the one that stands in for whoever calls.

    Raises `InvocationFailed` where there is no such connection, or the store doesn't answer.
    """
    auth = shared.manifest.auth[block.server]
    name, days = None, None
    if auth is None or stand_in.who is None or all(field in args for field in auth.fields):
        account = GivenCaller(auth, args).account
    else:
        keeper = open_keeper(shared, deadline)
        connection = keeper.find(stand_in.who, deadline)
        name, account = connection.name, connection.account or connection.client_id
        days = keeper.count_days(connection)
    closed_s = shared.budget.closed_for(account)
    most, left = shared.budget.calls, 0 if closed_s else shared.budget.left(account)
    return {
        "name": name,
        "days_left": days,
        "calls_left": left,
        "percent_left": left if not left or not most else math.ceil(100 * left / most),
        "closed_for_s": round(closed_s, 1),
    }
