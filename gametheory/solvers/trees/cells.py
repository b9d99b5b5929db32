"""Which probabilities solve the conditions of one cell: equations between polynomials, and polynomials that are >= 0?

Equations in one unknown are solved and put in, one after the other; two in the same two unknowns by the quadratic that
eliminates one of them; and where all conditions that are left are linear, the corners of the polytope that they cut
out are listed. Each of these steps finds every solution. Where none applies, boxes of probabilities are cut in halves
and those dropped in which a condition cannot hold; what is left is searched by Newton's method, and called open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from gametheory.games.trees import FloatArray
from gametheory.solvers.trees.polynomials import (
    Polynomial,
    at_rows,
    cleaned,
    is_affine,
    substitute,
    unknowns,
    weighed,
)

Rows = NDArray[np.intp]
Known = dict[int, FloatArray]
Corner = tuple[NDArray[np.bool_], FloatArray]  # in which games, and the unknowns in each

SLACK = 1e-10  # a condition may fail by this share of the magnitude of what is summed
VANISHES = 1e-12  # a leading coefficient below this share of its magnitude is none
SINGULAR = 1e-11  # a determinant of unit rows below this counts as zero
SAME = 1e-9  # corners nearer to each other than this are one
MOST_CORNERS = 5_000  # choices of tight conditions that are tried in one block of unknowns


@dataclass(frozen=True, eq=False)
class System:
    """Conditions on the unknowns of one cell, in the games ``rows`` of a batch.

    ``inner`` are unknowns of which one inner value is enough (beliefs, which are not behaviour); of all others every
    corner is listed. ``known`` holds what is solved for.
    """

    rows: Rows
    equations: tuple[Polynomial, ...]
    bounds: tuple[Polynomial, ...]
    inner: frozenset[int]
    known: Known


@dataclass(frozen=True, eq=False)
class Point:
    """Solutions of a cell, one in each of the games ``rows``; those of one ``origin`` are corners of one polytope."""

    rows: Rows
    known: Known
    origin: System


@dataclass(frozen=True, eq=False)
class Open:
    """Conditions that no step could settle in the games ``system.rows``."""

    system: System


Outcome = Point | Open


def settle(system: System) -> list[Outcome]:
    """Every solution of the conditions: corners of continua, single points, and what stays open.

    >>> from gametheory.solvers.trees.polynomials import add, constant, multiply, unknown
    >>> one, u, v = constant(np.ones(1)), unknown(0, 1), unknown(1, 1)
    >>> bounds = tuple(p for x in (u, v) for p in (x, add(one, x, -1.0)))
    >>> equations = (add(multiply(u, v), constant(np.array([0.1])), -1.0), add(u, constant(np.array([0.5])), -1.0))
    >>> [(p.known[0].tolist(), p.known[1].tolist()) for p in settle(System(np.arange(1), equations, bounds,
    ...     frozenset(), {}))]
    [([0.5], [0.2])]
    """
    checked = _without_constants(system)
    if not len(checked.rows):
        return []
    if not unknowns((*checked.equations, *checked.bounds)):
        return [Point(checked.rows, checked.known, checked)]
    single = _equation_in_one(checked)
    if single is not None:
        return _solved_for_one(checked, *single)
    everything = (*checked.equations, *checked.bounds)
    if all(is_affine(polynomial) for polynomial in everything):
        return _corners(checked)
    pair = _equations_in_two(checked)
    if pair is not None:
        return _solved_for_two(checked, *pair)
    return [Open(checked)]


def _without_constants(system: System) -> System:
    """Check conditions without unknowns, and keep the games in which they hold."""
    equations, bounds = [cleaned(p) for p in system.equations], [cleaned(p) for p in system.bounds]
    good = np.ones(len(system.rows), dtype=bool)
    left: tuple[list[Polynomial], list[Polynomial]] = ([], [])
    for polynomials, kept, equal in ((equations, left[0], True), (bounds, left[1], False)):
        for polynomial in polynomials:
            if unknowns([polynomial]):
                kept.append(polynomial)
                continue
            good &= holds(polynomial, equal=equal)
    chosen = replace(system, equations=tuple(left[0]), bounds=tuple(left[1]))
    return chosen if good.all() else picked(chosen, good)


def holds(polynomial: Polynomial, *, equal: bool) -> NDArray[np.bool_]:
    """In which games a condition without unknowns holds."""
    value, size = polynomial[()]
    return np.asarray((np.abs(value) if equal else -value) <= SLACK * size)


def picked(system: System, chosen: NDArray[np.bool_]) -> System:
    """The same conditions in some of the games."""
    return System(
        system.rows[chosen],
        tuple(at_rows(p, chosen) for p in system.equations),
        tuple(at_rows(p, chosen) for p in system.bounds),
        system.inner,
        {number: values[chosen] for number, values in system.known.items()},
    )


def fixed(system: System, number: int, values: FloatArray) -> System:
    """The conditions once one unknown is known."""
    return System(
        system.rows,
        tuple(substitute(p, number, values) for p in system.equations),
        tuple(substitute(p, number, values) for p in system.bounds),
        system.inner,
        {**system.known, number: values},
    )


def _equation_in_one(system: System) -> tuple[int, int] | None:
    """The first equation in a single unknown that is linear in it, and that unknown."""
    for place, equation in enumerate(system.equations):
        numbers = unknowns([equation])
        if len(numbers) == 1 and is_affine(equation):
            return place, numbers[0]
    return None


def _solved_for_one(system: System, place: int, number: int) -> list[Outcome]:
    """Solve one equation; where its leading coefficient vanishes it asks nothing of the unknown."""
    slope, size = system.equations[place][(number,)]
    steep = np.abs(slope) > VANISHES * size
    rest = replace(system, equations=tuple(p for k, p in enumerate(system.equations) if k != place))
    found: list[Outcome] = []
    if steep.any():
        own = picked(rest, steep)
        offset = system.equations[place][()][0][steep]
        found += settle(fixed(own, number, _tidy(-offset / slope[steep])))
    if not steep.all():
        flat = ~steep
        remains: Polynomial = {(): at_rows(system.equations[place], flat)[()]}
        own = picked(rest, flat)
        found += settle(replace(own, equations=(*own.equations, remains)))
    return found


def _tidy(values: FloatArray) -> FloatArray:
    """Values that miss 0 or 1 by rounding alone are 0 or 1."""
    values = np.where(np.abs(values) <= SLACK, 0.0, values)
    return np.where(np.abs(values - 1) <= SLACK, 1.0, values)


def _corners(system: System) -> list[Outcome]:
    """The corners of the polytopes that linear conditions cut out, block by block of unknowns that hang together."""
    states = [Point(system.rows, system.known, system)]
    too_many = np.zeros(len(system.rows), dtype=bool)
    for numbers in _blocks(system):
        own = set(numbers)
        equations = [p for p in system.equations if own & set(unknowns([p]))]
        bounds = [p for p in system.bounds if own & set(unknowns([p]))]
        found, unlisted = _block_corners(numbers, equations, bounds, len(system.rows))
        too_many |= unlisted
        if own <= system.inner:
            found = _middle(found)
        states = [_joined(state, system.rows, numbers, *corner) for state in states for corner in found]
        states = [state for state in states if len(state.rows)]
        if len(states) > MOST_CORNERS:
            return [Open(system)]
    kept = [_kept(state, ~too_many[np.searchsorted(system.rows, state.rows)]) for state in states]
    listed: list[Outcome] = [state for state in kept if len(state.rows)]
    return [*listed, Open(picked(system, too_many))] if too_many.any() else listed


def _kept(state: Point, chosen: NDArray[np.bool_]) -> Point:
    """The solutions in some of the games."""
    return replace(state, rows=state.rows[chosen], known={k: values[chosen] for k, values in state.known.items()})


def _blocks(system: System) -> list[tuple[int, ...]]:
    """The unknowns, those together that some condition joins."""
    groups: list[set[int]] = []
    for polynomial in (*system.equations, *system.bounds):
        own = set(unknowns([polynomial]))
        for other in [group for group in groups if group & own]:
            groups.remove(other)
            own |= other
        groups.append(own)
    return sorted(tuple(sorted(group)) for group in groups)


def _block_corners(
    numbers: tuple[int, ...], equations: Sequence[Polynomial], bounds: Sequence[Polynomial], count: int
) -> tuple[list[Corner], NDArray[np.bool_]]:
    """Every corner: in which games it is one, and the unknowns there; and the games with too many to be tried.

    At a corner as many conditions are tight as there are unknowns: independent equations, and then bounds.
    """
    size, must = len(numbers), len(equations)
    table, magnitude = np.zeros((2, count, must + len(bounds), size + 1))
    for row, polynomial in enumerate([*equations, *bounds]):
        for key, (values, sizes) in polynomial.items():
            column = numbers.index(key[0]) if key else size
            table[:, row, column], magnitude[:, row, column] = values, sizes
    found: list[Corner] = []
    unlisted = np.zeros(count, dtype=bool)
    ranks = _ranks(table[:, :must, :size])
    for rank in np.unique(ranks).tolist():
        games = ranks == rank
        if comb(must, rank) * comb(len(bounds), size - rank) > MOST_CORNERS:
            unlisted |= games
            continue
        for own in combinations(range(must), rank):
            for others in combinations(range(must, must + len(bounds)), size - rank):
                inside, point = _corner(table[games], magnitude[games], [*own, *others], must)
                if inside.any():
                    found.append(_widened(games, inside, point))
    return found, unlisted


def _ranks(matrices: FloatArray) -> NDArray[np.int64]:
    """Rank of the equations of each game, their rows scaled alike."""
    if not matrices.size:
        return np.zeros(len(matrices), dtype=np.int64)
    scale = np.abs(matrices).max(axis=2, keepdims=True)
    return np.asarray(np.linalg.matrix_rank(matrices / np.where(scale > 0, scale, 1.0), tol=SINGULAR), dtype=np.int64)


def _widened(games: NDArray[np.bool_], inside: NDArray[np.bool_], point: FloatArray) -> Corner:
    """The corner of some games as a corner of all."""
    wide, points = np.zeros(len(games), dtype=bool), np.zeros((len(games), point.shape[1]))
    wide[games], points[games] = inside, point
    return wide, points


def _corner(
    table: FloatArray, magnitude: FloatArray, tight: list[int], must: int
) -> tuple[NDArray[np.bool_], FloatArray]:
    """Where the tight conditions meet, and in which games that point fulfils all others."""
    size = table.shape[2] - 1
    matrix, right = table[:, tight, :size], -table[:, tight, size]
    scale = np.abs(matrix).max(axis=2, keepdims=True)
    scale[scale == 0] = 1.0
    matrix, right = matrix / scale, right / scale[:, :, 0]
    regular = np.abs(np.linalg.det(matrix)) > SINGULAR
    safe = np.where(regular[:, np.newaxis, np.newaxis], matrix, np.eye(size))
    point = _tidy(np.linalg.solve(safe, right[:, :, np.newaxis])[:, :, 0])
    value = (table[:, :, :size] * point[:, np.newaxis]).sum(axis=2) + table[:, :, size]
    weight = (magnitude[:, :, :size] * np.abs(point)[:, np.newaxis]).sum(axis=2) + magnitude[:, :, size]
    short = -value
    short[:, :must] = np.abs(value[:, :must])
    return regular & (short <= SLACK * weight).all(axis=1), point


def _middle(found: list[Corner]) -> list[Corner]:
    """The mean of the distinct corners of each game: a point well inside."""
    if not found:
        return []
    inside = np.stack([own for own, _ in found])
    points = np.stack([point for _, point in found])
    for later in range(1, len(points)):
        same = (np.abs(points[:later] - points[later]) <= SAME).all(axis=2) & inside[:later]
        inside[later] &= ~same.any(axis=0)
    share = inside / np.maximum(inside.sum(axis=0), 1)
    return [(np.asarray(inside.any(axis=0)), (points * share[:, :, np.newaxis]).sum(axis=0))]


def _joined(state: Point, rows: Rows, numbers: tuple[int, ...], inside: NDArray[np.bool_], point: FloatArray) -> Point:
    """Put the corner of one block beside what is known."""
    place = np.searchsorted(rows, state.rows)
    kept = inside[place]
    known = {number: values[kept] for number, values in state.known.items()}
    for column, number in enumerate(numbers):
        known[number] = point[place[kept], column]
    return replace(state, rows=state.rows[kept], known=known)


def _equations_in_two(system: System) -> tuple[int, int, int, int] | None:
    """Two equations in the same two unknowns, linear in each: their places and the unknowns."""
    plain = [
        (place, unknowns([equation]))
        for place, equation in enumerate(system.equations)
        if all(len(set(key)) == len(key) for key in equation)
    ]
    for (first, own), (second, other) in combinations(plain, 2):
        if own == other and len(own) == 2:
            return first, second, own[0], own[1]
    return None


def _solved_for_two(system: System, first: int, second: int, u: int, v: int) -> list[Outcome]:
    """Eliminate ``v``: ``(a + b u) + (c + d u) v = 0`` twice leaves a quadratic in ``u``.

    For each root the equations are then linear in ``v``. Where the quadratic vanishes the two are one equation.
    """
    zero = np.zeros((2, len(system.rows)))
    (a, b, c, d), (e, f, g, h) = (
        [system.equations[place].get(key, zero)[0] for key in ((), (u,), (v,), (u, v))] for place in (first, second)
    )
    low, middle, high = a * g - e * c, a * h + b * g - e * d - f * c, b * h - f * d
    size = np.abs(a * g) + np.abs(e * c) + np.abs(a * h) + np.abs(b * g) + np.abs(e * d) + np.abs(f * c)
    size += np.abs(b * h) + np.abs(f * d)
    low, middle, high = (np.where(np.abs(own) > VANISHES * size, own, 0.0) for own in (low, middle, high))
    found: list[Outcome] = []
    for roots in _quadratic_roots(low, middle, high):
        real = np.isfinite(roots) & (roots >= -SLACK) & (roots <= 1 + SLACK)
        if real.any():
            own = fixed(picked(system, real), u, _tidy(roots[real]))
            # one of the two equations is spare now: it holds because the quadratic does
            found += settle(_with_one_of(own, first, second, v))
    same = (low == 0) & (middle == 0) & (high == 0)
    if same.any():
        found.append(Open(picked(system, same)))
    return found


def _with_one_of(system: System, first: int, second: int, v: int) -> System:
    """Keep of two dependent equations in ``v``, in each game, the one with the steeper slope."""
    slopes = [
        np.abs(system.equations[place].get((v,), np.zeros((2, len(system.rows))))[0]) for place in (first, second)
    ]
    better = slopes[0] >= slopes[1]
    merged: Polynomial = {}
    for key in ((), (v,)):
        zero = np.zeros((2, len(system.rows)))
        own, other = (system.equations[place].get(key, zero) for place in (first, second))
        merged[key] = np.where(better, own, other)
    kept = [p for k, p in enumerate(system.equations) if k not in (first, second)]
    return replace(system, equations=(merged, *kept))


def _quadratic_roots(low: FloatArray, middle: FloatArray, high: FloatArray) -> list[FloatArray]:
    """Both roots of ``low + middle u + high u^2``, NaN where there is none; a double root stands once."""
    with np.errstate(all="ignore"):
        inside = middle * middle - 4 * high * low
        tiny = 1e-13 * (middle * middle + 4 * np.abs(high * low))
        root = np.sqrt(np.where(np.abs(inside) <= tiny, 0.0, inside))
        q = -0.5 * (middle + np.where(middle >= 0, root, -root))
        one = np.where(high != 0, q / high, np.where(middle != 0, -low / middle, np.nan))
        other = np.where((high != 0) & (q != 0), low / q, np.nan)
        one = np.where((high != 0) & (q == 0), 0.0, one)
    other = np.where(np.abs(other - one) <= 1e-14, np.nan, other)
    return [one, other]


def fulfils(system: System, known: Known) -> NDArray[np.bool_]:
    """In which games all conditions hold where every unknown is known."""
    good = np.ones(len(system.rows), dtype=bool)
    for polynomials, equal in ((system.equations, True), (system.bounds, False)):
        for polynomial in polynomials:
            value, size = weighed(polynomial, known)
            good &= (np.abs(value) if equal else -value) <= 100 * SLACK * size
    return good
