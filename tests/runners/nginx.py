"""Debian's nginx as a plain process on loopback, with the configurations of the page in the docs."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from giving_up import give_up

PAGE = Path(__file__).parents[2] / "docs" / "reverse-proxies.md"
PATIENCE_S = 30

#: Around what the page shows: nothing is written but below the folder that nginx is given.
MAIN = """\
%s
daemon off;
pid nginx.pid;
error_log stderr warn;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    %s
}
"""


def read_blocks() -> dict[str, str]:
    """The page's nginx configurations by the comment that they begin with; the upstream by an empty name."""
    found = re.findall(r"```nginx\n(?:# ([^\n]*)\n)?(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return dict(found)


def read_options(name: str) -> dict[str, str]:
    """The options of `serve` that the page gives for a configuration, by their settings' names."""
    before = PAGE.read_text("utf-8").partition(f"```nginx\n# {name}\n")[0]
    [line] = [line for line in before.splitlines() if line.strip()][-1:]
    return {option.replace("-", "_"): value for option, value in re.findall(r"--([a-z-]+) ([^\s`]+)", line)}


def find_free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        return [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(count)]


@contextlib.contextmanager
def running(folder: Path, name: str, changes: Mapping[str, str]) -> Iterator[None]:
    """nginx with the configuration `name`, where each text in `changes` stands for what is there on this machine."""
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        give_up("nginx is missing and can't be installed here (apt-get install nginx-light)")
    blocks = read_blocks()
    parts = blocks[""] + blocks[name] if "http://blocks" in blocks[name] else blocks[name]
    (folder / "blocks-proxy.conf").write_text(blocks["blocks-proxy.conf"], "utf-8")
    for old, new in changes.items():
        assert old in parts, old
        parts = parts.replace(old, new)
    # Started by root, its workers would be another user, who can't write here.
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN % (user, parts), "utf-8")
    with subprocess.Popen([program, "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.PIPE) as process:
        try:
            wait_until_listening(process, [int(port) for port in re.findall(r"listen 127.0.0.1:(\d+)", parts)])
            yield
        finally:
            process.terminate()


def wait_until_listening(process: subprocess.Popen[bytes], ports: list[int]) -> None:
    end = time.monotonic() + PATIENCE_S
    for port in ports:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, process.communicate()[1].decode()
            assert time.monotonic() < end, f"nginx does not listen at port {port}"
            time.sleep(0.02)


@contextlib.contextmanager
def standing_before(folder: Path, name: str, runner_url: str) -> Iterator[str]:
    """Where a runner is reached through nginx with a configuration without TLS."""
    [port] = find_free_ports(1)
    changes = {
        "127.0.0.1:8800": urlsplit(runner_url).netloc,
        "listen 80": f"listen 127.0.0.1:{port}",
        "blocks.example": "127.0.0.1",
    }
    with running(folder, name, changes):
        yield read_options(name)["public_url"].replace("blocks.example", f"127.0.0.1:{port}")
