"""Webhooks' secrets as they are kept: of no use to who reads the store, and not lost when a key is changed."""

import base64
import multiprocessing
import os
import stat

import pytest
from cryptography.fernet import Fernet

from connector.auth.stores.file_store import FileStore
from connector.errors import ConnectorError
from connector.subscriptions.deliveries import plan_retry
from connector.subscriptions.receivers import Receivers
from connector.subscriptions.sealing import STORE_KEY, SealBroken, check_secret, make_secret, open_sealer
from connector.subscriptions.subscription import Subscription
from connector.wire.deadline import Cancel


def make_key():
    return Fernet.generate_key().decode()


@pytest.fixture
def keys(monkeypatch):
    return lambda *given: monkeypatch.setenv(STORE_KEY, ",".join(given))


def test_a_secret_is_what_the_standard_says():
    made = {make_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64 for secret in made)
    assert all(check_secret(secret, "here") == secret for secret in made)


@pytest.mark.each(
    "secret",
    ["", "whsec_", make_secret()[6:], "whsec_" + "MTIz" * 4, "whsec_" + "MTIz" * 30, "whsec_*" + "MTIz" * 9, "whsec_ø"],
)
def test_what_is_no_secret_is_refused_without_a_letter_of_it(secret):
    with pytest.raises(ConnectorError, match=r"^CONNECTOR_X holds no secret of a webhook") as caught:
        check_secret(secret, "CONNECTOR_X")
    assert len(secret) < 7 or secret not in str(caught.value)


def test_a_sealed_secret_is_opened_by_its_own_key_for_its_own_subscription(tmp_path, keys):
    secret = make_secret()
    sealer = open_sealer(tmp_path)
    sealed = sealer.seal(secret, "s1")
    assert secret not in sealed
    assert sealer.unseal(sealed, "s1") == open_sealer(tmp_path).unseal(sealed, "s1") == secret
    with pytest.raises(SealBroken, match="was sealed for something else"):
        sealer.unseal(sealed, "s2")
    for damaged in (sealed[:-4] + "AAA=", sealed[:10], "", "ø"):
        with pytest.raises(SealBroken, match="can't be opened with the keys in"):
            sealer.unseal(damaged, "s1")
    assert "key" in repr(sealer)


def test_what_was_sealed_as_something_else_is_no_secret(keys):
    """One set of keys seals connections too: who can write to the store can put one thing into another's place."""
    key = make_key()
    keys(key)
    with pytest.raises(SealBroken):
        open_sealer(None).unseal(Fernet(key).encrypt(b"alice\n{}").decode(), "alice")


def test_a_key_is_changed_without_a_loss(tmp_path, keys):
    secret, old, new = make_secret(), make_key(), make_key()
    by_file = open_sealer(tmp_path).seal(secret, "s1")
    keys(old)
    by_old = open_sealer(tmp_path).seal(secret, "s1")
    # What the file's key has sealed opens with the variable set too.
    assert open_sealer(tmp_path).unseal(by_file, "s1") == secret
    keys(new, old)
    assert open_sealer(tmp_path).unseal(by_old, "s1") == secret
    by_new = open_sealer(tmp_path).seal(secret, "s1")
    keys(new)
    assert open_sealer(tmp_path).unseal(by_new, "s1") == secret
    with pytest.raises(SealBroken, match=rf"with the keys in {STORE_KEY}: put the key that it was sealed with behind"):
        open_sealer(tmp_path).unseal(by_old, "s1")


def test_a_lost_key_is_told_in_plain_words(tmp_path):
    sealed = open_sealer(tmp_path).seal(make_secret(), "s1")
    (tmp_path / "webhooks.key").unlink()
    with pytest.raises(SealBroken, match=r"subscription s1 can't be opened with the keys in .*: put the key") as caught:
        open_sealer(tmp_path).unseal(sealed, "s1")
    assert "make it anew" in str(caught.value)


def test_a_server_that_was_begun_with_other_keys_loses_nothing(tmp_path, keys, caplog):
    """Where a subscription came to rest for it, putting the keys right would not be enough."""
    receivers = Receivers("harbour", tmp_path, 8)
    subscription = Subscription(
        "s1", "key", "shipArrived", {}, None, "https://a.example/", None, 0.0, "sealed elsewhere"
    )
    keys("no key at all")
    found = receivers.deliver(subscription, {}, Cancel())
    assert not found.ok
    assert "CONNECTOR_STORE_KEY holds something that is no key" in caplog.text
    keys(make_key())
    found = receivers.deliver(subscription, {}, Cancel())
    assert "subscription s1 can't be opened with the keys in CONNECTOR_STORE_KEY" in found.why
    assert plan_retry(found, 1, 0.0, 1.0) is not None
    receivers.close()


def test_without_a_place_for_a_key_one_must_be_given(keys):
    with pytest.raises(ConnectorError, match=f"there is no key: set {STORE_KEY}"):
        open_sealer(None)


@pytest.mark.each("content", ["", "not a key", "ø" * 50, "x" * 10_000])
def test_what_is_no_key_is_told(tmp_path, keys, content):
    (tmp_path / "webhooks.key").write_text(content, "utf-8")
    with pytest.raises(ConnectorError, match=r"webhooks\.key holds something that is no key"):
        open_sealer(tmp_path)
    (tmp_path / "webhooks.key").unlink()


def test_a_key_that_is_no_file_or_can_not_be_written_is_told(tmp_path):
    (tmp_path / "webhooks.key").mkdir()
    with pytest.raises(ConnectorError, match=r"The key .*webhooks\.key can't be read: Is a directory.*or set"):
        open_sealer(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(ConnectorError, match="can't be written: File exists"):
        open_sealer(tmp_path / "file")


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no modes")
def test_the_key_is_this_users_alone(tmp_path):
    folder = tmp_path / "made" / "here"
    sealed = open_sealer(folder).seal(make_secret(), "s1")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    key = folder / "webhooks.key"
    key.chmod(0o644)
    assert open_sealer(folder).unseal(sealed, "s1")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="other systems keep no modes")
def test_the_folder_is_still_one_of_connections_alone(tmp_path):
    """Who finds it open closes it, which is done only where nothing of another's lies in it."""
    open_sealer(tmp_path)
    tmp_path.chmod(0o755)
    assert FileStore(tmp_path).names() == []
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def _seal(folder, is_ready, sealed):
    is_ready.wait(60)
    sealed.put(open_sealer(folder).seal("whsec_any", "s1"))


def test_processes_that_begin_at_once_share_one_key(tmp_path):
    context = multiprocessing.get_context("spawn")
    is_ready, sealed = context.Event(), context.Queue()
    processes = [context.Process(target=_seal, args=(tmp_path, is_ready, sealed)) for _ in range(4)]
    for process in processes:
        process.start()
    is_ready.set()
    found = [sealed.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    sealer = open_sealer(tmp_path)
    assert [sealer.unseal(each, "s1") for each in found] == ["whsec_any"] * 4
