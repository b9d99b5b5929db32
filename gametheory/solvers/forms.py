"""Exact questions about small square matrices of fractions: where are they level, definite, stable?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.solvers.exact import Rational, fraction, rational
from gametheory.solvers.perfect import undominated

__all__ = ["equalising", "is_stable_polynomial", "positive_beyond", "solution"]


def equalising(block: NDArray[Any]) -> list[Fraction] | None:
    """The only weights of sum 1 that make all entries of ``block @ weights`` equal; None where there is not just one.

    >>> [str(share) for share in equalising(np.array([[-1, 2], [0, 1]], dtype=object)) or ()]
    ['1/2', '1/2']
    """
    from flint import fmpq_mat

    size = len(block)
    rows = [[*row, -1] for row in block.tolist()] + [[*[1] * size, 0]]
    matrix = fmpq_mat(size + 1, size + 1, [_rational(value) for row in rows for value in row])
    if matrix.det() == 0:
        return None
    found = matrix.solve(fmpq_mat(size + 1, 1, [*[0] * size, 1]))
    return [fraction(found[k, 0]) for k in range(size)]


def positive_beyond(block: NDArray[Any]) -> bool:
    """Whether some weights that are all positive make all entries of ``block @ weights`` equal."""
    return undominated(block, np.arange(len(block)))


def solution(form: NDArray[Any]) -> list[Fraction] | None:
    """The ``z`` with ``form @ z = 1``, or, where the matrix annihilates one direction only, that, turned downward.

    None where it annihilates more. Turned downward means that its sum is not positive.

    >>> [str(value) for value in solution(np.array([[1, -1], [-1, 1]], dtype=object)) or ()]
    ['-1', '-1']
    """
    from flint import fmpq_mat

    size = len(form)
    matrix = fmpq_mat(size, size, [_rational(value) for row in form.tolist() for value in row])
    if matrix.det() != 0:
        found = matrix.solve(fmpq_mat(size, 1, [1] * size))
        return [fraction(found[k, 0]) for k in range(size)]
    reduced, rank = matrix.rref()
    if rank != size - 1:
        return None
    pivots = [next(column for column in range(size) if reduced[row, column] != 0) for row in range(rank)]
    free = next(column for column in range(size) if column not in pivots)
    direction = [Fraction(0)] * size
    direction[free] = Fraction(1)
    for row, column in enumerate(pivots):
        direction[column] = -fraction(reduced[row, free])
    return direction if sum(direction) < 0 else [-value for value in direction]


def is_stable_polynomial(matrix: NDArray[Any]) -> bool:
    """Whether all eigenvalues have a negative real part, by the minors of Hurwitz (1895, Mathematische Annalen 46).

    >>> is_stable_polynomial(np.array([[-1, 5], [0, -2]], dtype=object))
    True
    """
    from flint import fmpq_mat

    size = len(matrix)
    if size == 0:
        return True
    square = fmpq_mat(size, size, [_rational(value) for row in matrix.tolist() for value in row])
    rising = [fraction(value) for value in _coefficients(square.charpoly(), size)]
    falling = rising[::-1]
    places = [[2 * column - row + 1 for column in range(size)] for row in range(size)]
    hurwitz = [[falling[k] if 0 <= k <= size else Fraction(0) for k in row] for row in places]
    minors = [
        fmpq_mat(k, k, [rational(value) for row in hurwitz[:k] for value in row[:k]]).det() for k in range(1, size + 1)
    ]
    return all(minor > 0 for minor in minors)


def _coefficients(polynomial: Any, degree: int) -> Sequence[Rational]:
    """The coefficients from the constant up, zeros included."""
    return [polynomial[k] for k in range(degree + 1)]


def _rational(value: Any) -> Rational:
    """A whole number or fraction in the arithmetic library's own type."""
    return rational(Fraction(value))
