"""A stand-in for ReccoBeats, another service that knows how tracks sound: features and recommendations by Spotify ids.

Shapes and limits: reccobeats.com/docs. It needs no key and asks for no token; what it doesn't know it leaves out. Its
numbers are those of the sandbox's own audio features, for users report the same of the two services. Its ids are UUIDs.
"""

from collections.abc import Callable
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox.answers import Answer, Refused, json_answer, rate_limited
from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.ids import make_id, position_of
from connector.sandbox.state import State
from connector.sandbox.traits import SIZES, attributes, seeded

PATH: Final = "/reccobeats/v1"
_MOST_IDS: Final = 40
_MOST_SEEDS: Final = 5
_MOST_TRACKS: Final = 100
_POOL: Final = 250
_UNKNOWN: Final = 9
_KEYLESS: Final = 3
_FEATURES: Final = (
    *("acousticness", "danceability", "energy", "instrumentalness", "key", "liveness", "loudness", "mode"),
    *("speechiness", "tempo", "valence"),
)
_SPAN: Final = {"key": 11.0, "loudness": 60.0, "tempo": 250.0}
"""How far the values of a feature lie apart, 1 for all others."""


def build_routes(state: State) -> list[Route]:
    """Starlette routes for the two endpoints."""

    def route(path: str, handle: Callable[[Catalogue, QueryParams], Answer]) -> Route:
        async def endpoint(request: Request) -> Response:
            answer = _count(state)
            try:
                answer = answer or handle(state.catalogue, request.query_params)
            except Refused as refused:
                answer = refused.answer
            return Response(answer.body, answer.status, answer.headers, answer.media_type)

        return Route(f"{PATH}{path}", endpoint, methods=["GET"])

    return [route("/audio-features", _get_features), route("/track/recommendation", _get_recommendations)]


def _count(state: State) -> Answer | None:
    if state.reccobeats_limit is None:
        return None
    wait_s = state.rate_window.admit("reccobeats", state.reccobeats_limit, state.clock.now_s())
    return None if wait_s is None else rate_limited(str(wait_s))


def _get_features(catalogue: Catalogue, query: QueryParams) -> Answer:
    positions = [position_of("track", identifier) for identifier in _read_ids(query, "ids", _MOST_IDS)]
    known = [position for position in positions if position is not None and _knows(position)]
    return json_answer(
        {
            "content": [
                {
                    "id": _own_id("track", position),
                    "href": f"https://open.spotify.com/track/{make_id('track', position)}",
                    "isrc": f"XXSBX{position % 10**7:07}",
                    **_features(catalogue, position),
                }
                for position in known
            ]
        }
    )


def _features(catalogue: Catalogue, position: int) -> Json:
    features: Json = {name: attributes(position)[name] for name in _FEATURES}
    if catalogue.is_awkward and position % 10 == _KEYLESS:
        features["key"] = -1
    return features


def _get_recommendations(catalogue: Catalogue, query: QueryParams) -> Answer:
    seeds = [position_of("track", identifier) for identifier in _read_ids(query, "seeds", _MOST_SEEDS)]
    size = query.get("size", "")
    if not size.isdecimal() or not 1 <= int(size) <= _MOST_TRACKS:
        raise _refuse("size must be between 1 and 100")
    try:
        wishes = {name: float(query[name]) for name in (*_FEATURES, "popularity") if name in query}
    except ValueError:
        raise _refuse("Invalid value") from None
    if None in seeds:
        raise _refuse("Seed not found")
    pool = {track for seed in seeds for track in seeded("reccobeats", seed or 0).sample(range(SIZES["track"]), _POOL)}

    def distance(position: int) -> tuple[float, int]:
        own = attributes(position)
        far = sum(abs(own[name] - value) / _SPAN.get(name, 1.0) for name, value in wishes.items())
        return far, position

    near = sorted((position for position in pool - set(seeds) if _knows(position)), key=distance)
    return json_answer({"content": [_track(catalogue, position) for position in near[: int(size)]]})


def _track(catalogue: Catalogue, position: int) -> Json:
    track = catalogue.track(position)
    return {
        "id": _own_id("track", position),
        "trackTitle": track["name"],
        "artists": [
            {
                "id": _own_id("artist", position_of("artist", artist["id"]) or 0),
                "name": artist["name"],
                "href": artist["external_urls"]["spotify"],
            }
            for artist in track["artists"]
        ],
        "durationMs": track["duration_ms"],
        "isrc": track["external_ids"]["isrc"],
        "ean": None,
        "upc": None,
        "href": track["external_urls"]["spotify"],
        "availableCountries": ",".join(track["available_markets"]),
        "popularity": track["popularity"],
    }


def _knows(position: int) -> bool:
    return position % 10 != 9


def _own_id(kind: str, position: int) -> str:
    return str(uuid5(NAMESPACE_URL, make_id(kind, position)))


def _read_ids(query: QueryParams, name: str, most: int) -> list[str]:
    # Both forms are documented: separated by commas, and one by one.
    ids = [identifier for listed in query.getlist(name) for identifier in listed.split(",") if identifier]
    if not 1 <= len(ids) <= most:
        raise _refuse(f"{name} must hold between 1 and {most} ids")
    return ids


def _refuse(message: str) -> Refused:
    return Refused(json_answer({"status": 400, "error": message}, 400))
