"""Another manifest's blocks from the queue, by real worker processes that die, and a limit that lasts a day."""

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from patience import wait_until
from redis import Redis
from redis.exceptions import RedisError

from connector.manifest.manifest import Manifest
from connector.runners.workers.celery_worker import INVOKE, build_app

MANIFEST = Path(__file__).parents[1] / "harbour" / "manifest.yaml"
HARBOUR = Manifest.load(MANIFEST)
COMMAND = Path(sys.executable).with_name("spotify-blocks")
LEASE_S = 8.0
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def environment(own_redis, server, tmp_path, monkeypatch):
    """The environment of a worker whose office is `server`."""
    told = {
        "CONNECTOR_REDIS_URL": own_redis.url,
        "CONNECTOR_SERVER_OFFICE": server.url,
        "CONNECTOR_API_KEY": "harbour-key",
        "CONNECTOR_STORE": f"file:{tmp_path / 'connections'}",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


@pytest.fixture
def app(environment):
    with build_app(MANIFEST, lease_s=LEASE_S) as app:
        yield app
        # Results that were waited for unsubscribe when they are collected: while Redis is still there.
        gc.collect()


@pytest.fixture
def start(environment, tmp_path):
    """Starts workers as a shell would; ends them afterwards."""
    started = []

    def run(*options):
        words = [COMMAND, "--manifest", MANIFEST, "worker", "--lease", str(LEASE_S), *options]
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            started.append(subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True))
        return started[-1]

    yield run
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.parametrize(
    "block", [block for block in HARBOUR if "api_key" in block.fields], ids=lambda block: block.name
)
def test_each_block_of_another_manifest_runs_with_the_worker_s_own_key(app, block, server):
    page = {"rows": [], "count": 0, "more": None, "mark": {"last": None}}

    # A list has one answer for each boat that was asked for.
    def answer(seen):
        places = [True] * len(seen.query.get("names", "").split(","))
        at = block.listing.at[0] if block.listing else None
        return 200, {}, page if block.page else {at: places} if at and "names" in seen.query else places

    server.answer = answer
    args = {name: value for name, value in block.example.items() if name != "api_key"}
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=60):
        assert app.tasks[INVOKE].delay(block.name, args).get(timeout=30)["callback"] == "success"
    assert {seen.headers["X-Api-Key"] for seen in server.requests} == {"harbour-key"}


def kill_machine(process, app):
    """In the moment in which it gives back what others left, which no two do at once."""
    with app.connection_for_read() as connection:
        channel = connection.default_channel
        channel.client.lock(channel.unacked_mutex_key, timeout=channel.unacked_mutex_expire).acquire()
    os.killpg(process.pid, signal.SIGKILL)


def kill_children(process, _app):
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_machine, kill_children])
def test_a_death_repeats_what_may_be_repeated_and_nothing_else(app, server, start, kill):
    are_dead = threading.Event()

    def answer(_seen):
        if not are_dead.is_set():
            are_dead.wait(30)
            return lambda _handler: None  # whoever asked is dead
        return 204, {}, b""

    server.answer = answer
    worker = start("--concurrency", "2")
    invoke = app.tasks[INVOKE]
    book = invoke.delay("bookBerth", {"berth": "A7", "crew": [{"name": "Ada"}]})
    leave = invoke.delay("leaveBerth", {"boat": "Ejder"})
    wait_until(lambda: len(server.requests) == 2)
    kill(worker, app)
    are_dead.set()
    if kill is kill_machine:
        start("--concurrency", "1")
    assert leave.get(timeout=60)["callback"] == "success"
    error = book.get(timeout=60)["contextWrites"]["to"]
    assert (error["kind"], error["is_uncertain"]) == ("network", True)
    assert error["status_msg"].startswith("bookBerth: it is uncertain whether this took effect")
    assert sorted(seen.method for seen in server.requests) == ["DELETE", "DELETE", "POST"]


def stop_main(process):
    process.terminate()


def stop_all(process):
    """As a service manager does, which tells each process of a service."""
    os.killpg(process.pid, signal.SIGTERM)


@pytest.mark.parametrize(
    ("pool", "stop"),
    [("prefork", stop_main), ("prefork", stop_all), ("threads", stop_main), ("solo", stop_main)],
)
def test_a_write_under_way_is_finished_before_a_worker_ends(app, server, start, pool, stop):
    begun, go_on = threading.Event(), threading.Event()

    def answer(_seen):
        begun.set()
        go_on.wait(60)
        return 201, {}, {"booking": 1}

    server.answer = answer
    worker = start(f"--pool={pool}", "--concurrency=1")
    book = app.tasks[INVOKE].delay("bookBerth", {"berth": "A7", "crew": [{"name": "Ada"}]})
    assert begun.wait(60)
    stop(worker)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(2)
    go_on.set()
    assert worker.wait(60) == 0
    assert book.get(timeout=30)["contextWrites"]["to"] == {"booking": 1}
    assert len(server.requests) == 1


def quit_worker(process, _task):
    process.send_signal(signal.SIGQUIT)


def revoke(_process, task):
    task.revoke(terminate=True)


@pytest.mark.parametrize("cut", [quit_worker, revoke])
def test_a_task_is_cut_where_that_is_asked_for(app, server, start, cut):
    """Celery's cold shutdown, and a revocation, don't wait for a service that hangs."""
    begun, is_cut = threading.Event(), threading.Event()

    def answer(_seen):
        begun.set()
        is_cut.wait(60)
        return lambda _handler: None  # whoever asked is gone

    server.answer = answer
    worker = start("--concurrency=1", "--lease=600")
    book = app.tasks[INVOKE].delay("bookBerth", {"berth": "A7", "crew": [{"name": "Ada"}]})
    assert begun.wait(60)
    (child,) = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    cut(worker, book)
    wait_until(lambda: not Path(f"/proc/{child}").exists(), 30)
    is_cut.set()
    if cut is revoke:
        wait_until(lambda: book.status == "REVOKED")
        return
    worker.wait(60)
    start("--concurrency=1")
    error = book.get(timeout=60)["contextWrites"]["to"]
    assert (error["kind"], error["is_uncertain"]) == ("network", True)
    assert len(server.requests) == 1


def test_an_outage_while_a_result_is_stored_loses_and_repeats_nothing(app, server, start, own_redis):
    def answer(_seen):
        own_redis.stop()
        return 201, {}, {"booking": 1}

    server.answer = answer
    start("--concurrency=1")
    book = app.tasks[INVOKE].delay("bookBerth", {"berth": "A7", "crew": [{"name": "Ada"}]})
    wait_until(lambda: server.requests)
    time.sleep(LEASE_S / 4)
    own_redis.start()
    result = app.AsyncResult(book.id)
    wait_until(lambda: read_status(result) == "SUCCESS")
    assert result.result["contextWrites"]["to"] == {"booking": 1}
    assert len(server.requests) == 1


def read_status(result):
    """What is known of the task, from a Redis that may be starting."""
    try:
        return result.status
    except RedisError:
        return None


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_a_worker_outlives_a_redis_that_is_silent_for_a_while(app, server, start, own_redis, pool):
    server.answer = lambda _seen: (204, {}, b"")
    worker = start(f"--pool={pool}", "--concurrency=1")
    invoke = app.tasks[INVOKE]
    assert invoke.delay("leaveBerth", {"boat": "Ejder"}).get(timeout=60)["callback"] == "success"
    own_redis.freeze()
    time.sleep(LEASE_S)
    own_redis.thaw()
    assert invoke.delay("leaveBerth", {"boat": "Ejder"}).get(timeout=60)["callback"] == "success"
    assert worker.poll() is None
    worker.terminate()
    assert worker.wait(60) == 0


def test_a_worker_can_be_stopped_while_redis_is_silent(app, server, start, own_redis):
    server.answer = lambda _seen: (204, {}, b"")
    worker = start("--concurrency=1")
    assert app.tasks[INVOKE].delay("leaveBerth", {"boat": "Ejder"}).get(timeout=60)["callback"] == "success"
    own_redis.freeze()
    worker.terminate()
    try:
        worker.wait(60)
    finally:
        own_redis.thaw()


def test_what_was_refused_for_its_rate_runs_later_even_if_it_may_not_be_repeated(app, server):
    server.queue += [(429, {"Retry-After": "3"}, {"problem": "Too many."}), (201, {}, {"booking": 1})]
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=60):
        task = app.tasks[INVOKE].delay("bookBerth", {"berth": "A7", "crew": [{"name": "Ada"}]})
        assert task.get(timeout=30)["contextWrites"]["to"] == {"booking": 1}
    assert len(server.requests) == 2


def test_a_limit_that_lasts_a_day_comes_through_the_queue_in_hops_shorter_than_the_lease(app, server, own_redis):
    server.queue += [(429, {"Retry-After": "86400"}, {"problem": "Come back tomorrow."})]
    with (
        Redis.from_url(own_redis.url, decode_responses=True) as raw,
        start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=60),
    ):
        task = app.tasks[INVOKE].delay("leaveBerth", {"boat": "Ejder"})
        hops = {}

        def has_hopped_three_times():
            for text in raw.hvals("unacked"):
                headers = json.loads(text)[0]["headers"]
                if headers["id"] == task.id and headers["eta"]:
                    hops[headers["retries"]] = datetime.fromisoformat(headers["eta"]) - datetime.now(UTC)
            return len(hops) == 3

        wait_until(has_hopped_three_times)
        assert max(left.total_seconds() for left in hops.values()) <= LEASE_S / 4
        assert not task.ready()
        task.revoke()
    assert len(server.requests) == 1


def test_a_worker_without_a_redis_says_which_variable_to_set(environment):
    done = run_worker({**os.environ, **environment, "CONNECTOR_REDIS_URL": ""})
    assert (done.returncode, done.stderr) == (
        2,
        "Where is Redis? Set CONNECTOR_REDIS_URL, such as redis://127.0.0.1:6379/0.\n",
    )


def test_a_worker_whose_store_has_no_key_doesn_t_start(environment, own_redis):
    done = run_worker({**os.environ, **environment, "CONNECTOR_STORE": own_redis.url})
    assert done.returncode == 2
    assert "set CONNECTOR_STORE_KEY" in done.stderr


def test_a_worker_that_dies_says_so_by_its_status(environment):
    """By a fault of its own, as if there were one: whoever starts it again must know."""
    code = f"""
import sys
from connector.runners.workers import broker_loss
from connector.cli import main
def start(self):
    raise RuntimeError("a fault")
broker_loss.LastingConsumer.start = start
sys.argv = ["blocks", "--manifest", {str(MANIFEST)!r}, "worker", "--pool=solo"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert "RuntimeError" in done.stderr
    assert done.returncode == 1


def run_worker(environment):
    words = [COMMAND, "--manifest", MANIFEST, "worker"]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)
