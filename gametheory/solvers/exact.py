"""Which extreme equilibria does a two-player game have, in exact arithmetic?

The method is that of `gametheory.kernels.polytopes`, on rationals: no tolerance, no rounding, hence no doubt. It
decides the games on which floating point could not, and every game when exact answers are asked for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rational = Any  # flint.fmpq: the package has no type stubs
Strategy = tuple[Fraction, ...]

PAIRING = 0.1  # share of the time that is kept for pairing the vertices
LATE = (
    "the time ran out before every vertex was visited in exact arithmetic; the listed equilibria are sound, but there"
    " may be more: allow more seconds"
)


@dataclass(frozen=True)
class ExactEquilibrium:
    """One extreme equilibrium: the strategies of both players, its component's number and index."""

    strategies: tuple[Strategy, Strategy]
    component: int
    index: int


@dataclass(frozen=True)
class Vertex:
    """A basis of the perturbed polytope: the point, its tight labels, its nonbasic variables, and its basis by row."""

    point: tuple[Rational, ...]
    tight: int
    nonbasic: int
    basis: tuple[int, ...]


class OutOfTimeError(TimeoutError):
    """The time was over first: ``found`` are some of the extreme equilibria.

    Their components are numbered as far as they show, so that two numbers may mean one component; indices are 0.
    """

    def __init__(self, found: list[ExactEquilibrium]) -> None:
        super().__init__(f"the time ran out after {len(found)} extreme equilibria were found")
        self.found = found


def equilibria(payoffs: NDArray[np.object_], deadline: float = math.inf) -> tuple[list[ExactEquilibrium], bool]:
    """Return every extreme equilibrium of the game of fractions ``payoffs[player, row, column]``; has it ties?

    Raises OutOfTimeError, which holds what was found so far, when ``deadline`` (of `time.monotonic`) passes.

    >>> pennies = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
    >>> found, tied = equilibria(np.vectorize(Fraction)(np.array(pennies)))
    >>> [str(p) for p in found[0].strategies[0]], found[0].index, tied
    (['1/2', '1/2'], 1, False)
    """
    a, b = payoffs
    rows, columns = _undominated(a, b.T)
    table_x, table_y = positive(b.T[np.ix_(columns, rows)]), positive(a[np.ix_(rows, columns)])
    m, n = len(rows), len(columns)
    vertices_x, vertices_y, whole = _both(walk(table_x), walk(table_y), deadline)
    tied = any(v.tight != v.nonbasic for v in (*vertices_x, *vertices_y))
    points_x = {v.tight: v.point for v in vertices_x[1:]}
    points_y = {swap(v.tight, n, m): v.point for v in vertices_y[1:]}
    pairs, paired = _pairs(list(points_x), list(points_y), (m, n), deadline)
    component = components(pairs)
    index = dict.fromkeys(component.values(), 0)
    if whole and paired:
        index |= _indices(vertices_x, vertices_y, component, (m, n))
    found = [
        ((_spread(points_x[x], rows, a.shape[0]), _spread(points_y[y], columns, a.shape[1])), component[x, y])
        for x, y in pairs
    ]
    found.sort(key=lambda item: item[0], reverse=True)
    order: dict[int, int] = {}
    listed = [ExactEquilibrium(own, order.setdefault(c, len(order)), index[c]) for own, c in found]
    if not (whole and paired):
        raise OutOfTimeError(listed)
    return listed, tied


def _both(
    first: Iterator[Vertex], second: Iterator[Vertex], deadline: float
) -> tuple[list[Vertex], list[Vertex], bool]:
    """Walk both polytopes by turns, leaving some time for the pairing; have all vertices been visited?"""
    start = monotonic()
    stop = start + (1 - PAIRING) * (deadline - start)
    seen: tuple[list[Vertex], list[Vertex]] = ([], [])
    for vertices in zip_longest(first, second):
        if monotonic() > stop:
            return (*seen, False)
        for own, vertex in zip(seen, vertices, strict=True):
            if vertex is not None:
                own.append(vertex)
    return (*seen, True)


def _pairs(
    first: Sequence[int], second: Sequence[int], shape: tuple[int, int], deadline: float
) -> tuple[list[tuple[int, int]], bool]:
    """Pair the label sets that together hold every label; was there time for all?

    Where neither set holds more labels than its polytope has dimensions the partner is the complement, and known.
    """
    m, n = shape
    full, known = (1 << (m + n)) - 1, set(second)
    surplus = [y for y in second if y.bit_count() > n]
    found = []
    for x in first:
        missing = full ^ x
        if missing.bit_count() == n:
            found += [(x, missing)] * (missing in known) + [(x, y) for y in surplus if missing & ~y == 0]
        else:
            found += [(x, y) for y in second if missing & ~y == 0]
        if monotonic() > deadline:
            return found, x == first[-1]
    return found, True


def _indices(
    vertices_x: Sequence[Vertex],
    vertices_y: Sequence[Vertex],
    component: dict[tuple[int, int], int],
    shape: tuple[int, int],
) -> dict[int, int]:
    """Sum the indices of the perturbed game's equilibria over each component."""
    m, n = shape
    full = (1 << (m + n)) - 1
    index = dict.fromkeys(component.values(), 0)
    by_nonbasic = {swap(v.nonbasic, n, m): v for v in vertices_y[1:]}
    for x in vertices_x[1:]:
        y = by_nonbasic.get(full ^ x.nonbasic)
        if y is not None:
            index[component[x.tight, swap(y.tight, n, m)]] += _index(x, y, m, n)
    return index


def positive(payoffs: NDArray[np.object_]) -> list[list[Rational]]:
    """Return the payoffs of the replies ``[reply, action]``, each action's column shifted to start at 1."""
    low = payoffs.min(axis=0)
    return [[rational(value - low[k] + 1) for k, value in enumerate(row)] for row in payoffs]


def rational(value: Fraction) -> Rational:
    """Return a fraction in the arithmetic library's own type."""
    from flint import fmpq

    return fmpq(value.numerator, value.denominator)


def fraction(value: Rational) -> Fraction:
    """Return the library's rational as a Fraction."""
    return Fraction(int(value.p), int(value.q))


def walk(table: list[list[Rational]]) -> Iterator[Vertex]:
    """Yield every vertex of ``{x >= 0, table x <= 1}`` under the lexicographic perturbation, the origin first.

    Labels ``0 .. actions - 1`` mean an unplayed action, those behind them a best reply.
    """
    replies, actions = len(table), len(table[0])
    one = rational(Fraction(1))
    start = ([[*row, one] for row in table], list(range(actions, actions + replies)), list(range(actions)))
    seen, waiting = {(1 << actions) - 1}, [start]
    for tableau, basis, cobasis in waiting:
        yield _vertex(tableau, basis, cobasis, actions)
        mask = sum(1 << k for k in cobasis)
        for column in range(actions):
            row = _leaving_row(tableau, basis, cobasis, column)
            following = mask ^ (1 << cobasis[column]) ^ (1 << basis[row])
            if following not in seen:
                seen.add(following)
                waiting.append(_pivot(tableau, basis, cobasis, row, column))


def _vertex(tableau: list[list[Rational]], basis: list[int], cobasis: list[int], actions: int) -> Vertex:
    """Read the point and its tight labels from a dictionary."""
    nonbasic = sum(1 << k for k in cobasis)
    point = [rational(Fraction(0))] * actions
    tight = nonbasic
    for row, variable in enumerate(basis):
        value = tableau[row][-1]
        if value == 0:
            tight |= 1 << variable
        if variable < actions:
            point[variable] = value
    return Vertex(tuple(point), tight, nonbasic, tuple(basis))


def _leaving_row(tableau: list[list[Rational]], basis: list[int], cobasis: list[int], column: int) -> int:
    """The row that leaves when ``column`` enters: the first by ratio, then by the perturbation, slack after slack."""
    rows = [row for row in range(len(basis)) if tableau[row][column] > 0]
    ratios = [tableau[row][-1] / tableau[row][column] for row in rows]
    least = min(ratios)
    rows = [row for row, ratio in zip(rows, ratios, strict=True) if ratio == least]
    slack = len(cobasis)
    while len(rows) > 1:
        if slack in cobasis:
            place = cobasis.index(slack)
            ratios = [tableau[row][place] / tableau[row][column] for row in rows]
        else:
            ratios = [int(basis[row] == slack) / tableau[row][column] for row in rows]
        least = min(ratios)
        rows = [row for row, ratio in zip(rows, ratios, strict=True) if ratio == least]
        slack += 1
    return rows[0]


def _pivot(
    tableau: list[list[Rational]], basis: list[int], cobasis: list[int], row: int, column: int
) -> tuple[list[list[Rational]], list[int], list[int]]:
    """The dictionary after ``row`` leaves and ``column`` enters."""
    inverse = 1 / tableau[row][column]
    entering = [value * inverse for value in tableau[row]]
    entering[column] = inverse
    after = []
    for other, values in enumerate(tableau):
        if other == row:
            after.append(entering)
            continue
        factor = values[column]
        changed = [value - factor * own for value, own in zip(values, entering, strict=True)]
        changed[column] = -factor * inverse
        after.append(changed)
    basis_after, cobasis_after = basis.copy(), cobasis.copy()
    basis_after[row], cobasis_after[column] = cobasis[column], basis[row]
    return after, basis_after, cobasis_after


def swap(mask: int, actions: int, replies: int) -> int:
    """Labels of the second player's polytope (own actions first) as common labels (first player's actions first)."""
    return (mask >> actions) | ((mask & ((1 << actions) - 1)) << replies)


def components(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Number the components: two pairs that share a vertex lie in one."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def top(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for x, y in pairs:
        parent[top(("x", x))] = top(("y", y))
    numbers: dict[tuple[str, int], int] = {}
    return {(x, y): numbers.setdefault(top(("x", x)), len(numbers)) for x, y in pairs}


def _index(x: Vertex, y: Vertex, m: int, n: int) -> int:
    """Index of an equilibrium of the perturbed game: the sign of the two determinants on its supports."""
    size = m - (x.nonbasic & ((1 << m) - 1)).bit_count()
    sign = -1 if size % 2 == 0 else 1
    return sign * _permutation_sign(x.basis, x.nonbasic, m) * _permutation_sign(y.basis, y.nonbasic, n)


def _permutation_sign(basis: Sequence[int], nonbasic: int, actions: int) -> int:
    """Sign of the permutation that brings the basis columns, whose determinant is positive, into order of labels."""
    free = iter([k for k in range(len(basis)) if (nonbasic >> (actions + k)) & 1])
    place = {variable: next(free) for variable in sorted(v for v in basis if v < actions)}
    target = [variable - actions if variable >= actions else place[variable] for variable in basis]
    swaps = sum(target[early] > target[late] for late in range(len(target)) for early in range(late))
    return -1 if swaps % 2 else 1


def _spread(point: Sequence[Rational], actions: Sequence[int], size: int) -> Strategy:
    """The strategy over all actions: the point scaled to sum 1, zero for actions that were eliminated."""
    total = sum(point)
    weight = {action: fraction(value / total) for action, value in zip(actions, point, strict=True)}
    return tuple(weight.get(action, Fraction(0)) for action in range(size))


def _undominated(a: NDArray[np.object_], b: NDArray[np.object_]) -> tuple[list[int], list[int]]:
    """The actions that survive iterated strict dominance by actions; ``a[row, column]``, ``b[column, row]``."""
    rows, columns = list(range(a.shape[0])), list(range(a.shape[1]))
    while True:
        kept = _survivors(a, rows, columns)
        kept_columns = _survivors(b, columns, kept)
        if (kept, kept_columns) == (rows, columns):
            return rows, columns
        rows, columns = kept, kept_columns


def _survivors(payoffs: NDArray[np.object_], own: list[int], others: list[int]) -> list[int]:
    """The actions of ``own`` that none of ``own`` strictly dominates."""
    return [
        action
        for action in own
        if not any(all(payoffs[rival, k] > payoffs[action, k] for k in others) for rival in own if rival != action)
    ]
