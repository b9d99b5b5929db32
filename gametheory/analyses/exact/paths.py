"""Which paths of play does an observed leader bring about, everywhere on a piece of the line?

Which replies of the follower are best, and which of them the leader likes best and least, follows from the signs of the
differences between two payoffs of one player. Those differences are polynomials, up to a positive factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.exact.cells import Cells, Stretch, cells
from gametheory.analyses.exact.pieces import Piece
from gametheory.analyses.exact.quotients import Poly, Quotient, whole
from gametheory.analyses.exact.roots import sign
from gametheory.analyses.tipping.slacks import Slack

if TYPE_CHECKING:
    from gametheory.study import Profile

__all__ = ["Paths", "broken", "paths"]

BoolArray = NDArray[np.bool_]
SignArray = NDArray[np.int8]
Cell = tuple[int, int]  # the leader's action and the follower's reply


@dataclass(frozen=True, eq=False)
class Paths:
    """The paths of play that are followed somewhere on a piece, and in which cells, under one of the tie rules."""

    cells: Cells
    held: dict[Profile, BoolArray]
    polynomials: int


def paths(piece: Piece, leader: int) -> Paths:
    """Every path of play under the strong or the weak rule, in every cell of the piece."""
    own, its = _as_leader(piece.table, leader)
    options, replies = own.shape
    follower = {
        ((a, q), (a, r)): its[a, q] - its[a, r] for a in range(options) for q, r in combinations(range(replies), 2)
    }
    likely = _never_excluded(follower, own.shape, piece.stretch)
    leaders = {(one, two): own[one] - own[two] for one, two in combinations(likely, 2)}
    cut, signs, count = _signed([*follower.items(), *leaders.items()], piece.stretch)
    best = _best_replies(signs[: len(follower)], list(follower), (options, replies, cut.count))
    better = _order(signs[len(follower) :], list(leaders))
    held: dict[Profile, BoolArray] = {}
    for strong in (True, False):
        chosen = _chosen(best, better, likely, strong=strong)
        for one in likely:
            here = chosen[one].copy()
            for two in likely:
                if two != one:
                    here &= better[one, two] | ~chosen[two]
            if here.any():
                profile = _profile(one, leader)
                held[profile] = held.get(profile, False) | here
    return Paths(cut, held, count)


def _as_leader(table: NDArray[np.object_], leader: int) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """The payoffs of leader and follower as ``[leader's action, reply]``."""
    return (table[0], table[1]) if leader == 0 else (table[1].T, table[0].T)


def _never_excluded(
    follower: dict[tuple[Cell, Cell], Quotient], shape: tuple[int, ...], stretch: Stretch
) -> list[Cell]:
    """The cells whose reply is not worse than another one over the whole stretch."""
    worse = set()
    for (one, two), difference in follower.items():
        lasting = stretch.constant_sign(_product(difference))
        if lasting:
            worse.add(two if lasting > 0 else one)
    return [cell for cell in np.ndindex(*shape) if cell not in worse]


def _product(difference: Quotient) -> Poly:
    """A polynomial with whole coefficients and the sign of a quotient wherever that has no pole."""
    return (difference.top * difference.bottom).numer()


def _signed(listed: list[tuple[tuple[Cell, Cell], Quotient]], stretch: Stretch) -> tuple[Cells, SignArray, int]:
    """Cut the stretch at the roots of differences and give the sign of each in every cell."""
    numbers: dict[str, int] = {}
    polys: list[Poly] = []
    rows, turns = [], []
    for _, difference in listed:
        product = _product(difference)
        poly = whole(product)
        number = numbers.setdefault(str(poly), len(polys))
        if number == len(polys):
            polys.append(poly)
        rows.append(number)
        turns.append(sign(product.leading_coefficient()) or 1)
    cut = cells(polys, stretch)
    return cut, cut.signs[rows] * np.array(turns, dtype=np.int8)[:, np.newaxis], len(polys)


def _best_replies(signs: SignArray, pairs: list[tuple[Cell, Cell]], shape: tuple[int, int, int]) -> BoolArray:
    """Where each reply is best, ``bool[leader's action, reply, cell]``."""
    best = np.ones(shape, dtype=bool)
    for (one, two), own in zip(pairs, signs, strict=True):
        best[one] &= own >= 0
        best[two] &= own <= 0
    return best


def _order(signs: SignArray, pairs: list[tuple[Cell, Cell]]) -> dict[tuple[Cell, Cell], BoolArray]:
    """Where the first of two cells is at least as good for the leader as the second."""
    better: dict[tuple[Cell, Cell], BoolArray] = {}
    for (one, two), own in zip(pairs, signs, strict=True):
        better[one, two], better[two, one] = own >= 0, own <= 0
    return better


def _chosen(
    best: BoolArray, better: dict[tuple[Cell, Cell], BoolArray], likely: list[Cell], *, strong: bool
) -> dict[Cell, BoolArray]:
    """Where each cell is a best reply, and among those the one that the tie rule selects."""
    chosen = {}
    for one in likely:
        here = best[one].copy()
        for two in likely:
            if two[0] == one[0] and two != one:
                here &= (better[one, two] if strong else better[two, one]) | ~best[two]
        chosen[one] = here
    return chosen


def _profile(cell: Cell, leader: int) -> Profile:
    """A path as the actions in use, player by player."""
    first, second = cell if leader == 0 else cell[::-1]
    return ((first,), (second,))


def broken(profile: Profile, here: NDArray[np.object_], there: NDArray[np.object_], leader: int) -> list[Slack]:
    """What keeps a path of play standing with the payoffs ``here`` and no longer does so ``there``.

    Both are ``[player, a1, a2]`` in exact numbers.
    """
    path = (profile[leader][0], profile[1 - leader][0])
    own, its = _as_leader(here, leader)
    own_there, its_there = _as_leader(there, leader)
    found: list[Slack] = []

    def compare(player: int, kind: str, stay: Cell, leave: Cell) -> None:
        now, then = (own, own_there) if player == leader else (its, its_there)
        if now[stay] >= now[leave] and then[stay] < then[leave]:
            places = (stay, leave) if leader == 0 else (stay[::-1], leave[::-1])
            found.append(Slack(player, kind, 0.0, 0.0, *places))

    for action in range(own.shape[0]):
        best = [reply for reply in range(own.shape[1]) if its[action, reply] == max(its[action])]
        for reply in range(own.shape[1]):
            cell = (action, reply)
            if action == path[0]:
                compare(1 - leader, "reply", path, cell)
            elif reply in best:
                compare(leader, "alternative", path, cell)
            elif max(own[cell], own_there[cell]) > own[path]:
                for chosen in best:
                    compare(1 - leader, "off-path reply", (action, chosen), cell)
    return found
