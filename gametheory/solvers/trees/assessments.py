"""Every sequential, or subgame-perfect, equilibrium of small trees, off-path mixing and ties included.

For each choice of moves in use the conditions are solved as polynomials in the probabilities and beliefs, for all games
of a batch at once. What is listed are the corners of each connected piece; beliefs that a solution leaves open are
shown at an inner value. The certificate, which shares nothing with this search, decides what is kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, IntArray
from gametheory.solvers.trees.boxes import search
from gametheory.solvers.trees.cells import Open, Point, System, settle
from gametheory.solvers.trees.certificate import TreeCheck, check, subgame_gains
from gametheory.solvers.trees.conditions import Conditions, Ground, conditions
from gametheory.solvers.trees.play import believed
from gametheory.solvers.trees.polynomials import at_rows, total
from gametheory.solvers.trees.supports import Walk, choices

BoolArray = NDArray[np.bool_]

SAME = 1e-8  # behaviour that differs by less is the same
TINY = 1e-11  # probabilities below this are rounding
MOST_SEARCHED = 40  # choices of moves of one game that are searched by boxes
OPEN = "a choice of moves was left open: its conditions could be neither solved nor excluded"
LINKED = "some beliefs hang together by the mistakes behind them, and not all combinations could be checked"
UNCONFIRMED = "a candidate was not confirmed by the certificate"
GIVEN_UP = "not every choice of moves was looked at: there are too many, or the time was up"


@dataclass(frozen=True, eq=False)
class Piece:
    """Solutions of one choice of moves: game, behaviour and beliefs of each, and the conditions that they solve.

    Solutions of one ``origin`` in one game hang together: they are corners of one polytope. On an ``edge`` some of the
    moves have probability 0. Such a corner is a limit of solutions, and then one itself, or there are none inside.
    """

    game: IntArray
    behaviour: FloatArray
    beliefs: FloatArray
    origin: System
    linked: bool
    edge: BoolArray


@dataclass(frozen=True, eq=False)
class Assessments:
    """Equilibria sorted by game, with what the certificate says of them and the doubts about the list of each game.

    ``tied[game]`` says that equilibria form continua of which the corners are listed.
    """

    game: IntArray
    behaviour: FloatArray
    beliefs: FloatArray
    component: IntArray
    seen: TreeCheck
    tied: BoolArray
    doubts: dict[str, BoolArray] = field(default_factory=dict)


def assessments(games: ExtensiveGames, *, everywhere: bool, rows: BoolArray, deadline: float) -> Assessments:
    """Search the games ``rows`` of a batch; ``everywhere`` asks for sequential, else for subgame-perfect equilibria."""
    ground = Ground(games, everywhere)
    walk = Walk(deadline, np.zeros(len(games), dtype=np.int64))
    left_open = np.zeros(len(games), dtype=bool)
    pieces: list[Piece] = []
    for used, own in choices(ground, rows, walk):
        asked = conditions(ground, used, own)
        if asked is not None:
            pieces += [_piece(ground, asked, point) for point in _points(asked, left_open, walk)]
    doubts = {OPEN: left_open, GIVEN_UP: walk.given_up}
    return _listed(ground, pieces, doubts)


def induced(games: ExtensiveGames, behaviour: FloatArray, rows: NDArray[np.intp]) -> Assessments:
    """The one equilibrium of each of the games ``rows``, ``behaviour[game, move]``, where every set is one node."""
    game, own = rows.astype(np.int64), behaviour[rows]
    beliefs, _ = believed(games, game, own)
    seen = check(games, game, own, beliefs)
    lost = np.zeros(len(games), dtype=bool)
    lost[game[~(seen.valid & seen.no_set_gain)]] = True
    none = np.zeros(len(games), dtype=bool)
    return Assessments(game, own, beliefs, np.zeros(len(game), dtype=np.int64), seen, none, {UNCONFIRMED: lost})


def merged(first: Assessments, second: Assessments) -> Assessments:
    """The equilibria of two lists about different games of one batch."""
    order = np.argsort(np.concatenate([first.game, second.game]), kind="stable")
    columns = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])[order]
        for name in ("game", "behaviour", "beliefs", "component")
    }
    seen = {name: np.concatenate([own, getattr(second.seen, name)])[order] for name, own in vars(first.seen).items()}
    doubts = dict(second.doubts)
    for why, games in first.doubts.items():
        doubts[why] = doubts[why] | games if why in doubts else games
    return Assessments(**columns, seen=TreeCheck(**seen), tied=first.tied | second.tied, doubts=doubts)


def _points(asked: Conditions, left_open: BoolArray, walk: Walk) -> Iterator[Point]:
    """The solutions of the conditions; games in which some stay open are marked."""
    for outcome in settle(asked.system):
        if isinstance(outcome, Point):
            yield outcome
            continue
        yield from _searched(outcome, left_open, walk)


def _searched(outcome: Open, left_open: BoolArray, walk: Walk) -> Iterator[Point]:
    """What a search of boxes finds of conditions that elimination does not settle."""
    system = outcome.system
    for place, row in enumerate(system.rows.tolist()):
        walk.searched[row] += 1
        if walk.searched[row] > MOST_SEARCHED or time.monotonic() > walk.deadline:
            left_open[row] = True
            continue
        found = search(system, place)
        left_open[row] |= not found.all_found
        for values in found.points:
            known = {number: own[place : place + 1] for number, own in system.known.items()}
            known |= {number: values[k : k + 1] for k, number in enumerate(found.numbers)}
            yield Point(system.rows[place : place + 1], known, replace(system))


def _piece(ground: Ground, asked: Conditions, point: Point) -> Piece:
    """Behaviour and beliefs of solutions of one choice of moves."""
    tree = ground.tree
    place = np.searchsorted(asked.system.rows, point.rows)
    behaviour = np.zeros((len(point.rows), tree.move_count))
    for move, share in asked.shares.items():
        behaviour[:, move] = total(at_rows(share, place), point.known)
    behaviour = np.where(behaviour <= TINY, 0.0, behaviour)
    for first, stop in zip(tree.first_move[:-1], tree.first_move[1:], strict=True):
        behaviour[:, first:stop] /= behaviour[:, first:stop].sum(axis=1, keepdims=True)
    beliefs, _ = believed(ground.games, point.rows, behaviour)
    good = np.ones(len(point.rows), dtype=bool)
    for number in asked.demanded:
        nodes = list(tree.sets[number].nodes)
        weight = np.stack([total(at_rows(asked.weights[node], place), point.known) for node in nodes], axis=1)
        whole = weight.sum(axis=1, keepdims=True)
        good &= whole[:, 0] > TINY  # else this is the edge of a piece, where the set is reached in no way any more
        beliefs[:, nodes] = np.maximum(weight, 0.0) / np.where(whole > TINY, whole, 1.0)
    edge = np.asarray((behaviour[:, list(asked.shares)] <= 0).any(axis=1), dtype=bool)
    rows = point.rows[good].astype(np.int64)
    return Piece(rows, behaviour[good], beliefs[good], point.origin, asked.linked, edge[good])


def _listed(ground: Ground, pieces: list[Piece], doubts: dict[str, BoolArray]) -> Assessments:
    """Put the pieces together: check, drop what stands twice, number the connected pieces."""
    games, tree = ground.games, ground.tree
    game = np.concatenate([np.zeros(0, dtype=np.int64), *(piece.game for piece in pieces)])
    behaviour = np.concatenate([np.zeros((0, tree.move_count)), *(piece.behaviour for piece in pieces)])
    beliefs = np.concatenate([np.zeros((0, len(tree))), *(piece.beliefs for piece in pieces)])
    seen = check(games, game, behaviour, beliefs, limits=ground.everywhere)
    if ground.everywhere:
        good = seen.valid & seen.no_set_gain & seen.consistent
    else:
        good = seen.valid & subgame_gains(games, game, behaviour)[1]
    number = np.repeat(np.arange(len(pieces)), [len(own.game) for own in pieces])
    origins = {id(own.origin): k for k, own in enumerate(pieces)}
    piece = np.array([origins[id(own.origin)] for own in pieces], dtype=np.int64)[number]
    linked = np.array([own.linked for own in pieces], dtype=bool)[number]
    unsure = np.zeros(len(games), dtype=bool)
    unsure[game[~good & linked]] = True
    lost = np.zeros(len(games), dtype=bool)
    edge = np.concatenate([np.zeros(0, dtype=bool), *(own.edge for own in pieces)])
    lost[game[~good & ~linked & ~edge]] = True
    shown = behaviour
    if not ground.everywhere:  # the concept says nothing of what own moves within the smallest subgame exclude
        told = tree.open_sets(behaviour, by_subgame=True)
        shown = np.where(told[:, tree.set_of_move], behaviour, -1.0)
    order = _sorted(game, shown, np.flatnonzero(good))
    kept, component, tied = _distinct(game, shown, piece, order, len(games))
    return Assessments(
        game[kept],
        behaviour[kept],
        beliefs[kept],
        component,
        _rows_of(seen, kept),
        tied,
        {LINKED: unsure, **doubts, UNCONFIRMED: lost},
    )


def _sorted(game: IntArray, behaviour: FloatArray, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows by game, then by behaviour, the first moves foremost."""
    rounded = np.round(behaviour[rows], 7)
    return rows[np.lexsort([*(-rounded[:, move] for move in reversed(range(behaviour.shape[1]))), game[rows]])]


def _distinct(
    game: IntArray, behaviour: FloatArray, piece: IntArray, order: NDArray[np.intp], count: int
) -> tuple[NDArray[np.intp], IntArray, BoolArray]:
    """The first of each run of equal rows, the component of each, and the games in which a component has several.

    Pieces that share a row hang together, and so do rows of one piece.
    """
    kept: list[int] = []
    parts: list[set[int]] = []  # the pieces in which each kept row lies
    for row in order.tolist():
        start = len(kept) - 1
        while start >= 0 and game[kept[start]] == game[row]:
            if np.abs(behaviour[kept[start]] - behaviour[row]).max(initial=0.0) <= SAME:
                parts[start].add(int(piece[row]))
                break
            start -= 1
        else:
            kept.append(row)
            parts.append({int(piece[row])})
    component = np.zeros(len(kept), dtype=np.int64)
    tied = np.zeros(count, dtype=bool)
    rows = np.array(kept, dtype=np.intp)
    for own in np.unique(game[rows]) if kept else []:
        places = np.flatnonzero(game[rows] == own).tolist()
        numbers = _groups([parts[place] for place in places])
        component[places] = numbers
        tied[own] = len(set(numbers)) < len(numbers)
    return rows, component, tied


def _groups(parts: list[set[int]]) -> list[int]:
    """Number what hangs together by shared members, in the order of first appearance.

    >>> _groups([{1}, {2}, {1, 3}, {3}])
    [0, 1, 0, 0]
    """
    groups: list[set[int]] = []
    for own in parts:
        joined = set(own)
        for other in [group for group in groups if group & joined]:
            groups.remove(other)
            joined |= other
        groups.append(joined)
    found = [next(k for k, group in enumerate(groups) if group & own) for own in parts]
    names: dict[int, int] = {}
    return [names.setdefault(k, len(names)) for k in found]


def _rows_of(seen: TreeCheck, rows: NDArray[np.intp]) -> TreeCheck:
    """What was seen of some rows."""
    return TreeCheck(**{name: values[rows] for name, values in vars(seen).items()})
