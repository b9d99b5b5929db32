"""What do the analyses of the whole uncertainty answer that take games of their own: drivers, scenarios, choices?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gametheory import analyses
from gametheory.designs import scheme
from gametheory.errors import InputError
from gametheory.study import Run, answered

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model
    from gametheory.report.section import Frames

__all__ = ["deeper"]

MOST_SCENARIOS = 3  # claims whose conditions are looked for
OPEN = (0.05, 0.95)  # share of the draws in which a claim holds, outside which its conditions are not looked for
MOST_PAIRS = 512  # draws of an analysis that compares every draw with every other
MOST_DRAWS = 256  # draws of the alternatives, each of which is solved in a score of ways


def deeper(model: Model, done: Run, *, samples: int, note: Callable[[str], None]) -> Frames:
    """Frames by the name of their analysis, from ``samples`` base points, and from ``done`` what it answers already.

    Of a model in which nothing has a probability only the claims are asked, under the other ways to model it as well.
    """
    seed = done.seed
    if all(parameter.law.kind in ("fixed", "interval") for parameter in model.parameters.values()):
        return _claims(model, done, samples=samples) if model.claims else {}
    note(f"looking for what drives the answer, at {samples:,} base points")
    driving = analyses.drivers(model, samples=samples, seed=seed, order="all")
    frames = {
        "drivers": [driving],
        "response_curves": [analyses.response_curves(model, samples=4 * samples, seed=seed)],
        "tornado": [analyses.tornado(model, order=model.orders[0])] if model.form == "strategic" else [],
        "set_dependence": [analyses.set_dependence(model, samples=min(samples, MOST_PAIRS), seed=seed)],
    }
    note("looking for conditions, comparing the actions, and testing the claims under other ways to model them")
    tested = bool(model.claims) and model.form == "strategic"
    under = analyses.alternatives(model, samples=min(samples, MOST_DRAWS), seed=seed) if tested else None
    audited = analyses.audit(model, run=done, driving=driving, alternatives=under, samples=samples, seed=seed)
    frames["audit"] = [audited]
    frames["discovery"] = _scenarios(model, audited, samples, seed)
    if model.form != "strategic":
        return frames
    asked: dict[str, Callable[..., pd.DataFrame]] = {
        "choices": analyses.choices,
        "choice_curves": analyses.choice_curves,
    }
    if not any(parameter.law.kind == "interval" for parameter in model.parameters.values()):
        asked["value_of_information"] = analyses.value_of_information
        if len(model.players) == 2:
            asked["forecast"] = analyses.forecast
    for name, question in asked.items():
        try:
            frames[name] = [question(model, samples=samples, seed=seed)]
        except InputError as error:  # none of the draws could be solved: the other answers stand
            note(f"without {name.replace('_', ' ')}: {error}")
    frames["alternatives"] = [] if under is None else [under]
    frames["misperception"] = [analyses.misperception(model, samples=samples, seed=seed)]
    return frames


def _claims(model: Model, done: Run, *, samples: int) -> Frames:
    """The claims where nothing has a probability: every draw is the same, and so one is enough."""
    under = analyses.alternatives(model, samples=1, seed=done.seed) if model.form == "strategic" else None
    audited = analyses.audit(model, run=done, alternatives=under, samples=samples, seed=done.seed)
    return {"audit": [audited], "alternatives": [] if under is None else [under]}


def _scenarios(model: Model, audited: pd.DataFrame, samples: int, seed: int) -> list[pd.DataFrame]:
    """The conditions of the claims that are most open: those that hold in some draws and fail in others."""
    if audited.empty:
        return []
    share = audited["all"] + audited["some"]
    low, high = OPEN
    open_claims = audited[(share > low) & (share < high)]
    nearest = (share[open_claims.index] - 0.5).abs().sort_values(kind="stable").index[:MOST_SCENARIOS]
    if not len(nearest):
        return []
    answers = answered(model, scheme("random", model, samples, seed), ())
    names = [str(audited.loc[place, "claim"]) for place in sorted(nearest)]
    return [analyses.discovery(model, of=f"claim {name}", answers=answers, seed=seed) for name in names]
