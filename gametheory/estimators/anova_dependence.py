"""How much of the dependence of a set-valued answer on all parameters is due to each, alone and with others?

The criterion of Hilbert and Schmidt between the answer and all parameters at once is a sum over groups of parameters,
as a variance is, where each parameter enters uniformly distributed through a kernel with mean zero (Da Veiga 2021,
arXiv 2101.05487; with kernels between sets Fellmann et al. 2024, arXiv 2305.09268). The shares add up: those of
parameters alone to at most 1, those with all their interactions to at least 1, and Shapley shares to 1.

The parts of a group, and so its sign and size, mean this for independent parameters only; for tied ones Shapley shares
still add up to 1 and no group is counted twice, but a share alone holds what the parameter tells about others.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.estimators.dependence import ranks

__all__ = ["Shared", "anova_dependence", "idle_p_values", "zero_mean_kernel"]

CELLS = 2**17  # numbers held at once: few enough to stay within the caches
FEWEST = 8  # rows
MOST_NODES = 4  # of Gauss's rule
ROUNDING = 1e-5  # of single precision: a permutation that comes this close is one that reached the statistic

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Shared(NamedTuple):
    """Shares of the criterion, each ``float64[parameter]`` with its standard error; ``whole`` is the criterion itself.

    ``first`` is the share of a parameter alone, ``total`` that of all groups it belongs to, ``shapley`` the same with
    each group's part divided equally among its members. Estimates are without bias before the division by ``whole``,
    so that those of an idle parameter lie on either side of 0; its errors are too small there, and `idle_p_values` the
    better judge.
    """

    first: FloatArray
    first_error: FloatArray
    total: FloatArray
    total_error: FloatArray
    shapley: FloatArray
    shapley_error: FloatArray
    whole: float


def zero_mean_kernel(values: FloatArray, rows: slice = slice(None)) -> FloatArray:
    """The kernel between ``rows`` and all rows, ``float64[row, row]``, with mean zero over the rows given.

    That of the Sobolev space of order one over the ranks: sum over m of 2 cos(pi m u) cos(pi m v) / (pi m)^2, in closed
    form, and centred once more so that equal values, as of a discrete law, leave no mean. Characteristic: it tells any
    two laws apart.

    >>> kernel = zero_mean_kernel(np.array([3.0, 1.0, 2.0, 2.0]))
    >>> bool(abs(kernel.mean(axis=0)).max() < 1e-15), bool(np.linalg.eigvalsh(kernel).min() > -1e-15)
    (True, True)
    """
    points = ranks(values)
    means = _row_means(points)
    centred = _kernel(points[rows, np.newaxis], points) - means[rows, np.newaxis] - means + means.mean()
    return np.asarray(centred, dtype=np.float64)


def anova_dependence(values: FloatArray, classes: IntArray, kernel: FloatArray) -> Shared:
    """Shares of each column of ``values[row, parameter]`` in the dependence of the class of the row on all of them.

    ``kernel[class, class]`` says how alike two classes are; ``classes`` are its rows. The Shapley shares of all 2^K
    groups come from one integral, since 1 / m = integral of t^(m-1), by Gauss's rule: exact for groups of up to eight
    parameters, and 1 part in 1,000 too small for what ten have together. The time grows with the square of the rows.
    Raises InputError for fewer than 8 rows and where all answer alike, or so nearly that no dependence is seen.

    >>> x = np.random.default_rng(0).random((300, 3))
    >>> found = anova_dependence(x, ((x[:, 0] > 0.5) ^ (x[:, 1] > 0.5)).astype(int), np.eye(2))
    >>> bool(found.first[:2].max() < 0.1), bool(found.total[:2].min() > 0.9), round(float(found.shapley.sum()), 9)
    (True, True, 1.0)
    """
    rows, parameters = values.shape
    between = _between(classes, kernel)
    points = np.stack([ranks(values[:, column]) for column in range(parameters)])
    means = np.stack([_row_means(own) for own in points])
    sums = np.zeros((3, parameters, rows))
    whole = np.zeros(rows)
    step = max(1, CELLS // (parameters * rows))
    for start in range(0, rows, step):
        part = slice(start, min(start + step, rows))
        own = _kernel(points[:, part, np.newaxis], points[:, np.newaxis, :])
        own -= means[:, part, np.newaxis] + means[:, np.newaxis, :] - means.mean(axis=1)[:, np.newaxis, np.newaxis]
        alike = between[classes[part]][:, classes]
        alike[np.arange(part.stop - start), np.arange(start, part.stop)] = 0.0
        sums[0, :, part] = np.einsum("kab,ab->ka", own, alike)
        sums[1, :, part], whole[part] = _interacting(own, alike, 1.0)
        for node, weight in zip(*_unit_rule(parameters), strict=True):
            sums[2, :, part] += weight * _interacting(own, alike, node)[0]
    mean = whole.mean()
    if not mean > 0.0:
        raise InputError(f"classes: no dependence on any parameter is seen in {rows!r} rows; draw more")
    shares = sums.mean(axis=2) / mean
    moved = 2.0 * (sums - shares[:, :, np.newaxis] * whole) / mean  # what each row adds to the error of a ratio
    errors = moved.std(axis=2) / math.sqrt(rows)
    first, total, shapley = zip(shares, errors, strict=True)
    return Shared(*first, *total, *shapley, float(mean / (rows - 3)))


def idle_p_values(
    values: FloatArray, classes: IntArray, kernel: FloatArray, permutations: int = 199, seed: int = 0
) -> FloatArray:
    """How often each parameter would show as large a total share if it entered nothing, ``float64[parameter]``.

    By permutations of its own column, the others left as they are: exact where the parameters are independent, for then
    an idle one goes with any row alike. (1 + those that reached the share) / (1 + permutations), so never 0.
    """
    if permutations < 1:
        raise InputError(f"permutations: {permutations!r}, expected at least 1")
    rows, parameters = values.shape
    first, second = np.triu_indices(rows, 1)
    own = [zero_mean_kernel(values[:, column]).astype(np.float32) for column in range(parameters)]
    together = _between(classes, kernel)[classes[first], classes[second]].astype(np.float32)
    for one in own:
        together *= 1.0 + one[first, second]
    rest = [together / (1.0 + one[first, second]) for one in own]
    seen = np.array([one[first, second] @ others for one, others in zip(own, rest, strict=True)])
    reached = seen - ROUNDING * np.abs(seen)
    generator = np.random.default_rng(seed)
    beaten = np.zeros(parameters)
    for _ in range(permutations):
        order = generator.permutation(rows)
        cells = order[first] * rows + order[second]
        beaten += [one.take(cells) @ others for one, others in zip(own, rest, strict=True)] >= reached
    return np.asarray((1.0 + beaten) / (1.0 + permutations))


def _between(classes: IntArray, kernel: FloatArray) -> FloatArray:
    """The kernel between classes, centred so that off the diagonal each row of the matrix over rows adds up to zero.

    Sums over it are without bias (Song et al. 2012, Journal of Machine Learning Research 13:1393-1434).
    """
    rows = len(classes)
    if rows < FEWEST:
        raise InputError(f"rows: {rows!r}, expected at least {FEWEST}")
    counts = np.bincount(classes, minlength=len(kernel)).astype(np.float64)
    alike = counts @ kernel - np.diag(kernel)  # with all other rows, for a row of each class
    if not np.any(np.ptp(kernel[counts > 0][:, counts > 0], axis=0) > 0.0):
        raise InputError("classes: all rows answer alike, so that there is nothing to depend on")
    middle = float(counts @ alike) / ((rows - 1) * (rows - 2))
    return np.asarray(kernel - (alike[:, np.newaxis] + alike) / (rows - 2) + middle, dtype=np.float64)


def _interacting(own: FloatArray, alike: FloatArray, node: float) -> tuple[FloatArray, FloatArray]:
    """Sums over the groups with each parameter, ``[parameter, row]``, and over all groups, ``[row]``.

    A group of m parameters counts ``node`` to the power of m - 1, and of m for the second.
    """
    factors = 1.0 + node * own
    together = alike * np.multiply.reduce(factors, axis=0)
    return np.einsum("kab,ab->ka", own / factors, together), together.sum(axis=1)


def _unit_rule(parameters: int) -> tuple[list[float], list[float]]:
    """Nodes and weights between 0 and 1, exact for powers below ``parameters`` and below eight."""
    nodes, weights = np.polynomial.legendre.leggauss(min((parameters + 1) // 2, MOST_NODES))
    return ((nodes + 1.0) / 2.0).tolist(), (weights / 2.0).tolist()


def _kernel(first: FloatArray, second: FloatArray) -> FloatArray:
    """The Sobolev kernel less its mean: B1(u) B1(v) + B2(|u - v|) / 2 with Bernoulli's polynomials."""
    apart = np.abs(first - second)
    return np.asarray((first - 0.5) * (second - 0.5) + 0.5 * (apart * (apart - 1.0) + 1.0 / 6.0), dtype=np.float64)


def _row_means(points: FloatArray) -> FloatArray:
    """The mean of `_kernel` over all points, at each of them; from sums in their order."""
    count = len(points)
    order = np.argsort(points)
    ahead = points[order]
    below = np.cumsum(ahead) - ahead
    above = ahead.sum() - below - ahead
    place = np.arange(count)
    apart = np.empty(count)
    apart[order] = (ahead * place - below + above - ahead * (count - 1 - place)) / count
    mean, square = points.mean(), (points**2).mean()
    squared = points**2 - 2.0 * points * mean + square
    return np.asarray((points - 0.5) * (mean - 0.5) + 0.5 * (squared - apart + 1.0 / 6.0), dtype=np.float64)
