"""The way of one call, from its arguments to the service's answers. This is the only place that knows the order of
the steps; each of them belongs to the room that it is imported from."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from connector.arguments.validation import Args
from connector.errors import ErrorDetail, InvocationFailed, tell_break
from connector.manifest.done_texts import tell_done
from connector.manifest.procedures import Procedure
from connector.many.batching import Batches
from connector.many.paging import Pages
from connector.many.plan import Plan, plan_requests
from connector.result import Meta, Result
from connector.way.call import Call, Switch
from connector.way.credentials import check_named, find_caller, find_caller_for, find_stand_in, identify
from connector.way.one_request import CallSender
from connector.way.read_back import settle_doubt
from connector.way.read_first import find_existing, read_first, settle
from connector.way.routes import choose_routes, keep_doubt, leads_on, sum_up
from connector.way.shared import Shared
from connector.way.spans import describe_call, describe_error


def iter_answers(call: Call, shared: Shared) -> Generator[tuple[Plan, Any], None, None]:
    """The service's answers to `call`, one by one, each with the plan that it belongs to, which can join them.

    Raises `InvocationFailed`, whose message begins with the block's name. Nothing is sent where the arguments don't
    fit or where nobody can call. The call's span ends with the iterator.
    """
    with telling(call), closing(walk(call, shared)) as answers:
        yield from answers


def iter_entries(begin: Callable[[], tuple[Call, Switch]], shared: Shared) -> Generator[Any, None, None]:
    """The entries in the answers to the call that `begin` gives when the first is wanted, and which is over with the
    iterator. Raises `InvocationFailed` as `iter_answers` does."""
    call, switch = begin()
    block = call.block
    try:
        # The first answer comes before anything is handed on, and it tells by which plan the rest is read.
        with closing(iter_answers(call, shared)) as answers:
            plan, first = next(answers)
            entries = plan.iter_entries(chain([first], (answer for _, answer in answers)))
            yield from block.listing.iter_entries(entries) if block.listing else entries
    finally:
        switch.release()
        call.meta.duration = time.monotonic() - call.started


@contextmanager
def telling(call: Call) -> Iterator[None]:
    """Around all that is done for `call`: says in its span how it went, which ends with it, and in an error's message
    which block it is about."""
    try:
        yield
    except InvocationFailed as failure:
        describe_error(call.span, failure)
        raise InvocationFailed(call.name(failure.error)) from None
    except Exception as problem:
        describe_error(call.span, problem)
        raise
    finally:
        describe_call(call.span, call.meta)
        call.span.end()


def walk(call: Call, shared: Shared) -> Generator[tuple[Plan, Any], None, None]:
    """The answers as `iter_answers` gives them, of a call that is part of another or the whole of it."""
    block, manifest, meta = call.block, shared.manifest, call.meta
    stand_in = find_stand_in(block, manifest, call.connection)
    args = shared.validator(block).validate(call.given, stand_in.fields, call.deadline)
    check_named(block, args, call)
    caller = find_caller(block, args, stand_in, shared, call)
    refusals: list[ErrorDetail] = []
    ask = _Asked(call, shared, args)
    try:
        # What was given by name is told by it.
        named = {name: args[name] for name in block.named_fields & args.keys()}
        args = settle(block, args, ask, call.deadline)
        if block.procedure:
            yield Batches((), (), is_read=False), ask.run(block.procedure, args)
            return
        routes = choose_routes(block, args, caller.quota_mode, shared.substitutes)
        if (existing := find_existing(block, args, ask)) is not None:
            meta.warnings.append("There was one already, which is given in place of a new one.")
            yield Batches((), (), is_read=False), existing
            meta.did = tell_done(block.reuse.done, args) if block.reuse else None
            return
        for route in shared.memory.order(caller.app, block, routes):
            meta.route = route.name
            try:
                plan = plan_requests(block, route, read_first(route.first, args, ask), caller.quota_mode)
                who = find_caller_for(route, caller, block, manifest)
                sender = CallSender(call, shared, who, route, args, is_many=plan.is_many)
                if plan.calls > 1:
                    sender.check_budget(plan.calls)
                answers = plan.send(sender)
                meta.came = 0
                with closing(answers):
                    for place, answer in enumerate(answers):
                        shared.memory.note(caller.app, block, route, is_detour=bool(refusals))
                        meta.pages += isinstance(plan, Pages)
                        came, meta.total = plan.measure(answer, place)
                        meta.came = min(meta.came + came, meta.total or sys.maxsize)
                        if route.warning:
                            sender.warn(route.warning)
                        call.report()
                        yield plan, answer
                        # The time that whoever takes the answers spends over them is not the service's.
                        call.deadline.renew()
            except InvocationFailed as failure:
                if not leads_on(route, failure.error):
                    failure.error = settle_doubt(route, args, keep_doubt(failure.error, refusals), ask, manifest)
                    raise
                refusals.append(failure.error)
            else:
                meta.did = tell_done(block.done, {**args, **named})
                return
    finally:
        caller.report(meta)
        if block.effect != "read":
            shared.kept_choices.forget(identify(caller))
    raise InvocationFailed(sum_up(block, args, caller.quota_mode, refusals, shared.substitutes))


class _Asked:
    """What other blocks tell whoever makes `call`, each asked once."""

    def __init__(self, call: Call, shared: Shared, args: Args) -> None:
        self._call = call
        self._shared = shared
        self._secrets = {name: args[name] for name, field in call.block.fields.items() if field.secret and name in args}
        self._told: dict[str, Result] = {}
        self._hear: Callable[[str, Meta], None] | None = None

    def __call__(self, name: str, given: Args) -> Result:
        key = json.dumps([name, given], sort_keys=True)
        if key not in self._told:
            self._told[key] = self.invoke(name, given)
        return self._told[key]

    def invoke(self, name: str, given: Args, who: str | None = None, *, is_due: bool = False) -> Result:
        """What the block gives now, to the connection `who` where that is given; where it `is_due`, though whoever
        waits for it has left. Raises `InvocationFailed`."""
        block = self._shared.manifest.block(name)
        secrets = {name: value for name, value in self._secrets.items() if name in block.fields and who is None}
        inner = self._call.begin_inner(block, {**secrets, **given}, who)
        if is_due:
            inner.deadline = inner.deadline.without_cancel()
        if self._hear:
            inner.on_progress = partial(self._hear, name)
        account = self._call.meta
        with self._call.lock:
            account.parts = [*account.parts, inner.meta]
        try:
            output = collect(walk(inner, self._shared))
        except InvocationFailed as failure:
            raise InvocationFailed(inner.name(failure.error)) from None
        finally:
            # Blocks that are made of others may have several under way.
            with self._call.lock:
                account.parts = [each for each in account.parts if each is not inner.meta]
                account.add(inner.meta)
                self._call.report()
        return Result(name, output, meta=inner.meta, listing=block.listing)

    def _tell_step(self, words: str) -> None:
        with self._call.lock:
            self._call.meta.step = words
            self._call.report()

    def run(self, procedure: Procedure, args: Args) -> dict[str, Any]:
        """What a block that is made of others gives."""
        from connector.composites.run import run
        from connector.composites.task import Task

        parts = _Asked(replace(self._call, whole=(self._call.block, args)), self._shared, args)
        deadline, meta = self._call.deadline, self._call.meta
        task = Task(
            procedure,
            args,
            parts.invoke,
            self._shared.manifest.references,
            sleep=deadline.pause,
            time_left=lambda: deadline.left,
            width=self._shared.concurrency,
            stop=deadline.cancel.set if deadline.cancel else None,
            propose=lambda dry, plan: self._call.propose(plan, dry.did, dry.warnings),
            tell_step=self._tell_step,
        )
        parts._hear = task.steps.hear
        try:
            output = run(task)
        except InvocationFailed as failure:
            # How far a part has read is no part of what the whole gives, unless that tells so.
            error = failure.error
            words = "" if task.resume else tell_break(error.came, error.resume)
            message = error.message.replace(words, "")
            failure.error = replace(error, message=message, came=task.came, resume=task.resume, partial=task.partial)
            raise
        finally:
            meta.step = None
        meta.did = task.did
        meta.warnings += task.warnings
        return output


def collect(answers: Iterator[tuple[Plan, Any]]) -> Any:
    """All answers as one; where a reading breaks off, what came before goes into its error."""
    came: list[tuple[Plan, Any]] = []
    try:
        came.extend(answers)
    except InvocationFailed as failure:
        if came and came[0][0].is_read:
            failure.error = replace(failure.error, partial=_join(came))
        raise
    return _join(came)


def _join(came: list[tuple[Plan, Any]]) -> Any:
    plan, _ = came[0]
    return plan.join([answer for _, answer in came])
