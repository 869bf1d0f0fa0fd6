"""The rooms of the project: imports run downwards only, and only the sandbox knows the service."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "connector"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_data" not in path.parts)
ENGINE = [path for path in MODULES if "sandbox" not in path.parts]
LONGEST = 250
#: Every module by its dotted name, a package by its own.
DOTTED = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}

#: The rooms from the ground up: a folder, or a module right below the package, imports from lower rows only.
LAYERS = [
    {"errors", "version", "forks", "brief_entries", "notebook_table"},
    {"result", "bounded_wait"},
    {"manifest"},
    {"arguments"},
    {"lint"},
    {"limits"},
    {"wire"},
    {"sending"},
    {"auth"},
    {"many"},
    {"triggers", "composites"},
    {"way"},
    {"packaged"},
    {"__init__"},
    {"sandbox"},
    {"cassettes", "verifying", "subscriptions"},
    {"export"},
    {"runners"},
    {"cli", "__main__"},
]
RANKS = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def room_of(path: Path) -> str:
    """The room that a module belongs to: its file, or the folder right below the package."""
    first, *rest = path.relative_to(PACKAGE).parts
    return first if rest else path.stem


def iter_imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of everything that a module imports from the package, wherever in the module it does so."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: imports are written from the package's top."
            names = [node.module or ""]
            if node.module == "connector":
                # A module may be imported from the package itself: `from connector import errors`.
                names = [f"connector.{alias.name}" for alias in node.names if _is_module(alias.name)] or names
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            if first == "connector":
                yield node.lineno, rest[0] if rest else "__init__"


def iter_imported_modules(path: Path) -> Iterator[str]:
    """The dotted names of the modules and packages that a module imports, wherever in the module it does so."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            wholes = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (whole if whole in DOTTED else node.module or "" for whole in wholes)


def _is_module(name: str) -> bool:
    return (PACKAGE / f"{name}.py").exists() or (PACKAGE / name).is_dir()


@pytest.mark.each("path", MODULES)
def test_every_module_has_its_place(path):
    assert room_of(path) in RANKS, (
        f"{room_of(path)} stands in no layer: add it to LAYERS in {Path(__file__).name}, above all that it imports "
        "and below all that imports it."
    )


@pytest.mark.each("path", MODULES)
def test_imports_run_downwards(path):
    own = room_of(path)
    upwards = [
        f"line {line}: {own} imports {room}"
        for line, room in iter_imports(path)
        if room != own and RANKS.get(room, len(LAYERS)) >= RANKS.get(own, len(LAYERS))
    ]
    assert upwards == []


def test_no_module_imports_itself_by_way_of_others():
    """Wherever in a module the imports stand: one inside a function only hides a circle."""
    left = {name: set(iter_imported_modules(path)) & DOTTED.keys() for name, path in DOTTED.items()}
    # What imports nothing that is left is in no circle. When nothing more can go, circles and their users are left.
    while free := {name for name, others in left.items() if not others & left.keys()}:
        left = {name: others for name, others in left.items() if name not in free}
    assert {name: sorted(others & left.keys()) for name, others in left.items()} == {}


@pytest.mark.each("path", [path for path in MODULES if "sandbox" in path.parts])
def test_the_sandbox_is_an_independent_witness(path):
    assert [f"line {line}: {room}" for line, room in iter_imports(path) if room != "sandbox"] == []


@pytest.mark.each("path", ENGINE)
def test_no_engine_module_knows_the_service_by_name(path):
    lines = path.read_text("utf-8").lower().splitlines()
    assert [f"line {number}: {line}" for number, line in enumerate(lines, start=1) if "spotify" in line] == []


@pytest.mark.each("path", ENGINE)
def test_no_engine_module_holds_the_name_of_a_block(path, manifest):
    names = set(manifest.names) | {alias for block in manifest for alias in block.aliases}
    # A name of one word is a word of any program.
    names = {name for name in names if not name.islower()}
    strings = {
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert strings & names == set()


@pytest.mark.each("path", MODULES)
def test_no_module_is_so_long_that_it_has_two_owners(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


def test_the_package_is_not_empty():
    assert {"errors", "manifest/manifest", "way/connector"} <= {name_of(path) for path in MODULES}
