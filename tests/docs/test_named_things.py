"""What the docs name is there: commands with their options, those that no test can run too; options and attributes."""

import inspect
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main

from connector import Connector, ErrorDetail, Meta, Result
from connector.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for place in ("*.md", "docs/*.md", "examples/**/*.md", ".github/ISSUE_TEMPLATE/*.yml")
    for path in ROOT.glob(place)
)
PYTHON = (ROOT / "docs" / "python.md").read_text("utf-8")
COMMANDS = typer.main.get_command(app).commands


def find_commands(text: str) -> list[str]:
    """What follows `spotify-blocks` in commands and within lines, up to the end of the command."""
    lines = re.findall(r"^\$ (.*?)(?:\s#.*)?$", text.replace("\\\n", " "), re.MULTILINE)
    typed = [found for line in lines for found in re.findall(r"spotify-blocks ([a-z][^|&;]*)", line)]
    return typed + re.findall(r"`(?:\S+ )?spotify-blocks ([a-z][^`]*)`", text)


@pytest.mark.each("page", PAGES)
def test_a_command_that_a_page_names_has_the_options_that_it_says(page):
    unknown = []
    for text in find_commands(page.read_text("utf-8")):
        name, *words = shlex.split(text)
        known = {option for parameter in COMMANDS[name].params for option in parameter.opts + parameter.secondary_opts}
        given = {word.partition("=")[0] for word in words if word.startswith("--")}
        unknown += [f"{name} {option}" for option in sorted(given - known - {"--help"})]
    assert unknown == []


def test_commands_are_found():
    assert find_commands("`spotify-blocks login --for BLOCK`\n$ A=b spotify-blocks run x --table | head\n") == [
        "run x --table ",
        "login --for BLOCK",
    ]


def test_the_options_of_login_are_its_own():
    table = (ROOT / "docs" / "sign-in.md").read_text("utf-8").partition("| `login` option |")[2].partition("\n\n")[0]
    options = set(re.findall(r"`(--[a-z-]+)", table))
    known = {option for parameter in COMMANDS["login"].params for option in parameter.opts}
    assert len(options) > 10
    assert options <= known
    assert known - options <= {"--client-id", "--client-secret", "--help", "-h"}


def test_python_s_options_are_those_that_load_takes():
    rows = PYTHON.partition("| option |")[2].partition("\n\n")[0].splitlines()[2:]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == inspect.signature(Connector.load).parameters.keys() - {"path"}


def test_python_s_attributes_are_there():
    [error] = re.findall(r"^result\.error  # (.*)$", PYTHON, re.MULTILINE)
    [meta] = re.findall(r"^result\.meta  # (.*)$", PYTHON, re.MULTILINE)
    assert set(re.findall(r"^result\.(\w+)", PYTHON, re.MULTILINE)) <= names_of(Result)
    assert set(re.findall(r"\.(\w+)", error)) <= names_of(ErrorDetail)
    assert set(meta.split(", ")) <= names_of(Meta)


def names_of(kind: type) -> set[str]:
    """Fields, properties and methods."""
    return {*dir(kind), *(field.name for field in fields(kind))}
