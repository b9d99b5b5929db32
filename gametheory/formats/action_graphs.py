"""Which configurations can occur around a node of an action graph?

Each player chooses one *action node* of his own, and players may share nodes. The payoff of a node depends only on its
*configuration*: for each neighbour in the order of its list, how many players chose that node or, for a *function
node*, a number worked out from the choices among the action nodes that it counts (Jiang, Leyton-Brown and Bhat 2011,
Action-graph games, Games and Economic Behavior 71, 141-173).
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

__all__ = ["EXISTS", "HIGHEST", "LOWEST", "SUM", "ActionGraph", "Configuration", "Function", "count_leaves"]

SUM, EXISTS, HIGHEST, LOWEST = range(4)

Configuration = tuple[int, ...]
Join = Callable[[int, int], int]


@dataclass(frozen=True)
class Function:
    """What a function node works out: its kind, the number that stands for nothing, and a weight per action node.

    The number of a node is joined from one contribution per player: sums are added, of the others the highest or
    lowest is taken, where ``default`` gives way to every other number. Without weights a sum counts 1 for each choice,
    and the highest and lowest are numbers of nodes. So do the programs that read the format; its description has the
    default of a sum enter once instead of once per player, and the weights ordered by their nodes.
    """

    kind: int
    default: int
    weights: tuple[int, ...] | None = None

    def contribution(self, action: int, times: int) -> int:
        """What a player adds who chose ``action``, which the function node counts ``times`` times."""
        weight = action if self.weights is None else self.weights[action]
        if self.kind in (HIGHEST, LOWEST):
            return weight if times else self.default
        total = self.default + times * (1 if self.weights is None else weight)
        return total if self.kind == SUM else int(total > 0)

    def join(self, one: int, other: int) -> int:
        """Number of two contributions together; their order and grouping do not matter."""
        if self.kind == SUM:
            return one + other
        if self.kind == EXISTS:
            return one | other
        if self.default in (one, other):
            return other if one == self.default else one
        return max(one, other) if self.kind == HIGHEST else min(one, other)


@dataclass(frozen=True)
class ActionGraph:
    """The structure of an action-graph game, without its payoffs.

    ``action_sets`` are the nodes of each player, ``neighbours`` the lists of the action nodes. Numbers from ``nodes``
    up are function nodes, with their ``functions`` and their ``leaves``: how often each action node is counted.
    """

    nodes: int
    action_sets: tuple[tuple[int, ...], ...]
    neighbours: tuple[tuple[int, ...], ...]
    functions: tuple[Function, ...] = ()
    leaves: tuple[Counter[int], ...] = ()

    def configurations(self, node: int) -> tuple[list[Configuration], dict[int, NDArray[np.intp]]]:
        """Configurations that can occur when somebody plays ``node``, in lexicographic order, and where they occur.

        For each player who has the node there is an array with one axis for each other player: the place, in the list,
        of the configuration under those choices.

        >>> pennies = ActionGraph(2, ((0, 1), (0, 1)), ((0, 1), (0, 1)))
        >>> pennies.configurations(0)
        ([(1, 1), (2, 0)], {0: array([1, 0]), 1: array([1, 0])})
        """
        contributions = {
            action: tuple(self._contribution(neighbour, action) for neighbour in self.neighbours[node])
            for action in set().union(*self.action_sets)
        }
        joins: list[Join] = [
            operator.add if neighbour < self.nodes else self.functions[neighbour - self.nodes].join
            for neighbour in self.neighbours[node]
        ]
        found = {}
        for player, own in enumerate(self.action_sets):
            if node in own:
                others = [
                    [contributions[action] for action in actions]
                    for other, actions in enumerate(self.action_sets)
                    if other != player
                ]
                found[player] = _outcomes(contributions[node], others, joins)
        listed = sorted({configuration for known, _ in found.values() for configuration in known})
        places = {configuration: place for place, configuration in enumerate(listed)}
        return listed, {
            player: np.array([places[configuration] for configuration in known], dtype=np.intp)[numbers]
            for player, (known, numbers) in found.items()
        }

    def _contribution(self, neighbour: int, action: int) -> int:
        if neighbour < self.nodes:
            return int(neighbour == action)
        place = neighbour - self.nodes
        return self.functions[place].contribution(action, self.leaves[place][action])


def _outcomes(
    first: Configuration, others: Sequence[Sequence[Configuration]], joins: Sequence[Join]
) -> tuple[list[Configuration], NDArray[np.intp]]:
    """Different configurations that the others' choices lead to, and the number of the one that each profile gives."""
    known, numbers = [first], np.zeros((), dtype=np.intp)
    for choices in others:
        reached: dict[Configuration, int] = {}
        following = np.empty((len(known), len(choices)), dtype=np.intp)
        for row, before in enumerate(known):
            for column, choice in enumerate(choices):
                after = tuple(join(one, other) for join, one, other in zip(joins, before, choice, strict=True))
                following[row, column] = reached.setdefault(after, len(reached))
        known, numbers = list(reached), following[numbers]
    return known, numbers


def count_leaves(neighbours: Sequence[Sequence[int]], nodes: int) -> tuple[Counter[int], ...]:
    """How often each function node counts each action node, through other function nodes too.

    ``neighbours`` are the lists of the function nodes, whose numbers start at ``nodes``. Raises graphlib.CycleError
    where a function node counts itself.

    >>> count_leaves([(0, 1), (1, 2)], nodes=2)
    (Counter({0: 1, 1: 1}), Counter({1: 2, 0: 1}))
    """
    inner = {nodes + place: [one for one in own if one >= nodes] for place, own in enumerate(neighbours)}
    leaves: dict[int, Counter[int]] = {}
    for function in TopologicalSorter(inner).static_order():
        leaves[function] = Counter()
        for neighbour in neighbours[function - nodes]:
            if neighbour < nodes:
                leaves[function][neighbour] += 1
            else:
                leaves[function].update(leaves[neighbour])
    return tuple(leaves[function] for function in sorted(leaves))
