"""Which small changes of the assumptions would overturn a result, and what would stand in its place?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gametheory.figures.orders import bounded
from gametheory.figures.radius import SPREADS
from gametheory.figures.rows import Row, Scale, Span, height, paint
from gametheory.figures.style import DARK, PALE, axes, say, style
from gametheory.figures.words import Labels, joined, labelled, number, order_name, order_phrase, sentence_case, within

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["least_change", "least_change_message"]

NAMED = 3  # parameters of a change that are named, those that move most
EDGE = 1e-9  # spreads: below it the present values themselves are where the result changes
CLAIM = {"all": "holds in every equilibrium", "some": "holds in some equilibria only", "none": "holds in none"}


def least_change(frame: pd.DataFrame, ax: Axes | None = None, *, labels: Labels | None = None) -> Axes:
    """Draw the smallest changes that overturn each result, the smallest first, with what they lead to.

    ``frame`` is that of the analysis `least_change`; returns the axes.
    """
    rows = []
    for order, own in frame.groupby("order", sort=False):
        for place, (_, change) in enumerate(own.groupby("rank", sort=True)):
            first = change.iloc[0]
            name = sentence_case(order_name(str(order), labels))
            heading = "" if place else f"{name}: {_answer(frame, first['before'], labels)}"
            bar = Span(0.0, float(first["distance"]), DARK if first["kind"] == "one parameter" else PALE)
            words = f"{_moves(change, labels)}: {_answer(frame, first['after'], labels)}"
            size = float(first["distance"])
            rows.append(Row(words, number(size) if size > EDGE else "0: an edge", heading, (bar,), thick=0.6))
    message = least_change_message(frame, labels)
    if rows:
        rows += [Row("one assumption moves", swatch=DARK), Row("several move together", swatch=PALE)]
    largest = max((span.end for row in rows for span in row.spans), default=0.0)
    with style():
        ax = axes(ax, height(rows, message))
        paint(ax, rows, Scale(0.0, largest * 1.02 or 1.0, f"size of the change of the parameters, {SPREADS}"))
        return say(ax, message, _alternative(rows, message), inset=0.15)


def least_change_message(frame: pd.DataFrame, labels: Labels | None = None) -> str:
    """Say what the smallest change is."""
    if frame.empty:
        return "No change of the assumptions within their supports was found to overturn the result"
    first = frame.iloc[int(frame["distance"].to_numpy().argmin())]
    change = frame[(frame["order"] == first["order"]) & (frame["rank"] == first["rank"])]
    size, where = number(float(first["distance"])), order_phrase(str(first["order"]), labels)
    if float(first["distance"]) <= EDGE:
        names = joined([labelled(str(name), labels) for name in change["parameter"]][:NAMED])
        return f"On an edge: the smallest change of {names} could overturn the result {where}"
    if len(change) == 1:
        return (
            f"A change of one assumption by {size} spreads would overturn the result {where}: {_moves(change, labels)}"
        )
    return f"A change of {len(change)} assumptions by {size} spreads together would overturn the result {where}"


def _moves(change: pd.DataFrame, labels: Labels | None) -> str:
    """Which assumptions move, and to what; those that move most."""
    ordered = change.reindex(change["step"].abs().sort_values(ascending=False, kind="stable").index)
    parts = [
        f"{labelled(str(row['parameter']), labels)} {number(float(row['value']))} \u2192 "
        f"{number(float(row['changed_value']))}"
        for _, row in ordered.head(NAMED).iterrows()
    ]
    more = len(ordered) - NAMED
    return joined([*parts, f"{more} more"] if more > 0 else parts)


def _answer(frame: pd.DataFrame, answer: tuple[str, ...], labels: Labels | None) -> str:
    """A set of solutions, or how far a claim holds, in words."""
    if frame.attrs.get("claim"):
        return f"the claim {CLAIM[answer[0]]}"
    return bounded(" | ".join(answer), labels) if len(answer) else "no equilibrium found"


def _alternative(rows: list[Row], message: str) -> str:
    """Describe the figure to somebody who cannot see it."""
    parts = [f"{row.heading}. {row.label}, {row.value}" if row.heading else f"{row.label}, {row.value}"
             for row in rows if row.spans]  # fmt: skip
    return f"One bar for each change. {message}. {within(parts)}{'.' if parts else ''}"
