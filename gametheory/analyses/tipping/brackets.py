"""Where along a line does a label change? Sections of many points at once close in on every change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Brackets", "changes", "clusters", "search_grid", "section"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
# low end, high end, and the row of the caller's table to which each bracket belongs
Brackets = tuple[FloatArray, FloatArray, IntArray]

PARTS = 64  # pieces into which one round cuts each bracket
CROWD = 8  # changes in one bracket beyond which they are taken for rounding
DECADES = 6  # of the geometric half of the grid


def search_grid(low: float, high: float, points: int, *, even: bool = False) -> FloatArray:
    """About ``points`` points from ``low`` to ``high``: half of them evenly spaced, half ever closer towards ``low``.

    With ``even`` all of them are evenly spaced.

    >>> search_grid(0.0, 1.0, 6).round(6).tolist()
    [0.0, 1e-06, 0.001, 0.5, 1.0]
    """
    if even:
        return np.linspace(low, high, points)
    half = points // 2
    regular = np.linspace(low, high, half)
    towards_low = low + (high - low) * np.geomspace(10.0**-DECADES, 1.0, points - half)
    return np.unique(np.concatenate([regular, np.minimum(towards_low, high)]))


def changes(points: FloatArray, labels: IntArray, rows: IntArray, crowd: int | None = None) -> Brackets:
    """The pairs of neighbouring points whose labels differ; ``points`` and ``labels`` are ``[row, place]``.

    Of a row with more than ``crowd`` changes only the first and the last are kept.
    """
    changed = labels[:, 1:] != labels[:, :-1]
    if crowd is not None:
        rank = np.cumsum(changed, axis=1)
        total = rank[:, -1:]
        changed &= (total <= crowd) | (rank == 1) | (rank == total)
    row, place = np.nonzero(changed)
    return points[row, place], points[row, place + 1], rows[row]


def section(
    brackets: Brackets,
    label: Callable[[IntArray, FloatArray], IntArray],
    rounds: int,
    *,
    parts: int = PARTS,
    crowd: int = CROWD,
) -> Brackets:
    """Cut every bracket into ``parts`` pieces and keep those over which the label changes, ``rounds`` times.

    ``label`` gets ``rows[bracket]`` and ``points[bracket, place]`` and returns labels of the shape of the points; all
    brackets of a round are labelled in one call. Several changes in one bracket become brackets of their own; of more
    than ``crowd``, which only rounding brings forth, the outermost two remain.

    >>> low, high, _ = section((np.array([0.0]), np.array([1.0]), np.array([0])),
    ...                        lambda rows, points: (points > 0.3).astype(np.int64), rounds=4)
    >>> bool(low[0] <= 0.3 <= high[0]), bool(high[0] - low[0] < 1e-7)
    (True, True)
    """
    for _ in range(rounds):
        low, high, rows = brackets
        if not len(low):
            break
        steps = np.linspace(0.0, 1.0, parts + 1)
        points = low[:, np.newaxis] * (1.0 - steps) + high[:, np.newaxis] * steps
        brackets = changes(points, label(rows, points), rows, crowd)
    return brackets


def clusters(low: FloatArray, high: FloatArray, gap: float) -> list[tuple[float, float]]:
    """Join brackets that lie closer than ``gap`` to each other: the ends of each cluster, in order.

    >>> clusters(np.array([0.0, 0.1, 0.5]), np.array([0.1, 0.2, 0.6]), 0.01)
    [(0.0, 0.2), (0.5, 0.6)]
    """
    joined: list[tuple[float, float]] = []
    for start, stop in sorted(zip(low.tolist(), high.tolist(), strict=True)):
        if joined and start - joined[-1][1] <= gap:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined
