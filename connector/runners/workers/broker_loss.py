"""A worker's consumer that outlives what its Redis does: what is broken in the queue, and the loss of a connection.

A message that can't be read is set aside: it is taken out of the queue, the log has an error, and whoever waits for its
result gets one.

Celery closes a lost connection twice. Where the first time breaks off at another channel, the second one asks for the
address of a connection that is no longer there (kombu 5.7), and the worker ends by an `AttributeError`. Here it is told
as what it is, a lost connection, after which the worker waits and connects anew. Nor does a message end with the
connection, or with the worker, that was to bring it: `handover` sees to that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from celery.exceptions import InvalidTaskError
from celery.worker.consumer import Consumer
from redis.exceptions import ConnectionError as RedisLost

from connector.runners.workers.handover import HandoverChannel
from connector.runners.workers.messages import find_fault, find_task_fault

_LOG: Final = logging.getLogger("connector.worker")


class LastingConsumer(Consumer):  # type: ignore[misc]
    """Celery's consumer, on channels that tell of a lost connection as such."""

    def connection_for_read(self, heartbeat: Any = None) -> Any:
        """A connection to the broker, once there is one."""
        return self.ensure_connected(make_lasting(self.app.connection_for_read(heartbeat=heartbeat)))

    def create_task_handler(self, *args: Any, **options: Any) -> Callable[[Any], None]:
        """Celery's own, behind a look at the message."""
        handle = super().create_task_handler(*args, **options)

        def judge(message: Any) -> None:
            if fault := find_task_fault(message, self.app.tasks):
                self._set_aside(message, fault)
                return
            places = self.controller.semaphore
            free = places.value if places else 0
            try:
                handle(message)
            except self.connection_errors:
                raise
            except Exception as problem:
                if places and places.value < free:
                    # In the pool, for a task that never came there.
                    places.release()
                self._set_aside(message, f"it can't be taken ({type(problem).__name__})")

        return judge

    def on_unknown_message(self, _body: Any, message: Any) -> None:
        self._set_aside(message, "it names no task")

    def on_unknown_task(self, _body: Any, message: Any, problem: Exception) -> None:
        self._set_aside(message, f"there is no such task ({type(problem).__name__})")

    def on_invalid_task(self, _body: Any, message: Any, problem: Exception) -> None:
        self._set_aside(message, f"it is no task ({type(problem).__name__})")

    def on_decode_error(self, message: Any, problem: Exception) -> None:
        self._set_aside(message, f"its body can't be read ({type(problem).__name__})")

    def _set_aside(self, message: Any, fault: str) -> None:
        """Celery's own words would quote the message."""
        _LOG.error("A message was set aside: %s.", fault)
        task_id = (message.headers or {}).get("id")
        if isinstance(task_id, str):
            self.app.backend.store_result(task_id, InvalidTaskError(f"The message was set aside: {fault}."), "FAILURE")
        if not message.acknowledged:
            message.ack_log_error(_LOG, self.connection_errors)


def make_lasting(connection: Any) -> Any:
    """`connection`, not yet opened, with channels that raise the broker's `ConnectionError` where it was given up, and
    that lose no message. The queue's `priority_steps` must be `[0]`."""
    transport = connection.get_transport_cls()
    channel = type("Channel", (_LastingChannel, transport.Channel), {})
    lasting = type("Transport", (_ReadingTransport, transport), {"Channel": channel})
    # The connection's own word for its transport stays, for Celery shows it to people.
    connection.get_transport_cls = lambda: lasting
    return connection


class _LastingChannel(HandoverChannel):
    connection: Any

    def _connparams(self, *args: Any, **options: Any) -> Any:
        if self.connection is None or self.connection.client is None:
            raise RedisLost("The connection was given up.")
        return super()._connparams(*args, **options)  # type: ignore[misc]


class _ReadingTransport:
    """Hands on what is a message: from a queue, or from those who give workers orders."""

    def _deliver(self, raw: Any, queue: str) -> None:
        if fault := find_fault(raw):
            _LOG.error("A message in the queue %s was set aside: %s.", queue, fault)
            return
        super()._deliver(raw, queue)  # type: ignore[misc]
