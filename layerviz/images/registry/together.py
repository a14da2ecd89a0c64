"""Work done at the same time in threads of its own, while the caller's thread tells progress and may end it all."""

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from weakref import WeakSet

from layerviz.images.problems import ImageProblem

T = TypeVar("T")

_TICK_S = 0.1
_GRACE_S = 2.0
"""What threads that were told to stop get for closing their files; one that hangs in the system is left to itself."""

_CONNECTED = (".connect_tcp.complete", ".start_tls.complete", ".connect_unix_socket.complete")


class Patience(NamedTuple):
    """How long a registry may be silent, and the pauses before it is asked again after a failure that may pass."""

    # Half a minute is what anyone waits, with the start of the program and the end of what it began.
    silence_s: float = 25.0
    pauses_s: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)


PATIENCE = Patience()


class Stopped(Exception):
    """The work was ended from elsewhere."""


class Watch:
    """What the threads of one fetching share: the bytes so far, when there was last a sign of life, and the end."""

    def __init__(self, where: str, patience: Patience, silent: str = "registry_silent") -> None:
        self.patience = patience
        self._where = where
        self._silent = silent
        self.done_bytes = 0
        self.all_bytes = 1
        self._last_sign = time.monotonic()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._connections: WeakSet[socket.socket] = WeakSet()

    def advance(self, count: int) -> None:
        """`count` more bytes are there."""
        with self._lock:
            self.done_bytes += count
        self.sign()

    def sign(self) -> None:
        """Something was heard, or begins anew."""
        self._last_sign = time.monotonic()

    def silent(self) -> bool:
        """Whether all of them have been waiting for longer than each single wait may last."""
        return time.monotonic() - self._last_sign > self.patience.silence_s + 1

    def silence(self, where: str = "") -> ImageProblem:
        """What to say of one who says nothing."""
        return ImageProblem(where or self._where, self._silent, {"seconds": f"{self.patience.silence_s:g}"})

    def go_on(self) -> None:
        """Raises `Stopped` where the work was ended."""
        if self._ended.is_set():
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Waits; raises `Stopped` as soon as the work is ended."""
        if self._ended.wait(seconds):
            raise Stopped
        self.sign()

    def traced(self, event: str, info: Mapping[str, Any]) -> None:
        """Takes note of new connections; httpx2 calls it as the extension `trace` of a request."""
        if event.endswith(_CONNECTED):
            connection = info["return_value"].get_extra_info("socket")
            with self._lock:
                self._connections.add(connection)
            self.go_on()

    def end(self) -> None:
        """Ends the work: who waits is woken, who reads reads no more."""
        self._ended.set()
        with self._lock:
            for connection in self._connections:
                try:
                    # Not the method: a TLS socket's own would take the session away from who reads from it.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
                except OSError:
                    continue


class _Outcome:
    def __init__(self, count: int) -> None:
        self.values: dict[int, object] = {}
        self.ended: deque[int] = deque()
        self.error: BaseException | None = None
        self.left = count
        self.changed = threading.Condition()


def together(
    jobs: Sequence[Callable[[], T]],
    watch: Watch,
    tick: Callable[[int, int], None] | None,
    done: Callable[[int], None] | None = None,
    at_once: int = 3,
) -> list[T]:
    """What the jobs return, in their order, `at_once` of them running at a time.

    `tick` gets the bytes so far several times a second, `done` the number of each job that has come to its end, both in
    this thread. The first error of a job, what these raise, or too long a silence ends the others and is raised.
    """
    watch.sign()
    waiting = deque(enumerate(jobs))
    outcome = _Outcome(min(at_once, len(jobs)))
    # Daemons: a thread that hangs in the system's resolver must not keep the program from ending.
    threads = [threading.Thread(target=_work, args=(waiting, watch, outcome), daemon=True) for _ in range(outcome.left)]
    try:
        for thread in threads:
            thread.start()
        while True:
            with outcome.changed:
                if outcome.left and not outcome.ended:
                    outcome.changed.wait(_TICK_S)
                finished = not outcome.left or outcome.error is not None
            while done and outcome.ended:
                done(outcome.ended.popleft())
            if tick:
                # What an engine says of an image's size is no more than about right.
                tick(min(watch.done_bytes, watch.all_bytes), watch.all_bytes)
            if finished:
                break
            # Where `tick` took long all may be done by now.
            if outcome.left and watch.silent():
                raise watch.silence()
        if outcome.error is not None:
            raise outcome.error
    except BaseException:
        watch.end()
        _settle(threads)
        raise
    for thread in threads:
        # All are at their end; a process with threads cannot be copied.
        thread.join()
    return [outcome.values[number] for number in range(len(jobs))]  # type: ignore[misc] # each is what its job returned


def _work(waiting: deque[tuple[int, Callable[[], object]]], watch: Watch, outcome: _Outcome) -> None:
    error: BaseException | None = None
    try:
        while True:
            watch.go_on()
            try:
                number, job = waiting.popleft()
            except IndexError:
                break
            outcome.values[number] = job()
            with outcome.changed:
                outcome.ended.append(number)
                outcome.changed.notify()
    except Stopped:
        pass
    except BaseException as problem:
        error = problem
    with outcome.changed:
        outcome.left -= 1
        # The first one is the cause; others follow from the end that it brings.
        outcome.error = outcome.error or error
        outcome.changed.notify()


def _settle(threads: Sequence[threading.Thread]) -> None:
    until = time.monotonic() + _GRACE_S
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
