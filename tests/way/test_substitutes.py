"""A substitute stands in for a closed block where the operator has turned it on, and is told nothing of who calls."""

from pathlib import Path

import pytest

from connector import Connector, ConnectorError
from connector.manifest.manifest import Manifest

HARBOUR = Manifest.load(Path(__file__).parents[1] / "harbour" / "manifest.yaml")
BOATS = {"api_key": "harbour-key-not-real", "boats": ["Ejder", "Lom", "Orca"]}
FOUND = {"Ejder": {"link": "https://boats.example/Ejder", "size": {"length": 12.5}}, "Orca": {"link": "x/Orca"}}


def measure(seen):
    """What the pilots answer: they leave out the boats that they don't know, and order the others by their own mind."""
    names = seen.query["names"].split(",")
    return 200, {}, {"found": [FOUND[name] for name in reversed(names) if name in FOUND]}


@pytest.fixture
def pilots(make_server):
    server = make_server()
    server.answer = measure
    return server


@pytest.fixture
def office(make_server):
    server = make_server()
    server.answer = lambda _: (403, {}, {"problem": ""})
    return server


@pytest.fixture
def make(office, pilots):
    made = []

    def build(**options):
        servers = {"office": office.url, "pilots": pilots.url}
        made.append(Connector(HARBOUR, servers=servers, timeout=20, max_wait=0, **options))
        return made[-1]

    yield build
    for connector in made:
        connector.close()


@pytest.mark.parametrize("mode", ["auto", "development"])
def test_what_is_closed_is_read_from_the_substitute_each_in_its_place(make, pilots, office, mode):
    result = make(substitutes="pilots", quota_mode=mode).invoke("measureBoats", BOATS)
    assert result.output == {"measures": [{"name": "Ejder", "length": 12.5}, None, {"name": "Orca"}]}
    assert result.meta.route == "GET pilots:/measures"
    assert result.meta.warnings == ["The pilots measure roughly."]
    assert [seen.query["names"] for seen in pilots.requests] == ["Ejder,Lom", "Orca"]
    assert [seen.query["last"] for seen in pilots.requests] == ["7", "7"]
    assert len(office.requests) == (mode == "auto")


def test_a_default_stands_for_what_is_not_given_alone(make, pilots):
    make(substitutes=["pilots"], quota_mode="development").invoke("measureBoats", {**BOATS, "last": "3"})
    assert {seen.query["last"] for seen in pilots.requests} == {"3"}


def test_it_gets_no_secret_of_the_caller_s(make, pilots):
    make(substitutes=["pilots"], quota_mode="development").invoke("measureBoats", BOATS)
    for seen in pilots.requests:
        assert "harbour-key-not-real" not in f"{seen.target} {seen.headers} {seen.body}"
        assert not {"authorization", "x-api-key", "cookie"} & {name.lower() for name in seen.headers}


@pytest.mark.parametrize("mode", ["auto", "development"])
def test_it_is_off_until_it_is_turned_on_and_the_error_names_it(make, pilots, mode):
    error = make(quota_mode=mode).invoke("measureBoats", BOATS).error
    assert error.kind == "unavailable"
    assert (
        "With CONNECTOR_SUBSTITUTES=pilots another service does it: the pilots (pilots.harbour.example)"
        in error.message
    )
    assert pilots.requests == []


def test_the_environment_turns_it_on(make, monkeypatch):
    monkeypatch.setenv("CONNECTOR_SUBSTITUTES", " pilots ")
    assert make(quota_mode="development").invoke("measureBoats", BOATS).ok


def test_a_substitute_that_there_is_not_is_refused(make):
    with pytest.raises(ConnectorError, match="There is no substitute divers; there is pilots"):
        make(substitutes=["divers"])


def test_an_app_to_which_the_block_is_open_has_no_need_of_it(make, office, pilots):
    office.answer = lambda seen: (200, {}, {"measures": [{"name": name} for name in seen.query["names"].split(",")]})
    result = make(substitutes=["pilots"]).invoke("measureBoats", BOATS)
    assert (result.meta.route, result.meta.warnings, pilots.requests) == ("GET /measures", [], [])


def test_what_it_cannot_carry_is_said_and_not_left_out(make, pilots):
    error = (
        make(substitutes=["pilots"], quota_mode="development").invoke("measureBoats", {**BOATS, "unit": "feet"}).error
    )
    assert "It can be done without unit." in error.message
    assert pilots.requests == []


def test_its_limits_are_its_own(make, office, pilots):
    connector = make(substitutes=["pilots"], quota_mode="development")
    pilots.answer = lambda _: (429, {"Retry-After": "60"}, {})
    error = connector.invoke("measureBoats", BOATS).error
    assert (error.kind, error.retry_after, error.message.count("Pilots answered 429")) == ("rate_limited", 60, 1)
    again = connector.invoke("measureBoats", {**BOATS, "api_key": "another-key-not-real"}).error
    assert (again.kind, len(pilots.requests)) == ("rate_limited", 1)
    office.answer = lambda _: (200, {}, {"rows": [], "more": None, "mark": None})
    assert connector.invoke("readLog", {"api_key": BOATS["api_key"]}).ok


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ((400, {}, {"problem": "Names?"}), "bad_request", "Pilots answered 400: Names?"),
        ((401, {}, {}), "unavailable", "The substitute takes no calls from here"),
        ((200, {}, {"found": [{"link": 5}]}), "bad_answer", "Pilots answered in another form"),
    ],
)
def test_its_errors_are_told_as_its_own(make, pilots, answer, kind, words):
    pilots.answer = lambda _: answer
    error = make(substitutes=["pilots"], quota_mode="development").invoke("measureBoats", BOATS).error
    assert error.kind == kind
    assert words in error.message
    assert len(pilots.requests) == 1


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ({"found": []}, "not_found"),
        ({}, "bad_answer"),
        ([], "bad_answer"),
        ({"found": None}, "bad_answer"),
        ({"found": {"link": "x/Ejder"}}, "bad_answer"),
        ({"found": [None]}, "bad_answer"),
        ({"found": [{"link": None}]}, "bad_answer"),
        ({"found": [{"link": "x/Orca"}]}, "bad_answer"),
        ({"found": [{"link": "x/Ejder", "size": {"length": "long"}}]}, "bad_answer"),
    ],
)
def test_what_is_not_of_the_thing_that_was_asked_for_or_of_another_form_is_no_answer(make, pilots, found, kind):
    pilots.answer = lambda _: (200, {}, found)
    connector = make(substitutes=["pilots"], quota_mode="development")
    one = connector.invoke("measureBoat", {"api_key": BOATS["api_key"], "boat": "harbour:boat:Ejder"}).error
    assert (one.kind, "Pilots" in one.message) == (kind, True)
    many = connector.invoke("measureBoats", {**BOATS, "boats": ["Ejder", "Lom"]})
    assert many.error.kind == kind if kind == "bad_answer" else many.entries == [None, None]


def test_its_calls_cost_nothing_of_the_account_s_day(make):
    result = make(substitutes=["pilots"], quota_mode="development", daily_calls=1).invoke("measureBoats", BOATS)
    assert (result.ok, result.meta.requests, result.meta.calls_left) == (True, 2, None)
