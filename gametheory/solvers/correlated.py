"""How large and how small can a measure be over all correlated equilibria?

A correlated equilibrium is a distribution over profiles from which a mediator draws, telling each player only its own
action, such that nobody gains by disobeying (Aumann 1974, Journal of Mathematical Economics 1). In a coarse one nobody
gains by an action chosen before the mediator speaks (Moulin and Vial 1978, International Journal of Game Theory 7).
Both sets are polytopes that contain every Nash equilibrium, so two linear programs bound a measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gametheory.errors import InputError
from gametheory.games.strategic import FloatArray, Games
from gametheory.markup import MOST_ROWS, tabulated
from gametheory.solutions import COMPLETE, FAILED, PARTIAL, Certificates, IntArray
from gametheory.solvers.own_tables import exact_tables, from_own
from gametheory.solvers.programs import Optimum, can_be_exact, maximise

__all__ = ["Correlated", "correlated"]

TOLERANCE = 1e-9  # in floating point: of the payoffs, and of the values, in play at the distribution
SPREAD = 1e6  # largest gain over smallest: beyond it TOLERANCE of the one is more than a thousandth of the other

PROOF = "the distributions obey every incentive constraint, and weights on these show that no other goes further"


@dataclass(frozen=True, eq=False)
class Correlated:
    """Least and greatest value of a measure in every game that was solved; ``game[s]`` is the game of entry ``s``.

    ``lower_at`` and ``upper_at`` are distributions ``[s, a1, a2, ...]`` that attain them; ``exact`` holds the two
    values as fractions where they are known. In the certificates ``max_regret`` is the most that a player could gain
    by disobeying one of the two distributions.
    """

    games: Games
    coarse: bool
    game: IntArray
    lower: FloatArray
    upper: FloatArray
    lower_at: FloatArray
    upper_at: FloatArray
    exact: tuple[tuple[Fraction, Fraction] | None, ...]
    certificates: Certificates

    def _repr_html_(self) -> str:
        """Jupyter's view: the least and the greatest value in each game."""
        rows = list(zip(self.game.tolist(), self.lower.tolist(), self.upper.tolist(), strict=True))
        kind = "coarse correlated" if self.coarse else "correlated"
        caption = f"Bounds over all {kind} equilibria: {repr(self.certificates)[1:-1]}"
        return tabulated(caption, ("game", "least", "greatest"), rows[:MOST_ROWS], more=len(rows) - MOST_ROWS)


@dataclass(frozen=True, eq=False)
class Bound:
    """The greatest value of a measure, a distribution that attains it, the gain by disobeying it; is it proved?"""

    value: Any
    distribution: NDArray[Any]
    violation: float
    proved: bool


def correlated(games: Games, values: ArrayLike, *, coarse: bool = False, exact: bool = False) -> Correlated:
    """Bound a measure over all correlated equilibria (all coarse ones with ``coarse=True``) of each game.

    ``values`` gives the measure of each profile, ``[game, a1, a2, ...]`` or ``[a1, a2, ...]`` for all games alike.
    Small games, and those on which floating point leaves a doubt, are solved in fractions, all of them if ``exact``;
    each answer is checked by the incentive constraints of its distributions and by the duality gap, and the verdict is
    ``partial`` where a game in doubt is too large. Payoffs that differ only by rounding count as equal unless
    ``exact``. Raises InputError for another shape.

    >>> from gametheory.games import strategic
    >>> chicken = strategic([[[6, 2], [7, 0]], [[6, 7], [2, 0]]])
    >>> found = correlated(chicken, chicken.payoffs.sum(axis=1))
    >>> found.upper.tolist(), found.upper_at[0].tolist()
    ([10.5], [[0.5, 0.25], [0.25, 0.0]])
    """
    measure = np.asarray(values, dtype=np.float64)
    if measure.shape not in (games.shape, (len(games), *games.shape)):
        raise InputError(f"values: shape {measure.shape!r}, expected {(len(games), *games.shape)!r} or {games.shape!r}")
    measure = np.broadcast_to(measure, (len(games), *games.shape)).reshape(len(games), prod(games.shape))
    solved = games.finite & np.isfinite(measure).all(axis=1)
    game = np.flatnonzero(solved).astype(np.int64)
    bounds = [_bounds(games, int(g), measure[g], coarse=coarse, exact=exact) for g in game]

    def distributions(side: int) -> FloatArray:
        flat = [np.asarray(own[side].distribution, dtype=np.float64) for own in bounds]
        return np.array(flat).reshape(len(game), *games.shape)

    return Correlated(
        games=games,
        coarse=coarse,
        game=game,
        lower=np.array([float(-low.value) for low, _ in bounds]),
        upper=np.array([float(high.value) for _, high in bounds]),
        lower_at=distributions(0),
        upper_at=distributions(1),
        exact=tuple(_fractions(-low.value, high.value) for low, high in bounds),
        certificates=_certificates(solved, game, bounds),
    )


def incentives(tables: list[NDArray[Any]], shape: tuple[int, ...], *, coarse: bool) -> NDArray[Any]:
    """What a player gains by disobeying, a row a deviation: no row times an equilibrium is positive.

    A deviation is an action in place of a given other one; a coarse one is an action in place of all of them.
    """
    rows = []
    for player, table in enumerate(tables):
        for other in range(len(table)):
            gain = table[other] - table
            for action in range(len(table)):
                if coarse or action == other:
                    continue
                alone = np.zeros_like(gain)
                alone[action] = gain[action]
                rows.append(from_own(alone, player, shape).reshape(-1))
            if coarse:
                rows.append(from_own(gain, player, shape).reshape(-1))
    return np.array(rows, dtype=object).reshape(len(rows), prod(shape))


def _bounds(games: Games, game: int, measure: FloatArray, *, coarse: bool, exact: bool) -> tuple[Bound, Bound]:
    """Minus the least value of the measure in one game, and the greatest."""
    gains = incentives(exact_tables(games, game, snap=not exact), games.shape, coarse=coarse)
    values = np.array([Fraction(value) for value in measure.tolist()], dtype=object)
    return greatest(gains, -values, exact=exact), greatest(gains, values, exact=exact)


def greatest(gains: NDArray[Any], values: NDArray[Any], *, exact: bool) -> Bound:
    """Maximise the measure over the distributions ``p`` with ``gains @ p <= 0``.

    The values are brought to the range from 1 to 2, so that the probabilities of an optimal point sum to 1 by
    themselves, and every row to largest entry 1. For any weights on the rows that are not negative, the largest of
    ``values - weights @ gains`` is an upper bound.
    """
    span = (values.max() - values.min()) or 1
    sizes = np.array([Fraction(abs(own).max() or 1) for own in gains], dtype=object)
    scaled, level = gains / sizes[:, np.newaxis], (values - values.min()) / Fraction(span) + 1
    rows = np.concatenate([scaled, np.ones((1, len(values)), dtype=np.int64).astype(object)])
    limits = np.zeros(len(rows), dtype=np.int64).astype(object)
    limits[-1] = 1
    best = maximise(level, rows, limits, exact=exact)
    proved, excess = _exactly_proved(best, scaled, level) if best.exact else _nearly_proved(best, scaled, level)
    if not (proved or best.exact) and can_be_exact(rows):
        return greatest(gains, values, exact=True)
    distribution = best.point / best.point.sum()
    violation = max((float(own) * float(size) for own, size in zip(excess, sizes, strict=True)), default=0.0)
    return Bound((values * distribution).sum(), distribution, violation, proved)


def _exactly_proved(best: Optimum, gains: NDArray[Any], values: NDArray[Any]) -> tuple[bool, NDArray[Any]]:
    """Check an answer in fractions: every constraint holds, and the duals leave no gap; what is gained by each row."""
    bound = (values - best.duals[:-1] @ gains).max()
    excess = np.maximum(gains @ best.point, 0)
    sound = not excess.any() and bool((best.point >= 0).all()) and best.point.sum() == 1
    return bool(sound and bound == (values * best.point).sum()), excess


def _nearly_proved(best: Optimum, gains: NDArray[Any], values: NDArray[Any]) -> tuple[bool, NDArray[Any]]:
    """The same in floating point, up to `TOLERANCE`; gains that are spread too widely prove nothing."""
    gains, values = gains.astype(np.float64), values.astype(np.float64)
    distribution = best.point / best.point.sum()
    bound = (values - best.duals[:-1] @ gains).max()
    sizes = np.abs(gains)
    excess = np.maximum(gains @ distribution, 0.0)
    even = sizes.max() <= SPREAD * np.where(sizes > 0, sizes, np.inf).min()
    obeyed = (excess <= TOLERANCE * (sizes @ distribution)).all()
    return bool(even and obeyed and bound - values @ distribution <= TOLERANCE), excess


def _fractions(low: Any, high: Any) -> tuple[Fraction, Fraction] | None:
    """Both values where they are fractions."""
    return (low, high) if isinstance(low, Fraction) and isinstance(high, Fraction) else None


def _certificates(solved: NDArray[np.bool_], game: IntArray, bounds: list[tuple[Bound, Bound]]) -> Certificates:
    """Say of each game whether both bounds are proved."""
    count = len(solved)
    verdict = np.full(count, FAILED, dtype=object)
    reason = np.full(count, "a payoff or a value of the measure is not a finite number", dtype=object)
    largest = np.zeros(count)
    for g, both in zip(game, bounds, strict=True):
        proved = all(own.proved for own in both)
        verdict[g] = COMPLETE if proved else PARTIAL
        reason[g] = PROOF if proved else "floating point left an incentive to disobey, or a gap to the bound"
        largest[g] = max(own.violation for own in both)
    return Certificates(verdict, np.where(solved, 2, 0).astype(np.int64), largest, None, reason)
