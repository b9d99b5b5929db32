"""What would it be worth to know a number before one has to choose?

Payoffs are ``[draw, option]``. Knowing everything is worth the mean of the best payoff of each draw, less the best mean
payoff. Knowing some parameters is worth the mean of the best *conditional* mean payoff, less the same: here the
conditional mean is that over cells of draws with like values of these parameters, the plainest of the regressions of
Strong, Oakley and Brennan 2014, Medical Decision Making 34; smoother ones would blur the jumps that a change of
equilibrium brings. To know the cell is to know less than the value itself, so fewer cells mean a smaller number; the
noise of the means of small cells makes it larger, which `Information.bias` estimates.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Information", "bounds", "cell_means", "cell_sums", "cells_of", "everything", "most_cells", "some"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEAST_DRAWS = 16  # of a cell: means of fewer draws are mostly noise
ROUNDING = 1e-9  # of the largest payoff: a smaller value is none
NOISE = 200  # pairs of noisy copies of the means of the cells from which the bias is told
FEWEST, MOST_SIGNS = 16, 2**22  # of such pairs in a large sample, where each has more cells; of their signs


class Information(NamedTuple):
    """What information is worth, and how far to trust the number.

    ``value`` is ``raw``, that of the draws, less the estimated ``bias``, and never below 0: who need not act on what is
    known cannot lose by knowing it alone. ``error`` is a standard error of the sampling, ``apart`` the value where
    options are chosen by one half of the draws and paid by the other: too small on average, and below 0 where there is
    nothing but noise.
    """

    value: float
    error: float
    raw: float
    bias: float
    apart: float


def everything(payoffs: FloatArray) -> Information:
    """What it is worth to know every parameter before choosing (the expected value of perfect information).

    The best mean is too large on average, so that this is a little too small; that is not corrected (``bias`` is 0),
    and ``apart`` is the value itself.

    >>> everything(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])).value
    0.5
    """
    gain = payoffs.max(axis=1) - payoffs[:, best_option(payoffs)]
    value = float(gain.mean())
    return Information(value, _error(gain), value, 0.0, value)


def some(payoffs: FloatArray, cells: IntArray, generator: np.random.Generator) -> Information:
    """What it is worth to know in which of the ``cells``, ``int64[draw]``, the parameters lie before choosing.

    ``generator`` makes the noise from which the bias is told: copies of the means, each moved by such errors as its
    cell gives it, of which the best is larger on average than that of the means themselves.

    >>> paid = np.array([[1.0, 0.0], [0.0, 1.0]] * 50)
    >>> round(some(paid, np.arange(100) % 2, np.random.default_rng(0)).value, 9)
    0.5
    """
    gains = payoffs - payoffs[:, [best_option(payoffs)]]  # less noise than the payoffs, and the same best
    means, sizes = cell_means(gains, cells)
    best = means.argmax(axis=1)
    raw = float(np.average(means.max(axis=1), weights=sizes))
    bias = _noise_bias(gains, cells, means, sizes, generator)
    chosen = gains[np.arange(len(gains)), best[cells]]
    value = raw - bias if raw - bias > ROUNDING * float(np.abs(payoffs).max()) else 0.0
    return Information(value, _error(chosen), raw, bias, _apart(gains, cells, len(means), generator))


def bounds(lower: FloatArray, upper: FloatArray, cells: IntArray | None = None) -> tuple[float, float]:
    """Between which values information lies, whatever each option pays in each draw from ``lower`` to ``upper``.

    Without ``cells`` everything is known. The bounds hold and need not be reached: they let an option pay its most
    where it is chosen with the information and its least where it is chosen without.

    >>> bounds(np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 1.0], [0.0, 0.0]]))
    (0.0, 0.5)
    """
    with_least, with_most = (_mean_of_best(own, cells) for own in (lower, upper))
    without_least, without_most = (float(own.mean(axis=0).max()) for own in (lower, upper))
    return max(with_least - without_most, 0.0), max(with_most - without_least, 0.0)


def best_option(payoffs: FloatArray) -> int:
    """The option with the largest mean, which is chosen where nothing is known."""
    return int(payoffs.mean(axis=0).argmax())


def most_cells(draws: int) -> int:
    """How many cells the draws are cut into: the power of two at or below their square root.

    So cells hold as many draws as there are cells, and both grow with the sample.

    >>> most_cells(4096), most_cells(10_000), most_cells(1)
    (64, 64, 1)
    """
    return int(2 ** math.floor(math.log2(max(math.sqrt(draws), 1.0))))


def cells_of(columns: FloatArray, most: int) -> IntArray:
    """Cut the draws into at most ``most`` cells of like ``columns``, ``float64[draw, column]``: ``int64[draw]``.

    Cells are halved at the median of one column after the other; equal values stay together, so that a column of a few
    values gives a cell to each and a constant one gives none.

    >>> cells_of(np.array([[4.0], [1.0], [3.0], [2.0]] * 16), 4)[:4].tolist()
    [3, 0, 2, 1]
    """
    cells = np.zeros(len(columns), dtype=np.int64)
    pieces = [(np.arange(len(columns)), 0)]
    while pieces and len(pieces) < most:
        halves = [_halved(columns, rows, turn) for rows, turn in pieces]
        if all(len(own) == 1 for own in halves):
            break
        pieces = [half for own in halves for half in own]
    for number, (rows, _) in enumerate(pieces):
        cells[rows] = number
    return cells


def cell_means(values: FloatArray, cells: IntArray) -> tuple[FloatArray, FloatArray]:
    """Mean of the rows of each cell, ``float64[cell, ...]``, and how many there are, ``float64[cell]``; none is empty.

    >>> means, sizes = cell_means(np.array([[1.0], [2.0], [4.0]]), np.array([0, 1, 1]))
    >>> means.tolist(), sizes.tolist()
    ([[1.0], [3.0]], [1.0, 2.0])
    """
    sums, sizes = cell_sums(values, cells, int(cells.max()) + 1)
    return sums / sizes.reshape(-1, *[1] * (sums.ndim - 1)), sizes


def cell_sums(values: FloatArray, cells: IntArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Sum of the rows of each of ``count`` cells, some perhaps empty, and how many there are."""
    flat = values.reshape(len(values), -1)
    sums: FloatArray = np.stack(
        [np.bincount(cells, weights=own, minlength=count) for own in flat.T], axis=1, dtype=float
    )
    return sums.reshape(count, *values.shape[1:]), np.bincount(cells, minlength=count).astype(np.float64)


def _halved(columns: FloatArray, rows: IntArray, turn: int) -> list[tuple[IntArray, int]]:
    """Both halves of a piece, cut along the next column that has different values, or the piece itself."""
    width = columns.shape[1]
    if len(rows) < 2 * LEAST_DRAWS:
        return [(rows, turn)]
    for step in range(width):
        own = columns[rows, (turn + step) % width]
        low, high = own.min(), own.max()
        if low < high:
            middle = np.median(own)
            left = own <= middle if middle < high else own < middle
            return [(rows[left], turn + step + 1), (rows[~left], turn + step + 1)]
    return [(rows, turn)]


def _mean_of_best(payoffs: FloatArray, cells: IntArray | None) -> float:
    """Mean of the best payoff where the draw, or its cell, is known."""
    if cells is None:
        return float(payoffs.max(axis=1).mean())
    means, sizes = cell_means(payoffs, cells)
    return float(np.average(means.max(axis=1), weights=sizes))


def _noise_bias(
    gains: FloatArray, cells: IntArray, means: FloatArray, sizes: FloatArray, generator: np.random.Generator
) -> float:
    """How much larger the mean of the best is, on average, when the means of the cells carry their noise once more.

    A copy of the noise gives the error of each draw a sign by chance, the same for all options; each copy is used with
    both signs, so that the noise itself has no mean. So nothing hangs on how the options are numbered.
    """
    rows = np.argsort(cells, kind="stable")
    errors = (gains - means[cells])[rows]
    pairs = min(max(MOST_SIGNS // len(gains), FEWEST), NOISE)
    signs = 2 * generator.integers(0, 2, (pairs, len(gains)), dtype=np.int8) - 1
    ends = np.cumsum(sizes).astype(np.int64)
    more = np.empty(len(means))
    for cell, (start, stop) in enumerate(zip(np.append(0, ends[:-1]), ends, strict=True)):
        noise = signs[:, start:stop] @ errors[start:stop] / sizes[cell]
        moved = [(means[cell] + noise).max(axis=1).mean(), (means[cell] - noise).max(axis=1).mean()]
        more[cell] = 0.5 * sum(moved) - means[cell].max()
    return float(np.average(more, weights=sizes))


def _apart(gains: FloatArray, cells: IntArray, count: int, generator: np.random.Generator) -> float:
    """Choose by one half of the draws, taken by chance, be paid by the other; the mean of both ways round."""
    half = generator.permutation(len(gains)) % 2
    values = []
    for own in (0, 1):
        sums = cell_sums(gains[half == own], cells[half == own], count)[0]
        base = int(gains[half == own].sum(axis=0).argmax())
        others = np.flatnonzero(half != own)
        if 0 < len(others) < len(gains):
            values.append((gains[others, sums.argmax(axis=1)[cells[others]]] - gains[others, base]).mean())
    return float(np.mean(values)) if values else 0.0


def _error(values: FloatArray) -> float:
    """Standard error of a mean."""
    return float(values.std() / math.sqrt(len(values)))
