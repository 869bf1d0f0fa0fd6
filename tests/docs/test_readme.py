"""README and docs say what the manifest, the command line and the settings say, and what they lead to is there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from measured_blocks import LIBRARY, build_block_costs, measure_blocks
from measured_looks import LISTENER, PLAYLIST, measure_looks
from trigger_pages import build_cost_table
from write_tables import build_error_table, build_settings_table, replace_table

from connector.errors import CODES
from connector.manifest.manifest import Manifest
from connector.version import __version__

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = README + "".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def test_the_readme_is_read_in_five_minutes():
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("page", ["README.md", "docs/getting-started.md"])
def test_the_number_of_blocks_is_the_manifest_s(page):
    numbers = re.findall(r"\b(\d+) blocks|All (\d+) are declared", (ROOT / page).read_text("utf-8"))
    assert {int(one or other) for one, other in numbers} == {len(Manifest.load())}


def test_the_number_of_triggers_is_the_manifest_s():
    assert set(re.findall(r"\b(\d+) triggers", DOCS)) == {str(len(Manifest.load().data["triggers"]))}


def test_the_readme_shows_the_example_in_python():
    _, _, program = (ROOT / "examples" / "python" / "new_albums.py").read_text("utf-8").partition("\n\n")
    assert f"```python\n{program}```" in README
    assert len(program.splitlines()) <= 20


def test_the_readme_s_first_tasks_call_open_blocks_only():
    closed_since = {block.name: block.closed_since("development") for block in Manifest.load()}
    called = closed_since.keys() & set(re.findall(r"\w+", README))
    assert {"searchTracks", "getArtistAlbums"} <= called
    assert [name for name in sorted(called) if closed_since[name]] == []


@pytest.mark.parametrize(
    ("page", "table", "build"),
    [
        ("http-runner.md", "settings", build_settings_table),
        ("troubleshooting.md", "errors", lambda: build_error_table(Manifest.load())),
        ("triggers.md", "costs", lambda: build_cost_table(Manifest.load(), measure_looks(Manifest.load()))),
        ("ready-made.md", "costs", lambda: build_block_costs(measure_blocks(Manifest.load()))),
    ],
)
def test_a_written_table_is_what_it_is_made_from(page, table, build):
    text = (ROOT / "docs" / page).read_text("utf-8")
    assert replace_table(text, build(), table) == text, "run `make docs`"


@pytest.mark.parametrize(
    ("page", "begin", "counts"),
    [
        ("triggers.md", "Measured are", [*LISTENER.values(), PLAYLIST]),
        ("ready-made.md", "Counted in the sandbox", list(LIBRARY.values())),
    ],
)
def test_the_library_that_calls_were_measured_with_is_told(page, begin, counts):
    told = (ROOT / "docs" / page).read_text("utf-8").partition(begin)[2].partition("<!--")[0]
    assert {f"{count:,}" for count in counts} - set(re.findall(r"\d[\d,]*\d", told)) == set()


def test_the_page_of_ready_made_blocks_tells_what_each_is_for_and_costs():
    text = (ROOT / "docs" / "ready-made.md").read_text("utf-8")
    ready = [block.name for block in Manifest.load() if block.procedure]
    to_do, _, rest = text.partition("## What holds for all")
    assert [name for name in ready if f"`{name}`" not in to_do or f"[`{name}`]" not in rest] == []


def test_troubleshooting_explains_every_kind_of_error():
    text = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
    assert [kind for kind, code in CODES.items() if f"| `{kind}` | `{code}` |" not in text] == []


def list_commands() -> list[str]:
    shown = subprocess.run(
        [sys.executable, "-c", "from connector.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PATH": "/usr/bin:/bin"},
    ).stdout
    commands = shown.partition("\nBlocks:\n")[2].partition("\nOptions:\n")[0]
    return re.findall(r"^  (\w+) ", commands, re.MULTILINE)


@pytest.mark.parametrize("command", ["blocks", "describe", "run", "sandbox", "check", "record"])
def test_every_command_exists_and_is_in_the_docs(command):
    assert command in list_commands()
    assert f"spotify-blocks {command}" in DOCS


def test_no_command_is_missing_from_the_docs():
    assert [command for command in list_commands() if f"spotify-blocks {command}" not in DOCS] == []


def test_every_environment_variable_is_in_the_docs():
    read = set()
    for module in (ROOT / "connector").rglob("*.py"):
        read |= set(re.findall(r"CONNECTOR_[A-Z_]+[A-Z]", module.read_text("utf-8")))
    assert sorted(name for name in read if name not in DOCS) == []


def test_the_changelog_s_newest_version_is_the_package_s():
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == __version__


PAGES = [
    path
    for place in (".", "docs", "docs/reference", "examples", "examples/workflows", "benchmarks")
    for path in sorted((ROOT / place).glob("*.md"))
]


def find_anchors(text: str) -> set[str]:
    """The anchors that a page's headings get: small letters, without marks, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


@pytest.mark.each("page", PAGES)
def test_what_a_page_links_to_is_there(page):
    text = page.read_text("utf-8")
    links = re.findall(r"(?<!`)\]\((?!https?:|<)([^)\s]+)\)", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S))
    lost = []
    for link in links:
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in find_anchors(target.read_text("utf-8"))):
            lost.append(link)
    assert lost == []


def test_every_page_is_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for name in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
            target = (page.parent / name).resolve()
            if target.suffix == ".md" and target.is_file() and target not in reached:
                waiting.append(target)
    assert [str(page) for page in PAGES if page.resolve() not in reached] == []


def test_every_example_is_in_the_index():
    index = (ROOT / "examples" / "README.md").read_text("utf-8")
    names = [path.relative_to(ROOT / "examples").parts[0] for path in (ROOT / "examples").rglob("*") if path.is_file()]
    assert sorted({name for name in names if name not in index and name != "README.md"}) == []


def test_the_demo_installs_no_test_tools(tmp_path):
    """As `make` plans it in a checkout without an environment; what tests need comes with `make test`."""

    def plan(target: str) -> str:
        command = ["make", "--dry-run", f"VENV={tmp_path / 'venv'}", target]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "--group dev" in plan("test")
    assert "--group" not in plan("demo")
    assert "[all]" not in plan("demo")
