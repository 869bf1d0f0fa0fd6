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
