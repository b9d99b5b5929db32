"""How do players play who make mistakes, the rarer the dearer they are (McKelvey and Palfrey 1995)?

Logit quantal response: every player plays each action with a probability proportional to the exponential of
``precision`` times what the action pays against the others. The precision has the unit 1 / payoff: at 0 all actions are
alike, and as it grows mistakes vanish. It is one number for all players, so their payoffs must be in units that may be
compared.
"""

from __future__ import annotations

import math

import numpy as np

from gametheory import certify
from gametheory.certify import Check
from gametheory.errors import InputError
from gametheory.games.strategic import FloatArray, Games
from gametheory.solutions import FAILED, PARTIAL, Solutions
from gametheory.solvers.level_k import tame
from gametheory.solvers.listing import listed
from gametheory.solvers.principal_branch import NOT_FINITE, OUT_OF_TIME, ends, layout, probabilities, residual
from gametheory.solvers.task import Task
from gametheory.solvers.vertices import in_blocks

PROOF = "the only logit equilibrium at this precision: the logit response contracts; no Nash equilibrium, mistakes stay"
OTHERS = "the first point of the principal branch at this precision; other logit equilibria may exist"
UNIQUE = 1 - 1e-9  # a contraction by this factor is one beyond the rounding of the factor


def solve(games: Games, task: Task) -> Solutions:
    """Find the point of the principal branch at ``task.options["precision"]`` in games of any number of players.

    The branch starts at the centroid and is followed to where it first meets the precision. The verdict is ``complete``
    where the logit response contracts, so that no other logit equilibrium exists at this precision, else ``partial``.
    ``regret`` is what a player could gain by a best reply; it is the size of the mistakes and not an error. Raises
    InputError for a precision that is negative or not finite.
    """
    precision = task.options["precision"]
    if not 0 <= precision < np.inf:
        raise InputError(f"precision: {precision!r}, expected a finite number from 0 up, in 1 / unit of payoff")
    found = ends(games, math.log(precision) if precision > 0 else -math.inf, task)
    starts = layout(games.shape).starts
    reached = np.flatnonzero(found.status == 0)
    strategies = probabilities(found.log_probabilities[reached], starts)
    level = np.full(len(reached), precision)
    answered = residual(games.payoffs[reached], strategies, level)[1]
    game, strategies = reached[answered], tuple(own[answered] for own in strategies)
    seen = certify.check(games.payoffs, game, strategies)
    solved = np.isin(np.arange(len(games)), game)
    rate = np.concatenate(in_blocks(lambda block: contraction(tame(block)), games, task.workers))
    return listed(
        games,
        game,
        strategies,
        concept="logit",
        # regret is no fault here; the distance from the response is what counts
        seen=Check(seen.payoffs, seen.regret, np.ones(len(game), dtype=bool)),
        proof=PROOF,
        reasons=[
            (found.status == NOT_FINITE, FAILED, "a payoff is not a finite number"),
            (found.status == OUT_OF_TIME, FAILED, "the time was over before this game's turn"),
            (~solved, FAILED, "the principal branch could not be followed to this precision"),
            (precision * rate >= UNIQUE, PARTIAL, OTHERS),
        ],
    )


def contraction(payoffs: FloatArray) -> FloatArray:
    """Return by how much the logit response at precision 1 stretches differences between profiles: ``[game]``.

    Times a precision, a value below 1 proves that there is one logit equilibrium at that precision. Proof: let ``K`` be
    the most that an advantage of one own action over another changes when player ``j`` alone changes action. A change
    of ``j``'s strategy by ``d`` (sum of absolute values) moves that advantage by at most ``K d / 2``, and the response
    by a quarter of ``K d`` at precision 1. The value is the spectral radius of ``K / 4`` over pairs of players.

    >>> coordination = np.array([[[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]]])
    >>> contraction(coordination).tolist()  # unique up to precision 2, where the branch forks
    [0.5]
    """
    count, players = payoffs.shape[:2]
    stretch = np.zeros((count, players, players))
    for i in range(players):
        own = np.moveaxis(payoffs[:, i], i + 1, 1)
        for action in range(own.shape[1]):
            advantage = own - own[:, action : action + 1]
            for j in range(players):
                if j != i:
                    change = np.ptp(advantage, axis=(j if j > i else j + 1) + 1).reshape(count, -1).max(axis=1)
                    np.maximum(stretch[:, i, j], change, out=stretch[:, i, j])
    return np.asarray(np.abs(np.linalg.eigvals(stretch / 4)).max(axis=1, initial=0.0))
