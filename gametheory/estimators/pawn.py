"""How far does the law of a number move once a parameter is known, at the place where it moves most?

The PAWN index (Pianosi and Wagener 2015, Environmental Modelling and Software 67:1-11; from points that are given
2018, same journal 108:197-207): the distance of Kolmogorov and Smirnov between the distribution function of the number
in a bin of the parameter and that of all points, its median and its largest over the bins. For numbers whose order
means something. Sampling only ever adds to it, the more the more bins there are, and a ranking may hang on their number
and on whether the median or the largest is taken (Puy, Lo Piano and Saltelli 2020, same journal 127:104679): compare
with parameters that enter nothing, and with other numbers of bins.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError

__all__ = ["Moved", "moved"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Moved(NamedTuple):
    """The median and the largest distance over the bins, between 0 and 1."""

    median: float
    largest: float


def moved(values: FloatArray, bins: NDArray[np.integer], count: int) -> Moved:
    """Distances of the law of ``values[row]`` in each of ``count`` bins, ``bins[row]``, from that in all.

    Every row must have a number; bins without a row are left out. Raises InputError where there is no row.

    >>> moved(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 0, 1, 1]), 2)
    Moved(median=0.5, largest=0.5)
    """
    if not len(values):
        raise InputError("values: none, expected at least one row")
    order = np.argsort(values, kind="stable")
    ranked, labels = values[order], bins[order]
    ends = np.append(np.flatnonzero(ranked[1:] > ranked[:-1]), len(ranked) - 1)  # the last of equal values
    sizes = np.bincount(labels, minlength=count)
    below = (ends + 1) / len(ranked)
    distances = [
        float(np.max(np.abs(np.cumsum(labels == own)[ends] / sizes[own] - below))) for own in np.flatnonzero(sizes)
    ]
    return Moved(float(np.median(distances)), float(np.max(distances)))
