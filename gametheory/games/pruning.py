"""What is left of a tree when some actions are taken away?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.games.trees import InformationSet, IntArray, Tree

__all__ = ["Pruned", "pruned"]


class Pruned(NamedTuple):
    """A smaller tree, and which nodes and ends of the old one it kept, by their old numbers."""

    tree: Tree
    nodes: IntArray
    ends: IntArray


def pruned(tree: Tree, given: Mapping[str, Sequence[str]]) -> Pruned:
    """The tree with only the listed actions at the information sets in ``given``; what nothing reaches goes too.

    Raises UnknownNameError for an unknown set or action and InputError where a set would keep no action.
    """
    kept = _kept_actions(tree, given)
    alive = np.ones(len(tree), dtype=np.bool_)
    for node in range(1, len(tree)):
        before = int(tree.parent[node])
        alive[node] = alive[before] and (tree.set_of[before] < 0 or tree.move[node] in kept[tree.set_of[before]])
    nodes = np.flatnonzero(alive).astype(np.int64)
    place = np.full(len(tree), -1, dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    smaller = _smaller(tree, kept, nodes, place)
    return Pruned(smaller, nodes, np.flatnonzero(alive[tree.ends]).astype(np.int64))


def _kept_actions(tree: Tree, given: Mapping[str, Sequence[str]]) -> list[list[int]]:
    """The places of the actions that each information set keeps."""
    kept = [list(range(len(own.actions))) for own in tree.sets]
    for name, wanted in given.items():
        for number in tree.named(name):
            own = tree.sets[number]
            for action in wanted:
                if action not in own.actions:
                    near = did_you_mean(action, own.actions)
                    raise UnknownNameError(f"{own.name} has no action {action!r}{near}")
            kept[number] = [place for place in kept[number] if own.actions[place] in wanted]
            if not kept[number]:
                raise InputError(f"{own.name}: no action is left; keep at least one of {', '.join(own.actions)}")
    return kept


def _smaller(tree: Tree, kept: list[list[int]], nodes: IntArray, place: IntArray) -> Tree:
    """The tree on the nodes that are kept; ``place`` is their new number."""
    moves = np.array(
        [
            kept[number].index(int(tree.move[node])) if number >= 0 else int(tree.move[node])
            for node, number in ((node, tree.set_of[tree.parent[node]] if node else -1) for node in nodes.tolist())
        ],
        dtype=np.int64,
    )
    sets: list[InformationSet] = []
    number_of = np.full(len(tree.sets) + 1, -1, dtype=np.int64)
    for number, own in enumerate(tree.sets):
        left = tuple(int(place[node]) for node in own.nodes if place[node] >= 0)
        if left:
            number_of[number] = len(sets)
            sets.append(InformationSet(own.name, own.player, tuple(own.actions[k] for k in kept[number]), left))
    labels = tuple(
        sets[number_of[tree.set_of[node]]].actions if tree.set_of[node] >= 0 else tree.labels[node]
        for node in nodes.tolist()
    )
    parents = np.where(tree.parent[nodes] >= 0, place[tree.parent[nodes]], -1)
    set_of = number_of[tree.set_of[nodes]]  # the last entry of number_of serves the nodes without a set
    owners, outcome = tree.owner[nodes], tree.outcome[nodes]
    return Tree(tree.players, parents, moves, owners, set_of, outcome, labels, tuple(sets), tree.outcomes)
