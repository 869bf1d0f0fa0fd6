"""The calls of the last 24 hours on Redis, so that all processes and machines of an account count as one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from connector.limits.count import DAY_S, LOT_S, Lot, hide
from connector.limits.local_count import LocalCount
from connector.limits.shared_redis import Outages

if TYPE_CHECKING:
    from redis import Redis

#: Lots by number, each "calls last", in ms by Redis's clock. Those that are a day old go; one that lies ahead is of a
#: clock that was set back, and is taken for one of now.
_READ: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local day = tonumber(ARGV[1])
local all, used, lots = redis.call('HGETALL', KEYS[1]), 0, {}
for i = 1, #all, 2 do
    local calls, last = string.match(all[i + 1], '(%d+) (%d+)')
    calls, last = tonumber(calls), math.min(tonumber(last), now)
    if now - last >= day then
        redis.call('HDEL', KEYS[1], all[i])
    else
        used = used + calls
        lots[#lots + 1] = calls
        lots[#lots + 1] = now - last
    end
end
"""
#: Counts a call at KEYS[1] where fewer than ARGV[3] are counted, and gives how many are left; else gives -1.
_TAKE: Final = (
    _READ
    + """
local left = tonumber(ARGV[3]) - used - 1
if left < 0 then return -1 end
local number = string.format('%.0f', math.floor(now / tonumber(ARGV[2])))
local calls = string.match(redis.call('HGET', KEYS[1], number) or '0', '%d+')
redis.call('HSET', KEYS[1], number, string.format('%.0f %.0f', calls + 1, now))
redis.call('PEXPIRE', KEYS[1], day)
return left
"""
)
#: Puts the turn at KEYS[1] off by ARGV[1] ms, no further than ARGV[2] ms ahead.
_POSTPONE: Final = """
local left = math.min(math.max(redis.call('PTTL', KEYS[1]), 0) + ARGV[1], tonumber(ARGV[2]))
if left >= 1 then redis.call('SET', KEYS[1], '', 'PX', string.format('%.0f', left)) end
return left
"""
#: The largest budget that Redis's numbers carry, and no account will ever see the end of.
_MOST: Final = 10**15
_DAY_MS: Final = int(DAY_S * 1000)
_LOT_MS: Final = int(LOT_S * 1000)


class RedisCount:
    """A `Count` that everyone shares who names the same Redis, the same `package` and the same `kind` of calls.

    Redis sees a hash of the account's name. No method raises: while Redis is away, this process counts by itself. Safe
    to share between threads.
    """

    is_alone = False

    def __init__(self, redis: Redis, package: str, kind: str = "day") -> None:
        self.label = "Redis"
        self._redis = redis
        self._prefix = f"connector:{package}:{kind}:"
        self._turns = f"connector:{package}:{kind} turn:"
        self._postpone = redis.register_script(_POSTPONE)
        self._take = redis.register_script(_TAKE)
        self._read = redis.register_script(_READ + "return lots")
        self._own = LocalCount()
        self._outages = Outages("the day's budget", redis)

    def take(self, account: str, most: int) -> int | None:
        key = self._prefix + hide(account)
        left = self._outages.ask(lambda: self._take(keys=[key], args=[_DAY_MS, _LOT_MS, min(most, _MOST)]))
        self.is_alone = left is None
        if left is None:
            return self._own.take(account, most)
        return None if left < 0 else int(left)

    def read(self, account: str) -> list[Lot]:
        found = self._read_key(self._prefix + hide(account))
        self.is_alone = found is None
        return self._own.read(account) if found is None else found

    def read_others(self, known: Collection[str]) -> list[Sequence[Lot]]:
        keys = self._outages.ask(lambda: set(self._redis.scan_iter(match=self._prefix + "*", count=1000)))
        self.is_alone = keys is None
        own = {(self._prefix + hide(account)).encode() for account in known}
        return [lots for key in (keys or set()) - own if (lots := self._read_key(key))]

    def postpone(self, account: str, seconds: float, most: float) -> float:
        key, by_ms = self._turns + hide(account), [round(seconds * 1000), round(most * 1000)]
        left_ms = self._outages.ask(lambda: self._postpone(keys=[key], args=by_ms))
        return self._own.postpone(account, seconds, most) if left_ms is None else float(left_ms) / 1000

    def _read_key(self, key: str | bytes) -> list[Lot] | None:
        found = self._outages.ask(lambda: self._read(keys=[key], args=[_DAY_MS]))
        if found is None:
            return None
        flat = cast("list[Any]", found)
        lots = (Lot(calls, age / 1000) for calls, age in zip(flat[::2], flat[1::2], strict=True))
        return sorted(lots, key=lambda lot: -lot.age)
