"""Do the probabilities of a move of chance sum to one, and stay between zero and one, at every point of the model?

That they sum to one is proved where the formulas are quotients of polynomials, other functions taken as they stand;
where that cannot be told, and for each probability alone, corners of the laws and random points are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gametheory.expressions import Formula, evaluate
from gametheory.expressions.evaluation import Operation, walk
from gametheory.expressions.grammar import FUNCTIONS
from gametheory.model import Model, allowed, draws
from gametheory.model.evaluation import closure, environment

__all__ = ["Breach", "breach", "sums_to_one"]

FloatArray: TypeAlias = NDArray[np.float64]
Monomial: TypeAlias = tuple[tuple[str, int], ...]  # names with their powers, sorted
Polynomial: TypeAlias = dict[Monomial, Fraction]

MOST_TERMS = 2_000  # of a polynomial; beyond it a proof would take long
MOST_CORNERS = 1_024
DRAWS = 256
OFF = 1e-9  # how far from one a sum may lie that rounding explains
TAIL = 1e-4  # probability beyond the corner of a law without end


class Breach(NamedTuple):
    """A point at which the probabilities are none: what is wrong, the worst value, and the parameters there."""

    what: str
    value: float
    point: dict[str, float]


class _Quotient(NamedTuple):
    numerator: Polynomial
    denominator: Polynomial


class _TooLong(Exception):  # noqa: N818  # not an error that leaves this module
    """The polynomials have too many terms."""


def sums_to_one(model: Model, formulas: Iterable[Formula]) -> bool:
    """Whether the formulas are proved to sum to one wherever they have a value; False where it is not proved.

    >>> from gametheory.reader import load
    >>> from gametheory.expressions import parse
    >>> model = load("reference_involvement")
    >>> sums_to_one(model, [parse("exp(-escalation_risk)"), parse("1 - exp(-escalation_risk)")])
    True
    """
    values: dict[str, Any] = {name: _Quotient({((name, 1),): Fraction(1)}, _ONE) for name in model.parameters}
    total = _Quotient({(): Fraction(-1)}, _ONE)
    chosen = tuple(formulas)
    behind = closure(model, chosen)
    try:
        for name, formula in model.quantities.items():
            if name in behind:
                values[name] = walk(formula.tree, values, _SYMBOLIC)
        for formula in chosen:
            total = _sum(total, walk(formula.tree, values, _SYMBOLIC))
    except (_TooLong, ZeroDivisionError, KeyError):
        return False
    return not total.numerator


def breach(model: Model, shares: Mapping[str, Formula]) -> Breach | None:
    """The worst point at which probabilities are negative, above one, or do not sum to one; None where none is found.

    Central values, corners of the laws (a thousand at most) and random points are looked at, those that keep the
    constraints; the sum only where `sums_to_one` proves nothing.
    """
    points = _points(model)
    count = max(map(len, points.values()), default=1)
    values = environment(model, points, evaluate, closure(model, shares.values()))
    columns = {name: np.broadcast_to(evaluate(own, values).reshape(-1), (count,)) for name, own in shares.items()}
    found = []
    for name, column in columns.items():
        outside = np.maximum(-column, column - 1.0)
        found.append((outside, f"the probability of {name!r} is", column))
    if not sums_to_one(model, shares.values()):
        total = np.sum(list(columns.values()), axis=0)
        found.append((np.abs(total - 1.0), "the probabilities sum to", total))
    for off, what, column in found:
        size = np.where(np.isnan(off), np.inf, off)
        if size.max() > OFF:
            worst = int(size.argmax())
            point = {name: float(own[worst if len(own) > 1 else 0]) for name, own in points.items()}
            return Breach(
                what, float(column[worst]), {name: point[name] for name in point if name in _behind(model, shares)}
            )
    return None


def _behind(model: Model, shares: Mapping[str, Formula]) -> frozenset[str]:
    """The parameters on which some formulas rest."""
    return closure(model, shares.values()).intersection(model.parameters)


def _points(model: Model) -> dict[str, FloatArray]:
    """The points to look at: the central one, corners and draws that keep the constraints."""
    ends = {name: _ends(parameter.law) for name, parameter in model.parameters.items()}
    moving = [name for name, (low, high) in ends.items() if low < high]
    rows = [model.central()]
    for corner, signs in enumerate(product((0, 1), repeat=len(moving))):
        if corner == MOST_CORNERS:
            rows.append({**model.central(), **{name: ends[name][1] for name in moving}})
            break
        rows.append({**model.central(), **{name: ends[name][sign] for name, sign in zip(moving, signs, strict=True)}})
    points = {name: np.array([row[name] for row in rows]) for name in model.parameters}
    kept = allowed(model, points, len(rows)) if model.constraints else np.ones(len(rows), dtype=np.bool_)
    kept[0] = True
    found = {name: column[kept] for name, column in points.items()}
    drawn = draws(model, DRAWS, 0).points if model.joint.dimensions else {}
    inside = {name: drawn.get(name, np.full(DRAWS if drawn else 0, found[name][0])) for name in found}
    return {name: np.concatenate([column, inside[name]]) for name, column in found.items()}


def _ends(law: Any) -> tuple[float, float]:
    """The corner values of a law; far out in the tails where it has no end."""
    low, high = law.support()
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    tails = law.quantile(np.array([TAIL, 1.0 - TAIL])).tolist()
    return (low if np.isfinite(low) else tails[0]), (high if np.isfinite(high) else tails[1])


_ONE: Polynomial = {(): Fraction(1)}


def _added(a: Polynomial, b: Polynomial, sign: int = 1) -> Polynomial:
    total = dict(a)
    for monomial, factor in b.items():
        total[monomial] = total.get(monomial, Fraction(0)) + sign * factor
    return {monomial: factor for monomial, factor in total.items() if factor}


def _multiplied(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a) * len(b) > MOST_TERMS:
        raise _TooLong
    total: Polynomial = {}
    for (first, left), (second, right) in product(a.items(), b.items()):
        powers = dict(first)
        for name, power in second:
            powers[name] = powers.get(name, 0) + power
        monomial = tuple(sorted(powers.items()))
        total[monomial] = total.get(monomial, Fraction(0)) + left * right
    return {monomial: factor for monomial, factor in total.items() if factor}


def _sum(a: _Quotient, b: _Quotient, sign: int = 1) -> _Quotient:
    if a.denominator == b.denominator:
        return _Quotient(_added(a.numerator, b.numerator, sign), a.denominator)
    left, right = _multiplied(a.numerator, b.denominator), _multiplied(b.numerator, a.denominator)
    return _Quotient(_added(left, right, sign), _multiplied(a.denominator, b.denominator))


def _product(a: _Quotient, b: _Quotient) -> _Quotient:
    return _Quotient(_multiplied(a.numerator, b.numerator), _multiplied(a.denominator, b.denominator))


def _divided(a: _Quotient, b: _Quotient) -> _Quotient:
    if not b.numerator:
        raise ZeroDivisionError
    return _Quotient(_multiplied(a.numerator, b.denominator), _multiplied(a.denominator, b.numerator))


def _power(base: _Quotient, power: int) -> _Quotient:
    result = _Quotient(_ONE, _ONE)
    for _ in range(abs(power)):
        result = _product(result, base)
    return result if power >= 0 else _divided(_Quotient(_ONE, _ONE), result)


def _atom(kind: str) -> Operation:
    """A function that is taken as it stands: of equal arguments it is the same unknown number."""

    def of(*arguments: Any) -> _Quotient:
        written = ", ".join(f"{sorted(own.numerator.items())}/{sorted(own.denominator.items())}" for own in arguments)
        return _Quotient({((f"{kind}({written})", 1),): Fraction(1)}, _ONE)

    return of


_SYMBOLIC: Mapping[str, Operation] = {
    **{kind: _atom(kind) for kind in (*FUNCTIONS, "<", "<=", ">", ">=")},
    "number": lambda number: _Quotient({(): number} if number else {}, _ONE),
    "negative": lambda a: _Quotient(_added({}, a.numerator, -1), a.denominator),
    "+": _sum,
    "-": lambda a, b: _sum(a, b, -1),
    "*": _product,
    "/": _divided,
    "**": _power,
}
