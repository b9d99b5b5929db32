"""Are the bounds over all correlated equilibria right, and does each come with a distribution that attains it?"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from gametheory.errors import InputError
from gametheory.games import Games, strategic
from gametheory.solvers import pure, solve
from gametheory.solvers.correlated import Correlated, correlated
from gametheory.solvers.task import Task
from tests.library import LITERATURE, batch, random_games

CHICKEN = [[[6, 2], [7, 0]], [[6, 7], [2, 0]]]
ANY_SHAPE = [((2, 2), 0), ((3, 3), 4), ((4, 2), 0), ((4, 4), 0), ((2, 2, 2), 0), ((2, 3, 2), 3), ((3, 3, 3), 0)]


def disobedience(payoffs: np.ndarray, distribution: np.ndarray, *, coarse: bool) -> float:
    """The most that a player gains by a deviation, action by action and profile by profile."""
    worst = 0.0
    for player, size in enumerate(distribution.shape):
        for other in range(size):
            gains = [0.0] * size
            for profile in product(*map(range, distribution.shape)):
                deviated = (*profile[:player], other, *profile[player + 1 :])
                gain = payoffs[(player, *deviated)] - payoffs[(player, *profile)]
                gains[profile[player]] += distribution[profile] * gain
            worst = max(worst, sum(gains) if coarse else max(gains))
    return worst


def greatest_by_one_program(payoffs: np.ndarray, values: np.ndarray, *, coarse: bool) -> float:
    """The upper bound by a program written out cell by cell, with the sum of the probabilities as an equation."""
    shape = values.shape
    profiles = list(product(*map(range, shape)))
    rows = []
    for player, size in enumerate(shape):
        pairs = [(None, b) for b in range(size)] if coarse else [(a, b) for a in range(size) for b in range(size)]
        for told, other in pairs:
            rows.append(
                [
                    payoffs[(player, *p[:player], other, *p[player + 1 :])] - payoffs[(player, *p)]
                    if told in (None, p[player])
                    else 0.0
                    for p in profiles
                ]
            )
    found = linprog(
        [-values[p] for p in profiles],
        A_ub=rows,
        b_ub=np.zeros(len(rows)),
        A_eq=np.ones((1, len(profiles))),
        b_eq=[1.0],
        method="highs-ipm",
    )
    return float(-found.fun)


def random_values(games: Games, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(len(games), *games.shape))


def test_aumanns_chicken_pays_ten_and_a_half_at_most_by_never_crashing() -> None:
    games = batch(CHICKEN)

    found = correlated(games, games.payoffs.sum(axis=1))

    assert found.exact[0] is not None
    assert found.exact[0][1] == Fraction(21, 2)
    assert found.upper_at[0].tolist() == [[0.5, 0.25], [0.25, 0.0]]
    assert found.certificates[0].verdict == "complete"


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize(("shape", "levels"), ANY_SHAPE)
def test_bounds_equal_those_of_programs_written_out_cell_by_cell(
    shape: tuple[int, ...], levels: int, coarse: bool
) -> None:
    games = random_games(seed=21, count=8, shape=shape, levels=levels)
    values = random_values(games, 1)

    found = correlated(games, values, coarse=coarse)

    for game in range(len(games)):
        high = greatest_by_one_program(games.payoffs[game], values[game], coarse=coarse)
        low = -greatest_by_one_program(games.payoffs[game], -values[game], coarse=coarse)
        assert found.upper[game] == pytest.approx(high, abs=1e-6)
        assert found.lower[game] == pytest.approx(low, abs=1e-6)
    assert set(found.certificates.verdict) == {"complete"}


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize(("shape", "levels"), ANY_SHAPE)
def test_both_distributions_obey_and_attain_their_bound(shape: tuple[int, ...], levels: int, coarse: bool) -> None:
    games = random_games(seed=22, count=8, shape=shape, levels=levels)
    values = random_values(games, 2)

    found = correlated(games, values, coarse=coarse)

    for at, bound in ((found.lower_at, found.lower), (found.upper_at, found.upper)):
        flat = at.reshape(len(at), -1)
        assert (flat >= 0).all()
        assert np.allclose(flat.sum(axis=1), 1, atol=1e-12)
        assert np.allclose((flat * values.reshape(len(at), -1)).sum(axis=1), bound, atol=1e-12)
        for game in range(len(games)):
            assert disobedience(games.payoffs[game], at[game], coarse=coarse) <= 1e-12


@pytest.mark.parametrize(("shape", "levels"), [((3, 3), 0), ((4, 3), 3), ((2, 2, 2), 3)])
def test_every_nash_value_lies_inside_and_coarse_bounds_contain_the_others(shape: tuple[int, ...], levels: int) -> None:
    games = random_games(seed=23, count=40, shape=shape, levels=levels)
    values = random_values(games, 3)

    fine, coarse = correlated(games, values), correlated(games, values, coarse=True)

    assert (coarse.lower <= fine.lower + 1e-12).all()
    assert (coarse.upper >= fine.upper - 1e-12).all()
    solutions = solve(games) if len(shape) == 2 else pure.solve(games, Task())
    for s, game in enumerate(solutions.game):
        value = values[game]
        for own in solutions.strategies:
            value = np.tensordot(own[s], value, axes=(0, 0))
        assert fine.lower[game] - 1e-9 <= value <= fine.upper[game] + 1e-9
    wider = bool((coarse.upper > fine.upper + 1e-6).any())
    assert wider == (max(shape) > 2)  # who has two actions can only disobey by playing the other one


def test_correlation_gains_nothing_in_a_zero_sum_game() -> None:
    games = batch(LITERATURE["rock paper scissors"][0])

    found = correlated(games, games.payoffs[:, 0])

    assert found.exact == ((Fraction(0), Fraction(0)),)


def test_a_dominant_action_is_played_for_certain() -> None:
    games = batch(LITERATURE["prisoner's dilemma"][0])

    for coarse in (False, True):
        assert correlated(games, [[1, 1], [1, 0]], coarse=coarse).upper.tolist() == [0.0]


def test_without_stakes_every_distribution_is_an_equilibrium() -> None:
    games = strategic(np.zeros((1, 3, 2, 1, 3)), players=["a", "b", "c"])
    values = np.arange(6.0).reshape(2, 1, 3)

    assert correlated(games, values).exact == ((Fraction(0), Fraction(5)),)


@pytest.mark.parametrize("crash", [-1e3, -1e8, -1e15])
def test_a_catastrophe_moves_no_bound_by_rounding(crash: float) -> None:
    payoffs = np.array(CHICKEN, dtype=float)
    payoffs[:, 1, 1] = crash

    found = correlated(batch(payoffs), [[0, 0], [0, 1]])

    # told to dare one must expect the other to swerve 2 - crash times as often as to dare
    assert found.exact == ((Fraction(0), 1 / (1 + 2 * (2 - Fraction(crash)))),)


@pytest.mark.parametrize("crash", [-1e8, -1e15])
def test_mid_sized_games_with_a_catastrophe_are_decided_exactly(crash: float) -> None:
    payoffs = random_games(seed=24, count=1, shape=(4, 4), levels=5).payoffs.copy()
    payoffs[:, :, 0, 0] = crash
    games = batch(payoffs)
    values = random_values(games, 4)

    found, exact = correlated(games, values), correlated(games, values, exact=True)

    assert found.exact == exact.exact
    assert found.exact[0] is not None
    assert found.certificates[0].max_regret == 0


def test_scaling_each_players_payoffs_moves_no_bound() -> None:
    games = random_games(seed=25, count=10, shape=(3, 3), levels=9)
    values = random_values(games, 5)
    scaled = games.payoffs * np.array([1e-9, 1e9])[:, np.newaxis, np.newaxis] + 3 * np.arange(2)[:, None, None]

    found, moved = correlated(games, values), correlated(batch(scaled), values, exact=False)

    assert np.allclose(found.upper, moved.upper, atol=1e-6)
    assert np.allclose(found.lower, moved.lower, atol=1e-6)


def test_large_games_are_bounded_in_floating_point_with_a_small_gap() -> None:
    games = random_games(seed=26, count=1, shape=(10, 10))

    found = correlated(games, games.payoffs[:, 0])

    assert found.exact == (None,)
    assert found.certificates[0].verdict == "complete"
    assert found.certificates[0].max_regret <= 1e-12


def test_a_large_game_with_a_catastrophe_is_only_partial() -> None:
    payoffs = random_games(seed=27, count=1, shape=(9, 9)).payoffs.copy()
    payoffs[:, :, 0, 0] = -1e15

    assert correlated(batch(payoffs), payoffs[:, 0]).certificates[0].verdict == "partial"


def test_what_is_not_finite_fails_alone_and_gives_no_number() -> None:
    payoffs = np.array([CHICKEN] * 3, dtype=float)
    payoffs[1, 0, 0, 0] = np.inf
    values = np.ones((3, 2, 2))
    values[2, 0, 0] = np.nan

    found: Correlated = correlated(batch(payoffs), values)

    assert found.game.tolist() == [0]
    assert found.upper.tolist() == [1.0]
    assert list(found.certificates.verdict) == ["complete", "failed", "failed"]


def test_values_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match="expected \\(1, 2, 2\\)"):
        correlated(batch(CHICKEN), np.zeros((2, 3)))


@pytest.mark.parametrize("coarse", [False, True])
def test_single_actions_and_empty_batches_have_their_trivial_bounds(coarse: bool) -> None:
    alone = strategic(np.zeros((1, 3, 1, 1, 1)), players=["a", "b", "c"])

    assert correlated(alone, [[[7.0]]], coarse=coarse).upper.tolist() == [7.0]
    assert len(correlated(alone[0:0], [[[7.0]]], coarse=coarse).game) == 0


@pytest.mark.parametrize("unit", [1e-310, 1e-9, 1e9, 1e307])
def test_the_unit_of_the_payoffs_moves_no_bound_of_a_large_game(unit: float) -> None:
    games = random_games(seed=28, count=1, shape=(7, 7))
    values = random_values(games, 6)

    base, found = (correlated(own, values) for own in (games, batch(games.payoffs * unit)))

    assert found.certificates[0].verdict == "complete"
    assert found.upper == pytest.approx(base.upper, abs=1e-7)
