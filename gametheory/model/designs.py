"""Which parameter points does a design hold, as doubles and as fractions?"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import FormulaError, InputError, ParameterWarning, UnknownNameError, did_you_mean
from gametheory.expressions import exact_number
from gametheory.parameters import Parameter, Ranking

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Design",
    "exact_columns",
    "float_columns",
    "given_values",
    "row_count",
    "warn_disordered",
    "warn_outside",
]

Design: TypeAlias = "pd.DataFrame | Mapping[str, Any]"
FloatArray: TypeAlias = NDArray[np.float64]
ExactArray: TypeAlias = NDArray[np.object_]


def given_values(
    parameters: Mapping[str, Parameter], design: Design | None, values: Mapping[str, Any]
) -> dict[str, NDArray[Any]]:
    """The columns of a design and of single values by parameter name, each one-dimensional.

    Raises `UnknownNameError` for a name that is no parameter and `InputError` for one given twice or columns of
    different lengths.
    """
    columns: dict[str, NDArray[Any]] = {}
    for name, value in _pairs(design, values):
        if name not in parameters:
            known = ", ".join(parameters)
            near = did_you_mean(str(name), parameters) or f"; the parameters are {known}"
            raise UnknownNameError(f"no parameter named {name!r}{near}")
        if name in columns:
            raise InputError(f"{name}: given twice; give it in the design or by name, not both")
        column = np.asarray(value)
        if column.ndim > 1:
            raise InputError(f"{name}: an array of shape {column.shape!r}; expected one value or a column")
        columns[name] = np.atleast_1d(column)
    _check_lengths(columns, design)
    return columns


def row_count(columns: Mapping[str, NDArray[Any]], design: Design | None) -> int:
    """How many parameter points a design and the columns hold; columns of length 1 fit any number."""
    return next(iter(_lengths(columns, design).values()), 1)


def float_columns(parameters: Mapping[str, Parameter], given: Mapping[str, NDArray[Any]]) -> dict[str, FloatArray]:
    """Every parameter as ``float64[game]``, or ``float64[1]`` where it keeps its central value."""
    columns = {name: np.array([parameter.value]) for name, parameter in parameters.items()}
    for name, column in given.items():
        if column.dtype.kind in "fiu":
            columns[name] = column.astype(np.float64)
        else:
            columns[name] = np.array([_double(name, value) for value in column.tolist()], dtype=np.float64)
    return columns


def exact_columns(
    parameters: Mapping[str, Parameter], given: Mapping[str, NDArray[Any]]
) -> dict[str, ExactArray] | None:
    """Every parameter as an object array of fractions, or None where a value is not finite.

    Text such as ``"0.1"`` and ``"1/3"`` is exact; a float stands for the double that it is.
    """
    columns = {name: _objects([parameter.exact]) for name, parameter in parameters.items()}
    for name, column in given.items():
        items = column.tolist()
        if any(isinstance(item, float) and not math.isfinite(item) for item in items):
            return None
        columns[name] = _objects([_fraction(name, item) for item in items])
    return columns


def warn_outside(parameters: Mapping[str, Parameter], columns: Mapping[str, FloatArray], names: Sequence[str]) -> None:
    """Warn of the parameters in `names` whose values leave their laws."""
    for name in names:
        column, law = columns[name], parameters[name].law
        for value in {float(column.min()), float(column.max())} if len(column) else ():
            if not law.contains(value):
                message = f"{name}: value {value!r} lies outside its law, {law.describe()}"
                warnings.warn(message, ParameterWarning, stacklevel=4)
                break


def warn_disordered(rankings: Mapping[str, Ranking], columns: Mapping[str, FloatArray], names: Sequence[str]) -> None:
    """Warn of the rankings that the values of the parameters in `names` contradict, once each."""
    for ranking in rankings.values():
        order = ranking.order
        if set(names).isdisjoint(order.names):
            continue
        firsts = [group[0] for group in order.groups]
        unequal = [(group[0], other, "==") for group in order.groups for other in group[1:]]
        for better, worse, sign in (*unequal, *((firsts[a], firsts[b], ">") for a, b in order.steps)):
            upper, lower = columns[better], columns[worse]
            if np.any(upper != lower if sign == "==" else ~(upper > lower)):
                message = f"{ranking.name}: the values leave the order, which has {better} {sign} {worse}"
                warnings.warn(message, ParameterWarning, stacklevel=4)
                break


def _pairs(design: Design | None, values: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    if design is not None:
        if not hasattr(design, "items"):
            kind = type(design).__name__
            raise InputError(f"a design is a frame or a mapping of parameter names to values, found {kind!r}")
        yield from design.items()
    yield from values.items()


def _lengths(columns: Mapping[str, NDArray[Any]], design: Design | None) -> dict[str, int]:
    """Length of each column, and of a frame, that is not 1."""
    lengths = {name: len(column) for name, column in columns.items()}
    if hasattr(design, "columns") and design is not None:
        lengths["the frame"] = len(design)
    return {name: length for name, length in lengths.items() if length != 1}


def _check_lengths(columns: Mapping[str, NDArray[Any]], design: Design | None) -> None:
    lengths = _lengths(columns, design)
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError(f"columns of different lengths: {listed}; expected one length, or single values")


def _double(name: str, value: Any) -> float:
    """One value as a double; the exact value of text or a fraction is rounded once."""
    if isinstance(value, float):
        return value
    try:
        return float(_fraction(name, value))
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _fraction(name: str, value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Fraction):
        raise InputError(f"{name}: {value!r} is not a number; expected a number or text such as '0.02' or '1/50'")
    if not isinstance(value, str):
        return Fraction(value)
    try:
        numerator, slash, denominator = value.strip().partition("/")
        return exact_number(numerator) / (exact_number(denominator) if slash else 1)
    except (FormulaError, ZeroDivisionError):
        message = (
            f"{name}: {value[:40]!r} is not a number; expected a decimal such as '0.02' or a fraction such as '1/50'"
        )
        raise InputError(message) from None


def _objects(items: Sequence[object]) -> ExactArray:
    """A one-dimensional object array that never looks inside its items."""
    column = np.empty(len(items), dtype=object)
    column[:] = items
    return column
