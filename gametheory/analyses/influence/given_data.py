"""How much does an answer depend on each parameter, by points that are given and may hang together?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.estimators.conditional import (
    Bins,
    delta,
    dummy,
    equal_mass,
    first_order,
    jackknife,
    tallies,
)

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Binned", "Estimate", "binned", "deltas", "firsts_of", "varying"]

DUMMIES = 99  # parameters that enter nothing, of whose indices the 95 % quantile is the noise floor
FLOOR = 0.95

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """An index, its 95 % interval, and what 95 of 100 parameters that enter nothing stay below."""

    value: float
    low: float
    high: float
    noise_floor: float


@dataclass(frozen=True, eq=False)
class Binned:
    """One parameter in bins of equal mass, ``sizes[bin]`` rows each, and the group that each row belongs to.

    ``dummies`` are the bins of parameters that enter nothing, ``int16[repeat, row]``, shared by all parameters whose
    bins have these sizes.
    """

    name: str
    bins: Bins
    sizes: IntArray
    groups: IntArray
    dummies: NDArray[np.int16]

    def counts(self, sets: IntArray, answers: int) -> IntArray:
        """Rows of each group, bin and answer: ``int64[group, bin, answer]``."""
        groups, width = int(self.groups.max()) + 1, len(self.sizes)
        shape = (groups * width, answers)
        return tallies(self.groups * width + self.bins.number, sets, shape).reshape(groups, width, answers)

    def by_chance(self, sets: IntArray, answers: int) -> IntArray:
        """The same of the dummies: ``int64[repeat, bin, answer]``."""
        shape = (len(self.sizes), answers)
        return np.array([tallies(labels, sets, shape) for labels in self.dummies])


def varying(model: Model, points: Mapping[str, FloatArray]) -> list[str]:
    """The parameters that differ between the points, in the order of the model."""
    return [name for name in model.parameters if name in points and np.ptp(points[name]) > 0]


def binned(points: Mapping[str, FloatArray], names: Sequence[str], count: int, groups: int, seed: int) -> list[Binned]:
    """The parameters in at most ``count`` bins; consecutive rows form so many independent groups."""
    rows = len(next(iter(points.values())))
    group = np.arange(rows) * groups // rows
    dummies: dict[tuple[int, ...], NDArray[np.int16]] = {}
    parameters = []
    for name in names:
        bins = equal_mass(points[name], count)
        sizes = np.bincount(bins.number)
        key = tuple(sizes.tolist())
        if key not in dummies:
            dummies[key] = dummy(sizes, DUMMIES, seed).astype(np.int16)
        parameters.append(Binned(name, bins, sizes, group, dummies[key]))
    return parameters


def firsts_of(hits: BoolArray, parameters: Sequence[Binned]) -> list[Estimate]:
    """The first-order index of whether something happens, ``hits[row]``, in each parameter."""
    return _of_counts(hits.astype(np.int64), 2, parameters, lambda c: first_order(c, c.sum(axis=-1)))


def deltas(hits: BoolArray, parameters: Sequence[Binned]) -> list[Estimate]:
    """Borgonovo's delta of whether something happens, ``hits[row]``, in each parameter."""
    return _of_counts(hits.astype(np.int64), 2, parameters, delta)


def _of_counts(
    sets: IntArray, answers: int, parameters: Sequence[Binned], index: Callable[[IntArray], FloatArray]
) -> list[Estimate]:
    """An index of counts ``[..., bin, answer]`` in each parameter."""
    floor = _floors(lambda parameter: index(parameter.by_chance(sets, answers)))
    estimates = []
    for parameter in parameters:
        counts = parameter.counts(sets, answers)
        whole = counts.sum(axis=0)
        estimates.append(_estimate(index(whole), index(whole - counts), floor(parameter)))
    return estimates


def _floors(chance: Callable[[Binned], FloatArray]) -> Callable[[Binned], float]:
    """The noise floor of a parameter, worked out once for all with bins of the same sizes."""
    known: dict[int, float] = {}

    def floor(parameter: Binned) -> float:
        key = id(parameter.dummies)
        if key not in known:
            known[key] = float(np.quantile(chance(parameter), FLOOR))
        return known[key]

    return floor


def _estimate(value: FloatArray, without: FloatArray, floor: float) -> Estimate:
    """An index with its errors."""
    low, high = jackknife(value, without)
    return Estimate(float(value), float(low), float(high), floor)
