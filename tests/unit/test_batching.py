"""A list that is too long for one request is cut, its answers are joined, and a failure says how far it came."""

import pytest

from connector.batching import iter_batches, join_outputs, tell_apart
from connector.blocks import Route
from connector.errors import UNCERTAIN, ErrorDetail


def make_route(field="id", size=3):
    return Route("PUT", "api", "/things", (), (), (), None, field, size, {}, {})


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
    batches = list(iter_batches(route, {route.batch_field: ["x"] * (2 * route.batch_size + 1)}))
    assert [len(batch[route.batch_field]) for batch in batches] == [route.batch_size, route.batch_size, 1]


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


@pytest.mark.parametrize("kind", ["bad_request", "unauthorized", "rate_limited", "forbidden", "not_found"])
def test_a_batch_that_was_refused_is_not_done(kind):
    error = tell_apart(ErrorDetail(kind, "No."), done=[1, 2], failed=[3], left=[4, 5])
    assert error == ErrorDetail(
        kind, "No. Of 5 values 2 were done and 3 were not.", done=(1, 2), not_done=(3, 4, 5), uncertain=()
    )


@pytest.mark.parametrize("kind", sorted(UNCERTAIN))
def test_a_batch_whose_answer_was_lost_is_uncertain(kind):
    error = tell_apart(ErrorDetail(kind, "No."), done=[1, 2], failed=[3], left=[4, 5])
    assert error == ErrorDetail(
        kind,
        "No. Of 5 values 2 were done and 2 were not; for 1 it is uncertain.",
        done=(1, 2),
        not_done=(4, 5),
        uncertain=(3,),
    )
