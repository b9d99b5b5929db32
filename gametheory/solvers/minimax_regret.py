"""What happens when every player keeps the worst it may have to regret as small as it can?"""

from __future__ import annotations

from gametheory.games.strategic import Games
from gametheory.solutions import Solutions
from gametheory.solvers.guarantees import REGRET, profiles
from gametheory.solvers.task import Task


def solve(games: Games, task: Task) -> Solutions:
    """Find a strategy of every player that minimises its largest regret, in games with any number of players.

    The regret of an action at a profile of the others is what the best action there would have paid more; of a mixed
    strategy it is the expectation (Savage 1951). The option ``pure`` (1 for yes) compares actions only and lists every
    combination of best ones; mixed, one strategy a player is given, and the verdict is ``complete`` only where it is
    proved to be the only one. The least regrets themselves are found by `gametheory.solvers.guarantees`. No equilibrium
    is claimed: ``regret`` in the solutions is, as everywhere, what a player could gain against what the others play.

    >>> from gametheory.games import strategic
    >>> aid = strategic([[[10, 0], [7, 4]], [[0, 0], [0, 0]]])
    >>> solve(aid, Task(options={"pure": 1.0})).strategies[0].tolist()[0]
    [0.0, 1.0]
    """
    return profiles(games, concept="minimax_regret", of=REGRET, pure=task.options["pure"] != 0, exact=task.exact)
