"""The libraries that hand an MCP server's tools on to models take ours, and call them. None of them needs an account.

Each lives in an environment of its own, in the user's cache: they don't agree on what they need.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from builders.patience import PATIENCE_S
from builders.provision import CannotInstall, install, run
from giving_up import give_up

from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.offer import choose_blocks

COMMAND = Path(sys.executable).with_name("spotify-blocks")
#: As it is outside of the tests: nothing of theirs is handed on to programs of others.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("CONNECTOR_", "COVERAGE"))}
PROGRAMS = Path(__file__).with_name("model_interfaces")
#: What each needs, and the dialects in which it takes the tools.
LIBRARIES = {
    "openai_agents": (("openai-agents==0.24.0",), ("plain", "openai-strict")),
    "google_genai": (("google-genai==3.6.1", "mcp==2.3.0"), ("plain", "gemini")),
    "langchain_adapters": (("langchain-mcp-adapters==0.3.2",), ("plain", "openai-strict", "gemini")),
    "fastmcp_client": (("fastmcp==3.4.11",), ("plain", "openai-strict", "gemini")),
    "mcp_use_client": (("mcp-use==1.7.1",), ("plain", "gemini")),
}


@pytest.fixture(scope="module", params=LIBRARIES)
def library(request):
    """A library's name, and the Python that has it."""
    wanted, _ = LIBRARIES[request.param]

    def build(folder: Path) -> None:
        run([sys.executable, "-m", "venv", str(folder)], folder, ENVIRONMENT)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, *wanted], folder, ENVIRONMENT)

    try:
        folder = install("-".join(wanted).replace("==", "-"), build)
    except CannotInstall as problem:
        give_up(str(problem))
    return request.param, folder / "bin" / "python"


def test_it_takes_the_tools_and_calls_one(library):
    name, python = library
    names = [*(block.name for block in choose_blocks(Manifest.load())), "whats_new"]
    for dialect in LIBRARIES[name][1]:
        words = [COMMAND, "mcp", "--sandbox", "--dialect", dialect]
        done = subprocess.run(
            [python, PROGRAMS / f"{name}.py", *words],
            env={**ENVIRONMENT, "MCP_USE_ANONYMIZED_TELEMETRY": "false"},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert (told["tools"], len(told["answer"])) == (names, 2), dialect
        assert all(track["uri"].startswith("spotify:track:") for track in told["answer"])
