"""What is a game tree: who moves where, what is known there, and how does play end?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.markup import MOST_ROWS, described, tabulated

__all__ = ["CHANCE", "END", "OF_TYPE", "InformationSet", "Tree"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHANCE = -1  # the owner of a node at which chance moves
END = -2  # the owner of a node at which play is over
OF_TYPE = "."  # stands between the name of an information set and the type of the player who moves there


@dataclass(frozen=True)
class InformationSet:
    """The nodes that a player cannot tell apart when moving: its name, the player's number, actions and nodes."""

    name: str
    player: int
    actions: tuple[str, ...]
    nodes: tuple[int, ...]

    def _repr_html_(self) -> str:
        """Jupyter's view: who moves here, what can be chosen, and which nodes cannot be told apart."""
        nodes = ", ".join(map(str, self.nodes))
        facts = [("player's number", self.player), ("actions", ", ".join(self.actions)), ("node numbers", nodes)]
        return described(f"Information set {self.name}", facts)


@dataclass(frozen=True, eq=False, repr=False)
class Tree:
    """Who moves where and knows what; neither payoffs nor probabilities.

    Nodes are numbered in preorder, the root first. Of each node ``parent`` is the node before it (-1 for the root),
    ``move`` the place of the edge that leads to it among those of its parent, ``owner`` the player's number, `CHANCE`
    or `END`, ``set_of`` its information set and ``outcome`` the place of its outcome in ``outcomes``; -1 where there is
    none. ``labels[node]`` names the edges that leave a node. A *move* is an action at an information set; all moves
    stand in one row, set by set, those of set ``k`` from ``first_move[k]`` to ``first_move[k + 1]``.

    >>> tree = Tree(("nato", "russia"), np.array([-1, 0, 0]), np.array([-1, 0, 1]), np.array([0, END, END]),
    ...     np.array([0, -1, -1]), np.array([-1, 0, 1]), (("hold", "fold"), (), ()),
    ...     (InformationSet("start", 0, ("hold", "fold"), (0,)),), ("calm", "lost"))
    >>> len(tree), tree.ends.tolist(), tree.moves
    (3, [1, 2], (('start', 'hold'), ('start', 'fold')))
    """

    players: tuple[str, ...]
    parent: IntArray
    move: IntArray
    owner: IntArray
    set_of: IntArray
    outcome: IntArray
    labels: tuple[tuple[str, ...], ...]
    sets: tuple[InformationSet, ...]
    outcomes: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check that the parts fit together and close the arrays to writing."""
        for name in ("parent", "move", "owner", "set_of", "outcome"):
            column = np.array(getattr(self, name), dtype=np.int64)
            if column.shape != (len(self.labels),):
                raise InputError(f"{name}: shape {column.shape!r}, expected one number for each of {len(self.labels)}")
            column.flags.writeable = False
            object.__setattr__(self, name, column)
        _check_names("players", self.players)
        _check_names("information sets", [own.name for own in self.sets])
        _check_nodes(self)
        for number, own in enumerate(self.sets):
            _check_set(self, number, own)

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.labels)

    def __repr__(self) -> str:
        """One line: the size of the tree."""
        sizes = f"{len(self)} nodes, {len(self.sets)} information sets, {len(self.ends)} ends"
        return f"<Tree: {sizes} for {', '.join(self.players)}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: every information set, its player and its actions."""
        rows = [(own.name, self.players[own.player], ", ".join(own.actions), len(own.nodes)) for own in self.sets]
        heads = ("information set", "player", "actions", "nodes")
        return tabulated(repr(self)[1:-1], heads, rows[:MOST_ROWS], more=len(rows) - MOST_ROWS)

    @cached_property
    def ends(self) -> IntArray:
        """The nodes at which play is over, in preorder: ``int64[end]``."""
        return np.flatnonzero(self.owner == END).astype(np.int64)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The nodes that follow each node, in the order of its edges."""
        found: list[list[int]] = [[] for _ in self.labels]
        for node, before in enumerate(self.parent.tolist()):
            if before >= 0:
                found[before].append(node)
        return tuple(map(tuple, found))

    @cached_property
    def depth(self) -> IntArray:
        """How many moves lead to each node."""
        depth = np.zeros(len(self), dtype=np.int64)
        for node in range(1, len(self)):
            depth[node] = depth[self.parent[node]] + 1
        return depth

    @cached_property
    def first_move(self) -> IntArray:
        """Where the moves of each information set begin in the row of all moves, and its length: ``int64[set + 1]``."""
        return np.concatenate([[0], np.cumsum([len(own.actions) for own in self.sets])]).astype(np.int64)

    @property
    def move_count(self) -> int:
        """Number of moves of all information sets together."""
        return int(self.first_move[-1])

    @cached_property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """Every move as the names of its information set and of its action."""
        return tuple((own.name, action) for own in self.sets for action in own.actions)

    @cached_property
    def set_of_move(self) -> IntArray:
        """The information set of each move: ``int64[move]``."""
        return np.repeat(np.arange(len(self.sets)), np.diff(self.first_move)).astype(np.int64)

    @cached_property
    def player_of_set(self) -> IntArray:
        """The player who moves at each information set: ``int64[set]``."""
        return np.array([own.player for own in self.sets], dtype=np.int64)

    @cached_property
    def move_to(self) -> IntArray:
        """The move that leads to each node, as its place in the row of all moves; -1 after chance and for the root."""
        made = np.full(len(self), -1, dtype=np.int64)
        below = self.parent >= 0
        sets = self.set_of[self.parent[below]]
        made[below] = np.where(sets >= 0, self.first_move[np.maximum(sets, 0)] + self.move[below], -1)
        return made

    @cached_property
    def last_own(self) -> IntArray:
        """The last move that each player has made before each node, -1 before the first: ``int64[node, player]``."""
        last = np.full((len(self), len(self.players)), -1, dtype=np.int64)
        for node in range(1, len(self)):
            before = self.parent[node]
            last[node] = last[before]
            if self.move_to[node] >= 0:
                last[node, self.owner[before]] = self.move_to[node]
        return last

    @cached_property
    def forgets(self) -> str:
        """Which player forgets an own move and where, as a sentence; empty where recall is perfect.

        A player remembers everything where all nodes of each of its information sets follow the same last move of its
        own, because that move stood at an information set of which the same is true (Kuhn 1953).
        """
        for own in self.sets:
            last = {int(self.last_own[node, own.player]) for node in own.nodes}
            if len(last) > 1:
                known = sorted("no move of its own" if k < 0 else " ".join(self.moves[k]) for k in last)
                player = self.players[own.player]
                return f"{player} forgets at {own.name}, which is reached after {' and after '.join(known)}"
        return ""

    @cached_property
    def last_under(self) -> IntArray:
        """The last node, in preorder, of the subtree of each node: ``int64[node]``."""
        last = np.arange(len(self), dtype=np.int64)
        for node in range(len(self) - 1, 0, -1):
            before = self.parent[node]
            last[before] = max(last[before], last[node])
        return last

    @cached_property
    def subgames(self) -> tuple[int, ...]:
        """The nodes at which a subgame begins, in preorder: the root, and nodes alone in a set whose subtree is closed.

        A subtree is closed when no information set reaches out of it.
        """
        lowest = np.full(len(self), len(self), dtype=np.int64)
        highest = np.full(len(self), -1, dtype=np.int64)
        for own in self.sets:
            for node in own.nodes:
                lowest[node], highest[node] = min(own.nodes), max(own.nodes)
        for node in range(len(self) - 1, 0, -1):
            before = self.parent[node]
            lowest[before] = min(lowest[before], lowest[node])
            highest[before] = max(highest[before], highest[node])
        closed = (self.owner >= CHANCE) & (lowest >= np.arange(len(self))) & (highest <= self.last_under)
        return (0, *(np.flatnonzero(closed[1:]) + 1).tolist())

    @cached_property
    def subgame_of(self) -> IntArray:
        """The root of the smallest subgame that holds each node: ``int64[node]``."""
        starts = set(self.subgames)
        found = np.zeros(len(self), dtype=np.int64)
        for node in range(1, len(self)):
            found[node] = node if node in starts else found[self.parent[node]]
        return found

    def open_sets(self, behaviour: FloatArray, *, by_subgame: bool = False) -> NDArray[np.bool_]:
        """Which information sets their player's own ``behaviour[row, move]`` leaves possible: ``bool[row, set]``.

        With ``by_subgame``, once play has come to the smallest subgame that holds the set.
        """
        found = np.ones((len(behaviour), len(self.sets)), dtype=np.bool_)
        for number in sorted(range(len(self.sets)), key=lambda number: min(self.sets[number].nodes)):
            node = self.sets[number].nodes[0]
            last = int(self.last_own[node, self.sets[number].player])
            before = int(self.set_of_move[last]) if last >= 0 else -1
            if before < 0 or (by_subgame and self.subgame_of[self.sets[before].nodes[0]] != self.subgame_of[node]):
                continue
            found[:, number] = found[:, before] & (behaviour[:, last] > 0)
        return found

    def sets_of(self, player: int) -> tuple[int, ...]:
        """The information sets of a player, in order."""
        return tuple(number for number, own in enumerate(self.sets) if own.player == player)

    def matching(self, name: str) -> tuple[int, ...]:
        """The information sets of that name, or of that name for each type of the player who moves there."""
        return tuple(k for k, own in enumerate(self.sets) if own.name == name or own.name.startswith(name + OF_TYPE))

    def named(self, name: str) -> tuple[int, ...]:
        """The information sets that `matching` finds; raises UnknownNameError where there is none."""
        if not (found := self.matching(name)):
            known = [own.name for own in self.sets]
            raise UnknownNameError(
                f"no information set named {name!r}; expected one of {', '.join(known)}{did_you_mean(name, known)}"
            )
        return found

    def reach(self, behaviour: FloatArray, chances: FloatArray) -> FloatArray:
        """Probability that play comes to each node: ``float64[row, node]``.

        ``behaviour`` is ``float64[row, move]`` and ``chances``, of chance alone, ``float64[row, node]``; a single row
        of chances serves all.
        """
        reached = np.broadcast_to(chances, (len(behaviour), len(self))).copy()
        for node in range(1, len(self)):
            reached[:, node] *= reached[:, self.parent[node]]
            if self.move_to[node] >= 0:
                reached[:, node] *= behaviour[:, self.move_to[node]]
        return reached


def _check_names(what: str, names: Sequence[str]) -> None:
    """Refuse empty and repeated names."""
    for place, name in enumerate(names):
        if not name or name in names[:place]:
            raise InputError(f"{what}: {name!r} {'stands twice' if name else 'is empty'}; expected names that differ")


def _check_nodes(tree: Tree) -> None:
    """Refuse nodes that are out of order, or whose owner, edges and outcome do not fit."""
    if not len(tree) or tree.parent[0] != -1 or np.any(tree.parent[1:] < 0):
        raise InputError("parent: expected one root, node 0, whose parent is -1")
    open_path: list[int] = []
    met = [0] * len(tree)
    for node, before in enumerate(tree.parent.tolist()):
        while open_path and open_path[-1] != before:
            open_path.pop()
        if node and not open_path:
            raise InputError(f"parent: node {node} has parent {before!r}, expected nodes in preorder")
        if node and tree.move[node] != met[before]:
            raise InputError(f"move: node {node} has {int(tree.move[node])!r}, expected {met[before]!r}, in order")
        if node:
            met[before] += 1
        open_path.append(node)
    for node, count in enumerate(met):
        owner = int(tree.owner[node])
        if count != len(tree.labels[node]) or not END <= owner < len(tree.players) or (owner == END) == (count > 0):
            raise InputError(f"node {node}: owner {owner!r} with {count} edges and labels {tree.labels[node]!r}")
        if (tree.set_of[node] >= 0) != (owner >= 0) or tree.set_of[node] >= len(tree.sets):
            raise InputError(f"node {node}: information set {int(tree.set_of[node])!r} of owner {owner!r}")
        if (tree.outcome[node] >= 0) != (owner == END) or tree.outcome[node] >= len(tree.outcomes):
            raise InputError(f"node {node}: outcome {int(tree.outcome[node])!r}, expected one at ends and nowhere else")


def _check_set(tree: Tree, number: int, own: InformationSet) -> None:
    """Refuse an information set whose nodes are not its player's, or offer other actions."""
    if not own.nodes or tuple(np.flatnonzero(tree.set_of == number).tolist()) != tuple(sorted(own.nodes)):
        raise InputError(f"{own.name}: nodes {own.nodes!r}, expected those whose information set is {number}")
    _check_names(own.name, own.actions)
    for node in own.nodes:
        if tree.owner[node] != own.player or tree.labels[node] != own.actions:
            raise InputError(
                f"{own.name}: node {node} belongs to {int(tree.owner[node])!r} with edges {tree.labels[node]!r}, "
                f"expected player {own.player!r} with {own.actions!r}"
            )
