"""Every equilibrium in actions, of games with any number of players and actions."""

from __future__ import annotations

import numpy as np

from gametheory.games.strategic import Games
from gametheory.kernels.payoffs import pure_equilibria
from gametheory.solutions import FAILED, PARTIAL, Solutions
from gametheory.solvers.listing import listed
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
    searched = "every pure equilibrium is listed; mixed ones were not searched for in a game of this size"
    reasons = [(~finite, FAILED, "a payoff is not a finite number"), (finite, PARTIAL, searched)]
    return listed(games, game, strategies, concept="nash", reasons=reasons)
