"""How long a program waits before its first block: `Connector.load()` against `import spotipy`, side by side.

Each run is a new Python process; the two take turns, so that a machine that slows down slows both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

OURS = "from connector import Connector; Connector.load()"
THEIRS = "import spotipy"
RUNS = 15


def time_process(code: str) -> float:
    """Wall time in milliseconds of a new Python that runs `code`."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    time_process(OURS), time_process(THEIRS)
    pairs = [(time_process(OURS), time_process(THEIRS), time_process("pass")) for _ in range(RUNS)]
    ours, theirs, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(our / their for our, their, _ in pairs)
    print(f"{'bare Python':<24}{bare:8.0f} ms")
    print(f"{'Connector.load()':<24}{ours:8.0f} ms")
    print(f"{'import spotipy':<24}{theirs:8.0f} ms")
    print(f"{'ratio':<24}{ratio:8.2f}     (goal: at most 1.0; median of {RUNS} pairs)")


if __name__ == "__main__":
    main()
