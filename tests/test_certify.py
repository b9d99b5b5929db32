"""Does the certifier catch what is wrong with an answer, without help from a solver?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from gametheory import certify
from gametheory.solvers import solve
from tests.library import batch, random_games

PENNIES = np.array([[[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]])
NOBODY = np.zeros(1, dtype=bool)
ONLY = np.zeros(1, dtype=np.int64)


def test_a_profile_with_a_profitable_deviation_is_unsound() -> None:
    seen = certify.check(PENNIES, ONLY, [np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]])])

    assert seen.regret.tolist() == [2.0]
    assert seen.sound.tolist() == [False]


def test_a_regret_that_only_a_catastrophe_makes_look_small_is_unsound() -> None:
    # both swerve in Chicken with a crash of -1e10: the gain of 0.5 is 5e-11 of the payoff range
    payoffs = np.array([[[[-1e10, 1.0], [0.0, 0.5]], [[-1e10, 0.0], [1.0, 0.5]]]])

    seen = certify.check(payoffs, ONLY, [np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]])])

    assert seen.sound.tolist() == [False]


@pytest.mark.parametrize("strategy", [[0.6, 0.6], [1.2, -0.2], [0.0, 0.0]])
def test_a_strategy_that_is_not_a_probability_vector_is_unsound(strategy: list[float]) -> None:
    assert not certify.check(PENNIES, ONLY, [np.array([strategy]), np.array([[0.5, 0.5]])]).sound.any()


def test_expected_payoffs_and_regret_agree_with_sums_over_all_profiles_for_three_players() -> None:
    games = random_games(seed=0, count=1, shape=(2, 3, 2))
    generator = np.random.default_rng(1)
    mix = [generator.dirichlet(np.ones(size))[np.newaxis] for size in games.shape]

    seen = certify.check(games.payoffs, ONLY, mix)

    weight = np.einsum("a,b,c->abc", *(own[0] for own in mix))
    assert np.allclose(seen.payoffs[0], (games.payoffs[0] * weight).sum(axis=(1, 2, 3)))
    gains = []
    for player in range(3):
        for action in range(games.shape[player]):
            moved = [own[0] for own in mix]
            moved[player] = np.eye(games.shape[player])[action]
            value = (games.payoffs[0, player] * np.einsum("a,b,c->abc", *moved)).sum()
            gains.append(value - seen.payoffs[0, player])
    assert seen.regret[0] == pytest.approx(max(gains))


@pytest.mark.parametrize("deviators", [None, (0,), (1,), ()])
def test_the_compiled_check_of_two_players_agrees_with_the_one_for_any_number(
    deviators: tuple[int, ...] | None,
) -> None:
    games = random_games(seed=2, count=50, shape=(3, 4))
    generator = np.random.default_rng(3)
    mix = [generator.dirichlet(np.ones(size), len(games)) for size in games.shape]

    two = certify.check(games.payoffs, np.arange(50), mix, deviators=deviators)
    deviates = np.array([deviators is None or player in deviators for player in range(2)])
    many = certify._check_many(games.payoffs, mix, deviates)

    assert np.allclose(two.payoffs, many.payoffs)
    assert np.allclose(two.regret, many.regret)
    assert two.sound.tolist() == many.sound.tolist()


def test_exact_regret_is_zero_at_an_equilibrium_and_the_gain_elsewhere() -> None:
    payoffs = np.vectorize(Fraction)(PENNIES[0])
    half = (Fraction(1, 2), Fraction(1, 2))

    assert certify.exact_regret(payoffs, (half, half)) == 0
    assert certify.exact_regret(payoffs, ((Fraction(1), Fraction(0)), half)) == 1
    assert certify.exact_regret(payoffs, ((Fraction(1), Fraction(0)), (Fraction(1), Fraction(0)))) == 2


def test_a_lost_equilibrium_makes_the_verdict_partial() -> None:
    solutions = solve(batch([[[3, 1], [0, 2]], [[2, 1], [0, 3]]]))
    assert solutions.component is not None
    assert solutions.index is not None
    kept = slice(0, 2)

    total = certify.index_sums(1, solutions.game[kept], solutions.component[kept], solutions.index[kept])
    certificates = certify.certificates(
        count=1,
        game=solutions.game[kept],
        regret=solutions.regret[kept],
        sound=np.ones(2, dtype=bool),
        repeats=np.zeros(2, dtype=bool),
        index_sum=total,
        tied=NOBODY,
        proof="",
        reasons=[],
    )

    assert total.tolist() == [0]
    assert certificates[0].verdict == "partial"
    assert "do not sum to 1" in certificates[0].reason


def test_a_listed_profile_that_is_no_equilibrium_makes_the_verdict_failed() -> None:
    certificates = certify.certificates(
        count=1,
        game=np.zeros(1, dtype=np.int64),
        regret=np.array([2.0]),
        sound=np.array([False]),
        repeats=np.array([False]),
        index_sum=None,
        tied=NOBODY,
        proof="",
        reasons=[],
    )

    assert certificates[0].verdict == "failed"
    assert certificates[0].max_regret == 2.0


def test_a_repeated_solution_is_noticed() -> None:
    game = np.zeros(3, dtype=np.int64)
    strategies = [np.array([[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]]), np.array([[1.0], [1.0], [1.0]])]

    assert certify.duplicated(game, strategies).tolist() == [False, True, False]
    assert certify.duplicated(np.arange(3), strategies).tolist() == [False, False, False]


def test_a_component_counts_once_in_the_index_sum() -> None:
    game, component = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 0])

    assert certify.index_sums(3, game, component, np.array([1, 1, 0, 1])).tolist() == [1, 1, 0]
