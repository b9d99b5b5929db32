"""Which mixed equilibria has each support of each game of a batch, and which supports could not be settled?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.cells import NO_DOUBT, search
from gametheory.kernels.indifference import System, beaten, compiled, system_of, undominated
from gametheory.kernels.roots import OUTSIDE, Roots

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_ROOTS = 256  # of one support, those outside the strategies included


class Found(NamedTuple):
    """What a call found: roots and unsettled supports, ``counts`` of each; strategies are ``[row, player, action]``.

    ``doubt`` is the centre of the largest cell of an unsettled support that stayed open, ``why`` the kernel's reason.
    """

    counts: IntArray
    game: IntArray
    support: IntArray
    kind: IntArray
    sign: IntArray
    strategies: FloatArray
    open_game: IntArray
    open_support: IntArray
    why: IntArray
    doubt: FloatArray


def found_room(rows: int, shape: IntArray) -> Found:
    """Space for what one call finds."""
    game, support, kind, sign, open_game, open_support, why = np.zeros((7, rows), dtype=np.int64)
    strategies, doubt = np.zeros((2, rows, len(shape), int(shape.max())))
    counts = np.zeros(2, dtype=np.int64)
    return Found(counts, game, support, kind, sign, strategies, open_game, open_support, why, doubt)


@njit(nogil=True, cache=True)
def sweep(
    payoffs: FloatArray,
    shape: IntArray,
    supports: IntArray,
    start: IntArray,
    rounding: float,
    work: int,
    budget: int,
    found: Found,
) -> None:
    """Search the supports of the games from place ``start = [game, support]`` on, until the budget is spent.

    ``payoffs`` is ``[game, player, cell]``, ``supports[number, player]`` bit masks. ``start`` is moved on; it is past
    the last game when all is done. ``work`` bounds one support, ``budget`` the call, both in multiplications.
    """
    spent, players = 0, len(shape)
    found.counts[:] = 0
    while start[0] < len(payoffs):
        game = payoffs[start[0]]
        alive = undominated(game, shape, rounding)
        while start[1] < len(supports):
            full = found.counts[0] + MOST_ROOTS > len(found.game) or found.counts[1] == len(found.open_game)
            if spent > budget or full:
                return
            if sensible(game, shape, supports[start[1]], alive, rounding):
                system = system_of(game, shape, supports[start[1]], alive, rounding)
                roots, doubt = room(players, system.sizes.max()), np.zeros((players, system.sizes.max()))
                why, worked = search(system, roots, work, doubt)
                if why != NO_DOUBT:
                    write_doubt(system, start, why, doubt, found)
                write_roots(system, start, roots, found)
                spent += worked
            spent += 100
            start[1] += 1
        start[0] += 1
        start[1] = 0


@compiled
def room(players: int, widest: int) -> Roots:
    """Space for the roots of one support."""
    count = MOST_ROOTS
    return Roots(
        np.zeros(1, np.int64),
        np.zeros((count, players, widest)),
        np.zeros((count, players), np.int64),
        np.zeros(count),
        np.zeros(count),
        np.zeros(count, np.int64),
        np.zeros(count, np.int64),
    )


@compiled
def sensible(game: FloatArray, shape: IntArray, support: IntArray, alive: IntArray, rounding: float) -> bool:
    """Whether no used action was eliminated, or is beaten where the others use all of their support."""
    for player in range(len(shape)):
        if support[player] & ~alive[player]:
            return False
    worst = -1
    for player in range(len(shape)):
        worst = max(worst, beaten(game, shape, support, alive, player, rounding, game.shape[1]))
    return worst < 0


@compiled
def write_doubt(system: System, place: IntArray, why: int, doubt: FloatArray, found: Found) -> None:
    """Write down that the support at ``place = [game, support]`` was not settled, and where."""
    row = found.counts[1]
    found.open_game[row], found.open_support[row], found.why[row] = place[0], place[1], why
    spread(system, doubt, 0.0, found.doubt[row])
    found.counts[1] += 1


@compiled
def write_roots(system: System, place: IntArray, roots: Roots, found: Found) -> None:
    """Write down the roots of the support at ``place = [game, support]`` that are equilibria or may be."""
    for root in range(roots.listed[0]):
        if roots.kind[root] != OUTSIDE:
            row = found.counts[0]
            found.game[row], found.support[row] = place[0], place[1]
            found.kind[row], found.sign[row] = roots.kind[root], roots.sign[root]
            spread(system, roots.point[root], roots.small[root], found.strategies[row])
            found.counts[0] += 1


@compiled
def spread(system: System, weights: FloatArray, small: float, strategies: FloatArray) -> None:
    """Turn scaled weights ``[player, place]`` into probabilities ``[player, action]``; those up to ``small`` are 0."""
    strategies[:] = 0.0
    for player in range(len(system.sizes)):
        total = 0.0
        for place in range(system.sizes[player]):
            if weights[player, place] > small:
                total += weights[player, place] * system.scale[player, place]
        for place in range(system.sizes[player]):
            if weights[player, place] > small:
                share = weights[player, place] * system.scale[player, place] / total
                strategies[player, system.actions[player, place]] = share
