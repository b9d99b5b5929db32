"""What can be said of conditions on probabilities that no elimination settles?

Each condition is linear in each unknown alone, so that over a box of probabilities its extremes lie in the corners.
Boxes are halved, and dropped where some condition cannot hold. Newton's method starts from those that are left. Where
they all surround roots of which each is alone in its surroundings (the derivatives, bounded over them, are near enough
to those at the root), the list is complete; else it stays open.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gametheory.games.trees import FloatArray
from gametheory.solvers.trees.cells import SLACK, System, fulfils, picked
from gametheory.solvers.trees.polynomials import Polynomial, unknowns

MOST_BOXES, SMALL = 3_000, 1 / 256  # boxes that may be open at once, and the width at which halving ends
FEW_BOXES = 200  # the same where there are fewer equations than unknowns, which no number of boxes would settle
MOST_UNKNOWNS = 8
MOST_STARTS = 60  # boxes from which Newton's method is started


@dataclass(frozen=True, eq=False)
class Searched:
    """Solutions in one game, the unknowns in the order of ``numbers``, and whether these are proved to be all."""

    numbers: tuple[int, ...]
    points: tuple[FloatArray, ...]
    all_found: bool


def search(system: System, place: int) -> Searched:
    """Search the unit box for solutions of the conditions in the game at ``place`` among those of the system.

    >>> from gametheory.solvers.trees.polynomials import add, constant, multiply, unknown
    >>> one, (u, v, w) = constant(np.ones(1)), (unknown(k, 1) for k in range(3))
    >>> half = [add(multiply(*pair), constant(np.array([0.25])), -1.0) for pair in ((u, v), (v, w), (u, w))]
    >>> found = search(System(np.arange(1), tuple(half), (), frozenset(), {}), 0)
    >>> [point.round(6).tolist() for point in found.points], found.all_found
    ([[0.5, 0.5, 0.5]], True)
    """
    chosen = np.zeros(len(system.rows), dtype=bool)
    chosen[place] = True
    own = picked(system, chosen)
    numbers = unknowns((*own.equations, *own.bounds))
    if len(numbers) > MOST_UNKNOWNS:
        return Searched(numbers, (), all_found=False)
    boxes = _halved(own, numbers)
    if not len(boxes):
        return Searched(numbers, (), all_found=True)
    points = _roots(own, numbers, boxes)
    return Searched(numbers, tuple(points), _all_alone(own, numbers, boxes, points))


def _terms(polynomial: Polynomial, numbers: tuple[int, ...]) -> list[tuple[list[int], float, float]]:
    """The places of the unknowns in each term, its coefficient, and its magnitude."""
    return [
        ([numbers.index(k) for k in key], float(values[0, 0]), float(values[1, 0]))
        for key, values in polynomial.items()
    ]


def _extremes(terms: list[tuple[list[int], float, float]], boxes: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and largest value over each box ``[box, unknown, end]``, with room for rounding."""
    used = sorted({place for places, _, _ in terms for place in places})
    low, high = np.full(len(boxes), np.inf), np.full(len(boxes), -np.inf)
    for corner in product((0, 1), repeat=len(used)):
        at = {place: boxes[:, place, end] for place, end in zip(used, corner, strict=True)}
        value, size = np.zeros(len(boxes)), np.zeros(len(boxes))
        for places, coefficient, magnitude in terms:
            factor = np.ones(len(boxes))
            for place in places:
                factor = factor * at[place]
            value, size = value + coefficient * factor, size + magnitude * factor
        low, high = np.minimum(low, value - SLACK * size), np.maximum(high, value + SLACK * size)
    return low, high


def _halved(system: System, numbers: tuple[int, ...]) -> FloatArray:
    """The boxes in which every condition may hold, once they are small or too many."""
    equations = [_terms(p, numbers) for p in system.equations]
    bounds = [_terms(p, numbers) for p in system.bounds]
    boxes = np.tile(np.array([0.0, 1.0]), (1, len(numbers), 1))
    most = MOST_BOXES if len(equations) >= len(numbers) else FEW_BOXES
    while True:
        kept = np.ones(len(boxes), dtype=bool)
        for terms in equations:
            low, high = _extremes(terms, boxes)
            kept &= (low <= 0) & (high >= 0)
        for terms in bounds:
            kept &= _extremes(terms, boxes)[1] >= 0
        boxes = boxes[kept]
        width = boxes[:, :, 1] - boxes[:, :, 0]
        if not len(boxes) or len(boxes) > most or width.max() <= SMALL:
            return boxes
        widest = width.argmax(axis=1)
        rows = np.arange(len(boxes))
        middle = boxes[rows, widest].mean(axis=1)
        lower, upper = boxes.copy(), boxes.copy()
        lower[rows, widest, 1], upper[rows, widest, 0] = middle, middle
        boxes = np.concatenate([lower, upper])


def _values(terms: list[tuple[list[int], float, float]], point: FloatArray) -> tuple[float, FloatArray]:
    """Value and gradient of one condition at a point."""
    value, gradient = 0.0, np.zeros(len(point))
    for places, coefficient, _ in terms:
        value += coefficient * float(np.prod(point[places]))
        for place in places:
            others = [k for k in places if k != place]
            gradient[place] += coefficient * float(np.prod(point[others]))
    return value, gradient


def _roots(system: System, numbers: tuple[int, ...], boxes: FloatArray) -> list[FloatArray]:
    """Distinct solutions to which Newton's method leads from the middle of boxes."""
    equations = [_terms(p, numbers) for p in system.equations]
    found: list[FloatArray] = []
    step = max(1, len(boxes) // MOST_STARTS)
    for point in boxes[::step].mean(axis=2):
        root = point
        for _ in range(30):
            values = [_values(terms, root) for terms in equations]
            if not values:
                break
            move = np.linalg.lstsq(np.array([g for _, g in values]), np.array([v for v, _ in values]), rcond=None)[0]
            root = root - move
            if np.abs(move).max() <= 1e-15 or np.abs(root).max() > 10:
                break
        root = np.where(np.abs(root) <= SLACK, 0.0, np.where(np.abs(root - 1) <= SLACK, 1.0, root))
        known = {number: root[k : k + 1] for k, number in enumerate(numbers)}
        new = all(np.abs(root - other).max() > 1e-8 for other in found)
        if new and fulfils(system, known)[0]:
            found.append(root)
            if len(equations) < len(numbers):
                break  # a continuum: one point of it stands for all
    return found


def _all_alone(system: System, numbers: tuple[int, ...], boxes: FloatArray, points: list[FloatArray]) -> bool:
    """Whether every box that is left lies where one of the solutions is the only one.

    With ``Y`` the inverse of the derivatives at a solution, no other lies in a box around it over which ``|I - Y J|``,
    summed by rows, stays below 1.
    """
    equations = [_terms(p, numbers) for p in system.equations]
    if len(equations) != len(numbers) or not points or len(boxes) > MOST_BOXES:
        return False
    left: NDArray[np.bool_] = np.ones(len(boxes), dtype=bool)
    for point in points:
        slopes = np.array([_values(terms, point)[1] for terms in equations])
        if np.linalg.cond(slopes) > 1e10:
            return False
        inverse = np.linalg.inv(slopes)
        for reach in (0.25, 0.1, 0.04, 0.015, 0.006):
            box = np.stack([point - reach, point + reach], axis=1)[np.newaxis]
            if _slope_spread(equations, slopes, inverse, box) < 1:
                left &= ~((boxes[:, :, 0] >= point - reach) & (boxes[:, :, 1] <= point + reach)).all(axis=1)
                break
    return not left.any()


def _slope_spread(
    equations: list[list[tuple[list[int], float, float]]], slopes: FloatArray, inverse: FloatArray, box: FloatArray
) -> float:
    """The largest row sum of ``|I - Y J|`` over a box."""
    size = len(equations)
    spread = np.zeros((size, size))
    for row, terms in enumerate(equations):
        for column in range(size):
            own = [([k for k in places if k != column], c, m) for places, c, m in terms if column in places]
            low, high = _extremes(own, box) if own else (np.zeros(1), np.zeros(1))
            spread[row, column] = max(high[0] - slopes[row, column], slopes[row, column] - low[0])
    return float((np.abs(inverse) @ spread).sum(axis=1).max())
