"""What do a payoff or a measure, and the set of equilibria, do while one parameter moves and the others stand still?

A *walk* leads one parameter from a low to a high value of its law, all others at their central values. Between its
points lie tipping points, at which the set of equilibria changes; a walk has a point on either side of each, so that
nothing needs to be drawn or measured across a jump.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gametheory.analyses.rankings.kept_order import kept_range
from gametheory.analyses.robustness.constraints import KEEPING, excess
from gametheory.analyses.tipping.tip import tip
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.measures import bounds, limits, values_from_cells
from gametheory.solvers import solve
from gametheory.study import EquilibriumClass, classify
from gametheory.study.blocks import NO_CLOCK

if TYPE_CHECKING:
    from gametheory.model import Model
    from gametheory.parameters import Law
    from gametheory.solutions import Solutions

__all__ = ["Walk", "Way", "asked_value", "known_share", "set_change", "walks", "ways"]

SIDE = 1e-9  # share of the way: how far from a tipping point its two sides are looked at
HALVINGS = 60  # of the shares between which a value's own share lies; 53 would reach the last bit of a double

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Way:
    """From where to where a parameter moves: its low, central and high value, and all values between if they are few.

    A ``share`` of the law lies at or below a value. Intervals have no law: their shares are those of their length, and
    so are those of a ranked parameter, which has this law while the others stay, between its neighbours in the ranking.
    """

    model: Model
    parameter: str
    low: float
    central: float
    high: float
    steps: tuple[float, ...] = ()

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value that is met; the central one may lie beyond the low or the high one."""
        return min(self.low, self.central), max(self.high, self.central)

    def values(self, shares: ArrayLike) -> FloatArray:
        """The value with each share of the law at or below it."""
        given = np.asarray(shares, dtype=np.float64)
        if (box := _box(self.model, self.parameter)) is not None:
            return np.asarray(box[0] + given * (box[1] - box[0]))
        return self.model.parameters[self.parameter].law.quantile(given)

    def shares(self, values: ArrayLike) -> FloatArray:
        """The share of the law at or below each value; of one of a few values the middle of its own share."""
        wanted = np.asarray(values, dtype=np.float64)
        if (box := _box(self.model, self.parameter)) is not None:
            return np.asarray((wanted - box[0]) / (box[1] - box[0]))
        if self.steps:
            return _middle_shares(self.model.parameters[self.parameter].law.numbers, wanted)
        low, high = np.zeros(wanted.shape), np.ones(wanted.shape)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            beyond = self.values(middle) > wanted
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        return np.asarray((low + high) / 2)


@dataclass(frozen=True, eq=False)
class Walk:
    """What is met on a way, point by point, in rising order of the parameter.

    ``values`` and ``shares`` are ``float64[point]``; ``bounds`` is ``float64[point, (lower, upper)]`` over all
    solutions, not a number where a game has none; ``classes`` is the set of equilibria at each point, and ``segments``,
    ``int64[point]``, counts up wherever it changes. ``tips`` are the places of the changes, ``exact`` whether they are
    proved to be all, and ``notes`` how they were found.
    """

    way: Way
    values: FloatArray
    shares: FloatArray
    bounds: FloatArray
    classes: tuple[EquilibriumClass, ...]
    segments: IntArray
    tips: FloatArray
    exact: bool
    notes: tuple[str, ...]

    def at(self, value: float) -> int:
        """The point at which the parameter has this value."""
        return int(np.abs(self.values - value).argmin())

    def between(self, one: float, other: float) -> tuple[FloatArray, int]:
        """The bounds at all points from one value to another, and the number of tipping points between them."""
        low, high = min(one, other), max(one, other)
        passed = (self.tips > low) & (self.tips < high)
        return self.bounds[(self.values >= low) & (self.values <= high)], int(np.count_nonzero(passed))


def ways(model: Model, tail: float) -> tuple[list[Way], list[str]]:
    """The way of every parameter that can move, from its ``tail`` quantile to the one of 1 - ``tail``, and notes."""
    found, notes = [], []
    for name, parameter in model.parameters.items():
        law = parameter.law
        if law.kind == "fixed":
            continue
        try:
            box = _box(model, name)
        except InputError as error:  # a ranked parameter that is tied to another
            notes.append(f"left out, because it cannot move alone: {error}")
            continue
        shares = (0.0, 1.0) if not law.has_probability and law.kind != "ranked" else (tail, 1.0 - tail)
        whole = Way(model, name, 0.0, parameter.value, 0.0)
        low, high = (float(end) for end in whole.values(shares))
        if box is not None and not box[0] < box[1]:
            notes.append(f"left out, because its neighbours in the ranking leave it no room: {name}")
            continue
        found.append(Way(model, name, low, parameter.value, high, _steps(law, low, high, parameter.value)))
    notes += [f"{own.parameter}: its central value {own.central:g} lies outside {own.low:g} to {own.high:g}"
              for own in found if not own.low <= own.central <= own.high]  # fmt: skip
    if not found:
        raise InputError("no parameter can move: each is fixed, so nothing can be varied; give one a law")
    return found, [*notes, *_ties(model, found)]


def walks(model: Model, of: str, order: str, own: Sequence[Way], steps: int, method: str) -> list[Walk]:
    """All ways under one order of play: ``steps`` points evenly spaced by share, the central one, and those at tips."""
    tipping = [_tips(way, order, method) for way in own]
    points = [_points(way, tips, steps) for way, (tips, _, _) in zip(own, tipping, strict=True)]
    counts = [len(values) for values in points]
    columns = {way.parameter: np.full(sum(counts), way.central) for way in own}
    starts = np.cumsum([0, *counts])
    for way, values, start in zip(own, points, starts[:-1].tolist(), strict=True):
        columns[way.parameter][start : start + len(values)] = values
    ends, classes = _answers(model, of, order, columns)
    met = []
    for number, (way, values) in enumerate(zip(own, points, strict=True)):
        part = slice(int(starts[number]), int(starts[number + 1]))
        tips, exact, notes = tipping[number]
        segments, unnamed = _segments(way, values, classes[part], tips)
        if way.steps:
            tips = (values[1:] + values[:-1])[unnamed] / 2
        else:
            notes = (*notes, *(f"the equilibria differ between {values[gap]:.9g} and {values[gap + 1]:.9g} as well"
                               for gap in np.flatnonzero(unnamed)))  # fmt: skip
        met.append(Walk(way, values, way.shares(values), ends[part], classes[part], segments, tips, exact, notes))
    return met


def asked_value(model: Model, of: str | None) -> str:
    """What is asked for, ``payoff PLAYER`` or ``measure NAME``; by default the payoff of the first player.

    Raises InputError for what cannot be read, and UnknownNameError for a name that the model does not have.
    """
    asked = f"payoff {model.players[0].name}" if of is None else " ".join(of.split())
    kind, _, name = asked.partition(" ")
    known = {"payoff": [player.name for player in model.players], "measure": list(model.measures)}
    if kind not in known or not name:
        raise InputError(f"of: {of!r}, expected 'payoff PLAYER' or 'measure NAME'")
    if name not in known[kind]:
        what = "player" if kind == "payoff" else "measure"
        raise UnknownNameError(
            f"no {what} named {name!r}; expected one of {', '.join(known[kind]) or 'none'}"
            f"{did_you_mean(name, known[kind])}"
        )
    return asked


def known_share(name: str, share: Any) -> float:
    """A share below one half, as a number; raises InputError for others."""
    if isinstance(share, int | float) and 0.0 < share < 0.5:
        return float(share)
    raise InputError(f"{name}: {share!r}, expected a number above 0 and below 0.5")


def set_change(one: EquilibriumClass, other: EquilibriumClass) -> str:
    """Whether two sets of equilibria differ: yes, no, not decided (a list may lack some) or not solved.

    >>> calm, war = EquilibriumClass("solved", (((0,), (0,)),)), EquilibriumClass("solved", (((1,), (1,)),))
    >>> set_change(calm, war), set_change(war, calm._replace(status="partial")), set_change(calm, calm)
    ('yes', 'yes', 'no')
    """
    if "failed" in (one.status, other.status):
        return "not solved"
    listed = [entry for entry in (one, other) if entry.status == "partial"]
    if not listed:
        return "no" if one == other else "yes"
    complete = [entry for entry in (one, other) if entry.status == "solved"]
    more = complete and not set(listed[0].profiles) <= set(complete[0].profiles)
    return "yes" if more else "not decided"


def _box(model: Model, name: str) -> tuple[float, float] | None:
    """Between which values a parameter without a law of its own moves; None where it has one."""
    law = model.parameters[name].law
    if law.kind == "ranked":
        return kept_range(model, name)
    if law.has_probability:
        return None
    low, high = law.support()
    return float(low), float(high)


def _steps(law: Law, low: float, high: float, central: float) -> tuple[float, ...]:
    """The possible values on the way, where a law has only a few."""
    if law.kind != "discrete":
        return ()
    first, last = min(low, central), max(high, central)
    return tuple(sorted({float(own) for own in np.atleast_1d(law.numbers["values"]) if first <= own <= last}))


def _middle_shares(numbers: Mapping[str, Any], values: FloatArray) -> FloatArray:
    """The middle of the share of each value of a discrete law."""
    known, chances = (np.asarray(numbers[name], dtype=np.float64) for name in ("values", "probabilities"))
    below, within = ((chances * side).sum(axis=-1) for side in (known < values[..., np.newaxis],
                                                                known <= values[..., np.newaxis]))  # fmt: skip
    return np.asarray((below + within) / 2 / chances.sum())


def _ties(model: Model, own: Sequence[Way]) -> Iterator[str]:
    """Notes on parameters that hang together, and on ends that break a constraint."""
    if model.correlations:
        tied = sorted({name for pair in model.correlations for name in pair.between})
        yield f"{', '.join(tied)} are correlated: one moved alone leaves what their law makes likely"
    for way in own if model.constraints else ():
        values = np.array([way.low, way.high])
        broken = excess(model, {way.parameter: values}, 2) > KEEPING
        for value, marks in zip(values.tolist(), broken, strict=True):
            names = [name for name, mark in zip(model.constraints, marks, strict=True) if mark]
            if names:
                yield f"{way.parameter} at {value:g} breaks the constraint {', '.join(names)} while the others stay"


def _tips(way: Way, order: str, method: str) -> tuple[FloatArray, bool, tuple[str, ...]]:
    """The tipping points on a way, whether they are proved to be all, and how they were found."""
    low, high = way.ends
    if way.steps or not low < high:
        return np.empty(0), False, ()
    frame = tip(way.model, way.parameter, order=order, low=low, high=high, method=method)
    exact = frame.attrs["method"][order] == "exact"
    return np.unique(frame["value"].to_numpy(dtype=np.float64)), exact, tuple(frame.attrs["notes"])


def _points(way: Way, tips: FloatArray, steps: int) -> FloatArray:
    """The values to look at on a way, in rising order."""
    if way.steps:
        return np.array(way.steps)
    low, high = way.ends
    fixed = np.unique([low, high, way.central, way.low, way.high])
    shares = way.shares(np.array([low, high]))
    even = np.clip(way.values(np.linspace(shares[0], shares[1], steps)), low, high)
    apart = np.diff(np.unique([*fixed, *tips]), prepend=-np.inf, append=np.inf)
    own = np.searchsorted(np.unique([*fixed, *tips]), tips)
    near = np.minimum(_side(way, tips), np.minimum(apart[own], apart[own + 1]) / 4)
    taken, free = np.concatenate([fixed, tips]), np.concatenate([np.full(len(fixed), SIDE * (high - low)), 2 * near])
    clear = even[(np.abs(even[:, np.newaxis] - taken) > free).all(axis=1)]
    return np.unique([*fixed, *clear, *(tips - near), *(tips + near)])


def _side(way: Way, tips: FloatArray) -> FloatArray:
    """How far from each tipping point its sides are looked at."""
    low, high = way.ends
    if way.model.parameters[way.parameter].law.kind == "loguniform" and low > 0:
        return np.asarray(tips * SIDE * np.log(high / low))
    return np.full(len(tips), SIDE * (high - low))


def _segments(
    way: Way, values: FloatArray, classes: Sequence[EquilibriumClass], tips: FloatArray
) -> tuple[IntArray, NDArray[np.bool_]]:
    """The number of each point's segment, and between which neighbours the set changes without a tipping point.

    Between values of which none is possible there is nothing: each of a few values is a segment of its own.
    """
    if len(values) < 2:
        return np.zeros(len(values), dtype=np.int64), np.zeros(0, dtype=np.bool_)
    changed = np.array([one != other for one, other in pairwise(classes)])
    passed = np.searchsorted(tips, values[1:], side="right") > np.searchsorted(tips, values[:-1], side="left")
    cut = np.ones(len(changed), dtype=np.bool_) if way.steps else changed | passed
    return np.concatenate([[0], np.cumsum(cut)]), changed & ~passed


def _answers(
    model: Model, of: str, order: str, columns: Mapping[str, FloatArray]
) -> tuple[FloatArray, tuple[EquilibriumClass, ...]]:
    """The bounds of what is asked over the solutions of each game, ``float64[game, 2]``, and each game's class."""
    solutions = solve(model.games(columns), order=order, seconds=NO_CLOCK)
    values, ends = _valued(model, of, columns, solutions)
    found, solved = bounds(values, solutions, ends)
    numbers, table = classify(solutions)
    every = np.full((len(solved), 2), np.nan)
    every[solved] = np.where(np.isfinite(found), found, np.nan)
    return every, tuple(table[number] for number in numbers.tolist())


def _valued(
    model: Model, of: str, columns: Mapping[str, FloatArray], solutions: Solutions
) -> tuple[FloatArray, FloatArray]:
    """What is asked, solution by solution, and between which values it lies whatever is played, game by game."""
    kind, _, name = of.partition(" ")
    if kind == "payoff":
        place = solutions.players.index(name)
        own = solutions.games.payoffs[:, place].reshape(len(solutions.games), -1)
        return solutions.payoffs[:, place], np.stack([own.min(axis=1), own.max(axis=1)], axis=1)
    formula = model.measures[name].formula
    cells = {} if formula is None else {name: model.quantity(formula, columns)}
    return values_from_cells(model, cells, solutions, [name])[name], limits(model, cells, solutions, name)
