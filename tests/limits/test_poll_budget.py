"""Polls that share an account's calls: a few days of many triggers, with a clock of their own."""

import heapq
import itertools
import time
from collections import Counter

import pytest
from redis import Redis

from connector.errors import InvocationFailed
from connector.limits.budget_places import open_budget
from connector.limits.count import DAY_S
from connector.limits.day_budget import DayBudget
from connector.limits.file_count import FileCount
from connector.limits.local_count import LocalCount
from connector.limits.poll_budget import POLLS_A_DAY, PollBudget, spread_out
from connector.limits.redis_count import RedisCount

ONE = "the-account"
OTHER = "another-account"
#: Seconds between two looks and calls of each, as triggers have them.
PACES = [(60, 1), (300, 1), (300, 2), (900, 1), (3_600, 12), (86_400, 1)]


class Days:
    """Lets `pollers` of an account do as they are told, and someone `act` every so many seconds."""

    def __init__(self, monkeypatch, budget):
        self.now, self.budget = 0.0, budget
        self.calls, self.refused, self.refused_actions = [], [], 0
        self.due = []
        self._numbers = itertools.count()
        begun = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: begun + self.now)

    def add(self, what, after=0.0):
        heapq.heappush(self.due, (self.now + after, next(self._numbers), what))

    def add_pollers(self, count, account=ONE):
        for number, (every, calls) in zip(range(count), itertools.cycle(PACES), strict=False):
            self.add(lambda name=f"{account} {number}", e=every, c=calls: self._poll(account, name, e, c))

    def add_actions(self, every, account=ONE):
        def act():
            try:
                self.budget.begin(account)
            except InvocationFailed:
                self.refused_actions += 1
            return every

        self.add(act)

    def _poll(self, account, name, every, calls):
        polls = PollBudget(self.budget)
        try:
            polls.check(account, 1)
            for _ in range(calls):
                polls.begin(account)
                self.calls.append((self.now, account, name))
        except InvocationFailed as failure:
            self.refused.append(failure.error)
            return max(spread_out(failure.error.retry_after, name), polls.book_turn(calls))
        return max(every, polls.book_turn(calls))

    def run(self, seconds):
        end = self.now + seconds
        while self.due and self.due[0][0] < end:
            self.now, _, what = heapq.heappop(self.due)
            self.add(what, what())
        self.now = end

    def count_most(self, seconds, account=ONE):
        """The most calls in any so many seconds."""
        times = [at for at, whose, _ in self.calls if whose == account]
        starts = [0, *range(len(times))]
        return max(sum(1 for at in times[start:] if at < times[start] + seconds) for start in starts)


@pytest.mark.parametrize("pollers", [1, 5, 50])
def test_all_polls_of_an_account_stay_together_below_a_day_s_calls(monkeypatch, pollers):
    days = Days(monkeypatch, DayBudget(None, LocalCount()))
    days.add_pollers(pollers)
    days.add_pollers(3, OTHER)
    days.run(3 * DAY_S)
    assert days.count_most(DAY_S) <= POLLS_A_DAY
    # What may be used is used: nobody waits for nothing.
    assert days.count_most(DAY_S) >= 0.75 * POLLS_A_DAY
    assert not days.refused
    looks = Counter(name for at, account, name in days.calls if account == ONE)
    assert len(looks) == pollers
    # Another account's triggers wait for none of this one's.
    assert days.count_most(DAY_S, OTHER) >= 0.75 * POLLS_A_DAY


def test_triggers_of_one_pace_get_as_many_turns_each(monkeypatch):
    monkeypatch.setitem(globals(), "PACES", [(60, 1)])
    days = Days(monkeypatch, DayBudget(None, LocalCount()))
    days.add_pollers(20)
    days.run(3 * DAY_S)
    looks = Counter(name for _, _, name in days.calls).values()
    assert max(looks) - min(looks) <= 2


def test_a_long_list_that_is_read_once_holds_nobody_up_for_hours(monkeypatch):
    days = Days(monkeypatch, DayBudget(None, LocalCount()))
    assert days._poll(ONE, "long", 300, 100) <= 3_600
    days.add_pollers(5)
    days.run(2 * DAY_S)
    assert days.count_most(DAY_S) <= POLLS_A_DAY


def test_who_polls_more_often_by_hand_puts_others_off_by_no_more_than_a_day(monkeypatch):
    days = Days(monkeypatch, DayBudget(None, LocalCount()))
    for _ in range(2_000):
        wait = days._poll(ONE, "by hand", 60, 1)
        days.now += 60
    assert wait <= DAY_S
    assert not days.refused


@pytest.mark.parametrize("pollers", [5, 50])
def test_actions_are_never_refused_because_of_polls(monkeypatch, pollers):
    days = Days(monkeypatch, DayBudget(500, LocalCount()))
    # 96 a day, within what is kept for them.
    days.add_actions(900)
    days.add_pollers(pollers)
    # These look when they like, whatever they are told.
    for number in range(3):
        days.add(lambda n=number: min(60, days._poll(ONE, f"hasty {n}", 60, 1)))
    days.run(2 * DAY_S)
    assert days.refused_actions == 0
    assert days.count_most(DAY_S) <= 400
    assert {(error.kind, error.reason) for error in days.refused} == {("rate_limited", "quota_exceeded")}
    assert all("less 100 that are kept for actions" in error.message for error in days.refused)


def test_polls_keep_back_where_actions_need_the_calls(monkeypatch):
    days = Days(monkeypatch, DayBudget(500, LocalCount()))
    days.add_pollers(5)
    days.run(DAY_S)
    quiet = len(days.calls)
    days.add_actions(300, ONE)
    days.run(DAY_S)
    assert len(days.calls) - quiet < quiet / 2
    assert days.refused_actions == 0


def test_there_is_no_storm_at_the_end_of_a_closure(monkeypatch):
    days = Days(monkeypatch, DayBudget(None, LocalCount()))
    days.add_pollers(50)
    days.run(7_200)
    days.budget.close(ONE, DAY_S)
    closed_at = days.now
    days.run(DAY_S)
    assert all(at < closed_at for at, _, _ in days.calls)
    days.run(7_200)
    minutes = Counter((at // 60, account) for at, account, _ in days.calls if at > closed_at)
    # The rota alone takes 12 calls a look.
    assert max(minutes.values()) <= 30
    looks = Counter(at // 60 for at, _ in {(at, name) for at, _, name in days.calls if at > closed_at})
    assert max(looks.values()) <= 5
    assert sum(looks.values()) >= 50


def test_one_that_is_refused_comes_back_when_it_may_and_each_at_a_moment_of_its_own():
    waits = [spread_out(60, f"poller {number}") for number in range(50)]
    assert waits == [spread_out(60, f"poller {number}") for number in range(50)]
    assert all(60 <= wait <= 75 for wait in waits)
    assert len(set(waits)) == 50
    assert all(DAY_S <= spread_out(DAY_S, f"poller {number}") <= DAY_S + 3_600 for number in range(50))


@pytest.mark.parametrize("now", [50_123.123, 70_000.7, 86_400.3])
def test_a_turn_is_put_off_by_the_most_and_no_fraction_more(monkeypatch, now):
    """Whatever the clock reads: sums of seconds are rounded."""
    monkeypatch.setattr(time, "monotonic", lambda: now)
    count = LocalCount()
    assert count.postpone(ONE, 1e9, DAY_S) == DAY_S
    assert count.postpone(ONE, 1e9, DAY_S) == DAY_S
    assert count.postpone(ONE, 0, DAY_S) <= DAY_S


@pytest.fixture
def two_counts(request, tmp_path, redis_server):
    """Two who count in one place, as two processes do."""

    def open_two(kind):
        if kind == "file":
            return FileCount(tmp_path / "polls.calls"), FileCount(tmp_path / "polls.calls")
        clients = [Redis.from_url(redis_server.url) for _ in range(2)]
        for client in clients:
            request.addfinalizer(client.close)
        return tuple(RedisCount(client, "package", "polls") for client in clients)

    return open_two


@pytest.mark.parametrize("kind", ["file", "redis"])
def test_turns_are_shared_by_all_who_count_in_one_place(two_counts, kind):
    here, there = two_counts(kind)
    assert here.postpone(ONE, 100, DAY_S) == pytest.approx(100, abs=30)
    assert there.postpone(ONE, 100, DAY_S) == pytest.approx(200, abs=60)
    assert here.postpone(ONE, 0, DAY_S) == pytest.approx(200, abs=60)
    assert there.postpone(ONE, 1e9, DAY_S) == pytest.approx(DAY_S, abs=60)
    assert here.postpone(OTHER, 0, DAY_S) == 0
    here.take(ONE, 9)
    assert [lot.calls for lot in there.read(ONE)] == [1]
    assert here.read_others([ONE]) == []


def test_what_polls_took_is_counted_beside_the_budget_and_shared_as_it_is(redis_server, request):
    from connector.limits.redis_gate import RedisGate

    client = Redis.from_url(redis_server.url)
    request.addfinalizer(client.close)
    here, there = (open_budget(None, RedisGate(client, "package")) for _ in range(2))
    PollBudget(here).begin(ONE)
    assert [sum(lot.calls for lot in there.polls.read(ONE)), there.count.read(ONE)] == [1, []]
