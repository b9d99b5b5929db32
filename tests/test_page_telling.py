"""Does a page tell what it rests on: numbers by their meaning, shares with their draws, files with what is said?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from gametheory import analyses
from gametheory.model import Model
from gametheory.reader import read
from gametheory.report import analyse, decisions, standing
from gametheory.report.amounts import amount
from gametheory.report.phrases import Names, names_of
from gametheory.report.pictures import Picture
from gametheory.report.section import fewer
from gametheory.report.unknowns import unknowns
from tests.pages import Page, read_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PLAIN = Names(("row", "column"))

EQUATIONS = """\
format: gametheory/1
title: Two budgets
form: analytic
players:
  one: {label: One}
  two: {label: Two}
parameters:
  fear: {value: 0.6, law: {kind: uniform, low: 0.1, high: 1.5}, unit: points, meaning: a number, source: s, mark: A}
  grievance: {value: 1, law: {kind: uniform, low: 0, high: 3}, unit: points, meaning: a number, source: s, mark: A}
unknowns:
  x: {low: 0, high: 20, meaning: percent of output that One spends}
  y: {low: 0, high: 20, meaning: percent of output that Two spends}
equations:
  first: x = fear * sqrt(y) + 1
  second: y = grievance + 0.5 * x
measures:
  spent: {expected: x}
claims:
  low: {text: One settles below three, holds: {measure: spent, at_most: 3}}
"""
TABLE = """\
format: gametheory/1
title: Stand or yield
form: strategic
players:
  row: {label: Row, actions: [yield_first, stand]}
  column: {label: Column, actions: [give_way, hold]}
parameters:
  war_risk: {value: 3, law: {kind: uniform, low: 0.5, high: 9}, unit: units, meaning: a number, source: s, mark: A}
  prize: {value: 2, law: {kind: uniform, low: 1, high: 4}, unit: units, meaning: a number, source: s, mark: R}
payoffs:
  row: [["0", "-1"], ["prize", "1 - war_risk"]]
  column: [["0", "prize"], ["-1", "1 - war_risk"]]
measures:
  war: {probability: {row: [stand], column: [hold]}}
claims:
  row_stands: {text: Row stands, holds: {order: simultaneous, expect: {row: [stand]}}}
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for name, text in (("equations", EQUATIONS), ("table", TABLE)):
        folder = tmp_path_factory.mktemp(name)
        analyse(read(text), folder, samples=300, base_points=64)
        found[name] = folder
    return found


def page_of(folder: Path) -> Page:
    return read_page((folder / "index.html").read_text(encoding="utf-8"))


# Numbers that equations determine


def by_brackets(fear: float, grievance: float) -> tuple[float, float]:
    y = brentq(lambda y: y - grievance - 0.5 * (fear * np.sqrt(y) + 1), 0, 20)
    return fear * np.sqrt(y) + 1, y


def test_the_ranges_of_unknowns_are_those_of_solving_each_draw_by_itself() -> None:
    model = read(EQUATIONS)
    draws = model.sample(200, seed=3)
    solved = np.array([by_brackets(own.fear, own.grievance) for own in draws.itertuples()])

    frame = unknowns(model, 200, seed=3).set_index("unknown")

    for place, name in enumerate(("x", "y")):
        own = solved[:, place]
        told = frame.loc[name, ["least", "lower", "middle", "upper", "greatest"]].astype(float)
        assert np.allclose(told, [own.min(), *np.quantile(own, [0.05, 0.5, 0.95]), own.max()], atol=1e-7)


def test_no_median_is_told_where_a_draw_has_several_solutions() -> None:
    text = EQUATIONS.replace("x = fear * sqrt(y) + 1", "(x - 2) * (x - 3 - fear) = 0")

    frame = unknowns(read(text), 50).set_index("unknown")

    assert frame.loc["x", "least"] == pytest.approx(2)
    assert float(frame.loc["x", "greatest"]) > 3
    assert frame["middle"].isna().all()


def test_intervals_give_the_ends_of_the_points_tried_and_no_share_of_draws(tmp_path: Path) -> None:
    model = read(EQUATIONS.replace("kind: uniform", "kind: interval"))
    frame = unknowns(model, 400).set_index("unknown")
    low, high = by_brackets(0.1, 0)[0], by_brackets(1.5, 3)[0]

    assert low <= float(frame.loc["x", "least"]) < low + 0.3
    assert high - 0.5 < float(frame.loc["x", "greatest"]) <= high
    assert frame["lower"].isna().all()
    over = read_page(analyse(model, tmp_path, samples=20, base_points=64).read_text(encoding="utf-8")).sentences[1]
    assert re.search(r"64 points tried put x \(.*?\) between [\d.]+ and [\d.]+", over)
    assert "draw" not in over


def test_equations_without_a_solution_have_no_range() -> None:
    frame = unknowns(read(EQUATIONS.replace("x = fear", "x + 50 = fear")), 20)

    assert frame.attrs["solved"] == 0
    assert frame["upper"].isna().all()


def test_the_first_screen_of_equations_gives_each_unknown_with_meaning_value_and_range(
    folders: dict[str, Path],
) -> None:
    page = page_of(folders["equations"])
    x, y = by_brackets(0.6, 1)

    central, over, change = page.sentences
    assert f"x (percent of output that One spends) is {x:.3g}" in central
    assert f"y (percent of output that Two spends) is {y:.3g}" in central
    assert re.search(r"put x \(percent .*?\) between [\d.]+ and [\d.]+ and y \(percent", over)
    assert "64 draws" in over
    assert "nothing" not in over
    assert change.startswith("The answer changes in kind if ")
    assert "may move their values" in change
    assert all("percent of output" in head for head in page.of("All solutions").heads[1:3])


# Shares, claims and files


def test_shares_of_fewer_draws_name_their_number_and_error(folders: dict[str, Path]) -> None:
    page = page_of(folders["table"])

    for section in ("alternatives", "choices", "choices-2"):
        assert "From 64 draws: a share near one half has a standard error of 6.2 points." in page.sections[section]
    assert re.search(r"in every solution in [\d.]+% of 64 draws \u00b1 \d", page.sections["alternatives"])
    assert fewer(pd.DataFrame()) == ""


def test_a_claim_that_all_draws_bear_out_has_no_error_of_zero() -> None:
    row = {"claim": "c", "alternative": "other", "family": "concept", "survives": "yes", "kept": 1.0, "all": 1.0}
    shares = {"some": 0.0, "none": 0.0, "baseline_all": 1.0, "baseline_some": 0.0, "baseline_none": 0.0}
    frame = pd.DataFrame([row | shares])

    said = standing._survival("Row stands", frame, PLAIN, 64)

    assert "in 100% of 64 draws)" in said
    assert "1 of 1 alternative" in said


def test_what_becomes_of_claims_is_counted_by_the_rule_of_the_sentences(folders: dict[str, Path]) -> None:
    page = page_of(folders["table"])
    frame = pd.read_csv(folders["table"] / "frames" / "alternatives.csv")
    listed = page.of("What the alternatives assume")

    assert listed.rows
    for name, told in zip(listed.column("Alternative"), listed.column("Answers of claims"), strict=True):
        own = frame[frame["alternative"].str.replace("_", " ").str.lower() == name.replace("_", " ").lower()]
        counts = dict(part.split(" ", 1)[::-1] for part in told.split(", "))
        assert sum(map(int, counts.values())) == len(own)
        for survives, words in standing.STAYS.items():
            assert int(counts.get(words, 0)) == int((own["survives"] == survives).sum())


def test_a_change_of_a_claim_says_what_it_becomes() -> None:
    row = {"nearest": "spill from 0.01 to 0.008 (0.08 spreads), beyond which it holds in all of the equilibria"}

    assert standing._nearest(row) == ("spill from 0.01 to 0.008", "all")
    assert standing._nearest({"nearest": ""}) == ("none found within the laws", "\u2013")


def test_rows_said_to_be_in_a_file_are_there(folders: dict[str, Path]) -> None:
    html = (folders["table"] / "index.html").read_text(encoding="utf-8")
    for name in set(re.findall(r"frames/(\w+\.csv)", html)):
        assert (folders["table"] / "frames" / name).is_file()
    frame = pd.read_csv(folders["table"] / "frames" / "break_even.csv")
    without = int(frame["value"].isna().sum())
    if without:
        assert re.search(rf"{without} other steps? ha(s|ve) no such value: frames/break_even.csv", html)
    assert "a page that is sent alone comes without it" in html


# Reading


@pytest.mark.parametrize("form", ["equations", "table"])
def test_sentences_never_write_powers_of_ten(form: str, folders: dict[str, Path]) -> None:
    text = page_of(folders[form]).text

    assert not re.search(r"\d(?:\.\d+)?e-0\d", text.split("The marks say")[0])


def test_amounts_keep_three_digits_of_any_size() -> None:
    for value in np.random.default_rng(0).lognormal(0, 8, 500):
        text, unit, _ = amount(float(value)).replace(",", "").partition(" millionth")
        assert float(text) * (1e-6 if unit else 1) == pytest.approx(value, rel=0.0051)
        assert "e" not in text or not 1e-9 <= value < 1e12


def test_every_note_on_method_stands_there_behind_a_line_that_opens(folders: dict[str, Path]) -> None:
    page = page_of(folders["table"])
    words = " ".join(page.sections["radius"].split())

    for note in analyses.radius(read(TABLE)).attrs["notes"]:
        assert note[1:].rstrip(".") in words
    assert "Notes on method" in words


def test_a_player_whose_label_begins_with_an_article_has_it_once() -> None:
    names = names_of(labelled("The West"))

    assert names.plain("The West holds; the West's payoff") == "The West holds; the West's payoff"


def labelled(label: str) -> Model:
    return read(TABLE.replace("label: Row", f"label: {label}").replace("title: Stand", "title: Does the West stand"))


SLIDING = """[...document.querySelectorAll('.scroll')]
    .filter(own => own.scrollWidth > own.clientWidth + 1)
    .map(own => [own.getAttribute('aria-label'), own.previousElementSibling])
    .map(([name, hint]) => [name, Boolean(hint?.matches('.hint') && hint.checkVisibility())])"""


@pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: the page was not tested in Chromium")
@pytest.mark.parametrize("form", ["equations", "table"])
def test_no_table_is_cut_on_a_laptop_and_each_that_slides_on_a_phone_says_so(
    form: str, folders: dict[str, Path], browser: Browser
) -> None:
    for width in (1280, 390):
        view = browser.new_page(viewport={"width": width, "height": 800})
        view.goto((folders[form] / "index.html").as_uri())
        view.evaluate("document.querySelectorAll('details').forEach(own => own.open = true)")
        cut = view.evaluate(SLIDING)
        assert width < 1280 or not cut
        assert all(hinted for _, hinted in cut), cut


def test_each_player_is_told_of_its_own_threshold() -> None:
    model = read(TABLE)
    parts = [analyses.choices(model, player=player, samples=64) for player in ("row", "column")]
    own = [part.attrs["thresholds"]["simultaneous"] for part in parts]
    parts[1].attrs["thresholds"] = {order: value + 0.25 for order, value in parts[1].attrs["thresholds"].items()}

    sections = decisions.choices({"choices": parts}, names_of(model))

    notes = [next(block.note for block in section.blocks if isinstance(block, Picture)) for section in sections]
    assert amount(own[0]) in notes[0].split("The threshold")[1]
    assert amount(own[1] + 0.25) in notes[1].split("The threshold")[1]
    assert amount(own[0]) not in notes[1].split("The threshold")[1]
