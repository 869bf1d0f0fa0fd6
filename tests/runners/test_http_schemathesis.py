"""A tool that others wrote reads the OpenAPI document, and calls every block and a trigger of each way in ways that
nobody thought of.

The server may refuse whatever it likes, but it never fails itself, and never answers anything that its document does
not describe.
"""

import hypothesis
import pytest
import schemathesis
from runners.conftest import build_store
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from connector import Connector
from connector.manifest.manifest import Manifest
from connector.manifest.triggers import find_trigger, iter_triggers
from connector.subscriptions.places import open_folder

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Calls for each block and mode: fewer where there are more blocks, so that the whole stays below a minute.
EXAMPLES = max(4, 480 // len(Manifest.load()))


@pytest.fixture(scope="module")
def schema(shared_client):
    return schemathesis.openapi.from_url(f"{shared_client.url}/openapi.json")


def refers(schema):
    """Whether a value has to be of a thing that is there, or a text has to be read as a length of time."""
    return {"x-reference", "x-choices", "x-unit"} & schema.keys() or "x-reference" in schema.get("items", {})


CAREFULLY = {
    "max_examples": EXAMPLES,
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": list(hypothesis.HealthCheck),
    "phases": [hypothesis.Phase.generate],
}
MODES = {
    "as the document says": schemathesis.GenerationMode.POSITIVE,
    "against it": schemathesis.GenerationMode.NEGATIVE,
}
#: One trigger of each way to see a change.
OF_EACH_WAY = list({trigger.way: trigger.name for trigger in iter_triggers(Manifest.load())}.values())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", OF_EACH_WAY)
def test_no_poll_makes_the_server_fail_or_lie(schema, shared_client, sandbox, name, mode):
    operation = schema[f"/triggers/{name}"]["POST"]
    form = find_trigger(Manifest.load(), name).form
    known = {field: each.schema["examples"][0] for field, each in form.fields.items() if refers(each.schema)}
    statuses = set()

    @hypothesis.settings(**CAREFULLY)
    @hypothesis.given(operation.as_strategy(generation_mode=MODES[mode]))
    def call(case):
        if isinstance(case.body, dict) and isinstance(case.body.setdefault("args", {}), dict):
            args = case.body["args"]
            args["access_token"] = sandbox.demo_args["access_token"]
            if mode != "against it":
                args |= {name: known[name] for name in known.keys() & args.keys()}
                # A state that fits is what a poll gave.
                case.body.pop("state", None)
                # Which of several fields has to be given is said in words only.
                args |= {} if args.keys() & set(form.together.fields if form.together else ()) else form.example | args
        statuses.add(case.call_and_validate(checks=CHECKS).status_code)

    call()
    assert statuses & ({400, 422} if mode == "against it" else {200})


@pytest.fixture(scope="module")
def subscriptions(shared_client, start_shared, tmp_path_factory, _running_sandbox):
    """The document of a runner that takes subscriptions."""
    store = build_store(_running_sandbox)
    with Connector.load(servers=_running_sandbox.servers, store=store) as connector:
        client = start_shared(
            connector, store, place=open_folder(tmp_path_factory.mktemp("kept")), connection="alice", subscriptions=2
        )
        yield schemathesis.openapi.from_url(f"{client.url}/openapi.json")


@pytest.mark.parametrize("mode", MODES)
def test_no_subscription_makes_the_server_fail_or_lie(subscriptions, mode):
    operation = subscriptions["/subscriptions"]["POST"]
    statuses = set()

    @hypothesis.settings(**CAREFULLY)
    @hypothesis.given(operation.as_strategy(generation_mode=MODES[mode]))
    def call(case):
        if isinstance(case.body, dict) and mode != "against it":
            case.body |= {"trigger": "newSavedTrack", "url": "https://hooks.invalid/saved", "args": {}, "every": 86_400}
            case.body.pop("connection", None)
            case.headers = {}
        statuses.add(case.call_and_validate(checks=CHECKS).status_code)

    call()
    # A key has two at most here.
    assert statuses & ({400, 422} if mode == "against it" else {201, 429})


@pytest.mark.parametrize("mode", MODES)
def test_no_call_makes_the_server_fail_or_lie(schema, shared_client, sandbox, each_block, mode):
    operation = schema[f"/blocks/{each_block.name}"]["POST"]
    statuses = set()
    # What ids lead to must be there.
    known = {
        name: field.schema["examples"][0]
        for name, field in each_block.fields.items()
        if refers(field.schema)
        or name in each_block.picture_fields | each_block.connection_fields
        or (each_block.procedure and field.choices)
    }

    @hypothesis.settings(**CAREFULLY)
    @hypothesis.given(operation.as_strategy(generation_mode=MODES[mode]))
    def call(case):
        if isinstance(case.body, dict) and "access_token" in each_block.fields:
            case.body["access_token"] = sandbox.demo_args["access_token"]
            if "wait" in each_block.fields:
                # Nothing is waited for that isn't there.
                case.body.setdefault("wait", 0)
            if mode != "against it":
                case.body |= {name: known[name] for name in known.keys() & case.body.keys()}
                # Which of several fields has to be given is said in words only.
                if each_block.together and not case.body.keys() & set(each_block.together.fields):
                    case.body |= each_block.example | case.body
                given = [group for group in each_block.one_of if case.body.keys() & set(group)] or each_block.one_of
                for name in [name for group in each_block.one_of if group != given[0] for name in group]:
                    case.body.pop(name, None)
                case.body |= {name: each_block.fields[name].schema["examples"][0] for name in given[0]} if given else {}
        statuses.add(case.call_and_validate(checks=CHECKS).status_code)

    call()
    if mode == "against it":
        assert statuses & {400, 422}
    elif each_block.connection_fields:
        # The sign-in of the second one ends where the sandbox is reset.
        assert statuses <= {200, 401}
    elif "access_token" in each_block.fields:
        assert 200 in statuses
