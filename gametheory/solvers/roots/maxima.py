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
from gametheory.solvers.roots.search import find_roots

__all__ = ["Maxima", "derivative", "find_maxima"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Objective = Callable[[Any, IntArray], Any]  # bounds on the quantity from bounds on the choice, for some games

GRID = 65  # places at which the quantity is worked out first
CLOSE = 1e-9  # share of the interval within which candidates are one place


@dataclass(frozen=True, eq=False)
class Maxima:
    """The places of the largest value, sorted by game and place, each within ``radius`` of what is told.

    ``several[game]`` says that values at different places are the same to within rounding; ``given_up[game]`` that the
    quantity is so flat, or its bounds so wide, that places between those listed are not ruled out.
    """

    game: IntArray
    value: FloatArray
    radius: FloatArray
    several: BoolArray
    given_up: BoolArray


def derivative(objective: Objective) -> Callable[[Sequence[Any], IntArray], list[Any]]:
    """What is zero where a quantity of one variable is largest inside an interval."""

    def follow(values: Sequence[Any], games: IntArray) -> list[Any]:
        found = objective(Slope(values[0], (point(1.0),)), games)
        rate = found.slopes[0] if isinstance(found, Slope) else None
        return [point(np.zeros(len(games))) if rate is None else rate]

    return follow


def find_maxima(objective: Objective, low: FloatArray, high: FloatArray) -> Maxima:
    """Every place between ``low[game]`` and ``high[game]``, ends included, at which a quantity is largest."""
    games = np.arange(len(low))
    steps = np.linspace(0.0, 1.0, GRID)
    best = np.full(len(low), -np.inf)
    for step in steps.tolist():
        best = np.maximum(best, _value(objective, _between(low, high, step), games).low)

    def idle(first: FloatArray, last: FloatArray, rows: IntArray) -> BoolArray:
        return np.asarray(_bounds(objective, Interval(first[:, 0], last[:, 0]), rows).high < best[rows])

    roots = find_roots(derivative(objective), low[:, np.newaxis], high[:, np.newaxis], idle)
    middle = (roots.open_low + roots.open_high)[:, 0] / 2.0
    half = (roots.open_high - roots.open_low)[:, 0] / 2.0
    game = np.concatenate([games, games, roots.game, roots.open_game])
    place = np.concatenate([low, high, roots.value[:, 0], middle])
    radius = np.concatenate([np.zeros(2 * len(low)), roots.radius[:, 0], half])
    inside = (place + radius >= low[game]) & (place - radius <= high[game])
    game, place, radius = game[inside], np.clip(place, low[game], high[game])[inside], radius[inside]
    return _largest(objective, (game, place, radius), (low, high), roots.given_up)


def _largest(
    objective: Objective,
    listed: tuple[IntArray, FloatArray, FloatArray],
    ends: tuple[FloatArray, FloatArray],
    given_up: BoolArray,
) -> Maxima:
    """The candidates whose value may be the largest, those that lie together as one."""
    game, place, radius = listed
    low, high = ends
    around = Interval(np.maximum(place - radius, low[game]), np.minimum(place + radius, high[game]))
    values = _bounds(objective, around, game)
    best = np.full(len(low), -np.inf)
    np.maximum.at(best, game, _value(objective, place, game).low)
    kept = np.asarray(values.high >= best[game])
    order = np.lexsort((place[kept], game[kept]))
    game, place, radius = game[kept][order], place[kept][order], radius[kept][order]
    span = (high - low)[game]
    if not len(game):
        return Maxima(game, place, radius, np.zeros(len(low), dtype=np.bool_), given_up)
    apart = np.ones(len(game), dtype=np.bool_)
    apart[1:] = (game[1:] != game[:-1]) | (place[1:] - place[:-1] > CLOSE * span[1:] + radius[1:] + radius[:-1])
    starts = np.flatnonzero(apart)
    first = np.minimum.reduceat(place - radius, starts)
    last = np.maximum.reduceat(place + radius, starts)
    middle = np.where(first == last, first, first + (last - first) / 2.0)
    owner = game[starts]
    several = np.bincount(owner, minlength=len(low)) > 1
    return Maxima(owner, np.clip(middle, low[owner], high[owner]), (last - first) / 2.0, several, given_up)


def _between(low: FloatArray, high: FloatArray, step: float) -> FloatArray:
    return high if step == 1.0 else low + step * (high - low)


def _bounds(objective: Objective, choice: Interval, games: IntArray) -> Interval:
    """Bounds on the quantity, none where it is not a number."""
    found = objective(choice, games)
    low, high = (np.broadcast_to(end, len(games)) for end in (found.low, found.high))
    return Interval(np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high))


def _value(objective: Objective, place: FloatArray, games: IntArray) -> Interval:
    return _bounds(objective, point(place), games)
