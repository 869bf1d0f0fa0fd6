"""What plays: an item, a context or a list behind it, and a queue before that. It is driven by the sandbox's clock."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Final, Literal

from connector.sandbox.clock import Clock
from connector.sandbox.playables import Playable
from connector.sandbox.plays import Plays

Repeat = Literal["off", "track", "context"]

_SHOWN: Final = 20


@dataclass(frozen=True)
class PlaybackRules:
    """How the player behaves, for tests to change.

    Attributes:
        is_premium: whether the listener has Premium, which every command needs.
        is_private_session: whether what is played stays untold.
        is_ad: whether an advertisement plays.
        refuses_repeats: whether pausing what is paused, and going on with what plays, is answered 403.
        answers_text: whether commands are answered 200 with a body that is no JSON, not 204.
    """

    is_premium: bool = True
    is_private_session: bool = False
    is_ad: bool = False
    refuses_repeats: bool = False
    answers_text: bool = False


class Playback:
    """The player's state. `catch_up` comes before anything is read or changed.

    Args:
        clock: the sandbox's.
        plays: where plays that count are noted.
        measure: how long a track or an episode is, in milliseconds.

    Attributes:
        rules: how it behaves.
        context_uri: the URI of what is played from, None for a mere list.
        is_playing: whether time moves on.
        is_shuffled, repeat: the two modes.
        progress_ms: how far the current item is, at the time of the last `catch_up`.
        changed_s: when something was begun, paused, resumed or sought last, seconds since 1970.
    """

    def __init__(self, clock: Clock, plays: Plays, measure: Callable[[Playable], int]) -> None:
        self._clock = clock
        self._plays = plays
        self._measure = measure
        self.rules = PlaybackRules()
        self.repeat: Repeat = "off"
        self.is_shuffled = False
        self.stop()

    def stop(self) -> None:
        """Play nothing, as if nothing had been played for long."""
        self.context_uri: str | None = None
        self.is_playing = False
        self.progress_ms = 0.0
        self._items: Sequence[Playable] = ()
        self._order: list[int] = []
        self._place = 0
        self._queue: deque[Playable] = deque()
        self._from_queue: Playable | None = None
        self._heard_ms = 0.0
        self._started_s = self._at_s = self.changed_s = self._clock.now_s()

    @property
    def current(self) -> Playable | None:
        """What plays or is paused, None for nothing."""
        return self._from_queue or (self._items[self._order[self._place]] if self._order else None)

    def catch_up(self) -> None:
        """Let the time pass that the clock says has passed."""
        now_s = self._clock.now_s()
        while self.is_playing and self.current is not None:
            left_ms = self._measure(self.current) - self.progress_ms
            passed_ms = (now_s - self._at_s) * 1000
            self._hear(min(left_ms, passed_ms))
            if passed_ms < left_ms:
                break
            self._go_on(is_by_hand=False)
        self._at_s = now_s

    def play(self, items: Sequence[Playable], context_uri: str | None, start: int | None, position_ms: int) -> None:
        """Play something else.

        Args:
            items: what is played, one at least.
            context_uri: what they are from.
            start: with which of them to begin, from 0; None leaves it to the player.
            position_ms: where in it to begin.
        """
        self._note_play()
        self._items, self.context_uri = items, context_uri
        self._order = list(range(len(items)))
        self._place = start or 0
        if self.is_shuffled:
            if start is None:
                self._place = Random(len(items)).randrange(len(items))  # noqa: S311 - picks a song
            self.shuffle(True)
        self._begin(None)
        self.is_playing = True
        self.seek(position_ms)

    def pause(self) -> None:
        """Stop where it is."""
        self.is_playing, self.changed_s = False, self._at_s

    def resume(self) -> None:
        """Go on where it is."""
        self.is_playing, self.changed_s = True, self._at_s

    def skip(self) -> None:
        """Go to what comes next."""
        self._go_on(is_by_hand=True)

    def go_back(self) -> None:
        """Go to what was before in the context, or back to the beginning of the first."""
        self._note_play()
        if self._from_queue is None:
            self._place = max(0, self._place - 1)
        self._begin(None)

    def seek(self, position_ms: int) -> None:
        """Move within the current item; beyond its end the next one begins."""
        if self.current is not None and position_ms >= self._measure(self.current):
            self._go_on(is_by_hand=True)
        else:
            self.progress_ms, self.changed_s = float(position_ms), self._at_s

    def shuffle(self, is_shuffled: bool) -> None:
        """Mix what comes after the current item, or put it in order again."""
        self.is_shuffled = is_shuffled
        if not self._order:
            return
        here = self._order[self._place]
        self._order = list(range(len(self._items)))
        self._place = here
        if is_shuffled:
            rest = [place for place in self._order if place != here]
            Random(len(rest)).shuffle(rest)  # noqa: S311 - mixes songs
            self._order, self._place = [here, *rest], 0

    def enqueue(self, item: Playable) -> None:
        """Put something behind what was queued before."""
        self._queue.append(item)

    def upcoming(self) -> list[Playable]:
        """What comes next, 20 at most."""
        after = self._order[self._place + 1 :]
        if self.repeat == "context":
            after += self._order[: self._place + 1]
        return list(islice((*self._queue, *(self._items[place] for place in after)), _SHOWN))

    def _go_on(self, is_by_hand: bool) -> None:
        self._note_play()
        if self.repeat == "track" and not is_by_hand:
            self._begin(self._from_queue)
        elif self._queue:
            self._begin(self._queue.popleft())
        else:
            self._place += 1
            if self._place >= len(self._order):
                self._place = 0
                self.is_playing = self.is_playing and self.repeat == "context"
            self._begin(None)

    def _begin(self, from_queue: Playable | None) -> None:
        self._from_queue = from_queue
        self.progress_ms = self._heard_ms = 0.0
        self._started_s = self.changed_s = self._at_s

    def _hear(self, passed_ms: float) -> None:
        self.progress_ms += passed_ms
        self._heard_ms += passed_ms
        self._at_s += passed_ms / 1000

    def _note_play(self) -> None:
        if self.current is not None and not self.rules.is_private_session:
            self._plays.add(self.current, self.context_uri, self._started_s, self._at_s, self._heard_ms)
