"""As a container runs it: another user without a home, files that can't be written, proxies in the environment."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import pytest
from patience import wait_until
from runners.nginx import find_free_ports
from runners.test_http_command import COMMAND, serving, sign_in

from connector.cli import main, worker
from connector.runners.workers.celery_worker import INVOKE, build_app

NOWHERE = "http://127.0.0.1:9"
PROXIES = {name: NOWHERE for upper in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (upper, upper.lower())}
#: A mount namespace of its own, in which nothing can be written; then another user. He may read all, since the
#: interpreter may stand in a home that he can't enter.
CONTAINER = (
    "unshare",
    "--mount",
    "--propagation=private",
    "sh",
    "-ec",
    """\
for place in $(awk '{ print $5 }' /proc/self/mountinfo | grep -Ev '^/(proc|sys|dev)(/|$)' | sort -u); do
    mount -o remount,bind,ro "$place" || true
done
exec setpriv --reuid=4711 --regid=4711 --clear-groups \\
    --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search "$@"
""",
    "sh",
)


@pytest.fixture(scope="module")
def container():
    """The words before a command that is run as in a container."""
    if os.getuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv", "mount"))):
        pytest.skip("a mount namespace needs root and util-linux")
    probe = [*CONTAINER, "sh", "-c", "test ! -w /tmp && test ! -w . && id -u"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    if done.stdout != "4711\n":
        pytest.skip(f"no mount namespace can be made here: {done.stderr.strip()}")
    return CONTAINER


@pytest.fixture
def run(container):
    def run_words(*words, **variables):
        return subprocess.run(
            [*container, COMMAND, *words],
            env={"PATH": os.environ["PATH"], **PROXIES, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run_words


def test_a_block_runs_against_the_sandbox(run):
    done = run("run", "getCurrentUserProfile", "--sandbox")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["type"] == "user"


@pytest.mark.parametrize(
    "words", [("--version",), ("blocks",), ("check",), ("describe", "getCategory"), ("connections",)], ids=" ".join
)
def test_what_only_reads_works(run, words):
    done = run(*words)
    assert done.returncode == 0, done.stderr
    assert done.stdout or done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("login", "--name", "alice"), "set CONNECTOR_STORE=file:PATH"),
        (("export", "n8n", "--out", "/var/palette"), "/var/palette can't be written: Read-only file system; name"),
        (("record", "getCategory", "--folder", "/var"), "/getCategory can't be written: Read-only file system; name"),
    ],
    ids=lambda value: value[0],
)
def test_what_has_to_be_kept_says_what_to_do(run, words, told):
    done = run(*words, CONNECTOR_CLIENT_ID="an-app")
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_sign_in_that_could_not_be_kept_does_not_begin(container, tmp_path):
    words = ["serve", "--port", "0"]
    variables = {"CONNECTOR_STORE": f"file:{tmp_path}", "CONNECTOR_CLIENT_ID": "an-app"}
    with serving([*container, COMMAND, *words], {"PATH": os.environ["PATH"], **PROXIES, **variables}) as client:
        answer = client.get("/connect/alice", allow_redirects=False)
    assert answer.status_code == 503
    assert "the folder is read-only" in answer.text


def test_a_connection_comes_from_the_environment(run, server):
    server.queue.append((200, {}, {"id": "x"}))
    done = run("run", "getCurrentUserProfile", "--server", f"api={server.url}", CONNECTOR_ACCESS_TOKEN="from-outside")
    assert done.returncode == 0, done.stderr
    assert server.requests[0].headers["Authorization"] == "Bearer from-outside"


def test_a_worker_takes_a_task_and_ends(container, redis_server, server):
    server.queue.append((200, {}, {"id": "x"}))
    variables = {
        "CONNECTOR_REDIS_URL": redis_server.url,
        "CONNECTOR_SERVER_API": server.url,
        "CONNECTOR_ACCESS_TOKEN": "from-outside",
    }
    words = [*container, COMMAND, "worker", "--concurrency=1", "--log-level=error"]
    with (
        build_app(redis_url=redis_server.url) as app,
        subprocess.Popen(words, env={"PATH": os.environ["PATH"], **PROXIES, **variables}) as worker,
    ):
        try:
            task = app.tasks[INVOKE].delay("getCurrentUserProfile")
            wait_until(lambda: worker.poll() is not None or task.status == "SUCCESS")
            assert task.result["callback"] == "success"
        finally:
            worker.terminate()
        assert worker.wait(60) == 0


def test_a_pool_that_can_t_write_anywhere_says_what_to_do(monkeypatch, capsys, redis_server):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nowhere"])
    monkeypatch.setattr(worker, "_FILES_IN_MEMORY", "/nowhere")
    monkeypatch.setenv("CONNECTOR_REDIS_URL", redis_server.url)
    monkeypatch.setattr(sys, "argv", ["blocks", "worker"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "name one by TMPDIR" in capsys.readouterr().err


def test_the_http_runner_serves_and_a_user_signs_in(container):
    [port] = find_free_ports(1)
    public = f"http://127.0.0.1:{port}/base"
    words = ["serve", "--sandbox", "--port", str(port), "--public-url", public]
    with serving([*container, COMMAND, *words], {"PATH": os.environ["PATH"], **PROXIES}) as client:
        assert client.run("getCurrentUserProfile").json()["type"] == "user"
        ended = sign_in(client, f"{public}/connect/demo")
        assert (ended.status_code, ended.url.split("?")[0]) == (200, f"{public}/callback")
        assert client.run("getCurrentUserProfile", {"connection": "demo"}).json()["type"] == "user"
        assert client.get("/export/n8n.tgz").status_code == 200
