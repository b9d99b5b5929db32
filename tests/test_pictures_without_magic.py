"""Is every picture of a notebook shown that nobody prepared by a magic line?"""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

CELLS = (
    "import gametheory as gt; frame = gt.outcomes(gt.load('reference_involvement'), samples=64)",
    "gt.figures.outcomes(frame)",
    "gt.figures.outcomes(frame)",
    "import matplotlib.pyplot as plt; plt.plot([1, 2])",
)


def test_every_figure_is_shown_once_under_its_own_cell_and_so_are_those_of_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel chooses its own
    notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]  # nbformat leaves it untyped
    for cell in CELLS:
        notebook.cells.append(nbformat.v4.new_code_cell(cell))  # type: ignore[no-untyped-call]  # as above

    NotebookClient(notebook, kernel_name="python3", timeout=120).execute()

    shown = [sum("image/png" in output.get("data", {}) for output in cell.outputs) for cell in notebook.cells]
    assert shown == [0, 1, 1, 1]
