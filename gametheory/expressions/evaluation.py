"""What is the value of a formula, in doubles and in fractions?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import ComputationError, FormulaError, did_you_mean
from gametheory.expressions.grammar import IRRATIONAL, Formula, Tree
from gametheory.expressions.special import binormal, normal, normal_density

__all__ = ["Operation", "evaluate", "evaluate_exact", "walk"]

FloatArray: TypeAlias = NDArray[np.float64]
ExactArray: TypeAlias = NDArray[np.object_]
Operation: TypeAlias = Callable[..., Any]

LONGEST_FRACTION = 20_000  # bits of numerator and denominator; beyond it exact work takes seconds an operation


def evaluate(formula: Formula, values: Mapping[str, FloatArray]) -> FloatArray:
    """The value of a formula in doubles, broadcast over the arrays in `values`.

    Overflow, division by zero and logarithms of negative numbers give infinities and NaN without a warning: the
    caller decides what a game that is not finite means. Raises `FormulaError` at a name without a value.

    >>> from gametheory.expressions import parse
    >>> evaluate(parse("1 - risk * exposure"), {"risk": np.array([[0.1], [0.5]]), "exposure": np.array([0.0, 2.0])})
    array([[1. , 0.8],
           [1. , 0. ]])
    """
    _check_names(formula, values)
    with np.errstate(all="ignore"):
        return np.asarray(walk(formula.tree, values, _FLOAT), dtype=np.float64)


def evaluate_exact(formula: Formula, values: Mapping[str, ExactArray]) -> ExactArray:
    """The value of a rational formula in fractions, broadcast over object arrays of `fractions.Fraction`.

    Where no fraction is the answer (a division by zero), the element is the infinity or NaN that `evaluate` gives.
    Raises `FormulaError` for a formula with exp, log, sqrt or the normal law, and `ComputationError` where a fraction
    outgrows memory.

    >>> from gametheory.expressions import parse
    >>> evaluate_exact(parse("p / 3"), {"p": np.array([Fraction(1, 2)], dtype=object)}).tolist()
    [Fraction(1, 6)]
    """
    if not formula.rational:
        raise FormulaError(f"{', '.join(sorted(IRRATIONAL))} have no exact value; evaluate in doubles")
    _check_names(formula, values)
    try:
        with np.errstate(all="ignore"):
            value = walk(formula.tree, values, _EXACT)
    except OverflowError as error:
        raise ComputationError(f"no exact value for {formula.text[:80]!r}: {error}") from error
    if isinstance(value, np.ndarray):
        return value
    single = np.empty((), dtype=object)
    single[()] = value
    return single


def _check_names(formula: Formula, values: Mapping[str, object]) -> None:
    for name, column in formula.columns:
        if name not in values:
            raise FormulaError(f"no value for {name!r}{did_you_mean(name, values)}", column)


def walk(tree: Tree, values: Mapping[str, Any], operations: Mapping[str, Operation]) -> Any:
    """Value of a tree by any set of operations; one frame a level keeps deep formulas far from the recursion limit."""
    kind = tree[0]
    if kind == "name":
        return values[tree[1]]
    if kind in ("number", "**"):
        operand = tree[1] if kind == "number" else walk(tree[1], values, operations)
        return operations[kind](operand) if kind == "number" else operations[kind](operand, tree[2])
    arguments = []
    for branch in tree[1:]:
        arguments.append(walk(branch, values, operations))  # noqa: PERF401  # a comprehension is one more frame
    return operations[kind](*arguments)


def _fold(pair: Operation) -> Operation:
    """Turn an operation on two arguments into one on several."""

    def folded(first: Any, *others: Any) -> Any:
        for other in others:
            first = pair(first, other)
        return first

    return folded


def _clip(value: Any, low: Any, high: Any) -> Any:
    return np.minimum(np.maximum(value, low), high)


def _bounded(value: Any) -> Any:
    """Stop before a fraction becomes too long to work with."""
    bits: Any = _BITS(value)
    if np.any(bits > LONGEST_FRACTION):
        message = f"an exact value needs more than {LONGEST_FRACTION} bits"
        raise ComputationError(f"{message}; solve without exact arithmetic or use fewer powers")
    return value


def _bits(value: Fraction | float) -> int:
    if isinstance(value, float):
        return 0
    return value.numerator.bit_length() + value.denominator.bit_length()


def _quotient(numerator: Fraction | float, denominator: Fraction | float) -> Fraction | float:
    """Division that follows IEEE 754 where the denominator is zero."""
    if denominator:
        return numerator / denominator
    if not numerator or math.isnan(numerator):
        return math.nan
    return math.inf if numerator > 0 else -math.inf


def _raised(base: Fraction | float, power: int) -> Fraction | float:
    if power < 0 and not base:
        return math.inf
    return base**power


_BITS = np.frompyfunc(_bits, 1, 1)
_QUOTIENT = np.frompyfunc(_quotient, 2, 1)
_RAISED = np.frompyfunc(_raised, 2, 1)

_FLOAT: Mapping[str, Operation] = MappingProxyType(
    {
        "number": np.float64,
        "negative": np.negative,
        "+": np.add,
        "-": np.subtract,
        "*": np.multiply,
        "/": np.divide,
        "**": lambda base, power: base ** float(power),
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "min": _fold(np.minimum),
        "max": _fold(np.maximum),
        "abs": np.abs,
        "exp": np.exp,
        "log": np.log,
        "sqrt": np.sqrt,
        "where": np.where,
        "clip": _clip,
        "normal": normal,
        "normal_density": normal_density,
        "binormal": binormal,
    }
)

_EXACT: Mapping[str, Operation] = MappingProxyType(
    {
        "number": lambda number: number,
        "negative": np.negative,
        "+": lambda a, b: _bounded(np.add(a, b)),
        "-": lambda a, b: _bounded(np.subtract(a, b)),
        "*": lambda a, b: _bounded(np.multiply(a, b)),
        "/": lambda a, b: _bounded(_QUOTIENT(a, b)),
        "**": lambda base, power: _bounded(_RAISED(base, power)),
        "<": np.less,
        "<=": np.less_equal,
        ">": np.greater,
        ">=": np.greater_equal,
        "min": _fold(np.minimum),
        "max": _fold(np.maximum),
        "abs": np.abs,
        "where": np.where,
        "clip": _clip,
    }
)
