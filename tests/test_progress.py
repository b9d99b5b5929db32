"""Is it shown how far long work has come, in a notebook, in a terminal and in a log, and does that change nothing?"""

from __future__ import annotations

import inspect
import sys
from html import escape
from typing import Any

import pytest

from gametheory import analyses, progress
from gametheory.cli.console import progress as console_progress
from gametheory.sweeps import sweep
from tests.sweeping import SMALL, chicken

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
    question = analyses.ANALYSES[name].function
    quiet, told = question(chicken(), samples=256), question(chicken(), samples=256, progress=True)

    assert quiet.equals(told)
    assert "</progress>" in notebook[-2]["text/html"]
    assert notebook[-1]["text/html"] == ""


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

    own: dict[str, object] = {
        "cell_type": "code",
        "source": code,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "id": "one",
    }
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
