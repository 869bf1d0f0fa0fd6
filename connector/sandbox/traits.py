"""What is true of a thing by its position in the catalogue, without its words: numbers, and how things hang together.

Albums own their tracks by arithmetic: five albums of 10, 2, 12, 1 and 5 tracks repeat for ever.
"""

from bisect import bisect_right
from functools import lru_cache
from math import gcd
from random import Random
from typing import Final

from connector.sandbox import names

SIZES: Final = {"artist": 307, "album": 401, "track": 2400, "playlist": 311, "category": 64}
"""How many things of a kind lists and searches draw from. Ids beyond these are valid as well."""

CYCLE: Final = (("album", 10), ("single", 2), ("compilation", 12), ("single", 1), ("album", 5))
"""Kind and number of tracks of the albums that repeat."""

_STARTS: Final = (0, 10, 12, 24, 25)
_TRACKS: Final = 30


def seeded(kind: str, position: int) -> Random:
    """A random source that always gives the same for the same thing."""
    return Random(f"{kind}/{position}")  # noqa: S311 - invents names, guards nothing


@lru_cache(maxsize=64)
def _stride(size: int) -> int:
    stride = max(1, int(size * 0.618))
    while gcd(stride, size) != 1:
        stride += 1
    return stride


def spread(place: int, count: int, kind: str) -> int:
    """The position of the `place`-th of `count` different things of `kind`, taken from all over the catalogue.

    Place 0 is position 0, an example of the documentation. A `count` beyond the catalogue widens it.
    """
    size = max(count, SIZES[kind])
    return place * _stride(size) % size


@lru_cache(maxsize=4096)
def artist_genres(position: int) -> tuple[str, ...]:
    """The genres of the artist at `position`, one to three."""
    rng = seeded("genres", position)
    return tuple(rng.sample(names.GENRES, rng.randrange(1, 4)))


def track_artist(position: int) -> int:
    """The position of the first artist of the track at `position`."""
    return place_on_album(position)[0] % SIZES["artist"]


def duration_ms(position: int) -> int:
    """How long the track at `position` lasts, in milliseconds."""
    return seeded("duration", position).randrange(95_000, 420_000)


def popularity(position: int) -> int:
    """The popularity of the track at `position`, 0 to 100."""
    return seeded("popularity", position).randrange(0, 101)


@lru_cache(maxsize=8192)
def attributes(position: int) -> dict[str, float]:
    """The 14 attributes by which recommendations are tuned; ranges as in the description of `/recommendations`.

    Returns:
        acousticness, danceability, energy, instrumentalness, liveness, speechiness and valence from 0 to 1, duration_ms
        (ms), key 0 to 11, loudness (dB), mode 0 or 1, popularity 0 to 100, tempo (beats a minute), time_signature
        3 to 5. The dictionary is shared between callers: copy it before changing it.
    """
    rng = seeded("attributes", position)
    shares = ("acousticness", "danceability", "energy", "instrumentalness", "liveness", "speechiness", "valence")
    return {
        **{share: round(rng.random(), 4) for share in shares},
        "duration_ms": duration_ms(position),
        "key": rng.randrange(0, 12),
        "loudness": round(rng.uniform(-32, -2), 3),
        "mode": rng.randrange(0, 2),
        "popularity": popularity(position),
        "tempo": round(rng.uniform(58, 196), 3),
        "time_signature": rng.choices((3, 4, 5), (2, 17, 1))[0],
    }


def place_on_album(position: int) -> tuple[int, int]:
    """(album position, place on it from 0) of the track at `position`."""
    cycle, rest = divmod(position, _TRACKS)
    index = bisect_right(_STARTS, rest) - 1
    return cycle * len(CYCLE) + index, rest - _STARTS[index]


def first_track(position: int) -> int:
    """The position of the first track of the album at `position`."""
    return position // len(CYCLE) * _TRACKS + _STARTS[position % len(CYCLE)]
