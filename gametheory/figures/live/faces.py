"""Into which faces do curves part a square, bounded by the very points of the curves?

The square is [0, 1] each way. Curves meet each other and the rim at their ends alone. The faces are found by walking
along the curves, always turning as far left as there is a way; nothing is rasterised.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Face", "Side", "faces"]

NEAR = 1e-6  # of the square's side: ends of curves as near as this meet, and touch the rim

FloatArray = NDArray[np.float64]
Side = tuple[int, bool]


@dataclass(frozen=True, eq=False)
class Face:
    """One face: its rim as points of the square, anticlockwise, and as points of the given curves; and its area.

    ``sides`` are the curves on its rim, each with whether it runs the way of the rim: the face then is on its left.
    """

    rim: FloatArray
    points: FloatArray
    area: float
    sides: tuple[Side, ...]


@dataclass(frozen=True, eq=False)
class Way:
    """A curve or a piece of the square's edge from one corner to another, on the square and as it was given."""

    ends: tuple[int, int]
    places: FloatArray
    points: FloatArray
    side: Side | None

    def back(self) -> Way:
        """The same way, walked backwards."""
        turned = None if self.side is None else (self.side[0], False)
        return Way(self.ends[::-1], self.places[::-1], self.points[::-1], turned)


def faces(curves: Sequence[tuple[FloatArray, FloatArray]], corners: FloatArray) -> list[Face]:
    """The faces of the square, the largest first, so that each is followed by what lies within it.

    A curve is its places on the square ``[point, 2]`` and its own points, the same number of them; ``corners`` are the
    square's own points at (0, 0), (1, 0), (1, 1) and (0, 1). A face that encloses others takes in their area: it is
    drawn first, and they above it.

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> cut = np.array([[0.0, 0.25], [1.0, 0.25]])
    >>> [face.area for face in faces([(cut, cut)], square)]
    [0.75, 0.25]
    """
    known: list[FloatArray] = []
    ways = [
        Way((_node(known, places[0]), _node(known, places[-1])), places, points, (number, True))
        for number, (places, points) in enumerate(curves)
    ]
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    at_corners = [_node(known, corner) for corner in square]
    own = dict(zip(at_corners, corners, strict=True))
    ends = {node: point for way in ways for node, point in zip(way.ends, (way.points[0], way.points[-1]), strict=True)}
    rim = sorted((turn, node) for node, place in enumerate(known) if (turn := _around(place)) is not None)
    nodes = [node for _, node in rim]
    for first, last in zip(nodes, [*nodes[1:], *nodes[:1]], strict=True):
        points = np.array([own.get(node, ends.get(node)) for node in (first, last)])
        ways.append(Way((first, last), np.array([known[first], known[last]]), points, None))
    walked = [_face(loop) for loop in _loops([step for way in ways for step in (way, way.back())])]
    return sorted((face for face in walked if face.area > 0.0), key=lambda face: -face.area)


def _node(known: list[FloatArray], place: FloatArray) -> int:
    """The number of the corner at a place, a new one where there is none near."""
    snapped = np.clip(place, 0.0, 1.0)
    snapped = np.where(snapped < NEAR, 0.0, np.where(snapped > 1.0 - NEAR, 1.0, snapped))
    for number, other in enumerate(known):
        if math.hypot(*(snapped - other)) < NEAR:
            return number
    known.append(snapped)
    return len(known) - 1


def _around(place: FloatArray) -> float | None:
    """How far along the square's edge a place lies, anticlockwise from (0, 0); None inside."""
    x, y = float(place[0]), float(place[1])
    if y <= 0.0:
        return x
    if x >= 1.0:
        return 1.0 + y
    if y >= 1.0:
        return 3.0 - x
    return 4.0 - y if x <= 0.0 else None


def _loops(steps: Sequence[Way]) -> list[list[Way]]:
    """Every closed walk: from the end of a step always the way on that lies next to it, clockwise from its return."""
    leaving: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for number, way in enumerate(steps):
        run, rise = way.places[1] - way.places[0]
        leaving[way.ends[0]].append((math.atan2(rise, run), number))
    after: dict[int, int] = {}
    for ways in leaving.values():
        turned = [number for _, number in sorted(ways)]
        for turn, number in enumerate(turned):
            after[number ^ 1] = turned[turn - 1]  # steps come in pairs, there and back
    loops, seen = [], set()
    for start in range(len(steps)):
        loop, place = [], start
        while place not in seen:
            seen.add(place)
            loop.append(steps[place])
            place = after[place]
        if loop:
            loops.append(loop)
    return loops


def _face(loop: Sequence[Way]) -> Face:
    """What a closed walk encloses; the area is negative where the walk goes around the outside."""
    rim, points = (np.concatenate([getattr(step, name) for step in loop]) for name in ("places", "points"))
    x, y = rim.T
    area = 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return Face(rim, points, area, tuple(step.side for step in loop if step.side is not None))
