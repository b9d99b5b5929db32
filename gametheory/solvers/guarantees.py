"""What can a player make sure of, whatever the others do: the most payoff, or the least regret?

The security level is the largest payoff that a player can guarantee itself, in expectation against every choice of the
others (von Neumann 1928, Mathematische Annalen 100). The regret of an action at a profile of the others is what the
best action there would have paid more; the minimax regret is the least that a player can hold it to (Savage 1951,
Journal of the American Statistical Association 46). Either is the value of a zero-sum game against all the others as
one. Neither assumes anything about what the others want, so what players then play need not be an equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.certify import Check
from gametheory.errors import UnknownNameError, did_you_mean
from gametheory.games.strategic import FloatArray, Games
from gametheory.markup import MOST_ROWS, mixture, tabulated
from gametheory.solutions import FAILED, PARTIAL, Certificates, ExactStrategies, IntArray, Solutions
from gametheory.solvers.listing import listed
from gametheory.solvers.own_tables import exact_tables
from gametheory.solvers.programs import can_be_exact, matrix_game

__all__ = ["Guarantees", "guarantees", "profiles"]

PAYOFF, REGRET = "payoff", "regret"

WORDS = {PAYOFF: "guarantees each player the most", REGRET: "holds each player's largest regret to the least"}
GAP = 1e-10  # largest gap between what a strategy guarantees and what is possible, as a share of the payoffs in play


@dataclass(frozen=True, eq=False)
class Best:
    """One player's best guarantee: its strategies (extreme ones; all of them if ``all_found``), the level, the gap."""

    strategies: list[NDArray[Any]]
    level: Any
    gap: float
    proved: bool
    all_found: bool


@dataclass(frozen=True, eq=False)
class Guarantees:
    """What each player can make sure of in every game that was solved: ``levels[s, player]`` in game ``game[s]``.

    ``strategies[player][s]`` guarantees it; ``unique[s, player]`` says where it is proved to be the only one that does.
    ``exact`` holds the levels as fractions where they are known. In the certificates ``max_regret`` is the largest gap
    between what the strategies guarantee and what no strategy can exceed.
    """

    games: Games
    of: str
    game: IntArray
    levels: FloatArray
    strategies: tuple[FloatArray, ...]
    unique: NDArray[np.bool_]
    exact: tuple[tuple[Fraction, ...] | None, ...]
    certificates: Certificates

    def _repr_html_(self) -> str:
        """Jupyter's view: what each player can make sure of, and by which strategy."""
        games = self.games
        rows = [
            (game, name, level, mixture(actions, own[place]), unique)
            for place, game in enumerate(self.game[:MOST_ROWS].tolist())
            for name, level, actions, own, unique in zip(
                games.players, self.levels[place].tolist(), games.actions, self.strategies, self.unique[place].tolist(),
                strict=True,
            )
        ]  # fmt: skip
        heads = ("game", "player", f"{self.of} that is sure", "by playing", "proved the only way")
        more = len(games.players) * (len(self.game) - MOST_ROWS)
        return tabulated(f"Guarantees: {repr(self.certificates)[1:-1]}", heads, rows, more=more)


def guarantees(games: Games, *, of: str = PAYOFF, pure: bool = False, exact: bool = False) -> Guarantees:
    """Find what each player can guarantee itself, in games with any number of players.

    ``of="payoff"`` gives the security level and a maximin strategy, ``of="regret"`` the least largest regret and a
    strategy that holds it there; with ``pure`` only actions are compared, and the first of the best is taken. Small
    games, and those on which floating point leaves a doubt, are solved in fractions, all of them if ``exact``. The
    level is unique, the strategy only where ``unique`` says so. Raises UnknownNameError for another ``of``.

    >>> from gametheory.games import strategic
    >>> found = guarantees(strategic([[[3, 0], [1, 2]], [[1, 1], [0, 4]]]))
    >>> found.levels.tolist(), found.strategies[0].tolist(), found.unique.tolist()
    ([[1.5, 1.0]], [[0.25, 0.75]], [[True, False]])
    """
    game, answers = _answers(games, of, pure=pure, exact=exact)
    solved = games.finite
    gaps = _per_game(solved, [not all(own.proved for own in answer) for answer in answers])
    certificates = certify.certificates(
        count=len(games),
        game=game,
        regret=np.array([max(float(own.gap) for own in answer) for answer in answers]),
        sound=np.ones(len(game), dtype=bool),
        repeats=np.zeros(len(game), dtype=bool),
        index_sum=None,
        tied=np.zeros(len(games), dtype=bool),
        proof="what each strategy guarantees equals what the others can hold its player to",
        reasons=[
            (~solved, FAILED, "a payoff is not a finite number"),
            (gaps, PARTIAL, "floating point left a gap between what is guaranteed and what is possible"),
        ],
    )
    count = len(games.players)
    return Guarantees(
        games=games,
        of=of,
        game=game,
        levels=np.array([[float(own.level) for own in answer] for answer in answers]).reshape(len(game), count),
        strategies=tuple(
            np.array([answer[player].strategies[0] for answer in answers], dtype=np.float64).reshape(len(game), size)
            for player, size in enumerate(games.shape)
        ),
        unique=np.array(
            [[own.all_found and len(own.strategies) == 1 for own in answer] for answer in answers], dtype=bool
        ).reshape(len(game), count),
        exact=tuple(_fractions(answer) for answer in answers),
        certificates=certificates,
    )


def profiles(games: Games, *, concept: str, of: str, pure: bool, exact: bool) -> Solutions:
    """The same as solutions: each player plays a strategy with the best guarantee.

    With ``pure`` every combination of best actions is listed; else one combination, and the verdict is ``partial``
    unless it is proved to be the only one. Payoffs are those expected at the profile, and ``regret`` is what a player
    could gain there: it is no fault, since the concept does not ask for an equilibrium.
    """
    game, answers = _answers(games, of, pure=pure, exact=exact)
    combined = [list(product(*(own.strategies for own in answer))) for answer in answers]
    flat = [profile for own in combined for profile in own]
    place = np.repeat(game, [len(own) for own in combined])
    strategies = tuple(
        np.array([profile[player] for profile in flat], dtype=np.float64).reshape(len(flat), size)
        for player, size in enumerate(games.shape)
    )
    seen = certify.check(games.payoffs, place, strategies)
    solved = games.finite
    gaps = _per_game(solved, [not all(own.proved for own in answer) for answer in answers])
    more = _per_game(solved, [not all(own.all_found for own in answer) for answer in answers])
    return listed(
        games,
        place,
        strategies,
        concept=concept,
        # regret is no fault; the guarantee is what counts
        seen=Check(seen.payoffs, seen.regret, np.ones(len(flat), dtype=bool)),
        tied=np.bincount(place, minlength=len(games)) > 1,
        proof=f"nothing else {WORDS[of]}; no equilibrium is claimed",
        reasons=[
            (~solved, FAILED, "a payoff is not a finite number"),
            (gaps, PARTIAL, "floating point left a gap between what is guaranteed and what is possible"),
            (more, PARTIAL, f"the profile {WORDS[of]}, and others may too; no equilibrium is claimed"),
        ],
        exact=tuple(_exact_profile(profile) for profile in flat) if exact else None,
    )


def best_guarantee(table: NDArray[Any], *, pure: bool = False, exact: bool = False) -> Best:
    """The strategies whose least entry of ``strategy @ table`` is largest, for ``table[own action, anything]``.

    >>> best = best_guarantee(np.array([[Fraction(3), Fraction(0)], [Fraction(1), Fraction(2)]]))
    >>> str(best.level), [str(p) for p in best.strategies[0]], best.all_found
    ('3/2', ['1/4', '3/4'], True)
    """
    if pure:
        least = table.min(axis=1)
        chosen = np.flatnonzero(least == least.max())
        whole = np.eye(len(table), dtype=np.int64)
        return Best([whole[action] * Fraction(1) for action in chosen], least.max(), 0.0, proved=True, all_found=True)
    solved = matrix_game(table, exact=exact)
    if solved.exact:
        least, most = (solved.strategy @ table).min(), (table @ solved.belief).max()
        proved = bool(least == most and (solved.strategy >= 0).all()) and solved.strategy.sum() == 1
        return Best([solved.strategy], least, float(most - least), proved, all_found=solved.unique)
    floats = table.astype(np.float64)
    strategy, belief = solved.strategy / solved.strategy.sum(), solved.belief / solved.belief.sum()
    guaranteed, possible = strategy @ floats, floats @ belief
    gap = float(possible.max() - guaranteed.min())
    size = np.abs(floats)
    in_play = (strategy @ size)[guaranteed.argmin()] + (size @ belief)[possible.argmax()]
    if gap > GAP * in_play and can_be_exact(table):
        return best_guarantee(table, exact=True)
    return Best([strategy], guaranteed.min(), max(gap, 0.0), proved=gap <= GAP * in_play, all_found=False)


def _answers(games: Games, of: str, *, pure: bool, exact: bool) -> tuple[IntArray, list[list[Best]]]:
    """The games that can be solved, and in each the best guarantee of every player."""
    if of not in WORDS:
        raise UnknownNameError(f"of: {of!r}, expected one of {', '.join(WORDS)}{did_you_mean(of, tuple(WORDS))}")
    game = np.flatnonzero(games.finite).astype(np.int64)
    answers = []
    for g in game:
        tables = exact_tables(games, int(g), snap=not exact)
        if of == REGRET:
            tables = [table - table.max(axis=0) for table in tables]
        found = [best_guarantee(table, pure=pure, exact=exact) for table in tables]
        if of == REGRET:
            found = [Best(own.strategies, -own.level, own.gap, own.proved, own.all_found) for own in found]
        answers.append(found)
    return game, answers


def _per_game(solved: NDArray[np.bool_], flags: list[bool]) -> NDArray[np.bool_]:
    """Spread flags of the solved games over all games."""
    marked = np.zeros(len(solved), dtype=bool)
    marked[solved] = flags
    return marked


def _fractions(answer: list[Best]) -> tuple[Fraction, ...] | None:
    """The levels where all are fractions."""
    levels = tuple(own.level for own in answer)
    return levels if all(isinstance(level, Fraction) for level in levels) else None


def _exact_profile(profile: tuple[NDArray[Any], ...]) -> ExactStrategies:
    """Strategies as fractions."""
    return tuple(tuple(Fraction(p) for p in own) for own in profile)
