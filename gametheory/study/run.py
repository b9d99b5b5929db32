"""What do the games of many draws of the uncertain parameters answer?"""

from __future__ import annotations

import operator
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.study.blocks import ALL, BLOCK, FAILED, NONE, SOME, Answers, answer_block
from gametheory.study.classes import EquilibriumClass, merge
from gametheory.study.cover import interval_cover

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["OrderRun", "Run", "run", "solvable_orders"]

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OrderRun:
    """The answers under one order of play.

    ``numbers`` is ``int32[draw, cover point]``, the number of each game's class in ``classes``; ``verdicts`` counts the
    games by verdict; ``measures[name]`` holds the lower and upper value of each solved draw over its solutions and
    cover points, ``float64[solved draw, 2]``, and which draws were solved, ``bool[draw]``: those without a failed game
    at any cover point. A game whose list of solutions may lack some counts as solved, with all that the measure can be.
    """

    order: str
    classes: tuple[EquilibriumClass, ...]
    numbers: NDArray[np.int32]
    verdicts: Mapping[str, int]
    measures: Mapping[str, tuple[FloatArray, BoolArray]]

    def share(self, mask: Sequence[bool] | BoolArray, *, everywhere: bool) -> float:
        """Share of the draws whose class is marked in ``mask`` at every cover point, or at one at least."""
        marked = np.asarray(mask, dtype=np.bool_)[self.numbers]
        return float(np.mean(marked.all(axis=1) if everywhere else marked.any(axis=1)))

    def share_of(self, status: str) -> float:
        """Share of the draws with a class of this status (``solved``, ``partial``, ``failed``) at any cover point."""
        return self.share([entry.status == status for entry in self.classes], everywhere=False)


@dataclass(frozen=True, eq=False)
class Run:
    """The answers of a study: by order of play, and for each claim how often it holds, ``int8[draw]``."""

    model: Model
    samples: int
    seed: int
    cover: tuple[Mapping[str, float], ...]
    orders: Mapping[str, OrderRun]
    claims: Mapping[str, NDArray[np.int8]]


def run(
    model: Model,
    samples: int,
    seed: int = 0,
    orders: Sequence[str] | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Draw ``samples`` parameter points from their laws and answer every one of them, block by block.

    The same seed gives the same answers for any number of workers, and the first draws of a longer run are those of a
    shorter one. Interval parameters have no probability: each draw is repeated over `interval_cover`, which may change
    what is certain and what is possible, never how probable it is. Games that cannot be solved are counted as failed.
    ``progress`` is called with the draws done and their total. Raises InputError for a bad count or seed and
    UnknownNameError for an unknown order.
    """
    chosen = solvable_orders(model) if orders is None else tuple(orders)
    _check(model, samples, seed, chosen)
    cover = interval_cover(model, seed)
    starts = range(0, samples, BLOCK)

    def block(number: int) -> Answers:
        return _block_answers(model, cover, chosen, number, min(BLOCK, samples - number * BLOCK), seed)

    parts = []
    for number, answers in enumerate(_in_order(block, len(starts), workers or os.cpu_count() or 1)):
        parts.append(answers)
        if progress is not None:
            progress(min(samples, (number + 1) * BLOCK), samples)
    by_order = {order: _joined(order, [part.classes[order] for part in parts], parts) for order in chosen}
    claims = {name: np.concatenate([part.claims[name] for part in parts]) for name in model.claims}
    return Run(model, samples, seed, tuple(cover), MappingProxyType(by_order), MappingProxyType(claims))


def solvable_orders(model: Model) -> tuple[str, ...]:
    """The orders of play that the solvers answer: all of them for two players, simultaneous play for more."""
    return tuple(model.orders) if len(model.players) == 2 else tuple(model.orders[:1])


def _check(model: Model, samples: int, seed: int, orders: Sequence[str]) -> None:
    """Refuse what cannot be run."""
    for name, number, least in (("samples", samples, 1), ("seed", seed, 0)):
        if operator.index(number) < least:
            raise InputError(f"{name}: {number!r}, expected a whole number of at least {least}")
    for order in orders:
        if order not in model.orders:
            near = did_you_mean(order, model.orders)
            raise UnknownNameError(f"no order of play {order!r}; expected one of {', '.join(model.orders)}{near}")


def _in_order(work: Callable[[int], Answers], count: int, workers: int) -> Iterator[Answers]:
    """Do the numbered pieces of work on several threads; the answers come in order, few of them waiting at a time."""
    if workers == 1 or count == 1:
        yield from map(work, range(count))
        return
    pool = ThreadPoolExecutor(min(workers, count))
    waiting: deque[Future[Answers]] = deque()
    try:
        for number in range(count):
            waiting.append(pool.submit(work, number))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # whoever interrupts does not wait for what is under way
        pool.shutdown(wait=False, cancel_futures=True)


def _block_answers(
    model: Model, cover: Sequence[Mapping[str, float]], orders: Sequence[str], number: int, count: int, seed: int
) -> Answers:
    """The answers of one block of draws, joined over the points of the cover."""
    sample = model.sample(BLOCK, seed, block=number)
    draws = {str(name): sample[name].to_numpy()[:count] for name in sample.columns}
    points = []
    for point in cover:
        fixed = {name: np.full(count, value) for name, value in point.items()}
        points.append(answer_block(model, {**draws, **fixed}, orders))
    return points[0] if len(points) == 1 else _over_cover(points, orders)


def _over_cover(points: Sequence[Answers], orders: Sequence[str]) -> Answers:
    """Join the answers of the same draws at several points of the intervals: classes side by side, bounds widened."""
    classes, verdicts, measures = {}, {}, {}
    for order in orders:
        numbers, table = merge([point.classes[order] for point in points])
        classes[order] = (np.stack(numbers, axis=1), table)
        verdicts[order] = _added([point.verdicts[order] for point in points])
        measures[order] = {
            name: _widened([point.measures[order][name] for point in points]) for name in points[0].measures[order]
        }
    claims = {name: _claim_over_cover([point.claims[name] for point in points]) for name in points[0].claims}
    return Answers(classes, verdicts, measures, claims)


def _widened(parts: Sequence[tuple[FloatArray, BoolArray]]) -> tuple[FloatArray, BoolArray]:
    """Smallest lower and largest upper value over the cover points; one failed point makes the draw fail."""
    solved = np.logical_and.reduce([mask for _, mask in parts])
    low, high = np.full(len(solved), np.inf), np.full(len(solved), -np.inf)
    for values, mask in parts:
        low[mask] = np.minimum(low[mask], values[:, 0])
        high[mask] = np.maximum(high[mask], values[:, 1])
    return np.stack([low[solved], high[solved]], axis=1), solved


def _claim_over_cover(parts: Sequence[NDArray[np.int8]]) -> NDArray[np.int8]:
    """A claim holds in all (none) only if it does so at every cover point; one failed point makes the draw fail."""
    codes = np.stack(parts, axis=1)
    joined = np.full(len(codes), SOME, dtype=np.int8)
    for outcome in (ALL, NONE):
        joined[(codes == outcome).all(axis=1)] = outcome
    joined[(codes == FAILED).any(axis=1)] = FAILED
    return joined


def _joined(
    order: str, tables: Sequence[tuple[NDArray[np.int64], tuple[EquilibriumClass, ...]]], parts: Sequence[Answers]
) -> OrderRun:
    """All blocks of one order of play as one."""
    numbers, classes = merge(tables)
    together = np.concatenate(numbers).astype(np.int32)
    measures = {}
    for name in parts[0].measures[order]:
        pairs = [part.measures[order][name] for part in parts]
        measures[name] = (np.concatenate([v for v, _ in pairs]), np.concatenate([mask for _, mask in pairs]))
    verdicts = _added([part.verdicts[order] for part in parts])
    return OrderRun(order, classes, together.reshape(len(together), -1), verdicts, MappingProxyType(measures))


def _added(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Sums of counts by name, names sorted."""
    names = sorted({name for part in counts for name in part})
    return {name: sum(part.get(name, 0) for part in counts) for name in names}
