"""Does a box hold a root of some equations, for certain one, for certain none, or is that still open?

The test is Krawczyk's (1969): with Y an approximate inverse of the derivatives and m the middle of the box X,
``K(X) = m - Y F(m) + (1 - Y F'(X)) (X - m)`` holds every root in X; where it misses the box there is none, and where it
lies inside there is exactly one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions.intervals import Interval, point
from gametheory.expressions.slopes import Slope, variables

__all__ = ["Follow", "Tested", "derivatives", "excluded", "krawczyk"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Follow = Callable[[Sequence[Any], IntArray], list[Any]]
"""``follow(values, games)``: bounds on what should be zero, from an `Interval` or `Slope` for each variable."""

ROUNDING = 2.0**-50  # of sums of products in doubles, relative to the sizes of their terms; far above the true bound


class Tested(NamedTuple):
    """What Krawczyk's test tells of boxes: where roots may lie, and whether there is one at most or one for certain."""

    low: FloatArray
    high: FloatArray
    empty: BoolArray
    holds_one: BoolArray
    regular: BoolArray


def excluded(follow: Follow, low: FloatArray, high: FloatArray, games: IntArray) -> BoolArray:
    """Which boxes ``[box, variable]`` hold no root, because one of the equations cannot hold there."""
    found = follow([Interval(low[:, k], high[:, k]) for k in range(low.shape[1])], games)
    none = np.zeros(len(low), dtype=np.bool_)
    for own in found:
        none |= np.broadcast_to((own.low > 0.0) | (own.high < 0.0), len(low))
    return none


def krawczyk(follow: Follow, low: FloatArray, high: FloatArray, games: IntArray) -> Tested:
    """Krawczyk's test of boxes ``[box, variable]``; where it tells nothing the box stays as it is."""
    middle = low + (high - low) / 2.0
    radius = np.nextafter(np.maximum(high - middle, middle - low), np.inf)
    slopes = derivatives(follow, low, high, games)
    at_middle = _values(follow, middle, games)
    with np.errstate(all="ignore"):
        inverse, usable = _inverse((slopes[0] + slopes[1]) / 2.0)
        centre, spread, shrink = _moved(inverse, at_middle, slopes, radius)
        usable = np.asarray(usable & np.isfinite(centre).all(axis=1) & np.isfinite(spread).all(axis=1))
        inner_low, inner_high = middle + centre - spread, middle + centre + spread
        slack = 4 * 2.0**-52 * (np.abs(middle) + np.abs(centre) + spread)
        inner_low, inner_high = inner_low - slack, inner_high + slack
    cut_low = np.where(usable[:, None], np.maximum(inner_low, low), low)
    cut_high = np.where(usable[:, None], np.minimum(inner_high, high), high)
    empty = usable & (cut_low > cut_high).any(axis=1)
    inside = usable & ((inner_low > low) & (inner_high < high)).all(axis=1)
    regular = usable & (shrink < 1.0).all(axis=1)
    return Tested(cut_low, cut_high, empty, inside, regular)


def _values(follow: Follow, middle: FloatArray, games: IntArray) -> tuple[FloatArray, FloatArray]:
    """Middle and radius of bounds on the equations at single points, ``[box, equation]`` each."""
    found = follow([point(middle[:, k]) for k in range(middle.shape[1])], games)
    low, high = (
        np.stack([np.broadcast_to(getattr(own, end), len(middle)) for own in found], 1) for end in ("low", "high")
    )
    with np.errstate(all="ignore"):
        centre = low + (high - low) / 2.0
        return centre, np.nextafter(np.maximum(high - centre, centre - low), np.inf)


def derivatives(follow: Follow, low: FloatArray, high: FloatArray, games: IntArray) -> tuple[FloatArray, FloatArray]:
    """Bounds on the derivatives over boxes, ``[box, equation, variable]`` each."""
    count, size = low.shape
    box = variables([Interval(low[:, k], high[:, k]) for k in range(size)])
    found = follow(box, games)
    ends = np.zeros((2, count, len(found), size))
    for row, own in enumerate(found):
        for column, slope in enumerate(own.slopes if isinstance(own, Slope) else ()):
            if slope is not None:
                ends[0, :, row, column], ends[1, :, row, column] = slope.low, slope.high
    return ends[0], ends[1]


def _inverse(matrix: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Approximate inverses, and which of them could be worked out."""
    usable = np.asarray(np.isfinite(matrix).all(axis=(1, 2)))
    size = matrix.shape[1]
    safe = np.where(usable[:, None, None], matrix, np.eye(size))
    usable = usable & (np.abs(np.linalg.det(safe)) > 0.0)
    inverse = np.linalg.inv(np.where(usable[:, None, None], safe, np.eye(size)))
    return inverse, np.asarray(usable & np.isfinite(inverse).all(axis=(1, 2)))


def _moved(
    inverse: FloatArray, value: tuple[FloatArray, FloatArray], slopes: tuple[FloatArray, FloatArray], radius: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Where the middle is moved to, how wide the result is, and by how much the box shrinks, all per variable."""
    size = np.abs(inverse)
    centre, half = (slopes[0] + slopes[1]) / 2.0, (slopes[1] - slopes[0]) / 2.0
    off = np.abs(np.eye(inverse.shape[1]) - _product(inverse, centre))
    terms = _product(size, np.abs(centre)) + 1.0
    spread = off + _product(size, half * (1.0 + ROUNDING)) + ROUNDING * terms
    wide = _applied(size, value[1] + ROUNDING * np.abs(value[0]))
    wide = (wide + _applied(spread, radius)) * (1.0 + ROUNDING)
    return -_applied(inverse, value[0]), wide, spread.sum(axis=2)


def _product(first: FloatArray, second: FloatArray) -> FloatArray:
    """Products of matrices, box by box; in sums whose order does not depend on the number of boxes."""
    return np.asarray((first[:, :, :, np.newaxis] * second[:, np.newaxis, :, :]).sum(axis=2))


def _applied(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    """Products of matrices and vectors, box by box."""
    return np.asarray((matrix * vector[:, np.newaxis, :]).sum(axis=2))
