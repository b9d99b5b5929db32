"""Do regional sensitivity, set dependence and scenario discovery say what the games of a model say?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from gametheory.analyses.events import draws_used, event
from gametheory.analyses.influence.regional import regional, regional_curves
from gametheory.analyses.influence.set_dependence import set_dependence
from gametheory.analyses.scenarios.discovery import discovery, discovery_trade_off
from gametheory.analyses.scenarios.discovery_region import discovery_region
from gametheory.analyses.scenarios.discovery_tree import discovery_tree
from gametheory.analyses.shares.outcomes import outcomes
from gametheory.designs import scheme
from gametheory.errors import InputError, UnknownNameError
from gametheory.model import Model
from gametheory.reader import load, read
from gametheory.study import ALL, FAILED, Answered, EquilibriumClass, answered

NATO, RUSSIA = ("hold", "concede"), ("hold", "concede")
IDLE = "idle"


@cache
def chicken(*, turned: bool = False, law: str = "{kind: uniform, low: 0, high: 1}") -> Model:
    """Both hold where p <= t and p <= 0.5; t is uniform from 0.2 to 0.3, and idle enters nothing."""
    nato, russia = "[[-4 * p, 1], [-4 * t, 0]]", "[[-2 * p, -1], [1, 0]]"
    actions = "[hold, concede]"
    if turned:
        nato, russia, actions = "[[0, -4 * t], [1, -4 * p]]", "[[0, 1], [-1, -2 * p]]", "[concede, hold]"
    return read(f"""
format: gametheory/1
title: Chicken
form: strategic
players:
  nato: {{label: NATO, actions: {actions}}}
  russia: {{label: Russia, actions: {actions}}}
parameters:
  p: {{value: 0.25, law: {law}, unit: u, meaning: m, source: example, mark: A}}
  t: {{value: 0.25, law: {{kind: uniform, low: 0.2, high: 0.3}}, unit: u, meaning: m, source: example, mark: A}}
  idle: {{value: 0.5, law: {{kind: uniform, low: 0, high: 1}}, unit: u, meaning: m, source: example, mark: A}}
payoffs:
  nato: {nato}
  russia: {russia}
measures:
  nato_holds: {{probability: {{nato: [hold]}}}}
claims:
  nato_holds: {{text: NATO holds, holds: {{order: simultaneous, expect: {{nato: [hold]}}}}}}
""")


@cache
def answers(*, turned: bool = False) -> Answered:
    model = chicken(turned=turned)
    return answered(model, scheme("random", model, 4_000, 0), ["simultaneous"])


@pytest.mark.parametrize(
    ("of", "when", "exact"),
    [
        ("hold, hold", "some", lambda p, t: p <= t),
        ("hold, hold", "all", lambda p, t: p < t),
        ("concede, hold", "some", lambda p, t: p >= t),
        ("concede, hold", "all", lambda p, t: (p > t) & (p < 0.5)),
        ("hold, concede", "some", lambda p, _: p >= 0.5),
        ("hold, concede", "all", lambda p, _: p > 2.0),
        ("claim nato_holds", "some", lambda p, t: (p < t) | (p > 0.5)),
        ("claim nato_holds", "all", lambda p, t: p < t),
        ("measure nato_holds >= 0.9", "all", lambda p, t: p < t),
        ("measure nato_holds <= 0.1", "some", lambda p, t: p > t),
        ("measure nato_holds <= 0.1", "all", lambda p, t: (p > t) & (p < 0.5)),
    ],
)
def test_an_event_happens_where_the_inequalities_of_the_game_say(
    of: str, when: str, exact: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> None:
    found = event(answers(), of, when=when)

    np.testing.assert_array_equal(found.happens, exact(answers().points["p"], answers().points["t"]))
    assert found.decided.all()


def test_over_intervals_some_means_at_some_point_and_all_means_at_all() -> None:
    model = chicken(law="{kind: interval, low: 0.22, high: 0.28}")
    own = answered(model, scheme("random", model, 500, 0), ["simultaneous"])

    some, every = (event(own, "hold, hold", when=when).happens for when in ("some", "all"))

    np.testing.assert_array_equal(every, own.points["t"] > 0.28)
    np.testing.assert_array_equal(some, own.points["t"] >= 0.22)


def without(rows: np.ndarray) -> Answered:
    """The answers where the games of some rows have failed."""
    own = answers()
    numbers, table = own.classes["simultaneous"]
    failed = numbers.copy()
    failed[rows] = len(table)
    values, solved = own.measures["simultaneous"]["nato_holds"]
    codes = np.where(rows, FAILED, own.claims["nato_holds"]).astype(np.int8)
    return replace(
        own,
        classes={"simultaneous": (failed, (*table, EquilibriumClass("failed", ())))},
        measures={"simultaneous": {"nato_holds": (np.where(rows[:, np.newaxis], np.nan, values), solved & ~rows)}},
        claims={"nato_holds": codes},
    )


def only(rows: np.ndarray) -> Answered:
    """The answers of some rows alone."""
    own = answers()
    numbers, table = own.classes["simultaneous"]
    values, solved = own.measures["simultaneous"]["nato_holds"]
    return replace(
        own,
        rows=int(rows.sum()),
        points={name: column[rows] for name, column in own.points.items()},
        classes={"simultaneous": (numbers[rows], table)},
        measures={"simultaneous": {"nato_holds": (values[rows], solved[rows])}},
        claims={"nato_holds": own.claims["nato_holds"][rows]},
    )


def test_a_game_that_failed_at_one_point_of_the_intervals_is_undecided_unless_another_point_settles_it() -> None:
    here, there = (EquilibriumClass("solved", (profile,)) for profile in (((0,), (0,)), ((1,), (0,))))
    table = (EquilibriumClass("failed", ()), EquilibriumClass("partial", ()), here, there)
    points = np.array([[2, 0], [3, 0], [3, 1], [2, 2], [3, 3], [0, 0], [2, 3]], dtype=np.int32)
    own = replace(answers(), rows=7, classes={"simultaneous": (points, table)})

    some, every = (event(own, "hold, hold", when=when) for when in ("some", "all"))

    assert some.happens.tolist() == [True, False, False, True, False, False, True]
    assert some.decided.tolist() == [True, False, False, True, True, False, True]
    assert every.happens.tolist() == [False, False, False, True, False, False, False]
    assert every.decided.tolist() == [False, True, True, True, True, False, True]


@pytest.mark.parametrize("of", ["concede, hold", "claim nato_holds", "measure nato_holds >= 0.9"])
@pytest.mark.parametrize("when", ["some", "all"])
def test_failed_games_neither_move_nor_hide_anything(of: str, when: str) -> None:
    lost = np.random.default_rng(3).random(4_000) < 0.1
    asked = {"of": of, "when": when, "order": "simultaneous"}

    for analysis in (regional, discovery, set_dependence):
        more = {"permutations": 19} if analysis is set_dependence else {}
        with_failed = analysis(chicken(), **asked, answers=without(lost), **more)
        alone = analysis(chicken(), **asked, answers=only(~lost), **more)
        counted = [name for name in with_failed if name == "undecided"]
        pd.testing.assert_frame_equal(with_failed.drop(columns=counted), alone.drop(columns=counted))
        assert len(with_failed) > 0
        told = with_failed["undecided"] if counted else pd.Series(with_failed.attrs["undecided"])
        assert set(told) == {int(lost.sum())}


def test_failed_games_are_an_answer_of_their_own_for_the_set_of_solutions() -> None:
    frame = set_dependence(
        chicken(), order="simultaneous", permutations=19, answers=without(answers().points[IDLE] < 0.3)
    )

    found = frame[frame["parameter"] == IDLE]
    assert (found["verdict"] == "depends").all()  # whether the game can be solved does depend on it
    assert (found["undecided"] == 0).all()
    tree = discovery_tree(chicken(), answers=without(answers().points[IDLE] < 0.3))
    assert tree.set_index("answer")["coverage"]["failed"] > 0.9


def test_a_list_that_may_lack_some_is_another_answer_than_the_same_list_proved() -> None:
    table = tuple(EquilibriumClass(status, (((0,), (0,)),)) for status in ("partial", "solved"))
    numbers = (answers().points[IDLE] < 0.3).astype(np.int32)[:, np.newaxis]
    own = replace(answers(), classes={"simultaneous": (numbers, table)})

    frame = set_dependence(chicken(), order="simultaneous", permutations=19, answers=own)

    assert frame.loc[frame["verdict"] == "depends", "parameter"].tolist() == [IDLE, IDLE]


def test_an_idle_parameter_is_told_from_those_that_matter() -> None:
    frames = [
        regional(chicken(), answers=answers(), order="simultaneous"),
        set_dependence(chicken(), answers=answers(), order="simultaneous"),
    ]
    for frame in frames:
        idle = frame[frame["parameter"] == IDLE]
        assert idle["verdict"].str.startswith("no ").all()
        assert not frame.loc[frame["parameter"] == "p", "verdict"].str.startswith("no ").any()
    found = discovery(chicken(), of="hold, hold", answers=answers())
    assert IDLE not in set(found["parameter"])


def test_turning_the_actions_round_moves_no_number() -> None:
    for of in ("hold, hold", "concede, hold", "claim nato_holds"):
        for analysis in (regional, discovery):
            first, second = (
                analysis(chicken(turned=turned), of=of, order="simultaneous", answers=answers(turned=turned))
                for turned in (False, True)
            )
            pd.testing.assert_frame_equal(first, second)
    first, second = (
        set_dependence(chicken(turned=turned), order="simultaneous", permutations=19, answers=answers(turned=turned))
        for turned in (False, True)
    )
    pd.testing.assert_frame_equal(first, second)


def test_the_regional_distance_is_that_of_the_exact_region() -> None:
    frame = regional(chicken(), of="hold, hold", order="simultaneous", samples=20_000)

    row = frame.set_index("parameter").loc["p"]
    # at p = 0.25 the draws inside beyond it, as those outside before it, are a share E max(t - 0.25, 0) = 0.0125 of all
    assert row["distance"] == pytest.approx(1.0 - 0.0125 / 0.25 - 0.0125 / 0.75, abs=0.02)
    assert row["verdict"] == "lower where it happens"
    assert row["inside"] / 20_000 == pytest.approx(0.25, abs=0.01)


def test_what_happens_in_the_middle_is_not_said_to_be_low_or_high() -> None:
    frame = regional(chicken(), of="concede, hold", when="all", order="simultaneous", answers=answers())

    assert frame.set_index("parameter")["verdict"]["p"] == "in the middle where it happens"
    ends = regional(chicken(), of="claim nato_holds", when="some", answers=answers())
    assert ends.set_index("parameter")["verdict"]["p"] == "at the ends where it happens"


def test_both_distribution_functions_give_back_the_distance() -> None:
    curves = regional_curves(chicken(), of="hold, hold", strongest=3, answers=answers())

    assert list(dict.fromkeys(curves["parameter"]))[:2] == ["p", "t"]
    for _, own in curves.groupby("parameter"):
        gap = (own["inside"] - own["outside"]).abs().max()
        assert own["distance"].iloc[0] - 0.02 < gap <= own["distance"].iloc[0] + 1e-12
        assert own["value"].is_monotonic_increasing
        assert own["inside"].iloc[-1] == own["outside"].iloc[-1] == 1.0


@pytest.mark.parametrize(
    ("of", "when"), [("hold, hold", "some"), ("claim nato_holds", "all"), ("hold, concede", "some")]
)
def test_the_numbers_of_a_box_are_those_of_the_draws_in_it(of: str, when: str) -> None:
    frame = discovery(chicken(), of=of, when=when, answers=answers())
    happens = event(answers(), of, when=when).happens

    left = np.ones(4_000, dtype=bool)
    for _, box in frame.groupby("box"):
        within = left.copy()
        for row in box.to_dict("records"):
            column = answers().points[row["parameter"]]
            within &= column >= row["limit"] if row["side"] == "above" else column <= row["limit"]
        first = box.iloc[0]
        assert first["size"] == within.sum()
        assert first["coverage"] == pytest.approx((within & happens).sum() / happens.sum())
        assert first["density"] == pytest.approx(happens[within].mean())
        assert first["density_all"] <= first["density"] <= first["density_some"]
        assert f"{(within & happens).sum():,} of {within.sum():,}" in first["sentence"]
        left &= ~within


def test_a_box_that_is_the_region_holds_all_of_it_and_is_pure() -> None:
    frame = discovery(chicken(), of="hold, concede", samples=4_000)

    assert frame[["parameter", "side", "coverage", "density"]].to_numpy().tolist() == [["p", "above", 1.0, 1.0]]
    assert frame["limit"].item() == pytest.approx(0.5, abs=0.002)
    assert frame["sentence"].item().startswith("if p is above 0.5")
    assert frame["reproducibility"].item() == 1.0
    assert frame["held_out_density"].item() > 0.98


def test_the_trade_off_ends_with_the_box_that_is_discovered() -> None:
    asked = {"of": "hold, hold", "answers": answers()}
    frame = discovery_trade_off(chicken(), **asked)
    box = discovery(chicken(), **asked).iloc[0]

    peeled, chosen = frame[frame["kind"] == "peeled"], frame[frame["kind"] == "chosen"]
    assert chosen["coverage"].item() == box["coverage"]
    assert chosen["density"].item() == box["density"]
    assert peeled["coverage"].is_monotonic_decreasing
    assert (peeled["coverage"].iloc[0], peeled["restricted"].iloc[0], peeled["limits"].iloc[0]) == (1.0, 0, "")


def test_without_enough_cases_there_is_no_box_and_a_reason() -> None:
    frame = discovery(chicken(), of="hold, concede", when="all", answers=answers())

    assert frame.empty
    assert frame.attrs["verdict"] == "no box: it happens in 0 of 4,000 decided draws; 10 of either kind are needed"
    curves = regional_curves(chicken(), of="hold, concede", when="all", answers=answers())
    assert curves.empty


def test_the_exact_conditions_are_those_of_the_payoffs() -> None:
    frame = discovery_region(chicken(), of="hold, hold", answers=answers()).set_index("player")

    nato, russia = frame.loc["nato"], frame.loc["russia"]
    np.testing.assert_allclose(nato[["constant", "by_p", "by_t", "by_idle"]].astype(float), [0, -4, 4, 0], atol=1e-9)
    np.testing.assert_allclose(russia[["constant", "by_p", "by_t", "by_idle"]].astype(float), [1, -2, 0, 0], atol=1e-9)
    assert (nato["redundant"], russia["redundant"]) == ("no", "proved")  # p <= t <= 0.3 implies p <= 0.5
    assert frame.attrs["exact"]
    assert frame.attrs["share"] == event(answers(), "hold, hold").happens.mean()


def test_the_exact_conditions_hold_where_and_only_where_a_profile_is_an_equilibrium() -> None:
    model = load("reference_involvement")
    shares = outcomes(model, samples=2_000, order="simultaneous")

    for profile in shares.loc[shares["pure"], "profile"]:
        frame = discovery_region(model, of=profile, samples=2_000)
        row = shares[shares["profile"] == profile].iloc[0]
        assert frame.attrs["share"] == row["upper"]
        assert frame["alone"].sum() <= 1.0 - row["upper"] + 1e-12
        assert (frame["alone"] <= frame["breaks"]).all()


def test_a_deviation_that_pays_the_same_breaks_nothing() -> None:
    model = chicken(law="{kind: discrete, values: [0.25, 0.5], probabilities: [0.5, 0.5]}")
    own = answered(model, scheme("random", model, 500, 0), ["simultaneous"])

    frame = discovery_region(model, of="hold, concede", answers=own)

    assert frame.attrs["share"] == (own.points["p"] == 0.5).mean() == event(own, "hold, concede").happens.mean()


def test_leaves_of_the_tree_hold_all_draws_and_name_what_is_there() -> None:
    frame = discovery_tree(chicken(), answers=answers())

    assert frame["mass"].sum() == pytest.approx(1.0)
    assert frame.attrs["agreement"] > 0.95
    assert set(frame["answer"]) == {
        "hold, hold",
        "concede, hold",
        "hold, concede | concede, hold | hold+concede, hold+concede",
    }


def test_of_a_pick_freeze_design_only_the_base_points_are_draws() -> None:
    model = chicken()
    own = answered(model, scheme("pick-freeze", model, 200, 0), ["simultaneous"])

    kept = draws_used(own)
    frame = regional(model, of="hold, hold", order="simultaneous", answers=own)

    assert kept.sum() == 400
    assert set(frame["inside"] + frame["outside"]) == {400}
    assert frame.attrs["samples"] == 400


def test_answers_are_the_same_every_time() -> None:
    asked = {"of": "concede, hold", "when": "all", "samples": 1_000, "seed": 5}
    pd.testing.assert_frame_equal(discovery(chicken(), **asked), discovery(chicken(), **asked))


@pytest.mark.parametrize(
    ("of", "when", "error", "sentence"),
    [
        ("claim nato_hold", "some", UnknownNameError, "no claim named 'nato_hold'"),
        ("measure nato_hold >= 1", "some", UnknownNameError, "no measure named 'nato_hold'"),
        ("measure nato_holds > 1", "some", InputError, "expected 'measure NAME >= NUMBER'"),
        ("measure nato_holds >= x", "some", InputError, "threshold 'x' of measure 'nato_holds', expected a number"),
        ("hold", "some", InputError, "expected 'claim NAME', 'measure NAME >= NUMBER' or the actions of 2 players"),
        ("hold, yield", "some", UnknownNameError, "no action 'yield' of russia"),
        ("hold, hold", "any", InputError, "when: 'any', expected one of some, all"),
    ],
)
def test_an_event_that_cannot_be_read_is_refused(of: str, when: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        event(answers(), of, when=when)


def test_answers_of_another_model_or_without_the_order_are_refused() -> None:
    with pytest.raises(InputError, match="same digest"):
        regional(load("reference_involvement"), answers=answers())
    with pytest.raises(InputError, match="answers: without order 'nato'"):
        regional(chicken(), answers=answers(), order="nato")
    with pytest.raises(InputError, match="permutations: 5, expected at least 19"):
        set_dependence(chicken(), answers=answers(), order="simultaneous", permutations=5)


def test_a_claim_alone_needs_no_order_of_play_solved_beside_it() -> None:
    asked = {"of": "claim nato_holds", "when": "all", "samples": 500}

    box = discovery(chicken(), **asked)
    split = regional(chicken(), **asked)
    target = set_dependence(chicken(), **asked, permutations=19)

    assert box["parameter"].tolist() == split["parameter"].tolist()[:1] == ["p"]
    assert target["kernel"].tolist() == ["same"] * 3
    assert target["parameter"].iloc[0] == "p"


def test_claims_are_asked_under_their_own_order() -> None:
    frame = discovery(chicken(), of="claim nato_holds", when="all", order="russia", answers=answers())

    assert set(frame["order"]) == {"simultaneous"}
    assert frame["coverage"].iloc[0] == pytest.approx(
        (answers().claims["nato_holds"][answers().points["p"] <= frame["limit"].iloc[0]] == ALL).sum()
        / (answers().claims["nato_holds"] == ALL).sum()
    )
