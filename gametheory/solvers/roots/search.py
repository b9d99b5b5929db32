"""Where are all roots of some equations in a box, in every game of a batch, and is the list proved?

The box is cut up until every piece holds for certain no root, or lies in a box that holds for certain exactly one.
What stays open down to the smallest pieces is returned as open: a root of higher order, a line of roots, or a place at
which the equations have no finite value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.solvers.roots.boxes import Follow, excluded, krawczyk

__all__ = ["Roots", "find_roots"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Idle = Callable[[FloatArray, FloatArray, IntArray], BoolArray]

PIECES = 8  # into which the bracket of a single unknown is cut at first
SLICE = 2**14  # boxes looked at together: some megabytes an array
SMALLEST = 1e-10  # share of the bracket below which a piece is cut no further
MOST_PIECES = (4_000, 60_000)  # looked at in a game of one unknown, and of several, before it is given up
KEPT = 0.75  # a piece that shrinks less than this is cut in two
POLISH = 200  # steps, at most, of the test on a box with one root: the last few square its width, down to rounding
SLOWEST = 0.9999  # a step that shrinks the box less than this ends them: far from the root they are slow at first
SAME = 2.0**-50  # share of the bracket that rounding may put between two boxes around one root


class _Pieces(NamedTuple):
    """Boxes with the number of their games."""

    low: FloatArray
    high: FloatArray
    game: IntArray

    def at(self, chosen: BoolArray) -> _Pieces:
        return _Pieces(self.low[chosen], self.high[chosen], self.game[chosen])


@dataclass(frozen=True, eq=False)
class Roots:
    """The roots of each game, sorted by game and then by value.

    A root lies within ``radius[root, variable]`` of ``value[root, variable]``, the only one nearby; it may lie outside
    the box, beside it. ``open_game`` and the ends ``open_low`` and ``open_high`` are the pieces about which nothing is
    proved; ``given_up[game]`` says where so many were open that the search stopped.
    """

    game: IntArray
    value: FloatArray
    radius: FloatArray
    open_game: IntArray
    open_low: FloatArray
    open_high: FloatArray
    given_up: BoolArray


def find_roots(follow: Follow, low: FloatArray, high: FloatArray, idle: Idle | None = None) -> Roots:
    """Every root in the boxes from ``low[game, variable]`` to ``high[game, variable]``.

    ``idle(low, high, game)`` may name pieces in which nobody is interested, whether they hold a root or not.
    """
    games, size = low.shape
    span = np.maximum(high - low, np.finfo(np.float64).tiny)
    waiting = [_first(low, high)]
    found: list[_Pieces] = []
    undecided: list[_Pieces] = []
    work, given_up = np.zeros(games, dtype=np.int64), np.zeros(games, dtype=np.bool_)
    most = MOST_PIECES[size > 1]
    while waiting:
        pieces = waiting.pop()
        if len(pieces.game) > SLICE:
            waiting.append(_Pieces(pieces.low[SLICE:], pieces.high[SLICE:], pieces.game[SLICE:]))
            pieces = _Pieces(pieces.low[:SLICE], pieces.high[:SLICE], pieces.game[:SLICE])
        np.add.at(work, pieces.game, 1)
        given_up |= work > most
        pieces = pieces.at(~given_up[pieces.game])
        pieces = pieces.at(~excluded(follow, *pieces))
        if idle is not None:
            pieces = pieces.at(~idle(*pieces))
        if not len(pieces.game):
            continue
        one, left, rest = _judged(follow, pieces, span)
        found.append(one)
        undecided.append(left)
        if len(rest.game):
            waiting.append(rest)
    proved = _joined(found, size)
    value, radius = _polished(follow, proved)
    return _sorted(value, radius, proved.game, _joined(undecided, size), given_up, span)


def _first(low: FloatArray, high: FloatArray) -> _Pieces:
    """The whole boxes; of a single unknown in several pieces."""
    games, size = low.shape
    if size > 1:
        return _Pieces(low, high, np.arange(games))
    steps = np.linspace(0.0, 1.0, PIECES + 1)
    cuts = low * (1.0 - steps) + high * steps
    cuts[:, 0], cuts[:, -1] = low[:, 0], high[:, 0]
    game = np.repeat(np.arange(games), PIECES)
    return _Pieces(cuts[:, :-1].reshape(-1, 1), cuts[:, 1:].reshape(-1, 1), game)


def _judged(follow: Follow, pieces: _Pieces, span: FloatArray) -> tuple[_Pieces, _Pieces, _Pieces]:
    """Boxes that hold exactly one root, pieces too small to be cut further, and the pieces that are left to look at.

    A piece that has shrunk to a small one only now is looked at once more.
    """
    tested = krawczyk(follow, *pieces)
    one = [pieces.at(tested.holds_one)]
    left = ~(tested.empty | tested.holds_one)
    before = pieces.at(left)
    now = _Pieces(tested.low[left], tested.high[left], before.game)
    around, covered = _around(follow, now, tested.regular[left], span)
    one.append(around)
    before, now = before.at(~covered), now.at(~covered)
    small = np.asarray(((before.high - before.low) <= SMALLEST * span[before.game]).all(axis=1))
    undecided, before, now = now.at(small), before.at(~small), now.at(~small)
    shrunk = np.asarray(((now.high - now.low) < KEPT * (before.high - before.low)).any(axis=1))
    halves = _halved(now.at(~shrunk), span)
    size = pieces.low.shape[1]
    return _joined(one, size), undecided, _joined([now.at(shrunk), halves], size)


def _around(follow: Follow, pieces: _Pieces, regular: BoolArray, span: FloatArray) -> tuple[_Pieces, BoolArray]:
    """Boxes with one root that cover a piece on whose rim a root may lie, and which pieces they cover."""
    covered = np.zeros(len(pieces.game), dtype=np.bool_)
    places = np.flatnonzero(regular)
    if not len(places):
        return pieces.at(covered), covered
    own = pieces.at(regular)
    reach = np.maximum(own.high - own.low, 1e-9 * span[own.game])
    wider = _Pieces(own.low - reach, own.high + reach, own.game)
    tested = krawczyk(follow, *wider)
    covered[places[tested.holds_one | tested.empty]] = True
    return wider.at(tested.holds_one), covered


def _halved(pieces: _Pieces, span: FloatArray) -> _Pieces:
    """Each piece as two, cut across its longest side."""
    width = (pieces.high - pieces.low) / span[pieces.game]
    side, row = width.argmax(axis=1), np.arange(len(pieces.game))
    middle = pieces.low[row, side] + (pieces.high[row, side] - pieces.low[row, side]) / 2.0
    left, right = pieces.high.copy(), pieces.low.copy()
    left[row, side], right[row, side] = middle, middle
    halves = [_Pieces(pieces.low, left, pieces.game), _Pieces(right, pieces.high, pieces.game)]
    return _joined(halves, pieces.low.shape[1])


def _polished(follow: Follow, boxes: _Pieces) -> tuple[FloatArray, FloatArray]:
    """Middle and half width of boxes with one root each, shrunk until rounding stops it."""
    low, high = boxes.low.copy(), boxes.high.copy()
    left = np.arange(len(low))
    for _ in range(POLISH):
        if not len(left):
            break
        tested = krawczyk(follow, low[left], high[left], boxes.game[left])
        width = high[left] - low[left]
        kept = ~tested.empty
        low[left[kept]], high[left[kept]] = tested.low[kept], tested.high[kept]
        left = left[((high[left] - low[left]) < SLOWEST * width).any(axis=1)]
    return low + (high - low) / 2.0, (high - low) / 2.0


def _sorted(
    value: FloatArray, radius: FloatArray, game: IntArray, left: _Pieces, given_up: BoolArray, span: FloatArray
) -> Roots:
    """The roots in order, each once: two boxes with one root each have the same one where what is left overlaps."""
    order = np.lexsort((*value.T[::-1], game))
    value, radius, game = value[order], radius[order], game[order]
    fresh = np.ones(len(game), dtype=np.bool_)
    for place in range(1, len(game)):
        before = place - 1
        while before >= 0 and game[before] == game[place]:
            reach = radius[place] + radius[before] + SAME * span[game[place]]
            if fresh[before] and (np.abs(value[place] - value[before]) <= reach).all():
                fresh[place] = False
                break
            before -= 1
    return Roots(game[fresh], value[fresh], radius[fresh], left.game, left.low, left.high, given_up)


def _joined(parts: list[_Pieces], size: int) -> _Pieces:
    """Several lists of boxes as one."""
    if not parts:
        return _Pieces(np.empty((0, size)), np.empty((0, size)), np.empty(0, dtype=np.int64))
    return _Pieces(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
