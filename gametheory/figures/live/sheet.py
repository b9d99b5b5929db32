"""What do all live figures share: the library, escaped and broken text, the page around a drawing, its description?

A live figure is as wide as the page that shows it. Its texts are broken once, for a phone, so that they fit any page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Any

from gametheory.errors import InputError
from gametheory.figures.style import INK, wrap
from gametheory.figures.words import Labels, labelled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = [
    "AXIS",
    "BAND",
    "EDGE",
    "INCH",
    "LINE",
    "MISSING",
    "PHONE",
    "POINTS",
    "SIZE",
    "SMALL",
    "alternative",
    "broken",
    "clear",
    "fitted",
    "graph_objects",
    "inert",
    "joined_with_gaps",
    "message",
    "pattern",
    "precise",
    "share",
    "sheet",
    "spanning",
    "told",
    "with_unit",
]

MISSING = (
    "live figures need {!r}, which is not installed; it comes with pip install '.[live]' in a clone of the project"
)
PHONE = 332  # pixels of text that fit a phone held upright (390), with the edges of page and figure
POINTED = 250  # pixels: a line of the label at the pointer
SIZE, SMALL, TITLE = 12, 11, 13  # pixels of a letter's height
LINE = 17  # pixels from one line of text to the next
EDGE = 20  # pixels left free at both sides
TOOLS = 38  # pixels above the title that the buttons of the library take
AXIS = 46  # pixels: the values below an axis and its name
BAND = 0.2  # how dense the band around a curve is
GRID = "#E5E5E5"
FONT = "DejaVu Sans, Verdana, sans-serif"
INCH = 1 / 96  # of a pixel
POINTS = 72 * INCH  # of a pixel
# Not offered: what is of no use here, and what would send the figure to a server of the library's maker.
BUTTONS = ("lasso2d", "select2d", "autoScale2d", "sendChartToCloud", "sendDataToCloud")

# The library's patterns by the hatches of the static figures.
PATTERNS = {"": "", "//": "/", "///": "/", "\\\\": "\\", "||": "|", "xx": "x", "--": "-", "++": "+"}


def graph_objects() -> Any:
    """The library's kinds of drawing; raises InputError, naming the extra, where it is not installed."""
    try:
        from plotly import graph_objects as kinds
    except ModuleNotFoundError as error:
        raise InputError(MISSING.format(error.name)) from error
    return kinds


def message(figure: Figure) -> str:
    """Return the sentence that says what a live figure shows."""
    return str(figure.layout.meta["message"])


def alternative(figure: Figure) -> str:
    """Return the description of a live figure for those who cannot see it."""
    return str(figure.layout.meta["alternative"])


def inert(text: str) -> str:
    """Write text so that the library shows it as it reads: no tags, no links, no mathematics, no fields to fill in.

    >>> inert("<b>a</b> & $b$ at %{x}")
    '&lt;b&gt;a&lt;/b&gt; &amp; &#36;b&#36; at &#37;{x}'
    """
    return escape(text, quote=False).replace("$", "&#36;").replace("%{", "&#37;{")


def fitted(text: str, pixels: float = PHONE, *, size: float = SIZE, bold: bool = False) -> list[str]:
    """The lines of a text that is to stand in so many pixels, each inert."""
    return [inert(line) for line in wrap(text, pixels * INCH, size=size * POINTS, bold=bold)]


def broken(text: str, pixels: float = PHONE, *, size: float = SIZE) -> str:
    """A text broken to so many pixels and inert.

    >>> broken("surge, carry on", 60)
    'surge,<br>carry on'
    """
    return "<br>".join(fitted(text, pixels, size=size))


def told(*lines: str) -> str:
    """What is said at the pointer: each line broken and inert, the first one bold; empty lines are left out."""
    parts = [broken(line, POINTED) for line in lines if line]
    return "<br>".join([f"<b>{parts[0]}</b>", *parts[1:]]) if parts else ""


def precise(value: float) -> str:
    """A number for the pointer, with eight significant digits; the figure itself holds all of them.

    >>> precise(0.1 + 0.2), precise(20_000), precise(1 / 3)
    ('0.3', '20,000', '0.33333333')
    """
    return f"{value:,.8g}"


def share(value: float) -> str:
    """A share for the pointer.

    >>> share(0.242676), share(0.0), share(1.0)
    ('24.2676%', '0%', '100%')
    """
    return f"{100.0 * value:.6g}%"


def spanning(low: float, high: float, write: Callable[[float], str] = precise) -> str:
    """A lower and an upper value for the pointer, once where they are written alike.

    >>> spanning(0.25, 0.5), spanning(0.25, 0.25, share)
    ('0.25 to 0.5', '25%')
    """
    ends = write(low), write(high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def with_unit(name: str, value: float, labels: Labels | None, units: Labels | None) -> str:
    """A parameter with its value and, where it is known, its unit.

    >>> with_unit("stake_russia", 1.25, None, {"stake_russia": "NATO's stake"})
    "stake russia: 1.25 (NATO's stake)"
    """
    unit = (units or {}).get(name, "")
    return f"{labelled(name, labels)}: {precise(value)}{f' ({unit})' if unit else ''}"


def pattern(hatch: str, colour: str) -> dict[str, Any]:
    """The library's pattern for a hatch of the static figures, in ink on a colour."""
    look = {"shape": PATTERNS[hatch], "fgcolor": INK, "bgcolor": colour, "fillmode": "replace"}
    return {**look, "size": 7, "solidity": 0.12}


def clear(colour: str, density: float = BAND) -> str:
    """A colour that lets through what lies below it.

    >>> clear("#0072B2")
    'rgba(0, 114, 178, 0.2)'
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {density})"


def sheet(
    traces: Sequence[Any],
    said: str,
    description: str,
    *,
    tall: float,
    below: float = AXIS,
    left: float = EDGE,
    above: float = 8,
    **layout: Any,
) -> Figure:
    """A figure ``tall`` pixels between its title, which is what is ``said``, and its axis, ``below`` pixels high.

    ``left`` and ``above`` are the pixels beside and above the drawing. Below the axis stand the names of the traces,
    one beneath the other. ``layout`` is handed on to the library.
    """
    title = fitted(said, PHONE, size=TITLE, bold=True)
    named = [trace.name for trace in traces if trace.name and trace.showlegend is not False]
    top = TOOLS + (LINE + 3) * len(title) + above
    under = below + (LINE + 2) * sum(name.count("<br>") + 1 for name in named) + 16
    figure = graph_objects().Figure(list(traces))
    figure.update_layout(
        meta={"message": said, "alternative": description},
        template="none",
        height=top + tall + under,
        margin={"l": left, "r": EDGE, "t": top, "b": under, "autoexpand": False},
        title={
            "text": "<b>" + "<br>".join(title) + "</b>",
            "font": {"size": TITLE},
            "x": 0.0,
            "xref": "container",
            "xanchor": "left",
            "y": 1.0,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": TOOLS, "l": EDGE},
        },
        font={"family": FONT, "size": SIZE, "color": INK},
        hovermode="closest",
        hoverlabel={"align": "left", "bgcolor": "white", "font": {"size": SIZE, "color": INK}, "namelength": -1},
        legend={
            "x": 0.0,
            "xref": "container",
            "xanchor": "left",
            "y": (under - below) / (top + tall + under),
            "yref": "container",
            "yanchor": "top",
            "orientation": "v",
            "traceorder": "normal",
            "font": {"size": SIZE},
            "itemwidth": 30,
            "tracegroupgap": 0,
            "valign": "top",
        },
        modebar={"remove": list(BUTTONS), "bgcolor": "rgba(255, 255, 255, 0)"},
        showlegend=bool(named),
    )
    if hasattr(figure.layout.legend, "maxheight"):  # in pixels: else long names scroll, the last ones out of sight
        figure.update_layout(legend_maxheight=under)
    figure.update_layout(**layout)
    axes = {"zeroline": False, "gridcolor": GRID, "exponentformat": "none", "ticklabeloverflow": "allow"}
    figure.update_xaxes(**axes)
    figure.update_yaxes(**axes)
    return figure


def joined_with_gaps(parts: Sequence[Sequence[float]]) -> list[float | None]:
    """Several lines in one: a gap after each."""
    return list(chain.from_iterable((*part, None) for part in parts))
