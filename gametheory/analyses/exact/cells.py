"""Which sign has each of many polynomials, everywhere on a stretch of the line?

The roots of all polynomials cut the stretch into *cells*: open intervals and the points between them, in turn. On a
cell every polynomial keeps one sign, so whatever follows from the signs is the same throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.exact.quotients import Poly, Rational
from gametheory.analyses.exact.roots import Root, between, grouped, isolated, sign, squarefree, variations

__all__ = ["Cells", "Stretch", "cells"]

SignArray = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Stretch:
    """The open interval between two roots."""

    start: Root
    stop: Root

    @property
    def low(self) -> Rational:
        """A rational number that is not above the stretch."""
        return self.start.low

    @property
    def high(self) -> Rational:
        """A rational number that is not below the stretch."""
        return self.stop.high

    def constant_sign(self, poly: Poly) -> int | None:
        """The sign of a polynomial without roots on the stretch, 0 where it is zero; None where it may vary."""
        if poly.degree() <= 0:
            return sign(poly[0])
        if variations(poly, self.low, self.high):
            return None
        return sign(poly(between(self.start, self.stop)))


@dataclass(frozen=True, eq=False)
class Cells:
    """A stretch cut at ``roots``: cell ``2 k`` lies before root ``k``, cell ``2 k + 1`` is that root.

    ``signs[polynomial, cell]`` are -1, 0 and 1.
    """

    stretch: Stretch
    roots: tuple[Root, ...]
    signs: SignArray

    @property
    def count(self) -> int:
        """The number of cells."""
        return 2 * len(self.roots) + 1

    def sample(self, cell: int) -> Rational:
        """A rational number in an open cell."""
        marks = (self.stretch.start, *self.roots, self.stretch.stop)
        return between(marks[cell // 2], marks[cell // 2 + 1])


def cells(polys: Sequence[Poly], stretch: Stretch) -> Cells:
    """Cut a stretch at the roots of polynomials, and give the signs of each.

    >>> from flint import fmpq, fmpz_poly
    >>> from gametheory.analyses.exact.roots import exact_root
    >>> unit = Stretch(exact_root(fmpq(0)), exact_root(fmpq(1)))
    >>> cells([fmpz_poly([-1, 2]), fmpz_poly([1, -4, 4])], unit).signs.tolist()
    [[-1, 0, 1], [1, 0, 1]]
    """
    found: list[Root] = [stretch.start, stretch.stop]
    owners: list[tuple[int, int]] = [(-1, 0), (-1, 0)]
    for number, poly in enumerate(polys):
        if poly.degree() <= 0 or not variations(poly, stretch.low, stretch.high):
            continue
        for factor, multiplicity in squarefree(poly):
            own = isolated(factor, stretch.low, stretch.high)
            found += own
            owners += [(number, multiplicity)] * len(own)
    different, place = grouped(found)
    first, last = place[0], place[1]
    inner = different[first + 1 : last]
    signs = np.empty((len(polys), 2 * len(inner) + 1), dtype=np.int8)
    sample = between(different[first], different[first + 1])
    for number, poly in enumerate(polys):
        signs[number] = sign(poly(sample))
    for (number, multiplicity), position in zip(owners, place, strict=True):
        if number >= 0 and first < position < last:
            cell = 2 * (position - first - 1) + 1
            signs[number, cell] = 0
            if multiplicity % 2:
                signs[number, cell + 1 :] *= -1
    return Cells(Stretch(different[first], different[last]), tuple(inner), signs)


def stretches(marks: Sequence[Root]) -> list[Stretch]:
    """The intervals between neighbouring marks."""
    return [Stretch(start, stop) for start, stop in pairwise(marks)]
