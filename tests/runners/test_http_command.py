"""`serve` as a process of its own, as a service manager or a container starts it."""

import contextlib
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

from runners.conftest import Client
from runners.nginx import find_free_ports

COMMAND = Path(sys.executable).with_name("spotify-blocks")


@contextlib.contextmanager
def serving(command, environment):
    """A client of the server that `command` starts with nothing else in its environment."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if found := re.search(r"blocks at (\S+)/docs", line):
                    break
            else:
                raise AssertionError("".join(said))
            with Client(found[1]) as client:
                yield client
        finally:
            process.terminate()
            process.stderr.read()


def sign_in(browser, url):
    """The page at which a sign-in at `url` ends."""
    asked = browser.get(url)
    assert "would like to" in asked.text, asked.text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))
    return browser.post(urljoin(asked.url, "/authorize"), data={**hidden, "decision": "agree"})


def test_the_sandbox_leads_back_to_the_public_address(tmp_path):
    [port] = find_free_ports(1)
    public = f"http://127.0.0.1:{port}/base"
    words = ["serve", "--sandbox", "--port", str(port), "--public-url", f"{public}/"]
    with serving([COMMAND, *words], {"HOME": str(tmp_path)}) as client:
        ended = sign_in(client, f"{public}/connect/demo")
        assert (ended.status_code, ended.url.split("?")[0]) == (200, f"{public}/callback")


def test_no_call_waits_while_what_the_server_began_with_is_looked_through_for_garbage(tmp_path):
    """Only a process's own program may ask for that, so no library's caller finds it done."""
    code = """
import gc, sys, threading
from connector.cli import main
from connector.runners.http_server.serving import HttpServer
real = HttpServer.run
def run(self, on_ready):
    print(gc.get_freeze_count())
    def begin():
        on_ready()
        print(gc.get_freeze_count())
        self.stop()
    real(self, begin)
HttpServer.run = run
sys.argv = ["blocks", "serve", "--port", "0"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], env={"HOME": str(tmp_path)}, capture_output=True, text=True)
    before, after = map(int, done.stdout.split())
    assert (done.returncode, before) == (0, 0)
    assert after > 10_000
