"""How probable is each answer at each value of a parameter, and how much does the answer depend on it?

Everything here is estimated from points that are given, however they were drawn: the parameters may hang together. A
curve gives the share of the points with an answer in bins that hold equally many points, without smoothing: where the
answer jumps, so does the curve. From the same counts come the first-order index, less what the sampling alone adds
to it, and the distance delta of Borgonovo (2007), Reliability Engineering and System Safety 92:771-784: how far, in the
mean, the law of the answer moves once the parameter is known. Bands are those of Wilson (1927), JASA 22:209-212.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError

__all__ = [
    "Bins",
    "delta",
    "dummy",
    "equal_mass",
    "first_order",
    "first_order_of_values",
    "jackknife",
    "tallies",
    "wilson",
]

CONFIDENCE = 0.95

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Bins(NamedTuple):
    """The bin of each row, ``int64[row]``, and the least and the largest value in each bin, ``float64[bin]``."""

    number: IntArray
    low: FloatArray
    high: FloatArray


def equal_mass(values: FloatArray, count: int) -> Bins:
    """At most ``count`` bins of about equally many rows; equal values share a bin.

    >>> found = equal_mass(np.array([3.0, 1.0, 2.0, 2.0, 5.0, 4.0]), 3)
    >>> found.number.tolist(), found.low.tolist(), found.high.tolist()
    ([1, 0, 0, 0, 2, 2], [1.0, 3.0, 4.0], [2.0, 3.0, 5.0])
    """
    if not 1 <= count <= len(values):
        raise InputError(f"bins: {count!r}, expected at least 1 and at most the {len(values)} rows")
    different, place, often = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(often) - (often + 1) / 2  # mean rank of the equal values, from 0
    wanted = (middle * count / len(values)).astype(np.int64)
    _, starts, number = np.unique(wanted, return_index=True, return_inverse=True)
    ends = np.append(starts[1:], len(different)) - 1
    return Bins(number.reshape(-1)[place.reshape(-1)], different[starts], different[ends])


def tallies(bins: NDArray[np.integer[Any]], answers: NDArray[np.integer[Any]], shape: tuple[int, int]) -> IntArray:
    """How many rows of each bin have each answer, ``int64[bin, answer]``.

    >>> tallies(np.array([0, 0, 1]), np.array([1, 1, 0]), (2, 2)).tolist()
    [[0, 2], [1, 0]]
    """
    return np.bincount(bins.astype(np.int64) * shape[1] + answers, minlength=shape[0] * shape[1]).reshape(shape)


def wilson(hits: NDArray[Any], count: NDArray[Any], z: float = 1.959963984540054) -> tuple[FloatArray, FloatArray]:
    """Ends of the interval for a share of ``hits`` in ``count`` independent trials; 0 to 1 where there was none.

    >>> [end.round(4).tolist() for end in wilson(np.array([0, 5]), np.array([10, 10]))]
    [[0.0, 0.2366], [0.2775, 0.7634]]
    """
    trials, found = np.asarray(count, dtype=np.float64), np.asarray(hits, dtype=np.float64)
    middle = (found + z * z / 2) / (trials + z * z)
    half = z / (trials + z * z) * np.sqrt(found * (trials - found) / np.maximum(trials, 1) + z * z / 4)
    low = np.where(found == 0, 0.0, middle - half)  # exactly so; the difference would leave rounding errors
    high = np.where(found == trials, 1.0, middle + half)
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def first_order(hits: NDArray[Any], sizes: NDArray[Any]) -> FloatArray:
    """First-order index of sets: ``hits[..., bin, indicator]`` of the ``sizes[..., bin]`` rows have each member.

    The share of the summed variance of the indicators that lies between the bins, less its mean where the bins mean
    nothing; it may come out a little below 0. Of one indicator this is its Sobol index, of the indicators of a
    partition Goodman and Kruskal's tau. Variance within a bin that the parameter itself explains is missed, the less
    the more bins there are. 0 where nothing varies.

    >>> first_order(np.array([[50, 0], [0, 50]]), np.array([50, 50])).item()
    1.0
    """
    return _ratio(*_parts(hits, sizes))


def _parts(hits: NDArray[Any], sizes: NDArray[Any]) -> tuple[FloatArray, FloatArray]:
    """Variance between the bins and in all, summed over the indicators."""
    number = np.maximum(sizes, 1)[..., np.newaxis].astype(np.float64)
    rows = sizes.sum(axis=-1, dtype=np.float64)[..., np.newaxis]
    weights = sizes[..., np.newaxis] / rows[..., np.newaxis]
    within = hits / number
    overall = hits.sum(axis=-2) / rows
    spread = overall * (1 - overall) * rows / np.maximum(rows - 1, 1)
    inside = (weights * within * (1 - within) * number / np.maximum(number - 1, 1)).sum(axis=-2)
    return (spread - inside).sum(axis=-1), spread.sum(axis=-1)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """The part of a whole, 0 where the whole is."""
    return np.where(whole > 0, part, 0.0) / np.where(whole > 0, whole, 1.0)


def first_order_of_values(values: FloatArray, bins: NDArray[np.integer[Any]], count: int) -> float:
    """First-order index of a number ``values[row]``, less what the sampling adds; rows without a number are left out.

    >>> first_order_of_values(np.array([1.0, 1.0, 2.0, 2.0, 3.0, 3.0]), np.array([0, 0, 1, 1, 2, 2]), 3)
    1.0
    """
    known = np.isfinite(values)
    own, number = values[known], bins[known]
    if len(own) < 2 or not (spread := float(own.var(ddof=1))) > 0:
        return 0.0
    sizes = np.bincount(number, minlength=count)
    apart = own - own.mean()
    means = np.bincount(number, apart, minlength=count) / np.maximum(sizes, 1)
    squares = np.bincount(number, (apart - means[number]) ** 2, minlength=count)
    inside = (sizes * squares / np.maximum(sizes - 1, 1)).sum() / len(own)
    return (spread - float(inside)) / spread


def delta(counts: NDArray[Any]) -> FloatArray:
    """Borgonovo's delta of a partition: ``counts[..., bin, answer]`` are the rows of each bin with each answer.

    Half the mean, over the bins, of the summed distance between the shares in a bin and in all: 0 where the answer does
    not depend on the parameter, save for the sampling, which only ever adds to it (compare `dummy`).

    >>> delta(np.array([[50, 0], [0, 50]])).item()
    0.5
    """
    sizes = counts.sum(axis=-1, keepdims=True)
    rows = np.maximum(sizes.sum(axis=-2, keepdims=True), 1)
    overall = counts.sum(axis=-2, keepdims=True) / rows
    apart = np.abs(counts / np.maximum(sizes, 1) - overall).sum(axis=-1, keepdims=True)
    return np.asarray(0.5 * (sizes / rows * apart).sum(axis=(-2, -1)))


def dummy(sizes: IntArray, repeats: int, seed: int) -> IntArray:
    """Bins of parameters that enter nothing: ``int64[repeat, row]``, bins of these sizes dealt out at random.

    >>> np.bincount(dummy(np.array([3, 2]), 1, seed=0)[0]).tolist()
    [3, 2]
    """
    labels = np.repeat(np.arange(len(sizes)), sizes)
    return np.random.default_rng(seed).permuted(np.tile(labels, (repeats, 1)), axis=1)


def jackknife(estimate: NDArray[Any], without: NDArray[Any]) -> tuple[FloatArray, FloatArray]:
    """Ends of the 95 % interval of an estimate, from those ``without[group]`` one of some independent groups of rows.

    >>> low, high = jackknife(np.array(0.5), np.array([0.4, 0.6]))
    >>> round(float(high - low), 2)
    2.54
    """
    from scipy.stats import t

    groups = len(without)
    error = t.ppf(0.5 + CONFIDENCE / 2, groups - 1) * np.sqrt((groups - 1) * without.var(axis=0))
    return estimate - error, estimate + error
