"""What would the players do who know only the law of the parameters, or all learn the same part of them?

Players who maximise expected payoffs and know the same play the game of mean payoffs: over all draws where they know
nothing, over the draws of a cell where they have learnt the cell. Learning can then hurt: what the others do with it
may cost more than the player gains (Hirshleifer 1971, American Economic Review 61; Kamien, Tauman and Zamir 1990, Games
and Economic Behavior 2).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.analyses.choosing.action_values import block_values
from gametheory.designs import Scheme
from gametheory.errors import InputError
from gametheory.estimators.information import cell_sums
from gametheory.games import Games
from gametheory.kernels.payoffs import action_payoffs, best_responses
from gametheory.solvers import solve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gametheory.model import Model

__all__ = ["MeanGame", "Public", "Question", "drawn_payoffs", "fixed_answers", "mean_game", "public_value"]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

MOST_BYTES = 2**31  # of payoffs held in memory
PARTS = 10  # parts of the draws, each left out once, from whose spread the standard errors come


class Question(NamedTuple):
    """Who chooses, under which order of play, and against what."""

    player: int
    order: str
    against: str


class MeanGame(NamedTuple):
    """The game of mean payoffs as a batch of one, and what the player gets there at worst and at best."""

    games: Games
    worst: float
    best: float


class Public(NamedTuple):
    """What it is worth that all players learn the cell: at the worst and at the best equilibria, and between bounds.

    ``worst`` compares the worst equilibria of the games of the cells with the worst one of the mean game, ``best`` the
    best ones; ``lower`` and ``upper`` let the selection change with what is learnt. ``failed`` is the share of the
    draws whose cell could not be solved; they are left out.
    """

    worst: float
    best: float
    lower: float
    upper: float
    worst_se: float
    best_se: float
    failed: float


def drawn_payoffs(model: Model, design: Scheme) -> tuple[Games, Mapping[str, FloatArray]]:
    """The games of all draws whose payoffs are finite, and their points; InputError where they would not fit."""
    cells = math.prod(len(player.actions) for player in model.players) * len(model.players)
    if 8 * cells * design.count > MOST_BYTES:
        most = MOST_BYTES // (8 * cells)
        raise InputError(f"samples: the payoffs of {design.count:,} draws would not fit; ask for at most {most:,}")
    blocks = [design.drawn(number) for number in range(design.blocks)]
    points = {name: np.concatenate([own.points[name] for own in blocks]) for name in design.names}
    games = model.games(points)
    kept = games.finite
    return games[kept], {name: column[kept] for name, column in points.items()}


def mean_game(games: Games, question: Question) -> MeanGame:
    """The game of the mean payoffs of all draws; InputError where it could not be solved."""
    mean = _batch(games, games.payoffs.mean(axis=0, keepdims=True))
    worst, best, solved = _worth(mean, question)
    if not solved[0]:
        raise InputError(f"the game of mean payoffs could not be solved under {question.order!r}")
    return MeanGame(mean, float(worst[0]), float(best[0]))


def fixed_answers(games: Games, mean: Games, question: Question) -> list[FloatArray]:
    """What each action pays in each draw, ``float64[draw, action]``, once for each way in which the others may answer.

    The others know no more than the law. Against equilibria there is one entry for each equilibrium of the mean game,
    ordered by what the player gets there; against replies there are two, with the others' best replies on average that
    are worst and best for the player. The others do not learn what the player knows, nor read it from the action.
    """
    player = question.player
    if question.against == "replies" and len(games.players) == 2:
        return _replied(games.payoffs[:, player], mean, player)
    if question.against == "replies":
        raise InputError("replies that do not know the parameters are defined here for two players")
    solutions = solve(mean, order=question.order)
    tables = []
    for number in np.lexsort((solutions.payoffs.sum(axis=1), solutions.payoffs[:, player])).tolist():
        strategies = [np.broadcast_to(own[number], (len(games), own.shape[1])) for own in solutions.strategies]
        tables.append(action_payoffs(games.payoffs, strategies, player))
    return tables


def public_value(games: Games, cells: IntArray | None, mean: MeanGame, question: Question) -> Public:
    """What it is worth to a player that all learn the cell of the draw, ``int64[draw]``, or the draw itself (None).

    The standard errors come from leaving out one tenth of the draws at a time: they hold where a little noise does not
    change the equilibria of a mean game, and are too small or too large where it does.
    """
    count = len(games)
    part = np.arange(count) % PARTS
    if cells is None:
        worst, best, solved = _worth(games, question)
        known = np.flatnonzero(solved)
        each = [np.flatnonzero(solved & (part != own)) for own in range(PARTS)]
        means = np.array([[own[rows].mean() for own in (worst, best)] for rows in (known, *each)])
        failed = 1.0 - len(known) / count
    else:
        means, failed = _cell_values(games, cells, part, question)
    without = [_worth(_batch(games, games.payoffs[part != own].mean(axis=0, keepdims=True)), question)
               for own in range(PARTS)]  # fmt: skip
    base = np.array([[mean.worst, mean.best], *([float(worst[0]), float(best[0])] for worst, best, _ in without)])
    value = means - base
    errors = np.sqrt((PARTS - 1) / PARTS * ((value[1:] - value[1:].mean(axis=0)) ** 2).sum(axis=0))
    ends = float(means[0, 0] - mean.best), float(means[0, 1] - mean.worst)
    return Public(float(value[0, 0]), float(value[0, 1]), *ends, float(errors[0]), float(errors[1]), failed)


def _cell_values(games: Games, cells: IntArray, part: IntArray, question: Question) -> tuple[FloatArray, float]:
    """Mean worth, ``float64[1 + PARTS, (worst, best)]``, of the games of the cells: of all draws, then without a part.

    Cells that cannot be solved are left out; also returned is the share of the draws in them.
    """
    groups = int(cells.max()) + 1
    flat, numbers = cell_sums(games.payoffs, cells * PARTS + part, groups * PARTS)
    sums, counts = flat.reshape(groups, PARTS, *flat.shape[1:]), numbers.reshape(groups, PARTS)
    totals = [(sums.sum(axis=1), counts.sum(axis=1))]
    totals += [(totals[0][0] - sums[:, own], totals[0][1] - counts[:, own]) for own in range(PARTS)]
    rows: list[list[float]] = []
    failed = 0.0
    for total, weight in totals:
        used = weight > 0
        batch = _batch(games, total[used] / weight[used].reshape(-1, *[1] * (total.ndim - 1)))
        worst, best, solved = _worth(batch, question)
        own = weight[used][solved]
        if not len(own):
            raise InputError(f"none of the games of mean payoffs could be solved under {question.order!r}")
        if not rows:
            failed = 1.0 - float(own.sum() / weight.sum())
        rows.append([float(np.average(value[solved], weights=own)) for value in (worst, best)])
    return np.array(rows), failed


def _replied(payoffs: FloatArray, mean: Games, player: int) -> list[FloatArray]:
    """The payoffs ``[draw, a1, a2]`` where the other answers each action by a reply that is best on average."""
    own = np.moveaxis(payoffs, player + 1, 1)
    table = np.moveaxis(mean.payoffs[:, player], player + 1, 1)[0]
    replies = np.moveaxis(best_responses(mean.payoffs)[:, 1 - player], player + 1, 1)[0]
    worst = np.where(replies, table, np.inf).argmin(axis=1)
    best = np.where(replies, table, -np.inf).argmax(axis=1)
    actions = np.arange(len(table))
    return [own[:, actions, reply] for reply in (worst, best)]


def _worth(games: Games, question: Question) -> tuple[FloatArray, FloatArray, BoolArray]:
    """What the player gets in each game by its best action, at the worst and at the best equilibrium."""
    found = block_values(games, question.player, question.order, question.against)
    return found.worst.max(axis=1), found.best.max(axis=1), found.solved


def _batch(games: Games, payoffs: FloatArray) -> Games:
    """Other payoffs of the same players and actions."""
    return Games(games.players, games.actions, payoffs, games.title)
