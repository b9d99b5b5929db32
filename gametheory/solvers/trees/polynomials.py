"""How are expected payoffs written down as polynomials in unknown probabilities, for a whole batch of games at once?

A path through a tree with perfect recall meets each information set once at most, so that an expected payoff is linear
in each unknown alone. A polynomial maps a sorted tuple of unknowns to its coefficients ``[2, game]``: the value, and
the sum of the magnitudes that went into it. A value that is small beside its magnitude is rounding and reads as zero,
however large other payoffs of the game are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gametheory.games.trees import FloatArray

Polynomial = dict[tuple[int, ...], FloatArray]
BoolArray = NDArray[np.bool_]

ROUNDING = 1e-12  # a coefficient below this share of what it was summed from is zero


def constant(values: FloatArray) -> Polynomial:
    """The polynomial without unknowns that has these values, one a game.

    >>> total({(): constant(np.array([2.0, 0.0]))[()]}, {}).tolist()
    [2.0, 0.0]
    """
    return {(): np.stack([values, np.abs(values)])}


def unknown(number: int, count: int) -> Polynomial:
    """One unknown, in ``count`` games."""
    return {(number,): np.ones((2, count))}


def add(first: Polynomial, second: Polynomial, factor: float = 1.0) -> Polynomial:
    """``first + factor * second``."""
    found = dict(first)
    for key, values in second.items():
        scaled = values * np.array([[factor], [abs(factor)]])
        found[key] = found[key] + scaled if key in found else scaled
    return found


def multiply(first: Polynomial, second: Polynomial) -> Polynomial:
    """The product; an unknown may stand in it twice, which makes it a square.

    >>> one, u = constant(np.ones(1)), unknown(0, 1)
    >>> sorted((key, float(c[0, 0])) for key, c in multiply(add(one, u), add(one, u, -1.0)).items())
    [((), 1.0), ((0,), 0.0), ((0, 0), -1.0)]
    """
    found: Polynomial = {}
    for left, values in first.items():
        for right, others in second.items():
            key = tuple(sorted(left + right))
            found[key] = found[key] + values * others if key in found else values * others
    return found


def cleaned(polynomial: Polynomial) -> Polynomial:
    """Set what is rounding to zero, and drop what is zero in every game; the constant stays."""
    found: Polynomial = {}
    for key, values in polynomial.items():
        rounding = np.abs(values[0]) <= ROUNDING * values[1]
        if key and rounding.all():
            continue
        found[key] = np.stack([np.where(rounding, 0.0, values[0]), values[1]]) if rounding.any() else values
    if () not in found:
        found[()] = np.zeros((2, _count(polynomial)))
    return found


def _count(polynomial: Polynomial) -> int:
    """Number of games."""
    return next((values.shape[1] for values in polynomial.values()), 0)


def at_rows(polynomial: Polynomial, rows: NDArray[np.intp] | BoolArray) -> Polynomial:
    """The same polynomial in some of the games."""
    return {key: values[:, rows] for key, values in polynomial.items()}


def substitute(polynomial: Polynomial, number: int, values: FloatArray) -> Polynomial:
    """Put numbers, one a game, for one unknown.

    >>> p = multiply(unknown(0, 1), unknown(1, 1))
    >>> {key: float(c[0, 0]) for key, c in substitute(p, 0, np.array([3.0])).items()}
    {(1,): 3.0, (): 0.0}
    """
    found: Polynomial = {}
    for key, coefficients in polynomial.items():
        power = key.count(number)
        rest = tuple(k for k in key if k != number)
        factor = np.stack([values**power, np.abs(values) ** power])
        found[rest] = found[rest] + coefficients * factor if rest in found else coefficients * factor
    return cleaned(found)


def total(polynomial: Polynomial, values: Mapping[int, FloatArray]) -> FloatArray:
    """The value in each game where all unknowns are known."""
    return np.asarray(weighed(polynomial, values)[0])


def weighed(polynomial: Polynomial, values: Mapping[int, FloatArray]) -> FloatArray:
    """Value and magnitude in each game where all unknowns are known: ``[2, game]``."""
    found = np.zeros((2, _count(polynomial)))
    for key, coefficients in polynomial.items():
        term = coefficients
        for number in key:
            term = term * np.stack([values[number], np.abs(values[number])])
        found = found + term
    return found


def extremes(polynomial: Polynomial) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Least and largest value in each game over all probabilities, and the largest magnitude that goes into one.

    A polynomial that is linear in each unknown alone takes its extremes where all of them are 0 or 1.

    >>> one, u = constant(np.ones(1)), unknown(0, 1)
    >>> [own.tolist() for own in extremes(add(one, multiply(u, unknown(1, 1)), -3.0))]
    [[-2.0], [1.0], [4.0]]
    """
    numbers, count = unknowns([polynomial]), _count(polynomial)
    low, high, size = np.full(count, np.inf), np.full(count, -np.inf), np.zeros(count)
    for corner in product((0.0, 1.0), repeat=len(numbers)):
        at = dict(zip(numbers, corner, strict=True))
        value = np.zeros((2, count))
        for key, coefficients in polynomial.items():
            if all(at[number] for number in key):
                value = value + coefficients
        low, high, size = np.minimum(low, value[0]), np.maximum(high, value[0]), np.maximum(size, value[1])
    return low, high, size


def unknowns(polynomials: Iterable[Polynomial]) -> tuple[int, ...]:
    """The unknowns that occur, in order."""
    return tuple(sorted({number for polynomial in polynomials for key in polynomial for number in key}))


def is_affine(polynomial: Polynomial) -> bool:
    """Whether no term has two unknowns."""
    return all(len(key) <= 1 for key in polynomial)
