"""Pages are asked for by our own numbers, read until the last, and merged into the first one's shape."""

import pytest

from connector.binding import Request
from connector.blocks import Page
from connector.errors import ErrorDetail, InvocationFailed
from connector.paging import get_page, iter_pages, merge_pages

OFFSET = {"size": "limit", "offset": "offset", "items": "items", "total": "total", "next": "next"}
CURSOR = {
    "size": "limit",
    "after": "after",
    "items": "items",
    "total": "total",
    "next": "next",
    "cursor": "cursors.after",
}
BY_OFFSET = Page("offset", 3, (), OFFSET)
INSIDE = Page("offset", 3, ("outer", "inner"), OFFSET)
BY_CURSOR = Page("cursor", 3, ("artists",), CURSOR)
REQUEST = Request("GET", "api", "/things", (("kind", "a"),))


def read(page, answers, max_items=None):
    """The merged answer, and the query of each request that was made for it."""
    queries = []
    left = iter(answers)

    def fetch(request):
        queries.append(dict(request.query))
        return next(left)

    return merge_pages(iter_pages(REQUEST, page, fetch, max_items), page, max_items), queries


def ask(offset=None, **more):
    return {"kind": "a", "limit": "3"} | ({} if offset is None else {"offset": str(offset)}) | more


def test_one_page_is_enough_where_nothing_follows():
    first = {"href": "h", "items": [1, None, 3], "next": None, "total": 3, "offset": 0}
    assert read(BY_OFFSET, [dict(first)]) == (first, [ask()])


def test_offset_pages_follow_each_other_and_keep_nulls_order_and_the_first_shape():
    merged, queries = read(
        BY_OFFSET,
        [
            {"href": "1", "items": [1, None, 3], "next": "https://elsewhere.example/steal", "total": 7, "offset": 0},
            {"href": "2", "items": [4, 4, None], "next": "more", "total": 8, "offset": 3},
            {"href": "3", "items": [7], "next": None, "total": 9, "offset": 6},
        ],
    )
    assert merged == {"href": "1", "items": [1, None, 3, 4, 4, None, 7], "next": None, "total": 7, "offset": 0}
    assert queries == [ask(), ask(3), ask(6)]


def test_a_page_inside_an_answer_is_found_and_what_stands_around_it_is_kept():
    def wrap(items, following):
        return {"message": "hello", "outer": {"inner": {"items": items, "next": following}}}

    merged, queries = read(INSIDE, [wrap([1, 2, 3], "more"), wrap([4], None)])
    assert (merged, queries) == (wrap([1, 2, 3, 4], None), [ask(), ask(3)])


def test_a_service_that_grants_less_than_asked_for_is_followed_at_its_own_pace():
    _, queries = read(
        BY_OFFSET,
        [{"items": [1, 2], "limit": 2, "next": "more"}, {"items": [3], "limit": 2, "next": None}],
    )
    assert queries == [ask(), ask(2)]


@pytest.mark.parametrize("limit", [None, "2", 0, -1, 99])
def test_a_granted_size_that_makes_no_sense_is_ignored(limit):
    _, queries = read(BY_OFFSET, [{"items": [1, 2, 3], "limit": limit, "next": "more"}, {"items": [], "next": "more"}])
    assert queries == [ask(), ask(3)]


def test_without_a_next_link_the_total_says_whether_more_follows():
    merged, queries = read(BY_OFFSET, [{"items": [1, 2, 3], "total": 4}, {"items": [4], "total": 4}])
    assert (merged, queries) == ({"items": [1, 2, 3, 4], "total": 4}, [ask(), ask(3)])


def test_without_next_link_and_total_one_page_is_all():
    assert read(BY_OFFSET, [{"items": [1, 2, 3]}]) == ({"items": [1, 2, 3]}, [ask()])


def test_an_empty_page_ends_the_reading_whatever_it_promises():
    merged, queries = read(BY_OFFSET, [{"items": [], "next": "more", "total": 100}])
    assert (merged, queries) == ({"items": [], "next": None, "total": 100}, [ask()])


@pytest.mark.parametrize(
    ("max_items", "expected", "requests"),
    [(1, [1], 1), (3, [1, 2, 3], 1), (4, [1, 2, 3, 4], 2), (6, [1, 2, 3, 4, 5, 6], 2), (100, [1, 2, 3, 4, 5, 6, 7], 3)],
)
def test_max_items_stops_the_reading_and_asks_for_no_page_too_many(max_items, expected, requests):
    answers = [
        {"items": [1, 2, 3], "next": "more", "total": 7},
        {"items": [4, 5, 6], "next": "more", "total": 7},
        {"items": [7], "next": None, "total": 7},
    ]
    merged, queries = read(BY_OFFSET, answers, max_items)
    assert (merged, len(queries)) == ({"items": expected, "next": None, "total": 7}, requests)
    assert {query["limit"] for query in queries} == {"3"}


def follow(items, after, **more):
    return {"artists": {"items": items, "next": after and "more", "cursors": {"after": after}, "total": 5, **more}}


def test_cursor_pages_follow_each_other():
    merged, queries = read(BY_CURSOR, [follow([1, 2, 3], "c3"), follow([4, None], None)])
    assert merged == follow([1, 2, 3, 4, None], None)
    assert queries == [ask(), ask(after="c3")]


@pytest.mark.parametrize("last", [{"items": [2]}, {"items": [2], "cursors": None}, {"items": [2], "cursors": {}}])
def test_a_page_without_cursor_is_the_last(last):
    merged, queries = read(BY_CURSOR, [follow([1], "c1"), {"artists": last}])
    assert (merged, queries) == (follow([1, 2], None), [ask(), ask(after="c1")])


def test_a_cursor_that_stands_still_ends_the_reading():
    merged, queries = read(BY_CURSOR, [follow([1], "c1"), follow([2], "c1")])
    assert (merged, queries) == (follow([1, 2], None), [ask(), ask(after="c1")])


def test_a_merged_cursor_answer_leads_nowhere_even_where_the_reading_stopped_early():
    merged, _ = read(BY_CURSOR, [follow([1, 2, 3], "c3")], 2)
    assert merged == follow([1, 2], None)


@pytest.mark.parametrize(
    ("page", "answer", "place"),
    [
        (BY_OFFSET, {}, "items"),
        (BY_OFFSET, [], "items"),
        (BY_OFFSET, None, "items"),
        (BY_OFFSET, {"items": None}, "items"),
        (BY_OFFSET, {"items": {}}, "items"),
        (INSIDE, {"outer": None}, "outer.inner.items"),
        (INSIDE, {"items": []}, "outer.inner.items"),
    ],
)
def test_an_answer_without_a_page_is_a_bad_answer(page, answer, place):
    with pytest.raises(InvocationFailed) as caught:
        get_page(answer, page)
    assert caught.value.error == ErrorDetail("bad_answer", f"The answer holds no list at {place}.")


def test_pages_are_fetched_one_at_a_time_as_they_are_wanted():
    asked = []

    def fetch(request):
        asked.append(request)
        return {"items": [1, 2, 3], "next": "more"}

    pages = iter_pages(REQUEST, BY_OFFSET, fetch)
    next(pages)
    assert len(asked) == 1
