"""What becomes of a task whose block met a limit, without a worker."""

from types import SimpleNamespace

import pytest
from redis import Redis

from connector.errors import ErrorDetail
from connector.result import Result
from connector.runners.workers.task_runs import Runs


class PutBack(Exception):
    """The way back into the queue."""


@pytest.fixture
def run(manifest, redis_server):
    """`run(error)` runs a task whose block ends with it."""
    with Redis.from_url(redis_server.url) as redis:

        def begin(error):
            result = Result("getCurrentUserProfile", error=error)
            connector = SimpleNamespace(invoke=lambda *_, **__: result, close=lambda: None)
            guard = SimpleNamespace(refuse_run=lambda *_: None)
            runs = Runs(manifest, lambda: connector, redis, guard, longest_wait_s=600)
            request = SimpleNamespace(id="the-task", called_directly=False, is_eager=False)
            backend = SimpleNamespace(get_task_meta=lambda *_, **__: {"status": "PENDING"})
            retry = lambda **options: PutBack(options["countdown"])  # noqa: E731
            task = SimpleNamespace(name="invoke", request=request, backend=backend, retry=retry)
            return runs.run(task, "getCurrentUserProfile", {}, "alice")

        yield begin


def test_a_wait_that_helps_puts_the_task_back(run):
    with pytest.raises(PutBack, match="60"):
        run(ErrorDetail("rate_limited", "Later.", retry_after=60))


def test_what_no_wait_can_help_is_answered_at_once(run):
    """Such as what takes more calls than a whole day has."""
    envelope = run(ErrorDetail("rate_limited", "Ask for less at a time.", reason="quota_exceeded"))
    assert envelope["contextWrites"]["to"]["kind"] == "rate_limited"
