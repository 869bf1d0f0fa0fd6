"""A list for each month, week or year: made once, filled once."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from connector.composites.entries import Entry
from connector.composites.periods import NAMES, begin_period, find_fault, group_by_period, name_period


@pytest.mark.parametrize(
    ("day", "every", "first", "name"),
    [
        (date(2024, 2, 29), "month", date(2024, 2, 1), "2024-02"),
        (date(2024, 2, 29), "year", date(2024, 1, 1), "2024"),
        # The week of New Year belongs to the year in which its Thursday is.
        (date(2027, 1, 3), "week", date(2026, 12, 28), "2026-W53"),
        (date(2024, 12, 31), "week", date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_day_is_in_one_period_that_has_a_name(day, every, first, name):
    assert begin_period(day, every) == first
    assert name_period(first, every, NAMES[every]) == name


def test_a_name_is_what_one_likes_with_the_period_in_it():
    assert name_period(date(2026, 3, 1), "month", "Liked in {month_name} {year}") == "Liked in March 2026"


@pytest.mark.parametrize(
    ("template", "every", "fault"),
    [
        ("{year}", "month", "lacks {month} or {month_name}"),
        ("{month_name}", "month", "lacks {year}"),
        ("{year}-{month}", "week", "has {month} in it, which is none of {week}, {year}"),
        ("Liked {yaer}", "year", "has {yaer} in it"),
    ],
)
def test_a_name_that_two_periods_would_share_is_refused(template, every, fault):
    assert fault in find_fault(template, every)
    assert find_fault(NAMES[every], every) is None


def test_midnight_is_where_the_listener_is():
    moments = ["2026-03-31T22:30:00Z", "2026-03-31T20:00:00Z", None, "2026-02-01T00:00:00Z", "soon"]
    entries = [Entry(str(place), frozenset([str(place)]), added=moment) for place, moment in enumerate(moments)]
    groups = group_by_period(entries, "month", ZoneInfo("Europe/Berlin"))
    assert {first: [entry.key for entry in own] for first, own in groups.items()} == {
        date(2026, 2, 1): ["3"],
        date(2026, 3, 1): ["1"],
        date(2026, 4, 1): ["0"],
    }


def test_each_month_of_saved_tracks_gets_a_list_once(invoke, sandbox, read, count, give):
    sandbox.control.seed(saved_tracks=100, page_null_at={})
    saved = [entry["track"]["uri"] for entry in invoke("getUserSavedTracks").entries]
    dates = [entry["added_at"] for entry in invoke("getUserSavedTracks").entries]
    months = sorted({moment[:7] for moment in dates})
    count()
    plan = give(invoke("collectByPeriod", name="Liked {year}-{month}", dry_run=True))
    assert count()[1] == 0
    told = give(invoke("collectByPeriod", name="Liked {year}-{month}"))
    assert count()[1] == plan["calls"]["write"] == told["calls"]["write"] == 2 * len(months)
    assert [period["target"]["name"] for period in told["periods"]] == [f"Liked {month}" for month in months]
    for period, month in zip(told["periods"], months, strict=True):
        wanted = [uri for uri, moment in zip(saved, dates, strict=True) if moment.startswith(month)]
        assert read(period["target"]["id"]) == wanted[::-1]
    count()
    again = give(invoke("collectByPeriod", name="Liked {year}-{month}"))
    assert count()[1] == 0
    assert not any(period["created"] or period["added"] for period in again["periods"])


def test_of_one_moment_what_stands_on_top_came_last(invoke, read, tracks, give):
    invoke("saveToLibrary", uris=tracks[-3:]).unwrap()
    newest = invoke("getUserSavedTracks", max_items=3).entries
    assert len({entry["added_at"] for entry in newest}) == 1
    [month] = give(invoke("collectByPeriod", since=newest[0]["added_at"][:10]))["periods"]
    assert read(month["target"]["id"])[-3:] == [entry["track"]["uri"] for entry in reversed(newest)]


def test_only_what_came_since_a_day_is_read(invoke, sandbox, count, give):
    sandbox.control.seed(saved_tracks=1_000, page_null_at={})
    newest = invoke("getUserSavedTracks", max_items=1).entries[0]["added_at"][:10]
    count()
    told = give(invoke("collectByPeriod", every="week", since=newest, dry_run=True))
    # Two pages of saved tracks, who one is, and the own lists; not the twenty pages that there are.
    assert count()[0] <= 5
    assert sum(len(period["added"]) for period in told["periods"]) > 0


def test_played_tracks_are_collected_too(invoke, give):
    told = give(invoke("collectByPeriod", source="played", every="year", name="Played in {year}"))
    played = {entry["track"]["uri"] for entry in invoke("getRecentlyPlayed").entries}
    assert {entry["uri"] for period in told["periods"] for entry in period["added"]} == played


@pytest.mark.parametrize(
    ("field", "value"), [("name", "{year}"), ("time_zone", "Europe/Atlantis"), ("since", "2026-02-30")]
)
def test_what_can_not_be_meant_is_told_before_anything_is_read(invoke, count, field, value):
    count()
    error = invoke("collectByPeriod", **{field: value}).error
    assert [problem.name for problem in error.fields] == [field]
    assert count() == (0, 0)


def test_a_failure_midway_tells_of_all_lists(invoke, sandbox, count, give):
    sandbox.control.seed(saved_tracks=100, page_null_at={})
    every = [entry["uri"] for period in plan_months(invoke, give) for entry in period["added"]]
    sandbox.control.fault("forbidden_no_message", match="POST /playlists", after=1)
    error = invoke("collectByPeriod").error
    assert [*error.done, *error.not_done] == every
    assert error.done
    assert error.not_done
    told = give(invoke("collectByPeriod"))
    assert [entry["uri"] for period in told["periods"] for entry in period["added"]] == list(error.not_done)


def plan_months(invoke, give):
    return give(invoke("collectByPeriod", dry_run=True))["periods"]
