"""What are all extreme equilibria of every two-player game in a batch?"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.corners import fill, strategy
from gametheory.kernels.pairing import COMPONENT, FIRST, INDEX, SECOND, longer, pair_vertices, taller, tied_pairs
from gametheory.kernels.polytopes import DOUBTFUL, OVERFLOW, SURPLUS, clear, make_scratch, walk
from gametheory.kernels.reduction import copy_game, snap, undominated

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# The status of a game: bits that may stand together.
TIED, DOUBT, LIMIT, NOT_FINITE = 1, 2, 4, 8
FIRST_ROOM = 256  # vertices of a polytope that memory is made for at first


@njit(nogil=True, cache=True)
def solve_block(
    payoffs: FloatArray, most_vertices: int
) -> tuple[IntArray, FloatArray, FloatArray, IntArray, IntArray, NDArray[np.uint8]]:
    """Find every extreme equilibrium of each two-player game in ``payoffs[game, player, row, column]``.

    Returns, one entry a solution: the game, the strategies of both players ``[solution, action]``, the component
    (numbered from 0 in each game) and the index of that component; and, one entry a game, the status bits TIED (some
    strategy has more best replies than it uses actions), DOUBT (a number was neither clearly zero nor clearly not:
    decide exactly), LIMIT (more than ``most_vertices``; no solutions given) and NOT_FINITE.
    """
    games, _, m, n = payoffs.shape
    a, b = np.empty((m, n)), np.empty((n, m))
    rows, columns = np.empty(m, np.int64), np.empty(n, np.int64)
    scale_x, scale_y = np.empty(m), np.empty(n)
    room = min(most_vertices, FIRST_ROOM)
    tableaus_x, names_x, sets_x, table_x = make_scratch(room, n, m)
    tableaus_y, names_y, sets_y, table_y = make_scratch(room, m, n)
    pairs = np.empty((room, 4), np.int64)
    size = 2 * games + 16
    out_game, out_x, out_y = np.empty(size, np.int64), np.empty((size, m)), np.empty((size, n))
    out_component, out_index = np.empty(size, np.int64), np.empty(size, np.int64)
    status = np.zeros(games, np.uint8)
    total = 0
    for game in range(games):
        if not copy_game(payoffs, game, a, b):
            status[game] = NOT_FINITE
            continue
        snap(a)
        snap(b)
        own_m, own_n = undominated(a, b, rows, columns)
        while True:
            narrow_x = fill(tableaus_x, b, columns, own_n, rows, own_m, scale_x)
            narrow_y = fill(tableaus_y, a, rows, own_m, columns, own_n, scale_y)
            count_x, met_x = walk(tableaus_x, names_x, sets_x, table_x, own_n, own_m)
            count_y, met_y = walk(tableaus_y, names_y, sets_y, table_y, own_m, own_n)
            met = met_x | met_y
            if not met & OVERFLOW or room >= most_vertices:
                break
            room = min(most_vertices, 4 * room)
            tableaus_x, names_x, sets_x, table_x = make_scratch(room, n, m)
            tableaus_y, names_y, sets_y, table_y = make_scratch(room, m, n)
            pairs = np.empty((room, 4), np.int64)
        if met & OVERFLOW:
            status[game] = LIMIT
        else:
            if met & DOUBTFUL or narrow_x or narrow_y:
                status[game] |= DOUBT
            found = pair_vertices(names_x, sets_x, count_x, names_y, sets_y, table_y, own_m, own_n, pairs)
            listed = pairs
            if met & SURPLUS:
                status[game] |= TIED
                listed = tied_pairs(sets_x, count_x, sets_y, count_y, own_m, own_n, pairs[:found])
                found = len(listed)
            if total + found > len(out_game):
                size = 2 * (total + found)
                out_game, out_x, out_y = longer(out_game, size), taller(out_x, size), taller(out_y, size)
                out_component, out_index = longer(out_component, size), longer(out_index, size)
            for k in range(found):
                x, y, place = listed[k, FIRST], listed[k, SECOND], total + k
                strategy(tableaus_x, names_x, sets_x, x, rows, own_m, own_n, scale_x, out_x, place)
                strategy(tableaus_y, names_y, sets_y, y, columns, own_n, own_m, scale_y, out_y, place)
                out_game[place], out_component[place], out_index[place] = game, listed[k, COMPONENT], listed[k, INDEX]
            arrange(out_x, out_y, out_component, out_index, total, total + found)
            total += found
        clear(sets_x, table_x, count_x)
        clear(sets_y, table_y, count_y)
    return out_game[:total], out_x[:total], out_y[:total], out_component[:total], out_index[:total], status


@njit(nogil=True, cache=True)
def arrange(x: FloatArray, y: FloatArray, component: IntArray, index: IntArray, start: int, stop: int) -> None:
    """Sort the solutions of one game in place, earlier actions first, and number the components as they appear."""
    for k in range(start + 1, stop):
        place = k
        while place > start and comes_before(x, y, place, place - 1):
            for column in range(x.shape[1]):
                x[place, column], x[place - 1, column] = x[place - 1, column], x[place, column]
            for column in range(y.shape[1]):
                y[place, column], y[place - 1, column] = y[place - 1, column], y[place, column]
            component[place], component[place - 1] = component[place - 1], component[place]
            index[place], index[place - 1] = index[place - 1], index[place]
            place -= 1
    following = 0
    for k in range(start, stop):  # a number that is done is stored as its complement, so that none is met twice
        if component[k] >= 0:
            own = component[k]
            for later in range(k, stop):
                if component[later] == own:
                    component[later] = ~following
            following += 1
    for k in range(start, stop):
        component[k] = ~component[k]


@njit(nogil=True, cache=True)
def comes_before(x: FloatArray, y: FloatArray, one: int, other: int) -> bool:
    """Whether solution ``one`` puts more weight on the first action in which both differ."""
    for column in range(x.shape[1]):
        if x[one, column] != x[other, column]:
            return bool(x[one, column] > x[other, column])
    for column in range(y.shape[1]):
        if y[one, column] != y[other, column]:
            return bool(y[one, column] > y[other, column])
    return False
