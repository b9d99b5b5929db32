"""Where does the set of equilibria change, as far as solving many games along the line can tell?

Thousands of games are solved first, and every change between neighbours is closed in on. What lies between two points
of that grid and leaves no trace on either is missed, unless a slack of a standing solution dips towards zero there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.tipping.brackets import Brackets, changes, clusters, search_grid, section
from gametheory.analyses.tipping.crossings import (
    Crossing,
    Suspect,
    approaches,
    blurred,
    crossings,
    suspects,
    tied_up_to,
    vanishes,
)
from gametheory.analyses.tipping.lines import Line

__all__ = ["Search", "Tip", "resolution", "search"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Window = tuple[float, float]  # two places on the line between which the equilibria change

SAME = 1e-10  # share of the range within which two zeros are one tipping point
END = 1e-8  # share of the range within which a tie at the end of the range may be read off its place
INSIDE = 1e-12  # share of the range by which a place beside its end differs from that end
JOIN = 1e-6  # share of the range within which changes are looked at together
PAD = 0.4e-6  # share of the range by which a window is widened; below half of JOIN, so that windows stay apart
ROUNDS = 2  # of the search by solving; the slacks do the rest
DEEP_ROUNDS, DEEP_PARTS = 7, 16  # of that search where no slack explains a change
NEAR = (1e-9, 1e-8, 1e-7)  # shares of the range: how far from a zero the games are compared


class Tip(NamedTuple):
    """A place on the line at which the class changes, with the slacks that vanish there."""

    place: float
    before: int
    after: int
    binding: tuple[Crossing, ...]


@dataclass(frozen=True)
class Search:
    """The tipping points that were found on a line, the share of it that cannot be solved, and what to know of both."""

    tips: tuple[Tip, ...]
    failed: float
    notes: tuple[str, ...]


def search(line: Line, points: int) -> Search:
    """Every tipping point of one order of play that a grid of about ``points`` points reveals, in order."""
    notes: list[str] = []
    grid = search_grid(*line.ends, points, even=line.logarithmic)
    labels = line.labels(grid)
    failed = _failed_share(line, grid, labels, notes)
    return Search(tuple(_tips(line, grid, labels, notes)), failed, tuple(notes))


def resolution(line: Line, points: int) -> str:
    """Up to which distance, or ratio of values, tipping points may share a cell of the grid."""
    if line.logarithmic:
        return f"a factor of {np.exp(2 * line.span / points):.4g}"
    return f"{2 * line.span / points:.2g}"


def _failed_share(line: Line, grid: FloatArray, labels: IntArray, notes: list[str]) -> float:
    """The share of the range over which games cannot be solved; ``notes`` get the reason."""
    failing = np.array([line.failed(label) for label in range(len(line.classes))])[labels]
    if not failing.any():
        return 0.0
    steps = np.diff(grid)
    lengths = np.concatenate([steps, [0.0]]) + np.concatenate([[0.0], steps])  # twice what lies nearest to each point
    share = 1.0 if failing.all() else float(lengths[failing].sum() / lengths.sum())
    reason = line.solutions(grid[failing][:1]).certificates[0].reason
    notes.append(f"order {line.order}: {100 * share:.3g} % of the range cannot be solved: {reason}")
    return share


def _tips(line: Line, grid: FloatArray, labels: IntArray, notes: list[str]) -> list[Tip]:
    """Every tipping point of one order of play, in order; what happens at single points goes into ``notes``."""
    coarse = changes(grid[np.newaxis], labels[np.newaxis], np.zeros(1, dtype=np.int64))
    close = _close_pairs(line, grid, labels, notes)
    cells = [np.concatenate(columns) for columns in zip(coarse, close, strict=True)]
    starts, stops, _ = section((cells[0], cells[1], cells[2]), lambda _, places: line.labels(places), ROUNDS)
    windows = _zones_joined(line, clusters(starts, stops, JOIN * line.span))
    zeros = crossings(line, [one for window in windows for one in _suspects_of(line, window, starts, stops)])
    found = [one for window in windows for one in _in_window(line, window, zeros)]
    solved = [one for one in found if not (line.failed(one.before) or line.failed(one.after))]
    ending = [(one, end) for one in solved for end in line.ends if _belongs_to(line, one, end)]
    _note_limits(line, windows, found, ending, notes)
    dropped = [one for one, _ in ending]
    return [one for one in solved if one not in dropped]


def _belongs_to(line: Line, one: Tip, end: float) -> bool:
    """Whether a change is that of an end of the range: the equilibria at the end itself differ from those beside it.

    A change further in is one of its own, unless what vanishes there is zero from the end on, to within rounding.
    """
    distance = abs(one.place - end)
    if distance <= INSIDE * line.span:
        return True
    return distance <= END * line.span and tied_up_to(line, [zero.suspect for zero in one.binding], end, one.place)


def _suspects_of(line: Line, window: Window, starts: FloatArray, stops: FloatArray) -> list[Suspect]:
    """The slacks that may vanish in a window, between the brackets that lie in it.

    Where the equilibria are the same on both sides of the window, the slacks fall and rise again: they are followed on
    both sides of its inside.
    """
    inside = (starts >= window[0]) & (stops <= window[1])
    first, last = starts[inside], stops[inside]
    low, high = max(line.ends[0], window[0] - PAD * line.span), min(line.ends[1], window[1] + PAD * line.span)
    before, after = line.labels(np.array(window)).tolist()
    if before != after:
        return suspects(line, np.unique(np.concatenate([first, last])), low, high)
    middle = float(last.min() + first.max()) / 2
    halves = ((window[0], middle, low, middle), (middle, window[1], middle, high))
    return [one for left, right, *ends in halves for one in suspects(line, np.array([left, right]), *ends)]


def _close_pairs(line: Line, grid: FloatArray, labels: IntArray, notes: list[str]) -> Brackets:
    """Changes that the grid passes over, where a slack falls below zero between its points and rises again.

    ``notes`` get the places at which a slack comes down to zero and nothing changes.
    """
    dips = approaches(line, grid, labels)
    if not dips:
        return np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)
    places = np.array([[dip.low, dip.place, dip.high] for dip in dips])
    found = line.labels(places)
    same = (found == found[:, :1]).all(axis=1)
    touched = [f"{line.value(dip.place):.6g}" for dip, still in zip(dips, same, strict=True) if still and dip.touches]
    notes += [
        f"order {line.order}: near {place} a deviation is as good as what is played, and on both sides it is worse"
        for place in dict.fromkeys(touched)
    ]
    return changes(places, found, np.zeros(len(places), dtype=np.int64))


def _zones_joined(line: Line, windows: Sequence[Window]) -> list[Window]:
    """The windows; two become one where all that lies between them is a slack so small that it is read as a tie."""
    joined: list[Window] = []
    for window in windows:
        if joined and _is_zone(line, joined[-1], window):
            joined[-1] = (joined[-1][0], window[1])
        else:
            joined.append(window)
    return joined


def _is_zone(line: Line, first: Window, second: Window) -> bool:
    """Whether what stands only between two windows stands there by a slack that is too small to be told from a tie."""
    low, high = first[1], second[0]
    stations = np.array([first[0], (low + high) / 2, second[1]])
    return blurred(line, suspects(line, stations, low, high), low, high)


def _in_window(line: Line, window: Window, zeros: Sequence[Crossing]) -> list[Tip]:
    """The tipping points of one window: those of its zeros around which the class changes.

    Games are compared close to each zero, farther off only where a tie still blurs them there. Slacks that are zero on
    one side count where the others do not explain the change. A tie that blurs the whole window hides one tipping
    point, and what no zero explains is closed in on as one change.
    """
    first, last = window[0] - PAD * line.span, window[1] + PAD * line.span
    here = [zero for zero in zeros if first <= zero.value <= last]
    through = [zero for zero in here if not zero.one_sided]
    for kept in (through, here):
        explained = _explained(line, window, _grouped(kept, SAME * line.span))
        if explained is not None:
            return explained
    before, after = line.labels(np.array(window)).tolist()
    if before == after:
        return []
    if blurred(line, [zero.suspect for zero in through], *window):
        return [Tip(_middle(through), before, after, tuple(through))]
    return [_unexplained(line, *window)]


def _explained(line: Line, window: Window, groups: Sequence[Sequence[Crossing]]) -> list[Tip] | None:
    """The tipping points among groups of zeros between which nothing changes; None where something does."""
    for distance in NEAR:
        labels = line.labels(_around(line, window, groups, distance * line.span)).tolist()
        if labels[::2] == labels[1::2]:
            sides = zip(labels[1::2], labels[2::2], groups, strict=False)
            return [
                Tip(_middle(group), before, after, tuple(group)) for before, after, group in sides if before != after
            ]
    return None


def _around(line: Line, window: Window, groups: Sequence[Sequence[Crossing]], distance: float) -> FloatArray:
    """Places before and after every group of zeros, between the ends of the window."""
    places = [_middle(group) for group in groups]
    steps = [min(distance, (second - first) / 4) for first, second in pairwise([-np.inf, *places, np.inf])]
    inner = [p + side for p, (left, right) in zip(places, pairwise(steps), strict=True) for side in (-left, right)]
    return np.clip([min([window[0], *inner]), *inner, max([window[1], *inner])], *line.ends)


def _middle(group: Sequence[Crossing]) -> float:
    """Where a group of zeros lies."""
    return float(np.median([zero.value for zero in group]))


def _grouped(zeros: Sequence[Crossing], gap: float) -> list[list[Crossing]]:
    """Zeros that are the same number up to ``gap``, together."""
    groups: list[list[Crossing]] = []
    for zero in sorted(zeros, key=lambda zero: zero.value):
        if groups and zero.value - groups[-1][-1].value <= gap:
            groups[-1].append(zero)
        else:
            groups.append([zero])
    return groups


def _unexplained(line: Line, low: float, high: float) -> Tip:
    """A change that no slack explains, closed in on by solving alone; a blurred zone counts as its middle.

    Where the window reaches an end of the range that differs from the place beside it, the change is that of the end.
    """
    before, after = line.labels(np.array([low, high])).tolist()
    brackets = np.array([low]), np.array([high]), np.zeros(1, dtype=np.int64)
    for _ in range(DEEP_ROUNDS):
        starts, stops, rows = section(brackets, lambda _, places: line.labels(places), 1, parts=DEEP_PARTS, crowd=2)
        outer = np.unique([starts.argmin(), stops.argmax()])
        brackets = starts[outer], stops[outer], rows[outer]
    place = float(brackets[0].min() + brackets[1].max()) / 2
    alone = [end for end in line.ends if low <= end <= high and _stands_alone(line, end)]
    return Tip(next(iter(alone), place), before, after, ())


def _stands_alone(line: Line, end: float) -> bool:
    """Whether the equilibria at an end of the range differ from those right beside it."""
    beside = end + (INSIDE if end == line.ends[0] else -INSIDE) * line.span
    first, second = line.labels(np.array([end, beside])).tolist()
    return bool(first != second)


def _note_limits(
    line: Line, windows: Sequence[Window], found: Sequence[Tip], ending: Sequence[tuple[Tip, float]], notes: list[str]
) -> None:
    """Say where games fail, where the equilibria differ at one value only, and whether lists may be incomplete."""
    failing = [t for t in found if line.failed(t.before) or line.failed(t.after)]
    at = [f"{line.value(one.place):.9g}" for one in failing]
    notes += [f"order {line.order}: on one side of {place} the games cannot be solved" for place in at]
    notes += dict.fromkeys(_at_the_end(line, one, end) for one, end in ending)
    dropped = [one for one, _ in ending]
    if any(not one.binding and one not in failing and one not in dropped for one in found):
        notes.append(f"order {line.order}: changes that no deviation explains may be the rounding of payoffs that tie")
    for start, stop in windows:
        before, after = line.labels(np.array([start, stop])).tolist()
        if before == after and not any(start <= one.place <= stop for one in found):
            place = f"{line.value((start + stop) / 2):.6g}"
            notes.append(f"order {line.order}: near {place} a tie adds equilibria at a single point")
    if any(entry.status == "partial" for entry in line.classes):
        notes.append(f"order {line.order}: only the equilibria that were found are compared; there may be others")


def _at_the_end(line: Line, one: Tip, end: float) -> str:
    """That a change is one of an end of the range: exactly so, or as closely as places can be told apart."""
    exactly = vanishes(line, [zero.suspect for zero in one.binding], end)
    where = f"{'exactly ' * exactly}at {line.value(end):g}, an end of the range,"
    near = "" if exactly else f" or less than {INSIDE:g} of the range from it,"
    return f"order {line.order}: {where}{near} the equilibria differ"
