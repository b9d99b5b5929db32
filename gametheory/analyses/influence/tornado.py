"""How far does each parameter alone move a payoff or a measure, and where does the set of equilibria change on the way?

A bar of a tornado may hide a jump: the value at a low and at a high end says nothing of what lies between. Here the
equilibria are followed all the way, and every change is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.asked import strategic_only
from gametheory.analyses.influence.walks import Walk, asked_value, known_share, set_change, walks, ways
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.study import class_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["ALONE", "BOUNDS", "COLUMNS", "tornado"]

ROUNDING = 1e-12  # share of the largest value seen, below which a move is rounding
STEPS = 33  # points on each way beside those at tipping points
PLACES = ("low", "central", "high")
COLUMNS = (
    "order", "of", "parameter", *PLACES, *(f"{end}_at_{place}" for place in PLACES for end in ("lower", "upper")),
    "swing", "least_below", "most_below", "least_above", "most_above", "changes_low", "changes_high", "tips_low",
    "tips_high", "exact", *(f"set_{place}" for place in PLACES),
)  # fmt: skip
ALONE = "one parameter moves, the others stand at their central values: what two or more do together is not seen here"
BOUNDS = (
    "lower and upper are the lowest and the highest value over all solutions; they are missing where a game is not "
    "solved, and where the list of solutions may lack some they are all that the value can be"
)


def tornado(
    model: Model, *, of: str | None = None, order: str = "simultaneous", tail: float = 0.1, method: str = "auto"
) -> pd.DataFrame:
    """What a payoff or a measure is at a low, the central and a high value of each parameter, and what happens between.

    ``of`` is ``payoff PLAYER`` (by default of the first player) or ``measure NAME``. Low and high are the quantiles
    ``tail`` and 1 - ``tail`` of the law; an interval has none and moves from end to end, a ranked parameter between its
    neighbours. One row a parameter, the widest ``swing`` first: how far the lower or the upper value over the
    equilibria, whichever moves more, moves between the three places.

    ``lower_at_low``, ``upper_at_low`` and so on are the values there, ``least_below`` and ``most_below`` the extremes
    on the way from the central to the low value, ``least_above`` and ``most_above`` to the high one, at 33 points
    besides those at tipping points. ``changes_low`` and ``changes_high`` say whether the set of equilibria differs from
    the central one (``yes``, ``no``, ``not decided``, ``not solved``), ``set_low``, ``set_central`` and ``set_high``
    what it is, ``tips_low`` and ``tips_high`` how many tipping points lie between, as `tip` finds them by ``method``;
    ``exact`` whether they are proved to be all. Of a law with a few values, changes between neighbours are counted.

    Raises InputError where nothing can move, UnknownNameError for a bad name.

    >>> from gametheory.reader import load
    >>> first = tornado(load("reference_involvement"), order="nato").iloc[0]
    >>> first["parameter"], first["changes_low"], int(first["tips_low"])
    ('disaster_loss_russia', 'yes', 1)
    """
    import pandas as pd

    strategic_only(model, "a tornado")
    asked, tail = asked_value(model, of), known_share("tail", tail)
    own, notes = ways(model, tail)
    rows: list[dict[str, Any]] = []
    tipping: dict[str, list[str]] = {}
    for name in orders_of(model, order):
        met = walks(model, asked, name, own, STEPS, method)
        tipping |= {f"{name}: {walk.way.parameter}": list(walk.notes) for walk in met}
        scale = max((float(np.nanmax(np.abs(walk.bounds), initial=0.0)) for walk in met), default=0.0)
        found = [{"order": name, "of": asked, **_row(walk, scale)} for walk in met]
        rows += sorted(found, key=_place)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    more = {"of": asked, "tail": tail, "parameters": model.central(), "laws": laws, "tipping": tipping}
    frame.attrs.update(attributes(model, [ALONE, BOUNDS, *notes], **more))
    return frame


def _place(row: dict[str, Any]) -> tuple[bool, float, bool, str]:
    """The place of a row: the widest swing first, of equal ones those that change the equilibria, then by name."""
    unknown = bool(np.isnan(row["swing"]))
    still = row["tips_low"] + row["tips_high"] == 0 and (row["changes_low"], row["changes_high"]) == ("no", "no")
    return unknown, 0.0 if unknown else -row["swing"], still, row["parameter"]


def _row(walk: Walk, scale: float) -> dict[str, Any]:
    """One parameter, without order and question."""
    way = walk.way
    actions = [player.actions for player in way.model.players]
    values = {"low": way.low, "central": way.central, "high": way.high}
    at = {place: walk.at(value) for place, value in values.items()}
    ends = {f"{end}_at_{place}": float(walk.bounds[number, side])
            for place, number in at.items() for side, end in enumerate(("lower", "upper"))}  # fmt: skip
    row = {"parameter": way.parameter, **values, **ends, "swing": _swing(walk, list(at.values()), scale)}
    for place, side in (("low", "below"), ("high", "above")):
        passed, tips = walk.between(values[place], way.central)
        row |= {f"least_{side}": _extreme(passed[:, 0], -1.0), f"most_{side}": _extreme(passed[:, 1], 1.0)}
        row |= {f"changes_{place}": set_change(walk.classes[at["central"]], walk.classes[at[place]])}
        row |= {f"tips_{place}": tips}
    return {**row, "exact": walk.exact, **{f"set_{p}": class_name(walk.classes[n], actions) for p, n in at.items()}}


def _swing(walk: Walk, places: list[int], scale: float) -> float:
    """How far the lower or the upper value moves between these points, where there are at least two values."""
    known = walk.bounds[places][np.isfinite(walk.bounds[places]).all(axis=1)]
    if len(known) < 2:
        return float("nan")
    moved = float(np.ptp(known, axis=0).max())
    return moved if moved > ROUNDING * scale else 0.0


def _extreme(values: Any, sign: float) -> float:
    """The largest (sign 1) or the smallest (sign -1) of the values that are known."""
    known = values[np.isfinite(values)]
    return float(sign * (sign * known).max()) if len(known) else float("nan")
