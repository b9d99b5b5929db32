"""Where does a path of complementary pivots lead?

A dictionary ``(tableau, basis, cobasis)`` of one best-response polytope is that of `gametheory.kernels.polytopes`, with
a single slot: ``tableau[0, row, column]``, right-hand sides in the last column. Labels number the row player's actions,
then the column player's. A pair of dictionaries is complementary when each label is nonbasic in exactly one of the two;
apart from the pair of origins it is then an equilibrium. Dropping one label and picking up, by turns, the label that
the last pivot doubled leads from one complementary pair to another (Lemke and Howson 1964, Journal of the Society for
Industrial and Applied Mathematics 12). The lexicographic rule of the walk keeps the path from turning in a circle.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.polytopes import leaving_row, pivot

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Dictionary = tuple[FloatArray, IntArray, IntArray]

CLOSED, BROKEN = -1, -2  # instead of the next label: the path has reached its end; no row could leave
SINGULAR = 1e-13  # a largest pivot below this says that the wanted basis is none


@njit(nogil=True, cache=True)
def origin(table: FloatArray) -> Dictionary:
    """The dictionary of the origin of ``{v >= 0, table v <= 1}``; ``table[reply, action]`` is positive."""
    rows, columns = table.shape
    tableau = np.ones((1, rows, columns + 1))
    tableau[0, :, :columns] = table
    basis, cobasis = np.empty((1, rows), np.int64), np.empty((1, columns), np.int64)
    for row in range(rows):
        basis[0, row] = columns + row
    for column in range(columns):
        cobasis[0, column] = column
    return tableau, basis, cobasis


@njit(nogil=True, cache=True)
def enter(table: FloatArray, played: BoolArray, best: BoolArray) -> tuple[Dictionary, bool]:
    """The dictionary in which the ``played`` actions are basic and the ``best`` replies tight; does it exist?

    It is reached from the origin, largest pivot first, so that it carries no rounding of the path behind it.
    """
    dictionary = origin(table)
    tableau, basis, cobasis = dictionary
    rows, columns = table.shape
    wanted = 0
    for action in range(columns):
        wanted += played[action]
    for _ in range(wanted):
        largest, at_row, at_column = SINGULAR, -1, -1
        for row in range(rows):
            if basis[0, row] < columns or not best[basis[0, row] - columns]:
                continue
            for column in range(columns):
                if cobasis[0, column] < columns and played[cobasis[0, column]]:
                    size = abs(tableau[0, row, column])
                    if size > largest:
                        largest, at_row, at_column = size, row, column
        if at_row < 0:
            return dictionary, False
        exchange(dictionary, at_row, at_column)
    return dictionary, True


@njit(nogil=True, cache=True)
def exchange(dictionary: Dictionary, row: int, column: int) -> None:
    """Pivot in place: the variable of ``row`` leaves and that of ``column`` enters."""
    tableau, basis, cobasis = dictionary
    pivot(tableau, 0, 0, row, column, basis.shape[1], cobasis.shape[1])
    basis[0, row], cobasis[0, column] = cobasis[0, column], basis[0, row]


@njit(nogil=True, cache=True)
def follow(first: Dictionary, second: Dictionary, missing: int, entering: int, most: int) -> int:
    """Pivot both dictionaries in place, at most ``most`` times, until label ``missing`` is picked up again.

    ``first`` belongs to the row player's strategies, ``second`` to the column player's, and label ``entering`` goes
    first. Returns CLOSED at the end of the path, BROKEN where rounding has left no row to pivot on, and otherwise the
    label with which to go on.
    """
    m, n = first[2].shape[1], second[2].shape[1]
    on_first = place_of(first[2], entering) >= 0
    for _ in range(most):
        if on_first:
            column = place_of(first[2], entering)
            row = -1 if column < 0 else leaving_row(*first, 0, column, n, m)[0]
            if row < 0:
                return BROKEN
            entering = first[1][0, row]
            exchange(first, row, column)
        else:
            column = place_of(second[2], turned(entering, m, n))
            row = -1 if column < 0 else leaving_row(*second, 0, column, m, n)[0]
            if row < 0:
                return BROKEN
            entering = turned(second[1][0, row], n, m)
            exchange(second, row, column)
        if entering == missing:
            return CLOSED
        on_first = not on_first
    return int(entering)


@njit(nogil=True, cache=True)
def turned(label: int, first: int, others: int) -> int:
    """The number of a label among all when the ``others`` come before the ``first`` instead of behind them."""
    return label + others if label < first else label - first


@njit(nogil=True, cache=True)
def place_of(cobasis: IntArray, variable: int) -> int:
    """The column in which a variable stands, -1 where it is basic."""
    for column in range(cobasis.shape[1]):
        if cobasis[0, column] == variable:
            return column
    return -1
