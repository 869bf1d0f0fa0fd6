"""A sandbox, a user who signs in without a browser, and a keeper that lives by the sandbox's clock."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import requests

from connector.auth import Connection, Keeper, SignIn, SignInAttempt
from connector.auth.stores.file_store import FileStore
from connector.sandbox import Control, Sandbox
from connector.sending import retry
from connector.wire.deadline import Deadline
from connector.wire.transport import Transport

HOUR_S = 3600
DAY_S = 86_400
SECRET = "sandbox-secret-not-real"
REDIRECT = "http://127.0.0.1:49152/callback"


@pytest.fixture(scope="session")
def _running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_running: Sandbox) -> Sandbox:
    _running.control.reset()
    return _running


@pytest.fixture
def control(sandbox: Sandbox) -> Control:
    return sandbox.control


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "BACKOFF_S", 0)


@pytest.fixture
def sign_in(manifest) -> SignIn:
    found = SignIn.from_manifest(manifest)
    assert found is not None
    return found


@pytest.fixture
def transport(sandbox: Sandbox) -> Iterator[Transport]:
    transport = Transport(sandbox.servers, "tests")
    yield transport
    transport.close()


@pytest.fixture
def agree() -> Callable[[SignInAttempt], str]:
    """The user agrees; gives the address that the sign-in leads back to."""

    def follow(attempt: SignInAttempt, decision: str = "agree") -> str:
        page = requests.get(attempt.url, timeout=60)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text.replace("&amp;", "&")))
        answer = requests.post(
            attempt.url.partition("?")[0], data={**fields, "decision": decision}, allow_redirects=False, timeout=10
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    return follow


@dataclass
class User:
    """Someone with an account at the sandbox."""

    sandbox: Sandbox
    how: SignIn
    transport: Transport
    agree: Callable[..., str]

    def sign_in(self, name: str = "alice", *, secret: str | None = SECRET, scopes=("user-top-read",)) -> Connection:
        attempt = self.how.begin(
            self.sandbox.servers,
            client_id="sandbox-client",
            client_secret=secret,
            scopes=scopes,
            redirect_uri=REDIRECT,
        )
        code = attempt.parse_callback(self.agree(attempt))
        now = self.sandbox.control.clock
        return self.how.finish(attempt, code, self.transport.send, Deadline(10), name=name, now=now)


@pytest.fixture
def user(sandbox, sign_in, transport, agree) -> User:
    return User(sandbox, sign_in, transport, agree)


@pytest.fixture
def store(tmp_path) -> FileStore:
    return FileStore(tmp_path / "connections")


@pytest.fixture
def make_keeper(sandbox, store, sign_in, transport) -> Callable[..., Keeper]:
    """Keepers on the file store, each as another process would have one."""

    def make(kept=store) -> Keeper:
        return Keeper(kept, sign_in, transport.send, now=sandbox.control.clock)

    return make


@pytest.fixture
def keeper(make_keeper) -> Keeper:
    return make_keeper()


@pytest.fixture
def count_token_calls(control) -> Callable[[], int]:
    """How many requests the token endpoint has had."""
    return lambda: sum(call["path"] == "/api/token" for call in control.calls())


@pytest.fixture
def is_accepted(sandbox) -> Callable[[Connection], bool]:
    """Whether the API takes a connection's token."""

    def ask(connection: Connection) -> bool:
        headers = {"Authorization": f"Bearer {connection.access_token}"}
        return requests.get(f"{sandbox.url}/v1/me", headers=headers, timeout=60).status_code == 200

    return ask
