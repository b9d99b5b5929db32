"""Is an equilibrium the limit of play in which dearer mistakes are infinitely rarer than cheaper ones?

In an eps-proper profile every action is played, and an action that pays less than another is played at most eps times
as often (Myerson 1978). Along a sequence of such profiles the ranking of each player's actions by payoff may be taken
as fixed. For two given rankings what is asked of one player's strategy no longer involves the other's, and is linear:
it obeys the ranking of its own actions by rarity, and makes the other's payoffs obey theirs. So the question is, over
all pairs of rankings, whether two linear programs in eps can be met however small eps is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise, product
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.solvers.programs import maximise, whole_numbers

__all__ = ["Trembles", "are_eps_proper", "rankings", "trembles"]

Ranking = tuple[tuple[int, ...], ...]  # classes of equally good actions, the best first
Strategy = Sequence[Fraction]

COARSE = 10  # bits of the first eps that is tried


@dataclass(frozen=True, eq=False)
class Trembles:
    """Play near an equilibrium that shows it to be proper: both strategies, positive everywhere, and their eps."""

    strategies: tuple[NDArray[Any], ...]
    eps: Fraction


def trembles(tables: Sequence[NDArray[Any]], strategies: Sequence[Strategy], deadline: float) -> Trembles | None:
    """Eps-proper play near an extreme equilibrium of two players, for an eps so small that it exists for all smaller.

    ``tables[player]`` holds fractions ``[own action, other's action]``; the strategies are exact. None says that the
    equilibrium is not proper. Raises TimeoutError when the time (of `time.monotonic`) is up.

    >>> game = np.array([[1, 0, -9], [0, 0, -7], [-9, -7, -7]], dtype=object)  # Myerson 1978
    >>> [trembles([game, game], [own, own], monotonic() + 9) is not None for own in np.eye(3, dtype=int).tolist()]
    [True, False, False]
    """
    pays = [table @ np.array(other, dtype=object) for table, other in zip(tables, reversed(strategies), strict=True)]
    best = [tuple(int(k) for k in np.flatnonzero(pay == pay.max())) for pay in pays]
    # one by one: tied actions have so many rankings that a list of them might take hours
    for pair in ((own, its) for own in rankings(strategies[0], pays[0]) for its in rankings(strategies[1], pays[1])):
        _look_at_the_clock(deadline)
        asked = [
            _constraints(tables[1 - k], strategies[k], best[1 - k], pair[k], pair[1 - k]) for k in range(len(pair))
        ]
        if all(_met(own, COARSE, deadline) is not None for own in asked):
            bits = max(COARSE, *(_fine_enough(own) for own in asked))
            points = [_met(own, bits, deadline) for own in asked]
            met = tuple(point for point in points if point is not None)
            if len(met) == len(points):
                return Trembles(met, Fraction(1, 1 << bits))
    return None


def are_eps_proper(tables: Sequence[NDArray[Any]], play: Trembles) -> bool:
    """Whether strategies are eps-proper, by the definition.

    >>> even = np.array([[1, 0], [0, 1]], dtype=object)
    >>> are_eps_proper([even, even], Trembles((np.array([Fraction(9, 10), Fraction(1, 10)]),) * 2, Fraction(1, 9)))
    True
    """
    for table, own, other in zip(tables, play.strategies, reversed(play.strategies), strict=True):
        pays = table @ other
        if not (own > 0).all():
            return False
        for worse, better in product(range(len(own)), repeat=2):
            if pays[worse] < pays[better] and own[worse] > play.eps * own[better]:
                return False
    return True


def rankings(strategy: Strategy, pays: NDArray[Any]) -> Iterator[Ranking]:
    """Every ranking near the equilibrium: actions that pay differently keep their order, all in use rank first.

    >>> list(rankings([1, 0, 0], np.array([2, 2, 1])))
    [((0,), (1,), (2,)), ((0, 1), (2,))]
    """
    worths = sorted(set(pays.tolist()), reverse=True)
    groups = [tuple(int(k) for k in np.flatnonzero(pays == worth)) for worth in worths]
    used = frozenset(k for k, weight in enumerate(strategy) if weight > 0)
    for top in ordered_partitions(groups[0], used):
        yield from ((*top, *below) for below in _ranked_in_turn(groups[1:]))


def _ranked_in_turn(groups: Sequence[tuple[int, ...]]) -> Iterator[Ranking]:
    """Every way to rank the actions within each group, the groups one below the other."""
    if not groups:
        yield ()
        return
    for top in ordered_partitions(groups[0]):
        yield from ((*top, *below) for below in _ranked_in_turn(groups[1:]))


def ordered_partitions(actions: tuple[int, ...], together: frozenset[int] = frozenset()) -> Iterator[Ranking]:
    """Every way to rank actions, ties allowed; small first classes first, those ``together`` always in the first.

    >>> list(ordered_partitions((3, 5)))
    [((3,), (5,)), ((5,), (3,)), ((3, 5),)]
    """
    if not actions:
        yield ()
    others = [k for k in actions if k not in together]
    for size in range(0 if together else 1, len(others) + 1):
        for added in combinations(others, size):
            first = tuple(sorted((*together, *added)))
            rest = tuple(k for k in others if k not in added)
            yield from ((first, *later) for later in ordered_partitions(rest))


def _constraints(
    its: NDArray[Any], strategy: Strategy, replies: tuple[int, ...], ranking: Ranking, its_ranking: Ranking
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Rows ``constant + eps * slope`` of whole numbers whose product with the trembling strategy must not be positive.

    It obeys its ranking by rarity, and the other's payoffs ``its`` obey theirs. It tends to the vertex ``strategy``
    because what that does not use becomes rare and the ``replies``, the other's best ones, become equally good:
    together these fix a vertex.
    """
    size = len(strategy)
    whole = np.eye(size, dtype=np.int64).astype(object)
    nothing, everything = whole[0] * 0, whole.sum(axis=0)
    rows = [(whole[b], -whole[a]) for above, below in _steps(ranking) for a in above for b in below]
    for own in its_ranking:
        rows += [(sign * (its[j] - its[own[0]]), nothing) for j in own[1:] for sign in (1, -1)]
    rows += [(its[below[0]] - its[above[0]], nothing) for above, below in _steps(its_ranking)]
    rows += [(whole[k], -everything) for k in range(size) if strategy[k] == 0]
    rows += [(sign * (its[j] - its[replies[0]]), -everything) for j in replies[1:] for sign in (1, -1)]
    together = [whole_numbers(np.concatenate(row))[1] for row in rows] or [[0] * (2 * size)]
    table = np.array(together, dtype=object)
    return table[:, :size], table[:, size:]


def _steps(ranking: Ranking) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Each class with the one below it."""
    return list(pairwise(ranking))


def _fine_enough(asked: tuple[NDArray[Any], NDArray[Any]]) -> int:
    """Bits of an eps at which the constraints are met if and only if they are met at every smaller one.

    All numbers of an optimal table are minors of the constraints, polynomials in eps. By Hadamard's argument no sum of
    their whole coefficients exceeds the product of the largest row sums, so none changes its sign below the inverse.
    """
    constant, slope = asked
    columns = int(constant.shape[1])
    sums = [2 * int(value) + 2 for value in (np.abs(constant) + np.abs(slope)).sum(axis=1)]
    lengths: list[int] = sorted((own.bit_length() for own in sums), reverse=True)
    return sum(lengths[: columns + 2]) + 2 * columns + 4


def _look_at_the_clock(deadline: float) -> None:
    """Raise TimeoutError when the time is up."""
    if monotonic() > deadline:
        raise TimeoutError


def _met(asked: tuple[NDArray[Any], NDArray[Any]], bits: int, deadline: float) -> NDArray[Any] | None:
    """A strategy that meets the constraints at ``eps = 2**-bits`` with every action in use, None where there is none.

    What cannot be met at one eps cannot be met at a smaller one: every constraint becomes sharper. Raises TimeoutError
    when the time is up.
    """
    _look_at_the_clock(deadline)
    constant, slope = asked
    rows = constant * (1 << bits) + slope
    size = rows.shape[1]
    matrix = np.vstack([np.hstack([rows, rows.sum(axis=1, keepdims=True)]), [[*[1] * size, size]]])
    limits = np.array([*[0] * len(rows), 1], dtype=object)
    best = maximise(np.array([*[0] * size, 1], dtype=object), matrix, limits, exact=True)
    return None if best.value == 0 else best.point[:-1] + best.point[-1]
