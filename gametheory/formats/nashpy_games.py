"""How are two-player games handed to nashpy and taken back?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gametheory.errors import InputError
from gametheory.games import Games, strategic

if TYPE_CHECKING:
    import nashpy

__all__ = ["from_nashpy", "to_nashpy"]


def to_nashpy(games: Games) -> nashpy.Game:
    """Return the one two-player game in ``games`` as a nashpy game; nashpy keeps no labels.

    The matrices are copies. Raises InputError for a batch of several games and for another number of players.

    >>> pennies = strategic([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    >>> to_nashpy(pennies).payoff_matrices[1].tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """
    if len(games.players) != 2:
        raise InputError(f"nashpy knows games of 2 players, found {len(games.players)}: {', '.join(games.players)}")
    if len(games) != 1:
        raise InputError(f"a nashpy game is one game, found a batch of {len(games)}; convert games[0], games[1], ...")
    import nashpy

    row, column = games.payoffs[0]
    return nashpy.Game(row.copy(), column.copy())


def from_nashpy(game: nashpy.Game) -> Games:
    """Return a nashpy game as a batch of one, with the default names of players and actions.

    >>> import nashpy
    >>> from_nashpy(nashpy.Game([[1, -1], [-1, 1]])).payoffs[0, 1].tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """
    return strategic(np.stack([np.asarray(matrix, dtype=np.float64) for matrix in game.payoff_matrices])[np.newaxis])
