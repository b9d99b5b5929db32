"""At which values of one parameter do the equilibria of a tree change?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.provenance import attributes
from gametheory.analyses.tipping.brackets import section
from gametheory.analyses.tipping.lines import searched_range
from gametheory.analyses.tipping.tree_binding import tied_choices
from gametheory.study import EquilibriumClass, classes_over, profile_names

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["tree_tips"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Table = dict[EquilibriumClass, int]
Change = tuple[float, float, int, int]  # two places, and the classes at them

PLACES = 128  # at which the solutions are compared with their neighbours
ROUNDS = 5  # of the search between two places; each narrows it 64 times
SAME = 1e-8  # share of the range within which two changes are one: at a tie the solvers see the tied game
FAR = 1e-4  # share of the range from a change at which its solutions are compared with themselves


def tree_tips(
    model: Model, parameter: str, orders: Sequence[str], *, low: float | None, high: float | None, points: int
) -> pd.DataFrame:
    """The frame of `tip` for a tree: where the set of equilibria changes, under each order of play.

    Places between the ends of the range are solved, and between neighbours that differ the change is closed in on. Two
    changes between one pair of neighbours may be missed.
    """
    import pandas as pd

    start, stop = searched_range(model, parameter, low, high)
    grid = np.linspace(start, stop, min(points, PLACES))
    rows: list[dict[str, Any]] = []
    present: dict[str, list[str]] = {}
    failed: dict[str, float] = {}
    partial = False
    for order in orders:
        table: Table = {}
        labels = _labelled(model, parameter, order, grid, table)
        failing = np.array([entry.status == "failed" for entry in table])
        failed[order] = float(failing[labels].mean())
        partial |= any(entry.status == "partial" for entry in table)
        middle = int(_labelled(model, parameter, order, np.array([(start + stop) / 2.0]), table)[0])
        present[order] = _names(model, list(table)[middle])
        rows += [
            {"parameter": parameter, "order": order, **row}
            for row in _changes(model, parameter, order, grid, labels, table)
        ]
    columns = ["parameter", "order", "value", "player", "binding", "before", "after", "exact"]
    frame = pd.DataFrame(rows, columns=columns).astype({"value": float, "exact": bool})
    notes = [
        "the other parameters stand at their central values",
        f"found numerically: {len(grid)} places were compared, and two changes between neighbours may be missed",
    ]
    if partial:
        notes.append("at some places the list of equilibria may lack some")
    answers = {"present": present, "failed": failed, "method": dict.fromkeys(orders, "numerical"), "isolating": []}
    more = {"polynomials": dict.fromkeys(orders, 0), "low": start, "high": stop, "points": points}
    frame.attrs.update(attributes(model, notes, parameters=model.central(), parameter=parameter, **answers, **more))
    return frame


def _changes(
    model: Model, parameter: str, order: str, grid: FloatArray, labels: IntArray, table: Table
) -> list[dict[str, Any]]:
    """One row for each change, closed in on; what holds only at a tie, or at an end of the range, is left out."""
    changed = np.flatnonzero(labels[1:] != labels[:-1])
    brackets = grid[changed], grid[changed + 1], np.zeros(len(changed), dtype=np.int64)
    lows, highs, _ = section(brackets, lambda _, places: _labelled(model, parameter, order, places, table), ROUNDS)
    gap = SAME * (grid[-1] - grid[0])
    found: list[Change] = []
    for low, high in zip(lows.tolist(), highs.tolist(), strict=True):
        before, after = _labelled(model, parameter, order, np.array([low, high]), table).tolist()
        if found and low - found[-1][1] <= gap:
            found[-1] = (found[-1][0], high, found[-1][2], after)
        elif low - grid[0] > gap and grid[-1] - high > gap:
            found.append((low, high, before, after))
    rows = []
    for place, (low, high, before, after) in enumerate(found):
        if before == after:
            continue
        player, binding = tied_choices(model, parameter, order, (low, high), _room(grid, found, place))
        rows.append(
            {
                "value": 0.0 if low - gap <= 0.0 <= high + gap else (low + high) / 2.0,  # a zero met by the search
                "player": player,
                "binding": binding,
                "before": tuple(_names(model, list(table)[before])),
                "after": tuple(_names(model, list(table)[after])),
                "exact": False,
            }
        )
    return rows


def _room(grid: FloatArray, found: list[Change], place: int) -> float:
    """How far outside a change one can look without coming to the next, or to an end of the range."""
    low, high, _, _ = found[place]
    before = found[place - 1][1] if place else float(grid[0])
    after = found[place + 1][0] if place + 1 < len(found) else float(grid[-1])
    return min(FAR * float(grid[-1] - grid[0]), (low - before) / 2, (after - high) / 2)


def _labelled(model: Model, parameter: str, order: str, places: FloatArray, table: Table) -> IntArray:
    """The number of the class at each place, in the shape of the places; new classes are added to the table."""
    if not places.size:
        return np.zeros(places.shape, dtype=np.int64)
    numbers, classes = classes_over(model, {parameter: places.ravel()}, order)
    known = np.array([table.setdefault(entry, len(table)) for entry in classes], dtype=np.int64)
    return known[numbers].reshape(places.shape)


def _names(model: Model, entry: EquilibriumClass) -> list[str]:
    """The solutions of a class in words."""
    return profile_names(entry, [labels for _, labels in model.axes])
