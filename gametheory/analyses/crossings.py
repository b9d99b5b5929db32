"""Where exactly does a slack change its sign, between two games whose equilibria differ?

A solution that ends between two points has a slack that falls through zero there, and one that begins has a slack that
rises. Each slack is a smooth function of the payoffs on both sides of that point, so its zero is found from the slack
alone, clear of the narrow zone in which a solver reads the nearly equal payoffs as a tie.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.brackets import section
from gametheory.analyses.slacks import Slack, slack_values, slacks

if TYPE_CHECKING:
    from gametheory.analyses.lines import Line
    from gametheory.solutions import Solutions
    from gametheory.study import Profile

__all__ = ["Crossing", "Suspect", "crossings", "suspects"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

PARTS, ROUNDS = 16, 4  # a window shrinks 65,536 times; the last step is linear
NOISE = 64 * float(np.finfo(np.float64).eps)  # slacks below this share of the payoffs are rounding


class Suspect(NamedTuple):
    """A slack that may vanish in a window, and whether its solution ends (or begins) there as the parameter grows."""

    slack: Slack
    ends: bool
    low: float
    high: float


class Crossing(NamedTuple):
    """A zero of a suspect's slack."""

    value: float
    suspect: Suspect


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
    """Every zero of every suspect in its window, in one batch of games a round."""
    if not listed:
        return []
    low, high = np.array([s.low for s in listed]), np.array([s.high for s in listed])
    rows = np.flatnonzero(_changes_sign(_values(line, listed, np.arange(len(listed)), np.stack([low, high], axis=1))))

    def sign(rows: IntArray, points: FloatArray) -> IntArray:
        return (_values(line, listed, rows, points) > 0).astype(np.int64)

    low, high, rows = section((low[rows], high[rows], rows), sign, ROUNDS, parts=PARTS, crowd=2)
    if not len(rows):
        return []
    left, right = _values(line, listed, rows, np.stack([low, high], axis=1)).T
    zeros = low + (high - low) * (left / (left - right))
    return [Crossing(zero, listed[row]) for zero, row in zip(zeros.tolist(), rows.tolist(), strict=True)]


def _profiles(solutions: Solutions, game: int) -> dict[Profile, list[int]]:
    """The solutions of one game by the actions that they use."""
    start, stop = np.searchsorted(solutions.game, [game, game + 1]).tolist()
    held: dict[Profile, list[int]] = {}
    for number in range(start, stop):
        held.setdefault(solutions.support(number), []).append(number)
    return held


def _values(line: Line, listed: list[Suspect], rows: IntArray, points: FloatArray) -> FloatArray:
    """The slack of each row's suspect at the points of the row, as a share of its player's payoffs there.

    Zero where a payoff is not a finite number: no sign, so no crossing.
    """
    table = line.games(points.ravel()).payoffs
    finite = np.isfinite(table).reshape(len(table), -1).all(axis=1)
    payoffs = np.where(np.expand_dims(finite, tuple(range(1, table.ndim))), table, 0.0)
    payoffs = payoffs.reshape(*points.shape, *table.shape[1:])
    values = np.empty(points.shape)
    for place, row in enumerate(rows.tolist()):
        slack = listed[row].slack
        size = 1.0 if slack.kind == "mixing" else np.abs(payoffs[place][:, slack.player]).max() or 1.0
        values[place] = slack_values(slack, payoffs[place]) / size
    return np.where(finite.reshape(points.shape), values, 0.0)


def _changes_sign(values: FloatArray) -> NDArray[np.bool_]:
    """Whether the values at the two ends have opposite signs and are more than rounding."""
    opposite = (values[:, 0] > 0) != (values[:, 1] > 0)
    return np.asarray(opposite & (np.abs(values).max(axis=1) > NOISE))
