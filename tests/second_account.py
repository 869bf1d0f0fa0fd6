"""The sandbox's second listener, as the connection that blocks for two accounts name in their examples."""

import json

from connector.auth import Connection
from connector.sandbox import SECOND_LISTENER


def keep_second(sandbox, store, block):
    """Keeps the connections that `block` names in `store`, until the sandbox is reset."""
    token = sandbox.control.demo_args(SECOND_LISTENER)["access_token"]
    for name in block.connection_fields:
        store.save(Connection(block.example[name], "sandbox-client", access_token=token))


def sign_in_second(sandbox, monkeypatch, block):
    """Keeps the connections that `block` names in the environment, until the sandbox is reset."""
    if not block.connection_fields:
        return
    token = sandbox.control.demo_args(SECOND_LISTENER)["access_token"]
    kept = {
        block.example[name]: {"client_id": "sandbox-client", "access_token": token} for name in block.connection_fields
    }
    monkeypatch.setenv("CONNECTOR_STORE", "environment")
    monkeypatch.setenv("CONNECTOR_CONNECTION", json.dumps(kept))
