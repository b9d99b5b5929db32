"""Does the first screen name what is nearest, most frequent and marked, and show the figure that says most?"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from gametheory import analyses, study
from gametheory.figures import tree_outline
from gametheory.figures.critical_risk import _elasticity_message
from gametheory.reader import catalogue, load
from gametheory.report import robustness
from gametheory.report.changes import sweeps
from gametheory.report.overturning import nearest_changes
from gametheory.report.page import headline
from gametheory.report.phrases import names_of
from gametheory.report.ranging import ranging
from gametheory.report.texts import reading
from tests.test_page_answers import NAMES, base, outcomes, small


@pytest.mark.parametrize(("kinds", "drawn"), [(2, "most frequent outcome"), (1, "mean")])
def test_the_first_figure_of_equations_shows_kinds_of_solution_where_there_are_several(kinds: int, drawn: str) -> None:
    model = load(str(catalogue()["power_risk"]))
    shared: dict[str, Any] = {"samples": 40, "seed": 0, "run": study.run(model, 40, 0)}
    shares, ranges = analyses.outcomes(model, **shared), analyses.measure_ranges(model, **shared)
    few = shares.head(kinds)
    few.attrs = dict(shares.attrs)
    first = headline({"outcomes": [few], "measure_ranges": [ranges]}, names_of(model))

    assert first is not None
    assert drawn in first.message.lower()


def test_of_several_solutions_the_most_frequent_gives_the_share_that_it_has_itself() -> None:
    solved = base({"simultaneous": ["stay, stay", "go, go", "stay, go", "go, stay"]})
    shares = [("stay, stay", 0.0, 0.4), ("go, go", 0.3, 0.9), ("stay, go", 0.1, 0.5), ("go, stay", 0.0, 0.2)]
    rows = outcomes([("simultaneous", *own) for own in shares])
    said = ranging(small(), solved, {"outcomes": [rows]}, NAMES)

    assert "the most frequent of the central solutions stays in 30.0% to 90.0% of 1,000 draws" in said


def test_the_nearest_change_is_the_nearest_in_spreads_of_the_laws() -> None:
    model = load(str(catalogue()["reference_involvement"]))
    varied = [name for name, own in model.parameters.items() if own.law.kind != "fixed"]
    with study.without_parameter_warnings():
        found = sweeps([analyses.tip(model, name) for name in varied], model)
        least = analyses.least_change(model, order="simultaneous")
    nearest = nearest_changes(found)[0]
    alone = least[least["kind"] != "several"].sort_values("distance").iloc[0]

    assert nearest.parameter == alone["parameter"]
    assert nearest.distance == pytest.approx(alone["distance"], rel=1e-6)


def test_marks_that_the_first_screen_names_are_explained_and_no_others() -> None:
    said = reading(["If p (mark R) rises from 1 to 2."], certain=False)

    assert "Mark R: recalled" in said
    assert "Mark A" not in said


def test_a_measure_that_rounding_puts_beside_a_bound_keeps_to_it() -> None:
    model = load("unilateral_deterrence")
    shares = analyses.claims(model, samples=150, seed=0).set_index("claim")

    assert shares.loc["deterrence_holds", "none"] == 0.0  # nobody demands in one solution of every draw
    assert shares.loc["deterrence_holds", "all"] == pytest.approx(shares.loc["deterrence_fails", "none"], abs=1e-12)


def test_a_list_of_moved_parameters_counts_those_that_move_by_less_than_is_shown() -> None:
    names = ["a", "b", "c", "d"]
    row = pd.Series({f"at_{name}": value for name, value in zip(names, (2.0, 1.5, 1.0000001, 1.0), strict=True)})
    said = robustness._moved(row, dict.fromkeys(names, 1.0), dict.fromkeys(names, 1.0), NAMES)

    assert said == "a is 2 instead of 1, b is 1.5 instead of 1 and another moves less"


def test_a_steep_elasticity_is_told_for_a_small_step() -> None:
    frame = pd.DataFrame([("row", "p", -332.0)], columns=["player", "parameter", "elasticity"])

    said = _elasticity_message(frame, None)
    assert said == "Most sensitive: 0.01 per cent more of p lowers a critical risk of row by about 3.32 per cent"


def test_lines_of_sets_that_run_side_by_side_never_share_a_lane() -> None:
    tree = load("unilateral_deterrence").trees().tree
    joined, lanes = tree_outline._joined(tree), tree_outline._lanes(tree)

    assert len(joined) > 4
    for (one, own), (other, its) in combinations(zip(joined, lanes, strict=True), 2):
        if min(one) <= max(other) and min(other) <= max(one):
            assert own != its
