"""What does each profile of a two-player game pay, and what could a player gain by deviating from it?

This is the certifier's arithmetic. It starts from the payoffs and the strategies alone and shares nothing with the walk
that found them.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@njit(nogil=True, cache=True)
def weigh(
    payoffs: FloatArray, game: IntArray, x: FloatArray, y: FloatArray, deviates: BoolArray, tolerance: float
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Expected payoffs ``[solution, player]``, regret ``[solution]``, and whether each solution is sound.

    ``payoffs`` is ``[game, player, row, column]``; solution ``s`` is the profile ``x[s], y[s]`` of game ``game[s]``. It
    is sound when both strategies are probability vectors and no player that ``deviates`` gains more than ``tolerance``
    times the magnitude of the payoffs in play: of the profile itself and of the best deviation from it.
    """
    count, m, n = len(game), x.shape[1], y.shape[1]
    expected, regret, sound = np.empty((count, 2)), np.zeros(count), np.ones(count, np.bool_)
    for s in range(count):
        for player in range(2):
            actions, others = (m, n) if player == 0 else (n, m)
            value, scale, best, best_scale = 0.0, 0.0, -np.inf, 0.0
            for action in range(actions):
                pays, size = 0.0, 0.0
                for other in range(others):
                    if player == 0:
                        cell, weight = payoffs[game[s], 0, action, other], y[s, other]
                    else:
                        cell, weight = payoffs[game[s], 1, other, action], x[s, other]
                    pays += weight * cell
                    size += weight * abs(cell)
                share = x[s, action] if player == 0 else y[s, action]
                value += share * pays
                scale += share * size
                if pays > best:
                    best, best_scale = pays, size
            expected[s, player] = value
            if deviates[player]:
                gain = max(best - value, 0.0)
                regret[s] = max(regret[s], gain)
                if not gain <= tolerance * (scale + best_scale):
                    sound[s] = False
        if not (is_strategy(x, s, tolerance) and is_strategy(y, s, tolerance)):
            sound[s] = False
    return expected, regret, sound


@njit(nogil=True, cache=True)
def is_strategy(strategies: FloatArray, place: int, tolerance: float) -> bool:
    """Whether one row holds probabilities that sum to 1."""
    total, least = 0.0, 0.0
    for action in range(strategies.shape[1]):
        total += strategies[place, action]
        least = min(least, strategies[place, action])
    return bool(least >= 0 and abs(total - 1.0) <= tolerance)


@njit(nogil=True, cache=True)
def leader_values(payoffs: FloatArray, leader: int, tie: float) -> tuple[FloatArray, FloatArray]:
    """What a leader can secure where ties are broken for and against it, and its largest payoff in size.

    ``payoffs`` is ``[game, player, row, column]``; the answers are ``[game, (for, against)]`` and ``[game]``. Replies
    whose payoffs differ by no more than ``tie`` times their magnitude are tied.
    """
    games, m, n = len(payoffs), payoffs.shape[2 + leader], payoffs.shape[3 - leader]
    values, size = np.full((games, 2), -np.inf), np.zeros(games)
    for g in range(games):
        for i in range(m):
            best = -np.inf
            for j in range(n):
                best = max(best, payoffs[g, 1, i, j] if leader == 0 else payoffs[g, 0, j, i])
            most, least = -np.inf, np.inf
            for j in range(n):
                own = payoffs[g, 0, i, j] if leader == 0 else payoffs[g, 1, j, i]
                its = payoffs[g, 1, i, j] if leader == 0 else payoffs[g, 0, j, i]
                size[g] = max(size[g], abs(own))
                if best - its <= tie * max(abs(its), abs(best)):
                    most, least = max(most, own), min(least, own)
            values[g, 0], values[g, 1] = max(values[g, 0], most), max(values[g, 1], least)
    return values, size


@njit(nogil=True, cache=True)
def index_sums(games: int, game: IntArray, component: IntArray, index: IntArray) -> IntArray:
    """Sum the indices of each game, every component counted once; the solutions of a game stand together."""
    total = np.zeros(games, np.int64)
    start = 0
    for s in range(len(game)):
        if game[s] != game[start]:
            start = s
        fresh = True
        for before in range(start, s):
            if component[before] == component[s]:
                fresh = False
                break
        if fresh:
            total[game[s]] += index[s]
    return total


@njit(nogil=True, cache=True)
def follows_its_like(game: IntArray) -> BoolArray:
    """Whether the solution before is one of the same game."""
    follows = np.zeros(len(game), np.bool_)
    for s in range(1, len(game)):
        follows[s] = game[s] == game[s - 1]
    return follows


@njit(nogil=True, cache=True)
def keep_equal_rows(strategies: FloatArray, tolerance: float, same: BoolArray) -> None:
    """Clear ``same`` where a row differs from the one before by more than ``tolerance`` times its own numbers."""
    for s in range(1, len(strategies)):
        for action in range(strategies.shape[1]):
            if not same[s]:
                break
            own = strategies[s, action]
            same[s] = abs(own - strategies[s - 1, action]) <= tolerance * own
