"""Where on an interval is a quantity largest, in every game of a batch, and is the list of places proved?

Candidates are the ends and every place at which the derivative vanishes, jumps over zero or has no bounds. Pieces on
which the quantity stays below a value that it has elsewhere are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions.intervals import Interval, point
from gametheory.expressions.slopes import Slope
from gametheory.solvers.roots.search import Roots, find_roots

__all__ = ["OVERLAP", "Maxima", "derivative", "find_maxima", "widened"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Objective = Callable[[Any, IntArray], Any]  # bounds on the quantity from bounds on the choice, for some games

GRID = 65  # places at which the quantity is worked out first
CLOSE = 1e-6  # share of the interval within which candidates are one place: values tell places apart no better
OVERLAP = 2.0**-50  # share of the interval by which pieces overlap, lest a kink between two of them be in neither
ROUNDED = 1e-12  # relative difference between values that may be rounding
APART = 1e-6  # relative difference from which on a place is worse than the best, or the quantity jumps there


@dataclass(frozen=True, eq=False)
class Maxima:
    """The places of the largest value, sorted by game and place, each within ``radius`` of what is told.

    ``several[game]`` says that values at different places are the same to within rounding; ``given_up[game]`` that the
    quantity is so flat, or its bounds so wide, that places between those listed are not ruled out. ``hidden[game]``
    says that beside some place that is not listed a larger value is not ruled out, ``jumps[game]`` that the quantity
    may jump at a place that is listed, so that it may come close to its largest value without reaching it.
    """

    game: IntArray
    value: FloatArray
    radius: FloatArray
    several: BoolArray
    given_up: BoolArray
    hidden: BoolArray
    jumps: BoolArray


def derivative(objective: Objective) -> Callable[[Sequence[Any], IntArray], list[Any]]:
    """What is zero where a quantity of one variable is largest inside an interval."""

    def follow(values: Sequence[Any], games: IntArray) -> list[Any]:
        found = objective(Slope(values[0], (point(1.0),)), games)
        rate = found.slopes[0] if isinstance(found, Slope) else None
        return [point(np.zeros(len(games))) if rate is None else rate]

    return follow


def find_maxima(objective: Objective, low: FloatArray, high: FloatArray) -> Maxima:
    """Every place between ``low[game]`` and ``high[game]``, ends included, at which a quantity is largest.

    An end at which the quantity has no value is no choice.
    """
    games = np.arange(len(low))
    steps = np.linspace(0.0, 1.0, GRID)
    best = np.full(len(low), -np.inf)
    for step in steps.tolist():
        best = np.maximum(best, _value(objective, _between(low, high, step), games).low)

    def idle(first: FloatArray, last: FloatArray, rows: IntArray) -> BoolArray:
        return np.asarray(_bounds(objective, Interval(first[:, 0], last[:, 0]), rows).high < best[rows])

    follow = derivative(_overlapping(objective, low, high))
    roots = find_roots(follow, low[:, np.newaxis], high[:, np.newaxis], idle)
    return _largest(objective, _candidates(objective, roots, low, high), (low, high), roots.given_up)


def _overlapping(objective: Objective, low: FloatArray, high: FloatArray) -> Objective:
    """The same bounds over slightly wider pieces, which stay between the ends."""
    slack = OVERLAP * (high - low)

    def wider(choice: Any, rows: IntArray) -> Any:
        return objective(widened(choice, slack[rows], low[rows], high[rows]), rows)

    return wider


def widened(choice: Any, slack: FloatArray, low: FloatArray, high: FloatArray) -> Any:
    """A piece of the way from ``low`` to ``high``, wider by ``slack`` on both sides but not beyond these ends."""
    if isinstance(choice, Slope):
        return Slope(widened(choice.value, slack, low, high), choice.slopes)
    first = np.where(choice.low > low, choice.low - slack, choice.low)
    return Interval(first, np.where(choice.high < high, choice.high + slack, choice.high))


def _candidates(
    objective: Objective, roots: Roots, low: FloatArray, high: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Game, place and radius of all that may be best: ends with a value, roots of the derivative, open pieces."""
    games = np.arange(len(low))
    ends, owner = np.concatenate([low, high]), np.concatenate([games, games])
    worth = _value(objective, ends, owner)
    known = np.isfinite(worth.low) | np.isfinite(worth.high)
    first, last = roots.open_low[:, 0], roots.open_high[:, 0]
    game = np.concatenate([owner[known], roots.game, *[roots.open_game] * 3])
    place = np.concatenate([ends[known], roots.value[:, 0], first, (first + last) / 2.0, last])
    width = last - first
    radius = np.concatenate([np.zeros(int(known.sum())), roots.radius[:, 0], width, width / 2.0, width])
    inside = (place + radius >= low[game]) & (place - radius <= high[game])
    game = game[inside]
    return game, np.clip(place[inside], low[game], high[game]), radius[inside]


def _largest(
    objective: Objective,
    listed: tuple[IntArray, FloatArray, FloatArray],
    ends: tuple[FloatArray, FloatArray],
    given_up: BoolArray,
) -> Maxima:
    """The candidates whose value may be the largest, those that lie together as one."""
    game, place, radius = listed
    low, high = ends
    count = len(low)
    around = Interval(np.maximum(place - radius, low[game]), np.minimum(place + radius, high[game]))
    values, own = _bounds(objective, around, game), _value(objective, place, game)
    best = np.full(count, -np.inf)
    np.maximum.at(best, game, own.low)
    kept = np.flatnonzero(values.high >= best[game])
    kept = kept[np.lexsort((place[kept], game[kept]))]
    none = np.zeros(count, dtype=np.bool_)
    if not len(kept):
        return Maxima(game[kept], place[kept], radius[kept], none, given_up, none, none)
    starts, owner, first, last = _clusters(game[kept], place[kept], radius[kept], high - low)
    slack = APART * (1.0 + np.abs(best[owner]))
    with np.errstate(invalid="ignore"):
        reached = np.maximum.reduceat(own.high[kept], starts) >= best[owner] - slack
        jumps = np.minimum.reduceat(values.low[kept], starts) < best[owner] - slack
    middle = _representative(objective, (owner, first, last), starts, place[kept], own.low[kept])
    hidden, several = _any(owner[~reached], count), np.bincount(owner[reached], minlength=count) > 1
    spread = np.maximum(last - middle, middle - first)
    jumping = _any(owner[reached & jumps], count)
    found = (owner[reached], np.clip(middle, low[owner], high[owner])[reached], spread[reached])
    return Maxima(*found, several, given_up, hidden, jumping)


def _clusters(
    game: IntArray, place: FloatArray, radius: FloatArray, span: FloatArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Where each group of candidates that lie together begins, its game and its ends."""
    apart = np.ones(len(game), dtype=np.bool_)
    near = CLOSE * span[game[1:]] + radius[1:] + radius[:-1]
    apart[1:] = (game[1:] != game[:-1]) | (place[1:] - place[:-1] > near)
    starts = np.flatnonzero(apart)
    return (
        starts,
        game[starts],
        np.minimum.reduceat(place - radius, starts),
        np.maximum.reduceat(place + radius, starts),
    )


def _representative(
    objective: Objective,
    groups: tuple[IntArray, FloatArray, FloatArray],
    starts: IntArray,
    place: FloatArray,
    worth: FloatArray,
) -> FloatArray:
    """The middle of each group, or its best candidate where that is better by more than rounding."""
    owner, first, last = groups
    middle = np.where(first == last, first, first + (last - first) / 2.0)
    group = np.repeat(np.arange(len(starts)), np.diff([*starts.tolist(), len(place)]))
    top = np.lexsort((-worth, group))[starts]
    with np.errstate(invalid="ignore"):
        worse = _value(objective, middle, owner).low < worth[top] - ROUNDED * (1.0 + np.abs(worth[top]))
    return np.where(worse, place[top], middle)


def _any(game: IntArray, count: int) -> BoolArray:
    return np.asarray(np.bincount(game, minlength=count) > 0)


def _between(low: FloatArray, high: FloatArray, step: float) -> FloatArray:
    return high if step == 1.0 else low + step * (high - low)


def _bounds(objective: Objective, choice: Interval, games: IntArray) -> Interval:
    """Bounds on the quantity, none where it is not a number."""
    found = objective(choice, games)
    low, high = (np.broadcast_to(end, len(games)) for end in (found.low, found.high))
    return Interval(np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high))


def _value(objective: Objective, place: FloatArray, games: IntArray) -> Interval:
    return _bounds(objective, point(place), games)
