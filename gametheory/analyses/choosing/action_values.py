"""What does each action of one player pay it in every draw, between bounds over what the others do?

To *choose an action* is to play it for certain. What the others then do rests on the order of play and on ``against``:

``replies``
    The action is fixed and the others know it: they play the equilibria of the game that remains. With two players that
    is any best reply to the action, in whatever order; where several replies are equally good, the weak rule takes the
    one that is worst for the player and the strong rule the one that is best. This is what a player who moves first and
    is observed can bring about, and what a claim with ``given`` assumes.
``equilibrium``
    The others do what they do in an equilibrium of the whole game under that order, in which the action need not be the
    one that they expect: their strategies of each equilibrium in simultaneous play, the first move of the other player
    where that moves first. Where the player itself moves first, the others' strategy is an answer to each action, so
    that both are the same.

In every draw the others know all parameters. The player does not: it chooses one action for all draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gametheory.designs import BLOCK, Scheme
from gametheory.errors import InputError, UnknownNameError, did_you_mean
from gametheory.estimators.choice import regret, regret_bounds
from gametheory.kernels.payoffs import action_payoffs, best_responses
from gametheory.machine import processors
from gametheory.measures import bounds_over, groups
from gametheory.solvers import solve
from gametheory.study import interval_cover, solvable_orders
from gametheory.study.blocks import NO_CLOCK
from gametheory.study.run import in_order

if TYPE_CHECKING:
    from gametheory.games import Games
    from gametheory.model import Model

__all__ = [
    "AGAINST",
    "LEVEL",
    "ActionValues",
    "BlockValues",
    "action_values",
    "block_values",
    "chosen_player",
    "reading",
]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

AGAINST = MappingProxyType(
    {
        "replies": "what the others do once the action is fixed and known to them",
        "equilibrium": "what the others do in an equilibrium of the whole game",
    }
)
"""What an action is played against."""

LEVEL = 1e-12  # of the numbers compared: those that differ by less are level, to within the rounding of formulas
MIXED = 16 * float(np.finfo(np.float64).eps)  # of the payoffs that a mixture weighs: what its own rounding can move by


class BlockValues(NamedTuple):
    """What each action pays in each game, and how far it is from the best one there: all ``float64[game, action]``.

    ``lower`` and ``upper`` are bounds over all that the others may do, action by action. ``worst`` and ``best`` let the
    others do one thing whichever action is chosen: play the equilibrium that is worst, or best, for the player (against
    replies they are ``lower`` and ``upper``). ``least`` and ``most`` bound the regret over what the others may do; the
    actions are compared against the same strategies, unless these answer the action. Of a connected set of equilibria
    the ends are looked at: they bound ``lower``, ``upper`` and ``most``, while ``least`` and ``worst`` may lie a little
    above what a strategy between the ends would give. Where the list of equilibria may lack some, everything that the
    others could do counts. A regret that the rounding of the two numbers compared can explain is none; payoffs
    elsewhere in the game, however large, do not make it so. Games that are not ``solved`` have no meaningful row.
    """

    lower: FloatArray
    upper: FloatArray
    worst: FloatArray
    best: FloatArray
    least: FloatArray
    most: FloatArray
    solved: BoolArray
    partial: BoolArray


@dataclass(frozen=True, eq=False)
class ActionValues:
    """What each action pays in each draw that could be solved: the arrays of `BlockValues`, row after row.

    ``points`` are the parameters of these rows and ``solved`` says which of the draws they are. With interval
    parameters the bounds are over all points of the ``cover``, of which one failed game makes the draw fail.
    """

    player: str
    actions: tuple[str, ...]
    order: str
    against: str
    values: BlockValues
    points: Mapping[str, FloatArray]
    draws: int
    tried: int
    cover: tuple[Mapping[str, float], ...]

    @property
    def failed(self) -> float:
        """Share of the draws that could not be solved."""
        return 1.0 - len(self.values.lower) / self.draws

    @property
    def partial(self) -> float:
        """Share of the draws in which the list of equilibria may lack some."""
        return float(self.values.partial.sum()) / self.draws


def chosen_player(model: Model, player: str | None) -> int:
    """The number of the player who chooses, the first one where none is named; UnknownNameError for no such player."""
    names = [own.name for own in model.players]
    if player is None:
        return 0
    if player not in names:
        raise UnknownNameError(
            f"no player named {player!r}; expected one of {', '.join(names)}{did_you_mean(player, names)}"
        )
    return names.index(player)


def reading(model: Model, player: int, order: str, against: str | None) -> str:
    """What the actions are played against; where nothing is said, replies if the player moves first, else equilibrium.

    Raises InputError for an order that cannot be solved and UnknownNameError for an unknown reading.
    """
    if order not in solvable_orders(model):
        raise InputError(f"order: {order!r}, expected one of {', '.join(solvable_orders(model))} for this model")
    if against is not None and against not in AGAINST:
        known = ", ".join(AGAINST)
        raise UnknownNameError(f"against: no reading {against!r}; expected {known}{did_you_mean(against, AGAINST)}")
    if order == model.players[player].name:
        return "replies"
    return against or "equilibrium"


def action_values(
    model: Model,
    player: int,
    design: Scheme,
    *,
    order: str,
    against: str | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ActionValues:
    """What each action of a player pays in every draw of a design, solved block by block.

    The same for any number of workers. Raises InputError where no draw is allowed or none could be solved.

    >>> from gametheory.designs import scheme
    >>> from gametheory.reader import load
    >>> model = load("reference_involvement")
    >>> found = action_values(model, 0, scheme("sobol", model, 64), order="nato")
    >>> found.values.lower.shape, bool((found.values.lower <= found.values.upper).all())
    ((64, 5), True)
    """
    against = reading(model, player, order, against)
    if design.model != model:
        raise InputError(f"scheme: of model {design.model.title!r}, expected one of {model.title!r}, same digest")
    cover = interval_cover(model, design.seed, given=design.names)

    def work(number: int) -> tuple[BlockValues | None, Mapping[str, FloatArray], int, int]:
        drawn = design.drawn(number)
        if not drawn.rows:
            return None, {}, 0, drawn.tried
        found = [_at_point(model, drawn.points, point, drawn.rows, (player, order, against)) for point in cover]
        values = found[0] if len(found) == 1 else _over_cover(found)
        kept = values.solved
        return _joined([values], kept), _rows(drawn.points, kept), drawn.rows, drawn.tried

    parts, points, draws, tried = [], [], 0, 0
    for done, (part, rows, count, made) in enumerate(in_order(work, design.blocks, workers or processors()), 1):
        draws, tried = draws + count, tried + made
        if part is not None:
            parts.append(part)
            points.append(rows)
        if progress is not None:
            progress(min(design.count, done * BLOCK), design.count)
    if not any(len(part.lower) for part in parts):
        raise InputError(f"none of {draws:,} draws ({tried:,} points tried) could be solved under {order!r}")
    values = _joined(parts)
    columns = {name: np.concatenate([own[name] for own in points]) for name in points[0]}
    own = model.players[player]
    return ActionValues(own.name, own.actions, order, against, values, columns, draws, tried, tuple(cover))


def block_values(games: Games, player: int, order: str, against: str) -> BlockValues:
    """What each action of a player pays in each game of a batch under an order of play, against what the others do.

    >>> from gametheory.games import strategic
    >>> chicken = strategic([[[-10.0, 2.0], [-1.0, 0.0]], [[-10.0, -1.0], [2.0, 0.0]]])
    >>> replies = block_values(chicken, 0, "player_1", "replies")
    >>> replies.lower.tolist(), replies.most.tolist()
    ([[2.0, -1.0]], [[0.0, 3.0]])
    >>> whole = block_values(chicken, 0, "simultaneous", "equilibrium")
    >>> whole.lower.tolist(), whole.upper.tolist()
    ([[-10.0, -1.0]], [[2.0, 0.0]])
    """
    if against == "equilibrium":
        return _against_equilibria(games, player, order)
    if len(games.players) == 2:
        return _against_best_replies(games, player)
    return _against_what_remains(games, player)


def _settled(loss: FloatArray, own: FloatArray, doubt: FloatArray) -> FloatArray:
    """Regrets of what pays ``own``, 0 where rounding explains them: that of formulas, and ``doubt`` in each row.

    >>> own = np.array([[-1e10, 0.3, 0.1 + 0.2, 0.299]])
    >>> _settled(own.max() - own, own, np.zeros(1)).round(6).tolist()
    [[10000000000.3, 0.0, 0.0, 0.001]]
    """
    rounding = LEVEL * np.maximum(np.abs(own), np.abs(own + loss)) + doubt.reshape(-1, *[1] * (own.ndim - 1))
    return np.where(np.asarray(loss <= rounding), 0.0, loss)


def _mixing(payoffs: FloatArray, strategies: Sequence[FloatArray], player: int) -> FloatArray:
    """What the rounding of the others' mixtures can move a payoff by, ``float64[solution]``; 0 where nobody mixes.

    The probabilities of a mixture answer to all payoffs that it weighs, whichever action these belong to.
    """
    used = [np.asarray(own > 0.0, dtype=np.float64) for own in strategies]
    weighed = np.asarray(action_payoffs(np.abs(payoffs), used, player).max(axis=1))
    mixes = np.logical_or.reduce([own.sum(axis=1) > 1.0 for other, own in enumerate(used) if other != player])
    return np.where(mixes, MIXED * weighed, 0.0)


def _at_point(
    model: Model,
    points: Mapping[str, FloatArray],
    point: Mapping[str, float],
    rows: int,
    question: tuple[int, str, str],
) -> BlockValues:
    """The values of a block of draws at one point of the intervals."""
    fixed = {name: np.full(rows, value) for name, value in point.items()}
    games = model.games({**points, **fixed})
    if len(games) < rows:  # no parameter has a probability: every draw is the same game
        games = games[np.zeros(rows, dtype=np.int64)]
    player, order, against = question
    with np.errstate(invalid="ignore"):  # games that are not finite, which are not solved
        return block_values(games, player, order, against)


def _against_best_replies(games: Games, player: int) -> BlockValues:
    """Two players: between the best reply that is worst for the player and the one that is best for it."""
    with np.errstate(invalid="ignore"):
        replies = np.moveaxis(best_responses(games.payoffs)[:, 1 - player], player + 1, 1)
    own = np.moveaxis(games.payoffs[:, player], player + 1, 1)
    lower, upper = np.where(replies, own, np.inf).min(axis=2), np.where(replies, own, -np.inf).max(axis=2)
    return _of_replies(lower, upper, np.zeros(len(games)), games.finite, np.zeros(len(games), dtype=np.bool_))


def _against_what_remains(games: Games, player: int) -> BlockValues:
    """More players: between the worst and the best equilibrium of the game in which the action is fixed."""
    ends = np.zeros((2, len(games), games.shape[player]))
    solved, partial = np.ones(len(games), dtype=np.bool_), np.zeros(len(games), dtype=np.bool_)
    doubt = np.zeros(len(games))
    for number, action in enumerate(games.actions[player]):
        left = games.restrict({games.players[player]: [action]})
        solutions = solve(left, workers=1, seconds=NO_CLOCK)
        grouped = groups(solutions)
        cells = left.payoffs[:, player].reshape(len(games), -1)
        limits = np.stack([cells.min(axis=1), cells.max(axis=1)], axis=1)
        pair, known = bounds_over(grouped, solutions.payoffs[:, player], limits)
        ends[:, known, number] = pair.T
        np.maximum.at(doubt, solutions.game, _mixing(left.payoffs[solutions.game], solutions.strategies, player))
        solved &= known
        partial |= grouped.partial
    return _of_replies(ends[0], ends[1], doubt, solved, partial & solved)


def _of_replies(
    lower: FloatArray, upper: FloatArray, doubt: FloatArray, solved: BoolArray, partial: BoolArray
) -> BlockValues:
    """The values where what the others do answers each action by itself."""
    least, most = regret_bounds(lower, upper)
    least, most = _settled(least, upper, doubt), _settled(most, lower, doubt)
    return BlockValues(lower, upper, lower, upper, least, most, solved, partial)


def _against_equilibria(games: Games, player: int, order: str) -> BlockValues:
    """What each action would pay against the others' strategies in each equilibrium of the whole game."""
    solutions = solve(games, order=order, workers=1, seconds=NO_CLOCK)
    grouped = groups(solutions)
    payoffs = games.payoffs[solutions.game]
    own = action_payoffs(payoffs, solutions.strategies, player)
    loss = _settled(regret(own), own, _mixing(payoffs, solutions.strategies, player))
    solved = (grouped.listed | grouped.partial) & ~grouped.failed
    empty = np.zeros((6, len(games), games.shape[player]))
    found = _of_six(empty, solved, grouped.partial & solved)
    at = np.flatnonzero(grouped.listed)
    if len(at):
        found.lower[at], found.least[at] = (np.minimum.reduceat(v, grouped.starts) for v in (own, loss))
        found.upper[at], found.most[at] = (np.maximum.reduceat(v, grouped.starts) for v in (own, loss))
        ordered = np.lexsort((own.mean(axis=1), own.max(axis=1), solutions.game))
        last = np.append(grouped.starts[1:], len(ordered)) - 1
        found.worst[at], found.best[at] = own[ordered[grouped.starts]], own[ordered[last]]
    unsure = np.flatnonzero(found.partial)
    if len(unsure):
        _allow_anything(found, games.payoffs[unsure, player], player, unsure)
    return found


def _allow_anything(found: BlockValues, payoffs: FloatArray, player: int, rows: IntArray) -> None:
    """Let the others do anything in the games of which equilibria may be missing.

    The most regret is reached where the others use one action each, because regret is convex in what they do; the least
    may be none.
    """
    cells = np.moveaxis(payoffs, player + 1, 1).reshape(len(rows), payoffs.shape[player + 1], -1)
    found.lower[rows] = found.worst[rows] = cells.min(axis=2)
    found.upper[rows] = found.best[rows] = cells.max(axis=2)
    found.least[rows] = 0.0
    found.most[rows] = _settled(cells.max(axis=1, keepdims=True) - cells, cells, np.zeros(len(rows))).max(axis=2)


def _over_cover(parts: list[BlockValues]) -> BlockValues:
    """Bounds over the points of the intervals; one failed game makes the draw fail."""
    solved = np.logical_and.reduce([part.solved for part in parts])
    partial = np.logical_or.reduce([part.partial for part in parts]) & solved
    lower, least = (np.minimum.reduce([own[place] for own in parts]) for place in (0, 4))
    upper, most = (np.maximum.reduce([own[place] for own in parts]) for place in (1, 5))
    return BlockValues(lower, upper, lower, upper, least, most, solved, partial)


def _joined(parts: Sequence[BlockValues], kept: BoolArray | slice = slice(None)) -> BlockValues:
    """The rows that are kept of one part after the other."""
    six = [np.concatenate([own[place][kept] for own in parts]) for place in range(6)]
    solved, partial = (np.concatenate([own[place][kept] for own in parts]) for place in (6, 7))
    return _of_six(six, np.asarray(solved, dtype=np.bool_), np.asarray(partial, dtype=np.bool_))


def _of_six(values: FloatArray | Sequence[FloatArray], solved: BoolArray, partial: BoolArray) -> BlockValues:
    """The values from a list of their six arrays."""
    return BlockValues(values[0], values[1], values[2], values[3], values[4], values[5], solved, partial)


def _rows(points: Mapping[str, FloatArray], kept: BoolArray) -> dict[str, FloatArray]:
    """The points of the rows that are kept."""
    return {name: column[kept] for name, column in points.items()}
