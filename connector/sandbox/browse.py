"""Endpoints that browse the catalogue: new releases, categories, playlists, single things."""

from collections.abc import Callable
from typing import Any, Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.ids import position_of
from connector.sandbox.pages import offset_page
from connector.sandbox.parameters import (
    ApiRequest,
    check_country,
    find_in_path,
    read_limit,
    read_market,
    read_offset,
    read_timestamp,
    refuse,
)
from connector.sandbox.playlists import is_user
from connector.sandbox.traits import SIZES, spread

_GREETINGS: Final = ((5, "Still awake?"), (11, "Good morning"), (17, "Good afternoon"), (24, "Good evening"))
_CATEGORY_SHIFT: Final = 61


def get_featured_playlists(request: ApiRequest) -> Answer:
    """GET /browse/featured-playlists; the message follows the hour of `timestamp`."""
    check_country(request)
    local_time = read_timestamp(request)
    hour = 12 if local_time is None else local_time.hour
    message = next(greeting for until, greeting in _GREETINGS if hour < until)
    total = request.state.sizes["featured_playlists"]
    page = _playlist_page(request, "featured_playlists", total, 0)
    return json_answer({"message": message, "playlists": page})


def get_new_releases(request: ApiRequest) -> Answer:
    """GET /browse/new-releases."""
    check_country(request)
    state = request.state
    total = state.sizes["new_releases"]

    def make_items(start: int, stop: int) -> list[Json | None]:
        albums = [state.catalogue.album(spread(place, total, "album")) for place in range(start, stop)]
        return with_nulls(request, "new_releases", start, albums)

    return json_answer({"albums": _page(request, make_items, total)})


def get_categories(request: ApiRequest) -> Answer:
    """GET /browse/categories."""
    check_country(request)
    state = request.state

    def make_items(start: int, stop: int) -> list[Json | None]:
        categories = [state.playlists.category(place) for place in range(start, stop)]
        return with_nulls(request, "categories", start, categories)

    return json_answer({"categories": _page(request, make_items, state.sizes["categories"])})


def get_category(request: ApiRequest) -> Answer:
    """GET /browse/categories/{id}."""
    check_country(request)
    return json_answer(request.state.playlists.category(_find_category(request)))


def get_category_playlists(request: ApiRequest) -> Answer:
    """GET /browse/categories/{id}/playlists."""
    check_country(request)
    category = _find_category(request)
    total = request.state.category_size(category)
    shift = (category + 1) * _CATEGORY_SHIFT
    page = _playlist_page(request, "category_playlists", total, shift)
    return json_answer({"message": "Playlists", "playlists": page})


def get_track(request: ApiRequest) -> Answer:
    """GET /tracks/{id}."""
    position = find_in_path(request, "track")
    return json_answer(request.state.catalogue.track(position, read_market(request)))


def get_artist(request: ApiRequest) -> Answer:
    """GET /artists/{id}."""
    return json_answer(request.state.catalogue.artist(find_in_path(request, "artist")))


def get_audio_features(request: ApiRequest) -> Answer:
    """GET /audio-features/{id}."""
    features = request.state.catalogue.audio_features(find_in_path(request, "track"))
    if features is None:
        raise refuse(404, "analysis not found")
    return json_answer(features)


def get_user(request: ApiRequest) -> Answer:
    """GET /users/{id}."""
    if not is_user(request.names["id"]):
        raise refuse(404, "No such user")
    return json_answer(request.state.playlists.user(request.names["id"]))


def with_nulls(request: ApiRequest, name: str, start: int, items: list[Json]) -> list[Json | None]:
    """The items of list `name` from place `start` on, with null where the state says so."""
    nulls = {place - start for place in request.state.nulls.get(name, ())}
    return [None if index in nulls else item for index, item in enumerate(items)]


def _page(request: ApiRequest, make_items: Callable[[int, int], list[Any]], total: int) -> Json:
    return offset_page(request, make_items, total=total, limit=read_limit(request), offset=read_offset(request))


def _playlist_page(request: ApiRequest, name: str, total: int, shift: int) -> Json:
    size = max(total, SIZES["playlist"])

    def make_items(start: int, stop: int) -> list[Json | None]:
        places = range(start + shift, stop + shift)
        playlists = [request.state.playlists.playlist(spread(place % size, size, "playlist")) for place in places]
        return with_nulls(request, name, start, playlists)

    return _page(request, make_items, total)


def _find_category(request: ApiRequest) -> int:
    position = position_of("category", request.names["id"])
    # The two categories of the examples exist even where the list of categories was emptied.
    if position is None or position >= max(2, request.state.sizes["categories"]):
        raise refuse(404, "Resource not found")
    return position
