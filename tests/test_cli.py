"""Do the commands print what they promise, and end with the right exit code and a sentence, never a traceback?"""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gametheory.cli import main
from gametheory.cli.console import measured

REFERENCE = "reference_involvement"


class Ran(NamedTuple):
    """The end of one command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


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


def test_list_names_every_model_of_the_catalogue(run: Any) -> None:
    from gametheory.reader import catalogue

    ran = run("list", "--format", "json")

    assert ran.code == 0
    assert [row["name"] for row in ran.json] == list(catalogue())


def test_solve_prints_the_json_that_other_programs_rely_on(run: Any) -> None:
    ran = run("solve", REFERENCE, "--set", "escalation_risk=0.05", "--format", "json")

    record = ran.json
    assert ran.code == 0
    assert record["model"] == REFERENCE
    assert len(record["digest"]) == 64
    assert record["order"] == "simultaneous"
    assert record["parameters"]["escalation_risk"] == 0.05
    assert record["players"][0] == {
        "name": "nato",
        "actions": ["concede", "limited_aid", "surge", "bridge", "troops"],
    }
    assert {"verdict", "found", "max_regret", "index_sum"} <= set(record["certificate"])
    assert record["certificate"]["verdict"] == "complete"
    assert record["certificate"]["found"] == 3
    assert record["certificate"]["index_sum"] == 1
    first = record["solutions"][0]
    assert {"strategies", "payoffs", "regret", "index", "component", "exact", "tags"} <= set(first)
    assert first["strategies"] == [[0, 1, 0, 0, 0], [0, 1, 0, 0, 0]]
    assert first["exact"] is None
    assert first["tags"][:2] == ["pure", "strict"]
    assert [solution["index"] for solution in record["solutions"]] == [1, -1, 1]
    assert record["components"] == [[0], [1], [2]]
    assert record["subsets"] == [[[0], [0]], [[1], [1]], [[2], [2]]]
    low, high = record["measures"]["nuclear_use"]
    assert low <= high


def test_solve_in_every_order_gives_a_list_and_leaders_have_no_index(run: Any) -> None:
    records = run("solve", REFERENCE, "--order", "all", "--format", "json").json

    assert [record["order"] for record in records] == ["simultaneous", "nato", "russia"]
    for record in records[1:]:
        assert record["certificate"]["index_sum"] is None
        assert record["solutions"][0]["index"] is None
        assert record["solutions"][0]["component"] is None
    moves = [[own.index(1.0) for own in record["solutions"][0]["strategies"]] for record in records]
    assert moves == [[2, 1], [3, 0], [0, 3]]


def test_exact_solutions_are_strings_of_fractions(run: Any, tmp_path: Path) -> None:
    game = tmp_path / "pennies.nfg"
    game.write_text('NFG 1 R "Pennies" { "even" "odd" } { 2 2 }\n\n1 -1 -1 1 -1 1 1 -1\n')

    record = run("solve", game, "--exact", "--format", "json").json

    assert record["solutions"][0]["exact"] == [["1/2", "1/2"], ["1/2", "1/2"]]
    assert record["exact_payoffs"] == "formulas"


def test_exact_with_payoffs_that_are_not_rational_says_what_exact_means(run: Any) -> None:
    ran = run("solve", REFERENCE, "--exact")

    assert ran.code == 0
    assert "floating-point values" in ran.err


def test_tie_rules_of_the_follower_are_tags(run: Any, tmp_path: Path) -> None:
    game = tmp_path / "tied.nfg"
    game.write_text('NFG 1 R "Tied" { "lead" "follow" } { 2 2 }\n\n1 5 2 1 3 5 0 0\n')

    record = run("solve", game, "--order", "lead", "--format", "json").json

    assert {tag for solution in record["solutions"] for tag in solution["tags"]} == {"pure", "strong", "weak"}


def test_solve_prints_a_table_and_csv(run: Any) -> None:
    table = run("solve", REFERENCE)
    rows = list(csv.DictReader(io.StringIO(run("solve", REFERENCE, "--order", "all", "--format", "csv").out)))

    assert "surge, carry_on" in table.out
    assert "complete" in table.out
    assert [row["profile"] for row in rows] == ["surge, carry_on", "bridge, deescalate", "concede, strike_nato_assets"]


def test_tip_prints_the_json_that_other_programs_rely_on(run: Any) -> None:
    ran = run("tip", REFERENCE, "--parameter", "escalation_risk", "--low", 0, "--high", 0.2, "--format", "json")

    record = ran.json
    assert ran.code == 0
    assert record["parameter"] == "escalation_risk"
    assert record["order"] == "simultaneous"
    assert record["tips"]
    for tip in record["tips"]:
        assert {"value", "binding", "before", "after", "exact"} <= set(tip)
        assert 0 < tip["value"] < 0.2
        assert tip["before"] != tip["after"]


def test_a_range_in_which_no_game_can_be_solved_ends_with_exit_code_1(run: Any) -> None:
    ran = run("tip", REFERENCE, "--parameter", "escalation_risk", "--low", -1e9, "--high", -1e8, "--format", "json")

    assert ran.code == 1
    assert ran.json["failed"] == 1
    assert "cannot be solved" in ran.err


def test_new_writes_a_model_that_checks_and_solves_and_never_overwrites(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"

    assert run("new", file).code == 0
    text = file.read_text()
    assert run("check", file).code == 0
    assert run("solve", file).code == 0
    again = run("new", file)
    assert again.code == 2
    assert "nothing was written" in again.err
    assert file.read_text() == text


@pytest.mark.parametrize("form", ["extensive", "analytic"])
def test_new_writes_models_of_every_form(run: Any, tmp_path: Path, form: str) -> None:
    file = tmp_path / "mine.yaml"

    assert run("new", file, "--form", form).code == 0

    checked = run("check", file)
    assert checked.code == 0
    assert "note" not in checked.out


def test_new_copies_a_model_of_the_catalogue_or_says_which_forms_there_are(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"

    wrong = run("new", file, "--form", "tree")
    assert wrong.code == 2
    assert "'tree', expected one of strategic, extensive, analytic" in wrong.err
    assert not file.exists()
    both = run("new", file, "--from", "crisis_signalling", "--form", "extensive")
    assert both.code == 2
    assert "leave out --form or --from" in both.err
    assert not file.exists()
    assert run("new", file, "--from", "crisis_signalling").code == 0
    assert run("diff", file, "crisis_signalling").code == 0


def test_check_tells_of_likely_slips_and_is_content(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    run("new", file)
    file.write_text(file.read_text().replace("west: (1 - war) * stake", "west: log(war_risk - 0.01) * stake"))

    checked = run("check", file)

    assert checked.code == 0
    assert "a payoff of west is not a finite number where war_risk = 0.001" in checked.out


def test_a_tree_is_solved_with_beliefs_unless_another_order_or_concept_is_asked_for(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "tree.yaml"
    run("new", file, "--form", "extensive")

    assert run("solve", file, "--format", "json").json["order"] == "sequential"
    assert run("solve", file, "--concept", "nash", "--format", "json").json["order"] == "simultaneous"
    assert run("solve", file, "--order", "subgame_perfect", "--format", "json").json["order"] == "subgame_perfect"


@pytest.mark.parametrize(
    ("words", "flag"),
    [(["tip"], "--parameter"), (["break-even"], "--parameter"), (["regions", "--x", "escalation_risk"], "--y")],
)
def test_a_parameter_left_out_is_asked_for_with_the_names_that_there_are(run: Any, words: list[str], flag: str) -> None:
    command, *more = words

    wrong = run(command, REFERENCE, *more)

    assert wrong.code == 2
    assert f"{flag} NAME: say which parameter; there are stake_nato, " in wrong.err


def test_an_order_without_a_tipping_point_is_told_in_words(run: Any) -> None:
    told = run("tip", REFERENCE, "--parameter", "escalation_risk", "--low", "0.05", "--high", "0.06", "--order", "nato")

    assert told.code == 0
    assert "nato: no value of escalation_risk between 0.05 and 0.06 was found at which the answer changes" in told.out


def test_the_questions_about_the_uncertainty_are_explained(run: Any) -> None:
    told = run("sensitivity", REFERENCE, "--about", "list", "--format", "json").json

    assert {"about": "discovery", "question": "Under which few conditions does something happen?"} in told


def test_schema_is_a_json_document_and_version_a_line(run: Any) -> None:
    assert run("schema").json["$schema"].startswith("http://json-schema.org/draft-07")
    assert run("--version").out.startswith("gametheory 0.")


BROKEN = """\
format: gametheory/1
title: Broken on purpose
form: strategic
players:
  nato: {label: NATO, actions: [hold, fold]}
  russia: {label: Russia, actions: [hold, fold]}
parameters:
  risk: {value: 5, law: {kind: uniform, low: 0, high: 1}, unit: share, meaning: m, source: s, mark: Q}
tables:
  cost: {over: [nato], values: [1, 2, 3]}
payoffs:
  nato: rsk * 2
  russia: __import__('os')
extra: 1
"""


@pytest.mark.parametrize("command", ["check", "solve"])
def test_every_mistake_of_a_file_is_named_with_its_place_and_no_traceback(
    run: Any, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN)

    ran = run(command, file)

    printed = ran.out + ran.err
    assert ran.code == 2
    assert "Traceback" not in printed
    for line in (8, 10, 12, 13, 14):
        assert f"broken.yaml:{line}:" in printed
    assert "did you mean 'risk'" in printed
    assert "problems in" in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["solve", "reference_involvment"], "did you mean 'reference_involvement'"),
        (["solve", "nowhere/x.yaml"], "no file"),
        (["solve", REFERENCE, "--set", "escalation_rsk=1"], "did you mean 'escalation_risk'"),
        (["solve", REFERENCE, "--set", "escalation_risk"], "expected NAME=VALUE"),
        (["solve", REFERENCE, "--set", "escalation_risk=often"], "is no number"),
        (["solve", REFERENCE, "--order", "ruzzia"], "did you mean 'russia'"),
        (["solve", REFERENCE, "--concept", "commitment"], "name the player who moves first"),
        (["tip", REFERENCE, "--parameter", "escalation_rsk"], "did you mean 'escalation_risk'"),
        (["tip", REFERENCE, "--parameter", "escalation_risk", "--low", "1", "--high", "0"], "--high"),
        (["solve", REFERENCE, "--concept", "nsh"], "did you mean 'nash'"),
        (["solve", REFERENCE, "--concept", "logit", "--option", "precison=1"], "did you mean 'precision'"),
        (["solve", REFERENCE, "--option", "workers=1"], "not an option of a concept"),
        (["slove", REFERENCE], "slove"),
        (["new", "model.txt"], "ends in .yaml"),
        (["check", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_bad_use_ends_with_exit_code_2_and_says_what_to_try(run: Any, arguments: list[str], words: str) -> None:
    ran = run(*arguments)

    assert ran.code == 2
    assert "Traceback" not in ran.err + ran.out
    if words != "--high":
        assert words in ran.err + ran.out


def test_a_game_that_cannot_be_certified_ends_with_exit_code_1(run: Any) -> None:
    ran = run("solve", REFERENCE, "--set", "escalation_risk=-1e9")

    assert ran.code == 1
    assert "finite" in ran.err


def test_results_go_to_standard_output_and_everything_else_to_standard_error(run: Any) -> None:
    ran = run("solve", REFERENCE, "--set", "escalation_risk=0.5", "--format", "json")

    assert ran.json["parameters"]["escalation_risk"] == 0.5
    assert ran.err.startswith("warning: escalation_risk")


def test_an_interrupt_ends_with_exit_code_130(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "gametheory", "analyse", REFERENCE, "--samples", "1000000000", "--out", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert any(b"draws" in said for said in iter(process.stderr.readline, b""))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"interrupted" in err


def test_a_concept_is_asked_for_by_name_with_its_options(run: Any) -> None:
    record = run("solve", REFERENCE, "--concept", "logit", "--option", "precision=2", "--format", "json").json

    assert record["concept"] == "logit"
    assert record["solutions"][0]["index"] is None
    assert min(record["solutions"][0]["strategies"][0]) > 0


def test_three_players_are_solved_in_the_order_that_can_be(run: Any, tmp_path: Path) -> None:
    game = tmp_path / "three.nfg"
    game.write_text('NFG 1 R "Three" { "a" "b" "c" } { 2 2 2 }\n\n' + " ".join(["1 1 1 0 0 0"] * 4) + "\n")

    ran = run("solve", game, "--order", "all", "--format", "json")

    assert ran.code == 0
    assert [record["order"] for record in ran.json] == ["simultaneous"]
    assert "two players only" in ran.err
    assert "equilibria in actions: " in ran.err


def test_a_value_outside_its_law_is_warned_of_once(run: Any) -> None:
    assert run("solve", REFERENCE, "--set", "escalation_risk=0.5").err.count("warning:") == 1


def test_help_names_every_command_and_completion_is_offered(run: Any) -> None:
    page = run("--help").out

    for command in ("list", "check", "solve", "tip", "analyse", "new", "schema", "--version", "completion"):
        assert command in page


@pytest.mark.parametrize("command", ["radius", "least-change", "critical", "ordinal", "break-even", "regions"])
def test_a_question_about_tables_refuses_a_tree_in_its_own_words(run: Any, tmp_path: Path, command: str) -> None:
    file = tmp_path / "tree.yaml"
    run("new", file, "--form", "extensive")
    more = {"break-even": ["--parameter", "gain"], "regions": ["--x", "gain", "--y", "bluff_cost"]}.get(command, [])

    refused = run(command, file, *more)

    assert refused.code == 2
    assert f"{command.replace('-', '_').replace('critical', 'critical_risk')} needs a table of payoffs" in refused.err
    assert "instead" in refused.err


def test_of_many_solutions_that_end_alike_one_is_shown_and_all_are_listed_as_csv(run: Any) -> None:
    words = ("solve", "asymmetric_escalation", "--order", "simultaneous")
    shown, listed = run(*words).out, run(*words, "--format", "csv").out

    assert "14 solutions" in shown
    assert "one is shown, 3 in all" in shown
    assert [number for number in range(1, 15) if f"({number})" in shown] == [1, 8, 14]
    assert len(listed.splitlines()) == 1 + 14


def test_bounds_of_a_list_that_may_lack_solutions_are_not_said_to_be_over_them() -> None:
    assert measured("risk", (0.25, 0.25), lacking=True) == "risk: 0.25"
    assert measured("risk", (0.0, 1.0), lacking=False).endswith("over the solutions")
    assert "over the solutions" not in measured("risk", (0.0, 1.0), lacking=True)
