"""Everything that the sandbox remembers, and how it is set, reset and put forward in time.

The state knows no HTTP. All of it is touched from one thread, between two awaits, so it holds no locks.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

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
from connector.sandbox.faults import Faults
from connector.sandbox.grants import Grant, Grants
from connector.sandbox.ids import make_id
from connector.sandbox.library import Library
from connector.sandbox.playlists import DEMO_USER, Playlists
from connector.sandbox.quota import RateWindow
from connector.sandbox.scopes import SCOPES

_SHELVES: Final = {
    "saved_tracks": "track",
    "saved_albums": "album",
    "followed_artists": "artist",
    "followed_playlists": "playlist",
}
_SHELF_SIZES: Final = {
    "saved_tracks": 120,
    "saved_albums": 60,
    "followed_artists": 70,
    "followed_playlists": 15,
}
_LISTS: Final = {
    "new_releases": 64,
    "categories": 64,
    "featured_playlists": 60,
    "top_tracks": 60,
    "top_artists": 60,
}
_NULLS: Final = {"featured_playlists": (4,), "category_playlists": (7,)}
_EXAMPLE_CATEGORIES: Final = (55, 62)


class State:
    """The sandbox's state.

    Args:
        origin: scheme and authority under which the sandbox is reached.
        quota_mode: "extended" or "development", for the demo app.
        rate_limit: calls allowed in 30 s, None for no limit.

    Attributes:
        catalogue, playlists: what exists.
        apps: client id to app.
        grants: codes and tokens.
        library: the demo user's shelves.
        sizes: how long the lists are that aren't shelves, by name.
        nulls: list name to the places (from 0) where a page has `null` instead of an entry.
        library_takes_artists: whether PUT and DELETE `/me/library` take artist URIs.
        clock, faults, calls, window, rate_limit: as their modules say.

    Raises:
        ValueError: `quota_mode` is neither "extended" nor "development".
    """

    def __init__(self, origin: str, quota_mode: str = "extended", rate_limit: int | None = None) -> None:
        make_demo_app(quota_mode)
        self._quota_mode = quota_mode
        self._rate_limit = rate_limit
        self.catalogue = Catalogue(origin)
        self.playlists = Playlists(self.catalogue)
        self.reset()

    def reset(self) -> None:
        """Go back to the state at the start: tokens, library, clock, faults, calls and settings."""
        demo_app = make_demo_app(self._quota_mode)
        self.apps: dict[str, App] = {demo_app.client_id: demo_app}
        self.grants = Grants()
        self.library = Library()
        self.clock = Clock()
        self.faults = Faults()
        self.calls = Calls()
        self.window = RateWindow()
        self.rate_limit = self._rate_limit
        self.sizes = dict(_LISTS)
        self.category_playlists: int | None = None
        self.nulls: dict[str, tuple[int, ...]] = dict(_NULLS)
        self.library_takes_artists = True
        self.catalogue.is_awkward = True
        for name, count in _SHELF_SIZES.items():
            self.library[_SHELVES[name]].fill(count)
        self.library["user"].add(["smedjan"], self.clock.now_s())
        self._demo_scopes = tuple(SCOPES)
        self._demo_access: str | None = None
        self._demo_refresh: str | None = None

    def category_size(self, category: int) -> int:
        """How many playlists the category at this position has; dinner and party have more than one page."""
        if self.category_playlists is not None:
            return self.category_playlists
        if category < len(_EXAMPLE_CATEGORIES):
            return _EXAMPLE_CATEGORIES[category]
        return category * 7 % 30

    def seed(self, parts: Mapping[str, Any]) -> None:
        """Set parts of the state.

        Args:
            parts: any of
                `saved_tracks`, `saved_albums`, `followed_artists`, `followed_playlists`: a count, or a list of ids
                in the order in which they were saved; `followed_users`: a list of ids;
                `new_releases`, `categories`, `category_playlists`, `featured_playlists`, `top_tracks`,
                `top_artists`: a count (`category_playlists` counts for each category);
                `every_list`: one count for all of these;
                `page_null_at`: list name to places (from 0) where `null` stands;
                `awkward`: whether objects carry what live answers do against the description;
                `app`: {"client_id", "client_secret", "name", "redirect_uris", "quota_mode"}, an app to change or add;
                `token_scopes`: the scopes of every user's token, present and future demo ones;
                `library_takes_artists`; `rate_limit` (calls in 30 s, null for none);
                `rotation_grace_s`: how long a refresh token works on after it was replaced, in seconds;
                `revoke_grants`: true takes every token back.

        Raises:
            ValueError: a part is unknown, or its value doesn't fit; the parts before it are set.
        """
        for name, value in parts.items():
            self._seed_part(name, value)

    def _seed_part(self, name: str, value: Any) -> None:
        setters: dict[str, Callable[[Any], None]] = {
            "page_null_at": self._set_nulls,
            "awkward": self._set_awkward,
            "app": self._set_app,
            "token_scopes": self._set_scopes,
            "library_takes_artists": self._set_library_takes_artists,
            "rate_limit": self._set_rate_limit,
            "rotation_grace_s": self._set_rotation_grace,
            "revoke_grants": self._revoke,
            "category_playlists": self._set_category_playlists,
            "every_list": self._set_every_list,
            "followed_users": lambda ids: self._set_shelf(name, "user", ids),
        }
        if name in _SHELVES:
            self._set_shelf(name, _SHELVES[name], value)
        elif name in _LISTS:
            self.sizes[name] = _count(name, value)
        elif name in setters:
            setters[name](value)
        else:
            known = sorted((*_SHELVES, *_LISTS, *setters))
            raise ValueError(f"nothing to seed is called {name!r}; there are {', '.join(known)}")

    def _set_shelf(self, name: str, kind: str, value: int | list[str]) -> None:
        shelf = self.library[kind]
        if not isinstance(value, list):
            if kind == "user":
                raise ValueError(f"{name} takes a list of ids")
            shelf.fill(_count(name, value))
            return
        keys = {identifier: shelf.find(identifier) for identifier in value}
        unknown = [identifier for identifier, key in keys.items() if key is None]
        if unknown:
            raise ValueError(f"no such {kind}: {', '.join(unknown)}")
        shelf.empty()
        shelf.add([key for key in keys.values() if key is not None], self.clock.now_s())

    def _set_category_playlists(self, value: Any) -> None:
        self.category_playlists = _count("category_playlists", value)

    def _set_every_list(self, value: Any) -> None:
        count = _count("every_list", value)
        self.seed(dict.fromkeys((*_SHELVES, *_LISTS, "category_playlists"), count))

    def _set_nulls(self, value: Mapping[str, Any]) -> None:
        self.nulls = {name: tuple(places) for name, places in value.items()}

    def _set_awkward(self, value: bool) -> None:
        self.catalogue.is_awkward = bool(value)
        self.nulls = dict(_NULLS) if value else {}

    def _set_app(self, value: Mapping[str, Any]) -> None:
        client_id = value.get("client_id", DEMO_CLIENT_ID)
        known = self.apps.get(client_id) or App(client_id, f"{client_id}-secret", client_id)
        fields = {**vars(known), **value, "client_id": client_id}
        unknown = fields.keys() - vars(known).keys()
        if unknown:
            raise ValueError(f"an app has no {', '.join(sorted(unknown))}")
        self.apps[client_id] = App(**fields)

    def _set_scopes(self, value: list[str]) -> None:
        unknown = [scope for scope in value if scope not in SCOPES]
        if unknown:
            raise ValueError(f"no such scope: {', '.join(unknown)}")
        self._demo_scopes = tuple(value)
        self.grants.narrow(self._demo_scopes)

    def _set_library_takes_artists(self, value: bool) -> None:
        self.library_takes_artists = bool(value)

    def _set_rate_limit(self, value: int | None) -> None:
        self.rate_limit = None if value is None else _count("rate_limit", value)
        self.window = RateWindow()

    def _set_rotation_grace(self, value: int) -> None:
        self.grants.rotation_grace_s = _count("rotation_grace_s", value)

    def _revoke(self, value: bool) -> None:
        if value:
            self.grants.revoke_all()

    def make_demo_args(self) -> dict[str, str]:
        """Working values for the demo user, all scopes granted unless seeded otherwise.

        Returns:
            access_token, client_id, client_key, code (fresh at each call), redirect_uri, refresh_token. Tokens are the
            same as at the last call as long as they live.
        """
        now_s = self.clock.now_s()
        found = self.grants.find_access(self._demo_access or "")
        if self._demo_access is None or self._demo_refresh is None or found is None or found[1] <= now_s:
            tokens = self.grants.mint(self._demo_grant(), now_s)
            self._demo_access, self._demo_refresh = tokens.access_token, tokens.refresh_token
        redirect_uri = DEMO_REDIRECT_URIS[-1]
        return {
            "access_token": str(self._demo_access),
            "client_id": DEMO_CLIENT_ID,
            "client_key": DEMO_CLIENT_SECRET,
            "code": self.grants.issue_code(self._demo_grant(), redirect_uri, None),
            "redirect_uri": redirect_uri,
            "refresh_token": str(self._demo_refresh),
        }

    def _demo_grant(self) -> Grant:
        return Grant(DEMO_CLIENT_ID, DEMO_USER, self._demo_scopes, self.clock.now_s())

    def example_ids(self, kind: str, count: int) -> list[str]:
        """The first `count` ids of the catalogue's artists, albums, tracks, playlists or categories."""
        return [make_id(kind, position) for position in range(count)]


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} takes a whole number from 0, not {value!r}")
    return value
