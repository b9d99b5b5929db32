"""Does each analysis answer its question as the games themselves do?"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gametheory import study
from gametheory.analyses import ANALYSES
from gametheory.analyses.argument.claims import claims
from gametheory.analyses.central.base_case import base_case
from gametheory.analyses.central.flips import flips
from gametheory.analyses.central.margins import margins
from gametheory.analyses.shares.outcomes import measure_ranges, multiplicity, outcomes
from gametheory.analyses.tipping.slacks import slack_values, slacks
from gametheory.analyses.tipping.tip import tip
from gametheory.errors import InputError, ParameterWarning, UnknownNameError
from gametheory.games import strategic
from gametheory.model import Model
from gametheory.reader import load, read
from gametheory.solutions import Solutions
from gametheory.solvers import solve

PAYOFFS = """
payoffs:
  nato: [[-4 * p, 1], [-4 * t, 0]]
  russia: [[-2 * p, -1], [1, 0]]
measures:
  nato_holds: {probability: {nato: [hold]}}
  risk: {expected: p}
claims:
  nato_holds: {text: NATO holds, essay: [E1, E3], holds: {order: simultaneous, expect: {nato: [hold]}}, contested: true}
  both_hold: {text: Both hold, holds: {order: simultaneous, expect: {nato: [hold], russia: [hold]}}}
"""


def chicken(payoffs: str = PAYOFFS) -> Model:
    """NATO holds against a holding Russia while p < t, Russia while p < 0.5."""
    return read(
        """
format: gametheory/1
title: Chicken
form: strategic
players:
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [hold, concede]}
parameters:
  p: {value: 0.2, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
  t: {value: 0.25, law: {kind: uniform, low: 0.2, high: 0.3}, unit: u, meaning: m, source: example, mark: A}
"""
        + payoffs
    )


@pytest.fixture(scope="module")
def reference() -> Model:
    return load("reference_involvement")


def frames(model: Model) -> dict[str, pd.DataFrame]:
    """Every analysis of one model, by name."""
    options: dict[str, dict[str, Any]] = {
        "tip": {"parameter": "p", "points": 64},
        "break_even": {"parameter": "p"},
        "critical_risk_elasticities": {"values": {"p": 0.6}},
        **{key: {"x": "p", "y": "t", "resolution": 8} for key in ("regions", "region_areas")},
        **{key: {"samples": 200} for key in ("outcomes", "multiplicity", "measure_ranges", "claims")},
        **{key: {"samples": 200} for key in ("drivers", "response_curves", "response_indices", "profile_indices")},
        **{key: {"samples": 256} for key in ("choices", "choice_curves", "value_of_information")},
        **{key: {"samples": 256} for key in ("regional", "set_dependence", "discovery_tree", "audit")},
        "alternatives": {"samples": 64},
        **{key: {"samples": 256} for key in ("misperception", "misperception_outcomes")},
        **{key: {"samples": 256, "of": "claim nato_holds"} for key in ("regional_curves", "discovery")},
        "discovery_trade_off": {"samples": 256, "of": "claim nato_holds"},
        "discovery_region": {"samples": 256, "of": "hold, hold"},
        **{key: {"samples": 256} for key in ("forecast", "forecast_payoffs", "dependence_indices")},
        "measure_shifts": {"samples": 512, "bins": 8},
    }
    return {name: entry.function(model, **options.get(name, {})) for name, entry in ANALYSES.items()}


def test_every_analysis_returns_a_frame_that_says_where_it_comes_from() -> None:
    model = chicken()

    for name, frame in frames(model).items():
        assert isinstance(frame, pd.DataFrame), name
        assert len(frame), name
        assert frame.attrs["model"] == "Chicken", name
        assert frame.attrs["digest"] == model.digest, name
        assert frame.attrs["notes"], name
        assert "parameters" in frame.attrs or {"seed", "samples", "laws"} <= set(frame.attrs), name


def test_every_analysis_is_public_by_its_name_and_asks_a_question() -> None:
    package = import_module("gametheory")

    for name, entry in ANALYSES.items():
        assert getattr(package, name) is entry.function
        assert entry.question.endswith("?")


def test_frames_survive_a_trip_through_csv_and_parquet(tmp_path: Any) -> None:
    for name, frame in frames(chicken()).items():
        frame.to_csv(tmp_path / f"{name}.csv")
        frame.to_parquet(tmp_path / f"{name}.parquet")
        again = pd.read_parquet(tmp_path / f"{name}.parquet")
        assert again.attrs["digest"] == frame.attrs["digest"], name


def test_the_base_case_lists_every_solution_of_every_order(reference: Model) -> None:
    frame = base_case(reference)

    pure = {row["order"]: row for row in frame[frame["concept"] == "nash"].to_dict("records")}
    assert {order: row["profile"] for order, row in pure.items()} == {
        "simultaneous": "surge, carry_on",
        "nato": "bridge, deescalate",
        "russia": "concede, strike_nato_assets",
    }
    assert pure["simultaneous"]["payoff_nato"] == pytest.approx(0.357, abs=5e-4)
    assert pure["nato"]["payoff_nato"] == pytest.approx(0.687, abs=5e-4)
    assert pure["russia"]["payoff_nato"] == pytest.approx(0.076, abs=5e-4)
    assert set(frame["order"] + " " + frame["concept"]) >= {"nato commitment", "russia commitment"}


def test_a_leader_gains_by_being_free_to_mix(reference: Model) -> None:
    frame = base_case(reference).set_index(["order", "concept"])

    for player in ("nato", "russia"):
        column = frame[f"payoff_{player}"]
        assert column[(player, "commitment")].max() >= column[(player, "nash")].max() - 1e-12


def test_the_base_case_can_be_moved() -> None:
    frame = base_case(chicken(), order="simultaneous", values={"p": "3/4"})

    assert len(frame) == 3
    assert frame.attrs["parameters"]["p"] == 0.75
    assert frame["measure_nato_holds"].tolist() == pytest.approx(
        [{"hold, concede": 1.0, "concede, hold": 0.0}.get(profile, 2 / 3) for profile in frame["profile"]]
    )
    with pytest.raises(UnknownNameError, match="no parameter named 'q'"):
        base_case(chicken(), values={"q": 1})


def test_a_value_outside_its_law_is_warned_of_once() -> None:
    with pytest.warns(ParameterWarning) as told:
        base_case(chicken(), values={"p": 2.0})

    assert len(told) == 1


def test_flips_shows_the_table_of_the_reference_game(reference: Model) -> None:
    frame = flips(reference, parameter="escalation_risk", points=[0.001, 0.01, 0.02, 0.05])

    outcome = frame[frame["concept"] == "nash"].set_index(["order", "escalation_risk"])["outcome"]
    assert outcome["nato"].tolist() == [
        "surge, carry_on",
        "troops, deescalate",
        "bridge, deescalate",
        "surge, deescalate",
    ]
    assert outcome["russia"].tolist() == [
        "surge, carry_on",
        "concede, strike_nato_assets",
        "concede, strike_nato_assets",
        "concede, hybrid_surge",
    ]
    assert outcome["simultaneous"].tolist()[:3] == ["surge, carry_on"] * 3
    assert {"limited_aid, carry_on", "surge, deescalate"} < set(outcome["simultaneous"][0.05].split(" | "))
    assert not frame["ties"].any()


def test_flips_says_where_the_tie_rule_of_the_follower_matters() -> None:
    tied = chicken("payoffs:\n  nato: [[1, 0], [0.5, 0.5]]\n  russia: [[0, 0], [0, 1]]\n")

    rows = {(row["order"], row["concept"]): row for row in flips(tied).to_dict("records")}

    assert rows["nato", "nash"]["ties"]
    assert rows["nato", "nash"]["payoff_nato_lower"] < rows["nato", "nash"]["payoff_nato_upper"]
    assert not rows["simultaneous", "nash"]["ties"]


def test_flips_without_points_looks_at_the_laws_quantiles() -> None:
    frame = flips(chicken(), parameter="p")

    assert sorted(set(frame["p"])) == pytest.approx([0.05, 0.2, 0.25, 0.5, 0.75, 0.95])
    with pytest.raises(InputError, match="without a parameter"):
        flips(chicken(), points=[0.1])


def test_the_smallest_margin_is_the_deviation_that_is_closest_to_paying(reference: Model) -> None:
    frame = margins(reference, order="simultaneous")

    payoffs = reference.games().payoffs[0]
    assert frame["deviation"].iloc[0] == "surge -> limited_aid"
    assert frame["margin"].iloc[0] == pytest.approx(payoffs[0, 2, 1] - payoffs[0, 1, 1])
    assert frame["relative"].iloc[0] == pytest.approx(frame["margin"].iloc[0] / np.ptp(payoffs[0]))
    assert (frame["margin"] > 0).all()
    assert len(frame) == 4 + 4


def test_margins_say_why_a_game_has_none() -> None:
    with pytest.warns(ParameterWarning, match="lies outside its law"):
        frame = margins(chicken(PAYOFFS.replace("-2 * p", "log(p)")), values={"p": -0.5})

    assert frame.empty
    assert frame.attrs["verdicts"]["simultaneous nash"] == "failed: a payoff is not a finite number"
    assert list(margins(chicken(), order="nato").attrs["verdicts"]) == ["nato nash"]


def test_a_path_stands_on_replies_that_are_never_given(reference: Model) -> None:
    rows = margins(reference, order="nato").to_dict("records")

    payoffs = reference.games().payoffs[0, 1]
    (threat,) = [row for row in rows if row["kind"] == "off-path reply" and row["setting"] == "after surge"]
    assert (threat["player"], threat["deviation"]) == ("russia", "carry_on -> deescalate")
    assert threat["margin"] == pytest.approx(payoffs[2, 1] - payoffs[2, 0])


def test_margins_vanish_at_the_tipping_point_that_they_announce(reference: Model) -> None:
    for order in reference.orders:
        for row in tip(reference, "escalation_risk", order=order, low=0.001, high=0.1).to_dict("records"):
            if ": " not in row["binding"]:
                continue
            deviation = row["binding"].split(": ")[1].split(",")[0]
            turned = " -> ".join(reversed(deviation.split(" -> ")))
            sides = [{"escalation_risk": row["value"] + step} for step in (-1e-9, 1e-9)]
            frame = pd.concat([margins(reference, order=order, values=side) for side in sides])
            named = frame[frame["deviation"].isin([deviation, turned])]
            assert 0 < named["margin"].min() < 1e-6, row


def test_a_mixed_equilibrium_has_margins_of_mixing() -> None:
    frame = margins(chicken(), order="simultaneous", values={"p": 0.75})

    mixing = frame[frame["kind"] == "mixing"]
    held = mixing[mixing["deviation"] == "mixes hold"].set_index("player")["margin"]
    assert held.to_dict() == pytest.approx({"nato": 2 / 3, "russia": 1 / 3})
    assert set(frame[frame["solution"].isin(mixing["solution"])]["kind"]) == {"mixing"}


def test_a_slack_followed_to_its_own_game_has_its_own_value() -> None:
    games = strategic(np.random.default_rng(0).normal(size=(200, 2, 4, 3)))
    for order in ("simultaneous", *games.players):
        solutions = solve(games, order=order)
        for number in range(len(solutions)):
            game = games.payoffs[solutions.game[number] : solutions.game[number] + 1]
            for slack in slacks(solutions, number):
                assert slack_values(slack, game)[0] == pytest.approx(slack.value, abs=1e-9)
                assert slack.value >= -1e-9


def test_margins_work_for_three_players() -> None:
    frame = margins(read(THREE_ALLIES))

    assert set(frame["player"]) == {"first", "second", "third"}
    assert (frame["margin"] >= 0).all()
    assert frame["setting"].str.contains(" and ").all()


THREE_ALLIES = """
format: gametheory/1
title: Three allies
form: strategic
players:
  first: {label: First, actions: [stay, go]}
  second: {label: Second, actions: [stay, go]}
  third: {label: Third, actions: [stay, go]}
parameters:
  gain: {value: 0.8, law: {kind: uniform, low: 0, high: 2}, unit: u, meaning: gain, source: example, mark: A}
tables:
  one: {over: [first], values: [0, 1]}
  two: {over: [second], values: [0, 1]}
  three: {over: [third], values: [0, 1]}
quantities:
  number: one + two + three
payoffs:
  first: one * (gain - 0.7)
  second: two * (gain - 0.9)
  third: three * (gain - 1.2)
measures:
  size: {expected: number}
claims:
  third_goes: {text: The third goes, holds: {order: simultaneous, expect: {third: [go]}}}
"""


def test_no_analysis_assumes_two_players() -> None:
    model = read(THREE_ALLIES)
    run = study.run(model, 2_000)

    assert base_case(model)["measure_size"].tolist() == [1.0]
    assert base_case(model)["profile"].tolist() == ["go, stay, stay"]
    upper = outcomes(model, run=run).set_index("profile")["upper"]
    assert upper["go, go, go"] == pytest.approx(0.4, abs=0.05)
    assert set(flips(model)["order"]) == {"simultaneous"}
    assert measure_ranges(model, run=run)["upper"].iloc[0] == pytest.approx((1.3 + 1.1 + 0.8) / 2, abs=0.1)
    assert multiplicity(model, run=run)["one"].iloc[0] == 1.0


def test_what_may_be_incomplete_is_never_called_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.study.strategic_form.solve", partial)
    run = study.run(read(THREE_ALLIES), 1_000)

    assert not outcomes(run.model, run=run)["lower"].any()
    row = claims(run.model, run=run).iloc[0]
    assert (row["all"], row["none"]) == (0.0, 0.0)
    assert row["some"] + row["failed"] == 1.0


def partial(*args: Any, **options: Any) -> Solutions:
    """As `solve`, but the list of solutions is cut to the first one and not proved to be complete."""
    whole: Solutions = solve(*args, **options)
    kept = whole.game != np.concatenate([[-1], whole.game[:-1]])
    return replace(
        whole,
        game=whole.game[kept],
        strategies=tuple(own[kept] for own in whole.strategies),
        payoffs=whole.payoffs[kept],
        regret=whole.regret[kept],
        index=None if whole.index is None else whole.index[kept],
        component=None if whole.component is None else whole.component[kept],
        tie_rule=None,
        certificates=replace(whole.certificates, verdict=np.full(len(whole.certificates), "partial", dtype=object)),
    )


def test_the_base_case_bounds_a_measure_by_all_that_is_not_ruled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    known = base_case(chicken()).attrs["measure_bounds"]["simultaneous nash"]
    monkeypatch.setattr(import_module("gametheory.analyses.central.base_case"), "solve", partial)

    doubted = base_case(chicken()).attrs["measure_bounds"]["simultaneous nash"]

    assert known == {"nato_holds": [1.0, 1.0], "risk": [0.2, 0.2]}
    assert doubted == {"nato_holds": [0.0, 1.0], "risk": [0.2, 0.2]}


def test_flips_leave_open_what_is_not_ruled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("gametheory.analyses.central.flips"), "solve", partial)

    row = flips(chicken()).iloc[0]

    assert row["outcome"] == "hold, hold | others not ruled out"
    assert (row["payoff_nato_lower"], row["payoff_nato_upper"]) == (-1.0, 1.0)


def test_measures_range_over_the_equilibria() -> None:
    row = measure_ranges(chicken(), samples=10_000, order="simultaneous").iloc[0]

    # p uniform, t around 0.25: NATO holds for certain in a quarter of the draws, possibly in half of them besides
    assert row["lower"] == pytest.approx(0.25, abs=4 * row["lower_se"] + 1e-3)
    assert row["upper"] == pytest.approx(0.75, abs=4 * row["upper_se"] + 1e-3)


def test_claims_are_conditional_sentences_with_shares_that_add_up() -> None:
    frame = claims(chicken(), samples=4_000)
    one, both = frame.to_dict("records")

    assert frame[["all", "some", "none", "failed"]].sum(axis=1).tolist() == pytest.approx([1.0, 1.0])
    assert (one["claim"], one["base"], one["essay"], one["contested"]) == ("nato_holds", "all", "E1, E3", True)
    assert both["all"] == pytest.approx(0.25, abs=0.03)
    assert both["none"] == pytest.approx(0.75, abs=0.03)
    assert both["verdict"].startswith("holds in every equilibrium in 2")
    assert "of the admissible parameters" in both["verdict"]


def test_a_model_without_claims_gives_an_empty_frame() -> None:
    frame = claims(chicken(PAYOFFS[: PAYOFFS.index("measures")]), samples=100)

    assert frame.empty
    assert {"claim", "all", "verdict"} <= set(frame.columns)


def test_a_study_of_another_model_is_refused(reference: Model) -> None:
    run = study.run(chicken(), 100)

    with pytest.raises(InputError, match="with the same digest"):
        outcomes(reference, run=run)


def test_an_order_that_was_not_studied_is_refused() -> None:
    run = study.run(chicken(), 100, orders=["simultaneous"])

    with pytest.raises(InputError, match="is not part of this run"):
        outcomes(run.model, run=run, order="nato")
    assert set(outcomes(run.model, run=run)["order"]) == {"simultaneous"}
