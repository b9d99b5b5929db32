"""Does a change in a script give the model that the changed file would give, and nothing else?"""

from __future__ import annotations

import difflib
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from gametheory.errors import GameTheoryError, InputError, ModelError, UnknownNameError
from gametheory.reader import catalogue, edited, load, read
from gametheory.solvers import solve


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_without_changes_the_file_stays_as_it_is(name: str) -> None:
    model = load(name)

    same = edited(model, {})

    assert same.digest == model.digest
    moved = [line for line in difflib.ndiff(model.text.splitlines(), same.text.splitlines()) if line[0] in "+-"]
    assert len(moved) <= len(model.text.splitlines()) / 10  # wide spaces and folded lines are written alike


def test_a_change_gives_the_model_of_the_changed_file() -> None:
    model = load("reference_involvement")
    law = {"kind": "uniform", "low": 0.2, "high": 0.9}
    risk = "parameters.escalation_risk"

    new = edited(model, {f"{risk}.value": np.float64(0.25), f"{risk}.law": law, "title": "Mine"})

    assert new.title == "Mine"
    assert new.parameters["escalation_risk"].value == 0.25
    assert new.parameters["escalation_risk"].law.describe() == "uniform on [0.2, 0.9]"
    assert new.digest == read(new.text).digest != model.digest
    assert "edited" in new.path
    assert model.parameters["escalation_risk"].value != 0.25


def test_a_decimal_stays_exact_and_entries_come_and_go() -> None:
    model = load("reference_involvement")
    claim = {"text": "NATO stays below troops", "holds": {"order": "nato", "expect": {"nato": ["concede"]}}}

    new = edited(model, {"parameters.escalation_risk.value": 0.1, "claims.below_troops": claim})
    old = edited(new, {"claims.below_troops": None})

    assert new.parameters["escalation_risk"].exact == Fraction(1, 10)
    assert "below_troops" in new.claims
    assert old.claims.keys() == model.claims.keys()


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"parameters.escalation_rik.value": 1}, UnknownNameError, "parameters has no 'escalation_rik'; did you mean"),
        ({"nothing.at.all": 1}, UnknownNameError, "the file has no 'nothing'; the entries are format"),
        ({"claims.unknown": None}, UnknownNameError, "claims has no 'unknown'"),
        ({"": 1}, InputError, "'': expected a place of the file"),
        ({"parameters..value": 1}, InputError, "expected a place of the file"),
        ({1: 2}, ModelError, "unknown key"),
        ({"players.nato.actions.\u0663": "x"}, UnknownNameError, "players.nato.actions is a list"),
        ({"title.short": "x"}, InputError, "title holds .* and no entries"),
        ({"players.nato.actions.9": "x"}, UnknownNameError, "players.nato.actions is a list; .* found '9'"),
        (
            {"parameters.escalation_risk.value": Fraction(1, 3)},
            InputError,
            "value: 'Fraction', expected",
        ),
        ({"parameters.escalation_risk.value": {1, 2}}, InputError, "escalation_risk.value: 'set', expected a number"),
        ({"parameters.escalation_risk.value": 5}, ModelError, "value 5 lies outside its law"),
        ({"parameters.escalation_risk": None}, ModelError, "no parameter, table or quantity named 'escalation_risk'"),
        ({"payoffs.nato": "1 +"}, ModelError, "payoffs.nato"),
    ],
)
def test_a_wrong_change_is_told_with_its_place(changes: dict[str, Any], kind: type, words: str) -> None:
    model = load("reference_involvement")
    digest = model.digest

    with pytest.raises(kind, match=words):
        edited(model, changes)

    assert issubclass(kind, GameTheoryError)
    assert model.digest == digest


def test_a_parameter_whose_value_and_text_part_ways_is_refused() -> None:
    risk = load("reference_involvement").parameters["escalation_risk"]

    with pytest.raises(InputError, match=r"escalation_risk: value 0\.5 .* text '.*'; .* edited"):
        replace(risk, value=0.5)


@pytest.mark.parametrize(
    ("given", "words"), [("model", r"its games\(\), trees\(\)"), ("array", "'list', expected a batch")]
)
def test_solving_what_is_no_batch_of_games_says_what_to_hand_over(given: str, words: str) -> None:
    games: Any = load("reference_involvement") if given == "model" else [[1, 2], [3, 4]]

    with pytest.raises(InputError, match=words):
        solve(games)
