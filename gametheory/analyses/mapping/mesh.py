"""Into which cells does a plane fall, such that each holds one set of equilibria or a single piece of boundary?

A grid of lines is laid over the plane and its corners are solved. Where the label changes along the side of a cell, the
change is located; a cell whose boundary is more than one piece is cut into four, again and again. What is left over are
cells so small that their boundaries meet at one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.mapping.edges import Crossing, crossings

if TYPE_CHECKING:
    from gametheory.analyses.mapping.planes import Plane

__all__ = ["INSET", "Cell", "Mesh", "Ring", "mesh", "pairs"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Corner = tuple[int, int]
Side = tuple[Corner, Corner]  # from the lower to the higher corner
Cell = tuple[int, int, int]  # the lower left corner and the length of a side, in steps of the lattice

DEPTH = 6  # times that a cell may be halved
STEP: int = 2**DEPTH  # of the lattice between two lines of the grid
MOST_CELLS = 3000  # cells with boundaries beyond which none is cut any more: hundreds of regions, which nobody can read
# How far from the ends of the plane, where ties are common, the outer lines of each axis lie.
INSET = ((1e-7, 2.3e-7), (1.3e-7, 1.7e-7))
# By which share of a cell the inner lines are shifted: boundaries run through round values and along diagonals more
# often than through places that are irrational and differ between the axes.
SHIFTS = ((5**0.5 - 1) / 2, 2**0.5 - 1)


@dataclass(frozen=True)
class Ring:
    """What is met on the way round a cell, against the clock: its corners and the crossings, in order.

    ``labels[k]`` is the label between crossing ``k`` and the next; without crossings it has the one label of the cell.
    """

    points: tuple[tuple[float, float], ...]
    marks: tuple[int, ...]  # which of the points are crossings
    crossings: tuple[Crossing, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Mesh:
    """A grid over a plane, finer where boundaries meet.

    ``lines`` are those of x and of y; ``grid`` the labels of the corners ``[line of y, line of x]``; ``cells`` those
    cells, of any size, that may hold a boundary. All other cells of the grid have one label.
    """

    plane: Plane
    lines: tuple[FloatArray, FloatArray]
    grid: IntArray
    cells: set[Cell]
    labels: dict[Corner, int] = field(default_factory=dict)
    sides: dict[Side, list[Crossing]] = field(default_factory=dict)
    halves: dict[Side, Corner] = field(default_factory=dict)

    @cached_property
    def steps(self) -> tuple[list[float], ...]:
        """Where the steps of the lattice lie on each axis."""
        every = np.arange(self.last + 1)
        return tuple([float(at) for at in np.interp(every, every[::STEP], own)] for own in self.lines)

    @property
    def last(self) -> int:
        """The last step of the lattice."""
        return STEP * (len(self.grid) - 1)

    def place(self, corner: Corner) -> tuple[float, float]:
        """Where a corner lies."""
        across, up = self.steps
        return across[corner[0]], up[corner[1]]

    def ring(self, cell: Cell) -> Ring:
        """The way round a cell."""
        points: list[tuple[float, float]] = []
        marks: list[int] = []
        met: list[Crossing] = []
        labels: list[int] = []
        corners = _corners(cell)
        for start, stop in zip(corners, (*corners[1:], corners[0]), strict=True):
            points.append(self.place(start))
            forward = start < stop
            found = self.along((start, stop) if forward else (stop, start))
            for one in found if forward else reversed(found):
                marks.append(len(points))
                points.append(one.place)
                met.append(one)
                labels.append(one.after if forward else one.before)
        return Ring(tuple(points), tuple(marks), tuple(met), tuple(labels) or (self.labels[corners[0]],))

    def coarse(self) -> list[Cell]:
        """The cells in which boundaries meet and which can still be cut, in order."""
        return sorted(cell for cell in self.cells if cell[2] > 1 and pairs(self.ring(cell)) is None)

    def along(self, side: Side) -> list[Crossing]:
        """The crossings of a side, those of its halves where it was cut."""
        if side not in self.halves:
            return self.sides[side]
        middle = self.halves[side]
        return [*self.along((side[0], middle)), *self.along((middle, side[1]))]

    def quiet(self) -> Iterator[tuple[int, float]]:
        """The label and the area of each cell of the grid that holds no boundary."""
        widths, heights = (np.diff(own) for own in self.lines)
        opened = self.opened
        for row, height in enumerate(heights.tolist()):
            for column, width in enumerate(widths.tolist()):
                if (column, row) not in opened:
                    yield int(self.grid[row, column]), width * height

    @property
    def opened(self) -> set[Corner]:
        """The cells of the grid, by column and row, that may hold a boundary."""
        return {(x // STEP, y // STEP) for x, y, _ in self.cells}


def mesh(plane: Plane, resolution: int) -> Mesh:
    """The mesh of a plane whose grid has ``resolution`` cells a side."""
    first, second = (_lines(resolution, *own) for own in zip(INSET, SHIFTS, strict=True))
    x, y = np.meshgrid(first, second)
    grid = plane.labels(np.column_stack([x.ravel(), y.ravel()])).reshape(x.shape)
    corners = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:]])
    mixed = np.argwhere((corners != corners[0]).any(axis=0)).tolist()
    found = Mesh(plane, (first, second), grid, {(column * STEP, row * STEP, STEP) for row, column in mixed})
    _open(found, sorted(found.cells))
    while (coarse := found.coarse()) and len(found.cells) < MOST_CELLS:
        _cut(found, coarse)
    return found


def _lines(resolution: int, inset: tuple[float, float], shift: float) -> FloatArray:
    """The lines of a grid on one axis."""
    inner = (np.arange(resolution - 1) + shift) / resolution
    return np.concatenate([[inset[0]], inner, [1.0 - inset[1]]])


def pairs(ring: Ring) -> list[tuple[int, int]] | None:
    """Which crossings belong together, where boundaries pass through a cell side by side; None where they may meet.

    Neighbours on the way round are one boundary if the same slack vanishes at both and the label before the first is
    that after the second; what lies between two such is looked at once they are taken out. Empty without crossings.
    """
    left = list(range(len(ring.crossings)))
    found: list[tuple[int, int]] = []
    while left:
        near = [(k, (k + 1) % len(left)) for k in range(len(left) if len(left) > 2 else 1)]
        joined = [(left[k], left[next_]) for k, next_ in near if len(left) > 1 and _joins(ring, left, k, next_)]
        ends = [end for pair in joined for end in pair]
        if not joined or len(set(ends)) < len(ends):
            return None
        found += [(min(pair), max(pair)) for pair in joined]
        left = [k for k in left if k not in ends]
    return found


def _joins(ring: Ring, left: list[int], first: int, second: int) -> bool:
    """Whether two neighbours among the crossings that are left over are ends of one boundary."""
    one, other = ring.crossings[left[first]], ring.crossings[left[second]]
    sides = {one.before, one.after} == {other.before, other.after}
    outer = ring.labels[left[first - 1]] == ring.labels[left[second]]
    return sides and outer and (bool(one.binding & other.binding) or not (one.binding or other.binding))


def _corners(cell: Cell) -> tuple[Corner, Corner, Corner, Corner]:
    """The corners of a cell against the clock, from the lower left."""
    x, y, size = cell
    return (x, y), (x + size, y), (x + size, y + size), (x, y + size)


def _sides(cell: Cell) -> list[Side]:
    """The sides of a cell."""
    a, b, c, d = _corners(cell)
    return [(a, b), (b, c), (d, c), (a, d)]


def _open(found: Mesh, cells: Iterable[Cell]) -> None:
    """Label the corners of some cells, locate the crossings on their sides, and open the cells beyond those.

    Sides whose ends are alike are searched too: a region may reach across them.
    """
    listed = list(cells)
    while listed:
        _label(found, sorted({corner for cell in listed for corner in _corners(cell)} - found.labels.keys()))
        wanted = {side for cell in listed for side in _sides(cell)}
        sides = sorted(side for side in wanted if side not in found.sides and side not in found.halves)
        ends = np.array([[found.place(corner) for corner in side] for side in sides]).reshape(-1, 2, 2)
        found.sides.update(zip(sides, crossings(found.plane, ends[:, 0], ends[:, 1]), strict=True))
        listed = _beyond(found, wanted)
        found.cells.update(listed)


def _beyond(found: Mesh, sides: Iterable[Side]) -> list[Cell]:
    """The cells of the grid next to sides with a crossing that are not open yet."""
    opened = found.opened
    beside = {
        (x // STEP, y // STEP)
        for (x0, y0), (x1, y1) in sides
        for x, y in ((x0 - (x0 == x1), y0 - (y0 == y1)), (x0, y0))
        if 0 <= x < found.last and 0 <= y < found.last and found.along(((x0, y0), (x1, y1)))
    }
    return [(x * STEP, y * STEP, STEP) for x, y in sorted(beside - opened)]


def _label(found: Mesh, corners: Sequence[Corner]) -> None:
    """Solve the games at some corners; those of the grid are known."""
    known = [corner for corner in corners if not (corner[0] % STEP or corner[1] % STEP)]
    found.labels.update((corner, int(found.grid[corner[1] // STEP, corner[0] // STEP])) for corner in known)
    new = [corner for corner in corners if corner not in found.labels]
    places = np.array([found.place(corner) for corner in new], dtype=np.float64).reshape(-1, 2)
    found.labels.update(zip(new, found.plane.labels(places).tolist(), strict=True))


def _cut(found: Mesh, cells: Sequence[Cell]) -> None:
    """Cut some cells into four."""
    quarters = []
    for x, y, size in cells:
        half = size // 2
        quarters += [(x + i, y + j, half) for i in (0, half) for j in (0, half)]
        for (x0, y0), (x1, y1) in _sides((x, y, size)):
            found.halves.setdefault(((x0, y0), (x1, y1)), ((x0 + x1) // 2, (y0 + y1) // 2))
    found.cells.difference_update(cells)
    found.cells.update(quarters)
    _open(found, quarters)
