"""Is there exactly one root near a point, is it an equilibrium, and what is its index?

Existence and uniqueness are proved by the contraction of Krawczyk (1969, Computing 4): with ``A`` near the inverse of
the Jacobian at ``u``, a box of radius ``r`` about ``u`` holds exactly one root if ``|A g(u)| + k r <= r``, where ``k <
1`` bounds ``|I - A J|`` over the box. A multilinear form moves over the box by no more than the form with absolute
coefficients does, which gives ``k``; every sum carries a bound of its rounding.

The index of a root that is a quasi-strict equilibrium is the sign of the determinant of minus the Jacobian of the
indifference equations (Ritzberger 1994, International Journal of Game Theory 23); over all equilibria of a game they
sum to 1.
"""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.kernels.indifference import System, compiled

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

OUTSIDE, REGULAR, EDGE, TIED = 0, 1, 2, 3
STEPS = 15  # of Newton's method; from where it is tried it converges in five or so
EPSILON = 2.220446049250313e-16
CONTRACTION = 0.9  # the bound k that a box must keep to: away from 1, so that its own rounding does not matter
WIDEST, HALVINGS = 8.0, 45  # radii of the boxes that are tried


class Roots(NamedTuple):
    """The roots of one system: charts, radii and kinds, ``listed[0]`` of them; ``sign`` is the index of a regular one.

    ``point[root, player, place]`` are scaled weights with 1 at place ``top[root, player]``. The only root within
    ``radius`` of the point, coordinate by coordinate, lies within ``small`` of it.
    """

    listed: IntArray
    point: FloatArray
    top: IntArray
    radius: FloatArray
    small: FloatArray
    kind: IntArray
    sign: IntArray


@compiled
def gradient(system: System, table: FloatArray, condition: int, u: FloatArray, out: FloatArray) -> float:
    """Value of one condition at the weights ``u[player, place]``; its partial derivatives go to ``out``.

    ``table`` is ``system.table``, or ``system.magnitude`` for the form with absolute coefficients.
    """
    out[:] = 0.0
    value = 0.0
    owner, digits, row = system.owner[condition], system.digits, table[condition]
    for cell in range(len(row)):
        if digits[cell, owner] != 0 or row[cell] == 0:
            continue
        entry = row[cell]
        whole = entry
        for player in range(len(u)):
            if player != owner:
                whole *= u[player, digits[cell, player]]
                share = entry
                for other in range(len(u)):
                    if other != owner and other != player:
                        share *= u[other, digits[cell, other]]
                out[player, digits[cell, player]] += share
        value += whole
    return value


@compiled
def jacobian(system: System, table: FloatArray, u: FloatArray, left_out: IntArray) -> tuple[FloatArray, FloatArray]:
    """Values of the equations and their derivatives by every weight but one of each player."""
    size = system.equations
    values, matrix, out = np.empty(size), np.empty((size, size)), np.empty(u.shape)
    for row in range(size):
        values[row] = gradient(system, table, row, u, out)
        column = 0
        for player in range(len(u)):
            for place in range(system.sizes[player]):
                if place != left_out[player]:
                    matrix[row, column] = out[player, place]
                    column += 1
    return values, matrix


@compiled
def inverse(matrix: FloatArray) -> tuple[FloatArray, float]:
    """Inverse by Gauss-Jordan with row exchange, and the determinant (0 where the matrix is numerically singular)."""
    size = len(matrix)
    work, result, determinant = matrix.copy(), np.zeros((size, size)), 1.0
    for k in range(size):
        result[k, k] = 1.0
    for k in range(size):
        pivot = k
        for row in range(k + 1, size):
            if abs(work[row, k]) > abs(work[pivot, k]):
                pivot = row
        scale = 0.0
        for column in range(size):
            scale = max(scale, abs(matrix[pivot, column]))
        if not abs(work[pivot, k]) > 1e-13 * scale:
            return result, 0.0
        if pivot != k:
            determinant = -determinant
            for column in range(size):
                work[k, column], work[pivot, column] = work[pivot, column], work[k, column]
                result[k, column], result[pivot, column] = result[pivot, column], result[k, column]
        head = work[k, k]
        determinant *= head
        for column in range(size):
            work[k, column] /= head
            result[k, column] /= head
        for row in range(size):
            factor = work[row, k]
            if row != k and factor != 0:
                for column in range(size):
                    work[row, column] -= factor * work[k, column]
                    result[row, column] -= factor * result[k, column]
    return result, determinant


@compiled
def chart(system: System, weights: FloatArray, top: IntArray) -> None:
    """Scale each player's weights in place so that the largest is 1, and note its place in ``top``."""
    for player in range(len(weights)):
        best = 0
        for place in range(1, system.sizes[player]):
            if abs(weights[player, place]) > abs(weights[player, best]):
                best = place
        head = weights[player, best]
        top[player] = best
        for place in range(system.sizes[player]):
            weights[player, place] /= head
        weights[player, best] = 1.0


@compiled
def newton(system: System, u: FloatArray, top: IntArray) -> bool:
    """Move ``u`` in place to a root near it; return whether the steps died out."""
    last = np.inf
    for _ in range(STEPS):
        values, matrix = jacobian(system, system.table, u, top)
        helper, determinant = inverse(matrix)
        if determinant == 0:
            return False
        moved, row = 0.0, 0
        for player in range(len(u)):
            for place in range(system.sizes[player]):
                if place != top[player]:
                    step = 0.0
                    for k in range(system.equations):
                        step += helper[row, k] * values[k]
                    u[player, place] -= step
                    moved = max(moved, abs(step))
                    row += 1
        if not isfinite(moved) or moved > 1e3:
            return False
        if moved <= 4 * EPSILON or (moved < 1e-10 and moved >= last):
            return True
        last = moved
    return last < 1e-10


@compiled
def enlarged(system: System, u: FloatArray, top: IntArray, radius: float) -> FloatArray:
    """The largest magnitude of each weight within ``radius`` of ``u``."""
    outer = np.zeros(u.shape)
    for player in range(len(u)):
        for place in range(system.sizes[player]):
            outer[player, place] = abs(u[player, place]) + (radius if place != top[player] else 0.0)
    return outer


@compiled
def prove(system: System, u: FloatArray, top: IntArray) -> tuple[float, float]:
    """Radii ``(radius, small)`` of the boxes in which the root is unique and exists; (0, 0) where nothing is proved."""
    size, nothing = system.equations, (0.0, 0.0)
    rounding = EPSILON * (system.table.shape[1] + 4 * len(u) + size + 8)
    values, matrix = jacobian(system, system.table, u, top)
    helper, determinant = inverse(matrix)
    if determinant == 0:
        return nothing
    inner_values, inner = jacobian(system, system.magnitude, enlarged(system, u, top, 0.0), top)
    residual, centre = 0.0, np.zeros(size)
    for row in range(size):
        offset, moved = 0.0, 0.0
        for k in range(size):
            offset += helper[row, k] * values[k]
            moved += abs(helper[row, k]) * rounding * inner_values[k]
        residual = max(residual, (abs(offset) + moved) * 1.01)
        for column in range(size):
            entry = 1.0 if row == column else 0.0
            for k in range(size):
                entry -= helper[row, k] * matrix[k, column]
                centre[row] += abs(helper[row, k]) * 2 * rounding * inner[k, column]
            centre[row] += abs(entry)
    radius = WIDEST
    for _ in range(HALVINGS):
        _, outer = jacobian(system, system.magnitude, enlarged(system, u, top, radius), top)
        largest = 0.0
        for row in range(size):
            total = centre[row]
            for k in range(size):
                for column in range(size):
                    total += abs(helper[row, k]) * (outer[k, column] * (1 + 2 * rounding) - inner[k, column])
            largest = max(largest, total)
        if largest <= CONTRACTION:
            small = residual / (1 - CONTRACTION) + 2 * EPSILON
            return (radius, small) if small <= radius else nothing
        radius /= 2
    return nothing


@compiled
def kind_of(system: System, u: FloatArray, top: IntArray, small: float) -> int:
    """Whether the root near ``u`` is an equilibrium that uses every action of the support and leaves none tied.

    OUTSIDE: it is none. REGULAR: it is one. EDGE: it may lie on the boundary. TIED: an unused action may pay as much.
    """
    kind = REGULAR
    for player in range(len(u)):
        for place in range(system.sizes[player]):
            if place != top[player] and u[player, place] < -small:
                return OUTSIDE
            if place != top[player] and u[player, place] <= small:
                kind = EDGE
    rounding = EPSILON * (system.table.shape[1] + 4 * len(u) + 8)
    outer, inner, out = enlarged(system, u, top, small), enlarged(system, u, top, 0.0), np.empty(u.shape)
    for condition in range(system.equations, len(system.table)):
        value = gradient(system, system.table, condition, u, out)
        most = gradient(system, system.magnitude, condition, outer, out)
        doubt = most * (1 + 2 * rounding) - gradient(system, system.magnitude, condition, inner, out)
        if value > doubt:
            return OUTSIDE
        if value >= -doubt and kind == REGULAR:
            kind = TIED
    return kind


@compiled
def index_of(system: System, u: FloatArray) -> int:
    """The sign of the determinant of minus the Jacobian, by all weights but each player's first."""
    _, matrix = jacobian(system, system.table, u, np.zeros(len(u), np.int64))
    _, determinant = inverse(-matrix)
    return 1 if determinant > 0 else -1


@compiled
def known(system: System, roots: Roots, corners: FloatArray, corner_counts: IntArray) -> bool:
    """Whether the cell spanned by ``corners[player, corner, place]`` lies where a known root is the only one.

    In the chart of the root, which keeps straight lines straight, a cell is the hull of its corners.
    """
    for root in range(roots.listed[0]):
        radius = roots.radius[root] * (1 - 1e-12)
        inside = True
        for player in range(len(corner_counts)):
            head = roots.top[root, player]
            for corner in range(corner_counts[player]):
                if not corners[player, corner, head] > 0:
                    inside = False
                    break
                for place in range(system.sizes[player]):
                    ratio = corners[player, corner, place] / corners[player, corner, head]
                    if not abs(ratio - roots.point[root, player, place]) <= radius - 4 * EPSILON * ratio:
                        inside = False
                        break
            if not inside:
                break
        if inside:
            return True
    return False


@compiled
def add_root(system: System, roots: Roots, weights: FloatArray) -> bool:
    """Look for a root near the positive ``weights[player, place]``, prove it, and list it unless it is listed."""
    number = roots.listed[0]
    if number == len(roots.radius):
        return False
    u, top = roots.point[number], roots.top[number]
    u[:] = weights
    chart(system, u, top)
    if not newton(system, u, top):
        return False
    chart(system, u, top)
    if not newton(system, u, top):
        return False
    radius, small = prove(system, u, top)
    if radius == 0:
        return False
    alone = np.ones(len(u), np.int64)
    if known(system, roots, u.reshape(len(u), 1, u.shape[1]), alone):
        return False
    roots.radius[number], roots.small[number] = radius, small
    roots.kind[number] = kind_of(system, u, top, small)
    roots.sign[number] = index_of(system, u) if roots.kind[number] == REGULAR else 0
    roots.listed[0] += 1
    return True
