"""Every extreme equilibrium of a small two-player game by brute force, in fractions: slow, simple, sharing nothing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, combinations

Matrix = Sequence[Sequence[Fraction]]
Point = tuple[Fraction, ...]


def extreme_equilibria(a: Matrix, b: Matrix) -> set[tuple[Point, Point]]:
    """Pair the vertices of both best-response polyhedra, found by solving every square system of tight constraints."""
    m, n = len(a), len(a[0])
    xs = vertices([[b[i][j] for i in range(m)] for j in range(n)], own_first=True)
    ys = vertices(a, own_first=False)
    everything = set(range(m + n))
    return {(x, y) for x, lx in xs.items() for y, ly in ys.items() if lx | ly == everything}


def vertices(payoffs: Matrix, *, own_first: bool) -> dict[Point, set[int]]:
    """The points of the simplex at which as many constraints as possible are tight, with all their labels.

    ``payoffs[reply][action]``. Unknowns: the strategy and the value ``v``; constraints ``p >= 0``, ``payoffs p <= v``,
    ``sum p = 1``. Labels: the row player's actions, then the column player's.
    """
    replies, actions = len(payoffs), len(payoffs[0])
    own = [action if own_first else replies + action for action in range(actions)]
    other = [actions + reply if own_first else reply for reply in range(replies)]
    found: dict[Point, set[int]] = {}
    for support in chain.from_iterable(combinations(range(actions), k) for k in range(1, actions + 1)):
        for best in combinations(range(replies), len(support)):
            rows = [[payoffs[r][s] for s in support] + [Fraction(-1), Fraction(0)] for r in best]
            rows.append([Fraction(1)] * len(support) + [Fraction(0), Fraction(1)])
            solution = solve_linear(rows)
            if solution is None or min(solution[:-1]) < 0:
                continue
            point = [Fraction(0)] * actions
            for action, value in zip(support, solution, strict=False):
                point[action] = value
            pays = [sum((r[k] * point[k] for k in range(actions)), Fraction(0)) for r in payoffs]
            if max(pays) > solution[-1]:
                continue
            labels = {own[k] for k in range(actions) if point[k] == 0}
            found[tuple(point)] = labels | {other[r] for r in range(replies) if pays[r] == solution[-1]}
    return found


def solve_linear(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """Solve a square system given with its right-hand sides in the last column; None where it is singular."""
    size = len(rows)
    table = [row[:] for row in rows]
    for k in range(size):
        pivot = next((r for r in range(k, size) if table[r][k] != 0), None)
        if pivot is None:
            return None
        table[k], table[pivot] = table[pivot], table[k]
        table[k] = [value / table[k][k] for value in table[k]]
        for r in range(size):
            if r != k and table[r][k] != 0:
                table[r] = [v - table[r][k] * w for v, w in zip(table[r], table[k], strict=True)]
    return [row[-1] for row in table]
