"""A list that is too long for one request is cut, its answers are joined, and a failure says how far it came."""

import json
import threading
import time
from types import SimpleNamespace

import pytest
from fake_sender import FakeSender

from connector.errors import UNCERTAIN, ErrorDetail, InvocationFailed
from connector.manifest.routes import Batch, Param, Route
from connector.many.batching import Batches, iter_batches, join_outputs, tell_apart
from connector.many.plan import plan_requests
from connector.result import Listing
from connector.wire.deadline import Cancel


def make_route(field="id", size=3):
    batch = Batch(field, size) if field else None
    return Route("PUT", "api", "/things", (Param("id", "id"),), (), (), None, batch, {}, {})


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (2, [2]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])])
def test_a_list_is_cut_in_order(count, sizes):
    batches = list(iter_batches(make_route(), {"id": list(range(count)), "other": "x"}))
    assert [len(batch["id"]) for batch in batches] == sizes
    assert [value for batch in batches for value in batch["id"]] == list(range(count))
    assert {batch["other"] for batch in batches} == {"x"}


@pytest.mark.parametrize("args", [{}, {"id": "one"}, {"other": [1, 2, 3, 4]}])
def test_without_a_list_there_is_one_request(args):
    assert list(iter_batches(make_route(), args)) == [args]


def test_a_route_without_batches_sends_a_list_whole():
    assert list(iter_batches(make_route(None, 0), {"id": [1, 2, 3, 4]})) == [{"id": [1, 2, 3, 4]}]


def test_the_batches_of_a_block_are_as_large_as_its_route_allows(each_batched_route):
    _, route = each_batched_route
    batches = list(iter_batches(route, {route.batch.field: ["x"] * (2 * route.batch.size + 1)}))
    assert [len(batch[route.batch.field]) for batch in batches] == [route.batch.size, route.batch.size, 1]


@pytest.mark.parametrize(
    ("outputs", "joined"),
    [
        ([{}], {}),
        ([{}, {}], {}),
        ([[True, False], [None], []], [True, False, None]),
        ([{"ids": [1]}, {"ids": [2, 3]}], {"ids": [1, 2, 3]}),
        ([{"ids": [1]}, {"ids": None}, {"ids": [3]}], {"ids": [1, 3]}),
        ([{"snapshot": "a"}, {"snapshot": "b"}], {"snapshot": "b"}),
        ([{}, {"ids": [1]}], {"ids": [1]}),
    ],
)
def test_outputs_are_joined(outputs, joined):
    assert join_outputs(outputs) == joined


@pytest.mark.parametrize("is_inside", [False, True], ids=["lists", "lists in objects"])
def test_thousands_of_outputs_are_joined_in_time_that_grows_as_they_do(is_inside):
    lists = [[number] for number in range(20_000)]
    first = lists[0]
    joined = join_outputs([{"items": each} for each in lists] if is_inside else lists)
    assert (joined["items"] if is_inside else joined) is first
    assert first == list(range(20_000))


@pytest.mark.parametrize("kind", ["bad_request", "unauthorized", "rate_limited", "forbidden", "not_found"])
def test_a_batch_that_was_refused_is_not_done(kind):
    error = tell_apart(ErrorDetail(kind, "No."), done=[1, 2], failed=[3], left=[4, 5])
    assert error == ErrorDetail(
        kind, "No. Of 5 values 2 were done and 3 were not.", done=(1, 2), not_done=(3, 4, 5), uncertain=()
    )


@pytest.mark.parametrize("kind", sorted(UNCERTAIN))
def test_a_batch_whose_answer_was_lost_is_uncertain(kind):
    error = tell_apart(ErrorDetail(kind, "No.", is_uncertain=True), done=[1, 2], failed=[3], left=[4, 5])
    assert error == ErrorDetail(
        kind,
        "No. Of 5 values 2 were done and 2 were not; for 1 it is uncertain.",
        done=(1, 2),
        not_done=(4, 5),
        uncertain=(3,),
        is_uncertain=True,
    )


def test_a_batch_that_never_left_is_not_done():
    error = tell_apart(ErrorDetail("network", "No."), done=[1], failed=[2], left=[])
    assert (error.done, error.not_done, error.uncertain) == ((1,), (2,), ())


# Sending


def make_block(effect="read", routes=1):
    return SimpleNamespace(effect=effect, routes=(make_route(),) * routes, listing=None, is_idempotent=True)


def send_all(values, send, effect="read", routes=1, **options):
    """All answers of `send`, which is given the values of each request, joined."""

    def answer(request):
        return send({"id": [int(value) for value in dict(request.query)["id"].split(",")]})

    plan = plan_requests(make_block(effect, routes), make_route(), {"id": values})
    return plan.join(list(plan.send(FakeSender(answer, **options))))


def fail_at(value, kind="server_error"):
    """A service that answers each value tenfold, but fails where a batch begins with `value`."""

    def send(args):
        if args["id"][0] == value:
            raise InvocationFailed(ErrorDetail(kind, "No."))
        return [entry * 10 for entry in args["id"]]

    return send


@pytest.mark.parametrize("width", [1, 2, 8])
@pytest.mark.parametrize("routes", [1, 2])
@pytest.mark.parametrize("count", [1, 3, 4, 50])
def test_reads_are_joined_in_the_order_of_the_values(count, routes, width):
    def send(args):
        time.sleep(0.002 * (args["id"][0] % 2))
        return [entry * 10 for entry in args["id"]]

    assert send_all(list(range(count)), send, routes=routes, width=width) == [entry * 10 for entry in range(count)]


def test_reads_are_sent_side_by_side():
    barrier = threading.Barrier(4, timeout=10)

    def send(args):
        barrier.wait()
        return args["id"]

    assert send_all(list(range(12)), send) == list(range(12))


def test_writes_are_sent_one_after_the_other():
    seen = []

    def send(args):
        seen.append((args["id"], threading.current_thread()))
        return {}

    assert send_all(list(range(7)), send, "write") == {}
    assert seen == [(batch, threading.current_thread()) for batch in ([0, 1, 2], [3, 4, 5], [6])]


def test_where_another_route_may_take_over_the_first_batch_finds_out_alone():
    seen = []

    def send(args):
        seen.append(args["id"])
        raise InvocationFailed(ErrorDetail("unavailable", "Closed."))

    with pytest.raises(InvocationFailed) as caught:
        send_all(list(range(30)), send, routes=2)
    assert (seen, caught.value.error) == ([[0, 1, 2]], ErrorDetail("unavailable", "Closed."))


@pytest.mark.parametrize("width", [1, 8])
def test_a_read_that_fails_midway_tells_how_far_it_came(width):
    with pytest.raises(InvocationFailed) as caught:
        send_all(list(range(10)), fail_at(6), width=width)
    assert caught.value.error == ErrorDetail(
        "server_error",
        "No. Of 10 values 6 were answered before that.",
        came=6,
        not_done=(6, 7, 8, 9),
    )


def test_a_read_that_fails_at_once_is_told_as_it_is():
    with pytest.raises(InvocationFailed) as caught:
        send_all(list(range(10)), fail_at(0))
    assert caught.value.error == ErrorDetail("server_error", "No.")


def test_a_failure_stops_the_reads_under_way():
    stop, is_over, others = Cancel(), threading.Event(), threading.Semaphore(0)
    stop.subscribe(is_over.set)

    def send(args):
        if args["id"][0] == 0:
            for _ in range(3):
                others.acquire(timeout=60)
            raise InvocationFailed(ErrorDetail("server_error", "No."))
        others.release()
        is_over.wait(60)
        return args["id"]

    before = threading.active_count()
    with pytest.raises(InvocationFailed):
        send_all(list(range(12)), send, cancel=stop)
    assert (stop.is_set, threading.active_count()) == (True, before)


@pytest.mark.parametrize("kind", ["bad_request", "server_error"])
def test_a_write_that_fails_midway_tells_its_values_apart(kind):
    with pytest.raises(InvocationFailed) as caught:
        send_all(list(range(10)), fail_at(3, kind), "write")
    assert caught.value.error == tell_apart(ErrorDetail(kind, "No."), [0, 1, 2], [3, 4, 5], [6, 7, 8, 9])


@pytest.mark.parametrize("count", [2, 3, 7])
def test_a_read_with_an_answer_too_few_would_move_the_others_places(count):
    def send(args):
        return args["id"][:-1] if args["id"][-1] == count - 1 else args["id"]

    with pytest.raises(InvocationFailed) as caught:
        send_all(list(range(count)), send)
    assert caught.value.error.kind == "bad_answer"


def place(*entries):
    sender = FakeSender(lambda _request: {"found": list(entries)})
    return list(Batches((None,), (["a", "b"],), is_read=True, list_at=("found",), by="id").send(sender))


def test_entries_go_to_the_places_of_their_values():
    assert place({"id": "b"}, None, {"id": "a"}) == [{"found": [{"id": "a"}, {"id": "b"}]}]
    assert place(None) == [{"found": [None, None]}]


@pytest.mark.parametrize("odd", [7, "b", {}, {"id": None}, {"id": ["b"]}, {"id": {}}, {"id": "c"}, {"id": "A"}])
def test_an_entry_of_no_value_that_was_asked_for_is_a_bad_answer(odd):
    with pytest.raises(InvocationFailed, match="something else than was asked for") as caught:
        place(odd, {"id": "a"})
    assert caught.value.error.kind == "bad_answer"


def test_one_batch_takes_no_thread():
    threads = []

    def send(args):
        threads.append(threading.current_thread())
        return args["id"]

    assert send_all([1, 2], send) == [1, 2]
    assert threads == [threading.current_thread()]


# Positions, other ways and one request for each


BODY = (Param("ids", "id"), Param("position", "position"))


def plan(route, args, *, effect="write", is_idempotent=True, **more):
    listing = Listing((route.collect,)) if route.collect else None
    block = SimpleNamespace(effect=effect, routes=(route,), listing=listing, is_idempotent=is_idempotent)
    return plan_requests(block, route, args)


def bodies(requests):
    return [json.loads(request.content) for request in requests]


def test_a_position_moves_on_by_what_went_before():
    route = Route("POST", "api", "/things", (), (), BODY, None, Batch("id", 3, advance="position"), {}, {})
    requests = plan(route, {"id": list(range(7)), "position": 10}).requests
    assert [body["position"] for body in bodies(requests)] == [10, 13, 16]
    assert bodies(plan(route, {"id": list(range(4))}).requests) == [{"ids": [0, 1, 2]}, {"ids": [3]}]


@pytest.mark.parametrize("is_idempotent", [True, False])
def test_the_first_piece_replaces_and_the_others_go_another_way_that_is_not_repeated(is_idempotent):
    batch = Batch("id", 3, then=("POST", "/things/more"))
    route = Route("PUT", "api", "/things", (), (), BODY[:1], None, batch, {}, {})
    requests = plan(route, {"id": list(range(7))}, is_idempotent=is_idempotent).requests
    assert [(each.method, each.path) for each in requests] == [("PUT", "/things")] + [("POST", "/things/more")] * 2
    assert [each.is_repeatable for each in requests] == [is_idempotent, False, False]
    assert [body["ids"] for body in bodies(requests)] == [[0, 1, 2], [3, 4, 5], [6]]


def read_one_by_one(values, send, **options):
    route = Route("GET", "api", "/things/{id}", (), (), (), None, None, {}, {}, each="id", collect="things")
    sender = FakeSender(lambda request: send(int(request.path.rpartition("/")[2])), **options)
    made = plan(route, {"id": values}, effect="read")
    answers = list(made.send(sender))
    return made, answers


@pytest.mark.parametrize("width", [1, 8])
def test_one_request_for_each_value_gives_a_list_in_order_with_null_for_what_is_not_there(width):
    def send(number):
        if number % 3 == 2:
            raise InvocationFailed(ErrorDetail("not_found", "None of that."))
        return {"number": number}

    made, answers = read_one_by_one(list(range(20)), send, width=width)
    expected = [None if number % 3 == 2 else {"number": number} for number in range(20)]
    assert made.join(answers) == {"things": expected}
    assert list(made.iter_entries(answers)) == expected


def test_one_request_for_each_value_that_fails_tells_how_far_it_came():
    def send(number):
        if number == 5:
            raise InvocationFailed(ErrorDetail("rate_limited", "Too many."))
        return number

    with pytest.raises(InvocationFailed) as caught:
        read_one_by_one(list(range(8)), send, width=1)
    assert (caught.value.error.came, caught.value.error.not_done) == (5, (5, 6, 7))
