"""What does the study do with extensive games?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.study.classes import EquilibriumClass, classify_used
from gametheory.study.contract import NO_CLOCK, FloatArray, Form, IntArray
from gametheory.study.tree_measures import outcome_cells, outcome_limits, played_everywhere, tree_values

if TYPE_CHECKING:
    from gametheory.games import ExtensiveGames
    from gametheory.model import Model
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["TREES"]

PIECE = 512  # draws: some seconds of the slowest tree in the catalogue, and fast because they stay within the caches


def _games(model: Model, design: Any) -> ExtensiveGames:
    return model.trees(design)


def _restricted(games: ExtensiveGames, given: Mapping[str, tuple[str, ...]]) -> ExtensiveGames:
    return games.restrict(given)


def _solve(games: ExtensiveGames, order: str, workers: int | None) -> TreeSolutions:
    from gametheory.solvers.trees import solve_trees

    return solve_trees(games, order=order, workers=workers, seconds=NO_CLOCK)


def _values(
    model: Model, cells: Mapping[str, FloatArray], solutions: TreeSolutions, names: Iterable[str] | None
) -> dict[str, FloatArray]:
    return tree_values(model, cells, solutions, names)


def _classify(solutions: TreeSolutions) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
    sizes = [len(own.actions) for own in solutions.tree.sets]
    return classify_used(solutions.game, np.asarray(solutions.certificates.verdict), solutions.used, sizes)


def _together(model: Model, count: int) -> int:
    """A piece, where all the draws are few enough for a search of their plans; else they go to another solver."""
    from gametheory.solvers.trees.nash import fits

    tree = model.tree and model.tree.tree
    return PIECE if tree and not tree.forgets and fits(tree, count) else count


TREES = Form(
    games=_games,
    restricted=_restricted,
    solve=_solve,
    cells=outcome_cells,
    values=_values,
    limits=outcome_limits,
    listed=played_everywhere,
    classify=_classify,
    together=_together,
)
