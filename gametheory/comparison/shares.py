"""How far apart are the shares and means of two runs, against their standard errors?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from gametheory.analyses import claims, measure_ranges, outcomes

if TYPE_CHECKING:
    from gametheory.sweeps import Sweep

__all__ = ["BEYOND", "BOUNDS", "share_rows"]

LIMIT = 1.96  # standard errors that 95 % of differences stay within where nothing has changed
CLAIMED = ("all", "some", "none", "failed")
BOUNDS = (
    "lower: in every equilibrium, or the only one; upper: in some; standard errors are of the sampling alone, those of "
    "independent random draws"
)
BEYOND = (
    "beyond: the difference is more than 1.96 of its standard errors; where nothing has changed that happens to one "
    "share in twenty; where two runs have the same seed and design, the error is usually larger than it need be"
)

Key = tuple[str, str, str, str]  # order, kind, name and what is compared


class Estimate(NamedTuple):
    """A share or a mean with its standard error, and the number of draws that it rests on."""

    value: float
    se: float
    draws: int
    share: bool


def share_rows(first: Sweep, second: Sweep) -> tuple[list[dict[str, Any]], list[str]]:
    """A row for each share and mean, the largest difference first, and the orders in which every draw failed."""
    ones, others = dict(_estimates(first)), dict(_estimates(second))
    rows = []
    for key in {**ones, **others}:
        one, other = (_found(own, key, run) for own, run in ((ones, first), (others, second)))
        order, kind, name, what = key
        rows.append({"order": order, "concept": "nash", "kind": kind, "name": name, "what": what, **_row(one, other)})
    failed = [
        f"{order} of the {place} run"
        for place, run in (("first", first), ("second", second))
        for order, own in run.totals.orders.items()
        if own.share_of("failed") >= 1.0
    ]
    return sorted(rows, key=lambda row: -abs(row.get("difference", math.inf))), failed


def _estimates(run: Sweep) -> Iterator[tuple[Key, Estimate]]:
    """Every share and mean of a run."""
    for row in outcomes(run.model, run=run).to_dict("records"):
        draws = run.totals.orders[str(row["order"])].draws
        for end in ("lower", "upper"):
            yield (row["order"], "outcome", row["profile"], end), _share(row[end], draws)
    for row in claims(run.model, run=run).to_dict("records"):
        for end in CLAIMED:
            yield (row["order"], "claim", row["claim"], end), _share(row[end], run.totals.draws)
    for row in measure_ranges(run.model, run=run).to_dict("records"):
        for end in ("lower", "upper"):
            estimate = Estimate(row[end], row[f"{end}_se"], run.totals.draws, share=False)
            yield (row["order"], "measure", row["measure"], end), estimate


def _share(share: float, draws: int) -> Estimate:
    """A share of independent draws."""
    return Estimate(share, math.sqrt(share * (1.0 - share) / draws), draws, share=True)


def _found(estimates: dict[Key, Estimate], key: Key, run: Sweep) -> Estimate | None:
    """What a run says: that an outcome has no share where it is not listed, and nothing of what it was not asked."""
    order, kind, *_ = key
    if key not in estimates and kind == "outcome" and order in run.totals.orders:
        return _share(0.0, run.totals.orders[order].draws)
    return estimates.get(key)


def _row(first: Estimate | None, second: Estimate | None) -> dict[str, Any]:
    """Two estimates side by side."""
    row: dict[str, Any] = {}
    for name, own in (("first", first), ("second", second)):
        row |= {name: own and own.value, f"{name}_se": own and own.se}
    if first is None or second is None:
        return row
    difference = second.value - first.value
    se = _error(first, second)
    return {**row, "difference": difference, "se": se, "beyond": abs(difference) > LIMIT * se}


def _error(first: Estimate, second: Estimate) -> float:
    """The standard error of a difference where nothing has changed: of shares, with the share of both together.

    >>> round(_error(_share(0.5, 100), _share(0.0, 100)), 6) == round((0.25 * 0.75 / 50) ** 0.5, 6)
    True
    """
    if not first.share:
        return math.hypot(first.se, second.se)
    draws = first.draws + second.draws
    both = (first.value * first.draws + second.value * second.draws) / draws
    return math.sqrt(both * (1.0 - both) * (1.0 / first.draws + 1.0 / second.draws))
