"""What happens to a model's games along the line of one parameter, all others at their central values?"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gametheory.analyses.rankings.kept_order import kept_range
from gametheory.errors import InputError, ParameterWarning
from gametheory.solvers import solve
from gametheory.study import BLOCK, EquilibriumClass, classify, without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["Line", "searched_range", "spread_by_powers"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

TAILS = (0.001, 0.999)  # quantiles between which an unbounded law is searched


@dataclass(frozen=True)
class Line:
    """The games of one model along one parameter, from ``low`` to ``high``, under one order of play.

    A place on the line is the parameter's value or, where its law is log-uniform and the range positive, the natural
    logarithm of its value: there every order of magnitude is equally long. ``classes`` grows as the line is explored,
    so that equal numbers mean equal sets of equilibria in every call.
    """

    model: Model
    parameter: str
    order: str
    low: float
    high: float
    classes: dict[EquilibriumClass, int] = field(default_factory=dict)

    @property
    def logarithmic(self) -> bool:
        """Whether places are logarithms of values."""
        return spread_by_powers(self.model, self.parameter, self.low)

    @property
    def ends(self) -> tuple[float, float]:
        """The first and the last place."""
        return (math.log(self.low), math.log(self.high)) if self.logarithmic else (self.low, self.high)

    @property
    def span(self) -> float:
        """The distance between the first and the last place."""
        return self.ends[1] - self.ends[0]

    def values(self, places: ArrayLike) -> FloatArray:
        """The values of the parameter at some places; at the ends they are those of the range to the last bit."""
        numbers = np.asarray(places, dtype=np.float64)
        if not self.logarithmic:
            return numbers
        first, last = self.ends
        inner = np.clip(np.exp(numbers), self.low, self.high)
        return np.asarray(np.where(numbers <= first, self.low, np.where(numbers >= last, self.high, inner)))

    def value(self, place: float) -> float:
        """The value of the parameter at one place."""
        return float(self.values(place))

    def games(self, places: ArrayLike) -> Games:
        """The game at each place; `searched_range` has warned of values outside the parameter's law."""
        with without_parameter_warnings():
            return self.model.games({self.parameter: self.values(places)})

    def solutions(self, places: ArrayLike) -> Solutions:
        """The solutions of those games."""
        return solve(self.games(places), order=self.order)

    def labels(self, places: FloatArray) -> IntArray:
        """Number of the class of the game at each place, in the shape of ``places``."""
        flat = places.ravel()
        parts = []
        for start in range(0, len(flat), BLOCK):
            numbers, table = classify(self.solutions(flat[start : start + BLOCK]))
            known = [self.classes.setdefault(entry, len(self.classes)) for entry in table]
            parts.append(np.array(known, dtype=np.int64)[numbers])
        return np.concatenate(parts).reshape(places.shape)

    def failed(self, label: int) -> bool:
        """Whether a label stands for games that cannot be solved."""
        return self.entry(label).status == "failed"

    def entry(self, label: int) -> EquilibriumClass:
        """The class of a label."""
        return list(self.classes)[label]


def spread_by_powers(model: Model, parameter: str, low: float) -> bool:
    """Whether a parameter varies, from ``low`` on, by orders of magnitude: where its law is log-uniform."""
    return model.parameters[parameter].law.kind == "loguniform" and low > 0


def searched_range(model: Model, parameter: str, low: float | None, high: float | None) -> tuple[float, float]:
    """The range to look at: what was asked for, else the law's support, else its 0.001 to 0.999 quantiles.

    Of a ranked parameter it is the range between its neighbours. Warns where the range leaves the law or the order;
    raises InputError for an empty one, and for a ranked parameter that is tied to another.
    """
    law = model.parameters[parameter].law
    ranked = law.kind == "ranked"
    ends = [float(end) for end in (kept_range(model, parameter) if ranked else law.support())]
    if not np.isfinite(ends).all():
        ends = law.quantile(np.array(TAILS)).tolist()
    start, stop = ends[0] if low is None else float(low), ends[1] if high is None else float(high)
    if not (np.isfinite([start, stop]).all() and start < stop):
        raise InputError(
            f"{parameter}: range [{start!r}, {stop!r}], expected a low end below the high end; give both low and high"
        )
    if ranked and not ends[0] <= start < stop <= ends[1]:
        message = f"{parameter}: the range [{start:g}, {stop:g}] leaves the order, kept on [{ends[0]:g}, {ends[1]:g}]"
        warnings.warn(message, ParameterWarning, stacklevel=3)
    elif not (law.contains(start) and law.contains(stop)):
        message = f"{parameter}: the range [{start:g}, {stop:g}] leaves its law, {law.describe()}"
        warnings.warn(message, ParameterWarning, stacklevel=3)
    return start, stop
