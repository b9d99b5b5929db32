"""Every extreme equilibrium of many small games at once, by solving every square system of tight constraints.

Whole-number payoffs are solved by Cramer's rule in whole numbers, so ties are exact; others in floating point, for
games without ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Payoffs = NDArray[np.int64] | NDArray[np.float64]
Vertices = list[dict[int, tuple[float, ...]]]  # per game: bits of the tight labels -> the point

TIGHT = 1e-9  # constraints of games without ties closer than this to equality are tight


def extreme_equilibria(payoffs: Payoffs) -> list[list[tuple[float, ...]]]:
    """Per game the sorted extreme equilibria, both strategies in one tuple; ``payoffs[game, player, row, column]``."""
    _, _, m, n = payoffs.shape
    xs = vertices(payoffs[:, 1].swapaxes(1, 2), own=range(m), other=range(m, m + n))
    ys = vertices(payoffs[:, 0], own=range(m, m + n), other=range(m))
    full = (1 << (m + n)) - 1
    return [
        sorted(px + py for lx, px in x.items() for ly, py in y.items() if lx | ly == full)
        for x, y in zip(xs, ys, strict=True)
    ]


def vertices(payoffs: Payoffs, *, own: range, other: range) -> Vertices:
    """The vertices of ``{p in the simplex, v >= payoffs p}`` of every game; ``payoffs[game, reply, action]``."""
    games, replies, actions = payoffs.shape
    whole = np.issubdtype(payoffs.dtype, np.integer)
    tight = 0 if whole else TIGHT
    found: Vertices = [{} for _ in range(games)]
    for support, best in square_systems(actions, replies):
        k = len(support)
        system = np.zeros((games, k + 1, k + 1))
        system[:, :k, :k] = payoffs[:, best][:, :, support]
        system[:, :k, k] = -1
        system[:, k, :k] = 1
        determinant = np.linalg.det(system)
        regular = np.flatnonzero(np.rint(determinant) if whole else determinant)
        solution = np.linalg.inv(system[regular])[:, :, k]
        if whole:
            factor = np.rint(determinant[regular]).astype(np.int64)[:, np.newaxis]
            numbers = np.sign(factor) * np.rint(solution * factor).astype(np.int64)
        else:
            numbers = solution
        weight = np.zeros((len(regular), actions), dtype=numbers.dtype)
        weight[:, support] = numbers[:, :k]
        slack = numbers[:, k, np.newaxis] - np.einsum("gra,ga->gr", payoffs[regular], weight)
        for place in np.flatnonzero((weight >= -tight).all(axis=1) & (slack >= -tight).all(axis=1)):
            mask = sum(1 << own[a] for a in range(actions) if weight[place, a] <= tight)
            mask |= sum(1 << other[r] for r in range(replies) if slack[place, r] <= tight)
            found[regular[place]][mask] = tuple((weight[place] / weight[place].sum()).tolist())
    return found


def square_systems(actions: int, replies: int) -> Iterator[tuple[list[int], list[int]]]:
    """Every support with every set of as many best replies."""
    for k in range(1, min(actions, replies) + 1):
        for support in combinations(range(actions), k):
            for best in combinations(range(replies), k):
                yield list(support), list(best)
