"""The envelope is what the platform's runner reads: its words are the specification's, what we add stands beside."""

import json

import pytest

from connector.errors import CODES, ErrorDetail, FieldProblem, InvocationFailed, UnknownBlock
from connector.result import Listing, Meta, Result, error_to_wire


@pytest.mark.parametrize("output", [{}, {"items": [None]}, [], [True, False], None, "text"])
def test_the_envelope_of_a_success_holds_the_output(output):
    result = Result("getThing", output)
    assert result.ok
    assert result.envelope() == {"callback": "success", "contextWrites": {"to": output}}


def test_the_envelope_of_an_error_holds_the_error():
    result = Result("getThing", error=ErrorDetail("network", "No connection."))
    assert not result.ok
    assert result.envelope() == {
        "callback": "error",
        "contextWrites": {
            "to": {
                "status_code": "INTERNAL_PACKAGE_ERROR",
                "status_msg": "No connection.",
                "fields": [],
                "kind": "network",
            }
        },
    }


def test_a_result_is_true_where_all_went_well_and_unwraps_to_its_output():
    assert Result("getThing", {})
    assert Result("getThing", []).unwrap() == []
    failed = Result("getThing", error=ErrorDetail("network", "No connection."))
    assert not failed
    with pytest.raises(InvocationFailed, match="No connection") as caught:
        failed.unwrap()
    assert caught.value.error is failed.error


def test_a_brief_has_the_named_fields_where_they_stood_in_every_entry():
    entry = {"at": "noon", "boat": {"name": "Alk", "crew": [{"name": "Ada", "age": 4}, None], "berth": None}, "n": 1}
    result = Result(
        "getThing",
        {"rows": [entry, None, {"at": "dusk"}, {"other": 1}]},
        listing=Listing(("rows",)),
        brief_fields=("boat.name", "boat.crew[].name", "boat.berth", "at", "boat.owner.name"),
    )
    assert result.brief() == [
        {"boat": {"name": "Alk", "crew": [{"name": "Ada"}, None], "berth": None}, "at": "noon"},
        None,
        {"at": "dusk"},
        {"other": 1},
    ]
    assert list(result.brief()[0]) == ["boat", "at"]
    assert result.entries[0] == entry


def test_a_brief_output_keeps_its_form_and_its_nulls():
    page = {"rows": [None, {"name": "Alk", "n": 1}], "total": 2}
    shelf = Result("getThing", {"shelf": page}, listing=Listing(("shelf", "rows"), (), False), brief_fields=("name",))
    assert shelf.brief_output() == {"shelf": {"rows": [None, {"name": "Alk"}], "total": 2}}
    assert shelf.output["shelf"] == page
    assert Result("getThing", {"name": "Alk", "n": 1}, brief_fields=("name",)).brief_output() == {"name": "Alk"}
    assert Result("getThing", [{"name": "Alk", "n": 1}], brief_fields=("name",)).brief_output() == [{"name": "Alk"}]
    assert Result("getThing", {}, listing=Listing(("rows",)), brief_fields=("name",)).brief_output() == {}


def test_a_brief_of_what_no_schema_names_is_the_whole():
    assert Result("getThing", {"id": "a"}).brief() == [{"id": "a"}]
    assert Result("getThing", [True, False], brief_fields=("at",)).brief() == [True, False]
    assert Result("getThing", error=ErrorDetail("network", "No connection.")).brief() == []


def test_whether_entries_are_those_of_a_list():
    rows = Listing(("rows",))
    assert [Result("b", output, listing=rows).is_list for output in ({"rows": []}, {}, {"rows": None})] == [
        True,
        False,
        False,
    ]
    assert (Result("b", []).is_list, Result("b", {"id": "a"}).is_list) == (True, False)


def test_missing_fields_are_listed_by_name_and_by_nothing_else():
    error = ErrorDetail(
        "missing_fields",
        "getThing: id is required.",
        (FieldProblem("id", "is required"), FieldProblem("limit", "is below 1"), FieldProblem("to", "is required")),
    )
    assert error_to_wire(error) == {
        "status_code": "REQUIRED_FIELDS",
        "status_msg": "getThing: id is required.",
        "fields": ["id", "to"],
        "kind": "missing_fields",
    }


def test_invalid_fields_say_what_is_wrong_and_what_fits():
    error = ErrorDetail(
        "invalid_fields", "Wrong.", (FieldProblem("limit", "is below 1", "a whole number"), FieldProblem("x", "is odd"))
    )
    assert error_to_wire(error) == {
        "status_code": "JSON_VALIDATION",
        "status_msg": "Wrong.",
        "fields": [
            {"name": "limit", "problem": "is below 1", "fits": "a whole number"},
            {"name": "x", "problem": "is odd", "fits": None},
        ],
        "kind": "invalid_fields",
    }


@pytest.mark.parametrize("body", [{"error": {"status": 429, "message": "Slow"}}, "Too many requests", {}, []])
def test_the_service_s_own_words_are_the_message_and_ours_stand_beside(body):
    error = ErrorDetail("rate_limited", "getThing: wait.", status=429, retry_after=7.0, body=body)
    assert error_to_wire(error) == {
        "status_code": "API_ERROR",
        "status_msg": body,
        "fields": [],
        "kind": "rate_limited",
        "message": "getThing: wait.",
        "status": 429,
        "retry_after": 7.0,
    }


@pytest.mark.parametrize("body", [None, ""])
def test_our_words_are_the_message_where_the_service_said_nothing(body):
    assert error_to_wire(ErrorDetail("server_error", "getThing: later.", status=503, body=body)) == {
        "status_code": "API_ERROR",
        "status_msg": "getThing: later.",
        "fields": [],
        "kind": "server_error",
        "status": 503,
    }


def test_a_wait_of_no_seconds_is_said():
    assert error_to_wire(ErrorDetail("rate_limited", "Wait.", retry_after=0.0))["retry_after"] == 0.0


def test_what_became_of_a_list_is_said_as_far_as_there_is_something_to_say():
    error = ErrorDetail("timeout", "Late.", done=("a",), not_done=(), uncertain=("b", "c"), is_uncertain=True)
    assert error_to_wire(error) == {
        "status_code": "INTERNAL_PACKAGE_ERROR",
        "status_msg": "Late.",
        "fields": [],
        "kind": "timeout",
        "is_uncertain": True,
        "done": ["a"],
        "uncertain": ["b", "c"],
    }


@pytest.mark.parametrize("kind", CODES)
def test_every_kind_of_error_goes_over_the_wire(kind):
    error = ErrorDetail(kind, "M", (FieldProblem("id", "is required"),), 400, 1.0, {"a": "b"}, ("1",), ("2",), ("3",))
    wire = error_to_wire(error)
    assert json.loads(json.dumps(wire)) == wire
    keys = {"status_code", "status_msg", "fields", "kind", "status", "retry_after", "done", "not_done", "uncertain"}
    assert wire.keys() == keys | ({"message"} if error.code == "API_ERROR" else set())


def test_the_codes_are_those_of_the_specification():
    assert set(CODES.values()) == {"REQUIRED_FIELDS", "JSON_VALIDATION", "API_ERROR", "INTERNAL_PACKAGE_ERROR"}


def test_an_account_begins_at_nothing():
    assert Result("getThing").meta == Meta(requests=0, pages=0, retries=0, waited=0.0, route=None, duration=0.0)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (FieldProblem("id", "is required"), "id is required"),
        (FieldProblem("id", "is odd", "an even one"), "id is odd (fits: an even one)"),
    ],
)
def test_a_problem_reads_as_a_sentence(problem, text):
    assert str(problem) == text


@pytest.mark.parametrize(
    ("near", "text"),
    [
        ((), "There is no block 'getThin'."),
        (("getThing",), "There is no block 'getThin'. Did you mean getThing?"),
        (("getThing", "getThings"), "There is no block 'getThin'. Did you mean getThing or getThings?"),
    ],
)
def test_an_unknown_block_is_told_near_names(near, text):
    error = UnknownBlock("getThin", near)
    assert (str(error), error.name, error.near) == (text, "getThin", near)


def test_a_failure_carries_its_error():
    detail = ErrorDetail("timeout", "getThing: late.")
    failure = InvocationFailed(detail)
    assert (failure.error, str(failure)) == (detail, "getThing: late.")
