"""Which parameters drive an answer that may be a set: how much of its variance is due to each, alone and with others?

A set of equilibria is a row of indicators, one an equilibrium, and its variance is the sum of theirs. The indices are
the aggregated ones of Lamboni, Monod and Makowski (2011), RESS 96, and Gamboa, Janon, Klein and Lagnoux (2014),
Electronic Journal of Statistics 8: no renumbering of equilibria, actions or parameters moves them. For a single
indicator they are Sobol's; of several they are the mean of Sobol's, weighted by the variances p (1 - p).

They are estimated from pick-freeze samples: base points A and B, and copies of A with one parameter from B (first
order: Saltelli et al. 2010, Computer Physics Communications 181; total: Jansen 1999, same journal 117). Shapley effects
share all variance among the parameters, in the mean over the orders in which they could become known (Song, Nelson and
Staum 2016, SIAM/ASA JUQ 4; Owen and Prieur 2017, same journal 5); for independent parameters one path of exchanges from
A to B, in a random order, estimates all of them at once (Goda 2021, RESS 213). Parameters must be independent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError

__all__ = ["FEWEST_FLIPS", "Indices", "PickFrozen", "Sums", "indicator_sums", "indices", "orders_of_exchange",
           "paths", "value_sums"]  # fmt: skip

FEWEST_FLIPS = 30  # changes of the answer that an index rests on: with fewer, its error is itself a guess
SAME = 1e-9  # of the range of a number: closer values count as unchanged
LARGEST_TABLE = 2048  # sets of which all pairs are compared beforehand
CONFIDENCE = 0.95

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Inner = Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]


class PickFrozen(NamedTuple):
    """Answers at base points and their exchanges: numbers of sets (``int``), or values (``float``, not a number: none).

    ``a`` and ``b`` are ``[base]``, ``exchanged`` is ``[parameter, base]``, A with that parameter from B. ``path`` is
    ``[base, step]``, from A to B with the parameters ``turns[base, place]`` exchanged one after the other, and
    ``replicate`` is the number of the independent sample that each base point belongs to, from 0.
    """

    a: NDArray[Any]
    b: NDArray[Any]
    exchanged: NDArray[Any]
    path: NDArray[Any]
    turns: IntArray
    replicate: IntArray


class Space(NamedTuple):
    """What can be done with answers: products, squared distances, sums over base points; and whether there is one."""

    inner: Inner
    distance: Inner
    added: Callable[[NDArray[Any]], NDArray[Any]]
    known: Callable[[NDArray[Any]], BoolArray]


class Sums(NamedTuple):
    """Sums over the base points of each replicate; those of more points are added, and whole numbers stay exact.

    ``pairs``, ``first``, ``total``, ``flips``, ``seen``, ``chain`` and ``steps`` are ``[replicate, parameter]``,
    ``moved`` and ``second`` ``[replicate, parameter, indicator]``, ``shares`` ``[replicate, indicator]``, ``squares``
    and ``ends`` ``[replicate]``. ``flips`` are the changes that ``total`` rests on, ``seen`` those that ``first`` does.
    ``noise`` is the variance of ``first`` over all replicates, ``[parameter]``, if the exchanges had nothing to do with
    B.
    """

    pairs: NDArray[Any]
    first: NDArray[Any]
    total: NDArray[Any]
    flips: NDArray[Any]
    seen: NDArray[Any]
    chain: NDArray[Any]
    steps: NDArray[Any]
    moved: NDArray[Any]
    second: NDArray[Any]
    shares: NDArray[Any]
    squares: NDArray[Any]
    ends: NDArray[Any]
    noise: FloatArray


@dataclass(frozen=True, eq=False)
class Indices:
    """Indices of each parameter, ``float64[parameter]``, with the ends of their 95 % intervals.

    ``first`` is the share of the variance that would go if the parameter alone were known, ``total`` the share that
    would stay if all others were known, ``shapley`` its fair share (these add up to 1). An estimate of ``first`` may
    lie a little below 0. ``noise_floor`` is what ``first`` shows, in 95 of 100 samples, of a parameter that enters
    nothing but whose exchange came with the same changes. ``flips`` counts the base points at which the exchange
    changes the answer, ``pairs`` those that were compared; ``variance`` is the sum of the indicators' variances, and
    where it is 0 all indices are.
    """

    first: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    shapley: FloatArray
    shapley_low: FloatArray
    shapley_high: FloatArray
    noise_floor: FloatArray
    flips: IntArray
    pairs: IntArray
    variance: float


def orders_of_exchange(generator: np.random.Generator, base: int, parameters: int) -> IntArray:
    """Random orders of the parameters, ``int64[base, place]``, in which all take every place about equally often.

    Each order is uniform by itself; so many in a row as there are parameters are the rotations of one.
    """
    rounds = -(-base // max(parameters, 1))
    first = generator.permuted(np.tile(np.arange(parameters), (rounds, 1)), axis=1)
    rotated = [np.roll(first, shift, axis=1) for shift in range(parameters)]
    return np.stack(rotated, axis=1).reshape(-1, parameters)[:base]


def paths(turns: IntArray) -> BoolArray:
    """Which parameters stand at B's values after each step, ``bool[base, step, parameter]``, from none to all.

    >>> paths(np.array([[1, 0]])).astype(int).tolist()
    [[[0, 0], [0, 1], [1, 1]]]
    """
    base, width = turns.shape
    place = np.empty_like(turns)
    np.put_along_axis(place, turns, np.broadcast_to(np.arange(width), turns.shape), axis=1)
    steps = np.arange(width + 1)
    return np.asarray(place[:, np.newaxis, :] < steps[np.newaxis, :, np.newaxis]).reshape(base, width + 1, width)


def indicator_sums(answers: PickFrozen, table: BoolArray) -> Sums:
    """Sums for answers that are sets: set number c has the members ``table[c]``, ``bool[set, indicator]``.

    Everything is counted in whole numbers. ``total`` is the sum of |set at A triangle set after the exchange|.

    >>> a, b = np.array([0, 1, 0, 1]), np.array([1, 0, 0, 1])
    >>> turns = np.zeros((4, 1), dtype=int)
    >>> one = PickFrozen(a, b, b[np.newaxis], np.column_stack([a, b]), turns, np.array([0, 0, 1, 1]))
    >>> indicator_sums(one, np.eye(2, dtype=bool)).total.tolist()
    [[4], [0]]
    """
    members = table.astype(np.int64)
    inner = _set_inner(members)

    def added(numbers: NDArray[Any]) -> NDArray[Any]:
        return np.bincount(numbers, minlength=len(members)) @ members

    spread = _scatter(members.astype(np.float64), np.bincount(answers.b, minlength=len(members)))
    noise = np.array([_set_noise(answers.a, moved, members, spread) for moved in answers.exchanged])

    def distance(u: NDArray[Any], v: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(inner(u, u) + inner(v, v) - 2 * inner(u, v))

    return _sums(answers, Space(inner, distance, added, lambda numbers: np.ones(numbers.shape, dtype=np.bool_)), noise)


def value_sums(answers: PickFrozen) -> Sums:
    """Sums for answers that are numbers; comparisons with one that is not a number are left out."""
    ends = np.concatenate([answers.a, answers.b])
    solved = ends[np.isfinite(ends)]
    centre, reach = (solved.mean(), np.ptp(solved)) if len(solved) else (0.0, 0.0)
    parts = (answers.a - centre, answers.b - centre, answers.exchanged - centre, answers.path - centre)
    centred = PickFrozen(*parts, answers.turns, answers.replicate)
    noise = np.array([_value_noise(centred.a, centred.b, moved) for moved in centred.exchanged])

    def added(values: NDArray[Any]) -> NDArray[Any]:
        return np.array([values.sum()])

    def distance(u: NDArray[Any], v: NDArray[Any]) -> NDArray[Any]:
        apart = np.abs(u - v)
        return np.where(apart > SAME * reach, apart, 0.0) ** 2

    return _sums(centred, Space(np.multiply, distance, added, np.isfinite), noise)


def indices(sums: Sums) -> Indices:
    """The indices of all replicates together; intervals from leaving out one replicate at a time (the jackknife).

    Their ends are those of Student's law at two replicates or more. Where fewer than 30 changes of the answer were seen
    that an index rests on, its upper end is at least that of the exact interval for so rare an event (Garwood 1936,
    Biometrika 28), since replicates may agree by all having seen nothing.
    """
    from scipy.stats import t

    replicates = len(sums.ends)
    if replicates < 2:
        raise InputError(f"replicates: {replicates!r}, expected at least 2, from which errors can be told")
    whole = [field.sum(axis=0, keepdims=True) for field in sums[:-1]]
    without = [all_of - field for all_of, field in zip(whole, sums[:-1], strict=True)]
    estimates = [one[0] for one in _ratios(*whole)]
    variance = float(_variance(*whole[-3:])[0])
    width = t.ppf(0.5 + CONFIDENCE / 2, replicates - 1)
    errors = [width * np.sqrt((replicates - 1) * one.var(axis=0)) for one in _ratios(*without)]
    pairs, flips = whole[0][0].astype(np.int64), whole[3][0].astype(np.int64)
    first, total, shapley = estimates
    low = [one - error for one, error in zip(estimates, errors, strict=True)]
    high = [one + error for one, error in zip(estimates, errors, strict=True)]
    seen = whole[4][0].astype(np.int64)
    rare = [count < FEWEST_FLIPS for count in (seen, flips, seen)]
    at_most = _rare_total(whole, flips, variance)
    high = [np.where(few, np.maximum(end, at_most), end) for few, end in zip(rare, high, strict=True)]
    low = [np.where(few, np.minimum(end, 0.0), end) for few, end in zip(rare, low, strict=True)]
    floor = t.ppf(0.5 + CONFIDENCE / 2, np.maximum(pairs, 2)) * np.sqrt(sums.noise) / np.maximum(pairs, 1)
    floor = floor / variance if variance > 0 else np.zeros_like(floor)
    ends = (first, low[0], high[0], total, low[1], high[1], shapley, low[2], high[2])
    return Indices(*ends, floor, flips, pairs, max(variance, 0.0))


def _sums(answers: PickFrozen, space: Space, noise: FloatArray) -> Sums:
    """The sums of each replicate, whatever an answer is."""
    inner, distance, added, known = space
    a, b = answers.a, answers.b
    both = known(a) & known(b)
    compared = [both & known(moved) for moved in answers.exchanged]
    steps = _steps(answers, inner, known)
    parts = []
    for replicate in range(int(answers.replicate.max()) + 1):
        own = answers.replicate == replicate
        rows = [own & mask for mask in compared]
        exchanged = list(zip(rows, answers.exchanged, strict=True))
        apart = [distance(a[r], x[r]) for r, x in exchanged]
        flips = [np.count_nonzero(own_apart) for own_apart in apart]
        parts.append(
            (
                [np.count_nonzero(r) for r in rows],
                [(inner(b[r], x[r]) - inner(b[r], a[r])).sum() for r, x in exchanged],
                [own_apart.sum() for own_apart in apart],
                flips,
                flips,
                *(step[own].sum(axis=0) for step in steps),
                [added(x[r]) - added(a[r]) for r, x in exchanged],
                [added(b[r]) for r in rows],
                sum(added(end[own & known(end)]) for end in (a, b)),
                sum(inner(end[own & known(end)], end[own & known(end)]).sum() for end in (a, b)),
                sum(np.count_nonzero(own & known(end)) for end in (a, b)),
            )
        )
    return Sums._make([*(np.array(field) for field in zip(*parts, strict=True)), noise])


def _steps(
    answers: PickFrozen, inner: Inner, known: Callable[[NDArray[Any]], BoolArray]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Twice the share of each parameter in half the squared distance from A to B, and which shares are known.

    The first step of a path has the total, the last one the first-order index as its mean, for which every base point
    counts: only the steps between them are taken from the paths.
    """
    before, after, turns = answers.path[:, 1:-2], answers.path[:, 2:-1], answers.turns[:, 1:-1]
    start = np.broadcast_to(answers.a[:, np.newaxis], before.shape)
    solved = known(start) & known(before) & known(after)
    gain = 2 * (inner(start, before) - inner(start, after)) - inner(before, before) + inner(after, after)
    chain = np.zeros(answers.turns.shape, dtype=gain.dtype)
    counted = np.zeros(answers.turns.shape, dtype=np.int64)
    np.put_along_axis(chain, turns, np.where(solved, gain, 0), axis=1)
    np.put_along_axis(counted, turns, solved.astype(np.int64), axis=1)
    return chain, counted


def _ratios(
    pairs: NDArray[Any], first: NDArray[Any], total: NDArray[Any], _flips: NDArray[Any], _seen: NDArray[Any],
    chain: NDArray[Any], steps: NDArray[Any], moved: NDArray[Any], second: NDArray[Any], shares: NDArray[Any],
    squares: NDArray[Any], count: NDArray[Any],
) -> tuple[FloatArray, FloatArray, FloatArray]:  # fmt: skip
    """First, total and Shapley indices ``[..., parameter]`` of sums."""
    variance = _variance(shares, squares, count)[..., np.newaxis]
    some = np.maximum(pairs, 1).astype(np.float64)
    alone = first / some - ((moved / some[..., np.newaxis]) * (second / some[..., np.newaxis])).sum(axis=-1)
    within = total / (2 * some)
    fair = alone + within + max(pairs.shape[-1] - 2, 0) * chain / (2 * np.maximum(steps, 1))
    whole = fair.sum(axis=-1, keepdims=True)
    safe, safe_whole = np.where(variance > 0, variance, 1.0), np.where(whole > 0, whole, 1.0)
    varies = (variance > 0).astype(np.float64)
    return varies * alone / safe, varies * within / safe, varies * fair / safe_whole


def _variance(shares: NDArray[Any], squares: NDArray[Any], count: NDArray[Any]) -> FloatArray:
    """Sum of the indicators' variances."""
    some = np.maximum(count, 1).astype(np.float64)
    spread = squares / some - ((shares / some[..., np.newaxis]) ** 2).sum(axis=-1)
    return np.where(spread > 1e-14 * squares / some, spread, 0.0)


def _rare_total(whole: Sequence[NDArray[Any]], flips: IntArray, variance: float) -> FloatArray:
    """The largest total index that so few changes allow; where none was seen, of the size of the others'."""
    from scipy.stats import chi2

    pairs, total = np.maximum(whole[0][0], 1), whole[2][0]
    mean = total.sum() / max(int(flips.sum()), 1)
    size = np.where(flips > 0, total / np.maximum(flips, 1), mean)
    often = chi2.ppf(0.5 + CONFIDENCE / 2, 2 * (flips + 1)) / 2 / pairs
    unknown = np.full(len(flips), float(flips.any()))  # nothing varies at A and B, yet something between them does
    return often * size / 2 / variance if variance > 0 else unknown


def _set_inner(members: IntArray) -> Inner:
    """The number of common members of two sets given by their numbers."""
    if len(members) <= LARGEST_TABLE:
        common = members @ members.T
        return lambda u, v: common[u, v]
    small = members.astype(np.uint8)
    rows = max(1, 2**24 // max(small.shape[1], 1))

    def inner(u: NDArray[Any], v: NDArray[Any]) -> NDArray[Any]:
        flat = zip(*(np.array_split(end.ravel(), end.size // rows + 1) for end in (u, v)), strict=True)
        parts = [(small[left] & small[right]).sum(axis=1, dtype=np.int64) for left, right in flat]
        return np.concatenate(parts).reshape(u.shape)

    return inner


def _set_noise(a: IntArray, moved: IntArray, members: IntArray, spread: FloatArray) -> float:
    """The variance of the sum of <B, exchanged - A> if the B, of this scatter, were dealt out at random."""
    pairs, counts = np.unique(a * len(members) + moved, return_counts=True)
    before, after = np.divmod(pairs, len(members))
    changes = (members[after] - members[before]).astype(np.float64)
    return float((spread * _scatter(changes, counts)).sum() / max(len(a) - 1, 1))


def _scatter(rows: FloatArray, often: IntArray) -> FloatArray:
    """Sums of products about the mean, ``[indicator, indicator]``, of rows that occur so often."""
    mean = often @ rows / often.sum()
    return np.asarray((rows - mean).T * often @ (rows - mean))


def _value_noise(a: FloatArray, b: FloatArray, moved: FloatArray) -> float:
    """The same for numbers."""
    known = np.isfinite(a) & np.isfinite(b) & np.isfinite(moved)
    count = int(np.count_nonzero(known))
    return float(b[known].var() * (moved - a)[known].var() * count**2 / (count - 1)) if count > 1 else 0.0
