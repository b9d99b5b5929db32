"""Where does the principal branch of logit equilibria pass, and where does it end, in each game of a batch?

What the concepts ``logit``, ``logit_limit`` and ``logit_branch`` share: the games laid out for the compiled follower,
the last points that it reaches, and how far a profile is from answering itself.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import FloatArray, Games
from gametheory.kernels.payoffs import action_payoffs, expected_payoffs
from gametheory.solutions import IntArray
from gametheory.solvers.task import Task
from gametheory.solvers.vertices import in_blocks

NOT_FINITE, OUT_OF_TIME = 10, 11  # beside the follower's own ways to end
WORK = 1_000_000  # cells of the matrices that are solved between two looks at the clock
NEAR_CENTROID = 1e-3  # precision times payoffs at which the branch is entered
RESIDUAL = 1e-12  # distance from the logit response that counts as none
ROUNDING = 2e-15  # of a payoff in play, times the precision: what rounding alone may add to that distance


@dataclass(frozen=True, eq=False)
class Layout:
    """Games of one shape for the follower: ``places[cell, player]`` numbers actions through, ``starts[player]``."""

    places: IntArray
    starts: IntArray


@dataclass(frozen=True, eq=False)
class Ends:
    """Per game the last point of its branch, with actions numbered through all players.

    ``log_probabilities`` and ``slopes`` (by log precision) are ``[game, action]``; ``status`` says how the branch
    ended, ``turns`` how often it turned in precision, ``crossings`` how many other branches it crossed.
    """

    log_probabilities: FloatArray
    log_precision: FloatArray
    slopes: FloatArray
    status: NDArray[np.uint8]
    turns: IntArray
    crossings: IntArray


def layout(shape: Sequence[int]) -> Layout:
    """Number the actions of all players through, and list them cell by cell."""
    starts = np.concatenate([[0], np.cumsum(shape)]).astype(np.int64)
    cells = np.stack([own.reshape(-1) for own in np.indices(tuple(shape))], axis=1)
    return Layout(np.ascontiguousarray(cells + starts[:-1]), starts)


def centred(payoffs: FloatArray) -> FloatArray:
    """Take from a player's payoffs what all own actions share, where that leaves no rounding behind.

    A difference of two numbers of one sign within a factor 2 is exact (Sterbenz 1974); other columns stay as they are.

    >>> centred(np.array([[[[1e9 + 0.5, -1.0], [1e9, 7.0]], [[3.0, 4.0], [0.0, 0.0]]]]))[0].tolist()
    [[[0.5, -1.0], [0.0, 7.0]], [[0.0, 1.0], [0.0, 0.0]]]
    """
    result = payoffs.copy()
    for player in range(payoffs.shape[1]):
        own = result[:, player]
        low, high = own.min(axis=player + 1, keepdims=True), own.max(axis=player + 1, keepdims=True)
        exact = ((low > 0) & (high <= 2 * low)) | ((high < 0) & (low >= 2 * high))
        own -= np.where(exact, low, 0.0)
    return result


def entry(payoffs: FloatArray) -> FloatArray:
    """Return the log precision at which each branch is entered: no payoff difference weighs more than a trifle yet."""
    spans = [np.ptp(payoffs[:, k], axis=k + 1).reshape(len(payoffs), -1).max(axis=1) for k in range(payoffs.shape[1])]
    widest = np.max(spans, axis=0, initial=0.0)
    return np.asarray(np.log(np.where(widest > 0, NEAR_CENTROID / np.where(widest > 0, widest, 1.0), 1.0)))


def ends(games: Games, log_precision: float, task: Task) -> Ends:
    """Follow every branch to a log precision, or with an infinite one to where its limit can be read off."""
    deadline = time.monotonic() + task.seconds
    parts = in_blocks(lambda block: _ends_of_block(block, log_precision, deadline), games, task.workers)
    columns = ("log_probabilities", "log_precision", "slopes", "status", "turns", "crossings")
    return Ends(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


def _ends_of_block(games: Games, log_precision: float, deadline: float) -> Ends:
    """The same for one block, game after game until the time is over."""
    from gametheory.kernels.logit_branch import follow_block

    count, plan, finite = len(games), layout(games.shape), games.finite
    payoffs = centred(np.where(finite.reshape(-1, *[1] * (games.payoffs.ndim - 1)), games.payoffs, 0.0))
    begin, flat = entry(payoffs), np.ascontiguousarray(payoffs.reshape(count, len(games.players), -1))
    n = int(plan.starts[-1])
    found = Ends(
        np.zeros((count, n)),
        np.zeros(count),
        np.zeros((count, n)),
        np.full(count, OUT_OF_TIME, dtype=np.uint8),
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
    )
    size = max(WORK // (n + 1) ** 2, 1)
    for start in range(0, count, size):
        if time.monotonic() > deadline:
            break
        part = slice(start, start + size)
        points, slopes, status, turns, crossings = follow_block(
            flat[part], plan.places, plan.starts, begin[part], log_precision
        )
        found.log_probabilities[part], found.log_precision[part] = points[:, :n], points[:, n]
        found.slopes[part], found.status[part] = slopes, status
        found.turns[part], found.crossings[part] = turns, crossings
    found.status[~finite] = NOT_FINITE
    return found


def split(flat: FloatArray, starts: IntArray) -> tuple[FloatArray, ...]:
    """Cut columns that are numbered through all players into one array a player."""
    return tuple(np.ascontiguousarray(part) for part in np.split(flat, starts[1:-1], axis=1))


def probabilities(log_probabilities: FloatArray, starts: IntArray) -> tuple[FloatArray, ...]:
    """Return the strategies behind log-probabilities, ``[game, action]`` a player, each summing to 1."""
    own = (np.exp(part) for part in split(log_probabilities, starts))
    return tuple(part / part.sum(axis=1, keepdims=True) for part in own)


def logit_responses(
    payoffs: FloatArray, strategies: Sequence[FloatArray], precision: FloatArray
) -> tuple[FloatArray, ...]:
    """Return every player's logit response to the strategies of the others, ``[game, action]`` a player.

    >>> dilemma = np.array([[[[2.0, 0.0], [3.0, 1.0]], [[2.0, 3.0], [0.0, 1.0]]]])
    >>> logit_responses(dilemma, [np.array([[0.5, 0.5]])] * 2, np.array([1.0]))[0].tolist()
    [[0.2689414213699951, 0.7310585786300049]]
    """
    answers = []
    for player in range(len(strategies)):
        value = action_payoffs(payoffs, strategies, player)
        weight = np.exp(precision[:, np.newaxis] * (value - value.max(axis=1, keepdims=True)))
        answers.append(weight / weight.sum(axis=1, keepdims=True))
    return tuple(answers)


def residual(
    payoffs: FloatArray, strategies: Sequence[FloatArray], precision: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return how far each profile is from its logit response, and whether that is no more than rounding.

    The distance is the largest difference between two probabilities. Probabilities are rounded in their sixteenth
    digit, which precision times payoffs in play magnifies; up to about 1e3 the distance must be below 1e-12.
    """
    own = centred(payoffs)
    answers = logit_responses(own, strategies, precision)
    distance = np.max([np.abs(p - q).max(axis=1) for p, q in zip(strategies, answers, strict=True)], axis=0)
    magnitude = expected_payoffs(np.abs(own), strategies).max(axis=1)
    return distance, np.asarray(distance <= RESIDUAL + ROUNDING * precision * magnitude)
