"""Every block gives the same output through a shell and the HTTP runner, and a block of each shape the same output and
errors through every door.

A door is a fixture: a function from a block's name and arguments to an `Outcome`. A new one is added to `DOORS`. All
of them are compared with `Connector.invoke`, each time against a sandbox that was put back to its start.
"""

import functools
import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests
from moving import leave_nothing_to_chance, without_what_moves
from second_account import sign_in_second
from typed_values import TYPED, tell
from typer.testing import CliRunner

from connector import Connector
from connector.cassettes.cases import shape_of
from connector.cli.app import app
from connector.manifest.manifest import Manifest
from connector.runners.http_server.serving import HttpServer
from connector.runners.http_server.settings import Settings
from connector.sandbox import Sandbox

MANIFEST = Manifest.load()
#: What works with two accounts has a test of its own.
BLOCKS = [block for block in MANIFEST if not block.connection_fields]
#: One block for each thing that the engine does.
SHAPES = {shape_of(MANIFEST, block): block for block in reversed(BLOCKS)}
#: Each door, and which blocks go through it: each block by one way into the command line and one into the runner, and
#: one of each shape by the others, which take and give the same in another form.
DOORS = {
    "shell": lambda block: block in SHAPES.values(),
    "shell_envelope": lambda _block: True,
    "marketplace": lambda block: block in SHAPES.values(),
    "rest": lambda _block: True,
    "rest_lines": lambda block: block.page is not None,
}
#: Doors that tell of an error in words only.
WORDS_ONLY = {"shell"}


def gives_token(block):
    return "access_token" in json.dumps(block.output_schema)


#: A block through all its doors, one after the other. A token is what some give.
EVERYTHING = [
    pytest.param(
        door,
        block,
        id=f"{door}-{block.name}",
        marks=pytest.mark.shows_tokens("a token is what the block gives") if gives_token(block) else (),
    )
    for block in BLOCKS
    for door, fits in DOORS.items()
    if fits(block)
]
#: One block for each thing that the engine does, through every door that tells of an error in full.
EACH_SHAPE = pytest.mark.parametrize(
    ("door", "block"),
    [
        pytest.param(door, block, id=f"{door}-{shape}")
        for door, fits in DOORS.items()
        for shape, block in SHAPES.items()
        if fits(block) and door not in WORDS_ONLY
    ],
)


@dataclass(frozen=True)
class Outcome:
    """What a door told: the output, or the error as far as every door tells it."""

    output: Any = None
    kind: str | None = None
    fields: tuple[str, ...] = ()
    is_uncertain: bool = False


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(quota_mode="extended") as running:
        yield running


@pytest.fixture(scope="module")
def invoke(sandbox):
    """The reference: `Connector.invoke`, of a connector of its own each time."""

    def call(name, args):
        with Connector(MANIFEST, servers=sandbox.servers) as connector:
            result = connector.invoke(name, args)
        if result.error is None:
            return Outcome(result.output)
        error = result.error
        return Outcome(None, error.kind, tuple(problem.name for problem in error.fields), error.is_uncertain)

    return call


@pytest.fixture(scope="module")
def expect(sandbox, invoke):
    """What a block gives by `Connector.invoke`; asked for once, and again where another block was asked for since."""
    return functools.lru_cache(maxsize=1)(lambda name: invoke(name, reset(sandbox, MANIFEST.block(name))))


@pytest.fixture(scope="module")
def shell(sandbox):
    """`run BLOCK FIELD=VALUE …`, what is no text or secret by `--args -`: the output on standard output."""

    def call(name, args):
        fields = MANIFEST.block(name).fields
        plain = {name for name, value in args.items() if isinstance(value, str) and not fields[name].secret}
        words = [f"{name}={args[name]}" for name in plain]
        others = {name: value for name, value in args.items() if name not in plain}
        return Outcome(json.loads(run_command(sandbox, name, others, *words).stdout))

    return call


@pytest.fixture(scope="module")
def shell_envelope(sandbox):
    """`run BLOCK --envelope`: what the marketplace's runner would get."""
    return lambda name, args: read_envelope(json.loads(run_command(sandbox, name, args, "--envelope").stdout))


def run_command(sandbox, name, args, *options):
    servers = [word for server, url in sandbox.servers.items() for word in ("--server", f"{server}={url}")]
    return CliRunner().invoke(app, ["run", name, "--args", "-", *options, *servers], input=json.dumps(args))


@pytest.fixture(scope="module")
def runner(sandbox):
    with (
        Connector.load(servers=sandbox.servers) as connector,
        HttpServer(connector, Settings(port=0, shutdown_grace=0)) as server,
    ):
        yield server.url


@pytest.fixture(scope="module")
def marketplace(runner):
    def call(name, args):
        answer = requests.post(f"{runner}/api/SpotifyUserAPI/{name}", json={"args": args}, timeout=60)
        assert answer.status_code == 200
        return read_envelope(answer.json())

    return call


@pytest.fixture(scope="module")
def rest(runner):
    def call(name, args):
        answer = requests.post(f"{runner}/blocks/{name}", json=args, timeout=60)
        return Outcome(answer.json()) if answer.status_code == 200 else read_problem(answer.json())

    return call


@pytest.fixture(scope="module")
def rest_lines(runner, invoke):
    """Entries one a line, put into the page that they would have come in, among its nulls, which lines leave out."""

    def call(name, args):
        page = MANIFEST.block(name).page
        answer = requests.post(
            f"{runner}/blocks/{name}", json=args, headers={"Accept": "application/x-ndjson"}, timeout=30
        )
        if answer.status_code != 200:
            return read_problem(answer.json())
        expected = invoke(name, args)
        part = expected.output
        for step in page.at:
            part = part[step]
        lines = [json.loads(line) for line in answer.content.splitlines()]
        name, rest = page.names["items"], iter(lines)
        places = [entry if entry is None else next(rest, "no line") for entry in part[name]]
        part[name] = [*places, *rest]
        return expected

    return call


def read_envelope(envelope):
    to = envelope["contextWrites"]["to"]
    if envelope["callback"] == "success":
        return Outcome(to)
    names = tuple(field["name"] if isinstance(field, dict) else field for field in to["fields"])
    return Outcome(None, to["kind"], names, to.get("is_uncertain", False))


def read_problem(problem):
    names = tuple(field["name"] for field in problem.get("fields", ()))
    return Outcome(None, problem["kind"], names, problem.get("is_uncertain", False))


@pytest.mark.parametrize(("door", "block"), EVERYTHING)
def test_a_success_is_the_same(request, sandbox, expect, door, block):
    expected, outcome = expect(block.name), request.getfixturevalue(door)(block.name, reset(sandbox, block))
    assert expected.kind is None
    assert without_what_moves(outcome.output) == without_what_moves(expected.output)
    assert replace(outcome, output=None) == replace(expected, output=None)


@pytest.mark.parametrize("door", ["shell", "shell_envelope", "marketplace", "rest"])
def test_what_works_with_two_accounts_is_the_same(request, sandbox, invoke, monkeypatch, door):
    for block in (each for each in MANIFEST if each.connection_fields):
        told = []
        for way in (invoke, request.getfixturevalue(door)):
            args = reset(sandbox, block)
            sign_in_second(sandbox, monkeypatch, block)
            told.append(way(block.name, args))
        expected, outcome = told
        assert expected.kind is None
        assert without_what_moves(outcome.output) == without_what_moves(expected.output)


@pytest.mark.parametrize("door", ["invoke", "shell", "rest"])
@pytest.mark.each("case", TYPED)
def test_what_people_type_reaches_the_service_as_what_they_mean(request, sandbox, invoke, door, case):
    told = []
    for way, args in ((invoke, case.meant), (request.getfixturevalue(door), case.typed)):
        sandbox.control.reset()
        outcome = way(case.block, {**args, "access_token": sandbox.demo_args["access_token"]})
        told.append((replace(outcome, output=None), tell(sandbox, outcome.output)))
    expected, found = told
    assert expected[0] == Outcome()
    assert found == expected


@EACH_SHAPE
def test_what_is_missing_is_told_alike(request, sandbox, invoke, door, block):
    sandbox.control.reset()
    outcome = request.getfixturevalue(door)(block.name, {})
    expected = invoke(block.name, {})
    assert expected.kind == "missing_fields"
    assert (outcome.kind, set(outcome.fields)) == (expected.kind, set(expected.fields))


@EACH_SHAPE
def test_an_error_of_the_service_is_told_alike(request, sandbox, invoke, door, block):
    outcomes = []
    for way in (invoke, request.getfixturevalue(door)):
        args = reset(sandbox, block)
        sandbox.control.fault("custom", status=418, body={"error": {"message": "I'm a teapot"}}, times=9)
        outcomes.append(way(block.name, args))
    expected, outcome = outcomes
    assert expected.kind is not None
    assert outcome == expected


@EACH_SHAPE
def test_whether_a_write_may_have_taken_effect_is_told_alike(request, sandbox, invoke, door, block):
    outcomes = []
    for way in (invoke, request.getfixturevalue(door)):
        args = reset(sandbox, block)
        sandbox.control.fault("custom", status=501, body={}, times=9)
        outcomes.append(way(block.name, args))
    expected, outcome = outcomes
    # What is made of other blocks reads first, but for what queues what it is given.
    reads_first = block.procedure is not None and block.procedure.name != "play"
    assert expected.is_uncertain is (block.effect != "read" and not reads_first)
    assert outcome == expected


def reset(sandbox, block):
    """Puts the sandbox back to its start; gives arguments that work there."""
    sandbox.control.reset()
    known = {name: value for name, value in sandbox.demo_args.items() if name in block.fields}
    return {**block.example, **leave_nothing_to_chance(block), **known}
