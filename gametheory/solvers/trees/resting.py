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
    Mixtures of actions that are all best for some belief are not tried. Where more than 64 ways would have to be looked
    at and none of those that were keeps the path, the word says that it could not be told.

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
    """Whether some credible play at the ``freed[row, set]`` sets leaves an equilibrium, and whether all was tried."""
    row, ways, told = _ways(games, game, behaviour, freed)
    beliefs, _ = believed(games, game[row], ways)
    content = certificate.check(games, game[row], ways, beliefs, limits=False).no_plan_gain
    return np.bincount(row[content], minlength=len(game)) > 0, told


def _ways(
    games: ExtensiveGames, game: IntArray, behaviour: FloatArray, freed: BoolArray
) -> tuple[IntArray, FloatArray, BoolArray]:
    """The ways to play the freed sets with actions that are best for some belief, given how play goes on.

    The row that each comes from, its behaviour, and whether all ways of a row are listed. The deepest sets come first.
    """
    tree = games.tree
    row, found, told = np.arange(len(game)), behaviour, np.ones(len(game), dtype=bool)
    depth = tree.depth
    for number in sorted(range(len(tree.sets)), key=lambda k: -max(depth[node] for node in tree.sets[k].nodes)):
        if not freed[:, number].any():
            continue
        pays = move_values(tree, node_values(games, game[row], found), number)
        scale = np.abs(games.payoffs[game[row]]).max(axis=(1, 2))
        best = _credible(pays, SLIGHT * scale) & freed[row, number][:, np.newaxis]
        first, stop = (int(place) for place in tree.first_move[number : number + 2])
        kept = np.flatnonzero(~freed[row, number])
        place, action = np.nonzero(best)
        changed = found[place]
        changed[:, first:stop] = 0.0
        changed[np.arange(len(place)), first + action] = 1.0
        order = np.argsort(np.concatenate([kept, place]), kind="stable")
        row = np.concatenate([row[kept], row[place]])[order]
        found = np.concatenate([found[kept], changed])[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        told[row[rank >= MOST_WAYS]] = False
        row, found = row[rank < MOST_WAYS], found[rank < MOST_WAYS]
    return row, found, told


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
