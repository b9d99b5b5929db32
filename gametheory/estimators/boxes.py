"""Which few limits on the parameters hold most of the cases of interest, and little else?

Scenario discovery: Bryant and Lempert (2010), Technological Forecasting and Social Change 77:34-49, by the patient rule
induction method of Friedman and Fisher (1999), Statistics and Computing 9:123-143. A box is peeled, a thin slice at a
time, from all points down to few; each box on the way trades coverage (the share of all cases that it holds) for
density (the share of its points that are cases).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError

__all__ = [
    "LEVEL",
    "Box",
    "Resampled",
    "balanced",
    "best_box",
    "inside",
    "paste",
    "peel",
    "quasi_p",
    "resampled",
    "significant",
    "tighten",
    "without",
]

LEVEL = 0.05  # a limit whose quasi-p-value is larger may be an accident

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Box:
    """Limits ``low[parameter] <= x <= high[parameter]``, infinite where there is none, and what lies within them.

    ``size`` points, of which ``hits`` are cases, out of ``points`` with ``cases`` cases in all.
    """

    low: FloatArray
    high: FloatArray
    size: int
    hits: int
    points: int
    cases: int

    @property
    def coverage(self) -> float:
        """Share of all cases that lie inside."""
        return self.hits / self.cases

    @property
    def density(self) -> float:
        """Share of the points inside that are cases."""
        return self.hits / self.size

    @property
    def mass(self) -> float:
        """Share of all points that lie inside."""
        return self.size / self.points

    @property
    def limits(self) -> FloatArray:
        """Its limits, ``float64[parameter, 2]``: low and high, infinite where there is none."""
        return np.stack([self.low, self.high], axis=1)

    @property
    def restricted(self) -> BoolArray:
        """Which parameters have a limit, ``bool[parameter]``."""
        return np.asarray(np.isfinite(self.limits).any(axis=1), dtype=np.bool_)


def peel(values: FloatArray, cases: BoolArray, *, share: float = 0.05, least: float = 0.05) -> list[Box]:
    """The boxes from all points down, each a slice smaller; at most ``share`` of its points go at once, ties apart.

    Of all slices at the low and the high end of every column of ``values[row, parameter]`` the one goes that raises
    the density most for each point that it costs: the lenient rule of Kwakkel and Jaxa-Rozen (2016), Environmental
    Modelling and Software 79:311-321, under which a parameter of few values competes fairly with a continuous one.
    Equal values go together. A limit lies midway between what went and what stayed. It ends where all points inside
    are cases, or where a further slice would leave fewer than ``least`` of all points. Raises InputError where no
    point or every point is a case.

    >>> x = np.linspace(0.005, 0.995, 100)[:, np.newaxis]
    >>> boxes = peel(x, x[:, 0] > 0.7, share=0.1)
    >>> len(boxes), boxes[-1].low.round(2).tolist(), boxes[-1].size, boxes[-1].density
    (14, [0.72], 28, 1.0)
    """
    found = int(np.count_nonzero(cases))
    if not 0 < found < len(cases):
        raise InputError(f"cases: {found!r} of {len(cases)} points, expected some that are cases and some that are not")
    kept = np.arange(len(cases))
    limits = np.full((values.shape[1], 2), [-np.inf, np.inf])
    boxes = [_box(limits, cases[kept], len(cases), found)]
    while boxes[-1].hits < boxes[-1].size:
        step = _best_slice(values[kept], cases[kept], share, round(least * len(cases)))
        if step is None:
            break
        stays, column, side, limit = step
        kept = kept[stays]
        limits[column, side] = limit
        boxes.append(_box(limits, cases[kept], len(cases), found))
    return boxes


def paste(values: FloatArray, cases: BoolArray, box: Box, *, share: float = 0.05) -> Box:
    """The box with its limits moved out again while the density does not fall.

    By slices of at most ``share`` of its points, the slice of the highest density first; where none helps, by slices of
    half that, down to single values. A limit beyond which no points are left is taken away.
    """
    number = max(1, int(share * box.size))
    while number:
        sides = np.argwhere(np.isfinite(box.limits)).tolist()
        wider = [_widened(values, cases, box, column, side, number) for column, side in sides]
        better = [other for other in wider if other.density >= box.density]
        if better:
            box = max(better, key=lambda other: (other.density, other.size))
        else:
            number //= 2
    return box


def tighten(values: FloatArray, cases: BoolArray, box: Box) -> Box:
    """The box with each of its limits moved in past points that are no cases, until a case stands next to it."""
    for column, side in np.argwhere(np.isfinite(box.limits)).tolist():
        limits = box.limits
        within = inside(values, box)
        hits, misses = values[within & cases, column], values[within & ~cases, column]
        last = hits.max() if side else hits.min()
        beyond = misses[misses > last] if side else misses[misses < last]
        if len(beyond):
            limits[column, side] = (last + (beyond.min() if side else beyond.max())) / 2.0
            box = _box(limits, cases[_within(values, limits)], box.points, box.cases)
    return box


def balanced(boxes: Sequence[Box], density: float = 0.0) -> int | None:
    """Which box weighs coverage and density alike, of those that reach a density; None where none does.

    It has the largest harmonic mean of the two, and is the first of equals.

    >>> counts = ((100, 20), (25, 18), (8, 8))
    >>> boxes = [Box(np.zeros(1), np.ones(1), size, hits, points=100, cases=20) for size, hits in counts]
    >>> balanced(boxes), balanced(boxes, 0.8), balanced(boxes[:2], 0.8)
    (1, 2, None)
    """
    reaching = [number for number, box in enumerate(boxes) if box.density >= density]
    means = [2.0 * boxes[number].hits / (boxes[number].size + boxes[number].cases) for number in reaching]
    return reaching[int(np.argmax(means))] if reaching else None


def best_box(
    values: FloatArray, cases: BoolArray, density: float, *, share: float = 0.05, least: float = 0.05
) -> tuple[Box, bool]:
    """One box by one rule, without a hand in it, and whether a box reached the density.

    Peeled, chosen by `balanced` (of all boxes where none reaches the density), tightened, pasted, rid of idle limits,
    which may lower its density a little again, and tightened once more.

    >>> x = np.linspace(0.005, 0.995, 100)[:, np.newaxis]
    >>> box, reached = best_box(x, x[:, 0] > 0.7, 0.9)
    >>> box.low.tolist(), box.coverage, box.density, reached
    ([0.7], 1.0, 1.0, True)
    """
    boxes = peel(values, cases, share=share, least=least)
    chosen = balanced(boxes, density)
    box = boxes[(balanced(boxes) or 0) if chosen is None else chosen]
    box = paste(values, cases, tighten(values, cases, box), share=share)
    return tighten(values, cases, significant(values, cases, box)), chosen is not None


@dataclass(frozen=True, eq=False)
class Resampled:
    """How a box fares on points that did not shape it.

    ``reproduced`` is the share of the random halves in which the same rule sets that limit again, ``float64[parameter,
    2]`` for low and high ends, whatever its value. ``coverage`` and ``density`` are the means of what the boxes of the
    halves reach on the other halves.
    """

    reproduced: FloatArray
    coverage: float
    density: float


def resampled(
    values: FloatArray,
    cases: BoolArray,
    density: float,
    *,
    share: float = 0.05,
    least: float = 0.05,
    times: int = 10,
    seed: int = 0,
) -> Resampled:
    """Find the box again in random halves of the points by the rule of `best_box`, and try it on the other halves.

    After the resampling of Bryant and Lempert (2010), with the choice of the box repeated as well. Cases and other
    points are halved apart. Raises InputError where there are fewer than two of either.
    """
    groups = [np.flatnonzero(cases), np.flatnonzero(~cases)]
    if min(map(len, groups)) < 2:
        raise InputError(f"cases: {len(groups[0])!r} of {len(cases)} points, expected at least two of either kind")
    generator = np.random.default_rng(seed)
    limited = np.zeros((values.shape[1], 2))
    counts = np.zeros(3)  # hits, size and cases of the other halves
    for _ in range(times):
        half = np.zeros(len(cases), dtype=np.bool_)
        for group in groups:
            half[generator.permutation(group)[: len(group) // 2]] = True
        box, _ = best_box(values[half], cases[half], density, share=share, least=least)
        limited += np.isfinite(box.limits)
        within = inside(values[~half], box)
        other = cases[~half]
        counts += np.count_nonzero(within & other), np.count_nonzero(within), np.count_nonzero(other)
    hits, size, found = counts.tolist()
    return Resampled(limited / times, hits / found, hits / size if size else 0.0)


def quasi_p(values: FloatArray, cases: BoolArray, box: Box) -> FloatArray:
    """How easily chance alone would raise the density as much as each limit does, ``float64[parameter, 2]``.

    The probability of as many cases among as many points as the box holds, where each were a case with the density of
    the box without that limit (Bryant and Lempert 2010); 1 where there is no limit. "Quasi", as the limits were chosen
    on the same points: it is a guard against limits that do nothing, not a proof of those that stay.
    """
    from scipy.stats import binom

    chances = np.ones((len(box.low), 2))
    for column, side in np.argwhere(np.isfinite(box.limits)):
        wider = without(values, cases, box, int(column), int(side))
        chances[column, side] = binom.sf(box.hits - 1, box.size, wider.density)
    return chances


def without(values: FloatArray, cases: BoolArray, box: Box, column: int, side: int) -> Box:
    """The box with one limit taken away: ``side`` 0 is the low one, 1 the high one."""
    limits = box.limits
    limits[column, side] = np.inf if side else -np.inf
    return _box(limits, cases[_within(values, limits)], box.points, box.cases)


def significant(values: FloatArray, cases: BoolArray, box: Box, *, level: float = LEVEL) -> Box:
    """The box without limits that chance explains: the largest quasi-p-value first, until none is above ``level``."""
    while True:
        chances = np.where(np.isfinite(box.limits), quasi_p(values, cases, box), 0.0)
        column, side = np.unravel_index(int(np.argmax(chances)), chances.shape)
        if not chances[column, side] > level:
            return box
        box = without(values, cases, box, int(column), int(side))


def inside(values: FloatArray, box: Box) -> BoolArray:
    """Which rows of ``values[row, parameter]`` lie in the box."""
    return _within(values, box.limits)


def _within(values: FloatArray, limits: FloatArray) -> BoolArray:
    """Which rows keep all limits."""
    kept = np.ones(len(values), dtype=np.bool_)
    for column, side in np.argwhere(np.isfinite(limits)).tolist():
        own, limit = values[:, column], limits[column, side]
        kept &= own <= limit if side else own >= limit
    return kept


def _box(limits: FloatArray, cases: BoolArray, points: int, found: int) -> Box:
    """A box of these limits around points of which ``cases`` says which are cases."""
    low, high = limits.T.copy()
    return Box(low, high, len(cases), int(np.count_nonzero(cases)), points, found)


def _best_slice(
    values: FloatArray, cases: BoolArray, share: float, least: int
) -> tuple[BoolArray, int, int, float] | None:
    """The rows that stay, the column, the side and the limit of the best slice; None where none can go."""
    count, hits = len(cases), np.count_nonzero(cases)
    number = max(1, int(share * count))
    best, chosen = (-np.inf, 0), None
    for side, places in enumerate(((number - 1, number), (count - number - 1, count - number))):
        edges = np.partition(values, places, axis=0)
        edge = edges[places[0]] if side == 0 else edges[places[1]]
        stays = values > edge if side == 0 else values < edge
        sizes = np.count_nonzero(stays, axis=0)
        density = np.count_nonzero(stays & cases[:, np.newaxis], axis=0) / np.maximum(sizes, 1)
        gain = (density - hits / count) / (count - sizes)
        for column in np.flatnonzero((sizes >= least) & (sizes > 0)).tolist():
            if (float(gain[column]), int(sizes[column])) > best:
                best = (float(gain[column]), int(sizes[column]))
                chosen = (stays[:, column], column, side, float(edge[column]))
    if chosen is None:
        return None
    kept, column, side, last = chosen
    first = values[kept, column].max() if side else values[kept, column].min()
    return kept, column, side, float((first + last) / 2.0)


def _widened(values: FloatArray, cases: BoolArray, box: Box, column: int, side: int, number: int) -> Box:
    """The box with one limit moved out by ``number`` points: fewer where the last ones are equal, more at the least."""
    limits = box.limits
    limits[column, side] = np.inf if side else -np.inf
    within = _within(values, limits)
    beyond = np.sort(values[within & ~inside(values, box), column])
    if side == 0:
        beyond = -beyond[::-1]
    ends = np.flatnonzero(np.append(np.diff(beyond) > 0.0, False)) + 1  # how many points lie before each rise
    taken = ends[max(int(np.searchsorted(ends, number, side="right")) - 1, 0)] if len(ends) else len(beyond)
    if taken < len(beyond):
        limit = float(beyond[taken - 1] + beyond[taken]) / 2.0
        limits[column, side] = limit if side else -limit
        within = _within(values, limits)
    return _box(limits, cases[within], box.points, box.cases)
