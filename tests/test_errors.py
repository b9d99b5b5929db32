"""Do errors say what is wrong, and are they the builtins that callers already catch?"""

from __future__ import annotations

import pickle

import pytest

from gametheory import errors
from gametheory.errors import FormulaError, InputError, ModelError, Problem, did_you_mean


@pytest.mark.parametrize(
    ("name", "builtin"),
    [
        ("ModelError", ValueError),
        ("FormulaError", ValueError),
        ("InputError", ValueError),
        ("UnknownNameError", LookupError),
        ("MissingFileError", FileNotFoundError),
        ("ComputationError", RuntimeError),
    ],
)
def test_every_error_is_ours_and_a_builtin(name: str, builtin: type[Exception]) -> None:
    kind = getattr(errors, name)

    assert issubclass(kind, errors.GameTheoryError)
    assert issubclass(kind, builtin)


def test_an_unknown_name_shows_its_sentence_and_not_its_repr() -> None:
    assert str(errors.UnknownNameError("no parameter named 'x'")) == "no parameter named 'x'"
    assert str(errors.MissingFileError("no file 'x'")) == "no file 'x'"


def test_a_model_error_lists_every_problem_and_counts_them() -> None:
    error = ModelError([Problem("a.yaml", 3, 5, "title: is missing"), Problem("a.yaml", 9, 1, "form: is missing")])

    assert str(error).splitlines() == [
        "a.yaml:3:5: error: title: is missing",
        "a.yaml:9:1: error: form: is missing",
        "2 problems in a.yaml",
    ]


@pytest.mark.parametrize(
    "error",
    [FormulaError("bad", 3), ModelError([Problem("a", 1, 2, "bad")]), InputError("bad")],
    ids=lambda error: type(error).__name__,
)
def test_an_error_survives_the_way_between_processes(error: errors.GameTheoryError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes

    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_problems_sort_by_their_place() -> None:
    later, earlier = Problem("a", 10, 1, "a"), Problem("a", 9, 30, "b")

    assert sorted([later, earlier]) == [earlier, later]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("escalation_rsk", "escalation_risk"), ("Escalation_Risk", "escalation_risk"), ("stak", "stake")],
)
def test_a_misspelt_name_meets_the_nearest_one(name: str, expected: str) -> None:
    assert did_you_mean(name, ["stake", "escalation_risk"]) == f"; did you mean {expected!r}?"


@pytest.mark.parametrize("name", ["", "zzz", "x" * 1_000_000])
def test_a_name_like_no_other_meets_no_suggestion(name: str) -> None:
    assert did_you_mean(name, ["stake", "escalation_risk"]) == ""
