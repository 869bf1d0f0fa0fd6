"""Many pages → one answer. Works on requests and JSON values; how a request is sent is the caller's business.

A next page is asked for by our own numbers, never by a link from an answer, so no answer can lead a token elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from connector.answers import follow
from connector.binding import Request
from connector.blocks import Page
from connector.errors import ErrorDetail, InvocationFailed

Fetch = Callable[[Request], Any]


def iter_pages(
    request: Request,
    page: Page,
    fetch: Fetch,
    max_items: int | None = None,
    *,
    width: int = 8,
    resume: str | None = None,
    cancel: Any = None,
) -> Iterator[Any]:
    """The service's answers, one for each page in order, until the last or until `max_items` entries have come.

    Raises what `fetch` raises, and `InvocationFailed` (`bad_answer`) where an answer holds no page.
    """
    names = page.names
    query = {names["size"]: str(page.size)}
    position = 0
    count = 0
    seen: set[str] = set()
    while True:
        answer = fetch(request.with_query(**query))
        yield answer
        part = get_page(answer, page)
        items = part[names["items"]]
        count += len(items)
        if max_items is not None and count >= max_items:
            return
        if page.style == "cursor":
            after = follow(part, names["cursor"].split("."))
            # A cursor that comes back would lead round in a circle.
            if not after or str(after) in seen:
                return
            seen.add(str(after))
            query[names["after"]] = str(after)
            continue
        position += _step(part, page)
        if not items or not _has_more(part, page, position):
            return
        query[names["offset"]] = str(position)


def get_page(answer: Any, page: Page) -> dict[str, Any]:
    """The page inside `answer`; raises `InvocationFailed` (`bad_answer`) where there is none."""
    part = follow(answer, page.at)
    if not isinstance(part, dict) or not isinstance(part.get(page.names["items"]), list):
        place = ".".join((*page.at, page.names["items"]))
        raise InvocationFailed(ErrorDetail("bad_answer", f"The answer holds no list at {place}."))
    return part


def merge_pages(answers: Iterator[Any], page: Page, max_items: int | None = None) -> Any:
    """All pages in the first one's shape. The first answer is changed in place.

    `items` holds all entries in order, nulls too; `total` is what the service said first; nothing is left that
    leads to a next page.
    """
    names = page.names
    first: Any = None
    items: list[Any] = []
    for answer in answers:
        first = answer if first is None else first
        items += get_page(answer, page)[names["items"]]
    part = get_page(first, page)
    part[names["items"]] = items if max_items is None else items[:max_items]
    if names["next"] in part:
        part[names["next"]] = None
    if page.style == "cursor":
        *holder, last = names["cursor"].split(".")
        if isinstance(cursors := follow(part, holder), dict):
            cursors[last] = None
    return first


def _step(part: dict[str, Any], page: Page) -> int:
    """How far the next page is: services may grant less than the size that was asked for."""
    granted = part.get(page.names["size"])
    return granted if isinstance(granted, int) and 0 < granted < page.size else page.size


def _has_more(part: dict[str, Any], page: Page, position: int) -> bool:
    if page.names["next"] in part:
        return part[page.names["next"]] is not None
    total = part.get(page.names["total"])
    return isinstance(total, int) and position < total
