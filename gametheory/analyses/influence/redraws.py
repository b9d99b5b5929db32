"""What do points answer of which some parameters are kept and the others are drawn afresh from their law given those?

Rank correlations are those of a Gaussian copula, whose law given some of its columns is Gaussian again: a fresh draw
becomes one of it by moving it as far as its own kept columns lie from those wanted (Matheron's rule). Constraints are
kept by trying again: a draw of the law given what is kept that keeps them is a draw of the constrained law given that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.asked import without_law
from gametheory.analyses.influence.exchanges import replicate_sizes
from gametheory.errors import InputError
from gametheory.estimators.tied import Redrawn
from gametheory.estimators.variance import orders_of_exchange, paths
from gametheory.model import allowed
from gametheory.parameters import stream
from gametheory.parameters.copula import within_unit
from gametheory.study import Answered, answered_at, check_memory

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Redraws", "Tied", "redraws"]

DRAWS, TURNS = 7, 8  # keys of these random numbers beside those of the designs
MOST_ROUNDS = 2_000  # tries for a point that keeps the constraints
RAREST = 1e-4  # share of the joint law below which constraints are refused, as independent draws do
NEGLIGIBLE = 1e-10  # of the eigenvalues of correlations: rounding, not a direction

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Redraws:
    """The answers at all points, and which row is which, as in `Redrawn`; ``factors`` are parameters or rankings.

    ``stuck`` is the share of redraws without a point that keeps the constraints in 2,000 tries: they stay at the base.
    """

    answers: Answered
    factors: tuple[str, ...]
    rows: Redrawn
    stuck: float

    def of(self, values: NDArray[Any]) -> Redrawn:
        """The values ``[row]`` in the places of their rows."""
        own = self.rows
        a, b, kept, redrawn, path = (values[part] for part in own[:5])
        return Redrawn(a, b, kept, redrawn, path, own.turns, own.replicate)


@dataclass(frozen=True, eq=False)
class Tied:
    """The joint law of a model by its normal scores, ``float64[point, dimension]``."""

    model: Model

    @cached_property
    def groups(self) -> list[tuple[IntArray, FloatArray]]:
        """The places of the columns that correlations tie together, and the correlation of their scores."""
        place = {name: number for number, name in enumerate(self.model.joint.dimensions)}
        return [(np.array([place[name] for name in group.names]), group.factor @ group.factor.T)
                for group in self.model.joint.groups]  # fmt: skip

    @property
    def columns(self) -> BoolArray:
        """Which columns belong to each factor, ``bool[factor, dimension]``."""
        joint = self.model.joint
        columns = np.zeros((len(joint.factors), len(joint.dimensions)), dtype=np.bool_)
        for number, places in enumerate(joint.factors.values()):
            columns[number, list(places)] = True
        return columns

    def fresh(self, count: int, generator: np.random.Generator) -> FloatArray:
        """Scores of independent draws, the constraints left aside."""
        scores = generator.standard_normal((count, len(self.model.joint.dimensions)))
        for (places, _), group in zip(self.groups, self.model.joint.groups, strict=True):
            scores[:, places] = scores[:, places] @ group.factor.T
        return scores

    def given(self, wanted: FloatArray, fresh: FloatArray, kept: BoolArray) -> FloatArray:
        """Fresh scores ``[point, dimension]`` turned into draws of the law given the ``kept`` ones of those wanted."""
        found = np.where(kept, wanted, fresh)
        for places, correlation in self.groups:
            patterns, number = np.unique(kept[:, places], axis=0, return_inverse=True)
            for which, pattern in enumerate(patterns):
                if not pattern.any() or pattern.all():
                    continue
                rows = np.flatnonzero(number.reshape(-1) == which)[:, np.newaxis]
                inner = np.linalg.pinv(correlation[np.ix_(pattern, pattern)], rcond=NEGLIGIBLE, hermitian=True)
                weights = correlation[np.ix_(~pattern, pattern)] @ inner
                apart = wanted[rows, places[pattern]] - fresh[rows, places[pattern]]
                found[rows, places[~pattern]] += apart @ weights.T
        return found

    def points(self, scores: FloatArray) -> dict[str, FloatArray]:
        """The parameters at these scores: name -> ``float64[point]``."""
        from scipy.special import ndtr

        joint = self.model.joint
        uniforms = within_unit(ndtr(scores))
        place = {name: number for number, name in enumerate(joint.dimensions)}
        drawn: dict[str, FloatArray] = {}
        for block in joint.blocks:
            drawn.update(block.points(uniforms[:, [place[name] for name in block.columns]]))
        laws = {parameter.name: parameter.law for parameter in joint.parameters}
        return {name: drawn[name] if name in drawn else laws[name].quantile(uniforms[:, place[name]])
                for name in joint.names}  # fmt: skip

    def allowed(self, scores: FloatArray) -> BoolArray:
        """Which scores keep the constraints."""
        if not self.model.constraints:
            return np.ones(len(scores), dtype=np.bool_)
        return allowed(self.model, self.points(scores), len(scores))

    def drawn(self, count: int, generator: np.random.Generator) -> FloatArray:
        """Scores of independent draws that keep the constraints; raises InputError where they are too rare."""
        parts: list[FloatArray] = []
        found = tried = 0
        while found < count:
            scores = self.fresh(max(count, 1024), generator)
            parts.append(scores[self.allowed(scores)])
            found, tried = found + len(parts[-1]), tried + len(scores)
            if found < RAREST * tried and tried > 10 / RAREST:
                message = f"the constraints {', '.join(self.model.constraints)} leave {found} of {tried} points drawn"
                raise InputError(f"{message}; widen them, or narrow the laws to fit them")
        return np.concatenate(parts)[:count]

    def redrawn(self, base: FloatArray, kept: BoolArray, generator: np.random.Generator) -> tuple[FloatArray, int]:
        """Scores ``[kind, base, dimension]`` with those ``kept`` from the base, and how many found no allowed point.

        All kinds of one base point try the same fresh draws one after the other, so that a column that neither ties nor
        constrains anything leaves all others as they are.
        """
        found = np.broadcast_to(base, kept.shape).copy()
        kind, row = (places.ravel() for places in np.indices(kept.shape[:2]))
        for _ in range(MOST_ROUNDS):
            own, number = np.unique(row, return_inverse=True)
            fresh = self.fresh(len(own), generator)[number]
            tried = self.given(base[row], fresh, kept[kind, row])
            good = self.allowed(tried)
            found[kind[good], row[good]] = tried[good]
            kind, row = kind[~good], row[~good]
            if not len(row):
                break
        return found, len(row)


def redraws(
    model: Model,
    samples: int,
    seed: int,
    replicates: int,
    orders: tuple[str, ...],
    progress: Progress | None = None,
    workers: int | None = None,
) -> Redraws:
    """Answer ``samples`` base points in independent replicates, and the redraws that indices of tied parameters need.

    Of K factors each base point needs 3 K - 1 games (K > 2): itself and a second draw, K with one factor kept, K with
    one redrawn, and K - 3 on the way between, with factors redrawn in a random order. Raises InputError for counts that
    cannot be used or constraints that leave too little, and what `answered_at` raises.
    """
    tied = Tied(model)
    columns = tied.columns
    width = len(columns)
    if not width:
        raise without_law(model, "the redrawing of parameters")
    sizes = replicate_sizes(samples, replicates)
    kinds = 2 * width + 1 + max(width - 3, 0)
    check_memory(model, samples * (kinds + 1), len(orders))
    turns = np.concatenate([orders_of_exchange(stream(seed, TURNS, number), size, width)
                            for number, size in enumerate(sizes)])  # fmt: skip
    kept = _kept(turns) @ columns
    generator = stream(seed, DRAWS)
    base = tied.drawn(samples, generator)
    found, stuck = tied.redrawn(base, kept, generator)
    points = tied.points(np.concatenate([base[np.newaxis], found]).reshape(-1, base.shape[1]))
    answers = answered_at(model, points, orders, progress, seed=seed, workers=workers)
    rows = _rows(turns, np.repeat(np.arange(replicates), sizes))
    return Redraws(answers, tuple(model.joint.factors), rows, stuck / (samples * kinds))


def _kept(turns: IntArray) -> BoolArray:
    """Which factors are kept, ``bool[kind, base, factor]``: none, one, all but one, and those later on the way."""
    base, width = turns.shape
    one = np.broadcast_to(np.eye(width, dtype=np.bool_)[:, np.newaxis], (width, base, width))
    between = ~np.moveaxis(paths(turns)[:, 2 : max(width - 1, 2)], 1, 0)
    return np.concatenate([np.zeros((1, base, width), dtype=np.bool_), one, ~one, between])


def _rows(turns: IntArray, replicate: IntArray) -> Redrawn:
    """The row of each point: the base, and then the kinds of `_kept`."""
    base, width = turns.shape
    every = np.arange(base)
    kept = every + base * (2 + np.arange(width))[:, np.newaxis]
    redrawn = kept + base * width
    between = [every + base * (2 + 2 * width + step) for step in range(max(width - 3, 0))]
    steps = [every, base + every]
    if width > 1:
        steps.insert(1, redrawn[turns[:, 0], every])
    if width > 2:
        steps[2:2] = [*between, kept[turns[:, -1], every]]
    return Redrawn(every, base + every, kept, redrawn, np.stack(steps, axis=1), turns, replicate)
