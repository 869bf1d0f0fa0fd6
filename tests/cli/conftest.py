"""The command line without a new process, in an environment of its own."""

import os

import pytest
from typer.testing import CliRunner

from connector.cli.app import app


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch):
    """No variable from outside speaks into a test."""
    for name in list(os.environ):
        if name.startswith("CONNECTOR_") or name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
            monkeypatch.delenv(name)


@pytest.fixture
def cli():
    """`cli("run", …)` gives exit_code, stdout and stderr; `stdin` is text, further keywords are variables."""

    def invoke(*words, stdin=None, **environment):
        variables = {"COLUMNS": "100", "NO_COLOR": "1", **environment}
        return CliRunner().invoke(app, words, input=stdin, env=variables, prog_name="blocks-tool")

    return invoke
