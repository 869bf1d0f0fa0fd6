"""GET /recommendations: tracks near some seeds, filtered and ranked by their attributes.

Limits: reference of "Get Recommendations": up to five seeds over artists, genres and tracks together, 1 to 100 tracks.
"""

from typing import Final

from connector.sandbox.answers import Answer, json_answer
from connector.sandbox.catalogue import Json
from connector.sandbox.ids import is_id, position_of
from connector.sandbox.names import GENRES
from connector.sandbox.operations import Operation
from connector.sandbox.parameters import ApiRequest, read_limit, read_market, refuse
from connector.sandbox.traits import SIZES, artist_genres, attributes, seeded, track_artist

_MAX_SEEDS: Final = 5
_POOL: Final = 250
_RANGES: Final[dict[str, tuple[float, float]]] = {
    "acousticness": (0, 1),
    "danceability": (0, 1),
    "duration_ms": (0, 10**9),
    "energy": (0, 1),
    "instrumentalness": (0, 1),
    "key": (0, 11),
    "liveness": (0, 1),
    "loudness": (-1000, 1000),
    "mode": (0, 1),
    "popularity": (0, 100),
    "speechiness": (0, 1),
    "tempo": (0, 10_000),
    "time_signature": (0, 11),
    "valence": (0, 1),
}
_WHOLE: Final = ("duration_ms", "key", "mode", "popularity", "time_signature")


def _get_recommendations(request: ApiRequest) -> Answer:
    limit = read_limit(request, minimum=1, maximum=100)
    market = read_market(request)
    tunings = _read_tunings(request)
    pools = [(kind, seed, _pool(kind, seed)) for kind, seed in _read_seeds(request)]
    passing = {
        position for _, _, pool in pools for position in pool if all(_passes(position, *tuning) for tuning in tunings)
    }
    targets = [(attribute, value) for bound, attribute, value in tunings if bound == "target"]
    ranked = sorted(passing, key=lambda position: (_distance(position, targets), position))
    return json_answer(
        {
            "seeds": [_seed_answer(request, kind, seed, pool, passing) for kind, seed, pool in pools],
            "tracks": [request.state.catalogue.track(position, market) for position in ranked[:limit]],
        }
    )


def _read_seeds(request: ApiRequest) -> list[tuple[str, str]]:
    seeds = [
        (kind, seed)
        for kind in ("artist", "genre", "track")
        for seed in request.query.get(f"seed_{kind}s", "").split(",")
        if seed
    ]
    is_malformed = any(kind != "genre" and not is_id(seed) for kind, seed in seeds)
    if is_malformed or not 1 <= len(seeds) <= _MAX_SEEDS:
        raise refuse(400, "invalid request")
    return seeds


def _read_tunings(request: ApiRequest) -> list[tuple[str, str, float]]:
    """(bound, attribute, value) of each `min_…`, `max_…` and `target_…`."""
    tunings = []
    for attribute, (lowest, highest) in _RANGES.items():
        for bound in ("min", "max", "target"):
            text = request.query.get(f"{bound}_{attribute}")
            if text is None:
                continue
            try:
                value = float(int(text)) if attribute in _WHOLE else float(text)
            except ValueError:
                raise refuse(400, "invalid request") from None
            if not lowest <= value <= highest:
                raise refuse(400, "invalid request")
            tunings.append((bound, attribute, value))
    return tunings


def _pool(kind: str, seed: str) -> list[int]:
    """Positions of the tracks that a seed suggests; none for a seed that does not exist."""
    if kind == "genre":
        if seed not in GENRES:
            return []
        fitting = [track for track in range(SIZES["track"]) if seed in artist_genres(track_artist(track))]
        return fitting[:_POOL]
    position = position_of(kind, seed)
    if position is None:
        return []
    return seeded(f"pool-{kind}", position).sample(range(SIZES["track"]), _POOL)


def _passes(position: int, bound: str, attribute: str, value: float) -> bool:
    own = attributes(position)[attribute]
    return bound == "target" or (own >= value if bound == "min" else own <= value)


def _distance(position: int, targets: list[tuple[str, float]]) -> float:
    own = attributes(position)
    return sum(
        abs(own[attribute] - value) / (_RANGES[attribute][1] - _RANGES[attribute][0]) for attribute, value in targets
    )


def _seed_answer(request: ApiRequest, kind: str, seed: str, pool: list[int], passing: set[int]) -> Json:
    remaining = sum(position in passing for position in pool)
    answer: Json = {
        "afterFilteringSize": remaining,
        "afterRelinkingSize": remaining,
        "id": seed,
        "initialPoolSize": len(pool),
        "type": kind.upper(),
    }
    href = None if kind == "genre" else request.state.catalogue.href(f"/{kind}s/{seed}")
    # A genre has no address: live answers write null, which the description does not allow for.
    return {**answer, "href": href}


OPERATIONS: Final = (Operation("GET /recommendations", _get_recommendations, closed=404),)
"""Recommendations."""
