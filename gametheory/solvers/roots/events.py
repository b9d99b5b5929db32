"""At which values of one parameter do solutions of equations meet, leave their bracket or change their regime?

Each is again a system of equations, in the unknowns and the parameter together: at a fold the equations hold and the
determinant of their derivatives with respect to the unknowns is zero; at an end of the bracket an unknown equals the
end; where a regime turns, the two sides of its condition are equal. So the same search finds and proves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula
from gametheory.expressions.intervals import Interval, point
from gametheory.expressions.slopes import lifted, variables
from gametheory.games.analytic import AnalyticGames
from gametheory.solvers.roots.boxes import Follow
from gametheory.solvers.roots.maxima import OVERLAP, widened
from gametheory.solvers.roots.search import Roots, find_roots

__all__ = ["Event", "Events", "find_events"]

FloatArray = NDArray[np.float64]

BESIDE = 1e-9  # how far from an end of a bracket solutions are looked for where the end itself may have no value


class Event(NamedTuple):
    """A value of the parameter at which something happens, how closely it is known, and what happens."""

    place: float
    radius: float
    what: str


@dataclass(frozen=True)
class Events:
    """All events that were found, in order; what was asked, and of what it is not proved that none is missing."""

    found: tuple[Event, ...]
    asked: tuple[str, ...]
    left_open: tuple[str, ...]


def find_events(games: AnalyticGames, parameter: str, low: float, high: float) -> Events:
    """Every event between two values of a parameter; ``games`` is one game that gives the other parameters."""
    first = np.array([low, *(_least(games, own.low, parameter, low, high).low for own in games.system.unknowns)])
    last = np.array([high, *(_least(games, own.high, parameter, low, high).high for own in games.system.unknowns)])
    listed: list[Event] = []
    asked, left_open = _questions(games, parameter), []
    if not (np.isfinite(first).all() and np.isfinite(last).all()):
        words = tuple(question.what for question in asked)
        return Events((), words, words)
    for what, follow, kept, beside in asked:
        box = first[np.newaxis, kept], last[np.newaxis, kept]
        if beside is not None and _nothing(find_roots(beside, *box)):
            continue
        roots = find_roots(_overlapping(follow, *box), *box)
        if len(roots.open_game) or roots.given_up.any():
            left_open.append(what)
        for value, radius in zip(roots.value.tolist(), roots.radius.tolist(), strict=True):
            if low <= value[0] <= high:
                listed.append(Event(value[0], radius[0], what))
    return Events(tuple(sorted(listed)), tuple(question.what for question in asked), tuple(left_open))


def _overlapping(follow: Follow, low: FloatArray, high: FloatArray) -> Follow:
    """The same over slightly wider pieces: at a kink between two of them derivatives jump over zero in neither."""
    slack = OVERLAP * (high - low)

    def wider(values: Sequence[Any], rows: Any) -> list[Any]:
        sides = zip(values, slack[0], low[0], high[0], strict=True)
        return follow([widened(value, *ends) for value, *ends in sides], rows)

    return wider


def _nothing(roots: Roots) -> bool:
    """Whether it is proved that there is no root."""
    return not (len(roots.game) or len(roots.open_game) or roots.given_up.any())


def _least(games: AnalyticGames, end: Formula, parameter: str, low: float, high: float) -> Interval:
    """Bounds on an end of a bracket over the range of the parameter, as single numbers."""
    given = {parameter: Interval(np.array([low]), np.array([high]))}
    found: Interval = games.bounds([end], np.zeros(1, dtype=np.int64), given)[0]
    return Interval(np.ravel(found.low)[0], np.ravel(found.high)[0])


class _Question(NamedTuple):
    """What may happen, what is zero where it does, and which variables that is a function of (the parameter is 0).

    Where nothing ``beside`` is zero, it cannot happen, though the equations have no value where it would.
    """

    what: str
    follow: Follow
    variables: list[int]
    beside: Follow | None = None


def _questions(games: AnalyticGames, parameter: str) -> list[_Question]:
    """All that may happen to solutions."""
    system = games.system
    every = list(range(1 + len(system.unknowns)))
    asked = [_Question("two solutions meet", _fold(games, parameter), every)] if system.unknowns else []
    for place, unknown in enumerate(system.unknowns, start=1):
        for word, end in (("lower", unknown.low), ("upper", unknown.high)):
            what = f"a solution lies on the {word} end of {unknown.name}"
            others = [variable for variable in every if variable != place]
            inwards = BESIDE if word == "lower" else -BESIDE
            ends = (_at_end(games, parameter, place, end, width) for width in (0.0, inwards))
            asked.append(_Question(what, next(ends), others, next(ends)))
    for name, condition in system.regimes.items():
        _, left, right = condition.tree
        sides = (_part(condition, left), _part(condition, right))
        asked.append(_Question(f"{name}: {condition.text} turns", _turn(games, parameter, sides), every))
    return asked


def _gaps(games: AnalyticGames, given: dict[str, Any], rows: Any) -> list[Any]:
    """What is left between the two sides of each equation."""
    sides = [side for pair in games.system.equations.values() for side in (pair.left, pair.right)]
    found = games.bounds(sides, rows, given)
    return [left - right for left, right in zip(found[::2], found[1::2], strict=True)]


def _at_end(games: AnalyticGames, parameter: str, place: int, end: Formula, width: float) -> Follow:
    """The equations where one unknown stands at an end of its bracket, or anywhere from there over a width."""
    strip = Interval(np.array([min(width, 0.0)]), np.array([max(width, 0.0)]))
    names = [parameter, *(unknown.name for unknown in games.system.unknowns)]
    held = names.pop(place)

    def follow(values: Sequence[Any], rows: Any) -> list[Any]:
        given = dict(zip(names, values, strict=True))
        at_end = games.bounds([end], rows, {parameter: values[0]})[0]
        given[held] = at_end if width == 0.0 else at_end + strip
        return _gaps(games, given, rows)

    return follow


def _turn(games: AnalyticGames, parameter: str, sides: tuple[Formula, Formula]) -> Follow:
    """The equations, and the difference between the two sides of a condition."""
    names = [parameter, *(unknown.name for unknown in games.system.unknowns)]

    def follow(values: Sequence[Any], rows: Any) -> list[Any]:
        given = dict(zip(names, values, strict=True))
        left, right = games.bounds(sides, rows, given)
        return [*_gaps(games, given, rows), left - right]

    return follow


def _part(condition: Formula, tree: Any) -> Formula:
    """One side of a comparison as a formula of its own."""
    return Formula(condition.text, tree, condition.columns, condition.rational)


def _fold(games: AnalyticGames, parameter: str) -> Follow:
    """The equations, and the determinant of their derivatives with respect to the unknowns."""
    names = [unknown.name for unknown in games.system.unknowns]

    def follow(values: Sequence[Any], rows: Any) -> list[Any]:
        moving = variables(list(values[1:]))
        gaps = _gaps(games, {parameter: values[0], **dict(zip(names, moving, strict=True))}, rows)
        outer = [lifted(gap, moving[0]) for gap in gaps]
        whole = _determinant([list(own.slopes) for own in outer])
        return [*(own.value for own in outer), point(np.zeros(1)) if whole is None else whole]

    return follow


def _determinant(matrix: list[list[Any]]) -> Any:
    """The determinant by its first row; None stands for zero."""
    if len(matrix) == 1:
        return matrix[0][0]
    total = None
    for column, entry in enumerate(matrix[0]):
        minor = _determinant([[*row[:column], *row[column + 1 :]] for row in matrix[1:]])
        if entry is None or minor is None:
            continue
        term = entry * minor if column % 2 == 0 else -(entry * minor)
        total = term if total is None else total + term
    return total
