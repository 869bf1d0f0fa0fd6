"""What one page of a list says: its entries, how many there are in all, and whether and where more follow."""

from __future__ import annotations

from typing import Any, Final

from connector.errors import ErrorDetail, FieldProblem, InvocationFailed
from connector.manifest.dotted_paths import follow
from connector.manifest.routes import Page

#: No list has so many entries, and the system counts no further than about there.
_LONGEST_LIST: Final = 10**15


def get_page(answer: Any, page: Page) -> dict[str, Any]:
    """The page inside `answer`; raises `InvocationFailed` (`bad_answer`) where there is none."""
    part = follow(answer, page.at)
    if not isinstance(part, dict) or not isinstance(part.get(page.names["items"]), list):
        place = ".".join((*page.at, page.names["items"]))
        raise InvocationFailed(ErrorDetail("bad_answer", f"The answer holds no list at {place}."))
    return part


def get_items(part: dict[str, Any], page: Page) -> list[Any]:
    items: list[Any] = part[page.names["items"]]
    return items


def get_total(part: dict[str, Any], page: Page) -> int | None:
    """How many entries the whole list has, where the page says so."""
    return _to_whole(part.get(page.names.get("total", "")))


def get_offset(part: dict[str, Any], page: Page) -> int | None:
    """Where the page says that it begins."""
    return _to_whole(part.get(page.names.get("offset", "")))


def find_cursor(part: dict[str, Any], page: Page) -> str | None:
    """Where the next page is, in a list that is read by cursors; `None` after the last one."""
    cursor = follow(part, page.names["cursor"].split("."))
    return str(cursor) if cursor else None


def find_step(part: dict[str, Any], page: Page, size: int) -> int:
    """How far the next page is: services may grant less than the `size` that was asked for, with or without saying so.

    A page may hold fewer entries than the size that it states, where some were filtered out.
    """
    came = len(get_items(part, page))
    granted = _to_whole(part.get(page.names["size"]))
    if granted is not None and 0 < granted <= size:
        return max(granted, came)
    return came or size


def has_more(part: dict[str, Any], page: Page, position: int) -> bool:
    """Whether more entries follow, from `position` on, by the page's own word."""
    total = get_total(part, page)
    if page.names["next"] in part:
        is_past = not get_items(part, page) and total is not None and position >= total
        return bool(part[page.names["next"]]) and not is_past
    return total is not None and position < total


def find_following(answer: Any, page: Page, place: str | None) -> str | None:
    """Where the page after the one in `answer` is, which was read from `place` on; `None` after the last one. Raises
    `InvocationFailed` as `get_page` and `parse_offset` do."""
    part = get_page(answer, page)
    if page.style == "cursor":
        cursor = find_cursor(part, page)
        return cursor if cursor != place else None
    position = parse_offset(place) + find_step(part, page, page.size)
    is_in_reach = page.reach is None or position < page.reach
    return str(position) if is_in_reach and has_more(part, page, position) else None


def parse_offset(resume: str | None) -> int:
    """Where an offset list goes on; raises `InvocationFailed` (`invalid_fields`) for a text that is no place."""
    if resume is None:
        return 0
    if resume.isascii() and resume.isdecimal() and len(resume) <= 18:
        return int(resume)
    problem = FieldProblem("resume", "is no place in this list", "the resume of an error")
    raise InvocationFailed(ErrorDetail("invalid_fields", f"{problem}.", fields=(problem,)))


def _to_whole(value: Any) -> int | None:
    """`value` as a whole number, which some services write as a float; `None` for anything else, and for one that no
    list reaches."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LONGEST_LIST else None
