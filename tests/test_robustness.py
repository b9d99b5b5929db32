"""Are break-even values, radii and least changes where closed forms, other methods and the solver itself put them?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import inf, sqrt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize

from gametheory import figures
from gametheory.analyses.central.base_case import base_case
from gametheory.analyses.robustness.breaks import appearances, breaks_of, held
from gametheory.analyses.robustness.jets import exact_values
from gametheory.analyses.robustness.least_change import least_change
from gametheory.analyses.robustness.nearest import field
from gametheory.analyses.robustness.overturns import equilibria_question, overturns
from gametheory.analyses.robustness.radius import radius
from gametheory.analyses.robustness.spreads import spread
from gametheory.analyses.robustness.straight import nearest_in_box
from gametheory.analyses.standoff.break_even import break_even
from gametheory.analyses.standoff.critical_risk import critical_risk
from gametheory.analyses.tipping.tip import tip
from gametheory.analyses.tipping.zeros import zeros
from gametheory.errors import InputError, UnknownNameError
from gametheory.games import strategic
from gametheory.model import Model
from gametheory.parameters import Law
from gametheory.reader import load, read
from gametheory.solvers import solve
from tests.test_figures import drawn, texts_of

LABELS = {"nato": "NATO", "russia": "Russia"}
UNIT = 1 / sqrt(12)  # the spread of a uniform law on an interval of length 1
CHICKEN = "  nato: [[-4 * p, 1], [-1, 0]]\n  russia: [[-2 * p, -1], [1, 0]]"
TWO = "  nato: [[-4 * p, 1], [-4 * t, 0]]\n  russia: [[-2 * p, -1], [1, 0]]"


def model_of(
    payoffs: str = CHICKEN, *, p: float = 0.2, law: str = "kind: uniform, low: 0, high: 1", more: str = ""
) -> Model:
    """Hold or concede, with the chance ``p`` of a disaster when both hold, and a limit ``t`` near 0.25."""
    return read(
        f"""
format: gametheory/1
title: Chicken
form: strategic
players:
  nato: {{label: NATO, actions: [hold, concede]}}
  russia: {{label: Russia, actions: [hold, concede]}}
parameters:
  p: {{value: {p}, law: {{{law}}}, unit: u, meaning: m, source: example, mark: A}}
  t: {{value: 0.25, law: {{kind: uniform, low: 0, high: 0.5}}, unit: u, meaning: m, source: example, mark: A}}
payoffs:
{payoffs}
claims:
  both_hold: {{text: Both hold, holds: {{order: simultaneous, expect: {{nato: [hold], russia: [hold]}}}}}}
  nato_holds: {{text: NATO holds, holds: {{order: simultaneous, expect: {{nato: [hold]}}}}}}
{more}
"""
    )


@pytest.fixture(scope="module")
def reference() -> Model:
    return load("reference_involvement")


def only(model: Model, *names: str) -> Model:
    """The same model with all other parameters fixed at their central values."""
    parameters = {
        name: own if name in names else replace(own, law=Law("fixed", value=own.value))
        for name, own in model.parameters.items()
    }
    return replace(model, parameters=parameters)


def values_of(frame: pd.DataFrame, **where: str) -> list[float]:
    for name, value in where.items():
        frame = frame[frame[name] == value]
    return [float(value) for value in frame["value"]]


# --- spreads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "law",
    [
        Law("uniform", low=-1, high=3),
        Law("loguniform", low=0.001, high=10),
        Law("triangular", low=0, mode=1, high=4),
        Law("pert", low=0, mode=1, high=4),
        Law("beta", a=2, b=5, low=-1, high=1),
        Law("normal", mean=3, sd=2),
        Law("lognormal", mean=3, sd=0.5),
        Law("truncnormal", mean=0, sd=1, low=-0.5, high=3),
        Law("discrete", values=[1, 2, 5], probabilities=[0.2, 0.5, 0.3]),
    ],
    ids=lambda law: law.kind,
)
def test_a_spread_is_the_standard_deviation_of_the_law(law: Law) -> None:
    draws = law.quantile((np.arange(200_000) + 0.5) / 200_000)

    assert spread(law) == pytest.approx(float(np.std(draws)), rel=1e-3)


def test_the_spread_of_an_interval_is_half_its_width_and_a_fixed_number_has_none() -> None:
    assert spread(Law("interval", low=2, high=3)) == 0.5
    assert spread(Law("fixed", value=2)) == 0.0


# --- break-even -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gain", "settle", "loss"), [(1.0, 0.5, 40.0), (2.0, -1.0, 3.0)])
def test_a_deeper_step_breaks_even_at_gain_over_gain_and_loss(gain: float, settle: float, loss: float) -> None:
    payoffs = f"  nato: [[{settle}, 0], [(1 - p) * {gain} - p * {loss}, 1]]\n  russia: [[0, 0], [0, 0]]"
    frame = break_even(model_of(payoffs), "p")

    (row,) = frame[frame["status"].str.startswith("pays")].to_dict("records")
    assert row["value"] == pytest.approx((gain - settle) / (gain + loss), abs=1e-13)
    assert row["increment"] == row["value"] - 0.2
    assert (row["player"], row["action"], row["next_action"], row["against"]) == ("nato", "hold", "concede", "hold")
    assert row["status"] == "pays below"


def test_break_even_values_of_chicken_are_its_two_limits() -> None:
    frame = break_even(model_of(), "p")

    assert values_of(frame, player="nato", against="hold") == pytest.approx([0.25], abs=1e-14)
    assert values_of(frame, player="russia", against="hold") == pytest.approx([0.5], abs=1e-14)
    assert set(frame[frame["against"] == "hold"]["status"]) == {"pays above"}
    assert set(frame[frame["against"] == "concede"]["status"]) == {"never pays"}


@pytest.mark.parametrize("name", ["escalation_risk", "stake_russia", "decisiveness"])
def test_break_even_values_of_the_reference_game_are_the_roots_that_brent_finds(reference: Model, name: str) -> None:
    frame = break_even(reference, name, points=400)
    low, high = reference.parameters[name].law.support()
    grid = np.geomspace(low, high, 300)
    table = reference.games({name: grid}).payoffs
    for player, own in enumerate(reference.players):
        steps = np.diff(table[:, player], axis=1 + player)
        for cell in np.ndindex(*steps.shape[1:]):
            column = steps[(slice(None), *cell)]

            def gain(value: float, player: int = player, cell: tuple[int, ...] = cell) -> float:
                one = reference.games({name: [value]}).payoffs[0, player]
                return float(np.diff(one, axis=player)[cell])

            expected = [
                brentq(gain, grid[k], grid[k + 1], xtol=1e-15) for k in np.flatnonzero(column[:-1] * column[1:] < 0)
            ]
            other = reference.players[1 - player].actions[cell[1 - player]]
            where = {"player": own.name, "action": own.actions[cell[player]], "against": other}
            found = [value for value in values_of(frame, **where) if not np.isnan(value)]
            assert found == pytest.approx(expected, rel=1e-11)


SHAPES = {
    "three roots": ("(p - 0.2) * (p - 0.5) * (p - 0.9)", [0.2, 0.5, 0.9], ["pays above", "pays below", "pays above"]),
    "a touch from above": ("(p - 0.3) ** 2", [0.3], ["pays on both sides"]),
    "a touch from below": ("-((p - 0.7) ** 2)", [0.7], ["pays on neither side"]),
    "a close pair": ("(p - 0.3) ** 2 - 0.0000000001", [0.29999, 0.30001], ["pays below", "pays above"]),
    "a jump": ("'where(p < 0.4, -1, 2)'", [0.4], ["pays above"]),
    "a flat start": ("'max(p - 0.5, 0)'", [0.5], ["pays above"]),
    "a flat middle": ("'max(p - 0.6, 0) + min(p - 0.2, 0)'", [0.2, 0.6], ["as good above", "pays above"]),
    "a flat top": ("'min(p - 0.2, 0, 0.6 - p)'", [0.2, 0.6], ["as good above", "as good below"]),
    "the end of the range": ("1 - p", [1.0], ["pays below"]),
    "never": ("-1 - p", [np.nan], ["never pays"]),
    "always": ("1 + p", [np.nan], ["always pays"]),
    "the same": ("p - p", [np.nan], ["as good everywhere"]),
    "not finite": ("1 / p ** 2", [np.nan], ["undefined"]),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("points", [65, 4096])
def test_every_kind_of_break_even_is_found_and_named(shape: str, points: int) -> None:
    formula, values, statuses = SHAPES[shape]
    frame = break_even(model_of(f"  nato: [[0, 0], [{formula}, 0]]\n  russia: [[0, 0], [0, 0]]"), "p", points=points)
    own = frame[(frame["player"] == "nato") & (frame["against"] == "hold")]

    touch = "touch" in shape
    assert own["value"].tolist() == pytest.approx(values, abs=1e-4 if touch else 2e-11, nan_ok=True)
    assert own["status"].tolist() == statuses
    if shape == "a jump":
        assert "jump" in own["reason"].iloc[0]
    if "flat" in shape:
        assert own["reason"].str.contains("whole stretch").all()


@pytest.mark.parametrize("root", [0.0, 0.5, 0.51, 1.0])
def test_a_zero_on_a_place_of_the_grid_is_found_once(root: float) -> None:
    grid = np.linspace(0.0, 1.0, 11)
    found = zeros(lambda places, _: places - root, grid, (grid - root)[:, np.newaxis], np.ones(1))

    assert [zero.place for zero in found] == pytest.approx([root], abs=1e-15)


def test_other_present_values_are_kept_to() -> None:
    frame = break_even(model_of(TWO), "p", values={"t": 0.3})

    assert values_of(frame, player="nato", against="hold") == pytest.approx([0.3])
    assert frame.attrs["parameters"]["t"] == 0.3


def test_of_three_players_each_profile_of_the_others_is_a_case() -> None:
    model = read(
        """
format: gametheory/1
title: Three
form: strategic
players:
  a: {label: A, actions: [x, y]}
  b: {label: B, actions: [x, y]}
  c: {label: C, actions: [x, y, z]}
parameters:
  p: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
tables:
  ya: {over: [a], values: [0, 1]}
  yc: {over: [c], values: [0, 1, 2]}
payoffs: {a: ya * (p - 0.25 * yc), b: 0, c: 0}
"""
    )
    frame = break_even(model, "p")
    own = frame[frame["player"] == "a"].set_index("against")["value"]

    assert own.index.tolist() == ["x, x", "x, y", "x, z", "y, x", "y, y", "y, z"]
    assert own[["x, y", "y, y"]].tolist() == pytest.approx([0.25] * 2)
    assert own[["x, z", "y, z"]].tolist() == pytest.approx([0.5] * 2)
    assert len(frame) == 6 + 6 + 8


# --- radius -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("euclidean", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_the_nearest_point_in_a_box_is_the_one_that_general_programs_find(seed: int, *, euclidean: bool) -> None:
    generator = np.random.default_rng(seed)
    count = int(generator.integers(1, 6))
    slopes, slack = generator.standard_normal(count), float(generator.uniform(0.1, 2.0))
    least, most = -generator.uniform(0.0, 2.0, count), generator.uniform(0.0, 2.0, count)
    lowest = slack + np.where(slopes > 0, slopes * least, slopes * most).sum()

    distance, point = nearest_in_box(slack, slopes, least, most, euclidean=euclidean)

    if lowest >= 0:
        assert distance == inf
        return
    assert slack + slopes @ point == pytest.approx(0.0, abs=1e-12)
    assert ((least - 1e-12 <= point) & (point <= most + 1e-12)).all()
    if euclidean:
        run: Any = minimize  # its stubs know no constraints with slopes
        other = run(
            lambda x: x @ x, np.zeros(count), jac=lambda x: 2 * x, bounds=list(zip(least, most, strict=True)),
            constraints=[{"type": "eq", "fun": lambda x: slack + slopes @ x}], options={"ftol": 1e-14},
        )  # fmt: skip
        assert distance == pytest.approx(sqrt(other.fun), rel=1e-6)
    else:
        reach = np.where(slopes > 0, -least, most)
        assert brentq(lambda r: slack - np.abs(slopes) @ np.minimum(r, reach), 0, 2) == pytest.approx(
            distance, rel=1e-9
        )


def test_the_radius_of_a_pure_equilibrium_in_straight_lines_is_its_slack_over_the_norm_of_its_slopes() -> None:
    (row,) = radius(model_of(TWO), order="simultaneous").to_dict("records")
    # holding beats conceding by 4 t - 4 p = 0.2; one spread of p moves it by 4 / sqrt(12), one of t by 2 / sqrt(12)
    norm = 4 * UNIT * sqrt(1.25)

    assert row["radius"] == pytest.approx(0.2 / norm, rel=1e-12)
    assert row["radius_each"] == pytest.approx(0.2 / (6 * UNIT), rel=1e-12)
    assert (row["player"], row["binding"]) == ("nato", "nato: hold -> concede, against hold")
    assert (row["exact"], row["verified"], row["status"]) == (True, True, "breaks")
    assert row["at_p"] - row["at_t"] == pytest.approx(0.0, abs=1e-15)


def test_each_equilibrium_of_chicken_has_the_radius_of_its_own_limit() -> None:
    frame = radius(model_of(p=0.6), order="simultaneous").set_index("profile")["radius"] * UNIT
    mixed = next(profile for profile in frame.index if "+" in profile)

    assert frame["concede, hold"] == pytest.approx(0.35, rel=1e-9)  # stands from p = 0.25 on
    assert frame["hold, concede"] == pytest.approx(0.1, rel=1e-9)  # from p = 0.5 on
    assert frame[mixed] == pytest.approx(0.1, rel=1e-6)


def test_a_curved_slack_is_broken_at_the_nearest_point_of_the_curve() -> None:
    # hold until p * q reaches 0.25, both at 0.2: the nearest point of that hyperbola is (0.5, 0.5)
    more = "  q: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}"
    text = model_of("  nato: [[-4 * p, 1], [-1, 0]]\n  russia: [[2, 1], [1, 0]]").text
    text = text.replace("payoffs:\n", f"{more}\npayoffs:\n").replace("-4 * p", "-4 * p * q")
    (row,) = radius(read(text), order="simultaneous").to_dict("records")

    assert row["radius"] == pytest.approx(sqrt(2) * 0.3 / UNIT, rel=1e-6)
    assert row["radius_each"] == pytest.approx(0.3 / UNIT, rel=1e-6)
    assert (row["at_p"], row["at_q"]) == pytest.approx((0.5, 0.5), abs=1e-3)
    assert (row["exact"], row["verified"]) == (False, True)


def test_a_small_region_in_which_a_deviation_pays_is_found_from_outside() -> None:
    # conceding pays inside a disc around (0.5, 0.9) of radius 0.1 only; both parameters stand at 0.2
    more = "  q: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}"
    text = model_of("  nato: [[(p - 0.5) ** 2 - 0.01, 1], [0, 0]]\n  russia: [[2, 1], [1, 0]]").text
    text = text.replace("payoffs:\n", f"{more}\npayoffs:\n").replace("- 0.01", "+ (q - 0.9) ** 2 - 0.01")
    (row,) = radius(read(text), order="simultaneous").to_dict("records")

    assert row["radius"] == pytest.approx((sqrt(0.3**2 + 0.7**2) - 0.1) / UNIT, rel=1e-6)
    assert row["radius_each"] == pytest.approx(0.6 / UNIT, rel=1e-6)


def test_a_radius_is_exact_only_where_no_curved_slack_could_be_nearer() -> None:
    payoffs = CHICKEN.replace("-2 * p", "-2 * p ** 2")
    (curved,) = radius(model_of(payoffs), order="simultaneous").to_dict("records")
    (straight,) = radius(model_of(), order="simultaneous").to_dict("records")

    assert curved["radius"] == pytest.approx(straight["radius"]) == pytest.approx(0.05 / UNIT)
    assert (curved["exact"], straight["exact"]) == (False, True)


@pytest.mark.parametrize("seed", range(3))
def test_a_profile_appears_where_the_solver_finds_it(seed: int) -> None:
    payoffs = np.random.default_rng(seed).integers(0, 3, (300, 2, 3, 2)).astype(float)
    solutions = solve(strategic(payoffs))
    expected = {(game, solutions.support(k)) for k, game in enumerate(solutions.game.tolist()) if solutions.pure[k]}
    found = set()
    for one in appearances((3, 2), []):
        cell = one.conditions[0].leave
        values = one.values(payoffs)
        found |= {(int(game), tuple((a,) for a in cell)) for game in np.flatnonzero((values <= 0).all(axis=1))}
        assert (held(values, one.sizes(payoffs)) <= (values <= 0).all(axis=1)).all()

    assert found == expected


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_with_one_parameter_free_the_radius_is_the_way_to_the_nearest_tipping_point(
    reference: Model, order: str
) -> None:
    for name in ("escalation_risk", "disaster_loss_russia"):
        model = only(reference, name)
        (row,) = radius(model, order=order).to_dict("records")
        tips = tip(model, name, order=order)["value"].to_numpy()
        value, size = model.central()[name], spread(model.parameters[name].law)

        expected = np.abs(tips - value).min() / size if len(tips) else inf
        assert row["radius"] == pytest.approx(expected, rel=1e-7)
        assert row["radius_each"] == pytest.approx(expected, rel=1e-7)
        assert row["verified"] or not len(tips)


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_nothing_breaks_inside_the_radius_and_a_search_by_solving_alone_finds_the_same(
    reference: Model, order: str
) -> None:
    (row,) = radius(reference, order=order).to_dict("records")
    games = field(reference, reference.central())
    drawn_steps = np.random.default_rng(1).standard_normal((4000, len(games.reach.names)))
    drawn_steps *= 0.999 * row["radius"] / np.linalg.norm(drawn_steps, axis=1, keepdims=True)
    inside = games.reach.values(drawn_steps)
    solutions = solve(reference.games(inside), order=order)

    assert row["verified"]
    assert {solutions.profile(k) for k in range(len(solutions))} == {row["profile"]}
    others = overturns(games, equilibria_question(reference, order))
    assert others[0].distance == pytest.approx(row["radius"], rel=1e-4)


def test_no_parameter_leaves_its_support(reference: Model) -> None:
    frame = radius(reference)

    for name in [column.removeprefix("at_") for column in frame.columns if column.startswith("at_")]:
        low, high = reference.parameters[name].law.support()
        assert frame[f"at_{name}"].between(low, high).all()


def test_a_dominant_profile_holds_everywhere() -> None:
    dilemma = "  nato: [[3 + p, 0], [5 + p, 1]]\n  russia: [[3, 5], [0, 1 + t]]"
    frame = radius(model_of(dilemma))

    assert set(frame["status"]) == {"holds everywhere searched"}
    assert np.isinf(frame["radius"]).all()
    assert (frame["reason"] != "").all()


def test_a_tie_at_the_present_values_is_an_edge() -> None:
    frame = radius(model_of(p=0.25), order="simultaneous").set_index("profile")

    assert frame.loc["hold, hold", "status"] == "on an edge"
    assert frame.loc["hold, hold", "radius"] == 0.0


@pytest.mark.parametrize("payoff", ["1 + p", "1 + p ** 2", "2 - exp(-p)"])
def test_a_lasting_tie_breaks_nothing(payoff: str) -> None:
    # waiting is holding by another name; conceding pays from p = 0.6 on, or so
    text = model_of(f"  nato: [[{payoff}, 1], [4 * p, 0]]\n  russia: [[2, 0], [1, 0]]").text
    text = text.replace("NATO, actions: [hold, concede]", "NATO, actions: [hold, concede, wait]")
    text = text.replace("[4 * p, 0]]", f"[4 * p, 0], [{payoff}, 1]]").replace("[1, 0]]", "[1, 0], [2, 0]]")
    frame = radius(read(text), order="simultaneous").set_index("profile")
    limit = brentq(lambda p: {"1 + p": 1 + p, "1 + p ** 2": 1 + p**2}.get(payoff, 2 - np.exp(-p)) - 4 * p, 0.0, 1.0)

    assert frame.loc["hold, hold", "radius"] == pytest.approx((limit - 0.2) / UNIT, rel=1e-7)
    assert frame.loc["hold, hold", "binding"] == "nato: hold -> concede, against hold"


def test_constraints_between_parameters_are_kept_to() -> None:
    free = radius(model_of(TWO), order="simultaneous").iloc[0]
    bound = "constraints:\n  cap: {holds: p <= 0.22, source: example, mark: A}"
    held = radius(model_of(TWO, more=bound), order="simultaneous").iloc[0]

    assert free["at_p"] > 0.23
    assert (held["at_p"], held["at_t"]) == pytest.approx((0.22, 0.22), abs=1e-8)
    assert held["radius"] == pytest.approx(sqrt(0.02**2 + 0.06**2) / UNIT, rel=1e-7)
    assert held["verified"]
    assert not held["exact"]


def test_mixed_solutions_behind_a_leader_are_not_followed() -> None:
    solutions = solve(model_of(p=0.6).games())
    mixed = next(k for k in range(len(solutions)) if not solutions.pure[k])

    assert breaks_of(solutions, mixed)
    assert breaks_of(replace(solutions, order="nato"), mixed) is None


@pytest.mark.slow
def test_mixed_solutions_of_three_players_are_not_followed() -> None:
    text = """
format: gametheory/1
title: Three pennies
form: strategic
players:
  a: {label: A, actions: [x, y]}
  b: {label: B, actions: [x, y]}
  c: {label: C, actions: [x, y]}
parameters:
  p: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
tables:
  i: {over: [a], values: [0, 1]}
  j: {over: [b], values: [0, 1]}
payoffs:
  a: i * j + (1 - i) * (1 - j) + p
  b: i * (1 - j) + (1 - i) * j
  c: i - i
"""
    text = text.replace("c: {label: C, actions: [x, y]}", "c: {label: C, actions: [x]}")
    frame = radius(read(text))

    assert frame["status"].tolist() == ["not followed"]
    assert frame["radius"].isna().all()
    assert (frame["reason"] != "").all()


# --- least change -----------------------------------------------------------------------------------------------------


def test_with_one_parameter_free_the_least_changes_are_its_tipping_points(reference: Model) -> None:
    model = only(reference, "escalation_risk")
    frame = least_change(model)
    value = model.central()["escalation_risk"]
    for order, own in frame.groupby("order"):
        tips = tip(model, "escalation_risk", order=str(order))["value"].to_numpy()
        nearest = [*tips[tips < value][-1:], *tips[tips > value][:1]]
        assert sorted(own["changed_value"]) == pytest.approx(nearest, rel=1e-9)
        assert own["verified"].all()


@pytest.mark.filterwarnings("ignore::gametheory.errors.ParameterWarning")
@pytest.mark.parametrize("kind", ["equilibria", "claim"])
def test_least_changes_are_sorted_and_solving_beyond_them_shows_what_they_say(reference: Model, kind: str) -> None:
    claim = "troops_force_retreat" if kind == "claim" else None
    frame = least_change(reference, order="nato", claim=claim, points=128)
    assert len(frame) >= 2
    assert frame["verified"].all()

    ranks = frame.groupby("rank")
    assert all(one <= two + 1e-12 for one, two in pairwise(ranks["distance"].first()))
    for _, own in ranks:
        assert np.linalg.norm(own["step"]) == pytest.approx(own["distance"].iloc[0], rel=1e-6)
        moved = dict(
            zip(own["parameter"], own["value"] + (1 + 1e-5) * (own["changed_value"] - own["value"]), strict=True)
        )
        given = {"nato": ["troops"]} if claim else None
        solutions = solve(reference.games(moved, given=given), order="nato")
        profiles = {solutions.profile(k) for k in range(len(solutions))}
        if claim:
            retreat = {profile.endswith("deescalate") for profile in profiles}
            assert own["after"].iloc[0] == ("all" if retreat == {True} else "none" if retreat == {False} else "some",)
        else:
            assert profiles == set(own["after"].iloc[0])
            assert profiles != set(own["before"].iloc[0])


def test_moving_several_assumptions_together_takes_no_more_than_the_radius(reference: Model) -> None:
    frame = least_change(reference, order="nato", limit=1)
    (row,) = radius(reference, order="nato").to_dict("records")

    assert set(frame["kind"]) == {"several"}
    assert frame["distance"].iloc[0] == pytest.approx(row["radius"], rel=1e-5)


def test_a_claim_of_chicken_is_overturned_where_it_must_be() -> None:
    frame = least_change(model_of(TWO), claim="both_hold")
    first, second, *_ = (own for _, own in frame.groupby("rank"))
    norm = 4 * UNIT * sqrt(1.25)

    assert first["distance"].iloc[0] == pytest.approx(0.2 / norm, rel=1e-6)
    assert (first["before"].iloc[0], first["after"].iloc[0]) == (("all",), ("none",))
    assert second["parameter"].tolist() == ["p"]
    assert second["changed_value"].tolist() == pytest.approx([0.25], abs=1e-12)
    assert (set(first["kind"]), set(second["kind"])) == ({"several"}, {"one parameter"})


def test_a_new_equilibrium_beside_a_standing_one_is_a_change() -> None:
    # both concede; holding together becomes an equilibrium as well once p and t are large enough
    payoffs = "  nato: [[p - 0.5, -1], [0, 1]]\n  russia: [[4 * (t - 0.25) + p - 0.4, 0], [-1, 1]]"
    frame = least_change(model_of(payoffs), order="simultaneous")
    first = frame[frame["rank"] == 1]

    assert np.isinf(radius(model_of(payoffs), order="simultaneous")["radius"]).all()
    assert set(first["before"].iloc[0]) < set(first["after"].iloc[0])
    assert first["distance"].iloc[0] == pytest.approx(0.3 / UNIT, rel=1e-6)
    assert first["parameter"].tolist() == ["p"]


def test_a_discrete_parameter_moves_between_its_values_only() -> None:
    law = "kind: discrete, values: [0.1, 0.2, 0.3, 0.6], probabilities: [0.25, 0.25, 0.25, 0.25]"
    model = model_of(law=law)
    frame = least_change(model, order="simultaneous")

    assert frame["changed_value"].tolist() == [0.3]
    assert frame["distance"].tolist() == pytest.approx([0.1 / spread(model.parameters["p"].law)])
    assert any("discrete" in note for note in frame.attrs["notes"])


@pytest.mark.parametrize("claim", [None, "both_hold"])
def test_no_least_change_breaks_a_constraint(claim: str | None) -> None:
    bound = "constraints:\n  cap: {holds: p <= 0.22, source: example, mark: A}"
    frame = least_change(model_of(TWO, more=bound), order="simultaneous", claim=claim)

    nearest = sqrt(0.02**2 + 0.06**2) / UNIT  # what solving alone finds of a claim is an upper bound
    assert nearest * (1 - 1e-6) < frame["distance"].iloc[0] < nearest * (1.1 if claim else 1 + 1e-6)
    assert (frame[frame["parameter"] == "p"]["changed_value"] <= 0.22 + 1e-8).all()
    assert "t" in set(frame["parameter"])


def test_a_result_that_nothing_overturns_has_no_row_but_is_named() -> None:
    frame = least_change(model_of("  nato: [[3 + p, 0], [5 + p, 1]]\n  russia: [[3, 5], [0, 1 + t]]"))

    assert frame.empty
    assert frame.attrs["results"] == {order: ["concede, concede"] for order in ("simultaneous", "nato", "russia")}


def test_unknown_names_and_empty_lists_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="no claim named 'both_holds'; the claims are: both_hold, nato_holds"):
        least_change(model_of(), claim="both_holds")
    with pytest.raises(InputError, match="limit"):
        least_change(model_of(), limit=0)
    with pytest.raises(UnknownNameError):
        radius(model_of(), order="natoo")
    with pytest.raises(InputError, match="at least 16"):
        break_even(model_of(), "p", points=3)
    with pytest.raises(UnknownNameError):
        break_even(model_of(), "q")


# --- where payoffs are large, missing or out of bounds ----------------------------------------------------------------

STEADY = "  nato: [[0, 0], ['{}', -1]]\n  russia: [[1, 0], [1, 0]]"  # holding stands until the formula turns positive
LARGE = {
    "a steep loss far off": ("5 * p * p - 1 - 10000000000000 * max(p - 0.9, 0)", sqrt(0.2)),
    "a pole at the end": ("2 - 1 / p", 0.5),
    "a payoff of many digits": ("p - 0.6 + where(p > 0.99, 1e18, 0)", 0.6),
}


@pytest.mark.parametrize("case", LARGE)
def test_a_large_payoff_elsewhere_does_not_hide_where_a_solution_breaks(case: str) -> None:
    formula, limit = LARGE[case]
    (row,) = radius(model_of(STEADY.format(formula), p=0.4), order="simultaneous").to_dict("records")

    assert row["status"] == "breaks"
    assert row["radius"] == pytest.approx((limit - 0.4) / UNIT, rel=1e-7)
    assert row["radius_each"] == pytest.approx((limit - 0.4) / UNIT, rel=1e-7)
    assert row["verified"]


def hazardous(hazard: float, end: float) -> Model:
    """A small hazard ``p`` of a loss ``t`` that may be anything up to ``end``."""
    text = model_of(STEADY.format("1 - p * t"), p=hazard, law="kind: loguniform, low: 0.000001, high: 0.1").text
    law = f"value: 1000, law: {{kind: loguniform, low: 1, high: {end:.0f}}}"
    return read(text.replace("value: 0.25, law: {kind: uniform, low: 0, high: 0.5}", law))


@pytest.mark.parametrize("end", [1e5, 1e9, 1e14])
def test_a_loss_over_many_orders_of_magnitude_breaks_where_the_expected_loss_does(end: float) -> None:
    model = hazardous(1e-5, end)
    (row,) = radius(model, order="simultaneous").to_dict("records")
    sizes = [spread(model.parameters[name].law) for name in ("p", "t")]

    def way(hazard: float) -> float:
        return float(np.hypot((hazard - 1e-5) / sizes[0], (1 / hazard - 1000) / sizes[1]))

    expected = min(way(hazard) for hazard in np.geomspace(1e-5, 1e-3, 20001))
    assert row["status"] == "breaks"
    assert row["radius"] == pytest.approx(expected, rel=1e-3)
    assert row["at_p"] * row["at_t"] == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_what_overturns_a_lone_solution_makes_its_radius_finite(seed: int) -> None:
    generator = np.random.default_rng(seed)
    scale = 10.0 ** generator.integers(0, 15)
    tail = ["- {0} * max(p - {1}, 0)", "+ {0} * t * t * max(p - {1}, 0)", "- {0} / (1000 * p)"][seed % 3]
    bend, level, corner = generator.uniform(2.0, 6.0), generator.uniform(0.5, 1.5), generator.uniform(0.7, 0.95)
    formula = f"{bend:.3f} * p * p * (1 + t) - {level:.3f} " + tail.format(f"{scale:.0f}", f"{corner:.3f}")
    model = model_of(STEADY.format(formula), p=round(float(generator.uniform(0.2, 0.6)), 3))

    (row,) = radius(model, order="simultaneous").to_dict("records")
    changes = least_change(model, order="simultaneous", points=64)
    ends = [row["profile"] not in after for after in changes["after"]]

    nearest = changes["distance"][ends].min()
    assert np.isfinite(row["radius"]) == any(ends)
    assert not any(ends) or row["radius"] == pytest.approx(nearest, rel=1e-4) or row["radius"] <= nearest


GAP = STEADY.format("0 * sqrt((p - 0.5) * (p - 0.6)) + p - 0.55")  # no number between 0.5 and 0.6


@pytest.mark.parametrize("claim", [None, "nato_holds"])
def test_a_change_beyond_a_stretch_without_answers_is_found_but_not_called_verified(claim: str | None) -> None:
    model = model_of(GAP, p=0.4)
    frame = least_change(model, order="simultaneous", claim=claim, points=64)

    (row,) = frame.to_dict("records")
    assert row["changed_value"] == pytest.approx(0.6, rel=1e-9)
    assert not row["verified"]
    (note,) = (note for note in frame.attrs["notes"] if "no answer" in note)
    assert 0.05 < float(note.split(" of its range")[0].split()[-1]) < 0.15
    (far,) = radius(model, order="simultaneous").to_dict("records")
    assert far["radius"] == pytest.approx(row["distance"], rel=1e-7)
    assert not far["verified"]
    assert "short of it" in far["reason"]


@pytest.mark.parametrize("value", [np.nan, inf, "abc", None, [1, 2], True, 10**400], ids=lambda value: str(value)[:9])
@pytest.mark.parametrize("analysis", [radius, least_change, critical_risk, base_case])
def test_values_that_are_no_finite_number_are_refused_by_name(analysis: Any, value: Any) -> None:
    with pytest.raises(InputError, match=r"^p: .* is not (a number|finite)"):
        analysis(model_of(), values={"p": value})


@pytest.mark.parametrize("value", [np.float32(0.5), np.float64(0.5), np.array(0.5), "0.5", "1/2"], ids=repr)
def test_every_way_to_write_a_value_gives_the_same_answer(value: Any) -> None:
    model = model_of(TWO)
    expected = critical_risk(model, values={"p": 0.5})

    pd.testing.assert_frame_equal(critical_risk(model, values={"p": value}), expected)
    assert exact_values(model, {"p": value})["p"] == Fraction(1, 2)
    assert exact_values(model, {"p": np.int64(1)})["p"] == 1


def test_values_that_break_a_constraint_are_refused_by_its_name() -> None:
    model = model_of(TWO, more="constraints:\n  cap: {holds: p <= 0.22, source: example, mark: A}")

    for analysis in (radius, least_change):
        with pytest.raises(InputError, match=r"p = 0\.3 break the constraint 'cap', 'p <= 0\.22'"):
            analysis(model, values={"p": 0.3})
    assert len(radius(model, values={"p": 0.22}))


def test_at_the_corner_of_a_constraint_the_least_change_is_the_radius() -> None:
    # outside the circle conceding pays; the constraint cuts its nearest point off
    more = "constraints:\n  cap: {holds: p + 2 * t < 1.2, source: example, mark: A}"
    text = model_of(STEADY.format("p * p + 4 * t * t - 1"), p=0.4, more=more).text.replace("value: 0.25", "value: 0.2")
    model = read(text)
    (row,) = radius(model, order="simultaneous").to_dict("records")
    first = least_change(model, order="simultaneous", limit=1).iloc[0]

    assert row["radius"] == pytest.approx(2.0785, abs=1e-4)
    assert first["distance"] == pytest.approx(row["radius"], rel=1e-5)
    assert not first["verified"]


# --- pictures ---------------------------------------------------------------------------------------------------------


def frames(model: Model) -> dict[str, pd.DataFrame]:
    return {
        "break_even": break_even(model, "escalation_risk", points=256),
        "radius": radius(model),
        "least_change": least_change(model, limit=3, points=64),
    }


@pytest.fixture(scope="module")
def reference_frames(reference: Model) -> dict[str, pd.DataFrame]:
    return frames(reference)


@pytest.mark.parametrize("width", [5.4, 6.6])
@pytest.mark.parametrize("name", ["break_even", "radius", "least_change"])
def test_the_pictures_clip_nothing_and_write_names_as_words(reference_frames: Any, name: str, width: float) -> None:
    ax = drawn(lambda: getattr(figures, name)(reference_frames[name], labels=LABELS), width)
    page = ax.figure.bbox

    for text, box in texts_of(ax):
        assert page.x0 - 1 <= box.x0, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
        assert "_" not in text.get_text() or "$" in text.get_text()
    assert figures.message(ax) in figures.alternative(ax)
    assert "_" not in figures.alternative(ax)


def test_strips_of_break_even_change_at_the_values_and_fill_the_range() -> None:
    frame = break_even(
        model_of("  nato: [[0, 0], [(p - 0.2) * (p - 0.5) * (p - 0.9), 0]]\n  russia: [[0, 0], [0, 0]]"), "p"
    )
    ax = drawn(lambda: figures.break_even(frame))
    bars = [bar for container in ax.containers for bar in container]

    assert [bar.get_width() for bar in bars] == pytest.approx([0.2, 0.3, 0.4, 0.1])
    assert len({bar.get_facecolor() for bar in bars}) == 2


def test_pictures_without_anything_to_draw_say_so() -> None:
    model = model_of("  nato: [[3 + p, 0], [5 + p, 1]]\n  russia: [[3, 5], [0, 1 + t]]")

    assert "No value" in figures.message(drawn(lambda: figures.break_even(break_even(model, "p"))))
    assert "No move" in figures.message(drawn(lambda: figures.radius(radius(model))))
    assert "No change" in figures.message(drawn(lambda: figures.least_change(least_change(model))))
