"""A container's surroundings: no home, a user that the system doesn't know, nothing that can be written."""

import os
import subprocess
import sys

import pytest

from tests.patience import PATIENCE_S

HOMELESS = "import os, pwd; pwd.getpwuid = lambda uid: (_ for _ in ()).throw(KeyError(uid)); "
MAIN = "import sys; sys.argv[0] = 'spotify-blocks'; from connector.cli import main; main()"


@pytest.fixture
def homeless():
    """Runs the command as a user that the system doesn't know, without HOME."""

    def run(*words, **environment):
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "LANG")}
        return subprocess.run(
            [sys.executable, "-c", HOMELESS + MAIN, *words],
            env={**kept, **environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    return run


@pytest.mark.parametrize(
    "words",
    [
        ["blocks"],
        ["describe", "getCategory"],
        ["check"],
        ["run", "getCurrentUserProfile", "--sandbox"],
        ["connections"],
    ],
    ids=" ".join,
)
def test_a_command_works_without_a_home(homeless, words):
    done = homeless(*words)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_a_token_from_the_environment_is_enough_without_a_home(homeless):
    done = homeless(
        "run", "getCurrentUserProfile", CONNECTOR_ACCESS_TOKEN="t", CONNECTOR_SERVER_API="http://127.0.0.1:9"
    )
    assert (done.returncode, "127.0.0.1:9" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["login", "--client-id", "x", "--pkce"], "set CONNECTOR_STORE=file:PATH"),
        (["logout", "x"], "the environment (CONNECTOR_CONNECTION)"),
        (["run", "getCurrentUserProfile", "--connection", "x"], "the environment (CONNECTOR_CONNECTION)"),
        (["run", "getCurrentUserProfile"], "Set CONNECTOR_ACCESS_TOKEN"),
    ],
)
def test_what_needs_a_home_says_what_to_set(homeless, words, advice):
    done = homeless(*words)
    assert (done.returncode > 0, "Traceback" in done.stderr) == (True, False)
    assert advice in done.stderr


@pytest.mark.parametrize("spec", ["file", "file:~/connections"])
def test_a_store_below_a_home_that_is_not_there_is_refused_in_words(homeless, spec):
    done = homeless("connections", CONNECTOR_STORE=spec)
    assert (done.returncode, "no home folder" in done.stderr) == (2, True)


def test_a_connector_is_loaded_without_a_home(homeless):
    code = HOMELESS + "from connector import Connector; print(Connector.load().invoke('getCategory', {}).error.kind)"
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=kept, capture_output=True, text=True, timeout=PATIENCE_S, check=True
    )
    assert done.stdout == "missing_fields\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    "words", ["blocks", "run saveTrack --args -", "run getCurrentUserProfile --sandbox", "no-such"]
)
def test_a_stream_may_be_closed(tmp_path, closed, words):
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" -c "$1" {words} {closed}', sys.executable, MAIN],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == (0 if words == "blocks" or "--sandbox" in words else 2)


def test_no_columns_are_as_good_as_none_told(homeless):
    assert "getCategory" in homeless("blocks", COLUMNS="0").stdout


def test_nothing_is_written_by_looking_things_up(tmp_path, homeless):
    homeless("blocks", HOME=str(tmp_path))
    homeless("run", "getCurrentUserProfile", "--sandbox", HOME=str(tmp_path))
    assert list(tmp_path.rglob("*")) == []
