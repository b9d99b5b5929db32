"""Does the outcome flip with the order of play?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.asked import ordered_only
from gametheory.analyses.central.base_case import questions
from gametheory.analyses.provenance import attributes, known_parameter
from gametheory.analyses.rankings.kept_order import kept_range
from gametheory.errors import InputError
from gametheory.games import ExtensiveGames
from gametheory.solutions import Solutions
from gametheory.solvers import solve

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["flips"]

OTHERS = "others not ruled out"  # stands beside the profiles of a list that may lack some
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)  # of the parameter's law, where no points are given


def flips(model: Model, *, parameter: str | None = None, points: Sequence[float] | None = None) -> pd.DataFrame:
    """The outcome under every order of play, side by side, at the central values or along one parameter.

    The orders of a tree are what is asked of an equilibrium: Nash, subgame-perfect or sequential.

    Columns: ``order``, ``concept``, the column of ``parameter`` where one is named, ``outcome`` (all profiles, joined
    by bars), ``payoff_<player>_lower`` and ``_upper`` over the solutions (missing where the game failed), and ``ties``:
    whether the follower's choice among equally good replies matters. Where the list of solutions may lack some, the
    outcome ends in "others not ruled out" and the payoffs are the lowest and highest of the game. Without ``points``
    the parameter takes its central value and the 5, 25, 50, 75 and 95 % quantiles of its law, or five even steps of an
    interval, or of a ranked parameter's way between its neighbours. Raises UnknownNameError for an unknown parameter,
    and InputError for points without one and for equations, which have one order of play alone.

    >>> from gametheory.reader import load
    >>> frame = flips(load("reference_involvement"))
    >>> frame[frame["concept"] == "nash"]["outcome"].tolist()
    ['surge, carry_on', 'bridge, deescalate', 'concede, strike_nato_assets']
    """
    import pandas as pd

    ordered_only(model, "flips")
    if parameter is None and points is not None:
        raise InputError("points: given without a parameter; name the parameter to be moved")
    values = None if parameter is None else _points(model, known_parameter(model, parameter), points)
    points_used = {} if parameter is None or values is None else {parameter: values}
    games: Any = model.trees(points_used) if model.form == "extensive" else model.games(points_used)
    rows: list[dict[str, Any]] = []
    for order, concept in questions(model, "all"):
        solutions = _solved(games, order, concept)
        for game in range(len(games)):
            place = {} if parameter is None or values is None else {parameter: float(values[game])}
            rows.append({"order": order, "concept": concept, **place, **_described(solutions.of(game))})
    frame = pd.DataFrame(rows)
    differs = "what is asked of an equilibrium" if model.form == "extensive" else "who moves first"
    notes = [f"the payoffs are the same in every row of one parameter value: only {differs} differs"]
    frame.attrs.update(attributes(model, notes, parameters=model.central()))
    return frame


def _points(model: Model, parameter: str, points: Sequence[float] | None) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The values of the parameter to look at, sorted."""
    law = model.parameters[parameter].law
    if points is not None:
        chosen = np.unique(np.array(points, dtype=np.float64))
    elif law.kind == "ranked":
        chosen = np.linspace(*kept_range(model, parameter), len(QUANTILES) + 2)[1:-1]
    elif law.has_probability:
        chosen = np.unique([model.central()[parameter], *law.quantile(np.array(QUANTILES)).tolist()])
    else:
        chosen = np.linspace(*law.support(), len(QUANTILES))
    if not len(chosen):
        raise InputError(f"points: {points!r}, expected at least one value of {parameter}")
    return chosen


def _solved(games: Any, order: str, concept: str) -> Any:
    """The solutions of strategic games, or of trees."""
    if not isinstance(games, ExtensiveGames):
        return solve(games, order=order, concept=concept)
    from gametheory.solvers.trees import solve_trees

    return solve_trees(games, order=order)


def _described(solutions: Any) -> dict[str, Any]:
    """The solutions of one game as a row."""
    verdict = str(solutions.certificates.verdict[0])
    names = list(dict.fromkeys(solutions.profile(number) for number in range(len(solutions))))
    partial = verdict == "partial"
    if names and partial:
        names.append(OTHERS)
    ends: dict[str, float | None] = {}
    for number, player in enumerate(solutions.players):
        own = solutions.games.payoffs[0, number] if partial else solutions.payoffs[:, number]
        ends[f"payoff_{player}_lower"] = float(own.min()) if own.size else None
        ends[f"payoff_{player}_upper"] = float(own.max()) if own.size else None
    return {"outcome": " | ".join(names) or verdict, **ends, "ties": _tie_rule_matters(solutions)}


def _tie_rule_matters(solutions: Any) -> bool:
    """Whether strong and weak solutions differ, where somebody leads."""
    return isinstance(solutions, Solutions) and solutions.tie_rule is not None and any(solutions.tie_rule)
