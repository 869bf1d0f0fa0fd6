"""Connections in Redis, for many workers and machines: one hash for each package, name to encrypted connection.

What Redis holds is of no use without the keys in `CONNECTOR_STORE_KEY`: Fernet keys with commas between them. The
first one encrypts, all of them decrypt, so that a new key is put in front and the old one leaves later. Names are not
encrypted. A connection is as lasting as that Redis: run it with `appendonly yes`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from redis.exceptions import RedisError

from connector.auth.connection import Connection, check_name
from connector.auth.stores.store import ConnectionDamaged, StoreFailed, from_text, to_text
from connector.errors import ConnectorError, InvocationFailed
from connector.limits.shared_redis import describe_address, hold_lock, open_redis

if TYPE_CHECKING:
    from redis import Redis

#: The environment variable that holds the keys.
STORE_KEY: Final = "CONNECTOR_STORE_KEY"
MAKE_A_KEY: Final = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
#: A restart of Redis is waited out: seven attempts take about three seconds.
_RETRIES: Final = 7
#: Puts a value into a hash where it still holds another one.
_REPLACE: Final = """
if redis.call("HGET", KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[3])
return 1
"""


class RedisStore:
    """The connections of `package` in the Redis at `url`, encrypted with `keys` or those in `CONNECTOR_STORE_KEY`.

    Safe to share between threads. Raises `StoreFailed` without a usable key or address.
    """

    is_lasting = True

    def __init__(self, url: str, package: str, keys: str | None = None) -> None:
        self._cipher = _build_cipher(keys or os.environ.get(STORE_KEY, ""))
        try:
            self._redis: Redis = open_redis(url, retries=_RETRIES)
        except ConnectorError as problem:
            raise StoreFailed(str(problem)) from None
        self.label = f"Redis at {describe_address(url)}"
        self._prefix = f"connector:{package}:"
        self._key = self._prefix + "connections"

    def __repr__(self) -> str:
        return f"<RedisStore in {self.label}>"

    def names(self) -> list[str]:
        with self._explained():
            found: Any = self._redis.hkeys(self._key)
        return sorted(name.decode("utf-8", "backslashreplace") for name in found)

    def load(self, name: str) -> Connection | None:
        with self._explained():
            token: Any = self._redis.hget(self._key, check_name(name))
        return None if token is None else self._decrypt(name, token)

    def save(self, connection: Connection) -> None:
        with self._explained():
            self._redis.hset(self._key, check_name(connection.name), self._encrypt(connection))

    def replace(self, old: Connection, new: Connection) -> bool:
        """Saves `new` where the store still holds `old`, in one step; tells whether it did. A lock here is lost with
        Redis's memory, or by a holder that sleeps longer than its lease."""
        name = check_name(new.name)
        with self._explained():
            kept: Any = self._redis.hget(self._key, name)
            if kept is None or self._decrypt(name, kept) != old:
                return False
            return bool(self._redis.eval(_REPLACE, 1, self._key, name, kept, self._encrypt(new)))

    def delete(self, name: str) -> bool:
        with self._explained():
            return bool(self._redis.hdel(self._key, check_name(name)))

    @contextlib.contextmanager
    def lock(self, name: str, timeout_s: float) -> Iterator[None]:
        key = f"{self._prefix}lock:{check_name(name)}"
        with contextlib.ExitStack() as held:
            with self._explained():
                held.enter_context(hold_lock(self._redis, key, timeout_s))
            yield

    def rotate(self) -> int:
        """Encrypts everything anew with the first key, after which the others may go; gives how many there are.

        Raises `ConnectionDamaged` for those that can't be read, once all others are done.
        """
        damaged: list[str] = []
        for name in (names := self.names()):
            try:
                with self.lock(name, 60.0):
                    while (connection := self.load(name)) and not self.replace(connection, connection):
                        pass
            except (ConnectionDamaged, InvocationFailed) as problem:
                damaged.append(str(problem))
        if damaged:
            raise ConnectionDamaged(f"All but {len(damaged)} of {len(names)} are encrypted anew. {' '.join(damaged)}")
        return len(names)

    def _encrypt(self, connection: Connection) -> bytes:
        # The name goes in as well, so that nobody can put one user's connection under another's name.
        return self._cipher.encrypt(f"{connection.name}\n{to_text(connection)}".encode())

    def _decrypt(self, name: str, token: bytes) -> Connection:
        try:
            owner, _, text = self._cipher.decrypt(token).decode().partition("\n")
        except InvalidToken:
            raise ConnectionDamaged(
                f"The connection {name} in {self.label} can't be decrypted with the keys in {STORE_KEY}: "
                "put the key that it was saved with behind the others, or sign in again."
            ) from None
        if owner != name:
            raise ConnectionDamaged(f"What {self.label} holds as {name} was saved under another name; sign in again.")
        return from_text(text, name, self.label)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except RedisError as problem:
            # Its text may hold the address with a password in it.
            raise StoreFailed(f"{self.label} can't be used ({type(problem).__name__}); is it running?") from None


def _build_cipher(keys: str) -> MultiFernet:
    given = [key.strip() for key in keys.split(",") if key.strip()]
    if not given:
        raise StoreFailed(
            f"Connections in Redis are encrypted, and there is no key: set {STORE_KEY}. Make one with\n  {MAKE_A_KEY}\n"
            "and keep it where your passwords are; every machine needs the same."
        )
    try:
        return MultiFernet([Fernet(key) for key in given])
    except ValueError:
        raise StoreFailed(f"{STORE_KEY} holds something that is no key. Make one with\n  {MAKE_A_KEY}") from None
