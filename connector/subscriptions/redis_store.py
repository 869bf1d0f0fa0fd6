"""Subscriptions in Redis, for many workers and machines: a hash for each, and what is due in one sorted set.

Names begin with the package's, so that two packages in one Redis never meet. Each change is one script, which Redis
runs as a whole: a taker whose lease another has taken can overwrite nothing. A leased subscription stands in the sorted
set with the end of its lease, so that nobody need look for takers that died. Whoever takes part goes by its own clock,
and all clocks must agree far better than a lease is long; where they don't, an event may come twice, with one id.

A subscription is as lasting as that Redis: run it with `appendonly yes`.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import RedisError

from connector.limits.shared_redis import describe_address, open_redis
from connector.subscriptions.records import read_record, write_asked, write_progress
from connector.subscriptions.store import Leased, SubscriptionsUnreachable
from connector.subscriptions.subscription import Progress, Status, Subscription

if TYPE_CHECKING:
    from redis import Redis

_LOG: Final = logging.getLogger(__name__)
#: A restart of Redis is waited out: seven attempts take about three seconds.
_RETRIES: Final = 7
#: Said twice it is done once: a question whose answer was lost is asked again.
_ADD: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
if redis.call('ZCARD', KEYS[3]) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[9], 'asked', ARGV[3], 'status', ARGV[4], 'why', ARGV[5])
redis.call('HSET', KEYS[1], 'progress', ARGV[6], 'due', ARGV[7])
redis.call('ZADD', KEYS[3], ARGV[8], ARGV[1])
if ARGV[4] == 'active' then redis.call('ZADD', KEYS[2], ARGV[7], ARGV[1]) end
return 1
"""
_REMOVE: Final = """
local owner = redis.call('HGET', KEYS[1], 'owner')
if not owner then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', ARGV[2] .. owner, ARGV[1])
return redis.call('DEL', KEYS[1])
"""
#: One that is leased waits for the lease's end, even if it was paused and resumed meanwhile.
_SET_STATUS: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'status', ARGV[2], 'why', ARGV[3])
if ARGV[2] == 'active' then
    redis.call('ZADD', KEYS[2], redis.call('HGET', KEYS[1], 'until') or 0, ARGV[1])
else
    redis.call('ZREM', KEYS[2], ARGV[1])
end
return 1
"""
_LEASE: Final = """
local found = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
    local key = ARGV[5] .. name
    local kept = redis.call('HMGET', key, 'asked', 'status', 'why', 'progress')
    if kept[1] then
        redis.call('HSET', key, 'token', ARGV[4], 'until', ARGV[3])
        redis.call('ZADD', KEYS[1], ARGV[3], name)
        found[#found + 1] = kept
    else
        redis.call('ZREM', KEYS[1], name)
    end
end
return found
"""
#: The token stays when the lease is given back, so that this too may be said twice; the next taker puts its own there.
_KEEP: Final = """
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'progress', ARGV[3], 'due', ARGV[4])
if ARGV[5] == '' then
    redis.call('HDEL', KEYS[1], 'until')
else
    redis.call('HSET', KEYS[1], 'until', ARGV[5])
end
if redis.call('HGET', KEYS[1], 'status') == 'active' then
    redis.call('ZADD', KEYS[2], ARGV[5] == '' and ARGV[4] or ARGV[5], ARGV[1])
end
return 1
"""
#: The fields of a hash that make a subscription and its progress.
_KEPT: Final = ["asked", "status", "why", "progress"]


class RedisSubscriptions:
    """The subscriptions of `package` in the Redis at `url`. Safe to share between threads, and to carry into a child
    process. Raises `ConnectorError` without a usable address."""

    def __init__(self, url: str, package: str) -> None:
        self._redis: Redis = open_redis(url, retries=_RETRIES)
        self.label = f"Redis at {describe_address(url)}"
        self._one = f"connector:{package}:subscription:"
        self._owned = f"connector:{package}:subscriptions:of:"
        self._due = f"connector:{package}:subscriptions:due"
        register = self._redis.register_script
        self._add, self._remove, self._set_status = register(_ADD), register(_REMOVE), register(_SET_STATUS)
        self._lease, self._keep = register(_LEASE), register(_KEEP)

    def __repr__(self) -> str:
        return f"<RedisSubscriptions in {self.label}>"

    def add(self, subscription: Subscription, progress: Progress, most: int) -> bool:
        name = subscription.id
        status, why = subscription.status, subscription.why or ""
        with self._explained():
            return bool(
                self._add(
                    keys=[self._one + name, self._due, self._owned + subscription.owner],
                    args=[
                        name,
                        most,
                        write_asked(subscription),
                        status,
                        why,
                        write_progress(progress),
                        progress.due,
                        subscription.created,
                        subscription.owner,
                    ],
                )
            )

    def get(self, name: str) -> tuple[Subscription, Progress] | None:
        with self._explained():
            kept: Any = self._redis.hmget(self._one + name, _KEPT)
        return None if kept[0] is None else self._read(kept)

    def read_all(self, owner: str) -> list[tuple[Subscription, Progress]]:
        with self._explained():
            names: Any = self._redis.zrange(self._owned + owner, 0, -1)
            questions = self._redis.pipeline(transaction=False)
            for name in names:
                questions.hmget(self._one + name.decode(), _KEPT)
            answers = questions.execute()
        # One may have been removed meanwhile.
        return [found for kept in answers if kept[0] is not None and (found := self._read(kept))]

    def count(self, owner: str) -> int:
        with self._explained():
            found: Any = self._redis.zcard(self._owned + owner)
        return int(found)

    def remove(self, name: str) -> bool:
        with self._explained():
            return bool(self._remove(keys=[self._one + name, self._due], args=[name, self._owned]))

    def set_status(self, name: str, status: Status, why: str | None = None) -> bool:
        with self._explained():
            return bool(self._set_status(keys=[self._one + name, self._due], args=[name, status, why or ""]))

    def lease(self, now: float, most: int, lease_s: float) -> list[Leased]:
        token = secrets.token_hex(16)
        with self._explained():
            found: Any = self._lease(keys=[self._due], args=[now, most, now + lease_s, token, self._one])
        # What can't be read stays leased for as long, so that it holds no other up.
        return [Leased(*read, token) for kept in found if (read := self._read(kept))]

    def keep(self, leased: Leased, progress: Progress, *, lease_until: float | None) -> bool:
        name = leased.subscription.id
        until = "" if lease_until is None else lease_until
        with self._explained():
            return bool(
                self._keep(
                    keys=[self._one + name, self._due],
                    args=[name, leased.token, write_progress(progress), progress.due, until],
                )
            )

    def read_next_due(self) -> float | None:
        with self._explained():
            first: Any = self._redis.zrange(self._due, 0, 0, withscores=True)
        return first[0][1] if first else None

    def close(self) -> None:
        self._redis.close()

    def _read(self, kept: list[bytes]) -> tuple[Subscription, Progress] | None:
        try:
            asked, status, why, progress = kept
            return read_record(asked, status.decode(), why.decode() or None, progress)
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            _LOG.error("A subscription in %s can't be read (%s).", self.label, type(problem).__name__)
            return None

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except RedisError as problem:
            # Its text may hold the address with a password in it.
            raise SubscriptionsUnreachable(
                f"The subscriptions in {self.label} can't be used ({type(problem).__name__}); is it running?"
            ) from None
