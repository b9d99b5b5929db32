"""Which conditions tell the answers of a game apart, and which exactly bound one of them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, style
from gametheory.figures.words import (
    Labels,
    counted,
    labelled,
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

__all__ = ["discovery_region", "discovery_region_message", "discovery_tree", "discovery_tree_message"]

NAMED = 3  # solutions of one answer that are written out


def discovery_tree(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the share of the draws in each leaf (hatched) and of those that answer as most of the leaf do (solid).

    ``frame`` is that of the analysis `discovery_tree`; returns the axes.
    """
    rows = []
    for _, row in frame.iterrows():
        mass, told = float(row["mass"]), float(row["mass"] * row["density"])
        text = f"if {_conditions(str(row['conditions']), labels)}" if row["conditions"] else "in all draws"
        heading = f"{_answer(str(row['answer']), labels)} in {percent(float(row['density']))} of the draws,"
        rows.append(
            Row(text, percent(mass), sentence_case(heading), (Span(0.0, told, DARK), Span(told, mass, PALE)), thick=0.6)
        )
    rows += [
        Row("share of all draws that lie there and answer so", swatch=DARK),
        Row("share that lies there and answers otherwise", swatch=PALE),
    ]
    message = discovery_tree_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        high = float(frame["mass"].max()) if len(frame) else 1.0
        paint(ax, rows, Scale(0.0, min(1.0, 1.05 * high), "share of all draws", shares=True))
        return say(ax, message, f"One bar for each group of draws. {message}. {_told(rows)}")


def discovery_tree_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say how often the conditions tell the answer, on draws that did not shape them."""
    if frame.empty:
        return "No conditions that tell the answers apart"
    where = order_phrase(str(frame["order"].iloc[0]), labels)
    told, commonest = (percent(float(frame.attrs[name])) for name in ("agreement", "commonest"))
    return (
        f"{sentence_case(where)}, the conditions of {counted(len(frame), 'group')} tell the answer of {told} of the "
        f"draws held out; always naming the commonest answer would be right in {commonest}"
    )


def discovery_region(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw how often each deviation pays (hatched) and how often it alone does (solid).

    ``frame`` is that of the analysis `discovery_region`; returns the axes.
    """
    rows = []
    for _, row in frame.sort_values("alone", ascending=False, kind="stable").iterrows():
        alone, breaks = float(row["alone"]), float(row["breaks"])
        text = f"{labelled(str(row['player']), labels)}: {labelled(str(row['deviation']), labels)} pays"
        bars = (Span(0.0, alone, DARK), Span(alone, breaks, PALE))
        rows.append(Row(text, f"{percent(breaks)}, alone {percent(alone)}", "", bars, thick=0.6))
    rows += [
        Row("share of the draws in which this deviation alone pays", swatch=DARK),
        Row("further share in which others pay too", swatch=PALE),
    ]
    message = discovery_region_message(frame, labels)
    with style():
        ax = axes(ax, height(rows, message))
        high = float(frame["breaks"].max()) if len(frame) else 1.0
        paint(ax, rows, Scale(0.0, min(1.0, 1.05 * high) or 1.0, "share of all draws", shares=True))
        return say(ax, message, f"One bar for each deviation. {message}. {_told(rows)}")


def discovery_region_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say how often the profile is an equilibrium, and which deviation most often keeps it from being one."""
    if frame.empty:
        return "No deviation to compare the profile with"
    what = profile(str(frame["event"].iloc[0]), labels)
    share = percent(float(frame.attrs["share"]))
    row = frame.iloc[int(frame["alone"].to_numpy().argmax())]
    start = f"No deviation from {what} pays in {share} of the draws"
    if not row["alone"] > 0.0:
        return start
    who, which = labelled(str(row["player"]), labels), labelled(str(row["deviation"]), labels)
    return f"{start}; most often, {owner(who)} {which} alone keeps it from being an equilibrium"


def _told(rows: list[Row]) -> str:
    """The bars in words, for somebody who cannot see the picture."""
    parts = [" ".join(filter(None, (row.heading, f"{row.label}: {row.value}"))) for row in rows if row.spans]
    return f"{within(parts)}{'.' * bool(parts)}"


def _conditions(text: str, labels: Labels | None) -> str:
    """Conditions joined by "and", with the names of parameters in words."""
    parts = [part.split(" ", 1) for part in text.split(" and ")]
    return " and ".join(f"{labelled(name, labels)} {rest[0]}" if rest else name for name, *rest in parts)


def _answer(text: str, labels: Labels | None) -> str:
    """A set of solutions in words."""
    known = ("failed", "none found", "others not ruled out")
    parts = [part if part in known else profile(part, labels) for part in text.split(" | ")]
    more = [f"{len(parts) - NAMED} more"] if len(parts) > NAMED else []
    return "; or ".join([*parts[:NAMED], *more])
