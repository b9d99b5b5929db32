"""What does each action pay, and which actions are best replies?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Two payoffs of one player are read as equal when they differ by less than this share of the larger one: about 45 units
# in the last place of a double, the rounding that a formula of ten operations may leave behind.
ROUNDING = 1e-14


def best_responses(payoffs: FloatArray) -> BoolArray:
    """Where each player's action is a best reply to the actions of the others, ties included.

    ``payoffs`` is ``[game, player, a1, a2, ...]``; the answer has the same shape.

    >>> dilemma = np.array([[[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]]])
    >>> best_responses(dilemma)[0, 0].tolist()
    [[False, False], [True, True]]
    """
    best = np.empty_like(payoffs)
    for player in players(payoffs):
        best[:, player] = payoffs[:, player].max(axis=player + 1, keepdims=True)
    return as_good(payoffs, best)


def as_good(value: FloatArray, best: FloatArray) -> BoolArray:
    """Where ``value`` is at least ``best``, up to the rounding of their own magnitude."""
    return np.asarray(value >= best - ROUNDING * np.maximum(np.abs(value), np.abs(best)))


def players(payoffs: FloatArray) -> range:
    """The numbers of the players of ``payoffs[game, player, a1, ...]``."""
    return range(payoffs.shape[1])


def pure_equilibria(payoffs: FloatArray) -> BoolArray:
    """Where every player's action is a best reply: ``bool[game, a1, a2, ...]``."""
    return np.asarray(best_responses(payoffs).all(axis=1))


def action_payoffs(payoffs: FloatArray, strategies: Sequence[FloatArray], player: int) -> FloatArray:
    """What each action of ``player`` pays when the others play ``strategies``: ``[game, action]``.

    ``payoffs`` is ``[game, player, a1, a2, ...]`` and each strategy ``[game, action]``, one solution a game.

    >>> pennies = np.array([[[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]])
    >>> action_payoffs(pennies, [np.array([[1.0, 0.0]]), np.array([[0.25, 0.75]])], 0).tolist()
    [[-0.5, 0.5]]
    """
    own = payoffs[:, player]
    for other in reversed(range(len(strategies))):
        if other != player:
            own = _average(own, strategies[other], other + 1)
    return own


def _average(values: FloatArray, weights: FloatArray, axis: int) -> FloatArray:
    """Average ``values`` over ``axis`` with the weights of each game."""
    shape = [1] * values.ndim
    shape[0], shape[axis] = weights.shape
    spread = weights.reshape(shape)
    return np.asarray((values * spread).sum(axis=axis))


def expected_payoffs(payoffs: FloatArray, strategies: Sequence[FloatArray]) -> FloatArray:
    """Expected payoff of each player, ``[game, player]``, one profile of strategies a game.

    >>> pennies = np.array([[[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]])
    >>> expected_payoffs(pennies, [np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])]).tolist()
    [[0.0, 0.0]]
    """
    return np.stack(
        [(action_payoffs(payoffs, strategies, k) * strategies[k]).sum(axis=1) for k in players(payoffs)], axis=1
    )


def weakly_dominated(payoffs: FloatArray, player: int) -> BoolArray:
    """Which actions of ``player`` another of its actions weakly dominates: ``bool[game, action]``.

    Action ``a`` is weakly dominated by ``b`` when ``b`` is never worse and somewhere better. Dominance by mixtures is
    not looked for.
    """
    table = np.moveaxis(payoffs[:, player], player + 1, 1)
    table = table.reshape(*table.shape[:2], -1)
    dominated = np.zeros(table.shape[:2], dtype=bool)
    for action in range(table.shape[1]):  # one rival at a time, so that memory stays proportional to the payoffs
        rival = table[:, action : action + 1]
        dominated |= as_good(rival, table).all(axis=2) & ~as_good(table, rival).all(axis=2)
    return dominated
