"""Do the shares of a dependence add up, and are they those of the definition and of the closed form?"""

from __future__ import annotations

from itertools import combinations
from math import exp

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from gametheory.analyses.influence.dependence_indices import dependence_indices
from gametheory.errors import InputError
from gametheory.estimators.anova_dependence import anova_dependence, idle_p_values, zero_mean_kernel
from gametheory.estimators.dependence import difference_kernel, same_kernel
from gametheory.reader import load, read

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def sets(count: int, seed: int = 0) -> tuple[FloatArray, IntArray, NDArray[np.bool_]]:
    """Points, the class of each, and the members of each class: which of three thresholds are passed."""
    values = np.random.default_rng(seed).random((count, 4))
    values[:, 1] = np.floor(5.0 * values[:, 1])  # a discrete law
    passed = np.column_stack([values[:, 0] > 0.3, values[:, 1] * values[:, 2] > 1.0, values[:, 2] > 0.5])
    members, classes = np.unique(passed, axis=0, return_inverse=True)
    return values, classes.reshape(-1), members


def song(first: FloatArray, second: FloatArray) -> float:
    """The unbiased criterion as Song et al. (2012) print it."""
    n = len(first)
    one, other = (matrix - np.diag(np.diag(matrix)) for matrix in (first, second))
    both = np.trace(one @ other) + one.sum() * other.sum() / ((n - 1) * (n - 2)) - 2.0 / (n - 2) * (one @ other).sum()
    return float(both / (n * (n - 3)))


@pytest.mark.parametrize("parameters", [2, 3, 4])
def test_shares_are_those_of_all_groups_by_the_definition(parameters: int) -> None:
    values, classes, members = sets(60)
    values = values[:, :parameters]
    alike = difference_kernel(members, np.bincount(classes) / 60)
    answers = alike[classes][:, classes]
    kernels = [zero_mean_kernel(values[:, column]) for column in range(parameters)]
    groups = [one for size in range(parameters + 1) for one in combinations(range(parameters), size)]
    known = {one: song(np.prod([1.0 + kernels[place] for place in one], axis=0), answers) for one in groups if one}
    known[()] = 0.0
    part = {
        one: sum((-1) ** (len(one) - len(less)) * known[less] for less in groups if set(less) <= set(one))
        for one in groups
    }
    whole = known[tuple(range(parameters))]

    found = anova_dependence(values, classes, alike)

    assert found.whole == pytest.approx(whole, rel=1e-9)
    for column in range(parameters):
        own = [one for one in groups if column in one]
        assert found.first[column] == pytest.approx(known[(column,)] / whole, rel=1e-9)
        assert found.total[column] == pytest.approx(sum(part[one] for one in own) / whole, rel=1e-9)
        assert found.shapley[column] == pytest.approx(sum(part[one] / len(one) for one in own) / whole, rel=1e-9)


def test_the_kernel_is_the_sum_of_its_cosines() -> None:
    count = 50
    places = (np.arange(count) + 0.5) / count
    waves = np.cos(np.pi * np.arange(1, 20_000)[:, np.newaxis] * places)
    series = 2.0 * (waves / (np.pi * np.arange(1, 20_000)[:, np.newaxis]) ** 2).T @ waves
    mean = series.mean(axis=0)

    found = zero_mean_kernel(np.random.default_rng(0).permutation(count).astype(np.float64))

    ordered = series - mean - mean[:, np.newaxis] + mean.mean()
    assert np.sort(found.ravel()) == pytest.approx(np.sort(ordered.ravel()), abs=1e-5)
    assert np.abs(found.mean(axis=0)).max() < 1e-15


def test_two_members_that_hang_on_a_parameter_each_have_the_shares_of_the_integral() -> None:
    # members {x0 > 1/2} and {x1 > 1/2}, alike to exp(-1) for each that differs: with q = exp(-1) the part of one
    # parameter alone is a e and of both a^2, where a = (1 - q) / 24 (sum of 1 / m^4 over odd m) and e = (1 + q) / 2
    q = exp(-1.0)
    a, e = (1.0 - q) / 24.0, (1.0 + q) / 2.0
    values = np.random.default_rng(1).random((3_000, 3))
    classes = (values[:, 0] > 0.5) + 2 * (values[:, 1] > 0.5)
    one = np.array([[1.0, q], [q, 1.0]])

    found = anova_dependence(values, classes.astype(np.int64), np.kron(one, one))

    exact = {"first": e / (2 * e + a), "total": (e + a) / (2 * e + a), "shapley": 0.5}
    assert found.whole == pytest.approx(2 * a * e + a * a, rel=0.03)
    for name, value in exact.items():
        own, error = getattr(found, name), getattr(found, f"{name}_error")
        assert np.all(np.abs(own - [value, value, 0.0]) < 3.5 * error + [0.0, 0.0, 0.002]), name
        assert error[:2].max() < 0.01


def test_what_matters_only_together_has_no_share_alone_and_a_whole_total() -> None:
    values = np.random.default_rng(2).random((1_500, 3))
    either = ((values[:, 0] > 0.5) ^ (values[:, 1] > 0.5)).astype(np.int64)

    found = anova_dependence(values, either, same_kernel(2))

    assert found.first == pytest.approx([0.0, 0.0, 0.0], abs=0.06)
    assert found.total == pytest.approx([1.0, 1.0, 0.0], abs=0.06)
    assert found.shapley == pytest.approx([0.5, 0.5, 0.0], abs=0.06)
    assert idle_p_values(values[:300], either[:300], same_kernel(2), 99)[:2].tolist() == [0.01, 0.01]


def test_shapley_shares_of_many_parameters_add_up_to_one_although_the_rule_is_not_exact_for_them() -> None:
    values = np.random.default_rng(3).random((200, 20))
    classes = np.digitize(values.sum(axis=1), [9.0, 10.0, 11.0])

    found = anova_dependence(values, classes, same_kernel(4))

    assert found.shapley.sum() == pytest.approx(1.0, abs=1e-6)


def test_errors_are_those_seen_from_sample_to_sample() -> None:
    found = [anova_dependence(*classes_of(seed)) for seed in range(60)]

    for name in ("first", "total", "shapley"):
        seen = np.std([getattr(one, name)[:2] for one in found], axis=0)
        told = np.mean([getattr(one, f"{name}_error")[:2] for one in found], axis=0)
        assert np.all((0.7 < told / seen) & (told / seen < 1.4)), (name, told / seen)


def classes_of(seed: int) -> tuple[FloatArray, IntArray, FloatArray]:
    values, classes, members = sets(300, seed)
    chosen = values[:, [0, 2]]
    return chosen, classes, difference_kernel(members, np.full(len(members), 1.0 / len(members)))


def test_idle_parameters_are_called_so_as_often_as_the_level_says() -> None:
    chances = []
    for seed in range(40):
        values = np.random.default_rng(seed).random((60, 6))
        classes = (values[:, 0] > 0.5) + 2 * (values[:, 1] + values[:, 0] > 1.0)
        chances += idle_p_values(values, classes.astype(np.int64), same_kernel(4), 39, seed)[2:].tolist()

    assert np.mean(np.array(chances) <= 0.05) == pytest.approx(0.05, abs=0.05)
    assert np.mean(chances) == pytest.approx(0.5, abs=0.08)


def test_renumbering_classes_and_members_or_changing_units_moves_nothing() -> None:
    values, classes, members = sets(200)
    weights = np.bincount(classes) / len(classes)
    renamed = np.random.default_rng(5).permutation(len(members))
    place = np.argsort(renamed)

    first = anova_dependence(values, classes, difference_kernel(members, weights))
    second = anova_dependence(
        np.exp(values)[:, ::-1], renamed[classes], difference_kernel(members[place][:, ::-1], weights[place])
    )

    for name in ("first", "total", "shapley", "shapley_error"):
        np.testing.assert_allclose(getattr(second, name)[::-1], getattr(first, name), rtol=1e-7, atol=1e-12)


def test_answers_that_are_all_alike_or_too_few_are_refused() -> None:
    with pytest.raises(InputError, match=r"all rows answer alike"):
        anova_dependence(np.random.default_rng(0).random((9, 1)), np.zeros(9, dtype=np.int64), same_kernel(1))
    with pytest.raises(InputError, match=r"rows: 4, expected at least 8"):
        anova_dependence(np.zeros((4, 1)), np.arange(4), same_kernel(4))


TEXT = """
format: gametheory/1
title: Chicken
form: strategic
players:
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [hold, concede]}
parameters:
  p: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
  t: {value: 0.25, law: {kind: uniform, low: 0, high: 0.5}, unit: u, meaning: m, source: example, mark: A}
  s: {value: 0.5, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
payoffs:
  nato: [[-4 * p, 1], [-4 * t, 0]]
  russia: [[-2 * p, -1], [1, 0]]
claims:
  holds: {text: NATO holds, holds: {order: simultaneous, expect: {nato: [hold]}}}
"""


def test_the_frame_names_what_matters_and_leaves_the_idle_parameter_untold() -> None:
    frame = dependence_indices(read(TEXT), samples=600, permutations=99)

    for _, own in frame.groupby("kernel"):
        told = own.set_index("parameter")
        assert told["shapley"].sum() == pytest.approx(1.0, abs=1e-9)
        assert told.index[0] == "p"
        assert told.loc[["p", "t"], "verdict"].tolist() == ["matters, alone or with others"] * 2
        assert told.loc["s", "verdict"] == "nothing that could be told from chance"
        assert told.loc["s", "shapley"] == pytest.approx(0.0, abs=0.02)
    assert (frame["first_low"] <= frame["first"]).all()
    assert (frame["first"] <= frame["first_high"]).all()


def test_a_claim_can_be_asked_for_and_few_draws_are_refused() -> None:
    frame = dependence_indices(read(TEXT), of="claim holds", samples=300)

    assert set(frame["kernel"]) == {"same"}
    assert frame.attrs["permutations"] == 199
    with pytest.raises(InputError, match=r"samples: 40 draws are decided, expected at least 64"):
        dependence_indices(read(TEXT), samples=40)


def test_tied_parameters_keep_shapley_shares_and_lose_what_supposes_that_one_moves_alone() -> None:
    ties = "correlations: [{between: [p, s], rank: 0.9, source: example, mark: A}]\n"
    frame = dependence_indices(read(TEXT + ties), samples=400)

    own = frame[frame["kernel"] == "mean embedding"].set_index("parameter")
    assert own[["total", "p_value"]].isna().all().all()
    assert own["shapley"].sum() == pytest.approx(1.0, abs=1e-9)
    assert own.loc["s", "shapley"] > 0.2
    assert own["verdict"].str.startswith("not tested: parameters are tied").all()


def test_of_many_draws_only_the_first_are_used_and_rare_differences_are_untold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.analyses.influence.dependence_indices.MOST", 200)
    monkeypatch.setattr("gametheory.analyses.influence.dependence_indices.TESTED", 1)

    many, few = (dependence_indices(read(TEXT), samples=count, permutations=19) for count in (300, 200))

    assert any("the first 200 are used" in note for note in many.attrs["notes"])
    assert many["p_value"].tolist() == [1.0] * 6
    numbers = ["first", "total", "shapley"]
    embedded = [frame[frame["kernel"] == "mean embedding"][numbers].to_numpy() for frame in (many, few)]
    assert embedded[0] == pytest.approx(embedded[1], abs=0.05)  # the same draws; the width of the kernel is of all


def test_the_same_question_gets_the_same_frame() -> None:
    model = load("reference_involvement")

    first, second = (dependence_indices(model, order="nato", samples=200, permutations=99) for _ in range(2))

    pd.testing.assert_frame_equal(first, second, check_exact=True)
