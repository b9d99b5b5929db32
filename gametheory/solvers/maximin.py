"""What happens when every player secures the most that it can guarantee itself?"""

from __future__ import annotations

from gametheory.games.strategic import Games
from gametheory.solutions import Solutions
from gametheory.solvers.guarantees import PAYOFF, profiles
from gametheory.solvers.task import Task


def solve(games: Games, task: Task) -> Solutions:
    """Find a maximin strategy of every player, in games with any number of players.

    Each player maximises its least expected payoff over all choices of the others, which may be correlated. The option
    ``pure`` (1 for yes) compares actions only and lists every combination of best ones; mixed, one strategy a player
    is given, and the verdict is ``complete`` only where it is proved to be the only one. The security levels themselves
    are found by `gametheory.solvers.guarantees`. In zero-sum games this is an equilibrium, in others it need not be:
    ``regret`` says what a player could gain.

    >>> from gametheory.games import strategic
    >>> chicken = strategic([[[-9, 1], [0, 0.5]], [[-9, 0], [1, 0.5]]])
    >>> solve(chicken, Task(options={"pure": 0.0})).profile(0)
    'a2, a2'
    """
    return profiles(games, concept="maximin", of=PAYOFF, pure=task.options["pure"] != 0, exact=task.exact)
