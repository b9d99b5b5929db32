"""Which equilibria of two players survive when players take more care to avoid the dearer mistakes?

An equilibrium is proper when it is the limit of play in which every action has some probability, and one that pays
less than another an infinitely smaller one (Myerson 1978, International Journal of Game Theory 7). Proper equilibria
are perfect, and every game has one. Each gives a sequential equilibrium of every tree with this game as its normal form
(van Damme 1984, International Journal of Game Theory 13; Kohlberg and Mertens 1986, Econometrica 54).
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import Games
from gametheory.solutions import FAILED, PARTIAL, ExactStrategies, Solutions
from gametheory.solvers.exact import ExactEquilibrium, equilibria
from gametheory.solvers.orderings import are_eps_proper, trembles
from gametheory.solvers.own_tables import exact_tables
from gametheory.solvers.perfect import undominated
from gametheory.solvers.task import Task
from gametheory.solvers.vertices import fractions_of

PROOF = "for each there is play with mistakes, the dearer the rarer, however rare; no other equilibrium has such play"
INSIDE = "the listed equilibria are proper; others that are not extreme, inside a component, were not looked for"
LATE = "the listed equilibria are proper; there was no time to find and decide on the others: allow more seconds"


def solve(games: Games, task: Task) -> Solutions:
    """Find every extreme equilibrium of two-player games that is proper.

    Each is decided in fractions, whatever ``task.exact``: the rankings of both players' actions are tried one by one
    (see `gametheory.solvers.orderings`), for ``task.seconds`` in all. Where two perfect equilibria lie in one component
    a proper one between them need not be extreme, and the verdict is ``partial``; else all proper equilibria are
    listed. Components keep the number and the index that they have among all equilibria.

    >>> from gametheory.games import strategic
    >>> myerson = strategic([[[1, 0, -9], [0, 0, -7], [-9, -7, -7]], [[1, 0, -9], [0, 0, -7], [-9, -7, -7]]])
    >>> solve(myerson, Task()).frame()["profile"].tolist()
    ['a1, a1']
    """
    deadline = monotonic() + task.seconds
    finite = games.finite
    inside, late, tied = (np.zeros(len(games), dtype=bool) for _ in range(3))
    rows: list[tuple[int, int, int, ExactStrategies, float]] = []
    for game in np.flatnonzero(finite).tolist():
        payoffs, tables = fractions_of(games, game, snap=not task.exact), exact_tables(games, game, snap=not task.exact)
        try:
            found, tied[game] = equilibria(payoffs, deadline)
            perfect = _perfect(tables, found, deadline)
            inside[game] = len({own.component for own in perfect}) < len(perfect)
            for own in perfect:
                play = trembles(tables, own.strategies, deadline)
                if play is not None and are_eps_proper(tables, play):
                    regret = float(certify.exact_regret(payoffs, own.strategies))
                    rows.append((game, own.component, own.index, own.strategies, regret))
        except TimeoutError:
            late[game] = True
    return _solutions(games, rows, exact=task.exact, tied=tied, inside=inside, late=late)


def _perfect(
    tables: list[NDArray[np.object_]], found: Sequence[ExactEquilibrium], deadline: float
) -> list[ExactEquilibrium]:
    """The equilibria in which neither strategy is weakly dominated; raises TimeoutError when the time is up."""
    kept = []
    for own in found:
        if monotonic() > deadline:
            raise TimeoutError
        supports = (np.array([k for k, weight in enumerate(strategy) if weight > 0]) for strategy in own.strategies)
        if all(undominated(table, support) for table, support in zip(tables, supports, strict=True)):
            kept.append(own)
    return kept


def _solutions(
    games: Games,
    rows: list[tuple[int, int, int, ExactStrategies, float]],
    *,
    exact: bool,
    tied: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    late: NDArray[np.bool_],
) -> Solutions:
    """Put the proper equilibria and their certificates together."""
    game, component, index = (np.array([row[k] for row in rows], dtype=np.int64) for k in range(3))
    strategies = tuple(
        np.array([[float(p) for p in row[3][player]] for row in rows]).reshape(len(rows), size)
        for player, size in enumerate(games.shape)
    )
    seen = certify.check(games.payoffs, game, strategies)
    regret = np.array([row[4] for row in rows])
    certificates = certify.certificates(
        count=len(games),
        game=game,
        regret=regret,
        sound=seen.sound,
        repeats=certify.duplicated(game, strategies),
        index_sum=None,
        tied=tied,
        proof=PROOF,
        reasons=[
            (~games.finite, FAILED, "a payoff is not a finite number"),
            (late, PARTIAL, LATE),
            (inside, PARTIAL, INSIDE),
            (np.bincount(game, minlength=len(games)) == 0, FAILED, "none was found, but every game has one"),
        ],
    )
    return Solutions(
        games=games,
        order="simultaneous",
        concept="proper",
        game=game,
        strategies=strategies,
        payoffs=seen.payoffs,
        regret=regret,
        index=index,
        component=component,
        certificates=certificates,
        exact=tuple(row[3] for row in rows) if exact else None,
    )
