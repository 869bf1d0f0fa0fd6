"""Lives of lists in the sandbox, over HTTP: random lists, faults, ends of the process, and somebody who edits meanwhile."""

import random
from collections import Counter

from connector.errors import InvocationFailed
from connector.sandbox.ids import make_id
from connector.sandbox.kept_playlists import Item
from connector.sandbox.playables import find_playable
from connector.wire.deadline import Cancel

LOCAL = "spotify:local:Garage+Neighbours:Demo+Tape:Rehearsal+{}:215"
#: What can go wrong with a request, before or after it took effect.
FAULTS = ("server_error", "bad_gateway", "drop", "no_json", "html_502")


class End(BaseException):
    """The process ends."""


class Lists:
    """Lists in the sandbox, read and edited past HTTP, as somebody else would."""

    def __init__(self, sandbox, pool):
        self.control, self.pool = sandbox.control, pool
        self.places = {}

    def make(self, name, uris):
        """A new list of that name; gives its id."""
        def do(state):
            position = state.playlists.create({"name": name, "public": True, "collaborative": False, "description": None})
            state.library["playlist"].add([position], state.clock.now_s(), True)
            return position, make_id("playlist", position)
        position, found = self._do(do)
        self.places[found] = position
        self.put(found, uris)
        return found

    def read(self, which):
        return self._do(lambda state: [_say(item) for item in state.playlists.items(self.places[which])])

    def put(self, which, uris):
        def do(state):
            kept = state.playlists.keep(self.places[which])
            # Each was added at a moment of its own.
            kept.items = [Item(_find(uri), 1_700_000_000.0 + 60 * (at * 7 % 11), "sandbox-listener") for at, uri in enumerate(uris)]
            kept.touch(state.clock.now_s())
        self._do(do)

    def edit(self, which, chance, held):
        """Puts something on the list, takes it off or moves it."""
        def do(state):
            kept = state.playlists.keep(self.places[which])
            what = chance.choice(("puts on", "takes off", "moves"))
            item = Item(_find(chance.choice(self.pool)), state.clock.now_s(), "sandbox-listener")
            if what != "puts on" and kept.items:
                item = kept.items.pop(chance.randrange(len(kept.items)))
                held[_say(item)] -= 1
            if what != "takes off":
                kept.items.insert(chance.randrange(len(kept.items) + 1), item)
                held[_say(item)] += 1
            kept.touch(state.clock.now_s())
        self._do(do)

    def _do(self, action):
        return self.control._do(lambda: action(self.control._state))


def _find(uri):
    if uri is None:
        return None
    return int(uri.split("+")[-1].split(":")[0]) if uri.startswith("spotify:local:") else find_playable(uri)


def _say(item):
    if item.content is None:
        return None
    return LOCAL.format(item.content) if isinstance(item.content, int) else item.content.uri


def is_fixed(uri):
    return uri is None or uri.startswith("spotify:local:")


def make_uris(chance, pool, most, fixed=0.1):
    """Some of the `pool`, with copies, files of one's own and nulls among them."""
    made = []
    for _ in range(chance.randrange(most + 1)):
        kind = chance.random()
        if kind < fixed:
            made.append(None if kind < fixed / 2 else LOCAL.format(chance.randrange(3)))
        else:
            made.append(chance.choice(pool))
    return made


class Life:
    """One block run again and again, whatever happens, until it ends well."""

    def __init__(self, connector, sandbox, lists, token, chance, trouble=0.1):
        self.connector, self.sandbox, self.lists, self.token = connector, sandbox, lists, token
        self.chance, self.trouble = chance, trouble
        self.ends = Counter()

    def invoke(self, block, args, *, on_progress=None, **options):
        return self.connector.invoke(block, {"access_token": self.token, **args}, on_progress=on_progress, **options)

    def run(self, block, args, *, between=None, after=None):
        """Runs it until it ends well; `between` is called between its calls, `after` with how each run ended and its
        error. Gives what it gave."""
        chance = self.chance
        for _ in range(40):
            faults = self.sandbox.control
            faults._do(lambda: faults._state.faults._queue.clear())
            for at in range(60):
                if chance.random() < self.trouble:
                    faults.fault(chance.choice(FAULTS), after=at, applied=chance.random() < 0.5)
            how = chance.choice(("ends", "is cancelled", "runs out of time", "runs", "runs", "runs"))
            left, cancel = chance.randrange(1, 12), Cancel()

            def report(_meta, how=how, cancel=cancel, counted=[left]):
                if between:
                    between()
                counted[0] -= 1
                if counted[0] == 0 and how == "ends":
                    raise End
                if counted[0] == 0 and how == "is cancelled":
                    cancel.set()

            options = {"cancel": cancel}
            if how == "runs out of time":
                options["deadline"] = chance.choice((0.02, 0.05, 0.1))
            try:
                result = self.invoke(block, args, on_progress=report, **options)
            except End:
                self.ends["ended"] += 1
                after and after("ended", None)
                continue
            if result.error is None:
                self.ends["well"] += 1
                faults._do(lambda: faults._state.faults._queue.clear())
                return result.output
            self.ends[result.error.kind] += 1
            if result.error.kind == "invalid_fields":
                raise AssertionError(result.error.message)
            after and after(how, result.error)
        raise AssertionError(f"{block} never ends well")
