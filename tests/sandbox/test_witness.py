"""The sandbox imports nothing of the engine: it would agree with its mistakes."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "connector" / "sandbox").rglob("*.py"))


def imported_modules(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield node.module


def test_nothing_of_the_engine_is_imported():
    strangers = {
        f"{file.name}: {module}"
        for file in FILES
        for module in imported_modules(file)
        if module.split(".")[0] == "connector" and not module.startswith("connector.sandbox")
    }
    assert FILES
    assert strangers == set()


def test_models_know_no_http():
    models = {
        "catalogue",
        "clock",
        "contexts",
        "devices",
        "kept_playlists",
        "grants",
        "apps",
        "ids",
        "kinds",
        "library",
        "names",
        "playables",
        "playback",
        "playlist_items",
        "playlists",
        "plays",
        "quota",
        "scopes",
        "seeding",
        "state",
    }
    web = {
        f"{file.name}: {module}"
        for file in FILES
        if file.stem in models
        for module in imported_modules(file)
        if module.split(".")[0] in ("starlette", "uvicorn", "http")
    }
    assert web == set()


def test_starting_it_brings_no_engine_module_in():
    program = (
        "import sys, connector; before = set(sys.modules)\n"
        "from connector.sandbox import Sandbox\n"
        "with Sandbox() as sandbox: sandbox.demo_args\n"
        "print(sorted(name for name in set(sys.modules) - before if name.startswith('connector.')"
        " and not name.startswith('connector.sandbox')))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
