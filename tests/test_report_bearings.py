"""Does the page say truly how far the assumptions bear the answer, and what holds between them?"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gametheory import analyses
from gametheory.model import Model
from gametheory.reader import read
from gametheory.report import analyse, grounds, risks, robustness, tables
from gametheory.report.changes import overturn, sweeps, tip
from gametheory.report.phrases import Names, names_of
from gametheory.report.texts import limits

NAMES = Names(("row", "column"), {"row": "Row", "column": "Column"})

MODEL = """\
format: gametheory/1
title: Stand or yield
form: strategic
players:
  row: {label: Row, actions: [yield, stand]}
  column: {label: Column, actions: [give, hold]}
parameters:
  war_risk:
    value: 3
    law: {kind: uniform, low: 0.5, high: 9}
    unit: units
    meaning: what war costs
    source: an example
    mark: A
  prize:
    value: 2
    law: {kind: uniform, low: 1, high: 4}
    unit: units
    meaning: what is at stake
    source: an example
    mark: A
payoffs:
  row: [["0", "-1"], ["prize", "-war_risk"]]
  column: [["0", "prize"], ["-1", "-war_risk"]]
"""
TIED = MODEL.replace(
    "payoffs:",
    "correlations:\n  - {between: [war_risk, prize], rank: 0.5, source: a guess, mark: A}\n"
    "constraints:\n  dear: {holds: war_risk >= prize, source: a rule, mark: D}\npayoffs:",
)
CERTAIN = re.sub(r"law: \{.*\}", "law: {kind: fixed}", MODEL)
THREE = """\
format: gametheory/1
title: Three sides
form: strategic
players:
  a: {actions: [low, high]}
  b: {actions: [low, high]}
  c: {actions: [out, in]}
parameters:
  toll:
    value: 2
    law: {kind: uniform, low: 1, high: 4}
    unit: units
    meaning: what one pays
    source: an example
    mark: A
tables:
  cost: {over: [a, b], values: [[0, 2], [2, -3]]}
  share: {over: [c], values: [0, 1]}
payoffs:
  a: toll * cost + share
  b: cost - share
  c: share - toll * cost
"""


def text_of(page: Path) -> str:
    """The words of a page without the pictures and the style."""
    html = re.sub(r"<style>.*?</style>|<pre.*?</pre>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture(scope="module")
def model() -> Model:
    return read(MODEL)


def radius_frame(**changes: Any) -> pd.DataFrame:
    row = {
        "order": "row",
        "solution": 0,
        "profile": "stand, give",
        "radius": 0.5,
        "radius_each": 0.3,
        "player": "column",
        "binding": "column: give -> hold, after stand",
        "exact": True,
        "verified": True,
        "status": "breaks",
        "reason": "",
        "at_prize": 2.0,
        "at_war_risk": 1.0,
    }
    frame = pd.DataFrame([{**row, **changes}])
    frame.attrs.update(parameters={"prize": 2.0, "war_risk": 3.0}, spreads={"prize": 1.0, "war_risk": 2.0})
    return frame


def test_a_radius_says_what_it_stands_against_only_where_that_is_exact() -> None:
    exact, found = (robustness.radius(radius_frame(exact=known), NAMES)[0] for known in (True, False))

    assert "stands against every error of the assumptions below 0.5 spreads" in exact
    assert "below 0.3 spreads of each" in exact
    assert "stands" not in found
    assert "at the latest 0.5 spreads away" in found
    for said in (exact, found):
        assert said.startswith("When Row moves first, stand / give")
        assert "Column's give \u2192 hold, after stand, comes to pay where war risk is 1 instead of 3" in said
        assert "prize" not in said


def test_radii_that_are_no_numbers_are_words() -> None:
    far = robustness.radius(radius_frame(radius=math.inf, radius_each=math.inf, exact=False, binding=""), NAMES)[0]
    lost = robustness.radius(radius_frame(radius=np.nan, reason="too mixed", status="not followed"), NAMES)[0]
    edge = robustness.radius(radius_frame(radius=0.0, status="on an edge"), NAMES)[0]

    assert far.endswith("was found to stand wherever the parameters may move within their laws.")
    assert lost.endswith("was not followed: too mixed.")
    assert edge.endswith("stands on an edge: Column's give \u2192 hold, after stand, pays as much, and any error may "
                         "end it.")  # fmt: skip
    cells = [robustness.radius_table(radius_frame(radius=size), NAMES).rows[0][2] for size in (math.inf, np.nan, 0.25)]
    assert cells == ["none found", "\u2013", "0.25"]


def test_a_radius_that_solving_did_not_confirm_says_so() -> None:
    said = robustness.radius(radius_frame(verified=False), NAMES)[0]

    assert said.endswith("solving on both sides of it did not confirm this.")


def test_the_numbers_of_the_critical_risks_are_those_of_the_frame(model: Model) -> None:
    frame = analyses.critical_risk(model)

    said = risks.critical(frame, names_of(model))

    assert frame["critical"].tolist() == [0.5, 0.5]  # gain 2, loss 3 - 1
    assert said[0] == (
        "Row: of 1 encounter of two neighbouring actions on either side, 1 hangs on how firm Column is. The critical "
        "risk is 50.0%: stand rather than yield pays if the probability that Column plays hold rather than give is at "
        "most 50.0%."
    )
    assert len(said) == 2


def test_encounters_that_do_not_hang_on_the_other_side_are_counted() -> None:
    shared = {"player": "row", "firm": "stand", "comply": "yield", "opponent": "column", "opponent_firm": "hold"}
    statuses = [("pays below", 0.25), ("pays below", 0.75), ("pays above", 0.4), ("always firm", np.nan)]
    statuses += [("never firm", np.nan)] * 2
    rows = [{**shared, "opponent_yields": "give", "status": status, "critical": limit} for status, limit in statuses]

    said = risks.critical(pd.DataFrame(rows), NAMES)[0]

    assert "of 6 encounters of two neighbouring actions on either side, 3 hang on how firm Column is" in said
    assert "in 1 standing firm is at least as good whatever Column does" in said
    assert "in 2 complying is at least as good whatever Column does" in said
    assert "The critical risk is 25.0% to 75.0%" in said
    assert "at most 25.0%, the lowest of them" in said
    assert "only against a firm side, the limit is 40.0%" in said
    assert "at least 40.0%" in said


def test_the_largest_elasticity_is_told(model: Model) -> None:
    frame = analyses.critical_risk_elasticities(model)

    said = risks.elasticity(frame, names_of(model))

    # the critical risk is prize / (prize + war_risk - 1): by hand, its elasticities at 2 and 3 are 0.5 and -0.75
    assert sorted(frame["elasticity"].round(9).unique()) == [-0.75, 0.5]
    assert "Of Row's critical risks the most sensitive is that of stand rather than yield" in said[0]
    assert "1% more of war risk lowers it by about 0.75%, all else equal" in said[0]


def test_break_even_values_are_told_on_either_side_of_the_present(model: Model) -> None:
    frame = analyses.break_even(model, "war_risk")

    said = risks.break_even(frame, names_of(model))

    # standing against hold costs war_risk, yielding 1: the one break-even value is 1, below the present 3
    assert "If war risk alone moves from 0.5 to 9, 2 of 4 steps" in said[0]
    assert "have a break-even value" in said[0]
    assert len(said) == 2
    assert said[1] == (
        "The nearest break-even value below lies at 1 (2 less than the present 3): Row's yield \u2192 stand, against "
        "hold, pays below 1 and not above."
    )
    assert risks.break_even_table(frame, names_of(model)).rows[0][3:] == ("1", "-2", "pays below")


def test_the_smallest_changes_are_those_of_the_frame(model: Model) -> None:
    frame = analyses.least_change(model, order="simultaneous")

    said = robustness.least(frame, names_of(model))

    best = frame[frame["rank"] == 1].iloc[0]
    spread = 8.5 / math.sqrt(12)
    assert best["distance"] == pytest.approx(2 / spread, rel=1e-6)  # war costs 1 in place of 3
    assert len(said) == 1
    assert f"is one of {2 / spread:.3g} spreads: if war risk fell from 3 to 1, the answer would tip from" in said[0]
    assert robustness.least_table(frame, names_of(model)).rows[0][2] == "war risk 3 to 1"


def least_frame(rows: list[dict[str, Any]], **results: list[str]) -> pd.DataFrame:
    columns = ["order", "rank", "kind", "parameter", "value", "changed_value", "step", "distance", "before", "after"]
    frame = pd.DataFrame(rows, columns=[*columns, "verified"])
    frame.attrs["results"] = results
    return frame


def change(rank: int, distance: float, *names: str) -> list[dict[str, Any]]:
    kind = "several" if len(names) > 1 else "one parameter"
    return [
        {
            "order": "row",
            "rank": rank,
            "kind": kind,
            "parameter": name,
            "value": 2.0,
            "changed_value": 2.5 + place,
            "step": 0.5 - place / 10,
            "distance": distance,
            "before": ("stand, give",),
            "after": ("yield, hold",),
            "verified": rank == 1,
        }
        for place, name in enumerate(names)
    ]


def test_a_change_of_several_is_told_beside_the_smallest_of_one_alone() -> None:
    rows = [*change(1, 0.1, "aa", "bb", "cc", "dd", "ee"), *change(2, 0.4, "aa")]

    said = robustness.least(least_frame(rows, row=["stand, give"]), NAMES)

    together, alone = said
    assert together == (
        "When Row moves first, the smallest change found that would overturn the answer is one of 0.1 spreads, of 5 "
        "parameters together: if aa rose from 2 to 2.5, bb rose from 2 to 3.5, cc rose from 2 to 4.5 and 2 more moved "
        "less, the answer would tip from stand / give to yield / hold."
    )
    assert alone == (
        "When Row moves first, the smallest change found that would overturn the answer by one assumption alone is one "
        "of 0.4 spreads: if aa rose from 2 to 2.5, the answer would tip from stand / give to yield / hold (solving on "
        "both sides of it did not confirm this)."
    )


def test_an_order_that_nothing_overturns_is_not_passed_over() -> None:
    said = robustness.least(least_frame([], row=["stand, give"], column=[]), NAMES)

    assert said == [
        "When Row moves first, no change of the parameters within their laws was found to change the answer.",
        "When Column moves first, there is no answer at the present values that a change could overturn.",
    ]


def test_an_answer_on_an_edge_is_told_as_such_and_not_by_a_size_of_rounding(model: Model) -> None:
    tiny = robustness.radius(radius_frame(radius=2e-10), NAMES)[0]
    least = robustness.least(least_frame(change(1, 4e-15, "aa"), row=["stand, give"]), NAMES)
    frame = analyses.break_even(model, "war_risk", values={"war_risk": 1})

    assert "stands on an edge" in tiny
    assert len(least) == 1
    assert least[0].endswith(
        "stands on an edge: the smallest error of aa may tip it from stand / give to yield / hold."
    )
    assert "The present value, 1, is a break-even value: Row's yield" in " ".join(risks.break_even(frame, NAMES))
    assert "nearest" not in " ".join(risks.break_even(frame, NAMES))


def test_changes_that_differ_in_the_fifth_digit_are_told_apart() -> None:
    near = change(1, 1e-6, "aa")
    near[0]["changed_value"] = 2.000001

    assert "rose from 2 to 2.000001" in robustness.least(least_frame(near, row=["stand, give"]), NAMES)[0]


def test_smallest_changes_replace_nearest_tips_but_a_tip_at_the_centre_stays(model: Model) -> None:
    frame = pd.DataFrame(
        [("prize", "simultaneous", value, ("stand, give",), ("yield, hold",), False) for value in (2.0, 3.0)],
        columns=["parameter", "order", "value", "before", "after", "exact"],
    )
    frame.attrs.update(parameter="prize", low=1.0, high=4.0, present={}, notes=[])
    found = sweeps([frame], model)
    names = names_of(model)

    said = overturn(found, None, None, None, names, least=["The smallest change is this."])

    assert said[1:] == ["The smallest change is this."]
    assert said[0].startswith("The central value of prize, 2, is itself a tipping point")


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ({"simultaneous": "exact", "row": "exact"}, "This is exact: the values are roots of polynomials"),
        ({"simultaneous": "numerical", "row": "numerical"}, "The values were found by a numerical search."),
        ({"simultaneous": "numerical", "row": "exact"}, "This is exact when Row moves first, and else found by"),
    ],
)
def test_tipping_points_say_whether_they_are_proved(model: Model, method: dict[str, str], said: str) -> None:
    frame = analyses.tip(model, "prize", order="all", points=64)
    frame.attrs.update(method=method, present={order: ["stand, give"] for order in method})

    (sweep,) = sweeps([frame], model)

    assert said in tip(sweep, names_of(model))[0]


def test_the_analysis_itself_is_exact_and_the_table_says_so(model: Model) -> None:
    frame = analyses.tip(model, "war_risk", order="simultaneous")

    (sweep,) = sweeps([frame], model)

    assert "This is exact" in tip(sweep, names_of(model))[0]
    assert {row[-1] for row in tables.tips(sweep, names_of(model)).rows} == {"exact"}


def test_ties_between_parameters_are_listed_with_sources_and_marks() -> None:
    tied = read(TIED)

    correlations, constraints = grounds.ties(tied, names_of(tied), "90 of 100 (90.0%)")

    assert correlations.rows == (("War risk and prize", "0.5", "a guess", "A"),)
    assert constraints.rows == (("Dear", "war_risk >= prize", "a rule", "D"),)
    assert constraints.note == "Of the points tried for the draws, 90 of 100 (90.0%) keep all constraints."
    assert grounds.ties(read(MODEL), NAMES) == []


def test_independence_is_claimed_only_where_it_holds(model: Model) -> None:
    tied = read(TIED)

    assert any("drawn from their laws independently of each other" in said for said in limits(model, []))
    said = " ".join(limits(tied, []))
    assert "drawn with the rank correlations and constraints that are listed" in said
    assert "whether or not the constraints hold there" in said
    assert "The laws of the parameters are drawn independently" not in said


def test_the_page_of_tied_parameters_tells_their_acceptance(tmp_path: Path) -> None:
    renamed = TIED.replace("war_risk", "cost").replace("prize", "prize_risk")

    text = text_of(analyse(read(renamed), tmp_path, samples=300))

    accepted = re.search(r"Of the points tried for the draws, 300 of ([\d,]+) \((\d+\.\d)%\) keep all", text)
    assert accepted is not None
    assert float(accepted[2]) == pytest.approx(100 * 300 / float(accepted[1].replace(",", "")), abs=0.06)
    assert "Cost and prize risk 0.5 a guess A" in text
    assert text.count("Moves to where a constraint is broken are left out.") == 2
    assert text.count("Distances take no account of rank correlations.") == 2
    for title in ("How far the assumptions can move", "Where the next step breaks even", "How firm the other side"):
        assert title in text
    assert (
        "If prize risk alone moves from 1 to 4, none of 4 steps" in text
    )  # a risk by its name goes before the cost, which tips nearer
    frames = {path.stem for path in (tmp_path / "frames").glob("*.csv")}
    assert {"radius", "least_change", "break_even", "critical_risk", "critical_risk_elasticities"} <= frames


def test_a_game_of_three_says_that_critical_risk_is_a_question_between_two(tmp_path: Path) -> None:
    text = text_of(analyse(read(THREE), tmp_path, samples=200))

    assert "A critical risk is a question between two players, and this game has 3" in text
    assert "If toll alone moves from 1 to 4, none of 12 steps" in text
    assert "How far the assumptions can move" in text


def test_a_model_without_uncertainty_says_that_nothing_can_move(tmp_path: Path) -> None:
    text = text_of(analyse(read(CERTAIN), tmp_path, samples=10))

    assert "No parameter of this model is uncertain" in text
    assert "was found to stand wherever the parameters may move" in text
    assert "no change of the parameters within their laws was found to change the answer" in text
    assert "The critical risk is 50.0%" in text
