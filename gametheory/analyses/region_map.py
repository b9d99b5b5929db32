"""Which equilibria hold where, over two parameters at once?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gametheory.analyses.lines import searched_range
from gametheory.analyses.provenance import attributes, known_parameter, orders_of
from gametheory.errors import InputError
from gametheory.study import class_name, classes_over

if TYPE_CHECKING:
    import pandas as pd

    from gametheory.model import Model

__all__ = ["region_map"]


def region_map(
    model: Model,
    x: str,
    y: str,
    *,
    order: str = "simultaneous",
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    resolution: int = 128,
) -> pd.DataFrame:
    """The set of equilibria on a grid of two parameters, the others at their central values, one row a grid point.

    Columns: the parameters ``x`` and ``y`` by their names, ``region`` (a number per set of equilibria, 0 the most
    frequent), ``outcome`` (its profiles). Rows run along x first. The axes are even in the logarithm where the law is
    log-uniform and the range positive. Raises InputError where ``x`` and ``y`` are the same, or for a resolution below
    2.
    """
    import pandas as pd

    if known_parameter(model, x) == known_parameter(model, y):
        raise InputError(f"x and y: both {x!r}, expected two different parameters")
    if resolution < 2:
        raise InputError(f"resolution: {resolution!r}, expected at least 2")
    if order == "all":
        raise InputError("order: 'all', expected one order of play for a map")
    (chosen,) = orders_of(model, order)
    across = _axis(model, x, x_range, resolution)
    up = _axis(model, y, y_range, resolution)
    design = {x: np.tile(across, resolution), y: np.repeat(up, resolution)}
    numbers, classes = classes_over(model, design, chosen)
    counts = np.bincount(numbers, minlength=len(classes))
    rank = np.argsort(np.argsort(-counts, kind="stable"))
    actions = [player.actions for player in model.players]
    names = np.array([class_name(entry, actions) for entry in classes], dtype=object)
    frame = pd.DataFrame({**design, "region": rank[numbers], "outcome": names[numbers]})
    notes = [f"a grid of {resolution} x {resolution} points: what is smaller than a step of the grid is not seen"]
    frame.attrs.update(attributes(model, notes, parameters=model.central(), order=chosen, x=x, y=y))
    return frame


def _axis(
    model: Model, name: str, ends: tuple[float, float] | None, resolution: int
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Grid values of one parameter."""
    low, high = searched_range(model, name, *(ends or (None, None)))
    if model.parameters[name].law.kind == "loguniform" and low > 0:
        return np.geomspace(low, high, resolution)
    return np.linspace(low, high, resolution)
