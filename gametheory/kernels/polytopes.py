"""Which vertices does a best-response polytope have, ties included?

For one player let ``C[k, v] > 0`` be the payoff of the opponent's action ``k`` when this player plays action ``v``. The
polytope ``{x >= 0, C x <= 1}`` has one label for each inequality: ``x[v] = 0`` says that action ``v`` is unplayed, and
``(C x)[k] = 1`` that reply ``k`` is best. Ties give vertices with more tight inequalities than dimensions. The walk
therefore runs over ``C x <= 1 + (e, e^2, ...)`` with an infinitesimal ``e``. That polytope has no ties: its edges lead
from any vertex to every other, and as ``e`` shrinks its vertices close in on all those of the true one (Avis,
Rosenberg, Savani and von Stengel 2010, Economic Theory 42). A vertex is known by the set of its nonbasic variables, one
bit each.

What runs at every vertex is put into its caller (``forceinline``) and does not look for divisions by zero
(``error_model``): the call and the ways out of it would take as long as the work. The walk itself has one way out: with
several the compiler counts the users of all its arrays at each call.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int8]
Table = NDArray[np.int32]

# Inside the walk every number is a share of a column's own payoff differences (see `fill`), so these are relative.
ZERO = 1e-11  # values up to this are read as zero: ten thousand times the rounding of a few dozen pivots
DOUBT_LOW = 1e-13  # between these two a value is neither clearly zero nor clearly not:
DOUBT_HIGH = 1e-8  # the game is handed to exact arithmetic
LARGEST = 1.0 + 1e-6  # no basic value can exceed 1, since all payoffs in the walk are at least 1

SURPLUS, DOUBTFUL, OVERFLOW = 1, 2, 4  # what a walk met; 0 where nothing

NONBASIC, TIGHT, DONE = 0, 1, 2  # columns of the sets of a vertex
DIRECT_LABELS = 18  # up to here the hash table has a place for every set of labels


@njit(nogil=True, cache=True)
def make_scratch(room: int, rows: int, columns: int) -> tuple[FloatArray, SmallArray, IntArray, Table]:
    """Memory for ``room`` vertices of a polytope with at most ``rows`` replies and ``columns`` actions.

    ``tableaus[vertex, row, column]`` are the dictionaries ``basic = rhs - T nonbasic`` with ``rhs`` behind the columns.
    ``names[vertex]`` lists the variable of each row, then that of each column: ``0 .. columns - 1`` are the actions,
    then come the slacks. ``sets[vertex]`` holds, as bits, the nonbasic variables, the tight inequalities, and the
    nonbasic variables whose edges were already met from the other end. ``table`` is a hash table of vertex numbers, -1
    where free, of a length that is a power of two.
    """
    places = 1 << min(rows + columns, DIRECT_LABELS)
    if rows + columns > DIRECT_LABELS:
        while places < 4 * room:
            places *= 2
    return (
        np.empty((room, rows, columns + 1)),
        np.empty((room, rows + columns), np.int8),
        np.empty((room, 3), np.int64),
        np.full(places, np.int32(-1)),
    )


@njit(nogil=True, cache=True, error_model="numpy")
def walk(
    tableaus: FloatArray, names: SmallArray, sets: IntArray, table: Table, rows: int, columns: int
) -> tuple[int, int]:
    """Visit every vertex of the perturbed polytope whose origin stands in slot 0; return (vertices, what was met).

    The arrays are those of `make_scratch`, the table empty. When nothing was met, every neighbour of every vertex was
    visited and no inequality is tight beside the nonbasic ones. SURPLUS: some vertex has more tight inequalities than
    dimensions. DOUBTFUL: a number was neither clearly zero nor clearly not. OVERFLOW: the slots ran out, and the walk
    is incomplete.
    """
    for variable in range(rows + columns):
        names[0, variable] = columns + variable if variable < rows else variable - rows
    sets[0, NONBASIC] = (np.int64(1) << columns) - 1
    sets[0, TIGHT] = sets[0, NONBASIC]
    sets[0, DONE] = 0
    table[find(sets, table, sets[0, NONBASIC])] = 0
    count, current, met = 1, 0, 0
    while current < count and not met & OVERFLOW:
        for column in range(columns):
            entering = np.int64(names[current, rows + column])
            if (sets[current, DONE] >> entering) & 1:
                continue
            row, doubtful = leaving_row(tableaus, names, current, column, rows, columns)
            if doubtful or row < 0:  # without a row the polytope would be unbounded: rounding has the upper hand
                met |= DOUBTFUL
            if row < 0:
                continue
            leaving = np.int64(names[current, row])
            mask = sets[current, NONBASIC] ^ (np.int64(1) << entering) ^ (np.int64(1) << leaving)
            place = find(sets, table, mask)
            known = table[place]
            if known >= 0:
                sets[known, DONE] |= np.int64(1) << leaving
                continue
            if count == sets.shape[0]:
                met |= OVERFLOW
                break
            table[place] = count
            for k in range(rows + columns):
                names[count, k] = names[current, k]
            names[count, row], names[count, rows + column] = entering, leaving
            pivot(tableaus, current, count, row, column, rows, columns)
            tight = mask
            for k in range(rows):  # labels are read from all variables: a basic variable at zero is a tie
                value = tableaus[count, k, columns]
                if value <= ZERO:
                    tight |= np.int64(1) << np.int64(names[count, k])
                    met |= SURPLUS
                if not (abs(value) <= DOUBT_LOW or DOUBT_HIGH <= value <= LARGEST):
                    met |= DOUBTFUL
            sets[count, NONBASIC], sets[count, TIGHT], sets[count, DONE] = mask, tight, np.int64(1) << leaving
            count += 1
        current += 1
    return count, met


@njit(nogil=True, cache=True, forceinline=True)
def find(sets: IntArray, table: Table, mask: int) -> np.int64:
    """The place of a set of nonbasic variables in the hash table, or the free place where it belongs.

    Each step of the hash is a bijection on the low bits: where the table has a place for every mask, none collide.
    """
    last = table.shape[0] - 1
    mixed = mask ^ (mask >> 18) ^ (mask >> 36)
    place = (mixed * np.int64(0x9E3779B1)) & last
    while table[place] >= 0 and sets[table[place], NONBASIC] != mask:
        place = (place + 1) & last
    return np.int64(place)


@njit(nogil=True, cache=True, error_model="numpy")
def clear(sets: IntArray, table: Table, count: int) -> None:
    """Empty the hash table: only the places in use where there is a place for every mask."""
    if table.shape[0] >= 1 << DIRECT_LABELS:
        table[:] = -1
    else:
        for vertex in range(count):
            table[find(sets, table, sets[vertex, NONBASIC])] = -1


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def leaving_row(
    tableaus: FloatArray, names: SmallArray, vertex: int, column: int, rows: int, columns: int
) -> tuple[int, bool]:
    """The row that leaves when ``column`` enters, by the lexicographic rule, and whether the choice was doubtful.

    The row is -1 where no entry is positive, which only rounding can bring about. The ratios ``value / entry`` are
    compared without dividing.
    """
    best, best_value, best_entry, doubtful = -1, 1.0, 0.0, False
    for row in range(rows):
        entry, value = tableaus[vertex, row, column], tableaus[vertex, row, columns]
        if value <= ZERO:
            if DOUBT_LOW < abs(entry) < DOUBT_HIGH:
                doubtful = True
            value = 0.0
        if entry <= ZERO:
            continue
        ahead, near = best_value * entry - value * best_entry, ZERO * entry * best_entry
        if ahead > near or (ahead >= -near and earlier(tableaus, names, vertex, column, row, best, rows, columns)):
            best, best_value, best_entry = row, value, entry
    return best, doubtful


@njit(nogil=True, cache=True)
def earlier(
    tableaus: FloatArray, names: SmallArray, vertex: int, column: int, row: int, other: int, rows: int, columns: int
) -> bool:
    """Whether ``row`` blocks before ``other`` in the perturbed polytope, their ratios being tied.

    The perturbation of row ``r`` is the row of the basis inverse, whose entries are those of the slack columns: read
    from the tableau for a nonbasic slack, a unit vector for a basic one.
    """
    mine, its = tableaus[vertex, row, column], tableaus[vertex, other, column]
    for slack in range(columns, columns + rows):
        left, right = 0.0, 0.0
        if names[vertex, row] == slack:
            left = 1.0
        if names[vertex, other] == slack:
            right = 1.0
        for k in range(columns):
            if names[vertex, rows + k] == slack:
                left, right = tableaus[vertex, row, k], tableaus[vertex, other, k]
                break
        difference = left / mine - right / its
        if abs(difference) > ZERO * max(1.0, abs(left / mine)):
            return bool(difference < 0)
    return False


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
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


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def sign_of_support(names: SmallArray, vertex: int, replies: int, rows: int, columns: int) -> int:
    """Sign of the determinant of the payoffs on the support, at a vertex whose tight replies are the bits ``replies``.

    All pivots are positive, so the basis matrix in the order of its rows has a positive determinant; moving the slack
    of reply ``k`` to column ``k`` and the actions, in order, to the columns of the tight replies leaves the sign of
    that permutation.
    """
    sign, before = 1, np.int64(0)
    for row in range(rows):
        column = target_column(names, vertex, row, replies, rows, columns)
        larger = before >> column  # the columns of earlier rows that stand behind this one, a bit each
        while larger:
            larger &= larger - 1
            sign = -sign
        before |= np.int64(1) << column
    return sign


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def target_column(names: SmallArray, vertex: int, row: int, replies: int, rows: int, columns: int) -> int:
    """The column that the basic variable of ``row`` is moved to."""
    variable = names[vertex, row]
    if variable >= columns:
        return int(variable - columns)
    rank = 0
    for other in range(rows):
        if names[vertex, other] < variable:
            rank += 1
    for bit in range(rows):
        if (replies >> bit) & 1:
            if rank == 0:
                return bit
            rank -= 1
    return -1
