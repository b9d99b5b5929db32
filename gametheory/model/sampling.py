"""Which points of the parameters does a model allow, and which of them does a seed draw?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.expressions import evaluate
from gametheory.model.evaluation import closure, environment
from gametheory.model.nouns import Written
from gametheory.parameters import stream

__all__ = ["RAREST", "Draws", "allowed", "draws"]

FloatArray: TypeAlias = NDArray[np.float64]

TRIAL = 2**14  # points tried at once where constraints may refuse some
RAREST = 1e-4  # share of points that keep the constraints; below it most of the work would be thrown away
BEFORE_JUDGING = 8 * TRIAL  # tries, of which thirteen are accepted where one in ten thousand is


@dataclass(frozen=True, eq=False)
class Draws:
    """Points that keep the constraints, name -> ``float64[count]``, and how many were `tried` to find them."""

    points: dict[str, FloatArray]
    tried: int


def draws(model: Written, count: int, seed: int, block: int = 0) -> Draws:
    """Draw `count` points from the joint law of a model, those that break a constraint left out.

    The points are the first that are allowed of one endless row of points, which belongs to `seed` and `block`; so
    fewer draws are the first of more, and without constraints the row itself is drawn. Raises `InputError` where fewer
    than one point in ten thousand is allowed.
    """
    if count < 0:
        raise InputError(f"count is {count!r}; expected 0 or more")
    joint, generator = model.joint, stream(seed, block)
    width = len(joint.dimensions)
    if not model.constraints or not count:
        return Draws(joint.points(generator.random((count, width))), count)
    parts: list[dict[str, FloatArray]] = []
    found = tried = 0
    while found < count:
        points = joint.points(generator.random((TRIAL, width)))
        places = np.flatnonzero(allowed(model, points, TRIAL))[: count - found]
        parts.append({name: column[places] for name, column in points.items()})
        found += len(places)
        tried += TRIAL if found < count else int(places[-1]) + 1
        if found < count and tried >= BEFORE_JUDGING and found < RAREST * tried:
            message = f"the constraints {', '.join(model.constraints)} leave {found} of {tried} points drawn"
            raise InputError(f"{message}, fewer than 1 in {1 / RAREST:.0f}; widen them, or narrow the laws to fit them")
    return Draws({name: np.concatenate([part[name] for part in parts]) for name in joint.names}, tried)


def allowed(model: Written, points: Mapping[str, FloatArray], count: int) -> NDArray[np.bool_]:
    """Which of `count` points keep every constraint, ``bool[count]``.

    `points` holds columns of that length; parameters that it leaves out keep their central values.
    """
    columns = {name: points.get(name, np.array([parameter.value])) for name, parameter in model.parameters.items()}
    conditions = [constraint.holds for constraint in model.constraints.values()]
    values = environment(model, columns, evaluate, closure(model, conditions))
    kept = np.ones(count, dtype=np.bool_)
    for condition in conditions:
        kept &= np.broadcast_to(evaluate(condition, values).reshape(-1) > 0.0, count)
    return kept
