"""What happens at the central values of all parameters, under each order of play?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gametheory.analyses.central.system_case import system_case
from gametheory.analyses.central.tree_case import tree_case
from gametheory.analyses.provenance import attributes, orders_of, values_used
from gametheory.measures import bounds, limits, measure_cells, values_from_cells
from gametheory.solvers import solve
from gametheory.study import without_parameter_warnings

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.solutions import Solutions

__all__ = ["base_case", "questions"]


def base_case(model: Model, *, order: str = "all", values: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Every solution of the game at the central values, or at ``values`` where they are given, one row a solution.

    Columns: ``order``, ``concept`` (``nash``; for a leader order of two players also ``commitment``, the leader's best
    mixed commitment), ``solution`` (numbered from 0 within order and concept), ``profile``, ``payoff_<player>``,
    ``regret``, ``index`` and ``component`` (missing where the concept has none), ``tags``, ``verdict`` and
    ``measure_<name>``. A game without solutions gives no row; ``verdicts`` in the attributes says why, and
    ``measure_bounds`` there holds the lower and upper value of each measure over all equilibria: those listed, or all
    that it can be where the list may lack some. Raises UnknownNameError for an unknown order or parameter.

    >>> from gametheory.reader import load
    >>> frame = base_case(load("reference_involvement"))
    >>> dict(zip(frame["order"] + " " + frame["concept"], frame["profile"]))["nato nash"]
    'bridge, deescalate'
    """
    import pandas as pd

    if model.form == "analytic":
        orders_of(model, order)
        return system_case(model, values)
    if model.form == "extensive":
        return tree_case(model, orders_of(model, order), values)
    used = values_used(model, values)
    games = model.games(dict(values or {}))
    rows: list[dict[str, Any]] = []
    verdicts: dict[str, str] = {}
    ranges: dict[str, dict[str, list[float]]] = {}
    with without_parameter_warnings():  # the games of the same values have warned already
        cells = measure_cells(model, used)
    for name, concept in questions(model, order):
        solutions = solve(games, order=name, concept=concept)
        measures = values_from_cells(model, cells, solutions)
        ends = {
            own: bounds(column, solutions, limits(model, cells, solutions, own))[0] for own, column in measures.items()
        }
        ranges[f"{name} {concept}"] = {own: pair[0].tolist() for own, pair in ends.items() if len(pair)}
        certificate = solutions.certificates[0]
        verdicts[f"{name} {concept}"] = f"{certificate.verdict}{': ' * bool(certificate.reason)}{certificate.reason}"
        for number in range(len(solutions)):
            of_solution = {f"measure_{measure}": float(column[number]) for measure, column in measures.items()}
            rows.append({"order": name, "concept": concept, **_described(solutions, number), **of_solution})
    frame = pd.DataFrame(rows, columns=_columns(model))
    for column in ("index", "component"):
        frame[column] = frame[column].astype("Int64")
    notes = ["every solution that was found is listed; none is selected"]
    frame.attrs.update(attributes(model, notes, parameters=used, verdicts=verdicts, measure_bounds=ranges))
    return frame


def questions(model: Model, order: str) -> list[tuple[str, str]]:
    """The orders of play and concepts to be solved: commitment is defined here for a leader and one follower."""
    asked = []
    for name in orders_of(model, order):
        asked.append((name, "nash"))
        if model.form == "strategic" and name != "simultaneous" and len(model.players) == 2:
            asked.append((name, "commitment"))
    return asked


def _columns(model: Model) -> list[str]:
    """The columns of the frame, in order."""
    payoffs = [f"payoff_{player.name}" for player in model.players]
    measures = [f"measure_{name}" for name in model.measures]
    first = ["order", "concept", "solution", "profile", *payoffs, "regret"]
    return [*first, "index", "component", "tags", "verdict", *measures]


def _described(solutions: Solutions, number: int) -> dict[str, Any]:
    """One solution as a row, without order, concept and measures."""
    payoffs = zip(solutions.players, solutions.payoffs[number].tolist(), strict=True)
    return {
        "solution": number,
        "profile": solutions.profile(number),
        **{f"payoff_{player}": payoff for player, payoff in payoffs},
        "regret": float(solutions.regret[number]),
        "index": None if solutions.index is None else int(solutions.index[number]),
        "component": None if solutions.component is None else int(solutions.component[number]),
        "tags": ", ".join(solutions.tags[number]),
        "verdict": str(solutions.certificates.verdict[0]),
    }
