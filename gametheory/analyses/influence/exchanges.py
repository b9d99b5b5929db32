"""What do pairs of independent points answer, and the points between them, with parameters exchanged one by one?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import without_law
from gametheory.designs import Scheme, scheme
from gametheory.errors import InputError
from gametheory.estimators.variance import PickFrozen, orders_of_exchange, paths
from gametheory.parameters import stream
from gametheory.study import Answered, answered_at, check_memory

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Exchanges", "exchanges", "replicate_sizes"]

REPLICATES = 6  # key of these random numbers beside those of the designs
LARGEST_SEED = 2**62
FEWEST = 8  # base points of a replicate

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Points = Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False)
class Exchanges:
    """The answers at all points, and which row is which: the exchanged ``factors`` are parameters, or rankings of them.

    ``a`` and ``b`` are ``[base]``, ``exchanged`` is ``[factor, base]`` and ``path`` ``[base, step]``: numbers of rows.
    """

    answers: Answered
    factors: tuple[str, ...]
    rows: PickFrozen

    def of(self, values: NDArray[Any]) -> PickFrozen:
        """The values ``[row]`` in the places of their rows."""
        own = self.rows
        return PickFrozen(values[own.a], values[own.b], values[own.exchanged], values[own.path], own.turns,
                          own.replicate)  # fmt: skip


def exchanges(
    model: Model,
    samples: int,
    seed: int,
    replicates: int,
    orders: tuple[str, ...],
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
) -> Exchanges:
    """Answer ``samples`` pairs of base points in independently scrambled replicates, and all points between them.

    Of K exchanged factors, each pair needs 2 K games: itself, K with one factor exchanged, and K - 2 on the way from
    the first point to the second with the factors exchanged in a random order. The model must have neither
    correlations nor constraints. Raises InputError for counts that cannot be used and what `answered_at` raises.
    """
    factors = tuple(model.joint.factors)
    if not factors:
        raise without_law(model, "the exchange of parameters")
    sizes = replicate_sizes(samples, replicates)
    width = len(factors)
    check_memory(model, samples * max(2 * width, 3), len(orders))
    seeds = [int(stream(seed, REPLICATES, number).integers(LARGEST_SEED)) for number in range(replicates)]
    pairs = [_pair(scheme("pick-freeze", model, size, own)) for size, own in zip(sizes, seeds, strict=True)]
    a, b = ({name: np.concatenate([pair[end][name] for pair in pairs]) for name in pairs[0][end]} for end in (0, 1))
    turns = np.concatenate(
        [
            orders_of_exchange(stream(seed, REPLICATES, number, 1), size, width)
            for number, size in enumerate(sizes)
        ]
    )  # fmt: skip
    points = _points(model, a, b, turns)
    answers = answered_at(model, points, orders, progress, seed=seed, workers=workers)
    return Exchanges(answers, factors, _rows(turns, np.repeat(np.arange(replicates), sizes)))


def replicate_sizes(samples: int, replicates: int) -> list[int]:
    """How many of the base points belong to each replicate; raises InputError where they are too few.

    >>> replicate_sizes(100, 8)
    [13, 13, 13, 13, 12, 12, 12, 12]
    """
    if replicates < 2:
        raise InputError(f"replicates: {replicates!r}, expected at least 2, from which errors can be told")
    if samples < FEWEST * replicates:
        raise InputError(f"samples: {samples!r}, expected at least {FEWEST * replicates} for {replicates} replicates")
    size, more = divmod(samples, replicates)
    return [size + (number < more) for number in range(replicates)]


def _pair(points: Scheme) -> tuple[Points, Points]:
    """The base points A and B of a pick-freeze scheme."""
    blocks = [points.block(number) for number in range(points.blocks)]
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in points.names}
    step = len(points.roles)
    first, second = ({name: column[start::step] for name, column in columns.items()} for start in (0, 1))
    return first, second


def _points(model: Model, a: Points, b: Points, turns: IntArray) -> dict[str, FloatArray]:
    """All points one below the other: A, B, A with each factor from B, and the steps between the first and the last."""
    width = turns.shape[1]
    between = np.moveaxis(paths(turns)[:, 2:width], 1, 0)
    given = {block.name: block.names for block in model.joint.blocks}
    factor_of = {name: place for place, f in enumerate(model.joint.factors) for name in given.get(f, (f,))}
    points = {}
    for name in a:
        own = factor_of.get(name)
        ends = [a[name], b[name]]
        exchanged = [ends[place == own] for place in range(width)]
        later = [a[name] if own is None else np.where(step[:, own], b[name], a[name]) for step in between]
        points[name] = np.concatenate([*ends, *exchanged, *later])
    return points


def _rows(turns: IntArray, replicate: IntArray) -> PickFrozen:
    """The row of each point of `_points`."""
    base, width = turns.shape
    every = np.arange(base)
    exchanged = every + base * (2 + np.arange(width))[:, np.newaxis]
    steps = [every, *(every + base * (width + step) for step in range(2, width)), base + every]
    if width > 1:
        steps.insert(1, exchanged[turns[:, 0], every])
    return PickFrozen(every, base + every, exchanged, np.stack(steps, axis=1), turns, replicate)
