"""What are the equilibria of a tree at the central values of all parameters?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gametheory.analyses.provenance import attributes, values_used, verdict_words
from gametheory.measures import bounds_over, groups
from gametheory.solutions import UNKNOWN
from gametheory.solvers.trees import solve_trees
from gametheory.study import tree_measures, without_parameter_warnings

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["tree_case"]

CONCEPT = "nash"  # in the column that tells equilibria from other concepts


def tree_case(model: Model, orders: Sequence[str], values: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """The frame of `base_case` for a tree, one row a solution under each order of play.

    ``profile`` is what is chosen at each information set, in their order, and ``behaviour`` the same with their names;
    ``beliefs`` and ``threats`` stand beside it in words: at sets of several nodes which of them is how probable, and
    which threats a Nash equilibrium rests on that nobody would carry out.
    """
    import pandas as pd

    used = values_used(model, values)
    games = model.trees(dict(values or {}))
    rows: list[dict[str, Any]] = []
    verdicts: dict[str, str] = {}
    ranges: dict[str, dict[str, list[float]]] = {}
    for order in orders:
        solutions, key = solve_trees(games, order=order), f"{order} {CONCEPT}"
        with without_parameter_warnings():  # the games of the same values have warned already
            measures = tree_measures(model, used, solutions)
        verdicts[key] = verdict_words(solutions.certificates[0])
        ranges[key] = {}
        for name, (own, widest) in measures.items():
            ends = bounds_over(groups(solutions), own, widest)[0]
            if len(ends):
                ranges[key][name] = ends[0].tolist()
        for number in range(len(solutions)):
            of_solution = {f"measure_{name}": float(own[number]) for name, (own, _) in measures.items()}
            rows.append({"order": order, "concept": CONCEPT, **_described(solutions, number), **of_solution})
    payoffs = [f"payoff_{player.name}" for player in model.players]
    first = ["order", "concept", "solution", "profile", "behaviour", "beliefs", "threats", *payoffs, "regret"]
    last = ["index", "component", "tags", "verdict", *(f"measure_{name}" for name in model.measures)]
    frame = pd.DataFrame(rows, columns=[*first, *last])
    for column in ("index", "component"):
        frame[column] = frame[column].astype("Int64")
    notes = [
        "every solution that was found is listed; none is selected",
        "simultaneous: whole plans are chosen at once, so that threats are among them which nobody would carry out",
    ]
    frame.attrs.update(attributes(model, notes, parameters=used, verdicts=verdicts, measure_bounds=ranges))
    return frame


def _described(solutions: TreeSolutions, number: int) -> dict[str, Any]:
    """One solution as a row, without order, concept and measures."""
    payoffs = zip(solutions.players, solutions.payoffs[number].tolist(), strict=True)
    known = {"index": solutions.index, "component": solutions.component}
    told = {name: None if column is None else int(column[number]) for name, column in known.items()}
    return {
        "solution": number,
        "profile": solutions.profile(number),
        "behaviour": solutions.described(number),
        "beliefs": solutions.belief(number),
        "threats": solutions.threat(number),
        **{f"payoff_{player}": payoff for player, payoff in payoffs},
        "regret": float(solutions.regret[number]),
        **{name: None if value == UNKNOWN else value for name, value in told.items()},
        "tags": ", ".join(solutions.tags[number]),
        "verdict": str(solutions.certificates.verdict[0]),
    }
