"""What happens to a model's games over two parameters at once, all others at their central values?

A place is a pair of numbers from 0 to 1. It stands for values evenly spread over two ranges (evenly in the logarithm
where a law is log-uniform), or for two probabilities under the joint law, so that areas are probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.tipping.lines import searched_range
from gametheory.errors import InputError
from gametheory.model.sampling import allowed
from gametheory.parameters import Joint
from gametheory.solvers import solve
from gametheory.study import BLOCK, EquilibriumClass, classify, without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["EXCLUDED", "Plane", "Range", "over_laws", "over_ranges", "value_range"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Values = Callable[[FloatArray], Mapping[str, FloatArray]]

NO_CLOCK = 1e9  # seconds for a search: the clock must not decide where a boundary lies
WITHOUT_OWN_LAW = ("fixed", "ranked")
EXCLUDED = EquilibriumClass("excluded", ())  # places that break a constraint of the model


@dataclass(frozen=True)
class Range:
    """The values of one parameter from ``low`` to ``high``, evenly spread or, with ``logarithmic``, by their order."""

    low: float
    high: float
    logarithmic: bool

    def values(self, shares: FloatArray) -> FloatArray:
        """The values that lie at these shares of the range.

        >>> Range(1.0, 100.0, True).values(np.array([0.0, 0.5, 1.0])).round(9).tolist()
        [1.0, 10.0, 100.0]
        """
        if not self.logarithmic:
            return self.low + (self.high - self.low) * shares
        first, last = math.log(self.low), math.log(self.high)
        return np.exp(first + (last - first) * shares)

    def shares(self, values: FloatArray) -> FloatArray:
        """At which shares of the range some values lie."""
        if not self.logarithmic:
            return (values - self.low) / (self.high - self.low)
        return np.asarray(np.log(values / self.low) / math.log(self.high / self.low))


@dataclass(frozen=True, eq=False)
class Plane:
    """The games of one model over two parameters, under one order of play.

    ``values`` turns places ``[place, 2]`` into a column for each parameter. ``classes`` grows as the plane is explored,
    so that equal numbers mean equal sets of equilibria in every call. With ``constrained``, places that break a
    constraint of the model are a class of their own.
    """

    model: Model
    order: str
    values: Values
    constrained: bool = False
    classes: dict[EquilibriumClass, int] = field(default_factory=dict)

    def games(self, places: FloatArray) -> Games:
        """The game at each place; the makers of the plane have warned of values outside the parameters' laws."""
        with without_parameter_warnings():
            return self.model.games(self.values(places))

    def payoffs(self, places: FloatArray) -> FloatArray:
        """The payoffs at each place, ``[place, player, a1, a2, ...]``; 0 in all of a game that has one not finite."""
        table = self.games(places).payoffs
        finite = np.isfinite(table).reshape(len(table), -1).all(axis=1)
        return np.where(np.expand_dims(finite, tuple(range(1, table.ndim))), table, 0.0)

    def solutions(self, places: FloatArray) -> Solutions:
        """The solutions of the games at some places."""
        return solve(self.games(places), order=self.order, seconds=NO_CLOCK)

    def labels(self, places: FloatArray) -> IntArray:
        """The number of the class of the game at each place."""
        parts = [np.empty(0, dtype=np.int64)]
        for start in range(0, len(places), BLOCK):
            numbers, table = classify(self.solutions(places[start : start + BLOCK]))
            parts.append(np.array([self._number(entry) for entry in table], dtype=np.int64)[numbers])
        found = np.concatenate(parts)
        if self.constrained and len(places):
            found[~allowed(self.model, dict(self.values(places)), len(places))] = self._number(EXCLUDED)
        return found

    def entry(self, label: int) -> EquilibriumClass:
        """The class of a label."""
        return list(self.classes)[label]

    def _number(self, entry: EquilibriumClass) -> int:
        return self.classes.setdefault(entry, len(self.classes))


def value_range(model: Model, name: str, ends: tuple[float, float] | None) -> Range:
    """The range of a parameter that was asked for, else that of its law; raises InputError for an empty one."""
    low, high = searched_range(model, name, *(ends or (None, None)))
    return Range(low, high, model.parameters[name].law.kind == "loguniform" and low > 0)


def over_ranges(model: Model, order: str, ranges: Mapping[str, Range]) -> Plane:
    """The plane of two parameters over two ranges of their values."""

    def values(places: FloatArray) -> dict[str, FloatArray]:
        return {name: own.values(places[:, k]) for k, (name, own) in enumerate(ranges.items())}

    return Plane(model, order, values)


def over_laws(model: Model, order: str, x: str, y: str) -> Plane:
    """The plane of two parameters in which an area is a probability under their joint law.

    An interval without probability is spread evenly over its length. Raises InputError for a parameter that is fixed or
    ranked.
    """
    pair = {name: model.parameters[name] for name in (x, y)}
    for name, parameter in pair.items():
        if parameter.law.kind in WITHOUT_OWN_LAW:
            raise InputError(f"{name}: is {parameter.law.kind}, expected a parameter with a law of its own that varies")
    tied = tuple(one for one in model.correlations if set(one.between) == {x, y})
    joint = Joint(tuple(one for one in pair.values() if one.law.has_probability), tied)

    def values(places: FloatArray) -> dict[str, FloatArray]:
        shares = {name: places[:, k] for k, name in enumerate(pair)}
        dimensions = joint.dimensions
        drawn = joint.points(np.column_stack([shares[name] for name in dimensions])) if dimensions else {}
        for name in pair.keys() - drawn.keys():
            low, high = map(float, pair[name].law.support())
            drawn[name] = low + (high - low) * shares[name]
        return drawn

    return Plane(model, order, values, constrained=bool(model.constraints))
