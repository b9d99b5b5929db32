"""Does the command `sweep` run, go on, check and refuse as it promises?"""

from __future__ import annotations

import csv
import io
import json
import sys
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gametheory.analyses import claims, outcomes
from gametheory.cli import main
from gametheory.cli.pace import Pace, pace
from gametheory.sweeps import block as work, open_run
from tests.sweeping import SMALL, chicken

SAMPLES = 3_000


class Ran(NamedTuple):
    """The end of one command."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["gametheory", "sweep", *map(str, arguments)])
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            with pytest.raises(SystemExit) as end:
                main()
        printed = capsys.readouterr()
        return Ran(end.value.code if isinstance(end.value.code, int) else 0, printed.out, printed.err)

    return command


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "chicken.yaml"
    path.write_text(chicken().text)
    return path


def test_the_result_is_that_of_the_analyses(run: Any, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    ran = run(model, "--samples", SAMPLES, "--seed", 4, "--out", out, "--block", SMALL, "--format", "json")
    record = json.loads(ran.out)

    assert ran.code == 0
    done = open_run(out)
    assert record["run"] == done.shelf.run
    assert (record["samples"], record["seed"], record["draws"], record["scheme"]) == (SAMPLES, 4, SAMPLES, "random")
    assert [row["lower"] for row in record["outcomes"]] == outcomes(done.model, run=done)["lower"].tolist()
    assert record["claims"][0]["all"] == claims(done.model, run=done)["all"].iloc[0]
    assert record["failed"] == {"simultaneous": 0.0, "nato": 0.0, "russia": 0.0}


def test_the_same_command_with_more_samples_goes_on(run: Any, model: Path, tmp_path: Path) -> None:
    assert run(model, "--samples", SAMPLES, "--out", tmp_path / "run", "--block", SMALL).code == 0
    ran = run(model, "--samples", 2 * SAMPLES, "--out", tmp_path / "run", "--block", SMALL, "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert {row["kind"] for row in rows} == {"outcome", "claim"}
    assert open_run(tmp_path / "run").samples == 2 * SAMPLES


def test_a_table_names_the_outcomes_and_the_claims(run: Any, model: Path) -> None:
    ran = run(model, "--samples", 500, "--order", "nato")

    assert ran.code == 0
    assert "hold, concede" in ran.out
    assert "nato_holds" in ran.out
    assert "russia: share" not in ran.out


def test_designs_have_their_options(run: Any, model: Path) -> None:
    ran = run(model, "--samples", 7, "--scheme", "grid", "--over", "p", "--over", "t", "--format", "json")

    assert json.loads(ran.out)["draws"] == 49


def test_checking_a_folder_ends_with_1_where_a_block_is_not_as_it_was(run: Any, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run(model, "--samples", SAMPLES, "--out", out, "--block", SMALL)

    assert run("--verify", out).code == 0
    assert "3 of 3 blocks pass" in run("--verify", out, "--blocks", "0,2").out
    (out / "block-000001.parquet").write_bytes(b"PAR1")
    ran = run("--verify", out, "--blocks", "none", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out)[1] == {"block": 1, "stored": False, "recomputed": None}
    assert "blocks 1 fail" in ran.err
    (out / "run.json").write_bytes(b"{}")
    assert run("--verify", out).code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--verify", "nowhere"], "no run there"),
        (["--samples", "10"], "sweep needs a model and --samples"),
        (["MODEL"], "sweep needs a model and --samples"),
        (["MODEL", "--samples", "10", "--scheme", "halton"], "no design 'halton'"),
        (["MODEL", "--samples", "10", "--order", "china"], "no order of play 'china'"),
        (["MODEL", "--samples", "10", "--dask", "nonsense"], "is no address of a scheduler"),
    ],
)
def test_bad_use_ends_with_2_and_a_sentence(arguments: list[str], message: str, run: Any, model: Path) -> None:
    ran = run(*[model if word == "MODEL" else word for word in arguments])

    assert ran.code == 2
    assert message in ran.err
    assert not ran.out


def test_points_that_raise_are_told_and_all_of_them_end_with_1(
    run: Any, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("no such game")

    monkeypatch.setattr(work, "block_answers", broken)
    ran = run(model, "--samples", 10)

    assert ran.code == 1
    assert "10 points raised an error; the first: ValueError: no such game" in ran.err
    assert "order nato: 100.000% of the draws failed" in ran.err


def test_the_pace_counts_only_what_was_done_here() -> None:
    ticks = iter([0.0, 100.0, 100.0, 200.0])
    speed = Pace(games=3, clock=lambda: next(ticks))

    assert speed(5_000, 20_000) == ""  # what was there already
    assert speed(10_000, 20_000) == "150 games/s, 0:03:20 left"
    assert speed(10_000, 20_000) == "150 games/s, 0:03:20 left"
    assert speed(20_000, 20_000) == "225 games/s, 0:00:00 left"


def test_without_a_terminal_progress_is_a_plain_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gametheory.progress.PAUSE", 0.0)

    with pace("sweep", games=1) as report:
        report(0, 2_000)
        report(1_000, 2_000)

    first, second = capsys.readouterr().err.splitlines()
    assert first == "sweep: 0 of 2,000 points"
    assert second.startswith("sweep: 1,000 of 2,000 points, ")
    assert second.endswith(" left")
