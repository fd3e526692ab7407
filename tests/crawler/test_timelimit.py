from __future__ import annotations

import re
import signal
import threading
import time

import pytest

from crawler.timelimit import TimeLimitError, time_limit

RUNAWAY = re.compile(r"(a+)+b")


def test_work_that_does_not_end_is_ended() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.05):
        RUNAWAY.match("a" * 60)


def stubborn() -> None:
    while True:
        try:
            time.sleep(10)
        except Exception:  # noqa: S112 - this is what is tested
            continue


def test_guards_against_every_fault_do_not_hold_it_up() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.05):
        stubborn()


def test_work_that_ends_leaves_no_alarm_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(5):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_other_threads_and_no_limit_are_left_alone() -> None:
    done = []

    def work() -> None:
        with time_limit(0.01):
            time.sleep(0.05)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    with time_limit(0):
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert done == [True]
