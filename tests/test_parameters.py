"""Do laws have the distributions that their names promise, and do draws repeat?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from gametheory.errors import InputError
from gametheory.parameters import LAW_MEANINGS, LAWS, Law, Parameter, sample

EXAMPLES = {
    "fixed": Law("fixed", value=3.5),
    "uniform": Law("uniform", low=-1, high=3),
    "loguniform": Law("loguniform", low=0.0001, high=0.1),
    "interval": Law("interval", low=1, high=2),
    "triangular": Law("triangular", low=0, mode=1, high=4),
    "triangular at its end": Law("triangular", low=0, mode=0, high=4),
    "pert": Law("pert", low=2, mode=3, high=10),
    "beta": Law("beta", a=2, b=5),
    "beta stretched": Law("beta", a=0.5, b=0.5, low=-1, high=1),
    "normal": Law("normal", mean=1, sd=2),
    "lognormal": Law("lognormal", mean=2, sd=1),
    "truncnormal": Law("truncnormal", mean=0, sd=1, low=-1, high=2),
    "truncnormal in the upper tail": Law("truncnormal", mean=0, sd=1, low=9, high=10),
    "truncnormal in the lower tail": Law("truncnormal", mean=0, sd=1, low=-10, high=-9),
    "discrete": Law("discrete", values=[3, 1, 2], probabilities=[0.5, 0.2, 0.3]),
}
PROBABLE = {name: law for name, law in EXAMPLES.items() if law.has_probability}
S = np.sqrt(np.log(1 + 0.25))  # sd of the logarithm where mean 2 and sd 1
TWINS = {
    "uniform": stats.uniform(-1, 4),
    "loguniform": stats.loguniform(0.0001, 0.1),
    "triangular": stats.triang(0.25, 0, 4),
    "triangular at its end": stats.triang(0, 0, 4),
    "pert": stats.beta(1 + 4 / 8, 1 + 4 * 7 / 8, 2, 8),
    "beta": stats.beta(2, 5),
    "beta stretched": stats.beta(0.5, 0.5, -1, 2),
    "normal": stats.norm(1, 2),
    "lognormal": stats.lognorm(S, scale=2 * np.exp(-(S**2) / 2)),
    "truncnormal": stats.truncnorm(-1, 2),
    "truncnormal in the upper tail": stats.truncnorm(9, 10),
    "truncnormal in the lower tail": stats.truncnorm(-10, -9),
}


def parameter(name: str, law: Law) -> Parameter:
    return Parameter(name, 1.0, "1", law, "unit", "meaning", "source", "A")


@pytest.mark.parametrize("name", TWINS)
def test_quantiles_are_those_of_scipy(name: str) -> None:
    u = np.linspace(0.001, 0.999, 501)

    np.testing.assert_allclose(EXAMPLES[name].quantile(u), TWINS[name].ppf(u), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", ["normal", "lognormal", "truncnormal", "pert", "beta", "discrete", "loguniform"])
def test_draws_have_the_mean_and_deviation_that_the_law_states(name: str) -> None:
    u = (np.arange(200_000) + 0.5) / 200_000
    x = EXAMPLES[name].quantile(u)
    means = {"normal": 1, "lognormal": 2, "pert": (2 + 4 * 3 + 10) / 6, "beta": 2 / 7, "discrete": 2.3}
    deviations = {"normal": 2, "lognormal": 1, "discrete": np.sqrt(0.5 * 9 + 0.2 + 0.3 * 4 - 2.3**2)}

    assert np.mean(x) == pytest.approx(means.get(name, TWINS[name].mean() if name in TWINS else None), rel=1e-3)
    assert np.std(x) == pytest.approx(deviations.get(name, TWINS[name].std() if name in TWINS else None), rel=1e-2)


def test_a_discrete_law_gives_each_value_its_probability() -> None:
    law = EXAMPLES["discrete"]

    assert law.quantile([0.0, 0.1, 0.2, 0.21, 0.5, 0.51, 1.0]).tolist() == [1, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize("law", PROBABLE.values(), ids=PROBABLE)
def test_quantiles_at_zero_and_one_are_the_support(law: Law) -> None:
    assert tuple(law.quantile([0.0, 1.0])) == law.support()


@given(st.sampled_from(sorted(PROBABLE)), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_rise_and_stay_in_the_support(name: str, u: float, v: float) -> None:
    law = PROBABLE[name]

    x, y = law.quantile([min(u, v), max(u, v)])

    assert law.support()[0] <= x <= y <= law.support()[1]


@pytest.mark.parametrize("law", PROBABLE.values(), ids=PROBABLE)
def test_a_law_contains_what_it_gives(law: Law) -> None:
    assert all(law.contains(x) for x in law.quantile(np.linspace(0.01, 0.99, 99)))
    assert not law.contains(float("nan"))
    assert not law.contains(float("inf"))


@pytest.mark.parametrize("name", ["uniform", "loguniform", "interval", "triangular", "pert", "beta", "truncnormal"])
def test_a_law_does_not_contain_what_lies_outside_its_support(name: str) -> None:
    law = EXAMPLES[name]
    low, high = law.support()

    assert law.contains(low)
    assert law.contains(high)
    assert not law.contains(low - 1e-9)
    assert not law.contains(high + 1e-9)


def test_laws_of_few_values_contain_only_those() -> None:
    assert not EXAMPLES["discrete"].contains(1.5)
    assert not EXAMPLES["fixed"].contains(3.6)
    assert not EXAMPLES["lognormal"].contains(0.0)


def test_an_interval_has_no_quantiles() -> None:
    assert not EXAMPLES["interval"].has_probability
    with pytest.raises(InputError, match="no probability"):
        EXAMPLES["interval"].quantile(0.5)


@pytest.mark.parametrize("u", [-0.1, 1.1, float("nan")])
def test_a_quantile_asks_for_a_probability(u: float) -> None:
    with pytest.raises(InputError, match="outside 0 to 1"):
        EXAMPLES["uniform"].quantile(u)


@pytest.mark.parametrize(
    ("kind", "numbers", "sentence"),
    [
        ("uniform", {"low": 2, "high": 1}, "low 2 is not below high 1"),
        ("uniform", {"low": 1, "high": 1}, "not below"),
        ("uniform", {"low": float("nan"), "high": 1}, "not a finite number"),
        ("uniform", {"low": 1}, "needs high"),
        ("uniform", {"low": 1, "high": 2, "mode": 3}, "no number 'mode'"),
        ("unifrm", {"low": 1, "high": 2}, "did you mean 'uniform'?"),
        ("loguniform", {"low": 0, "high": 1}, "low 0 is not above 0"),
        ("triangular", {"low": 0, "mode": 2, "high": 1}, "mode 2 lies outside"),
        ("pert", {"low": 0, "mode": -1, "high": 1}, "mode -1 lies outside"),
        ("beta", {"a": 0, "b": 1}, "a 0 is not above 0"),
        ("normal", {"mean": 0, "sd": 0}, "sd 0 is not above 0"),
        ("lognormal", {"mean": -1, "sd": 1}, "mean -1 is not above 0"),
        ("truncnormal", {"mean": 0, "sd": 1, "low": 40, "high": 50}, "more than 30 sd"),
        ("discrete", {"values": [1, 2], "probabilities": [0.5, 0.6]}, "sum to 1.1"),
        ("discrete", {"values": [1, 1], "probabilities": [0.5, 0.5]}, "stands twice"),
        ("discrete", {"values": [1, 2], "probabilities": [1.0]}, "1 probabilities for 2 values"),
        ("discrete", {"values": [1, 2], "probabilities": [1.0, 0.0]}, "not above 0"),
        ("discrete", {"values": [], "probabilities": []}, "empty"),
    ],
)
def test_numbers_that_make_no_law_are_refused_in_a_sentence(
    kind: str, numbers: dict[str, float], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence.replace("?", r"\?")):
        Law(kind, **numbers)


def test_every_law_has_a_meaning_an_example_and_a_description() -> None:
    assert set(LAWS) == set(LAW_MEANINGS) == {law.kind for law in EXAMPLES.values()}
    assert EXAMPLES["loguniform"].describe() == "log-uniform on [0.0001, 0.1]"
    assert all("{" not in law.describe() for law in EXAMPLES.values())


def test_equal_laws_are_equal_and_hash_alike() -> None:
    assert Law("uniform", high=1, low=0) == Law("uniform", low=0.0, high=1.0)
    assert len({Law("uniform", high=1, low=0), Law("uniform", low=0, high=1)}) == 1


def test_draws_repeat_with_their_seed_and_block_and_differ_otherwise() -> None:
    pair = [parameter("x", EXAMPLES["uniform"]), parameter("y", EXAMPLES["normal"])]

    first = sample(pair, 100, seed=0)

    np.testing.assert_array_equal(first["x"], sample(pair, 100, seed=0)["x"])
    assert not np.allclose(first["x"], sample(pair, 100, seed=1)["x"])
    assert not np.allclose(first["x"], sample(pair, 100, seed=0, block=1)["x"])
    assert abs(np.corrcoef(sample(pair, 20_000, 0)["x"], sample(pair, 20_000, 0)["y"])[0, 1]) < 0.03


def test_fewer_draws_are_the_first_of_more() -> None:
    pair = [parameter("x", EXAMPLES["uniform"]), parameter("y", EXAMPLES["normal"])]

    np.testing.assert_array_equal(sample(pair, 10, seed=0)["y"], sample(pair, 100, seed=0)["y"][:10])


def test_draws_depend_on_names_and_not_on_the_order_of_the_file_or_the_laws_of_others() -> None:
    x, y = parameter("x", EXAMPLES["uniform"]), parameter("y", EXAMPLES["normal"])
    drawn = sample([x, y], 50, seed=3)

    np.testing.assert_array_equal(drawn["y"], sample([y, x], 50, seed=3)["y"])
    np.testing.assert_array_equal(drawn["y"], sample([parameter("x", EXAMPLES["interval"]), y], 50, seed=3)["y"])
    assert list(sample([y, x], 2, seed=3)) == ["y", "x"]


def test_interval_parameters_are_left_out_of_draws_and_fixed_ones_stay_still() -> None:
    both = [parameter("x", EXAMPLES["interval"]), parameter("y", EXAMPLES["fixed"])]

    drawn = sample(both, 5, seed=0)

    assert list(drawn) == ["y"]
    assert drawn["y"].tolist() == [3.5] * 5


def test_draws_follow_the_law() -> None:
    drawn = sample([parameter("x", EXAMPLES["loguniform"])], 20_000, seed=0)["x"]

    assert stats.kstest(drawn, TWINS["loguniform"].cdf).pvalue > 0.01


@pytest.mark.parametrize("numbers", [(-1, 0, 0), (1, -1, 0), (1, 0, -1)])
def test_counts_seeds_and_blocks_are_not_negative(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(InputError, match="expected 0 or more"):
        sample([parameter("x", EXAMPLES["uniform"])], *numbers)


def test_a_parameter_is_exactly_what_its_text_says() -> None:
    tenth = Parameter("x", 0.1, "0.1", EXAMPLES["uniform"], "unit", "meaning", "source", "A")

    assert tenth.exact == Fraction(1, 10)
