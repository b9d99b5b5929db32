"""On which outcome would two players agree who can make a binding contract, lotteries included?

They choose a point of the convex hull of the game's outcomes; without agreement each gets its disagreement payoff.
Three answers: the point at which the product of both gains is largest, which alone satisfies Nash's axioms (Nash 1950,
Econometrica 18); the best point at which the gains are in proportion to the largest that each could have (Kalai and
Smorodinsky 1975, Econometrica 43); and the first offer in alternating offers, accepted at once, where each player
discounts every round of delay (Rubinstein 1982, Econometrica 50).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.games.strategic import FloatArray, Games
from gametheory.markup import MOST_ROWS, tabulated
from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, Certificates, IntArray
from gametheory.solvers.agreements import Point, agreement, is_agreement, pareto_frontier
from gametheory.solvers.guarantees import guarantees

__all__ = ["Bargain", "bargain"]

NASH, KALAI_SMORODINSKY, RUBINSTEIN = "nash", "kalai_smorodinsky", "rubinstein"

PROOF = "the payoffs are the only ones that satisfy what defines this solution, checked at every outcome of the game"
ALONE = "no agreement is better than disagreement for both; this one alone is worse for neither and wastes nothing"
NONE = "no agreement is as good as disagreement for both players"
UNSOUND = "the agreement that was found fails the check at every outcome"
INFINITE = "a payoff is not a finite number"
VERDICTS = {PROOF: COMPLETE, ALONE: DEGENERATE, NONE: FAILED, UNSOUND: FAILED, INFINITE: FAILED}

Agreed = tuple[Point, dict[int, Fraction]]  # the gains, and the probabilities of the profiles


@dataclass(frozen=True, eq=False)
class Bargain:
    """The agreement in every game that has one: ``game[s]``, ``payoffs[s, player]`` and a lottery that gives them.

    ``distribution`` is ``[s, a1, a2]``. The payoffs are unique, the lottery need not be. ``disagreement`` is ``[s,
    player]``; ``exact`` holds the payoffs as fractions, of which the floats are roundings.
    """

    games: Games
    solution: str
    game: IntArray
    payoffs: FloatArray
    distribution: FloatArray
    disagreement: FloatArray
    exact: tuple[tuple[Fraction, Fraction], ...]
    certificates: Certificates

    def _repr_html_(self) -> str:
        """Jupyter's view: what each player gets, and what each can fall back on."""
        players = self.games.players
        heads = ("game", *(f"payoff of {name}" for name in players), *(f"{name} without agreement" for name in players))
        columns = (self.game.tolist(), self.payoffs.tolist(), self.disagreement.tolist())
        rows = [(game, *payoffs, *back) for game, payoffs, back in zip(*columns, strict=True)]
        caption = f"Agreement by {self.solution}: {repr(self.certificates)[1:-1]}"
        return tabulated(caption, heads, rows[:MOST_ROWS], more=len(rows) - MOST_ROWS)


def bargain(
    games: Games,
    *,
    solution: str = NASH,
    disagreement: ArrayLike | None = None,
    discounts: Sequence[float | str | Fraction] | None = None,
    first: str | None = None,
) -> Bargain:
    """Find the agreement of two players in every game of a batch.

    ``disagreement`` gives a payoff of each player, ``[player]`` or ``[game, player]``; without it, it is what each can
    guarantee itself (its security level). ``solution`` is ``"nash"``, ``"kalai_smorodinsky"`` or ``"rubinstein"``,
    which needs ``discounts``, what a player's gain is worth one round later as a share (at least 0, below 1), and
    knows who makes the ``first`` offer (the first player by default). Everything is computed in fractions.

    Raises InputError for other than two players or a number that does not fit, UnknownNameError for another name.

    >>> from gametheory.games import strategic
    >>> pie = strategic([[[1, 0], [0, 0]], [[0, 1], [0, 0]]])
    >>> bargain(pie, solution="rubinstein", disagreement=[0, 0], discounts=["0.9", "0.8"]).payoffs.round(6).tolist()
    [[0.714286, 0.285714]]
    """
    shares = _checked(games, solution, discounts)
    leader = 0 if first is None else _player(games, first)
    points = _disagreements(games, disagreement)
    answers: list[tuple[Agreed | None, str]] = []
    for game, point in enumerate(points):
        if point is None or not games.finite[game]:
            answers.append((None, INFINITE))
        else:
            gains = [(a - point[0], b - point[1]) for a, b in _outcomes(games, game)]
            answers.append(_agreed(gains, solution, shares, leader))
    return _bargain(games, solution, points, answers)


def _checked(
    games: Games, solution: str, discounts: Sequence[float | str | Fraction] | None
) -> tuple[Fraction, Fraction] | None:
    """The discount factors, where the solution needs them."""
    known = (NASH, KALAI_SMORODINSKY, RUBINSTEIN)
    if len(games.players) != 2:
        raise InputError(f"bargaining: {len(games.players)!r} players, expected 2")
    if solution not in known:
        hint = did_you_mean(solution, known)
        raise UnknownNameError(f"solution: {solution!r}, expected one of {', '.join(known)}{hint}")
    if (discounts is None) == (solution == RUBINSTEIN):
        wanted = "two discount factors" if solution == RUBINSTEIN else "none: only 'rubinstein' discounts"
        raise InputError(f"discounts: {discounts!r}, expected {wanted}")
    if discounts is None:
        return None
    shares = tuple(Fraction(own) for own in discounts)
    if len(shares) != 2 or not all(0 <= own < 1 for own in shares):
        raise InputError(f"discounts: {discounts!r}, expected two numbers of at least 0 and below 1")
    return shares[0], shares[1]


def _player(games: Games, name: str) -> int:
    """The number of a player."""
    if name not in games.players:
        raise UnknownNameError(f"first: no player named {name!r}{did_you_mean(name, games.players)}")
    return games.players.index(name)


def _disagreements(games: Games, given: ArrayLike | None) -> list[Point | None]:
    """The disagreement payoffs of each game, None where they are not finite."""
    points: list[Point | None] = [None] * len(games)
    if given is None:
        found = guarantees(games)
        for place, game in enumerate(found.game.tolist()):
            known = found.exact[place]
            levels = found.levels[place].tolist() if known is None else known
            points[game] = (Fraction(levels[0]), Fraction(levels[1]))
        return points
    array = np.asarray(given, dtype=np.float64)
    if array.shape not in ((2,), (len(games), 2)):
        raise InputError(f"disagreement: shape {array.shape!r}, expected (2,) or {(len(games), 2)!r}")
    for game, (a, b) in enumerate(np.broadcast_to(array, (len(games), 2)).tolist()):
        if np.isfinite(a) and np.isfinite(b):
            points[game] = (Fraction(a), Fraction(b))
    return points


def _outcomes(games: Games, game: int) -> list[Point]:
    """The payoffs of both players at each profile, as fractions, in the order of the profiles."""
    table = games.payoffs[game] if games.exact is None else games.exact[game]
    first, second = (own.reshape(-1).tolist() for own in table)
    return [(Fraction(a), Fraction(b)) for a, b in zip(first, second, strict=True)]


def _agreed(
    gains: list[Point], solution: str, shares: tuple[Fraction, Fraction] | None, leader: int
) -> tuple[Agreed | None, str]:
    """The agreed gains with their lottery, and the reason for the verdict."""
    if leader == 1 and shares is not None:
        turned, reason = _agreed([(b, a) for a, b in gains], solution, (shares[1], shares[0]), 0)
        return (None if turned is None else ((turned[0][1], turned[0][0]), turned[1])), reason
    frontier = pareto_frontier(gains)
    if frontier.low > frontier.high:
        return None, NONE
    point = agreement(frontier, solution, shares)
    if not is_agreement(gains, frontier, point, solution, shares):
        return None, UNSOUND
    improves = frontier.low < frontier.high or (point[0] > 0 and point[1] > 0)
    return (point, frontier.lottery(point)), PROOF if improves else ALONE


def _bargain(
    games: Games,
    solution: str,
    points: list[Point | None],
    answers: list[tuple[Agreed | None, str]],
) -> Bargain:
    """Put the agreements together."""
    listed = [
        (game, answer, point)
        for game, ((answer, _), point) in enumerate(zip(answers, points, strict=True))
        if answer is not None and point is not None
    ]
    exact = tuple((gain[0] + point[0], gain[1] + point[1]) for _, (gain, _), point in listed)
    distribution = np.zeros((len(listed), int(np.prod(games.shape))))
    for place, (_, (_, lottery), _) in enumerate(listed):
        for profile, weight in lottery.items():
            distribution[place, profile] = float(weight)
    certificates = Certificates(
        np.array([VERDICTS[reason] for _, reason in answers], dtype=object),
        np.array([answer is not None for answer, _ in answers], dtype=np.int64),
        np.zeros(len(games)),
        None,
        np.array([reason for _, reason in answers], dtype=object),
    )

    def columns(pairs: Sequence[Point]) -> NDArray[np.float64]:
        return np.array([[float(a), float(b)] for a, b in pairs]).reshape(len(listed), 2)

    return Bargain(
        games=games,
        solution=solution,
        game=np.array([game for game, _, _ in listed], dtype=np.int64),
        payoffs=columns(exact),
        distribution=distribution.reshape(len(listed), *games.shape),
        disagreement=columns([point for _, _, point in listed]),
        exact=exact,
        certificates=certificates,
    )
