"""Endpoints about the signed-in user alone: profile and favourites."""

from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.operations import own
from connector.sandbox.pages import list_page
from connector.sandbox.parameters import ApiRequest, read_choice, refuse
from connector.sandbox.traits import spread

_TIME_RANGES: Final = ("short_term", "medium_term", "long_term")


def _get_profile(request: ApiRequest) -> Answer:
    """What it shows depends on the scopes."""
    product = "premium" if request.state.playback.rules.is_premium else "free"
    return json_answer(request.state.playlists.listener(request.user, frozenset(request.grant.scopes), product))


def _get_top(request: ApiRequest) -> Answer:
    """Each time range ranks differently."""
    if request.names["type"] not in ("artists", "tracks"):
        raise refuse(404, "Service not found")
    kind = request.names["type"].removesuffix("s")
    time_range = read_choice(request, "time_range", _TIME_RANGES, "medium_term")
    name = f"top_{kind}s"
    chosen = request.state.tops.get(kind)
    total = request.state.sizes[name] if chosen is None else len(chosen)
    shift = _TIME_RANGES.index(time_range)
    catalogue = request.state.catalogue

    def make_items(start: int, stop: int) -> list[Json]:
        places = [(place + shift) % total for place in range(start, stop)]
        positions = [spread(place, total, kind) if chosen is None else chosen[place] for place in places]
        return [catalogue.artist(place) if kind == "artist" else catalogue.track(place) for place in positions]

    return json_answer(list_page(request, name, make_items, total))


OPERATIONS: Final = (
    own("GET /me", _get_profile),
    own("GET /me/top/{type}", _get_top, "user-top-read"),
)
"""Profile and favourites."""
