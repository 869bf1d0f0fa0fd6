"""Breaks the code once in each of many places, and fails where no test goes red: `make mutations`, some minutes.

Each mutation is a change of one line in a copy of this checkout, with the tests that must notice it. Words run only the
mutations whose file or name holds them: `python tests/mutations.py sandbox`. Behind each stands the first test that
noticed it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = Path(__file__).with_name("mutations.toml")
#: The longest (s) that the tests of a mutation may take; one that makes them hang was noticed.
LONGEST_S = 300


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


def build_python(folder: Path) -> None:
    """A Python that has all packages of this one and takes the copy for the project, with its commands beside it: what
    tests start in an environment of its own is the copy too."""
    venv.EnvBuilder(symlinks=True).create(folder / ".venv")
    own, new = Path(sys.executable), folder / ".venv" / "bin" / "python"
    packages = Path(sysconfig.get_path("purelib"))
    paths = f"{folder}\nimport site; site.addsitedir({str(packages)!r})\n"
    (folder / ".venv" / packages.relative_to(own.parents[1]) / "copy.pth").write_text(paths, "utf-8")
    for command in own.parent.iterdir():
        content = command.read_bytes() if command.is_file() and not (new.parent / command.name).exists() else b""
        if content.startswith(b"#!" + bytes(own.parent)):
            (new.parent / command.name).write_bytes(content.replace(bytes(own.parent), bytes(new.parent), 1))
            (new.parent / command.name).chmod(0o755)


def run(folder: Path, tests: list[str]) -> tuple[int, str]:
    """The status of the tests in the copy, and what they printed."""
    running = subprocess.Popen(
        [folder / ".venv" / "bin" / "python", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = running.communicate(timeout=LONGEST_S * len(tests))
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        return 1, f"FAILED {tests[0]} hangs\n"
    return running.returncode, printed


def find_noticing(folder: Path, mutation: Mutation) -> str | None:
    """The first test that goes red with the mutation, `None` where none does; the file is put back."""
    path = folder / mutation.file
    sound = path.read_text("utf-8")
    if sound.count(mutation.old) != 1:
        raise SystemExit(f"{mutation.name}: its text stands {sound.count(mutation.old)} times in {mutation.file}.")
    path.write_text(sound.replace(mutation.old, mutation.new), "utf-8")
    try:
        status, printed = run(folder, mutation.tests)
    finally:
        path.write_text(sound, "utf-8")
    if status != 1:
        return None
    failed = re.search(r"^(?:FAILED|ERROR|SUBFAILED\S*) (.+?)(?: - |$)", printed, re.MULTILINE)
    return failed[1] if failed else "a test"


def main(words: list[str]) -> int:
    """Runs the mutations that hold one of `words`, all without any; gives the exit status."""
    chosen = [one for one in load() if not words or any(word in f"{one.file} {one.name}" for word in words)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_checkout(folder)
        build_python(folder)
        status, printed = run(folder, sorted({test for mutation in chosen for test in mutation.tests}))
        if status:
            print(printed)
            return 1
        unnoticed = []
        for mutation in chosen:
            noticed = find_noticing(folder, mutation)
            word, by = ("red", f"  ({noticed})") if noticed else ("GREEN", "")
            print(f"{word}  {mutation.file}: {mutation.name}{by}", flush=True)
            unnoticed += [] if noticed else [mutation]
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} were noticed.")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
