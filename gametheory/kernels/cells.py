"""Where in the strategies of one support can all players be indifferent?

The strategies are covered by cells, each a product of one simplex a player, and a cell is halved along an edge until it
is settled. A multilinear form takes its extremes over a cell at the corners, so a cell whose corners all agree in the
sign of some condition, or of some combination of the equations, holds no equilibrium. The combinations that are tried
are the rows of the inverse of the Jacobian at the centre. A cell in which a proved root is the only one is settled too.
Corners stay exact: they are midpoints of midpoints, and no simplex is halved more than 48 times.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gametheory.kernels.indifference import System, compiled
from gametheory.kernels.roots import EPSILON, Roots, add_root, inverse, known

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DEEPEST = 48  # halvings of one simplex that a double holds without rounding
FLAT = 1e-7  # a cell over which no equation moves by more than this share of its coefficients is not halved further
MOST_UNSETTLED = 64  # cells of one support that may stay open before its search ends
SETTLED, OPEN, FILLED, NEAR = 0, 1, 2, 3  # FILLED: all of the cell are equilibria; NEAR: a root seems to be close
NO_DOUBT, DOUBT, CONTINUUM, WORK = 0, 1, 2, 3  # why a support was not settled
REACH = 1.0  # a root that the linear view puts this many cells away is looked for,
CREDIBLE = 0.5  # unless a weight of it would be as negative as this


@compiled
def search(system: System, roots: Roots, work: int, doubt: FloatArray) -> tuple[int, int]:
    """Settle all cells of one support; return why it could not be done, and the work spent (in multiplications).

    Roots are added to ``roots``; the centre of the largest cell that stayed open goes to ``doubt[player, place]``.
    """
    sizes, conditions, count = system.sizes, len(system.table), system.table.shape[1]
    players, widest = len(sizes), sizes.max()
    levels = DEEPEST * system.equations + 2
    values = np.empty((levels, conditions, count))
    corners = np.zeros((levels, players, widest, widest))
    halved = np.zeros((levels, players), np.int64)
    step, point, alone = np.empty(system.equations), np.empty((players, widest)), np.ones(players, np.int64)
    values[0] = system.table
    for player in range(players):
        for place in range(sizes[player]):
            corners[0, player, place, place] = 1.0
    top, spent, unsettled, why, largest = 0, 0, 0, NO_DOUBT, 0
    price = system.equations * (system.equations + players) * count + 100
    while top >= 0:
        spent += price
        if spent > work:
            mark(corners[top], sizes, doubt)
            return WORK, spent
        error = EPSILON * (halved[top].sum() + 8)
        state = settle(system, values[top], error)
        if state == OPEN:
            state = SETTLED if known(system, roots, corners[top], sizes) else combine(system, values[top], error, step)
        if state == NEAR:
            state = OPEN
            arrive(sizes, corners[top], step, point)
            fresh = point.min() > -CREDIBLE and not known(system, roots, point.reshape(players, 1, widest), alone)
            if fresh and add_root(system, roots, point) and known(system, roots, corners[top], sizes):
                state = SETTLED
        if state == SETTLED:
            top -= 1
            continue
        player, first, second = -1, 0, 0
        if state == OPEN:
            player, first, second = longest_edge(system, values[top], error)
        if player < 0 or halved[top, player] == DEEPEST or top + 2 > levels:
            size = -halved[top].sum()
            now = CONTINUUM if state == FILLED else DOUBT
            if now > why or (now == why and size > largest):
                mark(corners[top], sizes, doubt)
                largest = size
            unsettled += 1
            why = max(why, now)
            if unsettled == MOST_UNSETTLED:
                return why, spent
            top -= 1
            continue
        halved[top, player] += 1
        values[top + 1], corners[top + 1], halved[top + 1] = values[top], corners[top], halved[top]
        halve(system, values[top], corners[top], player, first, second)
        halve(system, values[top + 1], corners[top + 1], player, second, first)
        top += 1
    return why, spent


@compiled
def mark(corners: FloatArray, sizes: IntArray, centre: FloatArray) -> None:
    """Write the centre of a cell."""
    centre[:] = 0.0
    for player in range(len(sizes)):
        for corner in range(sizes[player]):
            for place in range(sizes[player]):
                centre[player, place] += corners[player, corner, place] / sizes[player]


@compiled
def halve(system: System, values: FloatArray, corners: FloatArray, player: int, moved: int, fixed: int) -> None:
    """Move corner ``moved`` of the player's simplex to the middle of the edge to corner ``fixed``, in place."""
    for place in range(system.sizes[player]):
        corners[player, moved, place] = (corners[player, moved, place] + corners[player, fixed, place]) / 2
    step = (fixed - moved) * stride(system.sizes, player)
    for cell in range(values.shape[1]):
        if system.digits[cell, player] == moved:
            for condition in range(len(values)):
                values[condition, cell] = (values[condition, cell] + values[condition, cell + step]) / 2


@compiled
def stride(sizes: IntArray, player: int) -> int:
    """How far apart in the list of corners the neighbours along one player's axis lie."""
    step = 1
    for later in range(player + 1, len(sizes)):
        step *= sizes[later]
    return step


@compiled
def settle(system: System, values: FloatArray, error: float) -> int:
    """Whether one condition alone shows that a cell holds no equilibrium, or all conditions that it holds nothing else.

    ``values[condition, corner]`` are the conditions at the corners, up to ``error``: every halving adds a rounding.
    """
    still, best = True, True
    for condition in range(len(values)):
        low, high = np.inf, -np.inf
        for corner in range(values.shape[1]):
            low, high = min(low, values[condition, corner]), max(high, values[condition, corner])
        if low > error or (condition < system.equations and high < -error):
            return SETTLED
        if condition < system.equations:
            still &= low == 0 and high == 0
        else:
            best &= high < -error
    return FILLED if still and best else OPEN


@compiled
def combine(system: System, values: FloatArray, error: float, step: FloatArray) -> int:
    """Whether a combination of equations shows that a cell holds no equilibrium; the rows of the inverse are tried.

    Each of these combinations moves with one weight only, as far as the linear view goes. ``step``, in edges, leads
    from the centre to where the linear view has a root.
    """
    size, count = system.equations, values.shape[1]
    centre, matrix = linear_view(system, values)
    helper, determinant = inverse(matrix)
    if determinant == 0:
        return OPEN
    state = NEAR
    for row in range(size):
        slack = 0.0
        for k in range(size):
            slack += abs(helper[row, k])
        slack *= error + EPSILON * (size + 2)
        low, high = np.inf, -np.inf
        for corner in range(count):
            total = 0.0
            for k in range(size):
                total += helper[row, k] * values[k, corner]
            low, high = min(low, total), max(high, total)
        if low > slack or high < -slack:
            return SETTLED
        step[row] = 0.0
        for k in range(size):
            step[row] -= helper[row, k] * centre[k]
        if not abs(step[row]) <= REACH:
            state = OPEN
    return state


@compiled
def linear_view(system: System, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values of the equations at the centre of a cell, and their derivatives along the edges from each first corner."""
    size, count = system.equations, values.shape[1]
    centre, matrix = np.zeros(size), np.zeros((size, size))
    for row in range(size):
        for corner in range(count):
            value = values[row, corner]
            centre[row] += value / count
            column = 0
            for player in range(len(system.sizes)):
                share = value * system.sizes[player] / count
                place = system.digits[corner, player]
                if place > 0:
                    matrix[row, column + place - 1] += share
                else:
                    for later in range(system.sizes[player] - 1):
                        matrix[row, column + later] -= share
                column += system.sizes[player] - 1
    return centre, matrix


@compiled
def arrive(sizes: IntArray, corners: FloatArray, step: FloatArray, weights: FloatArray) -> None:
    """Write the weights ``[player, place]`` that a step from the centre leads to; it is measured in edges."""
    weights[:] = 0.0
    column = 0
    for player in range(len(sizes)):
        for corner in range(sizes[player]):
            share = 1.0 / sizes[player]
            if corner > 0:
                share += step[column + corner - 1]
            else:
                for later in range(sizes[player] - 1):
                    share -= step[column + later]
            for place in range(sizes[player]):
                weights[player, place] += share * corners[player, corner, place]
        column += sizes[player] - 1


@compiled
def longest_edge(system: System, values: FloatArray, error: float) -> tuple[int, int, int]:
    """The edge ``(player, corner, corner)`` along which the equations change most; player -1 where they do not.

    Where they do not change, the inequalities that still decide something count instead.
    """
    best, player, first, second = FLAT, -1, 0, 0
    for undecided in (False, True):
        start, stop = (system.equations, len(values)) if undecided else (0, system.equations)
        for condition in range(start, stop):
            if undecided and values[condition].max() < -error:
                continue
            for mover in range(len(system.sizes)):
                if mover == system.owner[condition]:
                    continue
                step = stride(system.sizes, mover)
                for corner in range(values.shape[1]):
                    place = system.digits[corner, mover]
                    for other in range(place + 1, system.sizes[mover]):
                        change = abs(values[condition, corner] - values[condition, corner + (other - place) * step])
                        if change > best:
                            best, player, first, second = change, mover, place, other
        if player >= 0:
            break
    return player, first, second
