"""In which parameters do the points where something happens differ from the points where it does not?

Regional sensitivity analysis, or Monte Carlo filtering: Spear and Hornberger (1980), Water Research 14:43-49; Saltelli
et al. (2008), Global Sensitivity Analysis, chapter 5. It sees each parameter by itself: two that matter only together
may both look idle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError

__all__ = ["FEWEST", "Separation", "holm", "separation"]

FEWEST = 10  # points on either side of a split: below that hardly any distance could be told from chance

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


class Separation(NamedTuple):
    """How far two samples of each parameter lie apart; every field is ``float64[parameter]``.

    ``distance`` is the largest gap between the two distribution functions (Kolmogorov and Smirnov) and ``p_value`` the
    chance of so large a one between two samples of one law. ``above`` is the largest lead of the function inside over
    the one outside, first reached at the value ``above_at``: lower values are the more frequent inside. ``below`` is
    the largest lead of the one outside, at ``below_at``. ``distance`` is the larger of the two.
    """

    distance: FloatArray
    p_value: FloatArray
    above: FloatArray
    above_at: FloatArray
    below: FloatArray
    below_at: FloatArray


def separation(values: FloatArray, inside: BoolArray) -> Separation:
    """Two-sample Kolmogorov-Smirnov distance of each column of ``values[row, parameter]`` between two sets of rows.

    The p-value is that of the one-sample law at the effective sample size, as is usual: close for some ten points a
    side and more, too large (on the safe side) where a parameter has few different values. Raises InputError where one
    side is empty.

    >>> x = np.array([[0.1], [0.2], [0.3], [0.4], [0.5], [0.6]])
    >>> found = separation(x, np.array([True, True, True, False, True, False]))
    >>> found.distance.tolist(), found.above_at.tolist()
    ([0.75], [0.3])
    """
    from scipy.stats import kstwo

    count, most = int(np.count_nonzero(inside)), len(inside)
    if not 0 < count < most:
        raise InputError(f"inside: {count!r} of {most} rows, expected some inside and some outside")
    order = np.argsort(values, axis=0, kind="stable")
    ranked, within = np.take_along_axis(values, order, axis=0), inside[order]
    gap = np.cumsum(within, axis=0) / count - np.cumsum(~within, axis=0) / (most - count)
    gap[:-1][ranked[1:] == ranked[:-1]] = 0.0  # inside a run of equal values neither function can be read
    gap[-1] = 0.0
    above, above_at = _largest(gap, ranked)
    below, below_at = _largest(0.0 - gap, ranked)
    distance = np.maximum(above, below)
    p_value = np.asarray(kstwo.sf(distance, max(round(count * (most - count) / most), 1)), dtype=np.float64)
    return Separation(distance, np.clip(p_value, 0.0, 1.0), above, above_at, below, below_at)


def _largest(gap: FloatArray, ranked: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The largest gap of each column, and the value where it is reached first."""
    place = np.argmax(gap, axis=0)[np.newaxis]
    return np.take_along_axis(gap, place, axis=0)[0], np.take_along_axis(ranked, place, axis=0)[0]


def holm(p_values: FloatArray) -> FloatArray:
    """The p-values corrected for how many there are: Holm (1979), Scandinavian Journal of Statistics 6:65-70.

    Rejecting all those below a level keeps the chance of any false rejection below it, whatever depends on what.

    >>> holm(np.array([0.01, 0.04, 0.03, 0.5])).tolist()
    [0.04, 0.09, 0.09, 0.5]
    """
    flat = np.asarray(p_values, dtype=np.float64).ravel()
    order = np.argsort(flat, kind="stable")
    stepped = np.maximum.accumulate(flat[order] * np.arange(len(flat), 0, -1))
    corrected = np.empty_like(flat)
    corrected[order] = np.minimum(stepped, 1.0)
    return corrected.reshape(np.shape(p_values))
