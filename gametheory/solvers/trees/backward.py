"""What does backward induction choose where every player knows all moves before its own, and no choice is a tie?

Then each subgame has one equilibrium, found from the ends up for all games of a batch at once; it is subgame-perfect
and sequential. Games with a tie are left to the search, which keeps all of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, Tree

DOUBT = 1e-12  # payoffs this share of their magnitude apart may be equal


def perfect_information(tree: Tree) -> bool:
    """Whether every information set is one node."""
    return all(len(own.nodes) == 1 for own in tree.sets)


def backward_induction(games: ExtensiveGames) -> tuple[FloatArray, NDArray[np.bool_]]:
    """The best move at every node, ``behaviour[game, move]``, and the games in which no two are equally good.

    >>> from gametheory.formats import parse_efg
    >>> games = parse_efg('EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 '
    ...     'p "" 2 1 { "yield" "fight" } 0 t "" 1 { 2 1 } t "" 2 { 0 0 } t "" 3 { 1 2 }')
    >>> [own.tolist() for own in backward_induction(games)]
    [[[1.0, 0.0, 1.0, 0.0]], [True]]
    """
    tree, rows = games.tree, np.arange(len(games))
    behaviour, clear = np.zeros((len(games), tree.move_count)), np.ones(len(games), dtype=bool)
    values, sizes = np.zeros((2, len(games), len(tree), len(tree.players)))
    values[:, tree.ends] = np.swapaxes(games.payoffs, 1, 2)
    sizes[:, tree.ends] = np.abs(values[:, tree.ends])
    for node in range(len(tree) - 1, -1, -1):
        children = np.array(tree.children[node], dtype=np.int64)
        if not len(children):
            continue
        number = int(tree.set_of[node])
        if number < 0:
            shares = games.chances[:, children, np.newaxis]
            values[:, node] = (shares * values[:, children]).sum(axis=1)
            sizes[:, node] = (shares * sizes[:, children]).sum(axis=1)
            continue
        pays, weigh = (table[:, children, tree.owner[node]] for table in (values, sizes))
        best = pays.argmax(axis=1)
        behaviour[rows, tree.first_move[number] + best] = 1.0
        gap = pays[rows, best][:, np.newaxis] - pays
        gap[rows, best] = np.inf
        clear &= (gap > DOUBT * (weigh + weigh[rows, best][:, np.newaxis])).all(axis=1)
        values[:, node], sizes[:, node] = values[rows, children[best]], sizes[rows, children[best]]
    return behaviour, clear
