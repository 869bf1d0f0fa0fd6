"""Users, playlists and browse categories of the sandbox, in the Web API's own JSON shapes.

Like `catalogue`, nothing is stored. What live answers do and the description doesn't say stands at some positions:
`public: null` on Spotify's own playlists, no or null images, images without sizes, missing `description` or
`snapshot_id`, a local file and a null track among a playlist's items.
"""

import re
from typing import Final

from connector.sandbox import names
from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.clock import to_iso
from connector.sandbox.ids import EXAMPLES, make_id
from connector.sandbox.traits import seeded, spread

DEMO_USER: Final = "sandbox-listener"
SPOTIFY_USER: Final = "spotify"

_NAMED_USERS: Final = (DEMO_USER, SPOTIFY_USER, "smedjan", "jmperezperez", "thelinmichael")
_FRIEND: Final = re.compile(r"sandbox-friend-[0-9]{3}")
_LOCAL_FILE_PLACE: Final = 3
_NULL_TRACK_PLACE: Final = 5
_FIRST_ADDED_S: Final = 1_735_689_600  # 2025-01-01T00:00:00Z
_DAY_S: Final = 86_400


def is_user(identifier: str) -> bool:
    """Whether such a user exists: five by name, and `sandbox-friend-000` to `-999`."""
    return identifier in _NAMED_USERS or _FRIEND.fullmatch(identifier) is not None


def owner_of(position: int) -> str:
    """The user id of whoever owns the playlist at `position`."""
    if position == 1:
        return "jmperezperez"
    if position % 4 == 2:
        return DEMO_USER
    return SPOTIFY_USER if position % 4 == 0 else f"sandbox-friend-{position % 1000:03}"


def playlist_total(position: int) -> int:
    """How many items the playlist at `position` has; the examples of the documentation have two pages."""
    if position < len(EXAMPLES["playlist"]):
        return 75
    return seeded("playlist-total", position).randrange(8, 140)


class Playlists:
    """Builds users, playlists and categories.

    Args:
        catalogue: where the tracks come from, and whose origin and awkwardness hold here too.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def user(self, identifier: str) -> Json:
        """A PublicUserObject."""
        return {
            **self._owner(identifier),
            "followers": {"href": None, "total": seeded("followers", len(identifier)).randrange(3, 900)},
            "images": self._catalogue.images(identifier)[1:],
        }

    def demo_user(self, scopes: frozenset[str]) -> Json:
        """The PrivateUserObject of the demo user.

        Args:
            scopes: what the token may see: `user-read-private` shows country, product and explicit_content,
                `user-read-email` shows email (reference of "Get Current User's Profile").
        """
        profile = {**self.user(DEMO_USER), "account_id": "sandbox-account-0001"}
        if "user-read-private" in scopes:
            profile["country"] = "SE"
            profile["product"] = "premium"
            profile["explicit_content"] = {"filter_enabled": False, "filter_locked": False}
        if "user-read-email" in scopes:
            profile["email"] = "listener@example.com"
        return profile

    def playlist(self, position: int) -> Json:
        """A SimplifiedPlaylistObject, with `items` and its older name `tracks`, as answers of 2026 carry both."""
        catalogue = self._catalogue
        identifier = make_id("playlist", position)
        rng = seeded("playlist", position)
        owner = owner_of(position)
        items = {"href": catalogue.href(f"/playlists/{identifier}/items"), "total": playlist_total(position)}
        playlist: Json = {
            **catalogue.identity("playlist", identifier),
            "collaborative": False,
            "description": f"{names.title(rng)}, and more like it.",
            "images": catalogue.images(identifier)[:1],
            "items": items,
            "name": names.playlist_name(rng),
            "owner": self._owner(owner),
            "primary_color": None,
            "public": True,
            "snapshot_id": f"sandbox-snapshot-{position}",
            "tracks": dict(items),
        }
        if catalogue.is_awkward:
            self._roughen(playlist, position)
        return playlist

    def full_playlist(self, position: int, items: Json, tracks: Json) -> Json:
        """A PlaylistObject around the first page of its items, and the same under their older name."""
        return {
            **self.playlist(position),
            "followers": {"href": None, "total": seeded("fans", position).randrange(0, 90_000)},
            "items": items,
            "tracks": tracks,
        }

    def playlist_item(self, position: int, place: int, market: str | None = None) -> Json:
        """A PlaylistTrackObject: what stands at `place` (from 0) of the playlist at `position`."""
        track: Json | None = {
            **self._catalogue.track(spread(place + 17 * position, 1, "track"), market),
            "episode": False,
            "track": True,
        }
        if self._catalogue.is_awkward and place == _LOCAL_FILE_PLACE:
            track = _local_track(place)
        elif self._catalogue.is_awkward and place == _NULL_TRACK_PLACE:
            track = None
        adder = self._owner(owner_of(position))
        del adder["display_name"]
        return {
            "added_at": to_iso(_FIRST_ADDED_S + place * _DAY_S),
            "added_by": adder,
            "is_local": bool(track and track["is_local"]),
            "item": track,
            "primary_color": None,
            "track": track,
            "video_thumbnail": {"url": None},
        }

    def category(self, position: int) -> Json:
        """A CategoryObject."""
        identifier = make_id("category", position)
        icon = self._catalogue.images(identifier)[1]
        if self._catalogue.is_awkward and position % 10 == 3:
            icon["height"] = icon["width"] = None
        invented = names.category_name(seeded("category", position))
        return {
            "href": self._catalogue.href(f"/browse/categories/{identifier}"),
            "icons": [icon],
            "id": identifier,
            "name": {0: "Dinner", 1: "Party"}.get(position, invented),
        }

    def _owner(self, identifier: str) -> Json:
        named = {DEMO_USER: "Sandbox Listener", SPOTIFY_USER: "Spotify"}
        invented = names.person_name(seeded("user-" + identifier, 0))
        return {
            **self._catalogue.identity("user", identifier),
            "display_name": named.get(identifier, invented),
        }

    def _roughen(self, playlist: Json, position: int) -> None:
        if owner_of(position) == SPOTIFY_USER:
            playlist["public"] = None
        if position % 7 == 3:
            del playlist["description"]
        if position % 17 == 6:
            del playlist["snapshot_id"]
        if position % 11 == 5:
            playlist["images"] = []
        elif position % 11 == 7:
            playlist["images"] = None
        elif position % 11 == 8:
            playlist["images"][0]["height"] = playlist["images"][0]["width"] = None
        elif position % 11 == 9:
            del playlist["images"][0]["height"], playlist["images"][0]["width"]


def _local_track(place: int) -> Json:
    """A file of the listener's own disk in a playlist: no ids, no links, an album without facts."""
    nobody: Json = {"external_urls": {}, "href": None, "id": None, "uri": None}
    return {
        **nobody,
        "album": {
            **nobody,
            "album_type": None,
            "artists": [],
            "available_markets": [],
            "images": [],
            "name": "Demo Tape",
            "release_date": None,
            "release_date_precision": None,
            "type": "album",
        },
        "artists": [{**nobody, "name": "Garage Neighbours", "type": "artist"}],
        "available_markets": [],
        "disc_number": 0,
        "duration_ms": 215_000,
        "explicit": False,
        "external_ids": {},
        "is_local": True,
        "name": f"Rehearsal {place}",
        "popularity": 0,
        "preview_url": None,
        "track_number": 0,
        "type": "track",
        "uri": f"spotify:local:Garage+Neighbours:Demo+Tape:Rehearsal+{place}:215",
    }
