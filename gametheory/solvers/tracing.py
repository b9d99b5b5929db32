"""Which equilibrium do two players come to who start from a common prior and trust it less and less?

The linear tracing procedure (Harsanyi 1975; Harsanyi and Selten 1988): at time t each player expects the prior with
probability 1 - t and what the other really plays with probability t. As t goes from 0 to 1, equilibria of these games
form a path of line segments from the best replies to the prior to an equilibrium of the game. It is followed by
complementary pivoting (van den Elzen and Talman 1991) in exact arithmetic.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gametheory import certify
from gametheory.errors import ComputationError, InputError
from gametheory.games.strategic import Games
from gametheory.solutions import FAILED, PARTIAL, ExactStrategies, Solutions
from gametheory.solvers.exact import Rational, fraction, rational
from gametheory.solvers.listing import listed
from gametheory.solvers.task import Task
from gametheory.solvers.vertices import fractions_of

SELECTED = "one equilibrium, selected by design: the end of the linear tracing path from the prior"
TIED = SELECTED + "; it passes ties, and every way of breaking them that was tried leads here"
SEVERAL = "selected by the linear tracing path from the prior, which ties split: each end listed is reached by one way"

UNSOUND = "rounding the exact end of the path to floats leaves a player a profitable deviation; ask for it exactly"

BoolArray = NDArray[np.bool_]
Row = list[Rational]


def solve(games: Games, task: Task) -> Solutions:
    """Find the equilibrium that the linear tracing procedure selects from the uniform prior, in two-player games."""
    return trace(games, task)


def trace(games: Games, task: Task, prior: Sequence[ArrayLike] | None = None) -> Solutions:
    """Trace every two-player game of a batch from ``prior``, one probability vector a player, uniform by default.

    Where the path meets ties, the linear procedure may not be defined: they are then broken in four ways (the actions
    of each player counted from the first or from the last), and every end that is reached is listed. With
    ``task.exact`` the strategies are kept as fractions. Raises InputError for a prior that is not a strategy.

    >>> from gametheory.games import strategic
    >>> trace(strategic([[[9, 0], [8, 7]], [[9, 8], [0, 7]]]), Task()).profile(0)
    'a2, a2'
    """
    beliefs = _checked_prior(games, prior)
    deadline = time.monotonic() + task.seconds
    count = len(games)
    late, tied = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    ends: list[tuple[int, ExactStrategies]] = []
    for number in np.flatnonzero(games.finite):
        if time.monotonic() > deadline:
            late[number] = True
            continue
        found, tied[number] = traced(fractions_of(games, int(number), snap=not task.exact), beliefs)
        ends += [(int(number), end) for end in found]
    return _certified(games, ends, late, tied, exact=task.exact)


def traced(payoffs: NDArray[np.object_], prior: ExactStrategies) -> tuple[list[ExactStrategies], bool]:
    """Return the ends of the path in one game of fractions ``payoffs[player, row, column]``; does it meet ties?"""
    end, tied = _path(payoffs, prior)
    if not tied:
        return [end], False
    found = {end}
    turned: tuple[int, ...]
    for turned in ((0,), (1,), (0, 1)):
        end, _ = _path(np.flip(payoffs, tuple(k + 1 for k in turned)), _turned(prior, turned))
        found.add(_turned(end, turned))
    return sorted(found, reverse=True), True


def _turned(own: ExactStrategies, players: Sequence[int]) -> ExactStrategies:
    """Count the actions of some players from the last."""
    return tuple(strategy[::-1] if k in players else strategy for k, strategy in enumerate(own))


def _path(payoffs: NDArray[np.object_], prior: ExactStrategies) -> tuple[ExactStrategies, bool]:
    """Follow the path of one game, ties broken by a bonus that falls from action to action; were there any?

    Unknowns, numbered through: the weight that each action has (those of a player sum to t), by how much each action
    falls short of the best one, in the same order, t, and 1 - t. Of an action one of the two numbers is 0.
    """
    m, n = payoffs.shape[1:]
    pairs = m + n
    table, basis, tied = _start(payoffs, prior)
    entering, clock, rest = 2 * pairs, 2 * pairs, 2 * pairs + 1
    while rest in basis:
        row, alone = _leaving(table, basis, entering, rest)
        tied |= not alone
        leaving, basis[row] = basis[row], entering
        if leaving == clock:
            raise ComputationError("tracing: the path came back to the prior, which cannot be")
        pivot(table, row, entering)
        entering = (leaving + pairs) % (2 * pairs)
    weights = [Fraction(0)] * (2 * pairs + 2)
    for row, variable in enumerate(basis):
        weights[variable] = fraction(table[row][-1])
    return (tuple(weights[:m]), tuple(weights[m:pairs])), tied


def _start(payoffs: NDArray[np.object_], prior: ExactStrategies) -> tuple[list[Row], list[int], bool]:
    """Return the equations at the prior, solved for the basic unknowns; do best replies to the prior tie?

    One row an action, and one for ``t + (1 - t) = 1``. A best reply's own row says that the weights of its player sum
    to t; any other action's, by how much it falls short of the best reply: ``own - best`` in payoff.
    """
    a, b = payoffs[0], payoffs[1].T
    m, n = a.shape
    pairs = m + n
    width, clock = 2 * pairs + 2, 2 * pairs
    zero, one = rational(Fraction(0)), rational(Fraction(1))
    table: list[Row] = []
    basis: list[int] = []
    sums: list[tuple[int, int]] = []
    tied = False
    for own, other, first, second in ((a, prior[1], 0, m), (b, prior[0], m, 0)):
        values = own @ np.array(other, dtype=object)
        best = int(values.argmax())
        tied |= int((values == values[best]).sum()) > 1
        sums.append((first + best, len(table) + best))
        for action in range(len(own)):
            row = [zero] * width
            if action == best:
                for k in range(len(own)):
                    row[first + k] = one
                row[clock] = -one
                basis.append(first + action)
            else:
                for k, value in enumerate(own[action] - own[best]):
                    row[second + k] = rational(value)
                row[pairs + first + action], row[pairs + first + best] = one, -one
                row[clock] = row[-1] = rational(values[best] - values[action])
                basis.append(pairs + first + action)
            table.append(row)
    for variable, place in sums:
        pivot(table, place, variable)
    last = [zero] * width
    last[clock] = last[-1] = one
    return [*table, last], [*basis, clock + 1], tied


def pivot(table: list[Row], row: int, column: int) -> None:
    """Solve one row for one unknown and put it into the other rows."""
    divisor = table[row][column]
    table[row] = own = [value / divisor for value in table[row]]
    used = [k for k, value in enumerate(own) if value != 0]
    for other, line in enumerate(table):
        factor = line[column]
        if other != row and factor != 0:
            for k in used:
                line[k] -= factor * own[k]


def _leaving(table: list[Row], basis: list[int], entering: int, rest: int) -> tuple[int, bool]:
    """Return the row whose unknown reaches 0 first as the entering one grows; is it alone?

    Of several the one is taken that would be first if each action paid a bonus, that of an action infinitely smaller
    than that of the action before it. The end of the path comes before all of them.
    """
    pairs = (rest - 1) // 2
    rows = [row for row in range(len(table)) if table[row][entering] > 0]
    if not rows:
        raise ComputationError("tracing: the path has no end, which cannot be")
    for column in (len(table[0]) - 1, *range(pairs, 2 * pairs)):
        sign = 1 if column == len(table[0]) - 1 else -1
        ratios = [sign * table[row][column] / table[row][entering] for row in rows]
        least = min(ratios)
        rows = [row for row, ratio in zip(rows, ratios, strict=True) if ratio == least]
        if column == len(table[0]) - 1:
            ended = [row for row in rows if basis[row] == rest]
            alone, rows = bool(ended) or len(rows) == 1, ended or rows
        if len(rows) == 1:
            break
    return rows[0], alone


def _checked_prior(games: Games, prior: Sequence[ArrayLike] | None) -> ExactStrategies:
    """Return the prior as fractions that sum to 1."""
    if len(games.players) != 2:
        raise InputError(f"games: {len(games.players)} players, expected 2: with more the path is not made of lines")
    if prior is None:
        return tuple((Fraction(1, size),) * size for size in games.shape)
    own = tuple(np.asarray(strategy, dtype=object) for strategy in prior)
    if tuple(strategy.shape for strategy in own) != tuple((size,) for size in games.shape):
        shapes = ", ".join(str(strategy.shape) for strategy in own)
        raise InputError(
            f"prior: shapes {shapes}, expected one probability vector a player, of {games.shape!r} actions"
        )
    exact: ExactStrategies = tuple(tuple(Fraction(p) for p in strategy.tolist()) for strategy in own)
    for name, strategy in zip(games.players, exact, strict=True):
        if min(strategy) < 0 or abs(sum(strategy, Fraction(-1))) > Fraction(1, 10**9):
            raise InputError(
                f"prior: {name} has {[float(p) for p in strategy]!r}, expected probabilities that sum to 1"
            )
    return tuple(tuple(p / sum(strategy, Fraction(0)) for p in strategy) for strategy in exact)


def _certified(
    games: Games, found: Sequence[tuple[int, ExactStrategies]], late: BoolArray, tied: BoolArray, *, exact: bool
) -> Solutions:
    """Put the ends of the paths and their certificates together."""
    game = np.array([number for number, _ in found], dtype=np.int64)
    strategies = tuple(
        np.array([[float(p) for p in end[k]] for _, end in found]).reshape(len(found), size)
        for k, size in enumerate(games.shape)
    )
    seen = certify.check(games.payoffs, game, strategies)
    several = np.bincount(game, minlength=len(games)) > 1
    return listed(
        games,
        game,
        strategies,
        concept="tracing",
        seen=seen,
        reasons=[
            (~games.finite, FAILED, "a payoff is not a finite number"),
            (late, FAILED, "the time was over before this game's turn"),
            (np.bincount(game[~seen.sound], minlength=len(games)) > 0, FAILED, UNSOUND),
            (several, PARTIAL, SEVERAL),
            (tied, PARTIAL, TIED),
            (np.ones(len(games), dtype=bool), PARTIAL, SELECTED),
        ],
        exact=tuple(end for _, end in found) if exact else None,
    )
