"""Where does a path of complementary pivots lead?

A dictionary ``(tableau, basis, cobasis)`` of one best-response polytope ``{v >= 0, table v <= 1}`` reads ``basic =
right - T nonbasic``: ``T`` and, as its last column, ``right`` stand in the tableau, ``basis`` and ``cobasis`` name the
variables of its rows and columns, first the actions and then the slacks of the replies. Labels number the row player's
actions, then the column player's. A pair of dictionaries is complementary when each label is nonbasic in exactly one of
the two; apart from the pair of origins it is then an equilibrium. Dropping one label and picking up, by turns, the
label that the last pivot doubled leads from one complementary pair to another (Lemke and Howson 1964, Journal of the
Society for Industrial and Applied Mathematics 12). The lexicographic rule keeps the path from turning in a circle.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Dictionary = tuple[FloatArray, IntArray, IntArray]

ZERO = 1e-11  # values up to this are read as zero; every number is a share of a column's own payoff differences
CLOSED, BROKEN = -1, -2  # instead of the next label: the path has reached its end; no row could leave
SINGULAR = 1e-13  # a largest pivot below this says that the wanted basis is none


def origin(table: FloatArray) -> Dictionary:
    """The dictionary of the origin of ``{v >= 0, table v <= 1}``; ``table[reply, action]`` is positive."""
    rows, columns = table.shape
    return np.hstack([table, np.ones((rows, 1))]), np.arange(columns, columns + rows), np.arange(columns)


@njit(nogil=True, cache=True)
def enter(dictionary: Dictionary, played: BoolArray, best: BoolArray) -> bool:
    """Lead the dictionary of the origin to the one with ``played`` actions and ``best`` replies; does it exist?

    The largest pivot goes first, so that the end carries little rounding, and none of the path that found it.
    """
    tableau, basis, cobasis = dictionary
    rows, columns = len(basis), len(cobasis)
    wanted = 0
    for action in range(columns):
        wanted += played[action]
    for _ in range(wanted):
        largest, at_row, at_column = SINGULAR, -1, -1
        for row in range(rows):
            if basis[row] < columns or not best[basis[row] - columns]:
                continue
            for column in range(columns):
                if cobasis[column] < columns and played[cobasis[column]]:
                    size = abs(tableau[row, column])
                    if size > largest:
                        largest, at_row, at_column = size, row, column
        if at_row < 0:
            return False
        exchange(dictionary, at_row, at_column)
    return True


@njit(nogil=True, cache=True)
def exchange(dictionary: Dictionary, row: int, column: int) -> None:
    """Pivot in place: the variable of ``row`` leaves and that of ``column`` enters."""
    tableau, basis, cobasis = dictionary
    inverse = 1.0 / tableau[row, column]
    own = tableau[row]
    for k in range(len(own)):
        own[k] *= inverse
    own[column] = inverse
    for other in range(len(basis)):
        factor = tableau[other, column]
        if other != row and factor != 0:
            line = tableau[other]
            line[column] = 0.0
            for k in range(len(own)):
                line[k] -= factor * own[k]
    basis[row], cobasis[column] = cobasis[column], basis[row]


@njit(nogil=True, cache=True)
def leaving_row(dictionary: Dictionary, column: int) -> int:
    """The row that leaves when ``column`` enters, by the lexicographic rule; -1 where none is left by rounding."""
    tableau, basis, _ = dictionary
    best, ratio, last = -1, np.inf, tableau.shape[1] - 1
    for row in range(len(basis)):
        entry = tableau[row, column]
        if entry <= ZERO:
            continue
        candidate = max(tableau[row, last], 0.0) / entry
        if candidate < ratio - ZERO:
            best, ratio = row, candidate
        elif candidate <= ratio + ZERO:
            if earlier(dictionary, column, row, best):
                best = row
            ratio = min(ratio, candidate)
    return best


@njit(nogil=True, cache=True)
def earlier(dictionary: Dictionary, column: int, row: int, other: int) -> bool:
    """Whether ``row`` blocks before ``other`` when each right-hand side is perturbed, the first ones most.

    The perturbation of a row is that of the basis inverse, whose entries stand in the columns of the slacks: in the
    dictionary for a nonbasic slack, a unit vector for a basic one.
    """
    tableau, basis, cobasis = dictionary
    actions = len(cobasis)
    mine, its = tableau[row, column], tableau[other, column]
    for slack in range(actions, actions + len(basis)):
        place = place_of(cobasis, slack)
        left, right = 0.0, 0.0
        if place >= 0:
            left, right = tableau[row, place], tableau[other, place]
        elif basis[row] == slack:
            left = 1.0
        elif basis[other] == slack:
            right = 1.0
        difference = left / mine - right / its
        if abs(difference) > ZERO * max(1.0, abs(left / mine)):
            return bool(difference < 0)
    return False


@njit(nogil=True, cache=True)
def follow(first: Dictionary, second: Dictionary, missing: int, entering: int, side: int, most: int) -> tuple[int, int]:
    """Pivot both dictionaries in place, at most ``most`` times, until label ``missing`` is picked up again.

    ``first`` belongs to the row player's strategies, ``second`` to the column player's; label ``entering`` enters the
    first on side 0, the second on side 1. Returns the label that enters next and its side: CLOSED at the end of the
    path, BROKEN where rounding has left no row to pivot on.
    """
    m, n = len(first[2]), len(second[2])
    for _ in range(most):
        own, variable = (second, turned(entering, m, n)) if side else (first, entering)
        column = place_of(own[2], variable)
        row = -1 if column < 0 else leaving_row(own, column)
        if row < 0:
            return BROKEN, side
        entering = turned(own[1][row], n, m) if side else own[1][row]
        exchange(own, row, column)
        side = 1 - side
        if entering == missing:
            return CLOSED, side
    return int(entering), side


@njit(nogil=True, cache=True)
def turned(label: int, first: int, others: int) -> int:
    """The number of a label among all when the ``others`` come before the ``first`` instead of behind them."""
    return label + others if label < first else label - first


@njit(nogil=True, cache=True)
def place_of(cobasis: IntArray, variable: int) -> int:
    """The column in which a variable stands, -1 where it is basic."""
    for column in range(len(cobasis)):
        if cobasis[column] == variable:
            return column
    return -1
