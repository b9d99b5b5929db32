"""At which values of one parameter does the set of equilibria change, and which deviation makes it change?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.brackets import changes, clusters, search_grid, section
from gametheory.analyses.crossings import Crossing, crossings, suspects
from gametheory.analyses.lines import Line, searched_range
from gametheory.analyses.provenance import attributes, known_parameter, orders_of
from gametheory.analyses.slacks import sentence
from gametheory.errors import InputError
from gametheory.study import profile_names

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["tip"]

FloatArray = NDArray[np.float64]

SAME = 1e-10  # share of the range within which two zeros are one tipping point
END = 1e-8  # share of the range within which a change is put down to the end of the range itself
JOIN = 1e-6  # share of the range within which changes are looked at together
PAD = 0.4e-6  # share of the range by which a window is widened; below half of JOIN, so that windows stay apart
ROUNDS = 2  # of the search by solving; the slacks do the rest
DEEP_ROUNDS, DEEP_PARTS = 7, 16  # of that search where no slack explains a change
NEAR = (1e-9, 1e-8, 1e-7)  # shares of the range: how far from a zero the games are compared
FEWEST_POINTS = 16
STRENGTH = ("mixing", "mixed deviation")  # named only where no deviation between pure profiles binds
UNNAMED = "not identified: no followed deviation changes sign here"


class Tip(NamedTuple):
    """A point at which the class changes, with the slacks that vanish there."""

    value: float
    before: int
    after: int
    binding: tuple[Crossing, ...]


def tip(
    model: Model,
    parameter: str,
    *,
    order: str = "simultaneous",
    low: float | None = None,
    high: float | None = None,
    points: int = 4096,
) -> pd.DataFrame:
    """Every tipping point of ``parameter`` between ``low`` and ``high``, the other parameters at their central values.

    A tipping point is a value at which the set of equilibrium supports changes (for a leader order: the path of play);
    mixed equilibria count. One row a point: ``value`` (located to 1e-10 of the range or better), the ``player`` whose
    deviation binds, ``binding`` in words as the parameter grows, and the profiles ``before`` and ``after``. The range
    is the law's support where it is not given. ``points`` are solved first; two tipping points that lie between
    neighbouring ones and undo each other are missed, and the notes in the attributes say how close that is; there
    ``present`` holds the profiles in the middle of the range for each order, tipping or not.
    ``order="all"`` lists every order of play. Raises InputError for an empty range, UnknownNameError for a bad name.

    >>> from gametheory.reader import load
    >>> first = tip(load("reference_involvement"), "escalation_risk").iloc[0]
    >>> round(float(first["value"]), 6), first["binding"]
    (0.028345, 'nato: surge -> limited_aid, against carry_on')
    """
    import pandas as pd

    known_parameter(model, parameter)
    orders = orders_of(model, order)
    if points < FEWEST_POINTS:
        raise InputError(f"points: {points!r}, expected at least {FEWEST_POINTS}")
    start, stop = searched_range(model, parameter, low, high)
    notes = [
        f"two tipping points closer than {2 * (stop - start) / points:.2g} that undo each other may be missed",
        "found numerically; the other parameters stand at their central values",
    ]
    rows: list[dict[str, Any]] = []
    present: dict[str, list[str]] = {}
    for name in orders:
        line = Line(model, parameter, name)
        present[name] = _names(line, int(line.labels(np.array([(start + stop) / 2]))[0]))
        first = {"parameter": parameter, "order": name}
        rows += [{**first, **_described(line, found)} for found in _tips(line, start, stop, points, notes)]
    columns = ["parameter", "order", "value", "player", "binding", "before", "after", "exact"]
    frame = pd.DataFrame(rows, columns=columns).astype({"value": float, "exact": bool})
    searched = {"parameter": parameter, "low": start, "high": stop, "points": points, "present": present}
    frame.attrs.update(attributes(model, notes, parameters=model.central(), **searched))
    return frame


def _tips(line: Line, low: float, high: float, points: int, notes: list[str]) -> list[Tip]:
    """Every tipping point of one order of play, in order; what happens at single points goes into ``notes``."""
    span = high - low
    grid = search_grid(low, high, points)[np.newaxis]
    coarse = changes(grid, line.labels(grid), np.zeros(1, dtype=np.int64))
    starts, stops, _ = section(coarse, lambda _, values: line.labels(values), ROUNDS)
    windows = clusters(starts, stops, JOIN * span)
    listed = []
    for window in windows:
        inside = (starts >= window[0]) & (stops <= window[1])
        stations = np.unique(np.concatenate([starts[inside], stops[inside]]))
        listed += suspects(line, stations, max(low, window[0] - PAD * span), min(high, window[1] + PAD * span))
    zeros = crossings(line, listed)
    found = [one for window in windows for one in _in_window(line, window, zeros, (low, high))]
    solved = [one for one in found if "failed" not in (line.entry(one.before).status, line.entry(one.after).status)]
    at_end = [end for end in (low, high) for one in solved if abs(one.value - end) <= END * span]
    _note_limits(line, windows, found, at_end, notes)
    return [one for one in solved if low + END * span < one.value < high - END * span]


def _in_window(
    line: Line, window: tuple[float, float], zeros: Sequence[Crossing], ends: tuple[float, float]
) -> list[Tip]:
    """The tipping points of one window: those of its zeros around which the class changes.

    Games are compared close to each zero, farther off only where a tie still blurs them there. What the zeros do not
    explain is closed in on as one change.
    """
    span = ends[1] - ends[0]
    first, last = window[0] - PAD * span, window[1] + PAD * span
    groups = _grouped([zero for zero in zeros if first <= zero.value <= last], SAME * span)
    for distance in NEAR:
        marks, labels = _around(line, window, groups, distance * span, ends)
        if labels[::2] == labels[1::2]:  # between the zeros nothing changes
            sides = zip(labels[1::2], labels[2::2], groups, strict=False)
            return [
                Tip(_middle(group), before, after, tuple(group)) for before, after, group in sides if before != after
            ]
    return [] if labels[0] == labels[-1] else [_unexplained(line, marks[0], marks[-1], ends)]


def _around(
    line: Line,
    window: tuple[float, float],
    groups: Sequence[Sequence[Crossing]],
    distance: float,
    ends: tuple[float, float],
) -> tuple[list[float], list[int]]:
    """Points before and after every group of zeros, between the ends of the window, and their labels."""
    values = [_middle(group) for group in groups]
    steps = [min(distance, (second - first) / 4) for first, second in pairwise([-np.inf, *values, np.inf])]
    inner = [v + side for v, (left, right) in zip(values, pairwise(steps), strict=True) for side in (-left, right)]
    marks = np.clip([min([window[0], *inner]), *inner, max([window[1], *inner])], *ends)
    return marks.tolist(), line.labels(marks).tolist()


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


def _unexplained(line: Line, low: float, high: float, ends: tuple[float, float]) -> Tip:
    """A change that no slack explains, closed in on by solving alone; a blurred zone counts as its middle.

    Where the window reaches an end of the range, the change is put down to that end.
    """
    before, after = line.labels(np.array([low, high])).tolist()
    brackets = np.array([low]), np.array([high]), np.zeros(1, dtype=np.int64)
    for _ in range(DEEP_ROUNDS):
        starts, stops, rows = section(brackets, lambda _, points: line.labels(points), 1, parts=DEEP_PARTS, crowd=2)
        outer = np.unique([starts.argmin(), stops.argmax()])
        brackets = starts[outer], stops[outer], rows[outer]
    value = float(brackets[0].min() + brackets[1].max()) / 2
    return Tip(next((end for end in ends if low <= end <= high), value), before, after, ())


def _note_limits(
    line: Line, windows: Sequence[tuple[float, float]], found: Sequence[Tip], at_end: Sequence[float], notes: list[str]
) -> None:
    """Say where games fail, where the equilibria differ at one value only, and whether lists may be incomplete."""
    failing = [t for t in found if "failed" in (line.entry(t.before).status, line.entry(t.after).status)]
    notes += [f"order {line.order}: on one side of {t.value:.9g} the games cannot be solved" for t in failing]
    notes += [
        f"order {line.order}: exactly at {end:g}, an end of the range, the equilibria differ"
        for end in dict.fromkeys(at_end)
    ]
    if any(not one.binding and one not in failing and one.value not in at_end for one in found):
        notes.append(f"order {line.order}: changes that no deviation explains may be the rounding of payoffs that tie")
    for start, stop in windows:
        before, after = line.labels(np.array([start, stop])).tolist()
        if before == after:
            notes.append(f"order {line.order}: near {(start + stop) / 2:.9g} a tie adds equilibria at a single point")
    if any(entry.status == "partial" for entry in line.classes):
        notes.append(f"order {line.order}: only the equilibria that were found are compared; there may be others")


def _described(line: Line, found: Tip) -> dict[str, Any]:
    """One row of the frame, without parameter and order."""
    players, actions = zip(*[(p.name, p.actions) for p in line.model.players], strict=True)
    binding = _strongest(found.binding)
    words = [sentence(c.suspect.slack, actions, players, ends=c.suspect.ends) for c in binding]
    named = [players[c.suspect.slack.player] for c in binding]
    return {
        "value": found.value,
        "player": " and ".join(dict.fromkeys(named)),
        "binding": "; ".join(dict.fromkeys(words)) or UNNAMED,
        "before": tuple(_names(line, found.before)),
        "after": tuple(_names(line, found.after)),
        "exact": False,
    }


def _names(line: Line, label: int) -> list[str]:
    """The profiles of a class in words."""
    actions = [player.actions for player in line.model.players]
    return profile_names(line.entry(label), actions)


def _strongest(binding: Sequence[Crossing]) -> list[Crossing]:
    """Deviations between pure profiles if any vanish here, else those from a mixture, else ends of mixing."""

    def strength(zero: Crossing) -> int:
        kind = zero.suspect.slack.kind
        return -STRENGTH.index(kind) if kind in STRENGTH else -len(STRENGTH)

    best = min((strength(zero) for zero in binding), default=0)
    return [zero for zero in binding if strength(zero) == best]
