"""Artists, albums, tracks and audio features of the sandbox, in the Web API's own JSON shapes.

Nothing is stored: each object is computed from its kind and position (see `ids`), the same one at every call. Albums
own their tracks by arithmetic: five albums of 10, 2, 12, 1 and 5 tracks repeat for ever.

Field names and types follow the objects of the Web API's OpenAPI description (state of August 2026). Where live answers
differ from it, some positions carry the difference, as long as `Catalogue.is_awkward` is set: album types in capitals,
a release date "0000", whole numbers written as floats.

This module knows no HTTP and nobody's library.
"""

from bisect import bisect_right
from functools import lru_cache
from math import gcd
from random import Random
from typing import Any, Final

from connector.sandbox import names
from connector.sandbox.ids import make_id

Json = dict[str, Any]

SIZES: Final = {"artist": 307, "album": 401, "track": 2400, "playlist": 311, "category": 64}
"""How many things of a kind lists and searches draw from. Ids beyond these are valid as well."""

_CYCLE: Final = (("album", 10), ("single", 2), ("compilation", 12), ("single", 1), ("album", 5))
_CYCLE_STARTS: Final = (0, 10, 12, 24, 25)
_CYCLE_TRACKS: Final = 30

_SHOUTED_ALBUM: Final = 4
_UNDATED_ALBUM: Final = 7
_UNANALYSED_TRACK: Final = 40


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
def _artist_name(position: int) -> str:
    return names.artist_name(seeded("artist", position))


class Catalogue:
    """Builds artists, albums, tracks and audio features.

    Args:
        origin: scheme and authority of the server, e.g. `http://127.0.0.1:8900`; links and images begin with it.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.is_awkward = True

    def href(self, path: str) -> str:
        """The address of an API path such as `/tracks/…`."""
        return f"{self.origin}/v1{path}"

    def identity(self, kind: str, identifier: str) -> Json:
        """The fields by which every object names itself: id, type, uri, href, external_urls."""
        return {
            "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{identifier}"},
            "href": self.href(f"/{kind}s/{identifier}"),
            "id": identifier,
            "type": kind,
            "uri": f"spotify:{kind}:{identifier}",
        }

    def images(self, identifier: str) -> list[Json]:
        """Three square pictures drawn by the sandbox itself, sizes in pixels."""
        return [
            {"url": f"{self.origin}/images/{identifier}/{size}", "height": size, "width": size}
            for size in (640, 300, 64)
        ]

    def simple_artist(self, position: int) -> Json:
        """A SimplifiedArtistObject."""
        return {**self.identity("artist", make_id("artist", position)), "name": _artist_name(position)}

    def artist(self, position: int) -> Json:
        """An ArtistObject."""
        rng = seeded("artist-profile", position)
        simple = self.simple_artist(position)
        return {
            **simple,
            "followers": {"href": None, "total": rng.randrange(50, 4_000_000)},
            "genres": list(artist_genres(position)),
            "images": self.images(simple["id"]),
            "popularity": rng.randrange(5, 96),
        }

    def album(self, position: int, market: str | None = None) -> Json:
        """A SimplifiedAlbumObject; with a market, `available_markets` gives way to `is_playable`, as it does live."""
        rng = seeded("album", position)
        identifier = make_id("album", position)
        kind, total = _CYCLE[position % len(_CYCLE)]
        if self.is_awkward and position % 25 == _SHOUTED_ALBUM:
            kind = kind.upper()
        day = f"{rng.randrange(1968, 2026)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        precision = rng.choices(("year", "month", "day"), (1, 1, 18))[0]
        date = {"year": day[:4], "month": day[:7], "day": day}[precision]
        if self.is_awkward and position % 25 == _UNDATED_ALBUM:
            date, precision = "0000", "year"
        return {
            **self.identity("album", identifier),
            "album_type": kind,
            "artists": [self.simple_artist(position % SIZES["artist"])],
            **_sale(market),
            "images": self.images(identifier),
            "name": names.title(rng),
            "release_date": date,
            "release_date_precision": precision,
            "total_tracks": total,
        }

    def full_album(self, position: int, market: str | None = None) -> Json:
        """An AlbumObject, its tracks included (one page; the longest album has 12)."""
        rng = seeded("album-sleeve", position)
        album = self.album(position, market)
        total = album["total_tracks"]
        first = position // len(_CYCLE) * _CYCLE_TRACKS + _CYCLE_STARTS[position % len(_CYCLE)]
        label = f"{names.person_name(rng).split()[-1]} Records"
        return {
            **album,
            "copyrights": [{"text": f"{album['release_date'][:4]} {label}", "type": "C"}],
            "external_ids": {"upc": f"{rng.randrange(10**11, 10**12)}"},
            "genres": [],
            "label": label,
            "popularity": rng.randrange(1, 90),
            "tracks": {
                "href": self.href(f"/albums/{album['id']}/tracks?offset=0&limit=50"),
                "items": [self.simple_track(number, market) for number in range(first, first + total)],
                "limit": 50,
                "next": None,
                "offset": 0,
                "previous": None,
                "total": total,
            },
        }

    def simple_track(self, position: int, market: str | None = None) -> Json:
        """A SimplifiedTrackObject."""
        rng = seeded("track", position)
        album_position, number = _place_on_album(position)
        artists = [album_position % SIZES["artist"]]
        if rng.random() < 0.2:
            artists.append((album_position * 11 + position + 1) % SIZES["artist"])
        return {
            **self.identity("track", make_id("track", position)),
            "artists": [self.simple_artist(artist) for artist in dict.fromkeys(artists)],
            **_sale(market),
            "disc_number": 1,
            "duration_ms": duration_ms(position),
            "explicit": rng.random() < 0.1,
            "is_local": False,
            "name": names.title(rng),
            "preview_url": None,
            "track_number": number + 1,
        }

    def track(self, position: int, market: str | None = None) -> Json:
        """A TrackObject."""
        album_position, _ = _place_on_album(position)
        return {
            **self.simple_track(position, market),
            "album": self.album(album_position, market),
            "external_ids": {"isrc": f"XXSBX{position % 10**7:07}"},
            "popularity": popularity(position),
        }

    def audio_features(self, position: int) -> Json | None:
        """An AudioFeaturesObject, or None for a track that was never analysed (position 40)."""
        if position == _UNANALYSED_TRACK:
            return None
        identifier = make_id("track", position)
        values: Json = dict(attributes(position))
        del values["popularity"]
        if self.is_awkward and position % 5 == 1:
            # Seen in live answers of early 2024: 7.0 where the description says integer.
            values["key"] = float(values["key"])
            values["duration_ms"] = float(values["duration_ms"])
        return {
            **values,
            "analysis_url": self.href(f"/audio-analysis/{identifier}"),
            "id": identifier,
            "track_href": self.href(f"/tracks/{identifier}"),
            "type": "audio_features",
            "uri": f"spotify:track:{identifier}",
        }


@lru_cache(maxsize=4096)
def artist_genres(position: int) -> tuple[str, ...]:
    """The genres of the artist at `position`, one to three."""
    rng = seeded("genres", position)
    return tuple(rng.sample(names.GENRES, rng.randrange(1, 4)))


def track_artist(position: int) -> int:
    """The position of the first artist of the track at `position`."""
    return _place_on_album(position)[0] % SIZES["artist"]


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


def _place_on_album(position: int) -> tuple[int, int]:
    """(album position, place on it from 0) of the track at `position`."""
    cycle, rest = divmod(position, _CYCLE_TRACKS)
    index = bisect_right(_CYCLE_STARTS, rest) - 1
    return cycle * len(_CYCLE) + index, rest - _CYCLE_STARTS[index]


def _sale(market: str | None) -> Json:
    return {"available_markets": list(names.MARKETS)} if market is None else {"is_playable": True}
