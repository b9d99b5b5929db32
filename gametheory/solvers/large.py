"""What can be found, and what can be proved, in a two-player game that is too large for all its vertices?

A game in which only one player has a choice, or nobody's choice matters to itself, needs no search. From others
strictly dominated actions go first. If what is left is small enough its vertices are listed after all; if it is
zero-sum a linear program solves it; else the search is open-ended, and its verdict ``partial``. Each game of a batch
goes its own way, which its certificate names.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import Games, strategic
from gametheory.machine import processors
from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, PARTIAL, UNKNOWN, Certificates, IntArray, Solutions
from gametheory.solvers import plain, search, vertices
from gametheory.solvers.answer import Answer, empty, spread
from gametheory.solvers.registry import enumerable
from gametheory.solvers.task import Task
from gametheory.solvers.zero_sum import opposed

NOT_FINITE, PLAIN, VERTICES, PROGRAM, SEARCH = "not finite", "plain", "vertices", "program", "search"


@dataclass(frozen=True, eq=False)
class Plan:
    """How one game is to be solved, and the actions of each player that are not strictly dominated."""

    way: str
    kept: tuple[IntArray, ...]


def solve(games: Games, task: Task) -> Solutions:
    """Find equilibria of every game of a batch of two-player games; the certificates say how far the lists go.

    Complete: games in which one player has a single action, or no player's own choice changes its payoff (constant
    games are such); games that are small without their strictly dominated actions; and zero-sum games (also up to the
    unit and origin of each player's payoffs) with one equilibrium. Partial: zero-sum games with several, of which one
    optimal pair is listed and every pure one, and all other games; of those every pure equilibrium is listed, every
    nondegenerate one in which both players mix two actions, and the ends of the paths of Lemke and Howson. (Of
    thousands only the first; the reason says so.) Every solution listed is an extreme equilibrium, certified by itself.

    ``task.workers`` threads share the games; each game may take its share of ``task.seconds``, and only where a search
    is cut by it the answer depends on the machine. Compiling is not part of it. ``index`` and ``component`` are given
    for games where they are known for every solution: a nondegenerate equilibrium is a component of its own, whose
    index is a sign of determinants; all equilibria of a zero-sum game are one component of index +1; with ties nothing
    is known. The index sum is that of what is listed: away from 1 it shows that some are missing, at 1 it proves
    nothing by itself.
    """
    warm()
    count = len(games)
    threads = max(min(count, task.workers or processors()), 1)
    plans = [_plan(games[place], exact=task.exact) for place in range(count)]
    answers: dict[int, Answer] = {}
    programs = [place for place in range(count) if plans[place].way == PROGRAM]
    for place in programs:  # here and not in the pool: HiGHS keeps threads of its own
        answers[place] = _answer(games[place], plans[place], task.seconds / count, exact=task.exact)
    others = [place for place in range(count) if place not in answers]
    seconds = task.seconds * threads / max(count, 1)
    with ThreadPoolExecutor(threads) as pool:
        found = pool.map(lambda place: _answer(games[place], plans[place], seconds, exact=task.exact), others)
        answers |= dict(zip(others, found, strict=True))
    return _solutions(games, [answers[place] for place in range(count)], exact=task.exact)


@cache
def warm() -> None:
    """Compile the kernels of a search, or load them, on a game of two actions each: no game's time is to go into that.

    >>> warm()
    """
    pennies = strategic([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    kept = _undominated(pennies)
    answer = search.general(search.Core(_restricted(pennies, kept), np.inf, exact=False))
    _solutions(pennies, [answer], exact=False)


def _plan(game: Games, *, exact: bool) -> Plan:
    """Choose the way to solve one game: which actions are left, and what kind of game they make."""
    if not game.finite.all():
        return Plan(NOT_FINITE, ())
    if 1 in game.shape:
        return Plan(PLAIN, ())
    kept = _undominated(game)
    core = _restricted(game, kept)
    if enumerable(core):
        return Plan(VERTICES, kept)
    if plain.is_plain(core, exact=exact):
        return Plan(PLAIN, kept)
    return Plan(PROGRAM if opposed(*core.payoffs[0]) else SEARCH, kept)


def _answer(game: Games, plan: Plan, seconds: float, *, exact: bool) -> Answer:
    """Solve one game as planned."""
    if plan.way == NOT_FINITE:
        return empty(game.shape, FAILED, "a payoff is not a finite number")
    if plan.way == PLAIN and 1 in game.shape:
        return plain.answer(game, exact=exact)
    core = _restricted(game, plan.kept)
    if plan.way == VERTICES:
        return spread(_by_vertices(core, seconds, exact=exact), game.shape, plan.kept)
    if plan.way == PLAIN:
        return spread(plain.answer(core, exact=exact), game.shape, plan.kept)
    find = search.zero_sum if plan.way == PROGRAM else search.general
    return spread(find(search.Core(core, time.monotonic() + seconds, exact)), game.shape, plan.kept)


def _restricted(game: Games, kept: tuple[IntArray, ...]) -> Games:
    """The game that is left when each player keeps only these actions."""
    players = zip(game.players, game.actions, kept, strict=True)
    return game.restrict({player: [own[action] for action in chosen] for player, own, chosen in players})


def _undominated(game: Games) -> tuple[IntArray, ...]:
    """The actions of each player that survive the iterated elimination of strictly dominated ones."""
    from gametheory.kernels.reduction import undominated

    a, b = game.payoffs[0]
    rows, columns = (np.empty(size, dtype=np.int64) for size in game.shape)
    m, n = undominated(np.ascontiguousarray(a), np.ascontiguousarray(b.T), rows, columns)
    return rows[:m], columns[:n]


def _by_vertices(core: Games, seconds: float, *, exact: bool) -> Answer:
    """List every extreme equilibrium of a game that is small after all."""
    found = vertices.solve(core, Task(exact=exact, workers=1, seconds=seconds))
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
    sizes = [len(answer.x) for answer in answers]
    index = _joined([answer.index for answer in answers], sizes)
    component = _joined([answer.component for answer in answers], sizes)
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


def _joined(parts: Sequence[IntArray | None], sizes: Sequence[int]) -> IntArray | None:
    """One column for the batch, `UNKNOWN` where a game does not know its part, None where no game does."""
    if all(part is None for part in parts):
        return None
    filled = [np.full(size, UNKNOWN) if part is None else part for part, size in zip(parts, sizes, strict=True)]
    return np.concatenate(filled).astype(np.int64)


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
