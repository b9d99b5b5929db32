"""Which uncertain parameters drive the answer: which equilibria there are, how many, the measures and the claims?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.influence.driven import Driven, driven
from gametheory.analyses.influence.exchanges import Exchanges, exchanges, replicate_sizes
from gametheory.analyses.influence.given_data import binned, firsts, varying
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.designs import scheme
from gametheory.errors import InputError
from gametheory.estimators.variance import FEWEST_FLIPS, Indices, indicator_sums, indices, value_sums
from gametheory.study import Answered, answered

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["COLUMNS", "NOTHING_VARIES", "drivers"]

WIDEST = 0.05  # half the width of a 95 % interval, above which an index is called not well enough known
MISSING = 0.05  # share of the comparisons without a value, above which those that are left may mislead
BINS = 32
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
GIVEN = (
    "the parameters hang together (correlations or constraints), so none can be exchanged by itself: first is "
    "estimated from the given points in bins of each parameter, includes what it tells about the others, and does not "
    "add up with theirs; total and shapley are not given; noise_floor is exceeded by 5 of 100 parameters that enter "
    "nothing"
)


def drivers(
    model: Model,
    *,
    samples: int = 4096,
    seed: int = 0,
    order: str = "simultaneous",
    replicates: int = 8,
    progress: Callable[[int, int], None] | None = None,
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

    With rank correlations or constraints pick-freeze is not possible: ``first`` then comes from as many independent
    draws, by bins, and ``total``, ``shapley`` and ``flips`` are missing. Raises InputError where nothing is uncertain
    or the counts cannot be used, and UnknownNameError for an unknown order.

    >>> from gametheory.reader import load
    >>> frame = drivers(load("reference_involvement"), samples=256)
    >>> own = frame[frame["over"] == "supports"]
    >>> own["parameter"].tolist()[:2], round(float(own["shapley"].sum()), 6)
    (['escalation_risk', 'decisiveness'], 1.0)
    """
    orders = orders_of(model, order)
    if model.correlations or model.constraints:
        answers, rows = _given(model, samples, seed, replicates, orders, progress, workers)
        notes = [MEANING, SETS, BOUNDS, GIVEN]
    else:
        frozen = exchanges(model, samples, seed, replicates, orders, progress, workers)
        answers, rows = frozen.answers, _exchanged(frozen, samples)
        notes = [MEANING, SETS, BOUNDS, EXCHANGED]
    return _frame(model, answers, rows, notes, {"samples": samples, "seed": seed, "replicates": replicates})


def _exchanged(frozen: Exchanges, samples: int) -> list[dict[str, Any]]:
    """The rows of all questions, from exchanges."""
    rows = []
    for own in driven(frozen.answers):
        if own.values is None:
            found = indices(indicator_sums(frozen.of(own.sets), own.table))
        else:
            found = indices(value_sums(frozen.of(own.values)))
        rows += _largest_first(_indices_rows(own, frozen.factors, found, samples), "total")
    return rows


def _indices_rows(own: Driven, factors: Sequence[str], found: Indices, samples: int) -> Iterable[dict[str, Any]]:
    """The rows of one question."""
    varies = found.variance > 0 or bool(found.flips.any())
    for place, name in enumerate(factors):
        numbers = {end: float(getattr(found, end)[place]) for end in ENDS}
        flips = int(found.flips[place])
        missing = 1.0 - int(found.pairs[place]) / samples
        verdict = _verdict(numbers, ("first", "total"), flips, missing, varies=varies)
        yield {"order": own.order, "over": own.over, "parameter": name, **numbers, "flips": flips, "verdict": verdict}


def _given(
    model: Model, samples: int, seed: int, replicates: int, orders: tuple[str, ...],
    progress: Callable[[int, int], None] | None, workers: int | None,
) -> tuple[Answered, list[dict[str, Any]]]:  # fmt: skip
    """The answers of independent draws, as many as exchanges would take, and the rows of all questions from them."""
    replicate_sizes(samples, replicates)
    count = samples * max(2 * len(model.joint.factors), 3)
    answers = answered(model, scheme("random", model, count, seed), orders, progress, workers=workers)
    names = varying(model, answers.points)
    if not names:
        raise InputError("no parameter differs between the draws: the model has no uncertain parameter")
    parameters = binned(answers.points, names, BINS, replicates, seed)
    rows = []
    for own in driven(answers):
        part = []
        missing = 0.0 if own.values is None else float(np.isnan(own.values).mean())
        varies = _varies(own)
        for name, found in zip(names, firsts(own, parameters), strict=True):
            numbers = {"first": found.value, "first_low": found.low, "first_high": found.high}
            verdict = _verdict(numbers, ("first",), None, missing, varies=varies)
            part.append({"order": own.order, "over": own.over, "parameter": name, **numbers,
                         "noise_floor": found.noise_floor, "flips": None, "verdict": verdict})  # fmt: skip
        rows += _largest_first(part, "first")
    return answers, rows


def _varies(own: Driven) -> bool:
    """Whether the answer differs between the draws."""
    if own.values is not None:
        known = own.values[np.isfinite(own.values)]
        return bool(len(known) and np.ptp(known) > 0)
    met = own.table[np.unique(own.sets)]
    return bool((met != met[0]).any())


def _verdict(
    numbers: dict[str, float], known: Sequence[str], flips: int | None, missing: float, *, varies: bool
) -> str:
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
    if flips is not None and flips < FEWEST_FLIPS:
        return f"not sufficient: only {flips} exchanges change the answer, fewer than {FEWEST_FLIPS}"
    return f"not sufficient: the 95 % interval of {worst} is {widths[worst]:.2f} wide, more than {2 * WIDEST:.2f}"


def _largest_first(rows: Iterable[dict[str, Any]], index: str) -> list[dict[str, Any]]:
    """The rows by falling index, equal ones by name."""
    return sorted(rows, key=lambda row: (-row[index], row["parameter"]))


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
