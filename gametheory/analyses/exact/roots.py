"""Where are the real roots of a polynomial, with certainty, and which roots of different polynomials are the same?

A root is known by a polynomial without multiple roots and two rational numbers between which it is the only one. Roots
are counted by the rule of signs of Descartes on an interval (Vincent, Collins and Akritas 1976, ACM Symposium on
Symbolic and Algebraic Computation), and refined by secants whose signs are checked (Abbott 2014, ACM Communications in
Computer Algebra 48).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from math import isqrt
from typing import Any

from gametheory.analyses.exact.quotients import Poly, Rational, rational, whole

__all__ = ["Root", "between", "exact_root", "grouped", "isolated", "nearest_double", "settled", "sign", "squarefree"]

FINE = 2**60  # by how much a range is divided to tell most roots apart at the first comparison


@dataclass(frozen=True, eq=False)
class Root:
    """The only root of ``poly`` strictly between ``low`` and ``high``, or ``low`` itself where the two are equal.

    ``poly`` has whole coefficients and no multiple roots.
    """

    poly: Poly
    low: Rational
    high: Rational

    @property
    def rational(self) -> bool:
        """Whether the root is known as a fraction."""
        return bool(self.low == self.high)


def sign(value: Any) -> int:
    """1, 0 or -1."""
    return int(value > 0) - int(value < 0)


def exact_root(value: Rational) -> Root:
    """A rational number as a root."""
    from flint import fmpz_poly

    return Root(fmpz_poly([-value.p, value.q]), value, value)


def isolated(poly: Poly, low: Rational, high: Rational) -> list[Root]:
    """The roots strictly between ``low`` and ``high`` of a polynomial without multiple roots, in order.

    >>> from flint import fmpq, fmpz_poly
    >>> [(str(root.low), str(root.high)) for root in isolated(fmpz_poly([-2, 0, 1]), fmpq(0), fmpq(4))]
    [('0', '4')]
    """
    count = variations(poly, low, high)
    if count == 0:
        return []
    if count == 1:
        return [Root(poly, low, high)]
    middle = (low + high) / 2
    here = [] if poly(middle) else [exact_root(middle)]
    return [*isolated(poly, low, middle), *here, *isolated(poly, middle, high)]


def variations(poly: Poly, low: Rational, high: Rational) -> int:
    """Changes of sign of the coefficients of ``poly`` on the open interval: the number of roots in it, or more by 2k.

    None means no root, one means one simple root.
    """
    from flint import fmpz_poly

    scale = low.q * high.q
    width = (high - low) * scale
    start = low * scale
    moved = _scaled(poly, scale)(fmpz_poly([start.p, width.p]))
    turned = fmpz_poly(moved.coeffs()[::-1])(fmpz_poly([1, 1]))
    count, last = 0, 0
    for coefficient in turned.coeffs():
        now = sign(coefficient)
        if now:
            count += now * last < 0
            last = now
    return count


def _scaled(poly: Poly, scale: Any) -> Poly:
    """A positive multiple of ``poly(x / scale)`` with whole coefficients."""
    from flint import fmpz_poly

    coefficients, power = [], 1
    for coefficient in reversed(poly.coeffs()):
        coefficients.append(coefficient * power)
        power *= scale
    return fmpz_poly(coefficients[::-1])


def refined(root: Root, width: Rational) -> Root:
    """The same root between ends that are at most ``width`` apart."""
    poly, low, high = root.poly, root.low, root.high
    side = _side(poly, low)
    parts = 4
    while high - low > width:
        at_low, at_high = poly(low), poly(high)
        step = (high - low) / parts
        share = at_low / (at_low - at_high) if sign(at_low) * sign(at_high) < 0 else rational(Fraction(1, 2))
        nearest = (share * parts + rational(Fraction(1, 2))).floor()
        place = low + min(max(nearest, 1), parts - 1) * step
        here = sign(poly(place))
        if here == 0:
            return exact_root(place)
        other = place + step if here == side else place - step
        there = sign(poly(other)) if low < other < high else -here
        if there == 0:
            return exact_root(other)
        near = there != here
        low, high = _narrowed((low, high), (place, other), left=here == side, near=near)
        parts = parts * parts if near else max(2, isqrt(parts))
    return Root(poly, low, high)


def _narrowed(
    ends: tuple[Rational, Rational], guesses: tuple[Rational, Rational], *, left: bool, near: bool
) -> tuple[Rational, Rational]:
    """The ends after two guesses: the root lies right of the first if ``left``, and between the two if ``near``."""
    (low, high), (place, other) = ends, guesses
    if left:
        return (place, min(other, high)) if near else (other, high)
    return (max(other, low), place) if near else (low, other)


def _side(poly: Poly, low: Rational) -> int:
    """The sign of a polynomial without multiple roots just right of ``low``."""
    return sign(poly(low)) or sign(poly.derivative()(low))


def grouped(roots: Sequence[Root]) -> tuple[list[Root], list[int]]:
    """The different roots in order, sharpened until they stand apart, and the place of each given root among them.

    >>> from flint import fmpq, fmpz_poly
    >>> both = [Root(fmpz_poly(own), fmpq(1), fmpq(2)) for own in ([-2, 0, 1], [6, -2, -3, 1])]
    >>> grouped(both)[1]
    [0, 0]
    """
    known = list(roots)

    def compare(first: int, second: int) -> int:
        while True:
            one, two = known[first], known[second]
            if one is two:
                return 0
            if one.rational and two.rational:
                return sign(one.low - two.low)
            if one.high <= two.low or two.high <= one.low:
                return -1 if one.high <= two.low else 1
            if _same(one, two):
                known[first] = known[second] = one if one.rational or not two.rational else two
                return 0
            known[first], known[second] = _sharper(one), _sharper(two)

    order = sorted(range(len(known)), key=cmp_to_key(compare))
    different: list[Root] = []
    place = [0] * len(known)
    for position, number in enumerate(order):
        if position == 0 or compare(order[position - 1], number):
            different.append(known[number])
        elif known[number].high - known[number].low < different[-1].high - different[-1].low:
            different[-1] = known[number]
        place[number] = len(different) - 1
    for position in range(1, len(different)):
        while different[position - 1].high > different[position].low:
            different[position - 1 : position + 1] = map(_sharper, different[position - 1 : position + 1])
    return different, place


def _same(one: Root, two: Root) -> bool:
    """Whether two roots whose intervals overlap are one number."""
    if one.rational or two.rational:
        exact, other = (one, two) if one.rational else (two, one)
        return not other.poly(exact.low)
    low, high = max(one.low, two.low), min(one.high, two.high)
    shared = one.poly if one.poly == two.poly else one.poly.gcd(two.poly)
    return bool(shared.degree() > 0 and variations(shared, low, high) % 2)


def _sharper(root: Root) -> Root:
    """The root in a far smaller interval."""
    return root if root.rational else refined(root, (root.high - root.low) / FINE)


def between(left: Root, right: Root) -> Rational:
    """A short rational number strictly between two different roots, the smaller one first."""
    while not left.high < right.low:
        if left.high == right.low and not (left.rational or right.rational):
            return left.high
        left, right = _sharper(left), _sharper(right)
    low, high = left.high, right.low
    scale = 1
    while (high - low) * scale < 2:
        scale *= 2
    return rational(Fraction(int(((low + high) / 2 * scale + rational(Fraction(1, 2))).floor()), scale))


def settled(root: Root) -> Root:
    """The root with its irreducible polynomial; as a fraction where it is one."""
    if root.rational:
        return exact_root(root.low)
    for factor, _ in root.poly.factor()[1]:
        if variations(factor, root.low, root.high) % 2:
            if factor.degree() == 1:
                offset, slope = (rational(Fraction(int(c))) for c in factor.coeffs())
                return exact_root(-offset / slope)
            return Root(whole(factor), root.low, root.high)
    return root


def nearest_double(root: Root) -> float:
    """The double nearest to a root that `settled` has made a fraction or irrational."""
    while True:
        low, high = (float(Fraction(int(end.p), int(end.q))) for end in (root.low, root.high))
        if low == high or root.rational:
            return low + 0.0
        root = _sharper(root)


def squarefree(poly: Poly) -> Iterator[tuple[Poly, int]]:
    """The factors without multiple roots of a polynomial that is not zero, each with its multiplicity."""
    for factor, multiplicity in poly.factor_squarefree()[1]:
        if factor.degree() > 0:
            yield factor, multiplicity
