"""Which equilibria of two players survive when hands may tremble?

An equilibrium is perfect when it is the limit of equilibria in which every action is played with some probability, each
player forced to err now and then (Selten 1975, International Journal of Game Theory 4). With two players these are the
equilibria in which nobody uses a weakly dominated strategy, dominated by mixtures included (van Damme 1991, Stability
and Perfection of Nash Equilibria, chapter 3). Whether a strategy is dominated depends on its support alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import Games
from gametheory.solutions import COMPLETE, DEGENERATE, Certificates, Solutions
from gametheory.solvers import vertices
from gametheory.solvers.own_tables import exact_tables
from gametheory.solvers.programs import maximise
from gametheory.solvers.task import Task

PROOF = "every extreme equilibrium was found, and these are the ones in which no strategy is weakly dominated"


def solve(games: Games, task: Task) -> Solutions:
    """Find every extreme equilibrium of two-player games that is trembling-hand perfect.

    Every other perfect equilibrium is a mixture of listed ones that lie in one maximal Nash subset: the strategies of
    such a subset that are not dominated form whole faces of it. (Not every such mixture is perfect.) Components keep
    the number and the index that they have among all equilibria, so some numbers may be missing. Dominance is decided
    in fractions; payoffs that differ only by rounding count as equal unless ``task.exact``.

    >>> from gametheory.games import strategic
    >>> threat = strategic([[[2, -1], [1, 1]], [[1, -1], [2, 2]]])
    >>> solve(threat, Task()).frame()["profile"].tolist()
    ['a1, a1']
    """
    found = vertices.solve(games, task)
    return kept_only(found, np.array(perfect(found, exact=task.exact), dtype=bool))


def perfect(found: Solutions, *, exact: bool) -> list[bool]:
    """Whether each equilibrium uses no weakly dominated strategy."""
    known: dict[tuple[int, int, int], bool] = {}
    answers = []
    tables: list[NDArray[Any]] = []
    last = -1
    for s, game in enumerate(found.game.tolist()):
        if game != last:
            tables, last = exact_tables(found.games, game, snap=not exact), game
        kept = True
        for player, own in enumerate(found.strategies):
            support = np.flatnonzero(own[s] > 0)
            key = (game, player, int(found.supports[player][s]))
            if key not in known:
                known[key] = undominated(tables[player], support)
            kept &= known[key]
        answers.append(kept)
    return answers


def undominated(table: NDArray[Any], support: NDArray[np.intp]) -> bool:
    """Whether strategies with this support are not weakly dominated, payoffs ``table[own action, other's action]``.

    They are not exactly when all their actions are best replies to one belief that excludes nothing. The program looks
    for the belief ``y = t + w`` with the largest ``t``, every action of the other at least ``t``.

    >>> table = np.array([[1, 1], [1, 0], [2, -9]], dtype=object)
    >>> [undominated(table, np.array(own)) for own in ([0], [1], [0, 2], [1, 2])]
    [True, False, True, False]
    """
    first = table[support[0]]
    rows = np.array([table[k] - first for k in range(len(table))] + [first - table[k] for k in support[1:]])
    columns = np.hstack([rows, rows.sum(axis=1, keepdims=True)])
    matrix = np.vstack([columns, np.array([[*[1] * table.shape[1], table.shape[1]]], dtype=object)])
    limits = np.array([*[0] * len(rows), 1], dtype=object)
    objective = np.array([*[0] * table.shape[1], 1], dtype=object)
    return bool(maximise(objective, matrix, limits, exact=True).value > 0)


def kept_only(found: Solutions, kept: NDArray[np.bool_]) -> Solutions:
    """The equilibria that are kept; the verdicts stay those of the whole list."""
    count = len(found.games)
    old = found.certificates
    listed = (old.verdict == COMPLETE) | (old.verdict == DEGENERATE)
    largest = np.zeros(count)
    np.maximum.at(largest, found.game[kept], found.regret[kept])
    reason = np.where(listed, PROOF, old.reason).astype(object)
    certificates = Certificates(
        old.verdict, np.bincount(found.game[kept], minlength=count).astype(np.int64), largest, None, reason
    )
    fractions = None if found.exact is None else tuple(found.exact[s] for s in np.flatnonzero(kept))
    return replace(
        found,
        concept="perfect",
        game=found.game[kept],
        strategies=tuple(own[kept] for own in found.strategies),
        payoffs=found.payoffs[kept],
        regret=found.regret[kept],
        index=None if found.index is None else found.index[kept],
        component=None if found.component is None else found.component[kept],
        certificates=certificates,
        exact=fractions,
    )
