"""The watch over the suite's secrets finds one wherever it is said; without this, silence would prove nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

CONFTEST = """
import importlib.util, logging, sys
from pathlib import Path

def pytest_configure(config):
    spec = importlib.util.spec_from_file_location("leaks", {leaks!r})
    sys.modules["leaks"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.CASSETTES = Path(__file__).parent / "cassettes"
    config.pluginmanager.register(module.LeakPlugin(), "leaks")

def pytest_sessionfinish():
    logging.getLogger("late").info(getattr(sys, "late_words", "nothing"))
"""

#: The sandbox's secrets are put together, so that the tests of this file, which show their source, say none.
MINTED = "'-'.join(['sandbox', 'refresh', '000001'])"
CONNECTION = "Connection('alice', 'an-id', 'hush-client', None, 'hush-access', 'hush-refresh')"

#: Allowed where the test is marked.
MARKED = f"print('a token:', {MINTED})\n    capsys.readouterr()"

#: Told apart by the test that leaks.
LEAKS = {
    "a log record": f"logging.getLogger('any').debug('it is %s', {MINTED})",
    "a log record with a traceback": (
        f"try:\n        raise OSError({MINTED})\n    except OSError:\n        logging.getLogger().exception('oh')"
    ),
    "printed": f"print({MINTED})",
    "printed on standard error": f"print({MINTED}, file=sys.stderr)",
    "read by the test": f"print({MINTED})\n    capsys.readouterr()",
    "a process": f"subprocess.run([sys.executable, '-c', 'print(1, ' + repr({MINTED}) + ')'], capture_output=True)",
    "a command": (f"app = typer.Typer()\n    app.command()(lambda: typer.echo({MINTED}))\n    CliRunner().invoke(app)"),
    "a caught exception": f"with pytest.raises(ValueError):\n        raise ValueError({MINTED})",
    "a caught exception's cause": (
        f"with pytest.raises(ValueError):\n        try:\n            raise KeyError({MINTED})\n"
        "        except KeyError as problem:\n            raise ValueError('no') from problem"
    ),
    "an error that nobody sees": f"ErrorDetail('network', {MINTED})",
    "an error's body": f"ErrorDetail('bad_request', 'no', body={{'said': [{MINTED}]}})",
    "an exception of the engine": f"ConnectorError({MINTED})",
    "a repr": f"Request('GET', 'api', '/' + {MINTED})",
    "an output that is no token on purpose": MARKED,
    "a connection's client secret": f"{CONNECTION}\n    print('hush-client')",
    "a connection's access token": f"{CONNECTION}\n    print('hush-access')",
    "a connection's refresh token": f"{CONNECTION}\n    logging.getLogger().info('hush-refresh')",
    "a connection's Basic credentials": f"{CONNECTION}\n    print(b64encode(b'an-id:hush-client').decode())",
}
#: What comes to light when the tests are over.
LATE = {
    "a log record of late": f"sys.late_words = {MINTED}",
    "a warning": f"warnings.warn({MINTED}, stacklevel=1)",
    "the file a.yaml": (
        f"folder = Path(__file__).parent / 'cassettes'\n    folder.mkdir()\n"
        f"    (folder / 'a.yaml').write_text({MINTED})"
    ),
}
FINE = {
    "a name": f"print({CONNECTION}, [{CONNECTION}])",
    "an address that a browser is sent to": (
        f"logging.getLogger('urllib3.connectionpool').debug('GET /callback?code=%s', {MINTED})"
    ),
}
IMPORTS = """
import logging, subprocess, sys, warnings
from base64 import b64encode
from pathlib import Path
import pytest, typer
from typer.testing import CliRunner
from connector.auth import Connection
from connector.wire.request import Request
from connector.errors import ConnectorError, ErrorDetail
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs tests with these bodies in a suite of their own; gives pytest's exit status and words."""

    def run_suite(*bodies, marked=(), options=()):
        folder = tmp_path_factory.mktemp("suite")
        marks = ["", "@pytest.mark.shows_tokens('why')\n"]
        tests = [(marks[0], body) for body in bodies] + [(marks[1], body) for body in marked]
        written = [f"{mark}def test_{number}(capsys):\n    {body}\n" for number, (mark, body) in enumerate(tests)]
        (folder / "conftest.py").write_text(CONFTEST.format(leaks=str(HERE / "leaks.py")), "utf-8")
        (folder / "test_it.py").write_text("\n\n".join([IMPORTS, *written]), "utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", *options, str(folder)]
        # Not `communicate`: this suite's own watch must not hear what the other one found.
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, env=environment
        ) as process:
            assert process.stdout is not None
            said = process.stdout.read()
        return process.returncode, said

    return run_suite


def test_each_test_that_leaks_fails(run):
    status, said = run(*LEAKS.values())
    unseen = [
        name
        for number, name in enumerate(LEAKS)
        if f"ERROR test_it.py::test_{number} - Failed: a secret leaked" not in said
    ]
    # Not the words themselves: they hold what the other suite found.
    assert (status, unseen) == (1, [])


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["one process", "several"])
def test_a_suite_that_leaks_fails(run, options):
    status, said = run(*LATE.values(), options=options)
    unseen = [name for name in LATE if f"{name}: " not in said]
    assert (status, unseen, "a secret leaked:\n" in said) == (1, [], True)


def test_what_is_no_leak_passes_and_an_output_that_is_a_token_where_it_is_marked(run):
    status, _ = run(*FINE.values(), marked=[MARKED])
    assert status == 0
