"""By how much do points break the constraints between parameters?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula, evaluate
from gametheory.model.evaluation import closure, environment

if TYPE_CHECKING:
    from gametheory.model import Model

__all__ = ["KEEPING", "excess"]

FloatArray = NDArray[np.float64]

KEEPING = 1e-9  # share of the numbers compared up to which a constraint counts as kept: a search ends on its edge


def excess(model: Model, points: Mapping[str, FloatArray], count: int) -> FloatArray:
    """By how much each point is beyond each constraint, as a share of what it compares: ``float64[point, constraint]``.

    Zero and below, the constraint is kept; what is not a number counts as broken. Rankings need none of this: their
    names are held where they are.
    """
    columns = {name: points.get(name, np.array([parameter.value])) for name, parameter in model.parameters.items()}
    found = [np.broadcast_to(one, count) for one in _constraints(model, columns)]
    return np.nan_to_num(np.stack(found, axis=1), nan=1.0) if found else np.empty((count, 0))


def _constraints(model: Model, columns: Mapping[str, FloatArray]) -> Iterator[FloatArray]:
    """What is too much on the smaller side of each constraint, as a share of the larger number."""
    for constraint in model.constraints.values():
        sign, left, right = constraint.holds.tree
        sides = [_values(model, replace(constraint.holds, tree=tree), columns) for tree in (left, right)]
        small, large = sides if sign in ("<", "<=") else sides[::-1]
        with np.errstate(all="ignore"):
            yield (small - large) / np.maximum(np.maximum(np.abs(small), np.abs(large)), np.finfo(float).tiny)


def _values(model: Model, formula: Formula, columns: Mapping[str, FloatArray]) -> FloatArray:
    """One side of a constraint at every point, or one number for all."""
    values = environment(model, columns, evaluate, closure(model, [formula]))
    return evaluate(formula, values).reshape(-1)
