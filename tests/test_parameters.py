"""Do laws have the distributions that their names promise, do draws repeat, and are they tied as they should be?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray
from scipy import optimize, stats

from gametheory.errors import InputError
from gametheory.parameters import LAW_MEANINGS, LAWS, Correlation, Joint, Law, Parameter, sample
from gametheory.parameters.copula import nearest_correlation

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


# --- parameters together ---------------------------------------------------------------------------------------------

UNIT = Law("uniform", low=0, high=1)


def units(*names: str) -> tuple[Parameter, ...]:
    return tuple(parameter(name, UNIT) for name in names)


def tie(first: str, second: str, rank: float) -> Correlation:
    return Correlation((first, second), rank, "source", "A")


def cube(count: int, dimension: int, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random((count, dimension))


def test_draws_are_the_quantiles_of_one_column_a_name_of_the_counter_based_generator() -> None:
    drawn = sample([parameter("y", EXAMPLES["normal"]), parameter("x", UNIT)], 3, seed=5, block=2)

    generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(5, spawn_key=(2,))))
    uniforms = generator.random((3, 2))
    assert drawn["x"].tolist() == uniforms[:, 0].tolist()
    assert drawn["y"].tolist() == EXAMPLES["normal"].quantile(uniforms[:, 1]).tolist()


@pytest.mark.parametrize("rank", [-0.95, -0.4, 0.0, 0.3, 0.8])
@pytest.mark.parametrize("kinds", [("uniform", "lognormal"), ("pert", "loguniform")])
def test_correlated_draws_have_the_rank_correlation_that_was_asked_for(rank: float, kinds: tuple[str, str]) -> None:
    pair = (parameter("x", EXAMPLES[kinds[0]]), parameter("y", EXAMPLES[kinds[1]]))

    drawn = Joint(pair, (tie("y", "x", rank),)).points(cube(100_000, 2))

    assert stats.spearmanr(drawn["x"], drawn["y"]).statistic == pytest.approx(rank, abs=0.01)


@pytest.mark.parametrize("name", sorted(set(PROBABLE) - {"fixed", "discrete"}))
def test_correlations_leave_every_law_as_it_is(name: str) -> None:
    law = EXAMPLES[name]
    trio = (*units("a", "b"), parameter("c", law))
    joint = Joint(trio, (tie("a", "b", 0.5), tie("b", "c", -0.7), tie("a", "c", -0.2)))

    drawn = joint.points(cube(20_000, 3))["c"]

    assert stats.kstest(drawn, law.quantile(cube(20_000, 1, seed=9))[:, 0]).pvalue > 0.01
    assert law.support()[0] <= drawn.min() <= drawn.max() <= law.support()[1]


def test_two_correlated_columns_follow_the_formula_of_the_normal_copula() -> None:
    uniforms = cube(1_000, 2)
    score = 2 * np.sin(np.pi * 0.6 / 6)

    drawn = Joint(units("x", "y"), (tie("x", "y", 0.6),)).points(uniforms)

    z = stats.norm.ppf(uniforms)
    np.testing.assert_array_equal(drawn["x"], uniforms[:, 0])
    np.testing.assert_allclose(drawn["y"], stats.norm.cdf(score * z[:, 0] + np.sqrt(1 - score**2) * z[:, 1]))


@pytest.mark.parametrize("seed", range(6))
def test_the_factor_of_a_group_is_that_of_cholesky(seed: int) -> None:
    names = ("a", "b", "c", "d", "e")
    ranks = np.random.default_rng(seed).uniform(-0.2, 0.2, 10)  # too small to need a repair
    ties = [tie(*pair, rank) for pair, rank in zip(combinations(names, 2), ranks.tolist(), strict=True)]

    (group,) = Joint(units(*names), tuple(ties)).groups

    scores = 2 * np.sin(np.pi * group.asked / 6)
    np.fill_diagonal(scores, 1.0)
    assert group.repaired == 0.0
    np.testing.assert_allclose(group.factor, np.linalg.cholesky(scores), atol=1e-12)


def test_full_rank_correlation_moves_two_parameters_as_one() -> None:
    uniforms = cube(100, 3)

    joint = Joint(units("x", "y", "z"), (tie("x", "y", 1.0), tie("x", "z", -1.0), tie("y", "z", -1.0)))
    drawn = joint.points(uniforms)

    assert joint.repaired == 0.0
    np.testing.assert_allclose(drawn["y"], uniforms[:, 0], atol=1e-12)
    np.testing.assert_allclose(drawn["z"], 1 - uniforms[:, 0], atol=1e-12)


def test_the_nearest_correlation_matrix_is_the_published_one() -> None:
    nearest = nearest_correlation(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))  # Higham 2002, section 4

    np.testing.assert_allclose(nearest[[0, 0, 1], [1, 2, 2]], [0.7607, 0.1573, 0.7607], atol=5e-5)


@pytest.mark.parametrize(("size", "seed"), [(3, 0), (4, 1), (6, 2), (8, 3)])
def test_the_nearest_correlation_matrix_is_that_of_the_dual_problem(size: int, seed: int) -> None:
    halves = np.random.default_rng(seed).uniform(-1, 1, (size, size))
    matrix = np.clip(halves + halves.T, -1, 1)
    np.fill_diagonal(matrix, 1.0)

    def positive(shift: NDArray[np.float64]) -> NDArray[np.float64]:
        values, vectors = np.linalg.eigh(matrix + np.diag(shift))
        return np.asarray(vectors * np.maximum(values, 0) @ vectors.T)

    def dual(shift: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:  # Malick 2004, Qi and Sun 2006
        part = positive(shift)
        return float(np.sum(part**2) / 2 - np.sum(shift)), np.diag(part) - 1

    best = optimize.minimize(dual, np.zeros(size), jac=True, options={"gtol": 1e-10}).x

    nearest = nearest_correlation(matrix)
    np.testing.assert_allclose(nearest, positive(best), atol=1e-6)
    assert np.linalg.eigvalsh(nearest)[0] > -1e-9
    assert np.diag(nearest).tolist() == [1.0] * size


def test_correlations_that_no_draws_can_have_are_repaired_and_the_repair_is_told() -> None:
    joint = Joint(units("x", "y", "z"), (tie("x", "y", 0.9), tie("y", "z", 0.9), tie("x", "z", -0.9)))

    drawn = joint.points(cube(100_000, 3))

    (group,) = joint.groups
    found = stats.spearmanr(np.stack([drawn[name] for name in group.names], axis=1)).statistic
    np.testing.assert_allclose(found, group.used, atol=0.01)
    assert joint.repaired == pytest.approx(np.max(np.abs(group.used - group.asked)))
    assert joint.repaired > 0.3
    assert Joint(units("x", "y"), (tie("x", "y", 0.9),)).repaired == 0.0


def test_a_correlation_changes_no_draw_of_the_parameters_that_it_does_not_tie() -> None:
    names, uniforms = ("a", "b", "c", "d", "e"), cube(50, 5)
    before = Joint(units(*names), (tie("a", "c", 0.5),)).points(uniforms)

    after = Joint(units(*names), (tie("e", "b", 0.9), tie("c", "a", 0.5))).points(uniforms)

    assert [name for name in names if after[name].tolist() != before[name].tolist()] == ["e"]


def test_the_order_of_parameters_and_correlations_does_not_matter() -> None:
    x, y, z = units("x", "y", "z")
    ties = (tie("x", "y", 0.5), tie("z", "y", 0.9), tie("x", "z", -0.2))

    one, other = Joint((x, y, z), ties).points(cube(9, 3)), Joint((z, x, y), ties[::-1]).points(cube(9, 3))

    assert list(other) == ["z", "x", "y"]
    assert all(one[name].tolist() == other[name].tolist() for name in one)


@given(st.lists(st.sampled_from(sorted(EXAMPLES)), min_size=1, max_size=5), st.integers(0, 99), st.data())
def test_joint_points_stay_in_the_laws_and_rise_with_their_column(
    laws: list[str], seed: int, data: st.DataObject
) -> None:
    chosen = tuple(parameter(f"p{place}", EXAMPLES[law]) for place, law in enumerate(laws))
    free = [p.name for p in chosen if p.law.has_probability and p.law.kind != "fixed"]
    pairs = list(pairwise(free))
    joint = Joint(chosen, tuple(tie(*pair, data.draw(st.floats(-1, 1))) for pair in pairs))
    low = cube(4, len(chosen), seed)
    high = low + (1 - low) / 2

    below, above = joint.points(low), joint.points(high)

    assert tuple(below) == joint.names == tuple(p.name for p in chosen if p.law.has_probability)
    for p in chosen:
        if p.law.has_probability:
            assert all(p.law.support()[0] <= value <= p.law.support()[1] for value in below[p.name])
            assert np.all(np.isfinite(below[p.name]))
    if not pairs:
        assert all(np.all(below[name] <= above[name]) for name in below)


@given(st.sampled_from(sorted(PROBABLE)), st.sampled_from([0.0, 1.0]))
def test_the_ends_of_the_unit_cube_give_finite_values(name: str, end: float) -> None:
    pair = (parameter("x", PROBABLE[name]), *units("y"))
    ties = (tie("x", "y", 0.9),) if name != "fixed" else ()

    drawn = Joint(pair, ties).points(np.full((1, 2), end))

    assert np.all(np.isfinite([drawn["x"][0], drawn["y"][0]]))


@dataclass(frozen=True)
class Descending:
    """Two numbers of which the first is the larger."""

    name: str = "order"
    names: tuple[str, ...] = ("first", "second")
    columns: tuple[str, ...] = ("order.1", "order.2")

    def points(self, uniforms: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        return {"first": uniforms.max(axis=1), "second": uniforms.min(axis=1)}


def test_a_block_gives_several_parameters_from_columns_of_its_own() -> None:
    uniforms = cube(20, 4)
    joint = Joint(units("first", "second", "x", "a"), blocks=(Descending(),))

    drawn = joint.points(uniforms)

    assert joint.dimensions == ("a", "order.1", "order.2", "x")
    assert joint.factors == {"a": (0,), "order": (1, 2), "x": (3,)}
    assert list(drawn) == ["first", "second", "x", "a"]
    assert drawn["first"].tolist() == np.maximum(uniforms[:, 1], uniforms[:, 2]).tolist()
    assert drawn["x"].tolist() == uniforms[:, 3].tolist()
    with pytest.raises(InputError, match="'first' is drawn together with others"):
        Joint(joint.parameters, (tie("first", "x", 0.5),), joint.blocks)


@pytest.mark.parametrize(
    ("ties", "sentence"),
    [
        ([("x", "z", 0.5)], "no parameter named 'z'"),
        ([("x", "x", 0.5)], "two different parameters"),
        ([("x", "y", 0.5), ("y", "x", 0.5)], "each pair once"),
        ([("x", "y", 1.5)], "rank 1.5 lies outside -1 to 1"),
        ([("x", "y", float("nan"))], "rank nan lies outside"),
        ([("x", "still", 0.5)], "'still' is fixed"),
        ([("x", "wide", 0.5)], "'wide' is an interval without probability"),
    ],
)
def test_correlations_that_cannot_be_are_refused(ties: list[tuple[str, str, float]], sentence: str) -> None:
    known = (*units("x", "y"), parameter("still", EXAMPLES["fixed"]), parameter("wide", EXAMPLES["interval"]))

    with pytest.raises(InputError, match=sentence):
        Joint(known, tuple(tie(*one) for one in ties))
    with pytest.raises(InputError, match=r"uniforms of shape \(3, 2\); expected \(count, 4\)"):
        Joint(known).points(np.zeros((3, 2)))
