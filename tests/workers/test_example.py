"""The Celery example, run as its first lines say, with a worker as a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import urllib3
import yaml
from cryptography.fernet import Fernet

from connector.auth import Connection
from connector.auth.stores.redis_store import RedisStore
from connector.manifest.manifest import Manifest
from connector.runners.workers.celery_worker import INVOKE, build_app
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


@pytest.mark.parametrize(
    ("url", "words"),
    [("", "Where is Redis? Set CONNECTOR_REDIS_URL"), ("redis://127.0.0.1:9/0", "Redis doesn't answer")],
)
def test_without_a_redis_the_example_says_what_is_missing(url, words):
    environment = {**os.environ, "CONNECTOR_REDIS_URL": url}
    done = subprocess.run(
        [sys.executable, EXAMPLE, "alice"], env=environment, capture_output=True, text=True, timeout=150, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert done.stderr.startswith(words)


def test_the_schedule_names_tasks_that_there_are(environment):
    code = "from keep_top_tracks import app; print(*[e['task'] in app.tasks for e in app.conf.beat_schedule.values()])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=EXAMPLE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


def test_the_compose_file_names_commands_that_there_are():
    services = yaml.safe_load((ROOT / "examples" / "scale-out" / "compose.yaml").read_text("utf-8"))["services"]
    assert sorted(services) == ["redis", "sandbox", "sign-in", "web", "worker"]
    for name in ("sandbox", "web", "worker"):
        words = services[name]["command"]
        shown = subprocess.run([*words[:2], "--help"], executable=COMMAND, capture_output=True, text=True, check=True)
        for option in (word.partition("=")[0] for word in words[2:] if word.startswith("--")):
            assert option in shown.stdout


@pytest.fixture
def composed(own_redis):
    """What the compose file starts, as processes of this machine, at free ports and with the Redis of the test."""
    services = yaml.safe_load((ROOT / "examples" / "scale-out" / "compose.yaml").read_text("utf-8"))["services"]
    sandbox_port, web_port = find_free_ports(2)
    moved = {
        "redis://redis:6379": own_redis.url.rpartition("/")[0],
        "${CONNECTOR_STORE_KEY:?make one, see the top of this file}": KEY,
        "8900": str(sandbox_port),
        "8800": str(web_port),
        "--host=0.0.0.0": "--host=127.0.0.1",
        "/run/": f"{ROOT}/examples/scale-out/",
        "/src/": f"{ROOT}/",
    }

    def move(text):
        for name, place in moved.items():
            text = text.replace(name, place)
        return text

    with contextlib.ExitStack() as stack:
        processes = {}
        for name in ("sandbox", "web", "worker", "sign-in"):
            program, *words = (move(word) for word in services[name]["command"])
            variables = {key: move(value) for key, value in services[name]["environment"].items()}
            if name == "web":
                variables["CONNECTOR_SERVE_PORT"] = str(web_port)
            path = COMMAND if program == COMMAND.name else sys.executable
            processes[name] = subprocess.Popen(
                [path, *words], env={**os.environ, **variables}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
            stack.callback(processes[name].wait, 60)
            stack.callback(processes[name].terminate)
        assert processes["sign-in"].wait(60) == 0
        yield {"web": f"http://127.0.0.1:{web_port}", "redis": variables["CONNECTOR_REDIS_URL"]}


def find_free_ports(count):
    with contextlib.ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [listener.getsockname()[1] for listener in listeners]


def test_what_the_compose_file_starts_works_together(composed):
    call = {"X-API-Key": "change-me", "X-Connection": "demo"}
    retry = requests.adapters.HTTPAdapter(max_retries=urllib3.Retry(connect=8, backoff_factor=0.2))
    with requests.Session() as web:
        web.mount("http://", retry)
        answer = web.post(f"{composed['web']}/blocks/getUserTopTracks", json={"max_items": 3}, headers=call)
        link = web.post(f"{composed['web']}/connect/alice", headers=call).json()["url"]
    assert (answer.status_code, len(answer.json()["items"])) == (200, 3)
    assert link.startswith(f"{composed['web']}/connect/alice?ticket=")
    invoke = build_app(redis_url=composed["redis"]).tasks[INVOKE]
    envelope = invoke.delay("getUserTopTracks", {"max_items": 3}, connection="demo").get(timeout=60)
    assert envelope["contextWrites"]["to"]["items"] == answer.json()["items"]


def test_what_was_started_ends(environment):
    """A worker that is told to end does, so that a machine can be taken away."""
    words = [COMMAND, "worker", "--pool=solo"]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert any(line.rstrip().endswith(" ready.") for line in process.stderr)
        process.terminate()
        process.stderr.read()
        assert process.wait(60) == 0
