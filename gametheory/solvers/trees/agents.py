"""How is a tree played by people who make mistakes, the rarer the dearer, at each information set?

Agent logit quantal response (McKelvey and Palfrey 1998, Experimental Economics 1): at every information set each action
is played with a probability proportional to the exponential of ``precision`` times what it pays from there on, given
the beliefs that follow from everybody's behaviour, mistakes included. Every set is reached, so beliefs are never free.
The branch that starts at random play is followed as the precision grows. As it goes to infinity the mistakes vanish,
and any limit of the branch is a sequential equilibrium.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gametheory.errors import InputError
from gametheory.games.extensive import ExtensiveGames
from gametheory.games.trees import FloatArray, Tree
from gametheory.markup import described
from gametheory.tree_solutions import TreeSolutions

Complex = NDArray[Any]  # float where values are wanted, complex where derivatives are

SOLVED = 1e-10  # largest error of a point, in units of log-odds
LONGEST, SHORTEST = 2.0, 1e-7  # steps along the branch
FAR = 2_000.0  # precision times the range of payoffs at which following ends
MOST_POINTS = 4_000
NEAR = 0.02  # how far behaviour at the last point may be from the equilibrium that it is taken to tend to
TINY = 1e-30  # the imaginary step of a derivative


@dataclass(frozen=True, eq=False, repr=False)
class AgentBranch:
    """The principal branch of one tree, point by point from random play (precision 0).

    ``precision[k]`` is in 1 / unit of payoff and need not grow from point to point. ``behaviour[k, move]``;
    ``residual[k]`` is the largest difference between log-odds and ``precision`` times what they answer to. ``limit``
    holds the sequential equilibrium nearest to the last point, at ``distance``; it is empty where none is near, and
    ``reason`` says what ended the branch.
    """

    games: ExtensiveGames
    precision: FloatArray
    behaviour: FloatArray
    residual: FloatArray
    limit: TreeSolutions
    distance: float
    reason: str

    def __len__(self) -> int:
        """Number of points."""
        return len(self.precision)

    def __repr__(self) -> str:
        """One line: how far the branch was followed."""
        return f"<AgentBranch: {len(self)} points up to precision {self.precision.max():.6g}; {self.reason}>"

    def _repr_html_(self) -> str:
        """Jupyter's view: how far the branch was followed, and what it tends to."""
        limit = self.limit.described(0) if len(self.limit) else "none found"
        facts: list[tuple[str, object]] = [("points", len(self)), ("largest precision", float(self.precision.max()))]
        facts += [("largest error", float(self.residual.max())), ("tends to", limit)]
        return described("Branch of agent logit", [*facts, ("distance from it", self.distance), ("end", self.reason)])


@dataclass(frozen=True, eq=False)
class Points:
    """Points of the branch from random play on, with what ended it: rows as in `AgentBranch`."""

    precision: FloatArray
    behaviour: FloatArray
    residual: FloatArray
    reason: str


def agent_branch(games: ExtensiveGames, *, precision: float = np.inf, seconds: float = 60.0) -> AgentBranch:
    """Follow the branch of one tree until ``precision``, or to where its limit can be read.

    What is proved: each point answers itself up to ``residual``, and the limit is a sequential equilibrium, found and
    certified apart. That the branch tends to it is read from its last point. Raises InputError unless ``games`` is one
    tree with finite payoffs whose chance moves all have positive probability, and players remember.
    """
    from gametheory.solvers.trees import solve_trees

    if len(games) != 1 or not games.finite.all() or games.tree.forgets or (games.chances <= 0).any():
        raise InputError(
            f"games: {games!r}, expected one tree with finite payoffs, chances above 0 and players who remember; "
            "choose one by games[0]"
        )
    if not precision >= 0:
        raise InputError(f"precision: {precision!r}, expected a number from 0 up, in 1 / unit of payoff")
    found = followed_to(games, precision)
    whole = solve_trees(games, order="sequential", seconds=seconds)
    apart = np.abs(whole.behaviour - found.behaviour[-1]).max(axis=1, initial=0.0)
    distance = float(apart.min(initial=np.inf))
    near = apart.argmin() if len(apart) and distance <= NEAR and precision == np.inf else None
    return AgentBranch(
        games, found.precision, found.behaviour, found.residual, _only(whole, near), distance, found.reason
    )


def followed_to(games: ExtensiveGames, precision: float) -> Points:
    """Follow the branch of one tree to where it first meets a precision; an infinite one ends where limits are read.

    The tree is one that `agent_branch` accepts. Where the branch could not be followed so far, the last precision is
    another and ``reason`` says why.
    """
    system = _System(games)
    points, reason = _followed(system, precision * system.scale if precision < np.inf else FAR)
    return Points(
        np.array([point[-1] for point in points]) / system.scale,
        np.stack([system.behaviour(point[:-1]).real for point in points]),
        np.array([float(np.abs(system.errors(point[np.newaxis])).max(initial=0.0)) for point in points]),
        reason,
    )


def _only(found: TreeSolutions, row: Any) -> TreeSolutions:
    """One of the solutions, or none."""
    rows = [] if row is None else [int(row)]
    columns = ("game", "behaviour", "beliefs", "reached", "payoffs", "regret")
    return replace(
        found,
        **{name: getattr(found, name)[rows] for name in columns},
        component=None if found.component is None else found.component[rows],
        tags=tuple(found.tags[k] for k in rows),
        threats=tuple(found.threats[k] for k in rows),
        idle=tuple(found.idle[k] for k in rows) if found.idle else (),
    )


class _System:
    """Log-odds of all moves against the first of their set, and the errors of their answers."""

    def __init__(self, games: ExtensiveGames) -> None:
        self.tree: Tree = games.tree
        tree = games.tree
        spread = np.ptp(games.payoffs[0], axis=1).max(initial=0.0)
        self.scale = float(spread) or 1.0
        self.payoffs = games.payoffs[0] / self.scale
        self.log_chances = np.log(games.chances[0])
        self.first = tree.first_move[:-1]
        self.free = np.setdiff1d(np.arange(tree.move_count), self.first)

    def logs(self, odds: Complex) -> Complex:
        """Log-probabilities of all moves, ``[row, move]``, from the log-odds of the free ones."""
        whole = np.zeros((len(odds), self.tree.move_count), dtype=odds.dtype)
        whole[:, self.free] = odds
        for start, stop in zip(self.first, self.tree.first_move[1:], strict=True):
            own = whole[:, start:stop]
            own -= own.real.max(axis=1, keepdims=True)
            own -= np.log(np.exp(own).sum(axis=1, keepdims=True))
        return whole

    def behaviour(self, odds: FloatArray) -> FloatArray:
        """Probabilities of all moves at one point."""
        return np.asarray(np.exp(self.logs(odds[np.newaxis])[0]))

    def errors(self, points: Complex) -> Complex:
        """Log-odds less precision times the differences that they answer to: ``[row, free move]``."""
        tree = self.tree
        logs = self.logs(points[:, :-1])
        values = np.zeros((len(points), len(tree), len(tree.players)), dtype=points.dtype)
        values[:, tree.ends] = self.payoffs.T
        shares = np.exp(logs)
        for node in range(len(tree) - 1, 0, -1):
            move = tree.move_to[node]
            share = shares[:, move] if move >= 0 else np.exp(self.log_chances[node])
            values[:, tree.parent[node]] += np.reshape(share, (-1, 1)) * values[:, node]
        gains = np.zeros(logs.shape, dtype=points.dtype)
        for player in range(len(tree.players)):
            reached = self._log_reached(logs, player)
            for number in tree.sets_of(player):
                nodes = list(tree.sets[number].nodes)
                weight = reached[:, nodes]
                weight = np.exp(weight - weight.real.max(axis=1, keepdims=True))
                weight /= weight.sum(axis=1, keepdims=True)
                for place in range(len(tree.sets[number].actions)):
                    after = [tree.children[node][place] for node in nodes]
                    gains[:, tree.first_move[number] + place] = (weight * values[:, after, player]).sum(axis=1)
        gains -= gains[:, self.first[tree.set_of_move]]
        return np.asarray(points[:, :-1] - points[:, -1:] * gains[:, self.free])

    def _log_reached(self, logs: Complex, player: int) -> Complex:
        """Log-probability with which chance and the others let play come to each node."""
        tree = self.tree
        found = np.zeros((len(logs), len(tree)), dtype=logs.dtype)
        for node in range(1, len(tree)):
            before, move = tree.parent[node], tree.move_to[node]
            step = logs[:, move] if move >= 0 else self.log_chances[node]
            found[:, node] = found[:, before] + (0.0 if tree.owner[before] == player else step)
        return found

    def slopes(self, point: FloatArray) -> FloatArray:
        """Derivatives of the errors at one point: ``[free move, free move and precision]``."""
        steps = point[np.newaxis] + 1j * TINY * np.eye(len(point))
        return np.asarray(self.errors(steps).imag.T / TINY)


def _followed(system: _System, stop: float) -> tuple[list[FloatArray], str]:
    """Points of the branch from random play to the precision ``stop``, and what ended it."""
    point = np.zeros(len(system.free) + 1)
    points, ahead, length = [point], np.zeros(len(point)), 0.05
    ahead[-1] = 1.0
    while len(points) < MOST_POINTS:
        if not len(system.free) or stop <= 0:
            return points, "precision reached"
        tangent = _tangent(system.slopes(point), ahead)
        trial = None
        while trial is None and length >= SHORTEST:
            trial = _corrected(system, point + length * tangent, tangent)
            if trial is not None and _tangent(system.slopes(trial), tangent) @ tangent < 0.9:
                trial = None
            if trial is None:
                length /= 2
        if trial is None:
            return points, "no next point could be found"
        if trial[-1] >= stop:
            last = _at_precision(system, point, trial, stop)
            return [*points, trial if last is None else last], "precision reached"
        ahead, point = tangent, trial
        points.append(point)
        length = min(2 * length, LONGEST * max(1.0, point[-1] / 10))
    return points, "the branch has more points than are followed"


def _tangent(slopes: FloatArray, ahead: FloatArray) -> FloatArray:
    """The direction of the branch, on the side of ``ahead``."""
    whole = np.vstack([slopes, ahead])
    right = np.zeros(len(ahead))
    right[-1] = 1.0
    found = np.linalg.lstsq(whole, right, rcond=None)[0]
    return np.asarray(found / np.linalg.norm(found))


def _corrected(system: _System, point: FloatArray, tangent: FloatArray) -> FloatArray | None:
    """The point of the branch near another one, straight across from it; None where Newton's method strays."""
    for _ in range(8):
        errors = system.errors(point[np.newaxis])[0]
        move = np.linalg.lstsq(np.vstack([system.slopes(point), tangent]), np.append(errors, 0.0), rcond=None)[0]
        point = point - move
        if not np.isfinite(point).all():
            return None
        if np.abs(move).max() <= SOLVED * max(1.0, float(np.abs(point).max())):
            return point if np.abs(system.errors(point[np.newaxis])).max() <= 1e-8 else None
    return None


def _at_precision(system: _System, before: FloatArray, after: FloatArray, stop: float) -> FloatArray | None:
    """The point of the branch at a precision between two points."""
    share = (stop - before[-1]) / (after[-1] - before[-1])
    point = before + share * (after - before)
    across = np.zeros(len(point))
    across[-1] = 1.0
    return _corrected(system, point, across)
