"""Which solver of games with a table of payoffs is asked, and with what?"""

from __future__ import annotations

import numpy as np

from gametheory.errors import InputError
from gametheory.games.strategic import Games
from gametheory.kernels import announce_compilation
from gametheory.solutions import Certificates, Solutions
from gametheory.solvers.registry import SIMULTANEOUS, checked_options, chosen_solver, solver
from gametheory.solvers.task import Task

__all__ = ["nothing", "solve_tables"]


def solve_tables(
    games: Games,
    *,
    order: str = SIMULTANEOUS,
    concept: str = "nash",
    exact: bool = False,
    workers: int | None = None,
    seconds: float = 60.0,
    **options: float,
) -> Solutions:
    """Solve games with a table of payoffs; the options are those of `gametheory.solvers.solve`."""
    if not seconds > 0:
        raise InputError(f"seconds: {seconds!r}, expected a positive number")
    name = chosen_solver(games, order, concept)
    announce_compilation()
    leader = -1 if order == SIMULTANEOUS else games.players.index(order)
    if not len(games):
        return nothing(games, order, concept)
    task = Task(leader, exact, workers, seconds, checked_options(name, options))
    return solver(name)(games, task)


def nothing(games: Games, order: str, concept: str) -> Solutions:
    """Return the solutions of a batch without games."""
    none, texts = np.empty(0, dtype=np.int64), np.empty(0, dtype=object)
    return Solutions(
        games=games,
        order=order,
        concept=concept,
        game=none,
        strategies=tuple(np.empty((0, size)) for size in games.shape),
        payoffs=np.empty((0, len(games.players))),
        regret=np.empty(0),
        index=None,
        component=None,
        certificates=Certificates(texts, none, np.empty(0), None, texts),
    )
