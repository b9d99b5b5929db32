"""Is each sentence of the page true and readable: small numbers, names of outcomes, intervals, and whose note it is?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gametheory import analyses, study
from gametheory.model import Model
from gametheory.reader import catalogue, load, read
from gametheory.report import bearings, decisions, influence, sentences, solved, standing, tables, write
from gametheory.report.amounts import amount, between, exact, readable
from gametheory.report.changes import Sweep, binding, still, tip
from gametheory.report.fitting import fitted
from gametheory.report.phrases import Names, names_of, outcome_said
from gametheory.report.ranging import ranging
from tests.pages import Page, read_page
from tests.test_intervals_only import CHICKEN
from tests.test_page_answers import small
from tests.test_report_bearings import THREE

PLAIN = Names(("row", "column"))
EQUATIONS = Names((), form="analytic")
ZEROS = re.compile(r"0\.0000|\de-")


# Numbers


def test_no_reader_has_to_count_zeros() -> None:
    for value in np.random.default_rng(1).lognormal(-9, 5, 500):
        if value >= 1e-9:
            assert not ZEROS.search(amount(float(value)))
            assert not ZEROS.search(readable(f"from 0.5 to {value:.4g}, or {value:.10f}."))


def test_millionths_are_the_number_that_they_stand_for() -> None:
    for value in np.random.default_rng(2).uniform(1e-8, 1e-4, 200):
        told = amount(float(value))
        assert told.endswith(" millionths")
        assert float(told.removesuffix(" millionths")) * 1e-6 == pytest.approx(value, rel=0.0051)
        assert float(exact(float(value), 10)) == pytest.approx(value, rel=1e-9)


def test_numbers_that_are_compared_are_told_in_one_unit() -> None:
    rows = [("risk", "simultaneous", 0.000853, 0.000949, 5e-6, 5.2e-6), ("risk", "row", 9.21e-5, 9.21e-5, 9e-7, 9.1e-7)]
    frame = pd.DataFrame(rows, columns=["measure", "order", "lower", "upper", "lower_se", "upper_se"])

    (said,) = sentences.measure(frame, PLAIN)
    listed = tables.measure_ranges(frame, PLAIN)

    assert "853 to 949 millionths (standard error 5.2 millionths) if both sides choose at once" in said
    assert "92.1 millionths (standard error 0.91 millionths) if row moves first" in said
    assert [row[2:] for row in listed.rows] == [
        ("853 \u00b1 5 millionths", "949 \u00b1 5.2 millionths"),
        ("92.1 \u00b1 0.9 millionths", "92.1 \u00b1 0.91 millionths"),
    ]
    assert between(0.0000921, 0.5) == "92.1 millionths to 0.5"  # 500,000 millionths would tell nobody anything


def test_what_rounding_leaves_is_neither_an_error_nor_a_regret() -> None:
    frame = pd.DataFrame(
        [("calm", "row", 1.0, 1.0, 1.7e-18, 1.7e-18)],
        columns=["measure", "order", "lower", "upper", "lower_se", "upper_se"],
    )
    base = pd.DataFrame({"order": ["row"], "concept": ["nash"], "profile": ["a, b"], "regret": [2.1e-15],
                         "verdict": ["complete"]})  # fmt: skip

    assert tables.measure_ranges(frame, PLAIN).rows[0][2:] == ("1 \u00b1 0", "the same")
    assert "standard error" not in sentences.measure(frame, PLAIN)[0]
    assert "largest regret 0 up to rounding" in solved.certificate(base, PLAIN)[0]


def test_a_change_that_a_search_left_beside_zero_ends_at_zero() -> None:
    row = {"nearest": "resolve from 0.5 to -1.221e-06 (0.9 spreads), beyond which it holds in none of the equilibria"}

    assert standing._nearest(row) == ("resolve from 0.5 to 0", "none")


# Names


def test_outcomes_of_equations_are_quoted_and_the_second_of_a_kind_is_called_so() -> None:
    model = load(str(catalogue()["crisis_signalling"]))
    names, base = names_of(model), analyses.base_case(model)

    (said, _) = (*solved.answer(base, None, model.orders, names), "")

    assert "\u201cmostly bluff\u201d; or a second \u201cmostly bluff\u201d; or \u201cmostly heeded\u201d" in said
    assert outcome_said("goes_all_the_way 3", EQUATIONS) == "a third \u201cgoes all the way\u201d"
    assert "in equilibrium" not in " ".join(solved.certificate(base, names))


def test_an_outcome_whose_name_holds_in_is_not_torn_apart() -> None:
    profiles = ["demand_in_spite", "waits"]
    base = pd.DataFrame({"order": "equilibrium", "concept": "nash", "profile": profiles, "verdict": "complete"})
    shares = pd.DataFrame({"order": "equilibrium", "profile": profiles, "lower": [0.1, 0.3], "upper": [0.2, 0.3],
                           "lower_se": 0.0, "upper_se": 0.0})  # fmt: skip
    shares.attrs = {"samples": 10}
    model = load(str(catalogue()["crisis_signalling"]))

    said = ranging(model, base, {"outcomes": [shares]}, EQUATIONS)

    assert "\u201cdemand in spite\u201d stays in 10.0% to 20.0% and \u201cwaits\u201d in 30.0% of 10 draws" in said


def test_the_name_of_a_measure_takes_no_label_of_a_parameter_into_it() -> None:
    model = load(str(catalogue()["red_line_learning"]))
    names = names_of(model)
    inside = [name for name in model.measures if any(word in model.parameters for word in name.split("_"))]

    assert inside  # else the model has changed, and another has to show this
    for name in inside:
        if name not in model.parameters:
            assert names.say(name) == name.replace("_", " ")


def test_a_deviation_of_one_type_of_a_player_says_which() -> None:
    said = binding("challenger: demand -> hold_back at start.soft", Names(("challenger",)))

    assert said == "challenger: demand \u2192 hold back at start of type soft"


def test_every_kind_of_margin_on_a_page_is_explained_there() -> None:
    frame = analyses.margins(load(str(catalogue()["reference_involvement"])))
    listed = tables.margins(frame, PLAIN)

    assert set(frame["kind"]) <= tables.KINDS.keys()
    assert all(f"{kind}: " in listed.note for kind in frame["kind"].unique())


# What a share is said to be


def claim_row(**shares: float) -> pd.DataFrame:
    row: dict[str, Any] = {"text": "They yield", "order": "row", "contested": False, "base": "some", "se": 0.0}
    return pd.DataFrame([{**row, "all": 0.0, "some": 0.0, "none": 0.0, "failed": 0.0, **shares}])


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"some": 1.0}, "holds in some but not all solutions in every draw."),
        ({"all": 1.0}, "holds in every solution in every draw."),
        ({"none": 1.0}, "fails in every solution in every draw."),
        (
            {"all": 0.4, "none": 0.6},
            "holds in every solution in 40.0% of the draws and fails in every solution in 60.0%.",
        ),
    ],
)  # fmt: skip
def test_a_claim_is_told_without_shares_of_nothing(shares: dict[str, float], said: str) -> None:
    (told,) = sentences.claim(claim_row(**shares), PLAIN)

    assert f"(row first) {said}" in told


def test_both_sides_of_a_contested_claim_are_told_even_where_one_has_nothing() -> None:
    (told,) = sentences.claim(claim_row(none=1.0).assign(contested=True), PLAIN)

    assert (
        "For it: it holds in every solution in none of the draws. Against it: it fails in every solution in every"
        in told
    )


def test_where_every_parameter_tips_the_answer_none_is_said_to_stay_out() -> None:
    sweep = Sweep("p", pd.DataFrame({"value": [1.0]}), ("row",), 0.0, 2.0, 0.5, False, {}, {})

    assert (
        still([sweep] * 3, PLAIN) == "All 3 parameters, each moved alone over the range of its law, change the answer."
    )
    assert still([sweep], PLAIN).startswith("The one parameter")


def test_what_would_help_is_no_item_of_the_list_of_open_questions() -> None:
    rows = [{"over": f"claim c{k}", "order": "row", "verdict": "an interval of 0.3"} for k in range(5)]

    (said,) = influence._sample(pd.DataFrame(rows), PLAIN)

    assert "suffice for none of 5 questions under every order of play" in said
    assert said.endswith("; and 2 more. More base points would tell.")


def test_critical_risks_and_break_even_values_are_asked_of_tables_alone() -> None:
    equations = load(str(catalogue()["extended_deterrence"]))
    table = read(THREE)

    assert len(equations.players) == len(table.players) == 3
    assert bearings.critical_risk(equations, {}, names_of(equations)) is None
    section = bearings.critical_risk(table, {}, names_of(table))
    assert section is not None
    assert "this game has 3" in section.sentences[0]


# Whose note it is


def noted(player: str, *notes: str) -> pd.DataFrame:
    row = {"player": player, "order": "row", "others": "know", "information": "private", "kind": "parameter",
           "about": "p", "verdict": decisions.NOTHING, "worst": 0.0, "best": 0.0}  # fmt: skip
    frame = pd.DataFrame([row])
    frame.attrs["notes"] = list(notes)
    return frame


def test_what_is_true_of_one_player_is_not_noted_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [
        noted("row", "shared", "row: against replies, r"),
        noted("column", "shared", "column: against replies, c"),
    ]
    monkeypatch.setattr(decisions, "picture", lambda *_, **__: None)
    monkeypatch.setattr(decisions, "information_setting", lambda *_: "nobody knows")

    section = decisions.information({"value_of_information": frames}, PLAIN)

    assert section is not None
    assert list(fitted(section, PLAIN).notes) == [
        "Shared.",
        "Row: when row moves first: against replies, r.",
        "Column: when column moves first: against replies, c.",
    ]


def test_the_section_of_the_second_player_keeps_the_notes_of_its_own() -> None:
    model = read(CHICKEN.replace("kind: interval", "kind: uniform"))
    parts = [analyses.choices(model, player=player, samples=64) for player in ("row", "column")]
    sections = decisions.choices({"choices": parts}, names_of(model))

    for part, section in zip(parts, sections, strict=True):
        own = [note for note in part.attrs["notes"] if "against replies" in note or "against equilibrium" in note]
        told = " ".join(note for other in sections[: sections.index(section) + 1] for note in other.notes).lower()
        assert own
        assert all(note.lower() in told for note in own)
    assert not set(sections[0].notes) & set(sections[1].notes)


# Intervals alone


@pytest.fixture(scope="module")
def ranges() -> Model:
    return read(CHICKEN)


@pytest.fixture(scope="module")
def page(ranges: Model, tmp_path_factory: pytest.TempPathFactory) -> Page:
    shared: dict[str, Any] = {"samples": 20, "seed": 0, "run": study.run(ranges, 20, 0)}
    frames = {name: getattr(analyses, name)(ranges, **shared)
              for name in ("outcomes", "multiplicity", "measure_ranges", "claims")}  # fmt: skip
    frames["base_case"] = analyses.base_case(ranges)
    written = write(ranges, frames, tmp_path_factory.mktemp("ranges"), provenance={})
    return read_page(Path(written).read_text(encoding="utf-8"))


def test_a_page_of_intervals_alone_speaks_of_no_draws_shares_or_means(page: Page) -> None:
    for name in ("answer", "solutions", "outcomes", "measures", "claims", "changes", "definitions", "limits"):
        text = page.sections[name]
        for word in (r"\bdraws?\b", "frequent", r"\bmeans? of\b", "standard error", "joint law"):
            assert not re.search(word, text, re.IGNORECASE), (name, word)
    for name in ("answer", "outcomes", "claims", "changes"):
        assert "%" not in page.sections[name]


def test_where_only_ranges_are_known_what_holds_everywhere_is_told_from_what_holds_somewhere(page: Page) -> None:
    # crash < prize / 2: only (hold, hold); beyond: the two of Chicken and the mixture
    listed = page.of("Where each outcome is a solution")
    claims = page.of("Claims")

    assert set(listed.column("It is")) == {"a solution at some of the points tried"}
    assert dict(zip(claims.column("Claim"), claims.column("At the points tried"), strict=True)) == {
        "They rarely crash": "open", "They crash or not": "in all solutions, everywhere",
    }  # fmt: skip
    assert (
        "They crash or not\u201d (simultaneous play) holds in every solution at every point" in page.sections["claims"]
    )
    assert "They rarely crash\u201d (simultaneous play) is open: it does not hold" in page.sections["claims"]
    assert "collision lies between 0 and 1" in page.sections["measures"]
    assert "changes from one point tried to another" in page.sections["outcomes"]
    assert "is not the only solution at every point tried" in page.sections["changes"]


def test_one_order_of_play_never_leaves_a_gap_where_draws_would_be_counted(page: Page) -> None:
    assert not re.search(r" of ,| in [,;.]", page.sentences[1])
    assert page.sentences[1].startswith("If the parameters may lie anywhere in their intervals, ")


def test_a_model_with_one_law_among_intervals_is_told_in_draws() -> None:
    model = small()

    assert not names_of(model).certain
    assert names_of(read(CHICKEN)).certain
    assert not names_of(read(CHICKEN.replace("kind: interval", "kind: uniform", 1))).certain


def test_orders_of_play_of_which_the_same_is_so_are_told_once() -> None:
    frame = pd.DataFrame({"order": ["row", "column", "row"], "value": [0.25, 0.25, 0.2500001]})
    frames = [frame, frame[frame["value"] < 0.25001].drop_duplicates("order")]
    sweeps = [Sweep("p", own, ("simultaneous", "row", "column"), 0.0, 1.0, 0.5, False, {}, {}) for own in frames]
    (twice,), (once,) = (tip(sweep, PLAIN) for sweep in sweeps)
    verdicts = pd.DataFrame([{"order": order, "parameter": "p", "total": 0.1, "noise_floor": 0.0, "verdict": "short"}
                             for order in ("row", "column")])  # fmt: skip

    assert "never changes in simultaneous play, changes twice when row moves first (at 0.25)" in twice
    assert "changes once when row moves first and when column moves first (at 0.25)" in once
    assert len(influence.driven(verdicts, PLAIN)) == 1
