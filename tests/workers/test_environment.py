"""What a door shares with others is said by the environment."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connector.cli.app import app
from connector.errors import ConnectorError
from connector.limits.local_gate import LocalGate
from connector.limits.redis_gate import RedisGate
from connector.runners.environment import load_connector

COMMAND = Path(sys.executable).with_name("spotify-blocks")


def test_without_a_redis_the_gate_is_the_process_s_own():
    with load_connector() as connector:
        assert isinstance(connector.gate, LocalGate)


def test_with_a_redis_two_connectors_have_one_gate(redis_server, monkeypatch):
    monkeypatch.setenv("CONNECTOR_REDIS_URL", redis_server.url)
    with load_connector() as one, load_connector() as other:
        assert isinstance(one.gate, RedisGate)
        one.gate.close("the-app", 3_000)
        assert 2_900 < other.gate.left("the-app") <= 3_000


def test_a_gate_that_was_given_stays(redis_server):
    gate = LocalGate()
    with load_connector(redis_url=redis_server.url, gate=gate, timeout=5) as connector:
        assert connector.gate is gate


def test_a_redis_that_can_t_be_used_is_told_of_at_once(monkeypatch):
    monkeypatch.setenv("CONNECTOR_REDIS_URL", "http://cache.example")
    with pytest.raises(ConnectorError, match=r"redis://HOST:PORT/NUMBER"):
        load_connector()


@pytest.mark.parametrize("package", ["celery", "jmespath"])
def test_a_worker_without_celery_says_how_to_get_it(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    done = CliRunner().invoke(app, ["worker"], prog_name="blocks-tool")
    words = "Workers need Celery: install the extra celery, in the checkout by pip install -e '.[celery]'.\n"
    assert (done.exit_code, done.stderr) == (2, words)


@pytest.mark.parametrize("command", [("run", "getCurrentUserProfile", "access_token=t"), ("mcp",)])
def test_every_command_that_calls_minds_the_shared_gate(monkeypatch, command):
    monkeypatch.setenv("CONNECTOR_PACE", "fast")
    done = subprocess.run([COMMAND, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "CONNECTOR_PACE is CALLS/SECONDS" in done.stderr
