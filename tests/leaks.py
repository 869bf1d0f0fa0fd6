"""Watches the whole suite for secrets: whatever a test makes this project say must not hold one.

Watched are log records, warnings, what is printed (by tests, commands and processes), every error as it is made, every
exception that a test catches or dies of, the repr of connections, requests and results, and the cassettes. Searched
for are all tokens and codes that a sandbox mints, its client secret, and the secrets of every connection, sign-in and
call that a test makes. The test that leaks fails in its teardown; what comes to light later fails the session.

Not watched: the output of blocks whose output is a token, and the sandbox's own pages and control endpoints, which
tell its secrets on purpose.
"""

import base64
import functools
import logging
import re
import subprocess
import traceback
import warnings
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

#: What a sandbox mints (`Grants._next`), in every process of the suite, and the secret of its app.
MINTED = re.compile(r"sandbox-(?:code|access|refresh)-\d{6}|sandbox-secret-not-real")
#: Shorter words are names and placeholders, which stand in other texts too.
SHORTEST = 8
#: What forms and documents show as an example of a secret.
EXAMPLES = frozenset({"a-secret-kept-elsewhere", "an-access-token", "a-refresh-token"})
#: What cassettes hold in a secret's place.
STAND_IN = "fake-"
CASSETTES = Path(__file__).resolve().parents[1] / "cassettes"
#: Clients of other projects, which the sandbox is tried with: what they log is theirs.
_OTHERS = ("spotipy", "tekore", "httpx", "httpcore")
#: Where the test is the browser that carries a code: its own requests tell of it, and nothing else has to.
_BROWSER = re.compile(r"/callback\?\S*")


class Watch:
    """What is known to be secret, and where it was found."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.findings: list[str] = []
        self.is_paused = False

    def learn(self, *secrets: str | None) -> None:
        """These are secrets from now on."""
        texts = (secret for secret in secrets if isinstance(secret, str) and len(secret) >= SHORTEST)
        self.secrets.update(text for text in texts if text not in EXAMPLES and not text.startswith(STAND_IN))

    def look(self, place: str, text: str) -> None:
        """Notes `place` where `text` holds a secret."""
        if self.is_paused or not text:
            return
        found = MINTED.search(text)
        secret = found[0] if found else next((known for known in list(self.secrets) if known in text), None)
        if secret is not None:
            at = text.index(secret)
            self.findings.append(f"{place}: …{text[max(0, at - 80) : at]}[{secret}]{text[at + len(secret) :][:40]}…")

    def look_at_exception(self, place: str, exception: BaseException) -> None:
        """Notes it where the exception's text, its repr or those of its causes hold a secret."""
        lines = traceback.format_exception_only(exception)
        self.look(place, f"{''.join(lines)}\n{exception!r}")
        for other in (exception.__cause__, None if exception.__suppress_context__ else exception.__context__):
            if other is not None and other is not exception:
                self.look_at_exception(f"{place}, in what led to it", other)

    def look_at_files(self, folder: Path) -> None:
        """Notes the files in `folder` that hold a secret."""
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            self.look(f"the file {file.name}", file.read_text("utf-8", "replace"))

    def take(self) -> list[str]:
        """What was found since the last time."""
        found, self.findings = self.findings, []
        return found


class _LogWatch(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__(logging.DEBUG)
        self._watch = watch

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_OTHERS):
            return
        text = record.getMessage()
        if record.name.startswith("urllib3"):
            text = _BROWSER.sub("", text)
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        self._watch.look(f"a log record of {record.name}", text)


class LeakPlugin:
    """The plugin: it listens wherever the suite speaks."""

    def __init__(self) -> None:
        self.watch = Watch()
        self._patch = pytest.MonkeyPatch()
        self._found_by_workers: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "shows_tokens(reason): the test's output is a token, on purpose")
        root = logging.getLogger()
        root.addHandler(_LogWatch(self.watch))
        root.setLevel(logging.DEBUG)
        self._learn_secrets()
        self._listen()

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        self.watch.look("a warning", str(warning_message.message))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        for title, text in report.sections:
            # Records of the log were looked at one by one.
            if "log" not in title:
                self.watch.look(title, text)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        yield
        if found := self.watch.take():
            pytest.fail("a secret leaked:\n" + "\n".join(found), pytrace=False)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.watch.is_paused = item.get_closest_marker("shows_tokens") is not None
        try:
            yield
        finally:
            self.watch.is_paused = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A process that ran a part of the tests has ended."""
        found = getattr(node, "workeroutput", {}).get("leaks", [])
        self._found_by_workers += [one for one in found if one not in self._found_by_workers]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.watch.look_at_files(CASSETTES)
        self._patch.undo()
        found = [*self._found_by_workers, *self.watch.take()]
        if found and hasattr(session.config, "workeroutput"):
            # A process of several: the one that counts the tests tells of it.
            session.config.workeroutput["leaks"] = found
        elif found:
            reporter = session.config.pluginmanager.get_plugin("terminalreporter")
            for line in ["a secret leaked:", *found]:
                reporter.write_line(line, red=True)
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _learn_secrets(self) -> None:
        from connector.auth import Connection, SignInAttempt
        from connector.subscriptions.sealing import Sealer
        from connector.way.credentials import GivenCaller

        def learn_connection(connection: Connection) -> None:
            self.watch.learn(*connection.secrets)
            if connection.client_secret:
                pair = f"{connection.client_id}:{connection.client_secret}".encode()
                self.watch.learn(base64.b64encode(pair).decode())
            self.watch.look("the repr of a connection", f"{connection!r} {connection}")

        def learn_attempt(attempt: SignInAttempt) -> None:
            self.watch.learn(attempt.verifier, attempt.client_secret)
            self.watch.look("the repr of a sign-in", f"{attempt!r} {attempt}")

        def learn_caller(caller: GivenCaller) -> None:
            self.watch.learn(*caller.secrets)
            self.watch.look("the repr of a caller", repr(caller))

        self._after_init(Connection, learn_connection)
        self._after_init(SignInAttempt, learn_attempt)
        self._after_init(GivenCaller, learn_caller)
        # A webhook's is shown to who made it; from the first delivery on it is nobody's to see.
        self._after(Sealer, "unseal", lambda _, secret: self.watch.learn(secret))

    def _listen(self) -> None:
        from _pytest.capture import CaptureFixture
        from _pytest.raises import RaisesExc
        from typer.testing import CliRunner

        from connector.errors import ConnectorError, ErrorDetail
        from connector.way.connector import Connector
        from connector.wire.request import Request

        look, look_at = self.watch.look, self.watch.look_at_exception
        self._after_init(ErrorDetail, lambda error: look("an error", repr(error)))
        self._after_init(ConnectorError, lambda error: look_at("an exception", error))
        self._after_init(Request, lambda request: look("the repr of a request", repr(request)))

        def caught(raises: Any) -> None:
            if (info := raises.excinfo) and getattr(info, "_excinfo", None):
                look_at("a caught exception", info.value)

        def printed(done: Any) -> None:
            look("what a command printed", done.output)

        def gathered(pair: tuple[Any, Any]) -> None:
            for stream in pair:
                text = stream.decode("utf-8", "replace") if isinstance(stream, bytes) else stream
                look("what a process printed", text or "")

        def answered(result: Any) -> None:
            look("a result", f"{result.meta!r} {result.error!r}" + ("" if result.ok else repr(result.envelope())))

        self._after(RaisesExc, "__exit__", lambda raises, _: caught(raises))
        self._after(CliRunner, "invoke", lambda _, done: printed(done))
        self._after(CaptureFixture, "readouterr", lambda _, out: look("what a test printed", f"{out.out}{out.err}"))
        self._after(subprocess.Popen, "communicate", lambda _, pair: gathered(pair))
        self._after(Connector, "invoke", lambda _, result: answered(result))

    def _after_init(self, kind: type, look: Callable[[Any], None]) -> None:
        self._after(kind, "__init__", lambda made, _: look(made))

    def _after(self, kind: type, method: str, look: Callable[[Any, Any], None]) -> None:
        """Calls `look` with the object and what was returned, each time that `method` of `kind` has returned."""
        original = getattr(kind, method)

        @functools.wraps(original)
        def listened(self: Any, *args: Any, **options: Any) -> Any:
            returned = original(self, *args, **options)
            look(self, returned)
            return returned

        self._patch.setattr(kind, method, listened)
