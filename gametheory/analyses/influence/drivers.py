"""Which uncertain parameters drive the answer: which equilibria there are, how many, the measures and the claims?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.influence.driven import Driven, driven
from gametheory.analyses.influence.exchanges import Exchanges, exchanges
from gametheory.analyses.influence.redraws import Redraws, redraws
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.estimators.tied import redrawn_sums
from gametheory.estimators.variance import FEWEST_FLIPS, PickFrozen, Sums, indicator_sums, indices, value_sums
from gametheory.progress import Asked, shown
from gametheory.study import Answered

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["COLUMNS", "NOTHING_VARIES", "drivers", "leading_index"]

WIDEST = 0.05  # half the width of a 95 % interval, above which an index is called not well enough known
MISSING = 0.05  # share of the comparisons without a value, above which those that are left may mislead
NOTHING_VARIES = "not sufficient: the answer is the same at every point drawn, so nothing is seen to drive it"
ENDS = ("first", "first_low", "first_high", "total", "total_low", "total_high", "shapley", "shapley_low",
        "shapley_high", "noise_floor")  # fmt: skip
COLUMNS = ("order", "over", "parameter", *ENDS, "flips", "verdict")
MEANING = (
    "first: share of the variance of the answer that knowing the parameter alone would remove; total: share that "
    "would remain if all others were known; shapley: shares that add up to 1; low and high: 95 % intervals from the "
    "replicates"
)
SETS = (
    "over pure profiles and supports the answer is the whole set: total is half the mean number of equilibria that "
    "appear or vanish when the parameter is drawn afresh, in units of the variance; failed games, and lists that may "
    "lack some equilibria, are members of their own"
)
BOUNDS = (
    "over lower and upper probability the answer is which profile is the only equilibrium, and which are among the "
    "equilibria; over the number of equilibria it is how many profiles of actions in use there are"
)
EXCHANGED = (
    "a parameter that enters nothing has total 0 exactly; noise_floor is what first would show of such a dummy "
    "parameter, in 95 of 100 samples, if its exchange came with the same changes; flips counts those changes"
)
TIED = (
    "the parameters hang together (correlations or constraints), so each is kept or redrawn given the others, by the "
    "Gaussian copula and the constraints: first includes what a parameter tells about the others, total is what would "
    "remain if all others were known and may be the smaller, and an idle parameter tied to one that matters has a "
    "share; shapley divides the whole once (Song, Nelson and Staum 2016; Owen and Prieur 2017); flips counts the "
    "changes when the parameter alone is redrawn"
)
STEPS = (
    "of a parameter with a discrete law that is correlated with others, its place in the copula counts as known, which "
    "is a little more than its value"
)


def drivers(
    model: Model,
    *,
    samples: int = 4096,
    seed: int = 0,
    order: str = "simultaneous",
    replicates: int = 8,
    progress: Asked = None,
    workers: int | None = None,
) -> pd.DataFrame:
    """First-order, total and Shapley indices of every parameter, over every question about the set of equilibria.

    ``samples`` are pairs of base points, in ``replicates`` independently scrambled Sobol samples; each pair takes two
    games a parameter. Columns: ``order``, ``over``, ``parameter`` (or the name of a ranking, whose parameters are drawn
    together), ``first``, ``total`` and ``shapley``, each with ``_low`` and ``_high`` (95 % intervals), ``noise_floor``,
    ``flips`` (base points at which exchanging the parameter changes the answer) and ``verdict``: ``sufficient``, or
    ``not sufficient:`` and why. The largest drivers come first.

    ``over`` is one of pure profiles, supports, number of equilibria, lower probability, upper probability, ``measure
    NAME lower``, ``measure NAME upper`` and ``claim NAME``; claims stand under their own order. The indices do not
    depend on how equilibria, actions or parameters are numbered, and no equilibrium is picked from several. Interval
    parameters have no probability and drive nothing here: a set counts at some and at every point of their cover.

    With rank correlations or constraints nothing can be exchanged by itself. Parameters are then redrawn given the
    others, three games a parameter and base point; the largest ``shapley`` comes first, ``first`` includes what a
    parameter tells about others, and ``total`` may be smaller than it. Raises InputError where nothing is uncertain or
    the counts cannot be used, and UnknownNameError for an unknown order.

    >>> from gametheory.reader import load
    >>> frame = drivers(load("reference_involvement"), samples=256)
    >>> own = frame[frame["over"] == "supports"]
    >>> own["parameter"].tolist()[:2], round(float(own["shapley"].sum()), 6)
    (['escalation_risk', 'decisiveness'], 1.0)
    """
    orders = orders_of(model, order)
    tied = bool(model.correlations or model.constraints)
    made: Exchanges | Redraws
    with shown(progress, "drivers") as report:
        if tied:
            made = redraws(model, samples, seed, replicates, orders, report, workers)
            notes = [MEANING, SETS, BOUNDS, TIED, *_told(model, made)]
        else:
            made = exchanges(model, samples, seed, replicates, orders, report, workers)
            notes = [MEANING, SETS, BOUNDS, EXCHANGED]
    rows = [row for own in driven(made.answers) for row in _indices_rows(own, made, samples)]
    asked = {"samples": samples, "seed": seed, "replicates": replicates, "tied": tied}
    return _frame(model, made.answers, rows, notes, asked)


def leading_index(frame: pd.DataFrame) -> str:
    """The index by which drivers are ranked: ``total``, or ``shapley`` in a frame of tied parameters."""
    return "shapley" if frame.attrs.get("tied") else "total"


def _sums(own: Driven, made: Exchanges | Redraws) -> Sums:
    """The sums of one question, from exchanges or from redraws."""

    def summed(answers: PickFrozen) -> Sums:
        return value_sums(answers) if own.values is not None else indicator_sums(answers, own.table)

    rows = own.sets if own.values is None else own.values
    return summed(made.of(rows)) if isinstance(made, Exchanges) else redrawn_sums(made.of(rows), summed)


def _told(model: Model, made: Redraws) -> list[str]:
    """What is to be said of these redraws."""
    together = {name for correlation in model.correlations for name in correlation.between}
    told = [STEPS] if any(model.parameters[name].law.kind == "discrete" for name in together) else []
    if made.stuck > 0.0:
        told.append(f"{made.stuck:.2g} of the redraws found no other point that keeps the constraints, and stay")
    return told


def _indices_rows(own: Driven, made: Exchanges | Redraws, samples: int) -> list[dict[str, Any]]:
    """The rows of one question, the largest driver first."""
    found = indices(_sums(own, made))
    varies = found.variance > 0 or bool(found.flips.any())
    known = ("first", "total") if isinstance(made, Exchanges) else ("first", "total", "shapley")
    rows = []
    for place, name in enumerate(made.factors):
        numbers = {end: float(getattr(found, end)[place]) for end in ENDS}
        flips = int(found.flips[place])
        missing = 1.0 - int(found.pairs[place]) / samples
        verdict = _verdict(numbers, known, flips, missing, varies=varies)
        rows.append({"order": own.order, "over": own.over, "parameter": name, **numbers, "flips": flips,
                     "verdict": verdict})  # fmt: skip
    return sorted(rows, key=lambda row: (-row[known[-1]], row["parameter"]))


def _verdict(numbers: dict[str, float], known: Sequence[str], flips: int, missing: float, *, varies: bool) -> str:
    """Whether the sample suffices for the indices of one parameter, and if not, why.

    >>> ends = {"first_low": 0.1, "first_high": 0.12, "total_low": 0.1, "total_high": 0.3}
    >>> _verdict(ends, ["first", "total"], 40, 0.0, varies=True)
    'not sufficient: the 95 % interval of total is 0.20 wide, more than 0.10'
    """
    widths = {name: numbers[f"{name}_high"] - numbers[f"{name}_low"] for name in known}
    worst = max(widths, key=lambda name: widths[name])
    if not varies:
        return NOTHING_VARIES
    if missing > MISSING:
        return f"not sufficient: {100 * missing:.0f} % of the comparisons meet a game without a value"
    if widths[worst] <= 2 * WIDEST:
        return "sufficient"
    if flips < FEWEST_FLIPS and (worst == "total" or "shapley" not in known):  # of tied ones the others rest on more
        return f"not sufficient: only {flips} exchanges change the answer, fewer than {FEWEST_FLIPS}"
    return f"not sufficient: the 95 % interval of {worst} is {widths[worst]:.2f} wide, more than {2 * WIDEST:.2f}"


def _frame(
    model: Model, answers: Answered, rows: list[dict[str, Any]], notes: list[str], asked: dict[str, int]
) -> pd.DataFrame:
    """The frame with what a reader needs to judge it."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"flips": "Int64"})
    whole = {}
    for (order, over), own in frame.groupby(["order", "over"], sort=False):
        short = own[own["verdict"] != "sufficient"]
        same = bool((own["verdict"] == NOTHING_VARIES).all())
        listed = NOTHING_VARIES if same else f"not sufficient for {', '.join(short['parameter'])}"
        whole[f"{order}: {over}"] = listed if len(short) else "sufficient"
    failed, partial = (
        {order: _share(answers, order, status) for order in answers.classes} for status in ("failed", "partial")
    )
    if len(answers.cover) > 1:
        notes.append(f"each game is repeated at {len(answers.cover)} points of the intervals of "
                     f"{', '.join(answers.cover[0])}, which have no probability")  # fmt: skip
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    more = {**asked, "games": answers.rows, "failed": failed, "partial": partial, "verdicts": dict(answers.verdicts)}
    frame.attrs.update(attributes(model, notes, laws=laws, sufficient=whole, **more))
    return frame


def _share(answers: Answered, order: str, status: str) -> float:
    """Share of the rows with a game of this status at any point of the intervals."""
    numbers, table = answers.classes[order]
    return float(np.array([entry.status == status for entry in table])[numbers].any(axis=1).mean())
