"""Which choice of which player ties where the equilibria of a tree change?

An equilibrium stands as long as what is played pays at least as much as every other action at the information sets that
count, and as no probability falls below zero. Of the solutions that end or begin at a place, those of these conditions
bind that have come down to nothing beside it, while farther off they had not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gametheory.solvers.trees import NASH, solve_trees
from gametheory.solvers.trees.play import node_values, reach_of_others
from gametheory.study import without_parameter_warnings

if TYPE_CHECKING:
    from gametheory.games import ExtensiveGames
    from gametheory.model import Model
    from gametheory.tree_solutions import TreeSolutions

__all__ = ["UNNAMED", "blurred", "tied_choices"]

FloatArray = NDArray[np.float64]

UNNAMED = "not identified: no choice of a solution that ends or begins here was found to tie"
ALIKE = 0.05  # how far the behaviour of one solution may move between the place and where it is compared
VANISHED = 1e-3  # share of its size farther off below which a condition has come down to nothing
SLIGHT = 1e-12  # share of the payoffs in play below which a condition is rounding
JUMP = 1e-6  # share of the payoffs in play above which a difference between the two sides is a jump
FAST = 10.0  # times as fast as beside it that something changes which is said to jump
FEW = 3  # choices that are named
ROUNDING, BLUR = 1e-12, 1e-6  # shares of the payoffs' magnitude: what a best choice may lose, and what one read as best


@dataclass(frozen=True)
class Tie:
    """A condition that binds: the set, what is played there, the action that ties, and whether it is a deviation."""

    player: str
    words: str
    deviation: bool
    pure: bool


def tied_choices(model: Model, parameter: str, order: str, bracket: tuple[float, float], far: float) -> tuple[str, str]:
    """The players whose choices tie between the ends of a bracket, and the choices in words.

    ``far`` is how far outside the bracket solutions are compared with themselves. Deviations of solutions without
    mixing are named where there are any, else deviations from mixtures, else probabilities that come down to zero.
    """
    low, high = bracket
    with without_parameter_warnings():
        games = model.trees({parameter: [low - far, low, high, high + far]})
    found = solve_trees(games, order=order)
    ties = [*_ties(found, order, (1, 2, 0), ends=True), *_ties(found, order, (2, 1, 3), ends=False)]
    best = max(((own.deviation, own.pure) for own in ties), default=(False, False))
    named = list(dict.fromkeys((own.player, own.words) for own in ties if (own.deviation, own.pure) == best))
    if not named:
        return "", "; ".join(_jumps(games, (high - low) / far)) or UNNAMED
    more = f"; and {len(named) - FEW} more" if len(named) > FEW else ""
    players = dict.fromkeys(player for player, _ in named)
    return " and ".join(players), "; ".join(words for _, words in named[:FEW]) + more


def _jumps(games: ExtensiveGames, width: float) -> list[str]:
    """The payoffs and the probabilities of chance that are not the same on both sides of the bracket, in words.

    Its ``width`` is a share of the stretch before it; what changes as fast there as within the bracket does not jump.
    """
    tree, told = games.tree, []
    scale = float(np.ptp(games.payoffs[1], axis=1).max(initial=0.0)) or 1.0
    for player, name in enumerate(games.players):
        before, after = games.payoffs[1, player], games.payoffs[2, player]
        steady = FAST * width * np.abs(before - games.payoffs[0, player])
        for end in np.flatnonzero(np.abs(after - before) > np.maximum(JUMP * scale, steady))[:1].tolist():
            place = tree.outcomes[int(tree.outcome[tree.ends[end]])]
            told.append(f"what {place} pays {name} jumps from {before[end]:.6g} to {after[end]:.6g}")
    steady = FAST * width * np.abs(games.chances[1] - games.chances[0])
    if (np.abs(games.chances[2] - games.chances[1]) > np.maximum(JUMP, steady)).any():
        told.append("a probability of chance jumps")
    return told


def _ties(found: TreeSolutions, order: str, games: tuple[int, int, int], *, ends: bool) -> Iterator[Tie]:
    """What ties in the solutions of the first game that the second lacks, against the same solutions in the third."""
    near, across, far = (np.flatnonzero(found.game == game) for game in games)
    used = found.used
    others = {used[s].tobytes() for s in across}
    for s in near:
        if used[s].tobytes() in others:
            continue
        mates = [k for k in far if used[k].tobytes() == used[s].tobytes()]
        apart = [float(np.abs(found.behaviour[k] - found.behaviour[s]).max()) for k in mates]
        if mates and min(apart) <= ALIKE:
            yield from _of_solution(found, order, int(s), int(mates[int(np.argmin(apart))]), ends=ends)


def _of_solution(found: TreeSolutions, order: str, s: int, mate: int, *, ends: bool) -> Iterator[Tie]:
    """What ties in one solution and did not in its mate."""
    tree, used = found.tree, found.used[s]
    pure = "pure" in found.tags[s]
    here, there = _slacks(found, order, s), _slacks(found, order, mate)
    for number, own in enumerate(tree.sets):
        start = int(tree.first_move[number])
        played = [own.actions[k] for k in range(len(own.actions)) if used[start + k]]
        player = found.players[own.player]
        for place, action in enumerate(own.actions):
            now, then = here[start + place], there[start + place]
            if not (np.isfinite(now) and then > SLIGHT and now <= VANISHED * then):
                continue
            if used[start + place]:
                moves = "falls to" if ends else "rises from"
                yield Tie(player, f"{player}: the probability of {action} at {own.name} {moves} zero", False, pure)
            else:
                sides = (" and ".join(played), action) if ends else (action, " and ".join(played))
                yield Tie(player, f"{player}: {sides[0]} -> {sides[1]} at {own.name}", True, pure)


def blurred(model: Model, parameter: str, order: str, bracket: tuple[float, float]) -> bool:
    """Whether games between two places are only read as tied: a choice in use loses a little more than rounding."""
    low, high = bracket
    with without_parameter_warnings():
        games = model.trees({parameter: [0.75 * low + 0.25 * high, 0.25 * low + 0.75 * high]})
    found = solve_trees(games, order=order)
    sizes = np.abs(games.payoffs).max(axis=(1, 2))
    for s in range(len(found)):
        for _, moves, pays in _offered(found, order, s):
            lost = float(pays.max() - pays[found.used[s, moves]].min())
            if ROUNDING * sizes[found.game[s]] < lost <= BLUR * sizes[found.game[s]]:
                return True
    return False


def _slacks(found: TreeSolutions, order: str, s: int) -> FloatArray:
    """What each move loses against the best at its set, as a share of the payoffs; of moves in a mixture their share.

    Infinite for the only move in use at a set, and at sets whose moves are no condition.
    """
    used, slack = found.used[s], np.full(found.tree.move_count, np.inf)
    scale = float(np.ptp(found.games.payoffs[found.game[s]], axis=1).max()) or 1.0
    for _, moves, pays in _offered(found, order, s):
        lost = (pays[used[moves]].max() - pays) / scale
        several = used[moves].sum() > 1
        slack[moves] = np.where(used[moves], np.where(several, found.behaviour[s, moves], np.inf), lost)
    return slack


def _offered(found: TreeSolutions, order: str, s: int) -> Iterator[tuple[int, slice, FloatArray]]:
    """What each move pays at the information sets whose moves are conditions: the set, its moves and their payoffs.

    No conditions are the sets of which the concept says nothing, and for equilibria in plans those that the others keep
    play away from.
    """
    tree, games = found.tree, found.games
    game, behaviour = found.game[[s]], found.behaviour[[s]]
    values = node_values(games, game, behaviour)[0]
    for number, own in enumerate(tree.sets):
        nodes, moves = list(own.nodes), slice(int(tree.first_move[number]), int(tree.first_move[number + 1]))
        if not found.used[s, moves].any():
            continue
        weight = found.beliefs[s, nodes]
        if order == NASH:
            reached = reach_of_others(games, game, behaviour, own.player)[0, nodes]
            if reached.sum() <= 0:
                continue
            weight = reached / reached.sum()
        after = np.array([tree.children[node] for node in nodes])
        yield number, moves, weight @ values[after, own.player]
