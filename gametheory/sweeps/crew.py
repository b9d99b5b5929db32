"""Who answers the blocks: this process, processes of our own, the executor that was given, or a Dask cluster?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from gametheory.errors import ComputationError, InputError
from gametheory.processes import Processes
from gametheory.sweeps.block import Block, answer
from gametheory.sweeps.plan import Task

__all__ = ["Crew", "cluster"]

ADDRESS = re.compile(r"(\w+://)?[^\s/]+:\d+")
ANSWER_TIME = 10.0  # seconds for a scheduler to answer, and for its first worker to appear


class Crew:
    """Whoever answers the blocks, and how many blocks to give out at once.

    Several workers are processes and not threads. Where the kernels do the work, which release Python's lock, threads
    took the same processor time a point (4.9 us in either, three orders of play of a 5x5 game); but one point that
    brings compiled code down would take all threads with it, and the run. A process costs about three seconds of start.

    One worker is a thread of this process, so that whoever presses Ctrl-C is heard while a block is under way.
    """

    def __init__(self, workers: int, executor: Executor | None = None) -> None:
        self.workers = workers
        self.given = executor
        self.own = Processes(workers, answer) if executor is None and workers > 1 else Thread()

    @property
    def room(self) -> int:
        """How many blocks to have under way: enough that nobody waits, few enough that memory stays flat."""
        alone = self.given is None and self.workers == 1
        return 1 if alone else self.workers + 1 + self.workers // 4

    def submit(self, task: Task) -> Future[Block]:
        """Give out a block; that the executor is broken is told by the future."""
        try:
            if self.given is not None:
                return self.given.submit(answer, task)
        except BrokenExecutor as error:
            broken: Future[Block] = Future()
            broken.set_exception(error)
            return broken
        return self.own.submit(task)

    def leave(self) -> None:
        """Let our own workers go, without waiting for what they are doing; an executor that was given stays."""
        self.own.leave()


class Thread:
    """One worker: a thread of this process."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(1)

    def submit(self, task: Task) -> Future[Block]:
        """Give out a block."""
        return self.threads.submit(answer, task)

    def leave(self) -> None:
        """Take no more blocks."""
        self.threads.shutdown(wait=False, cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor on the Dask cluster at an address such as ``tcp://127.0.0.1:8786``, and how many threads it has.

    The workers need this package and the same versions of NumPy, SciPy, numba and pyarrow. Raises InputError where
    Dask is not installed or the address is none, ComputationError where nothing answers there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        message = "Dask is not installed; it comes with pip install '.[dask]' in a clone of the project"
        raise InputError(message) from error
    if not ADDRESS.fullmatch(address):
        raise InputError(f"{address!r} is no address of a scheduler; expected one such as tcp://127.0.0.1:8786")
    try:
        client = Client(address, timeout=ANSWER_TIME, set_as_default=False)
    except OSError as error:
        raise ComputationError(f"no Dask scheduler answers at {address!r}; is it running?") from error
    try:
        yield client.get_executor(pure=False), _threads(client, address)
    finally:
        client.close()


def _threads(client: Any, address: str) -> int:
    """How many threads the workers of a cluster have together."""
    try:
        client.wait_for_workers(1, timeout=ANSWER_TIME)
    except TimeoutError as error:
        raise ComputationError(f"the Dask scheduler at {address!r} has no workers; start some") from error
    return sum(client.nthreads().values())
