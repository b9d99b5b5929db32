"""Which actions survive when strictly dominated ones are eliminated again and again?

An action goes when some strategy of its player, pure or mixed, does strictly better against everything that the others
have left. What is left does not depend on the order of elimination. With mixtures and two players it is the set of
rationalizable actions (Bernheim 1984, Econometrica 52; Pearce 1984, Econometrica 52); with more players it is that of
correlated rationalizability, where a player may believe that the others' choices are correlated (Brandenburger and
Dekel 1987, Econometrica 55).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import UnknownNameError, did_you_mean
from gametheory.games.strategic import Games
from gametheory.kernels.payoffs import ROUNDING
from gametheory.markup import tabulated
from gametheory.solutions import COMPLETE, FAILED, PARTIAL, Certificates
from gametheory.solvers.own_tables import exact_tables, own_tables
from gametheory.solvers.programs import can_be_exact, matrix_game

__all__ = ["Rationalizable", "rationalizable"]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

ACTIONS, MIXTURES = "actions", "mixtures"
UNCLEAR = 1e-9  # a float value of a matrix game closer to zero than this share of the payoffs in play decides nothing

PROOF = {
    ACTIONS: "of the actions that are left none does strictly better than another against all that is left",
    MIXTURES: "each action that went is beaten by a strategy, each that is left is a best reply to a belief",
}


@dataclass(frozen=True, eq=False)
class Rationalizable:
    """The actions that survive: ``survives[player]`` is ``bool[game, action]``.

    ``round[player]``, ``int64[game, action]``, is the round in which an action went, 0 where it survives; in each round
    all players drop all that is dominated. In the certificates ``found`` counts the surviving actions of all players.
    """

    games: Games
    by: str
    survives: tuple[BoolArray, ...]
    round: tuple[IntArray, ...]
    certificates: Certificates

    def _repr_html_(self) -> str:
        """Jupyter's view: what survives in the first game, and in which round the rest went."""
        rows = []
        for name, actions, rounds in zip(self.games.players, self.games.actions, self.round, strict=True):
            went = dict(zip(actions, rounds[0].tolist() if len(rounds) else [], strict=False))
            kept = ", ".join(action for action, number in went.items() if not number)
            gone = ", ".join(f"{action} (round {number})" for action, number in went.items() if number)
            rows.append((name, kept, gone))
        which = f"first of {len(self.games):,} games, " if len(self.games) > 1 else ""
        caption = f"Rationalizable actions ({which}dominated by {self.by}): {repr(self.certificates)[1:-1]}"
        return tabulated(caption, ("player", "survives", "goes"), rows)


def rationalizable(games: Games, *, by: str = MIXTURES, exact: bool = False) -> Rationalizable:
    """Eliminate strictly dominated actions until none is left, in games with any number of players.

    ``by="actions"`` looks for dominance by another action only, ``by="mixtures"`` by mixed strategies too. Payoffs
    that differ only by rounding count as equal, unless ``exact``. Mixtures are found by linear programs: in fractions,
    or, for very large games, in floating point; an action on which these cannot decide stays and the verdict is
    ``partial``. A game that is not finite keeps all its actions and fails. Raises UnknownNameError for another ``by``.

    >>> from gametheory.games import strategic
    >>> found = rationalizable(strategic([[[3, 0], [0, 3], [1, 1]], [[2, 1], [1, 2], [0, 5]]]))
    >>> found.survives[0].tolist(), found.round[0].tolist()
    ([[True, True, False]], [[0, 0, 1]])
    """
    if by not in PROOF:
        known = tuple(PROOF)
        raise UnknownNameError(f"by: {by!r}, expected one of {', '.join(known)}{did_you_mean(by, known)}")
    finite = games.finite
    tables = _tables(games, finite, exact=exact)
    alive = [np.ones((len(games), size), dtype=bool) for size in games.shape]
    rounds = [np.zeros((len(games), size), dtype=np.int64) for size in games.shape]
    unclear = np.zeros(len(games), dtype=bool)
    going, number = finite.copy(), 0
    while going.any():
        number += 1
        gone = []
        for player, table in enumerate(tables):
            reach = _profiles(alive, player)
            dominated = _by_actions(table, alive[player], reach, exact=exact) & going[:, np.newaxis]
            if by == MIXTURES:
                doubtful = alive[player] & ~dominated & ~_best_somewhere(table, alive[player], reach, exact=exact)
                doubtful &= going[:, np.newaxis]
                unclear |= _by_mixtures(games, player, doubtful, alive[player], reach, dominated, exact=exact)
            gone.append(dominated)
        going = np.logical_or.reduce([own.any(axis=1) for own in gone])
        for player, own in enumerate(gone):
            alive[player] &= ~own
            rounds[player][own] = number
    return Rationalizable(games, by, tuple(alive), tuple(rounds), _certificates(by, alive, finite, unclear))


def _tables(games: Games, finite: BoolArray, *, exact: bool) -> list[NDArray[Any]]:
    """The payoffs of each player, own actions first, as floats or as fractions; a game that is not finite pays zero."""
    if not exact:
        return [np.where(finite[:, np.newaxis, np.newaxis], table, 0.0) for table in own_tables(games)]
    tables = [np.zeros(table.shape, dtype=object) for table in own_tables(games)]
    for game in np.flatnonzero(finite):
        for table, own in zip(tables, exact_tables(games, int(game), snap=False), strict=True):
            table[game] = own
    return tables


def _profiles(alive: list[BoolArray], player: int) -> BoolArray:
    """Which profiles of the others are left: ``bool[game, profile of the others]``."""
    reach = np.ones((len(alive[0]), 1), dtype=bool)
    for other, own in enumerate(alive):
        if other != player:
            size = reach.shape[1] * own.shape[1]
            reach = (reach[:, :, np.newaxis] & own[:, np.newaxis, :]).reshape(len(own), size)
    return reach


def _better(first: NDArray[Any], second: NDArray[Any], *, exact: bool) -> BoolArray:
    """Where the first payoff is larger, beyond rounding unless ``exact``."""
    if exact:
        return np.asarray(first > second, dtype=bool)
    return np.asarray(first - second > ROUNDING * np.maximum(np.abs(first), np.abs(second)))


def _by_actions(table: NDArray[Any], own: BoolArray, reach: BoolArray, *, exact: bool) -> BoolArray:
    """Which actions that are left another one beats against every profile that is left: ``bool[game, action]``."""
    dominated = np.zeros(own.shape, dtype=bool)
    for action in range(own.shape[1]):
        for rival in range(own.shape[1]):
            if rival != action:
                beats = (_better(table[:, rival], table[:, action], exact=exact) | ~reach).all(axis=1)
                dominated[:, action] |= beats & own[:, rival] & own[:, action]
    return dominated


def _best_somewhere(table: NDArray[Any], own: BoolArray, reach: BoolArray, *, exact: bool) -> BoolArray:
    """Which actions are a best reply to some profile that is left, so that nothing can dominate them."""
    best = np.where(own[:, :, np.newaxis], table, -np.inf).max(axis=1, keepdims=True)
    return np.asarray((~_better(best, table, exact=exact) & reach[:, np.newaxis]).any(axis=2))


def _by_mixtures(
    games: Games,
    player: int,
    doubtful: BoolArray,
    own: BoolArray,
    reach: BoolArray,
    dominated: BoolArray,
    *,
    exact: bool,
) -> BoolArray:
    """Mark in ``dominated`` the doubtful actions that a mixture beats; return the games that could not be decided."""
    unclear = np.zeros(len(games), dtype=bool)
    for game in np.flatnonzero(doubtful.any(axis=1)):
        table = exact_tables(games, int(game), snap=not exact)[player][:, reach[game]]
        rivals = np.flatnonzero(own[game])
        for action in np.flatnonzero(doubtful[game]):
            gain = table[rivals[rivals != action]] - table[action]
            beaten = is_positive(gain, exact=exact)
            dominated[game, action] = beaten is True
            unclear[game] |= beaten is None
    return unclear


def is_positive(gain: NDArray[Any], *, exact: bool = False) -> bool | None:
    """Whether some mixture of the rows of ``gain`` is positive in every column; None where that is unclear.

    A mixture whose least gain is positive proves that it is; weights on the columns by which no row gains prove that
    not. A row that is nowhere positive is no use, but may stand among the others.

    >>> is_positive(np.array([[2, -1], [-1, 2]], dtype=object)), is_positive(np.array([[2, -2], [-2, 2]], dtype=object))
    (True, False)
    """
    if gain.shape[0] == 0:
        return False
    solved = matrix_game(gain, exact=exact)
    least, most = (solved.strategy @ gain).min(), (gain @ solved.belief).max()
    if solved.exact:
        return True if least > 0 else (False if most <= 0 else None)
    scale = np.abs(gain).astype(np.float64)
    in_play = UNCLEAR * max(float((solved.strategy @ scale).max()), float((scale @ solved.belief).max()))
    if abs(least) > in_play and abs(most) > in_play and (least > 0) == (most > 0):
        return bool(least > 0)
    return is_positive(gain, exact=True) if can_be_exact(gain) else None


def _certificates(by: str, alive: list[BoolArray], finite: BoolArray, unclear: BoolArray) -> Certificates:
    """Say for each game why what is left is right."""
    verdict = np.where(unclear, PARTIAL, COMPLETE).astype(object)
    reason = np.full(len(finite), PROOF[by], dtype=object)
    reason[unclear] = "floating point could not decide on some action, which stays"
    verdict[~finite], reason[~finite] = FAILED, "a payoff is not a finite number"
    found = np.where(finite, sum(own.sum(axis=1) for own in alive), 0).astype(np.int64)
    return Certificates(verdict, found, np.zeros(len(finite)), None, reason)
