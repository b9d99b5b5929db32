"""Which texts of a figure can be seen, which leave the page, and which cover each other?"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from gametheory import figures

TOUCH = 1.5  # pixels at 100 an inch by which boxes may overlap: they are a little larger than their letters


def figure_of(ax: Axes) -> Figure:
    """The figure of some axes."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def visible_texts(ax: Axes) -> list[tuple[Text, Any]]:
    """Every visible text of a rendered figure with its place in pixels; ticks beyond an axis are not drawn."""
    figure = figure_of(ax)
    with figures.style():
        figure.draw_without_rendering()
    unseen: set[int] = set()
    for own in figure.findobj(Axes):
        assert isinstance(own, Axes)
        ends = [(own.xaxis, sorted(own.get_xlim())), (own.yaxis, sorted(own.get_ylim()))]
        for axis, (low, high) in ends:
            drawn = axis.get_visible() and own.axison
            slack = 1e-9 * (high - low)
            ticks = [tick for tick in axis.get_major_ticks() if drawn and low - slack <= tick.get_loc() <= high + slack]
            shown = {id(text) for tick in ticks for text in tick.findobj(Text)}
            labels = {id(text) for text in (axis.label, axis.get_offset_text()) if drawn}
            unseen |= {id(text) for text in axis.findobj(Text)} - shown - labels
    texts: list[Any] = [text for text in figure.findobj(Text) if id(text) not in unseen]
    return [(text, text.get_window_extent()) for text in texts if text.get_visible() and text.get_text().strip()]


def clipped_texts(ax: Axes) -> list[str]:
    """The texts that reach beyond the edge of the figure."""
    page = figure_of(ax).bbox
    return [
        text.get_text()
        for text, box in visible_texts(ax)
        if box.x0 < page.x0 - 1 or box.x1 > page.x1 + 1 or box.y0 < page.y0 - 1 or box.y1 > page.y1 + 1
    ]


def covering_texts(ax: Axes) -> list[tuple[str, str]]:
    """The pairs of texts that cover each other."""
    found = []
    for (one, first), (two, second) in combinations(visible_texts(ax), 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        if min(wide, high) >= TOUCH:
            found.append((one.get_text(), two.get_text()))
    return found


def smallest_size(ax: Axes) -> float:
    """Points of the smallest visible text."""
    return min((float(text.get_fontsize()) for text, _ in visible_texts(ax)), default=float("inf"))
