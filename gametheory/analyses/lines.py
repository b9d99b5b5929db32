"""What happens to a model's games along the line of one parameter, all others at their central values?"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gametheory.errors import InputError, ParameterWarning
from gametheory.solvers import solve
from gametheory.study import BLOCK, EquilibriumClass, classify, without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["Line", "searched_range"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TAILS = (0.001, 0.999)  # quantiles between which an unbounded law is searched


@dataclass(frozen=True)
class Line:
    """The games of one model along one parameter, under one order of play.

    ``classes`` grows as the line is explored, so that equal numbers mean equal sets of equilibria in every call.
    """

    model: Model
    parameter: str
    order: str
    classes: dict[EquilibriumClass, int] = field(default_factory=dict)

    def games(self, values: ArrayLike) -> Games:
        """One game for each value of the parameter; `searched_range` has warned of values outside its law."""
        with without_parameter_warnings():
            return self.model.games({self.parameter: np.asarray(values, dtype=np.float64)})

    def solutions(self, values: ArrayLike) -> Solutions:
        """The solutions of those games."""
        return solve(self.games(values), order=self.order)

    def labels(self, values: FloatArray) -> IntArray:
        """Number of the class of each value's game, in the shape of ``values``."""
        flat = values.ravel()
        parts = []
        for start in range(0, len(flat), BLOCK):
            numbers, table = classify(self.solutions(flat[start : start + BLOCK]))
            known = [self.classes.setdefault(entry, len(self.classes)) for entry in table]
            parts.append(np.array(known, dtype=np.int64)[numbers])
        return np.concatenate(parts).reshape(values.shape)

    def entry(self, label: int) -> EquilibriumClass:
        """The class of a label."""
        return list(self.classes)[label]


def searched_range(model: Model, parameter: str, low: float | None, high: float | None) -> tuple[float, float]:
    """The range to look at: what was asked for, else the law's support, else its 0.001 to 0.999 quantiles.

    Warns where the range leaves the law; raises InputError for an empty one.
    """
    law = model.parameters[parameter].law
    ends = [float(end) for end in law.support()]
    if not np.isfinite(ends).all():
        ends = law.quantile(np.array(TAILS)).tolist()
    start, stop = ends[0] if low is None else float(low), ends[1] if high is None else float(high)
    if not (np.isfinite([start, stop]).all() and start < stop):
        raise InputError(
            f"{parameter}: range [{start!r}, {stop!r}], expected a low end below the high end; give both low and high"
        )
    if not (law.contains(start) and law.contains(stop)):
        message = f"{parameter}: the range [{start:g}, {stop:g}] leaves its law, {law.describe()}"
        warnings.warn(message, ParameterWarning, stacklevel=3)
    return start, stop
