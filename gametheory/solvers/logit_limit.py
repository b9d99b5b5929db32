"""Which equilibrium do players come to who start from random play and make ever fewer mistakes?

The principal branch of logit equilibria starts at the centroid and tends, as the precision grows, to one Nash
equilibrium of almost every game (McKelvey and Palfrey 1995). That equilibrium is selected.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gametheory import certify
from gametheory.games.strategic import FloatArray, Games
from gametheory.solutions import COMPLETE, DEGENERATE, FAILED, PARTIAL, Solutions
from gametheory.solvers import vertices
from gametheory.solvers.listing import listed
from gametheory.solvers.principal_branch import (
    NOT_FINITE,
    OUT_OF_TIME,
    Ends,
    Layout,
    ends,
    layout,
    probabilities,
    split,
)
from gametheory.solvers.task import Task

NEAR = 1e-4  # largest distance between the end of the branch and an equilibrium that is taken for its limit
FADING = (1e-3, 0.05, 0.3, math.inf)  # speeds, by log precision, from which an action is tried as one that leaves play
LINGERING = -50.0  # speed above which an action leaves play like a power of the precision: it ties with the best
GONE = -700.0  # log-probability of what a float cannot tell from 0
ROUNDS = 30
SELECTED = "one equilibrium, selected by design: the limit of the principal logit branch, as far as rounding shows it"
FORKED = (
    SELECTED + "; on the way branches cross, as in symmetric games, or pass each other more closely than rounding can"
    " tell, and the one straight ahead was followed"
)
SMALL = 6  # actions a player up to which all equilibria of a game are listed where its branch shows no limit
ALONE = "one equilibrium, selected by design: the only one of the game, so that the principal logit branch tends to it"


@dataclass(frozen=True, eq=False)
class Limits:
    """The equilibria ``[game, action]`` a player that branches tend to, the distance left, and which were found.

    Those that are ``alone`` are the limit because the game has no other equilibrium, whatever the last point shows.
    """

    strategies: tuple[FloatArray, ...]
    distance: FloatArray
    found: NDArray[np.bool_]
    alone: NDArray[np.bool_]


def solve(games: Games, task: Task) -> Solutions:
    """Find the equilibrium that the principal logit branch tends to, in games of any number of players.

    The branch is followed until precision times payoffs in play is 1e9 (or further, or until all but one action a
    player are out of play), then the equilibrium beside it is solved for and certified. That the branch tends to it is
    read from the last point, not proved. Where no equilibrium lies within 1e-4, as where payoffs of many sizes keep
    rounding from following the branch far enough, and the game is not one of two players and few actions with a single
    equilibrium, it fails and the reason says so.
    """
    at_end = ends(games, math.inf, task)
    return selection(games, at_end, limits(games, at_end, task))


def selection(games: Games, at_end: Ends, limit: Limits) -> Solutions:
    """Certify the limits of the branches as Solutions."""
    game = np.flatnonzero(limit.found)
    strategies = tuple(own[game] for own in limit.strategies)
    unsettled = "the principal branch has not settled at the largest precision that rounding allows"
    return listed(
        games,
        game,
        strategies,
        concept="logit_limit",
        reasons=[
            (at_end.status == NOT_FINITE, FAILED, "a payoff is not a finite number"),
            (at_end.status == OUT_OF_TIME, FAILED, "the time was over before this game's turn"),
            (~limit.found & (at_end.status != 0), FAILED, "the principal branch could not be followed to its limit"),
            (~limit.found, FAILED, unsettled),
            (limit.alone, PARTIAL, ALONE),
            (at_end.crossings > 0, PARTIAL, FORKED),
            (np.ones(len(games), dtype=bool), PARTIAL, SELECTED),
        ],
    )


def limits(games: Games, at_end: Ends, task: Task) -> Limits:
    """Find the equilibrium beside the last point of every branch that could be followed, else the only one there is."""
    plan = layout(games.shape)
    reached = np.flatnonzero(at_end.status == 0)
    last = np.concatenate(probabilities(at_end.log_probabilities, plan.starts), axis=1)
    flat, distance = np.zeros_like(last), np.full(len(games), np.inf)
    for fading, binding in product(FADING, (True, False)):
        waiting = reached[~(distance[reached] <= NEAR)]
        if not len(waiting):
            break
        lowest = GONE if fading < math.inf else math.log(NEAR)  # where speeds are rounding, only size is left to go by
        used = (at_end.slopes[waiting] > -fading) & (at_end.log_probabilities[waiting] > lowest)
        tied = used | (binding & (at_end.slopes[waiting] > LINGERING))
        tried = _solved(games, waiting, last[waiting], used, tied, plan)
        away = np.abs(tried - last[waiting]).max(axis=1)
        sound = certify.check(games.payoffs, waiting, split(tried, plan.starts)).sound
        good = sound & (away <= NEAR)
        flat[waiting[good]], distance[waiting[good]] = tried[good], away[good]
    alone, only = _only_equilibria(games, ~(distance <= NEAR) & (at_end.status != OUT_OF_TIME), task)
    flat[alone], distance[alone] = only, np.abs(only - last[alone]).max(axis=1, initial=0.0)
    is_alone = np.isin(np.arange(len(games)), alone)
    return Limits(split(flat, plan.starts), distance, is_alone | (distance <= NEAR), is_alone)


def _only_equilibria(games: Games, wanted: NDArray[np.bool_], task: Task) -> tuple[NDArray[np.intp], FloatArray]:
    """Which of the wanted games are small and have one equilibrium only, and that equilibrium, players in one row.

    As the precision grows logit equilibria come near to nothing but equilibria (McKelvey and Palfrey 1995, theorem 2).
    """
    chosen = np.flatnonzero(wanted & games.finite & (len(games.players) == 2) & (max(games.shape) <= SMALL))
    if not len(chosen):
        return chosen, np.empty((0, sum(games.shape)))
    every = vertices.solve(games[chosen], Task(workers=task.workers, seconds=task.seconds))
    proved = np.isin(every.certificates.verdict, (COMPLETE, DEGENERATE)) & (every.count == 1)
    places = np.flatnonzero(proved[every.game])
    return chosen[every.game[places]], np.concatenate([own[places] for own in every.strategies], axis=1)


def _solved(
    games: Games,
    chosen: NDArray[np.intp],
    last: FloatArray,
    used: NDArray[np.bool_],
    tied: NDArray[np.bool_],
    plan: Layout,
) -> FloatArray:
    """Solve for equal payoffs of the tied actions; rows of zeros where that fails. Pure supports need no solving."""
    tried = np.where(used, last, 0.0)
    sizes = np.add.reduceat(used, plan.starts[:-1], axis=1)
    pure = (sizes == 1).all(axis=1)
    tried[pure] = used[pure]
    tried[(sizes == 0).any(axis=1)] = 0.0
    for place in np.flatnonzero(~pure & (sizes > 0).all(axis=1)):
        payoffs = games.payoffs[chosen[place]].reshape(len(games.players), -1)
        tried[place] = indifferent(np.ascontiguousarray(payoffs), plan, used[place], tied[place], tried[place])
    return tried


def indifferent(
    payoffs: FloatArray, plan: Layout, used: NDArray[np.bool_], tied: NDArray[np.bool_], start: FloatArray
) -> FloatArray:
    """Move from ``start`` to a profile at which each player's tied actions pay the same; zeros where there is none.

    Newton's method on ``payoffs[player, cell]``, in shares of each probability in use and of the payoffs in play; where
    the solutions form a continuum the step is the smallest. Probabilities of all players stand one after the other.
    """
    from gametheory.kernels.logit_response import respond

    actions, equal, players = np.flatnonzero(used), np.flatnonzero(tied), len(plan.starts) - 1
    owner = np.searchsorted(plan.starts, np.arange(len(start)), side="right") - 1
    member = (owner[:, np.newaxis] == np.arange(players)).astype(np.float64)
    x, n = start.copy(), len(start)
    values, slopes, size, unused = np.empty(n), np.empty((n, n)), np.empty(n), np.empty((n, n))
    for _ in range(ROUNDS):
        respond(payoffs, plan.places, x, values, slopes)
        respond(np.abs(payoffs), plan.places, x, size, unused)
        widest = np.array([size[tied & (owner == k)].max() for k in range(players)])
        widest[widest == 0] = 1.0  # nothing in play pays anything: no equation says anything
        scale = widest[owner][:, np.newaxis]
        average = member @ (member.T @ (x * values))
        left = np.block(
            [
                [(slopes * x / scale)[np.ix_(equal, actions)], (-member * widest / scale)[equal]],
                [(member.T * x)[:, actions], np.zeros((players, players))],
            ]
        )
        right = np.concatenate([((average - values) / scale[:, 0])[equal], 1 - member.T @ x])
        change = np.linalg.lstsq(left, right, rcond=1e-11)[0][: len(actions)]
        x[actions] *= 1 + change
        if not (np.isfinite(x).all() and (x >= 0).all()):
            return np.zeros(n)
        if np.abs(change).max() <= 4e-16:
            break
    for k in range(players):
        x[plan.starts[k] : plan.starts[k + 1]] /= x[plan.starts[k] : plan.starts[k + 1]].sum() or 1.0
    return x
