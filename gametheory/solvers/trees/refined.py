"""Which Nash equilibria of a tree remain when every subgame, or every information set, must be played well?"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, PARTIAL, Certificates
from gametheory.solvers.trees.assessments import Assessments, assessments, induced, merged
from gametheory.solvers.trees.backward import backward_induction, perfect_information
from gametheory.solvers.trees.intuitive import FAILS, PASSES, objections
from gametheory.solvers.trees.nash import fits, nash, pure_word
from gametheory.tree_solutions import TreeSolutions

PROOF = "every choice of moves in use was ruled out by bounds on payoffs or solved for"
TIED = f"{PROOF}; some equilibria form continua, of which the corners are listed"
NOT_FINITE = "a payoff is not a finite number, or a probability lies outside 0 to 1"
NOTHING = "no equilibrium was found, although one exists"


def refined(games: ExtensiveGames, *, order: str, workers: int | None, seconds: float) -> TreeSolutions:
    """Subgame-perfect or sequential equilibria of every game, complete where every choice of moves could be settled.

    A sequential equilibrium (Kreps and Wilson 1982, Econometrica 50) is a behaviour with beliefs that are limits of
    mistakes, at which no action at any information set could be bettered. Solutions that differ in beliefs alone are
    listed once, with one of the beliefs. Where equilibria form a continuum its corners are listed, under one component
    number, and the verdict is ``degenerate-complete``. Where a tree has no smaller subgame, all Nash equilibria are
    subgame-perfect. Tags say of signalling games which solutions pass the intuitive criterion.
    """
    finite = games.finite
    if order == "subgame_perfect" and games.tree.subgames == (0,) and fits(games.tree, len(games)):
        return replace(nash(games, workers=workers, seconds=seconds), order=order, concept=order)
    rows, quick = finite, None
    if perfect_information(games.tree):
        behaviour, clear = backward_induction(games)
        quick = induced(games, behaviour, np.flatnonzero(clear & finite))
        rows = finite & ~clear
    found = assessments(games, everywhere=order == "sequential", rows=rows, deadline=time.monotonic() + seconds)
    if quick is not None:
        found = merged(quick, found)
    first_move = games.tree.first_move
    listed = TreeSolutions(
        games=games,
        order=order,
        concept=order,
        game=found.game,
        behaviour=found.behaviour,
        beliefs=found.beliefs,
        reached=found.seen.reached,
        payoffs=found.seen.payoffs,
        regret=_regret(found, order),
        component=found.component,
        index=None,
        certificates=_certificates(games, finite, found, order),
        tags=tuple(pure_word(row, first_move) for row in found.behaviour),
        threats=tuple(() for _ in found.game),
    )
    against = objections(listed)
    if against is None:
        return listed
    words = (FAILS if why else PASSES for why in against)
    return replace(listed, tags=tuple((*own, word) for own, word in zip(listed.tags, words, strict=True)))


def _regret(found: Assessments, order: str) -> NDArray[np.float64]:
    """The largest gain by one action, or by one plan where beliefs are no part of the concept."""
    gain = found.seen.set_gain if order == "sequential" else found.seen.plan_gain
    return np.maximum(gain, 0.0)


def _certificates(games: ExtensiveGames, finite: NDArray[np.bool_], found: Assessments, order: str) -> Certificates:
    """One certificate a game."""
    count = len(games)
    number = np.bincount(found.game, minlength=count).astype(np.int64)
    largest = np.zeros(count)
    np.maximum.at(largest, found.game, _regret(found, order))
    verdict, reason = np.empty(count, dtype=object), np.empty(count, dtype=object)
    verdict.fill(COMPLETE)
    reason.fill(PROOF)
    verdict[found.tied], reason[found.tied] = DEGENERATE, TIED
    for why, doubtful in found.doubts.items():
        verdict[doubtful], reason[doubtful] = PARTIAL, why
    empty = number == 0
    verdict[empty], reason[empty] = FAILED, NOTHING
    for why, doubtful in found.doubts.items():
        reason[empty & doubtful] = why
    verdict[~finite], reason[~finite] = FAILED, NOT_FINITE
    return Certificates(verdict, number, largest, None, reason)
