"""Users, playlists and browse categories of the sandbox, in the Web API's own JSON shapes.

As in `catalogue`, what nobody changed is computed, not stored. What live answers do and the description doesn't say
stands at some positions: `public: null` on Spotify's own playlists, no or null images, images without sizes, missing
`description` or `snapshot_id`; a local file, a null track and a null date among a playlist's items.
"""

import re
from typing import Final

from connector.sandbox import names
from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.clock import Clock
from connector.sandbox.ids import EXAMPLES, make_id
from connector.sandbox.kept_playlists import Item, KeptPlaylist, PlaylistRules, first_snapshot
from connector.sandbox.playables import Playable
from connector.sandbox.traits import seeded, spread

DEMO_USER: Final = "sandbox-listener"
SECOND_USER: Final = "sandbox-second-listener"
SPOTIFY_USER: Final = "spotify"

_NAMED_USERS: Final = (DEMO_USER, SECOND_USER, SPOTIFY_USER, "smedjan", "jmperezperez", "thelinmichael")
_FRIEND: Final = re.compile(r"sandbox-friend-[0-9]{3}")
_LOCAL_FILE_PLACE: Final = 3
_NULL_TRACK_PLACE: Final = 5
_NULL_DATE_PLACE: Final = 6
_FIRST_ADDED_S: Final = 1_735_689_600  # 2025-01-01T00:00:00Z
_DAY_S: Final = 86_400
_SHARED: Final = 13
#: Where the playlists begin that each listener makes, every fourth of which is theirs.
_FIRST_CREATED: Final = {DEMO_USER: 1_000_002, SECOND_USER: 1_000_003}


def is_user(identifier: str) -> bool:
    """Whether such a user exists: six by name, and `sandbox-friend-000` to `-999`."""
    return identifier in _NAMED_USERS or _FRIEND.fullmatch(identifier) is not None


def owner_of(position: int) -> str:
    """The user id of whoever owns the playlist at `position`."""
    if position == 1 or position % 4 == 2:
        return DEMO_USER
    if position >= _FIRST_CREATED[SECOND_USER] and position % 4 == _FIRST_CREATED[SECOND_USER] % 4:
        return SECOND_USER
    return SPOTIFY_USER if position % 4 == 0 else f"sandbox-friend-{position % 1000:03}"


def is_shared(position: int, user: str | None = DEMO_USER) -> bool:
    """Whether the playlist at `position` is the one of a friend that the demo user works on too, and that is `user`."""
    return position == _SHARED and user == DEMO_USER


class Playlists:
    """Builds users, playlists and categories, and keeps playlists that are made or changed.

    Args:
        catalogue: where the tracks come from, and whose origin and awkwardness hold here too.
        clock: the sandbox's.

    Attributes:
        rules: how playlists behave.
    """

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._kept: dict[int, KeptPlaylist] = {}
        self._created = dict.fromkeys(_FIRST_CREATED, 0)
        self.rules = PlaylistRules()

    def user(self, identifier: str) -> Json:
        """A PublicUserObject."""
        return {
            **self._owner(identifier),
            "followers": {"href": None, "total": seeded("followers", len(identifier)).randrange(3, 900)},
            "images": self._catalogue.images(identifier)[1:],
        }

    def listener(self, user: str, scopes: frozenset[str], product: str) -> Json:
        """The PrivateUserObject of somebody who signs in.

        Args:
            user: `DEMO_USER` or `SECOND_USER`.
            scopes: what the token may see: `user-read-private` shows country, product and explicit_content,
                `user-read-email` shows email (reference of "Get Current User's Profile").
            product: "premium" or "free".
        """
        number = 1 + (user == SECOND_USER)
        profile = {**self.user(user), "account_id": f"sandbox-account-{number:04}"}
        if "user-read-private" in scopes:
            profile["country"] = "SE"
            profile["product"] = product
            profile["explicit_content"] = {"filter_enabled": False, "filter_locked": False}
        if "user-read-email" in scopes:
            profile["email"] = f"{user.removeprefix('sandbox-')}@example.com"
        return profile

    def create(self, details: Json, user: str = DEMO_USER) -> int:
        """Make an empty playlist of a listener's with these details, and give its position."""
        position = _FIRST_CREATED[user] + 4 * self._created[user]
        self._created[user] += 1
        self._kept[position] = KeptPlaylist(position, [], details)
        return position

    def keep(self, position: int) -> KeptPlaylist:
        """The playlist at `position`, to be changed."""
        return self._kept.setdefault(position, KeptPlaylist(position, self._first_items(position)))

    def items(self, position: int) -> list[Item]:
        """What is on the playlist at `position`."""
        kept = self._kept.get(position)
        return self._first_items(position) if kept is None else kept.items

    def cover(self, position: int) -> bytes | None:
        """The JPEG that was uploaded for the playlist at `position`."""
        kept = self._kept.get(position)
        return None if kept is None else kept.cover

    def details(self, position: int) -> Json:
        """What its owner can set of the playlist at `position`: name, description, public and collaborative."""
        rng = seeded("playlist", position)
        kept = self._kept.get(position)
        return {
            "collaborative": is_shared(position),
            "description": f"{names.title(rng)}, and more like it.",
            "name": names.playlist_name(rng),
            "public": not is_shared(position),
            **({} if kept is None else kept.details),
        }

    def playlist(self, position: int) -> Json:
        """A SimplifiedPlaylistObject, with `items` and its older name `tracks`, as answers of 2026 carry both."""
        catalogue = self._catalogue
        identifier = make_id("playlist", position)
        kept = self._kept.get(position)
        total = self._first_total(position) if kept is None else len(kept.items)
        items = {"href": catalogue.href(f"/playlists/{identifier}/items"), "total": total}
        playlist: Json = {
            **catalogue.identity("playlist", identifier),
            **self.details(position),
            "images": catalogue.images(identifier)[:1],
            "items": items,
            "owner": self._owner(owner_of(position)),
            "primary_color": None,
            "snapshot_id": first_snapshot(position),
            "tracks": dict(items),
        }
        if kept is not None:
            playlist["snapshot_id"] = kept.read_snapshot(self._clock.now_s(), self.rules.snapshot_delay_s)
            if kept.cover is not None:
                playlist["images"] = [{"url": f"{catalogue.origin}/covers/{identifier}", "height": None, "width": None}]
        elif catalogue.is_awkward:
            self._roughen(playlist, position)
        return playlist

    def full_playlist(self, position: int) -> Json:
        """A PlaylistObject, but for the pages of its items."""
        fans = 0 if position >= _FIRST_CREATED[DEMO_USER] else seeded("fans", position).randrange(0, 90_000)
        return {**self.playlist(position), "followers": {"href": None, "total": fans}}

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

    def _first_total(self, position: int) -> int:
        """How many items are on a playlist that nobody changed; the documentation's examples have two pages."""
        examples = len(EXAMPLES["playlist"])
        total = 75 if position < examples else seeded("playlist-total", position).randrange(8, 140)
        return min(total, self.rules.first_items)

    def _first_items(self, position: int) -> list[Item]:
        """What is on a playlist that nobody changed."""
        total = self._first_total(position)
        contents: list[Playable | int | None] = [
            Playable("track", spread(place + 17 * position, 1, "track")) for place in range(total)
        ]
        # They were added in pairs, one a day.
        dates: list[float | None] = [_FIRST_ADDED_S + place // 2 * _DAY_S for place in range(total)]
        if self._catalogue.is_awkward and total > _NULL_DATE_PLACE:
            contents[_LOCAL_FILE_PLACE] = _LOCAL_FILE_PLACE
            contents[_NULL_TRACK_PLACE] = None
            dates[_NULL_DATE_PLACE] = None
        owner = owner_of(position)
        return [Item(content, added_s, owner) for content, added_s in zip(contents, dates, strict=True)]

    def _owner(self, identifier: str) -> Json:
        named = {DEMO_USER: "Sandbox Listener", SECOND_USER: "Second Listener", SPOTIFY_USER: "Spotify"}
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
