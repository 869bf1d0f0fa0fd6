"""Moments → the month, week or year that they fall in, and what that is called."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final, Literal

from connector.composites.entries import Entry

Period = Literal["month", "week", "year"]
#: What a period is called where nothing else is said.
NAMES: Final[Mapping[Period, str]] = {"month": "{year}-{month}", "week": "{year}-W{week}", "year": "{year}"}
#: What a name has to say of a period, by one of these each, so that no two are called the same.
_NEEDED: Final[Mapping[Period, tuple[tuple[str, ...], ...]]] = {
    "month": (("year",), ("month", "month_name")),
    "week": (("year",), ("week",)),
    "year": (("year",),),
}
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def begin_period(day: date, every: Period) -> date:
    """The first day of the period that `day` is in; weeks begin on Monday (ISO 8601)."""
    if every == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == "month" else day.replace(month=1, day=1)


def name_period(first: date, every: Period, template: str) -> str:
    """What the period is called that begins on `first`. `template` has what is filled in, in braces: `year`, `month`
    (01 to 12), `month_name`, or `week` (01 to 53, ISO 8601, with the year that it belongs to)."""
    year, week, _ = first.isocalendar()
    words = {"year": f"{year if every == 'week' else first.year}", "week": f"{week:02}"}
    if every == "month":
        words |= {"month": f"{first.month:02}", "month_name": calendar.month_name[first.month]}
    return _PLACEHOLDER.sub(lambda found: words[found[1]], template)


def find_fault(template: str, every: Period) -> str | None:
    """Why `template` can't name each period, in words; `None` where it can."""
    needed = _NEEDED[every]
    known = {name for names in needed for name in names}
    used = set(_PLACEHOLDER.findall(template))
    if unknown := used - known:
        return f"has {{{min(unknown)}}} in it, which is none of {_show(sorted(known))}"
    missing = [names for names in needed if not used & set(names)]
    return f"lacks {_show(missing[0], ' or ')}, without which two would have one name" if missing else None


def group_by_period(entries: Iterable[Entry], every: Period, zone: tzinfo) -> dict[date, list[Entry]]:
    """Those of `entries` that were added at a known moment, by the first day of the period in which that was in that
    `zone`; both in the order of time."""
    groups: dict[date, list[Entry]] = defaultdict(list)
    dated = [(moment, entry) for entry in entries if (moment := read_moment(entry.added)) is not None]
    for moment, entry in sorted(dated, key=lambda pair: pair[0]):
        groups[begin_period(moment.astimezone(zone).date(), every)].append(entry)
    return dict(groups)


def read_moment(text: str | None) -> datetime | None:
    """The moment that `text` tells (RFC 3339, in UTC where it names no other offset); `None` where it tells none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show(names: Iterable[str], joint: str = ", ") -> str:
    return joint.join(f"{{{name}}}" for name in names)
