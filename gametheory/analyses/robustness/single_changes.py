"""Which smallest change of one assumption overturns each claim, all claims of a model asked together?

The games of a grid along each parameter are solved once for all claims. This is the way for models whose games take
long to solve, trees and equations; what changes and changes back between two places of the grid is not seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.robustness.spreads import HELD, TAILS, spread
from gametheory.study import FAILED, answer_block, without_parameter_warnings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gametheory.model import Model

__all__ = ["SingleChange", "single_changes"]

PARTS, ROUNDS = 8, 4  # a bracket is cut so often into so many parts: to 2e-4 of a cell of the grid

FloatArray = NDArray[np.float64]
CodeArray = NDArray[np.int8]


class SingleChange(NamedTuple):
    """A move of one parameter, in spreads, and in how many solutions the claim holds beyond it."""

    parameter: str
    value: float
    changed: float
    distance: float
    after: int


def single_changes(model: Model, points: int) -> Mapping[str, SingleChange]:
    """The nearest change of one parameter at which each claim's answer is another, where ``points`` places show one.

    Claims that are not decided at the central values are left out. Fixed, discrete and ranked parameters stay.
    """
    centre = {name: int(codes[0]) for name, codes in _codes(model, "", np.zeros(1)).items()}
    asked = {name: code for name, code in centre.items() if code != FAILED}
    found: dict[str, SingleChange] = {}
    for name, parameter in model.parameters.items():
        if parameter.law.kind in HELD or not asked:
            continue
        own, size = parameter.value, spread(parameter.law)
        for end in _ends(model, name):
            grid = own + (end - own) * np.linspace(0.0, 1.0, points)
            codes = _codes(model, name, grid)
            for claim, code in asked.items():
                changed = _nearest(model, (name, claim), code, grid, codes[claim])
                if changed is None:
                    continue
                place, after = changed
                distance = abs(place - own) / size
                if claim not in found or distance < found[claim].distance:
                    found[claim] = SingleChange(name, own, place, distance, after)
    return found


def _ends(model: Model, name: str) -> list[float]:
    """The ends of a law beyond its central value, its tails left out where it has no end."""
    parameter = model.parameters[name]
    low, high = parameter.law.support()
    if not (np.isfinite(low) and np.isfinite(high)):
        low, high = parameter.law.quantile(np.array(TAILS)).tolist()
    return [end for end in (low, high) if (end - parameter.value) * (1 if end == high else -1) > 0]


def _nearest(
    model: Model, asked: tuple[str, str], present: int, grid: FloatArray, codes: CodeArray
) -> tuple[float, int] | None:
    """The first place along a grid at which a claim's answer is another, closed in on; None where there is none."""
    name, claim = asked
    for _ in range(ROUNDS):
        other = np.flatnonzero((codes != present) & (codes != FAILED))
        if not len(other):
            return None
        first = int(other[0])
        after, before = int(codes[first]), grid[max(first - 1, 0)]
        place = float(grid[first])
        grid = before + (grid[first] - before) * np.linspace(0.0, 1.0, PARTS + 1)
        codes = _codes(model, name, grid)[claim]
    return place, after


def _codes(model: Model, name: str, values: FloatArray) -> Mapping[str, CodeArray]:
    """In how many solutions each claim holds where one parameter has these values (none: at the centre)."""
    design = {name: values} if name else {own: np.array([p.value]) for own, p in model.parameters.items()}
    with without_parameter_warnings():
        return answer_block(model, design, ()).claims
