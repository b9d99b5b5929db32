"""How does a figure become part of one HTML file?"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gametheory import figures

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["Picture", "picture"]


WIDTH = 5.4  # inches: narrow enough for its text to be read on a phone, where it is shown at seven tenths of its size


@dataclass(frozen=True)
class Picture:
    """A figure as a data address, with its sentence, a note on how to read it, and a description."""

    source: str
    message: str
    note: str
    alternative: str
    width: int
    height: int


def picture(draw: Callable[..., Axes], frame: pd.DataFrame, note: str = "", **options: Any) -> Picture:
    """Draw ``frame`` with a function of `figures` and return the picture; the same frame gives the same bytes.

    The sentence is left out of the drawing, because the page writes it as the caption.
    """
    with figures.off_screen(WIDTH), figures.style():
        ax = draw(frame, **options)
        message, alternative = figures.message(ax), figures.alternative(ax)
        figure = ax.get_figure(root=True)
        if figure is None:
            raise AssertionError("fresh axes stand on a figure")
        height = figure.get_size_inches()[1] - figures.title_height(message)
        ax.set_title("", loc="left")
        figure.set_size_inches(WIDTH, height)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    code = base64.b64encode(buffer.getvalue()).decode()
    size = (round(96 * WIDTH), round(96 * height))
    return Picture(f"data:image/svg+xml;base64,{code}", message, note, alternative, *size)
