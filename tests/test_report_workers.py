"""Do several processes make the page that one makes, and what happens when one of them dies?"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gametheory.errors import ComputationError, InputError, UnknownNameError
from gametheory.reader import load
from gametheory.report import analyse
from gametheory.report.asking import Asking, _answered
from tests.sweeping import chicken


@pytest.mark.parametrize("name", ["chicken", "brinkmanship_threat"])
def test_two_processes_make_the_bytes_of_one(name: str, tmp_path: Path) -> None:
    model = chicken() if name == "chicken" else load(name)
    for workers in (1, 2):
        analyse(model, tmp_path / str(workers), samples=256, base_points=64, workers=workers)

    one, two = ({path.name: path.read_bytes() for path in (tmp_path / own).rglob("*.*")} for own in "12")
    assert two == one
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_an_analysis_reaches_whoever_asked(workers: int) -> None:
    with Asking(chicken(), workers) as ask:
        frame, wrong = ask("base_case"), ask("tip", "no_such_name")
        with pytest.raises(UnknownNameError, match="no_such_name"):
            ask.frame(wrong)
        assert isinstance(ask.frame(frame), pd.DataFrame)


def test_too_few_base_points_are_told_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="base_points: 63, expected at least 64"):
        analyse(chicken(), tmp_path, base_points=63, note=pytest.fail)


def dying(question: Any) -> pd.DataFrame:
    """Answer in this process, die in any other."""
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return _answered(question)


def test_a_process_that_dies_is_told_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("gametheory.report.asking._answered", dying)

    with pytest.raises(ComputationError, match="a process that answered questions has died; .*one worker") as caught:
        analyse(chicken(), tmp_path / "out", samples=64, base_points=64, workers=2)

    assert isinstance(caught.value.__cause__, BrokenExecutor)
    for process in multiprocessing.active_children():  # one that was starting is ended by the thread that started it
        process.join(10)
    assert not multiprocessing.active_children()
    assert not (tmp_path / "out").exists()


UNGUARDED = """
from gametheory.processes import Processes
print("begun", flush=True)
print(Processes(1, len).submit("task").exception(), flush=True)
"""


def test_a_script_without_a_guard_is_stopped_where_it_would_start_processes_anew(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED)

    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=False)

    assert done.stdout.split("\n") == ["begun", "begun", "a process has died", ""]
    assert "in a script, several need the call under if __name__ == '__main__'" in done.stderr


def test_once_a_process_has_died_no_further_question_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Asking(chicken())
    future = ask("base_case")
    monkeypatch.setattr(ask, "broken", BrokenExecutor("gone"))

    with pytest.raises(BrokenExecutor, match="gone"):
        ask.frame(future)

    assert not future.done()
