"""What may hang and can't be interrupted, such as a look-up of a name, asked in a thread of its own, so that whoever
asks goes on when their time is up.

A question that hangs keeps its thread. There are only so many, so a system that hangs for long costs no more than
those; who finds none free waits for one in the same time. Threads go away when they have had nothing to do for a
while, and a forked process starts its own.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from connector.forks import renew_in_child

Out = TypeVar("Out")

#: How long a thread stays without anything to do, in seconds.
IDLE_S: Final = 5.0


class NoThreadError(OSError):
    """The system gives this process no further thread."""


class BoundedWait:
    """Asks questions in at most `most` daemon threads called `name`; used by many threads at once."""

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._begin_anew()
        renew_in_child(self._begin_anew)

    def _begin_anew(self) -> None:
        self._condition = threading.Condition()
        self._waiting: deque[Answer[Any]] = deque()
        self._threads = 0
        self._idle = 0

    def ask(self, question: Callable[[], Out], within_s: float) -> Out:
        """What `question` gives, or raises. Raises `TimeoutError` after `within_s` seconds without an answer, and
        `NoThreadError`."""
        return self.begin(question).take(within_s)

    def begin(self, question: Callable[[], Out], discard: Callable[[Out], object] | None = None) -> Answer[Out]:
        """The answer to come. What comes when nobody waits for it any more goes to `discard`.

        Raises `NoThreadError` where there is no thread to ask in, and none can be started.
        """
        answer = Answer(question, discard)
        with self._condition:
            if len(self._waiting) >= self._most:
                self._waiting = deque(waiting for waiting in self._waiting if waiting.is_wanted)
            self._waiting.append(answer)
            if self._idle >= len(self._waiting):
                self._condition.notify()
            elif self._threads < self._most:
                try:
                    threading.Thread(target=self._run, name=self._name, daemon=True).start()
                except RuntimeError:
                    if not self._threads:
                        self._waiting.remove(answer)
                        raise NoThreadError("no thread could be started") from None
                else:
                    self._threads += 1
        return answer

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._waiting:
                    self._idle += 1
                    is_called = self._condition.wait(IDLE_S)
                    self._idle -= 1
                    if not is_called and not self._waiting:
                        self._threads -= 1
                        return
                answer = self._waiting.popleft()
            answer.find()
            # Nothing of it is kept until the next question comes.
            del answer


class Answer(Generic[Out]):
    """The answer to a question, which one thread finds and another one takes."""

    __slots__ = ("_discard", "_found", "_is_done", "_lock", "_problem", "_question")

    def __init__(self, question: Callable[[], Out], discard: Callable[[Out], object] | None) -> None:
        self._question: Callable[[], Out] | None = question
        self._discard = discard
        self._is_done = threading.Event()
        self._lock = threading.Lock()
        self._found: list[Out] = []
        self._problem: BaseException | None = None

    @property
    def is_wanted(self) -> bool:
        return self._question is not None

    def take(self, within_s: float) -> Out:
        """The answer, or what the question raised. Raises `TimeoutError` where there is none after `within_s` seconds,
        or where it was given up."""
        self._is_done.wait(within_s)
        self.give_up()
        problem, self._problem = self._problem, None
        if problem is not None:
            raise problem
        if not self._found:
            raise TimeoutError("no answer in the time allowed")
        return self._found.pop()

    def give_up(self) -> None:
        """Ends the wait for it at once. A question that was not asked yet is not asked any more."""
        with self._lock:
            self._question = None
        self._is_done.set()

    def find(self) -> None:
        """Asks the question, unless the answer was given up."""
        question = self._question
        if question is None:
            return
        found: list[Out] = []
        problem: BaseException | None = None
        try:
            found.append(question())
        except BaseException as error:
            problem = error
        with self._lock:
            if is_wanted := self._question is not None:
                self._found, self._problem = found, problem
        self._is_done.set()
        if not is_wanted and found and self._discard:
            self._discard(found.pop())
