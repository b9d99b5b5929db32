"""How are bars, strips and cards drawn, so that long names neither overlap nor fall off the page?

A figure is a list of rows. The words of a row stand above its bar and use the whole width, so no label is ever
clipped, and a figure is as tall as its words need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gametheory.figures.style import INK, Fill, powers_axis, room, text_width, title_height, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LABEL_BOX", "LINE", "Row", "Scale", "Span", "height", "paint", "seen", "spread"]

LINE = 0.2  # inches from one line of text to the next at 10 points
INDENT = 0.28  # inches: of the text beside a swatch
BEFORE, BAR, TICKS, GAP = 0.5, 1.0, 1.1, 0.55  # heights in lines; BEFORE stands above a heading
MARGIN = 0.75  # inches for the axis and its label
LABEL_BOX: dict[str, Any] = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}


@dataclass(frozen=True)
class Span:
    """A piece of a bar, with the text inside it."""

    start: float
    end: float
    fill: Fill
    text: str = ""


@dataclass(frozen=True)
class Row:
    """One row: words, then a bar of spans.

    ``errors`` are whiskers (low, high), ``ticks`` are values marked below the bar. ``thick`` is the height of the bar
    in lines; 0 makes it as thick as the text inside it needs.
    """

    label: str = ""
    value: str = ""
    heading: str = ""
    spans: tuple[Span, ...] = ()
    errors: tuple[tuple[float, float], ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    swatch: Fill | None = None
    thick: float = BAR


@dataclass(frozen=True)
class Scale:
    """The horizontal axis: its range, its label (no label: no axis), and one value marked across all rows.

    ``log`` spaces it by powers, ``shares`` writes its values in per cent.
    """

    low: float
    high: float
    label: str = ""
    log: bool = False
    shares: bool = False
    mark: float | None = None
    mark_text: str = ""

    def place(self, value: float) -> float:
        """Where ``value`` lies between the left (0) and the right end (1)."""
        if self.log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)


def height(rows: Sequence[Row], message: str = "") -> float:
    """Inches that the rows, the axis and the title need on fresh axes.

    >>> height([Row("a")]) < height([Row("a"), Row("b")])
    True
    """
    return LINE * (sum(_lines(row, room(None)) for row in rows) + 1) + title_height(message) + MARGIN


def paint(ax: Axes, rows: Sequence[Row], scale: Scale) -> None:
    """Draw the rows from the top down."""
    from matplotlib.ticker import MaxNLocator

    width = room(ax)
    bottom = sum(_lines(row, width) for row in rows) or 1.0
    ax.set(xlim=(scale.low, scale.high), ylim=(bottom, -0.2 - (scale.mark is not None)))
    if scale.log:
        powers_axis(ax)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    if not scale.label:
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
    ax.set_xlabel("\n".join(wrap(scale.label, width)))
    if scale.shares:
        ax.xaxis.set_major_locator(MaxNLocator(6))
        ax.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.4g}%")
    bars = []
    y = 0.0
    for row in rows:
        bars.append(_paint_row(ax, row, scale, y, width))
        y += _lines(row, width)
    if scale.mark is not None and scale.low <= scale.mark <= scale.high:
        _paint_mark(ax, scale, [bar for row, bar in zip(rows, bars, strict=True) if row.spans])


def _lines(row: Row, width: float) -> float:
    """Height of a row in lines of text."""
    bar = _thick(row, width) + GAP if row.spans else 0.15
    heading = _heading(row, width)
    return (BEFORE if heading else 0.0) + len(heading) + len(_label(row, width)) + bar + (TICKS if row.ticks else 0.0)


def _heading(row: Row, width: float) -> list[str]:
    """The heading, broken into lines."""
    return wrap(row.heading, width, bold=True)


def _label(row: Row, width: float) -> list[str]:
    """The label, broken so that it leaves room for the value on its right."""
    value = text_width(row.value) + 0.25 if row.value else 0.0
    return wrap(row.label, max(width - value - (INDENT if row.swatch else 0.0), 1.0)) or [""] * bool(row.value)


def _thick(row: Row, width: float) -> float:
    """Thickness of the bar; a card, on a scale from 0 to 1, is as thick as the text inside it needs."""
    return row.thick or 0.7 + max(len(wrap(span.text, (span.end - span.start) * width - 0.1)) for span in row.spans)


def _paint_row(ax: Axes, row: Row, scale: Scale, y: float, width: float) -> tuple[float, float]:
    """Draw one row whose top is at ``y``; return the top and the bottom of its bar."""
    write = partial(ax.text, transform=ax.get_yaxis_transform(), va="center")
    heading = _heading(row, width)
    y += BEFORE if heading else 0.0
    for line in heading:
        write(0.0, y + 0.45, line, weight="bold")
        y += 1
    if row.swatch:
        _paint_swatch(ax, row.swatch, y, width)
    if row.value:
        write(1.0, y + 0.5, row.value, ha="right")
    for line in _label(row, width):
        write(INDENT / width if row.swatch else 0.0, y + 0.5, line)
        y += 1
    y += 0.1
    thick = _thick(row, width)
    for span in row.spans:
        _paint_span(ax, span, scale, y, thick, width)
    for low, high in row.errors:
        _paint_whisker(ax, (low, high), scale, (y, thick))
    _paint_ticks(ax, row, scale, y + thick, width)
    return y, y + thick


def _paint_whisker(ax: Axes, ends: tuple[float, float], scale: Scale, place: tuple[float, float]) -> None:
    """Draw a whisker over the bar at ``place`` (top and thickness); what lies beyond the axis has no end there."""
    top, thick = place
    low, high = max(ends[0], scale.low), min(ends[1], scale.high)
    xs, ys = [low, high], [top + thick / 2] * 2
    for end in ends:
        if low <= end <= high:
            xs += [float("nan"), end, end]
            ys += [float("nan"), top + thick * 0.25, top + thick * 0.75]
    ax.plot(xs, ys, color=INK, linewidth=1.4, solid_capstyle="butt", zorder=4, clip_on=False)


def _paint_swatch(ax: Axes, swatch: Fill, y: float, width: float) -> None:
    """Draw the small box of a legend line."""
    from matplotlib.patches import Rectangle

    box = Rectangle((0.0, y + 0.12), 0.2 / width, 0.76, transform=ax.get_yaxis_transform(), clip_on=False)
    box.set(facecolor=swatch.colour, edgecolor=INK, hatch=swatch.hatch, linewidth=0.7)
    ax.add_patch(box)


def _paint_span(ax: Axes, span: Span, scale: Scale, y: float, thick: float, width: float) -> None:
    """Draw one piece of a bar, with its text where it fits."""
    length = span.end - span.start
    if length <= 0:
        return
    style: dict[str, Any] = {
        "color": span.fill.colour,
        "hatch": span.fill.hatch,
        "edgecolor": INK,
        "linewidth": 0.7,
        "zorder": 2,
        "clip_on": False,  # or a bar that ends with the axis would lose half of its border
    }
    ax.barh(y + thick / 2, length, left=span.start, height=thick, **style)
    left, right = _clear(scale.place(span.start), scale.place(span.end), scale)
    text = seen(span, scale, width, thick)
    if text:
        box = LABEL_BOX if span.fill.hatch else None
        across = ax.get_yaxis_transform()
        ax.text((left + right) / 2, y + thick / 2, text, transform=across, ha="center", va="center", zorder=5, bbox=box)


def seen(span: Span, scale: Scale, width: float, thick: float = BAR) -> str:
    """What of the text of a span fits inside it, on an axis ``width`` inches wide; empty where none does.

    >>> strip = Scale(0.0, 1.0)
    >>> seen(Span(0.0, 0.5, Fill("white"), "A"), strip, 5.0), seen(Span(0.0, 0.01, Fill("white"), "A"), strip, 5.0)
    ('A', '')
    """
    left, right = _clear(scale.place(span.start), scale.place(span.end), scale)
    return inside(span.text, (right - left) * width, thick)


def _clear(left: float, right: float, scale: Scale) -> tuple[float, float]:
    """The larger part of a span, where the marked value cuts it in two."""
    cut = left if scale.mark is None else scale.place(scale.mark)
    if not left < cut < right:
        return left, right
    return (left, cut) if cut - left > right - cut else (cut, right)


def inside(text: str, inches: float, lines: float) -> str:
    """The text, broken to fit a box of this width and number of lines, or nothing where it does not fit.

    >>> inside("A", 1.0, 1.3), inside("surge, carry on", 0.2, 1.3)
    ('A', '')
    """
    broken = wrap(text, inches - 0.1)
    fits = len(broken) <= lines and all(text_width(line) <= inches - 0.06 for line in broken)
    return "\n".join(broken) if fits else ""


def _paint_ticks(ax: Axes, row: Row, scale: Scale, y: float, width: float) -> None:
    """Mark values below a bar; numbers that would overlap are moved apart and joined to their marks by a line.

    Where there is no room for all of them, there are marks alone.
    """
    across = ax.get_yaxis_transform()
    places = [scale.place(value) for value, _ in row.ticks]
    sizes = [(text_width(text) + 0.1) / width for _, text in row.ticks]
    shown = spread(places, sizes)
    for number, place in enumerate(places):
        ax.plot([place, place], [y, y + 0.22], transform=across, color=INK, linewidth=1.2, zorder=4, clip_on=False)
        if shown is not None:
            joint = [place, shown[number]]
            ax.plot(joint, [y + 0.22, y + 0.42], transform=across, color=INK, linewidth=0.8, clip_on=False)
            text = row.ticks[number][1]
            ax.text(shown[number], y + 0.84, text, transform=across, ha="center", va="center")


def spread(places: Sequence[float], widths: Sequence[float]) -> list[float] | None:
    """Move the middles of texts just so far apart that none overlaps another or leaves the page (0 to 1).

    Texts that crowd each other are centred on where they belong. None if there is no room; ``places`` rise.

    >>> spread([0.5, 0.5], [0.2, 0.2]), spread([0.99], [0.2]), spread([0.1, 0.5], [0.1, 0.1])
    ([0.4, 0.6], [0.9], [0.1, 0.5])
    >>> spread([0.5] * 6, [0.2] * 6) is None
    True
    """
    if sum(widths) > 1:
        return None
    offsets = [sum(widths[:k]) + widths[k] / 2 for k in range(len(widths))]
    groups: list[list[float]] = []  # isotonic regression: neighbours out of order share their mean
    for place, offset in zip(places, offsets, strict=True):
        groups.append([place - offset])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    shifts = [float(np.mean(group)) for group in groups for _ in group]
    most = 1.0 - sum(widths)
    return [round(min(max(shift, 0.0), most) + offset, 9) for shift, offset in zip(shifts, offsets, strict=True)]


def _paint_mark(ax: Axes, scale: Scale, bars: Sequence[tuple[float, float]]) -> None:
    """Draw the marked value over every bar, and its name above the first row."""
    mark = scale.low if scale.mark is None else scale.mark
    for top, bottom in bars:
        ax.plot([mark, mark], [top - 0.15, bottom + 0.15], color="black", linewidth=2.6, zorder=6)
        ax.plot([mark, mark], [top - 0.15, bottom + 0.15], color="white", linewidth=1.0, linestyle=":", zorder=7)
    place = scale.place(mark)
    across = ax.get_yaxis_transform()
    ax.plot([place], [-0.45], marker="v", markersize=7, color="black", transform=across, clip_on=False)
    left = place > 0.6
    ax.text(place + (-0.015 if left else 0.015), -0.5, scale.mark_text, transform=across, va="center",
            ha="right" if left else "left")  # fmt: skip
