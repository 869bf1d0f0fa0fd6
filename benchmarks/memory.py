"""Reads a stream of saved tracks to its end and prints the highest memory use of this process, in MiB.

`python benchmarks/memory.py BASE_URL`; run as a process of its own, for what was once used is never given back.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

from connector import Connector


def measure_memory(base: str) -> float:
    """MiB at most of a new process that streams all tracks of `base`."""
    done = subprocess.run([sys.executable, __file__, base], check=True, capture_output=True, text=True)
    return float(done.stdout)


def main(base: str) -> None:
    with Connector.load(servers={"api": f"{base}/v1"}) as connector:
        count = sum(1 for _ in connector.stream("getUserSavedTracks", {"access_token": "t"}))
    assert str(count) == base.rsplit("/", 1)[-1]
    print(read_highest())


def read_highest() -> float:
    """The highest memory use of this process so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What the system's accounting calls the highest is, after a fork, that of the parent.
        return int(re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text("ascii"), re.MULTILINE)[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    main(sys.argv[1])
