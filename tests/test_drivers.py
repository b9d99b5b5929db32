"""Do the drivers and curves of a game agree with what integrals say, whatever fails and however things are numbered?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from gametheory import figures
from gametheory.analyses.influence.driven import driven
from gametheory.analyses.influence.drivers import NOTHING_VARIES, drivers
from gametheory.analyses.influence.response_curves import response_curves, response_indices
from gametheory.errors import InputError, UnknownNameError
from gametheory.figures.drivers import drivers as draw_drivers, question_words
from gametheory.figures.response_curves import response_curves as draw_curves
from gametheory.model import Model
from gametheory.reader import read
from gametheory.study import answered_at

UNIT = "{kind: uniform, low: 0, high: 1}"
HALF = "{kind: uniform, low: 0, high: 0.5}"
BOTH_WAYS = "{kind: uniform, low: -1, high: 1}"
PLAYERS = """
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [hold, concede]}"""
PAYOFFS = """
  nato: [[-4 * danger, 1], [-4 * t, 0]]
  russia: [[-2 * p, -1], [1, 0]]"""
RENUMBERED_PLAYERS = """
  russia: {label: Russia, actions: [concede, hold]}
  nato: {label: NATO, actions: [concede, hold]}"""
RENUMBERED_PAYOFFS = """
  nato: [[0, 1], [-4 * t, -4 * danger]]
  russia: [[0, -1], [1, -2 * p]]"""
CALM = "constraints:\n  calm: {holds: p >= 0, source: example, mark: A}\n"


def chicken(
    p: str = UNIT,
    t: str = HALF,
    s: str = "{kind: fixed}",
    danger: str = "p",
    rest: str = "",
    players: str = PLAYERS,
    payoffs: str = PAYOFFS,
    values: tuple[float, float, float] = (0.2, 0.25, 0.5),
) -> Model:
    """NATO holds against a holding Russia while p < t, Russia while p < 0.5; s enters nothing but the danger."""
    own = "".join(
        f"  {name}: {{value: {value}, law: {law}, unit: u, meaning: m, source: example, mark: A}}\n"
        for name, value, law in zip("pts", values, (p, t, s), strict=True)
        if law
    )
    return read(
        f"format: gametheory/1\ntitle: Chicken\nform: strategic\nplayers:{players}\nparameters:\n{own}"
        f"quantities: {{danger: {danger}}}\npayoffs:{payoffs}\n"
        "measures:\n  nato_holds: {probability: {nato: [hold]}}\n  risk: {expected: p}\n"
        "claims:\n  holds: {text: NATO holds, holds: {order: simultaneous, expect: {nato: [hold]}}}\n"
        "  first: {text: NATO holds first, holds: {order: nato, expect: {nato: [hold]}}}\n" + rest
    )


def unmoved() -> Model:
    """The same, where p never meets t or 0.5."""
    p, t = "{kind: uniform, low: 0.6, high: 0.9}", "{kind: uniform, low: 0, high: 0.1}"
    return chicken(p, t, values=(0.7, 0.05, 0.5))


def found(frame: pd.DataFrame, over: str, order: str = "simultaneous") -> pd.DataFrame:
    """The rows of one question by parameter."""
    return frame[(frame["over"] == over) & (frame["order"] == order)].set_index("parameter")


# (first of p, first of t) of the game of chicken with p uniform to 1 and t to 0.5, by integration over the square
EXACT = {
    "supports": (17 / 21, 1 / 21),
    "pure profiles": (11 / 15, 1 / 15),
    "number of equilibria": (1.0, 0.0),
    "lower probability": (5 / 9, 1 / 9),
    "upper probability": (17 / 21, 1 / 21),
    "measure risk lower": (1.0, 0.0),
    "measure risk upper": (1.0, 0.0),
    "measure nato_holds lower": (5 / 9, 1 / 9),
    "claim holds": (11 / 15, 1 / 15),
}


@pytest.fixture(scope="module")
def square() -> pd.DataFrame:
    return drivers(chicken(), samples=4096, order="all")


@pytest.mark.parametrize("over", EXACT)
def test_drivers_of_chicken_are_those_of_the_integrals(square: pd.DataFrame, over: str) -> None:
    first = np.array(EXACT[over])
    total = 1 - first[::-1]
    own = found(square, over).loc[["p", "t"]]

    assert own["first"].to_numpy() == pytest.approx(first, abs=0.02)
    assert own["total"].to_numpy() == pytest.approx(total, abs=0.02)
    assert own["shapley"].to_numpy() == pytest.approx((first + total) / 2, abs=0.02)
    assert own["shapley"].sum() == pytest.approx(1.0, abs=1e-12)
    assert (own["verdict"] == "sufficient").all()
    assert (own["first_low"] <= own["first"]).all()
    assert (own["first"] <= own["first_high"]).all()


def test_rounding_is_no_change_of_an_answer(square: pd.DataFrame) -> None:
    assert found(square, "measure risk upper").loc["t", ["total", "flips"]].tolist() == [0.0, 0]


def test_every_question_is_asked_under_each_order_and_claims_under_their_own(square: pd.DataFrame) -> None:
    orders = square.groupby("over")["order"].unique().map(list)

    assert orders["supports"] == ["simultaneous", "nato", "russia"]
    assert orders["claim holds"] == ["simultaneous"]
    assert orders["claim first"] == ["nato"]
    assert set(orders.index) == {*EXACT, "measure nato_holds upper", "claim first"}
    assert square.attrs["sufficient"]["simultaneous: supports"] == "sufficient"
    assert square.attrs["games"] == 4 * 4096
    assert square.attrs["failed"] == {"simultaneous": 0.0, "nato": 0.0, "russia": 0.0}


def test_numbering_actions_and_players_otherwise_moves_no_index(square: pd.DataFrame) -> None:
    other = chicken(players=RENUMBERED_PLAYERS, payoffs=RENUMBERED_PAYOFFS)
    again = drivers(other, samples=4096, order="all")

    for over in EXACT:
        own, theirs = (found(frame, over).loc[["p", "t"]] for frame in (square, again))
        for name in ("first", "total", "shapley", "noise_floor", "first_low", "total_high"):
            assert theirs[name].to_numpy() == pytest.approx(own[name].to_numpy(), abs=1e-9), (over, name)
        assert theirs["flips"].tolist() == own["flips"].tolist()


def test_one_and_two_workers_give_the_same_frame_and_seeds_differ() -> None:
    frames = [drivers(chicken(), samples=256, seed=seed, workers=workers) for seed, workers in ((0, 1), (0, 2), (1, 1))]

    pd.testing.assert_frame_equal(frames[0], frames[1], check_exact=True)
    assert not frames[0]["total"].equals(frames[2]["total"])


def test_a_parameter_that_enters_nothing_has_no_share_at_all() -> None:
    frame = drivers(chicken(s=UNIT), samples=512)

    idle = frame[frame["parameter"] == "s"]
    assert len(idle) == 11
    for name in ("first", "total", "noise_floor", "flips"):
        assert not idle[name].any()
    assert idle["shapley"].abs().max() < 1e-9
    assert (idle[idle["over"] == "supports"]["verdict"] == "sufficient").all()


def test_failed_games_are_a_class_with_drivers_and_hide_none() -> None:
    model = chicken(s=BOTH_WAYS, danger="p + 0 * log(s)")  # without a number, hence failed, while s < 0
    frame = drivers(model, samples=4096)
    own = found(frame, "supports").loc[["p", "t", "s"]]

    variance = 0.109375 + 0.234375 + 2 * 0.1875 + 0.25  # hold, concede-hold, hold-concede and mixed, failed
    first = np.array([17 / 24 / 4, 1 / 24 / 4, 0.53125]) / variance
    assert own["first"].to_numpy() == pytest.approx(first, abs=0.02)
    assert frame.attrs["failed"]["simultaneous"] == pytest.approx(0.5, abs=0.01)
    risk = found(frame, "measure risk lower")
    assert risk.loc["p", "first"] == pytest.approx(1.0, abs=0.05)
    assert risk["verdict"].str.contains("meet a game without a value").all()
    assert found(frame, "claim holds").loc["s", "first"] > 0.3  # whether it is decided hangs on s
    assert not frame.isna().any().any()


def test_an_answer_that_never_changes_is_said_to_be_the_same() -> None:
    frame = drivers(unmoved(), samples=128)
    own = found(frame, "supports")

    assert (own["verdict"] == NOTHING_VARIES).all()
    assert not own[["first", "total", "shapley"]].any().any()
    assert frame.attrs["sufficient"]["simultaneous: supports"] == NOTHING_VARIES


def test_a_small_sample_is_called_not_sufficient_and_says_for_what() -> None:
    frame = drivers(chicken(), samples=64)

    assert found(frame, "supports")["verdict"].str.startswith("not sufficient: ").any()
    assert frame.attrs["sufficient"]["simultaneous: supports"].startswith("not sufficient for ")


def test_intervals_widen_sets_and_drive_nothing_themselves() -> None:
    frame = drivers(chicken(t="{kind: interval, low: 0.1, high: 0.3}"), samples=256)

    assert set(frame["parameter"]) == {"p"}
    own = found(frame, "supports")
    assert own.loc["p", "first"] == pytest.approx(1.0, abs=0.05)
    assert any("18 points of the intervals of t" in note for note in frame.attrs["notes"])


def test_over_an_interval_an_equilibrium_counts_where_it_is_at_some_and_where_at_every_point() -> None:
    model = chicken(t="{kind: interval, low: 0.1, high: 0.3}")
    answers = answered_at(model, {"p": np.array([0.05, 0.2, 0.4, 0.8])}, ["simultaneous"])
    questions = {own.over: own for own in driven(answers)}

    def members(over: str) -> list[int]:
        own = questions[over]
        return [int(row.sum()) for row in own.table[own.sets]]

    # holding together: at every point, at some, at none, at none; conceding alone: none, some, every, every
    assert members("pure profiles") == [2, 2, 2, 4]
    assert members("supports") == [2, 2, 2, 6]
    assert members("upper probability") == [1, 2, 1, 3]
    assert members("lower probability") == [1, 0, 1, 0]
    assert members("number of equilibria") == [1, 1, 1, 1]
    assert len({tuple(row) for row in questions["supports"].table[questions["supports"].sets]}) == 4


def test_ranked_parameters_are_exchanged_together() -> None:
    rest = "rankings:\n  aims: {best_to_worst: [p, t], meaning: m, source: example, mark: A}\n"
    model = chicken(p="", t="", s=UNIT, danger="p + s / 4", rest=rest)

    frame = drivers(model, samples=256)

    assert set(frame["parameter"]) == {"aims", "s"}
    assert found(frame, "supports").loc["aims", "total"] > 0.5


def test_a_constraint_that_all_points_keep_leaves_the_drivers_of_the_integrals() -> None:
    frame = drivers(chicken(rest=CALM), samples=4096)

    assert any("hang together" in note for note in frame.attrs["notes"])
    for over, exact in EXACT.items():
        first = np.array(exact)
        own = found(frame, over).loc[["p", "t"]]
        assert own["first"].to_numpy() == pytest.approx(first, abs=0.05), over
        assert own["total"].to_numpy() == pytest.approx(1 - first[::-1], abs=0.05), over
        assert own["shapley"].to_numpy() == pytest.approx((first + 1 - first[::-1]) / 2, abs=0.04), over
    assert found(frame, "number of equilibria").loc["t", ["total", "shapley"]].tolist() == [0.0, 0.0]


def test_a_parameter_tells_what_those_tell_that_go_with_it() -> None:
    rest = "correlations: [{between: [p, s], rank: 1.0, source: example, mark: A}]\n"
    frame = drivers(chicken(s=UNIT, rest=rest), samples=1024)
    own = found(frame, "supports")

    assert own.loc["s", "first"] == pytest.approx(own.loc["p", "first"], abs=1e-9)
    assert own.loc["s", "shapley"] == pytest.approx(own.loc["p", "shapley"], abs=0.03)
    assert own.loc["s", "total"] == 0.0


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"samples": 10}, InputError, "samples: 10, expected at least 64"),
        ({"replicates": 1}, InputError, "replicates: 1, expected at least 2"),
        ({"order": "nat"}, UnknownNameError, "no order of play 'nat'"),
        ({"samples": 10**9}, InputError, "GB of memory"),
    ],
    ids=["few samples", "one replicate", "an unknown order", "too many"],
)
def test_what_cannot_be_estimated_is_refused(asked: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        drivers(chicken(), **asked)


def test_without_uncertainty_nothing_is_driven() -> None:
    fixed = chicken("{kind: fixed}", "{kind: fixed}")

    for analysis in (drivers, response_curves, response_indices):
        with pytest.raises(InputError, match="no uncertain parameter"):
            analysis(fixed)


@pytest.mark.parametrize("rest", ["", CALM], ids=["independent", "constrained"])
def test_curves_follow_the_conditional_probabilities(rest: str) -> None:
    frame = response_curves(chicken(rest=rest), samples=40_000, order="simultaneous")
    own = frame[(frame["profile"] == "hold, hold") & (frame["parameter"] == "p")]

    low, high = own["low"].to_numpy(), own["high"].to_numpy()
    middle = (low + high) / 2
    expected = np.maximum(1 - 2 * middle, 0.0)
    inside = (own["share_low"] <= expected) & (expected <= own["share_high"])
    assert len(own) == 20
    assert inside.mean() >= 0.85
    assert np.all(low[1:] > high[:-1])
    assert set(frame["profile"]) == {"hold, hold", "concede, hold", "hold, concede", "hold+concede, hold+concede"}
    assert ((frame["share_low"] <= frame["share"]) & (frame["share"] <= frame["share_high"])).all()


def test_indices_of_curves_are_those_of_the_integrals() -> None:
    frame = response_indices(chicken(), samples=40_000, order="simultaneous").set_index(["profile", "parameter"])

    hold = frame.loc["hold, hold"]
    assert hold["first"][["p", "t"]].to_numpy() == pytest.approx((5 / 9, 1 / 9), abs=0.02)
    assert hold["delta"][["p", "t"]].to_numpy() == pytest.approx((0.28125, 1 / 8), abs=0.01)
    assert hold["share"].tolist() == pytest.approx([0.25, 0.25], abs=0.01)
    assert hold["swing"]["t"] == pytest.approx(0.475, abs=0.05)
    yields = frame.loc["hold, concede"]
    assert yields["first"][["p", "t"]].to_numpy() == pytest.approx((1.0, 0.0), abs=0.01)
    assert yields["delta"]["p"] == pytest.approx(0.5, abs=0.01)
    assert yields["delta"]["t"] < 1.5 * yields["delta_floor"]["t"]
    assert (frame["verdict"] == "sufficient").all()


def test_failed_games_have_a_curve_and_rare_profiles_are_named() -> None:
    model = chicken(s=BOTH_WAYS, danger="p + 0 * log(s)")
    frame = response_curves(model, samples=4_000, order="simultaneous", bins=4)

    failed = frame[(frame["profile"] == "failed") & (frame["parameter"] == "s")]
    assert failed["share"].tolist() == pytest.approx([1.0, 1.0, 0.0, 0.0], abs=0.05)
    always = response_curves(
        chicken("{kind: uniform, low: 0.5, high: 0.9}", values=(0.6, 0.25, 0.5)), samples=2_000, bins=4
    )
    assert "simultaneous: concede, hold" in always.attrs["nearly always"]
    assert len(always.attrs["rare"]) + len(always.attrs["nearly always"]) > 1


@pytest.mark.parametrize("bins", [1, 300])
def test_bins_without_enough_draws_are_refused(bins: int) -> None:
    with pytest.raises(InputError, match=f"bins: {bins}"):
        response_curves(chicken(), samples=2_000, bins=bins)


def saying(ax: Axes) -> str:
    return " ".join([figures.message(ax), figures.alternative(ax), *(text.get_text() for text in ax.texts)])


def test_the_figure_of_drivers_says_what_the_frame_says(square: pd.DataFrame) -> None:
    with figures.off_screen():
        ax = draw_drivers(square, order="simultaneous")
        said = saying(ax)
        every = draw_drivers(square, over="claim holds")

    own = found(square, "supports")
    total, first = (float(own[name][parameter]) for name, parameter in (("total", "p"), ("first", "t")))
    assert "p (95" in figures.message(ax)
    assert f"{100 * total:.1f}%" in said
    assert f"alone {100 * first:.1f}%" in said
    assert "suffices for every share" in " ".join(said.split())
    assert "whether the claim holds is true" in figures.message(every)
    ax.figure.draw_without_rendering()


def test_the_figure_of_drivers_does_not_rank_what_the_sample_does_not_tell() -> None:
    few = drivers(chicken(), samples=64)
    still = drivers(unmoved(), samples=64)
    tied = drivers(chicken(rest=CALM), samples=4096)

    with figures.off_screen():
        assert "the sample does not tell" in figures.message(draw_drivers(few))
        assert "does not suffice" in saying(draw_drivers(few))
        assert "the answer is the same at every point drawn" in figures.message(draw_drivers(still))
        shared = saying(draw_drivers(tied))
    assert "together with others" not in shared
    share = float(found(tied, "supports")["shapley"].max())
    assert "by its share of the variance, fairly divided among tied parameters" in shared
    assert f"p ({100 * share:.1f}%)" in shared
    for asked in ({"over": "suports"}, {"order": "nato"}):
        with pytest.raises(UnknownNameError, match="no drivers over"):
            draw_drivers(few, **asked)


def test_the_figure_of_curves_draws_a_panel_a_parameter() -> None:
    coin = "{kind: discrete, values: [0, 1], probabilities: [0.5, 0.5]}"
    frame = response_curves(chicken(s=coin, values=(0.2, 0.25, 1.0)), samples=2_000)

    with figures.off_screen():
        ax = draw_curves(frame, order="simultaneous", labels={"p": "risk of war"})
    panels = [panel for panel in ax.child_axes if isinstance(panel, Axes)]
    ax.figure.draw_without_rendering()

    assert [panel.get_title(loc="left") for panel in panels] == ["risk of war", "t", "s"]
    assert all(len(panel.collections) >= 3 for panel in panels)
    assert "Largest swing in simultaneous play, along risk of war" in figures.message(ax)
    assert "Not drawn: 1 other profile." in " ".join(text.get_text() for text in ax.texts)
    assert [label.get_text() for label in panels[2].get_xticklabels()] == ["0", "1"]
    marks = [line.get_xdata() for line in panels[2].lines if line.get_marker() in {"o", "s", "^"}]
    assert len({float(x) for own in marks for x in own}) == 2 * len(marks)  # beside each other, none behind another
    with pytest.raises(UnknownNameError, match="no curves in order"):
        draw_curves(frame, order="nat")
    empty = draw_curves(frame.iloc[:0])
    assert "No profile is frequent enough" in figures.message(empty)


def test_questions_are_said_in_words() -> None:
    assert question_words("measure risk upper") == "the highest value of risk in equilibrium"
    assert question_words("number of equilibria") == "how many equilibria there are"
