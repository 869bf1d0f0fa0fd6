"""Subscriptions over HTTP, for platforms that want to be called: made, listed, paused, tried and deleted. A key sees
its own only; another's are not there for it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.errors import ConnectorError, InvocationFailed
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger
from connector.runners.http_server import problems
from connector.runners.http_server.bodies import Bodies, NoJson, parse_object
from connector.runners.http_server.calls import Caller, to_json
from connector.runners.http_server.keys import Key
from connector.runners.http_server.problems import RETRY_AFTER_S, Refused
from connector.runners.http_server.sign_in_paths import find_sign_in
from connector.runners.http_server.subscribing import Subscribing
from connector.runners.http_server.subscription_forms import (
    Asked,
    check_connection_given,
    describe_subscription,
    read_asked,
)
from connector.subscriptions.store import SubscriptionsUnreachable
from connector.subscriptions.subscription import Progress, Status, Subscription
from connector.subscriptions.turn import PASSING
from connector.wire.deadline import Cancel

#: The event that is sent to try a receiver.
_TEST: Final = {"type": "test", "time": None, "data": {"text": "This is a test: nothing has happened."}}


class SubscriptionEndpoints:
    """`POST /subscriptions`, `GET /subscriptions`, `GET` and `DELETE /subscriptions/{id}`, and `POST` to its `/pause`,
    `/resume` and `/test`. An owner may have `most`."""

    def __init__(self, manifest: Manifest, caller: Caller, bodies: Bodies, subscribing: Subscribing, most: int) -> None:
        self._manifest = manifest
        self._caller = caller
        self._bodies = bodies
        self._subscribing = subscribing
        self._store = subscribing.store
        self._most = most

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/subscriptions", self._list_or_add, methods=["GET", "POST"]),
            Route("/subscriptions/{id}", self._show_or_remove, methods=["GET", "DELETE"]),
            Route("/subscriptions/{id}/pause", self._pause, methods=["POST"]),
            Route("/subscriptions/{id}/resume", self._resume, methods=["POST"]),
            Route("/subscriptions/{id}/test", self._test, methods=["POST"]),
        ]

    async def _list_or_add(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._add(request)
        owner = _find_owner(request)

        def work() -> Response:
            found = self._store.read_all(owner)
            return _json({"subscriptions": [describe_subscription(*one) for one in found]})

        return await self._run(request, work)

    async def _show_or_remove(self, request: Request) -> Response:
        def work() -> Response:
            found = self._find(request)
            if request.method == "GET":
                return _json(describe_subscription(*found))
            self._store.remove(found[0].id)
            return Response(status_code=204)

        return await self._run(request, work)

    async def _add(self, request: Request) -> Response:
        body = await self._bodies.read(request)
        with self._bodies.working_on(body):
            try:
                given = parse_object(body)
            except NoJson as problem:
                raise Refused("bad_json", str(problem)) from None
            named = given.get("connection") or request.headers.get("x-connection") or None
            if named is not None and not isinstance(named, str):
                raise Refused("bad_json", "`connection` is the name of a connection, a text.")
            chosen = self._caller.choose_connection(request.state.key, named)
            try:
                asked = read_asked(self._manifest, given)
                connection = check_connection_given(chosen)
            except InvocationFailed as failure:
                return problems.to_response(failure.error)
            owner, cancel = _find_owner(request), Cancel()
            form = find_trigger(self._manifest, asked.trigger).form
            sign_in = find_sign_in(request, self._manifest, form, connection)
            return await self._run(request, lambda: self._make(owner, asked, connection, sign_in, cancel), cancel)

    def _make(self, owner: str, asked: Asked, connection: str, sign_in: str | None, cancel: Cancel) -> Response:
        """Polls once, so that what can't work is told at once, and all that happens from here on is told later."""
        if self._store.count(owner) >= self._most:
            raise self._refuse_more()
        name = f"sub_{secrets.token_hex(12)}"
        secret, sealed = self._subscribing.receivers.make_secret(name)
        subscription = Subscription(
            id=name,
            owner=owner,
            trigger=asked.trigger,
            args=asked.args,
            connection=connection,
            url=asked.url,
            every=asked.every,
            created=time.time(),
            secret=sealed,
        )
        seen, come = self._subscribing.turns.poll(subscription, Progress(), cancel)
        if seen.error is not None and (seen.error.kind not in PASSING or cancel.is_set):
            return problems.to_response(seen.error, sign_in)
        if seen.error is None:
            # Those that are made together don't come again together.
            come = replace(come, next_poll=subscription.created + self._spread(come.next_poll - subscription.created))
        if not self._store.add(subscription, come, self._most):
            raise self._refuse_more()
        self._subscribing.wake()
        told = describe_subscription(subscription, come)
        return _json({"id": name, "secret": secret, **told}, 201)

    @staticmethod
    def _spread(pause: float) -> float:
        return secrets.SystemRandom().uniform(0.0, pause)

    async def _pause(self, request: Request) -> Response:
        return await self._set_status(request, "paused")

    async def _resume(self, request: Request) -> Response:
        return await self._set_status(request, "active")

    async def _set_status(self, request: Request, status: Status) -> Response:
        def work() -> Response:
            self._store.set_status(self._find(request)[0].id, status)
            self._subscribing.wake()
            return _json(describe_subscription(*self._find(request)))

        return await self._run(request, work)

    async def _test(self, request: Request) -> Response:
        cancel = Cancel()

        def work() -> Response:
            subscription, _ = self._find(request)
            event = {"id": f"test_{secrets.token_hex(8)}", **_TEST}
            delivery = self._subscribing.receivers.deliver(subscription, event, cancel)
            return _json({"delivered": delivery.ok, "status": delivery.status, "problem": delivery.why})

        return await self._run(request, work, cancel)

    def _find(self, request: Request) -> tuple[Subscription, Progress]:
        """The subscription of the address. Raises `Refused` where there is none of this key's."""
        found = self._store.get(request.path_params["id"])
        if found is None or found[0].owner != _find_owner(request):
            raise Refused("unknown_subscription", "There is no such subscription; GET /subscriptions lists them.")
        return found

    def _refuse_more(self) -> Refused:
        return Refused(
            "subscriptions", f"The API key has {self._most} subscriptions, and no more are taken: delete one first."
        )

    async def _run(self, request: Request, work: Callable[[], Response], cancel: Cancel | None = None) -> Response:
        """What `work` gives, in a thread of the pool. Raises `Refused` where the place can't be used."""
        try:
            return await self._caller.run(request, work, cancel)
        except InvocationFailed as failure:
            return problems.to_response(failure.error)
        except SubscriptionsUnreachable as problem:
            raise Refused("subscription_store", str(problem), retry_after=RETRY_AFTER_S) from None
        except ConnectorError as problem:
            raise Refused("subscription_store", str(problem)) from None


def _find_owner(request: Request) -> str:
    key: Key = request.state.key
    return key.name


def _json(value: Any, status: int = 200) -> Response:
    return Response(to_json(value), status, media_type="application/json")
