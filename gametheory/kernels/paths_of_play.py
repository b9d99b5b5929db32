"""Which paths of play does backward induction leave when one player moves first and is observed?"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.payoffs import ROUNDING

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

STRONG, WEAK = 1, 2  # bits: the tie rules under which a path is played


@njit(nogil=True, cache=True)
def paths_of_play(
    payoffs: FloatArray, leader: int
) -> tuple[IntArray, IntArray, IntArray, NDArray[np.uint8], BoolArray]:
    """List the leader's best actions with the replies that the strong and the weak tie rule select.

    ``payoffs`` is ``[game, player, row, column]``. Returns, one entry a path and sorted: the game, the leader's action,
    the follower's reply, and the bits STRONG and WEAK; and which games are finite. The others have no paths.
    """
    games = len(payoffs)
    m, n = payoffs.shape[2 + leader], payoffs.shape[3 - leader]
    rules = np.zeros((games, m, n), np.uint8)
    finite = np.ones(games, np.bool_)
    own, its, reply = np.empty((m, n)), np.empty((m, n)), np.empty((m, n), np.bool_)
    values = np.empty((2, m))  # what each action gives the leader where ties are broken for it, and against it
    total = 0
    for game in range(games):
        finite[game] = read(payoffs[game], leader, own, its)
        if finite[game]:
            answer(own, its, reply, values)
            total += mark(own, reply, values, rules[game])
    at, first, second = np.empty(total, np.int64), np.empty(total, np.int64), np.empty(total, np.int64)
    rule = np.empty(total, np.uint8)
    place = 0
    for game in range(games):
        if finite[game]:
            for i in range(m):
                for j in range(n):
                    if rules[game, i, j]:
                        at[place], first[place], second[place], rule[place] = game, i, j, rules[game, i, j]
                        place += 1
    return at, first, second, rule, finite


@njit(nogil=True, cache=True)
def read(game: FloatArray, leader: int, own: FloatArray, its: FloatArray) -> bool:
    """Copy the payoffs of leader and follower as ``[leader's action, follower's action]``; whether all are finite."""
    m, n = own.shape
    for i in range(m):
        for j in range(n):
            if leader == 0:
                own[i, j], its[i, j] = game[0, i, j], game[1, i, j]
            else:
                own[i, j], its[i, j] = game[1, j, i], game[0, j, i]
            if not (np.isfinite(own[i, j]) and np.isfinite(its[i, j])):
                return False
    return True


@njit(nogil=True, cache=True)
def answer(own: FloatArray, its: FloatArray, reply: BoolArray, values: FloatArray) -> None:
    """Mark the follower's best replies, and write the leader's best and worst value over those to each action."""
    m, n = own.shape
    for i in range(m):
        values[0, i], values[1, i] = -np.inf, np.inf
        best = -np.inf
        for j in range(n):
            best = max(best, its[i, j])
        for j in range(n):
            reply[i, j] = good(its[i, j], best)
            if reply[i, j]:
                values[0, i] = max(values[0, i], own[i, j])
                values[1, i] = min(values[1, i], own[i, j])


@njit(nogil=True, cache=True)
def mark(own: FloatArray, reply: BoolArray, values: FloatArray, rules: NDArray[np.uint8]) -> int:
    """Mark the replies that give the leader each tie rule's value at the actions where it is largest; count them."""
    m, n = own.shape
    count = 0
    best, worst = -np.inf, -np.inf
    for i in range(m):
        best, worst = max(best, values[0, i]), max(worst, values[1, i])
    for i in range(m):
        strong, weak = good(values[0, i], best), good(values[1, i], worst)
        for j in range(n):
            if reply[i, j]:
                if strong and good(own[i, j], values[0, i]) and good(values[0, i], own[i, j]):
                    rules[i, j] |= STRONG
                if weak and good(own[i, j], values[1, i]) and good(values[1, i], own[i, j]):
                    rules[i, j] |= WEAK
                if rules[i, j]:
                    count += 1
    return count


@njit(nogil=True, cache=True)
def good(value: float, best: float) -> bool:
    """Whether ``value`` is at least ``best``, up to the rounding of their own magnitude."""
    return value >= best - ROUNDING * max(abs(value), abs(best))
