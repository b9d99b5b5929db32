"""Every question about the uncertainty can be put on the command line, and the columns that are shown are there."""

from __future__ import annotations

import inspect
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from gametheory.analyses import ANALYSES
from gametheory.cli import app
from gametheory.cli.asking import SHOWN
from gametheory.errors import InputError, UnknownNameError
from gametheory.model import Model
from gametheory.reader import load

RUN = CliRunner()
CLAIM = "claim troops_force_retreat"
NEEDS = {"discovery": CLAIM, "discovery_trade_off": CLAIM, "discovery_region": "surge, carry_on"}


@pytest.fixture(scope="module")
def model() -> Model:
    return load("reference_involvement")


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_a_question_has_the_columns_that_a_person_is_shown(name: str, model: Model) -> None:
    function = ANALYSES[name].function
    known = inspect.signature(function).parameters
    options: dict[str, Any] = {"samples": 640 if name == "measure_shifts" else 160} if "samples" in known else {}
    if name in NEEDS:
        options["of"] = NEEDS[name]

    frame = function(model, **options)

    assert set(SHOWN[name].split()) <= set(frame.columns)


def test_a_question_is_answered_as_python_answers_it(model: Model) -> None:
    asked = ["sensitivity", "reference_involvement", "--about", "forecast", "--samples", "64", "--format", "json"]
    printed = json.loads(RUN.invoke(app.app, asked).stdout)

    frame = ANALYSES["forecast"].function(model, samples=64, seed=0)
    assert [row["lower"] for row in printed["rows"]] == frame["lower"].tolist()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--about", "discovery"], "say of what with --of"),
        (["--about", "drivers", "--of", CLAIM], "does not ask for it"),
        (["--of", CLAIM], "goes with --about"),
    ],
)
def test_what_does_not_go_together_is_refused(more: list[str], said: str) -> None:
    result = RUN.invoke(app.app, ["sensitivity", "reference_involvement", "--samples", "64", *more])

    assert isinstance(result.exception, InputError)
    assert said in str(result.exception)


def test_an_event_that_the_model_does_not_have_is_refused_with_those_it_has() -> None:
    asked = ["sensitivity", "reference_involvement", "--about", "discovery", "--of", "claim nothing"]
    result = RUN.invoke(app.app, asked)

    assert isinstance(result.exception, UnknownNameError)
    assert "troops_force_retreat" in str(result.exception)
