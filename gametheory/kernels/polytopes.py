"""Which vertices does a best-response polytope have, ties included?

For one player let ``C[k, v] > 0`` be the payoff of the opponent's action ``k`` when this player plays action ``v``. The
polytope ``{x >= 0, C x <= 1}`` has one label for each inequality: ``x[v] = 0`` says that action ``v`` is unplayed, and
``(C x)[k] = 1`` that reply ``k`` is best. Ties give vertices with more tight inequalities than dimensions. The walk
therefore runs over the *perturbed* polytope ``C x <= 1 + (e, e^2, ...)`` for an infinitesimal ``e``: it is simple, so
its graph is connected, and each vertex of the true polytope is the limit of at least one of its vertices (Avis,
Rosenberg, Savani and von Stengel 2010, Economic Theory 42). A vertex is known by the set of its nonbasic variables, one
bit each.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int8]

# Inside the walk every number is a share of a column's own payoff differences (see `scaling`), so these are relative.
ZERO = 1e-11  # values up to this are read as zero: ten thousand times the rounding of a few dozen pivots
DOUBT_LOW = 1e-13  # between these two a value is neither clearly zero nor clearly not:
DOUBT_HIGH = 1e-8  # the game is handed to exact arithmetic

CLOSED, DOUBTFUL, OVERFLOW = 0, 1, 2


@njit(nogil=True, cache=True)
def walk(
    tableaus: FloatArray,
    basis: SmallArray,
    cobasis: SmallArray,
    masks: IntArray,
    table: NDArray[np.int32],
    done: IntArray,
    rows: int,
    columns: int,
) -> tuple[int, int]:
    """Visit every vertex of the perturbed polytope whose origin stands in slot 0; return (vertices, status).

    ``tableaus[vertex, row, column]`` are the dictionaries ``basic = rhs - T nonbasic`` with ``rhs`` in column
    ``columns``; ``basis[vertex, row]`` and ``cobasis[vertex, column]`` name the variables: ``0 .. columns - 1`` are the
    actions, then come the slacks. ``masks`` receives the bits of the nonbasic variables and ``table`` is a hash table
    of vertex numbers, ``-1`` where free, of a length that is a power of two. ``done`` is memory for the edges that were
    already met from their other end, one bit a nonbasic variable. The status is CLOSED when every neighbour
    of every vertex was visited, DOUBTFUL when a number met on the way was neither clearly zero nor clearly not, and
    OVERFLOW when the slots ran out (the walk is then incomplete).
    """
    for row in range(rows):
        basis[0, row] = columns + row
    for column in range(columns):
        cobasis[0, column] = column
    masks[0] = (np.int64(1) << columns) - 1
    table[find(masks, table, masks[0])] = 0
    done[0] = 0
    count, current, status = 1, 0, CLOSED
    while current < count:
        for column in range(columns):
            entering = cobasis[current, column]
            if (done[current] >> np.int64(entering)) & 1:
                continue
            row, doubtful = leaving_row(tableaus, basis, cobasis, current, column, rows, columns)
            if doubtful:
                status = DOUBTFUL
            leaving = basis[current, row]
            mask = masks[current] ^ (np.int64(1) << np.int64(entering)) ^ (np.int64(1) << np.int64(leaving))
            place = find(masks, table, mask)
            known = table[place]
            if known >= 0:
                done[known] |= np.int64(1) << np.int64(leaving)
                continue
            if count == masks.shape[0]:
                return count, OVERFLOW
            table[place] = count
            masks[count] = mask
            done[count] = np.int64(1) << np.int64(leaving)
            pivot(tableaus, current, count, row, column, rows, columns)
            for k in range(rows):
                basis[count, k] = basis[current, k]
                if DOUBT_LOW < abs(tableaus[count, k, columns]) < DOUBT_HIGH:
                    status = DOUBTFUL
            for k in range(columns):
                cobasis[count, k] = cobasis[current, k]
            basis[count, row], cobasis[count, column] = entering, leaving
            count += 1
        current += 1
    return count, status


@njit(nogil=True, cache=True, inline="always")
def find(masks: IntArray, table: NDArray[np.int32], mask: int) -> np.int64:
    """The place of ``mask`` in the hash table, or the free place where it belongs.

    Each step of the hash is a bijection on the low bits: where the table has a place for every mask, none collide.
    """
    last = table.shape[0] - 1
    mixed = mask ^ (mask >> 18) ^ (mask >> 36)
    place = (mixed * np.int64(0x9E3779B1)) & last
    while table[place] >= 0 and masks[table[place]] != mask:
        place = (place + 1) & last
    return np.int64(place)


@njit(nogil=True, cache=True)
def leaving_row(
    tableaus: FloatArray, basis: SmallArray, cobasis: SmallArray, vertex: int, column: int, rows: int, columns: int
) -> tuple[int, bool]:
    """The row that leaves when ``column`` enters, by the lexicographic rule, and whether the choice was doubtful."""
    best, ratio, doubtful = -1, np.inf, False
    for row in range(rows):
        entry, value = tableaus[vertex, row, column], tableaus[vertex, row, columns]
        if value <= ZERO:
            if DOUBT_LOW < abs(entry) < DOUBT_HIGH:
                doubtful = True
            value = 0.0
        if entry <= ZERO:
            continue
        candidate = value / entry
        if candidate < ratio - ZERO:
            best, ratio = row, candidate
        elif candidate <= ratio + ZERO:
            if earlier(tableaus, basis, cobasis, vertex, column, row, best, rows, columns):
                best = row
            ratio = min(ratio, candidate)
    return best, doubtful


@njit(nogil=True, cache=True)
def earlier(
    tableaus: FloatArray,
    basis: SmallArray,
    cobasis: SmallArray,
    vertex: int,
    column: int,
    row: int,
    other: int,
    rows: int,
    columns: int,
) -> bool:
    """Whether ``row`` blocks before ``other`` in the perturbed polytope, their ratios being tied.

    The perturbation of row ``r`` is the row of the basis inverse, whose entries are those of the slack columns: read
    from the tableau for a nonbasic slack, a unit vector for a basic one.
    """
    mine, its = tableaus[vertex, row, column], tableaus[vertex, other, column]
    for slack in range(columns, columns + rows):
        left, right = 0.0, 0.0
        if basis[vertex, row] == slack:
            left = 1.0
        if basis[vertex, other] == slack:
            right = 1.0
        for k in range(columns):
            if cobasis[vertex, k] == slack:
                left, right = tableaus[vertex, row, k], tableaus[vertex, other, k]
                break
        difference = left / mine - right / its
        if abs(difference) > ZERO * max(1.0, abs(left / mine)):
            return bool(difference < 0)
    return False


@njit(nogil=True, cache=True)
def pivot(tableaus: FloatArray, source: int, target: int, row: int, column: int, rows: int, columns: int) -> None:
    """Write into slot ``target`` the dictionary of ``source`` after ``row`` leaves and ``column`` enters."""
    inverse = 1.0 / tableaus[source, row, column]
    for k in range(columns + 1):
        tableaus[target, row, k] = tableaus[source, row, k] * inverse
    tableaus[target, row, column] = inverse
    for other in range(rows):
        if other != row:
            factor = tableaus[source, other, column]
            for k in range(columns + 1):
                tableaus[target, other, k] = tableaus[source, other, k] - factor * tableaus[target, row, k]
            tableaus[target, other, column] = -factor * inverse


@njit(nogil=True, cache=True)
def tight_labels(
    tableaus: FloatArray, basis: SmallArray, masks: IntArray, tight: IntArray, count: int, rows: int, columns: int
) -> bool:
    """Write into ``tight`` the bits of every inequality that is tight at each vertex; return whether any is surplus.

    Labels are read from all variables, never from the basis alone: a basic variable at zero is a tie.
    """
    surplus = False
    for vertex in range(count):
        mask = masks[vertex]
        for row in range(rows):
            if tableaus[vertex, row, columns] <= ZERO:
                mask |= np.int64(1) << np.int64(basis[vertex, row])
                surplus = True
        tight[vertex] = mask
    return surplus


@njit(nogil=True, cache=True)
def sign_of_support(basis: SmallArray, vertex: int, replies: int, rows: int, columns: int, target: IntArray) -> int:
    """Sign of the determinant of the payoffs on the support, at a vertex whose tight replies are the bits ``replies``.

    All pivots are positive, so the basis matrix in the order of its rows has a positive determinant; moving the slack
    of reply ``k`` to column ``k`` and the actions, in order, to the columns of the tight replies leaves the sign of
    that permutation. ``target`` is memory for it.
    """
    for row in range(rows):
        variable = basis[vertex, row]
        if variable >= columns:
            target[row] = variable - columns
        else:
            rank = 0
            for other in range(rows):
                if basis[vertex, other] < variable:
                    rank += 1
            target[row] = nth_bit(replies, rank)
    sign = 1
    for row in range(rows):
        for other in range(row):
            if target[other] > target[row]:
                sign = -sign
    return sign


@njit(nogil=True, cache=True)
def nth_bit(mask: int, rank: int) -> int:
    """Number of the ``rank``-th set bit of ``mask``, counted from 0."""
    for bit in range(64):
        if (mask >> bit) & 1:
            if rank == 0:
                return bit
            rank -= 1
    return -1
