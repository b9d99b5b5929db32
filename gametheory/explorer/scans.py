"""Where do the solutions change as one parameter moves, or two, the others as they stand on the page?

Both scans solve a grid of games. The tipping points are then closed in on; the map is drawn as the grid stands. What
lies between two neighbours of the grid and touches neither is missed, which the page says. For tables of two players of
a moderate size the grids are as fine as can be answered while somebody waits; for all other models they are slow, of
sizes that the caller names, and solved by what the caller gives.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.tipping.brackets import section
from gametheory.errors import InputError
from gametheory.explorer.controls import Control
from gametheory.solvers.registry import enumerable
from gametheory.study import EquilibriumClass, class_name, classes_over

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["Change", "Curve", "Map", "Solve", "changes", "grid_of_changes", "grid_of_map", "region_map"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Values = Mapping[str, float]
Table = dict[EquilibriumClass, int]
Solve = Callable[["Model", Mapping[str, FloatArray], str], tuple[IntArray, tuple[EquilibriumClass, ...]]]

# Microseconds for one game of two players with n actions each (the geometric mean), payoffs and classes included, as
# fitted to 5 x 5, 6 x 6 and 8 x 8 games on two cores: 1 + 0.25 (n / 3) ** 5.2.
PLAIN, GROWTH, POWER = 1.0, 0.25, 5.2
FOR_CHANGES, FOR_MAP = 40_000.0, 60_000.0  # microseconds that each scan may take
MOST_POINTS, MOST_CELLS = 129, 64  # along one parameter
FEWEST = 12  # of either; a coarser scan would mislead
PARTS, ROUNDS = 16, 4  # a bracket shrinks 65,536 times: to a ten-millionth of the track
SAME = 1e-5  # share of the track within which two changes are one: a tie that the solvers see is narrower


@dataclass(frozen=True)
class Change:
    """A tipping point: the value, where it stands on the track, and the solutions on its two sides."""

    value: float
    share: float
    before: str
    after: str


@dataclass(frozen=True)
class Curve:
    """A boundary between two sets of solutions: its points by value, and whether it is proved to run there."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    proved: bool


@dataclass(frozen=True, eq=False)
class Map:
    """Which solutions hold over two parameters: ``codes[y, x]`` number ``names``, the largest region first.

    Where the boundaries were followed ``curves`` are these and ``said`` tells how; else the codes are all there is.
    """

    x: Control
    y: Control
    xs: FloatArray
    ys: FloatArray
    codes: IntArray
    names: tuple[str, ...]
    curves: tuple[Curve, ...] = ()
    said: str = ""


def grid_of_changes(model: Model, sliders: int) -> int:
    """How many values of each parameter can be compared at once; 0 where that takes too long."""
    points = min(MOST_POINTS, int(_affordable(model, FOR_CHANGES) / max(1, sliders)))
    return points if points >= FEWEST else 0


def grid_of_map(model: Model) -> int:
    """How many cells each way the map can have at once; 0 where that takes too long."""
    cells = min(MOST_CELLS, int(_affordable(model, FOR_MAP) ** 0.5))
    return cells if cells >= FEWEST else 0


def changes(
    model: Model,
    sliders: Sequence[Control],
    values: Values,
    order: str,
    points: int = 0,
    solve: Solve = classes_over,
) -> dict[str, tuple[Change, ...]]:
    """The tipping points along each slider, the others at ``values``: of Nash equilibria under one order of play.

    ``points`` values of each are compared first, by default as many as can be at once.

    >>> from gametheory.reader import load
    >>> from gametheory.explorer.controls import controls
    >>> from gametheory.report.phrases import names_of
    >>> model = load("reference_involvement")
    >>> risk = controls(model, names_of(model))[-1]
    >>> [round(one.value, 6) for one in changes(model, [risk], model.central(), "nato")[risk.name]][:2]
    [0.001063, 0.014217]
    """
    moved = [slider for slider in sliders if not slider.menu]
    points = points or grid_of_changes(model, len(moved))
    if not (points and moved):
        return {}
    table: Table = {}

    def labels(rows: IntArray, places: FloatArray) -> IntArray:
        design = _along(moved, values, rows, places)
        numbers, classes = solve(model, design, order)
        known = np.array([table.setdefault(entry, len(table)) for entry in classes], dtype=np.int64)
        return known[numbers].reshape(places.shape)

    places = np.stack([np.linspace(*_track(slider), points) for slider in moved])
    rows = np.arange(len(moved))
    found = labels(rows, places)
    row, place = np.nonzero(found[:, 1:] != found[:, :-1])
    brackets = section((places[row, place], places[row, place + 1], row), labels, ROUNDS, parts=PARTS)
    sides = labels(brackets[2], np.stack(brackets[:2], axis=1)) if len(row) else np.empty((0, 2), dtype=np.int64)
    names = _names_of_classes(model, list(table))
    low, high, owner = brackets
    return {
        slider.name: _joined(slider, (low[owner == k], high[owner == k]), sides[owner == k], names)
        for k, slider in enumerate(moved)
    }


def region_map(
    model: Model, x: Control, y: Control, values: Values, order: str, cells: int = 0, solve: Solve = classes_over
) -> Map | None:
    """The map of two parameters, the others at ``values``, of ``cells`` each way, by default as many as can be at once.

    Each cell shows the game in its middle. None where no number of cells is given and none can be had at once; raises
    InputError where both parameters are the same.
    """
    if x.name == y.name:
        raise InputError(f"x and y: both {x.name!r}, expected two different parameters")
    cells = cells or grid_of_map(model)
    if not cells:
        return None
    xs, ys = (_middles(axis, cells) for axis in (x, y))
    columns = {name: np.full(cells * cells, value) for name, value in values.items()}
    numbers, classes = solve(model, {**columns, x.name: np.tile(xs, cells), y.name: np.repeat(ys, cells)}, order)
    counts = np.bincount(numbers, minlength=len(classes))
    largest = np.argsort(-counts, kind="stable")
    rank = np.empty(len(classes), dtype=np.int64)
    rank[largest] = np.arange(len(classes))
    names = _names_of_classes(model, [classes[k] for k in largest.tolist() if counts[k]])
    return Map(x, y, xs, ys, rank[numbers].reshape(cells, cells), tuple(names))


def _names_of_classes(model: Model, classes: Sequence[EquilibriumClass]) -> list[str]:
    """What the sets of solutions are called, by the actions of the players or of the information sets, or regimes."""
    labels = [own for _, own in model.axes]
    return [class_name(entry, labels) for entry in classes]


def _affordable(model: Model, budget: float) -> float:
    """How many games a scan may solve; 0 where the model is no table of two players, or too large to list all."""
    if model.form != "strategic" or len(model.players) != 2:
        return 0.0
    games = model.games()
    size = float(np.sqrt(np.prod(games.shape)))
    return budget / (PLAIN + GROWTH * (size / 3.0) ** POWER) if enumerable(games) else 0.0


def _along(moved: Sequence[Control], values: Values, rows: IntArray, places: FloatArray) -> dict[str, FloatArray]:
    """The design of the places ``[row, place]``, where ``rows`` says which slider moves."""
    columns = {name: np.full(places.shape, value) for name, value in values.items()}
    for k, slider in enumerate(moved):
        own = rows == k
        columns[slider.name][own] = _unscaled(slider, places[own])
    return {name: column.ravel() for name, column in columns.items()}


def _joined(
    slider: Control, ends: tuple[FloatArray, FloatArray], sides: IntArray, names: Sequence[str]
) -> tuple[Change, ...]:
    """The changes of one slider in order; those that rounding or a tie sets close together are one.

    What holds only at a tie, or at an end of the track, is left out.
    """
    first, last = _track(slider)
    gap = SAME * (last - first)
    low, high = ends
    groups: list[tuple[float, float, int, int]] = []
    for k in np.argsort(low, kind="stable").tolist():
        start, stop, before, after = float(low[k]), float(high[k]), int(sides[k, 0]), int(sides[k, 1])
        if groups and start - groups[-1][1] <= gap:
            groups[-1] = (groups[-1][0], stop, groups[-1][2], after)
        else:
            groups.append((start, stop, before, after))
    found = []
    for start, stop, before, after in groups:
        if before != after and start - first > gap and last - stop > gap:
            middle = (
                0.0 if start - gap <= 0.0 <= stop + gap else (start + stop) / 2.0
            )  # a round place, met by the search
            value = float(_unscaled(slider, np.array(middle)))
            found.append(Change(value, slider.share(value), names[before], names[after]))
    return tuple(found)


def _middles(axis: Control, cells: int) -> FloatArray:
    """The values in the middles of so many cells."""
    first, last = _track(axis)
    return _unscaled(axis, first + (last - first) * (np.arange(cells) + 0.5) / cells)


def _track(slider: Control) -> tuple[float, float]:
    """The ends of a track on its own scale: values, or their logarithms."""
    low, high = slider.ends
    return (math.log(low), math.log(high)) if slider.by_powers else (low, high)


def _unscaled(slider: Control, places: FloatArray) -> FloatArray:
    """The values at places on the scale of a track, within its ends."""
    return np.clip(np.exp(places) if slider.by_powers else places, *slider.ends)
