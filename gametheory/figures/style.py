"""What do all figures look like?

One width, one font size and one set of colours for every figure, chosen to survive a printer, a projector and any
kind of colour vision. Colour never stands alone: a letter, a hatch or a written value says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "DARK",
    "INK",
    "PALE",
    "Fill",
    "axes",
    "fill",
    "letter",
    "off_screen",
    "plain",
    "room",
    "say",
    "style",
    "text_width",
    "title_height",
    "wrap",
]

WIDTH = 6.6  # inches: the text width of a page, and 634 pixels on a screen
EDGES = 0.4  # inches of it that the labels of the axis take from the text
SIZE, TITLE = 10.0, 10.5  # points
INK = "#222222"
HATCHES = ("", "//", "\\\\", "||", "xx", "--", "++")


@dataclass(frozen=True)
class Fill:
    """A colour and a hatch that stand for the same thing."""

    colour: str
    hatch: str = ""


# Okabe and Ito (2008), lightened by half so that black text on them keeps a contrast above 7 to 1.
TINTS = ("#ABDAF4", "#F3CF80", "#80CEB9", "#E6BCD3", "#F8F2A1", "#80B9D9", "#EAAF80", "#CFCFCF")
DARK, PALE = Fill("#0072B2"), Fill("#D6EBF8", "///")

_PAGE: ContextVar[float | None] = ContextVar("page", default=None)

RULES: MappingProxyType[Any, Any] = MappingProxyType(
    {
        "font.family": "DejaVu Sans",
        "font.size": SIZE,
        "axes.titlesize": TITLE,
        "axes.labelsize": SIZE,
        "xtick.labelsize": 9.5,
        "ytick.labelsize": 9.5,
        "legend.fontsize": 9.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "text.color": INK,
        "hatch.linewidth": 0.6,
        "savefig.dpi": 160,
        "svg.fonttype": "path",  # the same picture on a machine without the font
        "svg.hashsalt": "gametheory",  # the same identifiers, hence the same bytes, on every run
    }
)


def style() -> AbstractContextManager[None]:
    """Return the context in which every figure is drawn and saved."""
    import matplotlib as mpl

    return mpl.rc_context(dict(RULES))


@contextmanager
def off_screen(width: float = WIDTH) -> Iterator[None]:
    """Draw fresh figures, ``width`` inches wide, for a file: no window, and nothing left behind in pyplot."""
    token = _PAGE.set(width)
    try:
        yield
    finally:
        _PAGE.reset(token)


def axes(ax: Axes | None, height: float) -> Axes:
    """Return ``ax``, or fresh axes of the page's width and ``height`` inches."""
    if ax is not None:
        return ax
    width = _PAGE.get()
    if width is not None:
        from matplotlib.figure import Figure

        return Figure(figsize=(width, height), layout="constrained").subplots()
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=(WIDTH, height), layout="constrained")[1]


def room(ax: Axes | None) -> float:
    """Inches of text that fit the width of ``ax`` (None: of fresh axes), settled or not."""
    if ax is None:
        return (_PAGE.get() or WIDTH) - EDGES
    page = ax.figure.bbox.width / ax.figure.dpi
    spec = ax.get_subplotspec()
    engine = ax.figure.figure.get_layout_engine()
    if engine is None or spec is None:
        return float(ax.get_position().width * page)
    return float(page * len(spec.colspan) / spec.get_gridspec().ncols - EDGES)


@lru_cache(maxsize=8192)
def text_width(text: str, *, size: float = SIZE, bold: bool = False) -> float:
    """Inches that a text takes in the font of the figures."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 72.0


def wrap(text: str, inches: float, *, size: float = SIZE, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``inches``; a longer word keeps a line of its own.

    >>> wrap("surge, carry on", 10.0), wrap("surge, carry on", 0.5), wrap("", 1.0)
    (['surge, carry on'], ['surge,', 'carry', 'on'], [])
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size=size, bold=bold) <= inches:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def say(ax: Axes, message: str, alternative: str, *, inset: float = 0.0) -> Axes:
    """Write the message as the title, and keep the description for those who cannot see the picture; return the axes.

    The description is the label of the axes, which matplotlib itself does not show. ``inset`` are the inches that stand
    to the left of the axes beyond the usual.
    """
    ax.set_title("\n".join(wrap(message, room(ax) - inset, size=TITLE)), loc="left", pad=8)
    ax.set_label(alternative)
    for artist in (*ax.texts, *ax.patches, *ax.lines, *ax.collections):
        artist.set_in_layout(False)  # all stand inside the axes: measuring them would take half of the drawing time
    return ax


def title_height(message: str) -> float:
    """Inches that the title takes above fresh axes."""
    return 0.22 * len(wrap(message, room(None), size=TITLE))


def fill(place: int) -> Fill:
    """The fill of the ``place``-th category; after all colours have been used the hatches change.

    >>> fill(0) == fill(8), fill(0).colour == fill(8).colour
    (False, True)
    """
    turn, colour = divmod(place, len(TINTS))
    return Fill(TINTS[colour], HATCHES[(colour + turn) % len(HATCHES)])


def plain(place: int) -> Fill:
    """The fill of a category that is also named by a letter or in words: hatched only once all colours are used up.

    >>> plain(1).hatch, plain(9).hatch
    ('', '||')
    """
    turn, colour = divmod(place, len(TINTS))
    return Fill(TINTS[colour], HATCHES[1 + (colour + turn) % (len(HATCHES) - 1)] if turn else "")


def letter(place: int) -> str:
    """The letter of the ``place``-th category: A to Z, then AA.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    turn, own = divmod(place, 26)
    return (letter(turn - 1) if turn else "") + chr(ord("A") + own)
