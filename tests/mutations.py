"""Breaks the code once in each of many places, and fails where no test goes red: `make mutations`, some minutes.

Each mutation is a change of one line in a copy of this checkout, with the tests that must notice it. Words run only the
mutations whose file or name holds them: `python tests/mutations.py sandbox`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = Path(__file__).with_name("mutations.toml")


@dataclass(frozen=True)
class Mutation:
    """One change: `old` stands once in `file`, `new` takes its place, and one of `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: list[str]


def load() -> list[Mutation]:
    """All mutations of the list."""
    return [Mutation(**entry) for entry in tomllib.loads(LIST.read_text("utf-8"))["mutation"]]


def copy_checkout(folder: Path) -> None:
    """The files of this checkout as they are, without what git leaves out."""
    listed = subprocess.check_output(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def run(folder: Path, tests: list[str]) -> subprocess.CompletedProcess[str]:
    """The tests in the copy; what they import and start is the copy's."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def is_noticed(folder: Path, mutation: Mutation) -> bool:
    """Whether a test goes red with the mutation; the file is put back."""
    path = folder / mutation.file
    sound = path.read_text("utf-8")
    if sound.count(mutation.old) != 1:
        raise SystemExit(f"{mutation.name}: its text stands {sound.count(mutation.old)} times in {mutation.file}.")
    path.write_text(sound.replace(mutation.old, mutation.new), "utf-8")
    try:
        return run(folder, mutation.tests).returncode == 1
    finally:
        path.write_text(sound, "utf-8")


def main(words: list[str]) -> int:
    """Runs the mutations that hold one of `words`, all without any; gives the exit status."""
    chosen = [one for one in load() if not words or any(word in f"{one.file} {one.name}" for word in words)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_checkout(folder)
        sound = run(folder, sorted({test for mutation in chosen for test in mutation.tests}))
        if sound.returncode:
            print(sound.stdout)
            return 1
        unnoticed = []
        for mutation in chosen:
            noticed = is_noticed(folder, mutation)
            print(f"{'red' if noticed else 'GREEN'}  {mutation.file}: {mutation.name}", flush=True)
            unnoticed += [] if noticed else [mutation]
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} were noticed.")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
