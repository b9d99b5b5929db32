"""How do the notebooks come by the outputs that are stored with them?

``python notebooks/refresh.py`` runs all of them from top to bottom, ``python notebooks/refresh.py FILE ...`` some, and
writes them back with their outputs: without times and counts of executions, which change with every run, and with
pictures of few colours, which take a third of the space.
"""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path

COLOURS = 64  # the figures have a dozen colours, and the edges of letters their shades
PATIENCE = 600  # seconds for a cell on a busy machine


def refreshed(path: Path) -> str:
    """Return the text of a notebook after a run, with its outputs."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3", record_timing=False)
    client.execute(cwd=str(path.parent))
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = None
                if "image/png" in output.get("data", {}):
                    output.data["image/png"] = few_colours(output.data["image/png"])
    return nbformat.writes(notebook) + "\n"


def few_colours(code: str) -> str:
    """Return a PNG file with a palette; before and after in base 64."""
    from PIL import Image

    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(base64.b64decode(code))).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def main(names: list[str]) -> None:
    """Refresh the notebooks that are named, or all beside this file."""
    for path in map(Path, names) if names else sorted(Path(__file__).parent.glob("*.ipynb")):
        print(path.name, flush=True)
        path.write_text(refreshed(path), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
