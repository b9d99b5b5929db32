"""At which values of one parameter do the equilibria of a tree change?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.provenance import attributes
from gametheory.analyses.shares.stages import counted
from gametheory.analyses.tipping.brackets import clusters, section
from gametheory.analyses.tipping.lines import searched_range, spread_by_powers
from gametheory.analyses.tipping.tree_binding import UNNAMED, blurred, tied_choices
from gametheory.progress import Progress
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
FIRST_PARTS = 64  # in which the stretch between two places is searched that differ
PARTS, ROUNDS = 16, 6  # of the search that follows: to 1e-9 of that stretch
SAME = 1e-8  # share of the range within which two changes are one: at a tie the solvers see the tied game
FAR = 1e-4  # share of the range from a change at which its solutions are compared with themselves, or with the next
WIDE = 1000.0  # times as far as a change is wide, where its solutions are compared with themselves


def tree_tips(
    model: Model,
    parameter: str,
    orders: Sequence[str],
    *,
    low: float | None,
    high: float | None,
    points: int,
    progress: Progress | None = None,
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
    for order in counted(orders, progress):
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
    unnamed = dict.fromkeys(row["order"] for row in rows if row["binding"] == UNNAMED)
    notes += [f"order {own}: what no choice explains may be the rounding of payoffs that tie" for own in unnamed]
    answers = {"present": present, "failed": failed, "method": dict.fromkeys(orders, "numerical"), "isolating": []}
    more = {"polynomials": dict.fromkeys(orders, 0), "low": start, "high": stop, "points": points}
    more["logarithmic"] = spread_by_powers(model, parameter, start)
    frame.attrs.update(attributes(model, notes, parameters=model.central(), parameter=parameter, **answers, **more))
    return frame


def _changes(
    model: Model, parameter: str, order: str, grid: FloatArray, labels: IntArray, table: Table
) -> list[dict[str, Any]]:
    """One row for each change, closed in on; what holds only at a tie, or at an end of the range, is left out.

    Near a tie the solvers read the game as tied, and which of the games there they do may depend on those solved beside
    them. So the sets before and after are those at places clear of the change.
    """
    changed = np.flatnonzero(labels[1:] != labels[:-1])
    gap = SAME * (grid[-1] - grid[0])

    def label(_: IntArray, places: FloatArray) -> IntArray:
        return _labelled(model, parameter, order, places, table)

    lows, highs = _closed_in(grid[changed], grid[changed + 1], label, gap)
    inner = _told_apart(model, parameter, order, grid, clusters(lows, highs, gap))
    clear = np.array([(max(low - gap, grid[0]), min(high + gap, grid[-1])) for low, high in inner]).reshape(-1, 2)
    sets = _labelled(model, parameter, order, clear, table).tolist()
    found = [(low, high, *own) for (low, high), own in zip(inner, sets, strict=True)]
    rows = []
    for place, (low, high, before, after) in enumerate(found):
        if before == after:
            continue
        room = _room(grid, found, place)
        player, binding = tied_choices(model, parameter, order, (low, high), room)
        if binding == UNNAMED:  # both ends may be read as the same side
            player, binding = tied_choices(model, parameter, order, (low - gap, high + gap), room)
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


def _closed_in(
    low: FloatArray, high: FloatArray, label: Callable[[IntArray, FloatArray], IntArray], gap: float
) -> tuple[FloatArray, FloatArray]:
    """Brackets of all changes between neighbours that differ.

    One in which no change is found again, since the games beside it are others now, is searched alone, and then stays.
    """
    stay: list[tuple[FloatArray, FloatArray]] = []
    for parts in (FIRST_PARTS, *[PARTS] * ROUNDS):
        number = np.arange(len(low))
        lows, highs, rows = section((low, high, number), label, 1, parts=parts)
        for k in np.setdiff1d(number, rows).tolist():
            own = (low[[k]], high[[k]], number[:1])
            again = section(own, label, 2 * ROUNDS, parts=PARTS) if high[k] - low[k] > gap else own
            stay.append(again[:2] if len(again[0]) else own[:2])
        low, high = lows, highs
    return np.concatenate([low, *(own for own, _ in stay)]), np.concatenate([high, *(own for _, own in stay)])


def _told_apart(
    model: Model, parameter: str, order: str, grid: FloatArray, found: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Join the changes between which games are only read as tied, and drop those that so join an end of the range."""
    span = float(grid[-1] - grid[0])
    joined = [(float(grid[0]), float(grid[0]))]
    for low, high in [*found, (float(grid[-1]), float(grid[-1]))]:
        start, stop = joined[-1]
        near, apart = low - stop <= FAR * span, low - stop > SAME * span
        if near and (not apart or blurred(model, parameter, order, (stop, low))):
            joined[-1] = (start, high)
        else:
            joined.append((low, high))
    return [(low, high) for low, high in joined if grid[0] < low and high < grid[-1]]


def _room(grid: FloatArray, found: list[Change], place: int) -> float:
    """How far outside a change one can look without coming to the next, or to an end of the range."""
    low, high, _, _ = found[place]
    before = found[place - 1][1] if place else float(grid[0])
    after = found[place + 1][0] if place + 1 < len(found) else float(grid[-1])
    far = max(FAR * float(grid[-1] - grid[0]), WIDE * (high - low))
    return min(far, (low - before) / 2, (after - high) / 2)


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
