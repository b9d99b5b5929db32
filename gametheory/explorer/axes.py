"""Which two parameters does the first map show, where nobody has named them?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gametheory.explorer.controls import Control

__all__ = ["nearest_axes"]

Tips = Mapping[str, Mapping[str, Any]]


def nearest_axes(
    controls: Sequence[Control], values: Mapping[str, float], tips: Tips, given: tuple[str, str] = ("", "")
) -> tuple[str, str]:
    """The axes of a map: those ``given``, and for the others the parameters whose tipping points are nearest.

    A distance is a share of the parameter's own track. Parameters without a known tipping point come last, in the order
    of ``controls``; both axes are empty where there are fewer than two controls.

    >>> from gametheory.explorer.prepared import explored
    >>> from gametheory.reader import load
    >>> page = explored(load("reference_involvement"))
    >>> values = page.model.central()
    >>> nearest_axes(page.axes, values, page.changes(values, "nato"))
    ('escalation_risk', 'disaster_loss_russia')
    """
    if len(controls) < 2:
        return "", ""
    nearest = sorted(controls, key=lambda control: _distance(control, values, tips))  # equal ones keep their order
    rest = [control.name for control in nearest if control.name not in given]
    x, y = (name or rest.pop(0) for name in given)
    return x, y


def _distance(control: Control, values: Mapping[str, float], tips: Tips) -> float:
    """How far the nearest tipping point stands from the value, in shares of the track; infinite where none is known."""
    here = control.share(values[control.name])
    marks = tips.get(control.name, {}).get("marks", ())
    return min((abs(float(mark["share"]) - here) for mark in marks), default=math.inf)
