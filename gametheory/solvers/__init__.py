"""Which solution does a batch of games have, under which order of play and by which concept?

One file is one solver, and its line in the registry says what it finds; the conformance tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, overload

from gametheory.errors import InputError
from gametheory.games.strategic import Games
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

__all__ = ["FINDINGS", "SOLVERS", "Finding", "Solver", "finding", "solve", "solver"]


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
    games: ExtensiveGames, *, order: str = ..., workers: int | None = ..., seconds: float = ...
) -> TreeSolutions: ...
@overload
def solve(games: AnalyticGames, *, order: str = ...) -> AnalyticSolutions: ...
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

    Games of trees and of equations have solvers and records of their own, `solve_trees` and `solve_systems`, which are
    called for them; they take no ``concept``, ``exact`` or options.

    Raises UnknownNameError for an unknown order, concept or option, and InputError for what does not go together.

    >>> from gametheory.games import strategic
    >>> solve(strategic([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])).strategies[0].tolist()
    [[0.5, 0.5]]
    """
    if not isinstance(games, Games):
        _refuse_options(concept, {**({"exact": True} if exact else {}), **options})
        return _other_form(games, order, workers, seconds)
    return solve_tables(games, order=order, concept=concept, exact=exact, workers=workers, seconds=seconds, **options)


def _refuse_options(concept: str, options: Mapping[str, object]) -> None:
    """Raise InputError for what only games with a table of payoffs can be asked."""
    given = [f"concept={concept!r}"] * (concept != "nash") + [f"{name}={value!r}" for name, value in options.items()]
    if given:
        raise InputError(f"{', '.join(given)}: for games with a table of payoffs only; a tree has games.strategic()")


def _other_form(
    games: ExtensiveGames | AnalyticGames, order: str, workers: int | None, seconds: float
) -> TreeSolutions | AnalyticSolutions:
    """Solve games that are no tables of payoffs."""
    from gametheory.games.extensive import ExtensiveGames as Trees
    from gametheory.solvers.roots import solve_systems
    from gametheory.solvers.trees import solve_trees

    if isinstance(games, Trees):
        return solve_trees(games, order=order, workers=workers, seconds=seconds)
    return solve_systems(games) if order == SIMULTANEOUS else solve_systems(games, order)
