"""What is a batch of extensive games, and what is its strategic form?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.games.plans import plan_labels, reduced_plans
from gametheory.games.pruning import Pruned, pruned
from gametheory.games.strategic import Games
from gametheory.games.trees import CHANCE, END, FloatArray, InformationSet, IntArray, Tree

__all__ = ["CHANCE", "END", "ExactTree", "ExtensiveGames", "InformationSet", "Tree"]

MOST_CELLS = 20_000_000  # payoffs of the strategic form of all games together; 160 MB


class ExactTree(NamedTuple):
    """Payoffs ``[game, player, end]`` and chances ``[game, node]`` as fractions."""

    payoffs: NDArray[np.object_]
    chances: NDArray[np.object_]


TreeSource = Callable[[IntArray], ExactTree | None]  # numbers of games -> their numbers as fractions


@dataclass(frozen=True, eq=False, repr=False)
class ExtensiveGames:
    """A batch of extensive games that share one tree.

    ``payoffs`` is ``float64[game, player, end]``, the ends in the order of ``tree.ends``, and ``chances`` is
    ``float64[game, node]``: the probability of the edge that leads to a node where chance moves before it, 1 elsewhere.
    Both are read-only. ``exact`` holds the same numbers as fractions where they are known exactly; a ``source`` works
    them out for the games that it is asked for. ``names`` holds the name of each node, or nothing. Indexing gives a
    batch again: a single game is a batch of one.

    >>> from gametheory.formats import parse_efg
    >>> games = parse_efg('EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 t "" 1 { 1 2 } t "" 2 { 0 3 }')
    >>> len(games), games.payoffs[0].tolist(), games.strategic().actions[0]
    (1, [[1.0, 0.0], [2.0, 3.0]], ('in', 'out'))
    """

    tree: Tree
    payoffs: FloatArray
    chances: FloatArray
    title: str = ""
    exact: ExactTree | None = None
    source: TreeSource | None = None
    names: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        """Check the shapes against the tree and close the arrays to writing."""
        tree = self.tree
        expected = {
            "payoffs": (len(self.payoffs), len(tree.players), len(tree.ends)),
            "chances": (len(self.payoffs), len(tree)),
        }
        for name, shape in expected.items():
            given = np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            if given.shape != shape:
                raise InputError(f"{name}: shape {given.shape!r}, expected {shape!r}")
            if self.exact is not None and getattr(self.exact, name).shape != shape:
                raise InputError(f"exact: {name} of shape {getattr(self.exact, name).shape!r}, expected {shape!r}")
            if given is getattr(self, name) and given.flags.writeable:
                given = given.view()
            given.flags.writeable = False
            object.__setattr__(self, name, given)

    def __len__(self) -> int:
        """Number of games in the batch."""
        return len(self.payoffs)

    @overload
    def __getitem__(self, index: int) -> ExtensiveGames: ...
    @overload
    def __getitem__(self, index: slice | NDArray[Any]) -> ExtensiveGames: ...
    def __getitem__(self, index: int | slice | NDArray[Any]) -> ExtensiveGames:
        """Return the games at ``index`` as a batch; a whole number gives a batch of one."""
        if isinstance(index, int | np.integer):
            if not -len(self) <= index < len(self):
                raise IndexError(f"game {index!r} of a batch of {len(self)}")
            start = int(index) % len(self)
            index = slice(start, start + 1)
        exact = None if self.exact is None else ExactTree(self.exact.payoffs[index], self.exact.chances[index])
        source = None if self.source is None else _Picked(self.source, np.arange(len(self))[index])
        payoffs, chances = self.payoffs[index], self.chances[index]
        return replace(self, payoffs=payoffs, chances=chances, exact=exact, source=source)

    @property
    def players(self) -> tuple[str, ...]:
        """The players, in the order of the payoffs."""
        return self.tree.players

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Whether every payoff and every probability of the game is a finite number: ``bool[game]``."""
        return np.asarray(np.isfinite(self.payoffs).all(axis=(1, 2)) & np.isfinite(self.chances).all(axis=1))

    @cached_property
    def plans(self) -> tuple[IntArray, ...]:
        """The reduced plans of each player, ``int64[plan, own information set]``; -1 where own play excludes the set.

        Raises InputError where a player forgets, and where the plans are too many.
        """
        return tuple(reduced_plans(self.tree, player) for player in range(len(self.players)))

    @cached_property
    def plan_ends(self) -> tuple[NDArray[np.bool_], ...]:
        """Which ends each plan leaves possible, whatever the others do: ``bool[plan, end]`` for each player."""
        return tuple(_possible(self.tree, player, own) for player, own in enumerate(self.plans))

    def strategic(self) -> Games:
        """The reduced strategic form: the same games, with plans for actions and expected payoffs.

        A plan is named by its actions joined by dots, in the order of the player's information sets. Raises InputError
        as ``plans`` does, and where the table would be too large.
        """
        shape = tuple(map(len, self.plans))
        cells = len(self) * len(shape) * int(np.prod(shape, dtype=object))
        if cells > MOST_CELLS:
            raise InputError(
                f"the strategic form has {cells:,} payoffs, more than {MOST_CELLS:,}; solve fewer games at once, or "
                "solve the tree without plans, by backward induction or by the sequence form"
            )
        labels = tuple(plan_labels(self.tree, player, own) for player, own in enumerate(self.plans))
        weights = _to_ends(self.tree, self.chances)
        payoffs = _table(self.plan_ends, self.payoffs * weights[:, np.newaxis], shape)
        found = None if self.exact is None else self._exact_table(self.exact)
        return Games(self.players, labels, payoffs, self.title, found, self._fractions if self.source else None)

    def restrict(self, given: Mapping[str, Sequence[str]]) -> ExtensiveGames:
        """Keep only the listed actions at the information sets in ``given``, and what can still be reached.

        A name without a type stands for the information sets of all types. Raises UnknownNameError for a set or an
        action that is not there, and InputError where no action is left.
        """
        cut = pruned(self.tree, given)
        exact = None if self.exact is None else _pruned_exact(cut, self.exact)
        source = None if self.source is None else _Cut(self.source, cut)
        names = tuple(self.names[node] for node in cut.nodes) if self.names else ()
        payoffs, chances = self.payoffs[:, :, cut.ends], self.chances[:, cut.nodes]
        return ExtensiveGames(cut.tree, payoffs, chances, self.title, exact, source, names)

    def fractions(self, game: int) -> ExactTree | None:
        """Payoffs ``[player, end]`` and chances ``[node]`` of one game as fractions, or None where they are unknown."""
        if self.exact is not None:
            return ExactTree(self.exact.payoffs[game], self.exact.chances[game])
        found = None if self.source is None else self.source(np.array([game]))
        return None if found is None else ExactTree(found.payoffs[0], found.chances[0])

    def _exact_table(self, exact: ExactTree) -> NDArray[np.object_]:
        weights = _to_ends(self.tree, exact.chances)
        return _table(self.plan_ends, exact.payoffs * weights[:, np.newaxis], tuple(map(len, self.plans)))

    def _fractions(self, games: IntArray) -> NDArray[np.object_] | None:
        """The payoffs of the strategic form of some games as fractions."""
        found = None if self.source is None else self.source(games)
        return None if found is None else self._exact_table(found)

    def _repr_html_(self) -> str:
        """Jupyter's view: the tree of the first game, drawn; where it is too large, its information sets as a table."""
        from html import escape

        from gametheory.games.tree_layout import MOST_ENDS
        from gametheory.games.tree_svg import tree_in_frame

        line = f"<p>{escape(repr(self)[1:-1])}; payoffs in the order {escape(', '.join(self.tree.players))}</p>"
        if not len(self) or len(self.tree.ends) > MOST_ENDS:
            return line + self.tree._repr_html_()
        return line + tree_in_frame(self.title or "Tree", self.tree, self.payoffs[0], self.chances[0], self.title)

    def __repr__(self) -> str:
        """One line: how many games on which tree."""
        return f"<ExtensiveGames: {len(self)} of {repr(self.tree)[7:-1]}>"


@dataclass(frozen=True, eq=False)
class _Picked:
    """A source for some games of a batch."""

    source: TreeSource
    positions: IntArray

    def __call__(self, games: IntArray) -> ExactTree | None:
        return self.source(self.positions[games])


@dataclass(frozen=True, eq=False)
class _Cut:
    """A source for games of which part of the tree was cut off."""

    source: TreeSource
    cut: Pruned

    def __call__(self, games: IntArray) -> ExactTree | None:
        found = self.source(games)
        return None if found is None else _pruned_exact(self.cut, found)


def _pruned_exact(cut: Pruned, exact: ExactTree) -> ExactTree:
    return ExactTree(exact.payoffs[:, :, cut.ends], exact.chances[:, cut.nodes])


def _to_ends(tree: Tree, chances: NDArray[Any]) -> NDArray[Any]:
    """Probability that chance allows each end: ``[game, end]``, in the kind of numbers that ``chances`` has."""
    reached = chances.copy()
    for node in range(1, len(tree)):
        reached[:, node] = reached[:, node] * reached[:, tree.parent[node]]
    return np.asarray(reached[:, tree.ends])


def _possible(tree: Tree, player: int, plans: IntArray) -> NDArray[np.bool_]:
    """Which ends each plan of a player leaves possible."""
    own = {number: place for place, number in enumerate(tree.sets_of(player))}
    possible = np.ones((len(plans), len(tree)), dtype=np.bool_)
    for node in range(1, len(tree)):
        before = int(tree.parent[node])
        possible[:, node] = possible[:, before]
        if tree.owner[before] == player:
            possible[:, node] &= plans[:, own[int(tree.set_of[before])]] == tree.move[node]
    return possible[:, tree.ends]


def _table(ends: Sequence[NDArray[np.bool_]], weighted: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Sum over the ends of what they weigh, for every profile of plans: ``[game, player, plan, plan, ...]``."""
    table: NDArray[Any] = np.zeros((*weighted.shape[:2], *shape), dtype=weighted.dtype)
    if weighted.dtype == object:
        table[:] = weighted.flat[0] * 0 if weighted.size else 0
    games, players = (np.arange(size) for size in weighted.shape[:2])
    for end in range(weighted.shape[2]):
        block = np.ix_(games, players, *(np.flatnonzero(own[:, end]) for own in ends))
        table[block] += weighted[:, :, end].reshape(*weighted.shape[:2], *(1 for _ in shape))
    return table
