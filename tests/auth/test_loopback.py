"""The address on this machine that a browser comes back to: one answer, the right one, and nothing else."""

import socket
import threading
import time

import pytest
import requests

from connector.auth import SignInFailed
from connector.auth.loopback import Loopback, PortTaken
from connector.errors import ErrorDetail, InvocationFailed


@pytest.fixture
def loopback():
    with Loopback() as listening:
        yield listening


@pytest.fixture
def attempt(sign_in, sandbox, loopback):
    return sign_in.begin(
        sandbox.servers,
        client_id="sandbox-client",
        client_secret=None,
        scopes=[],
        redirect_uri=loopback.redirect_uri,
    )


class Waiting:
    """Somebody who waits for the answer in a thread of their own."""

    def __init__(self, loopback, attempt, finish=lambda code: (code, "All is stored."), timeout_s=30.0):
        self.outcome = None
        self.thread = threading.Thread(target=self._wait, args=(loopback, attempt, finish, timeout_s))
        self.thread.start()
        while loopback._attempt is None and self.thread.is_alive():
            time.sleep(0.001)

    def _wait(self, loopback, *args):
        try:
            self.outcome = loopback.wait(*args)
        except Exception as problem:
            self.outcome = problem

    def result(self):
        self.thread.join(30)
        assert not self.thread.is_alive()
        return self.outcome


def get(loopback, query="", path=None):
    address = loopback.redirect_uri if path is None else loopback.redirect_uri.replace("/callback", path)
    return requests.get(f"{address}{query}", timeout=60)


def test_the_right_answer(loopback, attempt):
    waiting = Waiting(loopback, attempt)
    page = get(loopback, f"?code=abc&state={attempt.state}")
    assert waiting.result() == "abc"
    assert page.status_code == 200
    assert "<h1>Signed in</h1><p>All is stored.</p>" in page.text


def test_an_answer_that_comes_before_anybody_waits_for_it_counts(loopback, attempt):
    pages = []
    browser = threading.Thread(target=lambda: pages.append(get(loopback, f"?code=abc&state={attempt.state}")))
    browser.start()
    # Long enough to see it turned away, were it so.
    browser.join(0.2)
    assert loopback.wait(attempt, lambda code: (code, "All is stored."), 30) == "abc"
    browser.join(30)
    assert [page.status_code for page in pages] == [200]


def test_the_page_loads_nothing_and_is_kept_nowhere(loopback, attempt):
    waiting = Waiting(loopback, attempt)
    page = get(loopback, f"?code=abc&state={attempt.state}")
    assert waiting.result() == "abc"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    for word in ("http:", "https:", "src=", "<script", "url("):
        assert word not in page.text
    assert "prefers-color-scheme: dark" in page.text
    assert "abc" not in page.text


def test_strays_change_nothing(loopback, attempt):
    waiting = Waiting(loopback, attempt)
    assert get(loopback, path="/favicon.ico").status_code == 404
    assert get(loopback, path="/").status_code == 404
    assert get(loopback).status_code == 400
    assert get(loopback, "?code=abc&state=other").status_code == 400
    assert get(loopback, "?error=access_denied&state=other").status_code == 400
    assert requests.post(loopback.redirect_uri, timeout=60).status_code == 501
    assert get(loopback, f"?code=abc&state={attempt.state}").status_code == 200
    assert waiting.result() == "abc"


def test_a_browser_that_connects_and_says_nothing_blocks_nobody(loopback, attempt):
    waiting = Waiting(loopback, attempt)
    port = int(loopback.redirect_uri.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)):
        assert get(loopback, f"?code=abc&state={attempt.state}").status_code == 200
        assert waiting.result() == "abc"


def test_a_browser_that_goes_away_has_brought_its_answer(loopback, attempt):
    waiting = Waiting(loopback, attempt)
    port = int(loopback.redirect_uri.split(":")[2].split("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(f"GET /callback?code=abc&state={attempt.state} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    assert waiting.result() == "abc"


def test_one_answer_only(loopback, attempt):
    trades = []

    def finish(code):
        trades.append(code)
        return code, "All is stored."

    waiting = Waiting(loopback, attempt, finish)
    assert get(loopback, f"?code=abc&state={attempt.state}").status_code == 200
    second = get(loopback, f"?code=other&state={attempt.state}")
    assert (second.status_code, "This sign-in is over" in second.text) == (410, True)
    assert (waiting.result(), trades) == ("abc", ["abc"])


def test_before_anyone_waits_there_is_nothing_to_answer(loopback, attempt, monkeypatch):
    monkeypatch.setattr("connector.auth.loopback._EARLY_S", 0.05)
    assert get(loopback, f"?code=abc&state={attempt.state}").status_code == 410


@pytest.mark.parametrize(
    ("query", "reason"), [("?error=access_denied", "cancelled"), ("?error=temporarily_unavailable", "refused")]
)
def test_a_refusal_ends_the_waiting(loopback, attempt, query, reason):
    waiting = Waiting(loopback, attempt)
    page = get(loopback, f"{query}&state={attempt.state}")
    outcome = waiting.result()
    assert isinstance(outcome, SignInFailed)
    assert outcome.reason == reason
    assert "<h1>Not signed in</h1>" in page.text
    assert 'role="alert"' in page.text


def test_what_goes_wrong_with_the_code_is_on_the_page_too(loopback, attempt):
    def finish(code):
        raise InvocationFailed(ErrorDetail("reauthorize", "The code <is> too old."))

    waiting = Waiting(loopback, attempt, finish)
    page = get(loopback, f"?code=abc&state={attempt.state}")
    assert (page.status_code, "The code &lt;is&gt; too old." in page.text) == (502, True)
    assert isinstance(waiting.result(), InvocationFailed)


def test_a_mistake_of_the_program_is_raised_where_it_is_waited_for(loopback, attempt):
    def finish(code):
        raise ZeroDivisionError

    waiting = Waiting(loopback, attempt, finish)
    assert get(loopback, f"?code=abc&state={attempt.state}").status_code == 500
    assert isinstance(waiting.result(), ZeroDivisionError)


def test_waiting_ends(loopback, attempt):
    with pytest.raises(SignInFailed, match=r"No answer came back within 0\.05 s\.$") as caught:
        loopback.wait(attempt, lambda code: (code, ""), 0.05)
    assert caught.value.reason == "timeout"


def test_an_answer_of_another_sign_in_is_told_when_time_is_up(loopback, attempt):
    waiting = Waiting(loopback, attempt, timeout_s=0.5)
    get(loopback, "?code=abc&state=other")
    assert "One came that belonged to another" in str(waiting.result())


def test_a_code_that_came_in_time_is_traded_to_the_end(loopback, attempt):
    go = threading.Event()

    def finish(code):
        go.wait(60)
        return code, "All is stored."

    waiting = Waiting(loopback, attempt, finish, timeout_s=0.2)
    asking = threading.Thread(target=get, args=(loopback, f"?code=abc&state={attempt.state}"))
    asking.start()
    waiting.thread.join(0.4)
    go.set()
    assert waiting.result() == "abc"
    asking.join()


def test_it_listens_on_this_machine_only(loopback):
    assert loopback._server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} on 127\.0\.0\.1 can't be used: .*--port"):
            Loopback(port)


def test_a_port_can_be_chosen_and_is_free_again_afterwards():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for _ in range(2):
        with Loopback(port) as loopback:
            assert loopback.redirect_uri == f"http://127.0.0.1:{port}/callback"
