"""Does the first screen answer in three true and short sentences, whatever the form, the orders and the gaps?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from gametheory import analyses, study
from gametheory.model import Model
from gametheory.reader import catalogue, load, read
from gametheory.report.answers import central, three
from gametheory.report.changes import Sweep, sweeps
from gametheory.report.overturning import nearest_changes, overturned
from gametheory.report.phrases import Names, names_of
from gametheory.report.ranging import claims_counted, ranging, rivals
from gametheory.report.shortening import MOST_WORDS, shortest, words_in

STARTS = (
    "If the central values hold, ",
    "If the parameters may lie anywhere in their laws, ",
    "The answer changes ",
)
QUICK = ("reference_involvement", "power_risk", "asymmetric_escalation")
MOVED = 3  # parameters that the quick test moves
ORDERS = ("simultaneous", "row", "column")
NAMES = Names(("row", "column"))
BESIDE = 1e-3  # of the present value: how far beyond a tipping point the game is solved anew

MODEL = """\
format: gametheory/1
title: Small
form: strategic
players:
  row: {actions: [stay, go]}
  column: {actions: [stay, go]}
parameters:
  p: {value: 0.5, law: LAW, unit: u, meaning: m, source: example, mark: A}
  q: {value: 1, law: {kind: fixed}, unit: u, meaning: m, source: example, mark: R}
payoffs:
  row: [["3", "0"], ["0", "4 * p"]]
  column: [["3", "0"], ["0", "4 * p"]]
claims:
  both_stay: {text: Both stay, holds: {order: row, expect: {row: [stay], column: [stay]}}}
"""


def small(law: str = "{kind: uniform, low: 0.1, high: 2}") -> Model:
    return read(MODEL.replace("LAW", law))


def answered(model: Model, samples: int, moved: int | None = None) -> dict[str, list[pd.DataFrame]]:
    """What the first screen needs, from the analyses themselves."""
    shared: dict[str, Any] = {"samples": samples, "seed": 0, "run": study.run(model, samples, 0)}
    varied = [name for name, own in model.parameters.items() if own.law.kind not in ("fixed", "ranked")]
    options = {} if model.form == "strategic" else {"points": 16}
    with study.without_parameter_warnings():
        tips = [analyses.tip(model, name, order="all", **options) for name in varied[:moved]]
    return {
        "base_case": [analyses.base_case(model)],
        "tip": tips,
        "outcomes": [analyses.outcomes(model, **shared)],
        "claims": [analyses.claims(model, **shared)],
    }


def told(model: Model, frames: dict[str, list[pd.DataFrame]]) -> list[str]:
    found = sorted(sweeps(frames.get("tip", ()), model), key=Sweep.nearest)
    return three(model, frames, names_of(model), found)


def base(profiles: dict[str, Sequence[str]], **verdicts: str) -> pd.DataFrame:
    """Solutions at the central values, complete where no verdict is given."""
    rows = [
        (order, "nash", text, verdicts.get(order, "complete"), 0.1 * number, 5.0)
        for order, own in profiles.items()
        for number, text in enumerate(own)
    ]
    columns = ["order", "concept", "profile", "verdict", "measure_risk", "measure_cost"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.attrs["verdicts"] = {f"{order} nash": verdicts.get(order, "complete") for order in profiles}
    return frame


def outcomes(rows: Sequence[tuple[str, str, float, float]], **attributes: Any) -> pd.DataFrame:
    columns = ["order", "profile", "lower", "upper", "lower_se", "upper_se"]
    frame = pd.DataFrame([(*row, 0.002, 0.003) for row in rows], columns=columns)
    frame.attrs.update({"samples": 1000, "failed": {}, "partial": {}} | attributes)
    return frame


def over_laws(frame: pd.DataFrame | None, solved: pd.DataFrame | None = None) -> str:
    known = base({"simultaneous": ["a, b"]}) if solved is None else solved
    return ranging(small(), known, {} if frame is None else {"outcomes": [frame]}, NAMES)


def check_three(name: str, moved: int | None = None) -> None:
    model = load(str(catalogue()[name]))
    said = told(model, answered(model, 40, moved))

    assert len(said) == len(STARTS)
    for sentence, start in zip(said, STARTS, strict=True):
        assert sentence.startswith(start)
        assert sentence.endswith(".")
        assert words_in(sentence) <= MOST_WORDS
        assert "_" not in sentence
        assert "nan" not in sentence.lower().split()


@pytest.mark.parametrize("name", QUICK)
def test_three_short_conditional_sentences_answer_for_every_form(name: str) -> None:
    check_three(name, MOVED)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(catalogue()))
def test_three_short_conditional_sentences_answer_for_every_model(name: str) -> None:
    check_three(name)


def test_many_players_orders_and_solutions_are_said_in_three_short_sentences() -> None:
    players = [f"player_{number}" for number in range(6)]
    names = Names(tuple(players))
    told_of = {order: [", ".join([f"a_long_action_{k}"] * 6) for k in range(4)] for order in ("simultaneous", *players)}

    said = central(base(told_of), list(told_of), names)

    assert words_in(said) <= MOST_WORDS


# At the central values


def test_orders_that_agree_stand_together_and_others_apart() -> None:
    said = central(base({"simultaneous": ["a, b"], "row": ["c, d"], "column": ["a, b"]}), ORDERS, NAMES)

    assert said == (
        "If the central values hold, row plays a and column plays b in simultaneous play and when column moves first; "
        "row plays c and column answers with d if row moves first, each the only solution."
    )


def test_the_same_outcome_with_and_without_a_proof_does_not_agree() -> None:
    said = central(base({"simultaneous": ["a, b"], "row": ["a, b"]}, row="partial"), ORDERS[:2], NAMES)

    assert said.count("row plays a") == 2
    assert "(others are not ruled out) if row moves first" in said
    assert "the only solution" not in said


def test_several_solutions_are_all_named_and_none_is_picked() -> None:
    said = central(base({"simultaneous": ["a, b", "c, d", "e+f, b"]}), ORDERS[:1], NAMES)

    assert "there are 3 solutions if both sides choose at once, between which the model does not choose" in said
    assert said.endswith(": a / b, c / d or e + f / b.")


def test_many_solutions_are_counted_with_the_measures_that_they_leave_most_open() -> None:
    said = central(base({"simultaneous": [f"a{k}, b" for k in range(9)]}), ORDERS[:1], NAMES)

    assert "there are 9 solutions" in said
    assert said.endswith("(risk 0 to 0.8, cost 5).")
    assert "a0" not in said


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("failed", "the game could not be solved if both sides choose at once"),
        ("complete", "there is no solution if both sides choose at once"),
        ("partial", "no solution was found, and the search was not complete if both sides choose at once"),
    ],
)
def test_an_order_without_a_solution_says_which_gap_it_is(verdict: str, words: str) -> None:
    said = central(base({"simultaneous": [], "row": ["a, b"]}, simultaneous=verdict), ORDERS[:2], NAMES)

    assert words in said
    assert "row plays a and column answers with b if row moves first" in said


def test_orders_that_were_not_solved_are_told() -> None:
    one, two = (central(base({"simultaneous": ["a, b"]}), ORDERS[: 2 + more], NAMES) for more in (0, 1))

    assert one.endswith("(what follows when row moves first was not solved).")
    assert two.endswith("(the other 2 orders of play were not solved).")


def test_solutions_of_equations_are_told_apart_by_their_values() -> None:
    model = load(str(catalogue()["crisis_signalling"]))
    frame = analyses.base_case(model)
    said = central(frame, model.orders, names_of(model))

    assert said.count("(meant ") == len(frame) == 3
    assert "a second \u201cmostly bluff\u201d (meant 0.242)" in said
    assert said.endswith("; meant: chance that a threat that was made and is resisted is stood by.")


# Over the laws


def test_the_share_in_which_the_answer_stays_runs_from_the_only_solution_to_one_of_several() -> None:
    said = over_laws(outcomes([("simultaneous", "a, b", 0.2, 0.3), ("simultaneous", "c, d", 0.5, 0.6)]))

    assert "the central answer stays in 20.0% to 30.0% of 1,000 draws (simultaneous play), \u00b1 0.30 points" in said
    assert "most frequent otherwise is c / d (50.0% to 60.0%, simultaneous play)" in said


def test_an_answer_that_no_draw_gave_stays_in_none() -> None:
    assert "stays in 0% of 1,000 draws" in over_laws(outcomes([("simultaneous", "c, d", 0.5, 0.6)]))


def test_rivals_that_are_as_frequent_are_counted_and_none_is_picked() -> None:
    frame = outcomes([("simultaneous", text, 0.1, 0.9) for text in ("c, d", "e, f", "g, h")])

    assert "each of 3 others (10.0% to 90.0%" in over_laws(frame)
    assert rivals(frame, ("c, d",))["profile"].tolist() == ["e, f", "g, h"]


def test_failed_and_incomplete_draws_are_never_passed_over() -> None:
    gaps: dict[str, Any] = {"failed": {"simultaneous": 0.25}, "partial": {"simultaneous": 0.125}}
    said = over_laws(outcomes([("simultaneous", "a, b", 0.2, 0.3)], **gaps))
    nothing = over_laws(outcomes([], failed={"simultaneous": 1.0}))

    assert "25.0% could not be solved (simultaneous play)" in said
    assert "12.5% may have solutions that are not listed (simultaneous play)" in said
    assert "no draw gave a solution; 100% could not be solved" in nothing


def test_one_draw_is_called_one_draw() -> None:
    assert "100% of 1 draw (" in over_laws(outcomes([("simultaneous", "a, b", 1.0, 1.0)], samples=1))


def test_without_draws_or_a_central_answer_the_sentence_says_so() -> None:
    none = base({"simultaneous": []}, simultaneous="failed")

    assert "how often this answer stays was not computed for this page" in over_laws(None)
    assert "there is no central answer that could stay" in over_laws(outcomes([("row", "a, b", 1.0, 1.0)]), none)


def test_where_nothing_is_uncertain_nothing_else_is_possible() -> None:
    model = small("{kind: fixed}")
    said = told(model, answered(model, 8))

    assert "nothing else is possible, for every law holds its parameter fixed" in said[1]
    assert said[2].startswith("The answer changes if the model itself or a fixed value does: no parameter is uncertain")


def test_points_of_intervals_are_called_no_draws() -> None:
    model = small("{kind: interval, low: 0.4, high: 0.6}")
    (_, said, _) = told(model, answered(model, 8))

    assert "draw" not in said
    assert "%" not in said
    assert "points tried" in said or "every point tried" in said


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([(1.0, 0.0), (0.0, 0.96), (0.5, 0.5)], "; of 3 claims, 1 holds and 1 fails in at least 95%, and 1 is open"),
        ([(0.94, 0.06)], "; the one claim is open"),
        ([(0.95, 0.0), (1.0, 0.0)], "; of 2 claims, 2 hold and none fails in at least 95%"),
        ([(0.5, 0.5)] * 4, "; all 4 claims are open"),
        ([], ""),
    ],
)
def test_claims_hold_fail_or_are_open(shares: list[tuple[float, float]], said: str) -> None:
    assert claims_counted(pd.DataFrame(shares, columns=["all", "none"])) == said


# What changes it


def solved(model: Model, order: str, parameter: str, value: float) -> set[str]:
    """The sets of actions in use at one value of a parameter, solved anew."""
    with study.without_parameter_warnings():
        found = analyses.base_case(model, order=order, values={parameter: value})
    own = found[found["concept"] == "nash"]["profile"]
    return {re.sub(r"[0-9./]+ ", "", text).replace(" + ", "+") for text in own}


def test_the_answer_beyond_a_nearest_change_is_what_solving_there_gives() -> None:
    model = load(str(catalogue()["reference_involvement"]))
    frames = answered(model, 8)
    changes = nearest_changes(sweeps(frames["tip"], model))[:6]

    assert changes
    for own in changes:
        step = BESIDE * abs(own.end) * (1 if own.end > own.start else -1)
        assert solved(model, own.order, own.parameter, own.end + step) == set(own.after)
        assert solved(model, own.order, own.parameter, own.end - step) == set(own.before)


def tips(model: Model, *rows: tuple[str, str, float]) -> list[Sweep]:
    """Tipping points as ``(parameter, order, value)``, at which one solution gives way to another."""
    columns = ["parameter", "order", "value", "before", "after", "binding"]
    parts = []
    for name in dict.fromkeys(row[0] for row in rows):
        own = [(*row, ("a, b",), ("c, d",), "") for row in rows if row[0] == name]
        part = pd.DataFrame(own, columns=columns)
        part.attrs.update(parameter=name, low=0.1, high=2.0)
        parts.append(part)
    return sweeps(parts, model)


def test_the_nearest_change_is_told_with_its_mark_its_ends_and_the_answer_beyond() -> None:
    model = small()
    said = overturned(model, tips(model, ("p", "simultaneous", 0.6), ("p", "row", 0.4)), None, NAMES)

    assert said == (
        "The answer changes if p (mark A) rises from 0.5 to 0.6 (in simultaneous play: c / d) or p (mark A) falls from "
        "0.5 to 0.4 (when row moves first: a / b)."
    )


def test_where_a_sourced_number_is_nearer_the_nearest_assumption_is_named_too() -> None:
    model = small()
    said = overturned(model, tips(model, ("q", "simultaneous", 1.01), ("p", "simultaneous", 1.9)), None, NAMES)

    assert "q (mark R) rises from 1 to 1.01" in said
    assert "p (mark A) rises from 0.5 to 1.9" in said


def test_an_answer_on_an_edge_is_said_to_stand_there() -> None:
    model = small()
    said = overturned(model, tips(model, ("p", "simultaneous", 0.5)), None, NAMES)

    assert said.startswith("The answer changes if p (mark A) leaves 0.5 by anything at all: there answers meet")


def test_where_nothing_that_was_searched_changes_the_answer_no_change_is_claimed() -> None:
    model = small()
    empty = tips(model, ("p", "simultaneous", 0.6))[0].frame.iloc[:0]
    empty.attrs.update(parameter="p", low=0.1, high=2.0)
    several = pd.DataFrame({"kind": ["several"], "distance": [0.5]})
    quiet, moved = (overturned(model, sweeps([empty], model), least, NAMES) for least in (None, several))

    assert quiet == (
        "The answer changes if more is moved than was searched: no move of the one parameter alone within its law was "
        "found to change it."
    )
    assert "moves of several together change it" in moved
    assert "was not computed for this page" in overturned(model, [], None, NAMES)


def test_smaller_moves_of_several_are_told_only_where_they_are_smaller() -> None:
    model = small()
    found = tips(model, ("p", "simultaneous", 0.6))
    nearer, farther = (
        overturned(model, found, pd.DataFrame({"kind": ["several", "one parameter"], "distance": ends}), NAMES)
        for ends in ([0.1, 0.2], [0.3, 0.2])
    )

    assert nearer.endswith("; smaller moves of several together do too.")
    assert "several" not in farther


def test_the_first_short_sentence_is_taken_else_the_shortest() -> None:
    long, longer = "word " * (MOST_WORDS + 1), "word " * (MOST_WORDS + 9)

    assert shortest([longer, "short", "shorter still"]) == "short"
    assert shortest([longer, long]) == long
    assert words_in("a / b \u2013 c, 8.7%") == 4
