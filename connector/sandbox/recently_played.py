"""GET /me/player/recently-played."""

from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.clock import to_iso
from connector.sandbox.contexts import context_object
from connector.sandbox.operations import own
from connector.sandbox.pages import link
from connector.sandbox.parameters import ApiRequest, read_limit, read_number, refuse

_LATEST_MS: Final = 10**14


def get_recently_played(request: ApiRequest) -> Answer:
    """The last 50 plays at most: the newest, those right before `before`, or those right after `after` (ms)."""
    limit = read_limit(request, minimum=1)
    before, after = (read_number(request, name, -1, 0, _LATEST_MS) for name in ("before", "after"))
    if before >= 0 and after >= 0:
        raise refuse(400, "Only one of before and after can be specified")
    state = request.state
    state.playback.catch_up()
    told = state.plays.told(state.clock.now_s())
    fitting = [play for play in told if play.played_ms > after and (before < 0 or play.played_ms < before)]
    page = fitting[-limit:] if after >= 0 else fitting[:limit]
    cursors = {"after": str(page[0].played_ms), "before": str(page[-1].played_ms)} if page else None
    onward = "after" if after >= 0 else "before"
    has_more = cursors is not None and len(page) < len(fitting)
    items = [
        {
            "track": state.catalogue.track(play.track),
            "played_at": to_iso(play.played_ms / 1000, "milliseconds"),
            "context": None if play.context_uri is None else context_object(state.catalogue, play.context_uri),
        }
        for play in state.plays.in_order_of_telling(page)
    ]
    return json_answer(
        {
            "items": items,
            "next": link(request, limit=limit, **{onward: cursors[onward]}) if has_more and cursors else None,
            "cursors": cursors,
            "limit": limit,
            "href": link(request, limit=limit),
        }
    )


OPERATIONS: Final = (own("GET /me/player/recently-played", get_recently_played, "user-read-recently-played"),)
"""What was played."""
