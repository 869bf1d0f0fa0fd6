"""The Celery example, run as its first lines say, with a worker as a process of its own."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet

from connector.auth import Connection
from connector.auth.redis_store import RedisStore
from connector.manifest import Manifest
from connector.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "celery" / "keep_top_tracks.py"
COMMAND = Path(sys.executable).with_name("spotify-blocks")
KEY = Fernet.generate_key().decode()


@pytest.fixture
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture
def environment(sandbox, own_redis):
    demo = sandbox.demo_args
    connection = Connection(
        "alice", demo["client_id"], demo["client_key"], None, demo["access_token"], demo["refresh_token"]
    )
    RedisStore(own_redis.url, Manifest.load().command, KEY).save(connection)
    return {
        **os.environ,
        "CONNECTOR_REDIS_URL": own_redis.url,
        "CONNECTOR_STORE": own_redis.url,
        "CONNECTOR_STORE_KEY": KEY,
        **{f"CONNECTOR_SERVER_{name.upper()}": url for name, url in sandbox.servers.items()},
    }


@pytest.fixture
def _worker(environment):
    process = subprocess.Popen(
        [COMMAND, "worker", "--pool=solo", "--log-level=warning"], env=environment, stderr=subprocess.DEVNULL
    )
    yield
    process.terminate()
    process.wait(60)


@pytest.mark.usefixtures("_worker")
def test_the_example_saves_what_was_played_most(sandbox, environment):
    done = subprocess.run(
        [sys.executable, EXAMPLE, "alice"], env=environment, capture_output=True, text=True, timeout=150, check=False
    )
    assert (done.returncode, done.stdout) == (0, "success\n"), done.stderr
    calls = [call for call in sandbox.control.calls() if call["path"].startswith("/v1/me/")]
    assert [(call["method"], call["path"]) for call in calls] == [
        ("GET", "/v1/me/top/tracks"),
        ("PUT", "/v1/me/library"),
    ]
    assert calls[1]["query"]["uris"].count("spotify:track:") == 20


def test_the_schedule_names_tasks_that_there_are(environment):
    code = "from keep_top_tracks import app; print(*[e['task'] in app.tasks for e in app.conf.beat_schedule.values()])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=EXAMPLE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_the_compose_file_names_commands_that_there_are():
    services = yaml.safe_load((ROOT / "examples" / "scale-out" / "compose.yaml").read_text("utf-8"))["services"]
    assert sorted(services) == ["redis", "sandbox", "web", "worker"]
    for name in ("sandbox", "web", "worker"):
        words = services[name]["command"]
        shown = subprocess.run([*words[:2], "--help"], executable=COMMAND, capture_output=True, text=True, check=True)
        for option in (word.partition("=")[0] for word in words[2:] if word.startswith("--")):
            assert option in shown.stdout


def test_what_was_started_ends(environment):
    """A worker that is told to end does, so that a machine can be taken away."""
    process = subprocess.Popen([COMMAND, "worker", "--pool=solo"], env=environment, stderr=subprocess.DEVNULL)
    time.sleep(3)
    process.terminate()
    assert process.wait(60) == 0
