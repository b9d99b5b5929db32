"""Do tornado and spider say what every game on the way answers, and is every change of the equilibria marked?"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gametheory.analyses.central.base_case import base_case
from gametheory.analyses.influence.spider import spider
from gametheory.analyses.influence.tornado import tornado
from gametheory.analyses.influence.walks import set_change
from gametheory.errors import InputError, UnknownNameError
from gametheory.model import Model
from gametheory.reader import load, read
from gametheory.study import EquilibriumClass
from tests.test_analyses import THREE_ALLIES, partial
from tests.test_drivers import CALM, HALF, RENUMBERED_PAYOFFS, RENUMBERED_PLAYERS, UNIT, chicken


def row(frame: pd.DataFrame, parameter: str) -> dict[str, Any]:
    """The row of one parameter."""
    (found,) = frame[frame["parameter"] == parameter].to_dict("records")
    return {str(name): value for name, value in found.items()}


def bounds(p: float, t: float = 0.25) -> tuple[float, float]:
    """NATO's lowest and highest payoff in equilibrium of the game of chicken, away from its tipping points."""
    alone = -4 * p if p < t else -4 * t  # Russia holds as well
    mixed = -4 * t / (1 + 4 * p - 4 * t) if p > max(t, 0.5) else alone
    ends = [alone, mixed, 1.0] if p > 0.5 else [alone]
    return min(ends), max(ends)


def test_a_tornado_has_the_values_and_changes_of_the_game_on_paper() -> None:
    frame = tornado(chicken())
    p, t = row(frame, "p"), row(frame, "t")

    assert frame["parameter"].tolist() == ["p", "t"]
    assert (p["low"], p["central"], p["high"]) == pytest.approx((0.1, 0.2, 0.9))
    assert (p["lower_at_low"], p["upper_at_low"]) == pytest.approx((-0.4, -0.4))
    assert (p["lower_at_high"], p["upper_at_high"]) == pytest.approx((-1.0, 1.0))
    assert (p["changes_low"], p["changes_high"], p["tips_low"], p["tips_high"]) == ("no", "yes", 0, 2)
    assert (p["swing"], t["swing"]) == pytest.approx((1.8, 0.6))
    assert (t["changes_low"], t["changes_high"], t["tips_low"], t["tips_high"]) == ("yes", "no", 1, 0)
    assert (t["least_below"], t["most_below"]) == pytest.approx((-0.8, -0.2))
    assert p["exact"]
    assert (p["set_low"], t["set_low"]) == ("hold, hold", "concede, hold")


def test_what_happens_on_the_way_is_not_hidden_by_equal_ends() -> None:
    # NATO holds for p below 0.25 and above 0.75; where it concedes, Russia has 5 instead of 1
    there_and_back = "\n  nato: [[(p - 0.25) * (p - 0.75), 0], [0, -1]]\n  russia: [[1, 0], [5, 0]]"
    found = row(tornado(chicken(payoffs=there_and_back), of="payoff russia"), "p")

    assert (found["swing"], found["changes_low"], found["changes_high"]) == (0.0, "no", "no")
    assert (found["least_above"], found["most_above"], found["tips_high"]) == (1.0, 5.0, 2)
    assert (found["least_below"], found["most_below"], found["tips_low"]) == (1.0, 1.0, 0)


def test_every_point_of_a_spider_has_the_bounds_of_its_game() -> None:
    frame = spider(chicken())
    own = frame[frame["parameter"] == "p"]

    expected = np.array([bounds(value) for value in own["value"]])
    assert own[["lower", "upper"]].to_numpy() == pytest.approx(expected, abs=1e-6)
    assert own["share"].to_numpy() == pytest.approx(own["value"].to_numpy())
    assert own["value"].is_monotonic_increasing
    assert len(own) == 33 - 3 + 1 + 2 * 2  # three of the even points are the central one and the tips themselves
    assert frame.attrs["tips"]["simultaneous"] == {"p": pytest.approx([0.25, 0.5]), "t": pytest.approx([0.2])}


def test_a_spider_breaks_on_both_sides_of_each_tipping_point_and_nowhere_else() -> None:
    own = spider(chicken())
    own = own[own["parameter"] == "p"]

    assert own.groupby("segment")["set"].nunique().tolist() == [1, 1, 1]
    for segment, tip in ((0, 0.25), (1, 0.5)):
        before, after = own[own["segment"] == segment].iloc[-1], own[own["segment"] == segment + 1].iloc[0]
        assert (before["place"], after["place"]) == ("before a tip", "after a tip")
        assert before["value"] < tip < after["value"]
        assert after["value"] - before["value"] < 1e-8
    after_second, before_second = (
        own.loc[own["place"] == f"{side} a tip", "upper"].iloc[-1] for side in ("after", "before")
    )
    assert after_second - before_second == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_ends_and_centre_agree_with_the_base_case_at_these_values(order: str) -> None:
    model = load("reference_involvement")
    frame = tornado(model, order=order, of="measure disaster")

    assert set(frame["parameter"]) == {name for name, one in model.parameters.items() if one.law.kind != "fixed"}
    for found in frame.to_dict("records"):
        for place in ("low", "central", "high"):
            case = base_case(model, order=order, values={str(found["parameter"]): found[place]})
            values = case.loc[case["concept"] == "nash", "measure_disaster"]
            ends = found[f"lower_at_{place}"], found[f"upper_at_{place}"]
            assert ends == pytest.approx((values.min(), values.max()), abs=1e-12)


def test_a_tornado_agrees_with_a_spider_of_the_same_model() -> None:
    model = load("reference_involvement")
    bars, lines = tornado(model, order="all"), spider(model, order="all")

    for found in bars.to_dict("records"):
        own = lines[(lines["order"] == found["order"]) & (lines["parameter"] == found["parameter"])]
        tips = lines.attrs["tips"][found["order"]][found["parameter"]]
        assert found["tips_low"] + found["tips_high"] == len(tips)
        ends = min(found["least_below"], found["least_above"]), max(found["most_below"], found["most_above"])
        assert ends == pytest.approx((own["lower"].min(), own["upper"].max()))
        assert own["segment"].max() >= len(tips)


def test_renumbering_players_and_actions_moves_nothing() -> None:
    columns = ["lower_at_high", "upper_at_high", "swing", "tips_low", "tips_high"]
    first = tornado(chicken(), of="payoff nato").set_index("parameter")
    again = tornado(chicken(players=RENUMBERED_PLAYERS, payoffs=RENUMBERED_PAYOFFS), of="payoff nato")

    again = again.set_index("parameter").loc[first.index]
    assert again[columns].to_numpy(dtype=float) == pytest.approx(first[columns].to_numpy(dtype=float))


def test_a_game_that_cannot_be_solved_has_no_value_and_hides_no_other() -> None:
    payoffs = "\n  nato: [[-4 * p + 0 * log(p - 0.15), 1], [-4 * t, 0]]\n  russia: [[-2 * p, -1], [1, 0]]"
    frame = tornado(chicken(payoffs=payoffs))

    found = row(frame, "p")
    assert np.isnan(found["lower_at_low"])
    assert (found["changes_low"], found["set_low"], found["changes_high"]) == ("not solved", "failed", "yes")
    assert found["swing"] == pytest.approx(1.8)
    assert row(frame, "t")["swing"] == pytest.approx(0.6)


def test_a_list_that_may_lack_some_bounds_the_value_and_decides_no_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("gametheory.analyses.influence.walks"), "solve", partial)

    found = row(tornado(chicken()), "t")

    assert (found["lower_at_central"], found["upper_at_central"]) == pytest.approx((-1.0, 1.0))
    assert found["changes_high"] == "not decided"


def test_lists_that_may_lack_some_differ_only_by_what_is_listed() -> None:
    one, two = (((0,), (0,)),), (((0,), (0,)), ((1,), (1,)))
    solved, fewer = EquilibriumClass("solved", two), EquilibriumClass("partial", one)

    assert set_change(solved, fewer) == "not decided"
    assert set_change(EquilibriumClass("solved", one), EquilibriumClass("partial", two)) == "yes"
    assert set_change(fewer, fewer) == "not decided"
    assert set_change(solved, EquilibriumClass("failed", ())) == "not solved"


def test_a_law_with_a_few_values_has_only_these() -> None:
    few = "{kind: discrete, values: [0.2, 0.3, 0.6], probabilities: [0.5, 0.3, 0.2]}"
    frame = spider(chicken(p=few))
    own = frame[frame["parameter"] == "p"]

    assert own["value"].tolist() == [0.2, 0.3, 0.6]
    assert own["share"].tolist() == pytest.approx([0.25, 0.65, 0.9])
    assert own["segment"].tolist() == [0, 1, 2]
    assert frame.attrs["separate"] == ["p"]
    bars = row(tornado(chicken(p=few)), "p")
    assert (bars["low"], bars["high"], bars["tips_low"], bars["tips_high"]) == (0.2, 0.6, 0, 2)


def test_an_interval_moves_from_end_to_end() -> None:
    frame = tornado(chicken(p="{kind: interval, low: 0.05, high: 0.95}"))

    assert (row(frame, "p")["low"], row(frame, "p")["high"]) == (0.05, 0.95)
    assert row(frame, "p")["lower_at_low"] == pytest.approx(-0.2)


def test_a_central_value_outside_the_quantiles_is_reached_and_said() -> None:
    frame = tornado(chicken(p="{kind: uniform, low: 0.19, high: 0.9}"))
    found = row(frame, "p")

    assert found["low"] > found["central"] == 0.2
    assert found["tips_low"] == 1
    assert any("p: its central value 0.2 lies outside" in note for note in frame.attrs["notes"])


def test_parameters_that_hang_together_are_named() -> None:
    tied = "correlations:\n  - {between: [p, t], rank: 0.5, source: example, mark: A}\n"
    broken = "constraints:\n  less: {holds: p <= t, source: example, mark: A}\n"

    assert any("p, t are correlated" in note for note in tornado(chicken(rest=tied)).attrs["notes"])
    notes = tornado(chicken(rest=broken)).attrs["notes"]
    assert any("p at 0.9 breaks the constraint less" in note for note in notes)
    assert not any("p at 0.1 breaks" in note for note in notes)
    assert not any("breaks" in note for note in tornado(chicken(rest=CALM)).attrs["notes"])


def test_a_ranked_parameter_moves_between_its_neighbours() -> None:
    model = load_ranked()

    found = row(tornado(model), "b")
    worse, better = (model.parameters[name].value for name in "ca")

    ends = worse + 0.1 * (better - worse), worse + 0.9 * (better - worse)
    assert (found["low"], found["high"]) == pytest.approx(ends)
    assert worse < found["low"] < found["high"] < better


def load_ranked() -> Model:
    """NATO's own payoffs are known by their order alone: c below b below a."""
    return read(
        "format: gametheory/1\ntitle: Ranked\nform: strategic\nplayers:\n"
        "  nato: {label: NATO, actions: [hold, concede]}\n  russia: {label: Russia, actions: [hold, concede]}\n"
        "rankings:\n  own: {best_to_worst: [a, b, c], meaning: m, source: example, mark: A}\n"
        "payoffs:\n  nato: [[b, a], [c, c]]\n  russia: [[1, 0], [1, 0]]\n"
    )


def test_no_number_of_players_is_assumed() -> None:
    frame = tornado(read(THREE_ALLIES), of="measure size")

    found = row(frame, "gain")
    assert (found["tips_low"], found["tips_high"]) == (
        1,
        2,
    )  # the first goes from 0.7 on, then the second and the third
    sizes = [found[f"{end}_at_{place}"] for place in ("low", "central", "high") for end in ("lower", "upper")]
    assert sizes == pytest.approx([0.0, 0.0, 1.0, 1.0, 3.0, 3.0])


def test_what_cannot_be_asked_is_refused_with_the_reason() -> None:
    with pytest.raises(UnknownNameError, match="no measure named 'riks'.*did you mean 'risk'"):
        tornado(chicken(), of="measure riks")
    with pytest.raises(UnknownNameError, match="no player named"):
        spider(chicken(), of="payoff china")
    with pytest.raises(InputError, match="expected 'payoff PLAYER' or 'measure NAME'"):
        tornado(chicken(), of="nato")
    with pytest.raises(InputError, match="tail: 0.5"):
        tornado(chicken(), tail=0.5)
    with pytest.raises(UnknownNameError, match="no order of play"):
        tornado(chicken(), order="china")
    fixed = chicken(p="{kind: fixed}", t="{kind: fixed}")
    with pytest.raises(InputError, match="no parameter can move"):
        tornado(fixed)


def test_the_same_question_gives_the_same_frame() -> None:
    model = chicken(p=UNIT, t=HALF)

    pd.testing.assert_frame_equal(tornado(model, order="all"), tornado(model, order="all"))
    pd.testing.assert_frame_equal(spider(model), spider(model))
