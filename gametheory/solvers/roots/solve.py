"""What solves each analytic game of a batch: every root of its equations, and every best choice at each of them?

Interval arithmetic proves the number of roots; see `gametheory.solvers.roots.search`. Where that does not come to an
end the verdict is ``partial``, and where no root is found although one is known to exist, or a quantity is no finite
number in a solution, it is ``failed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.games.analytic import MOST_OF_A_KIND, AnalyticGames
from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, PARTIAL, Certificates
from gametheory.solvers.roots.boxes import Follow
from gametheory.solvers.roots.maxima import find_maxima
from gametheory.solvers.roots.record import ORDER, AnalyticSolutions
from gametheory.solvers.roots.search import Roots, find_roots

__all__ = ["follow_equations", "solve_systems"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

RESIDUAL = 1e-9  # an open piece with sides of the equations this close, relative to their size, is listed as a root
SOUND = 1e-6  # relative difference from which on the check in doubles disagrees with the search
GRID = 257  # choices among which the certificate looks for a better one
WORDS = {COMPLETE: 0, DEGENERATE: 1, PARTIAL: 2, FAILED: 3}  # how bad a verdict is
PROVED = "interval arithmetic over the whole bracket proves the number of roots"
CHOSEN = "interval arithmetic over the whole interval proves where the best choices lie"
CLOSED = "formulas without unknowns"
HIDDEN = "beside a place where the quantity has no bounds a better choice is not ruled out"
JUMPS = "the quantity may jump at a choice that is listed, and come close to its largest value without reaching it"


@dataclass
class _Verdicts:
    """The worst that was said of each game so far."""

    words: list[str]
    reasons: list[list[str]] = field(default_factory=list)

    def say(self, games: Sequence[int], word: str, reason: str) -> None:
        """Note a verdict on some games; the worse one stands."""
        for game in games:
            if WORDS[word] > WORDS[self.words[game]]:
                self.words[game], self.reasons[game] = word, [reason]
            elif word == self.words[game] and reason not in self.reasons[game]:
                self.reasons[game].append(reason)


@dataclass(frozen=True, eq=False)
class _Listed:
    """Solutions so far: game, values ``[solution, variable]``, radius and index."""

    game: IntArray
    values: FloatArray
    radius: FloatArray
    index: IntArray

    def at(self, chosen: NDArray[Any]) -> _Listed:
        return _Listed(self.game[chosen], self.values[chosen], self.radius[chosen], self.index[chosen])


def solve_systems(games: AnalyticGames, order: str = ORDER) -> AnalyticSolutions:
    """Every solution of a batch of analytic games, with certificates.

    Raises InputError for another order of play than ``equilibrium``, and for a bracket with ends that are not finite or
    out of order.
    """
    if order not in (ORDER, "simultaneous"):
        raise InputError(f"order: {order!r}, expected {ORDER!r}, the only order of play of an analytic model")
    said = _Verdicts([COMPLETE] * len(games), [[_plainly(games)] for _ in range(len(games))])
    with np.errstate(all="ignore"):
        listed = _roots(games, said)
        if games.system.decision is not None:
            listed = _choices(games, listed, said)
        return _answer(games, listed, said)


def follow_equations(games: AnalyticGames) -> Follow:
    """What the equations leave between their two sides, as the search for roots wants it."""
    names = [unknown.name for unknown in games.system.unknowns]
    pairs = list(games.system.equations.values())
    sides = [side for pair in pairs for side in (pair.left, pair.right)]

    def follow(values: Sequence[Any], rows: IntArray) -> list[Any]:
        found = games.bounds(sides, rows, dict(zip(names, values, strict=True)))
        return [left - right for left, right in zip(found[::2], found[1::2], strict=True)]

    return follow


def _plainly(games: AnalyticGames) -> str:
    """What a complete verdict rests on."""
    told = [PROVED] * bool(games.system.unknowns) + [CHOSEN] * (games.system.decision is not None)
    return "; ".join(told) or CLOSED


def _roots(games: AnalyticGames, said: _Verdicts) -> _Listed:
    """Every root of the equations in the brackets; one empty solution a game where there is no unknown."""
    unknowns, count = games.system.unknowns, len(games)
    if not unknowns:
        every = np.arange(count)
        return _Listed(every, np.empty((count, 0)), np.zeros(count), np.zeros(count, dtype=np.int64))
    ends = [games.ends(own.low, own.high, f"unknowns.{own.name}") for own in unknowns]
    low, high = (np.stack(side, axis=1) for side in zip(*ends, strict=True))
    follow = follow_equations(games)
    roots = find_roots(follow, low, high)
    inside = _Listed(roots.game, roots.value, roots.radius.max(axis=1, initial=0.0), _index(follow, roots))
    kept = _within(games, inside, roots.radius, (low, high), said)
    tight = _open_pieces(games, roots, said)
    said.say(np.flatnonzero(roots.given_up).tolist(), PARTIAL, "too many pieces of the bracket stay open: perhaps a "
             "line of roots, or formulas without finite bounds")  # fmt: skip
    joined = _together([inside.at(kept), tight])
    joined = joined.at(np.lexsort((*joined.values.T[::-1], joined.game)))
    if games.system.guaranteed:
        none = np.flatnonzero(np.bincount(joined.game, minlength=count) == 0).tolist()
        said.say(none, FAILED, "no root was found in the bracket although one is known to exist")
    return joined


def _together(parts: Sequence[_Listed]) -> _Listed:
    """Several lists as one."""
    first, *others = parts
    return _Listed(
        np.concatenate([first.game, *(own.game for own in others)]),
        np.concatenate([first.values, *(own.values for own in others)]),
        np.concatenate([first.radius, *(own.radius for own in others)]),
        np.concatenate([first.index, *(own.index for own in others)]),
    )


def _within(
    games: AnalyticGames,
    found: _Listed,
    radius: FloatArray,
    ends: tuple[FloatArray, FloatArray],
    said: _Verdicts,
) -> BoolArray:
    """Which roots lie in their bracket; those at an end of it are moved onto it.

    A root that may lie on an end of a closed bracket counts. At an end that is open it counts only where existence is
    guaranteed and there is no other; an end that solves the equations exactly is no solution there.
    """
    low, high = (end[found.game] for end in ends)
    outside = np.asarray(((found.values + radius < low) | (found.values - radius > high)).any(axis=1))
    at_end = ((found.values - radius <= low) | (found.values + radius >= high)) & ~outside[:, None]
    np.clip(found.values, low, high, out=found.values)
    opened = np.array([unknown.open for unknown in games.system.unknowns])
    doubtful = np.asarray((at_end & opened).any(axis=1))
    kept = np.asarray(~outside & ~doubtful)
    certain = np.bincount(found.game[kept], minlength=len(games))
    for number in np.flatnonzero(doubtful).tolist():
        game = int(found.game[number])
        if _solves_exactly(games, found, number, (low, high), at_end[number]):
            continue
        if games.system.guaranteed and not certain[game]:
            kept[number] = True
            continue
        where = _named(games, found.values[number])
        told = f"a root lies at {where} to within rounding, at an end of the open bracket: it is not counted"
        said.say([game], PARTIAL, told)
    return kept


def _solves_exactly(
    games: AnalyticGames, found: _Listed, number: int, ends: tuple[FloatArray, FloatArray], at_end: BoolArray
) -> bool:
    """Whether the end of a bracket itself solves the equations, which only fractions can tell."""
    own = found.values[number]
    nearer_low = np.abs(own - ends[0][number]) <= np.abs(own - ends[1][number])
    place = np.where(at_end, np.where(nearer_low, ends[0][number], ends[1][number]), own).tolist()
    names = [unknown.name for unknown in games.system.unknowns]
    sides = [side for pair in games.system.equations.values() for side in (pair.left, pair.right)]
    exact = games.fractions(sides, int(found.game[number]), dict(zip(names, place, strict=True)))
    return exact is not None and exact[::2] == exact[1::2]


def _open_pieces(games: AnalyticGames, roots: Roots, said: _Verdicts) -> _Listed:
    """Open pieces that lie together as one root each, if the two sides of the equations meet there."""
    size = len(games.system.unknowns)
    clusters = _clusters(roots)
    owner = np.array([own[0] for own in clusters], dtype=np.int64)
    middle = np.array([(own[1] + own[2]) / 2.0 for own in clusters]).reshape(-1, size)
    radius = np.array([float((own[2] - own[1]).max()) / 2.0 for own in clusters])
    gap, large = _residuals(games, owner, middle)
    meets = np.asarray(gap <= RESIDUAL * (1.0 + large))
    for number, own in enumerate(clusters):
        where = _named(games, middle[number])
        told = "a root of higher order, or several, or none" if meets[number] else "a root is not ruled out"
        said.say([own[0]], PARTIAL, f"nothing is proved near {where}: {told}")
    return _Listed(owner, middle, radius, np.zeros(len(owner), dtype=np.int64)).at(meets)


def _clusters(roots: Roots) -> list[tuple[int, FloatArray, FloatArray]]:
    """The game and the ends of each group of open pieces that lie together, by game and place."""
    clusters: list[tuple[int, FloatArray, FloatArray]] = []
    order = np.lexsort((*roots.open_low.T[::-1], roots.open_game))
    first = 0  # of the clusters of the same game
    for place in order.tolist():
        game, low, high = int(roots.open_game[place]), roots.open_low[place], roots.open_high[place]
        if clusters and clusters[-1][0] != game:
            first = len(clusters)
        if len(low) == 1:  # pieces come in order, so that only the last cluster can touch
            first = max(first, len(clusters) - 1)
        same = [own for own in clusters[first:] if _touch(own, low, high)]
        low = np.minimum.reduce([low, *(own[1] for own in same)])
        high = np.maximum.reduce([high, *(own[2] for own in same)])
        if same:
            clusters[first:] = [own for own in clusters[first:] if not any(own is one for one in same)]
        clusters.append((game, low, high))
    clusters.sort(key=lambda own: (own[0], own[1].tolist()))
    return clusters


def _touch(cluster: tuple[int, FloatArray, FloatArray], low: FloatArray, high: FloatArray) -> bool:
    """Whether a piece lies beside a cluster, at most its own width away."""
    reach = high - low
    return bool(((low <= cluster[2] + reach) & (high >= cluster[1] - reach)).all())


def _residuals(games: AnalyticGames, game: IntArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The largest difference between the sides of an equation in doubles, and the size of the sides."""
    pairs = list(games.system.equations.values())
    if not pairs or not len(game):
        return np.zeros(len(game)), np.zeros(len(game))
    given = {unknown.name: values[:, place] for place, unknown in enumerate(games.system.unknowns)}
    sides = games.values([side for pair in pairs for side in (pair.left, pair.right)], game, given)
    gap = np.max([np.abs(a - b) for a, b in zip(sides[::2], sides[1::2], strict=True)], axis=0)
    return np.where(np.isnan(gap), np.inf, gap), np.max(np.abs(sides), axis=0)


def _index(follow: Follow, roots: Roots) -> IntArray:
    """The sign of the determinant of the derivatives at each root."""
    from gametheory.solvers.roots.boxes import derivatives

    if not len(roots.game):
        return np.zeros(0, dtype=np.int64)
    low, high = derivatives(follow, roots.value - roots.radius, roots.value + roots.radius, roots.game)
    middle = (low + high) / 2.0
    known = np.asarray(np.isfinite(middle).all(axis=(1, 2)))
    return np.where(known, np.sign(np.linalg.det(np.where(known[:, None, None], middle, 0.0))), 0.0).astype(np.int64)


def _choices(games: AnalyticGames, listed: _Listed, said: _Verdicts) -> _Listed:
    """Every best choice at every root."""
    decision = games.system.decision
    if decision is None or not len(listed.game):
        return listed
    names = [unknown.name for unknown in games.system.unknowns]
    low, high = games.ends(decision.low, decision.high, "decision")
    given = {name: listed.values[:, place] for place, name in enumerate(names)}

    def objective(choice: Any, rows: IntArray) -> Any:
        from gametheory.expressions.intervals import point

        fixed = {name: point(own[rows]) for name, own in given.items()}
        return games.bounds([decision.maximise], listed.game[rows], {**fixed, decision.choose: choice})[0]

    best = find_maxima(objective, low[listed.game], high[listed.game])
    several = sorted(set(listed.game[np.flatnonzero(best.several)].tolist()))
    said.say(several, DEGENERATE, "several choices are best to within rounding; all of them are listed")
    flat = sorted(set(listed.game[np.flatnonzero(best.given_up)].tolist()))
    said.say(flat, PARTIAL, "many choices are as good as the best to within rounding; only some of them are listed")
    for doubtful, why in ((best.hidden, HIDDEN), (best.jumps, JUMPS)):
        said.say(sorted(set(listed.game[np.flatnonzero(doubtful)].tolist())), PARTIAL, why)
    chosen = listed.at(best.game)
    values = np.column_stack([chosen.values, best.value])
    return _Listed(chosen.game, values, np.maximum(chosen.radius, best.radius), chosen.index)


def _answer(games: AnalyticGames, listed: _Listed, said: _Verdicts) -> AnalyticSolutions:
    """The record: finite solutions with their regimes and certificates."""
    variables = dict(zip(games.system.variables, listed.values.T, strict=True))
    gap, large = _residuals(games, listed.game, listed.values)
    missed, pays = _missed(games, listed, variables)
    residual = np.maximum(gap, missed)
    _doubt(listed, (gap > SOUND * (1.0 + large)) & (listed.radius > SOUND), missed > SOUND * (1.0 + pays), said)
    for name, own in zip(games.quantities, _quantities(games, listed.game, variables), strict=True):
        endless = np.unique(listed.game[~np.isfinite(own)]).tolist()
        said.say(endless, FAILED, f"the quantity {name!r} is no finite number in a solution")
    failed = np.array([word == FAILED for word in said.words], dtype=np.bool_)
    left = ~failed[listed.game]
    listed, residual = listed.at(left), residual[left]
    kind = _kinds(games, listed.game, {name: own[left] for name, own in variables.items()})
    largest = np.zeros(len(games))
    np.maximum.at(largest, listed.game, residual)
    found = np.bincount(listed.game, minlength=len(games)).astype(np.int64)
    reasons = np.array(["; ".join(own) for own in said.reasons], dtype=object)
    certificates = Certificates(np.array(said.words, dtype=object), found, largest, None, reasons)
    label = _labels(games, listed.game, kind)
    return AnalyticSolutions(
        games, listed.game, listed.values, listed.radius, residual, kind, label, listed.index, certificates
    )


def _doubt(listed: _Listed, apart: NDArray[np.bool_], worse: NDArray[np.bool_], said: _Verdicts) -> None:
    """Say which solutions the check in plain doubles finds apart from an equation, or worse than another choice."""
    for number in np.flatnonzero(apart).tolist():
        where = f"a solution is known to within {float(listed.radius[number]):.2g} only"
        said.say([int(listed.game[number])], PARTIAL, where)
    worse_in = sorted(set(listed.game[worse].tolist()))
    said.say(worse_in, FAILED, "a choice that pays more than the one found was seen on a grid")


def _quantities(games: AnalyticGames, game: IntArray, variables: dict[str, FloatArray]) -> list[FloatArray]:
    formulas = list(games.quantities.values())
    return games.values(formulas, game, variables) if formulas else []


def _missed(games: AnalyticGames, listed: _Listed, variables: dict[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """What the best choice of a grid would gain over the one made, and what that pays; apart from the search."""
    decision = games.system.decision
    if decision is None or not len(listed.game):
        return np.zeros(len(listed.game)), np.zeros(len(listed.game))
    low, high = (end[listed.game] for end in games.ends(decision.low, decision.high, "decision"))
    own = games.values([decision.maximise], listed.game, variables)[0]
    best = np.full(len(own), -np.inf)
    for step in np.linspace(0.0, 1.0, GRID).tolist():
        choice = {**variables, decision.choose: low + step * (high - low)}
        best = np.fmax(best, games.values([decision.maximise], listed.game, choice)[0])
    return np.where(np.isnan(own), np.inf, np.maximum(best - own, 0.0)), np.abs(own)


def _kinds(games: AnalyticGames, game: IntArray, variables: dict[str, FloatArray]) -> IntArray:
    """The number of the first regime whose condition holds in each solution, or that of none."""
    conditions = list(games.system.regimes.values())
    kind = np.full(len(game), len(conditions), dtype=np.int64)
    held = games.values(conditions, game, variables) if conditions else []
    for number in reversed(range(len(held))):
        kind[held[number] > 0.0] = number
    return kind


def _labels(games: AnalyticGames, game: IntArray, kind: IntArray) -> IntArray:
    """The number of each solution's name: its regime, and how many of the same stand before it in its game."""
    kinds = len(games.system.kinds)
    rank = np.zeros(len(game), dtype=np.int64)
    key = game * kinds + kind
    order = np.argsort(key, kind="stable")
    starts = np.searchsorted(key[order], key[order])
    rank[order] = np.arange(len(game)) - starts
    return np.minimum(rank, MOST_OF_A_KIND - 1) * kinds + kind


def _named(games: AnalyticGames, values: FloatArray) -> str:
    """The values of the unknowns in words."""
    names = [unknown.name for unknown in games.system.unknowns]
    return ", ".join(f"{name} = {value:.9g}" for name, value in zip(names, values.tolist(), strict=True))
