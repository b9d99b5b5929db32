"""How does a game become a polytope, and a vertex of it a strategy?"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.polytopes import TIGHT

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SmallArray = NDArray[np.int8]

NARROW = 1e-8  # payoff differences below this share of their column's range are left to exact arithmetic


@njit(nogil=True, cache=True, error_model="numpy")
def fill(
    tableaus: FloatArray,
    payoffs: FloatArray,
    replies: IntArray,
    reply_count: int,
    actions: IntArray,
    action_count: int,
    scale: FloatArray,
) -> bool:
    """Write the dictionary of the origin and the scale of each action; is some column too narrow to trust?

    ``payoffs[reply, action]`` are the opponent's. What it gains by each reply matters only within one action, so each
    action's column may be shifted and scaled by itself without moving a best reply: it becomes ``1 + [0, 1)``, scaled
    by a power of two, which is exact. The strategy is then found up to that scale (a catastrophe in one column no
    longer drowns the stakes of the others).
    """
    narrow = False
    for k in range(action_count):
        action = actions[k]
        low, high = np.inf, -np.inf
        for row in range(reply_count):
            value = payoffs[replies[row], action]
            low, high = min(low, value), max(high, value)
        span, factor = high - low, 1.0
        if span > 0:
            exponent = math.frexp(span)[1]
            if abs(exponent) > 900 or not math.isfinite(span):
                narrow, exponent = True, 0
            factor = math.ldexp(1.0, -exponent)
        scale[k] = factor
        for row in range(reply_count):
            value = payoffs[replies[row], action]
            tableaus[0, row, k] = 1.0 + (value - low) * factor
            for before in range(row):
                gap = abs(value - payoffs[replies[before], action])
                if 0 < gap < NARROW * span:
                    narrow = True
    for row in range(reply_count):
        tableaus[0, row, action_count] = 1.0
    return narrow


@njit(nogil=True, cache=True, error_model="numpy")
def strategy(
    tableaus: FloatArray,
    names: SmallArray,
    sets: IntArray,
    vertex: int,
    actions: IntArray,
    action_count: int,
    reply_count: int,
    scale: FloatArray,
    out: FloatArray,
    place: int,
) -> None:
    """Write the probabilities at ``vertex`` into row ``place`` of ``out``; actions that are not listed get 0."""
    for action in range(out.shape[1]):
        out[place, action] = 0.0
    total = 0.0
    for row in range(reply_count):
        variable = np.int64(names[vertex, row])
        if variable < action_count and not (sets[vertex, TIGHT] >> variable) & 1:
            value = tableaus[vertex, row, action_count] * scale[variable]
            out[place, actions[variable]] = value
            total += value
    if total > 0:  # a vertex that rounding has spoilt is left at zero, for the certifier to refuse
        for action in range(out.shape[1]):
            out[place, action] /= total


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def strategies(
    tableaus: FloatArray,
    names: SmallArray,
    sets: IntArray,
    pairs: IntArray,
    side: int,
    count: int,
    actions: IntArray,
    action_count: int,
    reply_count: int,
    scale: FloatArray,
    out: FloatArray,
    start: int,
) -> None:
    """Write the strategies at the vertices ``pairs[:count, side]`` into ``out`` from row ``start`` on."""
    for k in range(count):
        strategy(tableaus, names, sets, pairs[k, side], actions, action_count, reply_count, scale, out, start + k)
