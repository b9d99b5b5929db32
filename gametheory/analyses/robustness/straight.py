"""How far is the nearest point at which a slack that falls in a straight line reaches zero, within a box?

The distance of the origin from a plane, each coordinate staying between its ends. In the Euclidean norm every
coordinate moves in proportion to its slope until it meets an end; in the largest norm all move alike. Both are found in
closed form: the ends are met in a known order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["nearest_in_box"]

FloatArray = NDArray[np.float64]


def nearest_in_box(
    slack: float, slopes: FloatArray, least: FloatArray, most: FloatArray, *, euclidean: bool
) -> tuple[float, FloatArray]:
    """The distance to where ``slack + slopes @ x`` falls to zero and below, ``least <= x <= most``, and the point.

    ``slack`` is not negative; without ends the distance is ``slack`` over the dual norm of the slopes. It is infinite,
    the point the origin, where the slack stays at zero or above all over the box.

    >>> distance, point = nearest_in_box(2.0, np.array([3.0, -4.0]), np.full(2, -9.0), np.full(2, 9.0), euclidean=True)
    >>> round(distance, 12), point.round(12).tolist()
    (0.4, [-0.24, 0.32])
    """
    weights = np.abs(slopes)
    room = np.where(slopes > 0, -least, most)  # how far each coordinate can go the way that lowers the slack
    useful = (weights > 0) & (room > 0)
    with np.errstate(invalid="ignore"):
        lowest = slack - float(np.where(useful, weights * room, 0.0).sum())
    if not lowest < 0:
        return np.inf, np.zeros_like(slopes)
    moves = _filled(slack, np.where(useful, weights, 0.0), room, euclidean=euclidean)
    point = -np.sign(slopes) * moves
    return float(np.linalg.norm(moves) if euclidean else moves.max(initial=0.0)), point


def _filled(slack: float, weights: FloatArray, room: FloatArray, *, euclidean: bool) -> FloatArray:
    """Moves ``min(pace * t, room)`` with ``weights @ moves == slack``: pace ``weights``, or 1 in the largest norm."""
    used = np.flatnonzero(weights)
    pace = weights if euclidean else np.sign(weights)
    order = used[np.argsort(room[used] / pace[used], kind="stable")]
    moves, left, speed = np.zeros_like(weights), slack, float(weights @ pace)
    for place in order.tolist():
        if left <= speed * room[place] / pace[place]:
            break
        moves[place] = room[place]
        left -= float(weights[place] * room[place])
        speed -= float(weights[place] * pace[place])
    rest = used[moves[used] == 0]
    speed = float(weights[rest] @ pace[rest])  # summed again: subtraction has rounded it
    moves[rest] = np.minimum(pace[rest] * (left / speed if speed > 0 else 0.0), room[rest])
    return moves
