"""What the engine holds while it works tells no secret when it is shown: in a debugger, a notebook, a log of locals."""

import gc
import importlib
import pkgutil
from dataclasses import fields, is_dataclass

import pytest

import connector
from connector import Connector
from connector.auth import Connection, SignIn
from connector.auth.stores.memory_store import MemoryStore
from connector.auth.token_answers import Tokens
from connector.wire.deadline import Deadline

SECRETS = {
    name: f"s3cret-{name}"
    for name in ("given", "access", "refresh", "client", "new-access", "new-refresh", "code", "verifier")
}


def is_ours(kind):
    module = str(kind.__module__)
    return module.startswith("connector.") and not module.startswith("connector.sandbox")


@pytest.fixture
def shown():
    """What is shown of everything that the engine holds, whenever it is looked at; by type."""
    seen = {}

    def look():
        for thing in gc.get_objects():
            if is_ours(type(thing)):
                seen.setdefault(f"{type(thing).__module__}.{type(thing).__qualname__}", set()).add(repr(thing))

    yield seen, look
    told = [name for name, texts in seen.items() for text in texts for secret in SECRETS.values() if secret in text]
    assert sorted(set(told)) == []


#: Whether a thing is secret, what a field for one is called, and what stands in the manifest.
HARMLESS = {
    "connector.auth.sign_in.SignIn.secret_field",
    "connector.auth.sign_in.SignIn.token",
    "connector.cassettes.recording.Case.args",
    "connector.manifest.blocks.Field.secret",
    "connector.manifest.routes.Route.content",
    "connector.runners.http_server.settings.Note.is_secret",
}
#: Fields that hold what a caller gave, or what goes over the wire.
TELLING = {"given", "args", "headers", "content", "secrets", "verifier", "state", "keys", "cookie_secret"}


def test_no_value_class_shows_what_may_be_secret():
    for module in pkgutil.walk_packages(connector.__path__, "connector."):
        if "sandbox" not in module.name and "__main__" not in module.name:
            importlib.import_module(module.name)
    classes = [thing for thing in gc.get_objects() if isinstance(thing, type) and is_dataclass(thing)]
    told = {
        f"{each.__module__}.{each.__qualname__}.{field.name}"
        for each in classes
        if is_ours(each) and each.__dataclass_params__.repr
        for field in fields(each)
        if field.repr and (field.name in TELLING or "token" in field.name or "secret" in field.name)
    }
    assert sorted(told - HARMLESS) == []


def test_a_call_with_a_token_of_its_own(shown, connect, server):
    seen, look = shown
    server.answer = lambda _seen: (look(), (200, {}, {"items": [], "next": None, "total": 0}))[1]
    assert connect().invoke("getUserSavedTracks", {"access_token": SECRETS["given"]}).ok
    assert connect().invoke("getUserSavedTracks", {"access_token": SECRETS["given"], "market": 7}).error
    assert "connector.wire.request.Request" in seen


@pytest.mark.parametrize("secret", [SECRETS["client"], None], ids=["secret", "PKCE"])
def test_a_call_by_a_connection_that_is_refreshed(shown, server, manifest, secret):
    _, look = shown
    connection = Connection(
        "alice", "an-app", secret, access_token=SECRETS["access"], refresh_token=SECRETS["refresh"], expires_at=1.0
    )
    fresh = {"access_token": SECRETS["new-access"], "refresh_token": SECRETS["new-refresh"], "expires_in": 3600}
    server.answer = lambda seen: (look(), (200, {}, fresh if seen.method == "POST" else {"id": "x"}))[1]
    servers = dict.fromkeys(manifest.servers, server.url)
    for which in ("alice", connection):
        with Connector(manifest, servers=servers, store=MemoryStore([connection])) as connector:
            assert connector.invoke("getCurrentUserProfile", connection=which).ok
            look()


def test_a_sign_in(shown, manifest, server, monkeypatch):
    seen, look = shown
    sign_in = SignIn.from_manifest(manifest)
    servers = dict.fromkeys(manifest.servers, server.url)
    monkeypatch.setattr("oauthlib.oauth2.WebApplicationClient.create_code_verifier", lambda *_: SECRETS["verifier"])
    attempt = sign_in.begin(
        servers, client_id="an-app", client_secret=SECRETS["client"], scopes=[], redirect_uri="http://127.0.0.1/"
    )
    fresh = {"access_token": SECRETS["new-access"], "refresh_token": SECRETS["new-refresh"]}
    server.answer = lambda _seen: (look(), (200, {}, fresh))[1]
    with Connector(manifest, servers=servers) as connector:
        send = connector._shared.transport.send
        sign_in.finish(attempt, SECRETS["code"], send, Deadline(30), name="alice")
    assert "connector.auth.sign_in_attempt.SignInAttempt" in seen
    assert SECRETS["new-access"] not in repr(Tokens(SECRETS["new-access"], SECRETS["new-refresh"]))
