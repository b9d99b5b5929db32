"""What does a population play in which some think further ahead than others (Camerer, Ho and Chong 2004)?"""

from __future__ import annotations

import math

from gametheory.errors import InputError
from gametheory.games.strategic import Games
from gametheory.solutions import Solutions
from gametheory.solvers.level_k import best_replies, prediction, tame, uniform
from gametheory.solvers.task import Task

PROOF = (
    "a prediction, not an equilibrium, and the only one: levels 0 to {} of a Poisson population with mean {:g}, ties "
    "split evenly; the regret is what a player could gain against it"
)
TAIL = 1e-12  # share of the population that is left out above the highest level
MOST = 1000.0  # largest mean


def solve(games: Games, task: Task) -> Solutions:
    """Predict the play of a population whose steps of thinking are Poisson with mean ``task.options["tau"]``.

    Level 0 plays every action alike. Level k believes that each other player is drawn, independently, from the levels
    below k in their true proportions, and plays a best reply, evenly over ties. The strategies are the mixtures that
    the population plays, up to the level above which less than 1e-12 of it is left; those levels are left out and the
    others scaled up. Games may have any number of players. Raises InputError for a mean below 0 or above 1000.

    >>> from gametheory.games import strategic
    >>> dilemma = strategic([[[2, 0], [3, 1]], [[2, 3], [0, 1]]])
    >>> solve(dilemma, Task(options={"tau": 1.5})).strategies[0].round(4).tolist()  # level 0 cooperates half the time
    [[0.1116, 0.8884]]
    """
    tau = task.options["tau"]
    if not 0 <= tau <= MOST:
        raise InputError(f"tau: {tau!r}, expected a number from 0 to {MOST:g}, the mean number of steps of thinking")
    payoffs, population = tame(games), uniform(games)
    highest = highest_level(tau)
    below = 1.0  # the share of the levels so far, in units of the share of the last of them
    for level in range(1, highest + 1):
        below = 1.0 + below * level / tau
        answers = best_replies(payoffs, population)
        population = tuple(own + (reply - own) / below for own, reply in zip(population, answers, strict=True))
    return prediction(games, "cognitive_hierarchy", population, PROOF.format(highest, tau))


def highest_level(tau: float) -> int:
    """Return the lowest level above which a Poisson population with mean ``tau`` has a share below 1e-12.

    Above the mean the shares fall at least as fast as a geometric series, whose sum bounds what is left.

    >>> highest_level(1.5), highest_level(0.0)
    (16, 0)
    """
    if tau <= 0:
        return 0
    level = math.ceil(tau)
    while True:
        following = math.exp(-tau + (level + 1) * math.log(tau) - math.lgamma(level + 2))
        if following / (1 - tau / (level + 2)) < TAIL:
            return level
        level += 1
