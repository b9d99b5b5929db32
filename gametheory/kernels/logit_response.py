"""How far is a profile from answering itself by logit responses, and how does that distance change?

A profile is a vector of log-probabilities, the players' actions one after the other. It is a logit equilibrium at
precision ``lambda`` when every log-probability is that of the logit response: ``lambda`` times what the action pays,
less the logarithm of the sum that makes the probabilities add up to 1 (McKelvey and Palfrey 1995). In this form an
action that is hardly ever played costs no accuracy, and no action is singled out as the one to compare with.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

OUT_OF_PLAY = -200.0  # log-probability of an action that not even a catastrophe of 1e80 can bring to bear


@njit(nogil=True, cache=True)
def respond(payoffs: FloatArray, places: IntArray, p: FloatArray, values: FloatArray, slopes: FloatArray) -> None:
    """Fill what every action pays, ``values[k]``, and its derivatives ``slopes[k, l]`` by the probabilities ``p[l]``.

    ``payoffs`` is ``[player, cell]``; ``places[cell, player]`` numbers the action that the player takes in the cell,
    the actions of all players numbered through.
    """
    cells, players = places.shape
    for k in range(len(values)):
        values[k] = 0.0
        for column in range(len(values)):
            slopes[k, column] = 0.0
    for cell in range(cells):
        for i in range(players):
            own, k = payoffs[i, cell], places[cell, i]
            weight = 1.0
            for j in range(players):
                if j != i:
                    weight *= p[places[cell, j]]
                    partial = 1.0
                    for h in range(players):
                        if h not in (i, j):
                            partial *= p[places[cell, h]]
                    slopes[k, places[cell, j]] += own * partial
            values[k] += own * weight


@njit(nogil=True, cache=True)
def distances(
    payoffs: FloatArray, places: IntArray, starts: IntArray, point: FloatArray, weights: FloatArray, system: FloatArray
) -> None:
    """Fill ``system``: derivatives of the distances by the log-probabilities and log precision, the distances last.

    ``point`` holds the ``n`` log-probabilities and the logarithm of the precision; ``system`` is ``[n + 1, n + 2]``,
    its last row left alone. Player ``i`` owns the actions ``starts[i]`` to ``starts[i + 1]``. Row ``k`` is multiplied
    by ``weights[k]`` and column ``l`` divided by ``weights[l]``, which leaves the sign of the determinant as it is.
    """
    n = len(point) - 1
    p, precision = np.empty(n), np.exp(point[n])
    values, slopes, answer = np.empty(n), np.empty((n, n)), np.empty(n)
    for k in range(n):
        p[k] = np.exp(point[k])
    respond(payoffs, places, p, values, slopes)
    for i in range(len(starts) - 1):
        first, last = starts[i], starts[i + 1]
        top, total, mean = -np.inf, 0.0, 0.0
        for k in range(first, last):
            top = max(top, values[k])
        for k in range(first, last):
            answer[k] = np.exp(precision * (values[k] - top))
            total += answer[k]
        for k in range(first, last):
            answer[k] /= total
            mean += answer[k] * values[k]
        for column in range(n):
            average = 0.0
            for k in range(first, last):
                average += answer[k] * slopes[k, column]
            for k in range(first, last):
                entry = -precision * (slopes[k, column] - average) * p[column]
                if k == column:
                    entry += 1.0
                system[k, column] = entry * weights[k] / weights[column]
        for k in range(first, last):
            system[k, n] = -precision * (values[k] - mean) * weights[k]
            system[k, n + 1] = (point[k] - precision * (values[k] - top) + np.log(total)) * weights[k]


@njit(nogil=True, cache=True)
def eliminate(system: FloatArray, solution: FloatArray) -> int:
    """Solve a square system ``[A | b]`` in place by elimination with pivoting; return the sign of the determinant."""
    n, sign = len(solution), 1
    for column in range(n):
        pivot = column
        for row in range(column + 1, n):
            if abs(system[row, column]) > abs(system[pivot, column]):
                pivot = row
        if not abs(system[pivot, column]) > 0.0:
            return 0
        if pivot != column:
            sign = -sign
            for k in range(column, n + 1):
                system[column, k], system[pivot, k] = system[pivot, k], system[column, k]
        if system[column, column] < 0:
            sign = -sign
        for row in range(column + 1, n):
            factor = system[row, column] / system[column, column]
            if factor != 0.0:
                for k in range(column + 1, n + 1):
                    system[row, k] -= factor * system[column, k]
    for row in range(n - 1, -1, -1):
        total = system[row, n]
        for k in range(row + 1, n):
            total -= system[row, k] * solution[k]
        solution[row] = total / system[row, row]
    return sign


@njit(nogil=True, cache=True)
def reach(payoffs: FloatArray, places: IntArray, starts: IntArray, point: FloatArray) -> float:
    """Return precision times the largest expected magnitude of what an action in play pays: rounding goes by it.

    A player who has one action in play only compares it with nothing, so that rounding of its payoffs changes nothing.
    """
    n = len(point) - 1
    cells, players = places.shape
    sizes = np.zeros(n)
    for cell in range(cells):
        for i in range(players):
            weight = 0.0
            for j in range(players):
                if j != i:
                    weight += point[places[cell, j]]
            sizes[places[cell, i]] += abs(payoffs[i, cell]) * np.exp(weight)
    largest = 0.0
    for i in range(players):
        own, count = 0.0, 0
        for k in range(starts[i], starts[i + 1]):
            if point[k] > OUT_OF_PLAY:
                own = max(own, sizes[k])
                count += 1
        if count > 1:
            largest = max(largest, own)
    answer: float = largest * np.exp(point[n])
    return answer
