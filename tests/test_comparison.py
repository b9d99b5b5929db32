"""Does a comparison find every difference of two models or runs, and none where there is none?"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from gametheory.analyses import base_case, claims, outcomes
from gametheory.cli import main
from gametheory.comparison import answer_differences, differences
from gametheory.comparison.shares import Estimate, _error
from gametheory.errors import InputError
from gametheory.expressions import parse
from gametheory.model import Model
from gametheory.reader import catalogue, edited, load, read
from gametheory.sweeps import Sweep, open_run, sweep
from tests.sweeping import CONSTRAINT, SMALL, chicken

SAMPLES = 2 * SMALL

# What is replaced in the text of the model -> the one row that tells it: part, name, what, first and second.
CHANGES = {
    "title": ("title: Chicken with", "title: Hawks with", ("model", "", "title")),
    "value": ("value: 0.25", "value: 0.26", ("parameters", "t", "value")),
    "law": ("low: 0.1, high: 0.6", "low: 0.1, high: 0.5", ("parameters", "t", "law")),
    "mark": ("source: example, mark: A}\n  t", "source: example, mark: D}\n  t", ("parameters", "p", "mark")),
    "source": ("source: example, mark: A}\n  t", "source: other, mark: A}\n  t", ("parameters", "p", "source")),
    "label": ("label: NATO", "label: Alliance", ("players", "nato", "label")),
    "payoff": ("[-4 * p, 1]", "[-5 * p, 1]", ("payoffs", "nato", "cell hold, hold")),
    "other payoff": ("-1], [1, 0]]", "-1], [1, 0.5]]", ("payoffs", "russia", "cell concede, concede")),
    "measure": ("{expected: p}", "{expected: t}", ("measures", "risk", "formula")),
    "claim": ("text: NATO holds", "text: NATO stands", ("claims", "nato_holds", "text")),
    "expectation": ("expect: {nato: [hold]}}", "expect: {nato: [concede]}}", ("claims", "nato_holds", "expect nato")),
}
UNCHANGED = {
    "a comment": ("title: Chicken", "# a comment\ntitle: Chicken"),
    "another spelling of a number": ("low: 0.1", "low: 1e-1"),
    "another spelling of a formula": ("-4 * p", "(-4*p)"),
}


class Ran(NamedTuple):
    """The end of one command."""

    code: int
    out: str
    err: str


@pytest.fixture
def diff(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["gametheory", "diff", *map(str, arguments)])
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            with pytest.raises(SystemExit) as end:
                main()
        printed = capsys.readouterr()
        return Ran(int(end.value.code or 0), printed.out, printed.err)

    return command


def changed(old: str, new: str) -> Model:
    """The small model with one place of its text replaced."""
    text = chicken().text
    assert text.count(old) == 1, old
    return read(text.replace(old, new))


def keys(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(frame["part"], frame["name"], frame["what"], strict=True))


def row_of(frame: pd.DataFrame, order: str, kind: str, name: Any, what: str) -> dict[Any, Any]:
    """The one row about something, of the Nash concept."""
    own = frame[(frame["order"] == order) & (frame["concept"] == "nash") & (frame["kind"] == kind)]
    rows: list[dict[Any, Any]] = own[(own["name"] == name) & (own["what"] == what)].to_dict("records")
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_is_one_row_that_names_it_and_turns_round_with_the_models(change: str) -> None:
    old, new, key = CHANGES[change]
    one, other = chicken(), changed(old, new)

    there, back = differences(one, other), differences(other, one)

    assert keys(there) == keys(back) == [key]
    assert there["first"].tolist() == back["second"].tolist()
    assert there["first"].tolist() != there["second"].tolist()
    assert there.attrs["digests"] == [one.digest, other.digest]


@pytest.mark.parametrize("change", UNCHANGED)
def test_what_does_not_count_for_the_digest_is_no_difference(change: str) -> None:
    other = changed(*UNCHANGED[change])

    assert differences(chicken(), other).empty
    assert keys(differences(chicken(), replace(other, title="Hawks"))) == [("model", "", "title")]


def test_what_one_model_has_and_the_other_lacks_is_missing_there() -> None:
    more = chicken(more=CONSTRAINT + "correlations: [{between: [t, p], rank: 0.5, source: example, mark: A}]\n")
    frame = differences(chicken(), more)

    assert {part for part, _, _ in keys(frame)} == {"constraints", "correlations"}
    assert frame["first"].isna().all()
    shown = dict(zip(keys(frame), frame["second"], strict=True))
    assert shown["constraints", "dear", "holds"] == "p >= t"
    assert shown["correlations", "p and t", "rank"] == "0.5"


def test_every_two_models_of_the_catalogue_differ_and_each_is_like_itself() -> None:
    models = [load(name) for name in catalogue()]

    for place, model in enumerate(models):
        assert differences(model, read(model.text)).empty
        assert not differences(model, models[place - 1]).empty


@pytest.mark.parametrize("name", catalogue())
def test_another_meaning_of_any_parameter_is_found_in_models_of_every_form(name: str) -> None:
    model = load(name)

    for own, parameter in model.parameters.items():
        other = replace(model, parameters={**model.parameters, own: replace(parameter, meaning="another")})
        assert keys(differences(model, other)) == [("parameters", own, "meaning")]


def test_another_payoff_at_one_end_of_a_tree_is_named_by_the_path_to_it() -> None:
    trees = [(model, model.tree) for model in map(load, catalogue()) if model.tree is not None]

    for model, tree in trees:
        payoffs = [list(own) for own in tree.payoffs]
        payoffs[-1][-1] = parse("123")
        other = replace(model, tree=replace(tree, payoffs=tuple(map(tuple, payoffs))))
        (row,) = differences(model, other).to_dict("records")
        assert row["what"] == f"payoff of {model.players[-1].name}"
        assert (row["first"], row["second"]) == (tree.payoffs[-1][-1].text, "123")
    assert trees


def test_another_equation_of_a_system_is_found() -> None:
    systems = [(model, model.system) for model in map(load, catalogue()) if model.system and model.system.equations]

    for model, system in systems:
        name, equation = next(iter(system.equations.items()))
        equations = {**system.equations, name: replace(equation, left=parse("123"))}
        other = replace(model, system=replace(system, equations=equations))
        assert keys(differences(model, other)) == [("system", "", f"equations {name} left".replace("_", " "))]
    assert systems


def test_the_answers_differ_as_two_base_cases_do() -> None:
    one, other = chicken(), changed("value: 0.3,", "value: 0.2,")  # t is 0.25: below it NATO holds
    frame = answer_differences(one, other)
    cases = [base_case(model, order="simultaneous") for model in (one, other)]

    told = row_of(frame, "simultaneous", "equilibria", "", "profiles")
    assert told["first"] == " | ".join(sorted(cases[0]["profile"]))
    assert told["second"] == " | ".join(sorted(cases[1]["profile"]))
    assert told["first"] != told["second"]
    risk = row_of(frame, "simultaneous", "measure", "risk", "lower")
    assert (risk["first"], risk["second"]) == (cases[0]["measure_risk"].min(), cases[1]["measure_risk"].min())
    assert risk["difference"] == pytest.approx(risk["second"] - risk["first"])
    assert frame[["first_se", "second_se", "se"]].isna().all(axis=None)


def test_payoffs_are_compared_in_mixed_equilibria_with_the_same_actions() -> None:
    text = chicken().text.replace("[[-4 * p, 1], [-4 * t, 0]]", "[[p, -p], [-p, p]]")
    one, other = (read(text.replace("[[-2 * p, -1], [1, 0]]", f"[[-1, 1], [{own}, -1]]")) for own in (2, 3))
    frame = answer_differences(one, other)
    payoffs = frame[(frame["order"] == "simultaneous") & (frame["kind"] == "payoff")].set_index("name")

    # Russia's value is (1 - x) / (-3 - x) where x stands in the cell: 1/5 and 1/3.
    assert payoffs.index.tolist() == ["russia"]
    assert payoffs["what"].item() == "in hold + concede, hold + concede"
    assert (payoffs["first"].item(), payoffs["second"].item()) == pytest.approx((1 / 5, 1 / 3))
    assert payoffs["difference"].item() == pytest.approx(1 / 3 - 1 / 5)


def test_a_claim_that_another_value_overturns_is_a_row_with_both_answers() -> None:
    first = load("reference_involvement")
    second = edited(first, {"parameters.escalation_risk.value": 0.05})

    frame = answer_differences(first, second)

    found = {row["name"]: (row["first"], row["second"]) for row in frame[frame["kind"] == "claim"].to_dict("records")}
    assert found  # and the base cases of the analysis of claims say the same
    answers = [claims(model, samples=1).set_index("claim")["base"] for model in (first, second)]
    moved = {name for name in answers[0].index if answers[0][name] != answers[1][name]}
    assert found.keys() == moved
    words = {"all": "in every equilibrium", "some": "in some equilibria", "none": "in no equilibrium"}
    assert found == {name: (words[answers[0][name]], words[answers[1][name]]) for name in moved}


def test_a_change_of_words_changes_no_answer() -> None:
    frame = answer_differences(chicken(), changed("source: example, mark: A}\n  t", "source: o, mark: D}\n  t"))

    assert frame.empty
    assert frame.attrs["same"] > 0
    assert frame.attrs["failed"] == []


@pytest.fixture(scope="module")
def runs() -> dict[str, Sweep]:
    """Sweeps of the small model: as it is, with another seed, and with another law."""
    other = changed("low: 0.1, high: 0.6", "low: 0.1, high: 0.3")
    options: dict[str, Any] = {"samples": SAMPLES, "block": SMALL}
    return {
        "one": sweep(chicken(), seed=0, **options),
        "seed": sweep(chicken(), seed=1, **options),
        "law": sweep(other, seed=1, **options),
        "nato": sweep(chicken(), seed=0, orders=["nato"], **options),
    }


def test_runs_differ_in_what_they_were_asked_and_in_their_models(runs: dict[str, Sweep]) -> None:
    assert differences(runs["one"], runs["one"]).empty
    assert keys(differences(runs["one"], runs["seed"])) == [("run", "", "design seed")]
    assert keys(differences(runs["one"], runs["law"])) == [("run", "", "design seed"), ("parameters", "t", "law")]
    assert keys(differences(runs["one"], runs["nato"])) == [("run", "", "orders")]


def test_shares_are_those_of_the_analyses_with_the_errors_of_two_samples(runs: dict[str, Sweep]) -> None:
    one, other = runs["one"], runs["law"]
    frame = answer_differences(one, other)
    listed = [outcomes(run.model, run=run, order="simultaneous").set_index("profile") for run in (one, other)]

    for profile in listed[0].index:
        row = row_of(frame, "simultaneous", "outcome", profile, "upper")
        assert row["first"] == listed[0].loc[profile, "upper"]
        assert row["first_se"] == listed[0].loc[profile, "upper_se"]
        assert row["difference"] == row["second"] - row["first"]
    held = [claims(run.model, run=run).set_index("claim").loc["nato_holds"] for run in (one, other)]
    told = row_of(frame, "simultaneous", "claim", "nato_holds", "all")
    assert (told["first"], told["second"]) == (held[0]["all"], held[1]["all"])
    assert told["first_se"] == pytest.approx(held[0]["se"])
    assert frame["difference"].abs().is_monotonic_decreasing


def test_a_law_that_moves_a_claim_is_beyond_the_noise_and_another_seed_seldom_is(runs: dict[str, Sweep]) -> None:
    moved = answer_differences(runs["one"], runs["law"])
    same = answer_differences(runs["one"], runs["seed"])

    assert row_of(moved, "simultaneous", "claim", "nato_holds", "all")["beyond"]
    assert same["beyond"].mean() < 0.25
    assert (answer_differences(runs["one"], runs["one"])["difference"] == 0.0).all()


def test_the_error_of_a_difference_is_what_many_pairs_of_samples_show() -> None:
    rng = np.random.default_rng(0)
    share, first, second = 0.3, 400, 900
    pairs = rng.binomial([first, second], share, size=(20_000, 2)) / [first, second]
    expected = _error(Estimate(share, math.nan, first, share=True), Estimate(share, math.nan, second, share=True))

    assert np.std(pairs[:, 1] - pairs[:, 0]) == pytest.approx(expected, rel=0.03)


def test_an_order_that_one_run_was_not_asked_for_has_no_difference(runs: dict[str, Sweep]) -> None:
    frame = answer_differences(runs["one"], runs["nato"])

    assert frame.loc[frame["order"] == "nato", "difference"].notna().all()
    assert frame.loc[frame["order"] == "russia", "difference"].isna().all()
    assert frame.loc[frame["order"] == "russia", "second"].isna().all()


def test_a_model_and_a_run_are_refused(runs: dict[str, Sweep]) -> None:
    with pytest.raises(InputError, match="a model and a run cannot be compared"):
        differences(chicken(), runs["one"])
    with pytest.raises(InputError, match="a model and a run cannot be compared"):
        answer_differences(runs["one"], chicken())


def test_the_command_prints_the_same_rows_in_every_format_and_ends_with_0(
    diff: Callable[..., Ran], tmp_path: Path
) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(chicken().text)
    other.write_text(changed("value: 0.3,", "value: 0.2,").text)

    ran = diff(one, other, "--format", "json")
    record = json.loads(ran.out)
    rows = list(csv.DictReader(io.StringIO(diff(one, other, "--format", "csv").out)))
    shown = diff(one, other)

    assert (ran.code, shown.code) == (0, 0)
    assert record["first"] == {"name": str(one), "digest": chicken().digest}
    assert record["contents"] == [{"part": "parameters", "name": "p", "what": "value", "first": "0.3", "second": "0.2"}]
    assert len(rows) == len(record["contents"]) + len(record["answers"])
    assert {row["about"] for row in rows} == {"content", "answer"}
    assert f"answers: {record['same']} the same, {len(record['answers'])} not" in shown.out
    assert "the same is said and asked" in diff(one, one).out


def test_the_command_compares_folders_and_ends_with_1_where_one_is_damaged(
    diff: Callable[..., Ran], tmp_path: Path
) -> None:
    for seed in (0, 1):
        sweep(chicken(), samples=SAMPLES, block=SMALL, seed=seed, out=tmp_path / str(seed))
    ran = diff(tmp_path / "0", tmp_path / "1", "--format", "json")
    record = json.loads(ran.out)

    assert ran.code == 0
    assert [row["what"] for row in record["contents"]] == ["design seed"]
    assert len(record["answers"]) == len(answer_differences(*(open_run(tmp_path / own) for own in "01")))
    assert "design seed" in diff(tmp_path / "0", tmp_path / "1").out
    (tmp_path / "1" / "run.json").write_bytes(b"{}")
    assert diff(tmp_path / "0", tmp_path / "1").code == 1


def test_a_model_beside_a_folder_and_a_missing_file_end_with_2(diff: Callable[..., Ran], tmp_path: Path) -> None:
    ran = diff("reference_involvement", tmp_path)

    assert ran.code == 2
    assert "expected two models or the folders of two runs" in ran.err
    assert diff("reference_involvement", "nowhere.yaml").code == 2
    assert diff(tmp_path, tmp_path).code == 2


def test_an_order_without_a_sound_answer_ends_with_1(diff: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(model: Model) -> pd.DataFrame:
        frame = base_case(model)
        frame.attrs["verdicts"]["nato nash"] = "failed: the game has a payoff that is not finite"
        return frame

    monkeypatch.setattr("gametheory.comparison.cases.base_case", failed)
    ran = diff("reference_involvement", "reference_involvement")

    assert ran.code == 1
    assert "no sound answer: nato nash" in ran.err
