"""Does a claim survive players who are no calculators: who make mistakes, think a few steps ahead, or are coordinated?

Quantal response, level-k and cognitive hierarchy predict play in which nothing is certain. A claim that says that
something is certain then holds where it has a probability of at least one half; one that bounds the expectation of a
measure is taken as it stands. Where a player moves first and is observed, each of these models is that of the moves in
turn: the follower answers the action that it sees, and the leader what it expects of the follower.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.assumptions.correlated_bounds import correlated_codes
from gametheory.analyses.assumptions.kinds import (
    Alternative,
    BoolArray,
    Codes,
    Design,
    FloatArray,
    choosers,
    claim_cells,
    holds_over,
    prediction_codes,
    restricted_games,
    shared,
    solved,
    value_holds,
)
from gametheory.solvers.cognitive_hierarchy import highest_level
from gametheory.solvers.leader import as_leader
from gametheory.solvers.level_k import best_replies

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Claim, Model

__all__ = ["FAMILY", "concepts", "hierarchy_in_turn", "levels_in_turn", "logit_in_turn"]

FAMILY = "concept"
PRECISIONS = (
    1.0,
    3.0,
    10.0,
    30.0,
    100.0,
    300.0,
    1000.0,
)  # per range of a player's payoffs: nearly random to nearly exact
SHOWN = (10.0, 100.0, 1000.0)  # of these, shown alone: at the lowest play is so even that few claims can hold
LEVELS = (1, 2, 3)
STEPS = 1.5  # mean steps of thinking: the middle of the estimates of Camerer, Ho and Chong (2004)
HALF = 0.5
RULE = f"a claim of what is certain holds where its probability is at least {HALF:g}"

Turns = tuple[FloatArray, FloatArray]  # the leader's strategy ``[game, action]``, the replies ``[game, action, reply]``


def concepts(model: Model, claim: Claim) -> Sequence[Alternative]:
    """Quantal response along its whole branch, levels of thinking, and all correlated equilibria, where they differ.

    Where the claim leaves a choice to one player alone, levels and correlation change nothing and are left out; where a
    leader is observed, levels beyond the second play as the second, and correlated equilibria are not asked for.
    """
    both, led = len(choosers(model, claim)) > 1, _led(model, claim)
    found = [_quantal("whole branch", PRECISIONS), *(_quantal(f"{own:g}", (own,)) for own in SHOWN)]
    for level in (LEVELS[:2] if led else LEVELS) if both else ():
        words = f"each player is {level} steps of thinking above even play and answers the level below; {RULE}"
        found.append(Alternative(f"level {level}", FAMILY, words.replace("1 steps", "1 step"), level_codes(level)))
    words = f"a population whose steps of thinking are Poisson with mean {STEPS:g} (cognitive hierarchy); {RULE}"
    found.append(Alternative("cognitive hierarchy", FAMILY, words, hierarchy_codes()))
    if both and not led:
        words = "any advice from which nobody gains by departing: bounds over all correlated equilibria"
        found.append(Alternative("correlated", FAMILY, words, correlated_codes))
    return tuple(found)


def _quantal(name: str, precisions: Sequence[float]) -> Alternative:
    """Quantal response at one precision, or at several along the branch."""
    listed = ", ".join(f"{own:g}" for own in precisions)
    where = f"precision {listed}" if len(precisions) == 1 else f"all, some or none of the precisions {listed}"
    words = (
        "mistakes are the rarer the dearer they are: logit equilibria on the branch that starts at even play, at "
        f"{where} per range of each player's payoffs; {RULE}"
    )
    return Alternative(f"quantal response, {name}", FAMILY, words, quantal_codes(precisions))


def _led(model: Model, claim: Claim) -> bool:
    """Whether a leader is observed who has a choice, and a follower as well."""
    return claim.order != "simultaneous" and len(choosers(model, claim)) > 1


# Quantal response


def quantal_codes(precisions: Sequence[float]) -> Codes:
    """At how many of the precisions on the branch a claim holds."""

    def codes(model: Model, claim: Claim, games: Games, design: Design) -> NDArray[np.int8]:
        left = restricted_games(games, claim)
        even = shared(left, "even", lambda: _of_range_one(left))
        cells = claim_cells(model, claim, left, design)
        answers = [_logit_answers(model, claim, even, cells, precision) for precision in precisions]
        holds, known = (np.stack(own, axis=1) for own in zip(*answers, strict=True))
        return prediction_codes(holds, np.asarray(known.all(axis=1), dtype=np.bool_))

    return codes


def _logit_answers(
    model: Model, claim: Claim, even: Games, cells: FloatArray, precision: float
) -> tuple[BoolArray, BoolArray]:
    """Whether the claim holds at one precision, and which games have an answer there."""
    if _led(model, claim):
        leader = even.players.index(claim.order)
        turns = shared(even, ("logit", precision, leader), lambda: logit_in_turn(*_sides(even, leader), precision))
        return _holds_in_turn(claim, cells, turns, leader), even.finite
    solutions = solved(even, concept="logit", precision=precision)
    known, holds = solutions.count > 0, np.zeros(len(even), dtype=np.bool_)
    holds[solutions.game] = holds_over(claim, cells, solutions.strategies, solutions.game, least=HALF)
    return holds, known


def _of_range_one(games: Games) -> Games:
    """The same games with every player's payoffs divided by their range."""
    payoffs = games.payoffs
    axes = tuple(range(2, payoffs.ndim))
    with np.errstate(invalid="ignore"):
        size = payoffs.max(axis=axes, keepdims=True) - payoffs.min(axis=axes, keepdims=True)
        return replace(games, payoffs=payoffs / np.where(size > 0.0, size, 1.0), exact=None, source=None)


def logit_in_turn(own: FloatArray, its: FloatArray, precision: float) -> Turns:
    """The logit equilibrium of moves in turn (McKelvey and Palfrey 1998, Experimental Economics 1): there is just one.

    Payoffs are ``[game, leader's action, reply]``.

    >>> leader, replies = logit_in_turn(np.array([[[1.0, 0.0], [0.5, 0.5]]]), np.array([[[1.0, 0.0], [0.0, 0.0]]]), 0.0)
    >>> leader.tolist(), replies.tolist()
    ([[0.5, 0.5]], [[[0.5, 0.5], [0.5, 0.5]]])
    """
    replies = _logit(its, precision)
    return _logit((own * replies).sum(axis=2), precision), replies


def _logit(value: FloatArray, precision: float) -> FloatArray:
    """Probabilities along the last axis; games that are not finite play anything."""
    tame = np.where(np.isfinite(value), value, 0.0)
    weight = np.exp(precision * (tame - tame.max(axis=-1, keepdims=True)))
    return np.asarray(weight / weight.sum(axis=-1, keepdims=True))


# Levels of thinking


def level_codes(level: int) -> Codes:
    """Whether a claim holds in the play of one level of thinking."""
    return _predicted(
        lambda games: solved(games, concept="level_k", level=float(level)).strategies,
        lambda own, its: levels_in_turn(own, its, level),
        ("level", level),
    )


def hierarchy_codes() -> Codes:
    """Whether a claim holds in the play of a cognitive hierarchy."""
    return _predicted(
        lambda games: solved(games, concept="cognitive_hierarchy", tau=STEPS).strategies,
        lambda own, its: hierarchy_in_turn(own, its, STEPS),
        ("hierarchy",),
    )


def _predicted(
    at_once: Callable[[Games], Sequence[FloatArray]],
    in_turn: Callable[[FloatArray, FloatArray], Turns],
    key: tuple[str | int, ...],
) -> Codes:
    """Whether a claim holds in the one prediction of a model of play; games that are not finite have none."""

    def codes(model: Model, claim: Claim, games: Games, design: Design) -> NDArray[np.int8]:
        left = restricted_games(games, claim)
        cells = claim_cells(model, claim, left, design)
        if _led(model, claim):
            leader = left.players.index(claim.order)
            turns = shared(left, (*key, leader), lambda: in_turn(*_sides(left, leader)))
            return prediction_codes(_holds_in_turn(claim, cells, turns, leader), left.finite)
        holds = np.zeros(len(left), dtype=np.bool_)
        game = np.flatnonzero(left.finite)
        holds[game] = holds_over(claim, cells, at_once(left), game, least=HALF)
        return prediction_codes(holds, left.finite)

    return codes


def levels_in_turn(own: FloatArray, its: FloatArray, level: int) -> Turns:
    """Play at a level of 1 or more: the follower answers what it sees, the leader the follower of the level below.

    Ties are split evenly. From the second level on these are the paths of play of an observed leader.

    >>> own, its = np.array([[[5.0, 3.0], [6.0, 4.0]]]), np.array([[[2.0, 1.0], [3.0, 4.0]]])
    >>> [levels_in_turn(own, its, level)[0].tolist() for level in (1, 2)]
    [[[0.0, 1.0]], [[1.0, 0.0]]]
    """
    replies = _best(its)
    expected = np.full_like(replies, 1.0 / its.shape[2]) if level == 1 else replies
    return _leaders_best(own, expected), replies


def hierarchy_in_turn(own: FloatArray, its: FloatArray, mean: float) -> Turns:
    """The mixtures that a Poisson population plays in turn: level 0 plays evenly, each other level expects all below.

    Every follower above level 0 answers what it sees; a leader of level k expects the followers of the levels below in
    their true proportions.
    """
    even, best = np.full(its.shape, 1.0 / its.shape[2]), _best(its)
    share = np.exp(-mean)
    random, below = share, share
    leaders = np.full(own.shape[:2], share / own.shape[1])
    for level in range(1, highest_level(mean) + 1):
        share *= mean / level
        expected = best + (even - best) * (random / below)
        leaders += share * _leaders_best(own, expected)
        below += share
    return leaders / below, best + (even - best) * (random / below)


def _best(its: FloatArray) -> FloatArray:
    """The best replies to each action that is seen, split evenly over ties: ``[game, action, reply]``."""
    count, actions, replies = its.shape
    flat = np.where(np.isfinite(its), its, 0.0).reshape(count * actions, 1, 1, replies)
    alone = np.concatenate([np.zeros_like(flat), flat], axis=1)
    return best_replies(alone, (np.ones((len(flat), 1)), np.ones((len(flat), replies))))[1].reshape(its.shape)


def _leaders_best(own: FloatArray, replies: FloatArray) -> FloatArray:
    """The leader's best actions against what it expects, split evenly over ties: ``[game, action]``."""
    value = (np.where(np.isfinite(own), own, 0.0) * replies).sum(axis=2)
    flat = np.stack([value, np.zeros_like(value)], axis=1)[..., np.newaxis]
    return best_replies(flat, (np.ones(value.shape), np.ones((len(value), 1))))[0]


# Moves in turn


def _sides(games: Games, leader: int) -> tuple[FloatArray, FloatArray]:
    """The payoffs of leader and follower as ``[game, leader's action, reply]``."""
    return as_leader(games.payoffs, leader)


def _holds_in_turn(claim: Claim, cells: FloatArray, turns: Turns, leader: int) -> BoolArray:
    """Whether the claim holds in a leader's strategy and the replies to each of its actions."""
    joint = turns[0][:, :, np.newaxis] * turns[1]
    own = cells if leader == 0 else cells.swapaxes(1, 2)
    return value_holds(claim, cells, (joint * own).sum(axis=(1, 2)), least=HALF)
