"""Is information worth what the known answers say, and is a forecast what the laws of the payoffs imply?"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from gametheory.analyses.choosing.choices import choices
from gametheory.analyses.choosing.forecast import forecast, forecast_payoffs
from gametheory.analyses.choosing.value_of_information import value_of_information
from gametheory.designs import scheme
from gametheory.errors import InputError, UnknownNameError
from gametheory.reader import load
from tests.choosing import midpoints, model_of, trust, vignette


def setting(frame: pd.DataFrame, others: str, information: str) -> pd.DataFrame:
    own = frame[(frame["others"] == others) & (frame["information"] == information)]
    return own.set_index("about")


@pytest.mark.parametrize("against", ["replies", "equilibrium"])
@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_the_vignette_is_worth_one_eighth_to_know(order: str, against: str) -> None:
    model = vignette()
    frame = value_of_information(model, order=order, against=against, scheme=midpoints(model))
    private = setting(frame, "know the parameters", "private")

    for about, column in itertools.product(["all parameters", "p"], ["worst", "best"]):
        noise = float(private.loc[about, "bias"])
        assert private.loc[about, column] + noise == pytest.approx(0.125, abs=1e-12 if about != "p" else 0.02)
    assert frame.attrs["base"][order]["know the parameters"] == pytest.approx([0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize("order", ["simultaneous", "nato", "russia"])
def test_what_all_learn_may_cost_the_player_what_it_learns_alone_never(order: str) -> None:
    """Not knowing, Russia yields for sure; knowing, in half of the states: NATO loses one half of its gain."""
    model = trust()
    even = scheme("grid", model, 1, over={"state": [0.0, 1.0], "idle": np.linspace(0.01, 0.99, 200).tolist()})
    frame = value_of_information(model, order=order, scheme=even)
    public, alone = setting(frame, "know only the law", "public"), setting(frame, "know only the law", "private")

    for about in ("all parameters", "state"):
        assert public.loc[about, ["worst", "best", "lower", "upper"]].tolist() == pytest.approx([-0.5] * 4, abs=1e-9)
        assert public.loc[about, "verdict"] == "costs the player 0.5"
        assert alone.loc[about, ["worst", "best", "lower", "upper"]].tolist() == pytest.approx([0.0] * 4, abs=1e-9)
    assert public.loc["idle", "verdict"] == "not told from nothing"
    assert frame.attrs["base"][order]["know only the law"] == pytest.approx([1.0, 1.0])
    assert any("may be negative" in note for note in frame.attrs["notes"])


def test_groups_are_worth_at_least_their_members_up_to_coarser_cells() -> None:
    model = load("reference_involvement")
    groups = {"both": ["disaster_loss_nato", "escalation_risk"]}
    frame = value_of_information(model, samples=4_096, groups=groups)
    private = setting(frame, "know the parameters", "private")

    single = private.loc[["disaster_loss_nato", "escalation_risk"], "worst"].max()
    assert private.loc["both", "worst"] > single - 3 * private.loc["both", "worst_se"]
    assert (private["upper"] <= private.loc["all parameters", "upper"] + 1e-9).all()
    assert (frame["lower"] <= frame[["worst", "best"]].min(axis=1) + 1e-12).all()
    assert (frame["upper"] >= frame[["worst", "best"]].max(axis=1) - 1e-12).all()
    assert (frame.loc[frame["information"] == "private", "lower"] >= 0.0).all()
    with pytest.raises(UnknownNameError, match="no parameter named 'risk'"):
        value_of_information(model, groups={"g": ["risk"]}, samples=64)


def test_several_equilibria_of_the_mean_game_bound_the_value() -> None:
    """Where the others' choice between two equilibria is open, so is what NATO gets, before and after learning."""
    model = model_of("[[-3, 2], [-1, 0]]", "[[-3, -1], [2, 0]]")
    public = setting(value_of_information(model, order="simultaneous", samples=256), "know only the law", "public")

    assert public.loc["all parameters", ["worst", "best", "lower", "upper"]].tolist() == pytest.approx([0, 0, -3, 3])


def test_others_who_do_not_know_answer_what_is_best_on_average() -> None:
    """Russia yields to a firm NATO where p is above 0.4, and on average; then holding pays NATO 1 - 4 p."""
    model = model_of("[[-4 * p, 1 - 4 * p], [-0.5, 0]]", "[[0.4, p], [1, 0]]")
    frame = value_of_information(model, scheme=midpoints(model))

    assert setting(frame, "know only the law", "private").loc["all parameters", "worst"] == pytest.approx(0.28125)
    assert setting(frame, "know the parameters", "private").loc["all parameters", "worst"] == pytest.approx(0.03125)
    assert frame.attrs["base"]["nato"]["know only the law"] == pytest.approx([-0.5, -0.5])


def test_bounds_of_private_values_let_any_equilibrium_be_played() -> None:
    model = model_of("[[-3, 2], [-1, 0]]", "[[-3, -1], [2, 0]]")
    frame = value_of_information(model, order="simultaneous", samples=256)
    private = setting(frame, "know the parameters", "private").loc["all parameters"]

    assert private[["worst", "best", "lower", "upper"]].tolist() == pytest.approx([0.0, 0.0, 0.0, 3.0])


# Forecast


def test_a_seen_action_is_answered_by_the_best_reply_of_each_draw() -> None:
    model = model_of("[[-4 * p, 1], [-1, 0]]", "[[0.25, p], [0.5, 0]]")
    frame = forecast(model, scheme=midpoints(model)).set_index(["action", "reply"])
    pays = forecast_payoffs(model, scheme=midpoints(model)).set_index("action")

    assert frame.loc[("hold", "yield"), ["lower", "upper"]].tolist() == pytest.approx([0.75, 0.75])
    assert frame.loc[("concede", "hold"), ["lower", "upper"]].tolist() == [1.0, 1.0]
    assert pays.loc["hold", "lower"] == pytest.approx(0.75 - 4 * 0.25**2 / 2)
    assert pays.loc["concede", "upper"] == -1.0


def test_equally_good_replies_keep_both_ends_of_a_forecast() -> None:
    frame = forecast(model_of("[[0, 1], [0, 1]]", "[[0, 0], [0, 1]]"), samples=40).set_index(["action", "reply"])

    assert frame.loc[("hold", "yield"), ["lower", "upper"]].tolist() == [0.0, 1.0]
    assert frame.loc[("concede", "yield"), ["lower", "upper"]].tolist() == [1.0, 1.0]


def test_an_action_that_is_not_seen_is_met_with_a_random_belief_and_deeper_with_a_forecast() -> None:
    """Russia yields where it believes NATO to hold with more than 0.3; NATO holds where p is below a quarter."""
    model = model_of("[[0.25, 0.25], [p, p]]", "[[0.3, 1], [0.3, 0]]")
    shallow = forecast(model, order="simultaneous", samples=20_000).set_index("reply")
    deep = forecast(model, order="simultaneous", depth=2, samples=20_000).set_index("reply")

    row = shallow.loc["yield"]
    assert row["action"] == ""
    assert abs(row["lower"] - 0.7) < 4 * row["lower_se"]
    assert deep.loc["yield", ["lower", "upper"]].tolist() == [0.0, 0.0]
    with pytest.raises(InputError, match="order: 'russia', expected 'nato'"):
        forecast(model, order="russia")
    with pytest.raises(InputError, match="depth: 0, expected a whole number of at least 1"):
        forecast(model, order="simultaneous", depth=0)


def test_a_deeper_forecast_looks_at_the_payoffs_of_the_player() -> None:
    """NATO holds where p is below a quarter; Russia holds where it believes that with more than 0.3."""
    model = model_of("[[0.25, 0.25], [p, p]]", "[[1, 0.3], [0, 0.3]]")

    frame = forecast(model, order="simultaneous", depth=2, samples=4_000).set_index("reply")

    assert frame["lower"].to_dict() == frame["upper"].to_dict() == {"hold": 0.0, "yield": 1.0}


def test_the_payoffs_against_a_forecast_are_the_expected_ones_where_the_action_is_seen() -> None:
    model = load("reference_involvement")
    frame = choices(model, order="nato", samples=500)
    expected = frame[frame["criterion"] == "expected"]

    found = forecast_payoffs(model, samples=500)

    for column in ("lower", "upper", "lower_se", "gap_lower", "gap_upper_se"):
        assert found[column].to_numpy() == pytest.approx(expected[column].to_numpy(), abs=1e-12), column
