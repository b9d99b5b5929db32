"""What does a written tree say at each of its nodes?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gametheory.games.trees import CHANCE, Tree
from gametheory.model.trees import GameTree

__all__ = ["tree_parts"]


def tree_parts(written: GameTree) -> Iterator[tuple[str, str, Any]]:
    """Name, property and content of every information set, move of chance and end; nodes are named by their path."""
    tree, paths = written.tree, _paths(written.tree)
    for own in tree.sets:
        yield own.name, "player", tree.players[own.player]
        yield own.name, "actions", own.actions
        yield own.name, "nodes", tuple(paths[node] for node in own.nodes)
    for node, chance in enumerate(written.chances):
        if chance is not None and tree.owner[tree.parent[node]] == CHANCE:
            yield paths[node], "probability", chance
    for place, node in enumerate(tree.ends.tolist()):
        outcome = int(tree.outcome[node])
        if outcome >= 0:
            yield paths[node], "outcome", tree.outcomes[outcome]
        for player, payoffs in zip(tree.players, written.payoffs, strict=True):
            yield paths[node], f"payoff of {player}", payoffs[place]


def _paths(tree: Tree) -> list[str]:
    """The edges that lead to each node, joined by slashes."""
    paths = ["the start"]
    for node in range(1, len(tree)):
        before = int(tree.parent[node])
        step = tree.labels[before][int(tree.move[node])]
        paths.append(step if before == 0 else f"{paths[before]}/{step}")
    return paths
