"""Blocks made of blocks, run until they end well, over HTTP, whatever happens: the lists end as they should."""

import random
from collections import Counter

import pytest

from connector import Connector
from connector.manifest.manifest import Manifest
from tests.composites.lives import Life, Lists, is_fixed, make_uris

MANIFEST = Manifest.load()
#: How many of each, with seeds from 0 on.
LIVES = 3
#: Blocks that bring a list into order by itself, with what else they are given.
OWN = {"dedupePlaylist": {}, "sortPlaylist": {"by": "title"}, "shufflePlaylist": {"seed": "x"}}
#: Blocks that make a list of two others; what they make of them.
OTHERS = {
    "mirrorPlaylist": lambda one, _: one,
    "copyPlaylist": lambda one, _: one,
    "mergePlaylists": lambda one, two: dict.fromkeys([*one, *two]),
    "subtractPlaylists": lambda one, two: [uri for uri in one if uri not in two],
    "intersectPlaylists": lambda one, two: [uri for uri in dict.fromkeys(one) if uri in two],
}


@pytest.fixture(scope="module")
def connector(sandbox):
    with Connector(MANIFEST, servers=sandbox.servers, max_wait=1) as loaded:
        yield loaded


class Story:
    """What one life is about, all by chance."""

    def __init__(self, connector, sandbox, block, seed):
        sandbox.control.reset()
        self.chance = chance = random.Random(f"{block} {seed}")  # noqa: S311 - a story, no secret
        is_long = chance.random() < 0.15
        self.pool = [f"spotify:track:{each}" for each in sandbox.control.ids("track", 160 if is_long else 12)]
        self.pool += [f"spotify:episode:{each}" for each in sandbox.control.ids("episode", 2)]
        self.most = 180 if is_long else 12
        self.lists = Lists(sandbox, self.pool)
        self.once = block == "dedupePlaylist"
        self.how = chance.choice(("moves", "moves", "auto", "replace"))
        self.life = Life(connector, sandbox, chance, chance.choice((0, 0.05, 0.15)))
        # What could not be put back keeps a list from being put on anew, and what others do then is overwritten.
        self.target = self.make("Target", 0 if self.how == "replace" else 0.1)
        self.edits = chance.randrange(3) if self.how == "moves" else 0
        self.held = Counter(self.lists.read(self.target))

    def make(self, name, fixed=0.1):
        return self.lists.make(name, make_uris(self.chance, self.pool, self.most, fixed))

    def edit(self):
        if self.edits and self.chance.random() < 0.2:
            self.edits -= 1
            taken, put = self.lists.edit(self.target, self.chance)
            # Of copies that shall be one there may have been one alone.
            self.held.subtract({uri: self.held[uri] if self.once else 1 for uri in taken})
            self.held.update(put)

    def find_lost(self, *, once=False):
        """What is missing of what has to be on the list, of which one is enough or each; it is missed no more."""
        there = Counter(self.lists.read(self.target))
        wanted = {uri: min(count, 1) if once or self.once else count for uri, count in self.held.items()}
        lost = {uri for uri, count in wanted.items() if there[uri] < count}
        self.held.update({uri: there[uri] - self.held[uri] for uri in lost})
        return lost

    def free(self, which):
        """What is on a list and could be put back."""
        return [uri for uri in self.lists.read(which) if not is_fixed(uri)]


def live_own(connector, sandbox, block, seed):
    """A list comes into order by itself: nothing is lost but by the end of the process, and that is one call's."""
    story = Story(connector, sandbox, block, seed)
    args = {"playlist": story.target, "how": story.how, **OWN[block]}
    if story.once:
        del args["how"]

    def after(error):
        lost = story.find_lost(once=True)
        if error is None:
            assert len(lost) <= 100
        else:
            assert lost <= {*error.not_done, *error.uncertain}, error
        story.find_lost()

    story.life.run(block, args, between=story.edit, after=after)
    # What others did during the last run may have come too late for it.
    story.life.invoke(block, args).unwrap()
    assert story.find_lost() == set()
    if story.once:
        free = story.free(story.target)
        assert len(free) == len(set(free))
    else:
        assert +story.held == Counter(story.lists.read(story.target))
    return story, args


def live_others(connector, sandbox, block, seed):
    """A list becomes what others hold: exactly that, and what could not be put back stays."""
    story = Story(connector, sandbox, block, seed)
    sources = [story.make("One"), story.make("Two")]
    if story.chance.random() < 0.1:
        sources[1] = sources[0]
    # The target may be the first of them, too.
    if story.chance.random() < 0.2 and story.how == "moves" and block not in ("mirrorPlaylist", "copyPlaylist"):
        sources[0] = story.target
        story.edits = 0
    given = [story.free(source) for source in sources]
    named = {"source": sources[0]} if "source" in MANIFEST.block(block).fields else {"sources": sources}
    args = {"target": story.target, "how": story.how, **named}
    story.life.run(block, args, between=story.edit, after=lambda _: None)
    story.life.invoke(block, args).unwrap()
    wanted, found = list(OTHERS[block](*given)), story.free(story.target)
    assert found == wanted if sources[0] != story.target else set(found) == set(wanted)
    there = Counter(story.lists.read(story.target))
    assert all(there[uri] >= count for uri, count in story.held.items() if is_fixed(uri))
    return story, args


def live(connector, sandbox, block, seed):
    """One life, after which another run has nothing to do."""
    story, args = (live_own if block in OWN else live_others)(connector, sandbox, block, seed)
    before = len(sandbox.control.calls())
    story.life.invoke(block, args).unwrap()
    assert not [call for call in sandbox.control.calls()[before:] if call["method"] != "GET"]


@pytest.mark.parametrize("seed", range(LIVES))
@pytest.mark.parametrize("block", [*OWN, *OTHERS])
def test_a_list_ends_as_it_should_whatever_happens_meanwhile(connector, sandbox, block, seed):
    live(connector, sandbox, block, seed)


def test_what_can_not_be_read_on_one_list_is_not_what_can_not_be_read_on_another(connector, sandbox):
    sandbox.control.reset()
    one, two = (f"spotify:track:{each}" for each in sandbox.control.ids("track", 2))
    lists = Lists(sandbox, [])
    source, target = lists.make("Source", [one, None, two]), lists.make("Target", [two, None, one])
    args = {"access_token": sandbox.demo_args["access_token"], "sources": [source], "target": target}
    told = connector.invoke("mergePlaylists", args).unwrap()
    assert [entry["uri"] for entry in told["left_out"]] == [None]
    # It stands behind what it stood behind, and not where the other one stands.
    assert lists.read(target) == [one, two, None]
    again = connector.invoke("mergePlaylists", args).unwrap()
    assert (again["moved"], again["calls"]["write"]) == ([], 0)


@pytest.mark.parametrize("block", ["mergePlaylists", "intersectPlaylists", "subtractPlaylists"])
def test_a_target_that_is_one_of_the_lists_keeps_what_others_put_on_it_meanwhile(connector, sandbox, block):
    sandbox.control.reset()
    one, two, three, guest = (f"spotify:track:{each}" for each in sandbox.control.ids("track", 4))
    lists = Lists(sandbox, [])
    target = lists.make("Target", [one, two])
    other = lists.make("Other", [three] if block == "subtractPlaylists" else [one, two, three, guest])

    def put(_progress):
        reads = [call for call in sandbox.control.calls() if call["path"].endswith("/items")]
        if len(reads) == 2 and guest not in lists.read(target):
            lists.put(target, [one, two, guest])

    args = {"access_token": sandbox.demo_args["access_token"], "sources": [target, other], "target": target}
    connector.invoke(block, args, on_progress=put).unwrap()
    assert guest in lists.read(target)
