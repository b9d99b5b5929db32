"""Do the permutations of set dependence give what they give when the answers are shuffled row by row?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import rankdata

from gametheory.estimators.dependence import dependence

FloatArray = NDArray[np.float64]
PERMUTATIONS, SEED = 39, 5


def by_definition(values: FloatArray, classes: NDArray[np.int64], alike: FloatArray) -> FloatArray:
    """The share of each column with the answers in the order given and in each shuffled one, from whole matrices."""
    rows = len(values)
    centring = np.eye(rows) - 1.0 / rows
    generator = np.random.default_rng(SEED)
    orders = [np.arange(rows), *(generator.permutation(rows) for _ in range(PERMUTATIONS))]
    shares = []
    for column in values.T:
        ranks = (rankdata(column) - 0.5) / rows
        points = centring @ np.exp(-((ranks[:, np.newaxis] - ranks) ** 2) * 6.0) @ centring
        answers = [centring @ alike[np.ix_(classes[order], classes[order])] @ centring for order in orders]
        shares.append([np.sum(points * own) / np.sqrt(np.sum(points**2) * np.sum(own**2)) for own in answers])
    return np.array(shares)


@pytest.mark.parametrize("missing", [False, True])
def test_shuffled_answers_give_the_noise_and_the_p_values_of_the_definition(missing: bool) -> None:
    generator = np.random.default_rng(1)
    values = generator.random((70, 3))
    classes = (values[:, 0] > 0.4).astype(np.int64) + (values[:, 1] + generator.random(70) > 1.0)
    classes[classes == 1] += missing  # then no row is of the second class
    apart = generator.random((3, 2))
    alike = np.exp(-np.abs(apart[:, np.newaxis] - apart).sum(axis=2))
    expected = by_definition(values, classes, alike)

    found = dependence(values, classes, alike, PERMUTATIONS, SEED)

    np.testing.assert_allclose(found.share, expected[:, 0], rtol=1e-6)
    np.testing.assert_allclose(found.noise, expected[:, 1:].mean(axis=1), rtol=1e-6)
    reached = np.count_nonzero(expected[:, 1:] >= expected[:, :1], axis=1)
    np.testing.assert_array_equal(found.p_value, (1 + reached) / (1 + PERMUTATIONS))
    largest = np.count_nonzero(expected[:, 1:].max(axis=0) >= expected[:, :1], axis=1)
    np.testing.assert_array_equal(found.corrected, (1 + largest) / (1 + PERMUTATIONS))
