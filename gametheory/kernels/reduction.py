"""Which actions can be left out because another one is always better?

``a[row, column]`` are the row player's payoffs and ``b[column, row]`` the column player's: each player's own actions
come first. Everything is done in place, because a batch holds a million games.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.payoffs import ROUNDING

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(nogil=True, cache=True)
def copy_game(payoffs: FloatArray, game: int, a: FloatArray, b: FloatArray) -> bool:
    """Copy one game of ``payoffs[game, player, row, column]`` into ``a`` and ``b``; return whether it is finite."""
    finite = True
    for row in range(a.shape[0]):
        for column in range(a.shape[1]):
            mine, its = payoffs[game, 0, row, column], payoffs[game, 1, row, column]
            finite = finite and np.isfinite(mine) and np.isfinite(its)
            a[row, column], b[column, row] = mine, its
    return finite


@njit(nogil=True, cache=True)
def snap(payoffs: FloatArray) -> None:
    """Make payoffs of one column equal that differ only by rounding; ``payoffs[own action, other's action]``."""
    for own in range(1, payoffs.shape[0]):
        for other in range(payoffs.shape[1]):
            value = payoffs[own, other]
            for before in range(own):
                reference = payoffs[before, other]
                if value != reference and abs(value - reference) <= ROUNDING * max(abs(value), abs(reference)):
                    payoffs[own, other] = reference
                    break


@njit(nogil=True, cache=True)
def undominated(a: FloatArray, b: FloatArray, rows: IntArray, columns: IntArray) -> tuple[int, int]:
    """Leave in ``rows`` and ``columns`` the actions that survive iterated elimination; return how many.

    An action goes when another action of the same player is strictly better against everything that is left. No
    equilibrium uses such an action, and the order of elimination does not matter.
    """
    for row in range(a.shape[0]):
        rows[row] = row
    for column in range(b.shape[0]):
        columns[column] = column
    m, n = a.shape[0], b.shape[0]
    while True:
        fewer_rows = survivors(a, rows, m, columns, n)
        fewer_columns = survivors(b, columns, n, rows, fewer_rows)
        if fewer_rows == m and fewer_columns == n:
            return m, n
        m, n = fewer_rows, fewer_columns


@njit(nogil=True, cache=True)
def survivors(payoffs: FloatArray, own: IntArray, own_count: int, others: IntArray, other_count: int) -> int:
    """Drop from ``own`` the actions that another one strictly dominates against ``others``; return how many stay."""
    place = 0
    while place < own_count:
        dominated = False
        for rival in range(own_count):
            if rival == place:
                continue
            dominated = True
            for other in range(other_count):
                if payoffs[own[rival], others[other]] <= payoffs[own[place], others[other]]:
                    dominated = False
                    break
            if dominated:
                break
        if dominated:
            own_count -= 1
            for later in range(place, own_count):
                own[later] = own[later + 1]
        else:
            place += 1
    return own_count
