"""Between which bounds does a formula lie over ranges of its names, and how fast can it change there?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions.evaluation import walk
from gametheory.expressions.grammar import Formula
from gametheory.expressions.intervals import Interval, point
from gametheory.expressions.slopes import (
    binormal_of,
    chosen,
    density_of,
    exp_of,
    larger,
    lifted,
    log_of,
    normal_of,
    power_of,
    primal,
    size_of,
    smaller,
    sqrt_of,
)

__all__ = ["enclose"]

BoolArray: TypeAlias = NDArray[np.bool_]
Told: TypeAlias = tuple[BoolArray, BoolArray, Any]
"""Where a comparison holds for certain, where it fails for certain, and a quantity as deep as what it compares."""


def enclose(formula: Formula, values: Mapping[str, Any]) -> Any:
    """Bounds on a formula, and on its derivatives where names stand for a `Slope`, broadcast over arrays.

    ``values`` gives an `Interval` or a `Slope` for each name. Of a condition the bounds are on 1 where it holds and 0
    where not. Where the formula may have no value (a logarithm of zero, a division by zero) there are no bounds.

    >>> from gametheory.expressions import parse
    >>> square = enclose(parse("p * (1 - p)"), {"p": Interval(np.array(0.0), np.array(0.25))})
    >>> float(square.low), float(square.high)
    (0.0, 0.25000000000000006)
    """
    with np.errstate(all="ignore"):
        found = walk(formula.tree, values, _OPERATIONS)
    if isinstance(found, tuple):
        holds, fails, _ = found
        return Interval(np.where(holds, 1.0, 0.0), np.where(fails, 0.0, 1.0))
    return found


def _number(number: Fraction) -> Interval:
    """A number, which may lie between two doubles."""
    near = float(number)
    exact = Fraction(near) == number
    ends = (near, near) if exact else (np.nextafter(near, -np.inf), np.nextafter(near, np.inf))
    return point(near) if exact else Interval(np.asarray(ends[0]), np.asarray(ends[1]))


def _less(first: Any, second: Any) -> Told:
    a, b = primal(first), primal(second)
    return np.asarray(a.high < b.low), np.asarray(a.low >= b.high), lifted(first, second)


def _at_most(first: Any, second: Any) -> Told:
    a, b = primal(first), primal(second)
    return np.asarray(a.high <= b.low), np.asarray(a.low > b.high), lifted(first, second)


def _where(told: Told, first: Any, second: Any) -> Any:
    holds, fails, like = told
    return chosen(holds, fails, lifted(first, like), lifted(second, like), jumps=True)


_OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "number": _number,
        "negative": lambda a: -a,
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "**": power_of,
        "<": _less,
        "<=": _at_most,
        ">": lambda a, b: _less(b, a),
        ">=": lambda a, b: _at_most(b, a),
        "min": lambda *parts: reduce(smaller, parts),
        "max": lambda *parts: reduce(larger, parts),
        "abs": size_of,
        "exp": exp_of,
        "log": log_of,
        "sqrt": sqrt_of,
        "where": _where,
        "clip": lambda value, low, high: smaller(larger(value, low), high),
        "normal": normal_of,
        "normal_density": density_of,
        "binormal": binormal_of,
    }
)
