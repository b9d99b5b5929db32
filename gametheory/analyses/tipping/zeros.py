"""Where on a line do many quantities at once vanish, jump over zero or touch it?

All quantities are followed together: one call of their function gives them all, at as many places as asked for. The
search is numerical: two zeros of one quantity between neighbouring places of the grid are found where the quantity dips
between them, and a touch is told from a near miss only up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Zero", "zeros"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Follow = Callable[[FloatArray, IntArray], FloatArray]
"""``follow(places, which)``: the value of quantity ``which[k]`` at ``places[k]``."""

TIE = 1e-11  # a value below this share of the size of its quantity counts as zero
JUMP = 1e-6  # a value beyond this share of the size, on both sides of a change of sign, is a jump
HALVINGS = 64  # of a bracket: from any grid down to neighbouring doubles
SHRINKS = 90  # of the bracket of a dip, each by the golden ratio: to the square root of rounding
GOLDEN = (5**0.5 - 1) / 2


class Zero(NamedTuple):
    """A place at which quantity ``which`` is zero: its sign before and after, and whether it jumps over zero."""

    place: float
    which: int
    before: int
    after: int
    jumps: bool


def zeros(follow: Follow, grid: FloatArray, table: FloatArray, sizes: FloatArray) -> list[Zero]:
    """Every zero of each quantity between the ends of ``grid``, sorted by quantity and place.

    ``table`` is the value ``[place, quantity]`` over the grid and ``sizes`` what counts as large for each. Over a
    stretch on which a quantity stays zero there are two: its start and its end. Values that are not finite end
    a search.
    """
    signs = np.where(np.abs(table) <= TIE * sizes, 0, np.sign(table))
    signs[~np.isfinite(table)] = np.nan
    low, high, which = _sign_changes(signs)
    touches, more = _dips(follow, grid, table, signs, sizes)
    starts = np.concatenate([grid[low], more[0]])
    stops = np.concatenate([grid[high], more[1]])
    owners = np.concatenate([which, more[2].astype(np.int64)])
    found = [*touches, *_refined(follow, starts, stops, owners, sizes), *_flat(follow, grid, signs, sizes)]
    return sorted(found, key=lambda zero: (zero.which, zero.place))


def _sign_changes(signs: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    """Neighbouring places of the grid with opposite signs; a single zero of the grid lies between its neighbours."""
    left, which = np.nonzero(signs[:-1] * signs[1:] < 0)
    over, own = np.nonzero((signs[1:-1] == 0) & (signs[:-2] * signs[2:] < 0))
    return (
        np.concatenate([left, over]),
        np.concatenate([left + 1, over + 2]),
        np.concatenate([which, own]).astype(np.int64),
    )


def _refined(follow: Follow, starts: FloatArray, stops: FloatArray, which: IntArray, sizes: FloatArray) -> list[Zero]:
    """Each bracket halved until its ends are neighbours."""
    if not len(starts):
        return []
    low, high = starts.copy(), stops.copy()
    first, last = follow(low, which), follow(high, which)
    before, after = np.sign(first), np.sign(last)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        value = follow(middle, which)
        left = np.sign(value) == before
        low, first = np.where(left, middle, low), np.where(left, value, first)
        high, last = np.where(left, high, middle), np.where(left, last, value)
    jumps = np.minimum(np.abs(first), np.abs(last)) > JUMP * sizes[which]
    middle = np.where(np.abs(first) <= np.abs(last), low, high)
    columns = (middle, which, before, after, jumps)
    return [Zero(float(p), int(w), int(b), int(a), bool(j)) for p, w, b, a, j in zip(*columns, strict=True)]


def _dips(
    follow: Follow, grid: FloatArray, table: FloatArray, signs: FloatArray, sizes: FloatArray
) -> tuple[list[Zero], tuple[FloatArray, FloatArray, FloatArray]]:
    """Where a quantity comes down to zero between the places of the grid: touches, and brackets of pairs of zeros."""
    size = np.abs(table)
    middle = size[1:-1]
    valley = (middle <= size[:-2]) & (middle <= size[2:]) & (signs[:-2] * signs[2:] > 0)
    valley &= (signs[1:-1] * signs[:-2] >= 0) & ((middle < size[:-2]) | (middle < size[2:]))
    valley[1:] &= ~valley[:-1]  # two neighbours, then equally low, have one valley between them
    place, which = np.nonzero(valley)
    if not len(place):
        return [], (np.empty(0), np.empty(0), np.empty(0))
    side = signs[place, which]
    low, high = grid[place].copy(), grid[place + 2].copy()
    for _ in range(SHRINKS):
        span = high - low
        left, right = high - GOLDEN * span, low + GOLDEN * span
        lower = side * follow(left, which) <= side * follow(right, which)
        low, high = np.where(lower, low, left), np.where(lower, right, high)
    bottom = (low + high) / 2
    depth = side * follow(bottom, which)
    limit = TIE * sizes[which]
    touching = np.flatnonzero(np.abs(depth) <= limit)
    through = np.flatnonzero(depth < -limit)
    touches = [
        Zero(float(bottom[k]), int(which[k]), int(side[k]), int(side[k]), jumps=False) for k in touching.tolist()
    ]
    starts = np.concatenate([grid[place[through]], bottom[through]])
    stops = np.concatenate([bottom[through], grid[place[through] + 2]])
    return touches, (starts, stops, np.concatenate([which[through]] * 2).astype(np.float64))


def _flat(follow: Follow, grid: FloatArray, signs: FloatArray, sizes: FloatArray) -> list[Zero]:
    """The start and the end of each stretch over which a quantity stays zero; a zero at an end of the grid."""
    found = []
    for which in np.flatnonzero((signs == 0).any(axis=0)).tolist():
        own = signs[:, which]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (own == 0).astype(np.int64), [0]])))
        for start, stop in zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True):
            alone = start == stop
            if alone and 0 < start < len(grid) - 1:
                continue  # between its neighbours: a change of sign or a dip
            before = own[start - 1] if start > 0 else 0.0
            after = own[stop + 1] if stop < len(grid) - 1 else 0.0
            if alone:
                found.append(Zero(float(grid[start]), which, _whole(before), _whole(after), jumps=False))
                continue
            if start > 0 and before:
                place = _edge(follow, float(grid[start]), float(grid[start - 1]), which, sizes)
                found.append(Zero(place, which, _whole(before), 0, jumps=False))
            if stop < len(grid) - 1 and after:
                place = _edge(follow, float(grid[stop]), float(grid[stop + 1]), which, sizes)
                found.append(Zero(place, which, 0, _whole(after), jumps=False))
    return found


def _whole(sign: float) -> int:
    """A sign as a whole number; 0 where it is not known."""
    return 0 if np.isnan(sign) else int(sign)


def _edge(follow: Follow, zero: float, other: float, which: int, sizes: FloatArray) -> float:
    """The last place towards ``other`` at which the quantity is still zero."""
    owner = np.array([which])
    for _ in range(HALVINGS):
        middle = (zero + other) / 2
        if abs(float(follow(np.array([middle]), owner)[0])) <= TIE * sizes[which]:
            zero = middle
        else:
            other = middle
    return zero
