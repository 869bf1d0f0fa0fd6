"""Setting parts of the state: a table of what can be set, and by what."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from connector.sandbox.apps import DEMO_CLIENT_ID, App
from connector.sandbox.ids import EXAMPLES, parse_uri, position_of
from connector.sandbox.playlists import DEMO_USER, SECOND_USER
from connector.sandbox.quota import DAY_S, RATE_WINDOW_S, RollingWindow
from connector.sandbox.scopes import SCOPES
from connector.sandbox.settings import change
from connector.sandbox.state import LISTS, NULLS, SHELVES, State

Setter = Callable[[State, Any], None]
_KINDS: Final = {**{name: kind for name, (kind, _) in SHELVES.items()}, "followed_users": "user"}


def seed(state: State, parts: Mapping[str, Any]) -> None:
    """Set parts of the state.

    Args:
        state: the sandbox's state.
        parts: any of
            `saved_tracks`, `saved_albums`, `saved_episodes`, `saved_shows`, `saved_audiobooks`, `followed_artists`,
            `followed_playlists`: a count, or a list of ids in the order in which they were saved; `followed_users`: a
            list of ids; `second_listener`: an object with any of these, of the other listener;
            `new_releases`, `categories`, `category_playlists`, `featured_playlists`, `top_tracks`, `top_artists`: a
            count (`category_playlists` counts for each category);
            `every_list`: one count for all of these;
            `page_null_at`: list name to places (from 0) where `null` stands, `search_tracks` and the like too;
            `awkward`: whether objects carry what live answers do against the description;
            `app`: {"client_id", "client_secret", "name", "redirect_uris", "quota_mode", "account"}, to change
            or add one;
            `unavailable`: URIs of what stands as null on playlists, among what was saved and among a show's episodes;
            `relinking`: whether a market shows some tracks as others, with `linked_from`;
            `unstable_search`: whether each search ranks anew;
            `top`: {"tracks": ids, "artists": ids}, either of them, in their order;
            `episodes`: show id to how many of its first episodes are out, or to their places (from 0);
            `episodes_a_day`: how many of a show bear one date;
            `releases`: artist id to a list of what came out besides, each `album_group` and what differs in its album;
            `token_scopes`: the scopes of every user's token, present and future demo ones;
            `library_takes_artists`; `rate_limit` (calls of an app in 30 s, null for none);
            `daily_calls` (calls of a developer account in a day, in development mode; null for none);
            `reccobeats_limit` (calls that the stand-in for ReccoBeats takes in 30 s, null for none);
            `rotation_grace_s`: how long a refresh token works on after it was replaced, in seconds;
            `revoke_grants`: true takes every token back;
            `library`, `playlists`, `player`, `plays`: an object with rules of `LibraryRules`, `PlaylistRules`,
            `PlaybackRules`, `PlayRules`;
            `devices`: a list of objects with the attributes of `Device`; `recent_plays`: a count;
            `playing`: the URI of a context that begins to play, null for nothing.

    Raises:
        ValueError: a part is unknown, or its value doesn't fit; the parts before it are set.
    """
    for name, value in parts.items():
        setter = SETTERS.get(name)
        if setter is None:
            raise ValueError(f"nothing to seed is called {name!r}; there are {', '.join(sorted(SETTERS))}")
        setter(state, value)


def read_count(name: str, value: Any) -> int:
    """`value` as a whole number from 0; `ValueError` with the part's name where it is none."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{name} takes a whole number from 0, not {value!r}")
    return value


def _shelf(name: str, kind: str, user: str = DEMO_USER) -> Setter:
    def set_shelf(state: State, value: int | list[str]) -> None:
        shelf = state.libraries[user][kind]
        if not isinstance(value, list):
            if kind == "user":
                raise ValueError(f"{name} takes a list of ids")
            shelf.fill(read_count(name, value))
            return
        keys = {identifier: shelf.find(identifier) for identifier in value}
        unknown = [identifier for identifier, key in keys.items() if key is None]
        if unknown:
            raise ValueError(f"no such {kind}: {', '.join(unknown)}")
        shelf.empty()
        shelf.add([key for key in keys.values() if key is not None], state.clock.now_s())

    return set_shelf


def _set_second_listener(state: State, value: Mapping[str, int | list[str]]) -> None:
    for name, part in value.items():
        if name not in _KINDS:
            raise ValueError(f"second_listener has no {name!r}; there are {', '.join(_KINDS)}")
        _shelf(name, _KINDS[name], SECOND_USER)(state, part)


def _list(name: str) -> Setter:
    def set_size(state: State, value: Any) -> None:
        state.sizes[name] = read_count(name, value)

    return set_size


def _set_category_playlists(state: State, value: Any) -> None:
    state.category_playlists = read_count("category_playlists", value)


def _set_every_list(state: State, value: Any) -> None:
    count = read_count("every_list", value)
    seed(state, dict.fromkeys((*SHELVES, *LISTS, "category_playlists"), count))


def _set_nulls(state: State, value: Mapping[str, Any]) -> None:
    state.nulls = {name: tuple(places) for name, places in value.items()}


def _set_awkward(state: State, value: bool) -> None:
    state.catalogue.is_awkward = bool(value)
    state.nulls = dict(NULLS) if value else {}


def _set_app(state: State, value: Mapping[str, Any]) -> None:
    client_id = value.get("client_id", DEMO_CLIENT_ID)
    known = state.apps.get(client_id) or App(client_id, f"{client_id}-secret", client_id)
    fields = {**vars(known), **value, "client_id": client_id}
    unknown = fields.keys() - vars(known).keys()
    if unknown:
        raise ValueError(f"an app has no {', '.join(sorted(unknown))}")
    state.apps[client_id] = App(**fields)


def _set_scopes(state: State, value: list[str]) -> None:
    unknown = [scope for scope in value if scope not in SCOPES]
    if unknown:
        raise ValueError(f"no such scope: {', '.join(unknown)}")
    state.set_scopes(tuple(value))


def _switch(name: str) -> Setter:
    return lambda state, value: setattr(state, name, bool(value))


def _set_rate_limit(state: State, value: int | None) -> None:
    state.rate_limit = None if value is None else read_count("rate_limit", value)
    state.rate_window = RollingWindow(RATE_WINDOW_S, counts_refused=True)


def _set_daily_calls(state: State, value: int | None) -> None:
    state.daily_calls = None if value is None else read_count("daily_calls", value)
    state.day = RollingWindow(DAY_S, counts_refused=False)


def _set_reccobeats_limit(state: State, value: int | None) -> None:
    state.reccobeats_limit = None if value is None else read_count("reccobeats_limit", value)


def _set_rotation_grace(state: State, value: int) -> None:
    state.grants.rotation_grace_s = read_count("rotation_grace_s", value)


def _revoke(state: State, value: bool) -> None:
    if value:
        state.grants.revoke_all()


def _rules(name: str) -> Setter:
    def set_rules(state: State, value: Mapping[str, Any]) -> None:
        state.playback.catch_up()
        ruled = RULED[name](state)
        ruled.rules = change(ruled.rules, value)

    return set_rules


def _set_unavailable(state: State, value: list[str]) -> None:
    named = [(kind, _find(kind, identifier)) for kind, identifier in (parse_uri(uri) or ("", "") for uri in value)]
    state.catalogue.unavailable = set(named)


def _set_relinking(state: State, value: bool) -> None:
    state.catalogue.is_relinking = bool(value)


def _set_top(state: State, value: Mapping[str, list[str]]) -> None:
    for name, ids in value.items():
        kind = name.removesuffix("s")
        state.tops[kind] = [_find(kind, identifier) for identifier in ids]


def _set_episodes(state: State, value: Mapping[str, int | list[int]]) -> None:
    for identifier, out in value.items():
        state.catalogue.feeds[_find("show", identifier)] = list(range(out)) if isinstance(out, int) else list(out)


def _set_episodes_a_day(state: State, value: int) -> None:
    state.catalogue.episodes_a_day = max(1, read_count("episodes_a_day", value))


def _set_releases(state: State, value: Mapping[str, list[Mapping[str, Any]]]) -> None:
    for identifier, albums in value.items():
        listed = [(album["album_group"], dict(album)) for album in albums]
        state.catalogue.releases[_find("artist", identifier)] = listed


def _find(kind: str, identifier: str) -> int:
    position = position_of(kind, identifier) if kind in EXAMPLES else None
    if position is None:
        raise ValueError(f"no such {kind or 'thing'}: {identifier}")
    return position


def _set_recent_plays(state: State, value: Any) -> None:
    state.plays.fill(read_count("recent_plays", value), state.clock.now_s())


RULED: Final[dict[str, Callable[[State], Any]]] = {
    "library": lambda state: state.library,
    "playlists": lambda state: state.playlists,
    "player": lambda state: state.playback,
    "plays": lambda state: state.plays,
}
"""Part to what behaves by `rules`, which the part changes."""

SETTERS: Final[dict[str, Setter]] = {
    **{name: _shelf(name, kind) for name, kind in _KINDS.items()},
    "second_listener": _set_second_listener,
    **{name: _list(name) for name in LISTS},
    "category_playlists": _set_category_playlists,
    "every_list": _set_every_list,
    "page_null_at": _set_nulls,
    "awkward": _set_awkward,
    "app": _set_app,
    "token_scopes": _set_scopes,
    "library_takes_artists": _switch("library_takes_artists"),
    "rate_limit": _set_rate_limit,
    "daily_calls": _set_daily_calls,
    "reccobeats_limit": _set_reccobeats_limit,
    "rotation_grace_s": _set_rotation_grace,
    "revoke_grants": _revoke,
    **{name: _rules(name) for name in RULED},
    "unavailable": _set_unavailable,
    "relinking": _set_relinking,
    "unstable_search": _switch("search_is_unstable"),
    "top": _set_top,
    "episodes": _set_episodes,
    "episodes_a_day": _set_episodes_a_day,
    "releases": _set_releases,
    "devices": lambda state, value: state.devices.set(value),
    "playing": lambda state, value: state.play(value),
    "recent_plays": _set_recent_plays,
}
"""Part to what sets it. A module with parts of its own brings them as a table like this, to be put in here."""
