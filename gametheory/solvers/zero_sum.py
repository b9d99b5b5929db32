"""What is the value of a zero-sum game, which strategies secure it, and are they the only ones?

One linear program gives an optimal strategy of each player, as its primal and its dual solution (von Neumann 1928;
Dantzig 1951). All equilibria of a zero-sum game form a product of two convex sets, hence one component, of index +1. So
an equilibrium that is isolated is the only one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import FloatArray
from gametheory.kernels.payoffs import ROUNDING
from gametheory.solvers.bases import Basis

SIMPLEX_LABELS = 600  # beyond so many actions the interior-point method with crossover is faster than the simplex
NEAR = 1e-7  # the program's own tolerance: numbers within it of a bound are read as lying there


def opposed(a: FloatArray, b: FloatArray) -> bool:
    """Whether the game is zero-sum, up to rounding and up to the unit and origin in which each player's payoffs stand.

    That is: ``b = constant - factor * a`` in every cell, with a positive factor.

    >>> a = np.array([[1.0, 2.0], [3.0, -4.0]])
    >>> opposed(a, 10 - 2 * a), opposed(a, a), opposed(a, -a + np.eye(2))
    (True, False, False)
    """
    first, last = np.unravel_index(a.argmin(), a.shape), np.unravel_index(a.argmax(), a.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        span, fall = a[last] - a[first], b[first] - b[last]
        if not (0 < span < np.inf and 0 < fall < np.inf):
            return bool(span == 0 and np.ptp(b) == 0)
        same_unit = abs(fall - span) <= 4 * ROUNDING * (np.abs(a).max() + np.abs(b).max())
        own = a if same_unit else a * (fall / span)
        size = np.abs(b) + np.abs(own)
        constant = (b + own).flat[size.argmin()]
        return bool(np.all(np.abs(b + own - constant) <= ROUNDING * (size + abs(constant))))


def optimal_bases(a: FloatArray, seconds: float) -> list[Basis]:
    """Return supports of equal size that should carry an optimal pair, the likeliest first, by HiGHS.

    ``a`` are the row player's payoffs. The linear program is solved up to its own tolerance: the caller solves on the
    supports and checks. The list is empty where the program was not solved in time.

    >>> optimal_bases(np.array([[1.0, -1.0, 2.0], [-1.0, 1.0, 2.0]]), 60.0)[0]
    ((0, 1), (0, 1))
    """
    from scipy.optimize import linprog

    half = a * 0.5
    span = half.max() - half.min()
    table = 1.0 + ((half - half.min()) / span if span > 0 else np.zeros(a.shape))
    m, n = table.shape
    found = linprog(
        np.ones(m),
        A_ub=-table.T,
        b_ub=-np.ones(n),
        method="highs-ds" if m + n <= SIMPLEX_LABELS else "highs-ipm",
        options={"time_limit": seconds},
    )
    if found.x is None or found.status != 0:
        return []
    x, y = found.x, -np.asarray(found.ineqlin.marginals)
    rows, columns = np.flatnonzero(x > NEAR), np.flatnonzero(y > NEAR)
    tight_rows, tight_columns = np.flatnonzero(table @ y >= 1 - 10 * NEAR), np.flatnonzero(x @ table <= 1 + 10 * NEAR)
    kernel = _kernel(table, np.union1d(tight_rows, rows), np.union1d(tight_columns, columns), rows, columns)
    direct = [(tuple(rows.tolist()), tuple(columns.tolist()))] if len(rows) == len(columns) else []
    return [*direct, *kernel]


def _kernel(
    table: FloatArray,
    tight_rows: NDArray[np.intp],
    tight_columns: NDArray[np.intp],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> list[Basis]:
    """Extend the rows and columns in use, within the tight ones, to a square of full rank (Shapley and Snow 1950).

    The used rows of an extreme optimal pair are independent, and so are its used columns: each extends to a basis of
    all tight rows, or columns, and where two such bases cross the table is nonsingular.
    """
    block = table[np.ix_(tight_rows, tight_columns)]
    own = tight_rows[_independent(block, np.isin(tight_rows, rows))]
    its = tight_columns[_independent(block.T, np.isin(tight_columns, columns))]
    return [(tuple(sorted(own.tolist())), tuple(sorted(its.tolist())))] if len(own) == len(its) else []


def _independent(block: FloatArray, first: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows of ``block`` that span all its rows, the ``first`` ones foremost."""
    from scipy.linalg import qr

    preferred, others = np.flatnonzero(first), np.flatnonzero(~first)
    frame = np.linalg.qr(block[preferred].T)[0]
    rest = block[others].T
    rest = rest - frame @ (frame.T @ rest)
    if not rest.size:
        return preferred
    _, triangle, order = qr(rest, mode="economic", pivoting=True)
    rank = int((np.abs(np.diag(triangle)) > 1e-9 * np.abs(block).max()).sum())
    return np.concatenate([preferred, others[order[:rank]]])
