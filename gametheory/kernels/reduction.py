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

PLACES = 62  # that the bits of a whole number can tell apart


@njit(nogil=True, cache=True, error_model="numpy")
def copy_game(payoffs: FloatArray, game: int, a: FloatArray, b: FloatArray) -> bool:
    """Copy one game of ``payoffs[game, player, row, column]`` into ``a`` and ``b``; return whether it is finite."""
    finite = True
    for row in range(a.shape[0]):
        for column in range(a.shape[1]):
            mine, its = payoffs[game, 0, row, column], payoffs[game, 1, row, column]
            finite = finite and np.isfinite(mine) and np.isfinite(its)
            a[row, column], b[column, row] = mine, its
    return finite


@njit(nogil=True, cache=True, error_model="numpy")
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


@njit(nogil=True, cache=True, error_model="numpy")
def undominated(a: FloatArray, b: FloatArray, rows: IntArray, columns: IntArray) -> tuple[int, int]:
    """Leave in ``rows`` and ``columns`` the actions that survive iterated elimination; return how many.

    An action goes when another action of the same player is strictly better against everything that is left. No
    equilibrium uses such an action, and the order of elimination does not matter.
    """
    m, n = a.shape[0], b.shape[0]
    for row in range(m):
        rows[row] = row
    for column in range(n):
        columns[column] = column
    fewer = True
    while fewer:
        m = survivors(a, rows, m, columns, n)
        left = survivors(b, columns, n, rows, m)
        fewer, n = left < n, left
    return m, n


@njit(nogil=True, cache=True, forceinline=True)
def survivors(payoffs: FloatArray, own: IntArray, own_count: int, others: IntArray, other_count: int) -> int:
    """Drop from ``own`` the actions that another one strictly dominates against ``others``; return how many stay.

    A best reply to some action is not dominated, which most often settles it.
    """
    replies = np.int64(0)  # bits of the places in ``own``; those beyond are looked at one by one
    for other in range(other_count):
        best, most = 0, -np.inf
        for place in range(own_count):
            value = payoffs[own[place], others[other]]
            best, most = (place, value) if value > most else (best, most)
        if best < PLACES:
            replies |= np.int64(1) << best
    place, count = 0, own_count
    for _ in range(own_count):
        if replies & 1 or not dominated(payoffs, own, place, count, others, other_count):
            place += 1
        else:
            count -= 1
            for later in range(place, count):
                own[later] = own[later + 1]
        replies >>= 1
    return count


@njit(nogil=True, cache=True, forceinline=True)
def dominated(
    payoffs: FloatArray, own: IntArray, place: int, own_count: int, others: IntArray, other_count: int
) -> bool:
    """Whether another of the first ``own_count`` actions in ``own`` is strictly better than that at ``place``."""
    found, rival = False, 0
    while rival < own_count and not found:
        other = 0
        while other < other_count and payoffs[own[rival], others[other]] > payoffs[own[place], others[other]]:
            other += 1
        found = other == other_count
        rival += 1
    return found
