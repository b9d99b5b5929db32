"""Which supports carry equilibria of simultaneous play, everywhere on a piece of the line?

For one player let ``T[k, r]`` be what the other gets by reply ``r`` to action ``k``. A strategy that no mixture of
others replaces is a vertex: it uses the actions ``I`` and makes the replies ``J``, as many as ``I``, equally good. By
the rule of Cramer its probabilities, and what the other replies lose against it, have the signs of minors of ``T``
below a row of ones. So the minors with that row tell for every value of the parameter which vertices there are; two
vertices are an extreme equilibrium where each uses best replies to the other only (Avis, Rosenberg, Savani and von
Stengel 2010, Economic Theory 42).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.exact.cells import Cells, Stretch, cells
from gametheory.analyses.exact.pieces import Piece
from gametheory.analyses.exact.quotients import NotRationalError, Poly, whole
from gametheory.analyses.exact.roots import sign
from gametheory.analyses.tipping.slacks import Slack

if TYPE_CHECKING:
    from gametheory.study import Profile

__all__ = ["Basis", "Supports", "broken", "supports"]

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Actions = tuple[int, ...]
Table = list[list[Poly]]  # [action, reply]
Term = tuple[Any, int]  # a minor and its sign in a condition

MOST_MINORS = 8_000  # of both tables: games of up to 7 x 7, some seconds
PATIENT_MINORS = 30_000  # where an exact answer is insisted on: up to 8 x 8, most of a minute
MOST_WORK = 4_000_000  # minors, each times the square of half its degree


@dataclass(frozen=True)
class Basis:
    """A vertex of ``player``'s strategies: the actions in use and as many replies of the other that are best."""

    player: int
    actions: Actions
    replies: Actions


@dataclass(frozen=True, eq=False)
class Supports:
    """The profiles of actions in use that carry an equilibrium somewhere on a piece, and in which cells.

    ``pairs[profile]`` lists the pairs of vertices that carry it, each with its cells.
    """

    cells: Cells
    held: dict[Profile, BoolArray]
    pairs: dict[Profile, list[tuple[Basis, Basis, BoolArray]]]
    polynomials: int


@dataclass(frozen=True, eq=False)
class Minors:
    """One player's table and its minors below a row of ones, by actions and replies."""

    player: int
    actions: Actions
    replies: Actions
    values: dict[tuple[Actions, Actions], Poly]


def supports(piece: Piece, *, patient: bool = False) -> Supports:
    """Every profile of supports of an extreme equilibrium, in every cell of the piece.

    Raises NotRationalError where there are too many minors to follow; ``patient`` bears more of them.
    """
    both = [scaled(piece, player) for player in (0, 1)]
    kept = undominated(both, piece.stretch)
    _check_size(both, kept, PATIENT_MINORS if patient else MOST_MINORS)
    minors = [
        Minors(player, kept[player], kept[1 - player], minors_of(both[player], kept[player], kept[1 - player]))
        for player in (0, 1)
    ]
    polys, numbers = _numbered(minors)
    fixed = [piece.stretch.constant_sign(poly) for poly in polys]
    listed = _possible(minors, numbers, fixed)
    used = sorted({number for _, terms in listed for number, _ in terms})
    place = {number: row for row, number in enumerate(used)}
    cut = cells([polys[number] for number in used], piece.stretch)
    standing = [
        (basis, *_where(basis, [(place[number], turn) for number, turn in terms], cut, minors[basis.player].replies))
        for basis, terms in listed
    ]
    return _paired(standing, cut, len(used))


def scaled(piece: Piece, player: int) -> Table:
    """What the other player gets, ``[action of player, reply]``; each row less its first entry, times something > 0.

    Neither changes which replies are best or which actions a strategy uses.
    """
    from flint import fmpq_poly

    rows = piece.table[1 - player] if player == 0 else piece.table[1 - player].T
    sample = Cells(piece.stretch, (), np.empty((0, 1), dtype=np.int8)).sample(0)
    table = []
    for row in rows:
        shared = fmpq_poly([1])
        for quotient in row:
            shared = shared * (quotient.bottom // shared.gcd(quotient.bottom))
        shared = shared * sign(shared(sample))
        tops = [quotient.top * (shared // quotient.bottom) for quotient in row]
        tops = [top - tops[0] for top in tops]
        table.append(_whole_row(tops))
    return table


def _whole_row(tops: list[Poly]) -> list[Poly]:
    """A row of polynomials times one positive number: whole coefficients without a common factor."""
    from math import gcd, lcm

    scale = lcm(*(int(top.denom()) for top in tops))
    row = [(top * scale).numer() for top in tops]
    content = gcd(*(int(top.content()) for top in row)) or 1
    return [top // content for top in row]


def undominated(both: Sequence[Table], stretch: Stretch) -> tuple[Actions, Actions]:
    """The actions of each player that survive iterated strict dominance by actions, over the whole stretch."""
    kept = [tuple(range(len(table))) for table in both]
    while True:
        before = list(kept)
        for player in (0, 1):
            table, others = both[1 - player], kept[1 - player]
            kept[player] = tuple(
                own
                for own in kept[player]
                if not any(_dominates(table, rival, own, others, stretch) for rival in kept[player] if rival != own)
            )
        if kept == before:
            return kept[0], kept[1]


def _dominates(table: Table, rival: int, own: int, others: Actions, stretch: Stretch) -> bool:
    """Whether one reply is better than another whatever the other player does; ``table[action, reply]``."""
    return all(stretch.constant_sign(table[other][rival] - table[other][own]) == 1 for other in others)


def _check_size(both: Sequence[Table], kept: tuple[Actions, Actions], most: int) -> None:
    """Refuse games with more minors than can be followed."""
    m, n = (len(own) for own in kept)
    count = comb(m + n, m + 1) + comb(m + n, n + 1)
    highest = max((poly.degree() for table in both for row in table for poly in row), default=0)
    work = count * max(1, highest * min(m, n) // 2) ** 2
    if count > most or work > MOST_WORK:
        raise NotRationalError(f"{count} polynomials of degree up to {highest * min(m, n)} are too many to follow")


def minors_of(table: Table, actions: Actions, replies: Actions) -> dict[tuple[Actions, Actions], Poly]:
    """The determinants of ``table[actions, replies]`` below a row of ones, for every choice of rows and columns.

    >>> from flint import fmpz_poly
    >>> found = minors_of([[fmpz_poly([0]), fmpz_poly([2, 3])]], (0,), (0, 1))
    >>> found[(0,), (0, 1)], found[(), (1,)]
    (3*x + 2, 1)
    """
    from flint import fmpz_poly

    values: dict[tuple[Actions, Actions], Poly] = {((), (reply,)): fmpz_poly([1]) for reply in replies}
    for size in range(1, min(len(actions), len(replies) - 1) + 1):
        for rows in combinations(actions, size):
            own, fewer = table[rows[-1]], rows[:-1]
            for columns in combinations(replies, size + 1):
                total = fmpz_poly([])
                for position, column in enumerate(columns):
                    entry = own[column]
                    if entry:
                        part = entry * values[fewer, columns[:position] + columns[position + 1 :]]
                        total = total - part if (size + position) % 2 else total + part
                values[rows, columns] = total
    return values


def _numbered(minors: Sequence[Minors]) -> tuple[list[Poly], dict[tuple[int, Actions, Actions], tuple[int, int]]]:
    """The different minors up to a factor, and for each minor the number of its polynomial and a sign."""
    polys: list[Poly] = []
    known: dict[str, int] = {}
    numbers: dict[tuple[int, Actions, Actions], tuple[int, int]] = {}
    for own in minors:
        for (rows, columns), value in own.values.items():
            poly = whole(value)
            number = known.setdefault(str(poly), len(polys))
            if number == len(polys):
                polys.append(poly)
            turn = sign(value.leading_coefficient()) or 1
            numbers[own.player, rows, columns] = (number, turn)
    return polys, numbers


def terms_of(basis: Basis, replies: Actions) -> list[tuple[Actions, Actions, int]]:
    """The minors whose common sign makes a basis a vertex: of each action's probability, then of each reply's loss.

    Each is given by its actions, its replies and its sign.
    """
    own, best = basis.actions, basis.replies
    shares = [(own[:k] + own[k + 1 :], best, -1 if (k + 1) % 2 else 1) for k in range(len(own))]
    losses = []
    for reply in replies:
        if reply not in best:
            columns = tuple(sorted((*best, reply)))
            losses.append((own, columns, 1 if columns.index(reply) % 2 else -1))
    return shares + losses


def _possible(
    minors: Sequence[Minors],
    numbers: dict[tuple[int, Actions, Actions], tuple[int, int]],
    fixed: Sequence[int | None],
) -> list[tuple[Basis, list[Term]]]:
    """The bases that may be vertices somewhere, each with its terms: those whose lasting signs do not contradict."""
    found = []
    for own in minors:
        for size in range(1, min(len(own.actions), len(own.replies)) + 1):
            for actions in combinations(own.actions, size):
                for replies in combinations(own.replies, size):
                    basis = Basis(own.player, actions, replies)
                    terms = []
                    for rows, columns, turn in terms_of(basis, own.replies):
                        number, its = numbers[own.player, rows, columns]
                        terms.append((number, turn * its))
                    lasting = [fixed[number] for number, _ in terms]
                    known = {s * turn for s, (_, turn) in zip(lasting, terms, strict=True) if s}
                    if len(known) < 2 and 0 not in lasting[:size]:
                        found.append((basis, terms))
    return found


def _where(basis: Basis, terms: list[Term], cut: Cells, replies: Actions) -> tuple[BoolArray, IntArray]:
    """The cells in which a basis is a vertex, and there the best replies, one bit each."""
    size = len(basis.actions)
    signs = np.array([cut.signs[row] * turn for row, turn in terms], dtype=np.int8)
    shares, losses = signs[:size], signs[size:]
    stands = ((shares > 0).all(axis=0) & (losses >= 0).all(axis=0)) | (
        (shares < 0).all(axis=0) & (losses <= 0).all(axis=0)
    )
    best = np.full(cut.count, bits(basis.replies), dtype=np.int64)
    for reply, loss in zip([r for r in replies if r not in basis.replies], losses, strict=True):
        best |= np.where(loss == 0, np.int64(1) << reply, np.int64(0))
    return np.asarray(stands, dtype=bool), best


def bits(actions: Actions) -> int:
    """A set of actions as bits."""
    return sum(1 << action for action in actions)


def _paired(standing: list[tuple[Basis, BoolArray, IntArray]], cut: Cells, polynomials: int) -> Supports:
    """The pairs of vertices that use only best replies to each other."""
    held: dict[Profile, BoolArray] = {}
    pairs: dict[Profile, list[tuple[Basis, Basis, BoolArray]]] = {}
    sides: list[list[tuple[Basis, BoolArray, IntArray, int, int]]] = [[], []]
    for basis, stands, best in standing:
        if stands.any():
            reach = int(np.bitwise_or.reduce(best[stands]))
            sides[basis.player].append((basis, stands, best, bits(basis.actions), reach))
    for x, x_stands, x_best, x_used, x_reach in sides[0]:
        for y, y_stands, y_best, y_used, y_reach in sides[1]:
            if x_used & ~y_reach or y_used & ~x_reach:
                continue
            here = x_stands & y_stands & (x_used & ~y_best == 0) & (y_used & ~x_best == 0)
            if here.any():
                profile = (x.actions, y.actions)
                held[profile] = held.get(profile, False) | here
                pairs.setdefault(profile, []).append((x, y, here))
    return Supports(cut, held, pairs, polynomials)


def broken(supports: Supports, profile: Profile, cell: int, there: NDArray[np.object_]) -> list[Slack]:
    """What keeps a profile standing in ``cell`` and no longer does so with the payoffs ``there[player, a1, a2]``.

    ``there`` holds exact numbers. Empty where that cannot be told.
    """
    found: list[Slack] = []
    for x, y, here in supports.pairs[profile]:
        if here[cell]:
            found += [
                slack
                for basis, its in ((x, profile[1]), (y, profile[0]))
                for slack in _lost(basis, its, profile, there)
            ]
    return list(dict.fromkeys(found))


def _lost(basis: Basis, met: Actions, profile: Profile, there: NDArray[np.object_]) -> list[Slack]:
    """The conditions of one vertex, and of the other player's actions ``met`` being best replies to it, that fail."""
    player, other = basis.player, 1 - basis.player
    signs = conditions(basis, there)
    if signs is None:
        return []
    shares, losses = signs
    found = [
        Slack(player, "mixing", 0.0, 0.0, (), (), action, profile, profile)
        for action, share in shares.items()
        if share <= 0 and len(basis.actions) > 1
    ]
    for reply, loss in losses.items():
        if loss < 0:
            found.append(_deviation(other, next(own for own in (*met, *basis.replies) if own != reply), reply, profile))
        elif loss > 0 and reply in met:
            found += [_deviation(other, reply, best, profile) for best in basis.replies if best != reply]
    return found


def _deviation(player: int, stay: int, leave: int, profile: Profile) -> Slack:
    """The slack of one player's deviation from a profile."""
    if any(len(used) > 1 for used in profile):
        return Slack(player, "mixed deviation", 0.0, 0.0, (), (), leave, profile, profile)
    first, second = (
        tuple(action if k == player else used[0] for k, used in enumerate(profile)) for action in (stay, leave)
    )
    return Slack(player, "deviation", 0.0, 0.0, first, second)


def conditions(basis: Basis, payoffs: NDArray[np.object_]) -> tuple[dict[int, int], dict[int, int]] | None:
    """The signs of the probabilities of a basis, and of what each other reply loses, in one game.

    None where the actions and replies determine no strategy.
    """
    from flint import fmpq_mat

    table = payoffs[1 - basis.player] if basis.player == 0 else payoffs[1 - basis.player].T
    size = len(basis.actions)
    rows = [[*(table[action, reply] for action in basis.actions), -1] for reply in basis.replies]
    system = fmpq_mat(size + 1, size + 1, [value for row in rows for value in row] + [1] * size + [0])
    if system.det() == 0:
        return None
    *strategy, level = system.solve(fmpq_mat(size + 1, 1, [0] * size + [1])).entries()
    shares = {action: sign(share) for action, share in zip(basis.actions, strategy, strict=True)}
    losses = {}
    for reply in range(table.shape[1]):
        if reply not in basis.replies:
            pays = sum((table[action, reply] * share for action, share in zip(basis.actions, strategy, strict=True)), 0)
            losses[reply] = sign(level - pays)
    return shares, losses
