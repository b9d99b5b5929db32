"""Does every game of a large and varied crowd get all of its equilibria, none twice, none wrong?

The crowd: normal payoffs, whole numbers (most games tied), duplicated rows, zero-sum games, payoffs of very different
sizes, the literature. The slow run takes 100,000 games.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from gametheory.games import Games
from gametheory.solutions import Solutions
from gametheory.solvers import SOLVERS, solve, solver
from gametheory.solvers.task import Task
from tests import batch_oracle, oracle
from tests.library import COUNTED, LITERATURE, batch

Payoffs = NDArray[np.float64]
SHAPES = ((2, 2), (3, 3), (4, 4), (3, 4), (2, 5))
KINDS = ("normal", "whole", "duplicated", "zero-sum", "scaled")
SIZES = [2_000, pytest.param(20_000, marks=pytest.mark.slow)]
SCALES = np.array([1e-9, 1.0, 1e3, 1e9])


def crowd(kind: str, shape: tuple[int, int], count: int) -> Payoffs:
    """Payoffs ``[game, player, row, column]`` of one kind."""
    generator = np.random.default_rng([SHAPES.index(shape), KINDS.index(kind)])
    size = (count, 2, *shape)
    if kind == "normal":
        return generator.normal(size=size)
    payoffs = generator.integers(0, 4, size).astype(float)
    if kind == "duplicated":
        payoffs[:, :, 1] = payoffs[:, :, 0]
        payoffs[::2, :, :, -1] = payoffs[::2, :, :, 0]
    if kind == "zero-sum":
        payoffs[:, 1] = -payoffs[:, 0]
    if kind == "scaled":  # each column of the row player, and each row of the column player, on a scale of its own
        payoffs = generator.normal(size=size)
        payoffs[:, 0] *= generator.choice(SCALES, (count, 1, shape[1]))
        payoffs[:, 1] *= generator.choice(SCALES, (count, shape[0], 1))
    return payoffs


def listed(solutions: Solutions, game: int) -> list[tuple[float, ...]]:
    """The solutions of one game, sorted, rounded so that the last bits do not decide the order."""
    return sorted(map(tuple, np.round(np.concatenate(solutions.of(game).strategies, axis=1), 7).tolist()))


@pytest.mark.parametrize("count", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_game_of_the_crowd_loses_repeats_or_invents_an_equilibrium(kind: str, count: int) -> None:
    for shape in SHAPES:
        payoffs = crowd(kind, shape, count // len(SHAPES))
        games: Games = batch(payoffs)

        solutions = solve(games)

        proved = np.isin(solutions.certificates.verdict, ["complete", "degenerate-complete"])
        assert proved.all(), solutions.certificates[int(np.flatnonzero(~proved)[0])]
        assert solutions.certificates.index_sum is not None
        assert np.all(solutions.certificates.index_sum == 1)
        span = np.ptp(payoffs, axis=(1, 2, 3))[solutions.game]
        assert np.all(solutions.regret <= 1e-9 * span)
        if kind == "scaled":
            continue  # the oracle's floating point is no match for these; their proof is exact mode, below
        expected = batch_oracle.extreme_equilibria(payoffs if kind == "normal" else payoffs.astype(np.int64))
        wrong = [
            game
            for game in range(len(games))
            if listed(solutions, game) != sorted(tuple(np.round(row, 7).tolist()) for row in expected[game])
        ]
        assert wrong == []


@pytest.mark.parametrize("shape", SHAPES)
def test_badly_scaled_games_have_exactly_the_equilibria_of_exact_arithmetic(shape: tuple[int, int]) -> None:
    games = batch(crowd("scaled", shape, 25))

    plain, exact = solve(games), solve(games, exact=True)

    assert plain.count.tolist() == exact.count.tolist()
    for game in range(len(games)):
        found, true = (np.concatenate(part.of(game).strategies, axis=1) for part in (plain, exact))
        same = np.all(np.isclose(found[:, np.newaxis], true, rtol=1e-6, atol=0), axis=2)
        assert same.any(axis=0).all()
        assert same.any(axis=1).all()


def test_the_hardest_games_agree_with_an_exact_oracle_to_the_last_digit() -> None:
    # hardest: the most extreme equilibria among many tied games
    games = batch(crowd("whole", (3, 4), 400))
    hardest = np.argsort(-solve(games).count, kind="stable")[:100]

    solutions = solve(games[hardest], exact=True)

    for game in range(100):
        a, b = [[[Fraction(v) for v in row] for row in table] for table in games.payoffs[hardest[game]].tolist()]
        assert set(solutions.of(game).exact or ()) == oracle.extreme_equilibria(a, b)


@pytest.mark.parametrize("name", [*LITERATURE, "winkels"])
def test_games_of_the_literature_agree_with_an_exact_oracle_to_the_last_digit(name: str) -> None:
    payoffs = (LITERATURE.get(name) or COUNTED[name])[0]

    solutions = solve(batch(payoffs), exact=True)

    a, b = [[[Fraction(v) for v in row] for row in table] for table in np.array(payoffs, dtype=float).tolist()]
    assert set(solutions.exact or ()) == oracle.extreme_equilibria(a, b)


EQUILIBRIA = ("nash", "logit_limit", "tracing", "perfect", "proper")  # concepts whose answers are equilibria
TWO = sorted(name for name, entry in SOLVERS.items() if entry.order == "simultaneous" and entry.players in (0, 2))
CLAIMING = [name for name in TWO if SOLVERS[name].concept in EQUILIBRIA and name != "supports"]
EVERY_PURE = [name for name in CLAIMING if SOLVERS[name].concept == "nash"]


@pytest.mark.parametrize("name", TWO)
@pytest.mark.parametrize("kind", KINDS)
def test_every_solver_lists_profiles_of_probabilities_with_a_certificate_for_each_game(name: str, kind: str) -> None:
    if name == "supports":
        return  # for three players and more: tests/test_many_players.py
    games = batch(crowd(kind, (3, 3), 12))

    solutions = solver(name)(games, Task(options=SOLVERS[name].options))

    assert len(solutions.certificates) == len(games)
    for own in solutions.strategies:
        assert np.all(own >= 0)
        assert np.allclose(own.sum(axis=1), 1)
    assert np.all((solutions.count > 0) | np.isin(solutions.certificates.verdict, ["partial", "failed"]))


@pytest.mark.parametrize("name", CLAIMING)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_called_an_equilibrium_is_one_by_the_complete_list(name: str, kind: str) -> None:
    games = batch(crowd(kind, (3, 3), 12))
    complete = solve(games, exact=True)

    solutions = solver(name)(games, Task(options=SOLVERS[name].options))

    for s in range(len(solutions)):
        own = complete.of(int(solutions.game[s]))
        used = [[set(np.flatnonzero(strategy[k] > 0)) for strategy in own.strategies] for k in range(len(own))]
        support = [set(np.flatnonzero(strategy[s] > 0)) for strategy in solutions.strategies]
        assert any(all(mine <= its for mine, its in zip(support, other, strict=True)) for other in used) or any(
            all(its <= mine for mine, its in zip(support, other, strict=True)) for other in used
        )


@pytest.mark.parametrize("kind", KINDS)
def test_solvers_that_claim_the_same_pure_equilibria_list_the_same(kind: str) -> None:
    games = batch(crowd(kind, (3, 4), 40))

    pure = []
    for name in EVERY_PURE:
        solutions = solver(name)(games, Task())
        rows = [solutions.game, *(own.argmax(axis=1) for own in solutions.strategies)]
        pure.append(sorted({tuple(int(v) for v in row) for row in np.stack(rows, axis=1)[solutions.pure]}))

    assert all(listed == pure[0] for listed in pure)
