"""What is true of a thing by its position in the catalogue, without its words: numbers, and how things hang together.

Things own others by arithmetic, see `Series`: five albums of 10, 2, 12, 1 and 5 tracks repeat for ever.
"""

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from math import gcd
from random import Random
from typing import Final

from connector.sandbox import names

SIZES: Final = {
    "artist": 307,
    "album": 401,
    "track": 2400,
    "playlist": 311,
    "category": 64,
    "show": 89,
    "episode": 1800,
    "audiobook": 97,
    "chapter": 2500,
}
"""How many things of a kind lists and searches draw from. Ids beyond these are valid as well."""

_ALBUM_TYPES: Final = ("album", "single", "compilation", "single", "album")


class Series:
    """Which things own which: owners with so many members each repeat for ever.

    Args:
        sizes: members of the first owners, after which it begins again.
    """

    def __init__(self, *sizes: int) -> None:
        self._sizes = sizes
        self._starts = (0, *accumulate(sizes))

    def size(self, owner: int) -> int:
        """How many members the owner at this position has."""
        return self._sizes[owner % len(self._sizes)]

    def first(self, owner: int) -> int:
        """The position of an owner's first member."""
        cycle, index = divmod(owner, len(self._sizes))
        return cycle * self._starts[-1] + self._starts[index]

    def place(self, member: int) -> tuple[int, int]:
        """(owner's position, place in it from 0) of the member at a position."""
        cycle, rest = divmod(member, self._starts[-1])
        index = bisect_right(self._starts, rest) - 1
        return cycle * len(self._sizes) + index, rest - self._starts[index]


ALBUMS: Final = Series(10, 2, 12, 1, 5)
"""Tracks by album."""
SHOWS: Final = Series(75, 12, 3, 40, 20)
"""Episodes by show."""
AUDIOBOOKS: Final = Series(62, 8, 17, 30)
"""Chapters by audiobook."""


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


def album_type(position: int) -> str:
    """Whether the album at `position` is an album, a single or a compilation."""
    return _ALBUM_TYPES[position % len(_ALBUM_TYPES)]


@lru_cache(maxsize=4096)
def artist_genres(position: int) -> tuple[str, ...]:
    """The genres of the artist at `position`, one to three."""
    rng = seeded("genres", position)
    return tuple(rng.sample(names.GENRES, rng.randrange(1, 4)))


def track_artist(position: int) -> int:
    """The position of the first artist of the track at `position`."""
    return ALBUMS.place(position)[0] % SIZES["artist"]


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
