"""Under which criterion is which option ahead, when what each option pays differs from draw to draw?

Payoffs are ``[draw, option]`` and larger is better; regret is what another option would have paid beyond, so smaller is
better. Each criterion is one number an option, with its `influence` where it has one: what each draw adds to the error
of the number, so that the error of a difference between two options can be told from the same draws.

Savage 1951, Journal of the American Statistical Association 46 (regret); Starr 1963, Product Design and Decision Theory
(the domain criterion); Rockafellar and Uryasev 2000, Journal of Risk 2 (the mean of the worst share).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Criterion",
    "expected",
    "front",
    "gaps",
    "largest",
    "quantile",
    "regret",
    "regret_bounds",
    "share",
    "smallest",
    "standard_errors",
    "tail_mean",
]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

NORMAL_95 = 1.96  # the normal distribution's 97.5 % point


class Criterion(NamedTuple):
    """A number an option, ``float64[option]``, and the influence of each draw on it, ``float64[draw, option]``.

    The influence is None where a criterion hangs on single draws, as the worst case does: no error can be told from the
    draws, and more of them can only move it one way.
    """

    value: FloatArray
    influence: FloatArray | None


def standard_errors(influence: FloatArray | None, options: int) -> FloatArray:
    """Standard error of each number, ``float64[option]``; not a number where there is no influence.

    >>> standard_errors(np.array([[1.0], [-1.0], [1.0], [-1.0]]), 1).tolist()
    [0.5]
    """
    if influence is None:
        return np.full(options, np.nan)
    return np.asarray(np.sqrt(np.mean(influence**2, axis=0) / len(influence)))


def expected(payoffs: FloatArray) -> Criterion:
    """Mean over the draws.

    >>> expected(np.array([[1.0, 4.0], [3.0, 0.0]])).value.tolist()
    [2.0, 2.0]
    """
    value = payoffs.mean(axis=0)
    return Criterion(value, payoffs - value)


def smallest(payoffs: FloatArray) -> Criterion:
    """The worst case of those drawn: more draws can only lower it."""
    return Criterion(payoffs.min(axis=0), None)


def largest(regrets: FloatArray) -> Criterion:
    """The largest regret of those drawn: more draws can only raise it."""
    return Criterion(regrets.max(axis=0), None)


def tail_mean(payoffs: FloatArray, tail: float) -> Criterion:
    """Mean of the worst share ``tail`` of the draws, a draw on its edge counted in part (conditional value at risk).

    >>> tail_mean(np.arange(10.0)[:, None], 0.25).value.tolist()  # (0 + 1 + 2 / 2) / 2.5
    [0.8]
    """
    edge = np.partition(payoffs, _place(tail, len(payoffs)), axis=0)[_place(tail, len(payoffs))]
    terms = edge - np.maximum(edge - payoffs, 0.0) / tail
    value = terms.mean(axis=0)
    return Criterion(value, terms - value)


def quantile(values: FloatArray, probability: float) -> Criterion:
    """The smallest value that at least the share ``probability`` of the draws do not exceed.

    Its error comes from the distance between the values that stand 1.96 binomial standard deviations to either side of
    it in the order of the draws (Woodruff 1952, Journal of the American Statistical Association 47).

    >>> quantile(np.arange(1.0, 11.0)[:, None], 0.9).value.tolist()
    [9.0]
    """
    count = len(values)
    ordered = np.sort(values, axis=0)
    value = ordered[_place(probability, count)]
    spread = NORMAL_95 * math.sqrt(probability * (1.0 - probability) / count)
    low, high = (ordered[_place(p, count)] for p in (max(probability - spread, 0.0), min(probability + spread, 1.0)))
    slope = (high - low) / (2.0 * spread)  # one over the density at the quantile
    return Criterion(value, (probability - (values <= value)) * slope)


def share(holds: BoolArray, draws: int) -> Criterion:
    """Share of ``draws`` in which an option does what ``holds[draw, option]`` says.

    The draws that could not be solved have no row and count as neither.

    >>> share(np.array([[True, False], [True, True]]), 4).value.tolist()
    [0.5, 0.25]
    """
    value = holds.sum(axis=0) / draws
    rows = np.zeros((draws, holds.shape[1]))
    rows[: len(holds)] = holds
    return Criterion(np.asarray(value), rows - value)


def regret(payoffs: FloatArray) -> FloatArray:
    """What the best option of each draw would have paid beyond each option, ``float64[draw, option]``.

    >>> regret(np.array([[1.0, 4.0], [3.0, 0.0]])).tolist()
    [[3.0, 0.0], [0.0, 3.0]]
    """
    return np.asarray(payoffs.max(axis=1, keepdims=True) - payoffs)


def regret_bounds(lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and most regret of each option, where each may pay anything from ``lower`` to ``upper`` by itself.

    Both are reached: the option pays its most and all others their least, and the other way round.

    >>> least, most = regret_bounds(np.array([[1.0, 2.0]]), np.array([[3.0, 2.5]]))
    >>> least.tolist(), most.tolist()
    ([[0.0, 0.0]], [[1.5, 1.0]])
    """
    least = np.maximum(lower.max(axis=1, keepdims=True) - upper, 0.0)
    return least, np.maximum(_largest_other(upper) - lower, 0.0)


def front(first: FloatArray, second: FloatArray) -> BoolArray:
    """Which options no other beats: none is as good by both criteria and better by one; larger is better by both.

    >>> front(np.array([1.0, 2.0, 0.0]), np.array([3.0, 1.0, 2.0])).tolist()
    [True, True, False]
    """
    as_good = (first[:, None] >= first) & (second[:, None] >= second)
    better = (first[:, None] > first) | (second[:, None] > second)
    return np.asarray(~(as_good & better).any(axis=0))


def gaps(criterion: Criterion, *, larger_is_better: bool) -> tuple[FloatArray, FloatArray, IntArray]:
    """By how much each option is ahead of the best other one, the standard error of that, and which other it is.

    A negative gap says that the option is behind. The error rests on the differences draw by draw; it is not a number
    where the criterion has no influence. With one option there is no other: gap and error are not numbers, other is -1.

    >>> gap, error, other = gaps(expected(np.array([[1.0, 4.0], [3.0, 1.0]])), larger_is_better=True)
    >>> gap.tolist(), other.tolist()
    ([-0.5, 0.5], [1, 0])
    """
    value, influence = criterion
    count = len(value)
    if count == 1:
        return np.full(1, np.nan), np.full(1, np.nan), np.full(1, -1)
    score = value if larger_is_better else -value
    rivals = np.where(np.eye(count, dtype=bool), -np.inf, score)
    other = rivals.argmax(axis=1)
    gap = score - score[other]
    between = None if influence is None else influence - influence[:, other]
    return gap, standard_errors(between, count), other


def _largest_other(values: FloatArray) -> FloatArray:
    """The largest value of the other options, ``float64[draw, option]``; minus infinity where there is no other."""
    if values.shape[1] == 1:
        return np.full_like(values, -np.inf)
    place = values.argmax(axis=1)
    two = np.partition(values, values.shape[1] - 2, axis=1)
    others = np.repeat(two[:, -1:], values.shape[1], axis=1)
    others[np.arange(len(values)), place] = two[:, -2]
    return others


def _place(probability: float, count: int) -> int:
    """Where the smallest value stands that at least this share of the sorted values do not exceed.

    A share that is a whole number of draws up to rounding counts as that number.
    """
    return min(max(math.ceil(probability * count - 1e-9 * count) - 1, 0), count - 1)
