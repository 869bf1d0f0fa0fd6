"""What the listener played lately, as the service tells it: late, incomplete and not always in order."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from connector.sandbox.ids import make_id
from connector.sandbox.playables import Playable
from connector.sandbox.traits import ALBUMS, duration_ms, spread

_MOST: Final = 50
_KEPT: Final = 500
_COUNTS_FROM_MS: Final = 30_000
_LATE_EACH: Final = 2


@dataclass(frozen=True)
class PlayRules:
    """How plays are told, for tests to change.

    Attributes:
        late_s: every second play is told only so many seconds after it ended, when newer ones were told already.
        is_out_of_order: whether neighbours stand the wrong way round.
        tells_start: whether `played_at` is when a play began, not when it ended.
    """

    late_s: int = 0
    is_out_of_order: bool = False
    tells_start: bool = False


@dataclass(frozen=True)
class Play:
    """One play.

    Attributes:
        track: the track's position in the catalogue.
        context_uri: what it was played from, None for nothing.
        played_ms: milliseconds since 1970, as the service tells it.
        told_s: from when on it is told, seconds since 1970.
    """

    track: int
    context_uri: str | None
    played_ms: int
    told_s: float


class Plays:
    """The latest plays, of which 50 are told.

    Attributes:
        rules: how they are told.
    """

    def __init__(self) -> None:
        self.rules = PlayRules()
        self._plays: deque[Play] = deque(maxlen=_KEPT)
        self._count = 0

    def fill(self, count: int, until_s: float) -> None:
        """Replace everything by plays of `count` tracks one after the other, the last of which ended at `until_s`.

        All but every fifth are from their albums.
        """
        self._plays.clear()
        tracks = [spread(place, count, "track") for place in range(count)]
        lengths_ms = [duration_ms(track) for track in tracks]
        started_s = until_s - sum(lengths_ms) / 1000
        for place, (track, length_ms) in enumerate(zip(tracks, lengths_ms, strict=True)):
            album = None if place % 5 == 0 else f"spotify:album:{make_id('album', ALBUMS.place(track)[0])}"
            ended_s = started_s + length_ms / 1000
            self.add(Playable("track", track), album, started_s, ended_s, length_ms)
            started_s = ended_s

    def add(self, played: Playable, context_uri: str | None, started_s: float, ended_s: float, heard_ms: float) -> None:
        """Note a play, if it counts: tracks do that were heard for 30 s."""
        if played.kind != "track" or heard_ms < _COUNTS_FROM_MS:
            return
        self._count += 1
        is_late = self._count % _LATE_EACH == 0
        played_ms = int((started_s if self.rules.tells_start else ended_s) * 1000)
        told_s = ended_s + (self.rules.late_s if is_late else 0)
        self._plays.append(Play(played.position, context_uri, played_ms, told_s))

    def told(self, now_s: float) -> list[Play]:
        """What is told at `now_s`, newest first, 50 at most."""
        told = sorted((play for play in self._plays if play.told_s <= now_s), key=lambda play: -play.played_ms)
        return told[:_MOST]

    def in_order_of_telling(self, plays: list[Play]) -> list[Play]:
        """These plays as an answer lists them: as they are, or where the rules say so with neighbours exchanged."""
        if not self.rules.is_out_of_order:
            return plays
        return [play for start in range(0, len(plays), 2) for play in reversed(plays[start : start + 2])]
