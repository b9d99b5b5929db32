"""What solves an analytic model at the central values of all parameters?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.provenance import attributes, values_used, verdict_words
from gametheory.measures import bounds
from gametheory.solvers.roots import ORDER, solve_systems
from gametheory.study import system_measures

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["system_case"]

CONCEPT = "nash"  # in the column that tells equilibria from other concepts


def system_case(model: Model, values: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """The frame of `base_case` for an analytic model, one row a solution.

    Instead of payoffs there is a column ``value_<name>`` for each unknown and for the choice, and ``radius``, within
    which the solution lies. ``regret`` is the residual: what is left between the two sides of an equation in doubles,
    or what a better choice would gain.
    """
    import pandas as pd

    used = values_used(model, values)
    solutions = solve_systems(model.systems(dict(values or {})))
    measures, ranges = {}, {}
    for name, (own, widest) in system_measures(model, solutions).items():
        measures[f"measure_{name}"] = own
        ends = bounds(own, solutions, widest)[0]  # type: ignore[arg-type]  # asks for counts and verdicts alone
        if len(ends):
            ranges[name] = ends[0].tolist()
    count = len(solutions)
    columns: dict[str, Any] = {
        "order": [ORDER] * count,
        "concept": [CONCEPT] * count,
        "solution": np.arange(count),
        "profile": [solutions.profile(number) for number in range(count)],
        **{f"value_{name}": own for name, own in solutions.variables.items()},
        "radius": solutions.radius,
        "regret": solutions.residual,
        "index": pd.array(solutions.index, dtype="Int64"),
        "component": pd.array([None] * count, dtype="Int64"),
        "tags": [""] * count,
        "verdict": solutions.certificates.verdict[solutions.game],
        **measures,
    }
    frame = pd.DataFrame(columns)
    key, certificate = f"{ORDER} {CONCEPT}", solutions.certificates[0]
    more = {"verdicts": {key: verdict_words(certificate)}, "measure_bounds": {key: ranges}}
    notes = ["every solution that was found is listed; none is selected"]
    frame.attrs.update(attributes(model, notes, parameters=used, **more))
    return frame
