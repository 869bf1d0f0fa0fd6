"""What `--help` shows of every command, at the widths that terminals have."""

import re
import shlex

import pytest
import typer

from connector.cli.app import app
from connector.cli.help_screens import EXAMPLES, PURPOSES
from connector.runners.http_server.settings import iter_settings

ROOT = typer.main.get_command(app)
COMMANDS = list(ROOT.commands)


def test_every_command_has_a_purpose_and_examples(cli):
    assert sorted(name for names in PURPOSES.values() for name in names) == sorted(COMMANDS)
    assert sorted(EXAMPLES) == sorted(["", *COMMANDS])
    shown = cli("--help").stdout
    assert [title for title in PURPOSES if f"\n{title}:\n" not in shown] == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_an_example_can_be_typed(cli, command):
    shown = cli(*command.split(), "--help").stdout
    examples = shown.partition("\nExamples:\n")[2].splitlines()
    assert examples
    for line in examples:
        program, name, *words = shlex.split(line.partition(" > ")[0])
        assert program == "blocks-tool"
        # Takes the words as they are, and does nothing.
        ROOT.commands[name].make_context(name, words)


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_nothing_is_cut_or_sticks_out(cli, command, width):
    shown = cli(*command.split(), "--help", COLUMNS=str(width)).stdout
    form = shown.partition("\nExamples:\n")[0]
    # An option's own words stand on one line.
    wide = [line for line in form.splitlines() if len(line.rstrip()) > width and not line.startswith("  --")]
    assert wide == []
    assert re.findall("[─│…]", shown.replace("Ctrl-C …", "")) == []


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_variable_of_the_server_is_whole(cli, width):
    words = re.split(r"[\s;\]]+", cli("serve", "--help", COLUMNS=str(width)).stdout)
    assert [setting.variable for setting in iter_settings() if setting.option and setting.variable not in words] == []


def test_wrong_usage_is_told_in_plain_lines(cli):
    done = cli("run")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == "Error: Missing argument 'BLOCK'."


def test_a_manifest_that_cannot_be_used_leaves_the_help_alone(cli):
    shown = cli("--manifest", "/no/such/manifest.yaml", "run", "--help").stdout
    assert "blocks-tool run BLOCK FIELD=VALUE --sandbox" in shown
