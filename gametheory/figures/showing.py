"""How does a notebook tell those who cannot see a picture what it shows?

A picture in a notebook is an image without words: neither Jupyter nor the pages made of notebooks give it alternative
text. So the figures of this room show themselves twice, as the image, which carries its description for readers that
look for one, and below it as a line that opens to the description in words.
"""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["described_figure", "words"]

COLOUR_BAR = "<colorbar>"  # matplotlib's own label of axes that only explain colours


@cache
def described_figure() -> type[Figure]:
    """The class of figures that show themselves in notebooks with their description."""
    from matplotlib.figure import Figure

    class DescribedFigure(Figure):
        """A figure that in a notebook is followed by what it shows, in words."""

        def _ipython_display_(self) -> None:
            """Jupyter's door for objects that show themselves."""
            _show(self)

    return DescribedFigure


def words(figure: Figure) -> str:
    """What a figure shows: the descriptions of its axes, one paragraph each; empty where nobody wrote one.

    >>> from gametheory.figures import off_screen, style
    >>> from gametheory.figures.style import axes, say
    >>> with style(), off_screen():
    ...     words(say(axes(None, 2.0), "Risk grows", "A line that rises from 0 to 1.").figure)
    'A line that rises from 0 to 1.'
    """
    labels = [str(ax.get_label()) for ax in figure.axes]
    return "\n\n".join(label for label in labels if label and label != COLOUR_BAR)


def _show(figure: Figure) -> None:
    """Send the picture in the formats that the notebook asks for, and its description."""
    from IPython import get_ipython
    from IPython.display import display

    shell = get_ipython()
    if shell is None:
        return
    formats = shell.display_formatter.formatters
    made = {kind: own(figure) for kind, own in formats.items() if kind.startswith("image/")}
    # A format gives its data, or a pair of data and what the page should know of them, such as the size.
    pairs = {kind: own if isinstance(own, tuple) else (own, {}) for kind, own in made.items() if own is not None}
    told = words(figure)
    title = " ".join(" ".join(ax.get_title(loc="left").split()) for ax in figure.axes).strip()
    data = {kind: picture for kind, (picture, _) in pairs.items()}
    about = {kind: {**known, "alt": " ".join(told.split())} for kind, (_, known) in pairs.items()}
    plain = {"text/plain": f"<Figure: {title or 'no title'}>"}
    display({**data, **plain}, metadata=about, raw=True)  # type: ignore[no-untyped-call]  # IPython leaves it untyped
    if told:
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in told.split("\n\n"))
        html = f"<details><summary>The picture in words</summary>{paragraphs}</details>"
        display({"text/html": html, "text/plain": told}, raw=True)  # type: ignore[no-untyped-call]  # see above
