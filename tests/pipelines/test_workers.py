from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from pipelines.workers import Loss, WorkerError, in_order

if TYPE_CHECKING:
    from pathlib import Path

_STATE: dict[str, int] = {}


def start(base: int) -> None:
    _STATE["base"] = base


def fail_to_start(_plan: int) -> None:
    raise RuntimeError("no rules")


def work(task: int) -> int:
    if task == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if task == 17:
        time.sleep(60)
    if task == 19:
        raise ValueError("nineteen")
    return _STATE["base"] + task


def note_process(folder: Path) -> Path:
    (folder / str(os.getpid())).touch()
    time.sleep(0.05)
    return folder


def lost(task: int, loss: Loss) -> int:
    return -task if loss == "died" else -1000 * task


@pytest.mark.parametrize("jobs", [0, 1, 3])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    assert list(in_order(start, 100, work, range(12), jobs, lost=lost)) == list(range(100, 112))


def test_a_worker_that_dies_or_hangs_costs_its_one_task() -> None:
    done = list(in_order(start, 100, work, [11, 13, 12, 17, 14, 15, 16, 13], 2, seconds=1.5, lost=lost))
    assert done == [111, -13, 112, -17000, 114, 115, 116, -13]


def work_on_all(tasks: list[int]) -> list[int]:
    return [work(task) for task in tasks]


def lost_alone(tasks: list[int], loss: Loss) -> list[int]:
    return [lost(task, loss) for task in tasks]


def singly(tasks: list[int]) -> list[list[int]]:
    return [[task] for task in tasks]


def test_a_task_that_is_lost_is_done_in_parts_of_which_one_is_lost() -> None:
    tasks = [[1, 2], [3, 13, 4, 13, 5], [6], [17, 7, 8], [13], [9]]
    done = list(in_order(start, 100, work_on_all, tasks, 2, seconds=1.5, lost=lost_alone, parts=singly))
    assert done == [[101, 102], [103], [-13], [104], [-13], [105], [106], [-17000], [107], [108], [-13], [109]]


def test_what_a_task_raises_is_raised() -> None:
    with pytest.raises(ValueError, match="nineteen"):
        list(in_order(start, 100, work, [18, 19, 20], 2, lost=lost))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_workers_that_cannot_start_say_so() -> None:
    with pytest.raises(WorkerError, match="could not be started"):
        list(in_order(fail_to_start, 1, work, [1], 1, lost=lost))


def test_who_stops_half_way_does_not_wait(tmp_path: Path) -> None:
    results = in_order(start, 100, work, [1, 2, 17, 17, 3], 2, lost=lost)
    assert next(results) == 101
    before = time.monotonic()
    results.close()
    assert time.monotonic() - before < 30


def test_the_work_is_done_in_as_many_processes(tmp_path: Path) -> None:
    folders = [tmp_path] * 12
    assert list(in_order(start, 1, note_process, folders, 3, lost=lambda task, _loss: task)) == folders
    assert len(list(tmp_path.iterdir())) == 3
