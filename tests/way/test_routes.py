"""A block's routes are tried in the manifest's order, as far as the app's quota mode and the arguments allow."""

import pytest

from connector.errors import ErrorDetail
from connector.way.routes import choose_routes, describe_detour, keep_doubt


@pytest.mark.parametrize("mode", ["auto", "extended"])
def test_every_route_is_open_to_apps_of_which_nothing_is_known_and_to_extended_ones(each_block, mode):
    assert choose_routes(each_block, {}, mode) == each_block.routes


def test_development_mode_is_left_the_routes_that_are_not_closed_to_it(each_block):
    chosen = choose_routes(each_block, {}, "development")
    assert chosen == tuple(route for route in each_block.routes if not route.closed)
    assert bool(chosen) is (each_block.closed_since("development") is None)


def test_a_route_is_left_out_for_an_argument_that_it_can_not_carry(each_hindered_route):
    block, route = each_hindered_route
    for name, value in route.cannot.items():
        others = tuple(other for other in block.routes if other is not route)
        assert choose_routes(block, {name: value}, "auto") == others
        assert choose_routes(block, {name: value}, "development") == ()
        assert describe_detour(block, {name: value}) == f"It can be done without {name}."


@pytest.mark.parametrize("args", [{}, {"public": True}])
def test_an_argument_that_hinders_nothing_is_not_spoken_of(manifest, args):
    block = manifest.block("followPlaylist")
    assert choose_routes(block, args, "auto") == block.routes
    assert describe_detour(block, args) == ""


@pytest.mark.parametrize(
    ("error", "told"),
    [
        pytest.param({"not_done": ("a", "b", "c")}, {"not_done": ("c",), "uncertain": ("a", "b")}, id="not done"),
        pytest.param(
            {"done": ("a",), "uncertain": ("b",), "not_done": ("c",)},
            {"done": ("a",), "uncertain": ("b",), "not_done": ("c",)},
            id="done since",
        ),
        pytest.param({}, {}, id="no list"),
    ],
)
def test_what_one_route_left_uncertain_stays_so_until_another_has_done_it(error, told):
    earlier = ErrorDetail("not_found", "Gone.", is_uncertain=True, uncertain=("a", "b"), not_done=("c",))
    assert keep_doubt(ErrorDetail("forbidden", "No.", **error), [earlier]) == ErrorDetail(
        "forbidden", "No.", is_uncertain=True, **told
    )


def test_what_an_earlier_route_certainly_refused_leaves_no_doubt():
    error = ErrorDetail("forbidden", "No.", not_done=("a",))
    assert keep_doubt(error, [ErrorDetail("not_found", "Gone.", not_done=("a",))]) == error
