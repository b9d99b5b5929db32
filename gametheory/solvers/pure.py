"""Every equilibrium in actions, of games with any number of players and actions."""

from __future__ import annotations

import numpy as np

from gametheory import certify
from gametheory.games.strategic import Games
from gametheory.kernels.payoffs import pure_equilibria
from gametheory.solutions import FAILED, PARTIAL, Solutions
from gametheory.solvers.task import Task


def solve(games: Games, _: Task) -> Solutions:
    """Find every pure equilibrium by comparing best replies; mixed ones are not looked for, so the verdict is partial.

    Index and component are not computed: they need the mixed equilibria too.
    """
    finite = games.finite
    marked = pure_equilibria(np.where(np.isfinite(games.payoffs), games.payoffs, 0.0))
    marked[~finite] = False
    game, *profile = np.nonzero(marked)
    strategies = tuple(np.eye(size)[own] for size, own in zip(games.shape, profile, strict=True))
    seen = certify.check(games.payoffs, game, strategies)
    certificates = certify.certificates(
        count=len(games),
        game=game,
        regret=seen.regret,
        sound=seen.sound,
        repeats=certify.duplicated(game, strategies),
        index_sum=None,
        tied=np.zeros(len(games), dtype=bool),
        proof="",
        reasons=[
            (~finite, FAILED, "a payoff is not a finite number"),
            (
                finite,
                PARTIAL,
                "every pure equilibrium is listed; mixed ones were not searched for in a game of this size",
            ),
        ],
    )
    return Solutions(
        games=games,
        order="simultaneous",
        concept="nash",
        game=game.astype(np.int64),
        strategies=strategies,
        payoffs=seen.payoffs,
        regret=seen.regret,
        index=None,
        component=None,
        certificates=certificates,
    )
