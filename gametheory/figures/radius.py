"""How far can the assumptions move before each solution stops being one?"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, axes, say, style
from gametheory.figures.words import (
    Labels,
    counted,
    labelled,
    number,
    order_name,
    order_phrase,
    profile,
    sentence_case,
    within,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["SPREADS", "radius", "radius_message"]

MOST = 12  # solutions: the least robust ones
SPREADS = "in spreads (standard deviations of their laws, half-widths of intervals)"  # what distances are measured in


def radius(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the radius of every solution, with the deviation that ends it.

    ``frame`` is that of the analysis `radius`; returns the axes. A short bar is an answer that small errors of the
    assumptions, taken together, would overturn.
    """
    drawn = frame.reset_index(drop=True)
    drawn = drawn.loc[sorted(drawn["radius"].sort_values(kind="stable").index[:MOST])]
    rows = [_row(row, labels) for _, row in drawn.iterrows()]
    bars = list(rows)
    if any(row.value for row in rows):
        rows.append(Row("In brackets: the same, where all of them may move by so many spreads at once."))
    hidden = len(frame) - len(drawn)
    if hidden:
        rows.append(Row(f"Not drawn: {counted(hidden, 'other solution')}, no less robust than these, or not followed."))
    message = radius_message(frame, labels)
    largest = max((span.end for row in rows for span in row.spans), default=0.0)
    with style():
        ax = axes(ax, height(rows, message))
        text = f"smallest move of the parameters that ends it, {SPREADS}"
        paint(ax, rows, Scale(0.0, largest * 1.02 or 1.0, text))
        return say(ax, message, _alternative(bars, message), inset=0.15)


def radius_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which solution would give way first."""
    known = frame[frame["radius"].notna()]
    if known.empty:
        return "No solution whose robustness could be followed"
    row = known.iloc[int(known["radius"].to_numpy().argmin())]
    size = float(row["radius"])
    where = f"{profile(str(row['profile']), labels)} {order_phrase(str(row['order']), labels)}"
    if math.isinf(size):
        return "No move of the assumptions within their supports was found to end any of the solutions"
    if row["status"] == "on an edge":
        return f"On an edge: the smallest error of the assumptions could end {where}"
    found = "" if bool(row["exact"]) else ", or less,"
    return f"Least robust: {where}, which a move of {number(size)} spreads{found} would end"


def _row(row: pd.Series[Any], labels: Labels | None) -> Row:
    """One solution."""
    order = sentence_case(order_name(str(row["order"]), labels))
    heading = f"{order}: {profile(str(row['profile']), labels)}"
    size = float(row["radius"])
    if not math.isfinite(size):
        return Row(labelled(str(row["status"]), labels), "", heading, (Span(0.0, 0.0, DARK),), thick=0.6)
    value = f"{number(size)} ({number(float(row['radius_each']))} each)"
    words = "; ".join(_binding(part, labels) for part in str(row["binding"]).split("; "))
    return Row(words, value, heading, (Span(0.0, size, DARK),), thick=0.6)


def _binding(text: str, labels: Labels | None) -> str:
    """What binds, in words: ``nato: surge -> limited_aid, against carry_on``."""
    words = text.replace("->", "\u2192").split(" ")
    marks = [word[len(word.rstrip(":,")) :] for word in words]
    return " ".join(
        "+".join(labelled(part, labels) for part in word.rstrip(":,").split("+")) + mark
        for word, mark in zip(words, marks, strict=True)
    )


def _alternative(rows: list[Row], message: str) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = [f"{row.heading}, {row.value or row.label}" for row in rows]
    return f"One bar for each solution. {message}. {within(parts)}{'.' if parts else ''}"
