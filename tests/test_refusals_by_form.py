"""Does every question either answer a model of each form, or say of which form it is, why not, and what to ask?"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from gametheory.analyses import ANALYSES
from gametheory.analyses.asked import INSTEAD
from gametheory.errors import InputError
from gametheory.model import Model
from gametheory.reader import load, read
from tests.test_analytic import model as equations
from tests.test_extensive_answers import ENTRY

EQUATIONS = """
unknowns: {x: {low: 0, high: 1, meaning: m}}
equations: {e: 2 * x = p}
regimes: {high: x > 0.2, low: x <= 0.2}
measures: {x: {expected: x}}
claims: {little: {text: It is little, holds: {measure: x, at_most: 0.2}}}
"""
TREES_TOO = {
    "base_case", "flips", "tip", "drivers", "response_curves", "response_indices", "profile_indices", "outcomes",
    "multiplicity", "measure_ranges", "claims", "regional", "regional_curves", "set_dependence", "dependence_indices",
    "measure_shifts", "discovery", "discovery_trade_off", "discovery_tree", "audit",
}  # fmt: skip
ANSWERED = {"extensive": TREES_TOO, "analytic": TREES_TOO - {"flips"}}
PROFILES = {"strategic": "surge, carry_on", "extensive": "in, acquiesce", "analytic": "high"}


@cache
def of_form(form: str) -> Model:
    if form == "strategic":
        return load("reference_involvement")
    return read(ENTRY) if form == "extensive" else equations(EQUATIONS, p=(0.5, 0.0, 1.0), q=(0.5, 0.0, 1.0))


def asked(model: Model, name: str) -> Mapping[str, Any]:
    """The options that a question cannot do without, and small samples."""
    known = inspect.signature(ANALYSES[name].function).parameters
    moving = [own for own in model.parameters if model.parameters[own].law.kind != "fixed"]
    options = {"parameter": moving[0], "x": moving[0], "y": moving[-1], "samples": 640 if "bins" in known else 160}
    options["of"] = PROFILES[model.form] if name == "discovery_region" else f"claim {next(iter(model.claims))}"
    if name == "flips" or ("of" in known and known["of"].default is not inspect.Parameter.empty):
        options.pop("of")
    return {option: value for option, value in options.items() if option in known and name != "flips"}


@pytest.mark.parametrize("form", ["strategic", "extensive", "analytic"])
@pytest.mark.parametrize("name", [name for name in ANALYSES if name not in ("audit", "tip", "regions")])
def test_a_question_is_answered_or_refused_with_the_form_the_reason_and_what_to_ask(name: str, form: str) -> None:
    model = of_form(form)
    if form == "strategic" and name in (
        "base_case",
        "radius",
        "least_change",
        "region_areas",
        "misperception_outcomes",
    ):
        return  # answered in files of their own, and slow
    if form == "strategic" or name in ANSWERED[form]:
        frame = ANALYSES[name].function(model, **asked(model, name))
        assert frame.attrs["digest"] == model.digest
        return
    with pytest.raises(InputError) as refused:
        ANALYSES[name].function(model, **asked(model, name))
    words = str(refused.value)
    assert re.search(rf"of form '{form}': [a-z]", words)
    assert re.search(r" needs a table of payoffs | compares orders of play", words)
    instead = re.search(r"ask for (.*) instead", words)
    assert instead is not None
    told = set(re.findall(r"[a-z_]+", instead[1])) & set(ANALYSES)
    assert told
    assert told <= ANSWERED[form]


def test_what_is_put_in_place_of_a_refused_question_is_told_for_each_of_them() -> None:
    refused = {name for name in ANALYSES if name not in TREES_TOO}

    assert refused - set(INSTEAD) == {"misperception_outcomes"}  # which asks as misperception does
