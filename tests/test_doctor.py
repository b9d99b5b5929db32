"""Does `doctor` find what is wrong with an installation, say what to try, and find nothing where all is well?"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from gametheory import checkup as room
from gametheory.checkup import DISTRIBUTION, Check, checkup
from gametheory.cli import main
from gametheory.errors import ComputationError
from gametheory.kernels import is_writable
from gametheory.reader import starter
from gametheory.version import __version__

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
QUICK = ("kernel cache", "catalogue", "temporary files", "known game")


class Ran(NamedTuple):
    """The end of one command."""

    code: int
    out: str


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def command(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["gametheory", "doctor", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return Ran(int(end.value.code or 0), capsys.readouterr().out)

    return command


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the part that starts processes."""
    monkeypatch.setattr(room, "LOOKS", {name: room.LOOKS[name] for name in QUICK})


def named(name: str) -> Check:
    """What is found out about one thing."""
    (found,) = (check for check in checkup().checks if check.name == name)
    return found


@pytest.mark.slow
def test_this_installation_is_sound_and_two_workers_give_the_same_bytes(doctor: Callable[..., Ran]) -> None:
    ran = doctor("--format", "json")
    record = json.loads(ran.out)
    states = {check["name"]: check["state"] for check in record["checks"]}

    assert ran.code == 0
    assert record["sound"]
    assert states["two workers"] == "ok"
    assert "the same 6 files as one" in ran.out


@pytest.mark.usefixtures("quick")
def test_the_versions_places_and_the_known_game_are_told_in_every_format(doctor: Callable[..., Ran]) -> None:
    ran, rows = doctor(), list(csv.DictReader(io.StringIO(doctor("--format", "csv").out)))

    assert ran.code == 0
    assert ran.out.rstrip().endswith("everything that was looked at is sound")
    assert {"numpy", "kernel cache", "catalogue", "known game"} <= {row["name"] for row in rows}
    assert next(row["found"] for row in rows if row["name"] == "gametheory") == __version__
    assert [row["state"] for row in rows if row["topic"] == "self-test"] == ["ok"]


def test_the_name_of_the_package_is_that_of_the_project_and_its_requirements_can_be_read() -> None:
    assert PROJECT["name"] == DISTRIBUTION
    for text in PROJECT["dependencies"]:
        read = room.REQUIREMENT.match(text)
        assert read is not None
        assert f"{read['name']}>={read['least']}" == text
    for extra, packages in PROJECT["optional-dependencies"].items():
        read = room.REQUIREMENT.match(f"{packages[0]}; extra == '{extra}'")
        assert read is not None
        assert (read["extra"], read["name"]) == (extra, re.split("[>=]", packages[0])[0])


@pytest.mark.parametrize(
    ("there", "extra", "state", "advice"),
    [
        ("2.1.0", "", "ok", ""),
        ("1.26.4", "", "failed", "in a clone of the project, pip install --upgrade '.'"),
        (None, "", "failed", "in a clone of the project, pip install --upgrade '.'"),
        (None, "dask", "noted", "in a clone of the project, pip install --upgrade '.[dask]'"),
        ("", "dask", "failed", "pip install --force-reinstall tool"),
        ("1.9", "dask", "failed", "in a clone of the project, pip install --upgrade '.[dask]'"),
    ],
)
def test_a_package_is_at_fault_where_it_is_too_old_or_missing_and_not_extra(
    there: str | None, extra: str, state: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if there is None:
            raise PackageNotFoundError(name)
        return there

    monkeypatch.setattr(room, "version", version)
    monkeypatch.setattr(room, "metadata", lambda _: Requires(f"tool>=2.0{f'; extra == {extra!r}' * bool(extra)}"))
    (found,) = room.packages()

    assert (found.state, found.advice) == (state, advice)
    assert found.topic == (f"extra {extra}" if extra else "version")


class Requires:
    """What a package says of itself."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_all(self, name: str) -> list[str]:
        assert name == "Requires-Dist"
        return [self.text]


def wrong_strategies(solutions: Any) -> Any:
    """The same answer, with one probability off by a millionth."""
    solutions.strategies[0].flags.writeable = True
    solutions.strategies[0][...] = np.clip(solutions.strategies[0] + 1e-6, 0.0, 1.0)
    return solutions


@pytest.mark.usefixtures("quick")
def test_a_solver_that_is_a_millionth_off_fails_the_self_test_and_the_command_ends_with_1(
    doctor: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gametheory import solvers

    right = solvers.solve
    monkeypatch.setattr(solvers, "solve", lambda games, **own: wrong_strategies(right(games, **own)))
    ran = doctor()

    assert ran.code == 1
    assert "something is wrong with: known game" in ran.out
    assert named("known game").advice == room.ADVICE


@pytest.mark.usefixtures("quick")
def test_whatever_is_raised_is_told_and_the_rest_is_still_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the compiler is broken")

    monkeypatch.setattr("gametheory.solvers.solve", broken)
    found = checkup()

    assert not found.sound
    assert [check.found for check in found.checks if check.state == "failed"] == [
        "RuntimeError: the compiler is broken"
    ]
    assert {"catalogue", "temporary files"} <= {check.name for check in found.checks if check.state == "ok"}


def test_workers_that_disagree_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def sweep(*_: Any, out: Path, workers: int, **__: Any) -> None:
        out.mkdir()
        (out / "run.json").write_bytes(b"{}")
        (out / "block-000000.parquet").write_bytes(b"%d" % min(workers, many))

    monkeypatch.setattr("gametheory.sweeps.sweep", sweep)
    many = 1
    assert room._workers_agree().state == "ok"
    many = 2
    with pytest.raises(ComputationError, match=r"made different files: block-000000.parquet"):
        room._workers_agree()


def test_a_folder_that_cannot_be_written_and_an_empty_catalogue_are_faults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("gametheory.kernels.cache_folders", lambda: [tmp_path / "file" / "below"])
    (tmp_path / "file").write_bytes(b"")
    assert not is_writable(tmp_path / "file" / "below")
    assert room._kernel_cache().state == "failed"

    monkeypatch.setattr("gametheory.kernels.cache_folders", lambda: [tmp_path])
    assert room._kernel_cache().found == f"{tmp_path}: empty"
    (tmp_path / "a.nbc").write_bytes(bytes(2**20))
    assert room._kernel_cache().found == f"{tmp_path}: 1 compiled kernels, 1.0 MB"

    monkeypatch.setattr("gametheory.reader.catalogue", dict)
    assert room._catalogue().state == "failed"


@pytest.mark.parametrize("harm", [b"title: [", b"title: no more than this", b"\xff\xfe"])
def test_a_broken_model_of_the_catalogue_is_named(harm: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sound = tmp_path / "sound.yaml"
    sound.write_text(starter(), encoding="utf-8")
    files = {"sound": sound, "broken": tmp_path / "broken.yaml"}
    monkeypatch.setattr("gametheory.reader.catalogue", lambda: files)

    files["broken"].write_bytes(harm)
    found = room._catalogue()
    assert found.state == "failed"
    assert found.found.endswith("2 models, 1 broken: broken.yaml")
    assert "gametheory check FILE" in found.advice

    files["broken"].write_bytes(sound.read_bytes())
    assert room._catalogue().state == "ok"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No usable temporary directory found"), "TMPDIR"),
        (OSError(28, "No space left on device"), "free space"),
        (ModuleNotFoundError("No module named 'flint'"), "--force-reinstall"),
        (MemoryError(), "more memory"),
        (ValueError("odd"), "report this"),
    ],
)
def test_what_to_try_fits_what_went_wrong(error: Exception, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Check:
        raise error

    monkeypatch.setattr(room, "LOOKS", {"broken": broken})

    assert words in named("broken").advice


@pytest.mark.usefixtures("quick")
def test_progress_is_told_after_each_look() -> None:
    seen: list[tuple[int, int]] = []
    checkup(progress=lambda done, total: seen.append((done, total)))

    assert seen == [(done, len(QUICK)) for done in range(1, len(QUICK) + 1)]


@pytest.mark.usefixtures("quick")
def test_the_notebook_shows_every_check_and_what_all_of_them_come_to() -> None:
    found = checkup()

    assert f"gametheory {__version__}: sound" in found._repr_html_()
    assert found._repr_html_().count("<tr>") == 1 + len(found.checks)
