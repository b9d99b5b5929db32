"""The commands that put a model under its whole uncertainty: what drives it, and how well its claims stand."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from gametheory import analyses
from gametheory.cli.app import app
from gametheory.errors import UnknownNameError
from tests.test_analyses import chicken

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
