"""What do players expect at each node of a tree, and what do they believe at their information sets?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, IntArray, Tree

BoolArray = NDArray[np.bool_]

ROUNDING = 1e-11  # of what was summed: a smaller difference between actions is none


def node_values(games: ExtensiveGames, game: IntArray, behaviour: FloatArray) -> FloatArray:
    """Expected payoff of each player once play stands at a node: ``float64[row, node, player]``.

    Row ``k`` plays ``behaviour[k, move]`` in game ``game[k]``.
    """
    tree = games.tree
    values = np.zeros((len(game), len(tree), len(tree.players)))
    values[:, tree.ends] = np.swapaxes(games.payoffs[game], 1, 2)
    chances = games.chances[game]
    for node in range(len(tree) - 1, 0, -1):
        move = tree.move_to[node]
        share = behaviour[:, move] if move >= 0 else chances[:, node]
        values[:, tree.parent[node]] += share[:, np.newaxis] * values[:, node]
    return values


def reach_of_others(games: ExtensiveGames, game: IntArray, behaviour: FloatArray, player: int) -> FloatArray:
    """Probability that chance and the other players let play come to each node: ``float64[row, node]``.

    The player's own moves count as certain, so that within one of its information sets only the ratios matter.
    """
    tree = games.tree
    own = tree.player_of_set[tree.set_of_move] == player if len(tree.sets) else np.zeros(0, dtype=bool)
    return tree.reach(np.where(own, 1.0, behaviour), games.chances[game])


def believed(games: ExtensiveGames, game: IntArray, behaviour: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Beliefs by Bayes' rule, ``float64[row, node]``, and at which sets they follow from it, ``bool[row, set]``.

    A player who has left the path alone still infers from the moves of the others. Elsewhere all nodes of the set are
    equally likely.
    """
    tree = games.tree
    beliefs, known = np.zeros((len(game), len(tree))), np.zeros((len(game), len(tree.sets)), dtype=bool)
    for player in range(len(tree.players)):
        reached = reach_of_others(games, game, behaviour, player)
        for number in tree.sets_of(player):
            nodes = list(tree.sets[number].nodes)
            total = reached[:, nodes].sum(axis=1, keepdims=True)
            known[:, number] = (total[:, 0] > 0) | (len(nodes) == 1)
            beliefs[:, nodes] = np.where(total > 0, reached[:, nodes] / np.where(total > 0, total, 1), 1 / len(nodes))
    return beliefs, known


def move_values(tree: Tree, values: FloatArray, number: int) -> FloatArray:
    """What each action pays its player at each node of an information set: ``float64[row, node of set, action]``."""
    own = tree.sets[number]
    after = [tree.children[node] for node in own.nodes]
    return np.stack([values[:, list(children), own.player] for children in after], axis=1)


def best_fill(games: ExtensiveGames, game: IntArray, behaviour: FloatArray, free: BoolArray) -> FloatArray:
    """Give the ``free[row, set]`` information sets the best action against what the others do.

    Each player's sets are looked at from the last of its own moves to the first. Where actions pay the same, or the
    others keep play away too, it is the action that is better if the others err now and then, however rarely.
    """
    tree, filled = games.tree, behaviour.copy()
    under = ends_under(tree)
    for player in np.unique(tree.player_of_set[free.any(axis=0)]).tolist():
        others = _reach_of_the_erring(games, game, behaviour, player)[:, :, tree.ends]
        worth = others * games.payoffs[game, player]
        for number in sorted(tree.sets_of(player), key=lambda k: -own_moves_before(tree, k)):
            first, nodes = int(tree.first_move[number]), tree.sets[number].nodes
            places = range(len(tree.sets[number].actions))
            ways = [[under[tree.children[node][place]] for node in nodes] for place in places]
            rows = np.flatnonzero(free[:, number])
            pays, sizes = (
                np.stack([sum(table[:, rows, ends].sum(axis=2) for ends in own) for own in ways], axis=2)
                for table in (worth, np.abs(worth))
            )
            filled[rows, first : first + len(places)] = np.eye(len(places))[_first_best(pays, sizes)]
            for place, own in enumerate(ways):
                for ends in own:
                    worth[:, :, ends] *= filled[:, [first + place]]
    return filled


def _reach_of_the_erring(games: ExtensiveGames, game: IntArray, behaviour: FloatArray, player: int) -> FloatArray:
    """`reach_of_others` where each other errs at a rate, as a polynomial in it: ``float64[power, row, node]``.

    Who errs takes every action alike.
    """
    tree, chances = games.tree, games.chances[game]
    even = 1 / np.diff(tree.first_move)[tree.set_of_move]
    own = np.append(tree.player_of_set[tree.set_of_move] == player, True)[tree.move_to]  # the last: no move
    errs = np.zeros(len(tree), dtype=np.int64)
    for node in range(1, len(tree)):
        errs[node] = errs[tree.parent[node]] + (not own[node])
    found = np.zeros((int(errs.max()) + 1, len(game), len(tree)))
    found[0, :, 0] = 1.0
    for node in range(1, len(tree)):
        before, move = found[:, :, tree.parent[node]], int(tree.move_to[node])
        if own[node]:
            found[:, :, node] = before * (1.0 if move >= 0 else chances[:, node])
            continue
        found[:, :, node] = before * behaviour[:, move]
        found[1:, :, node] += before[:-1] * (even[move] - behaviour[:, move])
    return found


def _first_best(pays: FloatArray, sizes: FloatArray) -> IntArray:
    """The first of the best actions where payoffs ``[power, row, action]`` of higher powers only break ties.

    What is small beside ``sizes``, the magnitude of what was summed, is rounding.
    """
    left = np.ones(pays.shape[1:], dtype=np.bool_)
    for own, size in zip(pays, sizes, strict=True):
        top = np.where(left, own, -np.inf).max(axis=1, keepdims=True)
        left &= own >= top - ROUNDING * size.max(axis=1, keepdims=True)
    return np.asarray(left.argmax(axis=1), dtype=np.int64)


def own_moves_before(tree: Tree, number: int) -> int:
    """How many moves of its own player come before an information set."""
    own, count = tree.sets[number], 0
    last = int(tree.last_own[own.nodes[0], own.player])
    while last >= 0:
        count += 1
        node = tree.sets[tree.set_of_move[last]].nodes[0]
        last = int(tree.last_own[node, own.player])
    return count


def ends_under(tree: Tree) -> list[slice]:
    """The ends to which each node leads, which stand side by side."""
    starts = np.searchsorted(tree.ends, np.arange(len(tree)))
    stops = np.searchsorted(tree.ends, tree.last_under, side="right")
    return [slice(int(start), int(stop)) for start, stop in zip(starts, stops, strict=True)]
