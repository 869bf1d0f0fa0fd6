"""What composite blocks take and leave behind, beside the usual ways of scripts: calls, time, and whether it is right.

Every way has the same list at its start, in a sandbox begun anew. It is run undisturbed, with each call as long as the
service takes; and on a shorter list, without waiting, once in a process that is killed halfway and once more after
that, and once where a write takes effect and its answer is lost.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from outcomes import LATENCY_S, Stage, run_stage
from table import Line

_LATER_S = 600
_PATIENCE_S = 30
#: What must not be said of our ways; dates can go where a copy goes, or where they are given up.
_FAULTS = re.compile("order|[0-9] lost|too many")
Way = Callable[[Stage, "Scene"], object]


class Entry(NamedTuple):
    """What stands on a list: its URI, `None` where it shows nothing, and when it was added."""

    uri: str | None
    added: str | None


@dataclass(frozen=True)
class Scene:
    """The list `target`, what it holds `before`, and the URIs that are `wanted` on it. `source` is where they are."""

    target: str
    before: Sequence[Entry]
    wanted: Sequence[str | None]
    source: str = ""


def read(stage: Stage, playlist: str) -> list[Entry]:
    """What is on the playlist."""
    items = stage.invoke("getPlaylistItems", playlist_id=playlist)["items"]
    return [Entry(item["item"] and item["item"]["uri"], item["added_at"]) for item in items]


def read_target(stage: Stage, scene: Scene) -> list[Entry]:
    """What is on the scene's target."""
    return read(stage, scene.target)


@dataclass(frozen=True)
class Outcome:
    """What is wanted, on a list that `build` makes of about so many entries, and the ways to it, ours first; `read`
    tells what has come of it. What takes a call a track is `scaled`: it is measured with so many, and its calls and
    seconds are those of all."""

    name: str
    build: Callable[[Stage, int], Scene]
    ways: Mapping[str, Way]
    size: int
    scaled: Mapping[str, int] = field(default_factory=dict)
    read: Callable[[Stage, Scene], list[Entry]] = read_target


class Measured(NamedTuple):
    """What a way took undisturbed, and in words how the list was then."""

    reads: float
    writes: float
    seconds: float
    verdict: str


class Mishaps(NamedTuple):
    """In words: what was gone from the list where the process was killed halfway, how it was after another run, and how
    it was where an answer was lost."""

    gone: str
    again: str
    unanswered: str


def measure(stage: Stage, outcome: Outcome, name: str) -> Measured:
    """What the way of that name takes."""
    size = outcome.scaled.get(name, outcome.size)
    scene = _begin(stage, outcome, size)
    stage.slow_down()
    start = len(stage.list_calls())
    _, seconds, _ = stage.measure(lambda: outcome.ways[name](stage, scene))
    calls = stage.list_calls()[start:]
    reads = sum(call["method"] == "GET" for call in calls)
    times = outcome.size / size
    verdict = judge(scene, outcome.read(stage, scene))
    # Where it is scaled the list is empty, and one read tells that of any.
    return Measured((reads - 1) * times + 1, (len(calls) - reads) * times, seconds * times, verdict)


def suffer(stage: Stage, outcome: Outcome, name: str, size: int) -> Mishaps | None:
    """What mishaps make of the list with that way; `None` where it writes nothing."""
    scene, way = _begin(stage, outcome, size), outcome.ways[name]
    start = len(stage.list_calls())
    way(stage, scene)
    writes = [at for at, call in enumerate(stage.list_calls()[start:]) if call["method"] != "GET"]
    if not writes:
        return None
    halfway = writes[len(writes) // 2]
    scene = _begin(stage, outcome, size)
    _kill_halfway(stage, lambda: way(stage, scene), halfway)
    there = Counter(entry.uri for entry in outcome.read(stage, scene))
    gone = ((Counter(entry.uri for entry in scene.before) & Counter(scene.wanted)) - there).total()
    way(stage, scene)
    again = judge(scene, outcome.read(stage, scene))
    scene = _begin(stage, outcome, size)
    stage.fail("bad_gateway", after=halfway, applied=True)
    way(stage, scene)
    return Mishaps(f"{gone} gone" if gone else "none gone", again, judge(scene, outcome.read(stage, scene)))


def _kill_halfway(stage: Stage, act: Callable[[], object], halfway: int) -> None:
    """Does it in a process that is killed while the call at that place is on its way."""
    stage.fail("slow", after=halfway, seconds=_PATIENCE_S)
    start = len(stage.list_calls())
    child = os.fork()
    if not child:
        with suppress(BaseException):
            stage.connect_anew()
            act()
        os._exit(0)
    try:
        ends = time.monotonic() + _PATIENCE_S
        while len(stage.list_calls()) <= start + halfway and time.monotonic() < ends:
            time.sleep(0.01)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def judge(scene: Scene, after: Sequence[Entry]) -> str:
    """In words what is wrong with the list as it is `after`: entries that are lost or too many, another order, and
    entries that stayed and count as added now."""
    there, wanted = Counter(entry.uri for entry in after), Counter(scene.wanted)
    common = there.keys() & wanted.keys()
    order = [
        [uri for uri in dict.fromkeys(uris) if uri in common] for uris in (scene.wanted, [entry.uri for entry in after])
    ]
    stay = Counter(entry.uri for entry in scene.before) & wanted & there
    oldest: Counter[Entry] = Counter()
    for entry in sorted(scene.before, key=_age):
        if stay[entry.uri]:
            stay[entry.uri] -= 1
            oldest[entry] += 1
    counts = {
        "lost": (wanted - there).total(),
        "too many": (there - wanted).total(),
        "dates lost": (oldest - Counter(after)).total(),
    }
    told = [f"{count} {what}" for what, count in counts.items() if count]
    return ", ".join((["order lost"] if order[0] != order[1] else []) + told) or "right"


def _begin(stage: Stage, outcome: Outcome, size: int) -> Scene:
    stage.restart(size)
    scene = outcome.build(stage, size)
    pass_time(stage)
    return scene


def pass_time(stage: Stage) -> None:
    """Some passes, less than a token lives, so that what was added before is older."""
    stage.pass_time(_LATER_S)


def _age(entry: Entry) -> str:
    return entry.added or ""


def compare(outcomes: Iterable[Outcome], few: int) -> Iterator[Line]:
    """The table's lines: each outcome by each way, with the seconds as a ratio to ours; mishaps on lists of `few`."""
    with run_stage("development", 1) as stage:
        for outcome in outcomes:
            yield Line(f"10. {outcome.name}, at {LATENCY_S * 1000:.0f} ms", "")
            ours_s = None
            for name in outcome.ways:
                took, mishaps = measure(stage, outcome, name), suffer(stage, outcome, name, min(few, outcome.size))
                ours_s = ours_s or took.seconds
                is_ours, is_right = name.startswith("ours"), not _FAULTS.search(took.verdict)
                told = f"{took.reads:.0f} + {took.writes:.0f} calls: {took.verdict}"
                yield Line(f"  {name}", f"{took.seconds / ours_s:.2g} x", told, is_right if is_ours else None)
                if mishaps:
                    yield Line("    killed halfway, and once more", mishaps.gone, mishaps.again)
                    yield Line("    an answer lost", "", mishaps.unanswered)
