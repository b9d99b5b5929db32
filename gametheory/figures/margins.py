"""Which deviation is closest to paying, and by how much does it fall short?"""

from __future__ import annotations

from collections.abc import Sequence
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
    owner,
    percent,
    profile,
    sentence_case,
    within,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["TIE", "deviation", "margins", "margins_message", "nearest"]

SHOWN = 4  # deviations a solution: the nearest ones; the frame has them all
MOST = 8  # solutions: those that the nearest deviations end
TIE = 1e-11  # a margin below this share of the payoffs is a tie


def margins(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw by how much each of the nearest deviations falls short of paying, one group a solution.

    ``frame`` is that of the analysis `margins`; returns the axes. A short bar is an answer that a small change of the
    payoffs would overturn.
    """
    rows = _rows(frame, labels)
    message = margins_message(frame, labels)
    largest = max((span.end for row in rows for span in row.spans), default=0.0)
    mixing = "; mixtures: probability of the action" if "mixing" in set(frame["kind"]) else ""
    with style():
        ax = axes(ax, height(rows, message))
        text = f"loss, as a share of the player's range of payoffs{mixing}"
        paint(ax, rows, Scale(0.0, largest * 1.02 or 1.0, text, shares=True))
        return say(ax, message, _alternative(frame, [row for row in rows if row.spans], labels))


def margins_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say which deviation is nearest to paying, measured in each player's own range of payoffs."""
    if frame.empty:
        return "No solution, hence no deviation to compare it with"
    row = nearest(frame).iloc[0]
    order = order_phrase(row["order"], labels)
    if row["kind"] == "mixing":
        return f"Nearest to breaking: {deviation(row, labels)}, with probability {number(row['margin'])} {order}"
    if row["relative"] < TIE:
        return f"A tie: {deviation(row, labels)} would cost nothing {order}"
    return f"Nearest to paying: {deviation(row, labels)}, which would lose {number(row['margin'])} {order}"


def nearest(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the frame, the smallest relative margin first."""
    return frame.sort_values("relative", kind="stable")


def deviation(row: pd.Series[Any], labels: Labels | None = None) -> str:
    """Write the deviation of one row of the frame: ``Russia's carry on \u2192 hybrid surge against surge``."""
    steps = [profile(step, labels) for step in str(row["deviation"]).split(" -> ")]
    if row["kind"] == "mixing":
        return f"{labelled(row['player'], labels)} {steps[0]}"
    setting = labelled(str(row.get("setting", "")).replace("+", " + "), labels)
    kind = f"({row['kind']})" if row["kind"] == "off-path reply" else ""
    return " ".join([owner(labelled(row["player"], labels)), " \u2192 ".join(steps), *filter(None, (setting, kind))])


def _alternative(frame: pd.DataFrame, rows: Sequence[Row], labels: Labels | None = None) -> str:
    """Describe the figure to somebody who cannot see it."""
    told = [f"{row.heading}{'. ' * bool(row.heading)}{row.label}, {row.value}" for row in rows]
    solutions = len(frame[["order", "solution"]].drop_duplicates())
    return (
        f"Bar chart of the loss from the nearest deviations from {counted(solutions, 'solution')}. "
        f"{margins_message(frame, labels)}. {within(told)}{'.' * bool(told)}"
    )


def _rows(frame: pd.DataFrame, labels: Labels | None) -> list[Row]:
    """The nearest deviations of each solution, the nearest first."""
    rows = []
    groups = list(frame.groupby(["order", "solution"], sort=False))
    firmness = [float(own["relative"].min()) for _, own in groups]
    drawn = sorted(sorted(range(len(groups)), key=lambda place: (firmness[place], place))[:MOST])
    for keys, own in (groups[place] for place in drawn):
        heading = f"{sentence_case(order_name(str(keys[0]), labels))}: {profile(own['profile'].iloc[0], labels)}"
        for place, (_, row) in enumerate(nearest(own).head(SHOWN).iterrows()):
            words = deviation(row, labels)
            value = f"{number(row['margin'])} ({percent(max(row['relative'], 0.0))})"
            bar = (Span(0.0, max(float(row["relative"]), 0.0), DARK),)
            rows.append(Row(words, value, "" if place else heading, bar, thick=0.6))
    hidden = len(groups) - len(drawn)
    if hidden:
        rows.append(Row(f"Not drawn: {counted(hidden, 'other solution')}, no nearer to an end than these."))
    return rows
