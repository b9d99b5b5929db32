"""Does the numerical search find every tipping point where it is, and name the deviation that binds?

Exact tipping points have their own tests, which compare them with these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from gametheory.analyses.standoff.break_even import break_even
from gametheory.analyses.tipping.brackets import section
from gametheory.analyses.tipping.tip import tip as analysis
from gametheory.errors import InputError, ParameterWarning, UnknownNameError
from gametheory.model import Model
from gametheory.reader import load, read
from tests import oracle

REFERENCE = "reference_involvement"
NATO = ("concede", "limited_aid", "surge", "bridge", "troops")
RUSSIA = ("deescalate", "carry_on", "hybrid_surge", "strike_nato_assets", "nuclear_use")
TABLE = {  # the answers of the reference game, by order of play
    "simultaneous": {0.001: {"21"}, 0.01: {"21"}, 0.02: {"21"}, 0.05: {"11", "20"}},
    "nato": {0.001: {"21"}, 0.01: {"40"}, 0.02: {"30"}, 0.05: {"20"}},
    "russia": {0.001: {"21"}, 0.01: {"03"}, 0.02: {"03"}, 0.05: {"02"}},
}


def model_of(nato: str, russia: str, actions: str = "[hold, concede]", law: str = "") -> Model:
    """A small model in which the payoffs of ``nato`` and ``russia`` depend on one parameter, ``p``."""
    return read(
        f"""
format: gametheory/1
title: A small game
form: strategic
players:
  nato: {{label: NATO, actions: {actions}}}
  russia: {{label: Russia, actions: [hold, concede]}}
parameters:
  p:
    value: 0.4
    law: {law or "{kind: uniform, low: 0, high: 1}"}
    unit: probability
    meaning: chance of a disaster when both hold
    source: example
    mark: A
payoffs:
  nato: {nato}
  russia: {russia}
"""
    )


def chicken(law: str = "") -> Model:
    """Hold or concede: NATO holds against a holding Russia while p < 0.25, Russia while p < 0.5."""
    return model_of("[[-4 * p, 1], [-1, 0]]", "[[-2 * p, -1], [1, 0]]", law=law)


def reference_payoffs(risk: float) -> tuple[np.ndarray, np.ndarray]:
    """The payoffs of the reference game, written down once more and apart from the model file."""
    effect, response = np.array([-0.9, -0.15, 0.2, 0.45, 0.9])[:, None], np.array([-0.9, 0, 0.25, 0.35, 0.6])
    share = 1 / (1 + np.exp(-2 * (effect - response)))
    disaster = 1 - np.exp(-risk * np.array([0, 0.2, 0.5, 1, 3])[:, None] * np.array([0, 0.3, 0.6, 3, 15]))
    nato = (1 - disaster) * (share - np.array([0, 0.05, 0.12, 0.25, 0.5])[:, None]) - 40 * disaster
    russia = (1 - disaster) * (1.2 * (1 - share) - np.array([0, 0.1, 0.25, 0.5, 0.9])) - 40 * disaster
    return nato, russia


def path(risk: float, leader: str) -> str:
    """The path of play of the reference game by looking ahead, action by action."""
    nato, russia = reference_payoffs(risk)
    if leader == "nato":
        first = max(range(5), key=lambda i: nato[i, russia[i].argmax()])
        return f"{first}{russia[first].argmax()}"
    first = max(range(5), key=lambda j: russia[nato[:, j].argmax(), j])
    return f"{nato[:, first].argmax()}{first}"


def supports(nato: np.ndarray, russia: np.ndarray, names: Sequence[Sequence[str]]) -> set[str]:
    """The equilibrium supports of one game, found by brute force in fractions."""
    table = [[[Fraction(payoff) for payoff in row] for row in payoffs.tolist()] for payoffs in (nato, russia)]
    found = set()
    for pair in oracle.extreme_equilibria(*table):
        used = ["+".join(np.array(own)[np.array(x) > 0]) for own, x in zip(names, pair, strict=True)]
        found.add(", ".join(used))
    return found


@pytest.fixture(scope="module")
def reference() -> Model:
    return load(REFERENCE)


def tip(model: Model, parameter: str, **options: Any) -> pd.DataFrame:
    return analysis(model, parameter, method="numerical", **options)


def tips(model: Model, parameter: str, **options: Any) -> list[dict[Any, Any]]:
    return tip(model, parameter, **options).to_dict("records")


def reference_tips(model: Model, order: str) -> list[dict[Any, Any]]:
    with pytest.warns(ParameterWarning, match="leaves its law"):
        return tips(model, "escalation_risk", order=order, low=0.0, high=0.2)


@pytest.mark.parametrize("order", TABLE)
def test_between_the_tipping_points_of_the_reference_game_stand_the_answers_of_its_table(
    reference: Model, order: str
) -> None:
    found = reference_tips(reference, order)

    for risk, expected in TABLE[order].items():
        held = [row["before"] for row in found if row["value"] > risk]
        here = held[0] if held else found[-1]["after"]
        pure = {profile for profile in here if "+" not in profile}
        assert pure == {f"{NATO[int(p[0])]}, {RUSSIA[int(p[1])]}" for p in expected}


@pytest.mark.parametrize("order", TABLE)
def test_each_tipping_point_leads_from_the_set_before_to_the_set_of_the_next(reference: Model, order: str) -> None:
    found = reference_tips(reference, order)

    assert len(found) >= 3
    assert [row["after"] for row in found[:-1]] == [row["before"] for row in found[1:]]
    assert all(row["before"] != row["after"] for row in found)


@pytest.mark.parametrize("leader", ["nato", "russia"])
def test_tipping_points_of_a_leader_are_those_that_looking_ahead_gives(reference: Model, leader: str) -> None:
    grid = np.linspace(1e-9, 0.2, 4001)
    paths = [path(risk, leader) for risk in grid]
    expected = []
    for k in np.flatnonzero([first != second for first, second in pairwise(paths)]):
        low, high = float(grid[k]), float(grid[k + 1])
        while high - low > 1e-13:
            middle = (low + high) / 2
            low, high = (middle, high) if path(middle, leader) == paths[k] else (low, middle)
        expected.append((low + high) / 2)

    found = [row["value"] for row in reference_tips(reference, leader)]

    assert found == pytest.approx(expected, abs=1e-10, rel=0)


def test_tipping_points_of_simultaneous_play_are_zeros_of_the_differences_that_bind(reference: Model) -> None:
    def zero(difference: Callable[[np.ndarray, np.ndarray], float], low: float, high: float) -> float:
        return float(brentq(lambda risk: difference(*reference_payoffs(risk)), low, high, xtol=1e-15, rtol=1e-14))

    expected = [
        zero(lambda nato, _: nato[2, 1] - nato[1, 1], 0.02, 0.04),
        zero(lambda _, russia: russia[2, 1] - russia[2, 0], 0.03, 0.05),
        zero(lambda nato, _: nato[1, 1] - nato[0, 1], 0.05, 0.2),
        zero(lambda _, russia: russia[1, 1] - russia[1, 0], 0.05, 0.2),
    ]

    found = reference_tips(reference, "simultaneous")

    assert [row["value"] for row in found] == pytest.approx(expected, abs=1e-10, rel=0)
    assert [row["player"] for row in found[:3]] == ["nato", "russia", "nato"]
    assert found[0]["binding"] == "nato: surge -> limited_aid, against carry_on"
    assert found[1]["binding"] == "russia: carry_on -> deescalate, against surge"


def test_an_independent_solver_sees_the_sets_a_billionth_before_and_after_each_tipping_point(reference: Model) -> None:
    for row in reference_tips(reference, "simultaneous"):
        assert supports(*reference_payoffs(row["value"] - 1e-9), (NATO, RUSSIA)) == set(row["before"])
        assert supports(*reference_payoffs(row["value"] + 1e-9), (NATO, RUSSIA)) == set(row["after"])


def test_the_binding_reply_off_the_path_is_named(reference: Model) -> None:
    first = reference_tips(reference, "nato")[0]

    assert (first["player"], first["binding"]) == ("russia", "russia: carry_on -> deescalate, after troops")
    assert (first["before"], first["after"]) == (("surge, carry_on",), ("troops, deescalate",))


def test_chicken_tips_where_each_side_stops_holding() -> None:
    found = tips(chicken(), "p")

    assert [row["value"] for row in found] == pytest.approx([0.25, 0.5], abs=1e-12, rel=0)
    assert [row["binding"] for row in found] == [
        "nato: hold -> concede, against hold",
        "russia: hold -> concede, against hold",
    ]
    assert found[0]["before"] == ("hold, hold",)
    assert found[0]["after"] == found[1]["before"] == ("concede, hold",)
    assert set(found[1]["after"]) == {"hold, concede", "concede, hold", "hold+concede, hold+concede"}


@pytest.mark.parametrize("points", [64, 1000, 4096])
def test_a_tipping_point_on_a_point_of_the_grid_is_found_once(points: int) -> None:
    model = model_of("[[0, 0], [p - 0.5, p - 0.5]]", "[[1, 0], [1, 0]]")

    assert [row["value"] for row in tips(model, "p", points=points)] == pytest.approx([0.5], abs=1e-12)


def test_two_tipping_points_in_one_cell_of_the_grid_are_told_apart() -> None:
    model = model_of("[[0, 0], [p - 0.3, 0], [2 * p - 0.600003, 0]]", "[[1, 0], [1, 0], [1, 0]]", "[a, b, c]")

    found = tips(model, "p", points=128)

    assert [row["value"] for row in found] == pytest.approx([0.3, 0.300003], abs=1e-10, rel=0)
    assert [row["after"] for row in found] == [("b, hold",), ("c, hold",)]


def test_deviations_that_bind_at_the_same_point_are_all_named() -> None:
    model = model_of("[[0.3, 0.3], [p, p]]", "[[0.3, p], [0.3, p]]")

    (found,) = tips(model, "p")

    assert found["value"] == pytest.approx(0.3, abs=1e-12)
    assert found["player"] == "nato and russia"
    assert (found["before"], found["after"]) == (("hold, hold",), ("concede, concede",))


def test_an_outside_option_that_starts_to_pay_ends_a_mixture() -> None:
    nato = "[[1, -1], [-1, 1], [p - 0.3, p - 0.3]]"
    model = model_of(nato, "[[-1, 1], [1, -1], [0, 0]]", "[left, right, out]")

    (found,) = tips(model, "p")

    assert found["value"] == pytest.approx(0.3, abs=1e-12)
    assert found["before"] == ("left+right, hold+concede",)
    assert all(profile.startswith("out, ") for profile in found["after"])
    assert "nato: left+right -> out, against hold+concede" in found["binding"]


@pytest.mark.parametrize("seed", range(6))
def test_random_games_change_where_and_only_where_a_tipping_point_stands(seed: int) -> None:
    constant, slope = np.random.default_rng(seed).normal(size=(2, 2, 3, 2)).round(3)
    cells = [[[f"{c} + {s} * p" for c, s in zip(*rows, strict=True)] for rows in zip(*both, strict=True)]
             for both in zip(constant, slope, strict=True)]  # fmt: skip
    model = model_of(str(cells[0]), str(cells[1]), "[a, b, c]")

    def held(p: float) -> set[str]:
        nato, russia = constant + p * slope
        return supports(nato, russia, [["a", "b", "c"], ["hold", "concede"]])

    cuts = tips(model, "p")

    for row in cuts:
        assert (held(row["value"] - 1e-9), held(row["value"] + 1e-9)) == (set(row["before"]), set(row["after"]))
    inside = [0.0, *[row["value"] for row in cuts], 1.0]
    for low, high in pairwise(inside):
        assert held(low + 0.01 * (high - low)) == held(low + 0.5 * (high - low)) == held(high - 0.01 * (high - low))


def test_a_tie_at_the_end_of_the_range_is_a_note_and_not_a_tipping_point() -> None:
    frame = tip(chicken(), "p", low=0.25, high=1.0)

    assert frame["value"].tolist() == pytest.approx([0.5], abs=1e-12)
    assert any("exactly at 0.25, an end of the range" in note for note in frame.attrs["notes"])


@pytest.mark.parametrize("near", ["p", "1 - p"])
@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_a_tipping_point_close_to_an_end_of_the_range_is_found(near: str, order: str) -> None:
    payoff = f"3 - 1000000000 * (1 - exp(-({near})))"
    frame = tip(model_of(f'[[0, 0], ["{payoff}", -1]]', "[[1, 0], [1, 0]]"), "p", order=order)

    place = -np.log1p(-3e-9)
    expected = place if near == "p" else 1 - place
    assert frame["value"].tolist() == pytest.approx([expected], abs=1e-12)
    assert not any("end of the range" in note for note in frame.attrs["notes"])


def test_a_jump_close_to_an_end_of_the_range_is_found_beside_the_tie_at_that_end() -> None:
    payoff = "p * exp(p) * where(p < 0.000000003, -1, 1)"
    frame = tip(model_of(f'[[0, 0], ["{payoff}", -1]]', "[[1, 0], [1, 0]]"), "p")

    assert frame["value"].tolist() == pytest.approx([3e-9], abs=1e-12)
    assert any("exactly at 0, an end of the range" in note for note in frame.attrs["notes"])


def test_what_is_too_close_to_an_end_to_be_told_from_it_is_not_said_to_be_there() -> None:
    frame = tip(model_of('[[0, 0], ["3 - 1e14 * (1 - exp(-p))", -1]]', "[[1, 0], [1, 0]]"), "p")

    assert not len(frame)
    assert any("at 0, an end of the range, or less than 1e-12 of the range" in note for note in frame.attrs["notes"])
    assert not any("exactly" in note for note in frame.attrs["notes"])


def test_a_repeated_action_does_not_move_or_multiply_the_tipping_points() -> None:
    nato = "[[-4 * p, 1], [-4 * p, 1], [-1, 0]]"
    doubled = model_of(nato, "[[-2 * p, -1], [-2 * p, -1], [1, 0]]", "[hold, stay, concede]")

    found = tips(doubled, "p")

    assert [row["value"] for row in found] == pytest.approx([0.25, 0.5], abs=1e-10, rel=0)


def test_the_order_in_which_actions_are_listed_changes_nothing() -> None:
    turned = model_of("[[-1, 0], [-4 * p, 1]]", "[[1, 0], [-2 * p, -1]]", "[concede, hold]")

    first, second = tips(chicken(), "p"), tips(turned, "p")

    assert [row["binding"] for row in first] == [row["binding"] for row in second]
    assert [row["value"] for row in first] == pytest.approx([row["value"] for row in second], abs=1e-12, rel=0)
    pure = [[{name for name in row["after"] if "+" not in name} for row in rows] for rows in (first, second)]
    assert pure[0] == pure[1]


def test_an_abrupt_payoff_is_closed_in_on_too() -> None:
    model = model_of('[[0, 0], ["max(p - 0.3, 0) * 1000000000 - 1", -1]]', "[[1, 0], [1, 0]]")

    (found,) = tips(model, "p")

    assert found["value"] == pytest.approx(0.300000001, abs=1e-12)


def test_a_range_without_a_solvable_game_is_a_note_and_not_a_tipping_point() -> None:
    law = "{kind: uniform, low: -1, high: 3}"
    frame = tip(model_of("[[log(p), 0], [0, 0]]", "[[1, 0], [1, 0]]", law=law), "p")

    assert frame["value"].tolist() == pytest.approx([1.0], abs=1e-10)
    assert any("cannot be solved" in note for note in frame.attrs["notes"])


def test_a_range_in_which_nothing_can_be_solved_is_not_passed_over_in_silence() -> None:
    model = model_of("[[log(p), 0], [0, 0]]", "[[1, 0], [1, 0]]")
    with pytest.warns(ParameterWarning, match="leaves its law"):
        frame = tip(model, "p", order="all", low=-1.0, high=0.0)

    assert frame.empty
    assert frame.attrs["failed"] == {"simultaneous": 1.0, "nato": 1.0, "russia": 1.0}
    reason = "order nato: 100 % of the range cannot be solved: a payoff is not a finite number"
    assert reason in frame.attrs["notes"]


def test_the_share_of_a_range_that_cannot_be_solved_is_that_of_its_length() -> None:
    frame = tip(model_of("[[log(p - 0.3), 0], [-1, 0]]", "[[1, 0], [1, 0]]"), "p")

    assert frame.attrs["failed"]["simultaneous"] == pytest.approx(0.3, abs=1e-3)
    assert any("30 % of the range cannot be solved" in note for note in frame.attrs["notes"])
    assert tip(chicken(), "p").attrs["failed"] == {"simultaneous": 0.0}


def test_a_large_offset_of_the_payoffs_neither_splits_nor_hides_a_tipping_point() -> None:
    offset = model_of("[[1e9 + p, 1e9 + p], [1000000000.5, 1000000000.5]]", "[[1, 0], [1, 0]]")

    for order in offset.orders:
        (found,) = tips(offset, "p", order=order)

        assert found["value"] == pytest.approx(0.5, abs=1e-7)  # payoffs of 1e9 are known to 1e-7
        assert found["binding"].startswith("nato: concede -> hold, ")
        assert (found["before"], found["after"]) == (("concede, hold",), ("hold, hold",))


def test_a_lasting_tie_of_large_payoffs_is_a_class_of_its_own() -> None:
    tied = model_of('[["1e9 + max(0, abs(p - 0.6) - 0.1)", 0], [1e9, 0]]', "[[1, 0], [1, 0]]")

    found = tips(tied, "p")

    assert [row["value"] for row in found] == pytest.approx([0.5, 0.7], abs=2e-5)
    assert set(found[0]["after"]) == {"hold, hold", "concede, hold"}


def test_a_large_payoff_elsewhere_does_not_hide_which_deviation_binds() -> None:
    (found,) = tips(model_of("[[p, 1e9], [0.3, 1e9]]", "[[1, 0], [1, 0]]"), "p")

    assert found["value"] == pytest.approx(0.3, abs=1e-12)
    assert found["binding"] == "nato: concede -> hold, against hold"


def test_a_log_uniform_range_is_searched_order_of_magnitude_by_order_of_magnitude() -> None:
    law = "{kind: loguniform, low: 1e-12, high: 1}"
    frame = tip(model_of("[[1e10 * p - 0.5, 0], [0, 0]]", "[[1, 0], [1, 0]]", law=law), "p")

    assert frame["value"].tolist() == pytest.approx([5e-11], rel=1e-10, abs=0)
    assert "a factor of 1.0" in frame.attrs["notes"][0]
    assert not any("an end of the range" in note for note in frame.attrs["notes"])
    assert (frame.attrs["low"], frame.attrs["high"]) == (1e-12, 1.0)


def test_two_tipping_points_at_the_low_end_of_a_log_uniform_range_are_found() -> None:
    law = "{kind: loguniform, low: 1e-8, high: 1}"
    model = model_of("[[1e16 * (p - 2e-8) * (p - 3e-8), 0], [0, 0]]", "[[1, 0], [1, 0]]", law=law)

    assert [row["value"] for row in tips(model, "p")] == pytest.approx([2e-8, 3e-8], rel=1e-9, abs=0)


def test_a_log_uniform_range_may_be_asked_for_from_zero() -> None:
    model = chicken("{kind: loguniform, low: 0.01, high: 1}")
    with pytest.warns(ParameterWarning, match="leaves its law"):
        found = tips(model, "p", low=0.0)

    assert [row["value"] for row in found] == pytest.approx([0.25, 0.5], abs=1e-12)


@pytest.mark.parametrize(
    ("payoff", "expected"),
    [
        ("(p - 0.5) * (p - 0.5001)", [0.5, 0.5001]),
        ("(p - 0.5)**2 - 1e-8", [0.4999, 0.5001]),
        ("(p - 0.51234)**2 - 1e-12", [0.512339, 0.512341]),
        ("(p - 0.5123)**2 - 1e-14", [0.5122999, 0.5123001]),
        ("abs(p - 0.5123) - 0.00001", [0.51229, 0.51231]),
    ],
)
@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_a_slack_that_dips_below_zero_between_two_points_of_the_grid_is_found(
    payoff: str, expected: list[float], order: str
) -> None:
    frame = tip(model_of(f'[["{payoff}", 0], [0, 0]]', "[[1, 0], [1, 0]]"), "p", order=order)

    found = frame.to_dict("records")
    assert not any("single point" in note for note in frame.attrs["notes"])
    assert [row["value"] for row in found] == pytest.approx(expected, abs=1e-9, rel=0)
    assert [row["after"] for row in found] == [("concede, hold",), ("hold, hold",)]


def test_a_mixture_that_fails_between_two_points_of_the_grid_is_found() -> None:
    nato = "[[1, -1], [-1, 1], [1e-10 - (p - 0.4123)**2, 1e-10 - (p - 0.4123)**2]]"
    model = model_of(nato, "[[-1, 1], [1, -1], [0, 0]]", "[left, right, out]")

    found = tips(model, "p")

    assert [row["value"] for row in found] == pytest.approx([0.41229, 0.41231], abs=1e-9, rel=0)
    assert found[0]["before"] == found[1]["after"] == ("left+right, hold+concede",)


@pytest.mark.parametrize("root", [0.5, 0.51234])
def test_a_slack_that_touches_zero_is_a_note_and_not_a_tipping_point(root: float) -> None:
    frame = tip(model_of(f"[[1 + (p - {root})**2, 0], [1, 0]]", "[[1, 0], [1, 0]]"), "p")

    assert frame.empty
    assert any(f"near {root:g}" in note for note in frame.attrs["notes"])


@pytest.mark.parametrize(
    ("payoff", "binding"),
    [
        ("max(0, p - 0.5)", "nato: concede -> hold, against hold"),
        ("max(0, 0.5 - p)", "nato: hold -> concede, against hold"),
        ("min(0, p - 0.5)", "nato: concede -> hold, against hold"),
    ],
)
def test_a_tie_that_ends_or_begins_names_the_deviation_that_leaves_it(payoff: str, binding: str) -> None:
    (found,) = tips(model_of(f'[["{payoff}", 0], [0, 0]]', "[[1, 0], [1, 0]]"), "p")

    assert found["value"] == pytest.approx(0.5, abs=1e-12)
    assert found["binding"] == binding


def test_unbounded_laws_are_searched_between_their_outer_quantiles() -> None:
    frame = tip(chicken("{kind: lognormal, mean: 0.4, sd: 0.2}"), "p")

    assert 0.0 < frame.attrs["low"] < 0.25 < 0.5 < frame.attrs["high"] < 3.0
    assert len(frame) == 2


def test_pure_tipping_points_need_no_second_player_only() -> None:
    model = read(
        """
format: gametheory/1
title: Three allies
form: strategic
players:
  first: {label: First, actions: [stay, go]}
  second: {label: Second, actions: [stay, go]}
  third: {label: Third, actions: [stay, go]}
parameters:
  gain: {value: 0.5, law: {kind: uniform, low: 0, high: 2}, unit: u, meaning: gain, source: example, mark: A}
tables:
  one: {over: [first], values: [0, 1]}
  two: {over: [second], values: [0, 1]}
  three: {over: [third], values: [0, 1]}
payoffs:
  first: one * (gain - 0.7)
  second: two * (gain - 0.9) * one
  third: three * (gain * one - 1.2)
"""
    )

    frame = tip(model, "gain", order="all")

    assert set(frame["order"]) == {"simultaneous"}
    assert frame["value"].tolist() == pytest.approx([0.7, 0.9, 1.2], abs=1e-12)
    assert "third: stay -> go, against go and go" in frame["binding"].tolist()
    assert any("there may be others" in note for note in frame.attrs["notes"])


def test_frames_say_what_was_searched_and_what_may_be_missed() -> None:
    frame = tip(chicken(), "p", order="all", points=100)

    assert frame.attrs["model"] == "A small game"
    assert (frame.attrs["low"], frame.attrs["high"], frame.attrs["points"]) == (0.0, 1.0, 100)
    assert set(frame.attrs["present"]) == {"simultaneous", "nato", "russia"}
    assert "0.02" in frame.attrs["notes"][0]


def test_bad_questions_are_refused_with_a_sentence() -> None:
    with pytest.raises(UnknownNameError, match="no parameter named 'q'"):
        tip(chicken(), "q")
    with pytest.raises(UnknownNameError, match="did you mean 'russia'"):
        tip(chicken(), "p", order="rusia")
    with pytest.raises(InputError, match="low end below the high end"):
        tip(chicken(), "p", low=0.5, high=0.5)
    with pytest.raises(InputError, match="points: 3"):
        tip(chicken(), "p", points=3)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"points": "x"}, "points: 'x', expected a whole number of at least 16"),
        ({"points": 100.5}, "points: 100.5, expected a whole number"),
        ({"low": "a"}, "low: 'a', expected a number"),
        ({"high": [1]}, r"high: \[1\], expected a number"),
        ({"high": 10**400}, "high: 1000.*expected a number"),
    ]
    for options, words in wrong:
        for asked in (analysis, break_even):
            with pytest.raises(InputError, match=words):
                asked(chicken(), "p", **options)


@pytest.mark.parametrize(
    ("payoff", "values", "statuses"),
    [
        ("(p - 1/2)**2 - 1/10000000000", [0.49999, 0.50001], ["pays below", "pays above"]),
        ("1/10000000000 - (p - 1/2)**2", [0.49999, 0.50001], ["pays above", "pays below"]),
        ("(p - 1/2)**2", [0.5], ["pays on both sides"]),
        ("-(p - 1/2)**2", [0.5], ["pays on neither side"]),
    ],
)
def test_values_around_the_middle_between_two_places_of_the_grid_break_even_once(
    payoff: str, values: list[float], statuses: list[str]
) -> None:
    frame = break_even(model_of(f'[[0, 0], ["{payoff}", -1]]', "[[1, 0], [1, 0]]"), "p")
    own = frame[(frame["player"] == "nato") & (frame["against"] == "hold")]

    assert own["value"].tolist() == pytest.approx(values, abs=1e-7)
    assert own["status"].tolist() == statuses


def test_sections_keep_every_change_of_a_label() -> None:
    cuts = np.array([0.2, 0.2001, 0.7])

    low, high, _ = section(
        (np.array([0.0]), np.array([1.0]), np.array([0])), lambda _, points: np.searchsorted(cuts, points), rounds=3
    )

    assert np.all((low <= cuts) & (cuts <= high))
    assert np.all(high - low < 1e-4)
