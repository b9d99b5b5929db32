"""Which laws can a parameter follow, and what does each say?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from gametheory.errors import InputError, did_you_mean
from gametheory.markup import described
from gametheory.parameters.faults import Number, as_tuple, faults, short
from gametheory.parameters.quantiles import QUANTILES, FloatArray

__all__ = ["LAWS", "LAW_DEFAULTS", "LAW_MEANINGS", "Law"]

LAWS = MappingProxyType(
    {
        "fixed": ("value",),
        "uniform": ("low", "high"),
        "loguniform": ("low", "high"),
        "interval": ("low", "high"),
        "triangular": ("low", "mode", "high"),
        "pert": ("low", "mode", "high"),
        "beta": ("a", "b", "low", "high"),
        "normal": ("mean", "sd"),
        "lognormal": ("mean", "sd"),
        "truncnormal": ("mean", "sd", "low", "high"),
        "discrete": ("values", "probabilities"),
    }
)
"""Kind of law -> its numbers. In a file the number of a fixed law is the parameter's own value.

Names of which only the order is known have laws of the kind ``ranked``, which only their `Ranking` can give them.
"""

RANKED = ("low", "high", "places")
"""The numbers of the law of one name of a `Ranking`: its range and the chances of its places, the worst place first."""

_NUMBERS = MappingProxyType({**LAWS, "ranked": RANKED})

MIDDLE = (0.05, 0.5, 0.95)  # the quantiles that a notebook shows

LAW_DEFAULTS = MappingProxyType({"beta": MappingProxyType({"low": 0.0, "high": 1.0})})

LAW_MEANINGS = MappingProxyType(
    {
        "fixed": "known, or held still on purpose: only the central value is used",
        "uniform": "every value between low and high is equally likely",
        "loguniform": "every order of magnitude between low and high is equally likely; low above 0",
        "interval": "somewhere between low and high, with no probability: results are bounds",
        "triangular": "between low and high, most likely at mode, falling in straight lines",
        "pert": "between low and high, most likely at mode, smooth (a beta law with weight 4 on the mode)",
        "beta": "beta law with shapes a and b, stretched over low to high (0 to 1 where not given)",
        "normal": "normal law with mean and standard deviation sd",
        "lognormal": "positive and skewed; mean and sd are those of the quantity itself, not of its logarithm",
        "truncnormal": "normal law with mean and sd, cut off outside low to high; mean and sd are those before the cut",
        "discrete": "one of the values, with the probabilities in the same order",
    }
)

_SENTENCES = MappingProxyType(
    {
        "fixed": "fixed at {value}",
        "uniform": "uniform on [{low}, {high}]",
        "loguniform": "log-uniform on [{low}, {high}]",
        "interval": "anywhere in [{low}, {high}], no probability",
        "triangular": "triangular on [{low}, {high}], most likely {mode}",
        "pert": "PERT on [{low}, {high}], most likely {mode}",
        "beta": "beta({a}, {b}) on [{low}, {high}]",
        "normal": "normal, mean {mean}, sd {sd}",
        "lognormal": "log-normal, mean {mean}, sd {sd}",
        "truncnormal": "normal, mean {mean}, sd {sd}, cut to [{low}, {high}]",
        "discrete": "one of {values} with probabilities {probabilities}",
        "ranked": "on [{low}, {high}], known by its order alone: {places}",
    }
)


@dataclass(frozen=True, init=False)
class Law:
    """How a number is uncertain: a kind from `LAWS` and its numbers; `InputError` where they make no law.

    >>> law = Law("triangular", low=0, mode=1, high=4)
    >>> law.support(), law.quantile(np.array([0.0, 0.25, 1.0])).tolist()
    ((0.0, 4.0), [0.0, 1.0, 4.0])
    """

    kind: str
    items: tuple[tuple[str, Number], ...]

    def __init__(self, kind: str, **numbers: float | Sequence[float]) -> None:
        """Check the numbers of a law and freeze them in the order of the registry."""
        if kind not in _NUMBERS:
            raise InputError(f"no law named {kind!r}{did_you_mean(kind, LAWS)}; the laws are {', '.join(LAWS)}")
        if unknown := [key for key in numbers if key not in _NUMBERS[kind]]:
            raise InputError(f"law {kind!r} has no number {unknown[0]!r}; it takes {', '.join(_NUMBERS[kind])}")
        given: dict[str, float | Sequence[float]] = {**LAW_DEFAULTS.get(kind, {}), **numbers}
        if missing := [key for key in _NUMBERS[kind] if key not in given]:
            raise InputError(f"law {kind!r} needs {', '.join(missing)}")
        items = tuple((key, _frozen(given[key])) for key in _NUMBERS[kind])
        if wrong := [message for _, message in faults(kind, dict(items))]:
            raise InputError(f"law {kind!r}: {'; '.join(wrong)}")
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "items", items)

    @property
    def numbers(self) -> Mapping[str, Number]:
        """The numbers of the law by name."""
        return MappingProxyType(dict(self.items))

    @property
    def has_probability(self) -> bool:
        """Whether the law says how likely values are; an interval does not."""
        return self.kind != "interval"

    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value, infinite where there is none."""
        return _support(self.kind, dict(self.items))

    def contains(self, x: float) -> bool:
        """Whether a value is possible under the law."""
        points = _points(self.kind, dict(self.items))
        if points:
            return any(math.isclose(x, point, rel_tol=1e-12, abs_tol=0.0) for point in points)
        low, high = self.support()
        inside = low <= x <= high and math.isfinite(x)
        return inside and not (self.kind == "lognormal" and x <= 0.0)

    def quantile(self, u: ArrayLike) -> FloatArray:
        """Inverse distribution function at probabilities `u`, same shape, within the support to the last bit.

        Raises `InputError` for an interval, which has no probability, and for `u` outside 0 to 1.
        """
        if not self.has_probability:
            raise InputError("an interval has no probability and so no quantiles; use its low and high")
        probabilities = np.asarray(u, dtype=np.float64)
        if not bool(np.all((probabilities >= 0.0) & (probabilities <= 1.0))):
            raise InputError("a probability of a quantile lies outside 0 to 1")
        low, high = self.support()
        with np.errstate(all="ignore"):
            inner = np.clip(QUANTILES[self.kind](probabilities, **dict(self.items)), low, high)
        ends = np.where(probabilities <= 0.0, low, np.where(probabilities >= 1.0, high, inner))
        return np.asarray(ends, dtype=np.float64)

    def describe(self) -> str:
        """The law in words, for tables and reports.

        >>> Law("loguniform", low=0.0001, high=0.1).describe()
        'log-uniform on [0.0001, 0.1]'
        """
        words = {key: _places(number) if key == "places" else short(number) for key, number in self.items}
        return _SENTENCES[self.kind].format(**words)

    def _repr_html_(self) -> str:
        """Jupyter's view: the law in words, what its kind means, its numbers, and the middle nine tenths of it."""
        low, high = self.support()
        facts: list[tuple[str, object]] = [("kind", self.kind), ("meaning", LAW_MEANINGS.get(self.kind))]
        facts += [(key, short(number)) for key, number in self.items]
        facts.append(("possible values", f"{low:.6g} to {high:.6g}"))
        if self.has_probability and self.kind not in ("fixed", "discrete"):
            middle = self.quantile(np.array(MIDDLE)).tolist()
            facts.append(("5, 50 and 95 %", ", ".join(f"{value:.6g}" for value in middle)))
        return described(self.describe(), facts)


def _support(kind: str, numbers: Mapping[str, Number]) -> tuple[float, float]:
    if points := _points(kind, numbers):
        return min(points), max(points)
    if kind in ("normal", "lognormal"):
        return (-math.inf if kind == "normal" else 0.0), math.inf
    return _float(numbers["low"]), _float(numbers["high"])


def _points(kind: str, numbers: Mapping[str, Number]) -> tuple[float, ...]:
    """The possible values of a law with finitely many, else nothing."""
    if kind == "fixed":
        return (_float(numbers["value"]),)
    return as_tuple(numbers["values"]) if kind == "discrete" else ()


def _places(chances: Number) -> str:
    """The places that a name may have, in words, counted from the best.

    >>> _places((0.0, 0.5, 0.5)), _places((0.0, 1.0))
    ('1st to 2nd best of 3', '1st best of 2')
    """
    possible = [place for place, chance in enumerate(reversed(as_tuple(chances)), start=1) if chance > 0.0]
    ends = " to ".join(map(_ordinal, dict.fromkeys((possible[0], possible[-1]))))
    return f"{ends} best of {len(as_tuple(chances))}"


def _ordinal(number: int) -> str:
    """A number as it counts places.

    >>> [_ordinal(number) for number in (1, 3, 12, 22)]
    ['1st', '3rd', '12th', '22nd']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _frozen(number: float | Sequence[float]) -> Number:
    return float(number) if isinstance(number, int | float | np.number) else tuple(float(part) for part in number)


def _float(number: Number) -> float:
    return as_tuple(number)[0]
