"""Endpoints that read the catalogue by id: one thing, several at once, and what a thing consists of."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.ids import make_id, position_of
from connector.sandbox.kinds import KINDS, Kind
from connector.sandbox.operations import Operation
from connector.sandbox.pages import offset_page
from connector.sandbox.parameters import (
    ApiRequest,
    find_in_path,
    read_ids,
    read_limit,
    read_market,
    read_offset,
    refuse,
)

_FIRST_PAGE: Final = 50


def full_thing(request: ApiRequest, name: str, position: int, market: str | None) -> Json:
    """A thing of kind `name` as it is given alone: with the first page of its members, linked as their own list."""
    kind = KINDS[name]
    thing = kind.full(request.state.catalogue, position, market)
    if kind.members is None:
        return thing
    listed = f"{kind.members.kind}s"
    linked = replace(
        request,
        route=f"/{name}s/{make_id(name, position)}/{listed}",
        query={} if market is None else {"market": market},
    )
    return {**thing, listed: _members(linked, kind, position, market, _FIRST_PAGE, 0)}


def _members(request: ApiRequest, kind: Kind, position: int, market: str | None, limit: int, offset: int) -> Json:
    members = kind.members
    if members is None:
        raise LookupError(f"{kind.name} has no members")
    catalogue = request.state.catalogue
    make, first = KINDS[members.kind].simple, members.series.first(position)
    places = list(range(members.series.size(position)))
    if kind.name == "show":
        places = catalogue.feeds.get(position, places)
    if members.is_newest_first(position):
        places = places[::-1]

    def make_items(start: int, stop: int) -> list[Any]:
        wanted = [first + place for place in places[start:stop]]
        gone = catalogue.unavailable
        return [None if (members.kind, member) in gone else make(catalogue, member, market) for member in wanted]

    return offset_page(
        request,
        make_items,
        total=len(places),
        limit=limit,
        offset=offset,
    )


def _operations(kind: Kind) -> Iterator[Operation]:
    def is_hidden(request: ApiRequest, market: str | None) -> bool:
        return kind.is_spoken and market is None and request.grant.user is None

    def find(request: ApiRequest) -> tuple[int, str | None]:
        position, market = find_in_path(request, kind.name), read_market(request)
        if is_hidden(request, market):
            raise refuse(404, "Resource not found")
        return position, market

    def get_one(request: ApiRequest) -> Answer:
        position, market = find(request)
        return json_answer(full_thing(request, kind.name, position, market))

    def get_many(request: ApiRequest) -> Answer:
        market, ids = read_market(request), read_ids(request, maximum=kind.most_ids)
        positions = [None if is_hidden(request, market) else position_of(kind.name, identifier) for identifier in ids]
        catalogue = request.state.catalogue

        def make(position: int) -> Json:
            # The description gives several shows without their episodes.
            alone = kind.name != "show"
            return full_thing(request, kind.name, position, market) if alone else kind.full(catalogue, position, market)

        return json_answer({f"{kind.name}s": [None if place is None else make(place) for place in positions]})

    def get_members(request: ApiRequest) -> Answer:
        position, market = find(request)
        return json_answer(_members(request, kind, position, market, read_limit(request), read_offset(request)))

    yield Operation(f"GET /{kind.name}s/{{id}}", get_one)
    yield Operation(f"GET /{kind.name}s", get_many, closed=403)
    if kind.members is not None:
        yield Operation(f"GET /{kind.name}s/{{id}}/{kind.members.kind}s", get_members)


OPERATIONS: Final = tuple(operation for kind in KINDS.values() for operation in _operations(kind))
"""One, several and members of every kind."""
