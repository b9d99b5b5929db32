"""How far can each assumption move, from where, and what is one step of it?

A move is measured in *spreads*: the standard deviation of the parameter's law or, for an interval without probability,
half its width. A point of the moved assumptions is a row of such steps away from the present values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.model.evaluation import closure, payoff_formulas
from gametheory.parameters.faults import Number, as_tuple
from gametheory.study import without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.parameters import Law

__all__ = ["HELD", "TAILS", "Reach", "moved_to", "payoff_parameters", "reach", "spread"]

FloatArray = NDArray[np.float64]

HELD = ("fixed", "discrete", "ranked")  # laws whose parameters stay where they are
TAILS = (0.001, 0.999)  # quantiles between which an unbounded law is searched
STRATA = 4096  # equal slices of probability, for laws without a formula below


@dataclass(frozen=True, eq=False)
class Reach:
    """The assumptions that can move: their present values, one spread of each, and how far each may go.

    ``least`` and ``most`` are steps in spreads to the ends of the supports, infinite where a law has no end.
    """

    names: tuple[str, ...]
    centre: FloatArray
    spreads: FloatArray
    least: FloatArray
    most: FloatArray
    low: FloatArray
    high: FloatArray
    searched: FloatArray

    def values(self, steps: FloatArray) -> dict[str, FloatArray]:
        """The parameters at points given in steps, ``float64[point, parameter]``: a design of the model."""
        inside = np.clip(self.centre + steps * self.spreads, self.low, self.high)
        return {name: inside[:, place] for place, name in enumerate(self.names)}

    def payoffs(self, model: Model, steps: FloatArray, others: Mapping[str, float]) -> FloatArray:
        """Payoffs ``[point, player, a1, a2, ...]`` at those points, the other parameters at ``others``."""
        fixed = {name: np.full(len(steps), value) for name, value in others.items() if name not in self.names}
        with without_parameter_warnings():
            return model.games({**fixed, **self.values(steps)}).payoffs


def reach(model: Model, values: Mapping[str, float], names: Sequence[str] | None = None) -> Reach:
    """The reach of the parameters in ``names``, all that the payoffs rest on by default, from ``values``.

    Fixed parameters do not move. Those with a discrete law are left out, as they cannot move by small steps, and so are
    ranked ones, as a distance between values of which only the order is known would mean nothing.
    """
    chosen = [
        name
        for name in (payoff_parameters(model) if names is None else names)
        if model.parameters[name].law.kind not in HELD
    ]
    laws = [model.parameters[name].law for name in chosen]
    centre = np.array([values[name] for name in chosen])
    spreads = np.array([spread(law) for law in laws])
    supports = np.array([law.support() for law in laws]).reshape(-1, 2)
    low, high = np.minimum(supports[:, 0], centre), np.maximum(supports[:, 1], centre)
    ends = np.array([_searched(law, value) for law, value in zip(laws, centre.tolist(), strict=True)]).reshape(-1, 2)
    searched = (ends - centre[:, np.newaxis]) / spreads[:, np.newaxis]
    return Reach(
        tuple(chosen), centre, spreads, (low - centre) / spreads, (high - centre) / spreads, low, high, searched
    )


def moved_to(model: Model, values: Mapping[str, float]) -> Model:
    """The same model with other central values; the model itself where none differs."""
    if all(values[name] == parameter.value for name, parameter in model.parameters.items()):
        return model
    parameters = {
        name: parameter
        if values[name] == parameter.value
        else replace(parameter, value=values[name], text=repr(float(values[name])))
        for name, parameter in model.parameters.items()
    }
    return replace(model, parameters=parameters)


def payoff_parameters(model: Model) -> tuple[str, ...]:
    """The parameters that the payoffs rest on, in the order of the file; all where there is no table of payoffs."""
    if model.form != "strategic":
        return tuple(model.parameters)
    used = closure(model, payoff_formulas(model).values())
    return tuple(name for name in model.parameters if name in used)


def spread(law: Law) -> float:
    """One step of a parameter: the standard deviation of its law, or half the width of an interval; 0 where fixed.

    >>> from gametheory.parameters import Law
    >>> spread(Law("interval", low=0, high=1)), round(spread(Law("uniform", low=0, high=1)) ** 2 * 12, 9)
    (0.5, 1.0)
    """
    if law.kind in SPREADS:
        return SPREADS[law.kind](*(as_tuple(number)[0] for _, number in law.items))
    if law.kind == "ranked":
        return _ranked(*law.numbers.values())
    if law.kind == "discrete":
        points, weights = (np.array(as_tuple(number)) for _, number in law.items)
        mean = np.average(points, weights=weights)
        return float(np.sqrt(np.average((points - mean) ** 2, weights=weights)))
    return float(np.std(law.quantile((np.arange(STRATA) + 0.5) / STRATA)))


def _searched(law: Law, value: float) -> tuple[float, float]:
    """The ends of the support, or of all but its outermost tails where it has no end; never short of the value."""
    low, high = law.support()
    if not (math.isfinite(low) and math.isfinite(high)):
        inner = law.quantile(np.array(TAILS)).tolist()
        low, high = (low if math.isfinite(low) else inner[0]), (high if math.isfinite(high) else inner[1])
    return min(low, value), max(high, value)


def _loguniform(low: float, high: float) -> float:
    """From the first two moments of exp(U), U uniform between the logarithms."""
    ratio = math.log(high / low)
    mean = (high - low) / ratio
    return math.sqrt(max((high**2 - low**2) / (2 * ratio) - mean**2, 0.0))


def _triangular(low: float, mode: float, high: float) -> float:
    return math.sqrt(((high - low) ** 2 - (mode - low) * (high - mode)) / 18)


def _beta(a: float, b: float, low: float, high: float) -> float:
    return (high - low) * math.sqrt(a * b / (a + b + 1)) / (a + b)


def _pert(low: float, mode: float, high: float) -> float:
    share = (mode - low) / (high - low)
    return _beta(1 + 4 * share, 5 - 4 * share, low, high)


def _truncnormal(mean: float, sd: float, low: float, high: float) -> float:
    from scipy.stats import truncnorm

    return float(truncnorm.std((low - mean) / sd, (high - mean) / sd, scale=sd))


def _ranked(low: Number, high: Number, places: Number) -> float:
    """From the first two moments of sorted uniform numbers, weighed by the chances of the places."""
    chances = np.array(as_tuple(places))
    place, size = np.arange(1, len(chances) + 1), len(chances)
    mean = chances @ place / (size + 1)
    square = chances @ (place * (place + 1)) / ((size + 1) * (size + 2))
    return float((as_tuple(high)[0] - as_tuple(low)[0]) * math.sqrt(square - mean**2))


# Arguments are the numbers of the law in the order of `gametheory.parameters.laws.LAWS`.
SPREADS: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "fixed": lambda value: 0.0 * value,
        "uniform": lambda low, high: (high - low) / math.sqrt(12),
        "interval": lambda low, high: (high - low) / 2,
        "loguniform": _loguniform,
        "triangular": _triangular,
        "beta": _beta,
        "pert": _pert,
        "normal": lambda _, sd: sd,
        "lognormal": lambda _, sd: sd,
        "truncnormal": _truncnormal,
    }
)
