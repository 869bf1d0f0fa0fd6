"""A subscription of the tests, how far it has come, and what is done with both in a store."""

from connector.subscriptions.subscription import Progress, Subscription

BEGUN = Progress()
#: A service's text may hold halves of characters.
EVENT = {"id": "e1", "type": "newSavedTrack", "time": "2026-01-01T00:00:00Z", "data": {"name": "Ü \ud83c"}}
PROGRESS = Progress({"v": 1}, (EVENT,), 50.0, 70.0, 2, 40.0, 30.0, 20.0, 10.0)


def build(name, **more):
    asked = {
        "owner": "n8n",
        "trigger": "newSavedTrack",
        "args": {"market": "SE"},
        "connection": "alice",
        "url": "https://hooks.example/1",
        "every": 60.0,
        "created": 1000.0,
        "secret": "sealed",
    }
    return Subscription(**{"id": name, **asked, **more})


def add(store, name, progress=BEGUN, **more):
    assert store.add(build(name, **more), progress, 100)


def lease(store, now, most=10, lease_s=60):
    return store.lease(now, most, lease_s)


def names(found):
    return [subscription.id for subscription, *_ in found]
