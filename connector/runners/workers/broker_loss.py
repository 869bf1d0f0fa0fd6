"""A worker's consumer that outlives the loss of its Redis, whichever of its sockets notices it first.

Celery closes a lost connection twice. Where the first time breaks off at another channel, the second one asks for the
address of a connection that is no longer there (kombu 5.7), and the worker ends by an `AttributeError`. Here it is told
as what it is, a lost connection, after which the worker waits and connects anew. Nor does a message end with the
connection, or with the worker, that was to bring it: `handover` sees to that.
"""

from __future__ import annotations

from typing import Any

from celery.worker.consumer import Consumer
from redis.exceptions import ConnectionError as RedisLost

from connector.runners.workers.handover import HandoverChannel


class LastingConsumer(Consumer):  # type: ignore[misc]
    """Celery's consumer, on channels that tell of a lost connection as such."""

    def connection_for_read(self, heartbeat: Any = None) -> Any:
        """A connection to the broker, once there is one."""
        return self.ensure_connected(make_lasting(self.app.connection_for_read(heartbeat=heartbeat)))


def make_lasting(connection: Any) -> Any:
    """`connection`, not yet opened, with channels that raise the broker's `ConnectionError` where it was given up, and
    that lose no message. The queue's `priority_steps` must be `[0]`."""
    transport = connection.get_transport_cls()
    channel = type("Channel", (_LastingChannel, transport.Channel), {})
    lasting = type("Transport", (transport,), {"Channel": channel})
    # The connection's own word for its transport stays, for Celery shows it to people.
    connection.get_transport_cls = lambda: lasting
    return connection


class _LastingChannel(HandoverChannel):
    connection: Any

    def _connparams(self, *args: Any, **options: Any) -> Any:
        if self.connection is None or self.connection.client is None:
            raise RedisLost("The connection was given up.")
        return super()._connparams(*args, **options)  # type: ignore[misc]
