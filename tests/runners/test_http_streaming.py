"""Entries one a line, as they come."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit

import pytest
import requests
from patience import wait_until, wait_until_still

from connector.many.paging import get_page
from connector.result import Meta, Result
from connector.runners.http_server.blocks import _render
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings

LINES = {"Accept": "application/x-ndjson"}
TOKEN = {"access_token": "t"}
FOLLOW = {**TOKEN, "id": "0TnOYISbd1XYRBk9myaseg"}


def page(start, count=50, total=1000):
    return {"items": [{"n": n} for n in range(start, start + count)], "total": total, "limit": 50, "next": "more"}


def test_every_paged_block_streams_what_it_would_answer(shared_client, each_paged_block, example_args):
    args = example_args(each_paged_block)
    answer = shared_client.run(each_paged_block.name, args, headers=LINES)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    whole = get_page(shared_client.run(each_paged_block.name, args).json(), each_paged_block.page)
    entries = [entry for entry in whole[each_paged_block.page.names["items"]] if entry is not None]
    assert [json.loads(line) for line in answer.content.splitlines()] == entries


def test_an_answer_and_its_lines_are_brief_where_that_is_asked_for(shared_client):
    name, args = "getUserSavedTracks", {"connection": "alice", "max_items": 2}
    whole = shared_client.run(name, args).json()
    brief = shared_client.post(f"/blocks/{name}?detail=brief", json=args).json()
    assert brief.keys() == whole.keys()
    assert [entry["track"]["uri"] for entry in brief["items"]] == [entry["track"]["uri"] for entry in whole["items"]]
    assert all("disc_number" in entry["track"] for entry in whole["items"])
    assert not any("disc_number" in entry["track"] for entry in brief["items"])
    lines = shared_client.post(f"/blocks/{name}?detail=brief", json=args, headers=LINES).content.splitlines()
    assert [json.loads(line) for line in lines] == brief["items"]


@pytest.mark.parametrize("name", ["Kvällsmusik 夜 100 %", "two\r\nlines"])
def test_a_write_says_in_a_header_what_it_did(shared_client, name):
    answer = shared_client.run("createPlaylist", {"connection": "alice", "name": name})
    assert unquote(answer.headers["X-Did"]) == f"Created {name}"
    assert "X-Did" not in shared_client.run("getCurrentUserProfile", {"connection": "alice"}).headers


def test_half_a_character_that_the_service_tells_makes_no_failure_of_a_write():
    told = Result("addCurrentTrack", {}, meta=Meta(did="Added \ud83c", warnings=["It is \ud83c now."]))
    headers = _render(told, is_brief=False, sign_in=None).headers
    assert (headers["X-Did"], headers["X-Warnings"]) == ("Added ?", "It is ? now.")


def test_no_text_makes_a_header_longer_than_proxies_take():
    told = Result("findTrack", [], meta=Meta(did="夜" * 10_000, warnings=["n, " * 10_000] * 100))
    headers = _render(told, is_brief=False, sign_in=None).headers
    assert unquote(headers["X-Did"]) == f"{'夜' * 32}…"
    assert unquote(headers["X-Warnings"]).endswith("n, n…")
    assert len(headers["X-Did"]) + len(headers["X-Warnings"]) < 4_000


def test_what_to_know_of_an_answer_stands_in_a_header(shared_client):
    answer = shared_client.run("findTrack", {"connection": "alice", "text": "Qqq, 夜 - Zzz"})
    assert answer.headers["X-Warnings"] == "1 of 1 was not found."
    assert "X-Warnings" not in shared_client.run("getCurrentUserProfile", {"connection": "alice"}).headers


def test_another_detail_is_refused(shared_client):
    answer = shared_client.post("/blocks/getUserSavedTracks?detail=short", json={})
    assert (answer.status_code, answer.json()["kind"]) == (400, "bad_detail")
    assert "brief or full" in answer.json()["detail"]


def test_a_block_that_is_not_paged_answers_as_ever(shared_client):
    answer = shared_client.run("getCurrentUserProfile", {"connection": "alice"}, headers=LINES)
    assert answer.headers["content-type"] == "application/json"


def test_a_list_without_entries_is_an_empty_answer(start, connect, server):
    server.answer = lambda _seen: (200, {}, {"items": [], "total": 0, "next": None})
    answer = start(connect()).run("getUserSavedTracks", TOKEN, headers=LINES)
    assert (answer.status_code, answer.content) == (200, b"")


def test_entries_come_before_the_last_page_does(start, connect, server):
    rest = threading.Event()

    def answer(seen):
        position = int(seen.query.get("offset", 0))
        if position:
            rest.wait(60)
        return 200, {}, page(position, total=100) | {"next": None if position else "more"}

    server.answer = answer
    with start(connect()).run("getUserSavedTracks", TOKEN, headers=LINES, stream=True) as got:
        lines = got.iter_lines()
        assert [json.loads(next(lines)) for _ in range(50)] == page(0)["items"]
        rest.set()
        assert len(list(lines)) == 50


def test_an_error_before_the_first_entry_is_a_problem(start, connect, server):
    server.answer = lambda _seen: (404, {}, {"error": {"message": "Resource not found"}})
    answer = start(connect()).run("getUserSavedTracks", TOKEN, headers=LINES)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["kind"] == "not_found"
    problem = start(connect()).run("getUserSavedTracks", {"max_items": "x"}, headers=LINES).json()
    assert problem["kind"] == "missing_fields"


def test_an_error_midway_is_the_last_line(start, connect, server):
    def answer(seen):
        position = int(seen.query.get("offset", 0))
        return (200, {}, page(position)) if position < 100 else (403, {}, {"error": {"message": "Forbidden"}})

    server.answer = answer
    answer = start(connect()).run("getUserSavedTracks", TOKEN, headers=LINES)
    *entries, last = [json.loads(line) for line in answer.content.splitlines()]
    assert answer.status_code == 200
    assert [entry["n"] for entry in entries] == list(range(100))
    assert (last["error"]["kind"], last["error"]["upstream_status"]) == ("forbidden", 403)


def test_a_reader_that_leaves_ends_the_reading(start, connect, server):
    server.answer = lambda seen: (200, {}, page(int(seen.query.get("offset", 0)), total=10**9))
    client = start(connect(), threads=1)
    with client.run("getUserSavedTracks", TOKEN, headers=LINES, stream=True) as got:
        next(got.iter_lines())
    wait_until(lambda: "connector_invocations_running 0.0" in client.get("/metrics").text)
    wait_until_still(lambda: len(server.requests))


def test_a_slow_reader_holds_the_reading_back(start, connect, server):
    filled = {"items": [{"text": "x" * 2000}] * 50, "total": 10**9, "limit": 50, "next": "more"}
    server.answer = lambda _seen: (200, {}, filled)
    with start(connect()).run("getUserSavedTracks", TOKEN, headers=LINES, stream=True) as got:
        next(got.iter_lines())
        # Buffers of the system and of the runner are full long before ten thousand pages, a gigabyte, were read.
        assert wait_until_still(lambda: len(server.requests)) < 1000


def test_a_reader_that_takes_nothing_is_given_up(start, connect, server):
    filled = {"items": [{"text": "x" * 2000}] * 50, "total": 10**9, "limit": 50, "next": "more"}
    server.answer = lambda _seen: (200, {}, filled)
    client = start(connect(), timeout=0.3)
    with client.run("getUserSavedTracks", TOKEN, headers=LINES, stream=True) as got:
        next(got.iter_lines())
        wait_until(lambda: "connector_invocations_running 0.0" in client.get("/metrics").text)


def test_a_key_s_limit_counts_streams_too(start, connect, server):
    server.answer = lambda seen: (200, {}, page(int(seen.query.get("offset", 0)), total=10**9))
    client = start(connect(), threads=1, queue=0)
    with client.run("getUserSavedTracks", TOKEN, headers=LINES, stream=True) as got:
        next(got.iter_lines())
        assert client.run("getUserSavedTracks", TOKEN, headers=LINES).status_code == 503


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_lines_are_sent_to_who_asks_for_them(shared_client, accept):
    answer = shared_client.run("getUserTopTracks", {"connection": "alice"}, headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/json"


@pytest.fixture
def held(server):
    """The service answers no request before `held.set()`; `held.came` is set when one has come."""
    event = threading.Event()
    event.came = threading.Event()

    def answer(_seen):
        event.came.set()
        event.wait(30)
        return 200, {}, page(0, total=50) | {"next": None}

    server.answer = answer
    yield event
    event.set()


def test_a_stream_that_waits_is_sent_away_when_the_server_ends(connect, held):
    settings = Settings(port=0, shutdown_grace=0, threads=1)
    with ThreadPoolExecutor(3) as pool, HttpServer(connect(), settings) as runner:
        writing = pool.submit(requests.post, f"{runner.url}/blocks/followArtist", json=FOLLOW, timeout=60)
        assert held.came.wait(30)
        address = f"{runner.url}/blocks/getUserSavedTracks"
        streaming = pool.submit(requests.post, address, json=TOKEN, headers=LINES, timeout=60)
        wait_for_metric(runner.url, "connector_invocations_waiting 1.0")
        stopping = pool.submit(runner.stop)
        answer = streaming.result(30)
        assert (answer.status_code, answer.json()["kind"]) == (503, "busy")
        held.set()
        assert writing.result(30).status_code == 200
        stopping.result(30)


def test_a_stream_that_waits_gives_up_its_place_when_its_client_leaves(start, connect, server, held):
    client = start(connect(), threads=1, queue=1)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.run, "getCurrentUserProfile", TOKEN)
        assert held.came.wait(30)
        address = urlsplit(client.url)
        with socket.create_connection((address.hostname, address.port)) as leaver:
            body = json.dumps(TOKEN)
            leaver.sendall(
                f"POST /blocks/getUserSavedTracks HTTP/1.1\r\nHost: {address.netloc}\r\n"
                f"Accept: {LINES['Accept']}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            wait_for_metric(client.url, "connector_invocations_waiting 1.0")
        wait_for_metric(client.url, "connector_invocations_waiting 0.0")
        held.set()
        running.result(30)
    assert len(server.requests) == 1


def test_a_stream_that_its_reader_left_is_counted(start, connect, server):
    server.answer = lambda seen: (200, {}, page(int(seen.query.get("offset", 0)), total=10**9))
    client = start(connect(), threads=1)
    with client.run("getUserSavedTracks", TOKEN, headers=LINES, stream=True) as got:
        next(got.iter_lines())
    labels = 'block="getUserSavedTracks",kind="cancelled",status="200"'
    wait_for_metric(client.url, f"connector_invocations_total{{{labels}}} 1.0")


def wait_for_metric(url, line):
    wait_until(lambda: line in requests.get(f"{url}/metrics", timeout=60).text)
