"""Work at the same time: who is told of it, and when it is given up."""

import threading
import time

import pytest

from layerviz.images.problems import ImageProblem
from layerviz.images.registry.together import Patience, Watch, together


def test_each_job_that_is_done_is_told_at_once_and_in_the_callers_thread() -> None:
    gate = threading.Event()
    told: list[tuple[int, bool]] = []

    def done(number: int) -> None:
        told.append((number, threading.current_thread() is threading.main_thread()))
        gate.set()

    jobs = [lambda: gate.wait(20), lambda: True]
    assert together(jobs, Watch("x", Patience()), None, done) == [True, True]
    assert told == [(1, True), (0, True)]


def test_a_tick_that_takes_longer_than_a_silence_may_last_is_none() -> None:
    def tick(done: int, all_bytes: int) -> None:
        time.sleep(1.5)

    assert together([lambda: time.sleep(0.3)], Watch("x", Patience(silence_s=0.1)), tick) == [None]


def test_silence_is_given_up_while_a_job_goes_on() -> None:
    watch = Watch("x", Patience(silence_s=0.1))
    before = time.monotonic()
    with pytest.raises(ImageProblem, match=r"sent nothing for 0.1 s"):
        together([lambda: watch.pause(20)], watch, None)
    assert time.monotonic() - before < 5
