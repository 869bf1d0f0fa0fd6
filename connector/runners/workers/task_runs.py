"""One run of a block for a task queue that delivers a task at least once.

- A task that is running elsewhere waits; one that has ended gives the result that it ended with.
- A block that may be repeated runs again after its worker died. One that may not is marked in Redis before it sends;
  if its worker dies then, the task ends with an error that says that its outcome is uncertain.
- A rate limit puts the task back into the queue.
- Secrets are neither taken as arguments nor given as results.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError

from connector.auth.environment_secrets import find_secrets
from connector.errors import ErrorDetail, FieldProblem
from connector.limits.shared_redis import LEASE_S, hold_lock
from connector.manifest.blocks import Block
from connector.manifest.manifest import Manifest
from connector.result import Result
from connector.way.connector import Connector

if TYPE_CHECKING:
    from celery import Task
    from redis import Redis

Envelope = dict[str, Any]
#: How long (s) to wait for a task that is running elsewhere before looking again.
_BUSY_S: Final = LEASE_S / 3
#: How long (s) to wait where the service says that there is a limit, but not for how long.
_UNSAID_S: Final = 30.0
#: How long (s) it is remembered that something was sent: longer than any copy of a task is on its way.
_REMEMBERED_S: Final = 7 * 86_400


class Runs:
    """Runs blocks of `manifest` for tasks.

    `load` gives the connector, and is called once in each process; `redis` holds the locks and marks, under names of
    this package. `longest_wait_s` is the longest time that the queue may hold a task back.
    """

    def __init__(self, manifest: Manifest, load: Callable[[], Connector], redis: Redis, longest_wait_s: float) -> None:
        self.manifest = manifest
        self._load = load
        self._redis = redis
        self._longest_wait_s = longest_wait_s

    @cached_property
    def _connector(self) -> Connector:
        # Not before the first task: a pool's processes are forks, and must not share what one opened before.
        return self._load()

    def close(self, **_: object) -> None:
        """Closes what this process keeps open; takes and ignores what a signal says."""
        self._redis.close()
        if connector := self.__dict__.pop("_connector", None):
            connector.close()

    def run(self, task: Task, name: str, args: Mapping[str, Any], connection: str | None) -> Envelope:
        """The envelope of the block `name` for the task whose turn it is.

        Raises what puts the task back into the queue, and `UnknownBlock`.
        """
        block = self.manifest.block(name)
        if refusal := refuse_secrets(block, args) or self._refuse_tokens(block):
            return Result(block.name, error=refusal).envelope()
        args = _add_secrets(block, args, connection)
        if task.request.called_directly or task.request.is_eager:
            return self._connector.invoke(block.name, args, connection=connection).envelope()
        try:
            self._claim(task)
            ended = task.backend.get_task_meta(task.request.id, cache=False)
            is_first = block.is_idempotent or self._mark(task)
        except (TimeoutError, RedisError):
            # It runs elsewhere, or it can't be known whether it does.
            raise task.retry(countdown=self._limit(_BUSY_S)) from None
        if ended["status"] == "SUCCESS":
            result: Envelope = ended["result"]
            return result
        if not is_first:
            return Result(block.name, error=_describe_uncertain(block)).envelope()
        return self._run_claimed(task, block, args, connection)

    def _claim(self, task: Task) -> None:
        """Holds the task's lock until its result is stored: `release` ends that. Raises `TimeoutError`."""
        held = ExitStack()
        held.enter_context(hold_lock(self._redis, self._key(task, "running"), 0, self._limit(LEASE_S)))
        task.request.held = held

    def _mark(self, task: Task) -> bool:
        """Remembers that the task is about to send something; tells whether it is the first time."""
        return bool(self._redis.set(self._key(task, "sent"), "", nx=True, ex=_REMEMBERED_S))

    def _run_claimed(self, task: Task, block: Block, args: Mapping[str, Any], connection: str | None) -> Envelope:
        result = self._connector.invoke(block.name, args, connection=connection)
        error = result.error
        if error is None or error.kind != "rate_limited" or not _is_safe_again(block, error):
            return result.envelope()
        if not block.is_idempotent:
            self._redis.delete(self._key(task, "sent"))
        raise task.retry(countdown=self._limit(error.retry_after or _UNSAID_S))

    def _key(self, task: Task, what: str) -> str:
        return f"connector:{self.manifest.command}:task:{task.request.id}:{what}"

    def _limit(self, seconds: float) -> float:
        return min(seconds, self._longest_wait_s)

    def _refuse_tokens(self, block: Block) -> ErrorDetail | None:
        """The error for a block whose output holds secrets: what a task answers lies in Redis for a day."""
        answered = self._secret_names & block.schema_files.inline(block.output).get("properties", {}).keys()
        if not answered:
            return None
        message = (
            f"{block.name}: it answers with {' and '.join(sorted(answered))}, and secrets don't go into a task's "
            f"result. Sign in with `{self.manifest.command} login`, and name the connection."
        )
        return ErrorDetail("invalid_fields", message, (FieldProblem("block", "answers with secrets"),))

    @cached_property
    def _secret_names(self) -> set[str]:
        return {name for block in self.manifest for name, field in block.fields.items() if field.secret}


def release(task: Task) -> None:
    """Ends the claim of a task whose result is stored, or that went back into the queue."""
    if held := task.request.get("held"):
        held.close()


def refuse_secrets(block: Block, args: Mapping[str, Any] | None) -> ErrorDetail | None:
    """The error for arguments that hold a secret; `None` where they hold none."""
    found = [name for name, field in block.fields.items() if field.secret and name in (args or {})]
    if not found:
        return None
    problems = tuple(
        FieldProblem(name, "is a secret, and secrets don't go into a task", "a connection, by its name")
        for name in found
    )
    message = (
        f"{block.name}: {' and '.join(found)} can't be an argument of a task, for the queue would keep it. "
        "Name a connection instead: connection=…"
    )
    return ErrorDetail("invalid_fields", message, problems)


def _add_secrets(block: Block, args: Mapping[str, Any], connection: str | None) -> Mapping[str, Any]:
    """`args`, and without a connection the secrets in the worker's environment."""
    return args if connection is not None else {**args, **find_secrets(block)}


def _is_safe_again(block: Block, error: ErrorDetail) -> bool:
    """Whether the block may run again after `error`, a refusal for the rate: it, or a part of a list, may be done."""
    return block.is_idempotent or not (error.done or error.is_uncertain)


def _describe_uncertain(block: Block) -> ErrorDetail:
    return ErrorDetail(
        "network",
        f"{block.name}: it is uncertain whether this took effect, for the worker that ran it died. It isn't run "
        "again by itself, because doing it twice may do harm: look, and start it anew if need be.",
        is_uncertain=True,
    )
