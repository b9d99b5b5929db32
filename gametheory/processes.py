"""How do several processes of our own answer tasks, so that the death of one is seen at once and costs one task?

An executor of `concurrent.futures` sends the results of all its processes through one pipe: a process that is killed
while it writes leaves half a result there, and the reader waits for the other half for ever. Results are megabytes
here, so each process has a connection to itself, which ends with it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import current_process, get_context, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import Empty, LifoQueue
from typing import Generic, TypeVar

from gametheory.errors import ComputationError, GameTheoryError

__all__ = ["UNGUARDED", "Processes"]

UNGUARDED = "in a script, several need the call under if __name__ == '__main__'"

STARTING = threading.Lock()

Task = TypeVar("Task")
Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Worker:
    """A process and our end of the connection to it."""

    process: SpawnProcess
    connection: Connection


class Processes(Generic[Task, Found]):
    """So many processes that answer tasks by a function of a module; started when there is work, anew when one died.

    Raises ComputationError in a process that is itself only starting, because it runs a script without a guard anew.
    """

    def __init__(self, workers: int, answer: Callable[[Task], Found]) -> None:
        if getattr(current_process(), "_inheriting", False):  # what a start of a process would refuse, only later
            raise ComputationError(f"a process cannot start processes while it is starting itself; {UNGUARDED}")
        self.answer = answer
        self.threads = ThreadPoolExecutor(workers)  # one for each process, to wait for it
        self.idle: LifoQueue[Worker | None] = LifoQueue()
        self.alive: set[Worker] = set()
        self.left = threading.Event()
        for _ in range(workers):
            self.idle.put(None)

    def submit(self, task: Task) -> Future[Found]:
        """Give out a task; the future raises BrokenProcessPool where the process that had it has died."""
        return self.threads.submit(self._answer, task)

    def leave(self) -> None:
        """End all processes, without waiting for what they are doing."""
        self.left.set()
        self.threads.shutdown(wait=False, cancel_futures=True)
        with STARTING:  # a process that is only half told what it is would complain once we are gone
            for worker in tuple(self.alive):
                worker.process.terminate()  # a thread that waits for it is told, and ends it
        with suppress(Empty):
            while True:
                self._end(self.idle.get_nowait())

    def _answer(self, task: Task) -> Found:
        """Have a task answered by the next process that is free."""
        worker = self.idle.get() or self._started()
        try:
            if self.left.is_set():  # while it was starting
                raise EOFError
            worker.connection.send(task)
            found: Found | Exception = worker.connection.recv()
        except (EOFError, OSError) as error:
            self._end(worker)
            self.idle.put(None)
            raise BrokenProcessPool("a process has died") from error
        if self.left.is_set():
            self._end(worker)
        self.idle.put(worker)
        if isinstance(found, Exception):
            raise found
        return found

    def _end(self, worker: Worker | None) -> None:
        """End a process, whatever it does, if there is one."""
        if worker is not None:
            self.alive.discard(worker)
            worker.connection.close()
            worker.process.terminate()
            worker.process.join()

    def _started(self) -> Worker:
        """A new process."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.answer), daemon=True)
        worker = Worker(process, ours)
        with STARTING:
            if self.left.is_set():
                raise BrokenProcessPool("nobody waits for the answer any more")
            resource_tracker.ensure_running()  # whose start, at a first process, would open our ears again
            with _deaf_to_interrupts():
                process.start()
            self.alive.add(worker)
        theirs.close()  # the process now has the only one: our end is told when that is gone
        return worker


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let the processes that are started here not hear Ctrl-C, which a terminal sends to all: the work is finished."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection, answer: Callable[[Task], Found]) -> None:
    """Answer task after task, until the process that wants them is gone, however it went."""
    with suppress(EOFError, OSError):
        while True:
            connection.send(_answered(answer, connection.recv()))


def _answered(answer: Callable[[Task], Found], task: Task) -> Found | Exception:
    """The answer, or the error that kept it from being found."""
    try:
        return answer(task)
    except (GameTheoryError, MemoryError) as error:
        return error
    except Exception as error:  # noqa: BLE001  (told as text: not every error can be sent)
        return RuntimeError(f"{type(error).__name__}: {error}")
