"""Do the indices of variance, curves and distances agree with the answers that are known in closed form?"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest, norm, qmc

from gametheory.errors import InputError
from gametheory.estimators.conditional import (
    delta,
    dummy,
    equal_mass,
    first_order,
    first_order_of_values,
    tallies,
    wilson,
)
from gametheory.estimators.variance import (
    Indices,
    PickFrozen,
    indicator_sums,
    indices,
    orders_of_exchange,
    paths,
    value_sums,
)

FloatArray = NDArray[np.float64]
Function = Callable[[FloatArray], NDArray[Any]]
BASE, REPLICATES = 2**15, 8
SUMS_OF_THREE = np.array([1.0, 2.0, 3.0])
G = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def ishigami(u: FloatArray) -> FloatArray:
    """Ishigami and Homma 1990, with a = 7 and b = 0.1."""
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def sobol_g(u: FloatArray) -> FloatArray:
    """Saltelli et al. 2010."""
    return np.asarray(np.prod((np.abs(4 * u - 2) + G) / (1 + G), axis=1))


def half_space(u: FloatArray) -> NDArray[Any]:
    """Whether a weighted sum of three normal variables is positive."""
    return np.asarray(norm.ppf(u) @ SUMS_OF_THREE > 0, dtype=np.int64)


def over_one(u: FloatArray) -> NDArray[Any]:
    """Whether two uniform variables add up to more than 1."""
    return np.asarray(u.sum(axis=1) > 1, dtype=np.int64)


def three_classes(u: FloatArray) -> NDArray[Any]:
    """The sum of two uniform variables, cut at 0.7 and 1.3."""
    return np.asarray(np.digitize(u.sum(axis=1), [0.7, 1.3]))


def pick_frozen(function: Function, width: int, base: int = BASE, seed: int = 0) -> PickFrozen:
    """The values of a function at scrambled Sobol pairs and their exchanges."""
    rng = np.random.default_rng(seed)
    own = base // REPLICATES
    pairs = np.concatenate([qmc.Sobol(2 * width, rng=rng).random(own) for _ in range(REPLICATES)])
    a, b = pairs[:, :width], pairs[:, width:]
    turns = orders_of_exchange(rng, base, width)
    steps = paths(turns)
    path = np.stack([function(np.where(steps[:, step], b, a)) for step in range(width + 1)], axis=1)
    singles = np.eye(width, dtype=np.bool_)
    exchanged = np.array([function(np.where(single, b, a)) for single in singles])
    return PickFrozen(function(a), function(b), exchanged, path, turns, np.repeat(np.arange(REPLICATES), own))


def mapped(answers: PickFrozen, function: Callable[[NDArray[Any]], NDArray[Any]]) -> PickFrozen:
    """The same answers under other numbers."""
    a, b, exchanged, path, turns, replicate = answers
    return PickFrozen(function(a), function(b), function(exchanged), function(path), turns, replicate)


def as_floats(answers: PickFrozen) -> PickFrozen:
    return mapped(answers, lambda part: part.astype(np.float64))


def rows_of(own: PickFrozen, kept: NDArray[np.bool_]) -> PickFrozen:
    """The answers of some base points."""
    base = (own.a[kept], own.b[kept], own.exchanged[:, kept], own.path[kept])
    return PickFrozen(*base, own.turns[kept], own.replicate[kept])


def within(found: FloatArray, low: FloatArray, high: FloatArray, expected: Any, *, times: float = 2.0) -> bool:
    """Whether what is expected lies in the intervals, made so many times as wide."""
    middle, half = (low + high) / 2, times * (high - low) / 2
    return bool(np.all(np.abs(np.asarray(expected) - middle) <= half + 1e-12)) and bool(np.all(found >= low - 1e-12))


def agree(found: Indices, first: Any, total: Any, shapley: Any, precision: tuple[float, float, float]) -> None:
    """Check the estimates against closed forms, and that the intervals hold them."""
    assert found.first == pytest.approx(first, abs=precision[0])
    assert found.total == pytest.approx(total, abs=precision[1])
    assert found.shapley == pytest.approx(shapley, abs=precision[2])
    assert within(found.first, found.first_low, found.first_high, first)
    assert within(found.total, found.total_low, found.total_high, total)
    assert within(found.shapley, found.shapley_low, found.shapley_high, shapley)
    assert found.shapley.sum() == pytest.approx(1.0, abs=1e-12)


def test_ishigami_has_its_published_indices() -> None:
    found = indices(value_sums(pick_frozen(ishigami, 3)))

    total = (0.557588855, 0.442411145, 0.243683664)
    agree(found, (0.313905191, 0.442411145, 0), total, (0.435747023, 0.442411145, 0.121841832), (0.002, 0.002, 0.01))
    assert found.variance == pytest.approx(13.844587941, rel=0.001)
    assert found.flips[1] == BASE


def test_the_g_function_has_its_published_indices() -> None:
    found = indices(value_sums(pick_frozen(sobol_g, 8)))

    first = [0.716192, 0.179048, 0.0236758, 0.00716192, *[7.16e-5] * 4]
    total = [0.787144, 0.242198, 0.0343169, 0.0104604, *[1.0495e-4] * 4]
    assert found.variance == pytest.approx(0.465424432, rel=0.002)
    assert found.first == pytest.approx(first, abs=0.002)
    assert found.total == pytest.approx(total, abs=0.0005)
    assert found.total[4:] == pytest.approx(total[4:], rel=0.03)
    assert np.all(found.first - 0.004 <= found.shapley)
    assert np.all(found.shapley <= found.total + 0.004)


def test_a_half_space_has_the_indices_of_sheppards_identity() -> None:
    found = indices(indicator_sums(pick_frozen(half_space, 3), np.array([[False], [True]])))

    r = SUMS_OF_THREE**2 / (SUMS_OF_THREE**2).sum()
    first, total = 2 / np.pi * np.arcsin(r), 1 - 2 / np.pi * np.arcsin(1 - r)
    assert first == pytest.approx((0.045512, 0.184462, 0.444502), abs=1e-6)
    assert total == pytest.approx((0.242075, 0.493503, 0.767502), abs=1e-6)
    agree(found, first, total, (0.114201, 0.309390, 0.576409), (0.006, 0.005, 0.006))
    assert np.all(found.noise_floor > 0)
    assert np.all(found.first[1:] > found.noise_floor[1:])


def test_pairs_of_a_half_space_interact_as_sheppards_identity_says() -> None:
    found = indices(indicator_sums(pick_frozen(half_space, 3, 2**20), np.array([[False], [True]])))

    together = {}  # of three parameters, two explain what the total of the third leaves
    for third, (one, two) in {2: (0, 1), 1: (0, 2), 0: (1, 2)}.items():
        together[one, two] = 1.0 - found.total[third] - found.first[one] - found.first[two]

    assert together[0, 1] == pytest.approx(0.002525, abs=0.002)
    assert together[0, 2] == pytest.approx(0.016483, abs=0.003)
    assert together[1, 2] == pytest.approx(0.128961, abs=0.003)


def test_a_diagonal_split_has_first_one_third_and_total_two_thirds() -> None:
    found = indices(indicator_sums(pick_frozen(over_one, 2), np.array([[False], [True]])))

    agree(found, 1 / 3, 2 / 3, 1 / 2, (0.006, 0.005, 0.003))


def test_aggregated_indices_of_three_classes_are_known_and_are_means_weighted_by_variance() -> None:
    answers, table = pick_frozen(three_classes, 2), np.eye(3, dtype=np.bool_)
    found = indices(indicator_sums(answers, table))
    alone = [indices(indicator_sums(answers, table[:, [kind]])) for kind in range(3)]

    agree(found, 0.191202, 0.808798, 1 / 2, (0.006, 0.005, 0.003))
    weights = [one.variance for one in alone]
    assert found.variance == pytest.approx(sum(weights), rel=1e-12)
    for name in ("first", "total"):
        mean = np.average([getattr(one, name) for one in alone], axis=0, weights=weights)
        assert getattr(found, name) == pytest.approx(mean, rel=1e-9)


def test_no_renumbering_of_classes_indicators_or_parameters_moves_an_index() -> None:
    answers = pick_frozen(lambda u: np.digitize(u @ [1.0, 2.0, 0.5], [0.6, 1.5, 2.4]), 3, 2**11)
    table = np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 1, 1, 0], [0, 0, 0, 0]], dtype=np.bool_)
    found = indices(indicator_sums(answers, table))

    for order in ([3, 0, 2, 1], [1, 2, 3, 0]):
        place = np.argsort(order)
        again = indices(indicator_sums(mapped(answers, place.take), table[order][:, order]))
        for name in vars(found):
            assert getattr(again, name) == pytest.approx(getattr(found, name), abs=1e-12), name
    swapped = np.array([2, 0, 1])
    moved = answers._replace(exchanged=answers.exchanged[swapped], turns=np.argsort(swapped)[answers.turns])
    for name in set(vars(found)) - {"variance"}:
        again_by_name = getattr(indices(indicator_sums(moved, table)), name)
        assert again_by_name == pytest.approx(getattr(found, name)[swapped], abs=1e-12), name


def test_twice_the_total_is_the_mean_size_of_the_symmetric_difference_in_units_of_the_variance() -> None:
    answers = pick_frozen(lambda u: np.digitize(u @ [1.0, 2.0], [0.6, 1.5, 2.4]), 2, 2**10)
    sets = [{0, 3}, {1, 3}, {1, 2}, set()]
    table = np.array([[kind in one for kind in range(4)] for one in sets])

    found = indices(indicator_sums(answers, table))

    for parameter in range(2):
        pairs = zip(answers.a.tolist(), answers.exchanged[parameter].tolist(), strict=True)
        sizes = [len(sets[before] ^ sets[after]) for before, after in pairs]
        assert found.total[parameter] * found.variance * 2 == pytest.approx(np.mean(sizes), rel=1e-12)
        assert found.flips[parameter] == np.count_nonzero(sizes)


def test_sums_of_parts_add_up_to_those_of_the_whole_exactly() -> None:
    answers, table = pick_frozen(three_classes, 2, 2**10), np.eye(3, dtype=np.bool_)
    whole = indicator_sums(answers, table)

    first = np.arange(2**10) < 2**9
    later = rows_of(answers, ~first)
    halves = [rows_of(answers, first), later._replace(replicate=later.replicate - later.replicate.min())]
    parts = [indicator_sums(half, table) for half in halves]
    for name in whole._fields[:-1]:
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert joined.tolist() == getattr(whole, name).tolist(), name
        assert joined.dtype.kind == "i", name


def test_sets_beyond_the_table_of_pairs_are_compared_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, table = pick_frozen(three_classes, 2, 2**10), np.array([[1, 0, 1], [1, 1, 0], [0, 0, 1]], dtype=np.bool_)
    whole = indicator_sums(answers, table)

    monkeypatch.setattr("gametheory.estimators.variance.LARGEST_TABLE", 1)

    again = indicator_sums(answers, table)
    assert all(np.array_equal(one, other) for one, other in zip(whole, again, strict=True))


def test_the_noise_floor_is_what_shuffled_answers_show() -> None:
    answers, table = pick_frozen(half_space, 3, 2**10), np.array([[False], [True]])
    sums = indicator_sums(answers, table)
    values = value_sums(as_floats(answers))

    rng = np.random.default_rng(1)
    moved = answers.exchanged - answers.a
    shuffled = np.array([moved @ (rng.permutation(answers.b) - answers.b.mean()) for _ in range(4_000)])

    assert sums.noise == pytest.approx(shuffled.var(axis=0), rel=0.1)
    assert values.noise == pytest.approx(sums.noise, rel=1e-9)


def test_a_number_that_is_0_or_1_has_the_indices_of_its_indicator() -> None:
    answers = pick_frozen(half_space, 3, 2**12)
    by_set = indices(indicator_sums(answers, np.array([[False], [True]])))
    by_value = indices(value_sums(as_floats(answers)))

    for name in vars(by_set):
        assert getattr(by_value, name) == pytest.approx(getattr(by_set, name), rel=1e-9, abs=1e-12), name


def test_a_parameter_that_enters_nothing_has_total_0_and_a_narrow_honest_interval() -> None:
    found = indices(indicator_sums(pick_frozen(lambda u: over_one(u[:, :2]), 3), np.array([[False], [True]])))

    assert found.flips[2] == 0
    assert found.total[2] == found.first[2] == found.noise_floor[2] == 0.0
    assert 0.0 < found.total_high[2] < 0.001
    assert found.first_low[2] <= 0.0 <= found.first_high[2]


def test_rare_changes_widen_the_interval_beyond_what_agreeing_replicates_say() -> None:
    base = 800
    a = np.zeros(base, dtype=np.int64)
    a[:400] = 1
    moved = a.copy()
    moved[:: base // 8] ^= 1  # one change in each of eight replicates, which so agree exactly
    replicate = np.arange(base) * 8 // base
    answers = PickFrozen(a, 1 - a, moved[np.newaxis], np.column_stack([a, 1 - a]), np.zeros((base, 1), int), replicate)

    found = indices(indicator_sums(answers, np.array([[False], [True]])))

    assert found.flips[0] == 8
    assert found.total[0] == pytest.approx(8 / base / 2 / 0.25, rel=1e-9)
    assert found.total_high[0] == pytest.approx(15.763 / base / 2 / 0.25, rel=1e-3)  # Garwood's limit for 8 events
    assert found.total_low[0] == 0.0


def test_values_that_are_missing_are_left_out_and_not_taken_for_zero() -> None:
    whole = pick_frozen(ishigami, 3, 2**12)
    holes = mapped(whole, np.copy)
    for part in (holes.a, holes.path[:, 0]):
        part[::7] = np.nan
    holes.exchanged[1, 3::11] = np.nan
    found = indices(value_sums(holes))

    kept = np.arange(2**12) % 7 != 0
    a_few = rows_of(whole, kept)
    expected = indices(value_sums(a_few))
    assert found.pairs.tolist()[::2] == [np.count_nonzero(kept)] * 2
    assert found.pairs[1] < np.count_nonzero(kept)
    assert found.total == pytest.approx(expected.total, rel=0.1)
    assert np.isfinite(found.first).all()
    assert found.first == pytest.approx((0.314, 0.442, 0.0), abs=0.05)


def test_nothing_that_varies_gives_indices_of_zero() -> None:
    answers = pick_frozen(lambda u: np.zeros(len(u), dtype=np.int64), 2, 2**6)

    for found in (indices(indicator_sums(answers, np.eye(2, dtype=np.bool_))), indices(value_sums(as_floats(answers)))):
        assert found.variance == 0.0
        assert not any(getattr(found, name).any() for name in vars(found) if name not in ("variance", "pairs"))


def test_one_replicate_has_no_error_and_is_refused() -> None:
    answers = pick_frozen(over_one, 2, 2**6)

    with pytest.raises(InputError, match="at least 2"):
        indices(indicator_sums(answers._replace(replicate=np.zeros(2**6, int)), np.array([[False], [True]])))


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    hits = []
    for seed in range(60):
        found = indices(indicator_sums(pick_frozen(over_one, 2, 2**10, seed), np.array([[False], [True]])))
        hits += [found.first_low <= 1 / 3, 1 / 3 <= found.first_high]
        hits += [found.total_low <= 2 / 3, 2 / 3 <= found.total_high]

    assert 0.95 <= np.mean(hits) <= 0.995  # each end is missed in 2.5 of 100


def test_orders_of_exchange_are_balanced_permutations() -> None:
    turns = orders_of_exchange(np.random.default_rng(0), 6_000, 3)

    assert np.array_equal(np.sort(turns, axis=1), np.tile(np.arange(3), (6_000, 1)))
    for place in range(3):
        assert np.bincount(turns[:, place]).tolist() == [2_000] * 3
    counts = [np.count_nonzero((turns == order).all(axis=1)) for order in permutations(range(3))]
    assert min(counts) > 900
    steps = paths(turns)
    assert np.array_equal(steps.sum(axis=2), np.tile(np.arange(4), (6_000, 1)))
    assert np.all(steps[:, 1:] >= steps[:, :-1])


def test_total_and_first_agree_with_salib_on_the_same_points() -> None:
    sobol = import_module("SALib.analyze.sobol")
    answers = pick_frozen(sobol_g, 8, 2**12)
    found = indices(value_sums(answers))

    rows = np.column_stack([answers.a, *answers.exchanged, answers.b]).ravel()
    problem = {"num_vars": 8, "names": [f"x{number}" for number in range(8)], "bounds": [[0, 1]] * 8}
    theirs = sobol.analyze(problem, rows, calc_second_order=False, num_resamples=2, seed=0)

    assert found.total == pytest.approx(theirs["ST"], rel=1e-9)
    assert found.first == pytest.approx(theirs["S1"], abs=0.002)  # they centre by all values, we by those of B


def uniform(count: int, width: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).random((count, width))


def test_curves_give_the_index_and_the_distance_of_a_half_space() -> None:
    u = uniform(400_000, 3)
    answers = half_space(u)

    for place, weight in enumerate(SUMS_OF_THREE):
        bins = equal_mass(u[:, place], 64)
        counts = tallies(bins.number, answers, (64, 2))
        others = np.sqrt((SUMS_OF_THREE**2).sum() - weight**2)
        expected = 2 / np.pi * np.arcsin(weight**2 / 14)
        assert first_order(counts, counts.sum(axis=1)) == pytest.approx(expected, abs=0.004)
        assert delta(counts) == pytest.approx(np.arctan(weight / others) / np.pi, abs=0.002)


def test_the_distance_of_a_diagonal_split_is_a_quarter_and_at_most_a_half() -> None:
    u = uniform(400_000, 2)
    bins = equal_mass(u[:, 0], 100)
    counts = tallies(bins.number, over_one(u), (100, 2))

    assert first_order(counts, counts.sum(axis=1)) == pytest.approx(1 / 3, abs=0.003)
    assert delta(counts) == pytest.approx(1 / 4, abs=0.002)
    assert np.abs(counts[:, 1] / counts.sum(axis=1) - counts[:, 1].sum() / 400_000).max() == pytest.approx(
        0.5, abs=0.01
    )


def test_the_first_order_index_of_three_classes_is_the_aggregated_one() -> None:
    u = uniform(400_000, 2)
    bins = equal_mass(u[:, 1], 100)
    counts = tallies(bins.number, three_classes(u), (100, 3))

    for order in ([0, 1, 2], [2, 0, 1]):
        assert first_order(counts[:, order], counts.sum(axis=1)) == pytest.approx(0.191202, abs=0.003)


def test_the_distance_of_a_correlated_gaussian_is_that_of_the_quadrature() -> None:
    z = np.random.default_rng(3).standard_normal((1_000_000, 2))
    bins, output = equal_mass(z[:, 0], 60), equal_mass(z.sum(axis=1), 60)
    counts = tallies(bins.number, output.number, (60, 60))

    assert delta(counts) == pytest.approx(0.3060, abs=0.003)
    assert first_order_of_values(z.sum(axis=1), bins.number, 60) == pytest.approx(0.5, abs=0.003)


def test_a_parameter_that_enters_nothing_has_no_index_and_stays_below_the_floor() -> None:
    answers = three_classes(uniform(4_000, 2))
    labels = dummy(np.full(20, 200), 500, seed=2)
    counts = np.array([tallies(own, answers, (20, 3)) for own in labels])

    found = first_order(counts, counts.sum(axis=-1))
    assert abs(found.mean()) < 3 * found.std() / np.sqrt(500)  # on either side of 0: its noise is subtracted
    values = [first_order_of_values(answers.astype(float), own, 20) for own in labels]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(500)
    own = equal_mass(uniform(4_000, 1, seed=9)[:, 0], 20)
    assert delta(tallies(own.number, answers, (20, 3))) < 1.2 * np.quantile(delta(counts), 0.95)


def test_bins_hold_equally_many_rows_and_keep_equal_values_together() -> None:
    values = uniform(1_000, 1)[:, 0]
    bins = equal_mass(values, 8)
    few = equal_mass(np.repeat([1.0, 2.0, 5.0], [500, 300, 200]), 8)

    assert np.bincount(bins.number).tolist() == [125] * 8
    assert np.all(bins.low[1:] > bins.high[:-1])
    assert np.all((values >= bins.low[bins.number]) & (values <= bins.high[bins.number]))
    assert few.low.tolist() == few.high.tolist() == [1.0, 2.0, 5.0]
    assert equal_mass(np.repeat([1.0, 2.0], [4, 6]), 2).low.tolist() == [1.0, 2.0]  # each goes where its middle lies
    with pytest.raises(InputError, match="bins: 9"):
        equal_mass(np.zeros(8), 9)


def test_bands_are_those_of_wilson() -> None:
    hits, count = np.array([0, 1, 50, 7, 0]), np.array([10, 10, 100, 7, 0])

    low, high = wilson(hits, count)

    for place in range(4):
        theirs = binomtest(int(hits[place]), int(count[place])).proportion_ci(method="wilson")
        assert (low[place], high[place]) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert (low[4], high[4]) == (0.0, 1.0)
