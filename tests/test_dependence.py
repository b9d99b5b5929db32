"""Do regional sensitivity and set dependence say what their definitions say, and no more?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import ks_2samp, rankdata

from gametheory.errors import InputError
from gametheory.estimators.dependence import (
    dependence,
    difference_kernel,
    embedding_kernel,
    same_kernel,
)
from gametheory.estimators.regional import holm, separation

FloatArray = NDArray[np.float64]
SIDES = np.array([1.0, 2.0, 3.0])  # b of the half-space sum b x > 0 over independent normal x


def half_space(count: int, seed: int = 0) -> tuple[FloatArray, NDArray[np.bool_]]:
    values = np.random.default_rng(seed).standard_normal((count, 3))
    return values, values @ SIDES > 0.0


def sets(count: int, seed: int = 0) -> tuple[FloatArray, NDArray[np.int64], NDArray[np.bool_]]:
    """Points, the class of each, and the members of each class: which of three thresholds the first two pass."""
    values = np.random.default_rng(seed).random((count, 3))
    passed = np.column_stack([values[:, 0] > 0.3, values[:, 0] > 0.6, values[:, 1] > 0.5])
    members, classes = np.unique(passed, axis=0, return_inverse=True)
    return values, classes.reshape(-1), members


@pytest.mark.parametrize("levels", [0, 5])
def test_separation_is_the_two_sample_statistic(levels: int) -> None:
    values, inside = half_space(700)
    if levels:
        values = np.round(values * levels) / levels  # many equal values

    found = separation(values, inside)

    for column in range(3):
        expected = ks_2samp(values[inside, column], values[~inside, column], method="asymp")
        assert found.distance[column] == pytest.approx(expected.statistic, abs=1e-12)
        assert found.p_value[column] == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-300)
        at = found.below_at if found.below[column] > found.above[column] else found.above_at
        assert at[column] == pytest.approx(expected.statistic_location, abs=1e-12)


def test_separation_of_a_half_space_is_the_exact_one() -> None:
    values, inside = half_space(200_000)
    exact = 2.0 / np.pi * np.arcsin(SIDES / np.linalg.norm(SIDES))  # both functions differ most at zero

    found = separation(values, inside)

    np.testing.assert_allclose(found.distance, exact, atol=0.008)
    np.testing.assert_allclose(found.below_at, 0.0, atol=0.15)


def test_parameters_that_matter_only_together_look_idle_one_by_one() -> None:
    values = np.random.default_rng(1).random((4_000, 2))
    inside = (values[:, 0] > 0.5) ^ (values[:, 1] > 0.5)

    assert np.all(separation(values, inside).p_value > 0.01)
    assert np.all(dependence(values, inside.astype(np.int64), same_kernel(2), permutations=99).p_value > 0.01)


def test_corrected_p_values_reject_as_the_step_down_procedure_does() -> None:
    p_values = np.random.default_rng(2).random(30) ** 4

    for level in (0.01, 0.05, 0.2):
        rejected = set()
        for step, place in enumerate(np.argsort(p_values)):
            if p_values[place] > level / (30 - step):
                break
            rejected.add(int(place))
        assert set(np.flatnonzero(holm(p_values) <= level).tolist()) == rejected


def test_separation_refuses_a_split_with_an_empty_side() -> None:
    with pytest.raises(InputError, match=r"expected some inside and some outside"):
        separation(np.zeros((3, 1)), np.ones(3, dtype=bool))


def gaussian(column: FloatArray) -> FloatArray:
    ranks = (rankdata(column) - 0.5) / len(column)
    return np.asarray(np.exp(-((ranks[:, np.newaxis] - ranks) ** 2) * 6.0))


@pytest.mark.parametrize("kernel", ["difference", "embedding", "same"])
def test_dependence_is_the_criterion_of_the_definition(kernel: str) -> None:
    values, classes, members = sets(80)
    weights = np.bincount(classes) / len(classes)
    alike = {
        "difference": difference_kernel(members, weights),
        "embedding": embedding_kernel(members, np.eye(3), weights),
        "same": same_kernel(len(members)),
    }[kernel]
    n = len(values)
    centring = np.eye(n) - 1.0 / n
    answers = alike[classes][:, classes]

    found = dependence(values, classes, alike, permutations=19)

    for column in range(3):
        points = gaussian(values[:, column])
        criterion = np.trace(points @ centring @ answers @ centring) / n**2
        most = (
            np.trace(points @ centring @ points @ centring) * np.trace(answers @ centring @ answers @ centring) / n**4
        )
        assert found.hsic[column] == pytest.approx(criterion, rel=1e-6, abs=1e-12)
        assert found.share[column] == pytest.approx(criterion / np.sqrt(most), rel=1e-6, abs=1e-9)


def test_dependence_on_a_threshold_is_that_of_the_integral() -> None:
    # Y = 1{X > 1/2}: the criterion is |mu_1 - mu_0|^2 / 8, mu the mean embeddings of the two halves of [0, 1]
    grid = (np.arange(400) + 0.5) / 400
    kernel = np.exp(-((grid[:, np.newaxis] - grid) ** 2) * 6.0)
    same, other = kernel[:200, :200].mean(), kernel[:200, 200:].mean()
    values = np.random.default_rng(3).random((20_000, 1))

    found = dependence(values, (values[:, 0] > 0.5).astype(np.int64), same_kernel(2), permutations=1)

    assert found.hsic[0] == pytest.approx((2.0 * same - 2.0 * other) / 8.0, rel=0.02)


@pytest.mark.parametrize(
    "kernel", [difference_kernel, lambda sets, w: embedding_kernel(sets, np.eye(sets.shape[1]), w)]
)
def test_kernels_between_sets_are_positive_semidefinite(kernel: object) -> None:
    members = np.unique(np.random.default_rng(4).random((40, 6)) < 0.4, axis=0)
    assert callable(kernel)

    alike = kernel(members, np.full(len(members), 1.0 / len(members)))

    assert np.linalg.eigvalsh(alike).min() > -1e-12
    np.testing.assert_allclose(np.diag(alike), 1.0)
    np.testing.assert_array_equal(alike, alike.T)


def test_renumbering_classes_and_members_or_changing_units_moves_nothing() -> None:
    values, classes, members = sets(500)
    weights = np.bincount(classes) / len(classes)
    renamed = np.random.default_rng(5).permutation(len(members))
    place = np.argsort(renamed)

    first = dependence(values, classes, difference_kernel(members, weights), permutations=49)
    second = dependence(
        np.exp(values), renamed[classes], difference_kernel(members[place][:, ::-1], weights[place]), permutations=49
    )

    np.testing.assert_allclose(second.share, first.share, rtol=1e-9)
    np.testing.assert_array_equal(second.p_value, first.p_value)


def test_dependence_tells_what_matters_from_what_does_not() -> None:
    values, classes, members = sets(600)
    kernel = difference_kernel(members, np.bincount(classes) / len(classes))

    found = dependence(values, classes, kernel, permutations=99)

    assert found.share[0] > found.share[1] > 0.1
    assert found.corrected[:2].tolist() == [0.01, 0.01]
    assert found.p_value[2] > 0.05
    assert np.all((found.share >= 0.0) & (found.share <= 1.0))
    assert found.noise.max() < 0.02


def test_false_alarms_among_all_parameters_stay_at_the_level() -> None:
    generator = np.random.default_rng(6)
    alarms = 0
    for _ in range(100):
        values, classes = generator.random((60, 6)), generator.integers(0, 3, 60)
        alarms += bool(dependence(values, classes, same_kernel(3), permutations=19).corrected.min() <= 0.05)

    assert alarms <= 12  # 5 are expected; more than 12 has a probability of one in a thousand


def test_dependence_refuses_answers_that_are_all_alike() -> None:
    with pytest.raises(InputError, match=r"all rows answer alike"):
        dependence(np.zeros((4, 1)), np.zeros(4, dtype=np.int64), same_kernel(1))
