"""What do players do who think a given number of steps ahead (Stahl and Wilson 1994; Nagel 1995)?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.certify import Check
from gametheory.errors import InputError
from gametheory.games.strategic import FloatArray, Games
from gametheory.kernels.payoffs import action_payoffs
from gametheory.solutions import FAILED, Solutions
from gametheory.solvers.listing import listed
from gametheory.solvers.task import Task

PROOF = (
    "a prediction, not an equilibrium, and the only one: level {} answers the level below it, ties split evenly; "
    "the regret is what a player could gain against it"
)
MOST = 10_000  # levels; far beyond what any experiment has found
TIE = 1e-12  # a difference in payoff below this share of the differences in play is rounding


def solve(games: Games, task: Task) -> Solutions:
    """Predict play at ``task.options["level"]`` in games of any number of players.

    Level 0 plays every action alike. Each further level plays a best reply to the others at the level below, evenly
    over all best replies where they tie. ``regret`` is what a player could gain once the others play as predicted.
    Raises InputError for a level that is no whole number from 0 up.

    >>> from gametheory.games import strategic
    >>> pennies = strategic([[[2, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    >>> solve(pennies, Task(options={"level": 1.0})).profile(0)
    'a1, 0.5 a1 + 0.5 a2'
    """
    level = task.options["level"]
    if not (0 <= level <= MOST and level == int(level)):
        raise InputError(f"level: {level!r}, expected a whole number from 0 to {MOST}")
    payoffs = tame(games)
    strategies = uniform(games)
    for _ in range(int(level)):
        previous, strategies = strategies, best_replies(payoffs, strategies)
        if all(np.array_equal(own, before) for own, before in zip(strategies, previous, strict=True)):
            break  # every further level plays the same
    return prediction(games, "level_k", strategies, PROOF.format(int(level)))


def uniform(games: Games) -> tuple[FloatArray, ...]:
    """Every action of every player alike: ``[game, action]`` a player."""
    return tuple(np.full((len(games), size), 1 / size) for size in games.shape)


def tame(games: Games) -> FloatArray:
    """Return the payoffs with zeros in games that are not finite, which have no prediction."""
    finite = games.finite.reshape(-1, *[1] * (games.payoffs.ndim - 1))
    return np.asarray(np.where(finite, games.payoffs, 0.0))


def best_replies(payoffs: FloatArray, strategies: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """Every player's best reply to the strategies of the others, split evenly over ties: ``[game, action]`` a player.

    Two actions are compared by their differences against each profile of the others, so that a catastrophe which
    both risk alike does not drown what distinguishes them; they tie where the differences cancel up to rounding.
    """
    answers = []
    for player in range(len(strategies)):
        good = _best(payoffs, strategies, player)
        answers.append(good / good.sum(axis=1, keepdims=True))
    return tuple(answers)


def _best(payoffs: FloatArray, strategies: Sequence[FloatArray], player: int) -> NDArray[np.bool_]:
    """Which actions of a player are best replies: ``[game, action]``."""
    best = action_payoffs(payoffs, strategies, player).argmax(axis=1)
    good = np.zeros((len(payoffs), strategies[player].shape[1]), dtype=bool)
    for _ in range(good.shape[1]):  # the first choice may be off by rounding; then a better one is compared with
        place = best.reshape(-1, *[1] * (payoffs.ndim - 2))
        chosen = np.take_along_axis(payoffs[:, player], place, axis=player + 1)
        lead = np.broadcast_to((payoffs[:, player] - chosen)[:, np.newaxis], payoffs.shape)
        gain, size = (action_payoffs(own, strategies, player) for own in (lead, np.abs(lead)))
        good = gain >= -TIE * size
        better = (gain > TIE * size).any(axis=1)
        if not better.any():
            break
        best = np.where(better, gain.argmax(axis=1), best)
    return good


def prediction(games: Games, concept: str, strategies: Sequence[FloatArray], proof: str) -> Solutions:
    """Put one prediction a game together as Solutions; games that are not finite have none."""
    game = np.flatnonzero(games.finite)
    own = tuple(strategy[game] for strategy in strategies)
    seen = certify.check(games.payoffs, game, own)
    # a prediction: regret is what it says, not a fault
    seen = Check(seen.payoffs, seen.regret, np.ones(len(game), dtype=bool))
    reasons = [(~games.finite, FAILED, "a payoff is not a finite number")]
    return listed(games, game, own, concept=concept, seen=seen, proof=proof, reasons=reasons)
