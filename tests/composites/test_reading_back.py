"""A list that is read in parts: what changes between two readings of it, before something is written and after."""

from dataclasses import replace

import pytest

from connector.composites.editing import Editing
from connector.composites.entries import UNREADABLE
from connector.composites.kept_list import KeptList, build_entry
from connector.composites.wanted import dedupe, mirror, sort
from connector.errors import ErrorDetail, InvocationFailed
from connector.result import Listing, Meta, Result
from tests.composites.shelf import KIND, Shelf

#: A shelf of which four entries are read by one call.
SHORT = replace(KIND, page=replace(KIND.page, size=4))


def build(letters, kind=SHORT):
    return Shelf([{"uri": letter, "added": "1", "own": False} for letter in letters], kind=kind)


def be_like(letters):
    source = [build_entry(KIND, {"uri": letter}, place) for place, letter in enumerate(letters)]
    return lambda before: mirror(before, source)


def test_an_id_is_text_whether_it_is_written_as_text_or_as_a_number():
    keys = [build_entry(KIND, {"uri": uri}, 5).key for uri in ("7", 7, True, None)]
    assert keys == ["7", "7", f"{UNREADABLE}5", f"{UNREADABLE}5"]


@pytest.mark.parametrize(("totals", "readings"), [((3, 3), 1), ((3, 4), 2), ((None, 4), 1)])
def test_a_list_whose_pages_shifted_while_it_was_read_is_read_again(totals, readings):
    first, last = totals
    kind = replace(KIND, page=replace(KIND.page, names={"items": "items", "total": "total"}))
    told = [Result("read", {"items": [], "total": first}, meta=Meta(total=last), listing=Listing(("items",)))]
    told.append(Result("read", {"items": [{"uri": "a"}], "total": 4}, meta=Meta(total=4), listing=Listing(("items",))))
    answers = iter(told)
    entries = KeptList(kind, None, lambda *_: next(answers), Shelf([]).call).read()
    assert len(entries) == readings - 1


def put(shelf, at):
    shelf.entries.insert(at, {"uri": "guest", "added": "9", "own": False})


def test_one_call_reads_back_what_was_written():
    shelf = build("abcdefgh")
    Editing(shelf.open(), be_like("abcdxefgh")).run()
    assert (shelf.uris, shelf.calls) == (list("abcdxefgh"), ["look", "read", "look", "insert", "read"])


def test_what_others_put_in_front_while_a_list_is_read_is_seen():
    shelf = build("abcdefghi")
    # Once all was read, before the look that tells so.
    shelf.meanwhile = lambda shelf: put(shelf, 0) if shelf.calls == ["look", "read", "look"] else None
    Editing(shelf.open(), be_like("abcdefghi")).run()
    assert shelf.uris == list("abcdefghi")


@pytest.mark.parametrize("wanted", ["abcxdefgh", "xabc", "x"])
def test_what_others_put_at_the_end_before_it_is_read_back_is_seen(wanted):
    shelf = build("abcdefgh")
    written = []

    def add(shelf):
        if shelf.calls[-1] == "read" and "insert" in shelf.calls and not written:
            written.append(True)
            put(shelf, len(shelf.entries))

    shelf.meanwhile = add
    Editing(shelf.open(), be_like(wanted)).run()
    assert written
    assert shelf.uris == list(wanted)


def test_a_write_whose_answer_is_lost_does_not_end_the_run():
    shelf = build("abcdefgh")
    shelf.faults[3] = "after"
    Editing(shelf.open(), be_like("abcdxefgh")).run()
    assert (shelf.uris, shelf.calls.count("insert")) == (list("abcdxefgh"), 1)


@pytest.mark.parametrize("refused", ["remove", "move"])
def test_what_is_on_the_list_is_not_told_as_taken_off(refused):
    # Before it is taken off, and once it is back and has to move to where it stood.
    shelf = build("axbyab")

    def refuse(shelf):
        if shelf.calls[-1] == refused:
            raise InvocationFailed(ErrorDetail("forbidden", "It is refused."))

    shelf.meanwhile = refuse
    with pytest.raises(InvocationFailed) as caught:
        Editing(shelf.open(), lambda before: dedupe(before, keep_first=True)).run()
    assert set(shelf.uris) == set("abxy")
    assert caught.value.error.message == "It is refused."


def test_a_list_is_not_put_on_anew_by_several_calls_unless_that_is_asked_for():
    shelf = build("ihgfedcba")

    def order(before):
        return sort(before, lambda entry: entry.key, descending=False)

    plan = Editing(shelf.open(), order, "auto").run()
    assert plan.costs["replace"] < plan.costs["moves"] == shelf.calls.count("move")
