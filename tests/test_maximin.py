"""What does each player make sure of: are the levels right, and are the strategies proved?"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from gametheory.errors import UnknownNameError
from gametheory.solvers import solve
from gametheory.solvers.guarantees import guarantees
from tests.library import LITERATURE, batch, oneill, random_games

CONCEPTS = {"maximin": "payoff", "minimax_regret": "regret"}
SHAPES = [
    ((2, 2), 0),
    ((3, 4), 0),
    ((4, 3), 4),
    ((5, 5), 0),
    ((2, 3, 2), 0),
    ((2, 2, 2, 2), 3),
    ((1, 4), 0),
    ((3, 1), 4),
]


def level_by_one_program(payoffs: np.ndarray, player: int, of: str) -> float:
    """The level as a program over strategies and the guaranteed value, one row a profile of the others."""
    size = payoffs.shape[player + 1]
    others = list(product(*(range(n) for k, n in enumerate(payoffs.shape[1:]) if k != player)))
    rows = []
    for profile in others:
        pays = [payoffs[(player, *profile[:player], own, *profile[player:])] for own in range(size)]
        rows.append([-(pay - (max(pays) if of == "regret" else 0)) for pay in pays] + [1.0])
    found = linprog(
        [*[0.0] * size, -1.0],
        A_ub=rows,
        b_ub=np.zeros(len(rows)),
        A_eq=[[*[1.0] * size, 0.0]],
        b_eq=[1.0],
        bounds=[*[(0, None)] * size, (None, None)],
        method="highs-ipm",
    )
    return float(found.fun if of == "regret" else -found.fun)


@pytest.mark.parametrize("of", ["payoff", "regret"])
@pytest.mark.parametrize(("shape", "levels"), SHAPES)
def test_levels_equal_those_of_programs_over_strategies(shape: tuple[int, ...], levels: int, of: str) -> None:
    games = random_games(seed=31, count=10, shape=shape, levels=levels)

    found = guarantees(games, of=of)

    for game in range(len(games)):
        expected = [level_by_one_program(games.payoffs[game], player, of) for player in range(len(shape))]
        assert np.allclose(found.levels[game], expected, atol=1e-6)
    assert set(found.certificates.verdict) == {"complete"}


@pytest.mark.parametrize("of", ["payoff", "regret"])
@pytest.mark.parametrize(("shape", "levels"), SHAPES)
def test_each_strategy_holds_its_level_against_every_profile_of_the_others(
    shape: tuple[int, ...], levels: int, of: str
) -> None:
    games = random_games(seed=32, count=10, shape=shape, levels=levels)

    found = guarantees(games, of=of)

    for player, own in enumerate(found.strategies):
        table = np.moveaxis(games.payoffs[:, player], player + 1, 1).reshape(len(games), shape[player], -1)
        if of == "regret":
            table = table.max(axis=1, keepdims=True) - table
        against = np.einsum("ga,gao->go", own, table)
        worst = against.max(axis=1) if of == "regret" else against.min(axis=1)
        assert np.allclose(worst, found.levels[:, player], atol=1e-12)
        assert np.allclose(own.sum(axis=1), 1)


def test_in_zero_sum_games_the_levels_are_the_value() -> None:
    games = random_games(seed=33, count=20, shape=(4, 4), levels=7)
    zero_sum = batch(np.stack([games.payoffs[:, 0], -games.payoffs[:, 0]], axis=1))

    found, solutions = guarantees(zero_sum), solve(zero_sum)

    assert np.allclose(found.levels[solutions.game], solutions.payoffs, atol=1e-12)


def test_the_joker_of_oneills_game_is_played_two_times_in_five() -> None:
    solutions = solve(batch(oneill()), concept="maximin", exact=True)

    mixture = (Fraction(1, 5), Fraction(1, 5), Fraction(1, 5), Fraction(2, 5))
    assert solutions.exact == ((mixture, mixture),)
    assert solutions.certificates[0].verdict == "complete"
    assert solutions.regret[0] <= 1e-15


@pytest.mark.parametrize("levels", [0, 4])
def test_no_equilibrium_pays_less_than_the_security_level(levels: int) -> None:
    games = random_games(seed=34, count=50, shape=(3, 4), levels=levels)

    found, solutions = guarantees(games), solve(games)

    assert (solutions.payoffs >= found.levels[solutions.game] - 1e-9).all()


@pytest.mark.parametrize("concept", CONCEPTS)
def test_in_actions_every_best_combination_is_listed(concept: str) -> None:
    games = random_games(seed=35, count=40, shape=(3, 2, 3), levels=3)

    solutions = solve(games, concept=concept, pure=1)

    for game in range(len(games)):
        best = []
        for player in range(3):
            table = np.moveaxis(games.payoffs[game, player], player, 0).reshape(games.shape[player], -1)
            table = table if concept == "maximin" else table - table.max(axis=0)
            least = table.min(axis=1)
            best.append([action for action in range(len(table)) if least[action] == least.max()])
        listed = zip(*(own.argmax(axis=1).tolist() for own in solutions.of(game).strategies), strict=True)
        assert sorted(listed) == sorted(product(*best))
    assert set(solutions.certificates.verdict) <= {"complete", "degenerate-complete"}


def test_a_mixed_list_is_complete_only_where_it_is_proved_to_be() -> None:
    only, many = batch(LITERATURE["matching pennies"][0]), batch(np.zeros((2, 2, 2)))

    assert solve(only, concept="maximin").certificates[0].verdict == "complete"
    assert solve(many, concept="maximin").certificates[0].verdict == "partial"


def test_what_is_secured_need_not_be_an_equilibrium_and_the_reason_says_so() -> None:
    solutions = solve(batch([[[-9, 1], [0, 0.5]], [[-9, 0], [1, 0.5]]]), concept="maximin")

    assert solutions.strategies[0].tolist() == [[0.0, 1.0]]
    assert solutions.payoffs.tolist() == [[0.5, 0.5]]
    assert solutions.regret.tolist() == [0.5]
    assert "no equilibrium is claimed" in solutions.certificates[0].reason


def test_least_regret_and_most_security_differ() -> None:
    # aid pays 10 or 0, waiting 7 or 4: waiting secures 4; regrets are (0, 4) and (3, 0)
    games = batch([[[10, 0], [7, 4]], [[0, 0], [0, 0]]])

    assert guarantees(games).levels[0, 0] == 4
    assert guarantees(games, of="regret").exact[0] == (Fraction(12, 7), Fraction(0))
    assert guarantees(games, of="regret").strategies[0].tolist() == [[3 / 7, 4 / 7]]
    assert guarantees(games, of="regret", pure=True).levels[0, 0] == 3


@given(seed=st.integers(0, 100), scale=st.sampled_from([1e-9, 0.5, 1e9]))
@settings(max_examples=15)
def test_scaling_scales_the_levels_and_regret_ignores_what_the_others_decide(seed: int, scale: float) -> None:
    games = random_games(seed=seed, count=3, shape=(3, 3), levels=6)
    payoffs = scale * games.payoffs
    moved = payoffs.copy()
    moved[:, 0] += scale * np.array([4.0, -2.0, 1.0])

    for of in ("payoff", "regret"):
        assert np.allclose(guarantees(batch(payoffs), of=of).levels, scale * guarantees(games, of=of).levels, rtol=1e-9)
    shifted = guarantees(batch(moved), of="regret").levels
    assert np.allclose(
        shifted[:, 0], guarantees(batch(payoffs), of="regret").levels[:, 0], rtol=1e-6, atol=1e-6 * scale
    )


@pytest.mark.parametrize("crash", [-1e5, -1e10, -1e15])
def test_a_catastrophe_is_weighed_to_the_last_digit(crash: float) -> None:
    payoffs = np.array([[[crash, 1.0], [0.5, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])

    found = guarantees(batch(payoffs))

    # dare with probability p: p * crash + (1 - p) / 2 = p
    share = Fraction(1, 2) / (Fraction(3, 2) - Fraction(crash))
    assert found.exact[0] == (share, Fraction(0))
    assert found.strategies[0][0, 0] == float(share)


def test_large_games_leave_no_gap_worth_the_name_and_claim_no_uniqueness() -> None:
    found = guarantees(random_games(seed=36, count=1, shape=(60, 60)))

    assert found.certificates[0].verdict == "complete"
    assert found.certificates[0].max_regret <= 1e-11
    assert not found.unique.any()


def test_a_large_badly_scaled_game_is_solved_exactly_or_called_partial() -> None:
    payoffs = random_games(seed=37, count=2, shape=(30, 30)).payoffs.copy()
    payoffs[:, 0, 1:, :] *= 1e12
    payoffs[:, 0, 0, :] *= 1e-12

    found = guarantees(batch(payoffs))

    for game in range(2):
        table = payoffs[game, 0]
        least = (found.strategies[0][game] @ table).min()
        assert found.levels[game, 0] == pytest.approx(least, abs=1e-9 * np.abs(table).max())
        assert found.certificates[game].verdict in {"complete", "partial"}


def test_a_game_that_is_not_finite_fails_alone() -> None:
    payoffs = np.array([LITERATURE["matching pennies"][0]] * 3, dtype=float)
    payoffs[1, 1, 0, 0] = -np.inf

    found = guarantees(batch(payoffs))

    assert found.game.tolist() == [0, 2]
    for certificates in (found.certificates, solve(batch(payoffs), concept="maximin").certificates):
        assert list(certificates.verdict) == ["complete", "failed", "complete"]
        assert "finite" in certificates[1].reason


def test_another_kind_of_guarantee_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'regret'"):
        guarantees(batch(oneill()), of="regrets")
