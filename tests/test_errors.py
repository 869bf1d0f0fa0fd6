"""Errors come whole through a copy, a pickle and a pool of processes."""

import copy
import errno
import pickle
import sys
from dataclasses import fields
from subprocess import run

import pytest

import connector.auth.loopback
import connector.cli
import connector.export.folder
import connector.runners.http_server.settings  # noqa: F401 - all errors are defined once these are loaded
from connector import ConnectorError, ErrorDetail, FieldProblem, InvocationFailed, ManifestError, UnknownBlock
from connector.auth import SignInFailed, StoreFailed
from connector.errors import tell_refusal, tell_wait

DETAIL = ErrorDetail(
    "rate_limited",
    "Too many.",
    fields=(FieldProblem("id", "is required"),),
    status=429,
    retry_after=7.5,
    body={"error": {"reason": "X"}},
    done=("a",),
    reason="x",
    partial=[1],
)
ERRORS = [
    ConnectorError("It failed."),
    ManifestError("No manifest."),
    UnknownBlock("nope", ["note", "nose"]),
    InvocationFailed(DETAIL, is_unsent=True, is_lasting=True),
    StoreFailed("No store."),
    SignInFailed("cancelled", "It was cancelled."),
]
WAYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{f"pickle {p}": lambda error, p=p: pickle.loads(pickle.dumps(error, p)) for p in range(6)},  # noqa: S301 - ours
}


def find_subclasses(kind):
    return {kind}.union(*(find_subclasses(each) for each in kind.__subclasses__()))


@pytest.mark.each("way", WAYS)
@pytest.mark.each("error", ERRORS)
def test_an_error_comes_back_whole(error, way):
    back = WAYS[way](error)
    assert (type(back), str(back), back.args, vars(back)) == (type(error), str(error), error.args, vars(error))


def test_every_error_of_ours_comes_back_whole():
    for kind in find_subclasses(ConnectorError):
        error = kind.__new__(kind, "It failed.")
        error.note = "a fact"
        back = pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
        assert (type(back), str(back), back.note) == (kind, "It failed.", "a fact")


def test_what_an_error_tells_is_whole_too():
    back = pickle.loads(pickle.dumps(DETAIL))  # noqa: S301 - ours
    assert [getattr(back, field.name) for field in fields(back)] == [getattr(DETAIL, f.name) for f in fields(DETAIL)]


IN_PROCESSES = """
from concurrent.futures import ProcessPoolExecutor
from connector import Connector

def work(what):
    spotify = Connector.load()
    if what == "unknown":
        return spotify.invoke("getNothing")
    return list(spotify.stream(what, {}))

if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        for what in ("unknown", "getCategory"):
            error = pool.submit(work, what).exception(timeout=60)
            print(type(error).__name__, str(error).split()[0], sep=" ")
"""


def test_a_pool_of_processes_hands_errors_back(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(IN_PROCESSES, "utf-8")
    done = run([sys.executable, script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["UnknownBlock There", "InvocationFailed getCategory:"],
    ), done.stderr


@pytest.mark.each(
    ("problem", "told"),
    [
        (OSError(errno.EROFS, "Read-only file system"), "Read-only file system; name another place"),
        (PermissionError(errno.EACCES, "No"), "No; see who may use it, or name another place"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError(), "the system refuses it"),
    ],
)
def test_what_the_system_refuses_is_told_with_what_to_do(problem, told):
    assert tell_refusal(problem) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, "1 s"),
        (90, "90 s"),
        (121, "3 min"),
        (5400, "1 h 30 min"),
        (7200, "2 h"),
        (9000, "2 h 30 min"),
        (86_400, "24 h"),
        (200_000, "3 days"),
    ],
)
def test_a_wait_is_told_as_a_person_says_it(seconds, told):
    assert tell_wait(seconds) == told
