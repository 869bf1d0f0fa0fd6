"""What can be played as a whole: albums, shows, playlists and what an artist made."""

from typing import Final

from connector.sandbox.catalogue import Catalogue, Json
from connector.sandbox.ids import parse_uri, position_of
from connector.sandbox.kinds import KINDS
from connector.sandbox.playables import Playable
from connector.sandbox.playlists import Playlists

_KINDS: Final = ("album", "artist", "playlist", "show")


def context_items(playlists: Playlists, uri: str) -> list[Playable] | None:
    """The tracks or episodes of a context in order; None where the URI names none."""
    kind, identifier = parse_uri(uri) or ("", "")
    position = position_of(kind, identifier) if kind in _KINDS else None
    if position is None:
        return None
    if kind == "playlist":
        contents = (item.content for item in playlists.items(position))
        return [content for content in contents if isinstance(content, Playable)]
    # The artist at a position made the album at it, among others.
    return _members("album" if kind == "artist" else kind, position)


def context_object(catalogue: Catalogue, uri: str) -> Json:
    """A ContextObject."""
    kind, identifier = parse_uri(uri) or ("", "")
    context = catalogue.identity(kind, identifier)
    del context["id"]
    return context


def _members(kind: str, position: int) -> list[Playable]:
    members = KINDS[kind].members
    if members is None:
        return []
    first = members.series.first(position)
    places = range(first, first + members.series.size(position))
    return [
        Playable(members.kind, member) for member in (places[::-1] if members.is_newest_first(position) else places)
    ]
