"""At which values of one parameter does the set of solutions change, with each change at the pointer?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gametheory.figures.live.bars import Bar, bars, plain_rows
from gametheory.figures.live.sheet import precise, told, with_unit
from gametheory.figures.regions import binding_words
from gametheory.figures.rows import Row, Scale
from gametheory.figures.tipping import (
    Interval,
    intervals,
    parameter_of,
    solutions,
    tip_alternative,
    tip_message,
    tip_rows,
)
from gametheory.figures.words import Labels, labelled, number, order_name, sentence_case

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

__all__ = ["change_words", "tip"]

Profiles = tuple[str, ...]


def tip(
    frame: pd.DataFrame,
    *,
    low: float | None = None,
    high: float | None = None,
    value: float | None = None,
    present: Mapping[str, Profiles | None] | None = None,
    log: bool = False,
    labels: Labels | None = None,
    units: Labels | None = None,
) -> Figure:
    """Draw live one strip an order, cut at the tipping points and lettered by the set of solutions in between.

    The arguments are those of the static figure; ``units`` are those of the parameters. The pointer is told each value
    with the deviation that binds there, and what holds between two of them. Returns a figure of plotly; raises
    InputError where plotly is not installed.
    """
    found = intervals(frame, low=low, high=high, present=present)
    name = parameter_of(frame)
    ends = min(one.low for one in found), max(one.high for one in found)
    text = "" if value is None else f"base case, {number(value)}"
    unit = (units or {}).get(name, "")
    axis = f"{labelled(name, labels)}{f' ({unit})' if unit else ''}"
    scale = Scale(*ends, axis, log and ends[0] > 0, mark=value, mark_text=text)
    orders = list(dict.fromkeys(one.order for one in found))
    rows = tip_rows(frame, found, labels)
    strips = [
        _strip(row, frame[frame["order"] == order], [one for one in found if one.order == order], (labels, units))
        for order, row in zip(orders, rows[: len(orders)], strict=True)
    ]
    bars_of = [*strips, *plain_rows(rows[len(orders) :])]
    return bars(bars_of, scale, tip_message(frame, labels), tip_alternative(frame, labels))


def change_words(rows: pd.DataFrame, labels: Labels | None, units: Labels | None) -> str:
    """One tipping point at the pointer: where, what binds, and which solutions change; its rows share a value."""
    first, last = rows.iloc[0], rows.iloc[-1]
    binding = "; ".join(dict.fromkeys(binding_words(str(text), labels) for text in rows["binding"]))
    known = "exact" if bool(first.get("exact", False)) else "found numerically"
    return told(
        with_unit(parameter_of(rows), float(first["value"]), labels, units),
        sentence_case(order_name(str(first["order"]), labels)),
        f"from: {solutions(first['before'], labels)}",
        f"to: {solutions(last['after'], labels)}",
        f"binding: {binding}",
        known,
    )


def _strip(row: Row, own: pd.DataFrame, found: Sequence[Interval], words: tuple[Labels | None, Labels | None]) -> Bar:
    """One strip, with what holds on each of its stretches and what binds at each of its cuts."""
    labels, _ = words
    stretches = tuple(
        told(
            "not known" if one.solutions is None else solutions(one.solutions, labels),
            row.label,
            f"from {precise(one.low)} to {precise(one.high)}",
        )
        for one in found
    )
    cuts = tuple(change_words(rows, *words) for _, rows in own.groupby("value", sort=True))
    return Bar(row, stretches, cuts)
