"""A block's routes are tried in the manifest's order, as far as the app's quota mode and the arguments allow."""

from types import SimpleNamespace

import pytest

from connector.errors import ErrorDetail
from connector.manifest.routes import Route
from connector.way import routes
from connector.way.routes import RouteMemory, choose_routes, keep_doubt, sum_up

SUBSTITUTES = ["reccobeats"]


@pytest.mark.parametrize("mode", ["auto", "extended"])
def test_every_route_is_open_to_apps_of_which_nothing_is_known_and_to_extended_ones(each_block, mode):
    assert choose_routes(each_block, {}, mode, SUBSTITUTES) == each_block.routes


def test_development_mode_is_left_the_routes_that_are_not_closed_to_it(each_block):
    chosen = choose_routes(each_block, {}, "development")
    assert chosen == tuple(route for route in each_block.routes if not (route.closed or route.consent))
    assert bool(chosen) is (bool(each_block.routes) and each_block.closed_since("development") is None)


def test_a_route_is_left_out_for_an_argument_that_it_can_not_carry(each_hindered_route):
    block, route = each_hindered_route
    for name, value in route.cannot.items():
        others = tuple(other for other in block.routes if other is not route)
        assert choose_routes(block, {name: value}, "auto", SUBSTITUTES) == others
        assert choose_routes(block, {name: value}, "development", SUBSTITUTES) == ()
        assert f"It can be done without {name}." in sum_up(block, {name: value}, "auto", [], SUBSTITUTES).message


@pytest.mark.parametrize("args", [{}, {"public": True}])
def test_an_argument_that_hinders_nothing_is_not_spoken_of(manifest, args):
    block = manifest.block("followPlaylist")
    assert choose_routes(block, args, "auto") == block.routes
    assert "without" not in sum_up(block, args, "auto", [ErrorDetail("unavailable", "Closed.")]).message


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


def make_block(*ways):
    return SimpleNamespace(name="bookBerth", routes=ways, closed={}, instead=None)


def make_route(path, **cannot):
    return Route("PUT", "api", path, (), (), (), None, None, {}, cannot)


def test_where_no_route_can_carry_an_argument_that_is_said_and_nothing_is_called_closed():
    block = make_block(make_route("/a", public=True), make_route("/b", public=True, quiet=False))
    error = sum_up(block, {"public": True, "quiet": True}, "auto", [])
    assert (error.kind, [problem.name for problem in error.fields]) == ("invalid_fields", ["public"])
    assert "closed" not in error.message
    assert "It can be done without public." in error.message


def test_two_routes_on_one_path_are_two_to_the_memory():
    first, second, third = make_route("/a", public=True), make_route("/a"), make_route("/b")
    block, memory = make_block(first, second, third), RouteMemory()
    memory.note("an app", block, second, is_detour=True)
    assert list(memory.order("an app", block, block.routes)) == [second, first, third]


def test_the_memory_keeps_the_apps_that_called_last(monkeypatch):
    monkeypatch.setattr(routes, "_REMEMBERED", 3)
    first, second = make_route("/a"), make_route("/b")
    block, memory = make_block(first, second), RouteMemory()
    for app in "abc":
        memory.note(app, block, second, is_detour=True)
    memory.order("a", block, block.routes)
    memory.note("d", block, second, is_detour=True)
    assert [app for app in "abcd" if memory.order(app, block, block.routes)[0] is second] == ["a", "c", "d"]


def test_a_route_may_be_left_out_for_whatever_is_given_to_a_field():
    first, second = make_route("/a", drawing="given"), make_route("/b")
    block = make_block(first, second)
    assert choose_routes(block, {"signal": "gale"}, "auto") == (first, second)
    assert choose_routes(block, {"drawing": "<svg/>"}, "auto") == (second,)
