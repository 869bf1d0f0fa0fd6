"""Entries of playlists in the Web API's own JSON shapes."""

from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.clock import to_iso
from connector.sandbox.kept_playlists import Item
from connector.sandbox.kinds import KINDS


def build_item(catalogue: Catalogue, item: Item, market: str | None, takes_episodes: bool) -> Json:
    """A PlaylistTrackObject.

    Args:
        catalogue: builds tracks and episodes.
        item: the entry.
        market: as `Catalogue` takes it.
        takes_episodes: whether the client knows episodes, by `additional_types`.
    """
    content = _build_content(catalogue, item, market, takes_episodes)
    return {
        "added_at": None if item.added_s is None else to_iso(item.added_s),
        "added_by": catalogue.identity("user", item.added_by),
        "is_local": isinstance(item.content, int),
        "item": content,
        "primary_color": None,
        "track": content,
        "video_thumbnail": {"url": None},
    }


def _build_content(catalogue: Catalogue, item: Item, market: str | None, takes_episodes: bool) -> Json | None:
    if item.content is None:
        return None
    if isinstance(item.content, int):
        return _local_track(item.content)
    kind, position = item.content
    if (kind, position) in catalogue.unavailable:
        return None
    content = KINDS[kind].full(catalogue, position, market)
    is_episode = kind == "episode"
    if is_episode and not takes_episodes:
        content = _episode_as_track(content)
    return {**content, "episode": is_episode, "track": not is_episode}


def _episode_as_track(episode: Json) -> Json:
    """An episode for clients that know tracks only: its show stands for album and artist, as in live answers."""
    show = episode["show"]
    names = ("duration_ms", "explicit", "external_urls", "href", "id", "name", "type", "uri")
    artist = {name: show[name] for name in ("external_urls", "href", "id", "name", "type", "uri")}
    album = {
        **artist,
        "album_type": "compilation",
        "artists": [artist],
        "images": show["images"],
        "release_date": episode["release_date"],
        "release_date_precision": episode["release_date_precision"],
        "total_tracks": show["total_episodes"],
    }
    return {
        **{name: episode[name] for name in names},
        "album": album,
        "artists": [artist],
        "disc_number": 0,
        "external_ids": {},
        "is_local": False,
        "preview_url": None,
        "track_number": 0,
    }


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
