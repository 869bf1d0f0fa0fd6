"""Pages are asked for by our own numbers, side by side where that can be, and merged into the first one's shape."""

import copy
import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest
from fake_sender import FakeSender

from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.routes import Page, Route
from connector.many.page import get_page
from connector.many.paging import Pages
from connector.many.plan import plan_requests
from connector.many.reading import EMPTY_PAGES, EQUAL_PAGES
from connector.wire.deadline import Cancel
from connector.wire.request import Request

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


class Service:
    """Gives the answer for the place that a request asks for, and keeps what was asked."""

    def __init__(self, answers):
        self._answers = answers if callable(answers) else answers.__getitem__
        self.queries = []
        self.threads = set()

    def __call__(self, request):
        query = dict(request.query)
        self.queries.append(query)
        self.threads.add(threading.current_thread())
        answer = self._answers(query.get("after", int(query.get("offset", 0))))
        if isinstance(answer, Exception):
            raise answer
        return copy.deepcopy(answer)

    @property
    def offsets(self):
        return sorted(int(query.get("offset", 0)) for query in self.queries)


def iter_pages(request, page, fetch, max_items=None, *, resume=None, **options):
    return Pages(request, page, max_items, resume).send(FakeSender(fetch, **options))


def read(page, answers, max_items=None, **options):
    """The merged answer, and the query of each request that was made for it, by offset."""
    service = Service(answers)
    answers = list(iter_pages(REQUEST, page, service, max_items, **options))
    merged = Pages(REQUEST, page, max_items).join(answers)
    return merged, sorted(service.queries, key=lambda query: int(query.get("offset", 0)))


def break_off(page, answers, max_items=None, **options):
    """The entries that came before the error, and the error."""
    came = []
    pages = iter_pages(REQUEST, page, Service(answers), max_items, **options)
    with pytest.raises(InvocationFailed) as caught:
        came.extend(pages)
    return [item for answer in came for item in get_page(answer, page)["items"]], caught.value.error


def ask(offset=None, **more):
    return {"kind": "a", "limit": "3"} | ({} if offset is None else {"offset": str(offset)}) | more


def list_of(count, **more):
    """A service that holds the numbers from 0 to `count`."""

    def answer(offset):
        items = list(range(offset, min(offset + 3, count)))
        following = "more" if offset + 3 < count else None
        return {"items": items, "offset": offset, "limit": 3, "total": count, "next": following, **more}

    return answer


# Pages with an offset


def test_one_page_is_enough_where_nothing_follows():
    first = {"href": "h", "items": [1, None, 3], "next": None, "total": 3, "offset": 0}
    assert read(BY_OFFSET, {0: dict(first)}) == (first, [ask()])


def test_offset_pages_follow_each_other_and_keep_nulls_order_and_the_first_shape():
    merged, queries = read(
        BY_OFFSET,
        {
            0: {"href": "1", "items": [1, None, 3], "next": "https://elsewhere.example/x", "total": 7, "offset": 0},
            3: {"href": "2", "items": [4, 4, None], "next": "more", "total": 8, "offset": 3},
            6: {"href": "3", "items": [7], "next": None, "total": 9, "offset": 6},
        },
    )
    assert merged == {"href": "1", "items": [1, None, 3, 4, 4, None, 7], "next": None, "total": 7, "offset": 0}
    assert queries == [ask(), ask(3), ask(6)]


@pytest.mark.parametrize("width", [1, 2, 8, 100])
@pytest.mark.parametrize("count", [1, 3, 4, 100])
def test_a_list_is_read_to_its_end_with_no_request_too_many(count, width):
    merged, queries = read(BY_OFFSET, list_of(count), width=width)
    assert (merged["items"], len(queries)) == (list(range(count)), -(-count // 3))


def test_pages_after_the_first_are_asked_for_side_by_side():
    barrier = threading.Barrier(8, timeout=10)
    numbers = list_of(3 * 9)

    def answer(offset):
        if offset:
            barrier.wait()
        return numbers(offset)

    assert read(BY_OFFSET, answer)[0]["items"] == list(range(27))


def test_one_page_takes_no_thread():
    service = Service(list_of(3))
    assert len(list(iter_pages(REQUEST, BY_OFFSET, service))) == 1
    assert service.threads == {threading.current_thread()}


def test_no_page_is_asked_for_that_nobody_wants_yet():
    service = Service(list_of(1000))
    pages = iter_pages(REQUEST, BY_OFFSET, service)
    assert service.offsets == []
    next(pages)
    assert service.offsets == [0]
    next(pages)
    next(pages)
    pages.close()
    assert set(service.offsets) <= {3 * number for number in range(10)}


def test_a_service_that_pushes_back_is_asked_for_fewer_pages_at_once():
    most = now = 0
    lock = threading.Lock()
    numbers = list_of(3 * 60)

    def answer(offset):
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.001)
        with lock:
            now -= 1
        return numbers(offset)

    service = Service(answer)
    # It pushes back with every request.
    pages = iter_pages(REQUEST, BY_OFFSET, service, pressure=lambda: len(service.queries))
    for _ in range(30):
        next(pages)
    most = 0
    assert len(list(pages)) == 30
    assert most <= 2


def test_a_page_inside_an_answer_is_found_and_what_stands_around_it_is_kept():
    def wrap(items, following):
        return {"message": "hello", "outer": {"inner": {"items": items, "next": following}}}

    merged, queries = read(INSIDE, {0: wrap([1, 2, 3], "more"), 3: wrap([4], None)})
    assert (merged, queries) == (wrap([1, 2, 3, 4], None), [ask(), ask(3)])


def test_a_service_that_grants_less_than_asked_for_is_followed_at_its_own_pace():
    answers = {
        0: {"items": [1, 2], "limit": 2, "next": "more", "total": 5},
        2: {"items": [3, 4], "limit": 2, "next": "more", "total": 5},
        4: {"items": [5], "limit": 2, "next": None, "total": 5},
    }
    merged, queries = read(BY_OFFSET, answers)
    assert (merged["items"], queries) == ([1, 2, 3, 4, 5], [ask(), ask(2), ask(4)])


def test_a_service_that_grants_less_from_the_middle_on_leaves_no_gap():
    def answer(offset):
        size = 3 if offset < 9 else 2
        return {"items": list(range(offset, min(offset + size, 40))), "limit": size, "next": "more", "total": 40}

    cancel = Cancel()
    assert read(BY_OFFSET, answer, cancel=cancel)[0]["items"] == list(range(40))
    assert not cancel.is_set


def test_a_service_that_grants_less_without_saying_so_leaves_no_gap():
    def answer(offset):
        return {"items": list(range(offset, min(offset + 2, 9))), "next": "more", "total": 9}

    assert read(BY_OFFSET, answer)[0]["items"] == list(range(9))


def test_a_service_that_gives_more_than_asked_for_gives_nothing_twice():
    def answer(offset):
        return {"items": list(range(offset, min(offset + 5, 19))), "limit": 5, "next": "more", "total": 19}

    assert read(BY_OFFSET, answer)[0]["items"] == list(range(19))


def test_a_page_from_which_entries_were_left_out_is_no_smaller_page():
    answers = {
        0: {"items": [0], "limit": 3, "next": "more", "total": 8},
        3: {"items": [3, 5], "limit": 3, "next": "more", "total": 8},
        6: {"items": [6, 7], "limit": 3, "next": None, "total": 8},
    }
    merged, queries = read(BY_OFFSET, answers)
    assert (merged["items"], queries) == ([0, 3, 5, 6, 7], [ask(), ask(3), ask(6)])


@pytest.mark.parametrize("limit", [None, "2", 0, -1, 99, True, 2.5])
def test_a_granted_size_that_makes_no_sense_is_ignored(limit):
    answers = {0: {"items": [1, 2, 3], "limit": limit, "next": "more"}, 3: {"items": [], "next": None}}
    assert read(BY_OFFSET, answers)[1] == [ask(), ask(3)]


def test_without_a_next_link_the_total_says_whether_more_follows():
    merged, queries = read(BY_OFFSET, {0: {"items": [1, 2, 3], "total": 4}, 3: {"items": [4], "total": 4}})
    assert (merged, queries) == ({"items": [1, 2, 3, 4], "total": 4}, [ask(), ask(3)])


def test_without_next_link_and_total_one_page_is_all():
    assert read(BY_OFFSET, {0: {"items": [1, 2, 3]}}) == ({"items": [1, 2, 3]}, [ask()])


def test_an_empty_page_after_which_nothing_is_promised_is_the_end():
    merged, queries = read(BY_OFFSET, {0: {"items": [], "next": None, "total": 100}})
    assert (merged, queries) == ({"items": [], "next": None, "total": 100}, [ask()])


# Pages that come empty although more is promised


def list_with_holes(count, *holes, times=10**6, **more):
    """A service that holds the numbers from 0 to `count`, whose pages at `holes` come empty the first `times` times."""
    left = dict.fromkeys(holes, times)

    def answer(offset):
        page = list_of(count, **more)(offset)
        if left.get(offset, 0) > 0:
            left[offset] -= 1
            page["items"] = []
        return page

    return answer


@pytest.mark.parametrize("width", [1, 8])
def test_a_page_that_comes_empty_once_is_asked_for_again(width):
    merged, queries = read(BY_OFFSET, list_with_holes(20, 6, times=1), width=width)
    assert merged["items"] == list(range(20))
    assert [query.get("offset") for query in queries].count("6") == 2


@pytest.mark.parametrize("holes", [(0,), (6,), (3, 6, 9), (3, 12)])
def test_pages_that_stay_empty_are_passed_over_where_entries_follow_and_it_is_said(holes):
    sender = FakeSender(Service(list_with_holes(20, *holes)))
    pages = Pages(REQUEST, BY_OFFSET)
    came = list(pages.iter_entries(list(pages.send(sender))))
    assert came == [number for number in range(20) if number - number % 3 not in holes]
    assert [text.split(" came")[0] for text in sender.warnings] == [
        f"The page at {hole}" for hole in holes if hole - 3 not in holes
    ]


@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize(
    ("following", "total"), [("more", 20), ("more", None), ("more", 10**12), ("absent", 20), ("absent", 10**12)]
)
def test_a_list_whose_rest_stays_empty_is_no_whole_list(following, total, width):
    def answer(offset):
        page = {"items": list(range(offset, offset + 3)) if offset < 6 else [], "next": following, "total": total}
        return {name: value for name, value in page.items() if value != "absent"}

    came, error = break_off(BY_OFFSET, answer, width=width)
    assert (came, error.kind, error.came, error.resume) == (list(range(6)), "bad_answer", 6, "6")


def test_a_list_that_is_empty_although_it_promises_entries_is_a_bad_answer():
    service = Service(lambda _: {"items": [], "next": "more", "total": 100})
    with pytest.raises(InvocationFailed, match="empty pages instead"):
        list(iter_pages(REQUEST, BY_OFFSET, service, width=1))
    assert len(service.queries) == 2 * (EMPTY_PAGES + 1)


def test_the_last_page_may_leave_its_entries_out_but_not_the_whole_promise():
    came, error = break_off(BY_OFFSET, list_with_holes(11, 6, 9))
    assert (came, error.kind, error.resume) == (list(range(6)), "bad_answer", "6")


# What a service says of a list while the list is read


@pytest.mark.parametrize("total", [None, "40", -1, 0, 5, 40.0, 40, True, [40], 10**12])
def test_a_total_is_no_more_than_a_hint(total):
    merged, queries = read(BY_OFFSET, list_of(40, total=total))
    assert merged["items"] == list(range(40))
    assert len(queries) < 14 + 8


def test_a_list_that_grows_while_it_is_read_is_read_to_its_new_end():
    def answer(offset):
        count = 12 if offset < 9 else 22
        return list_of(count)(offset) | {"next": "more" if offset < 21 else None}

    assert read(BY_OFFSET, answer)[0]["items"] == list(range(22))


def test_a_list_that_shrinks_while_it_is_read_ends_where_it_ends():
    def answer(offset):
        return list_of(30 if offset == 0 else 14)(offset)

    assert read(BY_OFFSET, answer)[0]["items"] == list(range(14))


def test_an_absurd_total_is_no_promise_where_nothing_is_next():
    merged, queries = read(BY_OFFSET, list_of(10, total=10**12))
    assert merged["items"] == list(range(10))
    assert len(queries) <= 4 + 8


def test_entries_that_slide_from_one_page_to_the_next_are_kept_as_they_were_given():
    answers = {0: {"items": [1, 2, 3], "next": "more"}, 3: {"items": [3, 4, 5], "next": None}}
    assert read(BY_OFFSET, answers)[0]["items"] == [1, 2, 3, 3, 4, 5]


@pytest.mark.parametrize("total", [9, 10**12, None])
@pytest.mark.parametrize("echo", [{}, {"offset": 0}, {"offset": "3"}])
def test_a_service_that_ignores_the_offset_is_found_out(echo, total):
    came, error = break_off(BY_OFFSET, lambda _: {"items": [1, None, 3], "next": "more", "total": total, **echo})
    assert came == [1, None, 3]
    assert (error.kind, error.came, error.resume) == ("bad_answer", 3, "3")
    assert error.message.startswith("The service gave the same page again.")


def test_a_service_that_ignores_the_offset_is_found_out_even_where_the_reader_changes_the_entries():
    pages = iter_pages(REQUEST, BY_OFFSET, lambda _: {"items": [{"a": 1}, {"a": 2}, {"a": 3}], "next": "more"})
    next(pages)["items"][0]["b"] = 1
    with pytest.raises(InvocationFailed, match="same page again"):
        next(pages)


@pytest.mark.parametrize("item", [None, "same"])
def test_a_list_may_hold_the_same_entry_many_times(item):
    def answer(offset):
        return list_of(40)(offset) | {"items": [item] * min(3, 40 - offset)}

    assert read(BY_OFFSET, answer)[0]["items"] == [item] * 40


@pytest.mark.parametrize("total", [10**12, None])
def test_a_service_that_gives_the_same_entries_forever_comes_to_an_end(total):
    came, error = break_off(
        BY_OFFSET, lambda offset: {"items": [None] * 3, "next": "more", "total": total, "offset": offset}
    )
    assert (came, error.kind, error.came) == ([None] * 3 * EQUAL_PAGES, "bad_answer", 3 * EQUAL_PAGES)


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/things?offset=3", "/things?limit=3", "", "javascript:0", 7, {"href": "x"}]
)
def test_a_next_link_is_never_followed(link):
    def answer(offset):
        return list_of(10)(offset) | ({"next": link} if offset < 9 else {})

    merged, queries = read(BY_OFFSET, answer)
    assert {query.get("offset") for query in queries} <= {None, "3", "6", "9"}
    assert merged["items"] == (list(range(10)) if link else [0, 1, 2])


# How much is read


@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize(
    ("max_items", "expected", "requests"),
    [(1, [0], 1), (3, [0, 1, 2], 1), (4, list(range(4)), 2), (6, list(range(6)), 2), (100, list(range(7)), 3)],
)
def test_max_items_stops_the_reading_and_asks_for_no_page_too_many(max_items, expected, requests, width):
    merged, queries = read(BY_OFFSET, list_of(7), max_items, width=width)
    assert (merged["items"], merged["next"], len(queries)) == (expected, None, requests)
    assert {query["limit"] for query in queries} == {str(min(3, max_items))}


def test_max_items_are_read_even_where_pages_hold_fewer_than_they_state():
    def answer(offset):
        return {"items": [offset], "limit": 3, "next": "more", "total": 90}

    assert read(BY_OFFSET, answer, 10)[0]["items"] == list(range(0, 30, 3))


@pytest.mark.parametrize(("resume", "expected"), [("0", range(10)), ("3", range(3, 10)), ("5", range(5, 10))])
def test_a_reading_goes_on_where_it_is_told_to(resume, expected):
    merged, queries = read(BY_OFFSET, list_of(10), resume=resume)
    assert merged["items"] == list(expected)
    assert queries[0] == ask(None if resume == "0" else resume)


@pytest.mark.parametrize("resume", ["", "-3", "3.0", "three", "٣", "1" * 30])
def test_a_place_that_is_none_is_an_invalid_field(resume):
    came, error = break_off(BY_OFFSET, list_of(10), resume=resume)
    assert (came, error.kind, [problem.name for problem in error.fields]) == ([], "invalid_fields", ["resume"])


# Failures


FAILED = ErrorDetail("server_error", "The service answered 500.", status=500)


@pytest.mark.parametrize("width", [1, 8])
def test_a_page_that_fails_tells_how_many_entries_came_and_where_to_go_on(width):
    def answer(offset):
        return InvocationFailed(FAILED) if offset == 9 else list_of(40)(offset)

    came, error = break_off(BY_OFFSET, answer, width=width)
    assert came == list(range(9))
    assert (error.kind, error.status, error.came, error.resume) == ("server_error", 500, 9, "9")
    assert error.message == "The service answered 500. 9 entries came before that; resume 9 goes on from there."
    assert read(BY_OFFSET, list_of(40), resume=error.resume)[0]["items"] == list(range(9, 40))


def test_a_later_page_that_holds_no_list_is_told_like_one_that_fails():
    came, error = break_off(BY_OFFSET, lambda offset: {} if offset == 6 else list_of(40)(offset))
    assert (came, error.kind, error.came, error.resume) == (list(range(6)), "bad_answer", 6, "6")


def test_a_first_page_that_fails_is_told_as_it_is():
    assert break_off(BY_OFFSET, {0: InvocationFailed(FAILED)}) == ([], FAILED)


@pytest.mark.parametrize("kind", ["bad_request", "not_found", "invalid_fields"])
@pytest.mark.parametrize("page", [BY_OFFSET, BY_CURSOR], ids=["offset", "cursor"])
def test_a_place_that_the_service_refuses_is_no_place_to_go_on_at(page, kind):
    error = ErrorDetail(kind, "No such place.")
    assert break_off(page, lambda _: InvocationFailed(error), resume="7") == ([], error)


def test_a_resumed_reading_whose_first_page_fails_still_knows_its_place():
    _, error = break_off(BY_OFFSET, {6: InvocationFailed(FAILED)}, resume="6")
    assert (error.came, error.resume) == (0, "6")


@pytest.mark.parametrize("end", ["fail", "close"])
def test_requests_under_way_end_with_the_reading(end):
    cancel = Cancel()
    is_over = threading.Event()
    cancel.subscribe(is_over.set)
    under_way = threading.Semaphore(0)

    def answer(offset):
        if offset >= 6:
            under_way.release()
            is_over.wait(60)
        elif offset == 3:
            for _ in range(7):
                under_way.acquire(timeout=60)
            if end == "fail":
                return InvocationFailed(FAILED)
        return list_of(1000)(offset)

    before = threading.active_count()
    pages = iter_pages(REQUEST, BY_OFFSET, Service(answer), cancel=cancel)
    next(pages)
    if end == "fail":
        with pytest.raises(InvocationFailed):
            next(pages)
    else:
        next(pages)
        pages.close()
    assert (cancel.is_set, threading.active_count()) == (True, before)


def test_a_reading_that_comes_to_its_end_cancels_nothing():
    cancel = Cancel()
    read(BY_OFFSET, list_of(100), cancel=cancel)
    assert not cancel.is_set


# Pages with a cursor


def follow(items, after, **more):
    return {"artists": {"items": items, "next": after and "more", "cursors": {"after": after}, "total": 5, **more}}


THREE_PAGES = {0: follow([1, 2, 3], "c3"), "c3": follow([4, None, 6], "c6"), "c6": follow([7], None)}


def test_cursor_pages_follow_each_other():
    merged, queries = read(BY_CURSOR, {0: follow([1, 2, 3], "c3"), "c3": follow([4, None], None)})
    assert merged == follow([1, 2, 3, 4, None], None)
    assert queries == [ask(), ask(after="c3")]


@pytest.mark.parametrize("last", [{"items": [2]}, {"items": [2], "cursors": None}, {"items": [2], "cursors": {}}])
def test_a_page_without_cursor_is_the_last(last):
    merged, queries = read(BY_CURSOR, {0: follow([1], "c1"), "c1": {"artists": last}})
    assert (merged, queries) == (follow([1, 2], None), [ask(), ask(after="c1")])


@pytest.mark.parametrize("back", ["c1", "c2"])
@pytest.mark.parametrize("total", [3, 5])
def test_a_cursor_that_leads_round_in_a_circle_ends_the_reading_or_breaks_it_off(back, total):
    answers = {
        0: follow([1], "c1", total=total),
        "c1": follow([2], "c2", total=total),
        "c2": follow([3], back, total=total),
    }
    if total == 3:
        merged, queries = read(BY_CURSOR, answers)
        assert (merged["artists"]["items"], len(queries)) == ([1, 2, 3], 3)
    else:
        came, error = break_off(BY_CURSOR, answers)
        assert (came, error.kind) == ([1, 2], "bad_answer")
        assert "circle" in error.message


@pytest.mark.parametrize(
    ("page", "answer"),
    [
        (BY_OFFSET, {"items": [1, 2, 3], "total": 9, "next": None}),
        (BY_CURSOR, {"artists": {"items": [1, 2, 3], "total": 9, "cursors": {"after": None}}}),
    ],
    ids=["offset", "cursor"],
)
def test_a_list_that_ends_before_its_stated_end_is_taken_and_it_is_said(page, answer):
    sender = FakeSender(Service({0: answer}))
    assert len(list(Pages(REQUEST, page).send(sender))) == 1
    assert sender.warnings == ["The service says that there are 9 entries, and ended after 3."]


def test_a_reading_that_was_told_to_stop_says_nothing_of_the_rest():
    sender = FakeSender(Service(list_of(40)))
    list(Pages(REQUEST, BY_OFFSET, max_items=5).send(sender))
    assert sender.warnings == []


@pytest.mark.parametrize("items", [[None], ["same"]])
def test_ever_new_cursors_to_the_same_page_come_to_an_end(items):
    service = Service(lambda after: follow(items.copy(), f"{after}0"))
    with pytest.raises(InvocationFailed, match=f"same page {EQUAL_PAGES} times"):
        list(iter_pages(REQUEST, BY_CURSOR, service))
    assert len(service.queries) <= EQUAL_PAGES + 2


@pytest.mark.parametrize("times", [1, 10**6])
def test_a_cursor_page_that_comes_empty_is_asked_for_again_and_passed_over_where_entries_follow(times):
    left = [times]

    def answer(after):
        if after == "c3" and left[0]:
            left[0] -= 1
            return follow([], "c6")
        return THREE_PAGES[after]

    sender = FakeSender(Service(answer))
    pages = Pages(REQUEST, BY_CURSOR)
    came = list(pages.iter_entries(list(pages.send(sender))))
    assert came == ([1, 2, 3, 4, None, 6, 7] if times == 1 else [1, 2, 3, 7])
    assert any("came empty" in text for text in sender.warnings) is (times != 1)


@pytest.mark.parametrize("last", ["c9", None])
def test_a_cursor_list_whose_rest_stays_empty_is_no_whole_list(last):
    def answer(after):
        return follow([1, 2, 3], "c3") if after == 0 else follow([], "c6" if after == "c3" else last and f"{after}9")

    came, error = break_off(BY_CURSOR, answer)
    assert (came, error.kind, error.resume) == ([1, 2, 3], "bad_answer", "c3")


def test_a_merged_cursor_answer_leads_nowhere_even_where_the_reading_stopped_early():
    merged, queries = read(BY_CURSOR, {0: follow([1, 2, 3], "c3")}, 2)
    assert (merged, len(queries)) == (follow([1, 2], None), 1)


@pytest.mark.parametrize(("max_items", "requests"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (100, 3)])
def test_max_items_ask_for_no_cursor_page_too_many(max_items, requests):
    assert len(read(BY_CURSOR, THREE_PAGES, max_items)[1]) == requests


def test_the_next_cursor_page_is_under_way_before_the_last_one_is_handed_on():
    asked = threading.Event()

    def answer(after):
        if after == "c3":
            asked.set()
        return THREE_PAGES[after]

    pages = iter_pages(REQUEST, BY_CURSOR, Service(answer))
    next(pages)
    assert asked.wait(60)
    assert len(list(pages)) == 2


def test_a_reading_goes_on_at_a_cursor():
    merged, queries = read(BY_CURSOR, THREE_PAGES, resume="c3")
    assert merged["artists"]["items"] == [4, None, 6, 7]
    assert queries == [ask(after="c3"), ask(after="c6")]


def test_a_cursor_page_that_fails_tells_the_cursor_to_go_on_at():
    came, error = break_off(BY_CURSOR, {**THREE_PAGES, "c6": InvocationFailed(FAILED)})
    assert (came, error.came, error.resume) == ([1, 2, 3, 4, None, 6], 6, "c6")


def test_closing_a_reading_by_cursor_ends_the_request_under_way():
    cancel, is_asked, is_over = Cancel(), threading.Event(), threading.Event()
    cancel.subscribe(is_over.set)

    def answer(after):
        if after == "c3":
            is_asked.set()
            is_over.wait(60)
        return THREE_PAGES[after]

    before = threading.active_count()
    pages = iter_pages(REQUEST, BY_CURSOR, Service(answer), cancel=cancel)
    next(pages)
    assert is_asked.wait(60)
    pages.close()
    assert (cancel.is_set, threading.active_count()) == (True, before)


# One page


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


# Pages that end before the list does, and pages of another size for another app


@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize("reach", [6, 7, 8])
def test_nothing_is_asked_for_out_of_reach_and_that_is_said(reach, width):
    page = replace(BY_OFFSET, reach=reach)
    service = Service(list_of(40))
    sender = FakeSender(service, width=width)
    plan = Pages(REQUEST, page)
    came = list(plan.iter_entries(list(plan.send(sender))))
    assert came[:reach] == list(range(reach))
    asked = [(int(query.get("offset", 0)), int(query["limit"])) for query in service.queries]
    assert max(offset for offset, _ in asked) < reach == max(offset + limit for offset, limit in asked)
    assert sender.warnings == [f"The service gives no more than the first {reach} of 40 entries."]


def test_a_list_within_reach_is_read_without_a_word():
    sender = FakeSender(Service(list_of(5)))
    list(Pages(REQUEST, replace(BY_OFFSET, reach=6)).send(sender))
    assert sender.warnings == []


@pytest.mark.parametrize(("mode", "size"), [("auto", 3), ("development", 3), ("extended", 9)])
def test_pages_are_as_large_as_the_app_may_ask_for(mode, size):
    route = Route(
        "GET", "api", "/things", (), (), (), replace(BY_OFFSET, sizes={"development": 3, "extended": 9}), None, {}, {}
    )
    block = SimpleNamespace(effect="read", routes=(route,), collect=None, is_idempotent=True)
    assert plan_requests(block, route, {}, mode).page.size == size


@pytest.mark.parametrize("empty", [3, 6, None])
def test_fewer_entries_than_the_service_counts_are_told_of(empty):
    """A page may be short where entries were left out; what says that it is the last may be empty."""

    def answer(offset):
        items = [] if offset == empty else [offset] * (2 if empty is None else 3)
        return {"items": items, "limit": 3, "total": 9, "next": "more" if offset < 6 else None}

    sender = FakeSender(Service(answer))
    pages = Pages(REQUEST, BY_OFFSET)
    came = list(pages.iter_entries(list(pages.send(sender))))
    assert (len(came), len(sender.warnings)) == (6, 1)
    if empty != 3:
        assert sender.warnings == ["The service says that there are 9 entries, and gave 6 of them."]


@pytest.mark.parametrize("total", [10**30, -(10**30), 1e300, 2**63])
def test_a_total_that_no_list_reaches_says_nothing(total):
    pages = {0: {"items": [1], "next": "more", "total": total}, 1: {"items": [2], "next": None, "total": total}}
    assert read(BY_OFFSET, pages)[0]["items"] == [1, 2]
