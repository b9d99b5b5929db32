"""Can the notebooks be read where nobody runs them, and do they say what they rest on? That they run, nbmake tests."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import pytest

from gametheory.reader import catalogue

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ESSAY_ITEM = re.compile(r"\bE([1-9]|[1-4]\d|5[01])\b")  # the essay has items E1 to E51
PLACES = re.compile(r"/(tmp|home|root|work|usr|Users|private)/|site-packages|[A-Z]:\\")
LARGEST = 400_000  # bytes: a page that the web shows at once


def outputs(notebook: Any) -> list[Any]:
    """Every output of a notebook, cell by cell."""
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def printed(output: Any) -> str:
    """All text of an output, pictures left out."""
    data = output.get("data", {})
    return str(output.get("text", "")) + "".join(str(data[kind]) for kind in data if not kind.startswith("image/png"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def notebook(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat leaves it untyped


def test_every_notebook_is_run_by_the_tests() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]

    assert len(NOTEBOOKS) >= 7
    assert "notebooks" in settings["testpaths"]
    assert "--nbmake" in settings["addopts"]


def test_a_notebook_is_stored_with_what_it_shows(notebook: Any) -> None:
    nbformat.validate(notebook)

    assert any("image/png" in output.get("data", {}) for output in outputs(notebook))


def test_a_stored_output_is_no_error_and_no_warning(notebook: Any) -> None:
    kinds = {output.output_type for output in outputs(notebook)}

    assert "error" not in kinds
    assert not [output.text for output in outputs(notebook) if output.get("name") == "stderr"]


def test_no_output_names_a_place_on_a_machine(notebook: Any) -> None:
    assert not [text for output in outputs(notebook) if PLACES.search(text := printed(output))]


def test_every_picture_is_followed_by_what_it_shows_in_words(notebook: Any) -> None:
    shown = outputs(notebook)
    places = [place for place, output in enumerate(shown) if "image/png" in output.get("data", {})]

    for place in places:
        told = shown[place].metadata["image/png"]["alt"]
        assert len(told.split()) > 5
        assert " ".join(shown[place + 1].data["text/plain"].split()) == told
        assert "<details>" in shown[place + 1].data["text/html"]


def test_a_notebook_says_what_an_equilibrium_is_and_that_it_is_no_forecast(notebook: Any) -> None:
    told = " ".join("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown").split())

    assert "forecast or advice" in told or "analyst assumption" in told
    assert "**If**" in told
    assert "**then**" in told
    if "equilibri" in told:
        assert re.search(r"\*\*equilibrium\*\* is|equilibria \(choices from which", told)


def test_a_notebook_is_small(path: Path) -> None:
    assert path.stat().st_size < LARGEST


def test_a_notebook_names_its_models_and_the_items_of_the_essay(notebook: Any) -> None:
    words = "\n".join(cell.source for cell in notebook.cells)

    assert ESSAY_ITEM.search(words)
    assert any(name in words for name in catalogue())
