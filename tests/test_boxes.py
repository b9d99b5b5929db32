"""Do boxes and trees find the regions that are there, and only those?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from gametheory.errors import InputError
from gametheory.estimators.boxes import (
    Box,
    best_box,
    inside,
    paste,
    peel,
    quasi_p,
    resampled,
    significant,
    tighten,
    without,
)
from gametheory.estimators.trees import agreement, leaves

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
WANTED = 0.8


def known_box(seed: int, count: int = 3_000, parameters: int = 6) -> tuple[FloatArray, BoolArray]:
    """Cases are the points with 0.6 < x0 and 0.2 < x3 <= 0.7, and nothing else."""
    values = np.random.default_rng(seed).random((count, parameters))
    return values, (values[:, 0] > 0.6) & (values[:, 3] > 0.2) & (values[:, 3] <= 0.7)


def noisy_box(seed: int, wrong: float = 0.1) -> tuple[FloatArray, BoolArray]:
    values, cases = known_box(seed)
    return values, cases ^ (np.random.default_rng(seed + 100).random(len(cases)) < wrong)


@pytest.mark.parametrize("seed", range(5))
def test_a_box_that_is_there_is_found_whole_and_pure(seed: int) -> None:
    values, cases = known_box(seed)

    box, reached = best_box(values, cases, WANTED)

    assert reached
    assert (box.coverage, box.density) == (1.0, 1.0)
    assert np.argwhere(np.isfinite(box.limits)).tolist() == [[0, 0], [3, 0], [3, 1]]
    np.testing.assert_allclose(box.limits[[0, 3, 3], [0, 0, 1]], [0.6, 0.2, 0.7], atol=0.005)


def test_limits_on_the_published_counts_have_the_published_quasi_p_value() -> None:
    # Bryant and Lempert (2010): 89 of 882 points; a box of 87 points with 67 of them, of 95 with 68 without one limit
    first, second, cases = np.zeros(882), np.zeros(882), np.zeros(882, dtype=np.bool_)
    first[:95], second[:87] = 1.0, 1.0
    cases[:67] = cases[87] = True
    cases[95 : 95 + 21] = True
    second[200:500] = 1.0  # the other limit is needed
    limits = np.array([[0.5, np.inf], [0.5, np.inf]])
    box = Box(limits[:, 0], limits[:, 1], size=87, hits=67, points=882, cases=89)
    values = np.column_stack([first, second])

    assert inside(values, box).sum() == 87
    assert cases[inside(values, box)].sum() == 67
    assert box.coverage == pytest.approx(0.752809, abs=5e-7)
    assert box.density == pytest.approx(0.770115, abs=5e-7)
    assert box.mass == pytest.approx(0.0986395, abs=5e-8)
    assert quasi_p(values, cases, box)[1].tolist() == pytest.approx([0.15741333528927348, 1.0], rel=1e-12)
    assert significant(values, cases, box).restricted.tolist() == [True, False]


def test_quasi_p_values_are_binomial_tails_over_the_box_without_the_limit() -> None:
    values, cases = noisy_box(0)
    box, _ = best_box(values, cases, WANTED)

    chances = quasi_p(values, cases, box)

    for column, side in np.argwhere(np.isfinite(box.limits)):
        kept = np.ones(len(cases), dtype=bool)
        for other, end in np.argwhere(np.isfinite(box.limits)):
            if (other, end) != (column, side):
                limit = box.limits[other, end]
                kept &= values[:, other] <= limit if end else values[:, other] >= limit
        rate = cases[kept].mean()
        expected = sum(binom.pmf(hits, box.size, rate) for hits in range(box.hits, box.size + 1))
        assert chances[column, side] == pytest.approx(expected, rel=1e-6, abs=1e-300)


def test_every_box_on_the_way_counts_what_lies_within_it() -> None:
    values, cases = noisy_box(1)

    boxes = peel(values, cases, share=0.1, least=0.05)

    assert len(boxes) > 10
    for box in boxes:
        within = inside(values, box)
        assert (box.size, box.hits) == (within.sum(), cases[within].sum())
    sizes = np.array([box.size for box in boxes])
    assert np.all(sizes[1:] < sizes[:-1])
    assert np.all(sizes[1:] >= 0.9 * sizes[:-1])
    assert sizes[-1] >= 0.05 * len(cases)


def test_points_of_equal_value_go_together() -> None:
    generator = np.random.default_rng(2)
    values = np.column_stack([generator.integers(0, 3, 600).astype(float), generator.random(600)])
    cases = values[:, 0] == 2.0

    box, _ = best_box(values, cases, WANTED)

    assert box.low.tolist() == [1.5, -np.inf]
    assert (box.coverage, box.density) == (1.0, 1.0)


def test_pasting_never_lowers_the_density_nor_loses_a_case() -> None:
    for seed in range(5):
        values, cases = noisy_box(seed)
        for box in peel(values, cases)[::6]:
            wider = paste(values, cases, box)
            assert wider.density >= box.density
            assert np.all(inside(values, wider)[inside(values, box)])


def test_tightening_loses_no_case_and_leaves_a_case_at_every_limit() -> None:
    values, cases = noisy_box(0)
    box = peel(values, cases)[20]

    tight = tighten(values, cases, box)

    assert tight.hits == box.hits
    assert tight.size < box.size
    for column, side in np.argwhere(np.isfinite(tight.limits)):
        own = values[inside(values, tight), column]
        assert cases[inside(values, tight)][own.argmax() if side else own.argmin()]


def test_a_limit_on_an_idle_parameter_is_dropped() -> None:
    values, cases = noisy_box(3)
    limits = np.full((6, 2), [-np.inf, np.inf])
    limits[0, 0], limits[5, 1] = 0.6, 0.97
    within = ((values >= limits[:, 0]) & (values <= limits[:, 1])).all(axis=1)
    box = Box(limits[:, 0], limits[:, 1], int(within.sum()), int(cases[within].sum()), len(cases), int(cases.sum()))

    kept = significant(values, cases, box)

    assert kept.restricted.tolist() == [True, False, False, False, False, False]
    alone = without(values, cases, box, 5, 1)
    assert (kept.size, kept.hits) == (alone.size, alone.hits)


def test_no_unit_and_no_order_of_rows_or_parameters_moves_a_box() -> None:
    values, cases = noisy_box(4)
    rows, columns = np.random.default_rng(0).permutation(len(cases)), np.array([5, 3, 0, 1, 2, 4])

    box, _ = best_box(values, cases, WANTED)
    again, _ = best_box(values[rows][:, columns] * 1000.0 - 7.0, cases[rows], WANTED)

    np.testing.assert_allclose(again.low, box.low[columns] * 1000.0 - 7.0)
    np.testing.assert_allclose(again.high, box.high[columns] * 1000.0 - 7.0)
    assert (again.size, again.hits) == (box.size, box.hits)


def test_noise_is_seldom_given_a_box() -> None:
    found = []
    for seed in range(8):
        values = np.random.default_rng(seed).random((1_000, 8))
        cases = np.random.default_rng(seed + 50).random(1_000) < 0.2
        found.append(best_box(values, cases, 0.3)[0].restricted.any())

    assert sum(found) <= 2


def test_what_is_held_out_is_counted_on_the_points_that_did_not_shape_the_box() -> None:
    values, cases = noisy_box(6, wrong=0.2)
    generator = np.random.default_rng(4)
    hits = size = of = 0
    for _ in range(3):
        first = [generator.permutation(np.flatnonzero(cases == kind)) for kind in (True, False)]
        shaping = np.concatenate([own[: len(own) // 2] for own in first])
        others = np.setdiff1d(np.arange(len(cases)), shaping)
        box, _ = best_box(values[np.sort(shaping)], cases[np.sort(shaping)], WANTED)
        within = inside(values[others], box)
        hits, size, of = hits + cases[others][within].sum(), size + within.sum(), of + cases[others].sum()

    found = resampled(values, cases, WANTED, times=3, seed=4)

    assert found.density == pytest.approx(hits / size)
    assert found.coverage == pytest.approx(hits / of)


def test_what_is_held_out_confirms_a_box_that_is_there() -> None:
    values, cases = noisy_box(7, wrong=0.02)

    found = resampled(values, cases, WANTED)

    assert found.reproduced[[0, 3, 3], [0, 0, 1]].tolist() == [1.0, 1.0, 1.0]
    assert found.reproduced.sum() < 3.8
    assert found.density > 0.9
    assert 0.8 < found.coverage < 0.96


@pytest.mark.parametrize("cases", [np.zeros(5, dtype=bool), np.ones(5, dtype=bool)])
def test_peeling_refuses_points_that_are_all_alike(cases: BoolArray) -> None:
    with pytest.raises(InputError, match=r"expected some that are cases and some that are not"):
        peel(np.zeros((5, 1)), cases)


def test_leaves_hold_every_point_once_and_the_known_classes() -> None:
    values = np.random.default_rng(8).random((2_000, 4)) * 1e-9 + 1.0  # single precision could not tell these apart
    shifted = (values - 1.0) * 1e9
    classes = np.where(shifted[:, 1] <= 0.3, 2, np.where(shifted[:, 2] <= 0.6, 0, 1))

    found = leaves(values, classes)

    assert [(leaf.answer, leaf.counts.max() / leaf.size) for leaf in found] == [(0, 1.0), (2, 1.0), (1, 1.0)]
    assert sum(leaf.size for leaf in found) == 2_000
    for leaf in found:
        within = ((values > leaf.low) & (values <= leaf.high)).all(axis=1)
        np.testing.assert_array_equal(np.bincount(classes[within], minlength=3), leaf.counts)


def test_renumbering_the_classes_moves_no_leaf() -> None:
    values = np.random.default_rng(9).random((1_500, 5))
    classes = np.digitize(values[:, 0] + values[:, 1], [0.7, 1.3])
    renamed = np.array([2, 0, 1])

    first, second = leaves(values, classes), leaves(values, renamed[classes])

    assert len(first) == len(second) > 3
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.low, other.low)
        np.testing.assert_array_equal(one.high, other.high)
        np.testing.assert_array_equal(one.counts, other.counts[renamed])


def test_agreement_on_points_left_out_is_that_of_chance_where_nothing_is_told() -> None:
    values = np.random.default_rng(10).random((2_000, 3))
    noise = np.random.default_rng(11).integers(0, 2, 2_000)

    assert abs(agreement(values, noise) - 0.5) < 0.05
    assert agreement(values, (values[:, 0] > 0.4).astype(np.int64)) > 0.99
