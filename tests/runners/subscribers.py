"""Receivers of events, and what asks for them."""

import json

from standardwebhooks import Webhook

SAVED = "newSavedTrack"


class Receiver:
    """What a server of the tests was sent, as a receiver with the libraries' own means reads it."""

    def __init__(self, server):
        self.server = server
        self.status = 204
        #: What is done before an answer.
        self.before = None
        server.answer = self._answer

    def _answer(self, _seen):
        if self.before:
            self.before()
        return self.status, {}, b""

    @property
    def url(self):
        return f"{self.server.url}/hook"

    def read(self, secret):
        """Each event that came, verified."""
        return [Webhook(secret).verify(seen.body, _lower(seen.headers)) for seen in list(self.server.requests)]

    @property
    def ids(self):
        return [json.loads(seen.body)["id"] for seen in list(self.server.requests)]


def _lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def subscribe(client, receiver, **more):
    answer = client.post("/subscriptions", json={"trigger": SAVED, "url": receiver.url, "every": 1, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def read_uris(events):
    return [event["data"]["data"]["track"]["uri"] for event in events]
