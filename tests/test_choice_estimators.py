"""Are the criteria of choice and the values of information those of the definitions and of the known answers?"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from gametheory.estimators import choice, information
from gametheory.estimators.information import Information, cells_of, everything, most_cells, some

FloatArray = NDArray[np.float64]
EVPI, EVPPI_FIRST, EVPPI_SECOND = 0.479811, 0.083315, 0.395593  # options 0 and p1 - p2, p1 ~ N(1, 1), p2 ~ N(0, 2)


def jackson(draws: int, seed: int = 0) -> tuple[FloatArray, FloatArray]:
    """Even points of two normal parameters, and what both options pay."""
    uniforms = qmc.Sobol(2, rng=np.random.default_rng(seed)).random(draws)
    parameters = norm.ppf(uniforms) * [1.0, 2.0] + [1.0, 0.0]
    return parameters, np.stack([np.zeros(draws), parameters[:, 0] - parameters[:, 1]], axis=1)


def loss(mean: float, deviation: float) -> float:
    """What knowing a normal gain is worth, where the other option pays nothing."""
    z = mean / deviation
    return float(deviation * norm.pdf(z) + mean * norm.cdf(z) - max(0.0, mean))


def noise() -> np.random.Generator:
    return np.random.default_rng(0)


def known(payoffs: FloatArray, columns: FloatArray) -> Information:
    return some(payoffs, cells_of(columns, most_cells(len(payoffs))), noise())


def test_the_published_values_of_information_come_out() -> None:
    """Even points have next to no noise in a cell, so that what the noise of random draws adds is put back."""
    parameters, payoffs = jackson(2**17)
    first, second, both = (known(payoffs, columns) for columns in (parameters[:, :1], parameters[:, 1:], parameters))

    assert everything(payoffs).value == pytest.approx(EVPI, abs=2e-5)
    assert first.raw == pytest.approx(EVPPI_FIRST, abs=2e-5)
    assert second.raw == pytest.approx(EVPPI_SECOND, abs=2e-5)
    assert both.value == pytest.approx(EVPI, abs=3e-3)  # cells of two parameters are coarser
    assert (payoffs[:, 1] > 0.0).mean() == pytest.approx(0.672640, abs=2e-5)


def test_random_draws_give_the_published_values_within_their_errors() -> None:
    generator = np.random.default_rng(8)
    parameters = generator.normal([1.0, 0.0], [1.0, 2.0], (2**18, 2))
    payoffs = np.stack([np.zeros(2**18), parameters[:, 0] - parameters[:, 1]], axis=1)
    found = [everything(payoffs), known(payoffs, parameters[:, :1]), known(payoffs, parameters[:, 1:])]

    for own, truth in zip(found, (EVPI, EVPPI_FIRST, EVPPI_SECOND), strict=True):
        assert abs(own.value - truth) < 2.5 * own.error < 0.006
        assert abs(own.apart - truth) < 3.5 * own.error


def test_the_published_values_are_those_of_the_normal_loss() -> None:
    assert loss(1.0, math.sqrt(5.0)) == pytest.approx(EVPI, abs=5e-7)
    assert loss(1.0, 1.0) == pytest.approx(EVPPI_FIRST, abs=5e-7)
    assert loss(1.0, 2.0) == pytest.approx(EVPPI_SECOND, abs=5e-7)


def test_a_correlated_parameter_tells_about_the_other() -> None:
    """The first parameter alone is worth the loss of its conditional mean: 1 + (1 - 2 rho) z for p1 - p2."""
    rho, draws = 0.8, 2**16
    z = norm.ppf(qmc.Sobol(2, rng=np.random.default_rng(1)).random(draws))
    other = rho * z[:, 0] + math.sqrt(1 - rho**2) * z[:, 1]
    payoffs = np.stack([np.zeros(draws), 1.0 + z[:, 0] - 2.0 * other], axis=1)

    assert known(payoffs, z[:, :1]).value == pytest.approx(loss(1.0, abs(1.0 - 2.0 * rho)), abs=2e-3)


def test_standard_errors_are_the_spread_of_repeated_estimates_and_the_bias_is_taken_off() -> None:
    generator = np.random.default_rng(5)
    found: dict[str, list[Information]] = {"all": [], "first": [], "nothing": []}
    for _ in range(120):
        first, second = generator.normal(1.0, 1.0, 2_048), generator.normal(0.0, 2.0, 2_048)
        payoffs = np.stack([np.zeros(2_048), first - second], axis=1)
        found["all"].append(everything(payoffs))
        for name, column in (("first", first), ("nothing", generator.random(2_048))):
            found[name].append(some(payoffs, cells_of(column[:, None], most_cells(2_048)), generator))

    for name, truth in (("all", EVPI), ("first", EVPPI_FIRST)):
        values = np.array([own.value for own in found[name]])
        claimed = float(np.mean([own.error for own in found[name]]))
        assert values.std() == pytest.approx(claimed, rel=0.25), name
        assert values.mean() == pytest.approx(truth, abs=3.5 * values.std() / math.sqrt(120)), name
    with_noise = np.mean([own.raw for own in found["first"]])
    assert with_noise > EVPPI_FIRST + 5e-3  # what would be reported without the correction
    assert np.mean([own.apart for own in found["first"]]) < EVPPI_FIRST
    assert max(own.value for own in found["nothing"]) < 5e-3
    assert np.mean([own.apart for own in found["nothing"]]) <= 0.0


tables = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(-3, 4, (np.random.default_rng(seed).integers(2, 40), 3)) / 2.0
)


@given(tables, st.integers(1, 8))
def test_private_information_is_never_worth_less_than_nothing_nor_more_than_everything(
    payoffs: FloatArray, count: int
) -> None:
    cells = np.arange(len(payoffs)) % min(count, len(payoffs))
    found = some(payoffs, cells, noise())

    assert found.value >= 0.0
    assert found.raw <= everything(payoffs).value + 1e-9
    low, high = information.bounds(payoffs, payoffs + 0.5, cells)
    assert 0.0 <= low <= found.raw + 1e-9 <= high + 2e-9


@given(tables)
def test_no_payoffs_between_the_bounds_give_information_a_value_outside_its_bounds(payoffs: FloatArray) -> None:
    """Among all ways to pay the least or the most, draw by draw, both ends are looked for."""
    lower = payoffs[:3]
    upper = lower + np.abs(lower)[:, ::-1]
    picks = itertools.product([False, True], repeat=lower.size)
    values = [everything(np.where(np.reshape(pick, lower.shape), upper, lower)).value for pick in picks]

    low, high = information.bounds(lower, upper)

    assert low <= min(values) + 1e-12
    assert max(values) <= high + 1e-12


@given(tables, st.permutations(range(3)), st.integers(0, 2**32 - 1))
def test_values_of_information_do_not_hang_on_how_options_cells_and_draws_are_numbered(
    payoffs: FloatArray, order: list[int], seed: int
) -> None:
    cells = np.arange(len(payoffs)) % 2
    places = np.random.default_rng(seed).permutation(len(payoffs))
    plain = some(payoffs, cells, noise())

    for other in (some(payoffs[:, order], cells, noise()), some(payoffs, 1 - cells, noise())):
        assert other.raw == pytest.approx(plain.raw, abs=1e-12)
    assert some(payoffs[places], cells[places], noise()).raw == pytest.approx(plain.raw, abs=1e-12)
    renumbered = some(payoffs[:, order], cells, noise())
    assert (renumbered.value, renumbered.bias) == pytest.approx((plain.value, plain.bias), abs=1e-12)
    assert everything(payoffs[places][:, order]).value == pytest.approx(everything(payoffs).value, abs=1e-12)
    assert information.bounds(payoffs[:, order], payoffs[:, order] + 1.0, cells) == pytest.approx(
        information.bounds(payoffs, payoffs + 1.0, cells)
    )


def test_cells_hold_equally_many_draws_and_keep_equal_values_together() -> None:
    generator = np.random.default_rng(2)
    smooth, few = generator.random((4_096, 3)), generator.integers(0, 3, (4_096, 1)).astype(float)

    cells = cells_of(smooth, 64)
    assert np.bincount(cells).tolist() == [64] * 64
    levels = cells_of(few, 64)
    assert {len(set(levels[few[:, 0] == value])) for value in (0.0, 1.0, 2.0)} == {1}
    assert levels.max() == 2
    assert cells_of(np.ones((500, 2)), 16).max() == 0
    assert np.bincount(cells_of(smooth[:100], 64)).min() >= 16


def test_a_single_cell_is_worth_nothing_and_cells_of_one_draw_are_worth_everything() -> None:
    payoffs = np.random.default_rng(3).normal(size=(50, 4))

    assert some(payoffs, np.zeros(50, dtype=np.int64), noise()).value == 0.0
    alone = some(payoffs, np.arange(50), noise())
    assert alone.value == pytest.approx(everything(payoffs).value)
    assert alone.bias == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("tail", [0.1, 0.25, 0.5, 1.0])
def test_the_tail_mean_is_the_mean_of_the_worst_draws(tail: float) -> None:
    payoffs = np.random.default_rng(4).normal(size=(40, 3))

    expected = np.sort(payoffs, axis=0)[: int(40 * tail)].mean(axis=0)

    assert choice.tail_mean(payoffs, tail).value == pytest.approx(expected, abs=1e-12)


def test_the_tail_mean_of_a_normal_is_that_of_the_formula() -> None:
    even = norm.ppf((np.arange(100_000) + 0.5) / 100_000)[:, None]

    assert choice.tail_mean(even, 0.1).value[0] == pytest.approx(-norm.pdf(norm.ppf(0.1)) / 0.1, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "criterion"),
    [
        ("expected", choice.expected),
        ("tail_mean", lambda values: choice.tail_mean(values, 0.1)),
        ("quantile", lambda values: choice.quantile(values, 0.9)),
        ("share", lambda values: choice.share(values > 0.3, len(values))),
    ],
)
def test_errors_of_criteria_and_gaps_are_the_spread_of_repeated_draws(
    name: str, criterion: Callable[[FloatArray], choice.Criterion]
) -> None:
    generator = np.random.default_rng(6)
    values, errors, gaps, gap_errors = [], [], [], []
    for _ in range(250):
        common = generator.normal(size=(800, 1))
        draws = common + 0.5 * generator.normal(size=(800, 2)) + [0.0, 0.2]
        found = criterion(draws)
        gap, error, _ = choice.gaps(found, larger_is_better=True)
        values.append(found.value)
        errors.append(choice.standard_errors(found.influence, 2))
        gaps.append(gap)
        gap_errors.append(error)

    assert np.std(values, axis=0) == pytest.approx(np.mean(errors, axis=0), rel=0.2), name
    assert np.std(gaps, axis=0) == pytest.approx(np.mean(gap_errors, axis=0), rel=0.2), name
    assert np.mean(gap_errors) < np.mean(errors) * math.sqrt(2.0)  # the draws are the same


def test_a_quantile_is_the_value_that_the_share_of_the_draws_does_not_exceed() -> None:
    values = np.random.default_rng(7).permutation(np.arange(1.0, 101.0))[:, None]

    assert [choice.quantile(values, p).value[0] for p in (0.01, 0.5, 0.9)] == [1.0, 50.0, 90.0]


@given(tables)
def test_bounds_of_regret_are_those_over_all_corners(payoffs: FloatArray) -> None:
    lower, upper = payoffs[:6], payoffs[:6] + np.abs(payoffs[:6])[:, ::-1]

    corners = [np.where(np.array(pick), upper, lower) for pick in itertools.product([False, True], repeat=3)]
    every = np.stack([choice.regret(corner) for corner in corners])
    least, most = choice.regret_bounds(lower, upper)

    assert least == pytest.approx(every.min(axis=0), abs=1e-12)
    assert most == pytest.approx(every.max(axis=0), abs=1e-12)


@given(tables)
def test_the_front_holds_what_no_other_option_beats(payoffs: FloatArray) -> None:
    first, second = payoffs[:, 0], payoffs[:, 1]

    beaten = [
        any(
            first[other] >= first[own]
            and second[other] >= second[own]
            and (first[other] > first[own] or second[other] > second[own])
            for other in range(len(first))
        )
        for own in range(len(first))
    ]

    assert choice.front(first, second).tolist() == [not own for own in beaten]


@given(tables, st.permutations(range(3)))
def test_no_criterion_hangs_on_how_options_are_numbered(payoffs: FloatArray, order: list[int]) -> None:
    criteria: list[Callable[[Any], choice.Criterion]] = [
        choice.expected,
        choice.smallest,
        choice.largest,
        lambda values: choice.tail_mean(values, 0.1),
        lambda values: choice.quantile(values, 0.9),
        lambda values: choice.share(values > 0.0, len(values)),
        lambda values: choice.expected(choice.regret(values)),
    ]
    for criterion in criteria:
        plain, moved = criterion(payoffs), criterion(payoffs[:, order])
        assert moved.value == pytest.approx(plain.value[order], abs=1e-12)
        gap, error, _ = choice.gaps(plain, larger_is_better=True)
        other_gap, other_error, _ = choice.gaps(moved, larger_is_better=True)
        assert other_gap == pytest.approx(gap[order], abs=1e-12)
        if len(set(np.round(plain.value, 9))) == 3:  # else equal rivals, of which either may be named
            assert other_error == pytest.approx(error[order], abs=1e-9, nan_ok=True)


def test_draws_that_were_not_solved_count_as_neither() -> None:
    holds = np.array([[True, False]] * 3)

    found = choice.share(holds, 4)

    assert found.value.tolist() == [0.75, 0.0]
    assert choice.standard_errors(found.influence, 2) == pytest.approx([math.sqrt(0.75 * 0.25 / 4), 0.0])


def test_one_option_alone_has_no_rival() -> None:
    gap, error, other = choice.gaps(choice.expected(np.ones((3, 1))), larger_is_better=True)

    assert np.isnan(gap).all()
    assert np.isnan(error).all()
    assert other.tolist() == [-1]
    assert choice.regret_bounds(np.ones((2, 1)), np.full((2, 1), 3.0))[1].tolist() == [[0.0], [0.0]]
