"""Does a claim about a leader survive where the follower sees the first move with some noise?

The follower sees the leader's true action with probability 1 - noise, else one of the other actions, each alike, and
answers what it sees. Nobody sees more. However small the noise, an action is then no longer proved by being seen: play
in which the leader keeps to one action is that of simultaneous play (Bagwell 1995, Games and Economic Behavior 8), and
the advantage of going first survives in equilibria in which the leader mixes (van Damme and Hurkens 1997, Games and
Economic Behavior 21).

Found are all equilibria in which the leader uses one action or two, up to what the follower does after signals that
change nothing in the outcome. Every signal comes with every action, so each reply is a best one to the belief that the
signal leaves. With two actions in use, indifference of the leader needs a follower that mixes after some signal, and
that pins the belief to a point where two replies tie: there are finitely many, and each is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.assumptions.kinds import (
    Alternative,
    BoolArray,
    Codes,
    Design,
    FloatArray,
    IntArray,
    choosers,
    claim_cells,
    restricted_games,
    shared,
    value_holds,
)
from gametheory.study import ALL, FAILED, NONE, SOME

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Claim, Model

__all__ = ["FAMILY", "Outcomes", "noisy_observation", "noisy_outcomes"]

FAMILY = "observation"
NOISES = (0.01, 0.1)
TIE = 1e-12  # of the range of a player's payoffs in the game: differences below it are rounding
HALF = 0.5  # nothing is certain under noise: what a claim wants for certain is to have at least this probability


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Each equilibrium as a distribution over what is done: ``joint[e]`` is ``[leader's action, reply]``.

    ``game[e]`` is its game; ``mixture[e]`` the leader's strategy. In ``tied`` games the follower has several best
    replies to an action, or the leader several best actions against a best reply: there may be more outcomes then.
    """

    game: IntArray
    mixture: FloatArray
    joint: FloatArray
    tied: BoolArray


def noisy_observation(model: Model, claim: Claim) -> Sequence[Alternative]:
    """The claim's own order of play with the leader's move seen through noise; none where nobody observes."""
    if claim.order == "simultaneous" or len(model.players) != 2 or len(choosers(model, claim)) < 2:
        return ()
    return tuple(
        Alternative(
            f"{noise:.0%} noise",
            FAMILY,
            f"{claim.order} moves first and is taken for another of its actions with probability {noise:g}; over the "
            f"equilibria in which it uses at most two actions; holds where the probability is at least {HALF:g}",
            noisy_codes(noise),
        )
        for noise in NOISES
    )


def noisy_codes(noise: float) -> Codes:
    """In how many of the equilibria that are found a claim holds; games with ties or without any are not decided."""

    def codes(model: Model, claim: Claim, games: Games, design: Design) -> NDArray[np.int8]:
        left = restricted_games(games, claim)
        leader = left.players.index(claim.order)

        def work() -> Outcomes:
            own, its = left.payoffs[:, leader], left.payoffs[:, 1 - leader]
            return noisy_outcomes(*((own, its) if leader == 0 else (own.swapaxes(1, 2), its.swapaxes(1, 2))), noise)

        found = shared(left, ("noise", noise, leader), work)
        cells = claim_cells(model, claim, left, design)
        cells = cells if leader == 0 else cells.swapaxes(1, 2)
        at = cells[found.game] if len(cells) > 1 else np.broadcast_to(cells, found.joint.shape)
        holds = value_holds(claim, cells, np.einsum("eaj,eaj->e", at, found.joint), least=HALF)
        count, good = (np.bincount(found.game, weights=own, minlength=len(left)) for own in (None, holds))
        answer = np.where(good >= count, ALL, np.where(good > 0, SOME, NONE)).astype(np.int8)
        answer[(count < 1) | found.tied] = FAILED
        return answer

    return codes


def noisy_outcomes(own: FloatArray, its: FloatArray, noise: float) -> Outcomes:
    """All equilibria in which the leader uses at most two actions; payoffs ``[game, leader's action, reply]``.

    Games that are not finite have none. In Bagwell's example the first action pays the leader when it is seen; with a
    noise of a tenth it is played with probability 0, 1/10 or 9/10.

    >>> own, its = np.array([[[5.0, 3.0], [6.0, 4.0]]]), np.array([[[2.0, 1.0], [3.0, 4.0]]])
    >>> sorted(noisy_outcomes(own, its, 0.1).mixture[:, 0].round(9).tolist())
    [0.0, 0.1, 0.9]
    """
    size = own.shape[1]
    finite = np.asarray((np.isfinite(own) & np.isfinite(its)).all(axis=(1, 2)), dtype=np.bool_)
    own, its = (np.where(finite[:, np.newaxis, np.newaxis], table, 0.0) for table in (own, its))
    slack = [TIE * np.ptp(table, axis=(1, 2)) for table in (own, its)]
    best = its >= its.max(axis=2, keepdims=True) - slack[1][:, np.newaxis, np.newaxis]
    top = own >= own.max(axis=1, keepdims=True) - slack[0][:, np.newaxis, np.newaxis]
    shared_top = (top.sum(axis=1, keepdims=True) > 1) & top & best
    tied = finite & ((best.sum(axis=2) > 1).any(axis=1) | shared_top.any(axis=(1, 2)))
    parts = [_one_action(best & top)]
    if 0.0 < noise:
        parts += [_two_actions(own, its, slack, noise, pair) for pair in combinations(range(size), 2)]
    game, mixture, joint = (np.concatenate([part[k] for part in parts]) for k in range(3))
    kept = np.flatnonzero(finite[game])
    kept = kept[np.argsort(game[kept], kind="stable")]
    return Outcomes(game[kept], mixture[kept], joint[kept], tied)


Found = tuple[IntArray, FloatArray, FloatArray]


def _one_action(good: BoolArray) -> Found:
    """Equilibria in which the leader's action is known: the follower answers it whatever it sees.

    ``good[game, action, reply]`` says where both the action and the reply are best ones.
    """
    game, action, reply = np.nonzero(good)
    joint = np.zeros((len(game), *good.shape[1:]))
    joint[np.arange(len(game)), action, reply] = 1.0
    return game, joint.sum(axis=2), joint


@dataclass(frozen=True, eq=False)
class Candidates:
    """Beliefs at which two replies tie, for a leader that uses two actions, one row a belief and signal.

    The follower mixes ``first`` and ``second`` after signal ``kind``: 0 and 1 are the signals of the actions in use, 2
    all others; ``odds`` are those of the two actions, and ``replies[row, kind]`` the best reply after each kind.
    """

    game: IntArray
    first: IntArray
    second: IntArray
    kind: IntArray
    odds: FloatArray
    replies: IntArray


def _two_actions(
    own: FloatArray, its: FloatArray, slack: Sequence[FloatArray], noise: float, pair: tuple[int, int]
) -> Found:
    """Equilibria in which the leader mixes the two actions of ``pair``."""
    size = own.shape[1]
    right, wrong = 1.0 - noise, noise / (size - 1)
    seen = _candidates(its[:, pair, :], slack[1], right / wrong, kinds=2 if size == 2 else 3)
    rows, pays = np.arange(len(seen.game)), own[seen.game]

    def replies(weight: FloatArray) -> FloatArray:  # ``[row, kind, reply]``
        played = np.eye(own.shape[2])[seen.replies]
        played[rows, seen.kind] = 0.0
        played[rows, seen.kind, seen.first] += weight
        played[rows, seen.kind, seen.second] += 1.0 - weight
        return played

    def facing(played: FloatArray) -> FloatArray:  # what each of the two actions meets: ``[row, action, reply]``
        rest = wrong * (size - 2) * played[:, 2]
        met = [right * played[:, k] + wrong * played[:, 1 - k] + rest for k in (0, 1)]
        return np.stack(met, axis=1)

    def payoffs(played: FloatArray) -> FloatArray:
        return np.asarray(np.einsum("raj,raj->ra", pays[:, pair, :], facing(played)))

    lead = [payoffs(replies(np.full(len(rows), value))) @ np.array([1.0, -1.0]) for value in (0.0, 1.0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = lead[0] / (lead[0] - lead[1])
    mixes = np.isfinite(weight) & (weight >= 0.0) & (weight <= 1.0)
    weight = np.where(mixes, weight, 0.0)
    played = replies(weight)
    level = payoffs(played).max(axis=1)
    others = [action for action in range(size) if action not in pair]
    stays = _nothing_better(pays[:, others], seen, played, weight, level + slack[0][seen.game], (right, wrong))
    kept = mixes & stays
    mixture = np.stack([seen.odds, np.ones(len(rows))], axis=1) / (1.0 + seen.odds)[:, np.newaxis]
    joint = np.zeros((len(rows), *own.shape[1:]))
    joint[:, pair] = mixture[:, :, np.newaxis] * facing(played)
    return seen.game[kept], joint.sum(axis=2)[kept], joint[kept]


def _candidates(its: FloatArray, slack: FloatArray, ratio: float, kinds: int) -> Candidates:
    """Where two replies tie at the top, as the leader moves from one of two actions to the other.

    ``its`` is ``[game, 2, reply]``; ``ratio`` is how much likelier a signal is after its own action than after another.
    """
    pairs = np.array(list(combinations(range(its.shape[2]), 2)), dtype=np.int64).reshape(-1, 2)
    ahead = its[:, :, pairs[:, 0]] - its[:, :, pairs[:, 1]]
    crosses = ahead[:, 0] * ahead[:, 1] < 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        belief = np.where(crosses, -ahead[:, 1] / ahead[:, 0], 1.0)  # the odds at which the two tie
    value = belief[..., np.newaxis] * its[:, np.newaxis, 0] + its[:, np.newaxis, 1]
    tie = np.take_along_axis(value, np.broadcast_to(pairs[:, :1], (*value.shape[:2], 1)), axis=2)[..., 0]
    top = tie >= value.max(axis=2) - slack[:, np.newaxis] * (1.0 + belief)
    game, place = np.nonzero(crosses & top)
    shift = np.array([ratio, 1.0 / ratio, 1.0])[:kinds]  # how a signal moves the odds
    game, place, kind = np.repeat(game, kinds), np.repeat(place, kinds), np.tile(np.arange(kinds), len(game))
    odds = belief[game, place] / shift[kind]
    shifted = odds[:, np.newaxis] * np.array([ratio, 1.0 / ratio, 1.0])
    replies = (shifted[..., np.newaxis] * its[game, np.newaxis, 0] + its[game, np.newaxis, 1]).argmax(axis=2)
    return Candidates(game, pairs[place, 0], pairs[place, 1], kind, odds, replies)


def _nothing_better(
    pays: FloatArray,
    seen: Candidates,
    played: FloatArray,
    weight: FloatArray,
    level: FloatArray,
    likely: tuple[float, float],
) -> BoolArray:
    """Whether no action that is not in use, ``pays[row, action, reply]``, pays the leader more than ``level``.

    After a signal of such an action the follower believes what it believed before. Where it is indifferent then, it may
    answer each of these signals in its own way, as long as the average is that of ``played``: each action leaves a
    range of weights that do not tempt, and the average must be one of sums of such weights.
    """
    others = pays.shape[1]
    if not others:
        return np.ones(len(weight), dtype=np.bool_)
    right, wrong = likely
    average = played[:, 0] + played[:, 1] + others * played[:, 2]
    gain = right - wrong
    base = wrong * np.einsum("raj,rj->ra", pays, average) - level[:, np.newaxis]
    alike = base + gain * np.einsum("raj,rj->ra", pays, played[:, 2])
    rows = np.arange(len(weight))
    first, second = pays[rows, :, seen.first], pays[rows, :, seen.second]
    slope, start = gain * (first - second), base + gain * second
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = -start / slope
    low = np.where(slope < 0.0, np.clip(turn, 0.0, None), np.where((slope > 0.0) | (start <= 0.0), 0.0, np.inf))
    high = np.where(slope > 0.0, np.clip(turn, None, 1.0), 1.0)
    wanted = others * weight
    fits = (low <= high).all(axis=1) & (low.sum(axis=1) <= wanted) & (wanted <= high.sum(axis=1))
    return np.asarray(np.where(seen.kind == 2, fits, (alike <= 0.0).all(axis=1)))
