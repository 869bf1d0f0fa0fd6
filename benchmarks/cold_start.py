"""How long a program waits for its first answer: `Connector.load()` and an invocation, against `import spotipy` alone.

Each run is a new Python process; they take turns, so that a machine that slows down slows all.
"""

from __future__ import annotations

import subprocess
import sys
import time

LOAD = "from connector import Connector; c = Connector.load(servers={{'api': '{base}/v1'}})"
INVOKE = "assert c.invoke('getCurrentUserProfile', {'access_token': 't'}).ok"
HIDE = "import sys; sys.modules.update(orjson=None)"


def time_process(code: str) -> float:
    """Wall time in milliseconds of a new Python that runs `code`."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - started) * 1000


def time_cold_starts(base: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each round for each program; `base` is where the benchmark's server is."""
    load = LOAD.format(base=base)
    programs = {
        "bare Python": "pass",
        "Connector.load()": load,
        "first invoke": f"{HIDE}; {load}; {INVOKE}",
        "first invoke [speed]": f"{load}; {INVOKE}",
        "import spotipy": "import spotipy",
    }
    for code in programs.values():
        time_process(code)
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, code in programs.items():
            times[name].append(time_process(code))
    return times
