"""Do the command line, the report and the figures show of a tree what its solutions are, threats included?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from gametheory import analyses, figures
from gametheory.cli.app import app
from gametheory.errors import InputError
from gametheory.formats import write_game
from gametheory.reader import load
from gametheory.report import analyse
from gametheory.solvers.trees import solve_trees
from tests.test_extensive_models import SOUND
from tests.tree_library import entry

ENTRY = """\
format: gametheory/1
title: Entry deterrence
form: extensive
players: {entrant: {label: Entrant}, incumbent: {label: Incumbent}}
parameters:
  cost: {value: 1, law: {kind: uniform, low: -1, high: 3}, unit: payoff, meaning: cost of a fight to the incumbent,
         source: analyst assumption, mark: A}
tree:
  player: entrant
  at: start
  moves:
    out: kept_out
    in: {player: incumbent, at: reply, moves: {acquiesce: shared, fight: fought}}
outcomes:
  kept_out: {entrant: 0, incumbent: 2}
  shared: {entrant: 1, incumbent: 1}
  fought: {entrant: -1, incumbent: 1 - cost}
measures: {entry: {reached: [shared, fought]}}
claims: {deterred: {text: The threat deters, holds: {measure: entry, at_most: 0, order: subgame_perfect}}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "entry.yaml"
    path.write_text(ENTRY, encoding="utf-8")
    return path


def told(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


def test_solve_names_the_incredible_threat_and_what_it_would_cost(file: Path) -> None:
    output = told("solve", str(file), "--order", "simultaneous")

    assert "rests on the threat of fight at reply, which is not credible" in output
    assert "another action pays incumbent 1 more" in output
    assert "fight (not reached)" in output


def test_a_choice_off_the_path_that_nothing_rests_on_is_not_called_a_threat() -> None:
    output = told("solve", "unilateral_deterrence", "--order", "simultaneous")

    assert "rests on the threat" not in output
    assert "does not rest on" in output
    assert "the outcome stands without it" in output


def test_the_record_of_a_tree_lists_strategies_by_information_set_in_the_order_of_the_file(file: Path) -> None:
    records = json.loads(told("solve", str(file), "--order", "all", "--format", "json"))

    assert [record["order"] for record in records] == ["simultaneous", "subgame_perfect", "sequential"]
    assert [own["name"] for own in records[0]["information_sets"]] == ["start", "reply"]
    perfect = records[1]["solutions"]
    assert [own["strategies"] for own in perfect] == [[[0.0, 1.0], [1.0, 0.0]]]
    assert perfect[0]["payoffs"] == [1.0, 1.0]
    assert perfect[0]["threats"] == []
    assert records[0]["measures"]["entry"] == [0.0, 1.0]
    assert records[1]["measures"]["entry"] == [1.0, 1.0]
    threats = [own["threats"] for own in records[0]["solutions"] if own["outcomes"][0] == 1.0]
    assert [{"information_set": "reply", "action": "fight", "gain": 1.0, "alone": True}] in threats
    assert all(each["action"] == "fight" and 0.0 < each["gain"] <= 1.0 for own in threats for each in own)


def test_a_game_file_with_a_tree_is_solved_and_checked(tmp_path: Path) -> None:
    write_game(entry(), tmp_path / "entry.efg")

    record = json.loads(told("solve", str(tmp_path / "entry.efg"), "--order", "sequential", "--format", "json"))

    assert record["form"] == "extensive"
    assert record["certificate"]["found"] == 1
    assert "ExtensiveGames: 1 of 5 nodes" in told("check", str(tmp_path / "entry.efg"))
    assert "verdict" in told("solve", str(tmp_path / "entry.efg"), "--format", "csv")


@pytest.mark.parametrize("wrong", [["--concept", "tracing"], ["--exact"], ["--order", "entrant"], ["--option", "x=1"]])
def test_what_a_tree_cannot_be_asked_is_refused_with_a_reason(file: Path, wrong: list[str]) -> None:
    result = CliRunner().invoke(app, ["solve", str(file), *wrong])

    assert result.exit_code != 0
    assert isinstance(result.exception, InputError)


def test_tipping_points_of_a_tree_are_those_worked_out_by_hand(file: Path) -> None:
    frame = analyses.tip(load(file), "cost", order="all")

    found = frame.groupby("order")["value"].agg(list).to_dict()
    assert found["subgame_perfect"] == pytest.approx([0.0], abs=1e-6)
    assert found["sequential"] == pytest.approx([0.0], abs=1e-6)
    own = frame[frame["order"] == "sequential"].iloc[0]
    assert own["before"] == ("out, fight",)
    assert own["after"] == ("in, acquiesce",)


def test_a_claim_on_a_threat_holds_where_the_threat_is_credible(file: Path) -> None:
    row = analyses.claims(load(file), samples=400, seed=2).iloc[0]

    assert row["all"] == pytest.approx(0.25, abs=0.07)  # the cost is below 0 in a quarter of its law
    assert row["all"] + row["none"] == pytest.approx(1.0)


def test_the_page_of_a_tree_draws_it_names_threats_and_says_what_is_left_out(file: Path, tmp_path: Path) -> None:
    page = analyse(load(file), tmp_path / "page", samples=64, base_points=64).read_text(encoding="utf-8")

    assert "The tree at the central values" in page
    assert "off the path of play that is not credible" in page
    assert "is left out" in page
    assert "that play ends in shared or fought" in page


def test_the_figure_of_a_tree_says_who_gets_what_and_describes_the_play() -> None:
    model_games = entry()
    solutions = solve_trees(model_games, order="sequential")

    with figures.off_screen():
        bare, played = figures.tree(model_games), figures.tree(model_games, solutions)

    assert "payoffs in the order" in figures.message(bare)
    assert figures.message(played).startswith("Solution 1 of 1")
    assert solutions.described(0) in figures.alternative(played)
    widths = {round(float(line.get_linewidth()), 1) for line in played.lines}
    assert {0.7, 3.2} <= widths
    assert {round(float(line.get_linewidth()), 1) for line in bare.lines} == {0.7}
    with pytest.raises(InputError, match="expected a number below 1"):
        figures.tree(model_games, solutions, solution=5)


def test_the_paths_of_two_types_are_joined_by_a_dashed_line(tmp_path: Path) -> None:
    path = tmp_path / "types.yaml"
    path.write_text(SOUND, encoding="utf-8")
    games = load(path).trees()

    with figures.off_screen():
        ax = figures.tree(games, labels={"soft": "mild"})

    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert len(dashed) == sum(len(own.nodes) - 1 for own in games.tree.sets) == 1
    assert any("start (mild)" in text.get_text() for text in ax.texts)


def test_solutions_of_one_game_of_a_batch_are_those_of_the_game_alone() -> None:
    one = entry()
    payoffs = np.concatenate([one.payoffs, one.payoffs * 2.0])
    batch = type(one)(one.tree, payoffs, np.repeat(one.chances, 2, axis=0))

    both, alone = solve_trees(batch), solve_trees(batch[1])

    assert both.of(1).frame().drop(columns="game").equals(alone.frame().drop(columns="game"))
    assert "<svg" in both._repr_html_()
