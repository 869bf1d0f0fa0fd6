"""Connections: who signed in with which app, where that is kept, and tokens that are alive when a block needs one."""

from connector.auth.connection import Connection, check_name
from connector.auth.keeper import Keeper
from connector.auth.sign_in import SignIn
from connector.auth.sign_in_attempt import SignInAttempt, SignInFailed
from connector.auth.stores.choosing import find_default, open_store
from connector.auth.stores.store import Store, StoreFailed

__all__ = [
    "Connection",
    "Keeper",
    "SignIn",
    "SignInAttempt",
    "SignInFailed",
    "Store",
    "StoreFailed",
    "check_name",
    "find_default",
    "open_store",
]
