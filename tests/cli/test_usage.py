"""`usage`, and the day's budget of commands that end at once."""

import json
import re

import pytest
from redis import Redis

from connector.auth import Connection
from connector.auth.stores.file_store import FileStore
from connector.limits.budget_places import open_budget
from connector.limits.redis_gate import RedisGate
from connector.sandbox import Sandbox


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "connections")


@pytest.fixture
def tool(cli, store):
    """The command line with a sandbox for the service, and alice's and bob's connections, of one developer account."""
    with Sandbox() as sandbox:
        for name in ("alice", "bob"):
            token = sandbox.demo_args["access_token"]
            store.save(Connection(name, f"app-of-{name}", access_token=token, account="studio"))
        servers = {f"CONNECTOR_SERVER_{name.upper()}": url for name, url in sandbox.servers.items()}
        variables = {"CONNECTOR_STORE": f"file:{store.folder}", **servers}
        yield lambda *words, **options: cli(*words, **{**variables, "CONNECTOR_DAILY_CALLS": "2", **options})


def run(tool, connection, **options):
    return tool("run", "getCurrentUserProfile", "--connection", connection, **options)


def test_commands_count_together_and_usage_tells_what_is_left(tool, store):
    assert [run(tool, name).exit_code for name in ("alice", "bob")] == [0, 0]
    refused = run(tool, "alice")
    assert refused.exit_code == 1
    assert "the 2 calls of the day's budget" in " ".join(refused.stderr.split())

    told = json.loads(tool("usage", "--json").stdout)
    [row] = told["accounts"]
    assert (told["daily_calls"], told["counted_in"]) == (2, str(store.folder / "day.calls"))
    assert (row["account"], row["connections"], row["calls"], row["left"]) == ("studio", ["alice", "bob"], 2, 0)
    assert 86_000 < row["next_free"]["in_s"] <= 86_400
    assert re.search(r"studio +alice, bob +2 +0 +0 +[12] in 2[34] h", tool("usage").stdout)


def test_a_day_s_quota_that_the_service_calls_used_up_holds_back_the_commands_that_follow(tool, store, server):
    busy = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
    server.queue = [(429, {"Retry-After": "7200"}, busy)]
    for name in ("alice", "bob"):
        assert "day's calls" in run(tool, name, CONNECTOR_SERVER_API=server.url).stderr
    assert len(server.requests) == 1
    assert re.search(r"studio +alice, bob +1 +0 +1 +none for (2 h 0 min|1 h 5\d min|2 h)", tool("usage").stdout)


def test_what_polls_took_is_counted_with_a_budget_and_without_and_shared_by_commands(tool, store):
    for budget, turn in (("", "in (10|9) min"), ("50", r"in (1 h 2\d|8\d) min")):
        polled = [
            tool("poll", "newSavedTrack", "--connection", name, CONNECTOR_DAILY_CALLS=budget)
            for name in ("alice", "bob")
        ]
        assert [told.exit_code for told in polled] == [0, 0]
        assert re.search(turn, polled[-1].stderr)
    [row] = json.loads(tool("usage", "--json", CONNECTOR_DAILY_CALLS="50").stdout)["accounts"]
    assert (row["calls"], row["polls"]) == (2, 4)


def test_without_a_budget_nothing_is_counted_and_usage_says_so(tool, store):
    assert run(tool, "alice", CONNECTOR_DAILY_CALLS="").exit_code == 0
    assert not (store.folder / "day.calls").exists()
    told = tool("usage", CONNECTOR_DAILY_CALLS="")
    assert "CONNECTOR_DAILY_CALLS is not set" in told.stderr
    assert store.names() == ["alice", "bob"]


def test_what_a_sandbox_answers_costs_nothing_of_the_day(tool, store):
    done = tool("run", "getCurrentUserProfile", "--sandbox", "--envelope")
    assert json.loads(done.stdout)["meta"] == {"calls_left": 1}
    assert not (store.folder / "day.calls").exists()


def test_a_token_of_its_own_is_counted_without_a_name(tool):
    tool("run", "getCurrentUserProfile", CONNECTOR_ACCESS_TOKEN="dead-token-not-real")
    rows = json.loads(tool("usage", "--json").stdout)["accounts"]
    assert [(row["account"], row["calls"]) for row in rows] == [("studio", 0), (None, 1)]


def test_what_is_shared_through_redis_is_read_there(tool, redis_server, manifest):
    with Redis.from_url(redis_server.url) as client:
        budget = open_budget(5, RedisGate(client, manifest.command))
        budget.begin("studio")
        budget.begin("somebody else")
    told = json.loads(tool("usage", "--json", CONNECTOR_REDIS_URL=redis_server.url).stdout)
    assert told["counted_in"] == "Redis"
    assert [(row["account"], row["calls"], row["left"]) for row in told["accounts"]] == [("studio", 1, 1), (None, 1, 1)]


def test_a_count_that_cannot_be_read_is_no_count_of_nothing(tool, store):
    (store.folder / "day.calls").write_bytes(b"no database" * 100)
    told = tool("usage", "--json")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "can't be read" in told.stderr


def test_a_redis_that_is_away_is_no_count_of_nothing(tool):
    told = tool("usage", CONNECTOR_REDIS_URL="redis://127.0.0.1:1")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "Redis can't be read, so nobody knows what was counted there." in told.stderr
