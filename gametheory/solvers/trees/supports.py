"""Which sets of moves may be in use together, as far as bounds on expected payoffs can tell?

A move cannot be in use where another pays more at every node of the information set, whatever is believed there and
whatever happens later; each choice of moves narrows what the moves before it can pay. And as soon as the moves in use
are chosen at all information sets on which the conditions at one of them depend, these conditions are looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from math import log

import numpy as np
from numpy.typing import NDArray

from gametheory.games.trees import FloatArray, IntArray
from gametheory.solvers.trees.conditions import Ground, possible_at, scope

BoolArray = NDArray[np.bool_]

DOUBT = 1e-12  # payoffs this share of their magnitude apart may be equal
MOST_CHOICES = 50_000  # choices of moves that are looked at in one game, whole ones and parts
MOST_KNOWN = 20_000  # answers that are remembered


@dataclass(eq=False)
class Walk:
    """How far the choices of each game were walked: ``looked[game]`` choices, and which games were given up.

    ``searched[game]`` counts the choices whose conditions had to be searched by boxes.
    """

    deadline: float
    looked: NDArray[np.int64]
    given_up: BoolArray = field(init=False)
    searched: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.given_up = np.zeros(len(self.looked), dtype=bool)
        self.searched = np.zeros(len(self.looked), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Route:
    """In which order information sets are taken, and at which of them conditions can be looked at after each.

    ``always`` marks the sets at which moves must be best whatever else is chosen; ``known`` remembers answers.
    """

    ground: Ground
    order: tuple[int, ...]
    checks: tuple[tuple[int, ...], ...]
    scopes: tuple[IntArray, ...]
    always: BoolArray
    walk: Walk
    known: dict[tuple[int, bytes, bytes], BoolArray] = field(default_factory=dict)


def choices(ground: Ground, games: BoolArray, walk: Walk) -> Iterator[tuple[BoolArray, NDArray[np.intp]]]:
    """Every choice of moves in use, ``bool[move]``, with the games in which it is not ruled out.

    ``games`` are those to look at. A game with more than `MOST_CHOICES` is given up, and all that are left when the
    time is up; ``walk`` says which.
    """
    tree = ground.tree
    allowed = np.ones((len(ground.games), tree.move_count), dtype=bool)
    always = np.array([ground.everywhere or int(tree.subgame_of[own.nodes[0]]) in own.nodes for own in tree.sets])
    rows = np.flatnonzero(games)
    allowed, alive = _narrowed(ground, rows, allowed[rows], always)
    route = _route(ground, allowed[alive], always, walk)
    yield from _walk(route, 0, rows[alive], allowed[alive], np.zeros(tree.move_count, dtype=bool))


def _route(ground: Ground, allowed: BoolArray, always: BoolArray, walk: Walk) -> _Route:
    """Take next what completes the conditions that fewest choices are still missing from."""
    tree = ground.tree
    count = len(tree.sets)
    scopes = [set(scope(ground, number)) for number in range(count)]
    either = np.asarray(allowed.any(axis=0))
    sizes = [int(either[tree.first_move[k] : tree.first_move[k + 1]].sum()) for k in range(count)]
    weight = [log(max(2**size - 1, 1)) for size in sizes]
    order: list[int] = []
    left = set(range(count))
    while left:
        missing = {number: scopes[number] & left for number in range(count) if scopes[number] & left}
        best = min(missing, key=lambda number: (sum(weight[k] for k in missing[number]), number))
        chosen = sorted(missing[best], key=lambda number: -min(tree.sets[number].nodes))
        order += chosen
        left -= set(chosen)
    place = {number: position for position, number in enumerate(order)}
    done = [max(place[k] for k in own) for own in scopes]
    moves = [np.concatenate([np.arange(*tree.first_move[k : k + 2]) for k in sorted(own)]) for own in scopes]
    checks = tuple(tuple(k for k in range(count) if done[k] == position) for position in range(count))
    return _Route(ground, tuple(order), checks, tuple(moves), always, walk)


def _walk(
    route: _Route, position: int, rows: NDArray[np.intp], allowed: BoolArray, needed: BoolArray
) -> Iterator[tuple[BoolArray, NDArray[np.intp]]]:
    """The choices at the information sets from ``position`` on, in some games, beside the moves ``needed`` before."""
    walk = route.walk
    if time.monotonic() > walk.deadline:
        walk.given_up[rows] = True
        return
    walk.looked[rows] += 1
    walk.given_up[rows[walk.looked[rows] > MOST_CHOICES]] = True
    if position == len(route.order):
        yield needed.copy(), rows
        return
    first, stop = route.ground.tree.first_move[route.order[position] : route.order[position] + 2]
    for chosen in _subsets(int(first), int(stop)):
        fits = allowed[:, chosen].all(axis=1) & ~walk.given_up[rows]
        if not fits.any():
            continue
        own, kept = allowed[fits].copy(), rows[fits]
        own[:, first:stop] = False
        own[:, chosen] = True
        more = needed.copy()
        more[chosen] = True
        if not np.array_equal(own, allowed[fits]):
            own, alive = _narrowed(route.ground, kept, own, route.always)
            alive &= own[:, more].all(axis=1)
            own, kept = own[alive], kept[alive]
        for number in route.checks[position]:
            alive = _possible(route, number, more, kept)
            own, kept = own[alive], kept[alive]
        if len(kept):
            yield from _walk(route, position + 1, kept, own, more)


def _possible(route: _Route, number: int, needed: BoolArray, rows: NDArray[np.intp]) -> BoolArray:
    """In which games the conditions at one information set may hold."""
    if not len(rows):
        return np.zeros(0, dtype=bool)
    key = (number, needed[route.scopes[number]].tobytes(), rows.tobytes())
    if key not in route.known:
        if len(route.known) >= MOST_KNOWN:
            route.known.clear()
        route.known[key] = possible_at(route.ground, needed, rows, number)
    return route.known[key]


def _subsets(first: int, stop: int) -> Iterator[list[int]]:
    """Every choice of moves of one information set, small ones first."""
    for size in range(1, stop - first + 1):
        for chosen in combinations(range(first, stop), size):
            yield list(chosen)


def _narrowed(
    ground: Ground, rows: NDArray[np.intp], allowed: BoolArray, always: BoolArray
) -> tuple[BoolArray, BoolArray]:
    """Drop moves that cannot be best, until there are none; also say in which games every set keeps a move.

    A move that was dropped at a set where the choice is made already contradicts it; the caller sees that.
    """
    tree, allowed = ground.tree, allowed.copy()
    while True:
        low, high, size = _ranges(ground, rows, allowed)
        before = int(allowed.sum())
        for number in np.flatnonzero(always).tolist():
            first, stop = tree.first_move[number : number + 2]
            own = tree.sets[number]
            after = np.array([tree.children[node] for node in own.nodes])
            least, most, doubt = (table[:, after, own.player] for table in (low, high, size))
            apart = least[:, :, :, np.newaxis] - most[:, :, np.newaxis, :]
            certain = apart > DOUBT * (doubt[:, :, :, np.newaxis] + doubt[:, :, np.newaxis, :])
            allowed[:, first:stop] &= ~np.asarray(certain.all(axis=1)).any(axis=1)
        if int(allowed.sum()) == before:
            break
    left = np.ones(len(rows), dtype=bool)
    for first, stop in zip(tree.first_move[:-1], tree.first_move[1:], strict=True):
        left &= allowed[:, first:stop].sum(axis=1) > 0
    return allowed, left


def _ranges(ground: Ground, rows: NDArray[np.intp], allowed: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Least and largest expected payoff at each node where only allowed moves are used, and the largest magnitude."""
    tree, games = ground.tree, ground.games
    shape = (len(rows), len(tree), len(tree.players))
    low, high, size = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for table, ends in ((low, games.payoffs), (high, games.payoffs), (size, np.abs(games.payoffs))):
        table[:, tree.ends] = np.swapaxes(ends[rows], 1, 2)
    chances = games.chances[rows]
    for node in range(len(tree) - 1, -1, -1):
        children = list(tree.children[node])
        if not children:
            continue
        number = int(tree.set_of[node])
        if number < 0:
            for table in (low, high, size):
                table[:, node] = (chances[:, children, np.newaxis] * table[:, children]).sum(axis=1)
            continue
        open_moves = allowed[:, tree.first_move[number] : tree.first_move[number + 1], np.newaxis]
        low[:, node] = np.where(open_moves, low[:, children], np.inf).min(axis=1)
        high[:, node] = np.where(open_moves, high[:, children], -np.inf).max(axis=1)
        size[:, node] = size[:, children].max(axis=1)
    return low, high, size
