"""What happens when one player moves first and is observed?

The follower answers each action of the leader with a best reply. Where it has several, the strong rule lets it choose
the one that is best for the leader and the weak rule the one that is worst (Breton, Alj and Haurie 1988, Journal of
Optimization Theory and Applications 59). Both are reported where they differ.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.certify import Check
from gametheory.games.strategic import FloatArray, Games
from gametheory.solutions import FAILED, ExactStrategies, IntArray, Solutions
from gametheory.solvers.listing import listed
from gametheory.solvers.task import Task
from gametheory.solvers.vertices import fractions_of

BoolArray = NDArray[np.bool_]
RuleArray = NDArray[np.integer]
Number = TypeVar("Number", bound=np.generic)

STRONG, WEAK, BOTH = 1, 2, 3  # bits of the tie rules by which a path is played, as the kernel writes them
TIE_RULES = np.array(["", "strong", "weak", "strong weak"], dtype=object)
PROOF = "every action of the leader was compared, each with all best replies of the follower"


class Paths(NamedTuple):
    """The paths of play, one entry a path and sorted, and which games are finite: the others have none.

    ``rule`` says by which tie rule a path is played: STRONG, WEAK or BOTH.
    """

    game: IntArray
    first: IntArray
    second: IntArray
    rule: RuleArray
    finite: BoolArray


def solve(games: Games, task: Task) -> Solutions:
    """Find every path of play of two-player games in which player number ``task.leader`` moves first and is observed.

    A solution is a path: the leader's action and the reply, as pure strategies. Its regret is the larger of what the
    follower could gain by another reply and what the leader could gain by another action under the same tie rule.
    With ``task.exact`` payoffs are compared as fractions, and no two are read as equal because they nearly are.
    """
    leader = task.leader
    game, first, second, rule, finite = _exact_paths(games, leader) if task.exact else _paths(games, leader)
    moves = (first, second) if leader == 0 else (second, first)
    strategies = tuple(np.eye(size)[own] for size, own in zip(games.shape, moves, strict=True))
    differ = np.bincount(game[rule != BOTH], minlength=len(games)) > 0
    seen = certify.check(games.payoffs, game, strategies, deviators=(1 - leader,))
    return listed(
        games,
        game,
        strategies,
        concept="nash",
        order=games.players[leader],
        seen=_leader_too(seen, games, game, leader, rule),
        tied=differ | (np.bincount(game, minlength=len(games)) > 1),
        proof=PROOF,
        reasons=[(~finite, FAILED, "a payoff is not a finite number")],
        tie_rule=tuple(TIE_RULES[np.where(differ[game], rule, 0)].tolist()),
        exact=tuple(_certain(strategies, s) for s in range(len(game))) if task.exact else None,
    )


def _paths(games: Games, leader: int) -> Paths:
    """The paths of play in floating point, payoffs equal where only rounding sets them apart."""
    from gametheory.kernels.paths_of_play import paths_of_play

    return Paths(*paths_of_play(games.payoffs, leader))


def _exact_paths(games: Games, leader: int) -> Paths:
    """The paths of play in fractions."""
    finite = games.finite
    strong, weak = marked_paths(*as_leader(_fractions(games, finite), leader))
    rules = (strong * STRONG + weak * WEAK) * finite[:, np.newaxis, np.newaxis]
    game, first, second = np.nonzero(rules)
    return Paths(game, first, second, rules[game, first, second], finite)


def _leader_too(seen: Check, games: Games, game: IntArray, leader: int, rule: RuleArray) -> Check:
    """Add to the follower's check what the leader forgoes, found without the solver's paths."""
    from gametheory.kernels.weighing import leader_values

    values, size = leader_values(games.payoffs, leader, certify.TIE)
    best = values[game, np.where(rule == WEAK, 1, 0)]
    loss = np.maximum(best - seen.payoffs[:, leader], 0.0)
    sound = seen.sound & (loss <= certify.SOUND * size[game])
    return Check(seen.payoffs, np.maximum(seen.regret, loss), sound)


def as_leader(payoffs: NDArray[Number], leader: int) -> tuple[NDArray[Number], NDArray[Number]]:
    """The payoffs of leader and follower as ``[game, leader's action, follower's action]``."""
    if leader == 0:
        return payoffs[:, 0], payoffs[:, 1]
    return payoffs[:, 1].swapaxes(1, 2), payoffs[:, 0].swapaxes(1, 2)


def exactly(value: NDArray[Any], best: NDArray[Any]) -> BoolArray:
    """Where ``value`` is at least ``best``, compared as the numbers they are."""
    return np.asarray(value >= best, dtype=bool)


def marked_paths(
    own: NDArray[Any], its: NDArray[Any], good: Callable[[NDArray[Any], NDArray[Any]], BoolArray] = exactly
) -> tuple[BoolArray, BoolArray]:
    """Mark the leader's best actions with the replies that the strong and the weak rule select.

    Arrays are ``[game, leader's action, follower's action]``; ``good(v, b)`` says ``v >= b``.

    >>> strong, weak = marked_paths(np.array([[[1.0, 3.0], [2.0, 0.0]]]), np.array([[[5.0, 5.0], [1.0, 0.0]]]))
    >>> strong[0].tolist(), weak[0].tolist()
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
    return masks[0], masks[1]


def _fractions(games: Games, finite: BoolArray) -> NDArray[np.object_]:
    """The payoffs of the whole batch as fractions; a game that is not finite becomes all zeros."""
    zeros = np.full(games.payoffs.shape[1:], Fraction(0), dtype=object)
    return np.stack([fractions_of(games, g, snap=False) if finite[g] else zeros for g in range(len(games))])


def _certain(strategies: tuple[FloatArray, ...], solution: int) -> ExactStrategies:
    """Pure strategies as fractions."""
    return tuple(tuple(Fraction(int(p)) for p in own[solution]) for own in strategies)
