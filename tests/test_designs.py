"""Do designs visit the points that their names promise, each block of them made without the others?"""

from __future__ import annotations

import itertools
import json
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

from gametheory.designs import BLOCK, KINDS, Scheme, design, scheme
from gametheory.designs.latin import latin_columns, permuted
from gametheory.designs.sobol import SCRAMBLINGS, SUPER_BLOCK, sobol_columns
from gametheory.errors import InputError, UnknownNameError
from gametheory.model import Model
from gametheory.parameters import stream
from gametheory.reader import load, read

UNIT = "{kind: uniform, low: 0, high: 1}"
OUTSIDE_PROBABILITY = ("latin", "sobol")  # kinds that leave refused points out of their blocks, as a grid does


def model(laws: dict[str, str], ties: str = "") -> Model:
    parameters = "".join(
        f"  {name}: {{value: 0.5, law: {law}, unit: none, meaning: m, source: s, mark: A}}\n"
        for name, law in laws.items()
    )
    return read(
        "format: gametheory/1\ntitle: t\nform: strategic\n"
        "players: {a: {actions: [x, y]}, b: {actions: [u, v]}}\n"
        f"parameters:\n{parameters}payoffs: {{a: {' + '.join(laws)}, b: 0}}\n{ties}"
    )


def held(*conditions: str) -> str:
    return "constraints:\n" + "".join(f"  c{i}: {{holds: {c}, source: s, mark: A}}\n" for i, c in enumerate(conditions))


def tied(rank: float) -> str:
    return f"correlations: [{{between: [p, q], rank: {rank}, source: s, mark: A}}]\n"


@pytest.fixture(scope="module")
def square() -> Model:
    return model({"p": UNIT, "q": UNIT})


@pytest.fixture(scope="module")
def triangle() -> Model:
    return model({"p": UNIT, "q": UNIT}, held("p >= 2 * q - 1"))  # leaves three quarters of the square


def together(points: Scheme) -> dict[str, NDArray[np.float64]]:
    blocks = [points.block(number) for number in range(points.blocks)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in points.names}


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_hold_the_parameters_and_rows_that_the_scheme_tells(kind: str) -> None:
    reference = load("reference_involvement")
    points = scheme(kind, reference, samples=6 if kind == "grid" else 20_000, seed=1)

    found = together(points)

    assert list(found) == list(points.names) == list(reference.parameters)
    assert {len(column) for column in found.values()} == {points.count}
    assert sum(points.rows(number) for number in range(points.blocks)) == points.count
    assert points.accepted(points.blocks - 1) == (points.rows(points.blocks - 1),) * 2
    for name, column in found.items():
        assert all(map(reference.parameters[name].law.contains, (column.min(), column.max())))


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_is_the_same_without_the_others_and_in_another_process(kind: str, square: Model) -> None:
    points = scheme(kind, square, samples=200 if kind == "grid" else 40_000, seed=3)
    whole = together(points)

    alone = pickle.loads(pickle.dumps(points)).block(2)  # noqa: S301  # our own bytes

    assert points.blocks > 2
    for name, column in alone.items():
        assert column.tobytes() == whole[name][2 * BLOCK : 2 * BLOCK + len(column)].tobytes()


@pytest.mark.parametrize("kind", [kind for kind, entry in KINDS.items() if entry.extends])
@pytest.mark.parametrize("shorter", [1, 1_000, BLOCK, BLOCK + 1])
def test_a_longer_design_begins_with_a_shorter_one(kind: str, shorter: int, square: Model) -> None:
    short, long = (scheme(kind, square, samples, seed=0) for samples in (shorter, 3 * BLOCK))

    assert short.extends
    for name, column in together(short).items():
        assert column.tolist() == together(long)[name][: len(column)].tolist()


@pytest.mark.parametrize("kind", ["latin", "grid"])
def test_designs_that_do_not_extend_say_so(kind: str, square: Model) -> None:
    assert not scheme(kind, square, 10).extends
    assert scheme(kind, square, 5).block(0)["p"].tolist() != scheme(kind, square, 10).block(0)["p"][:5].tolist()


@pytest.mark.parametrize("kind", ["random", "latin", "sobol", "pick-freeze"])
def test_seeds_choose_the_points_and_seed_zero_is_a_seed(kind: str, square: Model) -> None:
    first, second, again = (scheme(kind, square, 50, seed).block(0)["p"].tolist() for seed in (0, 1, 0))

    assert first != second
    assert first == again


def test_random_blocks_are_the_draws_of_the_model(square: Model, triangle: Model) -> None:
    for drawn in (square, triangle, load("reference_involvement")):
        points = scheme("random", drawn, BLOCK + 5, seed=4)

        for number, rows in ((0, BLOCK), (1, 5)):
            sample = drawn.sample(rows, seed=4, block=number)
            assert all(points.block(number)[name].tolist() == sample[name].tolist() for name in points.names)


# --- latin ---


@pytest.mark.parametrize("samples", [1, 2, 3, 7, 100, 1_000, BLOCK, 2 * BLOCK + 17])
def test_a_latin_hypercube_has_exactly_one_point_in_each_stratum(samples: int, square: Model) -> None:
    for column in together(scheme("latin", square, samples, seed=2)).values():
        assert np.sort(np.floor(column * samples)).tolist() == list(range(samples))


class AtTheEdge:
    """Random numbers as near to one end as a generator gives them."""

    def __init__(self, number: float) -> None:
        self.number = number

    def random(self, shape: tuple[int, int]) -> NDArray[np.float64]:
        return np.full(shape, self.number)

    def integers(self, *_: object, size: int, **__: object) -> NDArray[np.uint64]:
        return np.arange(size, dtype=np.uint64)


@pytest.mark.parametrize("strata", [3, 1_000_003, 2**31 - 1])
@pytest.mark.parametrize("number", [0.0, 1.0 - 2.0**-53])
def test_no_point_is_rounded_into_the_next_stratum(strata: int, number: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.designs.latin.stream", lambda *_: AtTheEdge(number))
    count = min(strata, 1_000)

    column = latin_columns(1, strata, strata - count, count, seed=0)[:, 0]

    places = np.arange(strata - count, strata, dtype=np.uint64)
    assert np.floor(column * strata).tolist() == permuted(places, strata, np.arange(12, dtype=np.uint64)).tolist()
    assert column.min() > 0
    assert column.max() < 1


@given(st.integers(1, 3_000), st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=12))
def test_every_choice_of_keys_is_a_permutation(size: int, keys: list[int]) -> None:
    moved = permuted(np.arange(size, dtype=np.uint64), size, np.array(keys, dtype=np.uint64))

    assert np.sort(moved).tolist() == list(range(size))


@pytest.mark.parametrize("size", [3, 4])
def test_all_orders_of_few_strata_are_about_equally_frequent(size: int) -> None:
    orders = dict.fromkeys(itertools.permutations(range(size)), 0)
    keys = np.random.default_rng(0).integers(2**64, size=(60 * len(orders), 12), dtype=np.uint64)
    for row in keys:
        orders[tuple(permuted(np.arange(size, dtype=np.uint64), size, row).tolist())] += 1

    assert stats.chisquare(list(orders.values())).pvalue > 1e-3


def test_the_columns_of_a_latin_hypercube_are_not_ordered_alike(square: Model) -> None:
    found = together(scheme("latin", square, 20_000, seed=0))

    assert abs(stats.spearmanr(found["p"], found["q"]).statistic) < 0.02
    assert abs(stats.spearmanr(found["p"], np.arange(20_000)).statistic) < 0.02
    assert stats.kstest(found["p"] * 20_000 % 1, "uniform").pvalue > 0.01


# --- sobol ---


def test_sobol_blocks_are_the_parts_of_one_long_sequence() -> None:
    whole = qmc.Sobol(3, rng=stream(7, SCRAMBLINGS, 0)).random(8 * BLOCK)

    for block in (7, 0, 3):
        assert sobol_columns(3, BLOCK, 7, block).tolist() == whole[block * BLOCK : (block + 1) * BLOCK].tolist()


def test_each_super_block_is_scrambled_by_itself() -> None:
    first, second = (sobol_columns(2, BLOCK, 0, block) for block in (0, SUPER_BLOCK // BLOCK))

    assert second.tolist() == qmc.Sobol(2, rng=stream(0, SCRAMBLINGS, 1)).random(BLOCK).tolist()
    assert first.tolist() != second.tolist()


def test_a_late_sobol_block_needs_none_of_the_earlier_ones(square: Model) -> None:
    points = scheme("sobol", square, samples=10**15 + 7)

    assert len(points.block(points.blocks - 1)["p"]) == 7
    assert points.rows(10**9) == BLOCK


def test_sobol_points_are_spread_evenly(square: Model) -> None:
    found = scheme("sobol", square, BLOCK, seed=5).block(0)

    for name in ("p", "q"):
        assert np.bincount((found[name] * BLOCK).astype(int)).tolist() == [1] * BLOCK
    cells = np.histogram2d(found["p"], found["q"], bins=16, range=[[0, 1]] * 2)[0]
    assert np.unique(cells).tolist() == [BLOCK / 256]


# --- pick-freeze ---


@pytest.mark.parametrize("base", ["sobol", "random"])
def test_pick_freeze_exchanges_one_parameter_at_a_time(base: str) -> None:
    reference = load("reference_involvement")
    points = scheme("pick-freeze", reference, 5_000, seed=1, base=base)
    found, roles = together(points), points.roles
    by_role = {role: {name: found[name][place :: len(roles)] for name in found} for place, role in enumerate(roles)}

    assert roles[:2] == ("A", "B")
    assert sorted(roles[2:]) == sorted(set(reference.parameters) - {"stake_nato"})  # it is fixed
    assert points.count == 5_000 * (5 + 2)
    assert points.blocks > 2
    for exchanged in roles[2:]:
        for name, column in by_role[exchanged].items():
            source = by_role["B" if name == exchanged else "A"]
            assert column.tolist() == source[name].tolist()
    assert not set(by_role["A"]["decisiveness"]) & set(by_role["B"]["decisiveness"])


@pytest.mark.parametrize("base", ["sobol", "random"])
def test_pick_freeze_finds_the_published_indices_of_ishigami(base: str) -> None:
    law = "{kind: uniform, low: -3.141592653589793, high: 3.141592653589793}"
    points = scheme("pick-freeze", model({"p": law, "q": law, "r": law}), 2**15, seed=0, base=base)
    x = together(points)
    y = np.sin(x["p"]) + 7 * np.sin(x["q"]) ** 2 + 0.1 * x["r"] ** 4 * np.sin(x["p"])
    a, b, *exchanged = y.reshape(-1, 5).T

    assert points.roles == ("A", "B", "p", "q", "r")
    first = [np.mean(b * (c - a)) / np.var(y) for c in exchanged]
    total = [np.mean((a - c) ** 2) / 2 / np.var(y) for c in exchanged]
    np.testing.assert_allclose(first, [0.3139, 0.4424, 0.0], atol=0.03)
    np.testing.assert_allclose(total, [0.5576, 0.4424, 0.2437], atol=0.02)


def test_pick_freeze_is_refused_where_parameters_cannot_be_exchanged_one_by_one(triangle: Model) -> None:
    with pytest.raises(InputError, match="constraints let none move without the others"):
        scheme("pick-freeze", triangle, 10)
    with pytest.raises(InputError, match="rank correlations let none move without the others"):
        scheme("pick-freeze", model({"p": UNIT, "q": UNIT}, tied(0.5)), 10)
    with pytest.raises(InputError, match="the model has none"):
        scheme("pick-freeze", model({"p": "{kind: fixed}"}), 10)


# --- grid ---


def test_a_grid_holds_every_combination_once() -> None:
    laws = {"p": UNIT, "q": "{kind: interval, low: 0, high: 2}", "r": UNIT, "s": "{kind: normal, mean: 0, sd: 1}"}
    points = scheme("grid", model(laws), samples=2, over={"s": [5, 6, 7], "p": 4, "q": 3})

    found = together(points)

    middles = [0.125, 0.375, 0.625, 0.875]
    assert list(zip(found["p"], found["q"], found["s"], strict=True)) == list(
        itertools.product(middles, [0.0, 1.0, 2.0], [5.0, 6.0, 7.0])
    )
    assert set(found["r"]) == {0.5}
    assert points.count == 36
    assert "q" not in scheme("grid", model(laws), samples=2).names
    assert scheme("grid", model(laws), samples=2, over=["q"]).levels == {"q": (0.0, 2.0)}
    assert scheme("grid", model(laws), samples=2).levels["s"] == pytest.approx(stats.norm.ppf([0.25, 0.75]))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 10**6))
@settings(max_examples=30)
def test_any_row_of_a_large_grid_is_made_by_itself(p: int, q: int, number: int) -> None:
    laws = {"p": UNIT, "q": UNIT, "r": UNIT}
    points = scheme("grid", model(laws), 1, over={"p": p * 1_000, "q": q, "r": 100_000})
    number %= points.blocks

    row = {name: column[0] for name, column in points.block(number).items()}

    place = np.unravel_index(number * BLOCK, [len(values) for values in points.levels.values()])
    assert row == {name: points.levels[name][at] for name, at in zip(points.levels, place, strict=True)}


LOADED = "{kind: discrete, values: [0.5, 1], probabilities: [0.9, 0.1]}"


@pytest.mark.parametrize("over", [None, ["d"], "d", {"d": 2}, {"p": 3, "d": 4}])
def test_a_discrete_law_enters_a_grid_by_its_values_alone(over: Any) -> None:
    loaded = model({"p": UNIT, "d": LOADED})

    with pytest.raises(
        InputError, match=r"d has a discrete law.*over=\{.*'d': \[0.5, 1.0\].*no share as a probability"
    ):
        scheme("grid", loaded, samples=3, over=over)
    points = together(scheme("grid", loaded, samples=3, over={"p": 3, "d": [0.5, 1]}))
    assert sorted(points["d"].tolist()) == [0.5] * 3 + [1.0] * 3


def test_one_name_may_stand_for_a_list_of_one() -> None:
    stakes = model({"stake": UNIT, "q": UNIT})

    assert scheme("grid", stakes, 3, over="stake").levels == scheme("grid", stakes, 3, over=["stake"]).levels


# --- correlations and constraints ---


@pytest.mark.parametrize("kind", ["random", "latin", "sobol"])
def test_designs_have_the_rank_correlation_of_the_model(kind: str) -> None:
    laws = {"p": UNIT, "q": "{kind: lognormal, mean: 0.5, sd: 1}"}
    frame = design(model(laws, tied(-0.6)), kind, 50_000)

    assert stats.spearmanr(frame["p"], frame["q"]).statistic == pytest.approx(-0.6, abs=0.01)
    assert frame.attrs["repaired"] == 0.0


@pytest.mark.parametrize("kind", ["random", *OUTSIDE_PROBABILITY, "grid"])
def test_points_keep_the_constraints_and_the_acceptance_is_the_area(kind: str, triangle: Model) -> None:
    frame = design(triangle, kind, 200 if kind == "grid" else 40_000, seed=2)

    assert (frame["p"] >= 2 * frame["q"] - 1).all()
    assert frame.attrs["accepted"] == len(frame)
    assert frame.attrs["acceptance"] == pytest.approx(3 / 4, abs=0.01)
    assert frame.attrs["tried"] == (40_000 if kind != "random" else pytest.approx(40_000 * 4 / 3, rel=0.02))


@pytest.mark.parametrize("kind", [*OUTSIDE_PROBABILITY, "grid"])
def test_blocks_keep_what_the_constraints_leave_of_them(kind: str, square: Model, triangle: Model) -> None:
    samples = 150 if kind == "grid" else 20_000
    free, kept = (scheme(kind, of, samples, seed=2) for of in (square, triangle))

    for number in range(free.blocks):
        before, after = free.block(number), kept.block(number)
        inside = before["p"] >= 2 * before["q"] - 1
        assert after["q"].tolist() == before["q"][inside].tolist()
        assert kept.accepted(number) == (int(np.count_nonzero(inside)), free.rows(number))
        assert kept.rows(number) == np.count_nonzero(inside)


@given(st.integers(0, 3 * BLOCK), st.integers(0, 3 * BLOCK), st.integers(0, 5))
@settings(max_examples=20)
def test_fewer_constrained_draws_are_the_first_of_more(few: int, many: int, seed: int) -> None:
    few, many = sorted((few, many))
    drawn = model({"p": UNIT, "q": UNIT}, held("p >= q", "q <= 0.5"))

    assert drawn.sample(few, seed)["q"].tolist() == drawn.sample(many, seed)["q"].tolist()[:few]


def test_constrained_draws_are_those_of_the_free_model_that_are_inside(square: Model, triangle: Model) -> None:
    free = square.sample(50_000, seed=3)

    inside = free[free["p"] >= 2 * free["q"] - 1]

    kept = triangle.sample(len(inside), seed=3)
    assert kept["p"].tolist() == inside["p"].tolist()
    assert kept.attrs["tried"] == inside.index[-1] + 1


def test_constraints_that_leave_next_to_nothing_are_refused() -> None:
    rare = model({"p": UNIT, "q": "{kind: uniform, low: 0, high: 1e5}"}, held("q <= p + 1"))

    with pytest.raises(InputError, match=r"the constraints c0 leave \d of 131072 points drawn, fewer than 1 in 10000"):
        rare.sample(100)
    with pytest.raises(InputError, match="leave none of 10 points; use a random design"):
        design(rare, "sobol", 10)


# --- words ---


@pytest.mark.parametrize("kind", KINDS)
def test_a_design_can_be_told_in_a_file_and_in_a_frame(kind: str, square: Model) -> None:
    points = scheme(kind, square, 12, seed=5)
    frame = design(square, kind, 12, seed=5)

    assert json.loads(json.dumps(points.identity)) == points.identity
    assert frame.attrs["design"] == points.identity
    assert frame.attrs["digest"] == square.digest
    assert frame.attrs["roles"] == list(points.roles)
    assert len(square.games(frame)) == len(frame) == points.count


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("sobl", {}, "no design 'sobl'; did you mean 'sobol'?"),
    ("random", {"samples": 0}, "samples: 0, expected a whole number of at least 1"),
    ("random", {"seed": -1}, "seed: -1, expected"),
    ("random", {"over": ["p"]}, "a random design has no option 'over'; its options: none"),
    ("pick-freeze", {"base": "latin"}, "base: 'latin', expected one of sobol, random"),
    ("grid", {"over": ["r"]}, "no parameter named 'r'"),
    ("grid", {"over": {"p": 0}}, "p: 0 values, expected at least 1 and at most"),
    ("grid", {"over": {"p": [[1, 2]]}}, "expected a number of values or a list"),
    ("grid", {"over": {"p": [float("nan")]}}, "finite"),
    ("sobol", {"samples": 3.5}, "samples: 3.5, expected a whole number of at least 1"),
    ("latin", {"samples": "3"}, "samples: '3', expected a whole number of at least 1"),
    ("random", {"seed": None}, "seed: None, expected a whole number of at least 0"),
    ("grid", {"over": {"p": ["a"]}}, "p: ['a'], expected a number of values or a list of finite values"),
    ("grid", {"over": {"p": True}}, "p: True, expected a number of values or a list"),
    ("grid", {"over": {"p": "3"}}, "p: '3', expected a number of values or a list"),
    ("grid", {"over": 5}, "over: 5, expected names of parameters, or a mapping to values"),
    ("grid", {"over": [["p"]]}, "over: [['p']], expected names of parameters"),
    ("grid", {"samples": 10**7}, "p: 10000000 values, expected at least 1 and at most 1048576"),
]


@pytest.mark.parametrize(("kind", "options", "sentence"), BAD)
def test_designs_that_cannot_be_are_refused(kind: str, options: dict[str, Any], sentence: str, square: Model) -> None:
    with pytest.raises(InputError, match=sentence.replace("?", r"\?").replace("[", r"\[")):
        scheme(kind, square, **{"samples": 10, **options})


def test_names_and_numbers_that_are_none_are_errors_of_their_kind(square: Model) -> None:
    with pytest.raises(UnknownNameError):
        scheme("sobl", square, 10)
    with pytest.raises(InputError, match="no block number 1; the design has blocks 0 to 0"):
        scheme("sobol", square, 10).block(1)
    with pytest.raises(InputError, match="p is fixed and has one value"):
        scheme("grid", model({"p": "{kind: fixed}", "q": UNIT}), 10, over=["p"])
    with pytest.raises(InputError, match=f"a grid of {2**42} points, at most"):
        scheme("grid", model({"p": UNIT, "q": UNIT, "r": UNIT}), 2**14)
