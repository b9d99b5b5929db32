"""Which point nearer to the origin still meets some conditions? One run of sequential quadratic programming.

SciPy's SLSQP (Kraft 1988) from one start: it ends at a local answer, and nothing here says that it is the nearest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["descended"]

FloatArray = NDArray[np.float64]
Measured = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""The values of the conditions at a point, and their slopes ``[condition, coordinate]``."""

FEASIBLE = 1e-6  # share of a condition's present value up to which it counts as met
OPTIONS = {"maxiter": 40, "ftol": 1e-12}


def descended(
    measured: Measured, start: FloatArray, ends: FloatArray, scale: FloatArray, *, euclidean: bool
) -> tuple[FloatArray, bool]:
    """A point near ``start`` that is nearer to the origin and has no value above zero; and whether it has none.

    ``ends`` is ``[coordinate, (low, high)]`` and ``scale`` what counts as large for each value. Nearness is the
    Euclidean norm or the largest coordinate; where the search runs astray, ``start`` comes back.
    """
    known: dict[bytes, tuple[FloatArray, FloatArray]] = {}
    count = len(start)
    unit = min(float(np.linalg.norm(start)), 1.0) or 1.0  # the search ends at absolute steps: a short way is one

    def seen(x: FloatArray) -> tuple[FloatArray, FloatArray]:
        key = x[:count].tobytes()
        if key not in known:
            values, own = measured(np.clip(x[:count] * unit, ends[:, 0], ends[:, 1]))
            known[key] = values, own * unit
        return known[key]

    def fallen(x: FloatArray) -> FloatArray:
        return np.asarray(np.nan_to_num(-seen(x)[0] / scale, nan=-1.0))

    def slopes(x: FloatArray) -> FloatArray:
        own = -seen(x)[1] / scale[:, np.newaxis]
        return own if euclidean else np.hstack([own, np.zeros((len(own), 1))])

    conditions: list[dict[str, Any]] = [{"type": "ineq", "fun": fallen, "jac": slopes}]
    solve = _shortest if euclidean else _narrowest
    with np.errstate(all="ignore"):
        found = solve(start / unit, [(float(low), float(high)) for low, high in ends / unit], conditions)
    steps = np.clip(found * unit, ends[:, 0], ends[:, 1])
    if not np.isfinite(steps).all():
        return start, False
    return steps, bool((fallen(found) >= -FEASIBLE).all())


def _shortest(start: FloatArray, bounds: list[Any], conditions: list[Any]) -> FloatArray:
    """The smallest Euclidean norm."""
    from scipy.optimize import minimize

    run: Any = minimize  # its stubs know no constraints with slopes
    result = run(
        lambda x: float(x @ x) / 2,
        start,
        jac=lambda x: x,
        bounds=bounds,
        constraints=conditions,
        method="SLSQP",
        options=OPTIONS,
    )
    return np.asarray(result.x, dtype=np.float64)


def _narrowest(start: FloatArray, bounds: list[Any], conditions: list[Any]) -> FloatArray:
    """The smallest largest coordinate, as one more unknown above them all."""
    from scipy.optimize import minimize

    count = len(start)
    sides = np.vstack([np.hstack([sign * np.eye(count), np.ones((count, 1))]) for sign in (-1.0, 1.0)])
    box = {"type": "ineq", "fun": lambda x: sides @ x, "jac": lambda _: sides}
    slope = np.append(np.zeros(count), 1.0)
    run: Any = minimize
    result = run(
        lambda x: float(x[-1]),
        np.append(start, np.abs(start).max()),
        jac=lambda _: slope,
        bounds=[*bounds, (0.0, None)],
        constraints=[*conditions, box],
        method="SLSQP",
        options=OPTIONS,
    )
    return np.asarray(result.x[:count], dtype=np.float64)
