"""What is worked out while the page already shows its answer, in which order, and how is it sent?

For tables of two players the map and the tipping points are there at once, and the boundaries of the map follow. For
every other model a coarse map comes first, then the tipping points, then finer maps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, process_time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.explorer.axes import nearest_axes
from gametheory.explorer.boundaries import traced
from gametheory.explorer.pieces import change_texts
from gametheory.explorer.scans import Curve, Map, Solve, changes, grid_of_map, region_map
from gametheory.study import EquilibriumClass, classes_over
from gametheory.study.classes import merge

if TYPE_CHECKING:
    from gametheory.explorer.controls import Control
    from gametheory.explorer.prepared import Explored
    from gametheory.model import Model

__all__ = [
    "CELLS",
    "Job",
    "Stage",
    "SupersededError",
    "at_once",
    "in_batches",
    "map_from",
    "map_to",
    "scanned",
    "stages",
]

CELLS = (12, 24, 48)  # of the maps each way, one after the other
POINTS = 65  # values of each parameter that are compared
LONG = 20.0  # seconds of work after which no finer map is begun
# Many games at once cost little more than one, so that batches should be large; but work that nobody wants any more
# ends only after a batch. They start with so many games, and grow or shrink until they last between so many seconds.
FIRST_BATCH, SHORT_WORK, LONG_WORK = 48, 0.5, 2.0

Tips = dict[str, dict[str, object]]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class SupersededError(Exception):
    """The reader has moved on, and nobody wants the rest of this work."""


@dataclass(frozen=True)
class Job:
    """What the page still lacks: the map of ``x`` and ``y`` if they are named, and the tipping points of ``tips``."""

    values: Mapping[str, float]
    order: str
    x: str
    y: str
    tips: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Stage:
    """One piece that is ready, map or tipping points, and in words what is still to come."""

    map: Map | None
    tips: Tips
    left: str


def at_once(page: Explored) -> bool:
    """Whether the map and the tipping points of a model are so quick that the page need not wait for them."""
    return grid_of_map(page.model) > 0


def stages(page: Explored, job: Job, solve: Solve = classes_over, cells: Sequence[int] = ()) -> Iterator[Stage]:
    """Work out what a page lacks, piece by piece, with maps of ``CELLS``, or so many ``cells``, each way.

    ``solve`` may raise to end it.
    """
    if at_once(page):
        if job.x and job.y:
            yield Stage(traced(page.model, page.control(job.x), page.control(job.y), job.values, job.order), {}, "")
        return
    begun, cells = process_time(), (cells or CELLS) if job.x and job.y else ()

    def mapped(place: int, tips: Sequence[str]) -> Stage:
        x, y = page.control(job.x), page.control(job.y)
        found = region_map(page.model, x, y, job.values, job.order, cells[place], solve)
        return Stage(found, {}, _left(cells[place + 1 :], tips))

    if cells:
        yield mapped(0, job.tips)
    if job.tips:
        sliders = [page.control(name) for name in job.tips]
        found = changes(page.model, sliders, job.values, job.order, POINTS, solve)
        yield Stage(None, change_texts(page.names, found, POINTS), _left(cells[1:], ()))
    for place in range(1, len(cells)):
        if process_time() - begun > LONG:
            yield Stage(None, {}, "")
            return
        yield mapped(place, ())


def scanned(
    page: Explored, values: Mapping[str, float], order: str, given: tuple[str, str], *, followed: bool
) -> tuple[Map | None, Tips]:
    """Map and tipping points, worked out while the caller waits: of slow models a map of a middling size.

    ``given`` are the axes of the map; an empty one is chosen as `nearest_axes` does.
    """
    if at_once(page):
        tips = page.changes(values, order)
    else:
        job = Job(values, order, "", "", tuple(control.name for control in page.axes))
        tips = {name: texts for stage in stages(page, job) for name, texts in stage.tips.items()}
    x, y = nearest_axes(page.axes, values, tips, given)
    if not (x and y):
        return None, tips
    if at_once(page) and not followed:
        return page.map(x, y, values, order), tips
    found = [stage.map for stage in stages(page, Job(values, order, x, y, ()), cells=CELLS[1:2]) if stage.map]
    return found[-1] if found else None, tips


def _left(cells: Sequence[int], tips: Sequence[str]) -> str:
    """What is still to come, in words."""
    parts = ["tipping points"] * bool(tips)
    parts += [f"a map of {cells[0]} by {cells[0]} cells"] if cells else []
    return " and ".join(parts)


def in_batches(going_on: Callable[[], None]) -> Solve:
    """Solve points in batches that each last a moment, and call ``going_on``, which may raise, between them."""

    def solve(
        model: Model, design: Mapping[str, FloatArray], order: str
    ) -> tuple[IntArray, tuple[EquilibriumClass, ...]]:
        count, start, size, parts = max(map(len, design.values())), 0, FIRST_BATCH, []
        while start < count:
            going_on()
            begun = monotonic()
            part = {name: column[start : start + size] for name, column in design.items()}
            parts.append(classes_over(model, part, order, 1))
            start += size
            lasted = monotonic() - begun
            size = 4 * size if lasted < SHORT_WORK else max(1, size // 2) if lasted > LONG_WORK else size
        numbers, classes = merge(parts)
        return np.concatenate(numbers), classes

    return solve


def map_to(found: Map) -> dict[str, Any]:
    """A map in plain values."""
    return {
        "x": found.x.name,
        "y": found.y.name,
        "xs": found.xs.tolist(),
        "ys": found.ys.tolist(),
        "codes": found.codes.tolist(),
        "names": list(found.names),
        "curves": [[own.xs, own.ys, own.proved] for own in found.curves],
        "said": found.said,
    }


def map_from(plain: Mapping[str, Any], control: Callable[[str], Control]) -> Map:
    """The map that was written in plain values."""
    return Map(
        control(plain["x"]),
        control(plain["y"]),
        np.array(plain["xs"]),
        np.array(plain["ys"]),
        np.array(plain["codes"], dtype=np.int64),
        tuple(plain["names"]),
        tuple(Curve(tuple(xs), tuple(ys), proved) for xs, ys, proved in plain["curves"]),
        plain["said"],
    )
