"""Lists on their way while calls fail, the process ends and others edit them: nothing is lost or doubled."""

import random
from collections import Counter

import pytest

from connector.composites.editing import Editing
from connector.composites.wanted import add_missing, dedupe, mirror, shuffle, sort
from connector.errors import ErrorDetail, InvocationFailed
from tests.composites.shelf import KIND, Crash, Shelf
from tests.composites.test_editing import choose_mirror, make_entries, read, read_uris

#: What a list shall be by what it holds itself: what is lost here is lost for good.
OWN = {
    "dedupe": lambda before: dedupe(before, keep_first=False),
    "sort": lambda before: sort(before, lambda entry: entry.data and entry.data["uri"], descending=False),
    "shuffle": lambda before: shuffle(before, lambda entry: entry.data and entry.key[-1], "seed"),
}


class Guest:
    """Somebody who puts entries on the list, takes them off, and moves them, so often at most; `held` counts what has
    to be on the list."""

    def __init__(self, shelf, chance, edits):
        self.chance, self.edits = chance, edits
        self.held = Counter(shelf.uris)

    def __call__(self, shelf):
        if not self.edits or self.chance.random() > 0.2:
            return
        self.edits -= 1
        entry = {"uri": f"guest {self.edits}", "added": "9", "own": False}
        what = self.chance.choice(("puts on", "takes off", "moves"))
        if what != "puts on" and shelf.entries:
            entry = shelf.entries.pop(self.chance.randrange(len(shelf.entries)))
            self.held[entry and entry["uri"]] -= 1
        if what != "takes off":
            shelf.entries.insert(self.chance.randrange(len(shelf.entries) + 1), entry)
            self.held[entry and entry["uri"]] += 1

    def find_lost(self, shelf, *, once):
        """What is missing, of which one is enough or each; it is missed no more."""
        there = Counter(shelf.uris)
        lost = {uri for uri, count in self.held.items() if there[uri] < (min(count, 1) if once else count)}
        self.held.update({uri: there[uri] - self.held[uri] for uri in lost})
        return lost


@pytest.mark.parametrize("how", ["moves", "auto", "replace"])
@pytest.mark.parametrize("story", OWN)
def test_only_the_end_of_the_process_can_cost_what_one_call_holds(story, how):
    for seed in range(60):
        chance = random.Random(f"{story} {how} {seed}")  # noqa: S311 - a story, no secret
        entries = make_entries(chance)
        shelf = Shelf(entries if how == "moves" else [entry for entry in entries if entry and not entry["own"]], seed)
        # What others do between the reading and a `replace` is overwritten.
        guest = Guest(shelf, chance, chance.randrange(3) if how == "moves" else 0)
        run_until_done(shelf, OWN[story], how, guest, once=story == "dedupe")
        assert guest.find_lost(shelf, once=story == "dedupe") == set(), (seed, shelf.uris)
        if story == "dedupe":
            free = [entry["uri"] for entry in shelf.entries if entry and not entry["own"]]
            assert len(free) == len(set(free))
        else:
            assert +guest.held == Counter(shelf.uris), seed


def run_until_done(shelf, choose, how, guest, *, once):
    """Runs it again and again, whatever happens."""
    shelf.meanwhile, shelf.trouble = guest, 0.15
    for _ in range(60):
        try:
            Editing(shelf.open(), choose, how).run()
        except Crash:
            assert len(guest.find_lost(shelf, once=True)) <= KIND.sizes["insert"]
            guest.find_lost(shelf, once=once)
        except InvocationFailed as failure:
            error = failure.error
            assert guest.find_lost(shelf, once=once) <= {*error.not_done, *error.uncertain}
        else:
            break
    shelf.meanwhile, shelf.trouble = None, 0.0


SOURCE = read_uris("gbxyzwvab")
#: What makes a list of others, and what a list of `abcdefg` is then.
OTHERS = {
    "mirror": (choose_mirror(SOURCE), "gbxyzwvab"),
    "add at the end": (lambda before: add_missing(before, read(SOURCE)), "abcdefgxyzwv"),
    "add at the top": (lambda before: add_missing(before, read(SOURCE), 0), "xyzwvabcdefg"),
    "add in between": (lambda before: add_missing(before, read(SOURCE), 2), "abxyzwvcdefg"),
    "sort": (lambda before: sort(before, lambda entry: entry.key, descending=True), "gfedcba"),
}


@pytest.mark.parametrize("end", ["before", "after"])
@pytest.mark.parametrize("story", OTHERS)
def test_wherever_the_process_ends_the_next_one_ends_with_the_same_list(story, end):
    choose, wanted = OTHERS[story]
    calls = 0
    while True:
        calls += 1
        shelf = Shelf(read_uris("abcdefg"))
        shelf.faults[calls - 1] = f"crash {end}"
        try:
            Editing(shelf.open(), choose).run()
        except Crash:
            Editing(shelf.open(), choose).run()
            assert "".join(shelf.uris) == wanted, calls
            continue
        break
    assert calls > 4
    assert "".join(shelf.uris) == wanted


@pytest.mark.parametrize(("lost", "how"), [("remove", "after"), ("insert", "before"), ("insert", "after")])
def test_what_went_with_a_copy_comes_back_where_it_stood(lost, how):
    shelf = Shelf(read_uris("abcbdcef"))
    shelf.meanwhile = lambda shelf: shelf.faults.update({shelf.calls.index(lost): how} if lost in shelf.calls else {})
    Editing(shelf.open(), OWN["dedupe"]).run()
    assert "".join(shelf.uris) == "abcdef"


def test_a_list_that_is_put_on_anew_in_parts_lacks_no_more_than_one_of_them_at_any_time():
    shelf = Shelf(read_uris("kjihgfedcba"))
    shelf.meanwhile = lambda shelf: least.append(len(shelf.entries))
    least = []
    Editing(shelf.open(), OWN["sort"], "replace").run()
    assert "".join(shelf.uris) == "abcdefghijk"
    assert min(least) == len(shelf.entries) - KIND.sizes["insert"]


def test_nothing_is_taken_off_that_there_is_no_room_to_put_back():
    shelf = Shelf(read_uris("abcb"))
    target = shelf.open()

    def refuse():
        raise InvocationFailed(ErrorDetail("rate_limited", "There is no room."))

    target.check_room = refuse
    with pytest.raises(InvocationFailed, match="There is no room") as caught:
        Editing(target, OWN["dedupe"]).run()
    assert (shelf.uris, caught.value.error.not_done) == (list("abcb"), ("b", "b"))
    # Entries that move are there all the time.
    Editing(target, OWN["sort"]).run()
    assert shelf.uris == list("abbc")


def test_one_that_can_not_be_put_back_keeps_no_other_off_the_list():
    shelf = Shelf(read_uris("abcdabx"))
    shelf.ghosts = {"b"}
    with pytest.raises(InvocationFailed) as caught:
        Editing(shelf.open(), OWN["dedupe"]).run()
    error = caught.value.error
    assert ("".join(shelf.uris), error.not_done) == ("acdx", ("b",))
    assert error.message.endswith("1 of what not_done lists was taken off, to be put in again: put it back.")


def test_a_list_that_shall_be_empty_is_emptied_whichever_way():
    for how in ("moves", "auto", "replace"):
        shelf = Shelf(read_uris("abcd"))
        Editing(shelf.open(), lambda _: [], how).run()
        assert (shelf.uris, shelf.calls.count("remove")) == ([], 2)


def test_an_answer_that_is_lost_is_told_where_the_list_can_not_be_read_any_more():
    shelf = Shelf(read_uris("abc"))
    shelf.meanwhile = lambda shelf: shelf.faults.update(
        {len(shelf.calls) - 1: "after"} if "insert" in shelf.calls else {}
    )
    with pytest.raises(InvocationFailed) as caught:
        Editing(shelf.open(), lambda before: mirror(before, read(read_uris("abcxyzuvw")))).run()
    error = caught.value.error
    assert (error.is_uncertain, error.uncertain, error.not_done) == (True, ("x", "y", "z"), ("u", "v", "w"))


def test_places_that_others_have_shifted_are_looked_up_anew():
    shelf = Shelf(read_uris("fedcba"))

    def take_off(shelf):
        if shelf.calls[-1] == "move" and shelf.calls.count("move") == 2:
            shelf.entries = shelf.entries[2:]

    shelf.meanwhile = take_off
    Editing(shelf.open(), OWN["sort"]).run()
    assert shelf.uris == sorted(shelf.uris)
    assert len(shelf.uris) == 4
