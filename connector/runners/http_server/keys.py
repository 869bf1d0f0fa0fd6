"""API keys: who calls, and which connections they may use.

Keys come from the environment and from a TOML file, which is read again when it changes, so that a key is rotated
without a restart. Only digests are kept, and a key that is presented is compared with every one of them in constant
time.

    [n8n]                          # the key's name, as logs show it
    key = "…"                      # or: sha256 = "…", the key's digest in hexadecimal
    connections = ["alice", "bob"] # or ["*"] for all; without it none
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from connector.errors import ConnectorError

EVERY: Final = "*"
_LOG = logging.getLogger("connector.http")


class BadKeys(ConnectorError):
    """The API keys can't be used; the text says which and why, and never holds a key."""


@dataclass(frozen=True)
class Key:
    """A key's `name`, and the names of the `connections` that it opens (`*`: all of them)."""

    name: str
    connections: frozenset[str] = frozenset()

    def may_use(self, connection: str) -> bool:
        return EVERY in self.connections or connection in self.connections


#: Whoever calls where no key is configured: someone on this computer.
ANYONE: Final = Key("anyone", frozenset({EVERY}))

_Digests = dict[bytes, Key]


class KeyRing:
    """All keys that are valid now.

    Args:
        text: keys as the environment gives them, `NAME:KEY[:CONNECTION,…]` with spaces between.
        path: the TOML file.

    Raises:
        BadKeys: either can't be read.
    """

    def __init__(self, text: str | None = None, path: Path | None = None) -> None:
        self._fixed = parse_keys(text or "")
        self._path = path
        self._seen = self._look()
        self._filed = load_keys(path) if path else {}
        #: Whether calls need a key. An emptied file lets nobody in, so this never changes.
        self.is_required = bool(self._fixed or path)

    def find(self, presented: str) -> Key | None:
        """The key that was `presented`, or `None` for one that is not valid."""
        self._read_again()
        digest = hashlib.sha256(presented.encode("utf-8", "surrogateescape")).digest()
        found: Key | None = None
        for keys in (self._fixed, self._filed):
            for known, key in keys.items():
                if hmac.compare_digest(known, digest):
                    found = key
        return found

    def get(self, name: str) -> Key | None:
        """The key called `name`, or `None` where there is none (any more)."""
        self._read_again()
        return next((key for keys in (self._fixed, self._filed) for key in keys.values() if key.name == name), None)

    def _look(self) -> tuple[int, ...] | None:
        try:
            stat = self._path.stat() if self._path else None
        except OSError:
            return None
        return stat and (stat.st_mtime_ns, stat.st_size, stat.st_ino)

    def _read_again(self) -> None:
        if self._path is None or (seen := self._look()) == self._seen:
            return
        self._seen = seen
        try:
            self._filed = load_keys(self._path)
        except BadKeys as problem:
            _LOG.error("%s The keys read before stay valid.", problem)


def load_keys(path: Path) -> dict[bytes, Key]:
    """The keys in the TOML file at `path`, by digest; raises `BadKeys` where it can't be used."""
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise BadKeys(f"The keys file {path} can't be read: {problem.strerror}.") from None
    except ValueError as problem:
        raise BadKeys(f"The keys file {path} is no TOML: {problem}.") from None
    found: _Digests = {}
    for name, entry in entries.items():
        _add(found, _parse_digest(name, entry, path), Key(name, _parse_connections(name, entry, path)))
    return found


def parse_keys(text: str) -> dict[bytes, Key]:
    """Keys written as `NAME:KEY[:CONNECTION,…]` with spaces between, by digest; raises `BadKeys` for another form."""
    found: _Digests = {}
    for position, word in enumerate(text.split(), start=1):
        name, _, rest = word.partition(":")
        secret, _, connections = rest.partition(":")
        if not name or not secret:
            raise BadKeys(f"API key number {position} is not written as NAME:KEY or NAME:KEY:CONNECTION,CONNECTION.")
        key = Key(name, frozenset(part for part in connections.split(",") if part))
        _add(found, hashlib.sha256(secret.encode()).digest(), key)
    return found


def _add(found: _Digests, digest: bytes, key: Key) -> None:
    if digest in found:
        raise BadKeys(f"{found[digest].name} and {key.name} have the same API key; every name needs its own.")
    found[digest] = key


def _parse_digest(name: str, entry: Any, path: Path) -> bytes:
    secret = entry.get("key") if isinstance(entry, Mapping) else None
    digest = entry.get("sha256") if isinstance(entry, Mapping) else None
    if isinstance(secret, str) and secret and digest is None:
        return hashlib.sha256(secret.encode()).digest()
    try:
        parsed = bytes.fromhex(digest) if secret is None and isinstance(digest, str) else b""
    except ValueError:
        parsed = b""
    if len(parsed) != hashlib.sha256().digest_size:
        raise BadKeys(f"{path}: [{name}] needs `key`, a text, or `sha256`, its digest in 64 hexadecimal digits.")
    return parsed


def _parse_connections(name: str, entry: Mapping[str, Any], path: Path) -> frozenset[str]:
    connections = entry.get("connections", [])
    if not isinstance(connections, list) or not all(isinstance(one, str) for one in connections):
        raise BadKeys(f"{path}: [{name}] has `connections` that are no list of names.")
    if unknown := entry.keys() - {"key", "sha256", "connections"}:
        raise BadKeys(f"{path}: [{name}] has {', '.join(sorted(unknown))}, which means nothing here.")
    return frozenset(connections)
