"""What must hold where exactly certain moves are in use, written as polynomials in the unknown probabilities?

The unknowns are the probabilities of the moves in use and, where the others' unused moves lead to an information set in
several ways, how likely the player there holds each way to be. Beliefs within one way follow from behaviour by Bayes'
rule. A way that needs a proper part of the mistakes of another is infinitely more likely.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import CHANCE, FloatArray, Tree
from gametheory.solvers.trees.cells import SLACK, Rows, System, holds
from gametheory.solvers.trees.polynomials import (
    Polynomial,
    add,
    at_rows,
    cleaned,
    constant,
    extremes,
    multiply,
    unknown,
    unknowns,
)

BoolArray = NDArray[np.bool_]
Way = tuple[int, ...]  # moves on a path, in order

MOST_UNKNOWNS = 6  # of one condition whose extremes are looked at


@dataclass(frozen=True, eq=False)
class Ground:
    """A batch of games, and what does not change from one choice of moves to the next.

    ``everywhere``: actions must be best at every information set (sequential rationality); else only at those that the
    others' moves reach within the smallest subgame (subgame perfection).
    """

    games: ExtensiveGames
    everywhere: bool

    @property
    def tree(self) -> Tree:
        """The tree that the games share."""
        return self.games.tree

    @cached_property
    def end_of(self) -> dict[int, int]:
        """The place of each end."""
        return {int(node): place for place, node in enumerate(self.tree.ends)}


@dataclass(frozen=True, eq=False)
class Conditions:
    """The conditions of one choice of moves: the system, and the weight of each node within its information set.

    ``linked`` says that not every combination of beliefs that the system admits need be a limit of mistakes: those that
    are found must be checked, and what fails proves nothing of its neighbours. ``demanded`` lists the information sets
    at which actions must be best.
    """

    system: System
    shares: dict[int, Polynomial]
    weights: dict[int, Polynomial]
    linked: bool
    demanded: tuple[int, ...]


def conditions(ground: Ground, used: BoolArray, rows: Rows) -> Conditions | None:
    """Write down the conditions under which the moves ``used[move]`` are those in use, in the games ``rows``.

    Games in which they cannot hold may be left out; None where that is so in all.
    """
    return _Writer(ground, used, rows).written()


def possible_at(ground: Ground, used: BoolArray, rows: Rows, number: int) -> BoolArray:
    """In which of the games ``rows`` the moves in use at one information set may be best there: ``bool[row]``.

    Only the moves in use at the sets of its `scope` matter. Each condition is looked at alone: whether some
    probabilities and beliefs fulfil it. Conditions with many unknowns are not looked at.
    """
    writer, own = _Writer(ground, used, rows), ground.tree.sets[number]
    possible = np.ones(len(rows), dtype=bool)
    weight = writer.weights(own.nodes, own.player)
    for move, gap in writer.gaps(number, weight) if weight is not None else ():
        if len(unknowns([gap])) <= MOST_UNKNOWNS:
            low, high, size = extremes(gap)
            possible &= high >= -SLACK * size
            if used[move]:
                possible &= low <= SLACK * size
    return possible


def scope(ground: Ground, number: int) -> tuple[int, ...]:
    """The information sets on whose moves the conditions at one of them depend: before it others', after it all."""
    tree, own = ground.tree, ground.tree.sets[number]
    found = {number}
    for start in own.nodes:
        found |= {int(k) for k in tree.set_of[start : tree.last_under[start] + 1] if k >= 0}
        node, root = start, int(tree.subgame_of[start])
        while node != root:
            node = int(tree.parent[node])
            if tree.owner[node] not in (CHANCE, own.player):
                found.add(int(tree.set_of[node]))
    return tuple(sorted(found))


class _Writer:
    """Polynomials of one choice of moves, each made when it is first asked for."""

    def __init__(self, ground: Ground, used: BoolArray, rows: Rows) -> None:
        self.ground, self.tree, self.used, self.rows = ground, ground.tree, used, rows
        self.payoffs, self.chances = ground.games.payoffs[rows], ground.games.chances[rows]
        self.one = constant(np.ones(len(rows)))
        self.values: dict[tuple[int, int], Polynomial] = {}
        self.next_unknown = self.tree.move_count
        self.inner: set[int] = set()
        self.bounds: list[Polynomial] = []
        self.by_ways: dict[tuple[Way, ...], list[Polynomial]] = {}
        self.shares: dict[int, Polynomial] = {}
        self.first_after: dict[int, int] = {}
        for node, move in enumerate(self.tree.move_to.tolist()):
            self.first_after.setdefault(move, node)
        for first, stop in zip(self.tree.first_move[:-1], self.tree.first_move[1:], strict=True):
            moves = [move for move in range(first, stop) if used[move]]
            for move, share in zip(moves, self._simplex([int(move) for move in moves]), strict=True):
                self.shares[move] = share

    def _simplex(self, numbers: Sequence[int]) -> list[Polynomial]:
        """Probabilities that sum to 1, all but the last of them unknowns, none negative."""
        if len(numbers) <= 1:
            return [self.one for _ in numbers]
        own = [unknown(number, len(self.rows)) for number in numbers[:-1]]
        last = self.one
        for share in own:
            last = add(last, share, -1.0)
        self.bounds += [*own, last]
        return [*own, last]

    def written(self) -> Conditions | None:
        """All conditions; None as soon as one without unknowns fails in every game."""
        equations: list[Polynomial] = []
        weights: dict[int, Polynomial] = {}
        demanded = []
        possible = np.ones(len(self.rows), dtype=bool)
        for number, own in enumerate(self.tree.sets):
            weight = self.weights(own.nodes, own.player)
            if weight is None:
                continue
            demanded.append(number)
            weights.update(zip(own.nodes, weight, strict=True))
            for action, gap in self.gaps(number, weight):
                if any(gap):
                    (equations if self.used[action] else self.bounds).append(gap)
                    continue
                possible &= holds(gap, equal=bool(self.used[action]))
                if not possible.any():
                    return None
        system = System(
            self.rows[possible],
            tuple(at_rows(p, possible) for p in equations),
            tuple(at_rows(p, possible) for p in self.bounds),
            frozenset(self.inner),
            {},
        )
        linked = not _free(tuple(self.by_ways))
        shares, weights = ({k: at_rows(p, possible) for k, p in own.items()} for own in (self.shares, weights))
        return Conditions(system, shares, weights, linked, tuple(demanded))

    def gaps(self, number: int, weight: list[Polynomial]) -> Iterator[tuple[int, Polynomial]]:
        """What the last action in use pays beyond each other one, over the nodes of the set by their weights."""
        own, first = self.tree.sets[number], int(self.tree.first_move[number])
        base = max(place for place in range(len(own.actions)) if self.used[first + place])
        for place in range(len(own.actions)):
            if place == base:
                continue
            gap: Polynomial = {(): np.zeros((2, len(self.rows)))}
            for node, share in zip(own.nodes, weight, strict=True):
                children = self.tree.children[node]
                better = add(self._value(children[base], own.player), self._value(children[place], own.player), -1.0)
                gap = add(gap, multiply(share, better))
            yield first + place, cleaned(gap)

    def _value(self, node: int, player: int) -> Polynomial:
        """Expected payoff of a player from a node on."""
        if (node, player) in self.values:
            return self.values[node, player]
        if node in self.ground.end_of:
            found = constant(self.payoffs[:, player, self.ground.end_of[node]])
        else:
            found = {(): np.zeros((2, len(self.rows)))}
            for child in self.tree.children[node]:
                move = int(self.tree.move_to[child])
                if move < 0:
                    found = add(found, multiply(constant(self.chances[:, child]), self._value(child, player)))
                elif self.used[move]:
                    found = add(found, multiply(self.shares[move], self._value(child, player)))
        self.values[node, player] = cleaned(found)
        return self.values[node, player]

    def weights(self, nodes: tuple[int, ...], player: int) -> list[Polynomial] | None:
        """How much each node of an information set counts there; None where nothing is asked of the set."""
        if len(nodes) == 1 and (self.ground.everywhere or self._reached(nodes[0], player)):
            return [self.one]
        paths = [self._path(node, player) for node in nodes]
        ways = [way for way, _ in paths]
        if not self.ground.everywhere and () not in ways:
            return None
        share = self._ways(_likeliest(ways))
        mistakes, common = _common(ways), _common([rest for _, rest in paths])
        found = []
        for way, rest in paths:
            own = _less(way, mistakes)
            weight = share.get(own, {(): np.zeros((2, len(self.rows)))})
            for node in _less(rest, common) if own in share else ():
                move = int(self.tree.move_to[node])
                weight = multiply(weight, self.shares[move] if move >= 0 else constant(self.chances[:, node]))
            found.append(weight)
        return found

    def _reached(self, node: int, player: int) -> bool:
        """Whether the others' moves lead from the root of the smallest subgame to a node."""
        return not self._path(node, player)[0]

    def _path(self, node: int, player: int) -> tuple[Way, Way]:
        """The way to a node within its smallest subgame: the others' unused moves, and what else leads there.

        That is their moves in use and the moves of chance, each named by the first node to which it leads.
        """
        root = int(self.tree.subgame_of[node])
        mistakes, rest = [], []
        while node != root:
            before = int(self.tree.parent[node])
            move = int(self.tree.move_to[node])
            if self.tree.owner[before] == CHANCE:
                rest.append(node)
            elif self.tree.owner[before] != player and not self.used[move]:
                mistakes.append(move)
            elif self.tree.owner[before] != player:
                rest.append(self.first_after[move])
            node = before
        return tuple(sorted(mistakes)), tuple(sorted(rest))

    def _ways(self, distinct: tuple[Way, ...]) -> dict[Way, Polynomial]:
        """How likely each way is held to be; the same for all information sets that tell the same ways apart."""
        if len(distinct) == 1:
            return {distinct[0]: self.one}
        if distinct not in self.by_ways:
            numbers = list(range(self.next_unknown, self.next_unknown + len(distinct)))
            self.next_unknown += len(distinct)
            self.inner |= set(numbers)
            self.by_ways[distinct] = self._simplex(numbers)
        return dict(zip(distinct, self.by_ways[distinct], strict=True))


def _common(ways: Sequence[Way]) -> Way:
    """The moves that all ways need."""
    left = Counter(ways[0])
    for way in ways[1:]:
        left &= Counter(way)
    return tuple(sorted(left.elements()))


def _less(way: Way, common: Way) -> Way:
    """A way without the moves that all ways need."""
    return tuple(sorted((Counter(way) - Counter(common)).elements()))


def _likeliest(ways: Sequence[Way]) -> tuple[Way, ...]:
    """The distinct ways without what they share, and without those that need all the mistakes of another and more.

    >>> _likeliest([(1, 5), (2, 5), (1, 2, 5)])
    ((1,), (2,))
    """
    common = _common(ways)
    distinct = sorted({_less(way, common) for way in ways})
    counted = [Counter(way) for way in distinct]
    return tuple(
        way
        for way, own in zip(distinct, counted, strict=True)
        if not any(other != own and other <= own for other in counted)
    )


def _free(groups: tuple[tuple[Way, ...], ...]) -> bool:
    """Whether any probabilities of the ways of every group are limits of mistakes at once.

    Ratios of ways are products of ratios of mistakes. They can take any values together where their logarithms are
    linearly independent, and any of them can be 0 where some positive orders make all ways of a group equally remote.

    >>> _free((((1,), (2,)), ((3,), (4,)))), _free((((1,), (2,)), ((1,), (2,), (3,))))
    (True, False)
    """
    moves = sorted({move for ways in groups for way in ways for move in way})
    if len(moves) == sum(len(ways) for ways in groups) and all(len(way) == 1 for ways in groups for way in ways):
        return True
    if not moves:
        return True
    rows = []
    for ways in groups:
        counts: FloatArray = np.array([[way.count(move) for move in moves] for way in ways], dtype=np.float64)
        rows += list(counts[1:] - counts[0])
    matrix = np.array(rows)
    if np.linalg.matrix_rank(matrix) < len(matrix):
        return False
    from scipy.optimize import linprog

    answer = linprog(np.ones(len(moves)), A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=(1, None))
    return int(answer.status) == 0
