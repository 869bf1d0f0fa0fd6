"""A broken message ends no worker: it is set aside with an error in the log, its sender gets one, and the next runs."""

import base64
import copy
import gc
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from redis import Redis

from connector.runners.workers.celery_worker import INVOKE, build_app
from connector.sandbox import Sandbox

COMMAND = Path(sys.executable).with_name("spotify-blocks")
#: Stands in every message that can have arguments; no log quotes them.
HUSH = "hush-hush"
PROFILE = "getCurrentUserProfile"

#: What isn't even a message of kombu's.
JUNK = [
    b"no JSON",
    b"\xff\xfe",
    b"1",
    b"null",
    b"[]",
    b"{}",
    b"[" * 100_000,
    b'{"properties": {}}',
    b'{"properties": {"delivery_tag": "t"}, "body": "x"}',
]
#: What is wrong with the message around a task: a path within it, and what stands there.
WRAPPING = {
    "properties.delivery_tag": ["a", "list"],
    "properties.delivery_info": None,
    "properties.delivery_info.exchange": 5,
    "properties.body_encoding": "rot13",
    "headers": ["a", "list"],
    "content-type": 5,
    "body": 7,
}
#: What is wrong with the task in it; its sender is told.
HEADERS = {
    "task": "reports.write",
    "eta": "tomorrow",
    "expires": ["never"],
    "retries": "many",
    "timelimit": "long",
    "group": 5,
    "compression": "zip9000",
    "stamped_headers": 5,
    "stamps": ["none"],
}
CONTENT = {
    "content-type": "application/x-python-serialize",
    "body": "!!! no base64 !!!",
}
BODIES = {
    "no JSON": b"\x00\xff",
    "a number": b"5",
    "an object": b'{"block": "hush-hush"}',
    "too little": b"[[], {}]",
    "too deep": b"[" * 100_000,
    "arguments that are no list": json.dumps([{"block": HUSH}, {}, {}]).encode(),
    "named arguments that are no object": json.dumps([[HUSH], [HUSH], {}]).encode(),
    "a chain that is none": json.dumps([[PROFILE], {}, {"chain": [HUSH]}]).encode(),
    "a chain's task without options": json.dumps([[PROFILE], {}, {"chain": [{"task": INVOKE}]}]).encode(),
    "a link that is none": json.dumps([[PROFILE], {}, {"callbacks": {"task": HUSH}}]).encode(),
    "a chord that is none": json.dumps([[PROFILE], {}, {"chord": [HUSH]}]).encode(),
    "nothing": b"[[], {}, {}]",
    "too many arguments": json.dumps([[PROFILE, {}, None, HUSH, 5], {}, {}]).encode(),
    "an argument of no name": json.dumps([[PROFILE], {"colour": HUSH}, {}]).encode(),
    "a block that is no name": json.dumps([[[HUSH]], {}, {}]).encode(),
    "a block that there isn't": json.dumps([["getNothing"], {}, {}]).encode(),
    "fields that are none": json.dumps([[PROFILE, [HUSH]], {}, {}]).encode(),
    "a connection that is no name": json.dumps([[PROFILE, {}, {"name": HUSH}], {}, {}]).encode(),
}


@pytest.fixture
def environment(own_redis, tmp_path):
    with Sandbox() as sandbox:
        yield {
            **os.environ,
            "CONNECTOR_REDIS_URL": own_redis.url,
            "CONNECTOR_STORE": f"file:{tmp_path}",
            "CONNECTOR_ACCESS_TOKEN": sandbox.demo_args["access_token"],
            **{f"CONNECTOR_SERVER_{name.upper()}": url for name, url in sandbox.servers.items()},
        }


@pytest.fixture
def app(own_redis):
    with build_app(redis_url=own_redis.url) as app:
        yield app
        gc.collect()


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo"])
def test_a_worker_outlives_what_is_broken(app, environment, own_redis, tmp_path, pool):
    with Redis.from_url(own_redis.url) as raw:
        queue, told = app.conf.task_default_queue, []
        app.send_task(INVOKE, [PROFILE])
        sound = json.loads(raw.lpop(queue))
        broken = [*JUNK]
        for path, value in WRAPPING.items():
            message, _ = copy_message(sound)
            *parts, last = path.split(".")
            place = message
            for part in parts:
                place = place[part]
            place[last] = value
            broken.append(json.dumps(message).encode())
        for group in (HEADERS, CONTENT):
            for name, value in group.items():
                message, task_id = copy_message(sound)
                (message["headers"] if group is HEADERS else message)[name] = value
                broken.append(json.dumps(message).encode())
                told += [task_id] if name != "body" else []
        for body in BODIES.values():
            message, task_id = copy_message(sound)
            message["body"] = base64.b64encode(body).decode()
            broken.append(json.dumps(message).encode())
            told.append(task_id)
        message, _ = copy_message(sound)
        del message["headers"]["id"]
        broken.append(json.dumps(message).encode())
        raw.lpush(queue, *broken)
        with (
            (tmp_path / "log").open("wb") as log,
            subprocess.Popen(
                [COMMAND, "worker", f"--pool={pool}", "--concurrency=1"], env=environment, stdout=log, stderr=log
            ) as worker,
        ):
            try:
                huge = app.tasks[INVOKE].delay("getUserTopTracks", {"time_range": "x" * 20_000_000})
                assert huge.get(timeout=120)["callback"] == "error"
                good = app.tasks[INVOKE].delay(PROFILE)
                assert good.get(timeout=60)["callback"] == "success"
                for task_id in told:
                    result = app.AsyncResult(task_id)
                    wait_until(result.ready)
                    assert result.failed(), task_id
                wait_until(lambda: not raw.exists(queue, "unacked", f"connector:{queue}:on-the-way"))
            finally:
                worker.terminate()
                assert worker.wait(60) == 0
    written = (tmp_path / "log").read_text()
    assert HUSH not in written
    assert written.count("was set aside") == len(JUNK) + len(WRAPPING) + len(HEADERS) + len(CONTENT) + 12


def copy_message(sound):
    """A message like `sound`, with an id of its own, and that id."""
    message, task_id = copy.deepcopy(sound), str(uuid.uuid4())
    message["headers"]["id"] = message["headers"]["root_id"] = task_id
    message["properties"]["delivery_tag"] = message["properties"]["correlation_id"] = task_id
    message["body"] = base64.b64encode(json.dumps([[PROFILE, {"colour": HUSH}], {}, {}]).encode()).decode()
    return message, task_id


def test_orders_to_workers_that_are_broken_end_none(app, environment, own_redis):
    words = [COMMAND, "worker", "--pool=solo"]
    with (
        Redis.from_url(own_redis.url) as raw,
        subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as worker,
    ):
        assert any(line.rstrip().endswith(" ready.") for line in worker.stderr)
        wait_until(lambda: raw.pubsub_numpat() or raw.pubsub_channels("*pidbox*"))
        [channel] = raw.pubsub_channels("*pidbox*") or [b"/0.celery.pidbox"]
        for junk in (*JUNK, b'{"properties": {"delivery_tag": "t", "delivery_info": {}}}'):
            raw.publish(channel, junk)
        assert app.tasks[INVOKE].delay(PROFILE).get(timeout=60)["callback"] == "success"
        assert app.control.ping(timeout=5)
        worker.terminate()
        worker.stderr.read()
        assert worker.wait(60) == 0


def wait_until(holds, patience_s=30.0):
    ends_at = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.05)
