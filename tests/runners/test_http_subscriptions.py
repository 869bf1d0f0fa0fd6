"""Subscriptions over HTTP: made with all that is wrong told at once, seen by their own key alone, and delivered."""

import pytest
from patience import wait_until, wait_until_still
from runners.subscribers import SAVED, Receiver, read_uris, subscribe

from connector.subscriptions.places import open_folder


@pytest.fixture
def receiver(server, monkeypatch):
    monkeypatch.setenv("CONNECTOR_ALLOWED_HOSTS", "127.0.0.1")
    return Receiver(server)


@pytest.fixture
def place(tmp_path):
    return open_folder(tmp_path / "kept")


@pytest.fixture
def client(start, connector, store, place):
    return start(connector, store, place=place, connection="alice")


@pytest.fixture
def save(sandbox, connector):
    """Saves one more track, and gives its URI."""
    ids = iter(sandbox.control.ids("track", 95)[70:])

    def save():
        saved = next(ids)
        assert connector.invoke("saveTrack", {"id": saved}, connection="alice").ok
        return f"spotify:track:{saved}"

    return save


def test_what_happens_from_the_answer_on_is_delivered_once_in_order_and_signed(client, receiver, save):
    made = subscribe(client, receiver)
    saved = [save() for _ in range(3)]
    wait_until(lambda: len(receiver.ids) >= 3)
    events = receiver.read(made["secret"])
    assert read_uris(events) == saved
    [first, *_] = events
    assert (first["source"], first["subject"]) == (f"/subscriptions/{made['id']}", SAVED)
    saved.append(save())
    wait_until(lambda: len(receiver.ids) >= 4)
    assert read_uris(receiver.read(made["secret"])) == saved
    assert len(set(receiver.ids)) == 4
    told = wait_until(
        lambda: [one for one in [client.get(f"/subscriptions/{made['id']}").json()] if not one["waiting"]]
    )
    assert told[0]["delivered"]


def test_a_sign_in_that_is_gone_leads_to_where_one_signs_in(client, receiver):
    body = {"trigger": SAVED, "url": receiver.url, "connection": "nobody"}
    refused = client.post("/subscriptions", json=body)
    assert (refused.json()["kind"], refused.json()["sign_in"]) == ("reauthorize", "/connect/nobody")


def test_the_secret_is_told_once_and_kept_sealed(client, receiver, tmp_path):
    made = subscribe(client, receiver)
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    listed = client.get("/subscriptions").json()["subscriptions"]
    assert [one["id"] for one in listed] == [made["id"]]
    shown = client.get(f"/subscriptions/{made['id']}").json()
    assert shown.keys() == made.keys() == listed[0].keys()
    assert "secret" not in shown
    kept = b"".join(path.read_bytes() for path in (tmp_path / "kept").iterdir())
    assert secret.encode() not in kept
    assert secret.removeprefix("whsec_").encode() not in kept


@pytest.mark.each(
    ("more", "problem"),
    [
        ({"trigger": None}, "trigger is required"),
        ({"trigger": "newSavedTrak"}, "trigger is none of the triggers (fits: newSavedTrack"),
        ({"url": None}, "url is required"),
        ({"url": "http://hooks.example/1"}, "url begins with something else than https://"),
        ({"url": "https://10.0.0.7/hook"}, "url leads to this computer or its network"),
        ({"url": 7}, "url is no text"),
        ({"every": 0.5}, "every is no time between two polls"),
        ({"every": True}, "every is no time between two polls"),
        ({"args": "market"}, "args is no object"),
        ({"args": {"market": "S" * 20_000}}, "args is too long to be kept"),
        ({"args": {"access_token": "not-a-real-token"}}, "access_token is a secret, which is not kept"),
        ({"args": {"market": "Sweden?"}}, "market"),
        ({"colour": "blue"}, "body has 1 name that mean"),
    ],
)
def test_what_does_not_fit_is_told_with_its_field(client, receiver, more, problem):
    asked = {"trigger": SAVED, "url": receiver.url, "every": 60, **more}
    answer = client.post("/subscriptions", json={name: value for name, value in asked.items() if value is not None})
    assert answer.status_code == 422, answer.text
    assert problem in answer.json()["detail"]
    [field] = answer.json()["fields"]
    assert problem.startswith(field["name"])
    assert "not-a-real-token" not in answer.text
    assert client.get("/subscriptions").json() == {"subscriptions": []}


def test_all_that_is_wrong_is_told_at_once(client):
    answer = client.post("/subscriptions", json={"url": "ftp://a", "every": -1})
    assert [field["name"] for field in answer.json()["fields"]] == ["trigger", "url", "every"]
    assert client.post("/subscriptions", data=b"[]").json()["kind"] == "bad_json"
    assert client.post("/subscriptions", json={"connection": 1}).json()["kind"] == "bad_json"


def test_what_can_t_work_is_told_before_there_is_a_subscription(client, receiver):
    gone = {"trigger": "newPlaylistItem", "args": {"playlist_id": "0" * 22}}
    answer = client.post("/subscriptions", json={**gone, "url": receiver.url})
    assert (answer.status_code, answer.json()["kind"]) == (404, "not_found")
    assert client.get("/subscriptions").json() == {"subscriptions": []}


def test_what_passes_by_itself_is_no_reason_not_to_subscribe(client, receiver, sandbox, save):
    sandbox.control.fault("server_error", times=9, match="GET /me/tracks")
    made = subscribe(client, receiver)
    assert (made["status"], made["polled"]) == ("active", None)
    wait_until(lambda: client.get(f"/subscriptions/{made['id']}").json()["polled"])
    saved = save()
    wait_until(lambda: receiver.ids)
    assert read_uris(receiver.read(made["secret"])) == [saved]


def test_without_a_connection_there_is_nothing_to_look_at(start, connector, store, place, receiver):
    client = start(connector, store, place=place)
    asked = {"trigger": SAVED, "url": receiver.url}
    answer = client.post("/subscriptions", json=asked)
    assert (answer.status_code, answer.json()["kind"]) == (422, "missing_fields")
    assert [field["name"] for field in answer.json()["fields"]] == ["connection"]
    assert client.post("/subscriptions", json=asked, headers={"X-Connection": "bob"}).json()["connection"] == "bob"
    assert client.post("/subscriptions", json={**asked, "connection": "carol"}).json()["kind"] == "reauthorize"


def test_a_key_sees_and_touches_its_own_alone(start, connector, store, place, receiver):
    one = start(connector, store, place=place, key="secret-1", keys="n8n:secret-1:alice zapier:secret-2:bob")
    made = subscribe(one, receiver, connection="alice")
    other = {"X-API-Key": "secret-2"}
    assert one.get("/subscriptions", headers=other).json() == {"subscriptions": []}
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/pause"), ("POST", "/resume"), ("POST", "/test")):
        answer = one.request(method, f"/subscriptions/{made['id']}{path}", headers=other)
        assert (answer.status_code, answer.json()["kind"]) == (404, "unknown_subscription")
    asked = {"trigger": SAVED, "url": receiver.url, "connection": "alice"}
    assert one.post("/subscriptions", json=asked, headers=other).json()["kind"] == "connection"
    assert one.get(f"/subscriptions/{made['id']}").json()["status"] == "active"


def test_a_key_has_only_so_many(start, connector, store, place, receiver, sandbox):
    client = start(connector, store, place=place, connection="alice", subscriptions=2)
    made = [subscribe(client, receiver, every=60) for _ in range(2)]
    before = len(sandbox.control.calls())
    answer = client.post("/subscriptions", json={"trigger": SAVED, "url": receiver.url})
    assert (answer.status_code, answer.json()["kind"]) == (429, "subscriptions")
    # Who asks again and again costs the service nothing.
    assert len(sandbox.control.calls()) == before
    assert client.delete(f"/subscriptions/{made[0]['id']}").status_code == 204
    assert client.delete(f"/subscriptions/{made[0]['id']}").status_code == 404
    subscribe(client, receiver, every=60)


def test_what_is_paused_is_told_when_it_goes_on(client, receiver, save):
    made = subscribe(client, receiver)
    address = f"/subscriptions/{made['id']}"
    paused = client.post(f"{address}/pause").json()
    assert (paused["status"], paused["next_poll"]) == ("paused", None)
    saved = save()
    wait_until_still(lambda: len(receiver.ids), 1.5)
    assert receiver.ids == []
    assert client.post(f"{address}/resume").json()["status"] == "active"
    wait_until(lambda: receiver.ids)
    assert read_uris(receiver.read(made["secret"])) == [saved]


def test_a_receiver_can_be_tried(client, receiver):
    made = subscribe(client, receiver, every=60)
    answer = client.post(f"/subscriptions/{made['id']}/test").json()
    assert answer == {"delivered": True, "status": 204, "problem": None}
    [event] = receiver.read(made["secret"])
    assert event["type"].endswith(".test")
    receiver.status = 500
    answer = client.post(f"/subscriptions/{made['id']}/test").json()
    assert (answer["delivered"], answer["status"]) == (False, 500)
    assert "127.0.0.1 answered 500" in answer["problem"]


def test_a_subscription_whose_sign_in_is_gone_rests_and_says_so(client, receiver, sandbox):
    made = subscribe(client, receiver)
    sandbox.control.seed(revoke_grants=True)
    address = f"/subscriptions/{made['id']}"
    told = wait_until(lambda: [one for one in [client.get(address).json()] if one["status"] == "resting"])[0]
    assert "login --name alice" in told["why"]


def test_a_key_that_is_gone_hears_nothing_until_it_is_back(
    start, connector, store, place, receiver, save, tmp_path, monkeypatch
):
    monkeypatch.setattr("connector.subscriptions.turn._LEFT_S", 0.05)
    keys = tmp_path / "keys.toml"
    text = '[n8n]\nkey = "secret-1"\nconnections = ["alice"]\n'
    keys.write_text(text)
    client = start(connector, store, place=place, key="secret-1", keys_file=keys)
    made = subscribe(client, receiver, connection="alice")
    keys.write_text('[other]\nkey = "secret-2"\n')
    saved = save()
    wait_until_still(lambda: len(receiver.ids), 1.5)
    assert receiver.ids == []
    # Under its name, whatever the key is.
    keys.write_text(text.replace("secret-1", "secret-3"))
    wait_until(lambda: receiver.ids)
    assert read_uris(receiver.read(made["secret"])) == [saved]
    keys.write_text(text.replace("secret-1", "secret-3").replace("alice", "bob"))
    address = f"/subscriptions/{made['id']}"
    again = {"X-API-Key": "secret-3"}
    told = wait_until(
        lambda: [one for one in [client.get(address, headers=again).json()] if one["status"] == "resting"]
    )[0]
    assert told["why"].startswith("The API key n8n may not use its connection any more")


def test_a_store_that_can_t_be_used_is_told_and_blocks_go_on(client, receiver, tmp_path):
    made = subscribe(client, receiver, every=60)
    for path in (tmp_path / "kept").glob("subscriptions.db*"):
        path.unlink()
    (tmp_path / "kept" / "subscriptions.db").write_bytes(b"no database " * 1000)
    for answer in (
        client.get("/subscriptions"),
        client.get(f"/subscriptions/{made['id']}"),
        client.post("/subscriptions", json={"trigger": SAVED, "url": receiver.url}),
    ):
        assert (answer.status_code, answer.json()["kind"]) == (503, "subscription_store")
        assert "are damaged (file is not a database)" in answer.json()["detail"]
    assert client.run("getCurrentUserProfile", {"connection": "alice"}).status_code == 200


def test_deliveries_and_polls_are_counted(client, receiver, save):
    subscribe(client, receiver)
    save()
    wait_until(
        lambda: (
            'connector_deliveries_total{outcome="delivered",trigger="newSavedTrack"} 1.0' in client.get("/metrics").text
        )
    )
    assert 'connector_invocations_total{block="newSavedTrack",kind="ok",status="200"}' in client.get("/metrics").text


def test_a_server_without_a_place_takes_none(start, connector, store):
    assert start(connector, store).get("/subscriptions").json()["kind"] == "unknown_path"
