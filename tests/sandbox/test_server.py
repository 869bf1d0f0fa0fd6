"""Starting and stopping, beside a test and in the foreground."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from connector.sandbox import Sandbox, serve, server

ROOT = Path(__file__).parents[2]


def test_start_and_stop_are_quick_and_leave_nothing():
    threads = threading.active_count()
    starts_s, stops_s = [], []
    for _ in range(5):
        started = time.monotonic()
        with Sandbox() as sandbox, requests.Session() as session:
            starts_s.append(time.monotonic() - started)
            assert session.get(f"{sandbox.url}/sandbox").status_code == 200
            assert threading.active_count() == threads + 1
            leaving = time.monotonic()
        stops_s.append(time.monotonic() - leaving)
        assert threading.active_count() == threads
        with pytest.raises(requests.ConnectionError):
            requests.get(sandbox.url, timeout=1)
    # The best of several: a machine that is busy holds up one or the other.
    assert min(starts_s) < 0.3
    assert min(stops_s) < 0.3


def test_stopping_does_not_wait_for_slow_answers():
    failures = []

    def ask(url, headers):
        try:
            requests.get(url, headers=headers, timeout=60)
        except requests.ConnectionError as error:
            failures.append(error)

    with Sandbox() as sandbox:
        sandbox.control.fault("slow", seconds=20)
        headers = {"Authorization": f"Bearer {sandbox.demo_args['access_token']}"}
        asking = threading.Thread(target=ask, args=(f"{sandbox.url}/v1/me", headers))
        asking.start()
        while not sandbox.control.calls():
            time.sleep(0.01)
        leaving = time.monotonic()
    asking.join()
    assert time.monotonic() - leaving < 15
    assert len(failures) == 1


def test_the_control_can_be_read_after_the_end():
    with Sandbox() as sandbox:
        requests.get(f"{sandbox.url}/v1/me", timeout=60)
    sandbox.stop()
    assert [call["path"] for call in sandbox.control.calls()] == ["/v1/me"]
    assert sandbox.demo_args["client_id"] == "sandbox-client"


def test_addresses():
    with Sandbox() as sandbox:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", sandbox.url)
        assert sandbox.servers == {
            "api": f"{sandbox.url}/v1",
            "accounts": sandbox.url,
            "reccobeats": f"{sandbox.url}/reccobeats/v1",
        }
        assert sandbox.servers.keys() == Sandbox.stands_in_for.keys()


def test_before_the_start_there_is_no_address():
    sandbox = Sandbox()
    sandbox.stop()
    for name in ("url", "servers", "demo_args"):
        with pytest.raises(RuntimeError):
            getattr(sandbox, name)


def test_a_port_that_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            Sandbox(port=taken.getsockname()[1]).start()


def test_unknown_quota_modes():
    for make in (Sandbox, serve):
        with pytest.raises(ValueError, match="quota_mode must be one of"):
            make(quota_mode="enormous")


def test_options_hold_across_resets():
    with Sandbox(quota_mode="development", rate_limit=2) as sandbox:
        for _ in range(2):
            sandbox.control.reset()
            headers = {"Authorization": f"Bearer {sandbox.demo_args['access_token']}"}
            statuses = [
                requests.get(f"{sandbox.url}/v1{path}", headers=headers, timeout=60).status_code
                for path in ("/browse/categories", "/me", "/me")
            ]
            assert statuses == [403, 200, 429]


def test_many_threads_at_once():
    with Sandbox(quota_mode="extended") as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.demo_args['access_token']}"}

        def follow(number):
            query = {"type": "user", "ids": f"sandbox-friend-{number:03}"}
            requests.put(f"{sandbox.url}/v1/me/following", params=query, headers=headers, timeout=60)

        threads = [threading.Thread(target=follow, args=(number,)) for number in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [call["status"] for call in sandbox.control.calls()] == [204] * 40


def test_in_the_foreground_until_ctrl_c():
    program = "from connector.sandbox import serve; serve(port=0, quota_mode='development')"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        try:
            said = process.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
            assert "development mode" in said
            assert requests.get(f"{url}/sandbox", timeout=60).status_code == 200
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, rest, errors) == (0, "Sandbox ended.\n", "")


def test_in_the_foreground_within_this_process(capsys, monkeypatch):
    def interrupt(running):
        running.is_ready.wait(30)
        running.end()

    class Ending(server._Server):
        def run(self, sockets=None):
            threading.Thread(target=interrupt, args=(self,)).start()
            super().run(sockets)
            raise KeyboardInterrupt

    monkeypatch.setattr(server, "_Server", Ending)
    serve(port=0)
    assert capsys.readouterr().out.endswith("Sandbox ended.\n")
