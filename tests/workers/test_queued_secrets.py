"""A secret reaches no queue, whichever way it is sent, nor goes on from a worker that another program sent it to."""

import gc
import json

import pytest
from celery import Celery, chain, chord, group
from celery.contrib.testing.worker import start_worker
from celery.signals import after_task_publish

from connector.manifest.manifest import Manifest
from connector.runners.workers.celery_worker import INVOKE, THEN, build_app
from connector.sandbox import Sandbox

QUEUE = Manifest.load().command
HUSH = {"access_token": "hush-hush"}
PROFILE = "getCurrentUserProfile"
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)

WAYS = {
    "an argument": lambda app: app.tasks[INVOKE].delay(PROFILE, HUSH),
    "an argument by name": lambda app: app.tasks[INVOKE].delay(block=PROFILE, args=HUSH),
    "an argument within another": lambda app: app.tasks[INVOKE].delay(PROFILE, {"ids": [HUSH]}),
    "what came before": lambda app: app.tasks[THEN].delay(HUSH, PROFILE),
    "what is taken": lambda app: app.tasks[THEN].delay({}, PROFILE, take={"access_token": "token"}),
    "a task by its name": lambda app: app.send_task(INVOKE, [PROFILE, HUSH]),
    "in the wrong place": lambda app: app.send_task(INVOKE, [PROFILE], HUSH),
    "a chain's second task": lambda app: chain(app.tasks[INVOKE].s(PROFILE), sign(app, THEN)).apply_async(),
    "a chain's third task": lambda app: chain(
        app.tasks[INVOKE].s(PROFILE), app.tasks[THEN].s(PROFILE), sign(app, THEN)
    ).apply_async(),
    "a chord's body": lambda app: chord([app.tasks[INVOKE].s(PROFILE)] * 2, sign(app, THEN)).apply_async(),
    "a chord in a chain": lambda app: chain(
        app.tasks[INVOKE].s(PROFILE), group(app.tasks[THEN].s(PROFILE), sign(app, THEN)), app.tasks[THEN].s(PROFILE)
    ).apply_async(),
    "a group": lambda app: group(app.tasks[INVOKE].s(PROFILE), app.tasks[INVOKE].s(PROFILE, HUSH)).apply_async(),
    "a link": lambda app: app.tasks[INVOKE].apply_async([PROFILE], link=sign(app, THEN)),
    "a link of a link": lambda app: app.tasks[INVOKE].apply_async(
        [PROFILE], link=app.signature(THEN, [PROFILE], link=[sign(app, THEN)])
    ),
    "a link after an error": lambda app: app.tasks[INVOKE].apply_async([PROFILE], link_error=[sign(app, THEN)]),
    "a header": lambda app: app.tasks[INVOKE].apply_async([PROFILE], headers=HUSH),
    "a stamp": lambda app: stamp(app.tasks[INVOKE].s(PROFILE)).apply_async(),
    "a header of what comes next": lambda app: chain(
        app.tasks[INVOKE].s(PROFILE), app.signature(THEN, [PROFILE], headers=HUSH)
    ).apply_async(),
    "a signature from elsewhere": lambda app: app.signature(json.loads(json.dumps(sign(app, INVOKE)))).apply_async(),
    "for many items": lambda app: app.tasks[INVOKE].starmap([(PROFILE, HUSH)]).apply_async(),
    "in pieces": lambda app: app.tasks[INVOKE].chunks([(PROFILE, HUSH)], 1).apply_async(),
    "a task that is handed over": lambda app: app.send_task("reports.write", [sign(app, THEN)]),
    "an option": lambda app: app.tasks[INVOKE].apply_async([PROFILE], **HUSH),
    "with another program's task": lambda app: app.send_task("reports.write", link=sign(app, THEN)),
}


def sign(app, task):
    """The task with a secret, made by no task's own method."""
    return app.signature(task, [PROFILE, HUSH])


def stamp(signature):
    signature.stamp(**HUSH)
    return signature


@pytest.fixture
def app(redis_server):
    with build_app(redis_url=redis_server.url) as app:
        yield app
        gc.collect()


@pytest.mark.parametrize("name", ["accessToken", "ACCESS_TOKEN", "access-token", "Authorization"])
def test_a_secret_s_name_may_be_spelled_otherwise(app, raw, name):
    with pytest.raises(ValueError, match=f"{name} can't be an argument of a task"):
        app.tasks[INVOKE].apply_async([PROFILE], headers={name: "hush-hush"})
    assert not raw.exists(QUEUE)


@pytest.mark.parametrize("args", [json.dumps(HUSH), [[*HUSH.items()]]], ids=["a text", "pairs"])
def test_fields_in_another_form_are_refused_before_they_are_queued(app, raw, args):
    with pytest.raises(TypeError, match="args are needed as an object") as raised:
        app.tasks[INVOKE].delay(PROFILE, args)
    assert "hush" not in str(raised.value)
    assert not raw.exists(QUEUE)


@pytest.mark.parametrize("send", WAYS.values(), ids=WAYS)
def test_a_secret_is_refused_before_anything_is_queued(app, raw, send):
    with pytest.raises(ValueError, match=r"access_token can't be an argument of a task") as raised:
        send(app)
    assert "hush" not in str(raised.value)
    assert not raw.exists(QUEUE)


def test_what_holds_none_is_sent(app, raw):
    chain(app.tasks[INVOKE].s(PROFILE), app.tasks[THEN].s("saveTrack", take={"id": "id"})).apply_async(
        headers={"tenant": "a"}, link=app.signature("reports.write", [HUSH])
    )
    assert raw.llen(QUEUE) == 1


def test_a_worker_sends_nothing_on_of_what_another_program_put_a_secret_into(redis_server, monkeypatch):
    """What lay in the queue already isn't written there again, nor run."""
    with Sandbox() as sandbox, build_app(redis_url=redis_server.url) as app, build_other(redis_server) as other:
        for name, url in sandbox.servers.items():
            monkeypatch.setenv(f"CONNECTOR_SERVER_{name.upper()}", url)
        monkeypatch.setenv("CONNECTOR_STORE", "memory:")
        monkeypatch.setenv("CONNECTOR_ACCESS_TOKEN", sandbox.demo_args["access_token"])
        sent = []
        with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=60):
            after_task_publish.connect(lambda body, **_: sent.append(str(body)), weak=False, dispatch_uid="test")
            for task in (
                other.signature(INVOKE, [PROFILE, HUSH]),
                other.signature(INVOKE, [PROFILE], headers=HUSH),
                other.signature(INVOKE, [PROFILE], link=[sign(other, THEN)]),
            ):
                assert_refused(task.apply_async().get(timeout=30))
            steps = chain(other.signature(INVOKE, [PROFILE]), sign(other, THEN)).apply_async()
            assert_refused(steps.parent.get(timeout=30))
            after_task_publish.disconnect(dispatch_uid="test")
            gc.collect()
        # The four of the other program, and no more.
        assert len(sent) == 4
        assert sandbox.control.calls() == []


def assert_refused(envelope):
    error = envelope["contextWrites"]["to"]
    assert [field["name"] for field in error["fields"]] == ["access_token"]
    assert "hush" not in str(envelope)


def test_a_task_of_one_s_own_that_sends_a_secret_fails_in_the_worker_too(app, raw):
    @app.task(name="reports.write", shared=False)
    def write():
        app.tasks[INVOKE].delay(PROFILE, HUSH)

    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=60):
        task = write.delay()
        with pytest.raises(ValueError, match="access_token can't"):
            task.get(timeout=30)
        gc.collect()
    assert "hush" not in str(raw.get(f"celery-task-meta-{task.id}"))


def build_other(redis_server):
    """Another program's Celery, which knows nothing of secrets."""
    app = Celery(broker=redis_server.url, backend=redis_server.url, set_as_current=False)
    app.conf.update(task_default_queue=QUEUE, broker_transport_options={"priority_steps": [0]})
    return app
