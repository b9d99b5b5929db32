"""Which extensive games does a written tree stand for at given parameter values?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula
from gametheory.games.trees import Tree
from gametheory.model.evaluation import Evaluator, closure, environment
from gametheory.model.nouns import Written

__all__ = ["ChanceMove", "GameTree", "tree_arrays"]

OFF = 1e-9  # how far beyond 0 and 1 a probability may lie that rounding explains

AnyArray = NDArray[Any]


class ChanceMove(NamedTuple):
    """A move of chance as it is written: where in the file, and a formula for the probability of each edge by name."""

    path: tuple[str, ...]
    probabilities: tuple[tuple[str, Formula], ...]


@dataclass(frozen=True)
class GameTree:
    """A tree with formulas, types already drawn by chance.

    ``chances[node]`` is the probability of the edge that leads to a node where chance moves before it, else None;
    ``payoffs[player][end]`` is what a player gets at an end, in the order of ``tree.ends``. ``moves`` are the moves of
    chance in the file, each once, however often the tree repeats it.
    """

    tree: Tree
    chances: tuple[Formula | None, ...]
    payoffs: tuple[tuple[Formula, ...], ...]
    moves: tuple[ChanceMove, ...] = ()

    @property
    def axes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The information sets with their actions."""
        return tuple((own.name, own.actions) for own in self.tree.sets)

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Every formula of the tree once."""
        chances = [formula for formula in self.chances if formula is not None]
        return tuple(dict.fromkeys([*chances, *(formula for own in self.payoffs for formula in own)]))


def tree_arrays(
    model: Written,
    written: GameTree,
    columns: Mapping[str, AnyArray],
    count: int,
    evaluator: Evaluator,
    one: Any,
) -> tuple[AnyArray, AnyArray]:
    """Payoffs ``[game, player, end]`` and chances ``[game, node]`` of `count` parameter points.

    ``columns`` and ``evaluator`` are as in `environment`; ``one`` is the number 1 of the kind that is worked in. A
    chance that is no probability, which values outside the laws may bring about, is NaN.
    """
    formulas = written.formulas
    values = environment(model, columns, evaluator, closure(model, formulas))
    found = {formula: _column(evaluator(formula, values), count) for formula in formulas}
    dtype = np.array(one).dtype if isinstance(one, float) else np.dtype(object)
    payoffs: AnyArray = np.empty((count, len(model.players), len(written.tree.ends)), dtype=dtype)
    for player, own in enumerate(written.payoffs):
        for end, formula in enumerate(own):
            payoffs[:, player, end] = found[formula]
    chances: AnyArray = np.empty((count, len(written.tree)), dtype=dtype)
    chances[:] = one
    for node, chance in enumerate(written.chances):
        if chance is not None:
            chances[:, node] = found[chance]
    chances[(chances < -OFF) | (chances > 1 + OFF)] = np.nan  # no probability: such a game has no answer
    return payoffs, chances


def _column(value: AnyArray, count: int) -> AnyArray:
    """A value that varies with the game alone, as one number a game."""
    return np.broadcast_to(value.reshape(-1), (count,))
