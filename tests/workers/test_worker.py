"""Blocks from a task queue: what comes back, what waits, what may run again, and what never lies in Redis."""

import gc
import re
import time

import pytest
from celery import chain, chord, group
from celery.contrib.testing.worker import start_worker
from cryptography.fernet import Fernet
from moving import without_what_moves
from redis import Redis
from typed_values import DEVICES, TYPED, tell

from connector import Connector
from connector.auth import Connection
from connector.auth.stores.redis_store import RedisStore
from connector.errors import UnknownBlock
from connector.limits.shared_redis import hold_lock, open_redis
from connector.manifest.manifest import Manifest
from connector.runners.workers.celery_worker import INVOKE, THEN, build_app
from connector.sandbox import SECOND_LISTENER, Sandbox

KEY = Fernet.generate_key().decode()
#: A worker that shares its process with a client leaves it to the collector to close Celery's own connections.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def connector(sandbox):
    with Connector.load(servers=sandbox.servers) as connector:
        yield connector


@pytest.fixture(scope="module")
def environment(sandbox, queue_redis, connector):
    """What a worker of this module is told, with alice and the second listener signed in."""
    args = sandbox.demo_args
    store = RedisStore(queue_redis.url, connector.manifest.command, KEY)
    store.save(
        Connection(
            name="alice",
            client_id=args["client_id"],
            client_secret=args["client_key"],
            access_token=args["access_token"],
            refresh_token=args["refresh_token"],
            expires_at=time.time() + 3600,
        )
    )
    second = sandbox.control.demo_args(SECOND_LISTENER)["access_token"]
    store.save(Connection("old-account", args["client_id"], access_token=second))
    return {
        "CONNECTOR_REDIS_URL": queue_redis.url,
        "CONNECTOR_STORE": queue_redis.url,
        "CONNECTOR_STORE_KEY": KEY,
        **{f"CONNECTOR_SERVER_{name.upper()}": url for name, url in sandbox.servers.items()},
    }


@pytest.fixture(scope="module")
def app(environment):
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        app = build_app(lease_s=8)
        with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=60):
            yield app
        # Results that were waited for unsubscribe when they are collected: while Redis is still there.
        gc.collect()
        app.close()


@pytest.fixture
def invoke(app):
    return app.tasks[INVOKE]


@pytest.fixture
def then(app):
    return app.tasks[THEN]


@pytest.fixture
def raw(queue_redis):
    with Redis.from_url(queue_redis.url, decode_responses=True) as client:
        yield client


def wait_for(task, **options):
    return task.get(timeout=30, **options)


def output_of(envelope):
    assert envelope["callback"] == "success", envelope
    return envelope["contextWrites"]["to"]


def error_of(envelope):
    assert envelope["callback"] == "error"
    return envelope["contextWrites"]["to"]


def public_args(block):
    """What a task may carry of a block's example."""
    return {name: value for name, value in block.example.items() if not block.fields[name].secret}


def count_calls(sandbox, path):
    return sum(call["path"].startswith(f"/v1{path}") for call in sandbox.control.calls())


@pytest.mark.each("case", TYPED)
def test_what_people_type_reaches_the_service_as_what_they_mean(case, invoke, connector, sandbox):
    sandbox.control.seed(devices=DEVICES)
    output = output_of(wait_for(invoke.delay(case.block, case.typed, connection="alice")))
    found = tell(sandbox, output)
    sandbox.control.seed(devices=DEVICES)
    given = {**case.meant, "access_token": sandbox.demo_args["access_token"]}
    assert found == tell(sandbox, connector.invoke(case.block, given).unwrap())


def test_each_block_gives_the_envelope_that_an_invocation_gives(each_block, invoke, connector, sandbox):
    args = public_args(each_block)
    envelope = wait_for(invoke.delay(each_block.name, args, connection="alice"))
    if any(field.secret and name not in ("access_token",) for name, field in each_block.fields.items()):
        assert error_of(envelope)["fields"] == [{"name": "block", "problem": "answers with secrets", "fits": None}]
        return
    if each_block.connection_fields:
        # This process knows no connection by name.
        assert output_of(envelope)
        return
    given = {**args, "access_token": sandbox.demo_args["access_token"]}
    expected = connector.invoke(each_block.name, given).envelope()
    if each_block.is_idempotent and not each_block.procedure:
        assert without_what_moves(envelope) == without_what_moves(expected)
    else:
        # Done twice, it makes two things, or tells that there is nothing left to do.
        assert output_of(envelope).keys() == output_of(expected).keys()


def test_an_alias_and_a_page_limit_work_too(invoke):
    listed = wait_for(invoke.delay("getUserTopTracks", {"max_items": 3}, connection="alice"))
    assert len(output_of(listed)["items"]) == 3
    assert output_of(wait_for(invoke.delay("saveAlbum", {"id": "382ObEPsp2rxGrnsizN5TX"}, connection="alice"))) == {}


def test_a_wrong_argument_is_an_error_in_the_envelope_and_no_failed_task(invoke):
    task = invoke.delay("getUserTopTracks", {"time_range": "yesterday"}, connection="alice")
    assert error_of(wait_for(task))["status_code"] == "JSON_VALIDATION"
    assert task.successful()


def test_a_connection_that_nobody_made_says_how_to_make_it(invoke):
    error = error_of(wait_for(invoke.delay("getCurrentUserProfile", connection="nobody")))
    assert error["kind"] == "reauthorize"
    assert "spotify-blocks login" in error["status_msg"]


def test_an_app_s_connection_reads_the_catalogue_and_needs_a_user_for_what_is_a_user_s(invoke, sandbox, environment):
    args = sandbox.demo_args
    app = Connection("catalogue", args["client_id"], args["client_key"], scopes=(), is_app=True)
    RedisStore(environment["CONNECTOR_STORE"], Manifest.load().command, KEY).save(app)
    found = wait_for(invoke.delay("searchTracks", {"q": "a", "max_items": 1}, connection="catalogue"))
    assert len(output_of(found)["tracks"]["items"]) == 1
    before = len(sandbox.control.calls())
    error = error_of(wait_for(invoke.delay("getUserTopTracks", connection="catalogue")))
    assert error["kind"] == "forbidden"
    assert "an app's own, without one" in error["status_msg"]
    assert len(sandbox.control.calls()) == before


def test_an_unknown_block_is_the_programmer_s_mistake_on_both_sides(app, invoke):
    with pytest.raises(UnknownBlock, match="Did you mean getCategory"):
        invoke.delay("getCategry", connection="alice")
    with pytest.raises(Exception, match="There is no block"):
        wait_for(app.send_task(INVOKE, ["getCategry"]))


def test_a_chain_feeds_what_it_finds_into_the_next_block(invoke, then):
    steps = chain(
        invoke.s("getUserTopTracks", {"max_items": 3}, connection="alice"),
        then.s("removeSavedTrack", connection="alice", take={"id": "items[].id"}),
        then.s("getUserTopTracks", {"max_items": 3}, connection="alice"),
        then.s("checkSavedTrack", connection="alice", take={"id": "items[].id"}),
    )
    assert output_of(wait_for(steps.apply_async())) == [False, False, False]


def test_a_chord_gives_the_outputs_as_a_list(invoke, then):
    header = [
        invoke.s("getUserTopTracks", {"max_items": 2, "time_range": term}, connection="alice")
        for term in ("short_term", "long_term")
    ]
    body = then.s("checkSavedTrack", connection="alice", take={"id": "[].items[].id"})
    assert len(output_of(wait_for(chord(header, body).apply_async()))) == 4


def test_groups_work(invoke):
    tasks = group(invoke.s("getCurrentUserProfile", connection="alice") for _ in range(3))
    assert {output_of(envelope)["id"] for envelope in wait_for(tasks.apply_async())} == {"sandbox-listener"}


def test_after_an_error_a_chain_runs_nothing_and_hands_it_on(invoke, then, sandbox):
    before = count_calls(sandbox, "/me")
    steps = chain(
        invoke.s("getUserTopTracks", {"time_range": "yesterday"}, connection="alice"),
        then.s("saveTrack", connection="alice", take={"id": "items[].id"}),
        then.s("getCurrentUserProfile", connection="alice"),
    )
    error = error_of(wait_for(steps.apply_async()))
    assert [field["name"] for field in error["fields"]] == ["time_range"]
    assert count_calls(sandbox, "/me") == before


def test_one_error_of_a_chord_is_the_chord_s(invoke, then):
    header = [
        invoke.s("getCurrentUserProfile", connection="alice"),
        invoke.s("getUserTopTracks", {"time_range": "yesterday"}, connection="alice"),
    ]
    envelope = wait_for(chord(header, then.s("getCurrentUserProfile", connection="alice")).apply_async())
    assert error_of(envelope)["kind"] == "invalid_fields"


def test_a_result_that_tells_of_the_day_s_budget_is_taken_as_any_other(then, sandbox):
    tracks = {"callback": "success", "contextWrites": {"to": {"items": [{"id": "4iV5W9uYEdYUVa79Axb7Rh"}]}}}
    take = {"id": "items[].id"}
    left = {"meta": {"calls_left": 12}}
    envelope = wait_for(then.delay(tracks | left, "checkSavedTrack", connection="alice", take=take))
    assert len(output_of(envelope)) == 1
    error = {"callback": "error", "contextWrites": {"to": {"kind": "not_found"}}}
    before = count_calls(sandbox, "/me")
    envelope = wait_for(then.delay(error | left, "getCurrentUserProfile", connection="alice"))
    assert envelope == error | left
    assert count_calls(sandbox, "/me") == before


def test_what_another_kind_of_task_gives_is_taken_as_it_is(then):
    tracks = ["4iV5W9uYEdYUVa79Axb7Rh", "1301WleyT98MSxVHPZCA6M"]
    task = then.delay({"mine": tracks}, "checkSavedTrack", connection="alice", take={"id": "mine"})
    assert len(output_of(wait_for(task))) == 2


def test_what_is_not_found_is_left_out_and_then_missed(then):
    envelope = wait_for(then.delay({}, "checkSavedTrack", connection="alice", take={"id": "items[0].id"}))
    assert error_of(envelope)["fields"] == ["id"]


def test_what_is_no_expression_is_the_programmer_s_mistake(then):
    with pytest.raises(ValueError, match=r"^take: id: "):
        wait_for(then.delay({}, "checkSavedTrack", connection="alice", take={"id": "items["}))


def test_a_rate_limit_puts_the_task_back_and_holds_no_worker(invoke, sandbox, raw):
    before = count_calls(sandbox, "/me")
    sandbox.control.fault("rate_limited", retry_after=4)
    started = time.monotonic()
    limited = invoke.delay("getCurrentUserProfile", connection="alice")
    other = invoke.delay("getUserTopTracks", {"time_range": "yesterday"}, connection="alice")
    assert output_of(wait_for(limited))["id"] == "sandbox-listener"
    assert time.monotonic() - started >= 4
    assert other.date_done < limited.date_done
    assert count_calls(sandbox, "/me") == before + 2


def test_a_task_that_comes_twice_is_run_once(app, invoke, sandbox):
    first = invoke.delay("getUserSavedAlbums", {"max_items": 1}, connection="alice")
    envelope = wait_for(first)
    before = count_calls(sandbox, "/me/albums")
    copy = invoke.apply_async(["getUserSavedAlbums", {"max_items": 1}, "alice"], task_id=first.id)
    wait_for(invoke.delay("getCurrentUserProfile", connection="alice"))
    assert wait_for(copy) == envelope
    assert count_calls(sandbox, "/me/albums") == before


def test_a_task_that_runs_elsewhere_waits(invoke, connector, sandbox, queue_redis):
    before = count_calls(sandbox, "/me")
    with open_redis(queue_redis.url) as client:
        with hold_lock(client, f"connector:{connector.manifest.command}:task:the-task:running", 0):
            task = invoke.apply_async(["getCurrentUserProfile"], {"connection": "alice"}, task_id="the-task")
            wait_for(invoke.delay("getUserTopTracks", {"time_range": "yesterday"}, connection="alice"))
            assert not task.ready()
            assert count_calls(sandbox, "/me") == before
        assert output_of(wait_for(task))["id"] == "sandbox-listener"
    assert count_calls(sandbox, "/me") == before + 1


def test_redis_holds_no_secret_and_only_json(invoke, then, raw, sandbox):
    wait_for(chain(invoke.s("getCurrentUserProfile", connection="alice"), then.s("refreshToken")).apply_async())
    everything = read_everything(raw)
    assert "sandbox-listener" in everything
    args = sandbox.demo_args
    for name in ("access_token", "refresh_token", "client_key"):
        assert args[name] not in everything
    assert '"content-type": "application/x-python-serialize"' not in everything


def test_a_message_that_is_no_json_is_not_read(app, invoke, caplog):
    app.send_task(INVOKE, ["getCurrentUserProfile"], serializer="pickle")
    wait_for(invoke.delay("getCurrentUserProfile", connection="alice"))
    assert "its body can't be read (ContentDisallowed)" in caplog.text


def test_the_log_tells_block_connection_and_outcome_of_each_task(invoke, caplog):
    with caplog.at_level("INFO", "connector.worker"):
        wait_for(invoke.delay("getCurrentUserProfile", connection="alice"))
        wait_for(invoke.delay("getUserTopTracks", {"time_range": "yesterday"}, connection="alice"))
    done, refused = [record.getMessage() for record in caplog.records if record.name == "connector.worker"]
    assert re.fullmatch(r"getCurrentUserProfile for 'alice': ok, 1 request, [\d.]+ ms, task [-0-9a-f]+", done)
    assert re.match(r"getUserTopTracks for 'alice': invalid_fields, 0 requests, ", refused)
    assert "yesterday" not in refused


def test_called_without_a_queue_it_runs_here(invoke, then):
    assert output_of(invoke("getCurrentUserProfile", connection="alice"))["id"] == "sandbox-listener"
    eager = then.apply([{}, "getCurrentUserProfile"], {"connection": "alice"})
    assert output_of(eager.get())["id"] == "sandbox-listener"


def read_everything(raw):
    """All that Redis holds, as text."""
    readers = {
        "string": raw.get,
        "hash": raw.hgetall,
        "set": raw.smembers,
        "list": lambda key: raw.lrange(key, 0, -1),
        "zset": lambda key: raw.zrange(key, 0, -1),
    }
    return "\n".join(f"{key}: {readers.get(raw.type(key), str)(key)}" for key in raw.keys("*"))
