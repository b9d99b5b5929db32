"""What solves a linear complementarity problem: ``w = q + M z``, all of them >= 0, and one of each pair zero?

Lemke's method (1965, Management Science 11): an artificial variable makes the start feasible; then the partner of
whatever has just left the basis enters it, until the artificial variable leaves. So that it cannot turn in a circle,
the right-hand sides are moved by small amounts while rows are compared; should that lead astray, ties are broken
lexicographically instead, which takes longer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gametheory.games.trees import FloatArray

ZERO = 1e-11  # entries up to this are read as zero; the caller scales its numbers to about 1
TIE = 1e-10  # ratios closer than this are tied
PERTURBED = 1e-6  # by how much right-hand sides are moved at most
NEGATIVE = 1e-9  # values at the end may be so far below zero
MOST_PIVOTS = 200  # times the number of pairs: a longer path is going in circles


@dataclass(frozen=True, eq=False)
class Complementary:
    """A solution ``z``, or None and the reason why there is none; ``pivots`` is how many it took."""

    z: FloatArray | None
    reason: str
    pivots: int


def lemke(matrix: FloatArray, right: FloatArray, cover: FloatArray, deadline: float) -> Complementary:
    """Solve with the covering vector ``cover``, which is positive wherever ``right`` is negative.

    >>> found = lemke(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([-5.0, -6.0]), np.ones(2), np.inf)
    >>> found.z.round(9).tolist(), found.pivots
    ([1.333333333, 2.333333333], 3)
    """
    if right.min(initial=0.0) >= 0:
        return Complementary(np.zeros(len(right)), "", 0)
    moved = right + PERTURBED * np.random.default_rng(0).uniform(0.5, 1.0, len(right))
    found = _followed(matrix, right, moved, cover, deadline)
    if found.z is None and time.monotonic() <= deadline:
        found = _followed(matrix, right, None, cover, deadline)
    return found


def _followed(
    matrix: FloatArray, right: FloatArray, moved: FloatArray | None, cover: FloatArray, deadline: float
) -> Complementary:
    """Follow the path; rows are compared by the ``moved`` right-hand sides, or lexicographically where there are none.

    Rows are the basic variables, columns the others: ``w`` are 0 to size - 1, then ``z``, and last the artificial one.
    """
    size = len(right)
    sides = right[:, np.newaxis] if moved is None else np.stack([right, moved], axis=1)
    table = np.asfortranarray(np.hstack([matrix, cover[:, np.newaxis], sides]))
    basis, cobasis = np.arange(size), np.arange(size, 2 * size + 1)
    column, pivots = size, 0
    row = _first_row(sides[:, -1], cover)
    while True:
        leaving = int(basis[row])
        _exchange(table, basis, cobasis, row, column)
        pivots += 1
        if leaving == 2 * size:
            break
        if time.monotonic() > deadline:
            return Complementary(None, f"the time was up after {pivots} pivots", pivots)
        column = int(np.flatnonzero(cobasis == (leaving + size if leaving < size else leaving - size))[0])
        row = _leaving_row(table, basis, cobasis, column) if moved is None else _least_row(table, column)
        if row < 0 or pivots > MOST_PIVOTS * size:
            return Complementary(None, f"rounding led the path astray after {pivots} pivots", pivots)
    values = table[:, size + 1]
    if values.min() < -NEGATIVE:
        return Complementary(None, f"the path ended {-values.min():.2g} outside after {pivots} pivots", pivots)
    z = np.zeros(size)
    inside = (basis >= size) & (basis < 2 * size)
    z[basis[inside] - size] = np.maximum(values[inside], 0.0)
    return Complementary(z, "", pivots)


def _least_row(table: FloatArray, column: int) -> int:
    """The row with the least ratio of the moved right-hand sides; -1 for none."""
    entries = table[:, column]
    rows = np.flatnonzero(entries < -ZERO)
    if not len(rows):
        return -1
    return int(rows[(table[rows, -1] / -entries[rows]).argmin()])


def _first_row(right: FloatArray, cover: FloatArray) -> int:
    """The row that the artificial variable replaces: the one that needs most of it, the last where several do."""
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.where(cover > 0, -right / cover, -np.inf)
    return int(np.flatnonzero(needed >= needed.max() - TIE * max(1.0, abs(float(needed.max()))))[-1])


def _leaving_row(table: FloatArray, basis: NDArray[np.int64], cobasis: NDArray[np.int64], column: int) -> int:
    """The row that leaves when ``column`` enters: the least ratio, then that of each slack in turn; -1 for none.

    The artificial variable goes first among equals.
    """
    entries = table[:, column]
    rows = np.flatnonzero(entries < -ZERO)
    if not len(rows):
        return -1
    divisors = -entries[rows]
    rows, divisors = _least(rows, divisors, np.maximum(table[rows, -1], 0.0))
    artificial = np.flatnonzero(basis[rows] == 2 * len(basis))
    if len(artificial):
        return int(rows[artificial[0]])
    place = np.full(len(basis), -1)
    slack = cobasis < len(basis)
    place[cobasis[slack]] = np.flatnonzero(slack)
    for number in range(len(basis)):
        if len(rows) == 1:
            break
        values = -table[rows, place[number]] if place[number] >= 0 else (basis[rows] == number).astype(np.float64)
        rows, divisors = _least(rows, divisors, values)
    return int(rows[0])


def _least(rows: NDArray[np.intp], divisors: FloatArray, values: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
    """The rows at which ``values / divisors`` is least."""
    ratios = values / divisors
    kept = ratios <= ratios.min() + TIE * max(1.0, abs(float(ratios.min())))
    return rows[kept], divisors[kept]


def _exchange(table: FloatArray, basis: NDArray[np.int64], cobasis: NDArray[np.int64], row: int, column: int) -> None:
    """Pivot in place: the variable of ``row`` leaves and that of ``column`` enters."""
    from scipy.linalg.blas import dger

    own = table[row] / -table[row, column]
    own[column] = 1.0 / table[row, column]
    entering = table[:, column].copy()
    entering[row] = 0.0
    table[:, column] = 0.0
    dger(1.0, entering, own, a=table, overwrite_a=True)
    table[row] = own
    basis[row], cobasis[column] = cobasis[column], basis[row]
