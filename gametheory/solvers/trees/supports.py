"""Which sets of moves may be in use together, as far as bounds on expected payoffs can tell?

A move cannot be in use where another pays more at every node of the information set, whatever is believed there and
whatever happens later. The choices that are left are walked from the last information sets to the first; each choice
narrows what the moves before it can pay.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gametheory.games.trees import FloatArray
from gametheory.solvers.trees.conditions import Ground

BoolArray = NDArray[np.bool_]

DOUBT = 1e-12  # payoffs this share of their magnitude apart may be equal
MOST_CHOICES = 20_000  # choices of moves that are looked at in one game


@dataclass(eq=False)
class Walk:
    """How far the choices of each game were walked: ``looked[game]`` choices, and which games were given up."""

    deadline: float
    looked: NDArray[np.int64]
    given_up: BoolArray = field(init=False)
    late: bool = False

    def __post_init__(self) -> None:
        self.given_up = np.zeros(len(self.looked), dtype=bool)


def choices(ground: Ground, games: BoolArray, walk: Walk) -> Iterator[tuple[BoolArray, NDArray[np.intp]]]:
    """Every choice of moves in use, ``bool[move]``, with the games in which it is not ruled out.

    ``games`` are those to look at. A game with more than `MOST_CHOICES` is given up, and all that are left when the
    time is up; ``walk`` says which.
    """
    tree = ground.tree
    allowed = np.ones((len(ground.games), tree.move_count), dtype=bool)
    always = np.array([ground.everywhere or int(ground.roots[own.nodes[0]]) in own.nodes for own in tree.sets])
    order = sorted(range(len(tree.sets)), key=lambda number: -min(tree.sets[number].nodes))
    rows = np.flatnonzero(games)
    allowed, alive = _narrowed(ground, rows, allowed[rows], always)
    needed = np.zeros(tree.move_count, dtype=bool)
    yield from _walk(ground, rows[alive], allowed[alive], needed, order, always, walk)


def _walk(
    ground: Ground,
    rows: NDArray[np.intp],
    allowed: BoolArray,
    needed: BoolArray,
    order: list[int],
    always: BoolArray,
    walk: Walk,
) -> Iterator[tuple[BoolArray, NDArray[np.intp]]]:
    """The choices at the information sets of ``order``, in some games, beside the moves ``needed`` elsewhere."""
    if time.monotonic() > walk.deadline:
        walk.late = True
        walk.given_up[rows] = True
        return
    walk.looked[rows] += 1
    walk.given_up[rows[walk.looked[rows] > MOST_CHOICES]] = True
    if not order:
        yield needed.copy(), rows
        return
    first, stop = ground.tree.first_move[order[0] : order[0] + 2]
    for chosen in _subsets(int(first), int(stop)):
        fits = allowed[:, chosen].all(axis=1) & ~walk.given_up[rows]
        if not fits.any():
            continue
        own = allowed[fits].copy()
        own[:, first:stop] = False
        own[:, chosen] = True
        more = needed.copy()
        more[chosen] = True
        alive = np.ones(len(own), dtype=bool)
        if not np.array_equal(own, allowed[fits]):
            own, alive = _narrowed(ground, rows[fits], own, always)
            alive &= own[:, more].all(axis=1)
        if alive.any():
            yield from _walk(ground, rows[fits][alive], own[alive], more, order[1:], always, walk)


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
