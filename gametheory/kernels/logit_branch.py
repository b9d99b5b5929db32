"""Where does the principal branch of logit equilibria lead?

The branch starts at precision 0, where every action is as likely as any other, and is followed by predictor and
corrector along its length, so that it may turn back in precision and on again (McKelvey and Palfrey 1995; Turocy 2005).
Length is measured in log-probabilities and log precision, each log-probability relative to its own size: a payoff of
-1e15 beside stakes of 1 then takes some dozens of steps and not 1e15.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from gametheory.kernels.logit_response import distances, eliminate, reach

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
StatusArray = NDArray[np.uint8]

REACHED, STALLED, LONG = 0, 1, 2  # how a branch ends: as asked, no next point, too many steps

FIRST = 0.1  # first step
LONGEST = 1.0  # longest step: a factor e in precision where nothing else moves
SHORTEST = 1e-9  # a step that is no step
CROSSING = 1e-6  # two branches closer than this are taken to cross: the last digit of a payoff parts them by 6e-6
FIXED = 1e-12  # a correction below this share is none
CORRECTIONS = 10
NOISE = 1e-6  # a correction below this share that no longer shrinks is rounding
BEND = 0.9  # least cosine between two tangents
ROUNDING = 2e-15  # of a payoff in play: what precision times it may cost in a log-probability
FAR, FARTHEST = 1e9, 1e13  # precision times payoffs in play at which the limit is read off, if settled and at all
ROUGH = 1e4  # the same, where rounding keeps a branch into a degenerate limit from going further
GONE = -60.0  # log-probability below which an action is out of play
STILL = 1e-3  # change of a log-probability by log precision that is close to none
WIDEST = 200.0  # most that log precision may grow
MOST_STEPS = 20_000


@njit(nogil=True, cache=True)
def product(first: FloatArray, second: FloatArray) -> float:
    """Return the inner product of two vectors."""
    total = 0.0
    for k in range(len(first)):
        total += first[k] * second[k]
    return total


@njit(nogil=True, cache=True)
def normalise(vector: FloatArray) -> None:
    """Give a vector length 1."""
    length = np.sqrt(product(vector, vector))
    for k in range(len(vector)):
        vector[k] /= length


@njit(nogil=True, cache=True)
def correct(
    payoffs: FloatArray,
    places: IntArray,
    starts: IntArray,
    point: FloatArray,
    weights: FloatArray,
    border: FloatArray,
    longest: float,
) -> tuple[bool, int]:
    """Move ``point`` onto the branch at right angles to ``border``; did it get there without leaving its region?"""
    n = len(point) - 1
    system, change, moved = np.empty((n + 1, n + 2)), np.empty(n + 1), np.zeros(n + 1)
    enough = FIXED + ROUNDING * reach(payoffs, places, starts, point)
    before = np.inf
    for attempt in range(CORRECTIONS):
        distances(payoffs, places, starts, point, weights, system)
        for k in range(n + 1):
            system[n, k] = border[k]
        system[n, n + 1] = 0.0
        if eliminate(system, change) == 0:
            return False, attempt
        size = 0.0
        for k in range(n + 1):
            point[k] -= change[k] / weights[k]
            moved[k] += change[k]
            size = max(size, abs(change[k]))
        if not np.sqrt(product(moved, moved)) <= longest:
            return False, attempt
        if size <= enough or (size <= NOISE and size > 0.3 * before):
            return True, attempt
        before = size
    return False, CORRECTIONS


@njit(nogil=True, cache=True)
def tangent(
    payoffs: FloatArray,
    places: IntArray,
    starts: IntArray,
    point: FloatArray,
    weights: FloatArray,
    border: FloatArray,
    ahead: FloatArray,
) -> int:
    """Fill ``ahead`` with the unit tangent that points along ``border``; return the sign of the determinant."""
    n = len(point) - 1
    system = np.empty((n + 1, n + 2))
    distances(payoffs, places, starts, point, weights, system)
    for k in range(n + 1):
        system[n, k] = border[k]
        system[k, n + 1] = 0.0
    system[n, n + 1] = 1.0
    sign: int = eliminate(system, ahead)
    if sign != 0:
        normalise(ahead)
    return sign


@njit(nogil=True, cache=True)
def weigh(point: FloatArray, weights: FloatArray) -> None:
    """Fill the share of its own size by which each coordinate of a point is measured."""
    n = len(point) - 1
    for k in range(n):
        weights[k] = 1.0 / (1.0 + abs(point[k]))
    weights[n] = 1.0


@njit(nogil=True, cache=True)
def settled(slopes: FloatArray, point: FloatArray, far: float) -> bool:
    """Whether the limit can be read off: every action is in or out of play for good as far as can be told.

    ``far`` is the precision times the payoffs in play. Before `FAR` only pure limits are read off: each action but one
    a player is out of play, and ever faster so.
    """
    if far >= FARTHEST:
        return True
    for k in range(len(slopes)):
        gone = point[k] < GONE and slopes[k] < 0.5 * point[k]
        if far < FAR and not (gone or point[k] > -1e-15):
            return False
        if not (gone or point[k] < -20.0 or abs(slopes[k]) <= STILL):
            return False
    return True


@njit(nogil=True, cache=True)
def arrested(payoffs: FloatArray, places: IntArray, starts: IntArray, point: FloatArray, target: float) -> int:
    """How a branch ends whose next point is not found: reached, where what is asked for can be had from here."""
    n = len(point) - 1
    if target - point[n] < NOISE:  # it lies where branches cross; whoever asks checks the answer
        point[n] = target
        return REACHED
    if target == np.inf and reach(payoffs, places, starts, point) >= ROUGH:
        return REACHED
    return STALLED


@njit(nogil=True, cache=True)
def enter(starts: IntArray, log_precision: float, point: FloatArray, slopes: FloatArray) -> None:
    """Set ``point`` to the centroid at a log precision."""
    for i in range(len(starts) - 1):
        for k in range(starts[i], starts[i + 1]):
            point[k], slopes[k] = -np.log(starts[i + 1] - starts[i]), 0.0
    point[len(point) - 1] = log_precision


@njit(nogil=True, cache=True)
def advance(
    point: FloatArray, trial: FloatArray, weights: FloatArray, next_ahead: FloatArray, ahead: FloatArray
) -> None:
    """Move ``point`` to ``trial``, measure anew by its coordinates, and turn ``ahead`` into the tangent there."""
    for k in range(len(point)):
        ahead[k] = next_ahead[k] / weights[k]
        point[k] = trial[k]
    weigh(point, weights)
    for k in range(len(point)):
        ahead[k] *= weights[k]
    normalise(ahead)


@njit(nogil=True, cache=True)
def incline(ahead: FloatArray, weights: FloatArray, slopes: FloatArray) -> None:
    """Fill how fast the log-probabilities change with the log precision along ``ahead``."""
    n = len(slopes)
    for k in range(n):
        slopes[k] = ahead[k] / weights[k] / ahead[n]


@njit(nogil=True, cache=True)
def keep(trail: FloatArray, place: int, point: FloatArray) -> None:
    """Note the point on the trail, where that has room for it."""
    if place < len(trail):
        for k in range(len(point)):
            trail[place, k] = point[k]


@njit(nogil=True, cache=True)
def follow(
    payoffs: FloatArray,
    places: IntArray,
    starts: IntArray,
    begin: float,
    target: float,
    point: FloatArray,
    slopes: FloatArray,
    trail: FloatArray,
) -> tuple[int, int, int, int]:
    """Follow the branch of one game; return how it ended, its points, its turns, and the branches that it crossed.

    ``payoffs`` and ``places`` are as in `respond`, ``begin`` a log precision at which the profile is still near the
    centroid, ``target`` the log precision to stop at (infinite: where the limit can be read off). ``point`` receives
    the last log-probabilities and log precision, ``slopes`` how fast the former change with the latter, and ``trail``
    as many points ``[step, coordinate]`` as it has rows.
    """
    n = len(point) - 1
    weights, ahead, next_ahead, trial = np.empty(n + 1), np.zeros(n + 1), np.empty(n + 1), np.empty(n + 1)
    level = np.zeros(n + 1)
    level[n] = 1.0
    enter(starts, min(begin, target), point, slopes)
    weigh(point, weights)
    if not correct(payoffs, places, starts, point, weights, level, np.inf)[0]:
        return STALLED, 0, 0, 0
    sign = tangent(payoffs, places, starts, point, weights, level, ahead)
    keep(trail, 0, point)
    steps, turns, crossings, step = 1, 0, 0, FIRST
    while point[n] < target:
        last = ahead[n] > 0 and point[n] + step * ahead[n] >= target
        taken = (target - point[n]) / ahead[n] if last else step
        for k in range(n + 1):
            trial[k] = point[k] + taken * ahead[k] / weights[k]
        border = level if last else ahead
        on, corrections = correct(payoffs, places, starts, trial, weights, border, 0.5 * taken)
        new_sign = tangent(payoffs, places, starts, trial, weights, ahead, next_ahead) if on else 0
        good = on and new_sign != 0 and product(next_ahead, ahead) >= BEND and (last or trial[n] < target)
        if not good or (new_sign != sign and taken > CROSSING):
            step = 0.5 * taken
            if step >= SHORTEST:
                continue
            return arrested(payoffs, places, starts, point, target), steps, turns, crossings
        crossings += new_sign != sign
        turns += next_ahead[n] * ahead[n] < 0
        sign = new_sign
        advance(point, trial, weights, next_ahead, ahead)
        incline(ahead, weights, slopes)
        if last:
            point[n] = target
        if corrections <= 4:
            step = min(1.5 * taken, LONGEST)
        keep(trail, steps, point)
        steps += 1
        if target == np.inf and ahead[n] > 0:
            far = reach(payoffs, places, starts, point)
            if settled(slopes, point, far) or point[n] > begin + WIDEST:
                break
        if steps >= MOST_STEPS:
            return LONG, steps, turns, crossings
    return REACHED, steps, turns, crossings


@njit(nogil=True, cache=True)
def follow_block(
    payoffs: FloatArray, places: IntArray, starts: IntArray, begin: FloatArray, target: float
) -> tuple[FloatArray, FloatArray, StatusArray, IntArray, IntArray]:
    """Follow the branch of every game ``payoffs[game, player, cell]``, one after the other.

    Returns per game the last point ``[game, action and log precision]``, the slopes ``[game, action]``, how the branch
    ended, how often it turned and how many branches it crossed.
    """
    games, n = len(payoffs), starts[-1]
    points, slopes = np.empty((games, n + 1)), np.empty((games, n))
    status, turns, crossings = np.zeros(games, np.uint8), np.zeros(games, np.int64), np.zeros(games, np.int64)
    trail = np.empty((0, n + 1))
    for game in range(games):
        status[game], _, turns[game], crossings[game] = follow(
            payoffs[game], places, starts, begin[game], target, points[game], slopes[game], trail
        )
    return points, slopes, status, turns, crossings
