"""Celery calls in: a task queue on Redis, and workers on as many machines as it takes.

Two tasks. The result of both is the envelope of `Result.envelope()`, and all that travels is JSON:

    connector.invoke(block, args=None, connection=None)
    connector.then(before, block, args=None, connection=None, take=None)    # for chains and chords

`then` is given what came before it: the result of one task, or the list of them that a chord gathers. `take` fills
fields from its output: field to JMESPath expression; what isn't found is left out. After an error it runs nothing and
hands the error on.

With Redis, a message that isn't acknowledged within the lease goes to another worker. So nothing is held for longer:
an invocation ends within half the lease, and a task that waits for a rate limit goes through the queue again after a
quarter of it at the latest, however far `retry_after` is away.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from typing import Any, Final

import jmespath
from celery import Celery, Task, current_task, signals
from jmespath.exceptions import JMESPathError

from connector.limits.shared_redis import REDIS_URL, open_redis
from connector.manifest.manifest import Manifest
from connector.runners.environment import load_connector
from connector.runners.workers.pool_process import spare_running_tasks
from connector.runners.workers.queue_settings import ANSWER_S, CONNECT_S, build_queue_settings
from connector.runners.workers.queued_secrets import SecretGuard, build_amqp
from connector.runners.workers.subscription_step import build_step
from connector.runners.workers.task_runs import Envelope, Runs, check_kinds, release
from connector.subscriptions.redis_store import RedisSubscriptions
from connector.way.connector import Connector

INVOKE: Final = "connector.invoke"
THEN: Final = "connector.then"
#: After how many seconds the tasks of a worker that died go to others.
LEASE_S: Final = 600.0
#: How many subscriptions a worker looks at at a time.
SUBSCRIPTION_THREADS: Final = 4
#: Longest wait (s) for a rate limit inside a task; a longer one goes through the queue.
_MAX_WAIT_S: Final = 1.0
_ENVELOPE: Final = frozenset({"callback", "contextWrites", "meta"})
#: How many times, once a second, a worker asks a Redis that is away before it gives a message or a result up.
_PATIENCE: Final = 600


def build_app(
    path: str | os.PathLike[str] | None = None,
    *,
    redis_url: str | None = None,
    lease_s: float = LEASE_S,
    subscription_threads: int = SUBSCRIPTION_THREADS,
) -> Celery:
    """The Celery app whose tasks run the blocks of the manifest at `path`, or of the packaged one.

    Queue, results, locks and the gate are in the Redis at `redis_url`, or at `CONNECTOR_REDIS_URL`; the queue has the
    name of the manifest's command. All workers of a queue must have the same `lease_s`. Beside its tasks each worker
    takes turns of the subscriptions in that Redis, so many at a time; with 0 it leaves them to others. Raises
    `ConnectorError` where no Redis is named, `ManifestError` for a manifest that can't be used.
    """
    manifest = Manifest.load(path)
    url = redis_url or os.environ.get(REDIS_URL, "")
    redis = open_redis(url, retries=8)
    guard = SecretGuard(manifest)
    app = Celery(manifest.command, amqp=build_amqp(guard), set_as_current=False)
    app.conf.update(
        **build_queue_settings(redis),
        accept_content=["json"],
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "priority_steps": [0],
            "socket_connect_timeout": CONNECT_S,
            "socket_timeout": ANSWER_S,
            "visibility_timeout": lease_s,
            "unacked_restore_interval": min(10.0, lease_s / 10),
            "unacked_restore_throttle": 1,
            # A worker that dies as it gives tasks back would keep all others from it for five minutes.
            "unacked_mutex_expire": min(ANSWER_S, lease_s),
        },
        result_serializer="json",
        task_default_queue=manifest.command,
        task_serializer="json",
        worker_consumer="connector.runners.workers.broker_loss:LastingConsumer",
        worker_prefetch_multiplier=1,
    )

    def load() -> Connector:
        return load_connector(path, redis_url=url, deadline=lease_s / 2, max_wait=_MAX_WAIT_S)

    def load_for_polls() -> Connector:
        return load_connector(path, redis_url=url, max_wait=_MAX_WAIT_S)

    app.steps["worker"].add(
        build_step(load_for_polls, lambda: RedisSubscriptions(url, manifest.command), subscription_threads)
    )
    runs = Runs(manifest, load, redis, guard, longest_wait_s=lease_s / 4)

    @app.task(name=INVOKE, base=_BlockTask, bind=True, shared=False, manifest=manifest, guard=guard)  # type: ignore[untyped-decorator]
    def invoke(
        self: Task, block: str, args: Mapping[str, Any] | None = None, connection: str | None = None
    ) -> Envelope:
        return runs.run(self, block, args or {}, connection)

    @app.task(name=THEN, base=_BlockTask, bind=True, shared=False, manifest=manifest, guard=guard)  # type: ignore[untyped-decorator]
    def then(
        self: Task,
        before: Any,
        block: str,
        args: Mapping[str, Any] | None = None,
        connection: str | None = None,
        take: Mapping[str, str] | None = None,
    ) -> Envelope:
        if error := _find_error(before):
            return error
        return runs.run(self, block, {**(args or {}), **_take(before, take or {})}, connection)

    for task in (invoke, then):
        guard.watch(task.name, task.run)
    signals.task_postrun.connect(_release, weak=False, dispatch_uid=__name__)
    signals.worker_process_init.connect(spare_running_tasks, weak=False, dispatch_uid=__name__)
    for ends in (signals.worker_shutdown, signals.worker_process_shutdown):
        ends.connect(runs.close, weak=False, dispatch_uid=__name__)
    return app


def run_worker(app: Celery, *options: str) -> int:
    """Runs a worker of `app` in the foreground, with Celery's own command line `options`, until it is told to stop.

    Gives the status to end with: 0 where it was told to stop and did so in peace, another one where it died.
    """
    app.conf.update(
        result_backend_always_retry=True,
        result_backend_max_retries=_PATIENCE,
        result_backend_max_sleep_between_retries_ms=1000,
        task_publish_retry_policy={
            "max_retries": _PATIENCE,
            "interval_start": 0,
            "interval_step": 0.2,
            "interval_max": 1,
        },
    )
    started: list[Any] = []

    def keep(sender: Any, **_: object) -> None:
        started.append(sender)

    # Celery's command keeps its status to itself, so the worker is asked for it.
    signals.worker_init.connect(keep)
    try:
        app.worker_main(["worker", "--without-gossip", "--without-mingle", *options])
    finally:
        signals.worker_init.disconnect(keep)
    return (started[0].exitcode or 0) if started else 1


class _BlockTask(Task):  # type: ignore[misc]
    """A task that runs a block of `manifest`."""

    abstract = True
    Request = "connector.runners.workers.pool_process:CuttableRequest"
    manifest: Manifest
    guard: SecretGuard
    acks_late = True
    reject_on_worker_lost = True
    max_retries = None
    #: Outputs are their owner's, and no matter for a log.
    resultrepr_maxsize = 1

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        """Sends the task. Raises `ValueError` for arguments that hold a secret, so that none reaches the queue, and
        `UnknownBlock`, and `TypeError` for arguments of other kinds."""
        # Inside a worker it is too late to raise: the run itself answers with an error.
        if not current_task:
            given = inspect.signature(self.run).bind_partial(*(args or ()), **(kwargs or {})).arguments
            if "block" in given:
                check_kinds(given["block"], given.get("args") or {}, given.get("connection"))
                self.manifest.block(given["block"])
        return super().apply_async(args, kwargs, **options)

    def signature(self, args: Any = None, *rest: Any, **options: Any) -> Any:
        """The task with arguments, to be sent later. Raises `ValueError` for arguments that hold a secret: of a group,
        others would have been sent by then."""
        kwargs = rest[0] if rest else options.get("kwargs")
        if error := self.guard.refuse(self.name, args, kwargs, headers=options.get("headers")):
            raise ValueError(error.message)
        return super().signature(args, *rest, **options)


def _release(task: Any, **_: object) -> None:
    if isinstance(task, _BlockTask):
        release(task)


def _find_error(before: Any) -> Envelope | None:
    """The first error among the results that came before."""
    for result in before if isinstance(before, list) else [before]:
        if _is_envelope(result) and result["callback"] == "error":
            return result  # type: ignore[no-any-return]
    return None


def _take(before: Any, take: Mapping[str, str]) -> dict[str, Any]:
    """Field to what its expression finds in the output that came before, or in the list of outputs.

    Raises `ValueError` for what is no expression.
    """
    output = [_get_output(result) for result in before] if isinstance(before, list) else _get_output(before)
    found = {}
    for field, expression in take.items():
        try:
            found[field] = jmespath.search(expression, output)
        except JMESPathError as problem:
            raise ValueError(f"take: {field}: {problem}") from None
    return {field: value for field, value in found.items() if value is not None}


def _get_output(result: Any) -> Any:
    """What a block answered; a result of another kind of task is taken as it is."""
    return result["contextWrites"]["to"] if _is_envelope(result) else result


def _is_envelope(result: Any) -> bool:
    # Beside these stands `meta` where calls are counted.
    return isinstance(result, dict) and {"callback", "contextWrites"} <= result.keys() <= _ENVELOPE
