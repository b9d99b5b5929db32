"""Do parameters that hang together get the shares that are known in closed form?"""

from __future__ import annotations

from itertools import permutations
from math import asin, pi

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from gametheory.analyses.influence.drivers import drivers
from gametheory.analyses.influence.redraws import Tied
from gametheory.errors import InputError
from gametheory.estimators.tied import Redrawn, redrawn_sums
from gametheory.estimators.variance import value_sums
from gametheory.model import Model
from gametheory.reader import read

FloatArray = NDArray[np.float64]
NORMAL = "{{kind: normal, mean: 0, sd: {}}}"


def linear(laws: dict[str, str], measure: str, rest: str = "", rule: str = "0") -> Model:
    """A game whose expected measure is a formula in the parameters, and whose row player holds where a rule is > 0."""
    own = "".join(
        f"  {name}: {{value: {0.25 if 'uniform' in law else 0}, law: {law}, unit: u, meaning: m, source: example, "
        "mark: A}\n"
        for name, law in laws.items()
    )
    return read(
        "format: gametheory/1\ntitle: Linear\nform: strategic\nplayers:\n"
        "  nato: {label: NATO, actions: [hold, concede]}\n  russia: {label: Russia, actions: [wait, leave]}\n"
        f"parameters:\n{own}quantities:\n  rule: {rule}\n"
        "payoffs:\n  nato: [[rule, rule], [0, 0]]\n  russia: [[1, 0], [1, 0]]\n"
        f"measures:\n  sum: {{expected: {measure}}}\n{rest}"
    )


def tie(pairs: dict[tuple[str, str], float]) -> str:
    """Rank correlations that give normal parameters these correlations."""
    written = [
        f"{{between: [{first}, {second}], rank: {6 / pi * asin(rho / 2)!r}, source: example, mark: A}}"
        for (first, second), rho in pairs.items()
    ]
    return f"correlations: [{', '.join(written)}]\n"


def rows(frame: pd.DataFrame, over: str = "measure sum lower") -> pd.DataFrame:
    return frame[frame["over"] == over].set_index("parameter")


def explained(weights: FloatArray, covariance: FloatArray, known: tuple[int, ...]) -> float:
    """Share of the variance of a linear function of normal variables that some of them explain."""
    if not known:
        return 0.0
    cross = covariance[list(known)] @ weights
    inner = np.linalg.pinv(covariance[np.ix_(known, known)])
    return float(cross @ inner @ cross / (weights @ covariance @ weights))


def by_orders(share: dict[tuple[int, ...], float], count: int) -> list[float]:
    """Shapley values of the shares of all groups, by all orders."""
    found = np.zeros(count)
    orders = list(permutations(range(count)))
    for order in orders:
        for place, own in enumerate(order):
            before, after = tuple(sorted(order[:place])), tuple(sorted(order[: place + 1]))
            found[own] += (share[after] - share[before]) / len(orders)
    return found.tolist()


def groups(count: int) -> list[tuple[int, ...]]:
    return [tuple(place for place in range(count) if number >> place & 1) for number in range(2**count)]


def test_two_correlated_normals_have_the_effects_of_owen_and_prieur() -> None:
    b, s, rho = (1.0, 2.0), (1.0, 0.75), 0.6
    cross, own = rho * b[0] * b[1] * s[0] * s[1], [b[0] ** 2 * s[0] ** 2, b[1] ** 2 * s[1] ** 2]
    variance = sum(own) + 2 * cross
    exact = own[0] * (1 - rho**2 / 2) + cross + own[1] * rho**2 / 2
    model = linear({"x": NORMAL.format(s[0]), "y": NORMAL.format(s[1])}, "x + 2 * y", tie({("x", "y"): rho}))

    found = rows(drivers(model, samples=8192))

    assert found.loc["x", "shapley"] == pytest.approx(exact / variance, abs=0.01)
    assert found["shapley"].sum() == pytest.approx(1.0, abs=1e-12)
    assert found.loc["x", "total"] == pytest.approx(own[0] * (1 - rho**2) / variance, abs=0.01)
    assert found.loc["x", "first"] == pytest.approx((own[0] + rho**2 * own[1] + 2 * cross) / variance, abs=0.02)
    assert (found["total"] < found["first"]).all()
    assert found.loc["x", "shapley_low"] < exact / variance < found.loc["x", "shapley_high"]


@pytest.fixture(scope="module")
def four() -> tuple[pd.DataFrame, FloatArray, FloatArray]:
    """A chain of correlated normals: the third enters nothing, the fourth hangs together with none."""
    weights = np.array([1.0, 2.0, 0.0, 1.5])
    covariance = np.eye(4)
    covariance[0, 1] = covariance[1, 0] = 0.5
    covariance[1, 2] = covariance[2, 1] = -0.8
    laws = dict.fromkeys("wxyz", NORMAL.format(1))
    ties = tie({("w", "x"): 0.5, ("x", "y"): -0.8, ("w", "y"): 0.0})
    model = linear(laws, "w + 2 * x + 1.5 * z", ties, rule="w + 2 * x + 1.5 * z")
    return drivers(model, samples=8192), weights, covariance


def test_correlated_normals_have_the_shares_of_all_groups(four: tuple[pd.DataFrame, FloatArray, FloatArray]) -> None:
    frame, weights, covariance = four
    share = {one: explained(weights, covariance, one) for one in groups(4)}
    found = rows(frame).loc[list("wxyz")]

    rest = [1 - share[tuple(other for other in range(4) if other != one)] for one in range(4)]
    assert found["first"].tolist() == pytest.approx([share[(one,)] for one in range(4)], abs=0.025)
    assert found["total"].tolist() == pytest.approx(rest, abs=0.015)
    assert found["shapley"].tolist() == pytest.approx(by_orders(share, 4), abs=0.015)


def test_what_holds_where_correlated_normals_pass_zero_is_known_from_orthants(
    four: tuple[pd.DataFrame, FloatArray, FloatArray],
) -> None:
    frame, weights, covariance = four
    share = {one: 2 / pi * asin(min(explained(weights, covariance, one), 1.0)) for one in groups(4)}
    found = rows(frame, "pure profiles").loc[list("wxyz")]

    assert found["shapley"].tolist() == pytest.approx(by_orders(share, 4), abs=0.015)
    assert found["first"].tolist() == pytest.approx([share[(one,)] for one in range(4)], abs=0.03)
    assert found.loc["y", "total"] == 0.0
    assert found.loc["y", "flips"] == 0
    assert found.loc["y", "shapley"] > 0.05


def test_a_constraint_gives_the_effects_of_the_integrals_over_the_triangle() -> None:
    rest = "constraints:\n  below: {holds: x <= y, source: example, mark: A}\n"
    laws = {"x": "{kind: uniform, low: 0, high: 1}", "y": "{kind: uniform, low: 0, high: 1}"}

    found = rows(drivers(linear(laws, "x", rest), samples=8192))

    assert found.loc[["x", "y"], "first"].tolist() == pytest.approx([1.0, 0.25], abs=0.03)
    assert found.loc[["x", "y"], "total"].tolist() == pytest.approx([0.75, 0.0], abs=0.02)
    assert found.loc[["x", "y"], "shapley"].tolist() == pytest.approx([7 / 8, 1 / 8], abs=0.015)


def test_of_two_equal_parameters_each_gets_half_although_one_enters_nothing() -> None:
    laws = {"x": NORMAL.format(1), "y": NORMAL.format(3)}
    rest = "correlations: [{between: [x, y], rank: 1.0, source: example, mark: A}]\n"

    found = rows(drivers(linear(laws, "x", rest), samples=512))

    assert found["shapley"].tolist() == pytest.approx([0.5, 0.5], abs=1e-9)
    assert found["first"].tolist() == pytest.approx([1.0, 1.0], abs=0.1)
    assert found["total"].tolist() == pytest.approx([0.0, 0.0], abs=1e-9)


@pytest.mark.parametrize("rank", [0.7, -1.0])
def test_redraws_have_the_joint_law_and_keep_what_is_kept(rank: float) -> None:
    laws = dict.fromkeys("xyz", NORMAL.format(1))
    ranks = {("x", "y"): rank, ("x", "z"): 0.3 * rank, ("y", "z"): 0.3}
    rest = ", ".join(
        f"{{between: [{a}, {b}], rank: {value}, source: example, mark: A}}" for (a, b), value in ranks.items()
    )
    tied = Tied(linear(laws, "x + y + z", f"correlations: [{rest}]\n"))
    generator = np.random.default_rng(0)
    base = tied.drawn(20_000, generator)
    exact = tied.groups[0][1]

    for kept in (np.array([True, False, True]), np.array([False, True, False]), np.zeros(3, dtype=np.bool_)):
        found, stuck = tied.redrawn(base, np.broadcast_to(kept, (1, *base.shape)), generator)

        assert stuck == 0
        assert np.array_equal(found[0][:, kept], base[:, kept])
        assert np.cov(found[0].T) == pytest.approx(exact, abs=0.03)
        # given what is kept, the redraw owes nothing to the rest of the base: regress one on the other
        inner = np.linalg.pinv(exact[np.ix_(kept, kept)], rcond=1e-9)
        left = [own[:, ~kept] - own[:, kept] @ inner @ exact[np.ix_(kept, ~kept)] for own in (found[0], base)]
        between = left[0].T @ left[1] / len(base)
        assert np.abs(between).max() < 0.03


def test_a_constraint_that_nothing_breaks_changes_no_index_beyond_the_noise() -> None:
    laws = dict.fromkeys("xyz", "{kind: uniform, low: 0, high: 1}")
    calm = "constraints:\n  calm: {holds: x >= 0, source: example, mark: A}\n"

    tied, free = (rows(drivers(linear(laws, "x + 2 * y * z", rest), samples=4096)) for rest in (calm, ""))

    for name in ("first", "total", "shapley"):
        assert tied[name].sort_index().tolist() == pytest.approx(free[name].sort_index().tolist(), abs=0.03), name


def test_an_idle_parameter_tied_to_one_that_matters_has_a_share_that_a_sample_can_tell() -> None:
    laws = dict.fromkeys("xyz", NORMAL.format(1))
    frame = drivers(linear(laws, "x", tie({("x", "y"): 0.8}), rule="x"), samples=4096)

    idle = rows(frame, "pure profiles").loc["y"]
    told = 2 / pi * asin(0.8**2)  # Sheppard: of the sign of x, by y; the rest is what x adds to it
    assert (idle["total"], idle["flips"]) == (0.0, 0)
    assert idle["first"] == pytest.approx(told, abs=0.06)
    assert idle["first_low"] < told < idle["first_high"]
    assert idle["shapley_low"] < told / 2 < idle["shapley_high"]
    assert min(idle["first_low"], idle["shapley_low"]) > 0.1
    assert "exchanges" not in idle["verdict"]  # what its shares rest on is not its own exchange
    assert rows(frame, "pure profiles").loc["z", ["first", "total", "shapley", "flips"]].tolist() == [0, 0, 0, 0]


def test_a_comparison_without_a_value_is_left_out_of_every_share_of_its_parameter() -> None:
    generator = np.random.default_rng(5)
    a, b = generator.standard_normal((2, 400))
    kept, redrawn = generator.standard_normal((2, 2, 400))
    turns = np.tile([[0, 1], [1, 0]], (200, 1))
    whole = Redrawn(a, b, kept, redrawn, np.stack([a, a, b], axis=1), turns, np.arange(400) % 4)
    holes, other = kept.copy(), redrawn.copy()
    holes[1, ::7] = other[1, ::7] = np.nan

    found = redrawn_sums(whole._replace(kept=holes), value_sums)

    assert found.pairs.sum(axis=0).tolist() == [400, 400 - 58]
    for other_sums in (
        redrawn_sums(whole._replace(redrawn=other), value_sums),
        redrawn_sums(whole._replace(kept=holes, redrawn=other), value_sums),
    ):
        assert all(np.array_equal(one, two) for one, two in zip(found, other_sums, strict=True))


def test_one_and_two_workers_give_the_same_frame() -> None:
    laws = dict.fromkeys("xyz", NORMAL.format(1))
    model = linear(laws, "x + y", tie({("x", "y"): 0.5}), rule="x - z")

    one, two = (drivers(model, samples=128, workers=workers) for workers in (1, 2))

    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert one.attrs["tied"]


def test_constraints_that_leave_next_to_nothing_are_refused() -> None:
    laws = {"x": "{kind: uniform, low: 0, high: 1}", "y": "{kind: uniform, low: 0, high: 1}"}
    rest = "constraints:\n  rare: {holds: abs(x - 0.25) + abs(y - 0.25) <= 0.002, source: example, mark: A}\n"

    with pytest.raises(InputError, match=r"widen them, or narrow the laws"):
        drivers(linear(laws, "x", rest), samples=64)


def test_a_discrete_parameter_that_is_tied_is_warned_of() -> None:
    laws = {"x": NORMAL.format(1), "y": "{kind: discrete, values: [0, 1], probabilities: [0.5, 0.5]}"}

    frame = drivers(linear(laws, "x", tie({("x", "y"): 0.5})), samples=64)

    assert any("its place in the copula counts as known" in note for note in frame.attrs["notes"])
