"""How fast does a value change with some variables, over whole ranges of them?

A `Slope` carries a value and its derivatives, each an `Interval` or again a `Slope`, so that second derivatives come
from the same rules. At a kink (``min``, ``max``, ``abs``, ``clip``) the derivatives of both sides are joined, which is
what the mean value theorem needs of a continuous function; at a possible jump (``where``) and for derivatives across a
kink there is no bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions.intervals import (
    Interval,
    binormal_interval,
    density_interval,
    exp_interval,
    log_interval,
    normal_interval,
    point,
    power_interval,
    sqrt_interval,
)

__all__ = [
    "Quantity",
    "Slope",
    "binormal_of",
    "chosen",
    "density_of",
    "exp_of",
    "larger",
    "lifted",
    "log_of",
    "normal_of",
    "power_of",
    "primal",
    "size_of",
    "smaller",
    "sqrt_of",
    "variables",
]

BoolArray: TypeAlias = NDArray[np.bool_]
Quantity: TypeAlias = "Interval | Slope"


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """A value with its derivatives; None stands for a derivative that is zero everywhere."""

    value: Any
    slopes: tuple[Any, ...]

    def __add__(self, other: Any) -> Any:
        if _depth(other) > _depth(self):
            return other.__radd__(self)
        if not _same(self, other):
            return Slope(self.value + other, self.slopes)
        return Slope(self.value + other.value, tuple(map(_plus, self.slopes, other.slopes)))

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __neg__(self) -> Slope:
        return Slope(-self.value, tuple(None if own is None else -own for own in self.slopes))

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if _depth(other) > _depth(self):
            return other.__rmul__(self)
        if not _same(self, other):
            return Slope(self.value * other, tuple(_times(own, other) for own in self.slopes))
        pairs = zip(self.slopes, other.slopes, strict=True)
        slopes = tuple(_plus(_times(a, other.value), _times(b, self.value)) for a, b in pairs)
        return Slope(self.value * other.value, slopes)

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __truediv__(self, other: Any) -> Any:
        if _depth(other) > _depth(self):
            return other.__rtruediv__(self)
        if not _same(self, other):
            return Slope(self.value / other, tuple(None if own is None else own / other for own in self.slopes))
        ratio = self.value / other.value
        pairs = zip(self.slopes, other.slopes, strict=True)
        tops = (_plus(a, None if b is None else -(b * ratio)) for a, b in pairs)
        return Slope(ratio, tuple(None if top is None else top / other.value for top in tops))

    def __rtruediv__(self, other: Any) -> Slope:
        ratio = other / self.value
        return Slope(ratio, tuple(None if own is None else -(own * ratio / self.value) for own in self.slopes))


def variables(values: list[Any]) -> list[Slope]:
    """Quantities as the variables with respect to which derivatives are taken."""
    count = len(values)
    return [
        Slope(value, tuple(point(1.0) if place == own else None for place in range(count)))
        for own, value in enumerate(values)
    ]


def primal(x: Any) -> Interval:
    """The value alone, without derivatives."""
    while isinstance(x, Slope):
        x = x.value
    own: Interval = x
    return own


def exp_of(x: Any) -> Any:
    """The exponential."""
    return exp_interval(x) if isinstance(x, Interval) else _chain(x, grown := exp_of(x.value), grown)


def log_of(x: Any) -> Any:
    """The logarithm."""
    return log_interval(x) if isinstance(x, Interval) else _chain(x, log_of(x.value), point(1.0) / x.value)


def sqrt_of(x: Any) -> Any:
    """The square root."""
    if isinstance(x, Interval):
        return sqrt_interval(x)
    root = sqrt_of(x.value)
    return _chain(x, root, point(0.5) / root)


def power_of(x: Any, power: int) -> Any:
    """A whole power."""
    if isinstance(x, Interval):
        return power_interval(x, power)
    if power == 0:
        return point(1.0)
    return _chain(x, power_of(x.value, power), point(float(power)) * power_of(x.value, power - 1))


def normal_of(x: Any) -> Any:
    """The normal distribution function."""
    return normal_interval(x) if isinstance(x, Interval) else _chain(x, normal_of(x.value), density_of(x.value))


def density_of(x: Any) -> Any:
    """The normal density."""
    if isinstance(x, Interval):
        return density_interval(x)
    density = density_of(x.value)
    return _chain(x, density, -(x.value * density))


def binormal_of(x: Any, y: Any, rho: Any) -> Any:
    """The distribution function of two normal variables; its derivatives are those of Plackett (1954)."""
    parts = (x, y, rho)
    if all(isinstance(part, Interval) for part in parts):
        return binormal_interval(x, y, rho)
    deepest = max(map(_depth, parts))
    x, y, rho = (part if _depth(part) == deepest else None for part in parts)
    inside = [part if own is None else own.value for part, own in zip(parts, (x, y, rho), strict=True)]
    a, b, tied = inside
    root = sqrt_of(point(1.0) - power_of(tied, 2))
    slopes: list[Any] = []
    if x is not None:
        slopes.append((x, density_of(a) * normal_of((b - tied * a) / root)))
    if y is not None:
        slopes.append((y, density_of(b) * normal_of((a - tied * b) / root)))
    if rho is not None:
        slopes.append((rho, density_of(a) * density_of((b - tied * a) / root) / root))
    count = len(next(own for own in (x, y, rho) if own is not None).slopes)
    totals: list[Any] = [None] * count
    for own, rate in slopes:
        totals = [_plus(total, _times(slope, rate)) for total, slope in zip(totals, own.slopes, strict=True)]
    return Slope(binormal_of(*inside), tuple(totals))


def larger(first: Any, second: Any) -> Any:
    """The larger of two."""
    a, b = primal(first), primal(second)
    found = chosen(a.low >= b.high, a.high <= b.low, first, second, jumps=False)
    return _bounded_below(found, np.maximum(a.low, b.low))


def smaller(first: Any, second: Any) -> Any:
    """The smaller of two."""
    return -larger(-first, -second)


def size_of(x: Any) -> Any:
    """The size without the sign."""
    return larger(x, -x)


def chosen(first_only: BoolArray, second_only: BoolArray, first: Any, second: Any, *, jumps: bool) -> Any:
    """The first or the second where it is known which, else all that either can be.

    Where the choice is open and the function may jump, or its derivative does, there is no bound on derivatives.
    """
    depth = max(_depth(first), _depth(second))
    if depth == 0:
        low = np.where(first_only, first.low, np.where(second_only, second.low, np.minimum(first.low, second.low)))
        high = np.where(first_only, first.high, np.where(second_only, second.high, np.maximum(first.high, second.high)))
        return Interval(low, high)
    return _chosen_slopes((first_only, second_only), first, second, depth, jumps=jumps)


def _chosen_slopes(told: tuple[BoolArray, BoolArray], first: Any, second: Any, depth: int, *, jumps: bool) -> Slope:
    """`chosen` of quantities that carry derivatives."""
    value = chosen(*told, _value(first, depth), _value(second, depth), jumps=jumps)
    deep = first if _depth(first) == depth else second
    slopes: list[Any] = []
    for place in range(len(deep.slopes)):
        a, b = _slope(first, depth, place), _slope(second, depth, place)
        if a is None and b is None and not jumps:
            slopes.append(None)
            continue
        rates = [lifted(point(0.0) if rate is None else rate, deep.value) for rate in (a, b)]
        own = chosen(*told, rates[0], rates[1], jumps=True)
        slopes.append(_unbounded(own, ~(told[0] | told[1])) if jumps else own)
    return Slope(value, tuple(slopes))


def lifted(x: Any, like: Any) -> Any:
    """A quantity with derivatives of zero, to the depth of another; what is deeper stays as it is.

    A constant that a comparison chooses jumps where the comparison turns, so it must carry derivatives.
    """
    if _depth(x) >= _depth(like):
        return x
    return Slope(lifted(x, like.value), (None,) * len(like.slopes))


def _bounded_below(x: Any, low: Any) -> Any:
    """The same with a better lower bound on the value."""
    if isinstance(x, Interval):
        return Interval(np.maximum(x.low, low), x.high)
    return Slope(_bounded_below(x.value, low), x.slopes)


def _unbounded(x: Any, where: BoolArray) -> Any:
    """No bounds on the value where asked for."""
    if isinstance(x, Interval):
        return Interval(np.where(where, -np.inf, x.low), np.where(where, np.inf, x.high))
    return Slope(_unbounded(x.value, where), tuple(None if own is None else _unbounded(own, where) for own in x.slopes))


def _chain(x: Slope, value: Any, rate: Any) -> Slope:
    """The chain rule."""
    return Slope(value, tuple(_times(own, rate) for own in x.slopes))


def _depth(x: Any) -> int:
    """How many times derivatives are taken."""
    depth = 0
    while isinstance(x, Slope):
        x, depth = x.value, depth + 1
    return depth


def _same(first: Slope, second: Any) -> bool:
    return isinstance(second, Slope) and _depth(first) == _depth(second)


def _value(x: Any, depth: int) -> Any:
    return x.value if _depth(x) == depth else x


def _slope(x: Any, depth: int, place: int) -> Any:
    return x.slopes[place] if _depth(x) == depth else None


def _plus(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return second if first is None else first
    return first + second


def _times(first: Any, factor: Any) -> Any:
    return None if first is None else first * factor
