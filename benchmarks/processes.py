"""Processes of the command, each in a session of its own with a log of its own, and what memory they take."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

COMMAND: Final = Path(sys.executable).with_name("spotify-blocks")
_END_S: Final = 60.0


class Process:
    """`spotify-blocks` with `words`, begun; what it says goes to the file `log`."""

    def __init__(self, log: Path, environment: dict[str, str], *words: str) -> None:
        self._log = log
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                [COMMAND, *words], env=environment, stdout=stream, stderr=stream, start_new_session=True
            )

    def wait_for(self, words: str, patience_s: float) -> str:
        """The first line with these words. Raises `RuntimeError` where it doesn't come."""
        ends = time.monotonic() + patience_s
        while time.monotonic() < ends and self._process.poll() is None:
            for line in self._log.read_text().splitlines():
                if words in line:
                    return line
            time.sleep(0.05)
        raise RuntimeError(f"{self._log.stem} said nothing of {words!r}: {self._log.read_text()[-500:]}")

    def read_memory(self) -> list[float]:
        """MiB of its own, and of each of its children."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [measure_memory(int(pid)) for pid in (self._process.pid, *children)]

    def read_cpu(self) -> float:
        """Seconds of a processor that it has taken itself."""
        times = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """Ends it and its children at once, as a machine that loses its power."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> int:
        """Tells it to end, and gives its status."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_END_S)
            except subprocess.TimeoutExpired:
                self.kill()
        return self._process.returncode


def measure_memory(pid: int) -> float:
    """MiB of memory that the process has."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
