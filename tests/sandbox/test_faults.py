"""Faults on demand."""

import time

import pytest
import requests

from connector.sandbox import FAULT_NAMES

PREMIUM = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, "
    "it can take a few hours before requests are allowed again."
)
API_JSON = {
    "expired_token": (401, "The access token expired"),
    "invalid_token": (401, "Invalid access token"),
    "no_token": (401, "No token provided"),
    "insufficient_scope": (403, "Insufficient client scope"),
    "forbidden": (403, "Forbidden"),
    "not_found": (404, "Resource not found"),
    "bad_request": (400, "Bad request"),
    "server_error": (500, "Server error."),
    "bad_gateway": (502, "Bad gateway."),
}
API_TEXT = {
    "not_registered": (403, "User not registered in the Developer Dashboard"),
    "premium_required": (403, PREMIUM),
    "rate_limited": (429, "Too many requests"),
    "unavailable": (503, ""),
}
TOKEN_JSON = {
    "invalid_grant_revoked": {"error": "invalid_grant", "error_description": "Refresh token revoked"},
    "invalid_grant_expired": {"error": "invalid_grant", "error_description": "Refresh token expired"},
    "invalid_client": {"error": "invalid_client", "error_description": "Invalid client"},
}
SECRET = ("sandbox-client", "sandbox-secret-not-real")


def test_all_faults_are_tested_here():
    others = {"quota_exceeded", "forbidden_no_message", "html", "html_502", "no_json", "custom", "slow", "drop"}
    assert set(FAULT_NAMES) == API_JSON.keys() | API_TEXT.keys() | TOKEN_JSON.keys() | others


@pytest.mark.parametrize("name", API_JSON)
def test_json_faults_strike_once(client, control, name):
    control.fault(name)
    status, message = API_JSON[name]
    answer = client.get("/me")
    assert (answer.status_code, answer.json()) == (status, {"error": {"status": status, "message": message}})
    assert answer.headers.get("WWW-Authenticate", "").startswith("Bearer") == (status == 401)
    assert client.get("/me").status_code == 200


def test_the_quota_of_a_day_is_another_refusal_than_the_rate_limit(client, control):
    control.fault("quota_exceeded", retry_after=48_925)
    answer = client.get("/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "48925")
    assert answer.json() == {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}


@pytest.mark.parametrize("name", API_TEXT)
def test_text_faults(client, control, name):
    control.fault(name)
    answer = client.get("/me")
    assert (answer.status_code, answer.text) == API_TEXT[name]
    assert "json" not in answer.headers.get("Content-Type", "")


def test_a_403_without_a_message(client, control):
    control.fault("forbidden_no_message")
    assert client.get("/me").json() == {"error": {"status": 403}}


@pytest.mark.parametrize(
    ("options", "expected"), [({}, "7"), ({"retry_after": 86400}, "86400"), ({"retry_after": None}, None)]
)
def test_the_wait_of_a_rate_limit(client, control, options, expected):
    control.fault("rate_limited", **options)
    assert client.get("/me").headers.get("Retry-After") == expected


@pytest.mark.parametrize(("name", "status"), [("html", 200), ("html_502", 502)])
def test_a_proxys_page(client, control, name, status):
    control.fault(name)
    answer = client.get("/me")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert answer.text.startswith("<html>")


def test_broken_json(client, control):
    control.fault("no_json")
    answer = client.get("/me")
    assert answer.headers["Content-Type"] == "application/json"
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("name", TOKEN_JSON)
def test_token_faults_leave_the_api_alone(client, control, name):
    control.fault(name)
    assert client.get("/me").status_code == 200
    answer = client.token_call(data={"grant_type": "client_credentials"}, auth=SECRET)
    assert (answer.status_code, answer.json()) == (400, TOKEN_JSON[name])


def test_custom_answers(client, control):
    control.fault("custom", status=418, headers={"X-Kettle": "yes"}, body="short and stout")
    answer = client.get("/me")
    assert (answer.status_code, answer.text, answer.headers["X-Kettle"]) == (418, "short and stout", "yes")
    control.fault("custom", status=200, body={"id": 1})
    assert client.get("/me").json() == {"id": 1}
    control.fault("custom", status=200, headers={"Content-Type": "text/csv"}, body="a,b")
    assert client.get("/me").headers["Content-Type"] == "text/csv"


def test_times_match_and_after(client, control):
    control.fault("server_error", times=2, match="GET /me/tracks", after=1)
    assert client.get("/me/albums").status_code == 200
    assert [client.get("/me/tracks").status_code for _ in range(4)] == [200, 500, 500, 200]


@pytest.mark.parametrize("match", ["GET /me", "get /v1/me", "/me", "/v1/me", "GET", None])
def test_ways_to_match(client, control, match):
    control.fault("bad_gateway", match=match)
    assert client.get("/me/tracks").status_code == 502


@pytest.mark.parametrize("match", ["PUT /me", "PUT", "/browse"])
def test_what_does_not_match(client, control, match):
    control.fault("bad_gateway", match=match)
    assert client.get("/me").status_code == 200


def test_a_fault_without_end_lasts_until_the_reset(client, control):
    control.fault("unavailable", times=None)
    assert [client.get("/me").status_code for _ in range(3)] == [503] * 3
    control.reset()
    client.token = None
    assert client.get("/me").status_code == 200


def test_faults_queue(client, control):
    control.fault("server_error")
    control.fault("rate_limited")
    assert [client.get("/me").status_code for _ in range(3)] == [500, 429, 200]


def test_a_slow_answer_is_still_the_right_one(client, control):
    control.fault("slow", seconds=0.15)
    started = time.monotonic()
    answer = client.get("/me")
    assert time.monotonic() - started >= 0.15
    assert answer.json()["id"] == "sandbox-listener"


def test_a_slow_answer_holds_nobody_else_up(client, control, sandbox):
    control.fault("slow", seconds=30)
    with pytest.raises(requests.ReadTimeout):
        client.call("GET", "/me", timeout=0.1)
    assert client.get("/me").status_code == 200
    assert [call["status"] for call in control.calls()] == [None, 200]


def test_a_dropped_connection(client, control):
    control.fault("drop", match="PUT /me/tracks")
    with pytest.raises(requests.ConnectionError):
        client.put("/me/tracks", json={"ids": ["1301WleyT98MSxVHPZCA6M"]})
    assert client.get("/me/tracks/contains", ids="1301WleyT98MSxVHPZCA6M").json() == [False]
    assert control.calls()[0]["status"] is None


@pytest.mark.parametrize("name", ["drop", "bad_gateway"])
def test_an_answer_lost_after_the_write_took_effect(client, control, name):
    control.fault(name, match="PUT", applied=True)
    try:
        status = client.put("/me/tracks", json={"ids": ["1301WleyT98MSxVHPZCA6M"]}).status_code
    except requests.ConnectionError:
        status = None
    assert status == {"drop": None, "bad_gateway": 502}[name]
    assert client.get("/me/tracks/contains", ids="1301WleyT98MSxVHPZCA6M").json() == [True]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("tired", {}, "no fault 'tired'"),
        ("server_error", {"retry_after": 3}, "does not take retry_after"),
        ("slow", {}, "needs seconds"),
        ("custom", {"body": ""}, "needs status"),
        ("drop", {"times": 0}, "times"),
    ],
)
def test_faults_that_make_no_sense(control, name, options, message):
    with pytest.raises(ValueError, match=message):
        control.fault(name, **options)
