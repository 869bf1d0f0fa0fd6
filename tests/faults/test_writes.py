"""A write that failed says what is known of its effect: done, not done, or nobody can tell."""

import pytest

from connector import Connector

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
IDS = [f"{position:022}" for position in range(50)]


def answer(status, content=b"{}"):
    said = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(content), content)
    return lambda peer: peer.say(said)


FINE = answer(b"200 OK")
FORBIDDEN = answer(b"403 Forbidden", b'{"error": {"status": 403, "message": "Insufficient client scope"}}')
FAILED = answer(b"500 Internal Server Error")
REFUSED = answer(b"429 Too Many Requests\r\nRetry-After: 100")


def lose(peer):
    peer.reset()


@pytest.fixture
def save(make_raw, manifest):
    """Saves tracks at a server that answers by `plays`."""

    def run(*plays, count=1):
        server = make_raw(*plays)
        with Connector(manifest, servers=dict.fromkeys(manifest.servers, server.url), timeout=5) as connector:
            return connector.invoke("saveTrack", {"access_token": "s3cret", "id": IDS[:count]})

    return run


@pytest.mark.parametrize(
    ("plays", "kind", "is_uncertain"),
    [
        pytest.param([FORBIDDEN], "forbidden", False, id="refused"),
        pytest.param([REFUSED], "rate_limited", False, id="not let in"),
        pytest.param([FAILED], "server_error", True, id="failed"),
        pytest.param([lose], "network", True, id="lost"),
        pytest.param([answer(b"200 OK", b"<html>")], "bad_answer", True, id="not understood"),
        pytest.param([FAILED, FORBIDDEN], "forbidden", True, id="failed, then refused"),
        pytest.param([lose, FORBIDDEN], "forbidden", True, id="lost, then refused"),
        pytest.param([lose, REFUSED], "rate_limited", True, id="lost, then not let in"),
    ],
)
def test_an_error_says_whether_a_write_may_have_taken_effect(save, plays, kind, is_uncertain):
    error = save(*plays).error
    assert (error.kind, error.is_uncertain) == (kind, is_uncertain)


@pytest.mark.parametrize(
    ("plays", "kind", "is_uncertain"),
    [
        pytest.param([FINE, FORBIDDEN], "forbidden", False, id="refused"),
        pytest.param([FINE, lose], "network", True, id="lost"),
        pytest.param([FINE, lose, FORBIDDEN], "forbidden", True, id="lost, then refused"),
    ],
)
def test_the_ids_of_a_request_that_may_have_taken_effect_are_uncertain(save, plays, kind, is_uncertain):
    error = save(*plays, count=50).error
    assert (error.kind, error.done) == (kind, tuple(IDS[:40]))
    assert (error.uncertain, error.not_done) == ((tuple(IDS[40:]), ()) if is_uncertain else ((), tuple(IDS[40:])))


@pytest.mark.parametrize("play", [FAILED, lose])
def test_a_write_that_failed_once_is_made_good(save, play):
    result = save(play, FINE)
    assert (result.ok, result.meta.requests, result.meta.retries) == (True, 2, 1)
