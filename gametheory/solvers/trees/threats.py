"""Which Nash equilibria of a tree rest on threats that nobody would carry out, and on which?

At an information set that the others keep play away from, a Nash equilibrium may prescribe an action that pays less
than another whatever its player believes there. The least that the player would gain by another action, over all
beliefs, is the value of a zero-sum game between its actions and the nodes of the set.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, IntArray
from gametheory.solvers.programs import matrix_game
from gametheory.solvers.trees.play import move_values, node_values, reach_of_others
from gametheory.tree_solutions import Threat

BoolArray = NDArray[np.bool_]

SLIGHT = 1e-9  # a gain below this share of the payoffs in play is rounding


def threats(
    games: ExtensiveGames, game: IntArray, behaviour: FloatArray, open_sets: BoolArray
) -> tuple[list[tuple[Threat, ...]], FloatArray]:
    """The incredible choices of each solution, and the beliefs that come nearest to making its behaviour best.

    Looked at are the information sets in ``open_sets[row, set]`` (own behaviour leaves them possible) to which the
    others' moves do not lead. What comes later in the tree is as the solution has it.
    """
    tree = games.tree
    found: list[tuple[Threat, ...]] = [() for _ in game]
    values, sizes = (node_values(own, game, behaviour) for own in (games, _magnitudes(games)))
    nearest = np.zeros((len(game), len(tree)))
    for player in range(len(tree.players)):
        reached = reach_of_others(games, game, behaviour, player)
        for number in tree.sets_of(player):
            nodes = list(tree.sets[number].nodes)
            first, stop = tree.first_move[number : number + 2]
            total = reached[:, nodes].sum(axis=1)
            nearest[:, nodes] = reached[:, nodes] / np.where(total > 0, total, 1.0)[:, np.newaxis]
            pays, size = move_values(tree, values, number), move_values(tree, sizes, number)
            for row in np.flatnonzero(total <= 0).tolist():
                gain, belief = least_gain(pays[row], behaviour[row, first:stop])
                nearest[row, nodes] = belief
                if open_sets[row, number] and gain > SLIGHT * float(size[row].max()):
                    worst = _worst(belief @ pays[row], behaviour[row, first:stop])
                    found[row] = (*found[row], Threat(number, worst, gain))
    return found, nearest


def least_gain(pays: FloatArray, mixture: FloatArray) -> tuple[float, FloatArray]:
    """The least, over all beliefs, that the best action pays beyond the mixture, and a belief at which it is so.

    ``pays[node, action]``.

    >>> gain, belief = least_gain(np.array([[0.0, 2.0], [0.0, 1.0]]), np.array([1.0, 0.0]))
    >>> gain, belief.tolist()
    (1.0, [0.0, 1.0])
    """
    gains = pays - (pays * mixture).sum(axis=1, keepdims=True)
    if len(gains) == 1:
        return float(gains.max()), np.ones(1)
    solved = matrix_game(gains.T)
    belief = np.array(solved.belief, dtype=np.float64)
    belief = np.maximum(belief, 0.0) / np.maximum(belief, 0.0).sum()
    return max(float((belief @ gains).max()), 0.0), belief


def _worst(pays: FloatArray, mixture: FloatArray) -> int:
    """The action in use that pays least."""
    return int(np.where(mixture > 0, pays, np.inf).argmin())


def _magnitudes(games: ExtensiveGames) -> ExtensiveGames:
    """The same trees with the magnitudes of the payoffs."""
    return ExtensiveGames(games.tree, np.abs(games.payoffs), games.chances)
