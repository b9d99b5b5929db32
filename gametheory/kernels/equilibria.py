"""What are all extreme equilibria of every two-player game in a batch?"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.pairing import longer, make_pairs, pair_vertices, taller
from gametheory.kernels.polytopes import CLOSED, OVERFLOW, walk
from gametheory.kernels.reduction import copy_game, snap, undominated
from gametheory.kernels.scratch import clear, fill, make_scratch, strategy

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
    target = np.empty(max(m, n), np.int64)
    room = min(most_vertices, FIRST_ROOM)
    scratch_x, scratch_y, memory = make_scratch(room, n, m), make_scratch(room, m, n), make_pairs(room)
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
            narrow_x = fill(scratch_x, b, columns, own_n, rows, own_m, scale_x)
            narrow_y = fill(scratch_y, a, rows, own_m, columns, own_n, scale_y)
            count_x, state_x = walk(*scratch_x, own_n, own_m)
            count_y, state_y = walk(*scratch_y, own_m, own_n)
            if (state_x != OVERFLOW and state_y != OVERFLOW) or room >= most_vertices:
                break
            room = min(most_vertices, 4 * room)
            scratch_x, scratch_y, memory = make_scratch(room, n, m), make_scratch(room, m, n), make_pairs(room)
        if state_x == OVERFLOW or state_y == OVERFLOW:
            status[game] = LIMIT
        else:
            if state_x != CLOSED or state_y != CLOSED or narrow_x or narrow_y:
                status[game] |= DOUBT
            first, second, component, index, found, tied = pair_vertices(
                scratch_x, scratch_y, count_x, count_y, own_m, own_n, memory, target
            )
            if tied:
                status[game] |= TIED
            if total + found > len(out_game):
                size = 2 * (total + found)
                out_game, out_x, out_y = longer(out_game, size), taller(out_x, size), taller(out_y, size)
                out_component, out_index = longer(out_component, size), longer(out_index, size)
            for k in range(found):
                out_game[total + k] = game
                strategy(scratch_x, first[k], rows, own_m, own_n, scale_x, out_x, total + k)
                strategy(scratch_y, second[k], columns, own_n, own_m, scale_y, out_y, total + k)
                out_component[total + k], out_index[total + k] = component[k], index[k]
            arrange(out_x, out_y, out_component, out_index, total, total + found)
            total += found
        clear(scratch_x, count_x)
        clear(scratch_y, count_y)
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
