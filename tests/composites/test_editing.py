"""Lists brought to what is wanted of them: the fewest edits, nothing lost, whatever happens meanwhile."""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest

from connector.composites.editing import Editing
from connector.composites.edits import Insert, Means, Move, Remove, apply_edits, plan_edits
from connector.composites.entries import Entry, Sameness
from connector.composites.kept_list import build_entry
from connector.composites.wanted import add_missing, dedupe, keep_order_of_fixed, mirror, shuffle, sort
from connector.errors import ErrorDetail, InvocationFailed
from tests.composites.shelf import KIND, Crash, Shelf


def make_entries(chance, most=14):
    """Some with copies, files of one's own and nulls among them."""
    made = []
    for _ in range(chance.randrange(most)):
        kind = chance.random()
        if kind < 0.08:
            made.append(None)
        else:
            own = kind < 0.16
            name = f"{'own' if own else 'track'} {chance.randrange(8)}"
            made.append({"uri": name, "added": chance.choice([None, "1", "2", "3"]), "own": own})
    return made


def read(entries):
    return [build_entry(KIND, data, place) for place, data in enumerate(entries)]


@pytest.mark.parametrize(
    ("current", "wanted", "edits"),
    [
        ("abc", [0, 1, 2], ()),
        ("", ["a", "b", "c", "d"], (Insert(0, ("a", "b", "c")), Insert(3, ("d",)))),
        ("abcd", [1, 3], (Remove(("a", "c")),)),
        ("abcde", [4, 0, 1, 2, 3], (Move(4, 1, 0),)),
        ("abcde", [2, 3, 4, 0, 1], (Move(2, 3, 0),)),
        # Of two copies one stays: removing takes both, and it comes in anew at its place.
        ("abab", [0, 1, 3], (Remove(("a",)), Insert(0, ("a",)))),
        # What was taken off is back by the next call, and moves from there.
        ("axbyab", [0, 1, 2, 3], (Remove(("a", "b")), Insert(0, ("a", "b")), Move(2, 1, 1))),
    ],
)
def test_the_edits_are_few(current, wanted, edits):
    assert plan_edits(list(current), wanted, Means(3, 3)).steps == edits


def test_edits_make_of_any_list_any_other():
    chance = random.Random(1)  # noqa: S311 - a story, no secret
    for _ in range(3_000):
        current = [chance.choice("abcdefgh") for _ in range(chance.randrange(12))]
        places = chance.sample(range(len(current)), chance.randrange(len(current) + 1))
        wanted = list(places)
        for _ in range(chance.randrange(6)):
            wanted.insert(chance.randrange(len(wanted) + 1), chance.choice("xyz"))
        plan = plan_edits(current, wanted, Means(3, 3))
        assert apply_edits(current, plan.steps) == [current[each] if isinstance(each, int) else each for each in wanted]
        moves = [step for step in plan.steps if isinstance(step, Move)]
        assert len(moves) < max(1, len(places))


def test_where_nothing_moves_what_stands_out_of_order_comes_in_anew():
    # Four a call come in and two go; the third place stays, for it could not be put back.
    plan = plan_edits(list("abcdefg"), [6, 0, 2, 1, 3, 4, 5, "x"], Means(2, 4, moves=False), {2})
    assert plan.steps == (Remove(("g", "b")), Insert(0, ("g",)), Insert(3, ("b",)), Insert(7, ("x",)))
    assert (plan.moved, plan.anew) == ((6, 1), (1, 6))
    chance = random.Random(2)  # noqa: S311 - a story, no secret
    for _ in range(3_000):
        current = [chance.choice("abcdefgh") for _ in range(chance.randrange(12))]
        fixed = set(chance.sample(range(len(current)), chance.randrange(len(current) // 3 + 1)))
        # What could not be put back has no copies.
        current = [f"own {place}" if place in fixed else key for place, key in enumerate(current)]
        entries = [Entry(key, frozenset([key]), is_fixed=place in fixed) for place, key in enumerate(current)]
        free = [place for place in range(len(current)) if place not in fixed]
        wanted = [*fixed, *chance.sample(free, chance.randrange(len(free) + 1)), *"xyz"[: chance.randrange(4)]]
        chance.shuffle(wanted)
        wanted = keep_order_of_fixed(entries, wanted)
        steps = plan_edits(current, wanted, Means(2, 4, moves=False), fixed).steps
        assert apply_edits(current, steps) == [current[each] if isinstance(each, int) else each for each in wanted]
        assert not any(isinstance(step, Move) for step in steps)
        gone = {key for step in steps if isinstance(step, Remove) for key in step.keys}
        assert not gone & {current[place] for place in fixed}


def choose_mirror(source):
    usable = read(source)
    return lambda before: mirror(before, [e for e in usable if not e.is_fixed or any(e.key == b.key for b in before)])


STORIES = {
    "mirror": lambda chance: choose_mirror(make_entries(chance)),
    "add": lambda chance: (lambda source: lambda before: add_missing(before, source))(
        [entry for entry in read(make_entries(chance)) if not entry.is_fixed]
    ),
    "dedupe": lambda _: lambda before: dedupe(before, keep_first=False),
    "sort": lambda _: lambda before: sort(before, lambda entry: entry.data and entry.data["uri"], descending=False),
    "shuffle": lambda _: lambda before: shuffle(before, lambda entry: entry.data and entry.key[-1], "seed"),
}


#: A shelf on which nothing can be moved, and nothing can be put there anew.
STIFF = replace(KIND, blocks={what: what for what in KIND.blocks if what not in ("move", "replace")})


@pytest.mark.parametrize("kind", [KIND, STIFF], ids=["moves", "nothing moves"])
@pytest.mark.parametrize("story", STORIES)
def test_whatever_happens_a_list_ends_as_wanted_and_loses_nothing(story, kind):
    for seed in range(120):
        chance = random.Random(f"{story} {seed}")  # noqa: S311 - a story, no secret
        shelf = Shelf(make_entries(chance), seed, kind)
        choose = STORIES[story](chance)
        own = Counter(shelf.uris[at] for at, entry in enumerate(shelf.entries) if not entry or entry["own"])
        edits_left = [chance.randrange(3)]

        def edit(shelf, chance=chance, left=edits_left):
            if left[0] and chance.random() < 0.2:
                left[0] -= 1
                shelf.entries.insert(
                    chance.randrange(len(shelf.entries) + 1), {"uri": "guest", "added": "9", "own": False}
                )

        shelf.meanwhile, shelf.trouble = edit, 0.15
        for _ in range(50):
            try:
                Editing(shelf.open(), choose).run()
            except (Crash, InvocationFailed):
                continue
            break
        shelf.meanwhile, shelf.trouble = None, 0.0
        Editing(shelf.open(), choose).run()
        before = read(shelf.entries)
        wanted = choose(before) if "move" in kind.blocks else keep_order_of_fixed(before, choose(before))
        assert wanted == list(range(len(before))), (seed, shelf.uris)
        left = Counter(uri for uri, entry in zip(shelf.uris, shelf.entries, strict=True) if not entry or entry["own"])
        assert left == own if story != "dedupe" else set(left) == set(own)
        quiet = len(shelf.calls)
        Editing(shelf.open(), choose).run()
        assert set(shelf.calls[quiet:]) <= {"look", "read"}


@pytest.mark.parametrize(
    ("kind", "story", "letters", "wanted"),
    [(KIND, "dedupe", "abcabdd", "abcd"), (STIFF, "sort", "gfedcba", "abcdefg")],
    ids=["copies go together", "nothing moves"],
)
def test_what_is_taken_off_to_come_in_anew_comes_back_where_an_answer_is_lost(kind, story, letters, wanted):
    for seed in range(60):
        shelf = Shelf(read_uris(letters), seed, kind)

        def lose(shelf, seed=seed):
            if shelf.calls[-1] == "insert" and not shelf.lost:
                shelf.lost = True
                if seed % 2:
                    shelf.entries.insert(0, {"uri": "guest", "added": "9", "own": False})
                raise InvocationFailed(ErrorDetail("timeout", "It may have been done.", is_uncertain=True))

        shelf.lost, shelf.meanwhile = False, lose
        Editing(shelf.open(), STORIES[story](None)).run()
        assert sorted(set(shelf.uris) - {"guest"}) == sorted(wanted)
        assert [uri for uri in shelf.uris if uri != "guest"] == list(wanted)


def test_a_failure_says_that_what_was_taken_off_is_to_be_put_back():
    shelf = Shelf(read_uris("cab"), kind=STIFF)

    def refuse_insert(shelf):
        if shelf.calls[-1] == "insert":
            raise InvocationFailed(ErrorDetail("server_error", "It failed."))

    shelf.meanwhile = refuse_insert
    with pytest.raises(InvocationFailed) as caught:
        Editing(shelf.open(), STORIES["sort"](None)).run()
    error = caught.value.error
    assert (error.done, error.not_done, shelf.uris) == (("c",), ("c",), ["a", "b"])
    assert error.message == "It failed. 1 of what not_done lists was taken off, to be put in again: put it back."


def test_what_is_put_on_anew_is_put_there_by_one_call_unless_more_are_asked_for():
    shelf = Shelf(read_uris("cba"))
    Editing(shelf.open(), STORIES["sort"](None), "auto").run()
    assert (shelf.uris, shelf.calls.count("replace")) == (["a", "b", "c"], 1)
    longer = Shelf(read_uris("edcba"))
    Editing(longer.open(), STORIES["sort"](None), "auto").run()
    assert (longer.uris, longer.calls.count("move")) == (["a", "b", "c", "d", "e"], 4)


def test_what_was_taken_off_is_put_back_where_a_call_fails_in_between():
    for seed in range(60):
        shelf = Shelf(read_uris("gfedcba"), seed)
        shelf.meanwhile = lambda shelf: setattr(shelf, "trouble", 0.5 if shelf.calls.count("replace") == 1 else 0.0)
        try:
            Editing(shelf.open(), STORIES["sort"](None), "replace").run()
        except (Crash, InvocationFailed):
            continue
        assert shelf.uris == list("abcdefg")


DOUBLED, ONCE = "abcdefgbaxehd", "abcdefgxh"


@pytest.mark.parametrize("how", ["moves", "replace"])
@pytest.mark.parametrize("fault", ["before", "after"])
def test_what_a_failing_call_leaves_off_the_list_comes_back(how, fault):
    for at in range(20):
        shelf = Shelf(read_uris(DOUBLED))
        shelf.faults[at] = fault
        with suppress(InvocationFailed):
            Editing(shelf.open(), STORIES["dedupe"](None), how).run()
        shelf.faults.clear()
        Editing(shelf.open(), STORIES["dedupe"](None), how).run()
        assert shelf.uris == list(ONCE)


@pytest.mark.parametrize("crash", ["crash before", "crash after"])
def test_a_crash_loses_nothing_but_between_taking_off_and_putting_back(crash):
    for at in range(20):
        shelf = Shelf(read_uris(DOUBLED))
        shelf.faults[at] = crash
        with suppress(Crash):
            Editing(shelf.open(), STORIES["dedupe"](None)).run()
        shelf.faults.clear()
        last = shelf.calls[at - 1 : at + 1] if crash == "crash before" else shelf.calls[at : at + 2]
        Editing(shelf.open(), STORIES["dedupe"](None)).run()
        lost = set(ONCE) - set(shelf.uris)
        assert len(lost) <= (3 if last[:1] == ["remove"] else 0)


def test_what_others_add_stays_where_something_has_to_come_back():
    shelf = Shelf(read_uris("abcab"))
    shelf.faults[3] = "before"
    shelf.meanwhile = lambda shelf: (
        len(shelf.calls) == 4 and shelf.entries.append({"uri": "guest", "added": "9", "own": False})
    )
    Editing(shelf.open(), STORIES["dedupe"](None)).run()
    assert shelf.uris == ["a", "b", "c", "guest"]


def test_a_list_that_others_edit_all_the_time_is_told_and_not_fought_over():
    shelf = Shelf(read_uris("abc"))
    shelf.meanwhile = lambda shelf: shelf.entries.append({"uri": "guest", "added": "9", "own": False})
    with pytest.raises(InvocationFailed, match="changes all the time"):
        Editing(shelf.open(), choose_mirror(read_uris("xyz"))).run()


def test_a_failure_tells_what_was_done_and_what_was_not():
    shelf = Shelf(read_uris("abc"))

    def refuse_insert(shelf):
        if shelf.calls[-1] == "insert":
            raise InvocationFailed(ErrorDetail("server_error", "It failed."))

    shelf.meanwhile = refuse_insert
    with pytest.raises(InvocationFailed) as caught:
        Editing(shelf.open(), choose_mirror(read_uris("xyz"))).run()
    assert (caught.value.error.done, caught.value.error.not_done) == (("a", "b", "c"), ("x", "y", "z"))


def read_uris(letters):
    return [{"uri": letter, "added": "1", "own": False} for letter in letters]


def test_entries_that_share_a_name_with_a_third_are_the_same():
    one, two, three = (Entry(key, frozenset(names)) for key, names in (("a", "ax"), ("b", "by"), ("c", "cxy")))
    same = Sameness([one, two, three])
    assert len({same.identify(entry) for entry in (one, two, three)}) == 1
    assert same.identify(one) != Sameness([one, two]).identify(two)
