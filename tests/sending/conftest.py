"""What the tests of answers share: an answer as a block's route gets it."""

import json

import pytest

from connector.errors import InvocationFailed
from connector.sending.answers import parse_answer
from connector.wire.transport import Response

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def answer(manifest):
    """The output that a block's route makes of an answer; `warnings` takes what is said besides."""

    def run(status, content, *, block="getCurrentUserProfile", route=0, headers=JSON, secrets=(), warnings=None):
        chosen = manifest.block(block)
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        warn = [].append if warnings is None else warnings.append
        return parse_answer(
            Response(status, headers, raw), chosen, chosen.routes[route], manifest, {}, list(secrets), warn
        )

    return run


@pytest.fixture
def fail(answer):
    """The error that an answer ends in."""

    def run(*args, **options):
        with pytest.raises(InvocationFailed) as caught:
            answer(*args, **options)
        return caught.value.error

    return run
