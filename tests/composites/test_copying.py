"""What one account keeps comes to another, the oldest first, whatever happens on the way."""

import random

import jsonschema
import pytest
from second_account import sign_in_second

from connector import Connector
from connector.auth.connection import Connection
from connector.auth.stores.memory_store import MemoryStore
from connector.composites.entries import Entry
from connector.composites.procedures.copy import pair_by_name, plan_shelf
from connector.composites.run import run
from connector.composites.task import Task
from connector.errors import ErrorDetail, InvocationFailed
from connector.manifest.manifest import Manifest
from connector.manifest.procedures import ListKind, Procedure
from connector.manifest.references import References
from connector.result import Listing, Meta, Result
from connector.sandbox import SECOND_LISTENER
from tests.composites.shelf import KIND, WORDS, Crash, Shelf, make_kind

MANIFEST = Manifest.load()
THINGS = ListKind(
    name="things",
    title="things",
    field=None,
    blocks={"read": "readThings", "insert": "save"},
    words={"insert": {"keys": "keys"}},
    entry={"key": "uri", "title": "uri"},
    sorts={},
    sizes={"insert": 3},
    is_newest_first=True,
    fixed_title="A file of one's own",
)
MORE = {
    "create": {"title": "title", "id": "id"},
    "find": {"id": "id", "title": "title", "owner": "owner"},
    "me": {"at": "id"},
}
LISTS = make_kind(
    field="id",
    blocks={**KIND.blocks, "create": "create", "find": "readLists", "me": "whoIsIt"},
    words={**WORDS, **MORE},
    fixed_title="A file of one's own",
)
PROCEDURE = Procedure("copy", {"me": "id"}, {"things": THINGS, "lists": LISTS}, {"me": "whoIsIt"}, "api", {})


class Account:
    """Somebody's things and lists of a name each, the newest first; calls fail by chance with some `trouble`."""

    def __init__(self, name, things=(), lists=(), seed=0):
        self.name = name
        self.things = list(things)
        self.lists = [(title, make_shelf(uris, seed)) for title, uris in lists]
        self.chance = random.Random(seed)  # noqa: S311 - a story, no secret
        self.trouble = 0.0
        self.saves = []

    def call(self, block, args):
        if "id" in args:
            shelf = self.find(args["id"])
            shelf.trouble = self.trouble
            return shelf.call(block, {name: value for name, value in args.items() if name != "id"})
        if self.chance.random() < self.trouble:
            if self.chance.random() < 0.5:
                raise Crash
            raise InvocationFailed(ErrorDetail("server_error", "It failed."))
        output = getattr(self, f"_{block}")(**args)
        listing = Listing(("items",)) if block in ("readThings", "readLists") else None
        return Result(block, output, meta=Meta(requests=1), listing=listing)

    def find(self, id_):
        return self.lists[len(self.lists) - 1 - int(id_)][1]

    def _whoIsIt(self):  # noqa: N802 - as the block is called
        return {"id": self.name}

    def _readThings(self):  # noqa: N802
        return {"items": [{"uri": uri} for uri in self.things]}

    def _save(self, keys):
        self.saves.append(list(keys))
        self.things = [*keys[::-1], *(uri for uri in self.things if uri not in keys)]

    def _readLists(self):  # noqa: N802
        last = len(self.lists) - 1
        own = [{"id": str(last - at), "title": title, "owner": self.name} for at, (title, _) in enumerate(self.lists)]
        return {"items": [*own, {"id": "9", "title": "Another's", "owner": "somebody"}]}

    def _create(self, title):
        self.lists.insert(0, (title, make_shelf(())))
        return {"id": str(len(self.lists) - 1)}


def make_shelf(uris, seed=0):
    return Shelf([uri and {"uri": uri, "added": "1", "own": uri.startswith("own")} for uri in uris], seed)


def copy(source, target, waits=None, propose=None, **args):
    accounts = {None: target, "old": source}
    task = Task(
        PROCEDURE,
        {"source": "old", **args},
        lambda block, given, who=None, **_: accounts[who].call(block, given),
        References(),
        (waits if waits is not None else []).append,
        propose=propose,
    )
    return run(task)


def tell_lists(account):
    return [(title, shelf.uris) for title, shelf in account.lists]


def test_everything_comes_over_in_its_order_and_a_second_time_nothing():
    source = Account("a", "hgfedcba", [("Run", ["x", "y", "x"]), ("Own", ["own file", None, "z"])])
    target = Account("b", "qb", [("Mine", ["m"])])
    waits = []
    told = copy(source, target, waits)
    assert target.saves == [["a", "c", "d"], ["e", "f", "g"], ["h"]]
    # Each call in a second of its own, for what comes in one second has no order.
    assert waits == [1.0, 1.0]
    assert target.things == list("hgfedcaqb")
    assert tell_lists(target) == [("Run", ["x", "y", "x"]), ("Own", ["z"]), ("Mine", ["m"])]
    assert [(part["kind"], len(part["added"]), part["kept"]) for part in told["library"]] == [("things", 7, 1)]
    assert [(entry["uri"], entry["why"]) for entry in told["left_out"]] == [
        ("own file", "A file of one's own can't be put on another list."),
        (None, "It can't be read."),
    ]
    again = copy(source, target)
    assert (again["calls"]["write"], again["library"][0]["added"]) == (0, [])
    assert tell_lists(target) == [("Run", ["x", "y", "x"]), ("Own", ["z"]), ("Mine", ["m"])]


def test_a_dry_run_writes_nothing_and_counts_what_the_run_writes():
    source, target = Account("a", "dcba", [("Run", ["x", "y", "x", "w"])]), Account("b")
    plan = copy(source, target, dry_run=True)
    assert (target.things, target.lists) == ([], [])
    done = copy(source, target)
    assert plan["calls"]["write"] == done["calls"]["write"] == 2 + 1 + 2
    assert [one["added"] for one in plan["lists"]] == [one["added"] for one in done["lists"]]


def test_all_that_a_copy_writes_is_told_before_any_of_it():
    source, target = Account("a", "dcba", [("Run", ["x", "y"]), ("Own", ["z"])]), Account("b", "c", [("Run", ["x"])])
    dry = copy(source, target, dry_run=True)
    seen = []
    done = copy(source, target, propose=lambda _, plan: seen.append((plan, list(target.saves), tell_lists(target))))
    assert seen == [(dry, [], [("Run", ["x"])])]
    assert tell_lists(target) == [("Own", ["z"]), ("Run", ["x", "y"])]
    assert done["calls"]["write"] == dry["calls"]["write"]


def test_only_what_is_asked_for_is_read_and_copied():
    source, target = Account("a", "ba", [("Run", ["x"])]), Account("b")
    told = copy(source, target, what=["lists"])
    assert (told["library"], target.things, tell_lists(target)) == ([], [], [("Run", ["x"])])


def test_an_account_is_not_copied_to_itself():
    account = Account("a", "ba")
    with pytest.raises(InvocationFailed, match="is a connection of the account that is copied to"):
        copy(account, account)


def test_whatever_fails_running_it_again_finishes():
    for seed in range(80):
        chance = random.Random(seed)  # noqa: S311 - a story, no secret
        things = chance.sample("abcdefghijkl", 9)
        lists = [("Run", chance.choices("uvwxyz", k=7)), ("run", ["t"]), ("Walk", [])]
        source, target = Account("a", things, lists), Account("b", seed=seed)
        target.trouble = 0.1
        for _ in range(80):
            try:
                copy(source, target)
            except (Crash, InvocationFailed):
                continue
            break
        target.trouble = 0.0
        copy(source, target)
        assert target.things == things
        assert tell_lists(target) == tell_lists(source)


def test_a_failure_tells_of_everything():
    source, target = Account("a", "edcba", [("Run", ["x"])]), Account("b")
    target.call_save, saves = target._save, []

    def save(keys):
        saves.append(keys)
        if len(saves) == 2:
            raise InvocationFailed(ErrorDetail("forbidden", "No."))
        target.call_save(keys)

    target._save = save
    with pytest.raises(InvocationFailed) as caught:
        copy(source, target)
    error = caught.value.error
    assert (error.done, error.not_done) == (("a", "b", "c"), ("d", "e", "x"))


def test_lists_of_one_name_are_paired_in_order():
    assert pair_by_name(["A", "b", "a", "a"], ["B", "a", "A"]) == [None, 0, 1, 2]


def test_of_copies_one_is_saved_and_what_can_not_be_is_left():
    source = [Entry("a", frozenset("a")), Entry("b", frozenset("bx")), Entry("x", frozenset("x"))]
    source.append(Entry("own", frozenset(["own"]), is_fixed=True))
    assert [entry.key for entry in plan_shelf(THINGS, source, [source[0]])] == ["b"]


def test_two_connections_take_part_and_one_that_may_not_be_used_does_not(sandbox, count):
    demo = sandbox.demo_args
    tokens = {"access_token": demo["access_token"], "refresh_token": demo["refresh_token"]}
    store = MemoryStore([Connection(name, demo["client_id"], demo["client_key"], **tokens) for name in ("old", "new")])
    with Connector(MANIFEST, servers=sandbox.servers, store=store, connection="new") as connector:
        count()
        refused = connector.invoke("copyLibrary", {"source": "old"}, may_use=lambda name: name == "new").error
        assert (refused.kind, count()) == ("forbidden", (0, 0))
        # Both are seen to be the same.
        error = connector.invoke("copyLibrary", {"source": "old"}, may_use=lambda name: name == "old").error
        assert ([problem.name for problem in error.fields], count()) == (["source"], (2, 0))
        unknown = connector.invoke("copyLibrary", {"source": "nobody"}).error
        assert "nobody" in unknown.message


def test_a_second_listener_s_library_and_lists_come_over_on_the_wire(sandbox, connector, monkeypatch):
    mine = {"access_token": sandbox.demo_args["access_token"]}
    args = {**mine, "source": "old-account"}
    block = MANIFEST.block("copyLibrary")
    sign_in_second(sandbox, monkeypatch, block)
    theirs = {"access_token": sandbox.control.demo_args(SECOND_LISTENER)["access_token"]}

    def read(name, key, token, most=None):
        entries = connector.invoke(name, {**token, **({"max_items": most} if most else {})}).entries
        return [(entry.get(key, entry))["uri"] for entry in entries]

    before = len(sandbox.control.calls())
    plan = connector.invoke("copyLibrary", {**args, "dry_run": True}).unwrap()
    assert {call["method"] for call in sandbox.control.calls()[before:]} == {"GET"}
    told = connector.invoke("copyLibrary", args).unwrap()
    jsonschema.validate(told, block.output_schema, jsonschema.Draft202012Validator)
    assert plan["calls"]["write"] == told["calls"]["write"] == 8
    assert [(part["kind"], len(part["added"])) for part in told["library"]] == [
        ("tracks", 12),
        ("albums", 3),
        ("episodes", 2),
        ("shows", 2),
        ("audiobooks", 1),
        ("artists", 4),
    ]
    # What was saved by one call counts as saved at one moment; the first listener's own stand behind.
    assert set(read("getUserSavedTracks", "track", mine, 12)) == set(read("getUserSavedTracks", "track", theirs))
    assert set(read("getUserSavedShows", "show", mine, 2)) == set(read("getUserSavedShows", "show", theirs))
    assert set(read("getFollowedArtists", "", theirs)) <= set(read("getFollowedArtists", "", mine))
    (made,) = told["playlists"]
    assert (made["target"]["name"], made["created"], len(made["added"])) == ("Road trip", True, 4)
    again = connector.invoke("copyLibrary", args).unwrap()
    assert (again["calls"]["write"], again["playlists"][0]["created"]) == (0, False)
