"""Where exactly does a slack change its sign, between two games whose equilibria differ?

A solution that ends between two points has a slack that falls through zero there, and one that begins has a slack that
rises. Each slack is a smooth function of the payoffs on both sides of that point, so its zero is found from the slack
alone, clear of the narrow zone in which a solver reads the nearly equal payoffs as a tie. Where a slack dips towards
zero and rises again, two such points may lie close together.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.tipping.brackets import Brackets, section
from gametheory.analyses.tipping.slacks import Slack, slack_size, slack_values, slacks
from gametheory.kernels.payoffs import ROUNDING

if TYPE_CHECKING:
    from gametheory.analyses.tipping.lines import Line
    from gametheory.solutions import Solutions
    from gametheory.study import Profile

__all__ = [
    "Approach",
    "Crossing",
    "Suspect",
    "approaches",
    "blurred",
    "crossings",
    "suspects",
    "tied_up_to",
    "vanishes",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PARTS, ROUNDS = 16, 6  # a window shrinks 16 million times: to 1e-13 of the range even at a jump; then a linear step
ONE_SIDED_ROUNDS = 7  # a window shrinks to the rounding of its places: no straight line leads to such a zero
DIP = 4.0  # a minimum this many times as high as the fall towards it may reach zero between its neighbours
DIP_ROUNDS = 6  # each leaves an eighth of the interval: 262,144 times less
MOST_DIPS = 64  # that are looked into, the most promising first
MIXED_GAMES = 8192  # in which mixed solutions are followed, each slack counted
TOUCH = 1e-8  # a minimum below this share of the value at the ends is zero to within rounding
EPSILON = float(np.finfo(np.float64).eps)
NOISE = 16 * EPSILON  # slacks below this share of the payoffs are rounding; less than what the solvers read as a tie
EXACT = 4 * EPSILON  # slacks below this share are a tie in truth
BLUR = 4 * ROUNDING  # slacks below this share may be read as a tie: a window reaches a little beyond the solvers' own


class Suspect(NamedTuple):
    """A slack that may vanish in a window, and whether its solution ends (or begins) there as the parameter grows."""

    slack: Slack
    ends: bool
    low: float
    high: float


class Crossing(NamedTuple):
    """A zero of a suspect's slack, as a place on the line."""

    value: float
    suspect: Suspect
    one_sided: bool  # the slack is zero on one side of that place


class Approach(NamedTuple):
    """A place between two others at which a slack is lowest, and whether it is zero there to within rounding."""

    low: float
    place: float
    high: float
    touches: bool


def suspects(line: Line, stations: FloatArray, low: float, high: float) -> list[Suspect]:
    """Every slack of every solution that is there at one of the neighbouring ``stations`` and not at the next.

    The first and the last station are compared too: between them may lie a zone that reads as a tie. ``low`` and
    ``high`` are the ends of the window in which the slacks are to be followed.
    """
    solutions = line.solutions(stations)
    held = [_profiles(solutions, game) for game in range(len(stations))]
    pairs = [(k, k + 1) for k in range(len(stations) - 1)]
    if len(stations) > 2:
        pairs.append((0, len(stations) - 1))
    found: dict[tuple[Slack, bool], Suspect] = {}
    for first, second in pairs:
        for ends, here, there in ((True, first, second), (False, second, first)):
            for profile in held[here].keys() - held[there].keys():
                for slack in (slack for number in held[here][profile] for slack in slacks(solutions, number)):
                    if slack.support and len(solutions.players) > 2:
                        continue  # a mixture of three players or more is no linear system
                    key = (replace(slack, value=0.0, relative=0.0), ends)
                    found.setdefault(key, Suspect(slack, ends, low, high))
    return list(found.values())


def crossings(line: Line, listed: list[Suspect]) -> list[Crossing]:
    """Every zero of every suspect in its window, in one batch of games a round.

    Where a slack is exactly zero on one side, the zero is the end of that side.
    """
    if not listed:
        return []
    low, high = np.array([s.low for s in listed]), np.array([s.high for s in listed])
    ends = _values(line, listed, np.arange(len(listed)), np.stack([low, high], axis=1))
    found = []
    for chosen, band, rounds in ((_changes_sign(ends), 0.0, ROUNDS), (_leaves_zero(ends), NOISE, ONE_SIDED_ROUNDS)):
        rows = np.flatnonzero(chosen)
        zeros = _closed_in(line, listed, (low[rows], high[rows], rows), band, rounds)
        found += [Crossing(zero, listed[row], band > 0.0) for zero, row in zeros]
    return found


def _closed_in(
    line: Line, listed: list[Suspect], brackets: Brackets, band: float, rounds: int
) -> list[tuple[float, int]]:
    """The zeros within the brackets, each with its suspect's number; values up to ``band`` count as zero."""

    def side(rows: IntArray, points: FloatArray) -> IntArray:
        values = _values(line, listed, rows, points)
        return np.where(np.abs(values) > band, np.sign(values), 0.0).astype(np.int64)

    low, high, rows = section(brackets, side, rounds, parts=PARTS, crowd=2)
    if not len(rows):
        return []
    left, right = _values(line, listed, rows, np.stack([low, high], axis=1)).T
    fall = left - right
    zeros = low + (high - low) * np.divide(left, fall, out=np.full_like(left, 0.5), where=fall != 0.0)
    return _without_plateaus(line, listed, zeros, rows)


def _without_plateaus(line: Line, listed: list[Suspect], zeros: FloatArray, rows: IntArray) -> list[tuple[float, int]]:
    """Neighbouring zeros of one suspect between which its slack is only rounding count as one, in their middle."""
    order = np.lexsort((zeros, rows))
    zeros, rows = zeros[order], rows[order]
    between = (zeros[1:] + zeros[:-1])[:, np.newaxis] / 2
    flat = (rows[1:] == rows[:-1]) & (np.abs(_values(line, listed, rows[1:], between)[:, 0]) <= NOISE)
    starts = np.flatnonzero(np.concatenate([[True], ~flat]))
    stops = np.concatenate([starts[1:], [len(rows)]]) - 1
    middles = (zeros[starts] + zeros[stops]) / 2
    return list(zip(middles.tolist(), rows[starts].tolist(), strict=True))


def blurred(line: Line, listed: list[Suspect], low: float, high: float) -> bool:
    """Whether one of the slacks is, from ``low`` to ``high``, small enough to be read as a tie without being one."""
    if not listed:
        return False
    points = np.tile(np.linspace(low, high, 5), (len(listed), 1))
    values = np.abs(_values(line, listed, np.arange(len(listed)), points))
    return bool(np.any((values.max(axis=1) <= BLUR) & (values[:, [1, 3]].min(axis=1) > EXACT)))


def tied_up_to(line: Line, listed: list[Suspect], end: float, place: float) -> bool:
    """Whether a slack that is zero at ``end`` stays so small up to ``place`` that it may be read as a tie."""
    if not listed:
        return False
    points = np.tile([end, (end + place) / 2], (len(listed), 1))
    at_end, midway = np.abs(_values(line, listed, np.arange(len(listed)), points)).T
    return bool(np.any((at_end <= NOISE) & (midway > EXACT) & (midway <= BLUR)))


def vanishes(line: Line, listed: list[Suspect], place: float) -> bool:
    """Whether one of the slacks is zero at a place to within rounding."""
    points = np.full((len(listed), 1), place)
    return bool(np.any(np.abs(_values(line, listed, np.arange(len(listed)), points)) <= NOISE))


def approaches(line: Line, places: FloatArray, labels: IntArray) -> list[Approach]:
    """Where a slack of a standing solution dips towards zero between neighbouring ``places``, and how far it gets.

    ``labels`` are the classes at the places; the slacks are those of one solution of each profile, as listed in the
    middle of each stretch without a change. Mixed solutions are followed at fewer places where there are many.
    """
    cuts = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(places)]
    runs = [(a, b) for a, b in pairwise(cuts) if b - a > 2 and not line.failed(int(labels[a]))]
    if not runs:
        return []
    solutions = line.solutions(places[[(start + stop) // 2 for start, stop in runs]])
    payoffs = line.games(places).payoffs
    found: list[tuple[float, Suspect]] = []
    for game, (start, stop) in enumerate(runs):
        listed = _followed(solutions, game)
        mixed = sum(bool(slack.support) for slack in listed)
        for slack in listed:
            step = max(1, mixed * len(places) // MIXED_GAMES) if slack.support else 1
            table, own = payoffs[start:stop:step], places[start:stop:step]
            depths = _dips(slack_values(slack, table) / slack_size(slack, table))
            found += [(depth, Suspect(slack, True, float(own[k - 1]), float(own[k + 1]))) for k, depth in depths]
    deepest = sorted(found, key=lambda pair: pair[0])[:MOST_DIPS]
    return _lowest(line, [suspect for _, suspect in deepest])


def _followed(solutions: Solutions, game: int) -> list[Slack]:
    """The slacks of one game's solutions that can be followed: one solution of each profile."""
    numbers = [held[0] for held in _profiles(solutions, game).values()]
    listed = [slack for number in numbers for slack in slacks(solutions, number)]
    return [slack for slack in listed if not slack.support or len(solutions.players) == 2]


def _dips(values: FloatArray) -> list[tuple[int, float]]:
    """Places of the local minima that may reach zero, each with its height as a multiple of the fall towards it.

    At a smooth minimum the fall over one step is at least half the curvature's share, so that a parabola through the
    three points that reaches zero has a height of less than one fall; the rest is for kinks.
    """
    if len(values) < 3:
        return []
    inner, higher = values[1:-1], np.maximum(values[:-2], values[2:])
    fall = higher - inner
    dip = (inner <= values[:-2]) & (inner <= values[2:]) & (inner > NOISE) & (inner <= DIP * fall)
    return [(k + 1, float(inner[k] / fall[k])) for k in np.flatnonzero(dip).tolist()]


def _lowest(line: Line, listed: list[Suspect]) -> list[Approach]:
    """The lowest point of each suspect's slack between its ends, all closed in on together."""
    if not listed:
        return []
    first, last = np.array([s.low for s in listed]), np.array([s.high for s in listed])
    rows, steps = np.arange(len(listed)), np.linspace(0.0, 1.0, PARTS + 1)
    low, high, lowest = first, last, first
    for _ in range(DIP_ROUNDS):
        points = low[:, np.newaxis] * (1.0 - steps) + high[:, np.newaxis] * steps
        k = _values(line, listed, rows, points).argmin(axis=1)
        low, lowest, high = (points[rows, np.clip(k + side, 0, PARTS)] for side in (-1, 0, 1))
    values = _values(line, listed, rows, np.stack([first, lowest, last], axis=1))
    touches = np.abs(values[:, 1]) <= TOUCH * values[:, [0, 2]].max(axis=1)
    parts = zip(first.tolist(), lowest.tolist(), last.tolist(), touches.tolist(), strict=True)
    return [Approach(*part) for part in parts]


def _profiles(solutions: Solutions, game: int) -> dict[Profile, list[int]]:
    """The solutions of one game by the actions that they use."""
    start, stop = np.searchsorted(solutions.game, [game, game + 1]).tolist()
    held: dict[Profile, list[int]] = {}
    for number in range(start, stop):
        held.setdefault(solutions.support(number), []).append(number)
    return held


def _values(line: Line, listed: list[Suspect], rows: IntArray, points: FloatArray) -> FloatArray:
    """The slack of each row's suspect at the points of the row, as a share of the payoffs that it compares there.

    Zero where a payoff is not a finite number: no sign, so no crossing.
    """
    if not points.size:
        return np.empty(points.shape)
    table = line.games(points.ravel()).payoffs
    finite = np.isfinite(table).reshape(len(table), -1).all(axis=1)
    payoffs = np.where(np.expand_dims(finite, tuple(range(1, table.ndim))), table, 0.0)
    payoffs = payoffs.reshape(*points.shape, *table.shape[1:])
    values = np.empty(points.shape)
    for place, row in enumerate(rows.tolist()):
        slack = listed[row].slack
        values[place] = slack_values(slack, payoffs[place]) / slack_size(slack, payoffs[place])
    return np.where(finite.reshape(points.shape), values, 0.0)


def _changes_sign(values: FloatArray) -> NDArray[np.bool_]:
    """Whether the values at the two ends have opposite signs and are more than rounding."""
    opposite = (values[:, 0] > 0) != (values[:, 1] > 0)
    return np.asarray(opposite & (np.abs(values).min(axis=1) > NOISE))


def _leaves_zero(values: FloatArray) -> NDArray[np.bool_]:
    """Whether the value is zero at one end and more than rounding at the other."""
    size = np.abs(values)
    return np.asarray((size.min(axis=1) <= NOISE) & (size.max(axis=1) > NOISE))
