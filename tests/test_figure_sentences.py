"""Do the sentences and legends of figures say no more, and no less, than what is drawn?

Frames are made up where their shape is simple, and are those of a model of the catalogue elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.axes import Axes

from gametheory import figures
from gametheory.figures.audit import audit
from gametheory.figures.choices import leaders
from gametheory.figures.response_curves import drawn_curves, response_curves_message
from gametheory.figures.style import PALE
from gametheory.figures.words import number
from tests.figure_frames import frame
from tests.test_figures import bars_of, claims_frame, drawn, measures_frame, outcomes_frame

PLAIN_NUMBERS = (0.00003289, 0.5, 12_345.678, 1_234_567.0, 7.5e10)


def texts_of(ax: Axes) -> list[str]:
    return [" ".join(text.get_text().split()) for text in ax.texts]


def of_equations(own: pd.DataFrame) -> pd.DataFrame:
    """The frame as a model of equations gives it: it knows no orders of play."""
    told: pd.DataFrame = own[own["order"] == own["order"].iloc[0]].assign(order="equilibrium")
    return told


def driver_frame(orders: tuple[str, ...] = ("simultaneous",), verdict: str = "sufficient") -> pd.DataFrame:
    totals = {"risk": 0.8, "stake": 0.2, "cost": 0.0, "patience": 0.0}
    ends = ("low", "high")
    rows = [
        {"order": order, "over": "supports", "parameter": name, "first": total / 2, "total": total, "shapley": total,
         "noise_floor": 0.01, "flips": 100, "verdict": verdict,
         **{f"{index}_{end}": total for index in ("first", "total", "shapley") for end in ends}}
        for order in orders for name, total in totals.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def curves_frame() -> pd.DataFrame:
    rows = [
        {"order": "equilibrium", "profile": name, "parameter": parameter, "low": low, "high": low + 0.5,
         "share": share, "share_low": share, "share_high": share}
        for name, ends in (("deters", (0.1, 0.9)), ("fails", (0.9, 0.1)))
        for parameter in ("risk", "stake")
        for low, share in zip((0.0, 0.5), ends, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


OF_EQUATIONS: dict[str, Callable[[], Axes]] = {
    "outcomes": lambda: figures.outcomes(of_equations(outcomes_frame())),
    "measure_ranges": lambda: figures.measure_ranges(of_equations(measures_frame())),
    "claims": lambda: figures.claims(claims_frame().assign(order="equilibrium")),
    "drivers": lambda: figures.drivers(driver_frame(("equilibrium",))),
    "response_curves": lambda: figures.response_curves(curves_frame()),
    "set_dependence": lambda: figures.set_dependence(of_equations(frame("set_dependence"))),
    "measure_shifts": lambda: figures.measure_shifts(of_equations(frame("measure_shifts"))),
}


@pytest.mark.parametrize("name", OF_EQUATIONS)
def test_a_model_of_equations_is_told_without_an_order_of_play(name: str) -> None:
    ax = drawn(OF_EQUATIONS[name])
    said = [figures.message(ax), figures.alternative(ax), *texts_of(ax)]

    assert not [text for text in said if "in equilibrium, " in text or text.startswith(("Equilibrium", "equilibrium"))]
    assert not [text for text in said if text.endswith("equilibrium")]


def test_none_of_several_equally_frequent_outcomes_is_named() -> None:
    own = outcomes_frame()
    alike = own["order"] == "simultaneous"
    own.loc[alike, ["lower", "upper"]] = [0.0, 1.0]
    message = figures.message(drawn(lambda: figures.outcomes(own)))

    assert message.startswith(
        f"Most frequent outcome: in simultaneous play, {alike.sum()} outcomes alike (0% to 100%);"
    )
    assert message.count("limited aid / carry on with rhetoric (20.0%)") == 1


def test_orders_of_which_the_same_is_said_are_told_together() -> None:
    drives = figures.message(drawn(lambda: figures.drivers(driver_frame(("simultaneous", "nato", "russia")))))
    trees = driver_frame(("simultaneous", "sequential"), "not sufficient: only 3 exchanges change the answer")

    assert drives.endswith("in every order of play, risk (80.0%)")
    assert figures.message(drawn(lambda: figures.drivers(trees))).endswith(
        "in every kind of play, the sample does not tell"
    )


def test_a_legend_explains_what_is_drawn_and_nothing_else() -> None:
    one = outcomes_frame().assign(upper=lambda own: own["lower"])
    both, single = (
        texts_of(drawn(lambda: figures.outcomes(outcomes_frame()))),
        texts_of(drawn(lambda: figures.outcomes(one))),
    )

    assert any("one of several solutions" in text for text in both)
    assert not any("one of several solutions" in text for text in single)
    assert any("whiskers: 95%" in text for text in single)


def test_ends_that_are_written_alike_are_written_once() -> None:
    own = measures_frame()
    own["upper"] = own["lower"] = 0.62912
    ax = drawn(lambda: figures.measure_ranges(own))

    assert "0.629 to" not in " ".join([figures.message(ax), figures.alternative(ax), *texts_of(ax)])
    assert "one number where they agree" in figures.message(ax)
    assert not [bar for bar in bars_of(ax) if bar.get_hatch() == PALE.hatch]


def test_orders_that_give_a_measure_the_same_means_share_a_bar() -> None:
    own = measures_frame()
    values = own.groupby("measure")[["lower", "upper", "lower_se", "upper_se"]].transform("first")
    texts = texts_of(drawn(lambda: figures.measure_ranges(own.assign(**{str(k): values[k] for k in values}))))

    assert texts.count("in every order of play") == own["measure"].nunique()
    assert "simultaneous play" not in texts


def test_a_measure_of_zero_has_its_mark() -> None:
    own = measures_frame().assign(lower=0.0, upper=0.0, lower_se=0.0, upper_se=0.0)

    assert len([bar for bar in bars_of(drawn(lambda: figures.measure_ranges(own))) if bar.get_width() > 0]) == 3


@pytest.mark.parametrize("value", PLAIN_NUMBERS)
def test_numbers_that_digits_can_tell_have_no_power_of_ten(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=1e-3)
    assert "e" not in number(value)
    assert number(-value) == f"-{number(value)}"


def test_parameters_that_explain_nothing_are_counted_and_not_drawn() -> None:
    ax = drawn(lambda: figures.drivers(driver_frame()))

    assert "Not drawn: 2 other parameters, each 0% in all." in texts_of(ax)
    assert "cost" not in texts_of(ax)


def test_a_sample_that_does_not_suffice_says_why() -> None:
    own = driver_frame(verdict="not sufficient: the 95 % interval of total is 0.20 wide, more than 0.10")
    said = " ".join(texts_of(drawn(lambda: figures.drivers(own))))

    assert "does not suffice" in said
    assert "a 95% interval is wider than 10 percentage points" in said


def test_what_is_not_drawn_is_told_only_where_there_is_some() -> None:
    said = " ".join(texts_of(drawn(lambda: figures.response_curves(curves_frame()))))

    assert "Share of the draws in each bin" in said
    assert "Not drawn" not in said


def test_a_swing_of_several_curves_names_none_of_them() -> None:
    message = figures.message(drawn(lambda: figures.response_curves(curves_frame())))

    assert message == "Largest swing along risk: each of 2 profiles is an equilibrium in 10.0% to 90.0% of the draws"


def test_as_many_fields_bear_an_action_as_the_sentence_counts() -> None:
    own = frame("choices")
    ax = drawn(lambda: figures.choices(own, labels={}))
    said = figures.message(ax).partition(": ")[2].split("; ")
    texts = texts_of(ax)

    counted = 0
    for (_, rows), part in zip(own.groupby("order", sort=False), said, strict=True):
        ahead = [
            {found[0] for end in ("lower", "upper") if len(found := leaders(group, end)) == 1}
            for _, group in rows.groupby("criterion", sort=False)
        ]
        for action in rows["action"].unique():
            count = sum(action in names for names in ahead)
            counted += count
            assert (f"{action.replace('_', ' ')} {count}" in part) == (count > 0)
    fields = [text for text in texts if ", by " in text]
    assert counted <= len(fields) <= 2 * counted
    assert any("its lead on the next action" in text for text in texts)


def test_a_lead_of_shares_is_told_in_points_and_a_gap_of_rounding_is_level() -> None:
    own = frame("choices").copy()
    own[["gap_lower_se", "gap_upper_se"]] = 0.0
    own[["gap_lower", "gap_upper"]] = 2.8e-17
    texts = texts_of(drawn(lambda: figures.choices(own)))
    shares = [text for text in texts_of(drawn(lambda: figures.choices(frame("choices")))) if text.endswith(" points")]

    assert not [text for text in texts if ", by " in text]
    assert shares


def test_many_parameters_that_are_not_told_apart_are_counted() -> None:
    own = frame("value_of_information").copy()
    own["tied"] = "stake_russia, decisiveness, war_cost_russia, war_cost_nato"
    message = figures.message(drawn(lambda: figures.value_of_information(own)))

    assert "or one of 4 that the draws do not tell from it" in message


def test_a_figure_of_nothing_has_no_axis() -> None:
    ax = drawn(lambda: figures.measure_shifts(frame("measure_shifts").iloc[:0]))

    assert not ax.xaxis.get_visible()


def test_a_change_that_overturns_a_claim_is_written_without_powers_of_ten() -> None:
    row = {"nearest": "challenger_resolve from 0.5 to -1.221e-06 (x)", "distance": 9.3e-15, "decided_by": ["p"]}
    own = claims_frame().head(1).assign(**{name: [value] for name, value in row.items()})
    said = " ".join(texts_of(drawn(lambda: audit(own))))

    assert "challenger resolve from 0.5 to about 0, less than 0.001 spreads" in said


def test_where_several_replies_are_told_equally_well_none_is_picked() -> None:
    own = frame("forecast")
    rows = [
        {**own.iloc[0].to_dict(), "action": action, "reply": reply, "lower": low, "upper": low}
        for action, shares in {"a": (1.0, 0.0), "b": (1.0, 0.0), "c": (0.5, 0.5)}.items()
        for reply, low in zip(("wait", "strike"), shares, strict=True)
    ]
    message = figures.message(drawn(lambda: figures.forecast(pd.DataFrame(rows))))

    assert "most surely under 2 of the actions that it may see (100% each)" in message
    assert "least surely when it sees nato play c (2 replies alike, 50.0%)" in message


def test_the_curve_that_moves_most_is_drawn_however_rare_it_is() -> None:
    rows = [
        ("row", profile, "risk", low, low + 0.5, share, share, share)
        for profile, ends in {"a": (0.5, 0.6), "b": (0.4, 0.5), "c": (0.3, 0.4), "d": (0.0, 0.45)}.items()
        for low, share in zip((0.0, 0.5), ends, strict=True)
    ]
    columns = ["order", "profile", "parameter", "low", "high", "share", "share_low", "share_high"]
    own, order = drawn_curves(pd.DataFrame(rows, columns=columns), "row")

    assert set(own["profile"]) == {"a", "b", "d"}
    assert "d is an equilibrium in 0% to 45.0%" in response_curves_message(own, order)
