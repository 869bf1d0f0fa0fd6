"""What can be played and put on playlists: tracks and episodes, named by kind and position in the catalogue."""

from typing import Final, NamedTuple

from connector.sandbox.ids import make_id, parse_uri, position_of

KINDS: Final = ("track", "episode")


class Playable(NamedTuple):
    """A track or an episode.

    Attributes:
        kind: "track" or "episode".
        position: in the catalogue.
    """

    kind: str
    position: int

    @property
    def uri(self) -> str:
        """Its URI."""
        return f"spotify:{self.kind}:{make_id(self.kind, self.position)}"


def find_playable(uri: str) -> Playable | None:
    """The track or episode that a URI names; None where it names none."""
    kind, identifier = parse_uri(uri) or ("", "")
    position = position_of(kind, identifier) if kind in KINDS else None
    return None if position is None else Playable(kind, position)
