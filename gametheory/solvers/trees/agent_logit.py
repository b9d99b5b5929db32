"""Where on the branch of agent logit does each tree of a batch stand at a precision, and to what does it tend?"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from gametheory.errors import InputError
from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray
from gametheory.solutions import FAILED, PARTIAL, Certificates
from gametheory.solvers.task import Task
from gametheory.solvers.trees import certificate
from gametheory.solvers.trees.agents import agent_branch, followed_to
from gametheory.solvers.trees.nash import pure_word
from gametheory.solvers.trees.play import believed
from gametheory.tree_solutions import TreeSolutions

__all__ = ["logit", "logit_limit"]

FIRST = "the first point of the principal branch at this precision; other logit equilibria may exist; mistakes stay"
TENDS = "one equilibrium, selected by design: the limit of the principal branch of agent logit, as its last point shows"
NOT_FINITE = "a payoff is not a finite number, or a probability lies outside 0 to 1"
NEVER = "a chance move has probability 0, so that agents who err do not come to every information set"
NO_CHANCE = "a probability of chance is below 0"
LATE = "the time was over before this game's turn"
NOT_THERE = "the principal branch could not be followed to this precision"
NOWHERE = "no sequential equilibrium lies beside the last point of the principal branch"
ANSWERED = 1e-7  # largest error, in units of log-odds, of a point that is listed


def logit(games: ExtensiveGames, task: Task) -> TreeSolutions:
    """The point of each tree's principal branch at ``task.options["precision"]``, in 1 / unit of payoff.

    Every information set is reached, so that beliefs follow from behaviour. ``regret`` is what an action at one
    information set would gain over its player's behaviour: it is the size of the mistakes and no error. Other logit
    equilibria may exist at the precision, so that the verdict is ``partial``. Raises InputError for a precision that is
    negative or not finite.
    """
    precision = task.options["precision"]
    if not 0 <= precision < np.inf:
        raise InputError(f"precision: {precision!r}, expected a finite number from 0 up, in 1 / unit of payoff")
    reasons, rows, found = _reasons(games), [], []
    deadline = time.monotonic() + task.seconds
    for game in range(len(games)):
        if not reasons[game] and time.monotonic() > deadline:
            reasons[game] = LATE
        if reasons[game]:
            continue
        points = followed_to(games[game], precision)
        if points.residual[-1] <= ANSWERED and abs(points.precision[-1] - precision) <= 1e-9 * max(precision, 1e-300):
            rows.append(game)
            found.append(points.behaviour[-1])
        else:
            reasons[game] = NOT_THERE
    return _listed(games, np.array(rows, dtype=np.int64), found, reasons)


def logit_limit(games: ExtensiveGames, task: Task) -> TreeSolutions:
    """The sequential equilibrium that each tree's principal branch tends to.

    The equilibrium is certified; that the branch tends to it is read from its last point, so that the verdict is
    ``partial``. Where none of those found lies beside that point the game fails.
    """
    from gametheory.solvers.trees import SEQUENTIAL, solve_trees

    reasons, parts = _reasons(games), []
    deadline = time.monotonic() + task.seconds
    for game in range(len(games)):
        left = deadline - time.monotonic()
        if not reasons[game] and left <= 0:
            reasons[game] = LATE
        if reasons[game]:
            continue
        limit = agent_branch(games[game], seconds=left).limit
        if len(limit):
            parts.append(replace(limit, game=np.full(1, game, dtype=np.int64)))
        else:
            reasons[game] = NOWHERE
    none = solve_trees(games[:0], order=SEQUENTIAL)
    columns = ("game", "behaviour", "beliefs", "reached", "payoffs", "regret")
    merged: dict[str, Any] = {name: np.concatenate([getattr(own, name) for own in (none, *parts)]) for name in columns}
    return replace(
        none,
        **merged,
        games=games,
        concept="logit_limit",
        component=None,
        certificates=_certificates(merged["game"], merged["regret"], reasons, TENDS),
        tags=tuple(own.tags[0] for own in parts),
        threats=tuple(() for _ in parts),
    )


def _reasons(games: ExtensiveGames) -> list[str]:
    """Why each game cannot be followed, empty where it can."""
    least = games.chances.min(axis=1, initial=1.0)
    return [
        NOT_FINITE if not finite else NO_CHANCE if low < 0 else NEVER if low <= 0 else ""
        for finite, low in zip(games.finite.tolist(), least.tolist(), strict=True)
    ]


def _listed(
    games: ExtensiveGames, game: np.ndarray[tuple[int], np.dtype[np.int64]], found: list[FloatArray], reasons: list[str]
) -> TreeSolutions:
    """Points of branches as solutions, weighed by the certificate."""
    behaviour = np.array(found).reshape(len(found), games.tree.move_count)
    beliefs, _ = believed(games, game, behaviour)
    seen = certificate.check(games, game, behaviour, beliefs, limits=False)
    regret = np.maximum(seen.set_gain, 0.0)
    return TreeSolutions(
        games=games,
        order="sequential",
        concept="logit",
        game=game,
        behaviour=behaviour,
        beliefs=beliefs,
        reached=seen.reached,
        payoffs=seen.payoffs,
        regret=regret,
        component=None,
        index=None,
        certificates=_certificates(game, regret, reasons, FIRST),
        tags=tuple(pure_word(row, games.tree.first_move) for row in behaviour),
        threats=tuple(() for _ in found),
    )


def _certificates(
    game: np.ndarray[tuple[int, ...], np.dtype[np.int64]], regret: FloatArray, reasons: list[str], said: str
) -> Certificates:
    """``partial`` with what is ``said`` of a list that holds one solution, ``failed`` where there is a reason."""
    verdict, reason = np.empty(len(reasons), dtype=object), np.empty(len(reasons), dtype=object)
    verdict[:] = [FAILED if why else PARTIAL for why in reasons]
    reason[:] = [why or said for why in reasons]
    largest = np.zeros(len(reasons))
    np.maximum.at(largest, game, regret)
    return Certificates(verdict, np.bincount(game, minlength=len(reasons)).astype(np.int64), largest, None, reason)
