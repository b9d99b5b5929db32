"""What is a model told whose parameters are intervals alone: all that needs no law, and what does?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gametheory import analyses
from gametheory.analyses import ANALYSES
from gametheory.cli.app import app
from gametheory.errors import InputError
from gametheory.reader import load
from tests.test_refusals_by_form import asked

CHICKEN = """\
format: gametheory/1
title: Ranges alone
question: Who gives way where only ranges are known?
form: strategic
players:
  row: {label: Row, actions: [hold, yield]}
  column: {label: Column, actions: [hold, yield]}
parameters:
  prize: {value: 2, law: {kind: interval, low: 1, high: 4}, unit: payoff, meaning: worth of the prize,
          source: analyst assumption, mark: A}
  crash: {value: 3, law: {kind: interval, low: 0.5, high: 6}, unit: payoff, meaning: cost of a crash,
          source: analyst assumption, mark: A}
payoffs:
  row: [[prize / 2 - crash, prize], [0, prize / 2]]
  column: [[prize / 2 - crash, 0], [prize, prize / 2]]
measures:
  collision: {probability: {row: [hold], column: [hold]}}
claims:
  no_crash: {text: They rarely crash, holds: {measure: collision, at_most: 0.2}}
  no_sure_crash: {text: They crash or not, holds: {measure: collision, at_most: 1}}
"""
NEED_LAWS = {
    "drivers", "response_curves", "response_indices", "profile_indices", "value_of_information", "forecast",
    "forecast_payoffs", "regional", "regional_curves", "set_dependence", "dependence_indices", "measure_shifts",
    "discovery", "discovery_trade_off", "discovery_tree",
}  # fmt: skip
SLOW = {"base_case", "radius", "least_change", "regions", "misperception", "misperception_outcomes", "alternatives"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ranges.yaml"
    path.write_text(CHICKEN, encoding="utf-8")
    return path


def printed(*arguments: str) -> Any:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result


def test_sensitivity_tells_sets_bounds_claims_and_tips_and_that_drivers_need_laws(file: Path) -> None:
    record = json.loads(printed("sensitivity", str(file), "--samples", "64", "--format", "json").stdout)

    # crash < prize / 2: only (hold, hold); beyond: the two of Chicken and the mixture
    ends = {", ".join(row["profile"]): (row["lower"], row["upper"]) for row in record["probabilities"]}
    assert ends == dict.fromkeys(["hold, hold", "hold, yield", "yield, hold", "hold+yield, hold+yield"], (0.0, 1.0))
    assert [(own["parameter"], own["value"]) for own in record["tips"]] == [("crash", pytest.approx(1.0))]
    assert "hold -> yield" in record["tips"][0]["binding"]
    assert record["measures"] == {"collision": [0.0, 1.0]}
    fares = {own["claim"]: (own["all"], own["some"], own["none"]) for own in record["claims"]}
    assert fares == {"no_crash": (0.0, 1.0, 0.0), "no_sure_crash": (1.0, 0.0, 0.0)}
    assert record["drivers"] == []
    assert record["multiplicity"] == {"none": 0.0, "one": 0.0, "several": 0.0, "varies": 1.0}
    assert "needs laws" in record["notes"][0]


def test_a_person_is_told_the_same_and_csv_lists_the_outcomes(file: Path) -> None:
    shown = printed("sensitivity", str(file), "--samples", "64").output
    rows = printed("sensitivity", str(file), "--samples", "64", "--format", "csv").stdout.splitlines()

    assert "claim no_crash: holds in some equilibria or at some points" in shown
    assert "claim no_sure_crash: holds in every equilibrium at every point solved" in shown
    assert "neither is a probability" in shown
    assert rows[0].startswith("order,profile,lower,upper")
    assert len(rows) == 5


def test_the_audit_and_the_claims_say_that_the_points_of_the_intervals_have_no_probability(file: Path) -> None:
    model = load(str(file))

    assert any("which have no probability" in note for note in analyses.claims(model, samples=64).attrs["notes"])
    told = printed("audit", str(file), "--samples", "64", "--alternatives", "0").output
    assert "which have no probability" in told
    assert "in some but not all in 100 %" in told


@pytest.mark.parametrize("name", [name for name in ANALYSES if name not in SLOW | {"audit", "claims"}])
def test_each_question_is_answered_or_says_that_it_needs_laws_and_what_does_not(name: str, file: Path) -> None:
    model = load(str(file))
    options = dict(asked(model, name))
    if "of" in options:
        options["of"] = "hold, yield" if name == "discovery_region" else "claim no_crash"
    if name not in NEED_LAWS | {"discovery_region"}:
        assert ANALYSES[name].function(model, **options).attrs["digest"] == model.digest
        return
    with pytest.raises(InputError) as refused:
        ANALYSES[name].function(model, **options)
    assert "without probability" in str(refused.value)
    if "needs laws" in str(refused.value):
        assert "outcomes, measure_ranges, claims, tip, regions and tornado" in str(refused.value)
