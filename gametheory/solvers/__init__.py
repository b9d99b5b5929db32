"""Which solution does a batch of games have, under which order of play and by which concept?

One file is one solver, and its line in the registry says what it finds; the conformance tests hold it to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from gametheory.errors import InputError
from gametheory.games.strategic import Games
from gametheory.solvers.concepts import FORMS, concepts, known_concept
from gametheory.solvers.registry import (
    FINDINGS,
    SIMULTANEOUS,
    SOLVERS,
    Finding,
    Solver,
    finding,
    solver,
)
from gametheory.solvers.tables import solve_tables

if TYPE_CHECKING:
    from gametheory.games.analytic import AnalyticGames
    from gametheory.games.extensive import ExtensiveGames
    from gametheory.solutions import Solutions
    from gametheory.solvers.roots import AnalyticSolutions
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["FINDINGS", "SOLVERS", "Finding", "Solver", "concepts", "finding", "known_concept", "solve", "solver"]


@overload
def solve(
    games: Games,
    *,
    order: str = ...,
    concept: str = ...,
    exact: bool = ...,
    workers: int | None = ...,
    seconds: float = ...,
    **options: float,
) -> Solutions: ...
@overload
def solve(
    games: ExtensiveGames,
    *,
    order: str = ...,
    concept: str = ...,
    exact: bool = ...,
    workers: int | None = ...,
    seconds: float = ...,
    **options: float,
) -> TreeSolutions: ...
@overload
def solve(
    games: AnalyticGames,
    *,
    order: str = ...,
    concept: str = ...,
    exact: bool = ...,
    workers: int | None = ...,
    seconds: float = ...,
    **options: float,
) -> AnalyticSolutions: ...
def solve(
    games: Games | ExtensiveGames | AnalyticGames,
    *,
    order: str = SIMULTANEOUS,
    concept: str = "nash",
    exact: bool = False,
    workers: int | None = None,
    seconds: float = 60.0,
    **options: float,
) -> Solutions | TreeSolutions | AnalyticSolutions:
    """Solve every game of a batch and certify each answer.

    ``order`` is ``"simultaneous"`` or the name of the player who moves first and is observed. ``concept`` is ``"nash"``
    (with a leader: the paths of play by backward induction), ``"commitment"`` (the leader commits to a mixture) or
    another name of the registry, whose line lists its ``options``. ``exact=True`` solves in exact arithmetic and keeps
    the strategies as fractions. ``workers`` threads share the work, all processors by default; the answer does not
    depend on their number. Searches that may not end stop after ``seconds``, and the verdict then says ``partial``.

    Trees have concepts of their own, which `concepts` lists for each form; where play must be best is named by
    ``order`` (``"simultaneous"``, ``"subgame_perfect"`` or ``"sequential"``) or by the concept. Equations are solved
    for all their roots. Neither can be solved with ``exact=True``. The records are those of `solve_trees` and
    `solve_systems`.

    Raises UnknownNameError for an unknown order, concept or option, and InputError for what does not go together.

    >>> from gametheory.games import strategic
    >>> solve(strategic([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])).strategies[0].tolist()
    [[0.5, 0.5]]
    """
    if isinstance(games, Games):
        known_concept("strategic", concept)
        return solve_tables(
            games, order=order, concept=concept, exact=exact, workers=workers, seconds=seconds, **options
        )
    from gametheory.games.analytic import AnalyticGames as Systems
    from gametheory.games.extensive import ExtensiveGames as Trees

    if not isinstance(games, Trees | Systems):
        raise _no_games(games)
    form = "extensive" if isinstance(games, Trees) else "analytic"
    known_concept(form, concept)
    if exact:
        raise InputError(f"exact=True: for games with a table of payoffs only, not for {FORMS[form]}{_table_of(form)}")
    if isinstance(games, Trees):
        from gametheory.solvers.task import Task
        from gametheory.solvers.trees.concepts import solve_concept

        return solve_concept(games, concept, order, Task(workers=workers, seconds=seconds, options=options))
    from gametheory.solvers.roots import solve_systems

    if options:
        raise InputError(
            f"{next(iter(options))}={next(iter(options.values()))!r}: equations are solved without options"
        )
    return solve_systems(games) if order == SIMULTANEOUS else solve_systems(games, order)


def _no_games(given: object) -> InputError:
    """The error for a model, an array or anything else that is no batch of games, where nobody checks the types."""
    instead = "; of a model, its games(), trees() or systems()" if hasattr(given, "parameters") else ""
    return InputError(f"games: {type(given).__name__!r}, expected a batch of games such as strategic() makes{instead}")


def _table_of(form: str) -> str:
    """What a form can be asked instead where a table of payoffs is needed."""
    return "; a tree has games.strategic()" if form == "extensive" else ""
