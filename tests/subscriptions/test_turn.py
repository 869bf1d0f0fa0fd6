"""One turn: nothing is lost or told in another order, whatever fails, ends or crashes in the middle of it."""

import contextlib
from dataclasses import dataclass, field, replace

import pytest
from subscriptions.kept import BEGUN, build

from connector.errors import ConnectorError, ErrorDetail, InvocationFailed
from connector.result import Meta
from connector.subscriptions.deliveries import GIVEN_UP_S, Delivery
from connector.subscriptions.sqlite_store import SqliteSubscriptions
from connector.subscriptions.turn import LEASE_S, Turns
from connector.triggers import Event, Poll
from connector.wire.deadline import Cancel

DAY_S = 86_400.0
ARRIVED = Delivery(204)
AWAY = Delivery(None, "hooks.example can't be reached.")


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Stage:
    """A store with one subscription, and in place of the service and the receiver what a test says."""

    store: SqliteSubscriptions
    manifest: object
    now: float = 10_000.0
    #: What the next polls give; an `int` is how many events, numbered on; nothing is a quiet one.
    polls: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    #: What the receiver makes of each event; it takes all without one.
    receive: object = None
    sent: list = field(default_factory=list)
    objection: str | None = None
    cancel: Cancel = field(default_factory=Cancel)
    count: int = 0

    def poll(self, trigger, args, state, *, connection, deadline, cancel):
        assert (connection, cancel) == ("alice", self.cancel)
        assert deadline < LEASE_S
        self.asked.append((self.now, args, state))
        given = self.polls.pop(0) if self.polls else 0
        if isinstance(given, BaseException):
            raise given
        if isinstance(given, Poll):
            return replace(given, state=state)
        events = [Event(f"e{self.count + number}", trigger, None, {}) for number in range(given)]
        self.count += given
        return Poll(trigger, tuple(events), {"seen": self.count}, meta=Meta(next_s=300.0))

    def deliver(self, subscription, event, hurry):
        assert subscription.url == "https://hooks.example/1"
        assert not hurry.is_set
        self.sent.append(event["id"])
        answer = self.receive(event["id"]) if self.receive else ARRIVED
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def take(self, draw=0.0):
        """A turn, where one is due; whether it was."""
        turns = Turns(self, self.store, self.deliver, lambda _: self.objection, now=lambda: self.now, draw=lambda: draw)
        found = self.store.lease(self.now, 1, LEASE_S)
        for leased in found:
            turns.take(leased, self.cancel, Cancel())
        return bool(found)

    @property
    def subscription(self):
        return self.store.get("one")[0]

    @property
    def come(self):
        return self.store.get("one")[1]

    @property
    def waiting(self):
        return [event["id"] for event in self.come.events]


def fail(kind, message="newSavedTrack: it failed.", **more):
    meta = Meta(next_s=more.get("retry_after") or 300.0)
    return Poll("newSavedTrack", error=ErrorDetail(kind, message, **more), meta=meta)


@pytest.fixture
def begin(tmp_path, manifest):
    with contextlib.ExitStack() as stack:

        def start(progress=BEGUN, **more):
            store = stack.enter_context(contextlib.closing(SqliteSubscriptions(tmp_path / "subscriptions.db")))
            assert store.add(build("one", **more), progress, 1)
            return Stage(store, manifest)

        yield start


def test_a_quiet_turn_keeps_its_state_and_comes_again_in_its_interval(begin):
    stage = begin(every=60.0)
    assert stage.take()
    assert (stage.come.state, stage.come.polled_at, stage.come.next_poll) == ({"seen": 0}, stage.now, stage.now + 60)
    assert not stage.take()
    stage.now += 60
    assert stage.take(draw=1.0)
    # Later by chance, so that what began together does not stay together.
    assert stage.come.next_poll == stage.now + 63
    assert [state for _, _, state in stage.asked] == [None, {"seen": 0}]


def test_without_an_interval_the_poll_says_when_to_come_again_at_the_soonest(begin):
    stage = begin(every=None)
    stage.take(draw=1.0)
    assert stage.come.next_poll == pytest.approx(stage.now + 315)


def test_events_are_kept_with_their_state_before_the_first_is_sent(begin):
    stage = begin()
    stage.polls = [3]
    seen = []

    def receive(_):
        seen.append((stage.waiting, stage.come.state))
        return ARRIVED

    stage.receive = receive
    stage.take()
    assert stage.sent == ["e0", "e1", "e2"]
    assert seen == [(["e0", "e1", "e2"], {"seen": 3}), (["e1", "e2"], {"seen": 3}), (["e2"], {"seen": 3})]
    assert (stage.waiting, stage.come.delivered_at) == ([], stage.now)


@pytest.mark.parametrize("at", ["before the keep", "e0", "e1", "after"])
def test_a_crash_at_any_point_loses_nothing_and_repeats_only_what_was_being_sent(begin, monkeypatch, at):
    stage = begin()
    stage.polls = [2]
    crashes = [at]

    def receive(event):
        if event in crashes:
            crashes.clear()
            raise Crash
        return ARRIVED

    stage.receive = receive
    keep = stage.store.keep

    def keep_or_crash(leased, progress, *, lease_until):
        if crashes and (at, len(progress.events)) in (("before the keep", 2), ("after", 0)):
            if crashes.clear() or at == "after":
                keep(leased, progress, lease_until=lease_until)
            else:
                # What it would have told is told by the next poll, with the same ids.
                stage.polls, stage.count = [2], 0
            raise Crash
        return keep(leased, progress, lease_until=lease_until)

    monkeypatch.setattr(stage.store, "keep", keep_or_crash)
    with pytest.raises(Crash):
        stage.take()
    # Nobody else may take it before the lease ends.
    assert at == "after" or not stage.take()
    stage.now += LEASE_S
    stage.take()
    again = {"e0": ["e0"], "e1": ["e1"]}.get(at, [])
    assert sorted(stage.sent) == sorted([*again, "e0", "e1"])
    assert list(dict.fromkeys(stage.sent)) == ["e0", "e1"]
    assert stage.waiting == []


def test_nothing_is_sent_past_one_that_has_not_arrived_and_polls_go_on(begin):
    stage = begin(every=60.0)
    stage.polls = [2, 1]
    stage.receive = lambda _: AWAY
    stage.take()
    assert (stage.sent, stage.waiting) == (["e0"], ["e0", "e1"])
    assert (stage.come.failures, stage.come.failing_since) == (1, stage.now)
    first = stage.come.next_delivery
    assert first > stage.now
    stage.now = first
    stage.take()
    assert (stage.sent, stage.come.failures) == (["e0", "e0"], 2)
    assert stage.come.next_delivery - stage.now > first - 10_000
    stage.now = stage.come.next_poll
    stage.take()
    assert stage.waiting == ["e0", "e1", "e2"]
    stage.receive = None
    stage.now = max(stage.now, stage.come.next_delivery)
    stage.take()
    assert stage.sent[-3:] == ["e0", "e1", "e2"]
    assert (stage.come.failures, stage.come.failing_since, stage.come.events) == (0, None, ())


def test_what_can_not_be_sent_now_is_no_failure_and_is_sent_soon(begin):
    stage = begin()
    stage.polls = [2]
    stage.receive = lambda _: None
    stage.take()
    assert (len(stage.come.events), stage.come.failures, stage.come.next_delivery) == (2, 0, stage.now + 3.0)
    assert stage.sent == ["e0"]
    stage.receive = None
    stage.now += 3.0
    stage.take()
    assert (stage.sent, stage.come.events) == (["e0", "e0", "e1"], ())


def test_who_has_it_go_on_need_not_wait_for_the_next_try(begin):
    stage = begin()
    stage.polls = [1]
    stage.receive = lambda _: AWAY
    stage.take()
    assert not stage.take()
    stage.store.set_status("one", "active")
    assert stage.take()
    assert (stage.sent, stage.come.failures) == (["e0", "e0"], 2)
    stage.receive = None
    stage.store.set_status("one", "active")
    stage.take()
    assert (stage.sent[2:], stage.waiting) == (["e0"], [])


def test_where_too_much_waits_nothing_is_polled_until_there_is_room(begin):
    stage = begin(every=60.0)
    stage.polls = [100, 100, 100]
    stage.receive = lambda _: AWAY
    for _ in range(8):
        stage.take()
        stage.now = stage.come.due
    assert (len(stage.asked), len(stage.waiting)) == (2, 200)
    # Until it may be sent again there is nothing to do.
    assert stage.come.due == stage.come.next_delivery
    stage.receive = None
    stage.take()
    assert (len(stage.asked), stage.sent[-300:]) == (3, [f"e{number}" for number in range(300)])


@pytest.mark.parametrize(
    ("error", "least", "most"),
    [
        (fail("rate_limited", retry_after=3600.0), 3600, 3900),
        (fail("rate_limited", retry_after=2.0), 60, 120),
        (fail("network"), 60, 120),
        (fail("server_error"), 60, 120),
    ],
)
def test_what_passes_by_itself_is_waited_for_and_not_by_all_until_one_moment(begin, error, least, most):
    stage = begin(every=60.0)
    stage.take()
    for draw, expected in ((0.0, least), (1.0, most)):
        stage.now, stage.polls = stage.come.next_poll, [error]
        stage.take(draw)
        assert (stage.subscription.status, stage.come.state) == ("active", {"seen": 0})
        assert stage.come.next_poll == stage.now + expected


def test_after_a_lock_out_each_comes_back_at_its_poll_s_own_moment_whatever_its_interval(begin):
    stage = begin(every=60.0)
    closed = fail("rate_limited", retry_after=3600.0)
    closed.meta.next_s = 5000.0
    stage.take()
    stage.now, stage.polls = stage.come.next_poll, [closed]
    stage.take(0.0)
    assert stage.come.next_poll == stage.now + 5000.0


@pytest.mark.parametrize("kind", ["reauthorize", "forbidden", "not_found", "invalid_fields", "unavailable"])
def test_what_does_not_pass_by_itself_has_it_rest_and_say_why(begin, kind, caplog):
    stage = begin()
    stage.take()
    stage.now, stage.polls = stage.come.next_poll, [fail(kind, "newSavedTrack: sign in again."), 1]
    stage.take()
    why = "newSavedTrack: sign in again. Mend it, then resume the subscription."
    assert (stage.subscription.status, stage.subscription.why) == ("resting", why)
    assert f"The subscription one rests: {why}" in caplog.text
    stage.now += DAY_S
    assert not stage.take()
    # As soon as it goes on it is tried, from where it was.
    stage.store.set_status("one", "active")
    stage.take()
    assert (stage.sent, stage.asked[-1][2]) == (["e0"], {"seen": 0})


def test_a_trigger_that_is_there_no_more_has_it_rest(begin):
    stage = begin()
    stage.polls = [ConnectorError("There is no trigger 'newSavedTrack'.")]
    stage.take()
    assert (stage.subscription.status, stage.subscription.why) == ("resting", "There is no trigger 'newSavedTrack'.")


def test_a_receiver_that_wants_no_more_or_is_away_for_three_days_has_it_rest(begin):
    stage = begin()
    stage.polls = [1, 1]
    stage.receive = lambda _: Delivery(410, "hooks.example answered 410.", is_gone=True)
    stage.take()
    assert stage.subscription.status == "resting"
    assert "410 Gone" in stage.subscription.why
    stage.store.set_status("one", "active")
    stage.receive = lambda _: AWAY
    began = stage.now
    while stage.subscription.status == "active":
        stage.now = max(stage.now, stage.come.next_delivery)
        stage.take()
    assert stage.now == pytest.approx(began + GIVEN_UP_S, abs=1)
    assert "hooks.example can't be reached." in stage.subscription.why
    # What waits is sent when it goes on, and has three days again.
    assert (stage.waiting[0], stage.come.failures, stage.come.failing_since) == ("e0", 0, None)
    assert stage.come.due <= stage.now


@pytest.mark.parametrize("end", ["paused", "removed"])
def test_who_is_paused_or_removed_in_the_middle_hears_no_more(begin, end):
    stage = begin()
    stage.polls = [3]

    def receive(event):
        if event == "e1":
            stage.store.set_status("one", "paused") if end == "paused" else stage.store.remove("one")
        return ARRIVED

    stage.receive = receive
    stage.take()
    assert stage.sent == ["e0", "e1"]
    if end == "paused":
        assert (stage.subscription.status, stage.waiting) == ("paused", ["e2"])
        stage.store.set_status("one", "active")
        stage.take()
        assert stage.sent == ["e0", "e1", "e2"]
    else:
        assert stage.store.get("one") is None


def test_what_may_not_go_on_rests_before_anything_is_polled_or_sent(begin):
    stage = begin()
    stage.objection = "The API key n8n is not valid any more."
    stage.take()
    assert (stage.subscription.status, stage.subscription.why) == ("resting", stage.objection)
    assert (stage.asked, stage.sent) == ([], [])


@pytest.mark.parametrize(("args", "said"), [({}, [None, None, True, None]), ({"thorough": False}, [False] * 4)])
def test_one_poll_a_day_reads_all(begin, args, said):
    stage = begin(args=args, every=60.0)
    began = stage.now
    for after in (0, 3600, DAY_S, DAY_S + 3600):
        stage.now = began + after
        stage.take()
    assert [given.get("thorough") for _, given, _ in stage.asked] == said


def test_a_thorough_poll_that_fails_is_made_again(begin):
    stage = begin(args={}, every=60.0)
    stage.take()
    stage.now, stage.polls = stage.now + DAY_S, [fail("network"), 0, 0]
    for _ in range(3):
        stage.take()
        stage.now = stage.come.next_poll
    assert [given.get("thorough") for _, given, _ in stage.asked] == [None, True, True, None]


def test_more_that_waits_at_the_service_is_polled_in_the_next_turn(begin):
    stage = begin()
    stage.polls = [Poll("newSavedTrack", more=True, meta=Meta(next_s=0))]
    stage.take()
    assert stage.come.next_poll == stage.now
    assert stage.take()


def test_who_lost_the_lease_sends_no_more(begin):
    stage = begin()
    stage.polls = [3]

    def receive(_):
        # To another its lease is over.
        assert stage.store.lease(stage.now + LEASE_S, 1, LEASE_S)
        return ARRIVED

    stage.receive = receive
    stage.take()
    assert (stage.sent, stage.waiting) == (["e0"], ["e0", "e1", "e2"])


def test_one_with_much_to_tell_gives_way_to_the_others(begin):
    stage = begin()
    stage.polls = [10]

    def receive(_):
        stage.now += 2
        return ARRIVED

    stage.receive = receive
    stage.take()
    assert stage.sent == ["e0", "e1", "e2"]
    assert stage.take()
    assert stage.sent[:6] == ["e0", "e1", "e2", "e3", "e4", "e5"]


def test_at_the_end_what_is_under_way_is_given_back(begin):
    stage = begin()
    stage.polls = [2]

    def receive(_):
        stage.cancel.set()
        return ARRIVED

    stage.receive = receive
    stage.take()
    assert (stage.sent, stage.waiting) == (["e0"], ["e1"])
    stage.cancel = Cancel()
    stage.receive = None
    assert stage.take()
    assert stage.sent == ["e0", "e1"]


@pytest.mark.parametrize("what", ["poll", "delivery"])
def test_what_was_cut_off_at_the_end_is_done_again(begin, what):
    stage = begin()
    cut = fail("cancelled") if what == "poll" else InvocationFailed(ErrorDetail("cancelled", "cancelled."))
    stage.polls = [cut, 1] if what == "poll" else [1]
    stage.receive = None if what == "poll" else lambda _: cut
    stage.take()
    assert stage.subscription.status == "active"
    stage.receive = None
    assert stage.take()
    assert stage.sent[-1] == "e0"
    assert stage.waiting == []
