"""One run of a block for a task queue that delivers a task at least once.

- A task that is running elsewhere waits; one that has ended gives the result that it ended with.
- A block that may be repeated runs again after its worker died. One that may not is marked in Redis before it sends;
  if its worker dies then, the task ends with an error that says that its outcome is uncertain.
- A rate limit puts the task back into the queue.
- Secrets are neither taken as arguments nor given as results.
"""

from __future__ import annotations

import threading
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
from connector.runners.workers.queued_secrets import SecretGuard
from connector.runners.workers.task_log import Account
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

    Args:
        manifest: declares the blocks.
        load: gives the connector; called once in each process.
        redis: holds the locks and marks, under names of this package.
        guard: judges what a task has with it.
        longest_wait_s: the longest time that the queue may hold a task back.
    """

    def __init__(
        self,
        manifest: Manifest,
        load: Callable[[], Connector],
        redis: Redis,
        guard: SecretGuard,
        longest_wait_s: float,
    ) -> None:
        self.manifest = manifest
        self._load = load
        self._redis = redis
        self._guard = guard
        self._longest_wait_s = longest_wait_s
        self._connector: Connector | None = None
        self._loading = threading.Lock()

    def close(self, **_: object) -> None:
        """Closes what this process keeps open; takes and ignores what a signal says."""
        self._redis.close()
        with self._loading:
            connector, self._connector = self._connector, None
        if connector:
            connector.close()

    def run(self, task: Task, name: str, args: Mapping[str, Any], connection: str | None) -> Envelope:
        """The envelope of the block `name` for the task whose turn it is, and a line in the log.

        Raises what puts the task back into the queue, `UnknownBlock`, and `TypeError` for arguments of other kinds.
        """
        check_kinds(name, args, connection)
        block = self.manifest.block(name)
        account = Account(task.request.id, block.name, connection)
        if refusal := self._guard.refuse_run(task.name, task.request) or self._refuse_tokens(block):
            return account.close(Result(block.name, error=refusal))
        args = _add_secrets(block, args, connection)
        if task.request.called_directly or task.request.is_eager:
            return account.close(self._invoke(block, args, connection))
        try:
            self._claim(task)
            ended = task.backend.get_task_meta(task.request.id, cache=False)
            is_first = block.is_idempotent or self._mark(task)
        except (TimeoutError, RedisError):
            # It runs elsewhere, or it can't be known whether it does.
            raise self._put_back(task, account, "runs elsewhere", _BUSY_S) from None
        if ended["status"] == "SUCCESS":
            account.note("had ended before")
            envelope: Envelope = ended["result"]
            return envelope
        if not is_first:
            return account.close(Result(block.name, error=_describe_uncertain(block)))
        result = self._invoke(block, args, connection)
        error = result.error
        wait_s = error.retry_after if error and error.kind == "rate_limited" else None
        if error is None or wait_s is None or not _is_safe_again(block, error):
            return account.close(result)
        if not block.is_idempotent:
            self._redis.delete(self._key(task, "sent"))
        raise self._put_back(task, account, error.kind, wait_s or _UNSAID_S)

    def _invoke(self, block: Block, args: Mapping[str, Any], connection: str | None) -> Result:
        # Not before the first task: a pool's processes are forks, and must not share what one opened before.
        with self._loading:
            if self._connector is None:
                self._connector = self._load()
            connector = self._connector
        return connector.invoke(block.name, args, connection=connection)

    def _put_back(self, task: Task, account: Account, reason: str, seconds: float) -> Exception:
        """What to raise, so that the task goes through the queue again after `seconds`, or sooner."""
        wait_s = min(seconds, self._longest_wait_s)
        account.note(f"{reason}, again in {wait_s:g} s")
        again: Exception = task.retry(countdown=wait_s, throw=False)
        return again

    def _claim(self, task: Task) -> None:
        """Holds the task's lock until its result is stored: `release` ends that. Raises `TimeoutError`."""
        held = ExitStack()
        held.enter_context(hold_lock(self._redis, self._key(task, "running"), 0, min(LEASE_S, self._longest_wait_s)))
        task.request.held = held

    def _mark(self, task: Task) -> bool:
        """Remembers that the task is about to send something; tells whether it is the first time."""
        return bool(self._redis.set(self._key(task, "sent"), "", nx=True, ex=_REMEMBERED_S))

    def _key(self, task: Task, what: str) -> str:
        return f"connector:{self.manifest.command}:task:{task.request.id}:{what}"

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


def _add_secrets(block: Block, args: Mapping[str, Any], connection: str | None) -> Mapping[str, Any]:
    """`args`, and without a connection the secrets in the worker's environment."""
    return args if connection is not None else {**args, **find_secrets(block)}


def check_kinds(block: Any, args: Any, connection: Any) -> None:
    """Raises `TypeError` for arguments of a task that are of other kinds than a task's are."""
    if not isinstance(block, str):
        raise TypeError("block: a block's name, as text, is needed.")
    if not isinstance(args, Mapping):
        raise TypeError(f"{block[:80]!r}: args are needed as an object, field to value.")
    if not isinstance(connection, str | None):
        raise TypeError(f"{block[:80]!r}: connection is a name, as text.")


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
