"""How are rows of bars drawn live: words above each bar, what the pointer meets, and names below?

The rows are those of the static figures, so that both say and show the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from gametheory.figures.live.sheet import (
    AXIS,
    INCH,
    LINE,
    PHONE,
    POINTS,
    SIZE,
    SMALL,
    broken,
    fitted,
    graph_objects,
    inert,
    joined_with_gaps,
    pattern,
    sheet,
    told,
)
from gametheory.figures.rows import Row, Scale, Span
from gametheory.figures.style import INK, Fill, text_width, wrap

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

__all__ = ["Bar", "bars", "plain_rows"]

NAME = 290  # pixels of a name beside its sample below the axis
GAP, TICK, MARK = 9, 22, 24  # pixels: between rows, of values below a bar, of the name of a marked value
NOTHING: list[Any] = [None]  # drawn for a name below that has nothing above: the library shows no empty trace
LETTER = "rgba(255, 255, 255, 0.85)"  # behind a letter on a hatch


@dataclass(frozen=True)
class Bar:
    """A row, and what the pointer is told of it (inert): of its bar or each of its pieces, and of each of its ticks.

    ``points`` are marked on the bar: where, what they are called below, and what the pointer is told of them.
    """

    row: Row
    told: tuple[str, ...] = ("",)
    ticks: tuple[str, ...] = ()
    points: tuple[tuple[float, str, str], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A piece of a bar as it is drawn: its ends, the height of its middle, its thickness, and what is told of it."""

    start: float
    end: float
    middle: float
    thick: float
    told: str


@dataclass
class Canvas:
    """What has been put on the page so far, and how many pixels it takes."""

    tall: float
    texts: list[dict[str, Any]] = field(default_factory=list)
    pieces: dict[Fill, list[Piece]] = field(default_factory=dict)
    grounds: list[Piece] = field(default_factory=list)
    marked: list[tuple[float, float]] = field(default_factory=list)
    whiskers: list[tuple[float, float, float, str]] = field(default_factory=list)
    ticks: list[tuple[float, float, str]] = field(default_factory=list)
    points: dict[str, list[tuple[float, float, str]]] = field(default_factory=dict)

    def write(self, lines: Sequence[str], *, right: bool = False, **more: Any) -> None:
        """Write lines at the present height."""
        text = "<br>".join(lines)
        side: dict[str, Any] = {"x": float(right), "xanchor": "right" if right else "left"}
        place = {"xref": "paper", "yref": "y", "y": self.tall, "yanchor": "top", "showarrow": False}
        self.texts.append({"text": text, "align": "left", "yshift": 3, **place, **side, **more})


def plain_rows(rows: Sequence[Row]) -> list[Bar]:
    """Rows of which the pointer is told no more than what stands there."""
    return [Bar(row, (told(row.label, row.value),)) for row in rows]


def bars(rows: Sequence[Bar], scale: Scale, said: str, description: str, **layout: Any) -> Figure:
    """Draw the rows from the top down; rows with a swatch become the names below."""
    canvas = Canvas(tall=MARK if scale.mark is not None else 4.0)
    for bar in rows:
        if bar.row.swatch is None:
            _put(canvas, bar, scale)
    names = [(bar.row.swatch, broken(bar.row.label, NAME)) for bar in rows if bar.row.swatch is not None]
    traces = [_trace(canvas.pieces.pop(fill, []), fill, name) for fill, name in names]
    traces = [*(_trace(own, fill, "") for fill, own in canvas.pieces.items()), *traces]
    traces = [_trace(canvas.grounds, Fill("#FFFFFF"), "", marker={"color": "rgba(0, 0, 0, 0)"}), *traces]
    traces += _marks(canvas)
    axis = _axis(scale)
    shapes, texts = _marked(scale, canvas.marked)
    below = AXIS + LINE * (len(fitted(scale.label)) - 1) if scale.label else 12
    page: dict[str, Any] = {
        "annotations": [*canvas.texts, *texts],
        "shapes": shapes,
        "barmode": "overlay",
        "bargap": 0,
        "xaxis": axis,
    }
    upright = {"range": [canvas.tall, 0.0], "visible": False, "fixedrange": True}
    return sheet(traces, said, description, tall=canvas.tall, below=below, **page, yaxis=upright, **layout)


def _put(canvas: Canvas, bar: Bar, scale: Scale) -> None:
    """Put one row below those before it."""
    row = bar.row
    if row.heading:
        canvas.tall += 6
        lines = fitted(row.heading, bold=True)
        canvas.write([f"<b>{line}</b>" for line in lines])
        canvas.tall += LINE * len(lines) + 2
    value = text_width(row.value, size=SIZE * POINTS) / INCH + 14 if row.value else 0.0
    lines = fitted(row.label, max(PHONE - value, 110.0))
    if row.value:
        canvas.write([inert(row.value)], right=True)
    canvas.write(lines)
    canvas.tall += LINE * max(len(lines), bool(row.value)) + 3
    thick = LINE * row.thick
    if row.spans:
        _put_bar(canvas, bar, scale, thick)
        canvas.tall += thick
    if row.ticks:
        _put_ticks(canvas, bar, scale)
        canvas.tall += TICK
    canvas.tall += GAP if row.spans else 3


def _put_bar(canvas: Canvas, bar: Bar, scale: Scale, thick: float) -> None:
    """Put the pieces of a bar, its whiskers and its points; what lies beside its pieces is told of too."""
    middle = canvas.tall + thick / 2
    cuts = [value for value, *_ in bar.points] + ([] if scale.mark is None else [scale.mark])
    for place, piece in enumerate(bar.row.spans):
        words = bar.told[place % len(bar.told)]
        canvas.pieces.setdefault(piece.fill, []).append(Piece(piece.start, piece.end, middle, thick, words))
        _put_letter(canvas, piece, scale, (middle, thick), cuts)
    if len(bar.told) == 1:
        canvas.grounds.append(Piece(scale.low, scale.high, middle, thick, bar.told[0]))
    canvas.marked.append((canvas.tall - 3, canvas.tall + thick + 3))
    canvas.whiskers += [(low, high, middle, bar.told[0]) for low, high in bar.row.errors]
    for value, name, words in bar.points:
        canvas.points.setdefault(name, []).append((value, middle, words))


def _put_letter(canvas: Canvas, piece: Span, scale: Scale, where: tuple[float, float], cuts: Sequence[float]) -> None:
    """Write the text of a piece in the largest part of it that no mark cuts, where it has room on a phone."""
    middle, thick = where
    ends = sorted([piece.start, piece.end, *(cut for cut in cuts if piece.start < cut < piece.end)])
    first, last = max(pairwise(ends), key=lambda own: scale.place(own[1]) - scale.place(own[0]))
    wide = (scale.place(last) - scale.place(first)) * PHONE
    lines = [line for part in piece.text.splitlines() for line in wrap(part, (wide - 8) * INCH, size=SMALL * POINTS)]
    fits = all(text_width(line, size=SMALL * POINTS) / INCH + 8 <= wide for line in lines)
    if not lines or not fits or len(lines) * (SMALL + 3) > thick + 2:
        return
    centre = math.sqrt(first * last) if scale.log else (first + last) / 2
    place = {"x": _on(scale, centre), "y": middle, "xref": "x", "yref": "y", "showarrow": False}
    look = {"font": {"size": SMALL}, "borderpad": 1, "bgcolor": LETTER if piece.fill.hatch else "rgba(0, 0, 0, 0)"}
    canvas.texts.append({"text": "<br>".join(map(inert, lines)), **place, **look})


def _put_ticks(canvas: Canvas, bar: Bar, scale: Scale) -> None:
    """Put marks below a bar, with their values where those have room on a phone; the pointer is told all of them."""
    right = 0.0
    for place, (value, text) in enumerate(bar.row.ticks):
        words = bar.ticks[place] if place < len(bar.ticks) else inert(text)
        canvas.ticks.append((value, canvas.tall + 4, words))
        half = text_width(text, size=SMALL * POINTS) / INCH / 2
        centre = min(max(scale.place(value) * PHONE, half), PHONE - half)
        if centre - half > right:
            right = centre + half + 5
            at: dict[str, Any] = {"xref": "x", "x": _on(scale, value), "xanchor": "center", "font": {"size": SMALL}}
            nudge = centre - scale.place(value) * PHONE
            canvas.write([inert(text)], **at, xshift=nudge, yshift=-6)


def _trace(pieces: Sequence[Piece], fill: Fill, name: str, **more: Any) -> Any:
    """All pieces of one fill, with its name below; the data that are carried along are their exact ends."""
    look = {"color": fill.colour, "line": {"color": INK, "width": 0.8}, "pattern": pattern(fill.hatch, fill.colour)}
    return graph_objects().Bar(
        orientation="h",
        base=[piece.start for piece in pieces],
        x=[piece.end - piece.start for piece in pieces] or NOTHING,
        y=[piece.middle for piece in pieces] or NOTHING,
        width=[piece.thick for piece in pieces],
        customdata=[[piece.start, piece.end] for piece in pieces],
        hovertext=[piece.told for piece in pieces],
        hoverinfo="text",
        name=name or None,
        showlegend=bool(name),
        **{"marker": look, **more},
    )


def _marks(canvas: Canvas) -> list[Any]:
    """Whiskers, and marks below bars."""
    kinds = graph_objects()
    look: dict[str, Any] = {"hoverinfo": "text", "showlegend": False, "cliponaxis": False}
    traces = []
    if canvas.whiskers:
        traces.append(
            kinds.Scatter(
                x=joined_with_gaps([(low, high) for low, high, _, _ in canvas.whiskers]),
                y=joined_with_gaps([(middle, middle) for _, _, middle, _ in canvas.whiskers]),
                hovertext=[words for *_, words in canvas.whiskers for _ in range(3)],
                mode="lines+markers",
                line={"color": INK, "width": 1.6},
                marker={"symbol": "line-ns-open", "size": 8, "color": INK, "line": {"width": 1.6}},
                **look,
            )
        )
    if canvas.ticks:
        values, heights, words = (list(own) for own in zip(*canvas.ticks, strict=True))
        marker = {"symbol": "line-ns-open", "size": 9, "color": INK, "line": {"width": 2}}
        traces.append(kinds.Scatter(x=values, y=heights, hovertext=words, mode="markers", marker=marker, **look))
    for name, points in canvas.points.items():
        values, heights, words = (list(own) for own in zip(*points, strict=True))
        marker = {"symbol": "diamond", "size": 11, "color": "black", "line": {"color": "white", "width": 2}}
        shown = {**look, "showlegend": True, "name": inert(name), "mode": "markers"}
        traces.append(kinds.Scatter(x=values, y=heights, hovertext=words, marker=marker, **shown))
    return traces


def _on(scale: Scale, value: float) -> float:
    """A value as annotations want it: on an axis of powers, its exponent."""
    return math.log10(value) if scale.log else value


def _axis(scale: Scale) -> dict[str, Any]:
    """The horizontal axis of a scale."""
    axis: dict[str, Any] = {
        "range": [_on(scale, scale.low), _on(scale, scale.high)],
        "type": "log" if scale.log else "linear",
        "visible": bool(scale.label),
        "title": {"text": broken(scale.label), "standoff": 8, "font": {"size": SIZE}},
        "nticks": 6,
        "ticks": "outside",
    }
    return {**axis, "tickformat": ",.3~%"} if scale.shares else axis


def _marked(scale: Scale, rows: Sequence[tuple[float, float]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The marked value: a line across each bar in black and white, and its name above them."""
    if scale.mark is None or not scale.low <= scale.mark <= scale.high:
        return [], []
    line: dict[str, Any] = {"type": "line", "x0": scale.mark, "x1": scale.mark}
    looks = ({"color": "black", "width": 3}, {"color": "white", "width": 1.2, "dash": "dot"})
    left = scale.place(scale.mark) > 0.5
    side = {"xanchor": "right" if left else "left", "xshift": 6 if left else -6}
    text = f"{inert(scale.mark_text)} \u25be" if left else f"\u25be {inert(scale.mark_text)}"
    place = {"x": _on(scale, scale.mark), "y": 2, "yanchor": "top", "showarrow": False}
    lines = [{**line, "y0": top, "y1": bottom, "line": look} for top, bottom in rows for look in looks]
    return lines, [{"text": text, **place, **side}]
