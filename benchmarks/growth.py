"""What many blocks cost: the first answer with all of them against a few of them, and the linter's time for all.

Each run is a new Python process; they take turns.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from cold_start import INVOKE, LOAD, time_process

from connector.manifest.yaml_file import load_source, locate_manifest

#: So many blocks the manifest had at first.
FEW = 29
#: The block that is invoked.
CALLED = "getCurrentUserProfile"


@contextmanager
def write_manifests() -> Iterator[tuple[Path, Path]]:
    """The manifest with all of its blocks and with a few, both as one program writes them."""
    source = locate_manifest()
    data = load_source(source)
    blocks = data["blocks"]
    few = [CALLED, *(name for name in blocks if name != CALLED)][:FEW]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(source.parent / "schemas", folder / "schemas")
        files = folder / "all.yaml", folder / "few.yaml"
        for file, names in zip(files, (blocks, few), strict=True):
            kept = {name: blocks[name] for name in names}
            file.write_text(yaml.safe_dump({**data, "blocks": kept}, sort_keys=False, width=120), "utf-8")
        yield files


def time_growth(base: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each round to the first answer, with all blocks and with a few; `base` is where the benchmark's
    server is."""
    with write_manifests() as files:
        load = LOAD.format(base=base)
        programs = {
            name: f"import os; os.environ['CONNECTOR_MANIFEST'] = {str(file)!r}; {load}; {INVOKE}"
            for name, file in zip(("all", "few"), files, strict=True)
        }
        times: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(rounds + 1):
            for name, code in programs.items():
                measured = time_process(code)
                # The first round warms the files.
                if number:
                    times[name].append(measured)
    return times


def time_check() -> float:
    """Seconds that `check` takes for all blocks."""
    command = [Path(sys.executable).with_name("spotify-blocks"), "check"]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started
