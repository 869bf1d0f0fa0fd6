"""Whose subscriptions may go on, by the API keys that are there now."""

import pytest
from subscriptions.kept import build

from connector.runners.http_server.keys import BadKeys, KeyRing
from connector.runners.subscription_owners import Owners, read_owners
from connector.subscriptions.turn import NotServed


@pytest.mark.parametrize(
    ("keys", "owner", "connection"),
    [("n8n:k:alice", "n8n", "alice"), ("n8n:k:*", "n8n", "alice"), ("n8n:k", "n8n", None), ("", "anyone", "alice")],
)
def test_who_is_there_and_may_use_the_connection_goes_on(keys, owner, connection):
    assert Owners(KeyRing(keys)).find_objection(build("one", owner=owner, connection=connection)) is None


@pytest.mark.parametrize(("keys", "owner"), [("zapier:k:*", "n8n"), ("", "n8n"), ("n8n:k:*", "anyone")])
def test_who_is_not_there_is_left_alone(keys, owner):
    with pytest.raises(NotServed):
        Owners(KeyRing(keys)).find_objection(build("one", owner=owner))


def test_who_may_not_use_the_connection_is_told():
    objection = Owners(KeyRing("n8n:k:bob")).find_objection(build("one"))
    assert objection.startswith("The API key n8n may not use its connection any more")


def test_a_process_without_keys_reads_those_of_the_runner(tmp_path):
    assert read_owners({"CONNECTOR_SERVE_KEYS": ""}) is None
    path = tmp_path / "keys.toml"
    path.write_text('[n8n]\nkey = "k"\nconnections = ["alice"]\n')
    for environ in ({"CONNECTOR_SERVE_KEYS": "n8n:k:alice"}, {"CONNECTOR_SERVE_KEYS_FILE": str(path)}):
        owners = read_owners(environ)
        assert owners.find_objection(build("one")) is None
        with pytest.raises(NotServed):
            owners.find_objection(build("one", owner="zapier"))
    with pytest.raises(BadKeys):
        read_owners({"CONNECTOR_SERVE_KEYS": "n8n"})
