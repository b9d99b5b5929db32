"""Which pairs of two rows and two columns may carry an equilibrium of a two-player game?

Against a mix of two rows each column pays a straight line, so the columns that can be best replies form the upper
envelope of these lines, and two of them are best together only at its corners. Walking the envelope of every pair of
rows therefore finds every equilibrium with supports of two actions each, without trying all pairs of columns (the order
of search, small balanced supports first, is that of Porter, Nudelman and Shoham 2008, Games and Economic Behavior 63).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LOOSE = 1e-9  # a pair is kept when it fails by less than this share of the payoffs in play: the caller decides finely


@njit(nogil=True, cache=True)
def two_by_two(own: FloatArray, its: FloatArray, first: int, out: IntArray) -> int:
    """Write into ``out`` the supports ``(first, row, column, column)`` of candidates; return how many there are.

    ``own[column, row]`` are the row player's payoffs and ``its[row, column]`` the column player's. Only pairs of rows
    ``first < row`` are looked at; beyond the length of ``out`` candidates are counted and not written. Every
    equilibrium in which both players mix exactly two actions, with one solution, is among the candidates.
    """
    n, m = own.shape
    tight = np.empty(n, np.int64)
    count = 0
    for second in range(first + 1, m):
        share, column = 0.0, start_of_envelope(its[first], its[second])
        while True:
            share, following = next_corner(its[first], its[second], share, column)
            if following < 0:
                break
            ties = tight_columns(its[first], its[second], share, column, tight)
            for later in range(ties):
                for earlier in range(later):
                    one, other = tight[earlier], tight[later]
                    if crosses(its, first, second, one, other) and best_rows(own, first, second, one, other):
                        if count < out.shape[0]:
                            out[count, 0], out[count, 1], out[count, 2], out[count, 3] = first, second, one, other
                        count += 1
            column = following
    return count


@njit(nogil=True, cache=True)
def start_of_envelope(at_one: FloatArray, at_zero: FloatArray) -> int:
    """The column that is best when the first row has no weight, the steepest of several."""
    best = 0
    for k in range(1, len(at_zero)):
        if at_zero[k] > at_zero[best] or (at_zero[k] == at_zero[best] and at_one[k] > at_one[best]):
            best = k
    return best


@njit(nogil=True, cache=True)
def next_corner(at_one: FloatArray, at_zero: FloatArray, share: float, column: int) -> tuple[float, int]:
    """The weight of the first row at which another column becomes better than ``column``, and the steepest such one.

    No column, -1, where ``column`` stays best up to weight 1.
    """
    nearest, steepest = 1.0, -1
    for k in range(len(at_one)):
        gain, lead = at_one[k] - at_one[column], at_zero[column] - at_zero[k]
        if gain <= 0 or gain + lead <= 0:
            continue
        corner = max(lead / (gain + lead), share)
        if corner < nearest or (corner == nearest and steepest >= 0 and at_one[k] > at_one[steepest]):
            nearest, steepest = corner, k
    return nearest, steepest


@njit(nogil=True, cache=True)
def tight_columns(at_one: FloatArray, at_zero: FloatArray, share: float, column: int, tight: IntArray) -> int:
    """Write the columns that are best replies to weight ``share`` on the first row; return how many there are."""
    value = share * at_one[column] + (1 - share) * at_zero[column]
    count = 0
    for k in range(len(at_one)):
        pays = share * at_one[k] + (1 - share) * at_zero[k]
        size = share * (abs(at_one[k]) + abs(at_one[column])) + (1 - share) * (abs(at_zero[k]) + abs(at_zero[column]))
        if value - pays <= LOOSE * size:
            tight[count] = k
            count += 1
    return count


@njit(nogil=True, cache=True)
def crosses(payoffs: FloatArray, first: int, second: int, one: int, other: int) -> bool:
    """Whether some mix with both weights positive of two rows makes the two columns equally good, and only one does."""
    left, right = payoffs[first, one] - payoffs[first, other], payoffs[second, other] - payoffs[second, one]
    return bool((left > 0 and right > 0) or (left < 0 and right < 0))


@njit(nogil=True, cache=True)
def best_rows(own: FloatArray, first: int, second: int, one: int, other: int) -> bool:
    """Whether both rows are best replies to the mix of two columns that makes them equally good."""
    if not crosses(own, one, other, first, second):
        return False
    left, right = own[one, first] - own[one, second], own[other, second] - own[other, first]
    share = right / (left + right)
    value = share * own[one, first] + (1 - share) * own[other, first]
    scale = share * abs(own[one, first]) + (1 - share) * abs(own[other, first])
    for row in range(own.shape[1]):
        pays = share * own[one, row] + (1 - share) * own[other, row]
        if pays > value:
            size = scale + share * abs(own[one, row]) + (1 - share) * abs(own[other, row])
            if pays - value > LOOSE * size:
                return False
    return True
