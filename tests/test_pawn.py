"""Does the distance between distributions agree with its definition and with closed forms, and say what it hangs on?"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from gametheory.analyses.influence.measure_shifts import measure_shifts
from gametheory.errors import InputError, UnknownNameError
from gametheory.estimators.conditional import dummy, equal_mass
from gametheory.estimators.pawn import moved
from gametheory.model import Model
from gametheory.reader import read

FloatArray = NDArray[np.float64]


@pytest.mark.parametrize("levels", [0, 6])
def test_distances_are_those_of_the_distribution_functions(levels: int) -> None:
    generator = np.random.default_rng(0)
    values, labels = generator.random(300), generator.integers(0, 7, 300)
    if levels:
        values = np.round(values * levels) / levels

    found = moved(values, labels, 7)

    distances = [
        max(abs((values[labels == own] <= at).mean() - (values <= at).mean()) for at in values) for own in range(7)
    ]
    assert found.median == pytest.approx(np.median(distances), abs=1e-12)
    assert found.largest == pytest.approx(max(distances), abs=1e-12)


def test_a_diagonal_split_moves_by_a_quarter_and_at_most_a_half() -> None:
    u = np.random.default_rng(1).random((400_000, 2))
    bins = equal_mass(u[:, 0], 100)

    found = moved((u.sum(axis=1) > 1.0).astype(np.float64), bins.number, 100)

    assert found.median == pytest.approx(1 / 4, abs=0.01)
    assert found.largest == pytest.approx(1 / 2, abs=0.01)


def test_a_sum_of_normals_moves_as_the_quadrature_says() -> None:
    z = np.random.default_rng(2).standard_normal((400_000, 2))
    grid = np.linspace(-6.0, 6.0, 4_001)
    middles = norm.ppf((np.arange(50) + 0.5) / 50)
    exact = [np.abs(norm.cdf(grid - x) - norm.cdf(grid / np.sqrt(2.0))).max() for x in middles]

    found = moved(z.sum(axis=1), equal_mass(z[:, 0], 50).number, 50)

    assert found.median == pytest.approx(np.median(exact), abs=0.01)
    assert found.largest == pytest.approx(max(exact), abs=0.03)


def test_no_rising_change_of_the_number_or_of_the_parameter_moves_anything() -> None:
    x = np.random.default_rng(3).standard_normal((2_000, 2))
    y = x[:, 0] + x[:, 1] ** 2

    first = moved(y, equal_mass(x[:, 0], 10).number, 10)

    assert moved(np.exp(3.0 * y), equal_mass(x[:, 0] ** 3, 10).number, 10) == first


def test_sampling_adds_more_the_more_bins_there_are() -> None:
    values = np.random.default_rng(4).random(1_000)
    few, many = (
        np.mean([moved(values, own, bins).median for own in dummy(np.full(bins, 1_000 // bins), 50, seed=0)])
        for bins in (5, 50)
    )

    assert 0.02 < few < many / 2


MODEL = """
format: gametheory/1
title: Two terms
form: strategic
players:
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [wait, leave]}
parameters:
  x: {value: 0.5, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
  y: {value: 0.5, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
  idle: {value: 0.5, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
payoffs:
  nato: [[1, 1], [0, 0]]
  russia: [[1, 0], [1, 0]]
measures:
  sum: {expected: 2 * x + y}
  same: {expected: 3}
  risky: {expected: x + log(y - 0.05)}
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return read(MODEL)


def test_the_frame_ranks_parameters_and_tells_the_idle_one_from_the_others(model: Model) -> None:
    frame = measure_shifts(model, samples=2_000)
    own = frame[frame["over"] == "measure sum upper"].set_index("parameter")

    assert own.index.tolist() == ["x", "y", "idle"]
    assert own["rank"].tolist() == own["rank_low"].tolist() == own["rank_high"].tolist() == [1, 2, 3]
    assert own["verdict"].tolist()[:2] == ["above the floor in all bins"] * 2
    assert own.loc["idle", "verdict"] != "above the floor in all bins"
    assert own["first"].tolist() == pytest.approx([0.8, 0.2, 0.0], abs=0.03)
    lower = frame[frame["over"] == "measure sum lower"].set_index("parameter")
    assert lower["median"].tolist() == own["median"].tolist()


def test_what_is_always_the_same_or_has_no_value_is_said(model: Model) -> None:
    frame = measure_shifts(model, samples=1_000)

    said = " ".join(frame.attrs["notes"])
    assert set(frame["over"]) == {f"measure {name} {end}" for name in ("sum", "risky") for end in ("lower", "upper")}
    assert "simultaneous, measure same upper is the same in all draws" in said
    assert "draws without a value are left out of simultaneous, measure risky lower" in said


def test_too_few_draws_or_bins_and_unknown_orders_are_refused(model: Model) -> None:
    with pytest.raises(InputError, match=r"bins: 16 over 300 draws, expected at least 4 bins and, for these, 640"):
        measure_shifts(model, samples=300)
    with pytest.raises(InputError, match=r"bins: 3 over 300 draws"):
        measure_shifts(model, bins=3, samples=300)
    with pytest.raises(UnknownNameError, match="no order of play"):
        measure_shifts(model, order="nat")
