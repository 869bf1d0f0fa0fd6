"""Keeps secrets out of the queue: what is about to be sent is judged as a whole, however it was put together.

A message holds more than one task's arguments: the rest of a chain, a chord's body, what is linked, headers. Another
program may have sent it, too; then the run answers with an error, and nothing of it is sent on.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any, Final

from celery import current_task
from celery.app.amqp import AMQP

from connector.errors import ErrorDetail, FieldProblem
from connector.manifest.manifest import Manifest

#: What of a running task's request is sent on.
_SENT_ON: Final = ("chain", "callbacks", "errbacks", "chord")
#: What Celery's own tasks begin with, which run others; and the one of them that is given results.
_CELERY: Final = "celery."
_GATHERS: Final = "celery.accumulate"
#: A header with a token, whatever the service.
_HEADER: Final = "authorization"
#: The argument that is what came before: a result, which lay in Redis already.
_BEFORE: Final = "before"


class SecretGuard:
    """Judges what a queue would keep for tasks that run blocks of `manifest`, by the names of its secret fields."""

    def __init__(self, manifest: Manifest) -> None:
        names = {name for block in manifest for name, field in block.fields.items() if field.secret}
        self._names = {_fold(name) for name in (_HEADER, *names)}
        self._tasks: dict[str, inspect.Signature] = {}

    def watch(self, name: str, run: Callable[..., Any]) -> None:
        """Judges the arguments of the task `name`, whose parameters are those of `run`."""
        self._tasks[name] = inspect.signature(run)

    def refuse(self, task: str, args: Any, kwargs: Any, *sent_with: Any, headers: Any = None) -> ErrorDetail | None:
        """The error for a message with a secret in it; `None` where it holds none.

        Args:
            task: the name of the task that it is for.
            args: its arguments by position.
            kwargs: its arguments by name.
            sent_with: signatures of tasks that travel with it, in lists and objects of any depth.
            headers: what else stands on it.
        """
        found = [*self._find(headers), *self._find_in_task(task, args, kwargs)]
        for each in sent_with:
            found += self._find_in_signatures(each)
        return _describe_refusal(self._name(task, args, kwargs), list(dict.fromkeys(found))) if found else None

    def refuse_run(self, task: str, request: Any) -> ErrorDetail | None:
        """The error for a run of `task` whose `request` has a secret with it, after which nothing of that is sent on;
        `None` where there is none."""
        error = self.refuse(
            task,
            request.args,
            request.kwargs,
            *(getattr(request, name, None) for name in _SENT_ON),
            headers=[request.headers, request.stamps],
        )
        if error:
            for name in _SENT_ON:
                setattr(request, name, None)
        return error

    def _bind(self, task: str, args: Any, kwargs: Any) -> dict[str, Any]:
        """The arguments by name. Raises `TypeError` where they don't fit."""
        return self._tasks[task].bind_partial(*(args or ()), **(kwargs or {})).arguments

    def _name(self, task: str, args: Any, kwargs: Any) -> str:
        """What an error is said of: the block where there is one."""
        if task not in self._tasks:
            return task
        with suppress(TypeError):
            return str(self._bind(task, args, kwargs).get("block", task))
        return task

    def _find_in_task(self, task: str, args: Any, kwargs: Any) -> Iterator[str]:
        if task not in self._tasks:
            if task.startswith(_CELERY) and not (task == _GATHERS and current_task):
                yield from self._find([args, kwargs])
            yield from self._find_in_signatures([args, kwargs])
            return
        try:
            given: Any = self._bind(task, args, kwargs)
        except TypeError:
            given = [args, kwargs]
        else:
            if current_task:
                given.pop(_BEFORE, None)
        yield from self._find(given)

    def _find_in_signatures(self, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            if isinstance(value.get("task"), str):
                yield from self._find_in_task(value["task"], value.get("args"), value.get("kwargs"))
                options = value.get("options")
                yield from self._find(options.get("headers") if isinstance(options, Mapping) else None)
            for each in value.values():
                yield from self._find_in_signatures(each)
        elif isinstance(value, list | tuple):
            for each in value:
                yield from self._find_in_signatures(each)

    def _find(self, value: Any) -> Iterator[str]:
        """The names of secret fields among the names in `value`, at any depth and however they are spelled."""
        if isinstance(value, Mapping):
            yield from (name for name in value if isinstance(name, str) and _fold(name) in self._names)
            value = list(value.values())
        if isinstance(value, list | tuple):
            for each in value:
                yield from self._find(each)


def build_amqp(guard: SecretGuard) -> type[AMQP]:
    """What Celery makes and sends messages with, for an app none of whose messages may hold a secret."""

    class GuardedAMQP(AMQP):  # type: ignore[misc]
        @cached_property
        def send_task_message(self) -> Callable[..., Any]:
            """Sends a message. Raises `ValueError` for one with a secret in it; nothing of it reaches the queue."""
            send: Callable[..., Any] = self._create_task_sender()

            def send_judged(producer: Any, name: str, message: Any, headers: Any = None, **options: Any) -> Any:
                args, kwargs, sent_with = message.body
                if error := guard.refuse(name, args, kwargs, sent_with, headers=[message.headers, headers, options]):
                    raise ValueError(error.message)
                return send(producer, name, message, headers=headers, **options)

            return send_judged

    return GuardedAMQP


def _fold(name: str) -> str:
    """`name` without what tells `access_token` from `Access-Token` and `accessToken`."""
    return name.replace("-", "").replace("_", "").casefold()


def _describe_refusal(where: str, names: list[str]) -> ErrorDetail:
    """The error for the secrets `names` that were given to the block or task `where`."""
    message = (
        f"{where}: {' and '.join(names)} can't be an argument of a task, for the queue would keep it. "
        "Name a connection instead: connection=…"
    )
    problems = tuple(
        FieldProblem(name, "is a secret, and secrets don't go into a task", "a connection, by its name")
        for name in names
    )
    return ErrorDetail("invalid_fields", message, problems)
