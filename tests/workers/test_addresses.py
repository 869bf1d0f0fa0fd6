"""Each kind of address that `CONNECTOR_REDIS_URL` may be works for all that is kept in Redis, on real servers."""

import gc
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from cryptography.fernet import Fernet
from giving_up import give_up
from redis.exceptions import ConnectionError as ConnectionFailed
from redis_server import NotInstallable, find_program

from connector.auth import Connection
from connector.auth.stores.redis_store import RedisStore
from connector.errors import ConnectorError
from connector.limits.shared_redis import open_redis
from connector.manifest.manifest import Manifest
from connector.runners.environment import load_connector
from connector.runners.workers.celery_worker import INVOKE, build_app
from connector.sandbox import Sandbox

COMMAND = Path(sys.executable).with_name("spotify-blocks")
KEY = Fernet.generate_key().decode()
PASSWORD = "p@ss/w:rd?#%20"
LOGIN = f"worker:{quote(PASSWORD, safe='')}"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A Redis that is reached over a socket, TLS and plainly, by a user with a password alone."""
    folder = tmp_path_factory.mktemp("redis")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        port, tls_port = one.getsockname()[1], other.getsockname()[1]
    (folder / "redis.conf").write_text(
        f"""
        bind 127.0.0.1
        port {port}
        tls-port {tls_port}
        tls-cert-file {folder}/cert.pem
        tls-key-file {folder}/key.pem
        tls-ca-cert-file {folder}/ca.pem
        tls-auth-clients no
        unixsocket {folder}/redis.sock
        dir {folder}
        save ""
        user default off
        user worker on >{PASSWORD} ~* &* +@all
        """.replace("        ", "")
    )
    try:
        program = find_program()
    except NotInstallable as problem:
        give_up(problem)
    with subprocess.Popen([program, folder / "redis.conf"], stdout=subprocess.DEVNULL) as process:
        yield {"folder": folder, "port": port, "tls_port": tls_port}
        process.terminate()


ADDRESSES = {
    "plain": "redis://{login}@127.0.0.1:{port}/3",
    "TLS": "rediss://{login}@127.0.0.1:{tls_port}/4?ssl_ca_certs={folder}/ca.pem",
    "TLS by name": "rediss://{login}@localhost:{tls_port}?db=5&ssl_ca_certs={folder}/ca.pem&ssl_cert_reqs=required",
    "TLS unproven": "rediss://{login}@127.0.0.1:{tls_port}/6?ssl_cert_reqs=none",
    "socket": "unix://{login}@{folder}/redis.sock?db=7",
}


@pytest.fixture(params=ADDRESSES.values(), ids=ADDRESSES)
def url(request, server):
    url = request.param.format(login=LOGIN, **server)
    ends_at = time.monotonic() + 30
    with open_redis(url) as client:
        while True:
            try:
                client.ping()
            except ConnectionFailed:
                assert time.monotonic() < ends_at
                time.sleep(0.05)
            else:
                return url


def test_queue_results_locks_gate_pace_and_store_are_reached(url, tmp_path, monkeypatch):
    command = Manifest.load().command
    with Sandbox() as sandbox:
        demo = sandbox.demo_args
        told = {
            "CONNECTOR_REDIS_URL": url,
            "CONNECTOR_STORE": url,
            "CONNECTOR_STORE_KEY": KEY,
            "CONNECTOR_PACE": "1000/1",
            **{f"CONNECTOR_SERVER_{name.upper()}": address for name, address in sandbox.servers.items()},
        }
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        RedisStore(url, command, KEY).save(
            Connection("alice", demo["client_id"], demo["client_key"], access_token=demo["access_token"])
        )
        with load_connector() as connector, open_redis(url) as raw:
            connector.gate.close("the-app", 3_000)
            assert 2_900 < connector.gate.left("the-app") <= 3_000
            with (
                (tmp_path / "log").open("wb") as log,
                subprocess.Popen([COMMAND, "worker", "--concurrency=1"], stdout=log, stderr=log) as worker,
                build_app() as app,
            ):
                task = app.tasks[INVOKE].delay("getCurrentUserProfile", connection="alice")
                envelope = task.get(timeout=60)
                # The database of the address, and no other.
                assert raw.exists(f"celery-task-meta-{task.id}")
                del task
                gc.collect()
                worker.terminate()
            assert worker.wait(60) == 0
    assert envelope["contextWrites"]["to"]["id"] == "sandbox-listener"
    written = (tmp_path / "log").read_text()
    assert "getCurrentUserProfile for 'alice': ok, 1 request" in written
    for secret in (PASSWORD, quote(PASSWORD, safe=""), demo["access_token"]):
        assert secret not in written


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://cache.example", "redis://HOST:PORT/NUMBER"),
        ("redis://:hush-hush@127.0.0.1:6379/first", "NUMBER"),
        ("redis://:hush-hush@127.0.0.1:port/0", "can't be read"),
        ("redis://:hush-hush@127.0.0.1/0?db=first", "can't be read"),
        ("redis://:hush-hush@127.0.0.1:6379/0?colour=blue", "can't be read"),
        ("rediss://:hush-hush@127.0.0.1:6379/0?ssl_cert_reqs=perhaps", "can't be read"),
        ("redis://:hush-hush@127.0.0.1:6379/0?ssl_ca_certs=/ca.pem", "can't be read"),
        ("unix://:hush-hush@", "unix://PATH"),
        ("rediss://:hush-hush@127.0.0.1:6379/0?ssl_ca_certs=/no/ca.pem", "ssl_ca_certs names a file that isn't there"),
    ],
)
def test_what_is_no_address_is_told_of_at_once_and_never_shown(url, words):
    with pytest.raises(ConnectorError, match=words) as raised:
        open_redis(url)
    assert "hush" not in str(raised.value)


def test_a_worker_ends_by_a_message_then(tmp_path):
    told = {"CONNECTOR_REDIS_URL": "rediss://:hush-hush@cache/0?colour=blue", "CONNECTOR_STORE": f"file:{tmp_path}"}
    done = subprocess.run(
        [COMMAND, "worker"], env={**os.environ, **told}, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (2, "The address of Redis at cache:6379 can't be read.\n")
