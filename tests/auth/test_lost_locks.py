"""Two processes refresh one connection, because the first has lost its lock: what is newer stays."""

from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from connector.auth import Connection, Keeper
from connector.auth.stores.file_store import FileStore
from connector.auth.stores.redis_store import RedisStore
from connector.errors import InvocationFailed
from connector.wire.deadline import Deadline
from connector.wire.transport import Response

OLD = Connection("alice", "an-app", access_token="a1", refresh_token="r1", expires_at=50.0)
#: What the service gives to the one who has lost its lock.
FRESH = b'{"access_token": "a2", "refresh_token": "r2", "expires_in": 3600}'
SAME = b'{"access_token": "a2", "expires_in": 3600}'
REFUSED = b'{"error": "invalid_grant"}'


@pytest.fixture(params=["file", "redis"])
def shared(request, tmp_path):
    if request.param == "file":
        return FileStore(tmp_path / "connections")
    return RedisStore(request.getfixturevalue("redis_server").url, "harbour", Fernet.generate_key().decode())


@pytest.fixture
def refresh(shared, sign_in):
    """What a keeper makes of the old connection, while another process puts `theirs` (`None`: nothing) into the store
    between its question to the service and the answer."""

    def run(theirs, answer=FRESH):
        shared.save(OLD)

        def send(_request, _deadline):
            shared.delete("alice") if theirs is None else shared.save(theirs)
            return Response(400 if answer is REFUSED else 200, {}, answer)

        return Keeper(shared, sign_in, send, now=lambda: 100.0).get("alice", Deadline(30))

    return run


THEIRS = replace(OLD, access_token="a3", refresh_token="r3", expires_at=4000.0)


def test_without_another_the_new_token_is_stored(refresh, shared):
    fresh = refresh(OLD)
    assert (fresh.access_token, fresh.refresh_token) == ("a2", "r2")
    assert shared.load("alice") == fresh


@pytest.mark.parametrize("answer", [FRESH, SAME, REFUSED], ids=["new", "same", "refused"])
def test_a_newer_token_of_another_process_is_used_and_not_overwritten(refresh, shared, answer):
    assert refresh(THEIRS, answer) == THEIRS
    assert shared.load("alice") == THEIRS


def test_a_refusal_of_what_was_replaced_here_is_overwritten(refresh, shared):
    aside = replace(OLD, refresh_token=None, refused_token="r1", refused_at=100.0)
    fresh = refresh(aside)
    assert (fresh.refresh_token, fresh.refused_token) == ("r2", None)
    assert shared.load("alice") == fresh


def test_of_two_that_live_the_one_that_lives_longer_stays(refresh, shared):
    longer = replace(OLD, access_token="a3", expires_at=9000.0)
    assert refresh(longer, SAME) == longer
    shorter = replace(OLD, access_token="a3", expires_at=200.0)
    assert refresh(shorter, SAME).access_token == "a2"
    assert shared.load("alice").access_token == "a2"


def test_who_has_signed_out_meanwhile_stays_so(refresh, shared):
    with pytest.raises(InvocationFailed) as caught:
        refresh(None)
    assert caught.value.error.kind == "reauthorize"
    assert shared.names() == []


def test_redis_replaces_in_one_step(redis_server, raw, monkeypatch):
    store = RedisStore(redis_server.url, "harbour", Fernet.generate_key().decode())
    store.save(OLD)
    decrypt = RedisStore._decrypt

    def decrypt_and_be_overtaken(self, name, token):
        found = decrypt(self, name, token)
        self.save(THEIRS)
        return found

    monkeypatch.setattr(RedisStore, "_decrypt", decrypt_and_be_overtaken)
    assert store.replace(OLD, replace(OLD, access_token="a2")) is False
    monkeypatch.undo()
    assert store.load("alice") == THEIRS
    assert store.replace(THEIRS, OLD) is True
    assert store.load("alice") == OLD
