"""What happens when one player moves first and is observed?

The follower answers each action of the leader with a best reply. Where it has several, the strong rule lets it choose
the one that is best for the leader and the weak rule the one that is worst (Breton, Alj and Haurie 1988, Journal of
Optimization Theory and Applications 59). Both are reported where they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.certify import Check
from gametheory.games.strategic import FloatArray, Games
from gametheory.kernels.payoffs import as_good
from gametheory.solutions import FAILED, ExactStrategies, Solutions
from gametheory.solvers.listing import listed
from gametheory.solvers.task import Task
from gametheory.solvers.vertices import fractions_of

BoolArray = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)

TIE_RULES = np.array(["", "strong", "weak", "strong weak"], dtype=object)
PROOF = "every action of the leader was compared, each with all best replies of the follower"


@dataclass(frozen=True, eq=False)
class Paths:
    """The paths of play under both tie rules, as masks ``bool[game, leader's action, follower's action]``."""

    strong: BoolArray
    weak: BoolArray


def solve(games: Games, task: Task) -> Solutions:
    """Find every path of play of two-player games in which player number ``task.leader`` moves first and is observed.

    A solution is a path: the leader's action and the reply, as pure strategies. Its regret is the larger of what the
    follower could gain by another reply and what the leader could gain by another action under the same tie rule.
    With ``task.exact`` payoffs are compared as fractions, and no two are read as equal because they nearly are.
    """
    leader, exact, finite = task.leader, task.exact, games.finite
    own, its = as_leader(np.where(finite[:, np.newaxis, np.newaxis, np.newaxis], games.payoffs, 0.0), leader)
    paths = optimal_paths(*as_leader(_fractions(games, finite), leader), exactly) if exact else optimal_paths(own, its)
    marked = (paths.strong | paths.weak) & finite[:, np.newaxis, np.newaxis]
    differ = (paths.strong != paths.weak).any(axis=(1, 2))
    game, first, second = np.nonzero(marked)
    strong, weak = paths.strong[game, first, second], paths.weak[game, first, second]
    rules = TIE_RULES[np.where(differ[game], strong + 2 * weak, 0)]
    moves = (first, second) if leader == 0 else (second, first)
    strategies = tuple(np.eye(size)[own_moves] for size, own_moves in zip(games.shape, moves, strict=True))
    seen = certify.check(games.payoffs, game, strategies, deviators=(1 - leader,))
    loss = leader_loss(own[game], its[game], own[game, first, second], weak & ~strong)
    regret = np.maximum(seen.regret, loss)
    sound = seen.sound & (loss <= certify.SOUND * np.abs(own[game]).max(axis=(1, 2), initial=0.0))
    return listed(
        games,
        game,
        strategies,
        concept="nash",
        order=games.players[leader],
        seen=Check(seen.payoffs, regret, sound),
        tied=differ | (marked.sum(axis=(1, 2)) > 1),
        proof=PROOF,
        reasons=[(~finite, FAILED, "a payoff is not a finite number")],
        tie_rule=tuple(rules.tolist()),
        exact=tuple(_certain(strategies, s) for s in range(len(game))) if exact else None,
    )


def as_leader(payoffs: NDArray[Number], leader: int) -> tuple[NDArray[Number], NDArray[Number]]:
    """The payoffs of leader and follower as ``[game, leader's action, follower's action]``."""
    if leader == 0:
        return payoffs[:, 0], payoffs[:, 1]
    return payoffs[:, 1].swapaxes(1, 2), payoffs[:, 0].swapaxes(1, 2)


def optimal_paths(
    own: NDArray[Any], its: NDArray[Any], good: Callable[[NDArray[Any], NDArray[Any]], BoolArray] = as_good
) -> Paths:
    """Mark the leader's best actions with the replies that each tie rule selects; ``good(v, b)`` says ``v >= b``.

    >>> tied = optimal_paths(np.array([[[1.0, 3.0], [2.0, 0.0]]]), np.array([[[5.0, 5.0], [1.0, 0.0]]]))
    >>> tied.strong[0].tolist(), tied.weak[0].tolist()
    ([[False, True], [False, False]], [[False, False], [True, False]])
    """
    replies = good(its, its.max(axis=2, keepdims=True))
    best = np.where(replies, own, -np.inf).max(axis=2)
    worst = np.where(replies, own, np.inf).min(axis=2)
    masks = []
    for value in (best, worst):  # the replies that give the leader `value`, at the actions where that is largest
        level = value[:, :, np.newaxis]
        here = good(value, value.max(axis=1, keepdims=True))[:, :, np.newaxis]
        masks.append(np.asarray(here & replies & good(own, level) & good(level, own)))
    return Paths(*masks)


def exactly(value: NDArray[np.object_], best: NDArray[np.object_]) -> BoolArray:
    """Where ``value`` is at least ``best``, compared as the fractions they are."""
    return np.asarray(value >= best, dtype=bool)


def _fractions(games: Games, finite: BoolArray) -> NDArray[np.object_]:
    """The payoffs of the whole batch as fractions; a game that is not finite becomes all zeros."""
    zeros = np.full(games.payoffs.shape[1:], Fraction(0), dtype=object)
    return np.stack([fractions_of(games, g, snap=False) if finite[g] else zeros for g in range(len(games))])


def _certain(strategies: tuple[FloatArray, ...], solution: int) -> ExactStrategies:
    """Pure strategies as fractions."""
    return tuple(tuple(Fraction(int(p)) for p in own[solution]) for own in strategies)


def leader_loss(own: FloatArray, its: FloatArray, value: FloatArray, weak: BoolArray) -> FloatArray:
    """What the leader forgoes by a path that gives it ``value``, one game a path, found without the solver's masks."""
    best = its.max(axis=2, keepdims=True, initial=-np.inf)
    tied = best - its <= certify.TIE * np.maximum(np.abs(its), np.abs(best))
    strong_value = np.where(tied, own, -np.inf).max(axis=2).max(axis=1, initial=-np.inf)
    weak_value = np.where(tied, own, np.inf).min(axis=2).max(axis=1, initial=-np.inf)
    return np.asarray(np.maximum(np.where(weak, weak_value, strong_value) - value, 0.0))
