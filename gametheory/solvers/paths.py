"""Which equilibria do the paths of Lemke and Howson lead to, and how far were they followed?

Paths start at the artificial equilibrium, one for each label, and again at every equilibrium that they find, one for
each label once more. All of these ends need not be all equilibria: some may lie on no path from the start (Aggarwal
1973, Mathematical Programming 4), so what is found proves nothing about what is not.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from gametheory.solvers.bases import Basis, Tables

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Mask = NDArray[np.bool_]
Dictionary = tuple[FloatArray, IntArray, IntArray]  # of `gametheory.kernels.lemke_howson`
State = tuple[Mask, Mask, Mask, Mask]  # rows played, columns best to them; columns played, rows best to them

CHUNK = 512  # pivots between two looks at the clock; the dictionaries are then made anew, free of rounding
START: Basis = ((), ())
# A path that is longer than a limit is left, and followed anew with the next when all shorter ones are done: some paths
# are a thousand times longer than others. Paths from the start come before those from equilibria.
LIMITS = (1_000, 8_000, 64_000)


@dataclass(frozen=True)
class Paths:
    """The distinct ends that were found, as bases, and what became of the paths.

    ``started`` says of how many of the ``labels`` the path from the artificial equilibrium was followed to its end;
    ``cut`` that some path was given up at the pivot limit, ``late`` that the time was up.
    """

    ends: tuple[Basis, ...]
    labels: int
    started: int
    cut: bool
    late: bool


def follow_all(scaled: Tables, most: int, deadline: float, known: Iterable[Basis] = ()) -> Paths:
    """Follow paths until there are ``most`` ends, no path is left, or `time.monotonic` has passed the deadline.

    Further paths begin at the equilibria ``known`` beforehand.
    """
    labels = sum(scaled.first.shape)
    ends: dict[Basis, None] = {}
    walked: set[tuple[Basis, int]] = set()
    waiting: list[tuple[bool, int, int, Basis, int]] = []  # from an equilibrium, limit, number, basis, label
    numbers, cut, late = count(), False, False

    def begin_at(basis: Basis) -> None:
        for label in range(labels):
            heapq.heappush(waiting, (basis != START, 0, next(numbers), basis, label))

    for basis in (START, *known):
        begin_at(basis)
    while waiting and len(ends) < most and not late:
        _, limit, _, basis, label = heapq.heappop(waiting)
        if (basis, label) in walked:
            continue
        end = end_of_path(scaled, basis, label, LIMITS[limit], deadline)
        late = time.monotonic() >= deadline
        if end is None:
            if limit + 1 < len(LIMITS):
                heapq.heappush(waiting, (basis != START, limit + 1, next(numbers), basis, label))
            cut = cut or limit + 1 == len(LIMITS)
            continue
        walked |= {(basis, label), (end, label)}
        if end != START and end not in ends:
            ends[end] = None
            begin_at(end)
    started = sum((START, label) in walked for label in range(labels))
    return Paths(tuple(ends), labels, started, cut, late)


def end_of_path(scaled: Tables, basis: Basis, label: int, most: int, deadline: float) -> Basis | None:
    """The basis at the other end of the path of ``label`` from ``basis``; None where it was not reached."""
    from gametheory.kernels.lemke_howson import CLOSED, follow

    m, n = scaled.second.shape
    rows, columns = (np.isin(np.arange(size), own) for own, size in zip(basis, (m, n), strict=True))
    entering, side = label, int(rows[label] if label < m else not columns[label - m])
    state = (rows, columns, columns, rows)
    for _ in range(0, most, CHUNK):
        pair = _dictionaries(scaled, state)
        if pair is None:
            return None
        entering, side = follow(*pair, label, entering, side, CHUNK)
        state = _masks(pair[0][2], m, n) + _masks(pair[1][2], n, m)
        if entering == CLOSED:
            return _complementary(state)
        if entering < 0 or time.monotonic() >= deadline:
            return None
    return None


def _dictionaries(scaled: Tables, state: State) -> tuple[Dictionary, Dictionary] | None:
    """The dictionaries in which these actions are played and these replies tight, made from the payoffs anew."""
    from gametheory.kernels.lemke_howson import enter, origin

    first, second = origin(scaled.first), origin(scaled.second)
    return (first, second) if enter(first, *state[:2]) and enter(second, *state[2:]) else None


def _masks(cobasis: IntArray, actions: int, replies: int) -> tuple[Mask, Mask]:
    """Which actions are basic and which replies tight, read from the nonbasic variables."""
    nonbasic = np.isin(np.arange(actions + replies), cobasis)
    return ~nonbasic[:actions], nonbasic[actions:]


def _complementary(state: State) -> Basis | None:
    """The basis on which both dictionaries agree; None where rounding has led them apart."""
    rows, columns = state[:2]
    if not (np.array_equal(rows, state[3]) and np.array_equal(columns, state[2])):
        return None
    return tuple(np.flatnonzero(rows).tolist()), tuple(np.flatnonzero(columns).tolist())
