"""How do a payoff's or a measure's bounds run along each parameter, from one tipping point to the next?

A line that is drawn through a tipping point shows values that no equilibrium has. Here every set of equilibria has a
segment of its own, with a point on each side of the tipping point between it and the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses.asked import known_points, strategic_only
from gametheory.analyses.influence.tornado import ALONE, BOUNDS
from gametheory.analyses.influence.walks import Walk, asked_value, known_share, walks, ways
from gametheory.analyses.provenance import attributes, orders_of
from gametheory.study import class_name

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["spider"]

COLUMNS = ("order", "of", "parameter", "segment", "share", "value", "place", "lower", "upper", "set")
SEGMENTS = (
    "a segment is a stretch without a tipping point: nothing may be read between the last point of one and the first "
    "of the next; values between the points of a segment are not looked at"
)


def spider(
    model: Model,
    *,
    of: str | None = None,
    order: str = "simultaneous",
    tail: float = 0.1,
    points: int = 33,
    method: str = "auto",
) -> pd.DataFrame:
    """The bounds of a payoff or a measure along each parameter, cut wherever the set of equilibria changes.

    ``of``, ``order``, ``tail`` and ``method`` are those of `tornado`. One row a point: its ``segment``, the ``share``
    of the parameter's law at or below it, the ``value`` of the parameter, its ``place`` (``central``, ``before a tip``,
    ``after a tip``, or empty), ``lower`` and ``upper`` over all equilibria, and the ``set`` of equilibria in words.
    ``points`` are spread evenly by share, the central value and both sides of each tipping point besides; of a law with
    a few values there are only these, each a segment of its own.

    The attribute ``tips`` lists the tipping points of each parameter under each order of play. Raises InputError where
    nothing can move, UnknownNameError for a bad name.

    >>> from gametheory.reader import load
    >>> frame = spider(load("reference_involvement"), order="nato")
    >>> risk = frame[frame["parameter"] == "escalation_risk"]
    >>> risk["set"].drop_duplicates().tolist()
    ['surge, carry_on', 'troops, deescalate', 'bridge, deescalate', 'surge, deescalate']
    """
    import pandas as pd

    strategic_only(model, "a spider")
    asked, tail = asked_value(model, of), known_share("tail", tail)
    steps = known_points(points)
    own, notes = ways(model, tail)
    rows: list[dict[str, Any]] = []
    tips: dict[str, dict[str, list[float]]] = {}
    tipping: dict[str, list[str]] = {}
    for name in orders_of(model, order):
        met = walks(model, asked, name, own, steps, method)
        tips[name] = {walk.way.parameter: walk.tips.tolist() for walk in met}
        tipping |= {f"{name}: {walk.way.parameter}": list(walk.notes) for walk in met}
        rows += [{"order": name, "of": asked, **row} for walk in met for row in _rows(walk)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    laws = {name: parameter.law.describe() for name, parameter in model.parameters.items()}
    more = {"of": asked, "tail": tail, "parameters": model.central(), "laws": laws, "tips": tips, "tipping": tipping}
    few = [walk.parameter for walk in own if walk.steps]
    frame.attrs.update(attributes(model, [ALONE, BOUNDS, SEGMENTS, *notes], separate=few, **more))
    return frame


def _rows(walk: Walk) -> Iterator[dict[str, Any]]:
    """The points of one parameter, in rising order."""
    actions = [player.actions for player in walk.way.model.players]
    places = _places(walk)
    for number, (value, share) in enumerate(zip(walk.values.tolist(), walk.shares.tolist(), strict=True)):
        yield {
            "parameter": walk.way.parameter,
            "segment": int(walk.segments[number]),
            "share": share,
            "value": value,
            "place": places[number],
            "lower": float(walk.bounds[number, 0]),
            "upper": float(walk.bounds[number, 1]),
            "set": class_name(walk.classes[number], actions),
        }


def _places(walk: Walk) -> list[str]:
    """What each point of a walk is."""
    places = [""] * len(walk.values)
    if not walk.way.steps:
        for place in np.searchsorted(walk.values, walk.tips).tolist():
            places[place - 1], places[min(place, len(places) - 1)] = "before a tip", "after a tip"
    places[walk.at(walk.way.central)] = "central"
    return places
