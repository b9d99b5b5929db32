"""Which pairs of vertices are the extreme equilibria of a two-player game, and which components do they form?

A pair of vertices of the two best-response polytopes, the origins apart, is an extreme equilibrium when its tight
labels together cover every action of both players; every equilibrium is a mixture of extreme ones. Two extreme
equilibria lie in one component when a chain of pairs with a common vertex joins them. The pairs of lexicographic bases
with exactly complementary labels are the equilibria of a nearby game without ties: their indices sum to 1, and summed
over the pairs that fall into one component they are the index of that component (Shapley 1974; Avis, Rosenberg, Savani,
von Stengel 2010).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.payoffs import ROUNDING
from gametheory.kernels.polytopes import CLOSED, OVERFLOW, find, sign_of_support, tight_labels, walk

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Memory for one polytope: dictionaries, basis, cobasis, nonbasic bits, hash table, tight bits (during the walk: edges already met).
Scratch = tuple[FloatArray, NDArray[np.int8], NDArray[np.int8], IntArray, NDArray[np.int32], IntArray]
Pairs = tuple[IntArray, IntArray, IntArray, IntArray, bool]

# The status of a game: bits that may stand together.
TIED, DOUBT, LIMIT, NOT_FINITE = 1, 2, 4, 8
MOST_LABELS = 62  # labels are bits of a signed 64-bit word
DIRECT_LABELS = 18  # up to here the hash table has a place for every set of labels
NARROW = 1e-8  # payoff differences below this share of their column's range are left to exact arithmetic


@njit(nogil=True, cache=True)
def solve_block(
    payoffs: FloatArray, most_vertices: int
) -> tuple[IntArray, FloatArray, FloatArray, IntArray, IntArray, IntArray, NDArray[np.uint8]]:
    """Find every extreme equilibrium of each two-player game in ``payoffs[game, player, row, column]``.

    Returns, one entry a solution: the game, the strategies of both players ``[solution, action]``, the component
    (numbered from 0 in each game) and the index of that component; and, one entry a game: the number of solutions and
    the status bits TIED (some strategy has more best replies than it uses actions), DOUBT (a number was neither clearly
    zero nor clearly not: decide exactly), LIMIT (more than ``most_vertices``; no solutions given) and NOT_FINITE.
    """
    games, _, m, n = payoffs.shape
    most = max(4, most_vertices)
    room = min(most, 256)
    scratch_x, scratch_y = make_scratch(room, n, m), make_scratch(room, m, n)
    out_game = np.empty(2 * games + 16, np.int64)
    out_x, out_y = np.empty((2 * games + 16, m)), np.empty((2 * games + 16, n))
    out_component, out_index = np.empty(2 * games + 16, np.int64), np.empty(2 * games + 16, np.int64)
    counts, status = np.zeros(games, np.int64), np.zeros(games, np.uint8)
    total = 0
    for game in range(games):
        a, b = payoffs[game, 0].copy(), payoffs[game, 1].T.copy()
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            status[game] = NOT_FINITE
            continue
        snap(a)
        snap(b)
        rows, columns = undominated(a, b)
        scale_x, narrow_x = fill(scratch_x[0][0], b, columns, rows)
        scale_y, narrow_y = fill(scratch_y[0][0], a, rows, columns)
        count_x, state_x = walk(*scratch_x, len(columns), len(rows))
        count_y, state_y = walk(*scratch_y, len(rows), len(columns))
        while (state_x == OVERFLOW or state_y == OVERFLOW) and room < most:
            room = min(most, 4 * room)
            scratch_x, scratch_y = make_scratch(room, n, m), make_scratch(room, m, n)
            fill(scratch_x[0][0], b, columns, rows)
            fill(scratch_y[0][0], a, rows, columns)
            count_x, state_x = walk(*scratch_x, len(columns), len(rows))
            count_y, state_y = walk(*scratch_y, len(rows), len(columns))
        if state_x == OVERFLOW or state_y == OVERFLOW:
            status[game] = LIMIT
        else:
            if state_x != CLOSED or state_y != CLOSED or narrow_x or narrow_y:
                status[game] |= DOUBT
            first, second, component, index, tied = pairs(
                scratch_x, scratch_y, count_x, count_y, len(rows), len(columns)
            )
            if tied:
                status[game] |= TIED
            found = len(first)
            if total + found > len(out_game):
                room_out = 2 * (total + found)
                out_game, out_component = longer(out_game, room_out), longer(out_component, room_out)
                out_index = longer(out_index, room_out)
                out_x, out_y = taller(out_x, room_out), taller(out_y, room_out)
            for k in range(found):
                out_game[total + k] = game
                strategy(scratch_x, first[k], rows, len(columns), scale_x, out_x[total + k])
                strategy(scratch_y, second[k], columns, len(rows), scale_y, out_y[total + k])
                out_component[total + k], out_index[total + k] = component[k], index[k]
            arrange(
                out_x[total : total + found],
                out_y[total : total + found],
                out_component[total : total + found],
                out_index[total : total + found],
            )
            counts[game] = found
            total += found
        clear(scratch_x, count_x)
        clear(scratch_y, count_y)
    return out_game[:total], out_x[:total], out_y[:total], out_component[:total], out_index[:total], counts, status


@njit(nogil=True, cache=True)
def make_scratch(room: int, rows: int, columns: int) -> Scratch:
    """Memory for the walk over one polytope with at most ``room`` vertices, used again for every game."""
    places = 1 << min(rows + columns, DIRECT_LABELS)
    if rows + columns > DIRECT_LABELS:
        while places < 4 * room:
            places *= 2
    return (
        np.empty((room, rows, columns + 1)),
        np.empty((room, rows), np.int8),
        np.empty((room, columns), np.int8),
        np.empty(room, np.int64),
        np.full(places, np.int32(-1)),
        np.empty(room, np.int64),
    )


@njit(nogil=True, cache=True)
def clear(scratch: Scratch, count: int) -> None:
    """Empty the hash table: only the places in use where the table is direct."""
    masks, table = scratch[3], scratch[4]
    if table.shape[0] > 1 << DIRECT_LABELS:
        table[:] = -1
    else:
        for vertex in range(count):
            table[find(masks, table, masks[vertex])] = -1


@njit(nogil=True, cache=True)
def snap(payoffs: FloatArray) -> None:
    """Make payoffs of one column equal that differ only by rounding; ``payoffs[own action, other's action]``."""
    for other in range(payoffs.shape[1]):
        for own in range(1, payoffs.shape[0]):
            value = payoffs[own, other]
            for before in range(own):
                reference = payoffs[before, other]
                if value != reference and abs(value - reference) <= ROUNDING * max(abs(value), abs(reference)):
                    payoffs[own, other] = reference
                    break


@njit(nogil=True, cache=True)
def undominated(a: FloatArray, b: FloatArray) -> tuple[IntArray, IntArray]:
    """The actions of both players that survive iterated elimination of actions strictly dominated by an action.

    ``a[row, column]`` and ``b[column, row]``: each player's own actions first. No equilibrium uses a removed action.
    """
    rows, columns = np.arange(a.shape[0]), np.arange(b.shape[0])
    while True:
        kept_rows = survivors(a, rows, columns)
        kept_columns = survivors(b, columns, kept_rows)
        if len(kept_rows) == len(rows) and len(kept_columns) == len(columns):
            return rows, columns
        rows, columns = kept_rows, kept_columns


@njit(nogil=True, cache=True)
def survivors(payoffs: FloatArray, own: IntArray, others: IntArray) -> IntArray:
    """The actions of ``own`` that no other action of ``own`` strictly dominates against ``others``."""
    kept = np.empty(len(own), np.int64)
    count = 0
    for action in own:
        dominated = False
        for rival in own:
            if dominated or rival == action:
                continue
            dominated = True
            for other in others:
                if payoffs[rival, other] <= payoffs[action, other]:
                    dominated = False
                    break
        if not dominated:
            kept[count] = action
            count += 1
    return kept[:count]


@njit(nogil=True, cache=True)
def fill(tableau: FloatArray, payoffs: FloatArray, replies: IntArray, actions: IntArray) -> tuple[FloatArray, bool]:
    """Write the dictionary of the origin; return the scale of each action and whether a column is too narrow to trust.

    ``payoffs[reply, action]`` are the opponent's. What it gains by each reply matters only within one action, so each
    action's column may be shifted and scaled by itself without moving a best reply: it becomes ``1 + [0, 1)``, scaled
    by a power of two, which is exact. The strategy is then found up to that scale (a catastrophe in one column no
    longer drowns the stakes of the others).
    """
    scale, narrow = np.ones(len(actions)), False
    for k in range(len(actions)):
        low, high = np.inf, -np.inf
        for reply in replies:
            low, high = min(low, payoffs[reply, actions[k]]), max(high, payoffs[reply, actions[k]])
        span = high - low
        if span > 0:
            exponent = math.frexp(span)[1]
            if abs(exponent) > 900 or not math.isfinite(span):
                narrow, exponent = True, 0
            scale[k] = math.ldexp(1.0, -exponent)
        for row in range(len(replies)):
            value = payoffs[replies[row], actions[k]]
            tableau[row, k] = 1.0 + (value - low) * scale[k]
            for before in range(row):
                gap = abs(value - payoffs[replies[before], actions[k]])
                if 0 < gap < NARROW * span:
                    narrow = True
    for row in range(len(replies)):
        tableau[row, len(actions)] = 1.0
    return scale, narrow


@njit(nogil=True, cache=True)
def strategy(scratch: Scratch, vertex: int, actions: IntArray, rows: int, scale: FloatArray, out: FloatArray) -> None:
    """Write the probabilities at ``vertex`` into ``out``, whose other entries become 0."""
    tableau, basis = scratch[0][vertex], scratch[1][vertex]
    columns = len(actions)
    out[:] = 0.0
    total = 0.0
    for row in range(rows):
        variable = basis[row]
        if variable < columns and not (scratch[5][vertex] >> np.int64(variable)) & 1:
            value = tableau[row, columns] * scale[variable]
            out[actions[variable]] = value
            total += value
    out /= total


@njit(nogil=True, cache=True)
def pairs(scratch_x: Scratch, scratch_y: Scratch, count_x: int, count_y: int, m: int, n: int) -> Pairs:
    """Pair the vertices of both polytopes: x vertices, y vertices, components and indices of the solutions; tied."""
    row_bits, column_bits = (np.int64(1) << m) - 1, (np.int64(1) << n) - 1
    full = (np.int64(1) << (m + n)) - 1
    surplus_x = tight_labels(scratch_x[0], scratch_x[1], scratch_x[3], scratch_x[5], count_x, n, m)
    surplus_y = tight_labels(scratch_y[0], scratch_y[1], scratch_y[3], scratch_y[5], count_y, m, n)
    first, second, sign = np.empty(count_x, np.int64), np.empty(count_x, np.int64), np.empty(count_x, np.int64)
    found = 0
    for x in range(1, count_x):
        wanted = full ^ scratch_x[3][x]
        mask = ((wanted >> m) & column_bits) | ((wanted & row_bits) << n)
        y = scratch_y[4][find(scratch_y[3], scratch_y[4], mask)]
        if y > 0:
            first[found], second[found] = x, y
            size = 0
            for action in range(m):
                size += 1 - ((scratch_x[3][x] >> action) & 1)
            replies_x, replies_y = (scratch_x[3][x] >> m) & column_bits, (scratch_y[3][y] >> n) & row_bits
            parity = 1 if size % 2 else -1
            sign[found] = (
                parity
                * sign_of_support(scratch_x[1][x], replies_x, n, m)
                * sign_of_support(scratch_y[1][y], replies_y, m, n)
            )
            found += 1
    if not (surplus_x or surplus_y):
        return first[:found], second[:found], np.arange(found), sign[:found], False
    tight_x, tight_y = scratch_x[5], scratch_y[5]
    alias_x, alias_y = same_vertex(tight_x, count_x), same_vertex(tight_y, count_y)
    extreme_x, extreme_y, component = extreme_pairs(tight_x, tight_y, alias_x, alias_y, count_x, count_y, m, n)
    total = np.zeros(len(extreme_x), np.int64)
    for k in range(found):
        for pair in range(len(extreme_x)):
            if extreme_x[pair] == alias_x[first[k]] and extreme_y[pair] == alias_y[second[k]]:
                total[component[pair]] += sign[k]
                break
    index = np.empty(len(extreme_x), np.int64)
    for pair in range(len(extreme_x)):
        index[pair] = total[component[pair]]
    return extreme_x, extreme_y, component, index, True


@njit(nogil=True, cache=True)
def same_vertex(tight: IntArray, count: int) -> IntArray:
    """The first vertex with the same tight labels: a vertex is the only point at which they are all tight."""
    alias = np.empty(count, np.int64)
    order = np.argsort(tight[:count], kind="mergesort")
    leader = order[0]
    for vertex in order:
        if tight[vertex] != tight[leader]:
            leader = vertex
        alias[vertex] = leader
    return alias


@njit(nogil=True, cache=True)
def extreme_pairs(
    tight_x: IntArray,
    tight_y: IntArray,
    alias_x: IntArray,
    alias_y: IntArray,
    count_x: int,
    count_y: int,
    m: int,
    n: int,
) -> tuple[IntArray, IntArray, IntArray]:
    """Every pair of distinct vertices, the origins apart, whose tight labels cover all, with its component's number."""
    row_bits = (np.int64(1) << m) - 1
    full = (np.int64(1) << (m + n)) - 1
    common = np.empty(count_y, np.int64)
    column_bits = (np.int64(1) << n) - 1
    for y in range(count_y):
        common[y] = ((tight_y[y] >> n) & row_bits) | ((tight_y[y] & column_bits) << m)
    first, second = np.empty(16, np.int64), np.empty(16, np.int64)
    root_x, root_y = np.full(count_x, np.int64(-1)), np.full(count_y, np.int64(-1))
    parent = np.empty(16, np.int64)
    found = 0
    for x in range(1, count_x):
        if alias_x[x] != x:
            continue
        for y in range(1, count_y):
            if alias_y[y] != y or tight_x[x] | common[y] != full:
                continue
            if found == len(first):
                first, second, parent = longer(first, 2 * found), longer(second, 2 * found), longer(parent, 2 * found)
            first[found], second[found], parent[found] = x, y, found
            for earlier in (root_x[x], root_y[y]):
                if earlier >= 0:
                    parent[top(parent, found)] = top(parent, earlier)
            root_x[x], root_y[y] = found, found
            found += 1
    component = np.empty(found, np.int64)
    for pair in range(found):
        component[pair] = top(parent, pair)
    return first[:found], second[:found], component


@njit(nogil=True, cache=True)
def top(parent: IntArray, node: int) -> int:
    """The representative of ``node``, shortening the path on the way."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(nogil=True, cache=True)
def arrange(x: FloatArray, y: FloatArray, component: IntArray, index: IntArray) -> None:
    """Sort the solutions of one game in place, earlier actions first, and number the components as they appear."""
    for k in range(1, len(x)):
        place = k
        while place > 0 and comes_before(x, y, place, place - 1):
            for column in range(x.shape[1]):
                x[place, column], x[place - 1, column] = x[place - 1, column], x[place, column]
            for column in range(y.shape[1]):
                y[place, column], y[place - 1, column] = y[place - 1, column], y[place, column]
            component[place], component[place - 1] = component[place - 1], component[place]
            index[place], index[place - 1] = index[place - 1], index[place]
            place -= 1
    numbered = component.copy()
    following = 0
    for k in range(len(x)):
        known = -1
        for before in range(k):
            if numbered[before] == numbered[k]:
                known = component[before]
                break
        if known < 0:
            known = following
            following += 1
        component[k] = known


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


@njit(nogil=True, cache=True)
def longer(array: IntArray, room: int) -> IntArray:
    """The same numbers at the start of a longer array."""
    grown = np.empty(room, array.dtype)
    grown[: len(array)] = array
    return grown


@njit(nogil=True, cache=True)
def taller(array: FloatArray, room: int) -> FloatArray:
    """The same rows at the top of a taller array."""
    grown = np.empty((room, array.shape[1]))
    grown[: len(array)] = array
    return grown
