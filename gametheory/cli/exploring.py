"""What does ``explore`` do: which model is served, and where?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from gametheory.cli.console import line, note
from gametheory.cli.inputs import GAME_FILES, ModelFile
from gametheory.errors import InputError

__all__ = ["explore"]


def explore(
    file: ModelFile,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The first port to try.")] = 8866,
) -> None:
    """Open the model as a page with sliders, for this computer alone; ends with Ctrl-C."""
    from gametheory.explorer import serve
    from gametheory.reader import load

    if Path(file).suffix.lower() in GAME_FILES:
        raise InputError(f"{file!r}: a game file has no parameters to move; expected a model (.yaml)")
    model = load(file)
    if all(parameter.law.kind == "fixed" for parameter in model.parameters.values()):
        raise InputError(f"{file!r}: every parameter is fixed, so that there is nothing to move; use gametheory solve")

    def tell(address: str) -> None:
        line(address)
        if urlsplit(address).port != port:
            note(f"port {port} is taken, so that the page is served at another")
        note("open this address in a browser of this computer; whoever has it can use the page; Ctrl-C ends it")

    serve(Path(model.path).resolve(), port, tell)
