"""Endpoints that show what there is: new releases, playlists, categories, genres, markets and users."""

from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.ids import position_of
from connector.sandbox.names import GENRES, MARKETS
from connector.sandbox.operations import Operation
from connector.sandbox.pages import list_page
from connector.sandbox.parameters import ApiRequest, check_country, read_timestamp, refuse
from connector.sandbox.playlists import is_user
from connector.sandbox.traits import SIZES, spread

_GREETINGS: Final = ((5, "Still awake?"), (11, "Good morning"), (17, "Good afternoon"), (24, "Good evening"))
_CATEGORY_SHIFT: Final = 61


def _get_featured_playlists(request: ApiRequest) -> Answer:
    """The message follows the hour of `timestamp`."""
    check_country(request)
    local_time = read_timestamp(request)
    hour = 12 if local_time is None else local_time.hour
    message = next(greeting for until, greeting in _GREETINGS if hour < until)
    total = request.state.sizes["featured_playlists"]
    return json_answer({"message": message, "playlists": _playlist_page(request, "featured_playlists", total, 0)})


def _get_new_releases(request: ApiRequest) -> Answer:
    check_country(request)
    state = request.state
    total = state.sizes["new_releases"]

    def make_items(start: int, stop: int) -> list[Json]:
        return [state.catalogue.album(spread(place, total, "album")) for place in range(start, stop)]

    return json_answer({"albums": list_page(request, "new_releases", make_items, total)})


def _get_categories(request: ApiRequest) -> Answer:
    check_country(request)
    state = request.state

    def make_items(start: int, stop: int) -> list[Json]:
        return [state.playlists.category(place) for place in range(start, stop)]

    return json_answer({"categories": list_page(request, "categories", make_items, state.sizes["categories"])})


def _get_category(request: ApiRequest) -> Answer:
    check_country(request)
    return json_answer(request.state.playlists.category(_find_category(request)))


def _get_category_playlists(request: ApiRequest) -> Answer:
    check_country(request)
    category = _find_category(request)
    total = request.state.category_size(category)
    page = _playlist_page(request, "category_playlists", total, (category + 1) * _CATEGORY_SHIFT)
    return json_answer({"message": "Playlists", "playlists": page})


def _get_user(request: ApiRequest) -> Answer:
    if not is_user(request.names["id"]):
        raise refuse(404, "No such user")
    return json_answer(request.state.playlists.user(request.names["id"]))


def _playlist_page(request: ApiRequest, name: str, total: int, shift: int) -> Json:
    size = max(total, SIZES["playlist"])

    def make_items(start: int, stop: int) -> list[Json]:
        places = range(start + shift, stop + shift)
        return [request.state.playlists.playlist(spread(place % size, size, "playlist")) for place in places]

    return list_page(request, name, make_items, total)


def _find_category(request: ApiRequest) -> int:
    position = position_of("category", request.names["id"])
    # The two categories of the examples exist even where the list of categories was emptied.
    if position is None or position >= max(2, request.state.sizes["categories"]):
        raise refuse(404, "Resource not found")
    return position


def _get_genres(_: ApiRequest) -> Answer:
    return json_answer({"genres": list(GENRES)})


def _get_markets(_: ApiRequest) -> Answer:
    return json_answer({"markets": list(MARKETS)})


OPERATIONS: Final = (
    Operation("GET /browse/categories", _get_categories, closed=403),
    Operation("GET /browse/categories/{id}", _get_category, closed=403),
    Operation("GET /browse/categories/{id}/playlists", _get_category_playlists, closed=403),
    Operation("GET /browse/featured-playlists", _get_featured_playlists, closed=403),
    Operation("GET /browse/new-releases", _get_new_releases, closed=403),
    Operation("GET /markets", _get_markets, closed=403),
    Operation("GET /recommendations/available-genre-seeds", _get_genres, closed=404),
    Operation("GET /users/{id}", _get_user, closed=403),
)
"""Browsing and profiles."""
