"""Takes tasks from Redis so that none is lost on its way from the queue to a worker.

kombu takes a message out of the queue and notes a moment later that it isn't acknowledged yet; a worker that dies in
between takes it along. Here Redis moves it, in one step, to a list of what is on its way, and it leaves that list once
it is noted. What stays there was meant for a worker that is gone, and goes back. A worker that was only slow then finds
that its task runs, or has ended, elsewhere.

One queue has one list in Redis, so the priorities of kombu, which are further lists, aren't used: `priority_steps` of
the transport must be `[0]`. `BLMOVE` needs Redis 6.2.
"""

from __future__ import annotations

import json
import logging
from queue import Empty
from time import monotonic
from typing import Any, Final

from kombu.transport.redis import QoS

_LOG: Final = logging.getLogger("connector.worker")
#: How long (s) a message may be on its way: much longer than noting it takes.
_PATIENCE_S: Final = 3.0
#: Takes one message off the list, and puts it first in the queue unless it is noted after all.
_GIVE_BACK: Final = """
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 1 and redis.call('HEXISTS', KEYS[3], ARGV[2]) == 0 then
  redis.call('RPUSH', KEYS[2], ARGV[1])
end
"""


class HandoverQoS(QoS):
    """kombu's bookkeeping, which looks after what is on its way whenever it looks after what isn't acknowledged."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]
        self._seen_at: dict[bytes, float] = {}

    def restore_visible(self, *args: Any, **options: Any) -> None:
        """Gives back what has been on its way for too long."""
        super().restore_visible(*args, **options)  # type: ignore[no-untyped-call]
        now = monotonic()
        with self.channel.conn_or_acquire() as client:
            on_the_way = {
                item: queue
                for queue in self.channel.active_queues
                for item in client.lrange(name_handover(queue), 0, -1)
            }
            self._seen_at = {item: self._seen_at.get(item, now) for item in on_the_way}
            for item, queue in on_the_way.items():
                if now - self._seen_at[item] >= _PATIENCE_S:
                    keys = (name_handover(queue), queue, self.unacked_key)
                    client.eval(_GIVE_BACK, len(keys), *keys, item, _read_tag(item))


class HandoverChannel:
    """Goes before kombu's Redis channel, whose steps of waiting for a message and reading it these are."""

    QoS = HandoverQoS
    _waits_for: str = ""

    def _brpop_start(self: Any, timeout: float | None = None) -> None:
        queues = self._queue_cycle.consume(1)
        if not queues:
            return
        [self._waits_for] = queues
        self._in_poll = self.client.connection
        self._brpop_sent_at = monotonic()
        seconds = (self.brpop_timeout if timeout is None else timeout) or 0
        words = ("BLMOVE", self._waits_for, name_handover(self._waits_for), "RIGHT", "LEFT", seconds)
        self.client.connection.send_command(*words)

    def _brpop_read(self: Any, **options: Any) -> bool:
        queue = self._waits_for
        try:
            try:
                item = self.client.parse_response(self.client.connection, "BLMOVE", **options)
            except self.connection_errors:
                self.client.connection.disconnect()
                raise
            self._queue_cycle.rotate(queue)
            if item is None:
                raise Empty
            try:
                raw = json.loads(item)
            except (ValueError, RecursionError):
                _LOG.error("A message in the queue %s was set aside: it is no JSON.", queue)
            else:
                self.connection._deliver(raw, queue)
            self._end_handover(queue, item)
            return True
        finally:
            self._in_poll = None

    def _receive_one(self: Any, *args: Any) -> Any:
        """Reads an order to workers, which goes to all of them and into no queue."""
        try:
            return super()._receive_one(*args)  # type: ignore[misc]
        except RecursionError:
            _LOG.error("An order to workers was set aside: it is nested too deeply.")

    def _end_handover(self: Any, queue: str, item: bytes) -> None:
        with self.conn_or_acquire() as client:
            client.lrem(name_handover(queue), 1, item)


def name_handover(queue: str) -> str:
    """The list, in Redis, of what is on its way from `queue`."""
    return f"connector:{queue}:on-the-way"


def _read_tag(item: bytes) -> str:
    try:
        tag: str = json.loads(item)["properties"]["delivery_tag"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""
    return tag
