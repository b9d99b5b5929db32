"""Where does a path of Lemke and Howson end, in whole numbers without rounding?

The method is that of `gametheory.kernels.lemke_howson`. Every division is exact (Edmonds 1967, Journal of Research of
the National Bureau of Standards 71B; Bareiss 1968, Mathematics of Computation 22), so no tie is ever misread. It
decides the games on which floating point finds nothing.
"""

from __future__ import annotations

import time
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.solvers.bases import Basis

Whole = NDArray[np.object_]  # of flint.fmpz: no bound, and faster than Python's where thousands of bits are multiplied


def exact_end(payoffs: NDArray[np.object_], label: int, deadline: float) -> Basis | None:
    """Return the basis at the end of the path of ``label`` from the start; None where the time was up before.

    ``payoffs[player, row, column]`` are fractions.

    >>> from fractions import Fraction
    >>> pennies = np.vectorize(Fraction, otypes=[object])(np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]))
    >>> exact_end(pennies, 0, float("inf"))
    ((0, 1), (0, 1))
    """
    a, b = payoffs
    m, n = a.shape
    tables = [_whole(b.T), _whole(a)]
    bases = [list(range(m, m + n)), list(range(n, n + m))]
    cobases = [list(range(m)), list(range(n))]
    divisors: list[Any] = [1, 1]
    side, entering = int(label >= m), label
    while time.monotonic() < deadline:
        table, basis, cobasis = tables[side], bases[side], cobases[side]
        column = cobasis.index(_turned(entering, m, n) if side else entering)
        row = _leaving_row(table, basis, cobasis, divisors[side], column)
        entering = _turned(basis[row], n, m) if side else basis[row]
        divisors[side] = _exchange(table, divisors[side], row, column)
        basis[row], cobasis[column] = cobasis[column], basis[row]
        if entering == label:
            rows, columns = (sorted(v for v in own if v < size) for own, size in zip(bases, (m, n), strict=True))
            return tuple(rows), tuple(columns)
        side = 1 - side
    return None


def _turned(label: int, first: int, others: int) -> int:
    """The number of a label among all when the ``others`` come before the ``first`` instead of behind them."""
    return label + others if label < first else label - first


def _whole(payoffs: NDArray[np.object_]) -> Whole:
    """Shift and scale each column of ``payoffs[reply, action]`` to positive whole numbers; a last column of ones."""
    from flint import fmpz

    table = np.full((payoffs.shape[0], payoffs.shape[1] + 1), fmpz(1), dtype=object)
    for k, column in enumerate(payoffs.T):
        low, unit = min(column), lcm(*(value.denominator for value in column))
        table[:, k] = [fmpz(1 + int((value - low) * unit)) for value in column]
    return table


def _leaving_row(table: Whole, basis: list[int], cobasis: list[int], divisor: Any, column: int) -> int:
    """The row that leaves when ``column`` enters: the first by ratio, then by the perturbation, slack after slack."""
    from flint import fmpq

    def entry(row: int, variable: int) -> Any:
        if variable < 0:
            return table[row, -1]
        return table[row, cobasis.index(variable)] if variable in cobasis else divisor * (basis[row] == variable)

    rows = [row for row in range(len(basis)) if table[row, column] > 0]
    actions = len(cobasis)
    for variable in (-1, *range(actions, actions + len(basis))):
        if len(rows) == 1:
            break
        ratios = [fmpq(entry(row, variable), table[row, column]) for row in rows]
        least = min(ratios)
        rows = [row for row, ratio in zip(rows, ratios, strict=True) if ratio == least]
    return rows[0]


def _exchange(table: Whole, divisor: Any, row: int, column: int) -> Any:
    """Pivot in place, all entries being shares of ``divisor``; return the new divisor."""
    own, entering = table[row].copy(), table[:, column].copy()
    pivot = own[column]
    table[:] = (table * pivot - np.outer(entering, own)) // divisor
    table[row], table[:, column] = own, -entering
    table[row, column] = divisor
    return pivot
