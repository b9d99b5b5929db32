"""Is what gets installed what the repository says: pinned by hash, from no named place, with its data on board?"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import gametheory

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def direct_requirements() -> set[str]:
    """Names of all packages that pyproject.toml asks for, those of the developers and of the build included."""
    groups = [entry for group in PROJECT["dependency-groups"].values() for entry in group if isinstance(entry, str)]
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"], *groups]
    return {re.split(r"[<>=~!\[; ]", entry)[0].replace(".", "-").lower() for entry in asked}


def test_every_direct_requirement_is_locked() -> None:
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK, flags=re.MULTILINE))

    assert direct_requirements() <= locked


def test_every_locked_package_has_a_hash() -> None:
    entries = re.split(r"\n(?=[a-z])", LOCK.partition("make lock\n")[2])

    assert len(entries) > len(direct_requirements())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_names_no_address_and_no_path() -> None:
    assert re.findall(r".*(?:://|^-|^\.?/| @ ).*", LOCK, flags=re.MULTILINE) == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", folder], check=True, cwd=ROOT
    )
    (path,) = folder.iterdir()
    return zipfile.ZipFile(path)


def test_the_wheel_carries_the_catalogue(wheel: zipfile.ZipFile) -> None:
    models = {f"gametheory/models/{path.name}" for path in (ROOT / "models").glob("*.yaml")}

    assert models
    assert models <= set(wheel.namelist())


def test_the_wheel_carries_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    files = {path for path in (ROOT / "gametheory").rglob("*") if path.is_file() and "__pycache__" not in path.parts}

    assert {path.relative_to(ROOT).as_posix() for path in files} <= set(wheel.namelist())


def test_the_wheel_bears_the_version_of_the_package(wheel: zipfile.ZipFile) -> None:
    assert f"gametheory_escalation-{gametheory.__version__}.dist-info/METADATA" in wheel.namelist()
