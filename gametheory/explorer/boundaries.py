"""Along which curves do the regions of the map meet, and are they proved?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.analyses import regions
from gametheory.analyses.mapping.proofs import ASIDE
from gametheory.explorer.controls import Control
from gametheory.explorer.scans import Curve, Map
from gametheory.figures.words import counted
from gametheory.model.nouns import closed
from gametheory.study import without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["model_at", "traced"]

CELLS = 64  # each way, between which the boundaries are followed


def traced(model: Model, x: Control, y: Control, values: Mapping[str, float], order: str) -> Map:
    """The map of two parameters of a table of payoffs with its boundaries as `regions` follows them.

    The other parameters stand at ``values``. Raises InputError for two parameters of one ranking.

    >>> from gametheory.reader import load
    >>> from gametheory.explorer.controls import controls
    >>> from gametheory.report.phrases import names_of
    >>> model = load("reference_involvement")
    >>> stake, _, _, _, risk = controls(model, names_of(model))
    >>> found = traced(model, risk, stake, model.central(), "nato")
    >>> len(found.curves), any(curve.proved for curve in found.curves)
    (11, False)
    """
    with without_parameter_warnings():
        ends = {"x_range": x.ends, "y_range": y.ends}
        frame = regions(model_at(model, values), x.name, y.name, order=order, resolution=CELLS, lines=0, **ends)
    grid = frame.attrs["grid"]
    curves = tuple(
        Curve(tuple(own[x.name].tolist()), tuple(own[y.name].tolist()), bool(own["exact"].iloc[0]))
        for _, own in frame.groupby("curve", sort=True)
    )
    xs, ys = np.array(grid["x"]), np.array(grid["y"])
    said = _said(curves, frame.attrs["checks"])
    return Map(x, y, xs, ys, np.array(grid["region"]), tuple(frame.attrs["outcomes"]), curves, said)


def model_at(model: Model, values: Mapping[str, float]) -> Model:
    """The model with other central values; those that do not change keep the text that makes them exact."""
    parameters = {
        name: own if own.value == values[name] else replace(own, value=values[name], text=repr(float(values[name])))
        for name, own in model.parameters.items()
    }
    return replace(model, parameters=closed(parameters))


def _said(curves: tuple[Curve, ...], checks: Mapping[str, Any]) -> str:
    """How the boundaries were found and how far they are proved."""
    proved, count = sum(curve.proved for curve in curves), len(curves)
    if not count:
        told = "No boundary was found"
    elif proved == count:
        told = f"{counted(count, 'boundary', 'boundaries')}, proved in fractions to within {ASIDE:g} of the map's side"
    elif proved:
        told = f"{counted(count, 'boundary', 'boundaries')}, of which {proved} (thick) are proved in fractions"
        told += " and the others followed numerically"
    else:
        told = f"{counted(count, 'boundary', 'boundaries')}, followed numerically; none is proved"
    differ = checks["sides_differ"]
    beside = f"{checks['sides']:,} games were solved beside them: "
    beside += f"{differ} of these {'is' if differ == 1 else 'are'} not as they say" if differ else "all are as they say"
    missed = f"A region within one of {CELLS} by {CELLS} cells that meets none of its sides is missed"
    return f"{told}. {beside}. {missed}" if count else f"{told}. {missed}"
