"""Which strategies, once a population plays them, does no mutant displace, and where does selection come to rest?

The game is symmetric: one population, each member meets others at random. A strategy is evolutionarily stable when it
does better than any other, in a population of both in which the other is rare (Maynard Smith and Price 1973, Nature
246). In the replicator dynamic an action's share grows at the rate by which its payoff exceeds the average (Taylor and
Jonker 1978, Mathematical Biosciences 40). An evolutionarily stable strategy is an asymptotically stable rest point of
it; the converse does not hold (Zeeman 1980, Lecture Notes in Mathematics 819).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.games.strategic import FloatArray, Games
from gametheory.kernels.payoffs import ROUNDING
from gametheory.markup import MOST_ROWS, mixture, tabulated
from gametheory.solutions import COMPLETE, FAILED, PARTIAL, Certificates, IntArray, TextArray
from gametheory.solvers.forms import equalising, is_stable_polynomial, positive_beyond, solution
from gametheory.solvers.own_tables import exact_tables

__all__ = ["Evolution", "evolution"]

STABLE, UNSTABLE, UNDECIDED = "stable", "unstable", "undecided"
MOST_ACTIONS = 14  # every set of actions is looked at: 16 thousand of them
SIGNIFICANT = 1e-9  # a real part below this share of the largest entry of the Jacobian has no sure sign

PROOF = "every set of actions was looked at: on none do rest points form a continuum"
CONTINUUM = "all evolutionarily stable strategies are listed, but some rest points form a continuum and are not"


@dataclass(frozen=True, eq=False)
class Evolution:
    """The rest points of the replicator dynamic, flat: point ``s`` belongs to game ``game[s]``.

    ``points[s, action]`` are shares of the population; ``ess[s]`` says whether they are an evolutionarily stable
    strategy, ``nash[s]`` whether they are a symmetric equilibrium. ``stability[s]`` is ``stable`` (asymptotically),
    ``unstable`` or ``undecided`` (an eigenvalue has real part 0, or so small that rounding hides its sign);
    ``eigenvalues[s]`` are those of the dynamic along the simplex, largest real part first. ``exact`` holds the shares
    as fractions.
    """

    games: Games
    game: IntArray
    points: FloatArray
    ess: NDArray[np.bool_]
    nash: NDArray[np.bool_]
    stability: TextArray
    eigenvalues: NDArray[np.complex128]
    exact: tuple[tuple[Fraction, ...], ...]
    certificates: Certificates

    def _repr_html_(self) -> str:
        """Jupyter's view: the rest points, and whether each is stable."""
        shares = [mixture(self.games.actions[0], own) for own in self.points.tolist()]
        columns = (self.game.tolist(), shares, self.ess.tolist(), self.nash.tolist(), self.stability.tolist())
        rows = list(zip(*columns, strict=True))
        heads = ("game", "shares of the population", "evolutionarily stable", "symmetric equilibrium", "rest point")
        caption = f"Rest points of the replicator dynamic: {repr(self.certificates)[1:-1]}"
        return tabulated(caption, heads, rows[:MOST_ROWS], more=len(rows) - MOST_ROWS)


@dataclass(frozen=True, eq=False)
class RestPoint:
    """One rest point of one game."""

    shares: tuple[Fraction, ...]
    ess: bool
    nash: bool
    stability: str
    eigenvalues: NDArray[np.complex128]


def evolution(games: Games, *, exact: bool = False) -> Evolution:
    """Find every evolutionarily stable strategy and every isolated rest point of symmetric two-player games.

    Everything but the eigenvalues is computed in fractions. A rest point is listed where it is the only one that uses
    exactly its actions; every evolutionarily stable strategy is such a point (Haigh 1975, Advances in Applied
    Probability 7). Where rest points form a continuum the verdict is ``partial``. Payoffs that differ only by rounding
    count as equal unless ``exact``. A game that is not symmetric fails alone. Raises InputError for other than two
    players with equally many actions, and for more than 14 of them.

    >>> from gametheory.games import strategic
    >>> found = evolution(strategic([[[-1, 2], [0, 1]], [[-1, 0], [2, 1]]]))  # hawk and dove
    >>> found.points.tolist(), found.ess.tolist(), found.stability.tolist()
    ([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]], [False, True, False], ['unstable', 'stable', 'unstable'])
    """
    if len(games.players) != 2 or games.shape[0] != games.shape[1] or games.shape[0] > MOST_ACTIONS:
        sizes = " x ".join(map(str, games.shape))
        raise InputError(f"evolution: a game of {sizes}, expected two players with up to {MOST_ACTIONS} actions each")
    verdict, reason = np.full(len(games), COMPLETE, dtype=object), np.full(len(games), PROOF, dtype=object)
    game, points = [], []
    finite, symmetric = games.finite, _symmetric(games)
    for g in range(len(games)):
        if not finite[g] or not symmetric[g]:
            verdict[g] = FAILED
            reason[g] = "the game is not symmetric" if finite[g] else "a payoff is not a finite number"
            continue
        found, isolated = rest_points(exact_tables(games, g, snap=not exact)[0])
        points += found
        game += [g] * len(found)
        if not isolated:
            verdict[g], reason[g] = PARTIAL, CONTINUUM
    place = np.array(game, dtype=np.int64)
    count = np.bincount(place, minlength=len(games)).astype(np.int64)
    size = games.shape[0]
    return Evolution(
        games=games,
        game=place,
        points=np.array([[float(share) for share in own.shares] for own in points]).reshape(len(points), size),
        ess=np.array([own.ess for own in points], dtype=bool),
        nash=np.array([own.nash for own in points], dtype=bool),
        stability=np.array([own.stability for own in points], dtype=object),
        eigenvalues=np.array([own.eigenvalues for own in points], dtype=np.complex128).reshape(len(points), size - 1),
        exact=tuple(own.shares for own in points),
        certificates=Certificates(verdict, count, np.zeros(len(games)), None, reason),
    )


def _symmetric(games: Games) -> NDArray[np.bool_]:
    """Whether both players have the same payoffs from each side, up to rounding: ``bool[game]``."""
    own, its = games.payoffs[:, 0], games.payoffs[:, 1].swapaxes(1, 2)
    with np.errstate(invalid="ignore"):
        close = np.abs(own - its) <= ROUNDING * np.maximum(np.abs(own), np.abs(its))
    return np.asarray(close.all(axis=(1, 2)))


def rest_points(table: NDArray[Any]) -> tuple[list[RestPoint], bool]:
    """Every rest point that is alone on its actions; is there no other? ``table[own action, other's action]``.

    >>> found, isolated = rest_points(np.array([[0, -1, 2], [2, 0, -1], [-1, 2, 0]], dtype=object))
    >>> [[str(share) for share in own.shares] for own in found if own.ess], isolated
    ([['1/3', '1/3', '1/3']], True)
    """
    size = len(table)
    found, isolated = [], True
    for support in chain.from_iterable(combinations(range(size), k) for k in range(1, size + 1)):
        block = table[np.ix_(support, support)]
        shares = equalising(block)
        if shares is None:
            isolated &= not positive_beyond(block)
        elif min(shares) > 0:
            point = [Fraction(0)] * size
            for action, share in zip(support, shares, strict=True):
                point[action] = share
            found.append(_described(table, tuple(point), support))
    found.sort(key=lambda own: own.shares, reverse=True)
    return found, isolated


def _described(table: NDArray[Any], shares: tuple[Fraction, ...], support: tuple[int, ...]) -> RestPoint:
    """Decide how stable a rest point is."""
    pays = table @ np.array(shares, dtype=object)
    lead = [pays[k] - pays[support[0]] for k in range(len(table)) if k not in support]
    nash = all(value <= 0 for value in lead)
    ess = nash and is_evolutionarily_stable(table, pays, support)
    inside = jacobian(table, shares, support)
    eigenvalues = np.array([*np.linalg.eigvals(inside.astype(np.float64)), *(float(v) for v in lead)], dtype=complex)
    significant = SIGNIFICANT * max((abs(float(value)) for value in (*inside.flat, *lead)), default=0.0)
    if ess or (all(value < 0 for value in lead) and is_stable_polynomial(inside)):
        stability = STABLE
    elif not nash or (eigenvalues.real > significant).any():
        stability = UNSTABLE
    else:
        stability = UNDECIDED
    return RestPoint(shares, ess, nash, stability, eigenvalues[np.argsort(-eigenvalues.real, kind="stable")])


def jacobian(table: NDArray[Any], shares: tuple[Fraction, ...], support: tuple[int, ...]) -> NDArray[Any]:
    """The linear part of the dynamic among the actions in use, in the shares of all of them but the first.

    The share of each action out of use moves by itself, at the rate by which its payoff exceeds the average.
    """
    first, rest = support[0], support[1:]
    received = np.array(shares, dtype=object) @ table
    rows = [[shares[i] * (table[i, j] - table[i, first] - received[j] + received[first]) for j in rest] for i in rest]
    return np.array(rows, dtype=object).reshape(len(rest), len(rest))


def is_evolutionarily_stable(table: NDArray[Any], pays: NDArray[Any], support: tuple[int, ...]) -> bool:
    """Whether no mix of best replies does as well against itself as the symmetric equilibrium does against it.

    With ``z`` the change of strategy, ``z @ table @ z`` must be negative for all ``z`` that sum to 0 and do not take
    from actions out of use. Eliminating what may move freely leaves a form that must be strictly copositive (Abakuks
    1980, Journal of Applied Probability 17).
    """
    first = support[0]
    others = [k for k in range(len(table)) if k not in support and pays[k] == pays[first]]
    moving = [*support[1:], *others]
    form = np.array(
        [
            [
                -(
                    table[i, j]
                    + table[j, i]
                    - table[first, j]
                    - table[j, first]
                    - table[i, first]
                    - table[first, i]
                    + 2 * table[first, first]
                )
                for j in moving
            ]
            for i in moving
        ],
        dtype=object,
    ).reshape(len(moving), len(moving))
    for _ in support[1:]:
        if form[0, 0] <= 0:
            return False
        form = form[1:, 1:] - np.multiply.outer(form[1:, 0], form[0, 1:]) / Fraction(form[0, 0])
    return strictly_copositive(form)


def strictly_copositive(form: NDArray[Any]) -> bool:
    """Whether ``z @ form @ z`` is positive for every ``z`` that is not negative and not 0; ``form`` is symmetric.

    If not, take the least value over the simplex, at a point that uses as few coordinates as possible: on those either
    ``form @ z`` is the same negative number everywhere, or ``z`` spans all that the form there annihilates.

    >>> [strictly_copositive(np.array(own, dtype=object)) for own in ([[1, 5], [5, 1]], [[1, -1], [-1, 1]])]
    [True, False]
    """
    size = len(form)
    for used in chain.from_iterable(combinations(range(size), k) for k in range(1, size + 1)):
        found = solution(form[np.ix_(used, used)])
        if found is not None and max(found) < 0:
            return False
    return True
