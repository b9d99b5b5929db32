"""What does the study do with analytic games?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.expressions.intervals import Interval
from gametheory.solvers.roots import AnalyticSolutions, solve_systems
from gametheory.study.classes import EquilibriumClass, classify_used
from gametheory.study.contract import FloatArray, Form, IntArray, whole

if TYPE_CHECKING:
    from gametheory.games.analytic import AnalyticGames
    from gametheory.model import Model

__all__ = ["ANALYTIC", "analytic_limits", "analytic_values", "system_measures"]


def analytic_values(
    model: Model, solutions: AnalyticSolutions, names: Iterable[str] | None = None
) -> dict[str, FloatArray]:
    """The measures in ``names`` (all by default) in every solution: ``float64[solution]`` by name."""
    chosen = list(model.measures) if names is None else list(names)
    formulas = {name: model.measures[name].formula for name in chosen}
    written = {name: formula for name, formula in formulas.items() if formula is not None}
    if not written:
        return {}
    found = solutions.games.values(list(written.values()), solutions.game, solutions.variables)
    return dict(zip(written, found, strict=True))


def analytic_limits(model: Model, solutions: AnalyticSolutions, name: str) -> FloatArray:
    """Between which values a measure lies wherever in their brackets the unknowns are: ``float64[game, 2]``."""
    games, formula = solutions.games, model.measures[name].formula
    rows = np.arange(len(games))
    brackets = [(own.name, own.low, own.high) for own in games.system.unknowns]
    if games.system.decision is not None:
        decision = games.system.decision
        brackets.append((decision.choose, decision.low, decision.high))
    if formula is None:
        return np.tile([0.0, 1.0], (len(rows), 1))
    given = {own: Interval(*games.ends(low, high, own)) for own, low, high in brackets}
    found = games.bounds([formula], rows, given)[0]
    return np.stack([np.broadcast_to(found.low, len(rows)), np.broadcast_to(found.high, len(rows))], axis=1)


def system_measures(model: Model, solutions: AnalyticSolutions) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Every measure in each solution, and between which values it lies whatever the solutions are, by name."""
    values = analytic_values(model, solutions)
    return {name: (own, analytic_limits(model, solutions, name)) for name, own in values.items()}


def _games(model: Model, design: Any) -> AnalyticGames:
    return model.systems(design)


def _restricted(games: AnalyticGames, _given: Mapping[str, tuple[str, ...]]) -> AnalyticGames:
    """The games themselves: there are no actions that a claim could take away."""
    return games


def _solve(games: AnalyticGames, order: str, _workers: int | None) -> AnalyticSolutions:
    return solve_systems(games, order)


def _cells(_model: Model, _design: Any, _names: Iterable[str] | None = None) -> dict[str, FloatArray]:
    """Nothing: the measures are worked out from the solutions, which know their games."""
    return {}


def _values(
    model: Model, _cells: Mapping[str, FloatArray], solutions: AnalyticSolutions, names: Iterable[str] | None
) -> dict[str, FloatArray]:
    return analytic_values(model, solutions, names)


def _limits(model: Model, _cells: Mapping[str, FloatArray], solutions: AnalyticSolutions, name: str) -> FloatArray:
    return analytic_limits(model, solutions, name)


def _listed(solutions: AnalyticSolutions, expect: Mapping[str, tuple[str, ...]]) -> FloatArray:
    """1 for the solutions in the regimes that are expected, else 0."""
    kinds = solutions.games.system.kinds
    wanted = [kinds.index(regime) for regimes in expect.values() for regime in regimes]
    return np.isin(solutions.kind, wanted).astype(np.float64)


def _classify(solutions: AnalyticSolutions) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
    size = len(solutions.games.system.labels)
    used = solutions.label[:, np.newaxis] == np.arange(size)
    return classify_used(solutions.game, np.asarray(solutions.certificates.verdict), used, [size])


ANALYTIC = Form(
    games=_games,
    restricted=_restricted,
    solve=_solve,
    cells=_cells,
    values=_values,
    limits=_limits,
    listed=_listed,
    classify=_classify,
    together=whole,
)
