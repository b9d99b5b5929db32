"""Do level-k players and cognitive hierarchies play what hand and brute force say?"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from gametheory.errors import InputError
from gametheory.games import Games, strategic
from gametheory.solvers import solve
from tests.library import LITERATURE, batch, random_games

Mixture = list[Fraction]


def replies(table: np.ndarray, others: list[tuple[int, Mixture]], player: int) -> Mixture:
    """Best replies of one player by brute force over all cells, in fractions."""
    value = [Fraction(0)] * table.shape[player]
    for cell in product(*(range(size) for size in table.shape)):
        weight = Fraction(1)
        for other, mixture in others:
            weight *= mixture[cell[other]]
        value[cell[player]] += weight * Fraction(table[cell])
    best = [v == max(value) for v in value]
    return [Fraction(int(good), sum(best)) for good in best]


def all_replies(payoffs: np.ndarray, profile: list[Mixture]) -> list[Mixture]:
    players = range(len(profile))
    return [replies(payoffs[k], [(j, profile[j]) for j in players if j != k], k) for k in players]


def uniform(shape: tuple[int, ...]) -> list[Mixture]:
    return [[Fraction(1, size)] * size for size in shape]


def guessing_game(highest: int) -> Games:
    """Two players choose 0 to highest; each loses the square of the distance to two thirds of the other's choice."""
    own, other = np.meshgrid(np.arange(highest + 1.0), np.arange(highest + 1.0), indexing="ij")
    first = -((own - 2 / 3 * other) ** 2)
    return batch([first, first.T])


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 3, 2), (2, 2, 2, 2), (1, 3)])
@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize("level", [0, 1, 2, 5])
def test_level_k_equals_brute_force_in_fractions(shape: tuple[int, ...], levels: int, level: int) -> None:
    games = random_games(seed=1, count=25, shape=shape, levels=levels)

    solutions = solve(games, concept="level_k", level=level)

    for game in range(len(games)):
        profile = uniform(shape)
        for _ in range(level):
            profile = all_replies(games.payoffs[game], profile)
        for own, expected in zip(solutions.strategies, profile, strict=True):
            assert np.allclose(own[game], np.array(expected, dtype=float), atol=1e-14)


@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (2, 3, 2)])
@pytest.mark.parametrize("levels", [0, 3])
@pytest.mark.parametrize("tau", [0.0, 0.5, 1.5, 6.0])
def test_cognitive_hierarchy_equals_brute_force_over_levels(shape: tuple[int, ...], levels: int, tau: float) -> None:
    games = random_games(seed=2, count=10, shape=shape, levels=levels)
    highest = 0 if tau <= 0 else 45
    share = [Fraction(math.exp(-tau)) * Fraction(tau) ** k / math.factorial(k) for k in range(highest + 1)]

    solutions = solve(games, concept="cognitive_hierarchy", tau=tau)

    for game in range(len(games)):
        by_level = [uniform(shape)]
        for level in range(1, highest + 1):
            below = sum(share[:level])
            crowd = [
                [
                    sum((share[k] * by_level[k][player][a] for k in range(level)), Fraction(0)) / below
                    for a in range(shape[player])
                ]
                for player in range(len(shape))
            ]
            by_level.append(all_replies(games.payoffs[game], crowd))
        for player, own in enumerate(solutions.strategies):
            expected = [
                float(sum(share[k] * by_level[k][player][a] for k in range(highest + 1)) / sum(share))
                for a in range(shape[player])
            ]
            assert np.allclose(own[game], expected, atol=2e-12)


def test_guesses_fall_by_a_third_from_level_to_level() -> None:
    games = guessing_game(100)

    found = [solve(games, concept="level_k", level=level).profile(0) for level in range(1, 6)]

    assert found == [f"a{guess + 1}, a{guess + 1}" for guess in (33, 22, 15, 10, 7)]


def test_level_two_hides_from_where_level_one_seeks() -> None:
    pennies = batch([[[2, -1], [-1, 1]], [[-2, 1], [1, -1]]])  # heads matters more

    found = [solve(pennies, concept="level_k", level=level).profile(0) for level in (1, 2, 3)]

    # against random play: the seeker looks at heads, the hider hides at tails; each then answers the other
    assert found == ["a1, a2", "a2, a2", "a2, a1"]


def test_only_level_zero_cooperates_in_the_prisoners_dilemma() -> None:
    solutions = solve(batch(LITERATURE["prisoner's dilemma"][0]), concept="cognitive_hierarchy")

    assert solutions.strategies[0][0, 0] == pytest.approx(math.exp(-1.5) / 2, rel=1e-11)


@pytest.mark.parametrize(("concept", "option"), [("level_k", {"level": 3}), ("cognitive_hierarchy", {"tau": 2.0})])
def test_a_prediction_says_that_it_is_none_of_an_equilibrium_and_what_could_be_gained(
    concept: str, option: dict[str, Any]
) -> None:
    games = batch(LITERATURE["matching pennies"][0])
    asymmetric = batch([[[2, -1], [-1, 1]], [[-2, 1], [1, -1]]])

    solutions = solve(asymmetric, concept=concept, **option)

    assert solutions.certificates[0].verdict == "complete"
    assert "prediction, not an equilibrium" in solutions.certificates[0].reason
    x, y = (own[0] for own in solutions.strategies)
    a, b = asymmetric.payoffs[0]
    gain = max(max(a @ y) - x @ a @ y, max(x @ b) - x @ b @ y)
    assert solutions.regret[0] == pytest.approx(gain, abs=1e-14)
    assert gain > 0.1
    assert solve(games, concept=concept, **option).regret[0] == 0  # here ties make everyone play evenly


def test_a_catastrophe_that_every_action_risks_alike_does_not_drown_the_stakes() -> None:
    payoffs = np.array([[[-1e15, 0.0], [-1e15, 1e-9]], [[0.0, 0.0], [0.0, 0.0]]])

    solutions = solve(batch(payoffs), concept="level_k", level=1)

    assert solutions.profile(0) == "a2, 0.5 a1 + 0.5 a2"


def test_payoffs_equal_up_to_rounding_tie() -> None:
    payoffs = np.array([[[0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]], [[1.0, 0.0], [1.0, 0.0]]])

    assert solve(batch(payoffs), concept="level_k", level=1).profile(0) == "0.5 a1 + 0.5 a2, a1"


def test_duplicated_actions_share_what_they_are_played_with() -> None:
    single = solve(batch([[[3, 0], [1, 2]], [[2, 1], [0, 1]]]), concept="level_k", level=1)
    double = solve(batch([[[3, 0], [3, 0], [1, 2]], [[2, 1], [2, 1], [0, 1]]]), concept="level_k", level=1)

    assert single.strategies[0][0].tolist() == [0.5, 0.5]  # a tie
    assert double.strategies[0][0].tolist() == pytest.approx([1 / 3] * 3)


def test_a_very_thoughtful_population_is_still_counted() -> None:
    solutions = solve(batch(LITERATURE["prisoner's dilemma"][0]), concept="cognitive_hierarchy", tau=1000.0)

    assert solutions.profile(0) == "a2, a2" or solutions.strategies[0][0, 0] < 1e-300


@pytest.mark.parametrize("concept", ["level_k", "cognitive_hierarchy"])
def test_a_game_that_is_not_finite_fails_alone(concept: str) -> None:
    payoffs = np.array([LITERATURE["prisoner's dilemma"][0]] * 3, dtype=float)
    payoffs[1, 1, 0, 1] = np.nan

    solutions = solve(batch(payoffs), concept=concept)

    assert solutions.game.tolist() == [0, 2]
    assert list(solutions.certificates.verdict) == ["complete", "failed", "complete"]
    assert "finite" in solutions.certificates[1].reason


@pytest.mark.parametrize("level", [-1.0, 1.5, math.nan, 1e9])
def test_a_level_that_is_no_whole_number_is_refused(level: float) -> None:
    with pytest.raises(InputError, match="level: .*expected a whole number"):
        solve(strategic(np.zeros((2, 2, 2))), concept="level_k", level=level)


@pytest.mark.parametrize("tau", [-0.1, math.nan, math.inf])
def test_a_mean_that_is_none_is_refused(tau: float) -> None:
    with pytest.raises(InputError, match="tau: .*expected a number"):
        solve(strategic(np.zeros((2, 2, 2))), concept="cognitive_hierarchy", tau=tau)
