"""Do the bargaining solutions satisfy their axioms, and are the known answers met?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.optimize import linprog

from gametheory.errors import InputError, UnknownNameError
from gametheory.games import Games, strategic
from gametheory.solvers.bargaining import Bargain, bargain
from gametheory.solvers.guarantees import guarantees
from tests.library import batch, random_games

PIE = [[[1, 0], [0, 0]], [[0, 1], [0, 0]]]
SOLUTIONS: dict[str, dict[str, list[float]]] = {
    "nash": {},
    "kalai_smorodinsky": {},
    "rubinstein": {"discounts": [0.75, 0.5]},
}


def every(games: Games, solution: str, **options: object) -> Bargain:
    return bargain(games, solution=solution, **SOLUTIONS[solution], **options)


def most_of_second(payoffs: np.ndarray, least: float) -> float:
    """The most the second player can have when the first has at least so much, by a program over lotteries."""
    a, b = payoffs.reshape(2, -1)
    found = linprog(-b, A_ub=[-a], b_ub=[-least], A_eq=np.ones((1, len(a))), b_eq=[1.0])
    return float(-found.fun)


# Rubinstein 1982: the first offer keeps (1 - d2) / (1 - d1 d2) of a pie of 1
@pytest.mark.parametrize(
    ("discounts", "share"), [((".9", ".9"), 0.526316), ((".9", ".8"), 0.714286), ((".99", ".9"), 0.917431)]
)
def test_alternating_offers_divide_a_pie_as_rubinstein_says(discounts: tuple[str, str], share: float) -> None:
    own, other = map(Fraction, discounts)

    found = bargain(strategic(PIE), solution="rubinstein", disagreement=[0, 0], discounts=discounts)
    second = bargain(strategic(PIE), solution="rubinstein", disagreement=[0, 0], discounts=discounts, first="player_2")

    assert found.payoffs[0, 0] == pytest.approx(share, abs=1e-6)
    assert found.exact[0] == ((1 - other) / (1 - own * other), other * (1 - own) / (1 - own * other))
    assert second.exact[0][1] == (1 - own) / (1 - own * other)


def test_equals_divide_a_pie_evenly_and_a_better_disagreement_is_worth_half_of_itself() -> None:
    for solution in ("nash", "kalai_smorodinsky"):
        assert bargain(strategic(PIE), solution=solution, disagreement=[0, 0]).payoffs.tolist() == [[0.5, 0.5]]
        assert bargain(strategic(PIE), solution=solution, disagreement=[0.25, 0]).payoffs.tolist() == [[0.625, 0.375]]


def test_kalai_and_smorodinsky_heed_what_nash_leaves_out() -> None:
    # the corner (1, 1) and the best of the second player, 1, are the same; only the first player's best differs
    small, large = ([[[1, 1], [0, 0]], [[1, 0], [1, 0]]], [[[1, 2], [0, 0]], [[1, 0], [1, 0]]])

    nash, kalai = (
        [bargain(batch(own), solution=solution, disagreement=[0, 0]).payoffs[0].tolist() for own in (small, large)]
        for solution in ("nash", "kalai_smorodinsky")
    )

    assert nash == [[1, 1], [1, 1]]
    assert kalai == [[1, 1], [4 / 3, 2 / 3]]


@pytest.mark.parametrize("levels", [0, 5])
def test_the_nash_solution_maximises_the_product_of_gains(levels: int) -> None:
    games = random_games(seed=51, count=12, shape=(3, 3), levels=levels)

    found = bargain(games)

    for s, game in enumerate(found.game):
        payoffs = games.payoffs[game] - found.disagreement[s][:, np.newaxis, np.newaxis]
        highest = most_of_second(payoffs[::-1], 0.0)
        products = [gain * most_of_second(payoffs, gain) for gain in np.linspace(0, highest - 1e-9, 40)]
        product = (found.payoffs[s] - found.disagreement[s]).prod()
        assert max(products) - 1e-7 <= product <= 1.02 * max(products) + 1e-7


def test_kalai_smorodinsky_is_the_last_point_of_the_ray_by_a_program() -> None:
    games = random_games(seed=52, count=25, shape=(3, 4))

    found = bargain(games, solution="kalai_smorodinsky")

    for s, game in enumerate(found.game):
        payoffs = games.payoffs[game] - found.disagreement[s][:, np.newaxis, np.newaxis]
        ideal = [most_of_second(own, 0.0) for own in (payoffs[::-1], payoffs)]
        a, b = payoffs.reshape(2, -1)
        ray = linprog(
            [*[0.0] * a.size, -1.0],
            A_ub=[[*-a, ideal[0]], [*-b, ideal[1]]],
            b_ub=[0, 0],
            A_eq=[[*[1.0] * a.size, 0.0]],
            b_eq=[1.0],
        )
        assert found.payoffs[s] - found.disagreement[s] == pytest.approx(-ray.fun * np.array(ideal), abs=1e-7)


@pytest.mark.parametrize("levels", [0, 6])
def test_each_offer_leaves_the_other_what_waiting_is_worth(levels: int) -> None:
    games = random_games(seed=53, count=25, shape=(3, 3), levels=levels)
    own, other = 0.75, 0.5

    found = bargain(games, solution="rubinstein", discounts=[own, other])

    for s, game in enumerate(found.game):
        payoffs = games.payoffs[game] - found.disagreement[s][:, np.newaxis, np.newaxis]
        x, y = found.payoffs[s] - found.disagreement[s]
        most = most_of_second(payoffs[::-1], 0.0)
        waiting = other * most_of_second(payoffs, own * x)
        assert y == pytest.approx(waiting, abs=1e-7) or (x == pytest.approx(most) and y >= waiting - 1e-7)


def test_patient_players_who_meet_often_agree_on_nashs_solution() -> None:
    # Binmore, Rubinstein and Wolinsky 1986, RAND Journal of Economics 17
    games = random_games(seed=54, count=20, shape=(3, 3))

    limit = bargain(games, solution="rubinstein", discounts=[1 - 1e-9, 1 - 1e-9])

    assert np.allclose(limit.payoffs, bargain(games).payoffs, atol=1e-6)


@pytest.mark.parametrize("solution", SOLUTIONS)
def test_no_agreement_is_wasteful_or_worse_than_none_and_its_lottery_pays_it(solution: str) -> None:
    games = random_games(seed=55, count=60, shape=(3, 4), levels=5)

    found = every(games, solution)

    assert (found.payoffs >= found.disagreement - 1e-12).all()
    assert np.allclose(found.disagreement, guarantees(games).levels[found.game])
    assert np.allclose(found.distribution.sum(axis=(1, 2)), 1)
    for s, game in enumerate(found.game):
        paid = (games.payoffs[game] * found.distribution[s]).sum(axis=(1, 2))
        assert np.allclose(paid, found.payoffs[s], atol=1e-12)
        assert found.payoffs[s, 1] == pytest.approx(most_of_second(games.payoffs[game], found.payoffs[s, 0]), abs=1e-7)
    assert set(found.certificates.verdict) <= {"complete", "degenerate-complete"}


@pytest.mark.parametrize("solution", ["nash", "kalai_smorodinsky"])
def test_swapping_the_players_swaps_the_agreement(solution: str) -> None:
    games = random_games(seed=56, count=20, shape=(3, 3), levels=6)
    swapped = strategic(games.payoffs[:, ::-1].swapaxes(2, 3), players=games.players)

    assert bargain(swapped, solution=solution).exact == tuple(
        own[::-1] for own in bargain(games, solution=solution).exact
    )


@pytest.mark.parametrize("solution", SOLUTIONS)
@given(seed=st.integers(0, 100), scale=st.sampled_from([2.0**-30, 2.0, 2.0**30]), shift=st.integers(-4, 4))
@settings(max_examples=10)
def test_the_unit_and_origin_of_a_players_payoffs_do_not_matter(
    solution: str, seed: int, scale: float, shift: int
) -> None:
    games = random_games(seed=seed, count=3, shape=(3, 3), levels=7)
    factors, shifts = np.array([scale, 1.0]), np.array([scale * shift, 0.0])
    moved = batch(games.payoffs * factors[:, np.newaxis, np.newaxis] + shifts[:, np.newaxis, np.newaxis])

    base, found = every(games, solution), every(moved, solution)

    factor = Fraction(scale)
    assert found.exact == tuple((factor * (a + shift), b) for a, b in base.exact)


def test_outcomes_that_nash_would_not_choose_do_not_matter_to_it() -> None:
    games = random_games(seed=57, count=20, shape=(3, 3))
    disagreement = games.payoffs.mean(axis=(2, 3))
    found = bargain(games, disagreement=disagreement)
    used = found.distribution > 0
    spoilt = np.where(used[:, np.newaxis], games.payoffs, disagreement[:, :, np.newaxis, np.newaxis])

    assert bargain(batch(spoilt), disagreement=disagreement).exact == found.exact


def test_where_only_one_player_can_gain_that_agreement_is_named_and_marked() -> None:
    zero_sum = bargain(batch([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]))
    one_sided = bargain(batch([[[5, 0]], [[0, 0]]]), disagreement=[0, 0])

    assert zero_sum.payoffs.tolist() == [[0, 0]]
    assert one_sided.payoffs.tolist() == [[5, 0]]
    assert [own.certificates[0].verdict for own in (zero_sum, one_sided)] == ["degenerate-complete"] * 2


def test_where_disagreement_is_better_for_both_there_is_no_agreement() -> None:
    found = bargain(strategic(PIE), disagreement=[0.75, 0.75])

    assert len(found.game) == 0
    assert found.certificates[0].verdict == "failed"
    assert "no agreement" in found.certificates[0].reason


@pytest.mark.parametrize("crash", [-1e5, -1e15])
def test_a_catastrophe_that_nobody_agrees_on_moves_nothing(crash: float) -> None:
    chicken = np.array([[[0, 1], [0, 0.5]], [[0, 0], [1, 0.5]]], dtype=float)
    chicken[:, 0, 0] = crash

    for solution in SOLUTIONS:
        found = every(batch(chicken), solution, disagreement=[0, 0])
        assert found.exact[0][0] + found.exact[0][1] == 1


@pytest.mark.parametrize("solution", SOLUTIONS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (2, 2)])
def test_constant_payoffs_leave_nothing_to_bargain_about(solution: str, shape: tuple[int, ...]) -> None:
    found = every(strategic(np.full((1, 2, *shape), 3.0)), solution)

    assert found.payoffs.tolist() == [[3, 3]]
    assert found.certificates[0].verdict == "degenerate-complete"


def test_a_game_that_is_not_finite_fails_alone() -> None:
    payoffs = np.array([PIE] * 3, dtype=float)
    payoffs[1, 0, 0, 0] = np.nan

    found = bargain(batch(payoffs))

    assert found.game.tolist() == [0, 2]
    assert found.certificates[1].verdict == "failed"
    assert "finite" in found.certificates[1].reason


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"solution": "nasch"}, UnknownNameError, "did you mean 'nash'"),
        ({"solution": "rubinstein"}, InputError, "expected two discount factors"),
        ({"discounts": [0.5, 0.5]}, InputError, "only 'rubinstein' discounts"),
        ({"solution": "rubinstein", "discounts": [1.0, 0.5]}, InputError, "below 1"),
        ({"solution": "rubinstein", "discounts": [0.5, 0.5], "first": "player_3"}, UnknownNameError, "no player named"),
        ({"disagreement": [1, 2, 3]}, InputError, "expected \\(2,\\)"),
    ],
)
def test_what_does_not_fit_is_refused(options: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        bargain(strategic(PIE), **options)


def test_more_than_two_players_are_refused() -> None:
    with pytest.raises(InputError, match="expected 2"):
        bargain(random_games(seed=0, count=1, shape=(2, 2, 2)))
