"""Many threads in many processes share one connection: each time its token ends, one refresh and no failed call.

The processes are real, and so is the lock between them. The sandbox's clock is put forward while they call.
"""

import json
import multiprocessing
import threading
import time
from collections import Counter

import pytest
import requests

from connector import Connector
from connector.auth import Keeper, SignIn
from connector.auth.stores.file_store import FileStore
from connector.errors import InvocationFailed
from connector.manifest.manifest import Manifest
from connector.wire.deadline import Deadline
from connector.wire.transport import Transport

HOUR_S = 3600
PROCESSES = 4
THREADS = 50
ROUNDS = 2
PROOFS = pytest.mark.parametrize("secret", ["sandbox-secret-not-real", None], ids=["secret", "PKCE"])


class SandboxTime:
    """The sandbox's clock, as a process beside it reads it: the wall's, and how far it was put forward."""

    def __init__(self, ahead):
        self.ahead = ahead

    def __call__(self):
        return time.time() + self.ahead.value


def run_keepers(folder, servers, ahead, barrier, results):
    """One process: all its threads share one keeper and ask at the same moment, once a round."""
    sign_in = SignIn.from_manifest(Manifest.load())
    transport = Transport(servers, "tests", THREADS)
    keeper = Keeper(FileStore(folder), sign_in, transport.send, now=SandboxTime(ahead))
    said = []

    def ask():
        for _ in range(ROUNDS):
            barrier.wait(60)
            try:
                token = keeper.get("alice", Deadline(60)).access_token
                answer = requests.get(f"{servers['api']}/me", headers={"Authorization": f"Bearer {token}"}, timeout=60)
                said.append(answer.status_code)
            except InvocationFailed as failure:
                said.append(str(failure))
            barrier.wait(60)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    transport.close()
    results.put(json.dumps(said))


def run_connectors(folder, servers, ahead, barrier, results):
    """One process: all its threads share one `Connector`, whose clock is not the sandbox's: only a 401 tells it that a
    token has ended."""
    del ahead
    said = []
    with Connector.load(servers=servers, connection="alice", store=f"file:{folder}") as connector:

        def ask():
            for _ in range(ROUNDS):
                barrier.wait(60)
                result = connector.invoke("getCurrentUserProfile")
                said.append(200 if result.ok else result.error.message)
                barrier.wait(60)

        threads = [threading.Thread(target=ask) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    results.put(json.dumps(said))


@PROOFS
@pytest.mark.parametrize("work", [run_keepers, run_connectors], ids=["before its end", "after a 401"])
def test_one_refresh_each_time_and_no_failed_call(user, store, sandbox, control, count_token_calls, secret, work):
    store.save(user.sign_in(secret=secret))
    signed_in = count_token_calls()
    # Not forked: threads and locks of this process must not come along.
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES * THREADS + 1)
    ahead, results = context.Value("d", 0.0), context.Queue()
    work_args = (store.folder, sandbox.servers, ahead, barrier, results)
    processes = [context.Process(target=work, args=work_args) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    try:
        for _ in range(ROUNDS):
            control.clock(HOUR_S + 10)
            ahead.value += HOUR_S + 10
            barrier.wait(60)
            barrier.wait(60)
        said = [entry for _ in processes for entry in json.loads(results.get(timeout=60))]
    finally:
        for process in processes:
            process.join(60)
            process.kill()
            process.join()
    assert Counter(said) == {200: PROCESSES * THREADS * ROUNDS}
    assert count_token_calls() - signed_in == ROUNDS
