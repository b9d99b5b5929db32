"""Is the critical risk the one of the literature, exact where it can be, and never missing without a reason?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gametheory import figures
from gametheory.analyses.robustness.jets import degrees, payoff_slopes
from gametheory.analyses.standoff.critical_risk import critical_risk, critical_risk_elasticities
from gametheory.errors import InputError, UnknownNameError
from gametheory.model import Model
from gametheory.reader import load, read
from gametheory.solvers import solve
from tests.test_figures import drawn, texts_of

LABELS = {"nato": "NATO", "russia": "Russia"}
VALUES = {"win": 5, "comply": 0, "conflict": -100, "win2": 1, "comply2": -1, "conflict2": -10}


def model_of(nato: str, russia: str, values: dict[str, Any] | None = None, actions: str = "[hold, concede]") -> Model:
    """Two players who hold or concede, with payoffs over the parameters in ``values``."""
    named = VALUES if values is None else values
    parameters = "\n".join(
        f"  {name}: {{value: {value}, law: {{kind: uniform, low: -500, high: 500}}, unit: u, meaning: m, source: "
        "example, mark: A}"
        for name, value in named.items()
    )
    return read(
        f"""
format: gametheory/1
title: Resolve
form: strategic
players:
  nato: {{label: NATO, actions: {actions}}}
  russia: {{label: Russia, actions: {actions}}}
parameters:
{parameters}
payoffs:
  nato: {nato}
  russia: {russia}
"""
    )


def chicken() -> Model:
    """The classic case: complying pays the same whatever the other side does."""
    return model_of("[[conflict, win], [comply, comply]]", "[[conflict2, comply2], [win2, comply2]]")


def bimatrix(nato: Sequence[Sequence[float]], russia: Sequence[Sequence[float]], actions: str = "[c, d]") -> Model:
    """A game of numbers; ``russia`` is written by rows of NATO's actions."""
    return model_of(str(nato), str(russia), {"unused": 1}, actions)


def threats() -> tuple[Model, ...]:
    return load("reference_involvement"), load("involvement_response")


def rows_of(frame: pd.DataFrame, player: str = "nato") -> list[dict[Any, Any]]:
    return frame[frame["player"] == player].to_dict("records")


@pytest.mark.parametrize("seed", range(4))
def test_in_chicken_the_critical_risk_is_win_less_comply_over_win_less_conflict(seed: int) -> None:
    draw = np.random.default_rng(seed).integers(1, 99, 3)
    win, comply, conflict = (Fraction(int(own), 7) for own in (draw[0] + draw[1], draw[0], -draw[2]))

    (row,) = rows_of(critical_risk(chicken(), values={"win": win, "comply": comply, "conflict": conflict}))

    expected = (win - comply) / (win - conflict)
    assert (row["firm"], row["comply"], row["opponent_firm"], row["opponent_yields"]) == ("hold", "concede") * 2
    assert (row["status"], row["exact"], row["told_by"]) == ("pays below", str(expected), "harm")
    assert row["critical"] == float(expected)


@pytest.mark.parametrize(("payoffs", "expected"), [((5, 0, -5, -100), "1/20"), ((1, 0, -1, -10), "1/10")])
def test_published_temptations_give_the_published_critical_risks(payoffs: tuple[int, ...], expected: str) -> None:
    temptation, reward, sucker, punishment = payoffs
    nato = [[reward, sucker], [temptation, punishment]]

    frame = critical_risk(bimatrix(nato, [[reward, temptation], [sucker, punishment]]))

    assert frame["exact"].tolist() == [expected, expected]
    assert frame["firm"].tolist() == ["d", "d"]
    assert frame["resolve_gap"].tolist() == [0.0, 0.0]


def test_the_resolve_gap_is_the_difference_of_the_two_critical_risks() -> None:
    frame = critical_risk(chicken())
    nato, russia = Fraction(5, 105), Fraction(2, 11)

    assert frame["resolve_gap"].tolist() == [float(nato - russia), float(russia - nato)]


def test_in_chicken_each_side_mixes_so_that_the_other_is_at_its_critical_risk() -> None:
    model = chicken()
    solutions = solve(model.games())
    mixed = next(k for k in range(len(solutions)) if not solutions.pure[k])

    frame = critical_risk(model).set_index("player")

    assert solutions.strategies[1][mixed, 0] == pytest.approx(frame.loc["nato", "critical"], rel=1e-12)
    assert solutions.strategies[0][mixed, 0] == pytest.approx(frame.loc["russia", "critical"], rel=1e-12)


@pytest.mark.parametrize("model", threats(), ids=["reference", "involvement"])
def test_standing_firm_pays_on_the_side_of_the_critical_risk_that_the_status_says(model: Model) -> None:
    payoffs = model.games().payoffs[0]
    names = [player.name for player in model.players]
    frame = critical_risk(model, pairs="all")
    assert {"pays below", "never firm", "always firm"} <= set(frame["status"])

    for row in frame.to_dict("records"):
        player, opponent = names.index(row["player"]), names.index(row["opponent"])
        table = payoffs[player] if player == 0 else payoffs[player].T
        own, its = model.players[player].actions, model.players[opponent].actions
        block = table[
            np.ix_(
                [own.index(row["firm"]), own.index(row["comply"])],
                [its.index(row["opponent_firm"]), its.index(row["opponent_yields"])],
            )
        ]
        q = np.linspace(0.0, 1.0, 201)[1:-1]
        gains = q * (block[0, 0] - block[1, 0]) + (1 - q) * (block[0, 1] - block[1, 1])
        expected = {
            "pays below": q < row["critical"],
            "pays above": q > row["critical"],
            "always firm": np.ones_like(q, dtype=bool),
            "never firm": np.zeros_like(q, dtype=bool),
        }
        assert np.array_equal(gains > 0, expected[row["status"]]), row


def test_a_gain_of_five_beside_a_catastrophe_counts_in_floats_as_in_fractions() -> None:
    nato, russia = "[[{}, 0], [5, -1000000000000]]", "[[0, 5], [0, -1000000000000]]"
    floats, fractions = (critical_risk(model_of(nato.format(zero), russia)) for zero in ('"0 * exp(win)"', "0"))

    assert set(floats["exact"]) == {""}
    assert set(fractions["exact"]) == {"1/200000000001"}
    for frame in (floats, fractions):
        assert frame["gain"].tolist() == [5.0, 5.0]
        assert frame["critical"].to_numpy() == pytest.approx(5 / (1e12 + 5), rel=1e-12)
        assert set(frame["status"]) == {"pays below"}


def test_a_loss_that_is_only_the_rounding_of_its_own_two_payoffs_is_none() -> None:
    nato = '[["0 * exp(win)", "0.1 + 0.2"], [5, "0.3"]]'
    frame = critical_risk(model_of(nato, "[[-10, -1], [1, 0]]"))
    own = frame[frame["player"] == "nato"]

    assert 0.1 + 0.2 != 0.3
    assert (own["gain"].tolist(), own["loss"].tolist()) == ([-5.0], [0.0])
    assert own["status"].tolist() == ["never firm"]


def test_where_both_gain_and_loss_are_negative_standing_firm_pays_above() -> None:
    frame = critical_risk(bimatrix([[4, 1], [3, 2]], [[4, 3], [1, 2]]))  # assurance

    assert frame["status"].tolist() == ["pays above"] * 2
    assert frame["exact"].tolist() == ["1/2"] * 2
    assert frame["resolve_gap"].isna().all()
    assert all("firm opponent" in reason for reason in frame["reason"])


@pytest.mark.parametrize(
    ("nato", "status", "words"),
    [
        ([[3, 0], [5, 1]], "always firm", "standing firm pays more whatever"),
        ([[5, 1], [3, 0]], "never firm", "complying pays more whatever"),
        ([[3, 0], [3, 1]], "always firm", "both pay the same if it yields"),
        ([[3, 1], [5, 1]], "always firm", "both pay the same if it stands firm"),
        ([[3, 1], [3, 0]], "never firm", "both pay the same if it yields"),
        ([[3, 1], [3, 1]], "undefined", "both actions pay the same"),
    ],
)
def test_a_missing_critical_risk_always_says_why(nato: list[list[int]], status: str, words: str) -> None:
    (row,) = rows_of(critical_risk(bimatrix(nato, [[3, 5], [0, 1]])))

    assert (row["status"], row["firm"], row["exact"]) == (status, "d", "")
    assert np.isnan(row["critical"])
    assert words in row["reason"]


def test_payoffs_that_are_not_finite_leave_the_question_undefined() -> None:
    model = model_of("[[1 / conflict, 1], [0, 0]]", "[[-1, 0], [1, 0]]", {"conflict": 1})

    (row,) = rows_of(critical_risk(model, values={"conflict": 0}))

    assert (row["status"], row["reason"]) == ("undefined", "a payoff is not a finite number")
    assert set(critical_risk_elasticities(model, values={"conflict": 0})["player"]) == {"russia"}


def test_no_row_lacks_both_a_critical_risk_and_a_reason() -> None:
    for model in threats():
        frame = critical_risk(model, pairs="all")
        assert (frame["critical"].notna() == frame["status"].isin(["pays below", "pays above"])).all()
        assert (frame["critical"].notna() | (frame["reason"] != "")).all()


def test_the_firm_action_is_the_one_that_harms_wherever_it_stands_in_the_file() -> None:
    first = critical_risk(bimatrix([[-4, 1], [-1, 0]], [[-2, -1], [1, 0]], "[hold, concede]"))
    last = critical_risk(bimatrix([[0, -1], [1, -4]], [[0, 1], [-1, -2]], "[concede, hold]"))

    assert first.drop(columns="told_by").equals(last.drop(columns="told_by"))
    assert first["firm"].tolist() == ["hold", "hold"]


def test_where_harm_does_not_tell_the_later_action_is_the_firm_one() -> None:
    frame = critical_risk(bimatrix([[-4, 1], [-1, 0]], [[0, 1], [1, 0]]))

    assert frame[frame["player"] == "nato"]["firm"].tolist() == ["d"]
    assert set(frame["told_by"]) == {"order of the file"}


def test_scaling_and_shifting_a_players_payoffs_leaves_its_critical_risk() -> None:
    nato = "[[3 * conflict + 2, 3 * win + 2], [3 * comply + 2, 3 * comply + 2]]"
    moved = model_of(nato, "[[conflict2, comply2], [win2, comply2]]")

    assert critical_risk(moved)["exact"].tolist() == critical_risk(chicken())["exact"].tolist()


def test_elasticities_of_chicken_are_those_of_its_closed_form() -> None:
    win, comply, conflict = (Fraction(VALUES[name]) for name in ("win", "comply", "conflict"))
    frame = critical_risk_elasticities(chicken())
    own = frame[frame["player"] == "nato"].set_index("parameter")["derivative"]

    assert own["conflict"] == float((win - comply) / (win - conflict) ** 2)
    assert own["comply"] == float(-1 / (win - conflict))
    assert own["win"] == float((comply - conflict) / (win - conflict) ** 2)
    assert frame["exact"].all()
    assert own[["win2", "comply2", "conflict2"]].tolist() == [0.0] * 3


@pytest.mark.parametrize("model", threats(), ids=["reference", "involvement"])
def test_derivatives_agree_with_differences_of_the_critical_risks_themselves(model: Model) -> None:
    frame = critical_risk_elasticities(model)
    who = ["player", "firm", "comply", "opponent_firm", "opponent_yields"]
    central = model.central()

    for name in dict.fromkeys(frame["parameter"].astype(str)):
        own = frame[frame["parameter"] == name]
        step = 1e-3 * (abs(central[name]) or 1.0)

        def risks(change: float, name: str = name) -> pd.Series[Any]:
            return critical_risk(model, values={name: central[name] + change}).set_index(who)["critical"]

        wide, narrow = (risks(h) - risks(-h) for h in (step, step / 2))
        richardson = (4 * narrow / step - wide / (2 * step)) / 3
        found = own.set_index(who)["derivative"]
        scale = max(1.0, float(found.abs().max()))
        assert np.allclose(found, richardson.loc[found.index], rtol=1e-5, atol=1e-7 * scale), name
        assert np.allclose(own["elasticity"], own["derivative"] * central[name] / own["critical"], rtol=1e-14)


def test_a_critical_risk_does_not_hang_on_the_opponents_payoffs() -> None:
    frame = critical_risk_elasticities(load("reference_involvement"))
    opposite = {"nato": ["stake_russia", "disaster_loss_russia"], "russia": ["stake_nato", "disaster_loss_nato"]}

    for player, names in opposite.items():
        own = frame[(frame["player"] == player) & frame["parameter"].isin(names)]
        assert len(own)
        assert own["derivative"].eq(0.0).all()


FORMULAS = (
    "exp(-win) / (1 + comply ** 2)",
    "log(win) * sqrt(comply) - abs(conflict)",
    "min(win, comply, conflict) + max(win, 2 * comply)",
    "where(win > comply, win ** -2, comply) + clip(conflict, -1, 1) * win",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_slopes_agree_with_complex_or_central_differences_for_every_operation(formula: str) -> None:
    values = {"win": 1.7, "comply": 0.6, "conflict": -0.4}
    model = model_of(f"[['{formula}', 0], [1, win]]", "[[0, 0], [0, 0]]", values)
    payoffs, slopes = payoff_slopes(model, values, tuple(values))

    assert np.array_equal(payoffs, model.games().payoffs[0])
    for place, name in enumerate(values):
        columns = {name: [values[name] - 1e-5, values[name] + 1e-5]}
        low, high = model.games(columns).payoffs
        assert np.allclose(slopes[place], (high - low) / 2e-5, rtol=1e-7, atol=1e-9)


def test_exact_slopes_are_fractions() -> None:
    third = Fraction(1, 3)
    model = model_of("[[win / (1 + comply), 0], [win ** 3, 'min(win, comply)']]", "[[0, 0], [0, 0]]")
    values = {**{name: Fraction(value) for name, value in VALUES.items()}, "win": third, "comply": Fraction(2)}

    _, slopes = payoff_slopes(model, values, ["win", "comply"], exact=True)

    assert slopes[:, 0, 0, 0].tolist() == [third, -third / 9]
    assert slopes[:, 0, 1].tolist() == [[third, 1], [0, 0]]


@pytest.mark.parametrize(
    ("formula", "degree"),
    [
        ("2 * win - comply / 3", 1.0),
        ("win * comply", 2.0),
        ("win ** 3", 3.0),
        ("exp(win)", np.inf),
        ("1 / win", np.inf),
        ("max(win, 0)", np.inf),
        ("exp(2) + 1", 0.0),
        ("where(1 < 2, win, 0)", 1.0),
        ("where(win < 2, win, 0)", np.inf),
        ("win ** 0 * comply", 1.0),
    ],
)
def test_degrees_tell_straight_lines_from_others(formula: str, degree: float) -> None:
    model = model_of(f"[['{formula}', 0], [0, 0]]", "[[0, 0], [0, 0]]")

    assert degrees(model, ["win", "comply"])[0, 0, 0] == degree
    assert degrees(model, [])[0, 0, 0] == 0.0 or not np.isfinite(degree)


def three_players() -> Model:
    text = """
format: gametheory/1
title: Three
form: strategic
players:
  nato: {label: NATO, actions: [hold, concede]}
  russia: {label: Russia, actions: [hold, concede]}
  china: {label: China, actions: [stay, join]}
parameters:
  p: {value: 0.3, law: {kind: uniform, low: 0, high: 1}, unit: u, meaning: m, source: example, mark: A}
tables:
  hold_nato: {over: [nato], values: [1, 0]}
  hold_russia: {over: [russia], values: [1, 0]}
  join: {over: [china], values: [0, 1]}
payoffs:
  nato: hold_nato * (1 - hold_russia) - 4 * p * hold_nato * hold_russia * (1 + join) - hold_russia * (1 - hold_nato)
  russia: hold_russia * (1 - hold_nato) - 2 * p * hold_nato * hold_russia * (1 + join) - hold_nato * (1 - hold_russia)
  china: join
"""
    return read(text)


def test_a_third_player_must_be_given_an_action() -> None:
    with pytest.raises(InputError, match="a question between two"):
        critical_risk(three_players())
    with pytest.raises(InputError, match="1 of 3 players are left"):
        critical_risk(three_players(), others={"china": "stay", "russia": "hold"})
    with pytest.raises(UnknownNameError, match="no player named 'chna'; did you mean 'china'"):
        critical_risk(three_players(), others={"chna": "stay"})
    with pytest.raises(UnknownNameError, match="no action 'sty'"):
        critical_risk(three_players(), others={"china": "sty"})


def test_with_the_third_players_action_given_the_answer_is_that_of_the_game_of_two() -> None:
    found = {action: critical_risk(three_players(), others={"china": action}) for action in ("stay", "join")}
    stay, join = (found[action]["exact"].tolist() for action in ("stay", "join"))

    assert (stay, join) == (["5/6", ""], ["5/12", "5/6"])
    assert found["stay"]["status"].tolist() == ["pays below", "always firm"]


def test_unknown_words_are_refused() -> None:
    with pytest.raises(InputError, match="expected one of neighbouring, all"):
        critical_risk(chicken(), pairs="some")
    with pytest.raises(UnknownNameError):
        critical_risk(chicken(), values={"wins": 1})


@pytest.mark.parametrize("width", [5.4, 6.6])
@pytest.mark.parametrize(("function", "name"), list(product((critical_risk, critical_risk_elasticities), (0, 1))))
def test_the_pictures_say_what_the_frames_say_and_nothing_is_clipped(function: Any, name: int, width: float) -> None:
    frame = function(threats()[name])
    ax = drawn(lambda: getattr(figures, function.__name__)(frame, labels=LABELS), width)
    page = ax.figure.bbox

    for text, box in texts_of(ax):
        assert page.x0 - 1 <= box.x0, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
        assert "_" not in text.get_text()
    assert figures.message(ax) in figures.alternative(ax)


def test_bars_of_the_critical_risk_end_at_it() -> None:
    frame = critical_risk(chicken())
    ax = drawn(lambda: figures.critical_risk(frame, labels=LABELS))
    bars = [bar for container in ax.containers for bar in container]

    assert [round(bar.get_width(), 12) for bar in bars[::2]] == frame["critical"].round(12).tolist()
    assert "the critical risk is 4.8% to 18.2%" in figures.message(ax)


def test_a_game_without_critical_risks_is_drawn_all_the_same() -> None:
    model = bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    ax = drawn(lambda: figures.critical_risk(critical_risk(model)))
    bx = drawn(lambda: figures.critical_risk_elasticities(critical_risk_elasticities(model)))

    assert "nowhere is there a critical risk" in figures.message(ax)
    assert "No parameter" in figures.message(bx)
