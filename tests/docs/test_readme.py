"""The README says what the manifest and the command line say."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from connector.manifest.manifest import Manifest
from connector.version import __version__

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = README + "".join(path.read_text("utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


def load_table_writer():
    spec = importlib.util.spec_from_file_location("write_tables", ROOT / "docs" / "write_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_block_table_is_the_manifest_s():
    writer = load_table_writer()
    assert writer.replace_table(README, writer.build_table(Manifest.load())) == README, "run `make docs`"


def test_the_table_of_settings_is_the_http_runner_s():
    writer, text = load_table_writer(), (ROOT / "docs" / "http-runner.md").read_text("utf-8")
    assert writer.replace_table(text, writer.build_settings_table(), "settings") == text, "run `make docs`"


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
def test_every_command_exists_and_is_in_the_readme(command):
    assert command in list_commands()
    assert f"spotify-blocks {command}" in README


def test_no_command_is_missing_from_the_readme():
    assert [command for command in list_commands() if f"spotify-blocks {command}" not in README] == []


def test_every_environment_variable_is_in_the_readme():
    read = set()
    for module in (ROOT / "connector").rglob("*.py"):
        read |= set(re.findall(r"CONNECTOR_[A-Z_]+[A-Z]", module.read_text("utf-8")))
    assert sorted(name for name in read if name not in DOCS) == []


def test_the_changelog_s_newest_version_is_the_package_s():
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert versions[0] == __version__
