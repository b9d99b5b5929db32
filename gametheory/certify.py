"""Is each answer sound, and is the list of answers complete?

The certifier starts from the payoffs and the strategies alone and shares nothing with the solvers. Soundness: no player
gains by deviating beyond the rounding of the payoffs that are in play at that profile. (Not beyond a share of the whole
payoff range: one catastrophic cell would then excuse any answer.) Completeness: the solver's walk was closed, the
indices of all components sum to 1, and no solution stands twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, PARTIAL, Certificates, ExactStrategies

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SOUND = 1e-10  # largest regret, as a share of the magnitude of the payoffs in play at the profile
SAME = 1e-12  # probabilities closer than this share of their size are the same
TIE = 1e-14  # payoffs closer than this share of their magnitude are equal up to the rounding of the formulas


@dataclass(frozen=True, eq=False)
class Check:
    """Expected payoffs ``[solution, player]``, regret ``[solution]``, and whether each solution is sound."""

    payoffs: FloatArray
    regret: FloatArray
    sound: BoolArray


def check(
    payoffs: FloatArray,
    game: IntArray,
    strategies: Sequence[FloatArray],
    *,
    deviators: Collection[int] | None = None,
) -> Check:
    """Weigh profiles of strategies: solution ``s`` plays ``strategies[player][s]`` in game ``game[s]`` of ``payoffs``.

    ``payoffs`` is ``[game, player, a1, ...]``. The regret is the largest gain that one of the ``deviators``
    (all players by default) could make alone.

    >>> pennies = np.array([[[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]])
    >>> check(pennies, np.array([0]), [np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])]).regret.tolist()
    [1.0]
    """
    players = payoffs.shape[1]
    deviates = np.array([deviators is None or player in deviators for player in range(players)])
    if players == 2:
        from gametheory.kernels.weighing import weigh

        first, second = (np.ascontiguousarray(own, dtype=np.float64) for own in strategies)
        return Check(*weigh(payoffs, game.astype(np.int64, copy=False), first, second, deviates, SOUND))
    return _check_many(payoffs[game], strategies, deviates)


def _check_many(payoffs: FloatArray, strategies: Sequence[FloatArray], deviates: BoolArray) -> Check:
    """The same for any number of players, one game a solution."""
    count, players = payoffs.shape[:2]
    expected, regret = np.empty((count, players)), np.zeros(count)
    sound = np.ones(count, dtype=bool)
    for player, own in enumerate(strategies):
        value = contract(payoffs[:, player], strategies, player)
        magnitude = contract(np.abs(payoffs[:, player]), strategies, player)
        expected[:, player] = (value * own).sum(axis=1)
        sound &= (own >= 0).all(axis=1) & (np.abs(own.sum(axis=1) - 1) <= SOUND)
        if deviates[player]:
            best = value.argmax(axis=1)[:, np.newaxis]
            gain = np.maximum(np.take_along_axis(value, best, 1)[:, 0] - expected[:, player], 0.0)
            scale = np.take_along_axis(magnitude, best, 1)[:, 0] + (magnitude * own).sum(axis=1)
            regret = np.maximum(regret, gain)
            sound &= gain <= SOUND * scale
    return Check(expected, regret, sound)


def contract(values: FloatArray, strategies: Sequence[FloatArray], player: int) -> FloatArray:
    """Average ``values[solution, a1, ...]`` over the actions of everybody but ``player``."""
    letters = "abcdefghijklmnopqrstuvwxy"[: len(strategies)]
    others = [(strategies[k], letters[k]) for k in range(len(strategies)) if k != player]
    recipe = ",".join(["z" + letters, *("z" + letter for _, letter in others)]) + "->z" + letters[player]
    return np.asarray(np.einsum(recipe, values, *(own for own, _ in others), optimize=len(others) > 1))


def exact_regret(payoffs: NDArray[np.object_], strategies: ExactStrategies) -> Fraction:
    """Return the largest gain by deviating in one game of fractions ``payoffs[player, a1, ...]``."""
    worst = Fraction(0)
    for player in range(len(strategies)):
        value = payoffs[player]
        for other in reversed(range(len(strategies))):
            if other != player:
                value = np.tensordot(value, np.array(strategies[other], dtype=object), axes=(other, 0))
        worst = max(worst, max(value) - sum(p * v for p, v in zip(strategies[player], value, strict=True)))
    return worst


def duplicated(game: IntArray, strategies: Sequence[FloatArray]) -> BoolArray:
    """Whether a solution repeats the one before it; the solutions of a game are sorted by their strategies."""
    from gametheory.kernels import weighing

    repeats: BoolArray = weighing.follows_its_like(game.astype(np.int64, copy=False))
    for own in strategies:
        weighing.keep_equal_rows(np.ascontiguousarray(own, dtype=np.float64), SAME, repeats)
    return repeats


def index_sums(count: int, game: IntArray, component: IntArray, index: IntArray) -> IntArray:
    """Sum the indices of each game, every component counted once: ``int64[game]``; the list is sorted by game."""
    from gametheory.kernels import weighing

    total: IntArray = weighing.index_sums(count, game, component, index)
    return total


def certificates(
    *,
    count: int,
    game: IntArray,
    regret: FloatArray,
    sound: BoolArray,
    repeats: BoolArray,
    index_sum: IntArray | None,
    tied: BoolArray,
    proof: str,
    reasons: Sequence[tuple[BoolArray, str, str]],
) -> Certificates:
    """Turn the checks into one certificate a game.

    ``proof`` says why the list is complete where nothing speaks against it. ``reasons`` are further findings of the
    solver: which games, the verdict ``failed`` or ``partial`` that they force, and the sentence that says why. The
    first reason that applies is the one given.
    """
    found = np.bincount(game, minlength=count).astype(np.int64)
    largest = np.zeros(count)
    np.maximum.at(largest, game, regret)
    unsound = np.bincount(game[~sound], minlength=count) > 0
    findings = [*reasons, (unsound, FAILED, "a listed solution leaves a player a profitable deviation")]
    repeated = np.bincount(game[repeats], minlength=count) > 0
    findings.append((repeated, PARTIAL, "two listed solutions coincide"))
    if index_sum is not None:
        findings.append((index_sum != 1, PARTIAL, "the indices of the listed components do not sum to 1"))
    verdict = np.array([COMPLETE, DEGENERATE], dtype=object)[tied.astype(np.intp)]
    reason = np.empty(count, dtype=object)
    reason.fill(proof)  # one text for all games, where np.full would make one for each
    for games, forced, why in reversed(findings):
        verdict[games] = forced
        reason[games] = why
    return Certificates(verdict, found, largest, index_sum, reason)
