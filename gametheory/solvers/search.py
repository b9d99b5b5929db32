"""Which equilibria of a large two-player game does a search find, and what did it look at?

Pure equilibria come first, then supports of two actions each, then paths: random games mostly have an equilibrium on
small supports of equal size (Porter, Nudelman and Shoham 2008, Games and Economic Behavior 63). Whatever is met is a
pair of supports; it is solved for, checked by the certifier, and where rounding leaves a doubt solved as fractions.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import FloatArray, Games
from gametheory.kernels.payoffs import pure_equilibria
from gametheory.solutions import COMPLETE, FAILED, PARTIAL, IntArray
from gametheory.solvers.answer import Answer, empty
from gametheory.solvers.bases import Basis, Equilibrium, Tables, equilibrium, exact_equilibrium, ordered, tables
from gametheory.solvers.paths import LIMITS, Paths, follow_all
from gametheory.solvers.vertices import fractions_of
from gametheory.solvers.whole_paths import exact_end
from gametheory.solvers.zero_sum import optimal_bases

MOST_FOUND = 500  # ends of paths, and supports of two actions each, that are kept for one game
MOST_PURE, PURE_WORK = 10_000, 1 << 30  # pure equilibria that are listed, and that times cells: beyond, who reads it?
FROM_KNOWN = 100  # equilibria found before that paths also start from
EXACT_CELLS = 10_000  # games up to so many cells are decided in fractions where floating point fails,
PROGRAM_CELLS = 40_000  # and zero-sum games up to so many, of which one path or one system is enough

UNIQUE = (
    "strictly dominated actions aside the game is zero-sum; one optimal pair was found, it is nondegenerate, hence no "
    "other is near it, and the optimal pairs are a convex set, hence there is no other"
)


@dataclass(frozen=True, eq=False)
class Core:
    """One game without its strictly dominated actions, and how it is to be searched: until when, and how exactly."""

    game: Games
    deadline: float
    exact: bool
    most_cells: int = EXACT_CELLS

    @cached_property
    def tables(self) -> Tables:
        """The payoffs on the scale of each column."""
        return tables(*self.game.payoffs[0])

    @cached_property
    def fractions(self) -> NDArray[np.object_]:
        """The payoffs as fractions, made equal where they differ by rounding unless exact answers were asked for."""
        return fractions_of(self.game, 0, snap=not self.exact)

    @property
    def small(self) -> bool:
        """Whether fractions may decide where floating point fails."""
        return self.exact or self.game.payoffs[0, 0].size <= self.most_cells

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.deadline


def zero_sum(core: Core) -> Answer:
    """Return one optimal pair of a zero-sum game: proved to be the only one, or with every pure equilibrium beside."""
    core = replace(core, most_cells=PROGRAM_CELLS)
    bases = optimal_bases(core.game.payoffs[0, 0], max(core.deadline - time.monotonic(), 1e-3))
    how = "a linear program gave one optimal pair"
    found = _first(core, bases)
    if found is None:
        how = "a path of Lemke and Howson gave one optimal pair"
        found = _first(core, follow_all(core.tables, 1, core.deadline).ends)
    if found is None and core.small:
        found = _first(core, _ends_by_fractions(core, 1))
    if found is None:
        return empty(core.game.shape, FAILED, "no optimal pair of this zero-sum game was found in the time")
    basis, one = found
    if one.index is None and core.small:
        one = _decided(core, basis, one)
    unique = one.index == 1
    if unique:
        listed, reason = [one], UNIQUE
    else:
        pure, in_actions = _pure(core)
        listed = ordered([one, *(own for _, own in settled(core, pure))])
        reason = f"the game is zero-sum: {how}, and with it the value; listed too: {in_actions}; other pairs may exist"
    count = len(listed)  # the equilibria of a zero-sum game are convex: one component, whose index is 1
    known, only = np.ones(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    return _answer(core, listed, COMPLETE if unique else PARTIAL, reason, known, only)


def _decided(core: Core, basis: Basis, one: Equilibrium) -> Equilibrium:
    """The same optimal pair with its index from fractions; another pair where fractions say that it is none."""
    certain = exact_equilibrium(core.fractions, basis)
    if certain is not None:
        return replace(one, index=certain.index)
    others = [exact_equilibrium(core.fractions, end) for end in _ends_by_fractions(core, 1)]
    return next((other for other in others if other is not None), one)


def general(core: Core) -> Answer:
    """Return the equilibria that a search of limited size meets; the verdict is partial, and the reason says why."""
    pure, in_actions = _pure(core)
    pairs, all_pairs = _two_by_two(core)
    known = settled(core, [*pure, *pairs])
    all_pairs = all_pairs and not core.late
    begin = [basis for basis, one in known if one.index is not None][:FROM_KNOWN]
    paths = follow_all(core.tables, MOST_FOUND, core.deadline, begin)
    ends = settled(core, paths.ends)
    lost = len(ends) < len(paths.ends)
    if lost and core.small:
        ends += settled(core, _ends_by_fractions(core))
    found = ordered([one for _, one in (*known, *ends)])
    if not found:
        return empty(core.game.shape, FAILED, f"no equilibrium was found in {_looked_at(paths, late=core.late)}")
    listed = [
        in_actions,
        "every nondegenerate one with two actions a player" if all_pairs else "some with two actions a player",
        f"the ends of {_looked_at(paths, late=core.late)}",
    ]
    if lost and not core.small:
        listed.append("less those that rounding leaves in doubt")
    signs = [one.index for one in found if one.index is not None]
    isolated = len(signs) == len(found)
    index = np.array(signs, dtype=np.int64) if isolated else None
    component = np.arange(len(found), dtype=np.int64) if isolated else None
    return _answer(core, found, PARTIAL, f"listed are {', '.join(listed)}; others may exist", index, component)


def _pure(core: Core) -> tuple[list[Basis], str]:
    """The pure equilibria, as many as can be listed, and how many that is in words."""
    places = np.argwhere(pure_equilibria(core.game.payoffs)[0])
    most = min(MOST_PURE, PURE_WORK // core.game.payoffs[0, 0].size)
    told = "every pure equilibrium" if len(places) <= most else f"{most} of {len(places)} pure equilibria"
    return [((row,), (column,)) for row, column in places[:most].tolist()], told


def _looked_at(paths: Paths, *, late: bool) -> str:
    """The paths in words, and what ended the search."""
    starts = "all" if paths.started == paths.labels else f"{paths.started} of"
    told = f"the Lemke-Howson paths from {starts} {paths.labels} labels"
    cut = f", none longer than {LIMITS[-1]} pivots" if paths.cut else ""
    if late or len(paths.ends) >= MOST_FOUND:
        why = "the time was up" if late else f"{MOST_FOUND} ends were met"
        return f"{told} and of others that lead on, until {why}{cut}"
    return f"{told} and of all that lead on from there{cut}"


def settled(core: Core, bases: Iterable[Basis]) -> list[tuple[Basis, Equilibrium]]:
    """Return the bases that carry a sound equilibrium, with it: in floating point, exactly where that is in doubt."""
    bases = list(bases)
    found: list[tuple[Basis, Equilibrium]] = []
    doubtful = bases
    if not core.exact:
        solved = [(basis, one) for basis in bases if (one := equilibrium(core.tables, basis)) is not None]
        sound = _sound(core, [one for _, one in solved])
        found = [pair for pair, good in zip(solved, sound, strict=True) if good]
        proved = {basis for basis, _ in found}
        doubtful = [basis for basis in bases if basis not in proved]
    for basis in doubtful if core.small else []:
        if core.late and len(basis[0]) > 1:  # pure ones cost nothing, and the reason promises them
            continue
        one = exact_equilibrium(core.fractions, basis)
        if one is not None and one.exact is not None and certify.exact_regret(core.fractions, one.exact) == 0:
            found.append((basis, one))
    return found


def _first(core: Core, bases: Sequence[Basis]) -> tuple[Basis, Equilibrium] | None:
    """The first of these bases that carries a sound equilibrium, with it."""
    return next((pair for basis in bases for pair in settled(core, [basis])), None)


def _ends_by_fractions(core: Core, most: int | None = None) -> list[Basis]:
    """The ends of the paths from all labels, or the first ones, in whole numbers: where rounding has led astray."""
    labels = range(sum(core.game.shape))[:most]
    ends = [exact_end(core.fractions, label, core.deadline) for label in labels]
    return list(dict.fromkeys(end for end in ends if end is not None))


def _two_by_two(core: Core) -> tuple[list[Basis], bool]:
    """The supports of two actions each that may carry an equilibrium, and whether these are all there are."""
    from gametheory.kernels.small_supports import two_by_two

    a, b = core.game.payoffs[0]
    turn = a.shape[0] > a.shape[1]  # pairs of the player with fewer actions are walked
    own, its = (b, a.T) if turn else (a.T, b)
    own, its = np.ascontiguousarray(own), np.ascontiguousarray(its)
    room = np.empty((MOST_FOUND, 4), dtype=np.int64)
    found: dict[Basis, None] = {}
    for first in range(its.shape[0]):
        if core.late or len(found) >= MOST_FOUND:
            return list(found), False
        count = two_by_two(own, its, first, room)
        if count > len(room):
            return list(found), False
        for row, other_row, column, other_column in room[:count].tolist():
            pair = (row, other_row), (column, other_column)
            found[pair[::-1] if turn else pair] = None
    return list(found), True


def _sound(core: Core, found: Sequence[Equilibrium]) -> NDArray[np.bool_]:
    """Whether the certifier finds no regret, and each action in use is a best reply, however small its weight."""
    sound = _check(core, found).sound
    x, y = _stacked(core, found)
    a, b = core.game.payoffs[0]
    for own, other, payoffs in ((x, y, a.T), (y, x, b)):
        value, size = other @ payoffs, other @ np.abs(payoffs)
        best = value.argmax(axis=1)[:, np.newaxis]
        loss = np.take_along_axis(value, best, 1) - value
        slight = loss <= certify.SOUND * (size + np.take_along_axis(size, best, 1))
        sound &= (slight | (own == 0)).all(axis=1)
    return sound


def _check(core: Core, found: Sequence[Equilibrium]) -> certify.Check:
    """The certifier's view of these equilibria."""
    x, y = _stacked(core, found)
    return certify.check(core.game.payoffs, np.zeros(len(found), dtype=np.int64), (x, y))


def _stacked(core: Core, found: Sequence[Equilibrium]) -> tuple[FloatArray, FloatArray]:
    """The strategies as arrays ``[solution, action]``."""
    m, n = core.game.shape
    return np.array([one.x for one in found]).reshape(-1, m), np.array([one.y for one in found]).reshape(-1, n)


def _answer(
    core: Core,
    found: Sequence[Equilibrium],
    verdict: str,
    reason: str,
    index: IntArray | None,
    component: IntArray | None,
) -> Answer:
    """Put what was found into arrays; what was solved exactly has no regret, whatever its rounding."""
    exactly = np.array([one.exact is not None for one in found])
    regret = np.where(exactly, 0.0, _check(core, found).regret)
    exact = tuple(one.exact for one in found if one.exact is not None) if core.exact else None
    x, y = _stacked(core, found)
    return Answer(x, y, regret, index, component, exact, verdict, reason)
