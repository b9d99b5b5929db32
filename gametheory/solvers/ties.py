"""What becomes of an equilibrium at which an unused action pays as much as the used ones?

Floating point can only suspect a tie. Where the strategies are rational, the tie is decided in exact arithmetic: the
simplest fractions within rounding of the strategies are put into the conditions. An isolated equilibrium with ties
still has an index: it is the degree of a linear complementarity problem, whose solutions after a small push are the
equilibria that a small change of the payoffs would make of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import FloatArray

Profile = tuple[tuple[Fraction, ...], ...]
Actions = tuple[tuple[int, ...], ...]  # per player, numbers of actions

NEAR = Fraction(1, 10**11)  # how far, as a share, the fractions may lie from the strategies in floating point
MOST_TIES = 12  # 2^12 pieces of the complementarity problem are looked at
INFEASIBLE = 2  # the status by which SciPy says so
SINGULAR = 1e-9  # a determinant of rows of size 1 that is smaller counts as zero


def rational_profile(strategies: Sequence[FloatArray], near: Fraction = NEAR) -> Profile:
    """The simplest fractions within the share ``near`` of the strategies, scaled to sum 1; zeros stay zeros.

    >>> rational_profile([np.array([1 / 3, 2 / 3, 0.0])])
    ((Fraction(1, 3), Fraction(2, 3), Fraction(0, 1)),)
    """
    profile = []
    for own in strategies:
        largest = int(own.argmax())
        shares = [Fraction(float(p)) for p in own]
        ratios = [simplest(p / shares[largest] * (1 - near), p / shares[largest] * (1 + near)) for p in shares]
        profile.append(tuple(ratio / sum(ratios) for ratio in ratios))
    return tuple(profile)


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of least denominator between two others, neither negative.

    >>> simplest(Fraction(31, 100), Fraction(35, 100))
    Fraction(1, 3)
    """
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    return whole - 1 + 1 / simplest(1 / (high - (whole - 1)), 1 / (low - (whole - 1)))


def gains(payoffs: NDArray[np.object_], profile: Profile) -> list[list[Fraction]]:
    """What each action pays beyond the best one, none positive; ``payoffs[player, a1, ...]`` are fractions."""
    table = []
    for player in range(len(profile)):
        value = payoffs[player]
        for other in reversed(range(len(profile))):
            if other != player:
                value = np.tensordot(value, np.array(profile[other], dtype=object), axes=(other, 0))
        best = max(value)
        table.append([pays - best for pays in value])
    return table


def tied_actions(payoffs: NDArray[np.object_], profile: Profile) -> Actions | None:
    """Per player the unused best replies to an equilibrium in fractions; None where the profile is no equilibrium."""
    table = gains(payoffs, profile)
    if any(
        p > 0 and gain < 0 for own, row in zip(profile, table, strict=True) for p, gain in zip(own, row, strict=True)
    ):
        return None
    return tuple(
        tuple(a for a, (p, gain) in enumerate(zip(own, row, strict=True)) if p == 0 and gain == 0)
        for own, row in zip(profile, table, strict=True)
    )


def tied_index(payoffs: FloatArray, strategies: Sequence[FloatArray], ties: Actions) -> int | None:
    """Index of an isolated equilibrium of ``payoffs[player, a1, ...]`` with unused best replies ``ties``.

    None where the linear view does not tell: the equilibrium may then belong to a continuum.
    """
    used = [[int(a) for a in np.flatnonzero(own > 0)] for own in strategies]
    inside = [(player, a) for player, own in enumerate(used) for a in own[1:]]
    outside = [(player, a) for player, own in enumerate(ties) for a in own]
    if len(outside) > MOST_TIES:
        return None
    matrix = -responses(payoffs, strategies, inside + outside, [own[0] for own in used])
    count = len(inside)
    sign = _sign(matrix[:count, :count])
    if sign == 0:
        return None
    first = np.linalg.solve(matrix[:count, :count], matrix[:count, count:]) if count else np.empty((0, len(outside)))
    degree = _degree(matrix[count:, count:] - matrix[count:, :count] @ first)
    return None if degree is None else sign * degree


def responses(
    payoffs: FloatArray, strategies: Sequence[FloatArray], moves: Sequence[tuple[int, int]], base: Sequence[int]
) -> FloatArray:
    """How much each move gains over its player's base action when another move takes weight from its own base.

    Entry ``[r, c]`` is a derivative of the payoff of move ``r``, in units of the row's largest; moves are
    ``(player, action)``.
    """
    matrix = np.zeros((len(moves), len(moves)))
    for row, (player, action) in enumerate(moves):
        gap = payoffs[player].take(action, axis=player) - payoffs[player].take(base[player], axis=player)
        others = [k for k in range(len(strategies)) if k != player]
        for column, (mover, other) in enumerate(moves):
            if mover == player:
                continue
            table = gap
            for axis in reversed(range(len(others))):
                if others[axis] == mover:
                    continue
                table = np.tensordot(table, strategies[others[axis]], axes=(axis, 0))
            matrix[row, column] = table[other] - table[base[mover]]
        matrix[row] /= max(np.abs(matrix[row]).max(initial=0.0), np.finfo(float).tiny)
    return matrix


def _degree(matrix: FloatArray) -> int | None:
    """Degree of the linear complementarity problem ``w >= 0, q + M w >= 0, w (q + M w) = 0``, for any ``q``.

    It is the sum of the signs of the principal minors over the solutions for one ``q`` in general position (Howe and
    Stone 1983, Mathematical Programming 27). None if the problem with ``q = 0`` has another solution than 0.
    """
    push = np.random.default_rng(0).normal(size=len(matrix))
    degree = 0
    for size in range(len(matrix) + 1):
        for chosen in combinations(range(len(matrix)), size):
            block = matrix[np.ix_(chosen, chosen)]
            sign = _sign(block)
            if sign == 0:
                if _has_ray(matrix, list(chosen)):
                    return None
                continue
            weights = np.zeros(len(matrix))
            weights[list(chosen)] = np.linalg.solve(block, -push[list(chosen)]) if size else 0.0
            slack = push + matrix @ weights
            slack[list(chosen)] = 0.0
            if weights.min(initial=0.0) >= 0 and slack.min(initial=0.0) >= 0:
                degree += sign
    return degree


def _has_ray(matrix: FloatArray, chosen: list[int]) -> bool:
    """Whether some ``w >= 0`` but 0, zero outside ``chosen``, has ``M w >= 0``, and ``M w = 0`` inside ``chosen``."""
    from scipy.optimize import linprog

    rest = [k for k in range(len(matrix)) if k not in chosen]
    inside = np.vstack([matrix[np.ix_(chosen, chosen)], np.ones((1, len(chosen)))])
    answer = linprog(
        np.zeros(len(chosen)),
        A_ub=-matrix[np.ix_(rest, chosen)] if rest else None,
        b_ub=np.zeros(len(rest)) if rest else None,
        A_eq=inside,
        b_eq=np.append(np.zeros(len(chosen)), 1.0),
        bounds=(0, None),
    )
    return int(answer.status) != INFEASIBLE


def _sign(matrix: FloatArray) -> int:
    """Sign of a determinant, 0 where it is too small to tell."""
    determinant = float(np.linalg.det(matrix)) if len(matrix) else 1.0
    return 0 if abs(determinant) < SINGULAR else int(np.sign(determinant))
