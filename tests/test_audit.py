"""The commands that put a model under its whole uncertainty: what drives it, and how well its claims stand."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gametheory import analyses
from gametheory.cli.app import app
from gametheory.errors import UnknownNameError
from tests.test_analyses import PAYOFFS, chicken

RUNNER = CliRunner()


def test_an_audit_names_what_decides_a_claim_and_the_change_that_overturns_it() -> None:
    frame = analyses.audit(chicken(), samples=2048).set_index("claim")

    both = frame.loc["both_hold"]  # while p < t, and t lies between 0.2 and 0.3: p decides
    assert both["decided_by"][0] == "p"
    assert both["base"] == "all"
    assert both["all"] == pytest.approx(0.25, abs=3 * both["se"])
    assert "p from 0.2 to 0.25" in both["nearest"]  # at the central t
    assert both["distance"] == pytest.approx(0.05 * 12**0.5)  # spreads of the uniform law on [0, 1]


def test_an_audit_has_the_shares_of_the_claims_themselves() -> None:
    model = chicken()

    audited, claimed = analyses.audit(model, samples=512), analyses.claims(model, samples=512)

    for name in ("claim", "order", "all", "some", "none", "failed", "se"):
        assert audited[name].tolist() == claimed[name].tolist()


def test_the_record_of_sensitivity_holds_the_same_numbers_as_the_analyses() -> None:
    run = RUNNER.invoke(app, ["sensitivity", "reference_involvement", "--samples", "64", "--format", "json"])

    record = json.loads(run.stdout)
    assert run.exit_code == 0
    assert (record["samples"], record["seed"], record["order"], record["failed"]) == (64, 0, "simultaneous", 0.0)
    assert sum(record["multiplicity"].values()) == pytest.approx(1.0)
    assert all(row["lower"] <= row["upper"] for row in record["probabilities"])
    supports = [row for row in record["drivers"] if row["over"] == "supports"]
    assert sum(row["shapley"] for row in supports) == pytest.approx(1.0)
    assert all(row["first_ci"][0] <= row["first"] <= row["first_ci"][1] for row in supports)


def test_the_record_of_an_audit_has_one_entry_a_claim_of_every_model() -> None:
    run = RUNNER.invoke(app, ["audit", "reference_involvement", "--samples", "64", "--format", "json"])

    records = json.loads(run.stdout)
    assert run.exit_code == 0
    assert {row["model"] for row in records} == {"reference_involvement"}
    for row in records:
        assert row["all"] + row["some"] + row["none"] + row["failed"] == pytest.approx(1.0)
        assert isinstance(row["decided_by"], list)


def test_an_unknown_order_or_model_is_refused() -> None:
    wrong_order = RUNNER.invoke(app, ["sensitivity", "reference_involvement", "--order", "china", "--samples", "8"])
    no_model = RUNNER.invoke(app, ["audit", "no_such_model"])

    assert isinstance(wrong_order.exception, UnknownNameError)
    assert no_model.exit_code != 0


def test_too_few_samples_are_refused() -> None:
    run = RUNNER.invoke(app, ["sensitivity", "reference_involvement", "--samples", "2"])

    assert run.exit_code == 2


def test_what_speaks_for_a_claim_is_not_said_to_overturn_it() -> None:
    model = chicken(PAYOFFS.replace("-2 * p", "-4 * p"))  # most draws have several equilibria
    under = analyses.alternatives(model, samples=512)
    row = analyses.audit(model, samples=512, alternatives=under).set_index("claim").loc["nato_holds"]

    own = under[under["claim"] == "nato_holds"].set_index("alternative")
    assert own.loc["nato first", ["survives", "kept"]].tolist() == ["no", 1.0]  # it holds wherever it held, and more
    assert own.loc["nato first", "all"] > 2 * own.loc["nato first", "baseline_all"]
    assert "nato first" not in row["overturned_by"]
    assert "russia first" in row["overturned_by"]
    assert "it holds more often under nato first" in row["verdict"]


def test_at_an_edge_the_nearest_change_has_a_direction() -> None:
    model = chicken(PAYOFFS.replace("-4 * t", "-4 * (t - 0.05)"))  # at the centre p is as large as that
    row = analyses.audit(model, samples=64).set_index("claim").loc["both_hold"]

    assert row["nearest"].split(", however little")[0] in ("p from 0.2 up", "p from 0.2 down", "t from 0.25 up")
