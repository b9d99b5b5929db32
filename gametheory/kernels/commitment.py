"""Which mixed strategies should a leader commit to, when the follower sees the mixture and answers with a best reply?

The best commitment lies at a vertex of the region in which one reply is best (Conitzer and Sandholm 2006). These
regions are the faces of the leader's best-response polytope, so its vertices, each with its tight replies, are all that
need be compared: no linear program is solved.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.corners import fill, strategy
from gametheory.kernels.equilibria import DOUBT, FIRST_ROOM, LIMIT, NOT_FINITE
from gametheory.kernels.pairing import longer, same_vertex, taller
from gametheory.kernels.polytopes import DOUBTFUL, OVERFLOW, TIGHT, clear, make_scratch, walk
from gametheory.kernels.reduction import snap

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SAME_VALUE = 1e-11  # values of two commitments closer than this share of the payoffs in play are a tie


@njit(nogil=True, cache=True)
def commit_block(
    own: FloatArray, its: FloatArray, most_vertices: int
) -> tuple[IntArray, FloatArray, IntArray, NDArray[np.uint8]]:
    """Find the optimal commitments of the leader, ties of the follower broken for the leader (the strong rule).

    ``own`` and ``its`` are the payoffs of leader and follower, ``[game, leader's action, follower's action]``. Returns,
    one entry a solution: the game, the leader's strategy ``[solution, action]`` and the reply; and the status bits of
    each game. Extreme optimal commitments are all listed.
    """
    games, m, n = own.shape
    tableaus, names, sets, places = make_scratch(min(most_vertices, FIRST_ROOM), n, m)
    size = games + 16
    out_game, out_reply, out_x = np.empty(size, np.int64), np.empty(size, np.int64), np.empty((size, m))
    status = np.zeros(games, np.uint8)
    actions, replies, scale = np.arange(m), np.arange(n), np.empty(m)
    x = np.empty((1, m))
    total = 0
    for game in range(games):
        if not (np.isfinite(own[game]).all() and np.isfinite(its[game]).all()):
            status[game] = NOT_FINITE
            continue
        table = its[game].T.copy()
        snap(table)
        narrow = fill(tableaus, table, replies, n, actions, m, scale)
        count, met = walk(tableaus, names, sets, places, n, m)
        while met & OVERFLOW and len(sets) < most_vertices:
            tableaus, names, sets, places = make_scratch(min(most_vertices, 4 * len(sets)), n, m)
            fill(tableaus, table, replies, n, actions, m, scale)
            count, met = walk(tableaus, names, sets, places, n, m)
        if met & OVERFLOW:
            status[game] = LIMIT
        else:
            if met & DOUBTFUL or narrow:
                status[game] = DOUBT
            alias = same_vertex(sets[:count, TIGHT].copy())
            best, start = -np.inf, total
            for vertex in range(1, count):
                if alias[vertex] != vertex:
                    continue
                strategy(tableaus, names, sets, vertex, actions, m, n, scale, x, 0)
                for reply in range(n):
                    if not (sets[vertex, TIGHT] >> np.int64(m + reply)) & 1:
                        continue
                    value, size = 0.0, 0.0
                    for action in range(m):
                        value += x[0, action] * own[game, action, reply]
                        size += x[0, action] * abs(own[game, action, reply])
                    margin = SAME_VALUE * max(size, abs(best)) if best > -np.inf else 0.0
                    if value < best - margin:
                        continue
                    if value > best + margin:
                        total = start
                    best = max(best, value)
                    if total == len(out_game):
                        out_game, out_reply = longer(out_game, 2 * total), longer(out_reply, 2 * total)
                        out_x = taller(out_x, 2 * total)
                    out_game[total], out_reply[total] = game, reply
                    out_x[total] = x[0]
                    total += 1
        clear(sets, places, count)
    return out_game[:total], out_x[:total], out_reply[:total], status
