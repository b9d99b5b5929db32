"""What do all figures look like?

One width, one font size and one set of colours for every figure, chosen to survive a printer, a projector and any
kind of colour vision. Colour never stands alone: a letter, a hatch or a written value says the same.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError
from gametheory.figures.showing import described_figure
from gametheory.figures.words import number

if TYPE_CHECKING:
    import pandas as pd
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
    "powers_axis",
    "room",
    "say",
    "some_rows",
    "style",
    "text_width",
    "title_height",
    "wrap",
]

WIDTH = 6.6  # inches: the text width of a page, and 634 pixels on a screen
EDGES = 0.4  # inches of it that the labels of the axis take from the text
SIZE, TITLE = 10.0, 10.5  # points; on a phone a page is shown at seven tenths of its size, so that 10 become 7
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
        "xtick.labelsize": SIZE,
        "ytick.labelsize": SIZE,
        "legend.fontsize": SIZE,
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

    if "IPython" in sys.modules:
        _settle_backend()
    return mpl.rc_context(dict(RULES))


@cache
def _settle_backend() -> None:
    """Let a notebook's backend set itself up now, once.

    It does so at the first figure of a session, and turns interactive drawing on. Inside a context that gives back the
    settings, that would be undone at its end, and neither our later figures nor the user's own would be shown.
    """
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    if not plt.get_fignums():  # where there is a figure, it is settled
        plt.switch_backend(mpl.get_backend())


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

    return plt.subplots(figsize=(WIDTH, height), layout="constrained", FigureClass=described_figure())[1]


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
    used, space = 0.0, text_width("a a", size=size, bold=bold) - text_width("aa", size=size, bold=bold)
    for word in text.split():
        own = text_width(word, size=size, bold=bold)  # word by word: many texts share their words
        if lines and used + space + own <= inches:
            lines[-1] += f" {word}"
            used += space + own
        else:
            lines.append(word)
            used = own
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


def title_height(message: str, inset: float = 0.0) -> float:
    """Inches that the title takes above fresh axes that stand ``inset`` further right than usual."""
    return 0.22 * len(wrap(message, room(None) - inset, size=TITLE))


def some_rows(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    """The frame itself; raises InputError where it has no row, as there is then nothing to draw."""
    if frame.empty:
        raise InputError(f"frame: no rows, expected those of the analysis {what}; its notes say why nothing was found")
    return frame


def powers_axis(ax: Axes, side: str = "x", most: int = 6) -> None:
    """Space an axis by powers, and write its values as the text does: 0.0001 and not a ten with a small exponent.

    ``side`` is x or y; at most ``most`` values are written. To be called when all is drawn or the ends are set.
    """
    from matplotlib.ticker import FixedLocator, NullFormatter

    ax.set(**{f"{side}scale": "log"})
    axis, ends = (ax.xaxis, ax.get_xlim()) if side == "x" else (ax.yaxis, ax.get_ylim())
    axis.set_major_locator(FixedLocator(power_ticks(min(ends), max(ends), most)))
    axis.set_major_formatter(lambda value, _: number(value))
    axis.set_minor_formatter(NullFormatter())


def power_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values between two positive ends, evenly by powers: whole powers of ten where three of them lie there.

    >>> power_ticks(1e-4, 0.1, 6), power_ticks(1e-4, 0.1, 3), power_ticks(0.5, 4.0, 6), power_ticks(3.1, 4.5, 6)
    ([0.0001, 0.001, 0.01, 0.1], [0.0001, 0.01], [0.5, 1.0, 2.0], [3.1, 4.5])
    """
    first, last = math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1
    found = [low, high]
    for leading in ((1,), (1, 3), (1, 2, 5)):
        whole = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in leading]
        within = [value for value in whole if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        if len(within) > 2:
            return within[:: -(-len(within) // most)]
        found = within if len(within) > 1 else found
    return found


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
