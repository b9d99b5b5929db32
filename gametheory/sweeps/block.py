"""What is the answer to one block of points, wherever it is worked out?"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.designs import BLOCK, Scheme, scheme as make_scheme
from gametheory.errors import InputError
from gametheory.model import Model
from gametheory.reader import read
from gametheory.study import (
    FAILED,
    Answers,
    EquilibriumClass,
    as_json,
    block_answers,
    interval_cover,
    joined,
    no_draws,
    totals_of,
)
from gametheory.sweeps.plan import Task, versions
from gametheory.sweeps.rows import parquet

__all__ = ["LISTED", "Block", "Part", "answer", "drawn"]

LISTED = 20  # failing points of a block that are listed with their reasons; all are counted, and stand in the rows
LONGEST_REASON = 200  # characters
ADDRESS = re.compile(r"\b0x[0-9a-f]+\b")  # where an object lay in memory: no two runs agree on it

FloatArray = NDArray[np.float64]
Cover = Sequence[Mapping[str, float]]


class Part(NamedTuple):
    """Consecutive points of a block: name -> ``float64[row]``, their number, and how many were tried for them."""

    points: Mapping[str, FloatArray]
    rows: int
    tried: int


@dataclass(frozen=True, eq=False)
class Block:
    """The answer to a block: a Parquet file (empty where only totals are kept), its sha256, and the totals as JSON.

    ``raised`` counts the points whose game could not even be put to a solver, ``failures`` lists the first of them:
    the row and the reason.
    """

    number: int
    rows: int
    data: bytes
    sha256: str
    totals: Mapping[str, Any]
    raised: int
    failures: tuple[tuple[int, str], ...]


def answer(task: Task) -> Block:
    """Answer a block. The result depends on the task alone: not on the machine, the worker or what was done before.

    A point at which an error is raised is found by halving the block again and again; it counts as failed, with the
    error as the reason, and the other points are answered. Raises InputError where other versions are installed here
    than the run was begun with, and MemoryError where memory is short, which says nothing about a point.
    """
    if dict(task.versions) != dict(versions()):
        message = f"the run was begun with {_listed(task.versions)}, and this worker has {_listed(versions())}"
        raise InputError(f"{message}; install the same versions everywhere")
    model = _model(task.text)
    scheme = make_scheme(task.kind, model, task.samples, task.seed, **task.options)
    cover = interval_cover(model, scheme.seed, given=scheme.names)
    answered: list[tuple[Answers, str]] = []
    totals = [no_draws(0)]
    for part in drawn(scheme, task.block, task.number):
        own = list(_answered(model, cover, task.orders, part.points, part.rows)) if part.rows else []
        answered += own
        totals += [totals_of(answers) for answers, _ in own]
        totals.append(no_draws(part.tried - part.rows))
    data = parquet(model, task, answered) if task.keep == "rows" else b""
    rows = sum(answers.draws for answers, _ in answered)
    failures = tuple(_failures(answered))
    checksum = hashlib.sha256(data).hexdigest()
    return Block(task.number, rows, data, checksum, as_json(joined(totals)), len(failures), failures[:LISTED])


def drawn(
    scheme: Scheme, block: int, number: int, made: Callable[[int], Mapping[str, FloatArray]] | None = None
) -> Iterator[Part]:
    """The points of one block of so many points, in parts of at most `designs.BLOCK`.

    ``made`` gives what ``scheme.block`` gives, where it was kept.
    """
    start, stop = number * block, min((number + 1) * block, scheme.count)
    if block < BLOCK:
        whole, before = divmod(start, BLOCK)
        cut = slice(before, before + stop - start)
        points = {name: column[cut] for name, column in (made or scheme.block)(whole).items()}
        yield Part(points, stop - start, stop - start)
        return
    for whole in range(start // BLOCK, -(-stop // BLOCK)):
        found = scheme.drawn(whole)
        yield Part(found.points, found.rows, found.tried)


@lru_cache(maxsize=4)
def _model(text: str) -> Model:
    """The model of a text, read once a process."""
    return read(text, "the model of the run")


def _answered(
    model: Model, cover: Cover, orders: Sequence[str], points: Mapping[str, FloatArray], count: int
) -> Iterator[tuple[Answers, str]]:
    """The answers of some points in order, in pieces: a failing point is a piece by itself, with the reason."""
    try:
        yield block_answers(model, cover, orders, points, count), ""
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever a point raises is its reason)
        if count == 1:
            yield _failed(model, cover, orders), _reason(error)
            return
        half = count // 2
        for cut, size in ((slice(0, half), half), (slice(half, None), count - half)):
            own = {name: column[cut] for name, column in points.items()}
            yield from _answered(model, cover, orders, own, size)


def _failed(model: Model, cover: Cover, orders: Sequence[str]) -> Answers:
    """The answers of one draw that cannot be answered."""
    classes = {
        order: (np.zeros((1, len(cover)), dtype=np.int64), (EquilibriumClass("failed", ()),)) for order in orders
    }
    verdicts = {order: {"failed": len(cover)} for order in orders}
    nothing = (np.empty((0, 2)), np.zeros(1, dtype=np.bool_))
    measures = {order: dict.fromkeys(model.measures, nothing) for order in orders}
    claims = {name: np.full(1, FAILED, dtype=np.int8) for name in model.claims}
    return Answers(1, classes, verdicts, measures, claims)


def _reason(error: Exception) -> str:
    """An error in one line that reads the same wherever it was raised."""
    text = " ".join(ADDRESS.sub("0x...", str(error)).split())
    return f"{type(error).__name__}: {text}"[:LONGEST_REASON]


def _failures(answered: Sequence[tuple[Answers, str]]) -> Iterator[tuple[int, str]]:
    """Row and reason of every point that raised an error."""
    row = 0
    for answers, reason in answered:
        if reason:
            yield row, reason
        row += answers.draws


def _listed(numbers: Mapping[str, str]) -> str:
    """Versions in words."""
    return ", ".join(f"{name} {number}" for name, number in numbers.items())
