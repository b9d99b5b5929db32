"""What is the optimum of a linear program: in floating point where that is sure, exactly where it is not?

Small programs are solved by the simplex method on whole numbers (the division-free pivots of Edmonds 1967, Journal of
Research of the National Bureau of Standards 71B; ties of the ratio test broken lexicographically, Dantzig, Orden and
Wolfe 1955, Pacific Journal of Mathematics 5, so that it ends). Nothing is rounded, so payoffs of any scale are safe.
Larger ones go to HiGHS; whoever asks checks the answer by its duals, and in doubt asks again, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import ComputationError

__all__ = ["MatrixGame", "Optimum", "can_be_exact", "matrix_game", "maximise"]

Table = NDArray[Any]  # of Fraction or int where exact, of float otherwise

EXACT_FIRST = 200  # entries of a program up to which exact pivots take no longer than HiGHS
EXACT_MOST = 1_500  # entries up to which they take less than some seconds, so that they can decide in doubt


@dataclass(frozen=True, eq=False)
class Optimum:
    """The optimal value, an optimal point, the duals of the constraints, and whether the optimum is proved unique.

    ``exact`` says whether the numbers are fractions; ``unique`` and ``unique_duals`` are never claimed of floats.
    """

    value: Any
    point: Table
    duals: Table
    exact: bool
    unique: bool
    unique_duals: bool


@dataclass(frozen=True, eq=False)
class MatrixGame:
    """An optimal strategy of each side of a zero-sum game, and whether the first side's is proved unique."""

    strategy: Table
    belief: Table
    exact: bool
    unique: bool


def maximise(objective: Table, matrix: Table, limits: Table, *, exact: bool = False) -> Optimum:
    """Maximise ``objective @ x`` subject to ``matrix @ x <= limits`` and ``x >= 0``, where no limit is negative.

    ``exact=True`` keeps a large program exact too. Raises ComputationError where there is no largest value.

    >>> best = maximise(*(np.array(own, dtype=object) for own in ([1, 1], [[2, 1], [1, 3]], [1, 1])))
    >>> str(best.value), [str(p) for p in best.point], best.unique
    ('3/5', ['2/5', '1/5'], True)
    """
    if exact or _cells(matrix) <= EXACT_FIRST:
        return _exact_maximum(objective, matrix, limits)
    return _float_maximum(*(np.asarray(own, dtype=np.float64) for own in (objective, matrix, limits)))


def can_be_exact(matrix: Table) -> bool:
    """Whether the program with these constraints is small enough to be solved exactly in doubt."""
    return _cells(matrix) <= EXACT_MOST


def _cells(matrix: Table) -> int:
    """Number of entries of the simplex table."""
    return int((matrix.shape[0] + 1) * (matrix.shape[1] + 1))


def matrix_game(table: Table, *, exact: bool = False) -> MatrixGame:
    """Solve the zero-sum game in which the first side gets ``table[own, other]`` and the other side pays it.

    >>> game = matrix_game(np.array([[3, 0], [1, 2]], dtype=object))
    >>> [str(p) for p in game.strategy], [str(p) for p in game.belief]
    (['1/4', '3/4'], ['1/2', '1/2'])
    """
    low, span = table.min(), (table.max() - table.min()) or 1
    ones = [np.ones(size, dtype=np.int64).astype(object) for size in table.shape]
    best = maximise(ones[1], (table - low) / Fraction(span) + 1, ones[0], exact=exact)
    strategy, belief = (own / own.sum() if own.sum() > 0 else 1 / own.size + own for own in (best.duals, best.point))
    return MatrixGame(strategy, belief, best.exact, best.unique_duals)


def _exact_maximum(objective: Table, matrix: Table, limits: Table) -> Optimum:
    """Pivot on whole numbers until no variable improves the objective."""
    rows, columns = matrix.shape
    table = np.zeros((rows + 1, columns + 1), dtype=object)
    scales = []
    for row, values in enumerate([*(np.append(a, b) for a, b in zip(matrix, limits, strict=True)), objective]):
        scale, table[row, : len(values)] = whole_numbers(values)
        scales.append(scale)
    table[rows] = -table[rows]
    basis, cobasis, common = np.arange(columns, columns + rows), np.arange(columns), 1
    while (column := int(np.argmin(table[rows, :-1]))) >= 0 and table[rows, column] < 0:
        row = _leaving_row(table, basis, cobasis, common, column)
        common = _pivot(table, row, column, common)
        basis[row], cobasis[column] = cobasis[column], basis[row]
    point, duals = [Fraction(0)] * columns, [Fraction(0)] * rows
    for row, variable in enumerate(basis):
        if variable < columns:
            point[variable] = Fraction(table[row, -1], common)
    for column, variable in enumerate(cobasis):
        if variable >= columns:
            slack = variable - columns
            duals[slack] = Fraction(table[rows, column] * scales[slack], common * scales[rows])
    return Optimum(
        value=Fraction(table[rows, -1], common * scales[rows]),
        point=np.array(point, dtype=object),
        duals=np.array(duals, dtype=object),
        exact=True,
        unique=bool((table[rows, :-1] > 0).all()),
        unique_duals=bool((table[:rows, -1] > 0).all()),
    )


def whole_numbers(values: Sequence[Fraction] | Table) -> tuple[int, list[int]]:
    """Return the smallest positive factor that makes all values whole, and the values times that factor.

    >>> whole_numbers([Fraction(1, 2), Fraction(2, 3), Fraction(1)])
    (6, [3, 4, 6])
    """
    fractions = [Fraction(value) for value in values]
    scale = lcm(*(value.denominator for value in fractions))
    return scale, [value.numerator * (scale // value.denominator) for value in fractions]


def _leaving_row(table: Table, basis: NDArray[Any], cobasis: NDArray[Any], common: int, column: int) -> int:
    """The row that leaves when ``column`` enters: the least ratio of the right-hand sides, then of the slacks."""
    rows = [int(row) for row in np.flatnonzero(table[:-1, column] > 0)]
    if not rows:
        raise ComputationError("a linear program has no largest value")
    variables = len(cobasis)
    rows = _least(rows, table[:, -1], table[:, column])
    slack = variables
    while len(rows) > 1:
        place = np.flatnonzero(cobasis == slack)
        values = table[:, place[0]] if len(place) else np.append(common * (basis == slack).astype(object), 0)
        rows = _least(rows, values, table[:, column])
        slack += 1
    return rows[0]


def _least(rows: list[int], values: Table, divisors: Table) -> list[int]:
    """The rows at which ``values / divisors`` is least; the divisors are positive."""
    kept = rows[:1]
    for row in rows[1:]:
        difference = values[row] * divisors[kept[0]] - values[kept[0]] * divisors[row]
        if difference < 0:
            kept = [row]
        elif difference == 0:
            kept.append(row)
    return kept


def _pivot(table: Table, row: int, column: int, common: int) -> int:
    """Exchange the variables of a row and a column in place; return the new common denominator."""
    pivot = table[row, column]
    leaving, entering = table[row].copy(), table[:, column].copy()
    table *= pivot
    table -= np.multiply.outer(entering, leaving)
    table //= common
    table[:, column] = -entering
    table[row] = leaving
    table[row, column] = common
    return int(pivot)


def _float_maximum(objective: Table, matrix: Table, limits: Table) -> Optimum:
    """Solve in floating point; every row is first divided by its largest entry.

    Where HiGHS fails the answer is a point without duals, which any check rejects.
    """
    from scipy.optimize import linprog

    scale = np.abs(matrix).max(axis=1)
    scale[scale == 0] = 1.0
    size = np.abs(objective).max() or 1.0
    found = linprog(
        -objective / size,
        A_ub=matrix / scale[:, np.newaxis],
        b_ub=limits / scale,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.x is None or found.status != 0:
        return Optimum(0.0, np.ones(len(objective)), np.zeros(len(limits)), False, False, False)
    point = np.maximum(found.x, 0.0)
    duals = np.maximum(-found.ineqlin.marginals, 0.0) * size / scale
    return Optimum(float(objective @ point), point, duals, exact=False, unique=False, unique_duals=False)
