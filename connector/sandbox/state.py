"""Everything that the sandbox remembers, and how it is reset. How parts of it are set is `seeding`.

The state knows no HTTP. All of it is touched from one thread, between two awaits, so it holds no locks.
"""

from dataclasses import replace
from typing import Final

from connector.sandbox.apps import (
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    DEMO_REDIRECT_URIS,
    App,
    make_demo_app,
)
from connector.sandbox.calls import Calls
from connector.sandbox.catalogue import Catalogue
from connector.sandbox.clock import Clock
from connector.sandbox.contexts import context_items
from connector.sandbox.devices import Devices
from connector.sandbox.faults import Faults
from connector.sandbox.grants import Grant, Grants, Tokens
from connector.sandbox.ids import make_id
from connector.sandbox.kept_playlists import Item
from connector.sandbox.kinds import KINDS
from connector.sandbox.library import Library
from connector.sandbox.playables import Playable
from connector.sandbox.playback import Playback
from connector.sandbox.playlists import DEMO_USER, SECOND_USER, Playlists
from connector.sandbox.plays import Plays
from connector.sandbox.quota import DAY_S, RATE_WINDOW_S, RollingWindow
from connector.sandbox.scopes import SCOPES

SHELVES: Final = {
    "saved_tracks": ("track", 120),
    "saved_albums": ("album", 60),
    "saved_episodes": ("episode", 30),
    "saved_shows": ("show", 25),
    "saved_audiobooks": ("audiobook", 12),
    "followed_artists": ("artist", 70),
    "followed_playlists": ("playlist", 15),
}
"""Name of a shelf to its kind, and how many things stand there at the start."""

SECOND_SHELVES: Final = {
    "saved_tracks": 12,
    "saved_albums": 3,
    "saved_episodes": 2,
    "saved_shows": 2,
    "saved_audiobooks": 1,
    "followed_artists": 4,
}
"""Name of a shelf to how many things stand there of the second listener's at the start; none of them the first's."""

LISTS: Final = {
    "new_releases": 64,
    "categories": 64,
    "featured_playlists": 60,
    "top_tracks": 60,
    "top_artists": 60,
}
"""Name of a list that is no shelf to its length at the start."""

NULLS: Final = {"featured_playlists": (4,), "category_playlists": (7,), "saved_audiobooks": (5,)}
_SECOND_FIRST: Final = 3_000
_EXAMPLE_CATEGORIES: Final = (55, 62)
_FIRST_PLAYS: Final = 50
_FIRST_PLAYED: Final = "spotify:album:382ObEPsp2rxGrnsizN5TX"


class State:
    """The sandbox's state.

    Args:
        origin: scheme and authority under which the sandbox is reached.
        quota_mode: "development" or "extended", for the demo app.
        rate_limit: calls that an app may make in 30 s, None for no limit.
        daily_calls: calls that all apps of a developer account in development mode may make in a day, None for no
            limit.

    Attributes:
        catalogue, playlists: what exists.
        devices, playback, plays: the player, and what it played.
        apps: client id to app.
        grants: codes and tokens.
        libraries: the shelves of each listener; `library` are the demo user's.
        sizes: how long the lists are that aren't shelves, by name.
        tops: kind to the positions of the listener's favourites, where they were set one by one.
        nulls: list name to the places (from 0) where a page has `null` instead of an entry.
        search_is_unstable: whether what is found comes in another order at each search; `searches` counts them.
        library_takes_artists: whether PUT and DELETE `/me/library` take artist URIs.
        clock, faults, calls: as their modules say.
        rate_limit, rate_window, daily_calls, day: the limits and the calls that count.
        reccobeats_limit: calls that the stand-in for ReccoBeats takes in 30 s, None for no limit.

    Raises:
        ValueError: `quota_mode` is neither "development" nor "extended".
    """

    def __init__(
        self,
        origin: str,
        quota_mode: str = "development",
        rate_limit: int | None = None,
        daily_calls: int | None = None,
    ) -> None:
        make_demo_app(quota_mode)
        self._quota_mode = quota_mode
        self._limits = rate_limit, daily_calls
        self.catalogue = Catalogue(origin)
        self.reset()

    def reset(self) -> None:
        """Go back to the state at the start: tokens, library, clock, faults, calls and settings."""
        demo_app = make_demo_app(self._quota_mode)
        self.apps: dict[str, App] = {demo_app.client_id: demo_app}
        self.grants = Grants()
        self.clock = Clock()
        self.libraries = {user: Library(self.clock) for user in (DEMO_USER, SECOND_USER)}
        self.library = self.libraries[DEMO_USER]
        self.playlists = Playlists(self.catalogue, self.clock)
        self.devices = Devices()
        self.plays = Plays()
        self.playback = Playback(self.clock, self.plays, self._measure)
        self.faults = Faults()
        self.calls = Calls()
        self.rate_limit, self.daily_calls = self._limits
        self.reccobeats_limit: int | None = None
        self.rate_window = RollingWindow(RATE_WINDOW_S, counts_refused=True)
        self.day = RollingWindow(DAY_S, counts_refused=False)
        self.sizes = dict(LISTS)
        self.category_playlists: int | None = None
        self.nulls: dict[str, tuple[int, ...]] = dict(NULLS)
        self.tops: dict[str, list[int]] = {}
        self.library_takes_artists = True
        self.search_is_unstable = False
        self.searches = 0
        self.catalogue.reset()
        for name, (kind, count) in SHELVES.items():
            self.library[kind].fill(count)
            self.libraries[SECOND_USER][kind].fill(SECOND_SHELVES.get(name, 0), _SECOND_FIRST)
        self._make_second_playlist()
        self.library["user"].add(["smedjan"], self.clock.now_s())
        self.plays.fill(_FIRST_PLAYS, self.clock.now_s())
        self.play(_FIRST_PLAYED)
        self._demo_scopes = tuple(SCOPES)
        self._given: dict[str, Tokens] = {}

    def _make_second_playlist(self) -> None:
        """One of the second listener's own, with a few tracks on it."""
        details = {"name": "Road trip", "description": None, "public": True, "collaborative": False}
        position = self.playlists.create(details, SECOND_USER)
        tracks = [Playable("track", _SECOND_FIRST + place) for place in range(4)]
        items = [Item(track, self.clock.now_s(), SECOND_USER) for track in tracks]
        self.playlists.keep(position).insert(items, 0)
        self.libraries[SECOND_USER]["playlist"].add([position], self.clock.now_s())

    def category_size(self, category: int) -> int:
        """How many playlists the category at this position has; dinner and party have more than one page."""
        if self.category_playlists is not None:
            return self.category_playlists
        if category < len(_EXAMPLE_CATEGORIES):
            return _EXAMPLE_CATEGORIES[category]
        return category * 7 % 30

    def play(self, uri: str | None) -> None:
        """Have the player play a context from its beginning, on the device that was active or else the first.

        Args:
            uri: None for nothing, and no device active.

        Raises:
            ValueError: there is nothing to play by that URI.
        """
        self.playback.catch_up()
        if uri is None:
            self.playback.stop()
            self.devices.activate(None)
            return
        items = context_items(self.playlists, uri)
        if not items:
            raise ValueError(f"nothing to play: {uri}")
        self.playback.play(items, uri, 0, 0)
        self.devices.activate(self.devices.active or self.devices.all[0])

    def _measure(self, item: Playable) -> int:
        duration_ms: int = KINDS[item.kind].simple(self.catalogue, item.position, None)["duration_ms"]
        return duration_ms

    def set_scopes(self, scopes: tuple[str, ...]) -> None:
        """Give every token of a user, of now and of later, exactly these scopes."""
        self._demo_scopes = scopes
        self.grants.narrow(scopes)

    def make_demo_args(self, user: str = DEMO_USER) -> dict[str, str]:
        """Working values for a listener, all scopes granted unless seeded otherwise.

        Args:
            user: the demo user, or the second listener.

        Returns:
            access_token, client_id, client_key, code (fresh at each call), redirect_uri, refresh_token. Tokens are the
            same as at the last call as long as they live.

        Raises:
            ValueError: there is no such listener.
        """
        if user not in self.libraries:
            raise ValueError(f"no such listener: {user!r}; there are {', '.join(self.libraries)}")
        now_s = self.clock.now_s()
        grant = Grant(DEMO_CLIENT_ID, user, self._demo_scopes, now_s)
        given = self._given.get(user)
        found = self.grants.find_access(given.access_token) if given else None
        if given is None or found is None or found[1] <= now_s:
            given = self._given[user] = self.grants.mint(grant, now_s)
        redirect_uri = DEMO_REDIRECT_URIS[-1]
        return {
            "access_token": given.access_token,
            "client_id": DEMO_CLIENT_ID,
            "client_key": DEMO_CLIENT_SECRET,
            "code": self.grants.issue_code(replace(grant), redirect_uri, None),
            "redirect_uri": redirect_uri,
            "refresh_token": str(given.refresh_token),
        }

    def example_ids(self, kind: str, count: int) -> list[str]:
        """The first `count` ids of the catalogue's artists, albums, tracks, playlists or categories."""
        return [make_id(kind, position) for position in range(count)]
