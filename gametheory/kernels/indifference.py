"""Which equations and inequalities must the mixed strategies of one support solve?

A support names the actions that each player uses. In equilibrium a player's used actions pay the same (an equation for
each beyond the first) and its unused ones pay no more (an inequality each). All are multilinear and homogeneous in the
strategies of the other players, so an action's probability may be measured in a unit of its own: scaling all of them by
powers of two makes the coefficients alike in size, without rounding, however far apart the payoffs are.
"""

from __future__ import annotations

from math import frexp, ldexp
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Called by compiled functions only: what calls from Python would need is left out, which halves the time to compile.
compiled = njit(nogil=True, cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)

ROUNDS = 4  # of scaling rows and columns in turn; two suffice unless small and large payoffs are interwoven


class System(NamedTuple):
    """The conditions on one support.

    ``table[condition, cell]`` is what the condition's action pays more than the first used action of its ``owner``, at
    each cell of the support (the profiles of used actions, listed in ``digits[cell, player]``), in scaled units;
    ``magnitude`` is the same without signs. The first ``equations`` conditions must be 0, the others at most 0.
    ``scale[player, place]`` turns scaled weights into probabilities up to a factor, and ``actions[player, place]``
    names the used actions.
    """

    sizes: IntArray
    actions: IntArray
    digits: IntArray
    owner: IntArray
    table: FloatArray
    magnitude: FloatArray
    scale: FloatArray
    equations: int


@compiled
def difference(first: float, second: float, rounding: float) -> float:
    """First minus second; exactly zero where they are equal up to ``rounding`` of their magnitude."""
    gap = first - second
    if abs(gap) <= rounding * max(abs(first), abs(second)):
        return 0.0
    return gap


@compiled
def strides_of(shape: IntArray) -> IntArray:
    """How far apart in a flat table the neighbours along each axis lie."""
    strides = np.ones(len(shape), np.int64)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    return strides


@compiled
def used_actions(support: IntArray, shape: IntArray) -> tuple[IntArray, IntArray]:
    """How many actions each bit mask of ``support`` holds, and which: ``[player, place]``."""
    sizes, actions = np.zeros(len(shape), np.int64), np.zeros((len(shape), shape.max()), np.int64)
    for player in range(len(shape)):
        for action in range(shape[player]):
            if support[player] >> action & 1:
                actions[player, sizes[player]] = action
                sizes[player] += 1
    return sizes, actions


@compiled
def cells_of(sizes: IntArray, actions: IntArray, strides: IntArray) -> tuple[IntArray, IntArray]:
    """The cells of a support as places ``[cell, player]``, and where each cell stands in the flat payoffs."""
    count = 1
    for size in sizes:
        count *= size
    digits, flat = np.empty((count, len(sizes)), np.int64), np.zeros(count, np.int64)
    for cell in range(count):
        rest = cell
        for player in range(len(sizes) - 1, -1, -1):
            digits[cell, player] = rest % sizes[player]
            rest //= sizes[player]
            flat[cell] += strides[player] * actions[player, digits[cell, player]]
    return digits, flat


@compiled
def undominated(payoffs: FloatArray, shape: IntArray, rounding: float) -> IntArray:
    """The actions that survive iterated elimination of those that another always beats: a bit mask a player.

    No equilibrium uses the others, and the order of elimination does not matter. ``payoffs`` is ``[player, cell]``.
    """
    alive = np.empty(len(shape), np.int64)
    for player in range(len(shape)):
        alive[player] = (1 << shape[player]) - 1
    changed = True
    while changed:
        changed = False
        for player in range(len(shape)):
            action = beaten(payoffs, shape, alive, alive, player, rounding, 0)
            while action >= 0:
                alive[player] &= ~(1 << action)
                changed = True
                action = beaten(payoffs, shape, alive, alive, player, rounding, 0)
    return alive


@compiled
def beaten(
    payoffs: FloatArray,
    shape: IntArray,
    support: IntArray,
    alive: IntArray,
    player: int,
    rounding: float,
    ties: int,
) -> int:
    """An action in the player's support that another one beats against all of the others' support; -1 if none.

    It may tie in up to ``ties`` cells, if it is better somewhere: enough where the others use all of their support,
    for then every cell has weight.
    """
    strides = strides_of(shape)
    sizes, actions = used_actions(support, shape)
    sizes[player] = 1
    actions[player, 0] = 0
    _, flat = cells_of(sizes, actions, strides)
    for action in range(shape[player]):
        if not support[player] >> action & 1:
            continue
        for rival in range(shape[player]):
            if rival == action or not alive[player] >> rival & 1:
                continue
            tied = 0
            for place in flat:
                better = payoffs[player, place + rival * strides[player]]
                gap = difference(better, payoffs[player, place + action * strides[player]], rounding)
                if gap < 0:
                    tied = len(flat)
                    break
                tied += gap == 0
            if tied <= ties and tied < len(flat):
                return action
    return -1


@compiled
def system_of(payoffs: FloatArray, shape: IntArray, support: IntArray, alive: IntArray, rounding: float) -> System:
    """The conditions on one support of the game ``payoffs[player, cell]``; only actions ``alive`` count."""
    strides = strides_of(shape)
    sizes, actions = used_actions(support, shape)
    digits, flat = cells_of(sizes, actions, strides)
    equations, conditions = 0, 0
    for player in range(len(shape)):
        equations += sizes[player] - 1
        for action in range(shape[player]):
            conditions += alive[player] >> action & 1
        conditions -= 1
    owner, table = np.empty(conditions, np.int64), np.empty((conditions, len(flat)))
    place = 0
    for used in (True, False):
        for player in range(len(shape)):
            first = actions[player, 0]
            for action in range(shape[player]):
                wanted = (support[player] >> action & 1) == used and alive[player] >> action & 1
                if not wanted or action == first:
                    continue
                owner[place] = player
                for cell in range(len(flat)):
                    base = flat[cell] - strides[player] * actions[player, digits[cell, player]]
                    table[place, cell] = difference(
                        payoffs[player, base + strides[player] * action],
                        payoffs[player, base + strides[player] * first],
                        rounding,
                    )
                place += 1
    scale = np.ones(actions.shape)
    system = System(sizes, actions, digits, owner, table, np.empty(table.shape), scale, equations)
    balance(system)
    for condition in range(conditions):
        for cell in range(len(flat)):
            system.magnitude[condition, cell] = abs(table[condition, cell])
    return system


@compiled
def balance(system: System) -> None:
    """Scale conditions and actions by powers of two until the largest coefficient of each is about 1."""
    table, scale = system.table, system.scale
    for _ in range(ROUNDS):
        for condition in range(system.equations):
            scale_row(table, condition)
        for player in range(len(system.sizes)):
            for place in range(system.sizes[player]):
                largest = 0.0
                for condition in range(system.equations):
                    if system.owner[condition] != player:
                        for cell in range(table.shape[1]):
                            if system.digits[cell, player] == place:
                                largest = max(largest, abs(table[condition, cell]))
                if largest > 0:
                    factor = ldexp(1.0, -frexp(largest)[1])
                    scale[player, place] *= factor
                    for condition in range(len(table)):
                        if system.owner[condition] != player:
                            for cell in range(table.shape[1]):
                                if system.digits[cell, player] == place:
                                    table[condition, cell] *= factor
    for condition in range(len(table)):
        scale_row(table, condition)


@compiled
def scale_row(table: FloatArray, row: int) -> None:
    """Scale one row by a power of two so that its largest entry lies between 1/2 and 1."""
    largest = 0.0
    for cell in range(table.shape[1]):
        largest = max(largest, abs(table[row, cell]))
    if largest > 0:
        factor = ldexp(1.0, -frexp(largest)[1])
        for cell in range(table.shape[1]):
            table[row, cell] *= factor
