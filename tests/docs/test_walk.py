"""The commands of README and docs are run as a new user runs them: in a fresh checkout and a fresh home, page by page.

What can't be run here is marked in the page's source, above the block: `<!-- needs: account -->` for a real one,
`editor` for n8n or Node-RED, `packages` for a registry, `redis` for a Redis, `proxy` for a network of one's own, `time`
for what runs until it is ended or takes long. A command that shows what it prints is held to that; any other one has to
end well.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
NEEDS = {"account", "editor", "packages", "redis", "proxy", "time"}
BLOCK = re.compile(
    r"^(?:<!-- needs: (?P<needs>[a-z]+) -->\n)?```(?P<language>[a-z]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
#: Ports as pages write them; each walk has others.
PORTS = ("8800", "8900")
SERVES = re.compile(r"spotify-blocks (serve|sandbox)\b")
#: Presses Agree on the sandbox's sign-in page, as a user in a browser does.
AGREE = """\
import sys, requests
from urllib.parse import parse_qsl, urlsplit
url = sys.argv[1]
asked = dict(parse_qsl(urlsplit(url).query))
requests.post(url.partition("?")[0], data={**asked, "decision": "agree"}, timeout=30).raise_for_status()
"""


@dataclass(frozen=True)
class Step:
    """A command of a page, and the lines that the page shows under it."""

    command: str
    shown: tuple[str, ...]


def find_blocks(page: str, *languages: str) -> list[tuple[str | None, str]]:
    """The blocks of a page in these languages: what each needs, and its text."""
    text = (ROOT / page).read_text("utf-8")
    return [(match["needs"], match["text"]) for match in BLOCK.finditer(text) if match["language"] in languages]


def find_steps(page: str) -> list[Step]:
    """The commands that can be run here, in the page's order."""
    steps: list[Step] = []
    for needs, text in find_blocks(page, "console"):
        if needs:
            continue
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            lines = part.rstrip("\n").split("\n")
            end = next(place for place, line in enumerate(lines) if not line.endswith("\\")) + 1
            steps.append(Step("\n".join(lines[:end]), tuple(lines[end:])))
    return steps


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """What a clone holds, and what isn't committed yet, with an environment where the packages are installed."""
    place = tmp_path_factory.mktemp("walk") / "spotify-blocks"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    (place / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if not part.name.startswith(".ready"):
            (place / ".venv" / part.name).symlink_to(part)
    (place / ".venv" / ".ready").touch()
    return place


def walk(page: str, steps: list[Step], checkout: Path, home: Path) -> list[tuple[int, str]]:
    """Runs the steps in one shell; gives the status and the output of each."""
    home.mkdir()
    agree = home / "agree.py"
    agree.write_text(AGREE)
    ports = dict(zip(PORTS, find_ports(len(PORTS)), strict=True))
    # What an earlier page has exported there would be in the way of another palette.
    script = [f"cd '{checkout}'", "rm -rf palette"]
    for step in steps:
        command = step.command
        for written, free in ports.items():
            command = re.sub(rf"\b{written}\b", free, command)
        script.append("echo '@@ begin'")
        if serves := SERVES.search(command):
            port = ports["8800" if serves[1] == "serve" else "8900"]
            script.append(f"{command.partition(' #')[0].rstrip(' &')} >>'{home}/servers.log' 2>&1 &")
            script.append(f"until (: </dev/tcp/127.0.0.1/{port}) 2>/dev/null || ! kill -0 $!; do sleep 0.05; done")
            script.append("kill -0 $!")
        else:
            script.append(command)
        script.append('echo "@@ end $?"')
    script.append("kill $(jobs -p) 2>/dev/null; wait")
    environment = {
        "HOME": str(home),
        "PATH": f"{checkout}/.venv/bin:{os.environ['PATH']}",
        "PYTHONPATH": str(checkout),
        "CONNECTOR_SERVE_PORT": ports["8800"],
        "CONNECTOR_STORE": "file",
        "BROWSER": f"{sys.executable} {agree} %s &",
        "COLUMNS": "100",
        "TERM": "dumb",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    ends = re.findall(r"@@ begin\n(.*?)@@ end (\d+)\n", done.stdout, re.DOTALL)
    assert len(ends) == len(steps), f"{page}: the shell ended early:\n{done.stdout[-2000:]}"
    return [(int(status), output) for output, status in ends]


def find_ports(count: int) -> list[str]:
    """Ports that are free now."""
    holders = [socket.socket() for _ in range(count)]
    for holder in holders:
        holder.bind(("127.0.0.1", 0))
    ports = [str(holder.getsockname()[1]) for holder in holders]
    for holder in holders:
        holder.close()
    return ports


def find_missing(shown: tuple[str, ...], output: str) -> list[str]:
    """The first shown line that isn't printed after those before it; `…` in it stands for anything."""
    lines = iter([line.rstrip() for line in output.splitlines()])
    for line in shown:
        wanted = re.compile(".*".join(map(re.escape, line.rstrip().split("…"))))
        if not any(wanted.fullmatch(printed) for printed in lines):
            return [line]
    return []


@pytest.mark.parametrize("page", [page for page in PAGES if find_steps(page)])
def test_the_commands_of_a_page_do_what_it_says(page, checkout, tmp_path):
    steps = find_steps(page)
    wrong = []
    for step, (status, output) in zip(steps, walk(page, steps, checkout, tmp_path / "home"), strict=True):
        if (status and not step.shown) or find_missing(step.shown, output):
            wrong.append(f"$ {step.command}\n{output}(status {status}; shown: {find_missing(step.shown, output)})")
    assert wrong == []


def test_most_commands_are_run():
    assert len([step for page in PAGES for step in find_steps(page)]) >= 30


def test_a_line_that_is_not_printed_is_missed():
    assert find_missing(("3 of … entries.",), "3 of 79 entries.\n") == []
    assert find_missing(("3 of 80 entries.",), "3 of 79 entries.\n") == ["3 of 80 entries."]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_block_needs_is_one_of_the_known_words(page):
    assert {needs for needs, _ in find_blocks(page, "console") if needs} <= NEEDS
    marks = (ROOT / page).read_text("utf-8").count("<!-- needs:")
    assert marks == len([needs for needs, _ in find_blocks(page, "console") if needs]), "a mark stands above no block"


def test_python_that_brings_its_sandbox_runs(checkout):
    programs = [text for page in PAGES for _, text in find_blocks(page, "python") if "with Sandbox()" in text]
    assert len(programs) >= 2
    for program in programs:
        subprocess.run([sys.executable, "-c", program], cwd=checkout, capture_output=True, check=True, timeout=120)
