"""The way of one call, from its arguments to the service's answers. This is the only place that knows the order of
the steps; each of them belongs to the room that it is imported from."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

from connector.errors import ErrorDetail, InvocationFailed
from connector.many.paging import Pages
from connector.many.plan import Plan, plan_requests
from connector.way.call import Call
from connector.way.credentials import find_caller, find_stand_in
from connector.way.one_request import CallSender
from connector.way.routes import choose_routes, keep_doubt, leads_on, sum_up
from connector.way.shared import Shared
from connector.way.spans import describe_call, describe_error


def iter_answers(call: Call, shared: Shared) -> Generator[tuple[Plan, Any], None, None]:
    """The service's answers to `call`, one by one, each with the plan that it belongs to, which can join them.

    Raises `InvocationFailed`, whose message begins with the block's name. Nothing is sent where the arguments don't
    fit or where nobody can call. The call's span ends with the iterator.
    """
    try:
        with closing(_walk(call, shared)) as answers:
            yield from answers
    except InvocationFailed as failure:
        describe_error(call.span, failure)
        raise InvocationFailed(call.name(failure.error)) from None
    except Exception as problem:
        describe_error(call.span, problem)
        raise
    finally:
        describe_call(call.span, call.meta)
        call.span.end()


def _walk(call: Call, shared: Shared) -> Generator[tuple[Plan, Any], None, None]:
    block, manifest, meta = call.block, shared.manifest, call.meta
    stand_in = find_stand_in(block, manifest, call.connection)
    args = shared.validator(block).validate(call.given, stand_in.fields, call.deadline)
    caller = find_caller(block, args, stand_in, shared, call)
    refusals: list[ErrorDetail] = []
    try:
        for route in shared.memory.order(caller.app, block, choose_routes(block, args, caller.quota_mode)):
            meta.route = route.name
            plan = plan_requests(block, route, args, caller.quota_mode)
            sender = CallSender(call, shared, caller, route, args, is_many=plan.is_many)
            try:
                sender.check_budget(plan.calls)
                answers = plan.send(sender)
                with closing(answers):
                    for answer in answers:
                        shared.memory.note(caller.app, block, route, is_detour=bool(refusals))
                        meta.pages += isinstance(plan, Pages)
                        call.report()
                        yield plan, answer
                        # The time that whoever takes the answers spends over them is not the service's.
                        call.deadline.renew()
            except InvocationFailed as failure:
                if not leads_on(route, failure.error):
                    failure.error = keep_doubt(failure.error, refusals)
                    raise
                refusals.append(failure.error)
            else:
                return
    finally:
        caller.report(meta)
    raise InvocationFailed(sum_up(block, args, caller.quota_mode, refusals))


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
