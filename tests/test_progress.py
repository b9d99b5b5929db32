"""Is it shown how far long work has come, in a notebook, in a terminal and in a log, and does that change nothing?"""

from __future__ import annotations

import inspect
import re
import sys
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from gametheory import analyses, progress
from gametheory.analyses.argument.audit import audit
from gametheory.analyses.argument.claims import claims
from gametheory.analyses.influence.regional import regional
from gametheory.analyses.influence.set_dependence import set_dependence
from gametheory.analyses.robustness.least_change import least_change
from gametheory.analyses.robustness.radius import radius
from gametheory.analyses.shares.stages import counted, stages
from gametheory.analyses.tipping.tip import tip
from gametheory.cli import app
from gametheory.cli.asking import SHOWN
from gametheory.cli.console import progress as console_progress
from gametheory.designs import scheme
from gametheory.estimators.dependence import dependence, same_kernel
from gametheory.model import Model
from gametheory.reader import read
from gametheory.study import answered, answered_at, run
from gametheory.sweeps import sweep
from tests.sweeping import HEAD, REST, SMALL, chicken
from tests.test_extensive_answers import ENTRY

NOTEBOOK = """
from gametheory.progress import bar
from gametheory.sweeps import sweep
from tests.sweeping import SMALL, chicken
done = sweep(chicken(), samples=2 * SMALL, block=SMALL, orders=["nato"], progress=True)
"""
BROKEN = """
from gametheory.progress import bar
with bar('<b>draws</b>') as report:
    report(3, 10)
    raise ValueError("stopped")
"""

CLAIM = "claim nato_holds"
IN_PARTS = {
    "alternatives", "audit", "choice_curves", "choices", "claims", "dependence_indices", "discovery",
    "discovery_region", "discovery_trade_off", "discovery_tree", "drivers", "least_change", "measure_ranges",
    "measure_shifts", "misperception", "misperception_outcomes", "multiplicity", "outcomes", "profile_indices",
    "radius", "regional", "regional_curves", "response_curves", "response_indices", "set_dependence", "tip",
    "value_of_information",
}  # fmt: skip


class Place:
    """Where a notebook shows something; keeps all that was ever shown there."""

    def __init__(self, shown: list[dict[str, str]]) -> None:
        self.shown = shown

    def update(self, picture: dict[str, str], *, raw: bool) -> None:
        assert raw
        self.shown.append(picture)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Pretend that a notebook runs the test; gives the list of what it shows."""
    pictures: list[dict[str, str]] = []

    def display(picture: dict[str, str], *, raw: bool, display_id: bool = False) -> Place:
        assert raw
        assert display_id or "interrupted" in picture["text/plain"]
        pictures.append(picture)
        return Place(pictures)

    monkeypatch.setattr(progress, "_in_notebook", lambda: True)
    monkeypatch.setattr(progress, "REDRAWN", 0.0)
    monkeypatch.setattr("IPython.display.display", display)
    return pictures


def questions_with_progress() -> list[str]:
    """Every analysis that says how far it is."""
    return [name for name, own in analyses.ANALYSES.items() if "progress" in inspect.signature(own.function).parameters]


def options(name: str) -> dict[str, Any]:
    """What a question cannot do without, of the small model, and few draws."""
    known = inspect.signature(analyses.ANALYSES[name].function).parameters
    asked: dict[str, Any] = {"samples": 256, "bins": 4, "parameter": "p"}
    if "of" in known and known["of"].default is inspect.Parameter.empty:
        asked["of"] = "hold, hold" if name == "discovery_region" else CLAIM
    return {option: value for option, value in asked.items() if option in known}


def test_true_shows_a_bar_in_a_notebook_and_takes_it_away(notebook: list[dict[str, str]]) -> None:
    sweep(chicken(), samples=2 * SMALL, block=SMALL, orders=["nato"], progress=True)

    said = [picture["text/plain"] for picture in notebook]
    assert said[0] == said[-1] == ""
    assert "sweep: 1,024 of 2,048" in said
    assert said[-2] == "sweep: 2,048 of 2,048"
    assert '<progress value="1024" max="2048">' in notebook[said.index("sweep: 1,024 of 2,048")]["text/html"]


def test_the_bar_goes_away_where_the_work_ends_in_an_error_and_its_title_stays_text(
    notebook: list[dict[str, str]],
) -> None:
    def broken() -> None:
        with progress.bar("<b>draws</b>") as report:
            report(3, 10)
            raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        broken()

    assert "&lt;b&gt;draws" in notebook[1]["text/html"]
    assert "<b>" not in notebook[1]["text/html"]
    assert notebook[-1] == {"text/html": "", "text/plain": ""}


def interrupted(stop: KeyboardInterrupt, reports: int = 1) -> None:
    """Work that is interrupted after so many reports."""

    def work() -> None:
        with progress.bar("<draws>", unit="points") as report:
            for done in range(1, reports + 1):
                report(1_000 * done, 20_000)
            raise stop

    with pytest.raises(KeyboardInterrupt):
        work()


def test_an_interruption_leaves_a_line_that_says_how_far_the_work_had_come(
    notebook: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "<draws>: interrupted, 3,000 of 20,000 points done"
    interrupted(KeyboardInterrupt(), reports=3)
    assert notebook[-2] == {"text/html": "", "text/plain": ""}
    assert notebook[-1] == {"text/html": f"<p>{escape(said)}</p>", "text/plain": said}

    monkeypatch.setattr(progress, "_in_notebook", lambda: False)
    interrupted(KeyboardInterrupt(), reports=3)
    assert capsys.readouterr().err == f"{said}\n"
    interrupted(KeyboardInterrupt(), reports=0)
    assert capsys.readouterr().err == "<draws>: interrupted\n"


def test_who_stops_in_order_has_the_last_word(capsys: pytest.CaptureFixture[str]) -> None:
    interrupted(KeyboardInterrupt("interrupted: 5 of 10 blocks are stored"))

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", questions_with_progress())
def test_every_question_that_tells_its_progress_shows_a_bar_for_true_and_answers_alike(
    name: str, notebook: list[dict[str, str]]
) -> None:
    question, asked = analyses.ANALYSES[name].function, options(name)
    quiet, told = question(chicken(), **asked), question(chicken(), **asked, progress=True)

    assert quiet.equals(told)
    assert "</progress>" in notebook[-2]["text/html"]
    assert notebook[-1]["text/html"] == ""


def test_every_question_whose_work_is_in_many_parts_tells_its_progress() -> None:
    assert set(questions_with_progress()) == IN_PARTS


def told_by(question: Any, *given: Any, **asked: Any) -> tuple[Any, list[tuple[int, int]]]:
    """What a question answers, and all that it told of its progress."""
    seen: list[tuple[int, int]] = []
    return question(*given, **asked, progress=lambda done, total: seen.append((done, total))), seen


def draws_answered(model: Model, count: int, progress: Any) -> None:
    """Answer so many draws row by row."""
    answered(model, scheme("random", model, count, 0), progress=progress)


def assert_counted(seen: list[tuple[int, int]]) -> None:
    """One total from first to last, never less done than before, and all done at the end."""
    done, totals = [one for one, _ in seen], {total for _, total in seen}
    assert len(totals) == 1
    assert done == sorted(done)
    assert done[0] >= 0
    assert done[-1] == totals.pop() > 0


@pytest.mark.parametrize("name", questions_with_progress())
def test_what_is_told_never_falls_and_comes_to_its_total(name: str) -> None:
    question, asked = analyses.ANALYSES[name].function, options(name)

    frame, seen = told_by(question, chicken(), **asked)

    assert_counted(seen)
    quiet = question(chicken(), **asked)
    assert frame.equals(quiet)
    assert str(frame.attrs) == str(quiet.attrs)


@pytest.mark.parametrize(
    ("question", "asked", "parts"),
    [
        (set_dependence, {"samples": 256, "permutations": 19}, 3 * 2 * 19),  # orders, kernels
        (radius, {}, 3),
        (least_change, {"points": 64}, 3 * 2),  # orders, parameters
        (tip, {"parameter": "p", "order": "all"}, 3),
        (regional, {"samples": 256}, 3),
        (audit, {"samples": 256}, 2),  # the draws, and those of the exchanges
    ],
)
def test_long_work_is_told_part_by_part(question: Any, asked: dict[str, Any], parts: int) -> None:
    _, seen = told_by(question, chicken(), **asked)

    assert len(set(seen)) >= parts


def test_work_on_answers_that_are_given_is_all_that_is_counted() -> None:
    model = chicken()
    answers = answered(model, scheme("random", model, 200, 0))

    _, shuffled = told_by(set_dependence, model, answers=answers, order="nato", permutations=19)
    _, compared = told_by(regional, model, answers=answers)
    _, nothing = told_by(claims, model, run=run(model, 200))

    assert shuffled == [(done, 38) for done in range(1, 39)]
    assert_counted(compared)
    assert compared[-1] == (200, 200)
    assert nothing == []


def test_work_of_which_nothing_is_left_to_do_is_told_as_done() -> None:
    seen: list[tuple[int, int]] = []
    first, second, third = stages(lambda done, total: seen.append((done, total)), 10, 0, 5)

    for step in (first, second, third):
        assert list(counted([], step)) == []

    assert seen == [(10, 15), (10, 15), (15, 15)]
    assert stages(None, 1, 2) == [None, None]


def test_a_question_to_which_all_draws_answer_alike_counts_as_done() -> None:
    model = chicken()
    corner = {"p": np.linspace(0.3, 0.4, 40), "t": np.linspace(0.15, 0.2, 40)}  # nobody's choice changes here

    _, seen = told_by(set_dependence, model, answers=answered_at(model, corner), permutations=19)

    assert seen == [(19 * done, 19 * 6) for done in range(1, 7)]


@pytest.mark.parametrize("name", ["claims", "discovery_tree", "set_dependence", "tip"])
def test_a_tree_tells_its_progress_too(name: str) -> None:
    asked = {"parameter": "cost", "order": "all"} if name == "tip" else {"samples": 200}

    _, seen = told_by(analyses.ANALYSES[name].function, read(ENTRY), **asked)

    assert_counted(seen)
    assert name != "tip" or seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("work", [run, draws_answered])
def test_work_on_trees_is_told_several_times_a_block(work: Any) -> None:
    seen: list[tuple[int, int]] = []

    work(read(ENTRY), 1_200, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(512, 1_200), (1_024, 1_200), (1_200, 1_200)]


TWO_WORKS = {"audit": ["alternatives chicken", "audit chicken"], "sensitivity": ["sensitivity", "drivers"]}


@pytest.mark.parametrize(("command", "titles"), TWO_WORKS.items())
def test_a_command_of_two_works_has_a_bar_for_each(
    command: str, titles: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gametheory.progress.PAUSE", 0.0)
    file = tmp_path / "chicken.yaml"
    file.write_text(HEAD.replace("LAW", "uniform") + REST)

    result = CliRunner().invoke(app.app, [command, str(file), "--samples", "64"])

    assert result.exit_code == 0, result.output
    told = re.findall(r"^(.*): (\d+) of (\d+)$", result.stderr.replace(",", ""), re.MULTILINE)
    assert list(dict.fromkeys(title for title, _, _ in told)) == titles
    for title in titles:
        assert_counted([(int(done), int(total)) for own, done, total in told if own == title])


def test_permutations_are_told_one_by_one_and_change_nothing() -> None:
    values = np.random.default_rng(0).random((50, 2))
    classes = (values[:, 0] > 0.5).astype(np.int64)
    seen: list[tuple[int, int]] = []

    told = dependence(values, classes, same_kernel(2), 19, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(done, 19) for done in range(1, 20)]
    for own, other in zip(told, dependence(values, classes, same_kernel(2), 19), strict=True):
        np.testing.assert_array_equal(own, other)


ABOUT = [name for name in SHOWN if name in IN_PARTS]


@pytest.mark.parametrize(
    "words", [["radius"], ["least-change"], *(["sensitivity", "--about", name.replace("_", "-")] for name in ABOUT)]
)
def test_the_commands_show_how_far_they_are(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gametheory.progress.PAUSE", 0.0)
    file = tmp_path / "chicken.yaml"
    file.write_text(HEAD.replace("LAW", "uniform") + REST)
    name = words[-1].replace("-", "_")
    more = ["--samples", "640"] if words[0] == "sensitivity" else []
    of = ["--of", "hold, hold" if name == "discovery_region" else CLAIM] if "of" in options(name) else []

    result = CliRunner().invoke(app.app, [words[0], str(file), *words[1:], *more, *of, "--format", "json"])

    assert result.exit_code == 0
    assert f"{words[-1]}: " in result.stderr
    assert " of " in result.stderr
    assert result.stdout.startswith(("{", "["))


@pytest.mark.parametrize("asked", [None, False])
def test_nothing_is_shown_where_nothing_is_asked_for(
    asked: bool | None, notebook: list[dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.shown(asked, "draws") as report:
        assert report is None

    assert not notebook
    assert capsys.readouterr().err == ""


def test_a_terminal_gets_a_bar_on_standard_error_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with console_progress("[draws]") as report:
        report(3, 10)

    printed = capsys.readouterr()
    assert "[draws]" in printed.err
    assert "30%" in printed.err
    assert printed.out == ""


def test_elsewhere_a_line_is_written_now_and_then_and_not_more_often(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("gametheory.progress.time.monotonic", lambda: clock[-1])

    with progress.bar("draws", unit="points") as report:
        for moment, done in ((1.0, 1_000), (11.0, 2_000), (12.0, 3_000)):
            clock.append(moment)
            report(done, 20_000)

    assert capsys.readouterr().err == "draws: 2,000 of 20,000 points\n"


def executed(code: str) -> list[Any]:
    """The outputs of one cell in a real kernel."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    own: dict[str, object] = {"cell_type": "code", "source": code, "metadata": {}, "outputs": []}
    own |= {"execution_count": None, "id": "one"}
    cells = {"cells": [own], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    book = nbformat.from_dict(cells)  # type: ignore[no-untyped-call]  # nbformat leaves it untyped
    client = NotebookClient(book, timeout=120, kernel_name="python3")
    try:
        client.execute()
    except CellExecutionError:
        assert "stopped" in str(book.cells[0].outputs)
    return list(book.cells[0].outputs)


@pytest.mark.slow
@pytest.mark.parametrize("code", [NOTEBOOK, BROKEN])
def test_a_real_kernel_is_left_with_an_empty_picture(code: str) -> None:
    first, *others = executed(code)

    assert first.output_type == "display_data"
    assert dict(first.data) == {"text/html": "", "text/plain": ""}
    assert [own.output_type for own in others] in ([], ["error"])
