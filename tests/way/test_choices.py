"""What a field may hold, as another block lists it: over a real socket, by shape of list."""

import pytest

from connector import Choice, UnknownBlock, UnknownField
from connector.manifest.choice_sources import ChoiceSource
from connector.way.kept_choices import KeptChoices, ReadPage

TOKEN = {"access_token": "s3cret"}
OTHER = {"access_token": "an0ther"}


def track_of(number):
    return {"track": {"id": f"id{number}", "name": f"Song {number}", "artists": [{"name": "Ada"}, {"name": "Björn"}]}}


@pytest.fixture
def many(server):
    """A library of 1020 tracks."""

    def answer(seen):
        start, size = int(seen.query.get("offset", 0)), int(seen.query["limit"])
        items = [track_of(number) for number in range(start, min(start + size, 1020))]
        following = "more" if start + size < 1020 else None
        return 200, {}, {"items": items, "limit": size, "offset": start, "total": 1020, "next": following}

    server.answer = answer
    return server


def labels(found):
    return [choice.label for choice in found.unwrap()]


def test_a_flat_list_is_told_in_its_order_without_what_has_no_value(connect, server):
    devices = [
        {"id": "a1", "name": "Kitchen", "type": "Speaker"},
        {"id": None, "name": "Restricted", "type": "TV"},
        None,
        {"id": "b2", "name": None},
        {"id": "c3", "name": "Attic", "type": None},
    ]
    server.answer = lambda _seen: (200, {}, {"devices": devices})
    found = connect().choices("startPlayback", "device_id", args=TOKEN)
    assert found.choices == (Choice("a1", "Kitchen", "Speaker"), Choice("b2", "b2"), Choice("c3", "Attic"))
    assert (found.next, found.meta.requests, bool(found)) == (None, 1, True)


def test_an_empty_list_is_read_anew(connect, server):
    devices = []
    server.answer = lambda _seen: (200, {}, {"devices": devices})
    spotify = connect()
    assert spotify.choices("startPlayback", "device_id", args=TOKEN).choices == ()
    devices.append({"id": "a1", "name": "Kitchen"})
    assert labels(spotify.choices("startPlayback", "device_id", args=TOKEN)) == ["Kitchen"]


def test_entries_that_wrap_what_is_meant_are_told_a_page_at_a_time(connect, many):
    spotify = connect()
    first = spotify.choices("getTrack", "id", args=TOKEN)
    assert first.choices[0] == Choice("id0", "Song 0", "Ada, Björn")
    assert (len(first.choices), first.meta.requests, len(many.requests)) == (50, 1, 1)
    second = spotify.choices("getTrack", "id", args=TOKEN, after=first.next, limit=20)
    third = spotify.choices("getTrack", "id", args=TOKEN, after=second.next, limit=100)
    assert (labels(second)[0], labels(third)[0], len(third.choices)) == ("Song 50", "Song 70", 30)
    # The rest of a page that was read costs nothing.
    assert (second.meta.requests, third.meta.requests, len(many.requests)) == (1, 0, 2)


def test_a_list_field_has_the_choices_of_its_values(connect, many):
    assert len(connect().choices("getTracks", "ids", args=TOKEN).choices) == 50


def test_a_list_by_cursors_goes_on_at_its_cursor(connect, server):
    def answer(seen):
        after = seen.query.get("after")
        entries = [{"id": f"{after}{number}", "name": f"Artist {number}"} for number in range(50)]
        return 200, {}, {"artists": {"items": entries, "cursors": {"after": None if after else "c_1"}, "next": "n"}}

    server.answer = answer
    spotify = connect()
    first = spotify.choices("getArtist", "id", args=TOKEN)
    second = spotify.choices("getArtist", "id", args=TOKEN, after=first.next)
    assert ([first.choices[0].value, second.choices[0].value], second.next) == (["None0", "c_10"], None)
    assert len(server.requests) == 2


def test_a_search_reads_on_until_there_are_enough(connect, many):
    found = connect().choices("getTrack", "id", "song 12", args=TOKEN, limit=3)
    assert labels(found) == ["Song 12", "Song 120", "Song 121"]
    assert found.meta.requests == len(many.requests) == 3


def test_a_search_ends_after_ten_pages_and_says_where_it_goes_on(connect, many):
    spotify = connect()
    found = spotify.choices("getTrack", "id", "song 1019", args=TOKEN)
    assert (found.choices, found.meta.requests, len(many.requests)) == ((), 10, 10)
    found = spotify.choices("getTrack", "id", "song 1019", args=TOKEN, after=found.next)
    found = spotify.choices("getTrack", "id", "song 1019", args=TOKEN, after=found.next)
    assert (labels(found), found.next, found.meta.requests) == (["Song 1019"], None, 1)


@pytest.mark.parametrize("search", ["café", "CAFE", "fe\u0301 d", " flore "])
def test_a_search_heeds_no_accents_and_no_capitals(connect, server, search):
    items = [{"id": "a", "name": "Café de Flore"}, {"id": "b", "name": "Kafka"}, {"id": "c", "name": None}, None]
    server.answer = lambda _seen: (200, {}, {"items": items, "total": 4, "next": None})
    assert labels(connect().choices("getPlaylist", "playlist_id", search, args=TOKEN)) == ["Café de Flore"]


def test_what_one_token_reads_no_other_gets_and_a_write_drops_it(connect, many):
    spotify = connect()

    def count(args):
        return spotify.choices("getTrack", "id", args=args).meta.requests

    assert [count(TOKEN), count(TOKEN), count(OTHER), count(OTHER)] == [1, 0, 1, 0]
    many.queue.append((200, {}, None))
    spotify.invoke("saveTrack", {**TOKEN, "id": "4iV5W9uYEdYUVa79Axb7Rh"}).unwrap()
    assert [count(TOKEN), count(OTHER)] == [1, 0]


def test_a_failure_is_told_as_an_invocation_s_and_not_kept(connect, server):
    server.queue.append((401, {}, {"error": {"status": 401, "message": "The access token expired"}}))
    server.answer = lambda _seen: (200, {}, {"devices": [{"id": "a", "name": "Attic"}]})
    spotify = connect()
    found = spotify.choices("startPlayback", "device_id", args=TOKEN)
    assert (found.error.kind, found.choices, found.meta.requests) == ("unauthorized", (), 1)
    assert found.error.message.startswith("getDevices: ")
    assert labels(spotify.choices("startPlayback", "device_id", args=TOKEN)) == ["Attic"]


@pytest.mark.parametrize(
    ("options", "kind", "fields"),
    [
        ({}, "missing_fields", ["access_token"]),
        ({"args": TOKEN, "after": "elsewhere"}, "invalid_fields", ["after"]),
        ({"args": TOKEN, "limit": 0}, "invalid_fields", ["limit"]),
        ({"args": TOKEN, "limit": 101, "after": "x"}, "invalid_fields", ["after", "limit"]),
    ],
    ids=["nobody", "no place", "none", "too many"],
)
def test_nothing_is_sent_for_what_does_not_fit(connect, server, options, kind, fields):
    found = connect().choices("startPlayback", "device_id", **options)
    assert (found.error.kind, [problem.name for problem in found.error.fields]) == (kind, fields)
    assert server.requests == []


def test_an_answer_without_a_list_is_no_answer(connect, server):
    server.answer = lambda _seen: (200, {}, {"devices": None})
    assert connect().choices("startPlayback", "device_id", args=TOKEN).error.kind == "bad_answer"


@pytest.mark.parametrize(
    ("block", "field", "problem", "words"),
    [
        ("noSuchBlock", "id", UnknownBlock, "noSuchBlock"),
        ("getTrack", "nothing", UnknownField, "getTrack has no field 'nothing'"),
        ("getTrack", "market", UnknownField, "getTrack knows no list of what market may hold, only of what id may"),
        ("getMarkets", "access_token", UnknownField, "nor of what any other field may"),
        # What is saved already is no help with what to save.
        ("saveTrack", "id", UnknownField, "saveTrack knows no list"),
    ],
)
def test_what_nothing_lists_is_a_mistake(connect, block, field, problem, words):
    with pytest.raises(problem, match=words):
        connect().choices(block, field)


def test_what_is_kept_is_bounded_in_time_and_size():
    now = [0.0]
    kept = KeptChoices(lambda: now[0])
    source = ChoiceSource("listThings", "id", "name")
    page = ReadPage((Choice("1", "One"),), None)
    kept.keep("ada", source, None, page)
    assert (kept.find("ada", source, None), kept.find("ada", source, "50")) == (page, None)
    now[0] = 61.0
    assert kept.find("ada", source, None) is None
    for number in range(600):
        kept.keep(f"somebody {number}", source, None, page)
    assert [bool(kept.find(f"somebody {number}", source, None)) for number in (99, 100, 599)] == [False, True, True]
    long = ReadPage((Choice("1", "x" * 1_500_000),), None)
    kept.keep("ada", source, "a", long)
    kept.keep("ada", source, "b", long)
    assert (kept.find("ada", source, "a"), kept.find("ada", source, "b")) == (None, long)
