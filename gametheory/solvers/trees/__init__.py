"""Which equilibria does a game tree have: Nash, subgame-perfect, sequential, and which rest on incredible threats?

Plans chosen at once give all Nash equilibria; the other two orders are refinements of them. The certificate in this
folder shares nothing with the solvers.
"""

from __future__ import annotations

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.games.extensive import ExtensiveGames
from gametheory.solvers.trees import nash as plans
from gametheory.solvers.trees.refined import refined
from gametheory.solvers.trees.sequence_form import sequence_form
from gametheory.tree_solutions import TreeSolutions

__all__ = ["NASH", "ORDERS", "SEQUENTIAL", "SUBGAME_PERFECT", "solve_trees"]

NASH, SUBGAME_PERFECT, SEQUENTIAL = "simultaneous", "subgame_perfect", "sequential"
ORDERS = (NASH, SUBGAME_PERFECT, SEQUENTIAL)


def solve_trees(
    games: ExtensiveGames, *, order: str = NASH, workers: int | None = None, seconds: float | None = None
) -> TreeSolutions:
    """Solve every game of a batch of trees and certify each answer.

    ``order`` is ``"simultaneous"`` (whole plans are chosen at once: all Nash equilibria), ``"subgame_perfect"`` or
    ``"sequential"``. Searches stop after ``seconds`` (a minute by default), and the verdict then says ``partial``. A
    game with a payoff or a probability that is not finite is ``failed``. Two-player trees with too many plans for a
    table are given to the sequence form, which finds one Nash equilibrium, verdict ``partial``. Raises UnknownNameError
    for another order, and InputError where a player forgets or no solver fits.

    >>> from gametheory.formats import parse_efg
    >>> games = parse_efg('EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 '
    ...     'p "" 2 1 { "yield" "fight" } 0 t "" 1 { 2 1 } t "" 2 { 0 0 } t "" 3 { 1 2 }')
    >>> [(order, len(solve_trees(games, order=order))) for order in ORDERS]
    [('simultaneous', 3), ('subgame_perfect', 1), ('sequential', 1)]
    """
    if order not in ORDERS:
        expected = f"expected one of {', '.join(ORDERS)}{did_you_mean(order, ORDERS)}"
        raise UnknownNameError(f"order: no order {order!r}, {expected}")
    if games.tree.forgets:
        raise InputError(f"{games.tree.forgets}; trees are solved for players with perfect recall")
    limit = 60.0 if seconds is None else seconds
    if not limit > 0:
        raise InputError(f"seconds: {seconds!r}, expected a positive number")
    if order != NASH:
        return refined(games, order=order, workers=workers, seconds=limit)
    if plans.fits(games.tree, len(games)):
        return plans.nash(games, workers=workers, seconds=limit)
    if len(games.players) == 2:
        return sequence_form(games, seconds=limit)
    raise plans.too_large(games)
