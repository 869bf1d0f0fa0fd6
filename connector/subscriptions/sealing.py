"""Webhooks' secrets: made here, and kept sealed, so that what is stored is of no use to who reads the store.

They are sealed with Fernet and the keys in `CONNECTOR_STORE_KEY`, as connections in Redis are, else with a key in a
file of its own. The first key seals, all of them open, so that a new key is put in front and the old one leaves later.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector.auth.stores.file_lock import hold_file
from connector.auth.stores.private_folder import close_file_to_others, close_to_others, sync_folder
from connector.errors import ConnectorError, tell_extra, tell_refusal

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

#: The environment variable that holds the keys.
STORE_KEY: Final = "CONNECTOR_STORE_KEY"
#: What a secret begins with (Standard Webhooks, "Signature scheme"), and its length in bytes: as made, and as taken.
PREFIX: Final = "whsec_"
_BYTES: Final = 32
_LEAST: Final = 24
_MOST: Final = 64
_MAKE_A_KEY: Final = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
_KEY_FILE: Final = "webhooks.key"
#: The longest file that is read, in bytes, and the longest wait (s) for another process that makes it.
_FILE_LIMIT: Final = 4096
_WAIT_S: Final = 10.0


class SealBroken(ConnectorError):
    """A secret can't be unsealed; the text says why and what to do."""


def make_secret() -> str:
    """A new secret for a webhook, `whsec_…`."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def check_secret(secret: str, where: str) -> str:
    """`secret`, which was given in `where`. Raises `ConnectorError`, without a letter of it, where it is none."""
    try:
        length = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if not (secret.startswith(PREFIX) and _LEAST <= length <= _MOST):
        raise ConnectorError(
            f"{where} holds no secret of a webhook: that is {PREFIX} and {_LEAST} to {_MOST} random bytes in base64."
        )
    return secret


class Sealer:
    """Seals secrets with the first of its keys, and opens what any of them has sealed. `where` says in an error where
    the keys are."""

    def __init__(self, cipher: MultiFernet, where: str) -> None:
        self._cipher = cipher
        self.where = where

    def __repr__(self) -> str:
        return f"<Sealer with the keys in {self.where}>"

    def seal(self, secret: str, subscription: str) -> str:
        """The secret of the subscription of this id, sealed."""
        # With the id, so that nobody can put one subscription's secret into another.
        return self._cipher.encrypt(f"webhook\n{subscription}\n{secret}".encode()).decode()

    def unseal(self, sealed: str, subscription: str) -> str:
        """The secret of the subscription of this id. Raises `SealBroken` where no key fits, or it is another's."""
        from cryptography.fernet import InvalidToken

        try:
            kind, owner, secret = self._cipher.decrypt(sealed).decode().split("\n")
        except (InvalidToken, ValueError):
            raise SealBroken(
                f"The secret of the subscription {subscription} can't be opened with the keys in {self.where}: put "
                "the key that it was sealed with behind the others, or delete the subscription and make it anew."
            ) from None
        if (kind, owner) != ("webhook", subscription):
            raise SealBroken(
                f"The secret of the subscription {subscription} was sealed for something else: delete the subscription "
                "and make it anew."
            )
        return secret


def open_sealer(folder: Path | None) -> Sealer:
    """The sealer with the keys in `CONNECTOR_STORE_KEY`; where it isn't set, with the key in a file in `folder`, which
    is made for this user alone where it isn't there yet. What that file's key has sealed opens with the variable set
    too.

    Raises `ConnectorError` without a usable key: where neither is there, or can't be read.
    """
    try:
        from cryptography.fernet import Fernet, MultiFernet
    except ImportError:
        raise ConnectorError(f"Secrets are sealed by the package cryptography: {tell_extra('serve')}.") from None
    given = [key.strip() for key in os.environ.get(STORE_KEY, "").split(",") if key.strip()]
    file = folder / _KEY_FILE if folder else None
    if given:
        where = STORE_KEY
        keys = [*given, *([_read_key(file)] if file and os.path.lexists(file) else [])]
    elif file:
        where = str(file)
        keys = [_get_key(file)]
    else:
        raise ConnectorError(f"Webhooks' secrets are sealed, and there is no key: set {STORE_KEY}.")
    try:
        return Sealer(MultiFernet([Fernet(key) for key in keys]), where)
    except ValueError:
        raise ConnectorError(
            f"{where} holds something that is no key. What it sealed needs the key from before; make a new one with\n"
            f"  {_MAKE_A_KEY}"
        ) from None


def find_keys(folder: Path | None) -> str | None:
    """Where the keys are, as `open_sealer` finds them; `None` where the first secret makes one. Raises
    `ConnectorError` where they are of no use, or can't be made."""
    if folder is not None and not os.environ.get(STORE_KEY, "").strip() and not os.path.lexists(folder / _KEY_FILE):
        return None
    return open_sealer(folder).where


def _get_key(file: Path) -> str:
    """The key in `file`, which one of the processes that ask at once makes."""
    from cryptography.fernet import Fernet

    try:
        if not os.path.lexists(file):
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            close_to_others(file.parent)
            with hold_file(file.with_name(f".{file.name}.lock"), _WAIT_S):
                if not os.path.lexists(file):
                    _write_key(file, Fernet.generate_key())
    except TimeoutError:
        raise ConnectorError(f"The key {file} is being made by another process that doesn't end.") from None
    except OSError as problem:
        raise ConnectorError(f"The key {file} can't be written: {tell_refusal(problem)}, or set {STORE_KEY}.") from None
    return _read_key(file)


def _write_key(file: Path, key: bytes) -> None:
    draft = file.with_name(f".{file.name}.{secrets.token_hex(6)}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(key)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
        sync_folder(file.parent)
    finally:
        draft.unlink(missing_ok=True)


def _read_key(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            close_file_to_others(file, stream.fileno())
            return stream.read(_FILE_LIMIT).decode("ascii", "replace").strip()
    except OSError as problem:
        raise ConnectorError(f"The key {file} can't be read: {tell_refusal(problem)}, or set {STORE_KEY}.") from None
