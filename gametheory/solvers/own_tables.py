"""What does each action of one player pay against each choice of all the others together?"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.games.strategic import Games

__all__ = ["exact_tables", "from_own", "own_tables", "to_own"]


def to_own(values: NDArray[Any], player: int, players: int) -> NDArray[Any]:
    """Bring ``[..., a1, a2, ...]`` to ``[..., own action, profile of the others]``, the others in their order.

    >>> to_own(np.arange(6).reshape(2, 3), 1, 2).tolist()
    [[0, 3], [1, 4], [2, 5]]
    """
    lead = values.ndim - players
    moved = np.moveaxis(values, lead + player, lead)
    return moved.reshape(*moved.shape[: lead + 1], prod(moved.shape[lead + 1 :]))


def from_own(values: NDArray[Any], player: int, shape: tuple[int, ...]) -> NDArray[Any]:
    """Undo `to_own` for a game with ``shape`` actions.

    >>> from_own(to_own(np.arange(6).reshape(2, 3), 1, 2), 1, (2, 3)).tolist()
    [[0, 1, 2], [3, 4, 5]]
    """
    others = [size for k, size in enumerate(shape) if k != player]
    lead = values.ndim - 2
    spread = values.reshape(*values.shape[: lead + 1], *others)
    return np.moveaxis(spread, lead, lead + player)


def own_tables(games: Games) -> list[NDArray[np.float64]]:
    """The payoffs of each player as ``float64[game, own action, profile of the others]``."""
    count = len(games.players)
    return [to_own(games.payoffs[:, player], player, count) for player in range(count)]


def exact_tables(games: Games, game: int, *, snap: bool) -> list[NDArray[np.object_]]:
    """The payoffs of one game as fractions, ``[own action, profile of the others]`` for each player.

    They are those of ``games.exact`` where it is known, else the floats as they stand; with ``snap`` floats of one
    player that differ only by rounding, against the same choice of the others, are first made equal.
    """
    from gametheory.kernels.reduction import snap as make_equal

    players = len(games.players)
    if games.exact is not None:
        return [to_own(games.exact[game, player], player, players) for player in range(players)]
    tables = []
    for player in range(players):
        table = np.array(to_own(games.payoffs[game, player], player, players), order="C")
        if snap:
            make_equal(table)
        tables.append(np.array([[Fraction(value) for value in row] for row in table.tolist()], dtype=object))
    return tables
