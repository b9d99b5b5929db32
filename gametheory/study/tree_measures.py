"""What number does each solution of a tree give for a measure, and between which bounds does it lie?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.study.contract import FloatArray

if TYPE_CHECKING:
    from gametheory.games import Tree
    from gametheory.model import Model
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["outcome_cells", "outcome_limits", "played_everywhere", "tree_measures", "tree_values"]


def outcome_cells(model: Model, design: Any, names: Iterable[str] | None = None) -> dict[str, FloatArray]:
    """What each measure over outcomes in ``names`` (all by default) averages: ``float64[game, outcome]`` by name."""
    found = {}
    for name in model.measures if names is None else names:
        measure = model.measures[name]
        if measure.kind == "outcomes" and model.tree is not None:
            known = model.tree.tree.outcomes
            columns = {place: model.quantity(formula, design) for place, formula in _placed(known, measure.outcomes)}
            cells = np.zeros((max(map(len, columns.values()), default=1), len(known)))
            for place, column in columns.items():
                cells[:, place] = column
            found[name] = cells
    return found


def tree_measures(model: Model, design: Any, solutions: TreeSolutions) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Every measure in every solution, and its limits as `outcome_limits` gives them, by name."""
    cells = outcome_cells(model, design)
    values = tree_values(model, cells, solutions)
    return {name: (own, outcome_limits(model, cells, solutions, name)) for name, own in values.items()}


def tree_values(
    model: Model, cells: Mapping[str, FloatArray], solutions: TreeSolutions, names: Iterable[str] | None = None
) -> dict[str, FloatArray]:
    """The measures in ``names`` (all by default) in every solution: ``float64[solution]`` by name."""
    found, ends = {}, solutions.reached[:, solutions.tree.ends]
    outcome = solutions.tree.outcome[solutions.tree.ends]
    for name in model.measures if names is None else names:
        if name in cells:
            own = cells[name][solutions.game] if len(cells[name]) > 1 else cells[name]
            found[name] = np.asarray((ends * own[:, outcome]).sum(axis=1))
        else:
            found[name] = played(solutions, model.measures[name].actions)
    return found


def played(solutions: TreeSolutions, listed: Mapping[str, Sequence[str]]) -> FloatArray:
    """Probability that at every information set in ``listed`` an action listed is taken, where the set is reached.

    A name without a type stands for the sets of all types, weighed by how probable it is that play comes to them; where
    it comes to none of them, by how probable the types are.
    """
    tree, joint = solutions.tree, np.ones(len(solutions))
    prior = tree.reach(np.ones((len(solutions.games), tree.move_count)), solutions.games.chances)[solutions.game]
    for name, actions in listed.items():
        if numbers := tree.matching(name):
            shares = np.stack([_share(solutions, number, actions) for number in numbers], axis=1)
            reached = np.stack([_sum(solutions.reached, tree, number) for number in numbers], axis=1)
            unseen = np.stack([_sum(prior, tree, number) for number in numbers], axis=1)
            weights = np.where(reached.sum(axis=1, keepdims=True) > 0, reached, unseen)
            weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0)
            joint *= (shares * weights).sum(axis=1) / weights.sum(axis=1)
    return joint


def played_everywhere(solutions: TreeSolutions, listed: Mapping[str, Sequence[str]]) -> FloatArray:
    """Smallest probability, over the types of each player, that an action listed is taken at each information set."""
    joint = np.ones(len(solutions))
    for name, actions in listed.items():
        for number in solutions.tree.matching(name):
            joint = np.minimum(joint, _share(solutions, number, actions))
    return joint


def outcome_limits(model: Model, cells: Mapping[str, FloatArray], solutions: TreeSolutions, name: str) -> FloatArray:
    """Between which values a measure lies whatever is played: ``float64[game or 1, (lower, upper)]``.

    For a measure over outcomes these are the smallest and the largest value at an end that is left, for actions 0 and
    1 unless all or none of the actions of a set are listed.
    """
    tree = solutions.tree
    if name in cells:
        own = cells[name][:, tree.outcome[tree.ends]]
        return np.stack([own.min(axis=1), own.max(axis=1)], axis=1)
    listed = [
        [action in actions for action in tree.sets[number].actions]
        for set_name, actions in model.measures[name].actions.items()
        for number in tree.matching(set_name)
    ]
    return np.array([[float(all(map(all, listed))), float(all(map(any, listed)))]])


def _placed(known: Sequence[str], outcomes: Mapping[str, Any]) -> list[tuple[int, Any]]:
    return [(known.index(name), formula) for name, formula in outcomes.items()]


def _share(solutions: TreeSolutions, number: int, actions: Sequence[str]) -> FloatArray:
    """Probability that one of the actions is taken at an information set."""
    start, own = int(solutions.tree.first_move[number]), solutions.tree.sets[number].actions
    columns = [start + place for place, action in enumerate(own) if action in actions]
    return np.asarray(solutions.behaviour[:, columns].sum(axis=1))


def _sum(reached: FloatArray, tree: Tree, number: int) -> FloatArray:
    """Probability that play comes to an information set."""
    return np.asarray(reached[:, list(tree.sets[number].nodes)].sum(axis=1))
