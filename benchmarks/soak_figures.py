"""Memory, open files and threads of a process, looked at again and again: do they stay what they are?"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

#: What each may grow by after the first tenth of the way. Freed memory is not always given back.
GROWTH = {"RSS (MiB)": 16.0, "open files": 8.0, "threads": 2.0}
_PROC = Path("/proc")


@dataclass
class Story:
    """What was found: the `rows` of its table, and what was `wrong`."""

    rows: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def show(self) -> None:
        """Prints both; of what was wrong the first."""
        print("\n".join([*self.rows, *(f"WRONG: {line}" for line in self.wrong[:20])]), flush=True)


def measure(process: int | None = None) -> dict[str, float]:
    """Memory, open files and threads of a process, of this one by default, as Linux tells; elsewhere this one's threads
    alone."""
    home = _PROC / str(process or "self")
    if not (home / "statm").exists():
        return {"threads": float(threading.active_count())}
    pages = int((home / "statm").read_text("ascii").split()[1])
    return {
        "RSS (MiB)": pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        "open files": float(len(list((home / "fd").iterdir()))),
        "threads": float(len(list((home / "task").iterdir()))),
    }


def watch(is_running: Callable[[], bool], share: Callable[[], float], pause_s: float = 0.2) -> list[dict[str, float]]:
    """Samples of this process at each hundredth of the way, as long as it runs; `at` tells how far it was (0 to 1)."""
    samples: list[dict[str, float]] = []
    while is_running():
        time.sleep(pause_s)
        if is_running() and (at := share()) >= len(samples) / 100:
            samples.append({"at": at, **measure()})
    return samples


def check_growth(samples: list[dict[str, float]], story: Story, more_threads: int = 0) -> None:
    """Adds how the figures grew after the first tenth of the way; threads may by so many `more_threads`."""
    warm = [sample for sample in samples if sample["at"] >= 0.1]
    for name, allowed in GROWTH.items():
        values = [sample[name] for sample in warm if name in sample]
        if len(values) < 10:
            story.rows.append(f"{name:<28}not measured")
            continue
        # Fifths against each other: one sample is chance.
        fifth = len(values) // 5
        before, after = sum(values[:fifth]) / fifth, sum(values[-fifth:]) / fifth
        story.rows.append(f"{name:<28}{before:10.1f} -> {after:.1f}, most {max(values):.1f}")
        if after - before > allowed + (more_threads if name == "threads" else 0):
            story.wrong.append(f"{name} grew from {before:.1f} to {after:.1f}")
