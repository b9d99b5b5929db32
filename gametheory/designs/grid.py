"""Which points lie at every combination of a few values of each parameter?"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.model import Model
from gametheory.parameters import Parameter
from gametheory.parameters.faults import as_tuple
from gametheory.parameters.quantiles import FloatArray

__all__ = ["Levels", "grid_levels", "grid_points"]

Levels: TypeAlias = Mapping[str, tuple[float, ...]]

MOST_LEVELS = 2**20  # of one parameter; nobody looks at more
LARGEST_GRID = 2**40  # rows; a row is then still an exact number everywhere


def grid_levels(
    model: Model, samples: int, over: Sequence[str] | Mapping[str, Any] | None = None
) -> dict[str, tuple[float, ...]]:
    """The values that a grid takes: parameter -> values.

    `over` names the parameters of the grid (all with a law that varies, where it is not given), or maps them to a
    number of values or to the values themselves; `samples` is the number where none is given. The values of a law lie
    in the middle of so many equally probable parts, so that all points of a grid over independent laws are equally
    probable; those of an interval are equally spaced from end to end. A discrete law has no such parts: its values
    must be given. Where values are given, or an interval is among them, points are not equally probable, and shares
    over the grid are no probabilities. Raises `UnknownNameError` for a name that is no parameter and `InputError` for
    levels that cannot be used.
    """
    drawn_together = {name for block in model.joint.blocks for name in block.names}
    if over is None:
        over = [name for name in model.parameters if name in model.joint.factors and name not in drawn_together]
    wanted = _wanted(over, samples)
    for name in wanted:
        if name not in model.parameters:
            raise UnknownNameError(f"no parameter named {name!r}{did_you_mean(str(name), model.parameters)}")
        if name in drawn_together:
            message = f"{name} is drawn together with others, whose order the values of a grid would leave"
            raise InputError(f"{message}; use another design, or leave it out of over=")
    _check_discrete(model, wanted)
    levels = {name: _levels(model.parameters[name], wanted[name]) for name in model.parameters if name in wanted}
    rows = math.prod(map(len, levels.values()))
    if rows > LARGEST_GRID:
        raise InputError(f"a grid of {rows} points, at most {LARGEST_GRID}; name fewer parameters with over=")
    return levels


def grid_points(levels: Levels, start: int, count: int) -> dict[str, FloatArray]:
    """Points `start` to ``start + count`` of a grid, the last parameter moving fastest.

    >>> points = grid_points({"x": (0.0, 1.0), "y": (5.0, 6.0, 7.0)}, start=2, count=3)
    >>> points["x"].tolist(), points["y"].tolist()
    ([0.0, 1.0, 1.0], [7.0, 5.0, 6.0])
    """
    rows = np.arange(start, start + count)
    points: dict[str, FloatArray] = {}
    for name in reversed(tuple(levels)):
        rows, place = np.divmod(rows, len(levels[name]))
        points[name] = np.asarray(levels[name], dtype=np.float64)[place]
    return {name: points[name] for name in levels}


def _wanted(over: Any, samples: int) -> dict[str, Any]:
    """Parameter -> number of values or values; a text is one name."""
    if isinstance(over, Mapping):
        return dict(over)
    try:
        names = [over] if isinstance(over, str) else list(over)
        return dict.fromkeys(names, samples)
    except TypeError as error:
        raise InputError(f"over: {over!r}, expected names of parameters, or a mapping to values") from error


def _check_discrete(model: Model, wanted: Mapping[str, Any]) -> None:
    """Refuse a number of values of a discrete law: equally probable parts would repeat some and miss others."""
    laws = {name: model.parameters[name].law for name in wanted}
    discrete = [name for name, law in laws.items() if law.kind == "discrete" and _is_number(wanted[name])]
    if discrete:
        given = {**wanted, **{name: list(as_tuple(laws[name].numbers["values"])) for name in discrete}}
        raise InputError(
            f"{discrete[0]} has a discrete law, of which equally probable parts repeat some values and miss others; "
            f"give its values, as in over={given!r}, and read no share as a probability, or use a random design"
        )


def _is_number(wanted: Any) -> bool:
    """Whether this is how many values are wanted, not the values."""
    return isinstance(wanted, int | np.integer) and not isinstance(wanted, bool)


def _levels(parameter: Parameter, wanted: Any) -> tuple[float, ...]:
    """The values of one parameter: those given, or as many as wanted."""
    name = parameter.name
    if not _is_number(wanted):
        values = _given(wanted)
        if values.ndim != 1 or not len(values) or not np.all(np.isfinite(values)):
            raise InputError(f"{name}: {wanted!r}, expected a number of values or a list of finite values")
        return tuple(values.tolist())
    number = operator.index(wanted)
    if not 1 <= number <= MOST_LEVELS:
        raise InputError(f"{name}: {wanted!r} values, expected at least 1 and at most {MOST_LEVELS}")
    if parameter.law.kind == "fixed":
        raise InputError(
            f"{name} is fixed and has one value; give the values for the grid, as in over={{{name!r}: [1, 2]}}"
        )
    middles = (np.arange(number) + 0.5) / number
    if parameter.law.has_probability:
        return tuple(parameter.law.quantile(middles).tolist())
    low, high = parameter.law.support()
    return tuple(np.linspace(low, high, number).tolist()) if number > 1 else ((low + high) / 2.0,)


def _given(wanted: Any) -> FloatArray:
    """Values that were given; none where they are no numbers."""
    if isinstance(wanted, str | bool):
        return np.empty(0)
    try:
        return np.atleast_1d(np.asarray(wanted, dtype=np.float64))
    except (TypeError, ValueError):
        return np.empty(0)
