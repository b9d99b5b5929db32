"""Which solution does a batch of games have, under which order of play and by which concept?

One file is one solver, and its line in the registry says what it finds; the conformance tests hold it to that.
"""

from __future__ import annotations

import numpy as np

from gametheory.errors import InputError
from gametheory.games.strategic import Games
from gametheory.kernels import announce_compilation
from gametheory.solutions import Certificates, Solutions
from gametheory.solvers.registry import (
    FINDINGS,
    SIMULTANEOUS,
    SOLVERS,
    Finding,
    Solver,
    checked_options,
    chosen_solver,
    finding,
    solver,
)
from gametheory.solvers.task import Task

__all__ = ["FINDINGS", "SOLVERS", "Finding", "Solver", "finding", "solve", "solver"]


def solve(
    games: Games,
    *,
    order: str = SIMULTANEOUS,
    concept: str = "nash",
    exact: bool = False,
    workers: int | None = None,
    seconds: float = 60.0,
    **options: float,
) -> Solutions:
    """Solve every game of a batch and certify each answer.

    ``order`` is ``"simultaneous"`` or the name of the player who moves first and is observed. ``concept`` is ``"nash"``
    (with a leader: the paths of play by backward induction), ``"commitment"`` (the leader commits to a mixture) or
    another name of the registry, whose line lists its ``options``. ``exact=True`` solves in exact arithmetic and keeps
    the strategies as fractions. ``workers`` threads share the work, all processors by default; the answer does not
    depend on their number. Searches that may not end stop after ``seconds``, and the verdict then says ``partial``.

    Raises UnknownNameError for an unknown order, concept or option, and InputError for what does not go together.

    >>> from gametheory.games import strategic
    >>> solve(strategic([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])).strategies[0].tolist()
    [[0.5, 0.5]]
    """
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
