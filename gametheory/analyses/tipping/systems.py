"""At which values of one parameter do the solutions of an analytic model change?"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.provenance import attributes
from gametheory.analyses.tipping.brackets import section
from gametheory.analyses.tipping.lines import searched_range, spread_by_powers
from gametheory.analyses.tipping.turning import turned
from gametheory.solvers.roots.events import Event, Events, find_events
from gametheory.solvers.roots.record import ORDER
from gametheory.study import EquilibriumClass, classes_over, profile_names

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["system_tips"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PLACES = 256  # at which the solutions are compared with what the events say
SAME = 1e-9  # share of the range within which events are one
ROUNDS = 5  # of the search for a change that no event explains; each narrows it 64 times


def system_tips(model: Model, parameter: str, *, low: float | None, high: float | None, points: int) -> pd.DataFrame:
    """The frame of `tip` for an analytic model: where solutions appear, vanish or change their regime.

    Folds, solutions that lie on an end of a bracket and turns of regimes are found by interval arithmetic over the
    unknowns and the parameter together; then the solutions are compared on both sides of each, and at places between.
    Of a model with a decision only the places are compared. Where no event says why the solutions change, ``binding``
    is what turns or jumps between the two sides, read off by comparing them.
    """
    import pandas as pd

    start, stop = searched_range(model, parameter, low, high)
    table: dict[EquilibriumClass, int] = {}
    events = Events((), (), ())
    if model.system is not None and model.system.decision is None:
        events = find_events(model.systems(), parameter, start, stop)
    groups = _grouped(events, SAME * (stop - start))
    cuts = [start, *(group[0].place for group in groups), stop]
    middles = np.array([(a + b) / 2.0 for a, b in pairwise(cuts)])
    names = list(_labelled(model, parameter, middles, table))
    rows = [
        _row(model, group[0].place, "; ".join(dict.fromkeys(own.what for own in group)), (before, after), table)
        for group, (before, after) in zip(groups, pairwise(names), strict=True)
        if before != after
    ]
    hidden, failed = _unexplained(model, parameter, cuts, min(points, PLACES), table)
    rows = sorted([*rows, *hidden], key=lambda row: float(row["value"]))
    columns = ["parameter", "order", "value", "player", "binding", "before", "after", "exact"]
    listed = [{"parameter": parameter, "order": ORDER, **row} for row in rows]
    frame = pd.DataFrame(listed, columns=columns).astype({"value": float, "exact": bool})
    middle = int(_labelled(model, parameter, np.array([(start + stop) / 2.0]), table)[0])
    answers = {
        "present": {ORDER: _names(model, list(table)[middle])},
        "failed": {ORDER: failed},
        "method": {ORDER: "intervals" if events.asked and not events.left_open else "numerical"},
        "polynomials": {ORDER: 0},
        "isolating": [],
    }
    searched = {"parameter": parameter, "low": start, "high": stop, "points": points}
    searched["logarithmic"] = spread_by_powers(model, parameter, start)
    notes = _notes(events, hidden=bool(hidden), partial=any(entry.status == "partial" for entry in table))
    frame.attrs.update(attributes(model, notes, parameters=model.central(), **searched, **answers))
    return frame


def _grouped(events: Events, gap: float) -> list[list[Event]]:
    """Events at the same place to within rounding, together."""
    groups: list[list[Event]] = []
    for event in events.found:
        if groups and event.place - groups[-1][-1].place <= gap + event.radius:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def _labelled(model: Model, parameter: str, places: FloatArray, table: dict[EquilibriumClass, int]) -> IntArray:
    """The number of the class at each place, in the shape of the places; new classes are added to the table."""
    numbers, classes = classes_over(model, {parameter: places.ravel()}, ORDER)
    known = np.array([table.setdefault(entry, len(table)) for entry in classes], dtype=np.int64)
    return known[numbers].reshape(places.shape)


def _unexplained(
    model: Model, parameter: str, cuts: list[float], points: int, table: dict[EquilibriumClass, int]
) -> tuple[list[dict[str, Any]], float]:
    """Changes between neighbouring events, closed in on by solving, and the share of places that cannot be solved."""
    grid = np.linspace(cuts[0], cuts[-1], points)
    labels = _labelled(model, parameter, grid, table)
    piece = np.searchsorted(np.array(cuts[1:-1]), grid)
    failing = np.array([entry.status == "failed" for entry in table])
    changed = np.flatnonzero((labels[1:] != labels[:-1]) & (piece[1:] == piece[:-1]))
    brackets = grid[changed], grid[changed + 1], np.zeros(len(changed), dtype=np.int64)
    lows, highs, _ = section(brackets, lambda _, places: _labelled(model, parameter, places, table), ROUNDS)
    rows = []
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        before, after = _labelled(model, parameter, np.array([low, high]), table).tolist()
        player, what = turned(model, parameter, low, high)
        rows.append({**_row(model, (low + high) / 2.0, what, (before, after), table), "player": player})
    return rows, float(failing[labels].mean())


def _row(
    model: Model, value: float, binding: str, labels: tuple[int, int], table: dict[EquilibriumClass, int]
) -> dict[str, Any]:
    """One row of the frame, without parameter and order."""
    before, after = (tuple(_names(model, list(table)[label])) for label in labels)
    fold = "two solutions meet"
    if fold in binding:
        binding = binding.replace(
            fold, f"{fold} and vanish" if len(before) > len(after) else f"{fold}: both begin here"
        )
    told = {"value": value, "player": "", "binding": binding}
    return {**told, "before": before, "after": after, "exact": False}


def _names(model: Model, entry: EquilibriumClass) -> list[str]:
    """The solutions of a class in words."""
    return profile_names(entry, [labels for _, labels in model.axes])


def _notes(events: Events, *, hidden: bool, partial: bool) -> list[str]:
    """How the tipping points were found, and what that leaves open."""
    notes = ["the other parameters stand at their central values"]
    proved = [what for what in events.asked if what not in events.left_open]
    if proved and not hidden:
        notes.append(f"proved by interval arithmetic: nowhere else in the range {', nor '.join(proved)}")
    if events.left_open or hidden or not events.asked:
        left = f" where {' or '.join(events.left_open)}" if events.left_open else ""
        notes.append(f"found numerically{left}: {PLACES} places were compared, and changes between two may be missed")
    if partial:
        notes.append("at some places the number of solutions is not proved")
    return notes
