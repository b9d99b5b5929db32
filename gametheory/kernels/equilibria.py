"""What are all extreme equilibria of every two-player game in a batch?"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.corners import fill, strategies
from gametheory.kernels.pairing import COMPONENT, FIRST, INDEX, SECOND, list_tied, longer, pair_vertices, taller
from gametheory.kernels.polytopes import DOUBTFUL, OVERFLOW, SURPLUS, clear, make_scratch, walk
from gametheory.kernels.reduction import copy_game, snap, undominated

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int8]
Table = NDArray[np.int32]
Scratch = tuple[FloatArray, SmallArray, IntArray, Table]  # as `make_scratch` gives it
Listing = tuple[IntArray, FloatArray, FloatArray, IntArray, IntArray]  # game, x, y, component and index of a solution

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
    room = min(most_vertices, FIRST_ROOM)
    x_side, y_side, pairs = make_scratch(room, n, m), make_scratch(room, m, n), np.empty((room, 4), np.int64)
    size = 2 * games + 16
    x, y, component = np.empty((size, m)), np.empty((size, n)), np.empty(size, np.int64)
    number_of, index = np.empty(size, np.int64), np.empty(size, np.int64)
    status = np.zeros(games, np.uint8)
    game, total = np.int64(0), np.int64(0)  # of one type throughout: the loop below is compiled once, not twice
    while True:
        out = (number_of, x, y, component, index)
        game, total, found = solve_while_room(payoffs, game, x_side, y_side, pairs, out, total, status)
        if game == games:
            break
        if found > 0:
            size, pairs = max(size, 2 * (total + found)), taller(pairs, max(len(pairs), found))
            x, y, component = taller(x, size), taller(y, size), longer(component, size)
            number_of, index = longer(number_of, size), longer(index, size)
        elif room < most_vertices:
            room = min(most_vertices, 4 * room)
            x_side, y_side, pairs = make_scratch(room, n, m), make_scratch(room, m, n), np.empty((room, 4), np.int64)
        else:
            status[game] = LIMIT
            game += 1
    return number_of[:total], x[:total], y[:total], component[:total], index[:total], status


@njit(nogil=True, cache=True)
def solve_while_room(
    payoffs: FloatArray,
    start: int,
    x_side: Scratch,
    y_side: Scratch,
    pairs: IntArray,
    out: Listing,
    total: int,
    status: NDArray[np.uint8],
) -> tuple[int, int, int]:
    """Solve from game ``start`` on; return where room ran out, how many solutions are listed, and those of that game.

    The last is 0 where it was the vertices that found no room. Inside the loop no array is made or taken from a tuple:
    the compiler would count its users at every game, which takes longer than a small game does.
    """
    games, _, m, n = payoffs.shape
    tableaus_x, names_x, sets_x, table_x = x_side
    tableaus_y, names_y, sets_y, table_y = y_side
    out_game, out_x, out_y, out_component, out_index = out
    a, b = np.empty((m, n)), np.empty((n, m))
    rows, columns = np.empty(m, np.int64), np.empty(n, np.int64)
    scale_x, scale_y = np.empty(m), np.empty(n)
    game, found = start, 0
    while game < games:
        if not copy_game(payoffs, game, a, b):
            status[game] = NOT_FINITE
            game += 1
            continue
        snap(a)
        snap(b)
        own_m, own_n = undominated(a, b, rows, columns)
        narrow_x = fill(tableaus_x, b, columns, own_n, rows, own_m, scale_x)
        narrow_y = fill(tableaus_y, a, rows, own_m, columns, own_n, scale_y)
        count_x, met_x = walk(tableaus_x, names_x, sets_x, table_x, own_n, own_m)
        count_y, met_y = walk(tableaus_y, names_y, sets_y, table_y, own_m, own_n)
        met, found = met_x | met_y, 0
        if not met & OVERFLOW:
            found = pair_vertices(names_x, sets_x, count_x, names_y, sets_y, table_y, own_m, own_n, pairs)
            if met & SURPLUS:
                found = list_tied(sets_x, count_x, sets_y, count_y, own_m, own_n, pairs, found)
        clear(sets_x, table_x, count_x)
        clear(sets_y, table_y, count_y)
        if met & OVERFLOW or found > len(pairs) or total + found > len(out_game):
            break
        strategies(tableaus_x, names_x, sets_x, pairs, FIRST, found, rows, own_m, own_n, scale_x, out_x, total)
        strategies(tableaus_y, names_y, sets_y, pairs, SECOND, found, columns, own_n, own_m, scale_y, out_y, total)
        number(pairs, found, game, out_game, out_component, out_index, total)
        if found > 1:
            arrange(out_x, out_y, out_component, out_index, total, total + found)
        status[game] = (TIED if met & SURPLUS else 0) | (DOUBT if met & DOUBTFUL or narrow_x or narrow_y else 0)
        total += found
        game += 1
    return game, total, found


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def number(
    pairs: IntArray, found: int, game: int, games: IntArray, components: IntArray, indices: IntArray, start: int
) -> None:
    """Write the game, component and index of the first ``found`` pairs from ``start`` on."""
    for k in range(found):
        games[start + k], components[start + k], indices[start + k] = game, pairs[k, COMPONENT], pairs[k, INDEX]


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
