"""Do the curves over two parameters agree with the exact tipping points of one of them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.mapping.curves import Curve
from gametheory.analyses.mapping.planes import Plane, Range
from gametheory.analyses.tipping.tip import tip
from gametheory.errors import ComputationError, InputError
from gametheory.study import profile_names, without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["LineCheck", "checked_along_lines"]

FloatArray = NDArray[np.float64]
Sets = frozenset[tuple[str, ...]]

NEAR = 3e-4  # share of the map's side within which a tipping point lies on a curve; curves stray up to 1e-4 of it
PLACES = (5**0.5 - 1) / 2  # lines at its multiples, less whole numbers: evenly spread, and not where a grid has its own


@dataclass(frozen=True)
class LineCheck:
    """How many lines and tipping points were compared, how many disagreed, and what to say of it."""

    lines: int
    tips: int
    disagreements: int
    note: str

    @property
    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        return {"lines": self.lines, "tips": self.tips, "disagreements": self.disagreements}


def checked_along_lines(
    model: Model, order: str, ranges: Mapping[str, Range], plane: Plane, drawn: Sequence[Curve], lines: int
) -> LineCheck:
    """Compare the curves with the exact tipping points along ``lines`` lines each way, where there are any.

    A tipping point off every curve, and a curve that crosses a line off every tipping point, is a disagreement.
    """
    if not lines:
        return LineCheck(0, 0, 0, "not compared with exact tipping points")
    compared = tips = wrong = 0
    for axis in (0, 1):
        for number in range(1, lines + 1):
            share = number * PLACES % 1.0
            try:
                found = _tips(model, order, ranges, axis, share)
            except (InputError, ComputationError) as error:
                words = str(error).partition("; try ")[0]  # what to try is no advice to who reads a map
                reason = words.partition(": ")[2] or words
                return LineCheck(compared, tips, wrong, f"not compared with exact tipping points: {reason}")
            compared += 1
            tips += len(found)
            wrong += _disagreements(plane, drawn, axis, share, found)
    note = (
        f"compared with the exact tipping points along {compared} lines: {tips} points, {wrong} disagreements with the "
        "curves"
    )
    return LineCheck(compared, tips, wrong, note)


def _tips(model: Model, order: str, ranges: Mapping[str, Range], axis: int, share: float) -> list[tuple[float, Sets]]:
    """The exact tipping points along one line: the share of the axis at which each lies, and the sets it parts."""
    names, both = list(ranges), list(ranges.values())
    moving, fixed, own = names[axis], names[1 - axis], both[axis]
    value = float(both[1 - axis].values(np.array([share]))[0])
    parameter = replace(model.parameters[fixed], value=value, text=repr(value))
    moved = replace(model, parameters=MappingProxyType({**model.parameters, fixed: parameter}))
    with without_parameter_warnings():
        frame = tip(moved, moving, order=order, low=own.low, high=own.high, method="exact")
    shares = own.shares(frame["value"].to_numpy(dtype=np.float64)).tolist()
    sets = zip(frame["before"], frame["after"], strict=True)
    return [(at, frozenset(map(tuple, pair))) for at, pair in zip(shares, sets, strict=True)]


def _disagreements(
    plane: Plane, drawn: Sequence[Curve], axis: int, share: float, tips: Sequence[tuple[float, Sets]]
) -> int:
    """How many tipping points lie on no curve between their sets, and how many curves cross the line elsewhere."""
    actions = [player.actions for player in plane.model.players]
    wrong = 0
    near_line: list[tuple[Sets, FloatArray, FloatArray]] = []
    for curve in drawn:
        sets = frozenset(tuple(profile_names(plane.entry(side), actions)) for side in (curve.left, curve.right))
        near_line.append((sets, curve.points[:-1], curve.points[1:]))
    for at, sets in tips:
        place = np.array([at, share] if axis == 0 else [share, at])
        wrong += not any(own == sets and _distance(place, starts, stops) < NEAR for own, starts, stops in near_line)
    for sets, starts, stops in near_line:
        for at, slope in _crossed(starts, stops, axis, share):
            near = NEAR * (1.0 + slope)
            wrong += not any(own == sets and abs(at - other) < near for other, own in tips)
    return wrong


def _distance(place: FloatArray, starts: FloatArray, stops: FloatArray) -> float:
    """How far a place is from a chain of straight lines."""
    along = stops - starts
    length = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
    part = np.clip(((place - starts) * along).sum(axis=1) / length, 0.0, 1.0)[:, np.newaxis]
    return float(np.hypot(*(starts + part * along - place).T).min())


def _crossed(starts: FloatArray, stops: FloatArray, axis: int, share: float) -> list[tuple[float, float]]:
    """Where a chain of straight lines crosses a line of the map, and how flat it lies against it there."""
    first, last = starts[:, 1 - axis] - share, stops[:, 1 - axis] - share
    found = []
    for k in np.flatnonzero((first < 0) != (last < 0)).tolist():
        part = first[k] / (first[k] - last[k])
        run = float(stops[k, axis] - starts[k, axis])
        found.append((float(starts[k, axis] + part * run), abs(run / (last[k] - first[k]))))
    return found
