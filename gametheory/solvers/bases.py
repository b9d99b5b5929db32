"""Which equilibrium do two supports of equal size carry, in floating point and exactly?

Every extreme equilibrium has such a pair of supports, its kernel, on which both payoff matrices are nonsingular (for
zero-sum games Shapley and Snow 1950, Annals of Mathematics Studies 24): there each strategy solves one linear system.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import FloatArray
from gametheory.solvers.exact import Rational, Strategy, fraction, positive

STEPS = 2  # of refinement: the weights of an ill-conditioned pair come out to nearly all their digits
EPSILON = float(np.finfo(np.float64).eps)
ILL = 1e12  # a system with a larger condition number has no sign that could be trusted

Basis = tuple[tuple[int, ...], tuple[int, ...]]  # rows and columns, as many of each, in increasing order


@dataclass(frozen=True, eq=False)
class Tables:
    """One game's payoffs on the scale of each column.

    What a player gains by each reply matters only within one action of the other, so a catastrophe in one column need
    not drown the stakes of the others.
    ``first[reply, action]`` are the column player's payoffs for the row player's actions, ``second[reply, action]`` the
    row player's for the column player's, each column shifted and scaled by a power of two to ``1 + [0, 1)``; the
    exponents lead a strategy back.
    """

    first: FloatArray
    second: FloatArray
    first_exponent: NDArray[np.int32]
    second_exponent: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """One equilibrium; its index where it is sure to be isolated, else None; as fractions where solved exactly."""

    x: FloatArray
    y: FloatArray
    index: int | None
    exact: tuple[Strategy, Strategy] | None = None


def tables(a: FloatArray, b: FloatArray) -> Tables:
    """Scale the payoffs ``a[row, column]`` and ``b[row, column]`` of a finite game."""
    first, first_exponent = _scaled(b.T)
    second, second_exponent = _scaled(a)
    return Tables(first, second, first_exponent, second_exponent)


def _scaled(payoffs: FloatArray) -> tuple[FloatArray, NDArray[np.int32]]:
    """Shift and scale each column; halved first, so that no difference overflows."""
    half = payoffs * 0.5
    gap = half - half.min(axis=0)
    exponent = np.frexp(gap.max(axis=0))[1].astype(np.int32)
    return np.ascontiguousarray(1.0 + np.ldexp(gap, -exponent)), exponent


def equilibrium(scaled: Tables, basis: Basis) -> Equilibrium | None:
    """Solve for the equilibrium on two supports of equal size; None where they carry none, up to rounding.

    Its index is given when every number that it rests on is clear of rounding: then it is isolated, and the index is
    the sign of both determinants, turned for even supports (Shapley 1974, Mathematical Programming Study 1).

    >>> pennies = np.array([[1.0, -1.0], [-1.0, 1.0]])
    >>> found = equilibrium(tables(pennies, -pennies), ((0, 1), (0, 1)))
    >>> found.x.tolist(), found.index
    ([0.5, 0.5], 1)
    """
    rows, columns = (np.array(own, dtype=np.intp) for own in basis)
    x = _weights(scaled.first, scaled.first_exponent, columns, rows)
    y = _weights(scaled.second, scaled.second_exponent, rows, columns)
    if x is None or y is None:
        return None
    sign = x[1] * y[1]
    return Equilibrium(x[0], y[0], None if sign == 0 else (sign if len(rows) % 2 else -sign))


def _weights(
    table: FloatArray, exponent: NDArray[np.int32], replies: NDArray[np.intp], actions: NDArray[np.intp]
) -> tuple[FloatArray, int] | None:
    """The strategy on ``actions`` that makes ``replies`` equally good and best, and the sign of its determinant.

    The sign is 0 where the strategy is not clearly the only one, or not clearly positive, or has further best replies.
    """
    block = table[np.ix_(replies, actions)]
    try:
        inverse = np.linalg.inv(block)
    except np.linalg.LinAlgError:
        return None
    condition = float(np.abs(block).sum(axis=0).max() * np.abs(inverse).sum(axis=0).max())
    if not np.isfinite(condition):
        return None
    weight = inverse.sum(axis=1)
    wide = block.astype(np.longdouble)  # what is left over, in more digits than the weights have
    for _ in range(STEPS):
        weight += inverse @ (1.0 - wide @ weight).astype(np.float64)
    others = np.ones(len(table), dtype=bool)
    others[replies] = False
    slack = 1.0 - table[np.ix_(others, actions)] @ weight
    noise = 4 * EPSILON * condition
    least = min(weight.min(), slack.min(initial=1.0))
    if least < -max(noise, 1e-9):
        return None
    sign = int(np.linalg.slogdet(block)[0]) if least > 16 * noise and condition < ILL else 0
    weight[weight <= noise] = 0.0
    used = weight > 0
    if not used.any():
        return None
    power = exponent[actions]
    weight = np.ldexp(weight, power[used].min() - power)
    strategy = np.zeros(table.shape[1])
    strategy[actions] = weight / weight.sum()
    return strategy, sign


def exact_equilibrium(payoffs: NDArray[np.object_], basis: Basis) -> Equilibrium | None:
    """Solve on two supports of equal size in fractions ``payoffs[player, row, column]``; None where they carry none.

    >>> pennies = np.vectorize(Fraction, otypes=[object])(np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]))
    >>> found = exact_equilibrium(pennies, ((0, 1), (0, 1)))
    >>> [str(p) for p in found.exact[0]], found.index
    (['1/2', '1/2'], 1)
    """
    a, b = payoffs
    rows, columns = basis
    x = _exact_weights(b.T, columns, rows)
    y = _exact_weights(a, rows, columns)
    if x is None or y is None:
        return None
    sign = x[1] * y[1]
    index = None if sign == 0 else (sign if len(rows) % 2 else -sign)
    floats_x, floats_y = (np.array([float(p) for p in own]) for own in (x[0], y[0]))
    return Equilibrium(floats_x, floats_y, index, (x[0], y[0]))


def _exact_weights(
    payoffs: NDArray[np.object_], replies: tuple[int, ...], actions: tuple[int, ...]
) -> tuple[Strategy, int] | None:
    """What `_weights` gives, without rounding; ``payoffs[reply, action]``."""
    from flint import fmpq_mat

    table = positive(payoffs[:, actions])
    size = len(actions)
    block = fmpq_mat(size, size, [value for reply in replies for value in table[reply]])
    determinant = block.det()
    if determinant == 0:
        return None
    weight = block.solve(fmpq_mat(size, 1, [1] * size))
    pays = (fmpq_mat(len(table), size, [value for row in table for value in row]) * weight).entries()
    weights: list[Rational] = weight.entries()
    if min(weights) < 0 or max(pays) > 1:
        return None
    clear = min(weights) > 0 and sum(value == 1 for value in pays) == size
    total = sum(weights[1:], weights[0])
    own = {action: fraction(value / total) for action, value in zip(actions, weights, strict=True)}
    strategy = tuple(own.get(action, Fraction(0)) for action in range(payoffs.shape[1]))
    return strategy, (1 if determinant > 0 else -1) if clear else 0


def ordered(found: list[Equilibrium]) -> list[Equilibrium]:
    """Sort, earlier actions and larger weights first, and drop what coincides with another up to rounding."""
    alike: dict[tuple[bytes, bytes], list[Equilibrium]] = {}
    for one in found:
        same_supports = alike.setdefault(((one.x > 0).tobytes(), (one.y > 0).tobytes()), [])
        if not any(_coincide(one, other) for other in same_supports):
            same_supports.append(one)
    kept = [one for group in alike.values() for one in group]
    return sorted(kept, key=lambda one: (_sparse(one.x), _sparse(one.y)))


def _sparse(strategy: FloatArray) -> list[tuple[int, float]]:
    """The actions in use with their weights, up to rounding: compares as the whole strategy would."""
    used = np.flatnonzero(strategy)
    return list(zip(used.tolist(), (-np.round(strategy[used], 12)).tolist(), strict=True))


def _coincide(one: Equilibrium, other: Equilibrium) -> bool:
    """Whether two equilibria with the same supports agree up to rounding."""
    return all(np.allclose(own, its, rtol=1e-9, atol=0.0) for own, its in ((one.x, other.x), (one.y, other.y)))
