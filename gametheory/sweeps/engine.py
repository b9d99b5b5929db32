"""How are all blocks of a sweep answered, each once, whatever happens to those who work?"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gametheory.errors import ComputationError, GameTheoryError, InputError
from gametheory.machine import processors
from gametheory.progress import Asked, shown
from gametheory.sweeps.block import Block
from gametheory.sweeps.crew import Crew
from gametheory.sweeps.folder import Memory, Shelf, adopted
from gametheory.sweeps.interrupts import interruptible
from gametheory.sweeps.lock import locked
from gametheory.sweeps.plan import Plan, planned
from gametheory.sweeps.result import Sweep, result

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["sweep"]

ATTEMPTS = 3  # at a block whose worker died; then it is not the worker
PULSE = 0.5  # seconds between two looks at whether to stop

Say = Callable[[str], None]


def sweep(
    model: Model,
    *,
    samples: int,
    seed: int = 0,
    out: str | os.PathLike[str] | None = None,
    scheme: str = "random",
    orders: Sequence[str] | None = None,
    executor: Executor | None = None,
    workers: int | None = None,
    keep: str = "rows",
    block: int | None = None,
    progress: Asked = None,
    note: Say | None = None,
    **options: Any,
) -> Sweep:
    """Answer a model at every point of a design, in blocks that are kept in the folder ``out`` as they are finished.

    ``scheme``, ``samples``, ``seed`` and further options are those of `designs.scheme`; ``orders`` are all orders of
    play that can be solved. ``keep`` is "rows", the answer to every point, or "totals", what analyses need. ``workers``
    is 1, this process, or more of them; ``executor`` is any executor of `concurrent.futures` instead, for which
    ``workers`` says how many blocks it works on at once. Where several processes are started from a script, the call
    must stand under ``if __name__ == "__main__":``. ``block`` points are kept together, a
    multiple of 16,384 or, without constraints, a smaller power of two; by default fewer where each takes longer. Trees
    of middle size may be solved more completely in small blocks: how many are solved at once decides what can be
    afforded.

    The same call on the same folder goes on where the last one ended, computes again what is damaged, and adds to it
    where ``samples`` is larger and the design can grow. The folder comes out the same, byte for byte, whoever worked
    and however often it was interrupted, as long as the processors round alike. Ctrl-C and SIGTERM finish the blocks
    under way and raise KeyboardInterrupt; a second one leaves at once. ``progress`` is called with the points done and
    their number, or is True for a bar; ``note`` is called with sentences on what was mended (warnings by default).

    A point at which an error is raised is counted as failed, with its reason. Raises InputError for what cannot be run
    and for a folder of another run, ComputationError where another process is at work there or a block could not be
    finished.

    >>> from gametheory.reader import load
    >>> done = sweep(load("reference_involvement"), samples=2_000, orders=["nato"])
    >>> done.totals.draws, len(done.frame())
    (2000, 2000)
    """
    plan = planned(model, samples, seed, scheme, orders, keep, block, options)
    if workers is not None and workers < 1:
        raise InputError(f"workers: {workers!r}, expected 1 or more")
    many = workers or (processors() if executor is not None else 1)
    say = note or _warn
    if out is None:
        shelf: Shelf = Memory(plan.run, plan.identity)
        _fill(plan, shelf, Crew(many, executor), progress, say)
        return result(plan, shelf)
    path = Path(out)
    if path.exists() and not path.is_dir():
        raise InputError(f"{str(path)!r} is a file; expected a folder for the run")
    path.mkdir(parents=True, exist_ok=True)
    with locked(path):
        shelf, plan = adopted(path, plan, say)
        _fill(plan, shelf, Crew(many, executor), progress, say)
        shelf.finish()
        return result(plan, shelf)


def _fill(plan: Plan, shelf: Shelf, crew: Crew, progress: Asked, say: Say) -> None:
    """Answer the blocks that are not there, a few at a time; only this process writes."""
    todo = deque(number for number in range(plan.blocks) if number not in shelf.entries)
    under_way: dict[Future[Block], int] = {}
    attempts: Counter[int] = Counter()
    total, told = plan.scheme.count, False
    done = total - sum(map(plan.points, todo))
    try:
        with interruptible() as stopped, shown(progress, "sweep") as asked:
            report = asked or _silent
            while under_way or (todo and not stopped()):
                while todo and not stopped() and len(under_way) < crew.room:
                    number = todo.popleft()
                    under_way[crew.submit(plan.task(number))] = number
                report(done, total)
                if stopped() and not told:
                    told = True
                    say(f"interrupted: finishing the blocks under way ({len(under_way)}); once more leaves at once")
                for future in _ready(under_way):
                    number = under_way.pop(future)
                    if _kept(plan, shelf, future, number, attempts):
                        done += plan.points(number)
                    else:
                        todo.appendleft(number)
            report(done, total)
    finally:
        crew.leave()
    if todo:
        raise KeyboardInterrupt(f"interrupted: {_left(plan, shelf)}")


def _ready(under_way: dict[Future[Block], int]) -> list[Future[Block]]:
    """The blocks that are finished or lost, in order; waits a little where none is."""
    ready, _ = wait(under_way, timeout=PULSE, return_when=FIRST_COMPLETED)
    return sorted(ready, key=under_way.__getitem__)


def _kept(plan: Plan, shelf: Shelf, future: Future[Block], number: int, attempts: Counter[int]) -> bool:
    """Keep a finished block; False where whoever worked on it was lost, and it is to be tried again.

    Raises ComputationError after a few attempts.
    """
    try:
        found = future.result()
        if hashlib.sha256(found.data).hexdigest() != found.sha256:
            raise OSError("it was damaged on its way from the worker")
    except GameTheoryError:
        raise
    except Exception as error:  # whatever kept a worker from its end
        attempts[number] += 1
        if attempts[number] >= ATTEMPTS:
            reason = f"{type(error).__name__}: {error}".rstrip(": ")
            message = f"block {number} could not be finished in {ATTEMPTS} attempts ({reason}); {_left(plan, shelf)}"
            raise ComputationError(message + _advice(error)) from error
        return False
    shelf.add(found, plan.points(number))
    return True


def _advice(error: BaseException) -> str:
    """What a user may have overlooked."""
    if isinstance(error, BrokenProcessPool):
        return "; in a script, several processes need the call to stand under if __name__ == '__main__'"
    if isinstance(error, MemoryError):
        return "; memory is short: fewer workers, or a smaller block, need less"
    if isinstance(error, OSError | BrokenExecutor):
        return ""
    return "; where every worker has this package and memory enough, it is a fault of the program: please report it"


def _left(plan: Plan, shelf: Shelf) -> str:
    """How far the run is, and how it goes on."""
    there = f"{len(shelf.entries):,} of {plan.blocks:,} blocks"
    if isinstance(shelf, Memory):
        return f"{there} were done and are lost, because no folder was named for them"
    return f"{there} are saved in {shelf}; the same command goes on from there"


def _silent(done: int, total: int) -> None:
    """Show no progress."""


def _warn(text: str) -> None:
    """Say something by a warning."""
    warnings.warn(text, RuntimeWarning, stacklevel=2)
