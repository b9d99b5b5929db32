"""What number does each solution give, and between which bounds does it lie over a game's solutions?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.solutions import Certificates, Solutions

__all__ = [
    "Groups",
    "bounds",
    "bounds_over",
    "groups",
    "limits",
    "listed_probability",
    "measure_cells",
    "measure_values",
    "values_from_cells",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def measure_values(model: Model, design: Any, solutions: Solutions) -> dict[str, FloatArray]:
    """Value of every measure of ``model`` in every solution, by name: ``float64[solution]`` each.

    ``design`` is what the games were built from: a frame or a mapping of columns, one row a game, or None for the
    central values. The solutions may belong to restricted games; their action names say which cells remain.
    """
    return values_from_cells(model, measure_cells(model, design), solutions)


def measure_cells(model: Model, design: Any, names: Iterable[str] | None = None) -> dict[str, FloatArray]:
    """What each expected measure in ``names`` (all by default) averages: ``float64[game, a1, a2, ...]`` by its name."""
    chosen = model.measures if names is None else names
    formulas = {name: model.measures[name].formula for name in chosen}
    return {name: model.quantity(formula, design) for name, formula in formulas.items() if formula is not None}


def values_from_cells(
    model: Model, cells: Mapping[str, FloatArray], solutions: Solutions, names: Iterable[str] | None = None
) -> dict[str, FloatArray]:
    """The measures in ``names`` (all by default) in every solution, from `measure_cells` of the same games."""
    chosen = model.measures if names is None else {name: model.measures[name] for name in names}
    return {
        name: _expectation(_kept(model, cells[name], solutions), solutions)
        if name in cells
        else listed_probability(solutions, measure.actions)
        for name, measure in chosen.items()
    }


def bounds(values: FloatArray, solutions: Solutions, limits: FloatArray | None = None) -> tuple[FloatArray, BoolArray]:
    """Lower and upper value over the solutions of each game that has any.

    Returns ``float64[solved game, (lower, upper)]`` and the mask ``bool[game]`` of the solved games, in which failed
    games are False: they never turn into a number. ``limits``, as the function of this name returns them, replace the
    bounds of games whose list of solutions may lack some (verdict ``partial``, listed or not); without them, what is
    returned for such a game holds for the listed solutions alone.
    """
    return bounds_over(groups(solutions), values, limits)


@dataclass(frozen=True, eq=False)
class Groups:
    """Where the solutions of each game stand in the flat list, and what the verdict on the game is.

    ``listed``, ``partial`` and ``failed`` are ``bool[game]``: whether the game has solutions, and its verdict;
    ``starts`` is the place of the first solution of each listed game.
    """

    starts: IntArray
    listed: BoolArray
    partial: BoolArray
    failed: BoolArray


class Solved(Protocol):
    """What grouping needs of solutions, whatever the form of the game."""

    @property
    def count(self) -> IntArray:
        """Number of solutions of each game."""

    @property
    def certificates(self) -> Certificates:
        """One certificate a game."""


def groups(solutions: Solved) -> Groups:
    """Group the solutions by game, once for all measures."""
    count, verdict = solutions.count, np.asarray(solutions.certificates.verdict)
    listed = np.asarray(count > 0)
    return Groups((np.cumsum(count) - count)[listed], listed, verdict == "partial", verdict == "failed")


def bounds_over(grouped: Groups, values: FloatArray, limits: FloatArray | None = None) -> tuple[FloatArray, BoolArray]:
    """`bounds` of solutions that are already grouped."""
    listed, partial = grouped.listed, grouped.partial
    ends = np.empty((len(listed), 2))
    if len(grouped.starts):
        ends[listed, 0] = np.minimum.reduceat(values, grouped.starts)
        ends[listed, 1] = np.maximum.reduceat(values, grouped.starts)
    solved = listed & ~grouped.failed
    if limits is not None:
        ends[partial] = np.broadcast_to(limits, ends.shape)[partial]
        solved |= partial
    return ends[solved], solved


def limits(model: Model, cells: Mapping[str, FloatArray], solutions: Solutions, name: str) -> FloatArray:
    """Between which values a measure lies whatever is played: ``float64[game or 1, (lower, upper)]``.

    For an expected measure these are the smallest and the largest of its ``cells`` (from `measure_cells` of the same
    games), for a probability 0 and 1, unless all or none of a player's actions are listed.
    """
    if name in cells:
        own = _kept(model, cells[name], solutions)
        axes = tuple(range(1, own.ndim))
        return np.stack([own.min(axis=axes), own.max(axis=axes)], axis=1)
    wanted = model.measures[name].actions
    named = [
        (wanted[player], own)
        for player, own in zip(solutions.players, solutions.actions, strict=True)
        if player in wanted
    ]
    certain = all(set(own) <= set(listed) for listed, own in named)
    possible = all(set(own) & set(listed) for listed, own in named)
    return np.array([[float(certain), float(possible)]])


def listed_probability(solutions: Solutions, listed: Mapping[str, Sequence[str]]) -> FloatArray:
    """Probability that every player named in ``listed`` plays one of the actions listed: ``float64[solution]``."""
    joint = np.ones(len(solutions))
    for player, own, strategy in zip(solutions.players, solutions.actions, solutions.strategies, strict=True):
        if player in listed:
            joint *= strategy[:, [action in listed[player] for action in own]].sum(axis=1)
    return joint


def _kept(model: Model, cells: FloatArray, solutions: Solutions) -> FloatArray:
    """The cells that the solved games kept: ``[game, a1, a2, ...]``."""
    for axis, (player, own) in enumerate(zip(model.players, solutions.actions, strict=True), start=1):
        if player.actions != own:
            cells = cells.take([player.actions.index(action) for action in own], axis=axis)
    return cells


def _expectation(cells: FloatArray, solutions: Solutions) -> FloatArray:
    """Average of ``cells`` over the profile of strategies of each solution."""
    average = cells[solutions.game] if len(cells) > 1 else np.broadcast_to(cells, (len(solutions), *cells.shape[1:]))
    for strategy in reversed(solutions.strategies):
        average = np.einsum("s...a,sa->s...", average, strategy)
    return np.asarray(average)
