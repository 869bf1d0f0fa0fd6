"""Artists, albums, tracks and audio features of the sandbox, in the Web API's own JSON shapes.

Nothing is stored: each object is computed from its kind and position (see `ids` and `traits`), the same one at every
call.

Field names and types follow the objects of the Web API's OpenAPI description (state of August 2026). Where live answers
differ from it, some positions carry the difference, as long as `Catalogue.is_awkward` is set: album types in capitals,
a release date "0000", whole numbers written as floats.

This module knows no HTTP and nobody's library.
"""

from functools import lru_cache
from typing import Any, Final

from connector.sandbox import names
from connector.sandbox.ids import make_id
from connector.sandbox.traits import (
    ALBUMS,
    SIZES,
    album_type,
    artist_genres,
    attributes,
    duration_ms,
    popularity,
    seeded,
)

Json = dict[str, Any]

_SHOUTED_ALBUM: Final = 4
_UNDATED_ALBUM: Final = 7
_UNANALYSED_TRACK: Final = 40
_RELINKED: Final = 1 << 20


@lru_cache(maxsize=4096)
def _artist_name(position: int) -> str:
    return names.artist_name(seeded("artist", position))


class Catalogue:
    """Builds artists, albums, tracks and audio features.

    Args:
        origin: scheme and authority of the server, e.g. `http://127.0.0.1:8900`; links and images begin with it.

    Attributes:
        is_awkward: whether objects carry what live answers do against the description.
        is_relinking: whether a market shows every third track as another one, with `linked_from`.
        unavailable: kind and position of what stands as null on playlists and among what was saved.
        feeds: the places of the episodes that are out, by the position of their show; all are of other shows.
        episodes_a_day: how many episodes of a show come out on one day.
        releases: what an artist brought out besides, by the artist's position: group, and what differs in its album.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.reset()

    def reset(self) -> None:
        """As it is at the start."""
        self.is_awkward = True
        self.is_relinking = False
        self.unavailable: set[tuple[str, int]] = set()
        self.feeds: dict[int, list[int]] = {}
        self.episodes_a_day = 1
        self.releases: dict[int, list[tuple[str, Json]]] = {}

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
        kind = album_type(position)
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
            "total_tracks": ALBUMS.size(position),
        }

    def full_album(self, position: int, market: str | None = None) -> Json:
        """An AlbumObject without its tracks."""
        rng = seeded("album-sleeve", position)
        album = self.album(position, market)
        label = f"{names.person_name(rng).split()[-1]} Records"
        return {
            **album,
            "copyrights": [{"text": f"{album['release_date'][:4]} {label}", "type": "C"}],
            "external_ids": {"upc": f"{rng.randrange(10**11, 10**12)}"},
            "genres": [],
            "label": label,
            "popularity": rng.randrange(1, 90),
        }

    def simple_track(self, position: int, market: str | None = None) -> Json:
        """A SimplifiedTrackObject."""
        rng = seeded("track", position)
        album_position, number = ALBUMS.place(position)
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
        album_position, _ = ALBUMS.place(position)
        simple = self.simple_track(position, market)
        if market is not None and self.is_relinking and position % 3 == 0:
            linked = self.identity("track", simple["id"])
            simple = {**simple, **self.identity("track", make_id("track", position + _RELINKED)), "linked_from": linked}
        return {
            **simple,
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


def _sale(market: str | None) -> Json:
    return {"available_markets": list(names.MARKETS)} if market is None else {"is_playable": True}
