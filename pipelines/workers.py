"""Work in several processes, its results in the order of the tasks and a bounded number of them ahead.

Workers are started by forkserver or spawn, so that none inherits a lock, a connection or a signal handler; each
ends with its parent, however that goes. A worker that dies, or does not answer in time, costs the one task that it
was at: it is replaced, and its other tasks are done by the next.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

Plan = TypeVar("Plan")
Task = TypeVar("Task")
Result = TypeVar("Result")
# How a task was lost: its worker died, or did not end in time.
Loss = Literal["died", "time"]

# Tasks that wait at each worker: enough to keep it busy while results are written, little to hold in memory.
AHEAD = 8
# Until a worker is ready to work.
START_SECONDS = 120.0


class WorkerError(Exception):
    """Workers cannot be started; the message says why."""


def begin_loading(module: str) -> None:
    """Starts the process that workers are forked from, where there is one, and has it import `module` meanwhile.

    Workers start sooner then, and share the memory of what was loaded. Where it cannot be imported, each does that
    by itself.
    """
    if "forkserver" in multiprocessing.get_all_start_methods():
        multiprocessing.get_context("forkserver").set_forkserver_preload(["__main__", module])
        forkserver.ensure_running()


def _nothing_known(_task: Any) -> None:
    return None


def _indivisible(_task: Any) -> list[Any]:
    return []


def in_order(
    start: Callable[[Plan], None],
    plan: Plan,
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    jobs: int,
    *,
    seconds: float = 0,
    lost: Callable[[Task, Loss], Result],
    known: Callable[[Task], Result | None] = _nothing_known,
    parts: Callable[[Task], list[Task]] = _indivisible,
    ahead: int = AHEAD,
) -> Generator[Result, None, None]:
    """`work(task)` of each task, done in `jobs` processes that `start(plan)` has made ready; with 0 in this one.

    `start` and `work` are functions of a module; plan, tasks and results can be pickled. `lost` gives the result of
    a task whose worker died or, where `seconds` are given, did not end it in that time; `known` that of a task that
    needs no worker, and None of any other. A lost task that `parts` divides into several is not lost yet: each of
    them is done in its place, and has a result of its own. `ahead` tasks wait at each worker.

    Raises:
        WorkerError: a worker could not be made ready.
        Exception: what `work` raised.
    """
    if jobs == 0:
        start(plan)
        for task in tasks:
            result = known(task)
            yield work(task) if result is None else result
        return
    pool = _Pool(start, plan, work, jobs)
    waiting: deque[_Slot[Task, Result]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(task, known(task)))
            if len(waiting) >= jobs * ahead:
                yield from pool.results(waiting.popleft(), seconds, lost, parts)
        while waiting:
            yield from pool.results(waiting.popleft(), seconds, lost, parts)
    finally:
        pool.close()


@dataclass(slots=True)
class _Slot(Generic[Task, Result]):
    """A task and where its result will be."""

    task: Task
    worker: _Worker | None
    future: Future[Result]


@dataclass(slots=True)
class _Worker:
    """A process of its own, with the tasks that wait for it."""

    executor: ProcessPoolExecutor
    process_id: Future[int]
    slots: deque[_Slot[Any, Any]] = field(default_factory=deque)

    def end(self) -> None:
        """Ends the process without waiting for what it is at."""
        with suppress(BrokenProcessPool, ProcessLookupError, TimeoutError, CancelledError):
            os.kill(self.process_id.result(timeout=0), signal.SIGKILL)
        self.executor.shutdown(wait=False, cancel_futures=True)


class _Pool:
    """Workers, each an executor of one process, so that what happens to one is no matter of the others."""

    def __init__(self, start: Callable[[Any], None], plan: Any, work: Callable[[Any], Any], jobs: int) -> None:
        methods = multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        begin_loading(start.__module__)  # where nobody has before
        self._begin = (start, plan)
        self._work = work
        self._workers = [self._hire() for _ in range(jobs)]

    def _hire(self) -> _Worker:
        executor = ProcessPoolExecutor(1, mp_context=self._context, initializer=_begin, initargs=self._begin)
        return _Worker(executor, executor.submit(os.getpid))

    def submit(self, task: Any, result: Any) -> _Slot[Any, Any]:
        """Gives a task whose result is not known to the worker for which the fewest wait."""
        if result is not None:
            future: Future[Any] = Future()
            future.set_result(result)
            return _Slot(task, None, future)
        worker = min(self._workers, key=lambda one: len(one.slots))
        slot = _Slot(task, worker, self._submit(worker, task))
        worker.slots.append(slot)
        return slot

    def _submit(self, worker: _Worker, task: Any) -> Future[Any]:
        try:
            return worker.executor.submit(self._work, task)
        except BrokenProcessPool as broken:
            future: Future[Any] = Future()
            future.set_exception(broken)
            return future

    def results(
        self,
        slot: _Slot[Any, Any],
        seconds: float,
        lost: Callable[[Any, Loss], Any],
        parts: Callable[[Any], list[Any]],
    ) -> Iterator[Any]:
        """The result of the oldest task that is left; several where it was lost and is done in parts."""
        pending = deque([slot])
        while pending:
            oldest = pending.popleft()
            loss = self._await(oldest, seconds)
            if loss is None:
                yield oldest.future.result()
                continue
            divided = parts(oldest.task)
            if len(divided) > 1:
                pending.extendleft(reversed(self._replace(oldest.worker, divided)))
            else:
                self._replace(oldest.worker)
                yield lost(oldest.task, loss)

    def _await(self, slot: _Slot[Any, Any], seconds: float) -> Loss | None:
        """Waits for a task all of whose forerunners its worker has done; says how it was lost, if it was."""
        worker = slot.worker
        if worker is None:
            return None
        self._await_start(worker)
        loss: Loss | None = None
        try:
            slot.future.result(timeout=seconds or None)
        except BrokenProcessPool:
            loss = "died"
        except TimeoutError:
            if slot.future.done():
                raise  # the task's own
            loss = "time"
        worker.slots.popleft()
        return loss

    def _await_start(self, worker: _Worker) -> None:
        try:
            worker.process_id.result(timeout=START_SECONDS)
        except (BrokenProcessPool, TimeoutError) as error:
            raise WorkerError("a process to read with could not be started; see the messages above") from error

    def _replace(self, worker: _Worker | None, first: Iterable[Any] = ()) -> list[_Slot[Any, Any]]:
        """Ends a worker; a new one does the tasks `first`, whose slots are given back, then those that wait."""
        if worker is None:
            return []
        worker.end()
        new = self._hire()
        self._workers[self._workers.index(worker)] = new
        slots = [_Slot(task, new, self._submit(new, task)) for task in first]
        for slot in worker.slots:
            slot.worker, slot.future = new, self._submit(new, slot.task)
        new.slots.extend([*slots, *worker.slots])
        return slots

    def close(self) -> None:
        """Ends all workers, whatever they are at."""
        for worker in self._workers:
            if worker.slots:
                worker.end()
        for worker in self._workers:
            worker.executor.shutdown(wait=True, cancel_futures=True)


def _begin(start: Callable[[Any], None], plan: Any) -> None:
    # CTRL+C reaches the whole group of processes; the parent alone decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(plan)


def _end_with_parent() -> None:
    """Ends this worker when its parent is gone: a pool's queue would keep it waiting for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
