"""Pages of lists, linked as the Web API links them: by offset, and by cursor for followed artists."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from connector.sandbox.catalogue import Json
from connector.sandbox.parameters import ApiRequest, read_limit, read_offset


def offset_page(
    request: ApiRequest, make_items: Callable[[int, int], list[Any]], *, total: int, limit: int, offset: int
) -> Json:
    """A PagingObject.

    Args:
        request: links repeat its query with another offset.
        make_items: (start, stop) to the entries of those places.
        total: the length of the whole list.
        limit: the page size; 0 gives an empty page without links, which would lead nowhere.
        offset: where the page begins.
    """
    stop = min(offset + limit, total)
    has_next = limit > 0 and stop < total
    has_previous = limit > 0 and offset > 0
    return {
        "href": link(request, offset=offset, limit=limit),
        "items": make_items(offset, stop) if offset < stop else [],
        "limit": limit,
        "next": link(request, offset=offset + limit, limit=limit) if has_next else None,
        "offset": offset,
        "previous": link(request, offset=max(0, offset - limit), limit=limit) if has_previous else None,
        "total": total,
    }


def list_page(
    request: ApiRequest, name: str, make_items: Callable[[int, int], list[Json]], total: int, limit: int | None = None
) -> Json:
    """The page of a named list that `limit` and `offset` ask for, with null entries where the state says so.

    Args:
        request: as in `offset_page`, as are `make_items` and `total`.
        name: the list's name in the state.
        limit: the page size, where it is read otherwise than most endpoints read it.
    """

    def make_with_nulls(start: int, stop: int) -> list[Json | None]:
        nulls = {place - start for place in request.state.nulls.get(name, ())}
        return [None if index in nulls else item for index, item in enumerate(make_items(start, stop))]

    limit, offset = read_limit(request) if limit is None else limit, read_offset(request)
    return offset_page(request, make_with_nulls, total=total, limit=limit, offset=offset)


def cursor_page(request: ApiRequest, items: list[Json], *, total: int, limit: int, after: str | None) -> Json:
    """A CursorPagingObject.

    Args:
        request: links repeat its query with another cursor.
        items: the entries of this page.
        total: the length of the whole list.
        limit: the page size.
        after: the cursor of the next page, None on the last one.
    """
    return {
        "cursors": {"after": after},
        "href": link(request, limit=limit),
        "items": items,
        "limit": limit,
        "next": None if after is None else link(request, limit=limit, after=after),
        "total": total,
    }


def link(request: ApiRequest, **changes: object) -> str:
    """The address of this request with some of its query changed."""
    query = {**request.query, **{name: str(value) for name, value in changes.items()}}
    return f"{request.state.catalogue.href(request.route)}?{urlencode(query)}"
