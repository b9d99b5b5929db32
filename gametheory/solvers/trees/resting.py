"""On which of the choices that nobody would carry out does an equilibrium rest?

A choice off the path that another action beats whatever is believed there is a *threat* (or a promise) where the
outcome rests on it: if what stays off the path were played as its players would carry it out, somebody would leave the
path. Where some such play leaves everybody content, the choice is idle: the outcome stands without it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, IntArray
from gametheory.solvers.programs import matrix_game
from gametheory.solvers.trees import certificate
from gametheory.solvers.trees.play import believed, ends_under, move_values, node_values
from gametheory.solvers.trees.threats import least_gain
from gametheory.tree_solutions import Threat

__all__ = ["IDLE", "RESTS", "UNTOLD", "resting"]

BoolArray = NDArray[np.bool_]

RESTS, IDLE, UNTOLD = "incredible threat", "idle incredible choice", "incredible choice, perhaps a threat"
SLIGHT = 1e-9  # of the payoffs in play: what an action may lose and still count as best
MOST_WAYS = 64  # ways to play off the path of one solution that are looked at
MOST_NUMBERS = 1 << 22  # numbers in the table of what each node is worth in each way, so that it takes 32 MB


def resting(
    games: ExtensiveGames, game: IntArray, behaviour: FloatArray, found: list[tuple[Threat, ...]]
) -> tuple[list[tuple[Threat, ...]], list[tuple[Threat, ...]], list[str]]:
    """The incredible choices that each solution rests on, those that are idle, and a word for the solution.

    ``found`` are the incredible choices of each solution. Every information set that play does not reach is given, from
    the last in the tree to the first, each action that is best there for some belief. Where some of these ways to play
    off the path keep the path an equilibrium, all choices are idle. Else the threats are those that break it alone,
    with the other choices as they are; where none does the outcome rests on all together (``Threat.alone`` is False).
    Of mixtures only the solution's own and even ones are tried. So the word says that it could not be told where
    mixtures of several ways might deter what none of them deters alone, in that no one departure from the path pays
    in every way, and where more than 64 ways would have to be looked at and none of those that were keeps the path.

    >>> from gametheory.formats import parse_efg
    >>> games = parse_efg('EFG 2 R "" { "a" "b" } p "" 1 1 { "in" "out" } 0 '
    ...     'p "" 2 1 { "yield" "fight" } 0 t "" 1 { 2 1 } t "" 2 { 0 0 } t "" 3 { 1 2 }')
    >>> fight = (Threat(1, 1, 1.0),)
    >>> out = np.array([[0.0, 1.0, 0.0, 1.0]])
    >>> resting(games, np.zeros(1, dtype=np.int64), out, [fight]) == ([fight], [()], [RESTS])
    True
    """
    threats: list[tuple[Threat, ...]] = [() for _ in found]
    idle, words = list(threats), ["" for _ in found]
    rows = np.array([row for row, own in enumerate(found) if own], dtype=np.int64)
    step = max(1, MOST_NUMBERS // (MOST_WAYS * len(games.tree) * len(games.players)))
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        off = _unreached(games, game[some], behaviour[some])
        stands, told = _stands(games, game[some], behaviour[some], off)
        for place, row in enumerate(some.tolist()):
            if stands[place]:
                idle[row], words[row] = found[row], IDLE
            else:
                threats[row], words[row] = found[row], RESTS if told[place] else UNTOLD
        several = [place for place, row in enumerate(some.tolist()) if words[row] == RESTS and len(found[row]) > 1]
        if several:
            _name(games, game[some], behaviour[some], off, (several, some, threats, idle))
    return threats, idle, words


Listed = tuple[list[int], NDArray[np.int64], list[tuple[Threat, ...]], list[tuple[Threat, ...]]]


def _name(games: ExtensiveGames, game: IntArray, behaviour: FloatArray, off: BoolArray, listed: Listed) -> None:
    """Move to the idle ones the threats without which, alone, the outcome stands; all stay where that would be all."""
    several, some, threats, idle = listed
    after = _after(games)
    asked = [(place, choice) for place in several for choice in threats[int(some[place])]]
    places = np.array([place for place, _ in asked])
    own = off[places] & after[[choice.information_set for _, choice in asked]]
    for line, (place, choice) in enumerate(asked):
        others = {held.information_set for held in threats[int(some[place])]} - {choice.information_set}
        own[line, sorted(others)] = False
    stands, _ = _stands(games, game[places], behaviour[places], own)
    for place in several:
        row = int(some[place])
        kept = [choice for (at, choice), good in zip(asked, stands.tolist(), strict=True) if at == place and not good]
        idle[row] = tuple(choice for choice in threats[row] if choice not in kept) if kept else ()
        threats[row] = tuple(kept) or tuple(choice._replace(alone=False) for choice in threats[row])


def _stands(
    games: ExtensiveGames, game: IntArray, behaviour: FloatArray, freed: BoolArray
) -> tuple[BoolArray, BoolArray]:
    """Whether some credible play at the ``freed[row, set]`` sets leaves an equilibrium, and whether this is settled."""
    row, ways, told = _ways(games, game, behaviour, freed, mixed=False)
    stands = _content(games, game, row, ways)
    several = np.bincount(row, minlength=len(game)) > 1
    told &= ~several | _broken(games, game, row, ways)
    left = np.flatnonzero(several & ~stands & ~told)
    if len(left):
        its, mixtures, _ = _ways(games, game[left], behaviour[left], freed[left], mixed=True)
        stands[left] = _content(games, game[left], its, mixtures)
    return stands, told


def _content(games: ExtensiveGames, game: IntArray, row: IntArray, ways: FloatArray) -> BoolArray:
    """Whether one of the ways of each row is an equilibrium in plans: ``bool[row]``."""
    beliefs, _ = believed(games, game[row], ways)
    content = certificate.check(games, game[row], ways, beliefs, limits=False).no_plan_gain
    return np.bincount(row[content], minlength=len(game)) > 0


def _broken(games: ExtensiveGames, game: IntArray, row: IntArray, ways: FloatArray) -> BoolArray:
    """Whether one departure from the path pays in all ways of a row, with what its player does later as in one of them.

    What a departure pays is linear in what the others do at each set, so that it then pays in every mixture of the
    ways too.
    """
    broken = np.zeros(len(game), dtype=bool)
    start, count = np.searchsorted(row, np.arange(len(game))), np.bincount(row, minlength=len(game))
    for rank in range(int(count.max(initial=0))):
        open_rows = np.flatnonzero(~broken & (count > rank))
        if not len(open_rows):
            break
        some = np.flatnonzero(np.isin(row, open_rows))
        later = ways[(start + rank)[row[some]]]
        broken[open_rows] = _departs(games, game, row[some], ways[some], later)[open_rows]
    return broken


def _departs(games: ExtensiveGames, game: IntArray, row: IntArray, ways: FloatArray, later: FloatArray) -> BoolArray:
    """Whether a departure pays in all ways of a row where its player goes on as in ``later[way, move]``."""
    tree = games.tree
    slight = SLIGHT * np.abs(games.payoffs[game]).max(axis=(1, 2))
    values = node_values(games, game[row], ways)[:, 0]
    reached = ~_unreached(games, game[row], ways)
    found = np.zeros(len(game), dtype=bool)
    for move, number in enumerate(tree.set_of_move.tolist()):
        if not (reached[:, number] & (ways[:, move] <= 0)).any():
            continue
        player = tree.sets[number].player
        own = (tree.player_of_set == player)[tree.set_of_move] & ~reached[:, tree.set_of_move]
        departs = np.where(own, later, ways)
        departs[:, tree.first_move[number] : tree.first_move[number + 1]] = 0.0
        departs[:, move] = 1.0
        gain = node_values(games, game[row], departs)[:, 0, player] - values[:, player]
        least = np.full(len(game), np.inf)
        np.minimum.at(least, row, np.where(reached[:, number], gain, -np.inf))
        found |= np.isfinite(least) & (least > slight)
    return found


def _ways(
    games: ExtensiveGames, game: IntArray, behaviour: FloatArray, freed: BoolArray, *, mixed: bool
) -> tuple[IntArray, FloatArray, BoolArray]:
    """The ways to play the freed sets with actions that are best for some belief, given how play goes on.

    The row that each comes from, its behaviour, and whether all ways of a row are listed. The deepest sets come first.
    Where ``mixed``, sets are also given the solution's own mixture and the even one, if they are best for some belief.
    """
    tree = games.tree
    row, found, told = np.arange(len(game)), behaviour, np.ones(len(game), dtype=bool)
    depth = tree.depth
    for number in sorted(range(len(tree.sets)), key=lambda k: -max(depth[node] for node in tree.sets[k].nodes)):
        if not freed[:, number].any():
            continue
        pays = move_values(tree, node_values(games, game[row], found), number)
        slight = SLIGHT * np.abs(games.payoffs[game[row]]).max(axis=(1, 2))
        best = _credible(pays, slight) & freed[row, number][:, np.newaxis]
        first, stop = (int(place) for place in tree.first_move[number : number + 2])
        kept = np.flatnonzero(~freed[row, number])
        place, action = np.nonzero(best)
        played = np.eye(stop - first)[action]
        if mixed:
            more = [
                (k, own)
                for k in np.flatnonzero(best.sum(axis=1) > 1).tolist()
                for own in _mixtures(pays[k], best[k], behaviour[row[k], first:stop], float(slight[k]))
            ]
            place = np.concatenate([place, np.array([k for k, _ in more], dtype=place.dtype)])
            played = np.concatenate([played, np.array([own for _, own in more]).reshape(-1, stop - first)])
        changed = found[place]
        changed[:, first:stop] = played
        order = np.argsort(np.concatenate([kept, place]), kind="stable")
        row = np.concatenate([row[kept], row[place]])[order]
        found = np.concatenate([found[kept], changed])[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        told[row[rank >= MOST_WAYS]] = False
        row, found = row[rank < MOST_WAYS], found[rank < MOST_WAYS]
    return row, found, told


def _mixtures(pays: FloatArray, best: BoolArray, own: FloatArray, slight: float) -> list[FloatArray]:
    """The even mixture of the credible actions and the solution's own, where one belief makes all that is in use best.

    ``pays[node, action]``.
    """
    tried = [best / best.sum(), *([own] if (own > 0).sum() > 1 else [])]
    return [mixture for mixture in tried if least_gain(pays, mixture)[0] <= slight]


def _credible(pays: FloatArray, slight: FloatArray) -> BoolArray:
    """Which actions are best for some belief: ``bool[row, action]`` from ``pays[row, node, action]``."""
    slack = slight[:, np.newaxis]
    best = (pays >= pays.max(axis=2, keepdims=True) - slack[:, :, np.newaxis]).any(axis=1)
    if pays.shape[1] == 1 or pays.shape[2] == 2:
        return np.asarray(best)  # of two actions the one that is best for some belief is best at some node
    for row, action in zip(*np.nonzero(~best), strict=True):
        better = pays[row][:, [action]] - pays[row]
        belief = np.array(matrix_game(better).strategy, dtype=np.float64)
        best[row, action] = (belief @ better).min() >= -slight[row]
    return np.asarray(best)


def _unreached(games: ExtensiveGames, game: IntArray, behaviour: FloatArray) -> BoolArray:
    """Which information sets play does not come to: ``bool[row, set]``."""
    reached = games.tree.reach(behaviour, games.chances[game])
    return np.stack([reached[:, list(own.nodes)].sum(axis=1) <= 0 for own in games.tree.sets], axis=1)


def _after(games: ExtensiveGames) -> BoolArray:
    """Which information sets have a node at or after one of each set: ``bool[set, set]``."""
    tree = games.tree
    under = ends_under(tree)
    found = np.eye(len(tree.sets), dtype=bool)
    for number, own in enumerate(tree.sets):
        for other, its in enumerate(tree.sets):
            found[number, other] |= any(
                node < after and under[node].start <= under[after].start and under[after].stop <= under[node].stop
                for node in own.nodes
                for after in its.nodes
            )
    return found
