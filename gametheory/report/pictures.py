"""How does a figure become part of one HTML file?"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gametheory import figures
from gametheory.report.amounts import readable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Picture", "compact", "picture"]

LONG_NUMBER = re.compile(r"(?<![\w.])-?\d{1,4}\.\d{4,}")
NAMED = re.compile(r' id="([\w-]+)"')


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


def picture(draw: Callable[..., Axes], frame: Any, note: str = "", **options: Any) -> Picture:
    """Draw ``frame`` with a function of `figures` and return the picture; the same frame gives the same bytes.

    Some functions draw a game instead of a frame. The sentence is left out of the drawing, because the page writes it
    as the caption.
    """
    with figures.off_screen(WIDTH), figures.style():
        ax = draw(frame, **options)
        message, alternative = readable(figures.message(ax)), readable(figures.alternative(ax))
        figure = ax.get_figure(root=True)
        if figure is None:
            raise AssertionError("fresh axes stand on a figure")
        height = figure.get_size_inches()[1] - figures.title_height(message)
        ax.set_title("", loc="left")
        figure.set_size_inches(WIDTH, height)
        engine = figure.get_layout_engine()
        if engine is not None:  # once: saving would do it again, and draw everything for it
            engine.execute(figure)
            figure.set_layout_engine("none")
        svg = _svg(figure)
    code = base64.b64encode(compact(svg).encode()).decode()
    size = (round(96 * WIDTH), round(96 * height))
    return Picture(f"data:image/svg+xml;base64,{code}", message, note, alternative, *size)


def _svg(figure: Figure) -> str:
    """A figure whose layout stands as SVG: what ``savefig`` writes, which would draw it once more for the layout."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.BytesIO()
    figure.dpi = mpl.rcParams["savefig.dpi"]  # of what is an image inside, as the colours of a map
    canvas: Any = FigureCanvasSVG(figure)  # whose own types are not written down
    canvas.print_svg(buffer, metadata={"Date": None, "Creator": None})
    return buffer.getvalue().decode()


def compact(svg: str) -> str:
    """The same drawing in three quarters of the text: without comments and unused names, places to a hundredth.

    >>> compact('<g id="a"> <!-- x --> <use href="#b" x="12.34567"/> <path id="b" d="M 0.015625 1"/> </g>')
    '<g><use href="#b" x="12.35"/><path id="b" d="M 0.015625 1"/></g>'
    """
    text = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", re.sub(r">\s+<", "><", text))
    used = set(re.findall(r"#([\w-]+)", text))
    text = NAMED.sub(lambda found: found[0] if found[1] in used else "", text)
    text = LONG_NUMBER.sub(lambda found: found[0] if abs(float(found[0])) < 1.0 else f"{float(found[0]):.2f}", text)
    return text.replace("DejaVuSans", "D")
