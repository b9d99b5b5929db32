"""Which two-player games need no search, because only one player has a choice or nobody's choice matters to itself?

Their equilibria form one product of simplices: each player mixes its best replies, as it likes. The extreme ones are
pure, the component is one, and its index is 1, the only one that a single component can have.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import Games
from gametheory.kernels.payoffs import pure_equilibria
from gametheory.solutions import COMPLETE, DEGENERATE, PARTIAL, ExactStrategies
from gametheory.solvers.answer import Answer
from gametheory.solvers.search import MOST_PURE, PURE_WORK
from gametheory.solvers.vertices import fractions_of

MOST_NUMBERS = 1 << 26  # of all strategies together: half a gigabyte

ONE_CHOOSES = "only one player has a choice: an equilibrium is any mixture of its best replies, which are all listed"
NO_STAKES = "no player's own choice changes its payoff: all profiles are equilibria, and the pure ones are all listed"


def is_plain(game: Games, *, exact: bool) -> bool:
    """Whether one player has a single action, or every pure profile is an equilibrium; then every profile is one.

    Payoffs that differ by rounding alone count as equal, unless ``exact``.

    >>> from gametheory.games import strategic
    >>> games = np.ones((1, 2, 3, 3)), np.zeros((1, 2, 1, 5)), [np.stack([np.eye(2), np.eye(2)])]
    >>> [is_plain(strategic(own), exact=False) for own in games]
    [True, True, False]
    """
    if 1 in game.shape:
        return True
    return bool(pure_equilibria(game.payoffs).all() and (not exact or _exactly_best(game).all()))


def answer(game: Games, *, exact: bool) -> Answer:
    """List every extreme equilibrium of one plain and finite game: the pure ones.

    The list is cut, and partial, where it is too long for anybody.

    >>> from gametheory.games import strategic
    >>> found = answer(strategic([[[[1, 1, 1]], [[4, 4, 1]]]]), exact=False)
    >>> found.y.tolist(), found.verdict
    ([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], 'degenerate-complete')
    """
    places = np.argwhere(_exactly_best(game) if exact else pure_equilibria(game.payoffs)[0])
    most = min(MOST_PURE, PURE_WORK // game.payoffs[0, 0].size, MOST_NUMBERS // sum(game.shape))
    verdict, reason = COMPLETE if len(places) == 1 else DEGENERATE, ONE_CHOOSES if 1 in game.shape else NO_STAKES
    if len(places) > most:
        verdict, reason = PARTIAL, f"{reason.rpartition(',')[0]}; of {len(places)} pure ones {most} are listed"
    places = places[:most]
    x, y = (_certain(own, size) for own, size in zip(places.T, game.shape, strict=True))
    known, only = np.ones(len(places), dtype=np.int64), np.zeros(len(places), dtype=np.int64)
    regret = np.zeros(len(places)) if exact else certify.check(game.payoffs, only, (x, y)).regret
    fractions = tuple(_in_fractions(place, game.shape) for place in places.tolist()) if exact else None
    return Answer(x, y, regret, known, only, fractions, verdict, reason)


def _exactly_best(game: Games) -> NDArray[np.bool_]:
    """Where both actions are best replies in exact arithmetic: ``bool[row, column]``."""
    a, b = fractions_of(game, 0, snap=False)
    best: NDArray[np.bool_] = (a == a.max(axis=0)) & (b == b.max(axis=1)[:, np.newaxis])
    return best


def _certain(actions: NDArray[np.intp], size: int) -> NDArray[np.float64]:
    """Strategies that play one action each: ``[solution, action]``."""
    strategies = np.zeros((len(actions), size))
    strategies[np.arange(len(actions)), actions] = 1.0
    return strategies


def _in_fractions(place: Sequence[int], shape: tuple[int, ...]) -> ExactStrategies:
    """A pure profile as fractions."""
    return tuple(
        (Fraction(0),) * action + (Fraction(1),) + (Fraction(0),) * (size - action - 1)
        for action, size in zip(place, shape, strict=True)
    )
