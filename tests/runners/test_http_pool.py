"""Bounded threads, and lines from a thread to the loop."""

import asyncio
import threading
import time

import pytest

from connector.runners.http_server.lines import Lines, ReaderGone
from connector.runners.http_server.pool import Full, Pool


def run(test):
    return asyncio.run(asyncio.wait_for(test(), 20))


def test_work_gives_its_result_or_its_error():
    async def test():
        pool = Pool(1, 1, 1)
        assert await pool.submit("a", lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            await pool.submit("a", lambda: 1 // 0)
        await pool.finish()

    run(test)


def test_no_more_runs_than_there_are_threads_and_an_owner_may():
    async def test():
        pool = Pool(3, 2, 10)
        go = threading.Event()
        most = {"a": 0, "b": 0}
        now = {"a": 0, "b": 0}
        lock = threading.Lock()

        def work(owner):
            with lock:
                now[owner] += 1
                most[owner] = max(most[owner], now[owner])
            go.wait(60)
            with lock:
                now[owner] -= 1

        jobs = [pool.submit(owner, lambda owner=owner: work(owner)) for owner in "aaaabb"]
        assert (pool.running, pool.waiting) == (3, 3)
        go.set()
        await asyncio.gather(*jobs)
        assert (pool.running, pool.waiting) == (0, 0)
        assert most["a"] <= 2
        await pool.finish()

    run(test)


def test_an_owner_that_has_nothing_running_finds_a_thread_though_others_want_all():
    async def test():
        pool = Pool(8, 4, 20)
        go = threading.Event()
        greedy = [pool.submit(owner, lambda: go.wait(30)) for owner in "aaaaabbbbb"]
        assert (pool.running, pool.waiting) == (7, 3)
        assert await asyncio.wait_for(pool.submit("c", lambda: "c"), 30) == "c"
        assert (pool.running, pool.waiting) == (7, 3)
        go.set()
        await asyncio.gather(*greedy)
        await pool.finish()

    run(test)


def test_who_comes_first_starts_first():
    async def test():
        pool = Pool(1, 1, 10)
        order = []
        await asyncio.gather(*(pool.submit("a", lambda number=number: order.append(number)) for number in range(6)))
        assert order == list(range(6))
        await pool.finish()

    run(test)


def test_a_full_queue_turns_away_and_work_that_is_given_up_makes_room():
    async def test():
        pool = Pool(1, 1, 1)
        go = threading.Event()
        first = pool.submit("a", go.wait)
        second = pool.submit("a", lambda: 2)
        with pytest.raises(Full):
            pool.submit("b", lambda: 3)
        second.cancel()
        await asyncio.sleep(0)
        third = pool.submit("b", lambda: 3)
        go.set()
        assert await third == 3
        await first
        await pool.finish()

    run(test)


def test_owners_that_wait_take_turns():
    async def test():
        pool = Pool(1, 1, 20)
        order = []
        jobs = [pool.submit(owner, lambda owner=owner: order.append(owner)) for owner in "aaaaaabbc"]
        await asyncio.gather(*jobs)
        assert "".join(order) == "aabcabaaa"
        await pool.finish()

    run(test)


def test_a_full_queue_makes_room_for_an_owner_with_less_in_it():
    async def test():
        pool = Pool(1, 1, 3)
        go = threading.Event()
        running, *greedy = [pool.submit("a", lambda: go.wait(60)) for _ in range(4)]
        modest = pool.submit("b", lambda: "b")
        with pytest.raises(Full):
            await greedy[-1]
        with pytest.raises(Full):
            pool.submit("b", lambda: "b too has its share now")
        go.set()
        assert await asyncio.gather(running, *greedy[:-1], modest) == [True, True, True, "b"]
        await pool.finish()

    run(test)


def test_work_given_up_in_the_turn_in_which_a_thread_gets_free_is_not_begun():
    async def test():
        pool = Pool(1, 1, 5)
        begun = []
        first = pool.submit("a", lambda: None)
        waiting = [pool.submit("a", lambda: begun.append("waiting")) for _ in range(2)]

        def give_up(_first):
            # A thread that had the next work by now would have begun it.
            time.sleep(0.05)
            for job in waiting:
                job.cancel()

        first.add_done_callback(give_up)
        await first
        await pool.finish()
        assert begun == []
        assert (pool.running, pool.waiting) == (0, 0)

    run(test)


def test_work_refused_for_want_of_a_thread_is_never_begun(monkeypatch):
    async def test():
        pool = Pool(2, 2, 5)
        begun, go = [], threading.Event()
        first = pool.submit("a", lambda: go.wait(60))
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", _fail)
            with pytest.raises(Full):
                pool.submit("a", lambda: begun.append("refused"))
        assert pool.running == 1
        second = pool.submit("a", lambda: "second")
        go.set()
        assert await asyncio.gather(first, second) == [True, "second"]
        await pool.finish()
        assert begun == []

    def _fail(_thread):
        raise RuntimeError("can't start new thread")

    run(test)


def test_closing_drops_what_waits_cancels_what_can_be_and_waits_for_the_rest():
    async def test():
        pool = Pool(2, 2, 5)
        cancelled, go = threading.Event(), threading.Event()
        read = pool.submit("a", lambda: cancelled.wait(60), cancelled.set)
        write = pool.submit("a", lambda: go.wait(60))
        waiting = pool.submit("a", lambda: None)
        pool.close()
        with pytest.raises(Full):
            await waiting
        with pytest.raises(Full):
            pool.submit("a", lambda: None)
        pool.cancel()
        assert await read is True
        finishing = asyncio.ensure_future(pool.finish())
        await asyncio.sleep(0.05)
        assert not finishing.done()
        go.set()
        await finishing
        assert write.result() is True

    run(test)


def test_lines_come_in_order_and_end():
    async def test():
        lines = Lines(patience_s=5)

        def write():
            for number in range(10_000):
                lines.write(str(number).encode())
            lines.end()

        writer = threading.Thread(target=write)
        writer.start()
        got = bytearray()
        while part := await lines.read():
            got += part
        writer.join()
        assert [int(line) for line in got.splitlines()] == list(range(10_000))

    run(test)


def test_a_reader_that_is_gone_stops_the_writer():
    async def test():
        lines = Lines(patience_s=5)
        lines.leave()
        with pytest.raises(ReaderGone):
            lines.write(b"x")

    run(test)


def test_a_writer_waits_for_room_but_not_for_ever():
    async def test():
        lines = Lines(patience_s=0.05)

        def fill():
            for _ in range(100):
                lines.write(b"x" * 10_000)

        with pytest.raises(ReaderGone):
            await asyncio.to_thread(fill)

    run(test)
