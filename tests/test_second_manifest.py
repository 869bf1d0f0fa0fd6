"""Another service's manifest runs through the engine, the command line and the linter with nothing changed."""

import base64
import json
import shutil
import sys
from pathlib import Path
from subprocess import run

import jsonschema
import pytest

from connector import Cancel, Connector
from connector.arguments import pictures
from connector.auth import Connection
from connector.lint import check_manifest
from connector.manifest.manifest import Manifest
from connector.runners.mcp_server.offer import Offer
from connector.runners.mcp_server.server import build_server
from connector.runners.mcp_server.tools import count_entries

PATH = Path(__file__).parent / "harbour" / "manifest.yaml"
HARBOUR = Manifest.load(PATH)
EACH_BLOCK = pytest.mark.parametrize("block", list(HARBOUR), ids=lambda block: block.name)
COMMAND = Path(sys.executable).with_name("spotify-blocks")
#: The blocks that the office does, each with its key; the customs want a captain's pass.
EACH_OFFICE_BLOCK = pytest.mark.parametrize(
    "block", [block for block in HARBOUR if "api_key" in block.fields], ids=lambda block: block.name
)
KEY = {"api_key": "harbour-key"}
PASS = {"captain_pass": "harbour-key"}
#: A picture of one white point.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==")
ROWS = [{"berth": f"A/{number}"} for number in range(1, 7)]

MASTS = [
    {"letter": "B", "name": "Main mast", "height": 4, "is_flying": True},
    {"letter": "C", "name": "Fore mast", "height": 19},
    {"letter": "D", "name": "fore mast", "height": None},
    {"letter": "E", "name": "Mizzen", "height": 7.0},
    {"letter": None, "name": "Broken mast"},
]
QUEUE: list[str] = []
BOOKINGS = [
    None,
    {"booking": 7, "place": {"berth": "A/7"}, "keeper": "another"},
    {"booking": 8, "place": {"berth": "A/7"}, "keeper": "Ada Quay"},
]


def answer(seen):
    """What the harbour office answers; it knows its own addresses and no others."""
    if "harbour-key" not in (seen.headers.get("X-Api-Key"), seen.headers.get("Authorization", "")[len("Bearer ") :]):
        return 403, {}, {"problem": "No mooring fee was paid."}
    place, query = f"{seen.method} {seen.path}", seen.query
    if place == "GET /berths":
        start, size = int(query.get("from", 0)), int(query["per"])
        more = "yes" if start + size < len(ROWS) else None
        return 200, {}, {"rows": ROWS[start : start + size], "count": len(ROWS), "more": more}
    if place == "GET /wrecks":
        start, size = int(query.get("from", 0)), int(query["per"])
        return 200, {}, {"rows": ROWS[start : start + size], "count": len(ROWS), "more": "yes"}
    if place == "GET /log" and query["kind"] == "latest":
        end = int(query.get("until", 5))
        rows = list(range(end - 1, max(end - 1 - int(query["per"]), -1), -1))
        first = str(rows[-1]) if rows[-1] else None
        return 200, {}, {"rows": rows, "more": first, "mark": {"first": first}}
    if place == "GET /measures":
        return 200, {}, {"measures": [{"name": name, "length": 9} for name in query["names"].split(",")]}
    if place == "GET /measures/Ejder":
        return 200, {}, {"name": "Ejder", "length": 9}
    if place == "GET /boats":
        return 403, {}, {"problem": "Forbidden."}
    if place.startswith("GET /boats/") and place != "GET /boats/in":
        name = place.rpartition("/")[2]
        return (404, {}, {"problem": "No such boat."}) if name == "Lom" else (200, {}, {"name": name})
    if place == "GET /lock":
        start = int(query.get("from", 0))
        rows = [{"boat": {"name": name}} for name in QUEUE[start : start + int(query["per"])]]
        more = "yes" if start + len(rows) < len(QUEUE) else None
        return 200, {}, {"rows": rows, "count": len(QUEUE), "more": more}
    if place == "GET /bookings":
        return 200, {}, {"bookings": BOOKINGS}
    if place == "GET /masts":
        return 200, {}, {"office": {"masts": MASTS}}
    if place == "GET /towers/A%2F7":
        return 200, {}, {"keeper": {"name": "Ada Quay"}}
    if place == "GET /people":
        return 200, {}, {"berth": query["named"]}
    if place == "GET /towers/A%2F7/keeper":
        return 403, {}, {"problem": "Forbidden."}
    if place == "PUT /flags":
        return 204, {}, b""
    if place in ("POST /lock", "PUT /lock", "POST /lock/more", "PUT /signals", "PUT /masts/B/drawing"):
        return 200, {}, b"" if place != "POST /lock" else b"Aye."
    if place == "GET /log" and query["kind"] == "all":
        start = int(query.get("since", 0))
        last = str(start + 2) if start + 2 < 5 else None
        return 200, {}, {"rows": list(range(start, min(start + 2, 5))), "more": last, "mark": {"last": last}}
    if place == "GET /boats/in":
        return 200, {}, [name.startswith("E") for name in query["names"].split(",")]
    if place == "POST /berths/A%2F7/bookings":
        return 201, {}, {"booking": len(json.loads(seen.body)["crew"])}
    if place in ("GET /tariffs", "GET /mine/permits"):
        return 200, {}, {"berth": place}
    if place == "POST /permits":
        return 204, {}, b""
    if place in ("DELETE /moorings", "DELETE /boats/Ejder/mooring"):
        return 204, {}, b""
    return 404, {}, {"problem": f"{place} is no address of this office."}


@pytest.fixture
def office(server):
    server.answer = answer
    return server


@pytest.fixture
def harbour(office, connect):
    return connect(HARBOUR)


def test_what_a_field_may_hold_is_listed_where_the_list_stands(harbour):
    found = harbour.choices("hoistFlag", "mast", "FORE", args=KEY)
    assert [(choice.value, choice.label) for choice in found.unwrap()] == [("C", "Fore mast"), ("D", "fore mast")]
    listed = harbour.choices("hoistFlag", "mast", args=KEY)
    assert ([choice.value for choice in listed.choices], listed.next) == (["B", "C", "D", "E"], None)
    # Read just before.
    assert (found.meta.requests, listed.meta.requests) == (1, 0)


@EACH_BLOCK
def test_each_block_runs(harbour, block):
    result = harbour.invoke(block.name, block.example)
    assert result.error is None
    jsonschema.validate(result.output, block.output_schema)


@EACH_OFFICE_BLOCK
def test_each_block_says_who_calls_in_the_service_s_own_header(harbour, office, block):
    harbour.invoke(block.name, block.example)
    assert {seen.headers["X-Api-Key"] for seen in office.requests} == {"harbour-key"}
    assert not any("Authorization" in seen.headers for seen in office.requests)


@EACH_BLOCK
def test_each_block_misses_what_it_needs_before_anything_is_sent(harbour, office, block):
    error = harbour.invoke(block.name, {}).error
    assert error.kind == "missing_fields"
    choices = [group[0] for group in block.one_of]
    required = [name for name, field in block.fields.items() if field.required]
    assert [problem.name for problem in error.fields] == required + choices
    assert office.requests == []


@EACH_OFFICE_BLOCK
def test_each_block_explains_an_error_in_the_service_s_terms(harbour, block):
    error = harbour.invoke(block.name, {**block.example, "api_key": "wrong-key"}).error
    assert error.kind == "forbidden"
    # What is made of other blocks says in which of them it happened.
    names = [block.name, *(block.procedure.parts if block.procedure else ())]
    assert error.message.startswith(
        f"{': '.join(names)}: Harbour answered 403: No mooring fee was paid. Pay the mooring fee."
    )


@pytest.mark.parametrize(
    "told", [{"cause": {"word": "BERTH_TAKEN"}, "word": "NO"}, {"cause": "none", "word": "BERTH_TAKEN"}]
)
def test_an_error_is_told_by_the_first_word_that_the_service_has_for_it(harbour, office, told):
    office.answer = lambda _seen: (409, {}, {"problem": "It was given to another boat.", **told})
    error = harbour.invoke("bookBerth", {**KEY, "berth": "A/7", "crew": [{"name": "Ada"}]}).error
    assert (error.kind, error.reason, error.message) == (
        "bad_request",
        "berth_taken",
        "bookBerth: Harbour answered 409: It was given to another boat. Choose another berth.",
    )


def test_an_error_means_what_it_means_where_it_was_met(harbour, office):
    office.answer = lambda _seen: (409, {}, {"problem": "No.", "word": "BERTH_TAKEN"})
    queued = harbour.invoke("queueBoats", {**KEY, "boats": ["Eka"]}).error
    booked = harbour.invoke("bookBerth", {**KEY, "berth": "A/7", "crew": [{"name": "Ada"}]}).error
    assert queued.message.endswith("Wait until the lock has let some through.")
    assert booked.message.endswith("Choose another berth.")


def test_an_app_signs_in_in_the_service_s_own_way_and_needs_a_user_for_what_is_a_user_s(harbour, office):
    found = 200, {}, {"access_token": "harbour-key", "expires_in": 3600}
    office.answer = lambda seen: found if seen.path == "/passes" else answer(seen)
    app = Connection("captain", "an-app", "a-secret-not-real", is_app=True)
    assert harbour.invoke("readTariffs", {}, connection=app).output == {"berth": "GET /tariffs"}
    assert [(seen.path, seen.body) for seen in office.requests] == [
        ("/passes", b"grant_type=harbour_master"),
        ("/tariffs", b""),
    ]
    for block, given in (("readPermits", {}), ("askForPermit", {"boat": "Ejder"})):
        error = harbour.invoke(block, given, connection=app).error
        assert (error.kind, "an app's own" in error.message) == ("forbidden", True)
    assert not any("permits" in seen.path for seen in office.requests)


@pytest.mark.parametrize(
    ("given", "granted", "told"),
    [
        ({}, ("steer",), None),
        ({}, ("pry",), "It needs the scope moor (Book berths and give them up) or steer (Move boats): "),
        ({"urgent": "true"}, ("moor", "hail"), None),
        (
            {"urgent": "true"},
            ("moor",),
            "the scope hail: `connector login --name captain --for askForPermit --scope hail`",
        ),
    ],
)
def test_a_connection_needs_the_scopes_that_the_arguments_call_for(harbour, office, given, granted, told):
    captain = Connection("captain", "an-app", scopes=granted, access_token="harbour-key")
    error = harbour.invoke("askForPermit", {"boat": "Ejder", **given}, connection=captain).error
    assert told in error.message if told else error is None
    assert len(office.requests) == (told is None)


def test_what_lasts_is_not_asked_again_within_a_call(harbour, office):
    office.answer = lambda _seen: (429, {}, {"problem": "The office is closed.", "word": "OFFICE_CLOSED"})
    error = harbour.invoke("checkBoats", {**KEY, "boats": ["Eka"]}).error
    assert (error.kind, error.reason) == ("rate_limited", "office_closed")
    assert len(office.requests) == 1


def test_the_second_manifest_uses_every_field_type():
    types = {field.type for block in HARBOUR for field in block.fields.values()}
    assert types == {"String", "Datepicker", "Map", "List", "Select", "Array", "credentials"}


def test_a_file_is_all_that_it_takes(office):
    with Connector.load(PATH, servers={"office": office.url}) as loaded:
        assert loaded.invoke("checkBoats", {**KEY, "boats": ["Eka"]}).output == [True]


def test_pages_by_position_are_merged(harbour, office):
    result = harbour.invoke("berths", {**KEY, "place": "57.70, 11.97", "size": "large", "day": "2026-06-01"})
    assert result.output == {"rows": ROWS, "count": 6, "more": None}
    first = {"near": "57.7,11.97", "class": "large", "on": "2026-06-01T00:00:00", "per": "4"}
    assert [seen.query for seen in office.requests] == [first, {**first, "from": "4"}]


def test_pages_by_cursor_are_merged(harbour, office):
    result = harbour.invoke("readLog", KEY)
    assert result.output == {"rows": [0, 1, 2, 3, 4], "more": None, "mark": {"last": None}}
    first = {"kind": "all", "per": "2"}
    assert [seen.query for seen in office.requests] == [first, {**first, "since": "2"}, {**first, "since": "4"}]


@pytest.mark.parametrize(("mode", "size"), [("auto", "1"), ("development", "1"), ("extended", "3")])
def test_pages_are_as_large_as_the_app_may_ask_for(office, connect, mode, size):
    assert connect(HARBOUR, quota_mode=mode).invoke("readLogBackwards", KEY).ok
    assert {seen.query["per"] for seen in office.requests} == {size}


def test_reading_stops_early(harbour, office):
    assert list(harbour.stream("readLog", {**KEY, "max_items": "3"})) == [0, 1, 2]
    assert len(office.requests) == 2


def test_a_list_is_split_and_the_answers_keep_its_order(harbour, office):
    boats = harbour.invoke("checkBoats", {**KEY, "boats": "Alk, harbour:boat:Ejder, Lom, Eka"})
    assert boats.output == [False, True, False, True]
    # Reads are sent side by side, so they may arrive in any order.
    assert sorted(seen.target for seen in office.requests) == [
        "/boats/in?names=Alk%2CEjder%2CLom",
        "/boats/in?names=Eka",
    ]


def test_rows_become_a_json_body_and_an_id_stays_in_its_segment(harbour, office):
    booking = harbour.invoke("bookBerth", {**KEY, "berth": "A/7", "crew": '[{"name": "Ada"}, {"name": "Bo"}]'})
    assert booking.output == {"booking": 2}
    [seen] = office.requests
    assert (seen.method, seen.target) == ("POST", "/berths/A%2F7/bookings")
    assert json.loads(seen.body) == {"crew": [{"name": "Ada"}, {"name": "Bo"}]}
    assert booking.meta.did == "Booked a berth for 2 sailors"


@pytest.mark.parametrize(
    ("args", "target"),
    [
        ({}, "/moorings?uri=harbour%3Aboat%3AEjder"),
        ({"refund": "false"}, "/boats/Ejder/mooring?refund=false"),
    ],
)
def test_the_first_route_that_can_carry_the_arguments_is_taken(harbour, office, args, target):
    assert harbour.invoke("leaveBerth", {**KEY, "boat": "harbour:boat:Ejder", **args}).output == {}
    assert [seen.target for seen in office.requests] == [target]


@pytest.mark.parametrize(
    ("args", "sent"),
    [
        ({"height": "7"}, {"height": "7"}),
        ({"mast": "Z", "height": 7}, {"mast": "Z", "height": "7"}),
        ({"mast": " main MAST ", "height": "7"}, {"mast": "B", "height": "7"}),
        ({"height": "+3"}, {"height": "7"}),
        ({"mast": "Main mast", "height": -9}, {"mast": "B", "height": "0"}),
        ({"mast": "C", "height": "+9"}, {"mast": "C", "height": "20"}),
        ({"mast": "E", "height": "+2"}, {"mast": "E", "height": "9"}),
    ],
)
def test_names_and_amounts_are_settled_by_what_another_block_lists_with_one_call(harbour, office, args, sent):
    result = harbour.invoke("hoistFlag", {**KEY, **args})
    assert result.ok, result.error
    assert office.requests[-1].query == sent
    assert len(office.requests) == result.meta.requests <= 2
    assert result.meta.route == "PUT /flags"
    # In the words of whoever called: the name, not the id that it stands for; and where it ended.
    on = f" on {args['mast'].strip()}" if "mast" in args else ""
    assert result.meta.did == f"Hoisted the flag{on} to {sent['height']} m"


@pytest.mark.parametrize(
    ("args", "field", "why"),
    [
        ({"mast": "Mizzen mast", "height": "1"}, "mast", "is neither an id nor a name that listMasts lists"),
        (
            {"mast": "Fore mast", "height": "1"},
            "mast",
            "is the name of several: give the id of one (fits: one of the ids C, D)",
        ),
        ({"mast": "Broken mast", "height": "1"}, "mast", "has no id now"),
        ({"mast": "D", "height": "+1"}, "height", "is added to what is set now, and nothing is"),
        ({"mast": "Z", "height": "+1"}, "height", "is added to what is set now, and nothing is"),
    ],
)
def test_what_can_not_be_settled_is_not_sent(harbour, office, args, field, why):
    error = harbour.invoke("hoistFlag", {**KEY, **args}).error
    assert (error.kind, [problem.name for problem in error.fields]) == ("invalid_fields", [field])
    assert why in error.message
    assert error.message.startswith("hoistFlag: ")
    assert [seen.method for seen in office.requests] == ["GET"]


def test_a_thing_is_found_by_its_name_among_all_that_are_listed(harbour, office):
    told = harbour.invoke("findMast", {**KEY, "text": "MIZEN"}).output
    assert (told["letters"], told["calls"], len(office.requests)) == (["E"], {"read": 1, "write": 0}, 1)
    # Of two of one name the first is given, and the other is among the candidates.
    told = harbour.invoke("findMast", {**KEY, "text": "Fore mast"}).output
    assert [each["letter"] for each in told["matches"][0]["candidates"] if each["score"] == 100] == ["C", "D"]
    assert harbour.invoke("findMast", {**KEY, "text": "Bowsprit"}).output["letters"] == []


@pytest.mark.parametrize("masts", [None, "Main mast", {"B": {}}, 7])
def test_an_answer_without_the_list_is_no_fault_of_the_name(harbour, office, masts):
    office.answer = lambda _seen: (200, {}, {"office": {"masts": masts}})
    error = harbour.invoke("hoistFlag", {**KEY, "mast": "Main mast", "height": "1"}).error
    assert (error.kind, error.message) == ("bad_answer", "hoistFlag: The answer to listMasts holds no list.")


@pytest.mark.parametrize(
    ("mast", "given"),
    [
        *(({"name": "Odd", "letter": odd}, "Odd") for odd in (["A"], {}, True, "", None)),
        *(({"name": odd, "letter": "A"}, str(odd)) for odd in (None, 7, [], {})),
    ],
)
def test_what_has_no_name_or_no_id_is_not_meant_by_one(harbour, office, mast, given):
    office.answer = lambda _seen: (200, {}, {"office": {"masts": [None, 7, mast]}})
    error = harbour.invoke("hoistFlag", {**KEY, "mast": given, "height": "1"}).error
    assert (error.kind, [problem.name for problem in error.fields]) == ("invalid_fields", ["mast"])
    assert [seen.method for seen in office.requests] == ["GET"]


def test_of_many_and_of_long_names_a_message_repeats_some(harbour, office):
    masts = [{"name": f"\x1b[2J{place}{'x' * 1_000}", "id": str(place)} for place in range(1_000)]
    office.answer = lambda _seen: (200, {}, {"office": {"masts": masts}})
    error = harbour.invoke("hoistFlag", {**KEY, "mast": "none of them", "height": "1"}).error
    assert (len(error.message) < 2_000, error.message.isprintable(), "980 more" in error.message) == (True, True, True)


@pytest.mark.parametrize("keeper", [None, "", " ", True, ["Ada"], {}, 1.5])
def test_what_no_request_can_carry_is_not_sent(harbour, office, keeper):
    found = 200, {}, {"keeper": {"name": keeper}}
    office.answer = lambda seen: found if seen.path == "/towers/A%2F7" else answer(seen)
    error = harbour.invoke("findKeeper", {**KEY, "tower": "A/7"}).error
    assert (error.kind, "holds no keeper.name" in error.message) == ("bad_answer", True)
    assert "/people" not in [seen.path for seen in office.requests]


@pytest.mark.parametrize(("again", "booking", "sent"), [(True, 8, "GET"), (False, 1, "POST"), (None, 1, "POST")])
def test_what_is_there_already_is_given_in_place_of_a_new_one(harbour, office, again, booking, sent):
    result = harbour.invoke("bookBerth", {**KEY, "berth": "A/7", "crew": [{"name": "Ada"}], "again": again})
    assert result.unwrap()["booking"] == booking
    assert (office.requests[-1].method, result.meta.requests) == (sent, len(office.requests))
    assert bool(result.meta.warnings) == bool(again)
    assert result.meta.did == ("Found a booking" if again else "Booked a berth for 1 sailor")


def test_what_is_not_there_yet_is_made(harbour, office):
    office.answer = lambda seen: (200, {}, {"bookings": []}) if seen.path == "/bookings" else answer(seen)
    result = harbour.invoke("bookBerth", {**KEY, "berth": "A/7", "crew": [{"name": "Ada"}], "again": True})
    assert (result.output, [seen.method for seen in office.requests]) == ({"booking": 1}, ["GET", "GET", "POST"])


LATER = ["Alk", "Lom", "Ejder", "Sule", "Tejst", "Grissla", "Havssula"]


@pytest.mark.parametrize("place", [None, 1], ids=["at the end", "at a place"])
@pytest.mark.parametrize(
    ("lost", "takes_effect", "told"),
    [
        (2, True, ("done", LATER[:6], LATER[6:], [])),
        (2, False, ("not", LATER[:3], LATER[3:], [])),
        (1, False, ("not", [], LATER, [])),
        (1, True, ("unknown", [], LATER[3:], LATER[:3])),
    ],
    ids=["second done", "second not done", "first not done", "first done"],
)
def test_what_became_of_a_part_whose_answer_was_lost_is_read_back(harbour, office, lost, takes_effect, told, place):
    QUEUE[:] = ["Svan", "Anka"]
    posts = []

    def lose(seen):
        if seen.method != "POST":
            return answer(seen)
        posts.append(seen)
        if len(posts) != lost or takes_effect:
            body = json.loads(seen.body)
            at = body.get("at", {}).get("place", len(QUEUE))
            QUEUE[at:at] = [boat["name"] for boat in body["boats"]]
        return (502, {}, b"lost") if len(posts) == lost else (200, {}, b"")

    office.answer = lose
    given = {} if place is None else {"place": place}
    error = harbour.invoke("queueBoats", {**KEY, "boats": LATER, **given}).error
    what, done, not_done, uncertain = told
    assert (list(error.done), list(error.not_done), list(error.uncertain)) == (done, not_done, uncertain)
    assert error.is_uncertain == (what == "unknown")
    assert ("The list was read back" in error.message) == (what != "unknown")
    assert len(posts) == lost


def test_what_can_not_be_read_back_stays_uncertain(harbour, office):
    office.answer = lambda _seen: (502, {}, b"lost")
    error = harbour.invoke("queueBoats", {**KEY, "boats": ["Alk"]}).error
    assert (error.is_uncertain, error.uncertain) == (True, ("Alk",))


def test_a_picture_is_fetched_before_it_is_sent(harbour, office, monkeypatch):
    monkeypatch.setattr("connector.wire.outside.fetch", lambda _address, _deadline: b"\xff\xd8\xff drawn")
    result = harbour.invoke("raiseSignal", {**KEY, "mast": "B", "drawing": "https://pictures.example/gale.jpg"})
    assert result.ok, result.error
    assert office.requests[-1].headers["Content-Type"] == "image/jpeg"
    assert base64.b64decode(office.requests[-1].body) == b"\xff\xd8\xff drawn"
    monkeypatch.setattr("connector.wire.outside.fetch", lambda _address, _deadline: b"a page")
    error = harbour.invoke("raiseSignal", {**KEY, "mast": "B", "drawing": "https://pictures.example/gale"}).error
    assert (error.kind, error.fields[0].problem) == ("invalid_fields", "leads to what is no picture that can be read")
    assert len(office.requests) == 1


@pytest.mark.parametrize("drawing", [PNG, "https://pictures.example/gale.png"], ids=["bytes", "address"])
def test_a_picture_waits_for_its_turn_only_as_long_as_the_call_may_take(harbour, office, monkeypatch, drawing):
    pytest.importorskip("PIL")
    monkeypatch.setattr("connector.wire.outside.fetch", lambda _address, _deadline: PNG)
    args, cancel = {**KEY, "mast": "B", "drawing": drawing}, Cancel()
    with pictures._TURN.lock:
        assert harbour.invoke("raiseSignal", args, deadline=0.1).error.kind == "timeout"
        cancel.set()
        assert harbour.invoke("raiseSignal", args, deadline=30, cancel=cancel).error.kind == "cancelled"
    assert office.requests == []
    assert harbour.invoke("raiseSignal", args).ok


def test_a_route_reads_first_what_it_wants_to_know(harbour, office):
    result = harbour.invoke("findKeeper", {**KEY, "tower": "A/7"})
    assert result.output == {"berth": "Ada Quay"}
    assert [seen.path for seen in office.requests] == ["/towers/A%2F7/keeper", "/towers/A%2F7", "/people"]
    assert (result.meta.requests, result.meta.route) == (3, "GET /people")


def test_a_list_that_is_neither_paged_nor_collected_is_given_entry_by_entry(harbour):
    assert harbour.invoke("listMasts", KEY).entries == list(harbour.stream("listMasts", KEY)) == MASTS


def test_a_closed_route_is_not_taken(office, connect):
    args = {**KEY, "boat": "Ejder", "refund": "false"}
    error = connect(HARBOUR, quota_mode="development").invoke("leaveBerth", args).error
    assert error.kind == "unavailable"
    assert "It can be done without refund." in error.message
    assert office.requests == []


def test_a_link_to_another_kind_of_thing_is_refused(harbour, office):
    error = harbour.invoke("leaveBerth", {**KEY, "boat": "harbour:berth:A7"}).error
    assert [problem.name for problem in error.fields] == ["boat"]
    assert office.requests == []


def test_the_linter_finds_nothing():
    assert check_manifest(PATH) == []


def call(*words, manifest=PATH):
    return run([COMMAND, "--manifest", manifest, *words], capture_output=True, text=True, check=False)


def test_the_command_line_lists_it():
    listed = json.loads(call("blocks", "--json").stdout)
    assert [block["name"] for block in listed["blocks"]] == list(HARBOUR.names)


@EACH_BLOCK
def test_the_command_line_runs_it(office, block):
    servers = [word for name in ("office", "customs") for word in ("--server", f"{name}={office.url}")]
    done = call("run", block.name, "--args", json.dumps(block.example), *servers)
    assert done.returncode == 0, done.stderr
    jsonschema.validate(json.loads(done.stdout), block.output_schema)


@EACH_BLOCK
def test_the_mcp_server_offers_it(harbour, open_mcp, block):
    known = {name: value for name, value in {**KEY, **PASS}.items() if name in block.fields}
    offer = Offer(is_whole=True, has_output_schemas=True)
    with open_mcp(build_server(harbour, offer=offer, find_known=lambda _block: known)) as client:
        assert list(client.tools()) == [*HARBOUR.names, "whats_new"]
        assert client.tools()[block.name].description.startswith(block.description)
        args = {name: value for name, value in block.example.items() if name not in known}
        answer = client.call(block.name, args)
        limit = {"max_items": count_entries(block)} if block.page else {}
        output = harbour.invoke(block.name, {**block.example, **limit}).output
    assert answer.structured_content == ({"result": output} if isinstance(output, list) else output)


def test_the_mcp_server_stops_where_its_pages_stop(harbour, open_mcp):
    with open_mcp(build_server(harbour, offer=Offer(is_whole=True))) as client:
        positions = client.call("listBerths", {**KEY, "place": "57.7, 11.97", "max_items": 2})
        cursors = client.call("readLog", {**KEY, "max_items": 3})
    assert positions.content[1].text == "2 of 6 entries. A higher max_items gives more of them."
    assert cursors.content[1].text == "3 entries, in rows. There may be more: a higher max_items tells."


def test_the_command_line_checks_it(tmp_path):
    assert call("check").returncode == 0
    shutil.copytree(PATH.parent, tmp_path / "harbour")
    changed = tmp_path / "harbour" / "manifest.yaml"
    changed.write_text(PATH.read_text("utf-8").replace("effect: destructive", "effect: sad"), "utf-8")
    done = call("check", manifest=changed)
    assert done.returncode == 1
    line = changed.read_text("utf-8").splitlines().index("    effect: sad") + 1
    assert done.stdout.startswith(f"{changed}:{line}: leaveBerth: 'sad' is not one of")


def test_the_sandbox_of_another_service_is_refused():
    done = call("run", "readLog", "--sandbox")
    assert done.returncode == 2
    assert "another service" in done.stderr
