"""Between which bounds does an operation lie, whatever its arguments are within theirs?

Interval arithmetic on arrays: sums, products, quotients and roots are rounded outwards to the next double. The
exponential, the logarithm and the normal law's functions come from libraries whose errors are bounded here by
measurement against arithmetic of any precision, with a wide margin (see `MARGINS`); what is proved with them is proved
up to that. Values below 1e-300 in size may be rounded to zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions.special import STEEPEST, binormal, normal, normal_density

__all__ = [
    "Interval",
    "binormal_interval",
    "density_interval",
    "exp_interval",
    "hull",
    "log_interval",
    "normal_interval",
    "point",
    "power_interval",
    "sqrt_interval",
]

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]

MARGINS = MappingProxyType({"exp": 2.0**-49, "log": 2.0**-49, "power": 2.0**-48, "tail": 1e-12, "binormal": 1e-12})
"""Function -> bound on its relative error; measured are at most a tenth of these."""
ABSOLUTE = 4e-15  # bound on the error of `binormal` where correlations are negative or strong


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """Lower and upper bounds, two arrays that broadcast; an end may be infinite.

    >>> product = point(2.0) * Interval(np.array([-1.0]), np.array([3.0]))
    >>> bool(product.low[0] <= -2.0), bool(product.high[0] >= 6.0)
    (True, True)
    """

    low: FloatArray
    high: FloatArray

    def __add__(self, other: Any) -> Interval:
        if not isinstance(other, Interval):
            return NotImplemented
        return Interval(_sum(self.low, other.low, -np.inf), _sum(self.high, other.high, np.inf))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Any) -> Interval:
        if not isinstance(other, Interval):
            return NotImplemented
        return self + -other

    def __mul__(self, other: Any) -> Interval:
        if not isinstance(other, Interval):
            return NotImplemented
        own = (self.low,) if self.low is self.high else (self.low, self.high)
        others = (other.low,) if other.low is other.high else (other.low, other.high)
        with np.errstate(all="ignore"):
            products = [a * b for a in own for b in others]
        low = high = _zero_for_nan(products[0])
        for product in products[1:]:
            known = _zero_for_nan(product)
            low, high = np.minimum(low, known), np.maximum(high, known)
        return Interval(_down(low), _up(high))

    def __truediv__(self, other: Any) -> Interval:
        if not isinstance(other, Interval):
            return NotImplemented
        return self * _reciprocal(other)

    @property
    def width(self) -> FloatArray:
        """The distance between the ends."""
        return self.high - self.low


def point(value: Any) -> Interval:
    """One double as an interval.

    >>> point(0.5).width.tolist()
    0.0
    """
    only = np.asarray(value, dtype=np.float64)
    return Interval(only, only)


def hull(first: Interval, second: Interval) -> Interval:
    """The smallest interval that holds both."""
    return Interval(np.minimum(first.low, second.low), np.maximum(first.high, second.high))


def power_interval(base: Interval, power: int) -> Interval:
    """A whole power."""
    if power == 0:
        return point(np.ones_like(base.low))
    if power < 0:
        return _reciprocal(power_interval(base, -power))
    ends = base.low ** float(power), base.high ** float(power)
    if power % 2:
        return _widened(*ends, MARGINS["power"])
    across = (base.low <= 0.0) & (base.high >= 0.0)
    low = np.where(across, 0.0, np.minimum(*ends))
    found = _widened(low, np.maximum(*ends), MARGINS["power"])
    return Interval(np.maximum(found.low, 0.0), found.high)


def exp_interval(x: Interval) -> Interval:
    """The exponential."""
    found = _widened(np.exp(x.low), np.exp(x.high), MARGINS["exp"])
    return Interval(np.maximum(found.low, 0.0), found.high)


def log_interval(x: Interval) -> Interval:
    """The logarithm: without a lower bound where the argument may be zero or less, without any where it is."""
    low = np.where(x.low > 0.0, np.log(np.where(x.low > 0.0, x.low, 1.0)), -np.inf)
    high = np.where(x.high > 0.0, np.log(np.where(x.high > 0.0, x.high, 1.0)), np.inf)
    return _widened(low, high, MARGINS["log"])


def sqrt_interval(x: Interval) -> Interval:
    """The square root: without bounds where the argument is negative."""
    low, high = np.sqrt(np.maximum(x.low, 0.0)), np.sqrt(np.maximum(x.high, 0.0))
    nowhere = x.high < 0.0
    return Interval(np.where(nowhere, -np.inf, _down(low)), np.where(nowhere, np.inf, _up(high)))


def normal_interval(x: Interval) -> Interval:
    """The normal distribution function, which grows."""
    return _probability(*(_bounds(normal(end), _normal_error(end)) for end in (x.low, x.high)))


def density_interval(x: Interval) -> Interval:
    """The normal density: largest where the argument is nearest to zero."""
    sizes = np.abs(x.low), np.abs(x.high)
    nearest = np.where((x.low <= 0.0) & (x.high >= 0.0), 0.0, np.minimum(*sizes))
    farthest = np.maximum(*sizes)
    low, high = normal_density(farthest), normal_density(nearest)
    with np.errstate(all="ignore"):
        margins = [(8.0 + _zero_for_nan(size * size)) * 2.0**-52 for size in (farthest, nearest)]
        return Interval(np.maximum(low * (1.0 - margins[0]), 0.0), _up(high * (1.0 + margins[1])))


def binormal_interval(x: Interval, y: Interval, rho: Interval) -> Interval:
    """The distribution function of two normal variables, which grows in every argument; no bounds for a correlation
    that may leave -1 to 1.
    """
    with np.errstate(all="ignore"):
        first = _bounds(*_binormal_and_error(x.low, y.low, np.maximum(rho.low, -1.0)))
        second = _bounds(*_binormal_and_error(x.high, y.high, np.minimum(rho.high, 1.0)))
    found = _probability(first, second)
    outside = (rho.low < -1.0) | (rho.high > 1.0)
    return Interval(np.where(outside, -np.inf, found.low), np.where(outside, np.inf, found.high))


def _binormal_and_error(x: FloatArray, y: FloatArray, rho: FloatArray) -> tuple[FloatArray, FloatArray]:
    value = binormal(x, y, rho)
    absolute = np.where((rho < 0.0) | (rho > STEEPEST), ABSOLUTE, 1e-40)
    return value, MARGINS["binormal"] * value + absolute


def _normal_error(x: FloatArray) -> FloatArray:
    """A bound on the error of `normal`: relative to the smaller tail, and to rounding near 1."""
    return np.asarray(MARGINS["tail"] * normal(-np.abs(x)) + np.where(x > 0.0, 2.0**-51, 0.0))


def _bounds(value: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    return value - error, value + error


def _probability(first: tuple[FloatArray, FloatArray], second: tuple[FloatArray, FloatArray]) -> Interval:
    """From the lower bound of the first to the upper bound of the second, within 0 to 1."""
    return Interval(np.clip(_down(first[0]), 0.0, 1.0), np.clip(_up(second[1]), 0.0, 1.0))


def _widened(low: FloatArray, high: FloatArray, margin: float) -> Interval:
    """Ends moved outwards by a share of their sizes."""
    return Interval(_down(low - margin * np.abs(low)), _up(high + margin * np.abs(high)))


def _reciprocal(x: Interval) -> Interval:
    """One over an interval; without bounds where zero lies inside."""
    across = ((x.low < 0.0) & (x.high > 0.0)) | ((x.low == 0.0) & (x.high == 0.0))
    with np.errstate(all="ignore"):
        low = np.where(across | (x.high == 0.0), -np.inf, _down(1.0 / x.high))
        high = np.where(across | (x.low == 0.0), np.inf, _up(1.0 / x.low))
    return Interval(low, high)


def _sum(a: FloatArray, b: FloatArray, outwards: float) -> FloatArray:
    """A bound on a sum: the sum itself where no digit was lost (Knuth's exact sum tells), else its neighbour."""
    with np.errstate(all="ignore"):
        total = a + b
        part = total - a
        lost = (a - (total - part)) + (b - part)
    beyond = np.nextafter(total, outwards)
    exact = lost >= 0.0 if outwards < 0.0 else lost <= 0.0
    return np.asarray(np.where(np.isnan(total), outwards, np.where(exact | np.isinf(total), total, beyond)))


def _zero_for_nan(product: FloatArray) -> FloatArray:
    """Zero times infinity is zero: an infinite end bounds numbers that are finite."""
    return np.asarray(np.where(np.isnan(product), 0.0, product))


def _down(value: FloatArray) -> FloatArray:
    """The next double below; zero stays, for it is exact or an underflow."""
    return np.asarray(np.where(value == 0.0, 0.0, np.where(np.isnan(value), -np.inf, np.nextafter(value, -np.inf))))


def _up(value: FloatArray) -> FloatArray:
    """The next double above; zero stays."""
    return np.asarray(np.where(value == 0.0, 0.0, np.where(np.isnan(value), np.inf, np.nextafter(value, np.inf))))
