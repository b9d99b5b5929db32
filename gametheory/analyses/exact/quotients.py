"""Which rational function of one parameter is each payoff?

The formulas are walked with quotients of polynomials in place of numbers. Where a comparison depends on the parameter,
its answer is that of a given sample, and the polynomials at whose roots it may change are handed back.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.model.evaluation import payoff_array

if TYPE_CHECKING:
    from gametheory.expressions import Formula
    from gametheory.model import Model

__all__ = ["NotRationalError", "Payoffs", "Poly", "Quotient", "payoffs_near", "rational", "whole"]

Poly = Any  # flint.fmpq_poly or flint.fmpz_poly: the package has no type stubs
Rational = Any  # flint.fmpq

HIGHEST_DEGREE = 400  # of a payoff; beyond it exact work takes seconds an operation


class NotRationalError(InputError):
    """The payoffs are no rational function of the parameter, or one too large to follow exactly."""


@dataclass(frozen=True, eq=False)
class Quotient:
    """A rational function ``top / bottom`` in lowest terms; ``gaps`` is zero wherever a divisor on the way was."""

    top: Poly
    bottom: Poly
    gaps: Poly

    def __neg__(self) -> Quotient:
        return Quotient(-self.top, self.bottom, self.gaps)

    def __add__(self, other: Quotient) -> Quotient:
        top = self.top * other.bottom + other.top * self.bottom
        return _lowest(top, self.bottom * other.bottom, _joined(self.gaps, other.gaps))

    def __sub__(self, other: Quotient) -> Quotient:
        return self + -other

    def __mul__(self, other: Quotient) -> Quotient:
        return _lowest(self.top * other.top, self.bottom * other.bottom, _joined(self.gaps, other.gaps))

    def __truediv__(self, other: Quotient) -> Quotient:
        if not other.top:
            raise NotRationalError("a payoff divides by zero, whatever the value of the parameter")
        gaps = _joined(_joined(self.gaps, other.gaps), other.top)
        return _lowest(self.top * other.bottom, self.bottom * other.top, gaps)

    def __pow__(self, power: int) -> Quotient:
        if power >= 0:
            _check_degree(power * max(self.top.degree(), self.bottom.degree()))
            return Quotient(self.top**power, self.bottom**power, self.gaps)
        return constant(Fraction(1)) / self**-power

    def at(self, value: Rational) -> Rational:
        """The value at a rational number that is no pole."""
        return self.top(value) / self.bottom(value)


@dataclass(frozen=True, eq=False)
class Payoffs:
    """Payoffs ``Quotient[player, a1, a2, ...]`` as they are near a sample, and the polynomials that may change them."""

    table: NDArray[np.object_]
    switches: tuple[Poly, ...]


def payoffs_near(model: Model, parameter: str, sample: Rational) -> Payoffs:
    """The payoffs as functions of ``parameter`` near ``sample``, the others at their central values.

    Raises NotRationalError where a formula takes exp, log or sqrt, or divides by what is zero throughout.
    """
    from flint import fmpq_poly

    switches: list[Poly] = []
    columns: dict[str, NDArray[np.object_]] = {}
    for name, entry in model.parameters.items():
        columns[name] = np.empty(1, dtype=object)
        columns[name][0] = constant(entry.exact)
    one = fmpq_poly([1])
    columns[parameter][0] = Quotient(fmpq_poly([0, 1]), one, one)
    table = payoff_array(model, columns, 1, evaluator(sample, switches), np.object_)[0]
    return Payoffs(table, tuple(switches))


def constant(number: Fraction) -> Quotient:
    """A number as a function that does not vary."""
    from flint import fmpq_poly

    one = fmpq_poly([1])
    return Quotient(fmpq_poly([rational(number)]), one, one)


def rational(number: Fraction) -> Rational:
    """A fraction in the arithmetic library's own type."""
    from flint import fmpq

    return fmpq(number.numerator, number.denominator)


def whole(poly: Poly) -> Poly:
    """The polynomial with whole coefficients without a common factor, the leading one positive, and the same roots.

    >>> from flint import fmpq, fmpq_poly
    >>> whole(fmpq_poly([fmpq(1, 2), -1]))
    2*x + (-1)
    """
    from flint import fmpz_poly

    numerator = poly if isinstance(poly, fmpz_poly) else poly.numer()
    content = numerator.content()
    if not content:
        return numerator
    return numerator // (content if numerator.leading_coefficient() > 0 else -content)


def evaluator(sample: Rational, switches: list[Poly]) -> Callable[[Formula, Mapping[str, Any]], NDArray[np.object_]]:
    """A function that gives the value of a formula in quotients; comparisons that vary are added to ``switches``."""

    def less(first: Quotient, second: Quotient) -> bool:
        return _sign(first - second) < 0

    def _sign(difference: Quotient) -> int:
        if difference.top.degree() > 0 or difference.bottom.degree() > 0:
            switches.extend(whole(part) for part in (difference.top, difference.bottom) if part.degree() > 0)
            if not difference.bottom(sample):
                return 0
        value = difference.at(sample)
        return int(value > 0) - int(value < 0)

    def smaller(first: Quotient, second: Quotient) -> Quotient:
        return second if less(second, first) else first

    def larger(first: Quotient, second: Quotient) -> Quotient:
        return second if less(first, second) else first

    operations: dict[str, Callable[..., Any]] = {
        "negative": operator.neg,
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "<": less,
        "<=": lambda first, second: not less(second, first),
        ">": lambda first, second: less(second, first),
        ">=": lambda first, second: not less(first, second),
        "min": smaller,
        "max": larger,
        "abs": lambda value: larger(value, -value),
        "clip": lambda value, low, high: smaller(larger(value, low), high),
        "where": lambda holds, first, second: first if holds else second,
    }

    def evaluate(formula: Formula, values: Mapping[str, Any]) -> NDArray[np.object_]:
        found = np.empty((), dtype=object)
        value = _walk(formula.tree, values, operations)
        if isinstance(value, np.ndarray):
            return value
        found[()] = value
        return found

    return evaluate


def _walk(tree: tuple[Any, ...], values: Mapping[str, Any], operations: Mapping[str, Callable[..., Any]]) -> Any:
    """Value of a formula's tree, element by element of the arrays in ``values``."""
    kind = tree[0]
    if kind == "name":
        return values[tree[1]]
    if kind == "number":
        return constant(tree[1])
    if kind == "**":
        return np.frompyfunc(operator.pow, 2, 1)(_walk(tree[1], values, operations), tree[2])
    if kind not in operations:
        raise NotRationalError(f"a payoff takes {kind}, which is no fraction of polynomials")
    branches = [_walk(branch, values, operations) for branch in tree[1:]]
    if kind in ("min", "max"):
        value, pair = branches[0], np.frompyfunc(operations[kind], 2, 1)
        for other in branches[1:]:
            value = pair(value, other)
        return value
    return np.frompyfunc(operations[kind], len(branches), 1)(*branches)


def _lowest(top: Poly, bottom: Poly, gaps: Poly) -> Quotient:
    """A quotient without common factors; its denominator leads with 1."""
    shared = top.gcd(bottom)
    top, bottom = top // shared, bottom // shared
    leading = bottom.leading_coefficient()
    _check_degree(max(top.degree(), bottom.degree()))
    return Quotient(top / leading, bottom / leading, gaps)


def _joined(first: Poly, second: Poly) -> Poly:
    """The least polynomial that is zero where one of the two is."""
    if first.degree() <= 0 or second.degree() <= 0:
        return first if second.degree() <= 0 else second
    return first * (second // first.gcd(second))


def _check_degree(degree: int) -> None:
    if degree > HIGHEST_DEGREE:
        raise NotRationalError(f"a payoff is a polynomial of degree {degree}; at most {HIGHEST_DEGREE} are followed")
