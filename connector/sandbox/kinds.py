"""The kinds of things in the catalogue, one table for all that is done with each kind alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.spoken import (
    audiobook,
    chapter,
    episode,
    is_serial,
    show,
    simple_chapter,
    simple_episode,
)
from connector.sandbox.traits import ALBUMS, AUDIOBOOKS, SHOWS, Series

Make = Callable[[Catalogue, int, str | None], Json]
"""Builds the thing at a position of the catalogue, as it is in a market."""


@dataclass(frozen=True)
class Members:
    """What a thing consists of, as an album does of tracks.

    Attributes:
        kind: the members' kind.
        series: which members belong to which thing.
        is_newest_first: whether the thing at a position lists its latest members first.
    """

    kind: str
    series: Series
    is_newest_first: Callable[[int], bool] = lambda _: False


@dataclass(frozen=True)
class Kind:
    """One kind.

    Attributes:
        name: as in URIs, e.g. "track".
        most_ids: how many ids one call takes.
        simple: the object as it stands in another one's list.
        full: the object as it is given alone; `members` are added to it.
        members: None for what has no parts.
        is_spoken: whether an app by itself must name a market to see any of it: without one, and without a user's
            country, content counts as unavailable (reference of "Get Show").
    """

    name: str
    most_ids: int
    simple: Make
    full: Make
    members: Members | None = None
    is_spoken: bool = False


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("album", 20, Catalogue.album, Catalogue.full_album, Members("track", ALBUMS)),
        Kind(
            "artist",
            50,
            lambda catalogue, position, _: catalogue.simple_artist(position),
            lambda catalogue, position, _: catalogue.artist(position),
        ),
        Kind("track", 50, Catalogue.simple_track, Catalogue.track),
        Kind("show", 50, show, show, Members("episode", SHOWS, lambda position: not is_serial(position)), True),
        Kind("episode", 50, simple_episode, episode, is_spoken=True),
        Kind("audiobook", 50, audiobook, audiobook, Members("chapter", AUDIOBOOKS), True),
        Kind("chapter", 50, simple_chapter, chapter, is_spoken=True),
    )
}
"""Every kind by its name."""
