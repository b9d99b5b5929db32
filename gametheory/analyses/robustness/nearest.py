"""Which point of the admissible assumptions is the nearest at which a solution breaks?

Slacks that fall in a straight line are answered in closed form. For the rest the admissible box is searched: along rays
from the present values, then by sequential quadratic programming (SciPy's SLSQP) from the crossings found and from the
linearised slacks, then in the ball that is left, over again while that finds anything. What the search returns is a
point at which the break has happened, so its distance is an upper bound of the true one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.robustness.breaks import TIE, Break, held
from gametheory.analyses.robustness.constraints import KEEPING, excess
from gametheory.analyses.robustness.descent import descended
from gametheory.analyses.robustness.jets import degrees, payoff_slopes
from gametheory.analyses.robustness.spreads import Reach, reach
from gametheory.analyses.robustness.straight import nearest_in_box
from gametheory.errors import InputError

if TYPE_CHECKING:
    from gametheory.analyses.tipping.slacks import Slack
    from gametheory.model import Model

__all__ = ["Field", "Near", "field", "nearest", "nearest_each"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Candidate = tuple[int, FloatArray]  # the number of a break, and steps

DIRECTIONS, CORNERS, STATIONS = 128, 32, 24  # rays at random, towards corners, and the places looked at on each
MOST_NUMBERS = 1 << 24  # payoffs held at once
STARTS = 2  # crossings of one break that are refined
POLISHED = 12  # starts refined in one round, the nearest first
FARTHEST = 3.0  # multiples of the nearest distance found, beyond which a start is not refined
ROUNDS, INSIDE = 3, 512  # how often, and by how many points, the ball that is left is searched
PULLS = 64  # places looked at on the way to a candidate
PARTS, CUTS = 8, 17  # into how many parts a stretch is cut, and how often: to rounding
JUST_BEYOND = (1.0, 1 + 1e-9, 1 + 1e-6, 1 + 1e-3)  # multiples of a point at which its break may be seen to happen
NUDGE = 1e-6  # steps in spreads over which a slope is measured
SMALL = 1e-3  # share of a move that a slope's own steps never exceed
SEED = 0


class Near(NamedTuple):
    """The nearest point of a break: its distance, the steps to it, the break's number, and whether that is proved."""

    distance: float
    steps: FloatArray
    which: int
    exact: bool


@dataclass(frozen=True, eq=False)
class Field:
    """The games around the present values: how far each assumption reaches, and the payoffs at steps from here."""

    model: Model
    reach: Reach
    values: Mapping[str, float]

    def payoffs(self, steps: FloatArray) -> FloatArray:
        """Payoffs ``[point, player, a1, a2, ...]`` at steps ``[point, parameter]``."""
        return self.reach.payoffs(self.model, steps, self.values)

    def excess(self, steps: FloatArray) -> FloatArray:
        """By how much points ``[point, parameter]`` break each constraint: 0 or less, it is kept."""
        fixed = {name: np.full(len(steps), value) for name, value in self.values.items()}
        return excess(self.model, {**fixed, **self.reach.values(steps)}, len(steps))

    def kept(self, steps: FloatArray) -> BoolArray:
        """Which of these points keep every constraint, up to `KEEPING`."""
        return np.asarray((self.excess(steps) <= KEEPING).all(axis=1))

    @cached_property
    def base(self) -> FloatArray:
        """Payoffs at the present values, as a batch of one."""
        return self.payoffs(np.zeros((1, len(self.reach.names))))

    @cached_property
    def straight(self) -> BoolArray:
        """Which payoffs move in a straight line, ``[player, a1, a2, ...]``."""
        return np.asarray(degrees(self.model, self.reach.names) <= 1.0)

    @cached_property
    def slopes(self) -> FloatArray:
        """Slopes of the payoffs by spread, ``[parameter, player, a1, a2, ...]``."""
        _, slopes = payoff_slopes(self.model, self.values, self.reach.names)
        shape = (-1, *(1,) * (slopes.ndim - 1))
        return np.asarray(slopes * self.reach.spreads.reshape(shape), dtype=np.float64)

    @cached_property
    def ray_steps(self) -> FloatArray:
        """Steps ``[ray, station, parameter]`` along rays to the ends of the box."""
        directions = self._directions()
        ends = self.reach.searched
        with np.errstate(divide="ignore", invalid="ignore"):
            to_end = np.where(directions > 0, ends[:, 1] / directions, ends[:, 0] / directions)
        length = np.where(np.abs(directions) > 0, to_end, 0.0).max(axis=1)
        stations = (np.arange(1, STATIONS + 1) / STATIONS) ** 2
        steps = directions[:, np.newaxis] * (length[:, np.newaxis] * stations)[:, :, np.newaxis]
        return np.asarray(np.clip(steps, ends[:, 0], ends[:, 1]))

    @cached_property
    def ray_payoffs(self) -> FloatArray:
        """The payoffs at those steps, one point after another."""
        return self.payoffs(self.ray_steps.reshape(-1, len(self.reach.names)))

    def _directions(self) -> FloatArray:
        """Directions of the rays: each axis both ways, towards corners, and at random."""
        count = len(self.reach.names)
        room = max(1, MOST_NUMBERS // (STATIONS * self.base.size) - 2 * count)
        generator = np.random.default_rng(SEED)
        corners = generator.choice([-1.0, 1.0], (min(CORNERS, room), count))
        drawn = generator.standard_normal((min(DIRECTIONS, room), count))
        return np.concatenate([np.eye(count), -np.eye(count), corners, drawn])


def field(model: Model, values: Mapping[str, float]) -> Field:
    """The games around ``values``; raises InputError where these break a constraint of the model."""
    beyond = excess(model, {name: np.array([value]) for name, value in values.items()}, 1)[0] > KEEPING
    for broken, constraint in zip(beyond.tolist(), model.constraints.values(), strict=True):
        if broken:
            listed = ", ".join(
                f"{name} = {values[name]!r}" for name in sorted(constraint.holds.names) if name in values
            )
            raise InputError(
                f"values: {listed or 'they'} break the constraint {constraint.name!r}, {constraint.holds.text!r}; "
                "give values that keep it"
            )
    return Field(model, reach(model, values), values)


def nearest(games: Field, breaks: Sequence[Break], *, euclidean: bool = True) -> Near | None:
    """The nearest point at which one of the breaks happens, or None where none was found in the supports.

    Distances are the Euclidean norm of the steps, or their largest. ``exact`` where the nearest of the breaks was found
    in closed form and no other can be nearer.
    """
    found = nearest_each(games, breaks, euclidean=euclidean, all_breaks=False)
    return min(found, key=lambda near: (near.distance, near.which), default=None)


def nearest_each(
    games: Field, breaks: Sequence[Break], *, euclidean: bool = True, all_breaks: bool = True
) -> list[Near]:
    """The nearest point of every break that was found to happen; without ``all_breaks`` only of the nearest."""
    if not len(games.reach.names) or not len(breaks):
        return []
    closed: list[Near] = []
    bounds: dict[int, float] = {}
    for number, one in enumerate(breaks):
        bound, point = _closed_form(games, one, euclidean=euclidean)
        if point is not None and bool(games.kept(point[np.newaxis])[0]):
            closed.append(Near(bound, point, number, exact=True))
        elif np.isfinite(bound):
            bounds[number] = bound
    best = min((near.distance for near in closed), default=np.inf)
    open_breaks = [number for number, bound in bounds.items() if all_breaks or bound < best]
    limit = np.inf if all_breaks else best
    searched = _searched(games, breaks, open_breaks, limit, euclidean=euclidean) if open_breaks else []
    proved = closed if all_breaks else [near._replace(exact=not open_breaks) for near in closed]
    return [*proved, *searched]


def _closed_form(games: Field, one: Break, *, euclidean: bool) -> tuple[float, FloatArray | None]:
    """A lower bound of the distance of a break, and its nearest point where that is known."""
    values, sizes = one.values(games.base)[0], one.sizes(games.base)[0]
    best, point = 0.0, np.zeros(len(games.reach.names))
    lines: list[tuple[float, FloatArray]] = []
    for place, slack in enumerate(one.conditions):
        if not _is_straight(games, slack):
            continue
        value, slopes = float(values[place]), _slack_slopes(games, slack)
        if abs(value) <= TIE * sizes[place]:
            value = 0.0
        lines.append((value, slopes))
        if value < 0.0 or (value == 0.0 and place > 0):
            continue
        distance, there = nearest_in_box(value, slopes, games.reach.least, games.reach.most, euclidean=euclidean)
        if distance > best:
            best, point = distance, there
        if not np.isfinite(distance):
            return np.inf, None
    if len(lines) < len(one.conditions):
        return best, None
    allowed = 1e-12 * sizes + np.array([1e-12 * float(np.abs(slopes) @ np.abs(point)) for _, slopes in lines])
    there = np.array([value + float(slopes @ point) for value, slopes in lines])
    return best, (point if (there <= allowed).all() else None)


def _is_straight(games: Field, slack: Slack) -> bool:
    """Whether a slack between two profiles moves in a straight line."""
    cells = ((slack.player, *cell) for cell in (slack.stay, slack.leave))
    return bool(slack.stay) and all(bool(games.straight[cell]) for cell in cells)


def _slack_slopes(games: Field, slack: Slack) -> FloatArray:
    """Slopes by spread of a slack between two profiles."""
    own = np.moveaxis(games.slopes[:, slack.player], 0, -1)
    return np.asarray(own[slack.stay] - own[slack.leave])


def _searched(
    games: Field, breaks: Sequence[Break], numbers: Sequence[int], limit: float, *, euclidean: bool
) -> list[Near]:
    """The nearest points found of the breaks in ``numbers``, as upper bounds.

    What a ray has met counts, whatever the search makes of it: a break that was seen is never lost.
    """
    crossings = _crossings(games, breaks, numbers, euclidean=euclidean)
    met = [Near(_norm(steps, euclidean=euclidean), steps, number, exact=False) for number, steps in crossings]
    found = _nearer({}, [*met, *_pulled(games, breaks, crossings, euclidean=euclidean)])
    starts = [*((near.which, near.steps) for near in found.values()), *crossings, *_linear(games, breaks, numbers)]
    for _ in range(ROUNDS):
        limit = min([limit, *(near.distance for near in found.values())])
        candidates = _refined(games, breaks, starts, limit, euclidean=euclidean)
        found = _nearer(found, _pulled(games, breaks, candidates, euclidean=euclidean))
        limit = min([limit, *(near.distance for near in found.values())])
        starts = _inside(games, breaks, numbers, limit, euclidean=euclidean)
        if not starts:
            break
    return list(found.values())


def _nearer(found: Mapping[int, Near], more: Sequence[Near]) -> dict[int, Near]:
    """The nearest point of each break so far."""
    best = dict(found)
    for near in more:
        if near.which not in best or near.distance < best[near.which].distance:
            best[near.which] = near
    return best


def _refined(
    games: Field, breaks: Sequence[Break], starts: Sequence[Candidate], limit: float, *, euclidean: bool
) -> list[Candidate]:
    """The starts and what they are refined to, the nearest first, as long as they may still matter."""
    best, candidates = limit, []
    ordered = sorted(starts, key=lambda start: (_norm(start[1], euclidean=euclidean), start[0]))
    for number, steps in ordered[:POLISHED]:
        if _norm(steps, euclidean=euclidean) > FARTHEST * best:
            break
        one = breaks[number]
        scale = np.maximum(np.abs(_measured(games, one, np.zeros_like(steps))[0]), TIE)
        measured = partial(_measured, games, one)
        polished, fallen = descended(measured, steps, games.reach.searched, scale, euclidean=euclidean)
        candidates += [(number, steps), (number, polished)]
        if fallen and _happened(games, one, polished * np.reshape(JUST_BEYOND, (-1, 1))).any():
            best = min(best, _norm(polished, euclidean=euclidean))
    return candidates


def _happened(games: Field, one: Break, steps: FloatArray) -> BoolArray:
    """At which points ``[point, parameter]`` a break has happened and every constraint is kept."""
    points = np.clip(steps, games.reach.searched[:, 0], games.reach.searched[:, 1])
    payoffs = games.payoffs(points)
    return held(one.values(payoffs), one.sizes(payoffs)) & games.kept(points)


def _norm(steps: FloatArray, *, euclidean: bool) -> float:
    """The length of a move."""
    return float(np.linalg.norm(steps) if euclidean else np.abs(steps).max(initial=0.0))


def _crossings(games: Field, breaks: Sequence[Break], numbers: Sequence[int], *, euclidean: bool) -> list[Candidate]:
    """Where rays first meet each break, the nearest few of each."""
    steps, payoffs = games.ray_steps, games.ray_payoffs
    kept = games.kept(steps.reshape(-1, steps.shape[2])).reshape(steps.shape[:2])
    found: list[tuple[float, int, FloatArray]] = []
    for number in numbers:
        happened = kept & held(breaks[number].values(payoffs), breaks[number].sizes(payoffs)).reshape(kept.shape)
        rays = np.flatnonzero(happened.any(axis=1))
        points = steps[rays, happened[rays].argmax(axis=1)]
        own = sorted((_norm(point, euclidean=euclidean), number, place) for place, point in enumerate(points))
        found += [(distance, number, points[place]) for distance, _, place in own[:STARTS]]
    return [(number, steps) for _, number, steps in found]


def _linear(games: Field, breaks: Sequence[Break], numbers: Sequence[int]) -> list[Candidate]:
    """The nearest point of each break if all its slacks fell in straight lines from here."""
    origin = np.zeros(len(games.reach.names))
    found = []
    for number in numbers:
        values, slopes = _measured(games, breaks[number], origin)
        ends = games.reach.searched
        point = nearest_in_box(max(values[0], 0.0), slopes[0], ends[:, 0], ends[:, 1], euclidean=True)[1]
        if np.isfinite(point).all() and np.any(point):
            found.append((number, point))
    return found


def _measured(games: Field, one: Break, steps: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The slacks of a break at one point, and their slopes ``[condition, parameter]`` by central differences.

    What the point lacks to keep each constraint follows as further conditions.
    """
    count = len(steps)
    nudge = min(NUDGE, SMALL * float(np.linalg.norm(steps)) or NUDGE)
    low = np.maximum(steps - nudge, games.reach.searched[:, 0])
    high = np.minimum(steps + nudge, games.reach.searched[:, 1])
    points = np.concatenate([steps[np.newaxis], np.tile(steps, (2 * count, 1))])
    points[np.arange(count) + 1, np.arange(count)] = low
    points[np.arange(count) + 1 + count, np.arange(count)] = high
    values = np.hstack([one.values(games.payoffs(points)), games.excess(points)])
    slopes = (values[1 + count :] - values[1 : 1 + count]) / (high - low)[:, np.newaxis]
    return values[0], np.nan_to_num(slopes.T)


def _pulled(games: Field, breaks: Sequence[Break], candidates: Sequence[Candidate], *, euclidean: bool) -> list[Near]:
    """Each candidate drawn back towards the present values, to where its break first happens on the way."""
    if not candidates:
        return []
    ends = games.reach.searched
    shares = np.append(np.arange(1, PULLS + 1) / PULLS, JUST_BEYOND[1:])
    numbers = np.array([number for number, _ in candidates])
    whole = np.array([steps for _, steps in candidates])

    def happened(places: FloatArray) -> BoolArray:
        points = np.clip(whole[:, np.newaxis] * places[:, :, np.newaxis], ends[:, 0], ends[:, 1])
        payoffs = games.payoffs(points.reshape(-1, points.shape[2]))
        kept = games.kept(points.reshape(-1, points.shape[2])).reshape(places.shape)
        found = np.empty(places.shape, dtype=bool)
        for number in np.unique(numbers).tolist():
            own = np.repeat(numbers == number, places.shape[1])
            values, sizes = breaks[number].values(payoffs[own]), breaks[number].sizes(payoffs[own])
            found[numbers == number] = held(values, sizes).reshape(-1, places.shape[1])
        return found & kept

    first = happened(np.tile(shares, (len(candidates), 1)))
    low = np.array([np.append(0.0, shares)[place] for place in first.argmax(axis=1)])
    high = shares[first.argmax(axis=1)]
    rows = np.arange(len(candidates))
    for _ in range(CUTS):
        places = low[:, np.newaxis] + (high - low)[:, np.newaxis] * np.arange(PARTS + 1) / PARTS
        places[:, -1] = high
        inner = happened(places[:, 1:-1])
        cut = np.where(inner.any(axis=1), inner.argmax(axis=1), PARTS - 1)
        low, high = places[rows, cut], places[rows, cut + 1]
    points = np.clip(whole * high[:, np.newaxis], ends[:, 0], ends[:, 1])
    return [
        Near(_norm(points[k], euclidean=euclidean), points[k], int(numbers[k]), exact=False)
        for k in np.flatnonzero(first.any(axis=1)).tolist()
    ]


def _inside(
    games: Field, breaks: Sequence[Break], numbers: Sequence[int], radius: float, *, euclidean: bool
) -> list[Candidate]:
    """Points nearer than ``radius`` at which a break has happened all the same; one a break, the nearest."""
    if radius <= 0:
        return []
    generator = np.random.default_rng(SEED + 1)
    count = len(games.reach.names)
    whole = not np.isfinite(radius)  # nothing found so far: anywhere in the box
    room = max(1, min(4 * INSIDE if whole else INSIDE, MOST_NUMBERS // games.base.size))
    if whole:
        ends = games.reach.searched
        drawn = generator.uniform(ends[:, 0], ends[:, 1], (room, count))
    elif euclidean:
        drawn = generator.standard_normal((room, count))
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    else:
        drawn = generator.uniform(-1.0, 1.0, (room, count))
        drawn /= np.abs(drawn).max(axis=1, keepdims=True)
    lengths = np.ones((1, 1)) if whole else radius * 0.999 * generator.random((room, 1)) ** (1.0 / count)
    points = np.clip(drawn * lengths, games.reach.searched[:, 0], games.reach.searched[:, 1])
    points = points[games.kept(points)]
    payoffs = games.payoffs(points)
    found = []
    for number in numbers if len(points) else ():
        there = np.flatnonzero(held(breaks[number].values(payoffs), breaks[number].sizes(payoffs)))
        if len(there):
            nearest_one = min(there.tolist(), key=lambda k: _norm(points[k], euclidean=euclidean))
            found.append((number, points[nearest_one]))
    return found
