"""Is the least that an honest answer must hold on the page: assumptions, all equilibria, and what would change them?

Each of the eight points is looked for by its content, in numbers that are found again by another way.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from gametheory import analyses, study
from gametheory.model import Model
from gametheory.reader import catalogue, load, read
from gametheory.report import analyse, write
from tests.pages import Page, read_page

MARKS = {"V", "R", "D", "A"}
SHARE = re.compile(r"\d[\d.]*% \u00b1 \d")
TREES, EQUATIONS = "asymmetric_escalation", "power_risk"

MODEL = """\
format: gametheory/1
title: Stand or yield
question: Does the threat of war hold the other side back?
form: strategic
players:
  row: {label: Row, actions: [yield_first, stand]}
  column: {label: Column, actions: [give_way, hold]}
parameters:
  war_risk:
    value: 3
    law: {kind: uniform, low: 0.5, high: 9}
    unit: units
    meaning: what war costs
    source: an example
    mark: A
    label: Risk of war
  prize: {value: 2, law: {kind: uniform, low: 1, high: 4}, unit: units, meaning: the stake, source: a table, mark: R}
payoffs:
  row: [["0", "-1"], ["prize", "1 - war_risk"]]
  column: [["0", "prize"], ["-1", "1 - war_risk"]]
measures:
  war: {probability: {row: [stand], column: [hold]}}
claims:
  row_stands: {text: Row stands, holds: {order: row, expect: {row: [stand]}}}
"""


@pytest.fixture(scope="module")
def model() -> Model:
    return read(MODEL)


@pytest.fixture(scope="module")
def page(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Page:
    return made(model, tmp_path_factory.mktemp("page"))


def made(model: Model, folder: Path, samples: int = 400) -> Page:
    return read_page(analyse(model, folder, samples=samples, base_points=64).read_text(encoding="utf-8"))


def assumptions_are_listed_with_marks(page: Page, model: Model) -> None:
    listed = page.of("Parameters: what is assumed")

    assert len(listed.rows) == len(model.parameters)
    assert listed.column("Mark") == [own.mark for own in model.parameters.values()]
    assert listed.column("Law") == [own.law.describe() for own in model.parameters.values()]
    for row, own in zip(listed.column("Source"), model.parameters.values(), strict=True):
        assert row.startswith(own.source)
    assert {name for name in MARKS if f" {name} " in f" {page.sections['assumptions']} "} == MARKS


def every_equilibrium_is_listed(page: Page, model: Model) -> None:
    listed, solved = page.of("All solutions at the central values"), analyses.base_case(model)

    assert len(listed.rows) == len(solved)
    assert set(listed.column("Verdict")) == set(solved["verdict"])


def shares_have_standard_errors(page: Page, model: Model) -> None:
    shares = page.of("Share of the draws in which each outcome is a solution")
    assert all(SHARE.match(cell) for cell in shares.column("Lower: the only solution"))
    assert all(SHARE.match(cell) or cell == "the same" for cell in shares.column("Upper: one of the solutions"))
    claims = page.of("Claims")
    assert len(claims.rows) == len(model.claims)
    for holds, fails in zip(*(claims.column(name) for name in ("In all", "In none")), strict=True):
        assert SHARE.match(holds)
        assert fails.endswith("%")


def drivers_are_named_with_their_interplay(page: Page, model: Model) -> None:
    said, table = page.sections["drivers"], page.of("Drivers of every question")

    assert "alone or together with others" in said
    named = " ".join(table.column("Largest drivers"))
    assert re.search(r"\d%", named)
    assert set(table.column("Sample suffices")) <= {"yes", "no"}
    assert len(model.parameters) > 0


def what_would_change_it_is_told(page: Page) -> None:
    assert re.search(r"(rose|fell) from [-\d.,]+ to [-\d.,]+", page.sections["changes"])
    assert re.match("The answer changes (in kind )?if ", page.sentences[2])
    assert re.search(r"\(mark [VRDA]\) (rises|falls) from ", page.sentences[2])


def test_1_every_assumption_stands_there_with_source_and_mark(page: Page, model: Model) -> None:
    assumptions_are_listed_with_marks(page, model)


def test_2_every_equilibrium_stands_there_with_its_tags(page: Page, model: Model) -> None:
    every_equilibrium_is_listed(page, model)
    listed, solved = page.of("All solutions at the central values"), analyses.base_case(model)
    assert listed.column("Tags") == [tags or "\u2013" for tags in solved["tags"]]
    for tag in {tag for tags in solved["tags"] for tag in tags.split(", ") if tag}:
        assert f"{tag}: " in page.sections["solutions"]
    assert {"payoff-dominant", "strict"} & set(", ".join(solved["tags"]).split(", "))


def test_3_what_each_order_of_play_leads_to_stands_there(page: Page, model: Model) -> None:
    listed = page.of("Outcome and payoffs by order of play")
    flips = analyses.flips(model)

    assert len(listed.rows) == len(flips)
    assert {"Simultaneous play", "Row first", "Column first"} <= {row[0] for row in listed.rows}
    said = [" | ".join(part.replace(" / ", ", ") for part in cell.split("; or ")) for cell in listed.column("Outcome")]
    assert said == [text.replace("_", " ") for text in flips["outcome"]]


def test_4_break_even_values_pay_both_actions_alike(page: Page, model: Model) -> None:
    values = page.of("Break-even values of ")
    (moved,) = [name for name in values.heads if name in {"Risk of war", "Prize"}]
    name = {"Risk of war": "war_risk", "Prize": "prize"}[moved]

    assert values.rows
    for value, player, step, against in zip(
        *(values.column(head) for head in (moved, "Player", "Step", "Against")), strict=True
    ):
        payoffs = model.games(**{name: float(value)}).payoffs[0]
        own, other = (0, 1) if player == "Row" else (1, 0)
        steps = [[action.replace("_", " ") for action in model.players[k].actions] for k in (own, other)]
        place = steps[1].index(against)
        table = payoffs[own] if own == 0 else payoffs[own].T
        first, last = (table[steps[0].index(action), place] for action in step.split(" \u2192 "))
        assert np.isclose(first, last, atol=1e-6)


def test_5_shares_of_the_uncertainty_stand_there_with_their_errors(page: Page, model: Model) -> None:
    shares_have_standard_errors(page, model)


def test_6_the_most_influential_parameters_stand_there_with_their_interplay(page: Page, model: Model) -> None:
    drivers_are_named_with_their_interplay(page, model)


def test_7_the_regret_of_every_action_of_every_player_stands_there(page: Page, model: Model) -> None:
    for player in model.players:
        listed = page.of(f"Regret of every action of {player.label}")
        told = {(row[0], row[1]) for row in listed.rows}
        actions = {action.replace("_", " ") for action in player.actions}
        assert told == {(order, action) for order in ("Simultaneous play", "Row first", "Column first")
                        for action in actions}  # fmt: skip
        assert all(float(cell.split(" to ")[0]) >= 0.0 for cell in listed.column("Largest"))


def test_8_what_would_change_the_answer_stands_there(page: Page) -> None:
    what_would_change_it_is_told(page)


@pytest.mark.parametrize("name", [pytest.param(TREES, marks=pytest.mark.slow), EQUATIONS])
def test_pages_of_other_forms_hold_what_has_a_meaning_there(name: str, tmp_path: Path) -> None:
    model = load(str(catalogue()[name]))
    page = made(model, tmp_path, samples=64)

    assumptions_are_listed_with_marks(page, model)
    every_equilibrium_is_listed(page, model)
    shares_have_standard_errors(page, model)
    drivers_are_named_with_their_interplay(page, model)
    what_would_change_it_is_told(page)
    speaks_of_its_form_alone(page, model)


def test_a_page_of_a_tree_speaks_of_trees_alone(tmp_path: Path) -> None:
    model = load(str(catalogue()[TREES]))
    drawn = {"samples": 10, "run": study.run(model, 10, 0)}
    frames = {name: getattr(analyses, name)(model, **drawn) for name in ("outcomes", "multiplicity", "measure_ranges")}
    frames |= {name: getattr(analyses, name)(model) for name in ("base_case", "flips")}
    with study.without_parameter_warnings():
        frames["tip"] = analyses.tip(model, "challenger_resolve", order="all", points=16)
    page = read_page(write(model, frames, tmp_path, provenance={}).read_text(encoding="utf-8"))

    every_equilibrium_is_listed(page, model)
    speaks_of_its_form_alone(page, model)
    assert len(page.of("Outcome and payoffs by kind of play").rows) == len(analyses.flips(model))


def speaks_of_its_form_alone(page: Page, model: Model) -> None:
    """No word, column or definition of a table of payoffs, and what has no meaning here is said to be left out."""
    missing = "What needs a table of payoffs over actions, such as regrets, break-even values"
    heads = {head for table in page.tables for head in table.heads}

    assert missing in page.sections["payoffs"]
    assert ("so are orders of play" in page.sections["payoffs"]) == (model.form == "analytic")
    assert not heads & {"Follower's tie", "Index / component", "Order of play"}
    for word in ("critical risk", "margin", "break-even value", "action, strategy"):
        assert word not in page.sections["definitions"]
    for words in ("pure actions", "Break-even", "nobody knows", "first moves"):
        assert words not in page.sections["limits"]
    assert not raw_names(page, model)
    assert "critical-risk" not in page.sections
    if model.form == "analytic":  # one kind of play, which is not told from others
        assert not re.search(
            r"In equilibrium[,:]|\(equilibrium\)|orders? of play[,;.]", listed(page, ("claims", "tips"))
        )


def listed(page: Page, names: tuple[str, ...]) -> str:
    """The words of some sections."""
    return " ".join(page.sections.get(name, "") for name in names)


def raw_names(page: Page, model: Model) -> list[str]:
    """Names of the model file that stand raw in the sections on answers; formulas and names of files may."""
    formulas = {
        cell
        for own in page.tables
        if own.caption in {"The equations and the formulas in them", "How solutions are named"}
        for row in own.rows
        for cell in row
    }
    sections = {
        name: text for name, text in page.sections.items() if name not in {"assumptions", "provenance", "definitions"}
    }
    text = " ".join(sections.values())
    for cell in sorted(formulas, key=len, reverse=True):
        text = text.replace(cell, " ")
    names = {*model.parameters, *model.measures, *(name for _, own in model.axes for name in own), *model.claims}
    return [name for name in names if "_" in name and re.search(rf"(?<![\w/]){re.escape(name)}(?![\w.])", text)]
