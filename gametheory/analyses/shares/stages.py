"""How far is an analysis that first answers draws and then works on the answers?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, TypeVar

from gametheory.analyses.events import answers_of
from gametheory.designs import scheme
from gametheory.progress import Progress
from gametheory.study import Answered, answered

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["answers_told", "counted", "stages", "twice"]

Done = TypeVar("Done")


def stages(report: Progress | None, *steps: int) -> list[Progress | None]:
    """A function ``(done, total)`` for each of several stages in turn, which together tell ``report`` of all steps.

    A stage has so many steps, whatever total of its own it is told of. Where nobody listens there are no functions.

    >>> seen = []
    >>> first, second = stages(lambda done, total: seen.append((done, total)), 100, 20)
    >>> first(100, 100), second(1, 2)
    (None, None)
    >>> seen
    [(100, 120), (110, 120)]
    """
    if report is None:
        return [None] * len(steps)
    starts = accumulate(steps, initial=0)
    return [_stage(report, before, count, sum(steps)) for before, count in zip(starts, steps, strict=False)]


def twice(report: Progress | None, answers: Answered | None, samples: int) -> list[Progress | None]:
    """Two stages over as many draws: they are answered, and then worked on; the first is over where answers are given.

    >>> twice(None, None, 100)
    [None, None]
    """
    return stages(report, samples, samples) if answers is None else stages(report, 0, answers.rows)


def counted(parts: Sequence[Done], progress: Progress | None) -> Iterator[Done]:
    """The parts of a work one by one; after each ``progress`` is told of it, and of the end where there are none.

    >>> seen = []
    >>> list(counted(["first", "second"], lambda done, total: seen.append((done, total)))), seen
    (['first', 'second'], [(1, 2), (2, 2)])
    """
    if progress is None:
        yield from parts
        return
    for number, part in enumerate(parts, start=1):
        yield part
        progress(number, len(parts))
    if not parts:
        progress(1, 1)


def _stage(report: Progress, before: int, count: int, total: int) -> Progress:
    """What tells of ``count`` steps that come after so many others."""

    def told(done: int, own: int) -> None:
        report(before + (count * done // own if own else count), total)

    return told


def answers_told(
    model: Model,
    answers: Answered | None,
    orders: Sequence[str],
    drawn: tuple[int, int],
    progress: Progress | None,
) -> Answered:
    """The answers that were given, or those of new draws (``samples`` and seed), with which ``progress`` is called."""
    if answers is None:
        answers = answered(model, scheme("random", model, *drawn), orders, progress)
    return answers_of(model, answers, orders, *drawn)
