"""Which solution does a batch of games have, under which order of play and by which concept?

The registry says of each solver what it finds; the conformance tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.games.strategic import Games
from gametheory.solutions import Solutions
from gametheory.solvers.task import Task

SIMULTANEOUS = "simultaneous"


@dataclass(frozen=True)
class Solver:
    """One solution concept: the form of game it takes, who moves first, and the claim that the tests hold it to."""

    form: str
    concept: str
    order: str
    finds: str


# Each name is that of the file in this folder whose ``solve(games, task)`` does the work.
SOLVERS: Mapping[str, Solver] = MappingProxyType(
    {
        "vertices": Solver(
            "strategic", "nash", SIMULTANEOUS, "every extreme equilibrium of two players, ties included"
        ),
        "pure": Solver("strategic", "nash", SIMULTANEOUS, "every equilibrium in actions"),
        "leader": Solver("strategic", "nash", "leader", "every path of play under both tie rules"),
        "commitment": Solver(
            "strategic", "commitment", "leader", "every extreme optimal mixed commitment, strong tie rule"
        ),
    }
)


def solver(name: str) -> Callable[[Games, Task], Solutions]:
    """Return the function behind a name of the registry."""
    found: Callable[[Games, Task], Solutions] = import_module(f"gametheory.solvers.{name}").solve
    return found


def solve(
    games: Games,
    *,
    order: str = SIMULTANEOUS,
    concept: str = "nash",
    exact: bool = False,
    workers: int | None = None,
) -> Solutions:
    """Solve every game of a batch and certify each answer.

    ``order`` is ``"simultaneous"`` or the name of the player who moves first and is observed. ``concept`` is ``"nash"``
    (with a leader: the paths of play by backward induction) or ``"commitment"`` (the leader commits to a mixture).
    ``exact=True`` solves in exact arithmetic and keeps the strategies as fractions. ``workers`` threads share the work,
    all processors by default; the answer does not depend on their number.

    With more than two players only pure equilibria of simultaneous play are found, and the verdict says ``partial``.
    Raises UnknownNameError for an unknown order or concept and InputError for a combination that has no meaning.

    >>> from gametheory.games import strategic
    >>> solve(strategic([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])).strategies[0].tolist()
    [[0.5, 0.5]]
    """
    name = chosen_solver(games, order, concept)
    leader = -1 if order == SIMULTANEOUS else games.players.index(order)
    return solver(name)(games, Task(leader, exact, workers))


def chosen_solver(games: Games, order: str, concept: str) -> str:
    """Return the name of the solver for these games; raise where there is none."""
    if order not in (SIMULTANEOUS, *games.players):
        known = (SIMULTANEOUS, *games.players)
        raise UnknownNameError(
            f"order: no player named {order!r}, expected one of {', '.join(known)}{did_you_mean(order, known)}"
        )
    concepts = sorted({entry.concept for entry in SOLVERS.values()})
    if concept not in concepts:
        raise UnknownNameError(
            f"concept: {concept!r} is unknown, expected one of {', '.join(concepts)}{did_you_mean(concept, concepts)}"
        )
    if order == SIMULTANEOUS:
        if concept == "commitment":
            raise InputError(f"concept 'commitment': order {order!r} has no leader; name the player who commits")
        return "vertices" if len(games.players) == 2 else "pure"
    if len(games.players) != 2:
        raise InputError(f"order {order!r}: a leader needs two players, this game has {len(games.players)}")
    return "commitment" if concept == "commitment" else "leader"
