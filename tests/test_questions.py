"""Do the commands that put one question to a model print what the analyses find, and refuse what cannot be asked?"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from gametheory import analyses, designs
from gametheory.cli import main
from gametheory.reader import load

MODEL = """\
format: gametheory/1
title: Stand or yield
form: strategic
players:
  row: {actions: [yield, stand]}
  column: {actions: [give, hold]}
parameters:
  loss:
    value: 3
    law: {kind: uniform, low: 1, high: 9}
    unit: units
    meaning: what war costs
    source: an example
    mark: A
  prize:
    value: 2
    law: {kind: uniform, low: 1, high: 4}
    unit: units
    meaning: what is at stake
    source: an example
    mark: A
payoffs:
  row: [["0", "-1"], ["prize", "-loss"]]
  column: [["0", "prize"], ["-1", "-loss"]]
measures:
  war: {probability: {row: [stand]}}
claims:
  row_stands:
    text: Row stands firm
    holds: {order: row, expect: {row: [stand]}}
"""
CONSTRAINED = MODEL.replace(
    "payoffs:", "constraints:\n  dear: {holds: loss >= prize, source: an example, mark: A}\npayoffs:"
)
SETTLED = MODEL.replace('[["0", "-1"], ["prize", "-loss"]]', '[["20", "20 + loss"], ["0", "0"]]').replace(
    '[["0", "prize"], ["-1", "-loss"]]', '[["20", "0"], ["20 + prize", "0"]]'
)
THREE = """\
format: gametheory/1
title: Three sides
form: strategic
players:
  a: {actions: [low, high]}
  b: {actions: [low, high]}
  c: {actions: [out, in]}
parameters: {}
tables:
  toll: {over: [a, b], values: [[0, 2], [2, -3]]}
  share: {over: [c], values: [0, 1]}
payoffs:
  a: toll + share
  b: toll - share
  c: share - toll
"""


class Ran(NamedTuple):
    """The end of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))

    @property
    def table(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.out)))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["gametheory", *map(str, arguments)])
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            with pytest.raises(SystemExit) as end:
                main()
        printed = capsys.readouterr()
        code = end.value.code
        return Ran(code if isinstance(code, int) else 0, printed.out, printed.err)

    return command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stand.yaml"
    path.write_text(MODEL)
    return path


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "other.yaml"
    path.write_text(text)
    return path


def plain(value: Any) -> Any:
    """A cell as JSON has it."""
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return list(value) if isinstance(value, tuple) else value


ASKED: dict[str, tuple[tuple[object, ...], Any]] = {
    "critical": (("critical",), analyses.critical_risk),
    "critical elasticities": (
        ("critical", "--elasticities"),
        analyses.critical_risk_elasticities,
    ),
    "break-even": (("break-even", "--parameter", "loss"), lambda model: analyses.break_even(model, "loss")),
    "radius": (("radius", "--order", "row"), lambda model: analyses.radius(model, order="row")),
    "least-change": (
        ("least-change", "--order", "row", "--limit", 2),
        lambda model: analyses.least_change(model, order="row", limit=2),
    ),
    "least-change of a claim": (
        ("least-change", "--claim", "row_stands"),
        lambda model: analyses.least_change(model, claim="row_stands"),
    ),
    "regions": (
        ("regions", "--x", "loss", "--y", "prize", "--resolution", 8),
        lambda model: analyses.regions(model, "loss", "prize", resolution=8),
    ),
    "areas": (
        ("regions", "--x", "loss", "--y", "prize", "--resolution", 8, "--areas"),
        lambda model: analyses.region_areas(model, "loss", "prize", resolution=8),
    ),
    "ordinal": (("ordinal", "--samples", 50), lambda model: analyses.ordinal(model, samples=50)),
    "design": (
        ("design", "--scheme", "sobol", "--samples", 7, "--seed", 3),
        lambda model: designs.design(model, "sobol", 7, 3),
    ),
}


@pytest.mark.parametrize("question", ASKED)
def test_every_row_and_column_of_the_analysis_is_printed(run: Any, file: Path, question: str) -> None:
    arguments, analysis = ASKED[question]
    command = (arguments[0], file, *arguments[1:])

    frame = analysis(load(str(file)))
    told, listed, shown = (run(*command, "--format", style) for style in ("json", "csv", "table"))

    rows = [[plain(value) for value in row] for row in frame.astype(object).to_numpy().tolist()]
    assert (told.code, listed.code, shown.code) == (0, 0, 0)
    assert [list(row.values()) for row in told.json["rows"]] == rows
    assert told.json["digest"] == load(str(file)).digest
    assert told.json["model"] == "stand"
    assert listed.out.splitlines()[0].split(",") == list(frame.columns)
    assert len(listed.table) == len(frame)
    assert shown.out.strip()
    for note in frame.attrs.get("notes", []):
        assert note in told.err
        assert note in told.json["notes"]


def test_the_critical_risk_of_a_game_of_nerves_is_its_formula(run: Any, file: Path) -> None:
    rows = run("critical", file, "--set", "loss=7", "--format", "json").json["rows"]

    assert [row["player"] for row in rows] == ["row", "column"]
    for row in rows:  # gain 2 where the other yields, loss 7 - 1 where it does not
        assert row["status"] == "pays below"
        assert row["exact"] == "1/4"
        assert row["critical"] == 0.25


def test_break_even_values_follow_the_set_values(run: Any, file: Path) -> None:
    rows = run("break-even", file, "--parameter", "prize", "--low", -5, "--high", 4, "--format", "csv").table

    met = [row for row in rows if row["player"] == "row" and row["against"] == "give"]
    assert [float(row["value"]) for row in met] == pytest.approx([0.0], abs=1e-9)
    never = [row for row in rows if row["player"] == "row" and row["against"] == "hold"]
    assert (never[0]["value"], never[0]["status"]) == ("", "never pays")


def test_a_radius_without_end_is_null_with_a_status(run: Any, tmp_path: Path) -> None:
    file = written(tmp_path, SETTLED)

    told, listed = (run("radius", file, "--format", style) for style in ("json", "csv"))

    assert {row["radius"] for row in told.json["rows"]} == {None}
    assert {row["status"] for row in told.json["rows"]} == {"holds everywhere searched"}
    assert {row["radius"] for row in listed.table} == {""}
    assert "no end" in run("radius", file).out


def test_where_nothing_overturns_the_answer_that_is_said(run: Any, tmp_path: Path) -> None:
    ran = run("least-change", written(tmp_path, SETTLED), "--order", "row")

    assert ran.code == 0
    assert "row: yield, hold" in ran.out or "row: yield, give" in ran.out
    assert "no change within the laws was found" in ran.err
    listed = run("least-change", written(tmp_path, SETTLED), "--order", "row", "--format", "csv")
    assert listed.out.startswith("order,rank,kind,parameter,")
    assert listed.table == []


def test_a_value_outside_its_law_is_warned_of_once(run: Any, file: Path) -> None:
    for command in (("critical", file), ("radius", file, "--order", "row")):
        ran = run(*command, "--set", "loss=50")

        assert ran.code == 0
        assert ran.err.count("value 50.0 lies outside its law") == 1


def test_a_third_player_is_held_where_the_user_says(run: Any, tmp_path: Path) -> None:
    ran = run("critical", written(tmp_path, THREE), "--others", "c=in", "--format", "json")

    assert ran.code == 0
    assert {row["player"] for row in ran.json["rows"]} == {"a", "b"}
    assert "c plays in throughout" in ran.json["notes"]


def test_a_design_is_written_and_its_acceptance_told(run: Any, tmp_path: Path) -> None:
    file, out = written(tmp_path, CONSTRAINED), tmp_path / "points.parquet"

    ran = run("design", file, "--scheme", "sobol", "--samples", 64, "--out", out)

    points = pd.read_parquet(out)
    assert ran.code == 0
    assert (points["loss"] >= points["prize"]).all()
    assert f"{len(points)} of 64 points tried keep the constraints" in ran.err
    listed = run("design", file, "--scheme", "sobol", "--samples", 64, "--out", tmp_path / "points.csv")
    assert f"({len(points)} rows)" in listed.out
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "points.csv"), points)


def test_a_long_design_is_cut_for_a_person_and_says_so(run: Any, file: Path) -> None:
    ran = run("design", file, "--samples", 25)

    assert ran.code == 0
    assert "5 more rows" in ran.err


WRONG = {
    "an unknown parameter to set": (("critical", "--set", "lss=1"), "did you mean 'loss'"),
    "other pairs": (("critical", "--pairs", "few"), "Invalid value for '--pairs'"),
    "an action for one of two players": (("critical", "--others", "row=stand"), "others: 1 of 2 players"),
    "half a pair": (("critical", "--others", "row"), "--others 'row': expected PLAYER=ACTION"),
    "no parameter": (("break-even",), "--parameter NAME: say which parameter; there are loss, prize"),
    "an unknown parameter": (("break-even", "--parameter", "los"), "did you mean 'loss'"),
    "a range from high to low": (("break-even", "--parameter", "loss", "--low", 3, "--high", 2), "expected a low end"),
    "an unknown order": (("radius", "--order", "rows"), "did you mean 'row'"),
    "a text for a number": (("radius", "--set", "loss=much"), "'much' is no number"),
    "half a setting": (("radius", "--set", "loss"), "expected NAME=VALUE"),
    "no change at all": (("least-change", "--limit", 0), "Invalid value for '--limit'"),
    "an unknown claim": (("least-change", "--claim", "row_stand"), "did you mean 'row_stands'"),
    "a claim and an order": (("least-change", "--claim", "row_stands", "--order", "row"), "leave out --order or"),
    "one parameter twice": (("regions", "--x", "loss", "--y", "loss"), "expected two different parameters"),
    "all orders on one map": (("regions", "--x", "loss", "--y", "prize", "--order", "all"), "one order of play"),
    "shares of a part": (
        ("regions", "--x", "loss", "--y", "prize", "--x-range", 1, 2, "--areas"),
        "leave out --x-range",
    ),
    "no draws": (("ordinal", "--samples", 0), "Invalid value for '--samples'"),
    "a negative seed": (("ordinal", "--seed", -1), "Invalid value for '--seed'"),
    "an unknown style": (("ordinal", "--format", "xml"), "Invalid value for '--format'"),
    "an unknown design": (("design", "--samples", 5, "--scheme", "soboll"), "did you mean 'sobol'"),
    "a grid's option": (("design", "--samples", 5, "--over", "loss"), "only a grid runs over"),
    "a file of no known kind": (("design", "--samples", 5, "--out", "points.xls"), "ends in .csv or .parquet"),
    "a folder that is not there": (("design", "--samples", 5, "--out", "no/where.csv"), "no folder"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_what_cannot_be_asked_is_refused_in_a_sentence(run: Any, file: Path, mistake: str) -> None:
    (command, *arguments), sentence = WRONG[mistake]

    ran = run(command, file, *arguments)

    assert ran.code == 2
    assert sentence in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "command", ["critical", "break-even", "radius", "least-change", "regions", "ordinal", "design"]
)
def test_every_option_has_a_help_text_in_words(run: Any, command: str) -> None:
    page = run(command, "--help").out

    assert "--format" in page
    for row in page.split("Options:")[1].splitlines():
        words = row.split()
        if words and words[0].startswith("-") and len(words[0]) > 1:
            assert len(words) > 2 or row.rstrip().endswith("]"), row


def test_three_players_without_others_are_told_what_to_give(run: Any, tmp_path: Path) -> None:
    ran = run("critical", written(tmp_path, THREE))

    assert ran.code == 2
    assert "give an action for each of the others" in ran.err
