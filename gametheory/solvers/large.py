"""What can be found, and what can be proved, in a two-player game that is too large for all its vertices?

Strictly dominated actions go first. If what is left is small enough its vertices are listed after all; if it is
zero-sum a linear program solves it; else the search is open-ended, and its verdict ``partial``. Each game of a batch
goes its own way, which its certificate names.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import Games
from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, PARTIAL, Certificates, IntArray, Solutions
from gametheory.solvers import search, vertices
from gametheory.solvers.answer import Answer, empty, spread
from gametheory.solvers.registry import enumerable
from gametheory.solvers.task import Task
from gametheory.solvers.zero_sum import opposed


def solve(games: Games, task: Task) -> Solutions:
    """Find equilibria of every game of a batch of two-player games; the certificates say how far the lists go.

    Complete: games that are small without their strictly dominated actions, and zero-sum games (also up to the unit
    and origin of each player's payoffs) with one equilibrium. Partial: zero-sum games with several, of which one is
    listed, and all other games; of those every pure equilibrium is listed, every nondegenerate one in which both
    players mix two actions, and the ends of the paths of Lemke and Howson. Every solution listed is an extreme
    equilibrium, certified by itself.

    ``task.workers`` threads share the games; each game may take its share of ``task.seconds``, and only where a search
    is cut by it the answer depends on the machine. ``index`` and ``component`` are given when they are known for every
    solution of the batch, else None: a nondegenerate equilibrium is a component of its own, whose index is a sign of
    determinants; all equilibria of a zero-sum game are one component of index +1; with ties nothing is known. The index
    sum is that of what is listed, 1 only where the list is complete.
    """
    threads = min(len(games), task.workers or len(os.sched_getaffinity(0))) or 1
    seconds = task.seconds * threads / max(len(games), 1)
    places = range(len(games))
    if threads == 1:
        answers = [_answer(games[place], seconds, exact=task.exact) for place in places]
    else:
        with ThreadPoolExecutor(threads) as pool:
            answers = list(pool.map(lambda place: _answer(games[place], seconds, exact=task.exact), places))
    return _solutions(games, answers, exact=task.exact)


def _answer(game: Games, seconds: float, *, exact: bool) -> Answer:
    """Solve one game in the way that fits what is left of it without its strictly dominated actions."""
    if not game.finite.all():
        return empty(game.shape, FAILED, "a payoff is not a finite number")
    kept = _undominated(game)
    core = game.restrict(
        {
            player: [own[action] for action in chosen]
            for player, own, chosen in zip(game.players, game.actions, kept, strict=True)
        }
    )
    deadline = time.monotonic() + seconds
    if enumerable(core):
        found = _by_vertices(core, exact=exact)
    elif opposed(*core.payoffs[0]):
        found = search.zero_sum(search.Core(core, deadline, exact))
    else:
        found = search.general(search.Core(core, deadline, exact))
    return spread(found, game.shape, kept)


def _undominated(game: Games) -> list[NDArray[np.int64]]:
    """The actions of each player that survive the iterated elimination of strictly dominated ones."""
    from gametheory.kernels.reduction import undominated

    a, b = game.payoffs[0]
    rows, columns = (np.empty(size, dtype=np.int64) for size in game.shape)
    m, n = undominated(np.ascontiguousarray(a), np.ascontiguousarray(b.T), rows, columns)
    return [rows[:m], columns[:n]]


def _by_vertices(core: Games, *, exact: bool) -> Answer:
    """List every extreme equilibrium of a game that is small after all."""
    found = vertices.solve(core, Task(exact=exact, workers=1))
    certificate = found.certificates[0]
    x, y = found.strategies
    return Answer(
        x,
        y,
        found.regret,
        found.index,
        found.component,
        found.exact,
        certificate.verdict,
        certificate.reason,
    )


def _solutions(games: Games, answers: Sequence[Answer], *, exact: bool) -> Solutions:
    """Put the answers of all games together."""
    game = np.repeat(np.arange(len(games)), [len(answer.x) for answer in answers]).astype(np.int64)
    x, y = (
        np.concatenate([np.empty((0, size)), *(getattr(answer, name) for answer in answers)])
        for name, size in zip("xy", games.shape, strict=True)
    )
    regret = np.concatenate([np.empty(0), *(answer.regret for answer in answers)])
    index, component = _joined([answer.index for answer in answers]), _joined([answer.component for answer in answers])
    certificates = _certificates(games, answers, game, (x, y), regret, index, component)
    return Solutions(
        games=games,
        order="simultaneous",
        concept="nash",
        game=game,
        strategies=(x, y),
        payoffs=certify.check(games.payoffs, game, (x, y)).payoffs,
        regret=regret,
        index=index,
        component=component,
        certificates=certificates,
        exact=tuple(own for answer in answers for own in answer.exact or ()) if exact else None,
    )


def _joined(parts: Sequence[IntArray | None]) -> IntArray | None:
    """One column for the batch, None where a game does not know its part."""
    known = [part for part in parts if part is not None]
    return np.concatenate([np.empty(0, dtype=np.int64), *known]) if len(known) == len(parts) else None


def _certificates(
    games: Games,
    answers: Sequence[Answer],
    game: IntArray,
    strategies: tuple[NDArray[np.float64], NDArray[np.float64]],
    regret: NDArray[np.float64],
    index: IntArray | None,
    component: IntArray | None,
) -> Certificates:
    """One certificate a game: that of its answer, unless the certifier finds fault with the list."""
    verdict = np.array([answer.verdict for answer in answers], dtype=object)
    reason = np.array([answer.reason for answer in answers], dtype=object)
    sums = None if index is None or component is None else certify.index_sums(len(games), game, component, index)
    known = (verdict == FAILED) | (verdict == PARTIAL)
    certificates = certify.certificates(
        count=len(games),
        game=game,
        regret=regret,
        sound=np.ones(len(game), dtype=bool),
        repeats=certify.duplicated(game, strategies),
        index_sum=sums,
        tied=verdict == DEGENERATE,
        proof="",
        reasons=[(verdict == FAILED, FAILED, ""), (verdict == PARTIAL, PARTIAL, "")],
    )
    kept = known | np.isin(certificates.verdict.astype(str), [COMPLETE, DEGENERATE])
    return replace(certificates, reason=np.where(kept, reason, certificates.reason))
