"""Lives of lists in the sandbox, over HTTP: random lists, faults, ends of the process, others who edit."""

from collections import Counter
from itertools import count

from connector.sandbox.faults import Faults
from connector.sandbox.ids import make_id
from connector.sandbox.kept_playlists import Item
from connector.sandbox.playables import find_playable
from connector.wire.deadline import Cancel

LOCAL = "spotify:local:Garage+Neighbours:Demo+Tape:Rehearsal+{}:215"
LISTENER = "sandbox-listener"
#: After what a run is worth another one.
PASSING = ("server_error", "network", "timeout", "bad_answer", "cancelled", "bad_request")
#: What can go wrong with a request, before or after it took effect. That it did is all that a command's answer says,
#: which is not read.
COMMAND_FAULTS = ("server_error", "bad_gateway", "drop", "html_502")
FAULTS = (*COMMAND_FAULTS, "no_json")


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
            position = state.playlists.create(
                {"name": name, "public": True, "collaborative": False, "description": None}
            )
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
            kept.items = [
                Item(_find(uri), 1_700_000_000.0 + 60 * (at * 7 % 11), LISTENER) for at, uri in enumerate(uris)
            ]
            kept.touch(state.clock.now_s())

        self._do(do)

    def edit(self, which, chance):
        """Puts something on the list, takes it off or moves it; gives what was taken off and what was put on."""

        def do(state):
            kept = state.playlists.keep(self.places[which])
            what = chance.choice(("puts on", "takes off", "moves"))
            item, taken, put = Item(_find(chance.choice(self.pool)), state.clock.now_s(), LISTENER), [], []
            if what != "puts on" and kept.items:
                item = kept.items.pop(chance.randrange(len(kept.items)))
                taken.append(_say(item))
            if what != "takes off":
                kept.items.insert(chance.randrange(len(kept.items) + 1), item)
                put.append(_say(item))
            kept.touch(state.clock.now_s())
            return taken, put

        return self._do(do)

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
    """One block run again and again, whatever happens, until it ends well; `ends` count how the runs ended."""

    def __init__(self, connector, sandbox, chance, trouble):
        self.connector, self.control, self.chance, self.trouble = connector, sandbox.control, chance, trouble
        self.token = sandbox.demo_args["access_token"]
        self.ends = Counter()
        self.faults = FAULTS

    def run(self, block, args, *, between, after):
        """Runs it until it ends well, with `between` called between its calls, and `after` with the error of a run that
        did not, `None` where the process ended. Raises `AssertionError` where it never does."""
        for _ in range(40):
            self.plan_faults()
            cancel, end = Cancel(), self.chance.choice(("end", "cancel", "deadline", None, None, None))
            report = self._prepare_end(end, cancel, between)
            deadline = self.chance.choice((0.02, 0.05, 0.1)) if end == "deadline" else None
            try:
                result = self.invoke(block, args, on_progress=report, cancel=cancel, deadline=deadline)
            except End:
                self.ends["process ended"] += 1
                after(None)
                continue
            self.ends[result.error.kind if result.error else "well"] += 1
            if result.error is None:
                self.control._do(self._forget_faults)
                return
            assert result.error.kind in PASSING, result.error
            after(result.error)
        raise AssertionError(f"{block} never ends well: {self.ends}")

    def invoke(self, block, args, **options):
        who = {"access_token": self.token} if self.token else {}
        return self.connector.invoke(block, {**who, **args}, **options)

    def plan_faults(self):
        """Plans what goes wrong with the next requests."""
        self.control._do(self._forget_faults)
        for at in range(60):
            if self.chance.random() < self.trouble:
                self.control.fault(self.chance.choice(self.faults), after=at, applied=self.chance.random() < 0.5)

    def _forget_faults(self):
        self.control._state.faults = Faults()

    def _prepare_end(self, end, cancel, between):
        moment, reports = self.chance.randrange(1, 12), count(1)

        def report(_progress):
            between()
            if next(reports) == moment:
                if end == "end":
                    raise End
                if end == "cancel":
                    cancel.set()

        return report
