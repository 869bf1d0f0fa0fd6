"""What people may import and call: a change here is a change for them, and belongs into the CHANGELOG."""

import dataclasses
import inspect

import pytest

import connector
from connector import Choices, Connector, ErrorDetail, FieldProblem, InvocationFailed, Meta, Result, UnknownBlock

OPTIONS = {
    "servers": None,
    "connection": None,
    "store": None,
    "quota_mode": "auto",
    "timeout": 60,
    "deadline": None,
    "max_wait": 30,
    "concurrency": 10,
    "gate": None,
    "daily_calls": None,
    "substitutes": None,
}


def test_these_names_are_exported():
    assert connector.__all__ == [
        "Cancel",
        "Choice",
        "Choices",
        "Connector",
        "ConnectorError",
        "ErrorDetail",
        "FieldProblem",
        "InvocationFailed",
        "ManifestError",
        "Meta",
        "Result",
        "UnknownBlock",
        "UnknownField",
        "UnknownServer",
        "UnknownTrigger",
        "__version__",
    ]


@pytest.mark.parametrize("name", connector.__all__)
def test_every_exported_name_is_there(name):
    assert getattr(connector, name) is not None


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (Connector.load, ["path", *OPTIONS]),
        (Connector.__init__, ["self", "manifest", *OPTIONS]),
        (
            Connector.invoke,
            ["self", "block", "args", "connection", "deadline", "cancel", "on_progress", "on_plan", "meta", "may_use"],
        ),
        (Connector.stream, ["self", "block", "args", "connection", "deadline", "cancel", "meta", "may_use"]),
        (
            Connector.choices,
            ["self", "block", "field", "search", "args", "after", "limit", "connection", "deadline", "cancel"],
        ),
        (Connector.close, ["self"]),
        (Result.envelope, ["self"]),
        (FieldProblem.to_dict, ["self"]),
        (UnknownBlock.__init__, ["self", "name", "near"]),
        (InvocationFailed.__init__, ["self", "error", "is_unsent", "is_stale", "is_lasting"]),
    ],
    ids=lambda value: getattr(value, "__qualname__", None),
)
def test_the_signature_is(function, parameters):
    assert list(inspect.signature(function).parameters) == parameters


def test_options_of_a_connector_are_given_by_name_and_have_these_defaults():
    options = list(inspect.signature(Connector.load).parameters.values())[1:]
    assert {option.kind for option in options} == {inspect.Parameter.KEYWORD_ONLY}
    assert {option.name: option.default for option in options} == OPTIONS


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (Result, ["block", "output", "error", "meta", "listing", "brief_fields"]),
        (
            Meta,
            [
                "requests",
                "pages",
                "retries",
                "waited",
                "route",
                "duration",
                "days_left",
                "warnings",
                "calls_left",
                "did",
                "next_s",
                "came",
                "total",
                "waits_until",
                "step",
                "parts",
            ],
        ),
        (Choices, ["choices", "next", "error", "meta"]),
        (FieldProblem, ["name", "problem", "fits"]),
        (
            ErrorDetail,
            [
                *("kind", "message", "fields", "status", "retry_after", "body"),
                *("done", "not_done", "uncertain", "is_uncertain", "came", "resume", "reason", "partial", "connection"),
            ],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_fields_are(value, fields):
    assert [field.name for field in dataclasses.fields(value)] == fields


@pytest.mark.parametrize(
    ("name", "parents"),
    [
        ("ConnectorError", (Exception,)),
        ("ManifestError", (connector.ConnectorError,)),
        ("UnknownBlock", (connector.ConnectorError,)),
        ("UnknownField", (connector.ConnectorError,)),
        ("UnknownServer", (connector.ConnectorError, ValueError)),
        ("InvocationFailed", (connector.ConnectorError,)),
    ],
)
def test_the_exceptions_are_one_tree(name, parents):
    assert getattr(connector, name).__bases__ == parents


@pytest.mark.parametrize("attribute", ["ok", "output", "error", "meta"])
def test_a_result_has(attribute):
    assert hasattr(Result("getThing"), attribute)


@pytest.mark.parametrize("attribute", ["code", "kind", "message", "fields", "status", "retry_after", "body"])
def test_an_error_has(attribute):
    assert hasattr(ErrorDetail("network", "No connection."), attribute)


def test_a_connector_is_loaded_from_the_checkout(manifest):
    with Connector.load() as loaded:
        assert loaded.manifest.names == manifest.names


def test_a_connector_is_loaded_from_a_path(manifest):
    with Connector.load(manifest.folder / "manifest.yaml", quota_mode="extended", timeout=5, deadline=9) as loaded:
        assert loaded.manifest.data == manifest.data


def test_the_package_is_typed_and_says_its_version():
    from importlib.resources import files

    assert (files("connector") / "py.typed").is_file()
    assert connector.__version__.count(".") == 2
